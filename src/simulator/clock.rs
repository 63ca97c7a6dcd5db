//! The simulator's own time and ids: it stands apart from the floors and their clock.

use chrono::{DateTime, Utc};
use uuid::Uuid;

#[expect(clippy::disallowed_methods, reason = "the simulator's one place that reads the clock")]
pub(super) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// A new reference as the provider writes them: 32 hexadecimal digits in capitals.
#[expect(clippy::disallowed_methods, reason = "the simulator's one place that makes ids")]
pub(super) fn new_reference() -> String {
    let mut buffer = Uuid::encode_buffer();
    Uuid::new_v4().simple().encode_upper(&mut buffer).to_owned()
}
