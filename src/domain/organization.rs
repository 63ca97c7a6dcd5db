//! What an admin sets up: the organization, its people, its queues and workstreams.

use chrono::{DateTime, Utc};

use super::{
    conversation::access::Role,
    ids::{AgentId, OrganizationId, QueueId, WorkstreamId},
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

/// A company whose customers text it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
    pub time_zone: String,
    pub default_language: String,
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
    pub stamp: Stamp,
}
