//! So many requests a second: a bucket that starts full and fills evenly.

use std::time::Instant;

/// What a request may come early, in seconds: the network shifts even well-paced requests.
const JITTER_S: f64 = 0.1;

#[derive(Debug, Default)]
pub(in crate::simulator) struct Limiter {
    /// What was left, and when.
    left: Option<(f64, Instant)>,
}

impl Limiter {
    /// Whether one more request is allowed now; a refused one takes nothing.
    pub(in crate::simulator) fn allows(&mut self, per_second: u32, now: Instant) -> bool {
        let rate = f64::from(per_second);
        let left = self.left.map_or(rate, |(left, at)| {
            (left + now.saturating_duration_since(at).as_secs_f64() * rate).min(rate)
        });
        let is_allowed = left + JITTER_S * rate.min(1.0) >= 1.0;
        let left = if is_allowed { left - 1.0 } else { left };
        self.left = Some((left, now));
        is_allowed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_second_has_as_many_requests_as_the_rate() {
        let begin = Instant::now();
        for rate in [1, 50] {
            let mut limiter = Limiter::default();
            let allowed = |limiter: &mut Limiter, ms| {
                let now = begin + Duration::from_millis(ms);
                (0..100).filter(|_| limiter.allows(rate, now)).count()
            };
            assert_eq!(allowed(&mut limiter, 0), rate as usize);
            assert_eq!(allowed(&mut limiter, 1), 0);
            assert_eq!(allowed(&mut limiter, 1_000), rate as usize);
        }
    }

    #[test]
    fn one_a_second_may_come_a_little_early_but_not_more_often() {
        let begin = Instant::now();
        let mut limiter = Limiter::default();
        let times =
            (0..100).filter(|step| limiter.allows(1, begin + Duration::from_millis(step * 100)));
        assert!((10..=11).contains(&times.count()));
    }
}
