//! What an admin sets up: the organization, its people, its queues and workstreams.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use super::{
    conversation::access::Role,
    ids::{AgentId, OrganizationId, QueueId, WorkstreamId},
    message::UnconfirmedPolicy,
};

/// When a row was made and changed, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Stamp {
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { version: 1, created_at: now, updated_at: now }
    }
}

/// How long raw callbacks are kept where nobody has said so, and may be kept, in days.
pub const CALLBACK_RETENTION_DAYS: i32 = 30;
pub const CALLBACK_RETENTION_DAYS_MAX: i32 = 3_650;

/// A company whose customers text it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
    pub time_zone: String,
    pub default_language: String,
    /// How long the raw text of a callback is kept.
    pub callback_retention_days: i32,
    pub stamp: Stamp,
}

/// Someone that works conversations or administers the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub id: AgentId,
    /// None for a service agent.
    pub email: Option<String>,
    pub display_name: String,
    pub role: Role,
    pub active: bool,
    pub stamp: Stamp,
}

/// Where conversations wait for an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    pub id: QueueId,
    pub name: String,
    pub description: Option<String>,
    pub active: bool,
    pub stamp: Stamp,
}

/// A stream of work with its own numbers and language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workstream {
    pub id: WorkstreamId,
    pub name: String,
    pub description: Option<String>,
    pub active: bool,
    pub language: String,
    pub fallback_queue: QueueId,
    pub auto_resolve: AutoResolve,
    /// What happens to a text whose fate is not known.
    pub unconfirmed_policy: UnconfirmedPolicy,
    pub stamp: Stamp,
}

const MINUTE_SECONDS: i32 = 60;
const DAY_SECONDS: i32 = 24 * 60 * MINUTE_SECONDS;
const YEAR_SECONDS: i32 = 365 * DAY_SECONDS;

/// How long a conversation may stand still in a state before it resolves by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AutoResolve {
    pub open_seconds: i32,
    pub active_seconds: i32,
    pub waiting_seconds: i32,
    pub wrap_up_seconds: i32,
}

impl AutoResolve {
    pub const OPEN_SECONDS: RangeInclusive<i32> = MINUTE_SECONDS..=YEAR_SECONDS;
    pub const ACTIVE_SECONDS: RangeInclusive<i32> = MINUTE_SECONDS..=YEAR_SECONDS;
    pub const WAITING_SECONDS: RangeInclusive<i32> = 5 * MINUTE_SECONDS..=YEAR_SECONDS;
    pub const WRAP_UP_SECONDS: RangeInclusive<i32> = MINUTE_SECONDS..=30 * DAY_SECONDS;
}

impl Default for AutoResolve {
    fn default() -> Self {
        Self {
            open_seconds: 30 * DAY_SECONDS,
            active_seconds: 30 * DAY_SECONDS,
            waiting_seconds: DAY_SECONDS,
            wrap_up_seconds: DAY_SECONDS,
        }
    }
}
