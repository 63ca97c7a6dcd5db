//! What a person should look at: raised once, renewed while it goes on, cleared when it is over.

use chrono::{DateTime, Utc};

use super::{
    ids::{AgentId, AlertId, OrganizationId},
    word_enum,
};

/// Longest text of an alert; what is longer is cut.
pub const ALERT_TEXT_CHARACTERS_MAX: usize = 500;

word_enum! {
    /// What kind of trouble an alert is about.
    pub enum AlertKind {
        /// The provider takes nothing from an account; its texts wait.
        AccountStopped = "ACCOUNT_STOPPED",
        /// A customer's text came to a number that takes none; it is kept for a replay.
        CallbackUnrouted = "CALLBACK_UNROUTED",
        /// A callback could not be carried out by a fault of this program; it is kept for a replay.
        CallbackParked = "CALLBACK_PARKED",
        /// Callbacks are wrongly signed: somebody forges them, or a key is wrong.
        CallbacksRefused = "CALLBACKS_REFUSED",
    }
}

/// Trouble that was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub organization: OrganizationId,
    pub kind: AlertKind,
    /// What it is about: the same kind and key is the same trouble, whoever notices it.
    pub dedup_key: String,
    /// What happened and what to do, for whoever looks; no numbers, no texts, no secrets.
    pub text: String,
    /// The id of what it is about, as the API shows it.
    pub subject_id: Option<String>,
}

/// An alert as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub id: AlertId,
    pub kind: AlertKind,
    pub text: String,
    pub subject_id: Option<String>,
    pub raised_at: DateTime<Utc>,
    /// When it was last noticed.
    pub renewed_at: DateTime<Utc>,
    /// How often it was noticed; renewals close together are one.
    pub count: i32,
    /// Who has seen it, and when.
    pub acknowledged: Option<(AgentId, DateTime<Utc>)>,
    /// When it was over.
    pub cleared_at: Option<DateTime<Utc>>,
}
