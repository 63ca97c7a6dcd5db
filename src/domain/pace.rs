//! How fast an account's texts go: evenly, within its rate, and slower for a while after the
//! provider said that it was too fast.
//!
//! **Invariant:** over any time the texts that were let through stay within the rate plus one burst.
//! The rate is halved at most once a second, since the answers to everything that was on the wire
//! say the same thing, and then grows back evenly.

use chrono::{DateTime, TimeDelta, Utc};

/// An account may send this part of its rate at once; the rest follows evenly.
const BURST_PART: f64 = 10.0;
/// However often the provider says so, the rate does not fall below this.
pub const RATE_PER_SECOND_MIN: f64 = 0.1;
/// What is on the wire together is answered together: one cut is for all of it.
const CUT_PAUSE: TimeDelta = TimeDelta::seconds(1);
/// How long a rate takes from nothing back to all of it.
const RECOVERY: TimeDelta = TimeDelta::seconds(120);

/// A rate that was cut, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    pub per_second: f64,
    pub at: DateTime<Utc>,
}

impl Cut {
    /// The rate at a moment, for an account that may send so much at most.
    pub fn rate_at(&self, per_second_max: f64, now: DateTime<Utc>) -> f64 {
        let elapsed = seconds(now - self.at).max(0.0);
        let grown = per_second_max * elapsed / seconds(RECOVERY);
        (self.per_second + grown).min(per_second_max)
    }
}

/// Lets texts through at a rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    per_second_max: f64,
    cut: Option<Cut>,
    /// When the texts so far would have gone if each had waited for its turn.
    used_until: DateTime<Utc>,
}

impl Pace {
    pub fn new(per_second_max: f64, now: DateTime<Utc>) -> Self {
        let per_second_max = per_second_max.max(RATE_PER_SECOND_MIN);
        Self { per_second_max, cut: None, used_until: now }
    }

    /// Takes another full rate; what was used stays used.
    pub fn set_max(&mut self, per_second_max: f64) {
        self.per_second_max = per_second_max.max(RATE_PER_SECOND_MIN);
    }

    pub fn rate_at(&self, now: DateTime<Utc>) -> f64 {
        let max = self.per_second_max;
        self.cut.map_or(max, |cut| cut.rate_at(max, now)).max(RATE_PER_SECOND_MIN)
    }

    /// Whether one may go now.
    pub fn has_room(&self, now: DateTime<Utc>) -> bool {
        self.clone().take(now).is_ok()
    }

    /// Lets one through, or says how long it has to wait.
    pub fn take(&mut self, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        let rate = self.rate_at(now);
        let interval = delta(1.0 / rate);
        let burst = (rate / BURST_PART).floor().max(1.0);
        let tolerance = delta((burst - 1.0) / rate);
        let turn = self.used_until.max(now);
        if turn - now > tolerance {
            return Err(turn - now - tolerance);
        }
        self.used_until = turn + interval;
        Ok(())
    }

    /// The provider said that it was too fast; `None`: it said so just now.
    pub fn cut(&mut self, now: DateTime<Utc>) -> Option<Cut> {
        if self.cut.is_some_and(|cut| now - cut.at < CUT_PAUSE) {
            return None;
        }
        let per_second = (self.rate_at(now) / 2.0).max(RATE_PER_SECOND_MIN);
        let cut = Cut { per_second, at: now };
        self.cut = Some(cut);
        // The second that was too full has to pass.
        self.used_until = self.used_until.max(now + CUT_PAUSE);
        Some(cut)
    }
}

fn seconds(delta: TimeDelta) -> f64 {
    delta.as_seconds_f64()
}

fn delta(seconds: f64) -> TimeDelta {
    // Rates have a bound below, so that no wait comes near the end of the type.
    std::time::Duration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|duration| TimeDelta::from_std(duration).ok())
        .unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn start() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    /// How many go within a time, for somebody who asks each millisecond.
    fn gone(pace: &mut Pace, from: DateTime<Utc>, milliseconds: i64) -> usize {
        (0..milliseconds)
            .filter(|at| pace.take(from + TimeDelta::milliseconds(*at)).is_ok())
            .count()
    }

    #[test]
    fn a_rate_is_kept_and_used() {
        for (rate, most) in [(1.0, 11), (4.0, 41), (50.0, 505), (1_000.0, 10_100)] {
            let mut pace = Pace::new(rate, start());
            let count = gone(&mut pace, start(), 10_000);
            assert!(count <= most && count >= most * 9 / 10, "{rate}: {count}");
        }
    }

    #[test]
    fn too_fast_halves_the_rate_once_a_second_and_it_grows_back() {
        let mut pace = Pace::new(50.0, start());
        assert_eq!(pace.cut(start()).map(|cut| cut.per_second), Some(25.0));
        assert_eq!(pace.cut(start() + TimeDelta::milliseconds(999)), None);
        let later = start() + TimeDelta::seconds(12);
        assert!((pace.rate_at(later) - 30.0).abs() < 1e-9, "{}", pace.rate_at(later));
        assert_eq!(pace.cut(later).map(|cut| cut.per_second), Some(15.0));
        let end = later + RECOVERY;
        assert!((pace.rate_at(end) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_goes_in_the_second_after_a_cut() {
        let mut pace = Pace::new(50.0, start());
        pace.cut(start());
        assert_eq!(gone(&mut pace, start(), 900), 0);
        assert!(gone(&mut pace, start() + TimeDelta::seconds(1), 1_000) >= 20);
    }

    #[test]
    fn a_rate_never_falls_to_nothing() {
        let mut pace = Pace::new(1.0, start());
        for second in 0..1_000 {
            pace.cut(start() + TimeDelta::seconds(second));
        }
        assert!(pace.rate_at(start() + TimeDelta::seconds(1_000)) >= RATE_PER_SECOND_MIN);
    }

    #[test]
    fn a_burst_is_a_tenth_of_the_rate() {
        let mut pace = Pace::new(100.0, start());
        assert!((0..10).all(|_| pace.has_room(start()) && pace.take(start()).is_ok()));
        assert!(!pace.has_room(start()));
        assert_eq!(pace.take(start()), Err(TimeDelta::milliseconds(10)));
    }

    proptest! {
        #[test]
        fn over_any_time_no_more_than_the_rate_and_a_burst_goes(
            rate in 0.1_f64..200.0,
            steps in proptest::collection::vec(0_i64..500, 1..200),
        ) {
            let mut pace = Pace::new(rate, start());
            let (mut now, mut count) = (start(), 0.0);
            for step in steps {
                now += TimeDelta::milliseconds(step);
                while pace.take(now).is_ok() {
                    count += 1.0;
                }
            }
            let most = rate * seconds(now - start()) + (rate / BURST_PART).max(1.0) + 1.0;
            prop_assert!(count <= most, "{count} of {most}");
        }
    }
}
