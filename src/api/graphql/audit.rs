//! The audit log, for admins: who did what, where from, and what it changed.

use async_graphql::{
    Context, Enum, Error, ID, InputObject, Object, SimpleObject, connection::Connection,
};
use uuid::Uuid;

use super::{
    actor::ActorObject,
    callback::DateTimeRange,
    connection::{PageArguments, connect_rows},
    context::{connect, principal},
    cursor::encode_line,
    error::{bad_input, fault},
    scalar::DateTime,
};
use crate::{
    domain::{
        audit::{AuditChange, AuditOutcome as Outcome},
        ids::{AgentId, ApiTokenId},
    },
    store::audit::{self, AuditEntry, Filter},
};

/// Actions in one filter.
const ACTIONS_MAX: usize = 100;
/// Longest text that a filter compares with, in characters.
const FILTER_CHARACTERS_MAX: usize = 200;

/// Whether something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Outcome")]
pub enum AuditOutcome {
    /// It was done.
    #[graphql(name = "DONE")]
    Done,
    /// It was tried, and refused.
    #[graphql(name = "REFUSED")]
    Refused,
}

/// A field before and after. Secrets appear as `[redacted]`.
#[derive(SimpleObject)]
#[graphql(name = "AuditChange")]
pub struct AuditChangeObject {
    /// Which field, as the API spells it.
    field: String,
    /// What it was; null for something new.
    before: Option<String>,
    /// What it is now.
    after: Option<String>,
}

impl From<&AuditChange> for AuditChangeObject {
    fn from(change: &AuditChange) -> Self {
        let AuditChange { field, before, after } = change.clone();
        Self { field, before, after }
    }
}

/// An entry as it was noted; only admins are shown one.
pub struct AuditEntryObject(AuditEntry);

impl From<AuditEntry> for AuditEntryObject {
    fn from(entry: AuditEntry) -> Self {
        Self(entry)
    }
}

/// One line of the append-only audit log.
#[Object(name = "AuditEntry")]
impl AuditEntryObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Who did it; `SYSTEM` for the command line, and for whoever failed to sign in.
    async fn actor(&self) -> ActorObject {
        self.0.actor.into()
    }

    /// The mutation, e.g. `queueCreate`; more may come.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// Whether it was done.
    async fn outcome(&self) -> AuditOutcome {
        self.0.outcome.into()
    }

    /// What it was done to.
    async fn subject_id(&self) -> ID {
        ID(self.0.subject_id.clone())
    }

    /// What was before and after.
    async fn changes(&self) -> Vec<AuditChangeObject> {
        self.0.changes.iter().map(AuditChangeObject::from).collect()
    }

    /// Address that it was asked from: of the client, or of the proxy in front.
    async fn ip(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Id of the request that asked for it; null where nobody outside did.
    async fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }
}

/// What the audit log is narrowed to; all members must match.
#[derive(InputObject, Default)]
pub struct AuditFilter {
    /// By this agent or API token.
    actor_id: Option<ID>,
    /// To this object.
    subject_id: Option<ID>,
    /// Any of these, at most 100.
    actions: Option<Vec<String>>,
    /// In this time.
    at: Option<DateTimeRange>,
}

impl AuditFilter {
    /// An id of another kind matches nothing.
    fn read(self) -> Result<Filter, Error> {
        let actions = self.actions.as_deref().unwrap_or_default();
        if actions.len() > ACTIONS_MAX {
            return Err(bad_input(format!("`actions` has at most {ACTIONS_MAX} members")));
        }
        let subject = self.subject_id.as_ref().map(|id| id.as_str());
        let is_impossible =
            |text: &str| text.contains('\0') || text.chars().count() > FILTER_CHARACTERS_MAX;
        if subject.into_iter().chain(actions.iter().map(String::as_str)).any(is_impossible) {
            let limits = format!("at most {FILTER_CHARACTERS_MAX} characters and no U+0000");
            return Err(bad_input(format!("`subjectId` and `actions` have {limits}")));
        }
        let actor = self.actor_id.map(|id| {
            let agent = id.parse::<AgentId>().map(|id| id.0);
            let token = id.parse::<ApiTokenId>().map(|id| id.0);
            agent.or(token).unwrap_or(Uuid::nil())
        });
        let (from, to) = self.at.unwrap_or_default().bounds();
        Ok(Filter {
            actor,
            subject_id: self.subject_id.map(|id| id.0),
            actions: self.actions,
            from,
            to,
        })
    }
}

/// Reads the audit log.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// The audit log, oldest first; the newest entries with `last`.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn audit_entries(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "What to leave out.")] filter: Option<AuditFilter>,
    ) -> Result<Option<Connection<String, AuditEntryObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_line()?;
        let filter = filter.unwrap_or_default().read()?;
        let organization = principal(context)?.organization;
        let mut connection = connect(context).await?;
        let read = audit::list(&mut connection, organization, &filter, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        Ok(Some(connect_rows(slice, |row| encode_line(row.sequence), AuditEntryObject)))
    }
}
