//! The one source of the time and of new ids.
//!
//! Everything that is stored or compared carries database time: the store sets the offset between
//! this machine's clock and the database's, and tests may skew it. Reading the machine's clock
//! anywhere else is refused by clippy.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// Tells the time and makes ids; clones share one offset.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset_us: Arc<AtomicI64>,
}

impl Clock {
    /// Now, to the microsecond (what PostgreSQL keeps).
    pub fn now(&self) -> DateTime<Utc> {
        (Self::machine_now() + self.offset()).trunc_subsecs(6)
    }

    /// What this machine's own clock says, right or wrong.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn machine_now() -> DateTime<Utc> {
        Utc::now()
    }

    /// How far the truth is ahead of this machine's clock.
    pub fn offset(&self) -> TimeDelta {
        TimeDelta::microseconds(self.offset_us.load(Ordering::Relaxed))
    }

    /// Sets how far the truth is ahead of this machine's clock.
    pub fn set_offset(&self, offset: TimeDelta) {
        self.offset_us.store(offset.num_microseconds().unwrap_or(0), Ordering::Relaxed);
    }

    /// A new id that sorts by the time it was made.
    pub fn new_uuid(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_moves_the_clock_of_every_clone() {
        let clock = Clock::default();
        let before = clock.now();
        clock.clone().set_offset(TimeDelta::days(3));
        let moved = clock.now() - before;
        assert!(moved >= TimeDelta::days(3) && moved < TimeDelta::days(4), "{moved}");
    }

    #[test]
    fn ids_made_later_sort_later() {
        let clock = Clock::default();
        let earlier = clock.new_uuid();
        clock.set_offset(TimeDelta::seconds(1));
        assert!(earlier < clock.new_uuid());
    }
}
