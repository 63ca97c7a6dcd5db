//! The journal of callbacks: what the provider said, what came of it, and once more.
//!
//! Only admins see it: it holds what customers wrote and where from, as it arrived.

use std::fmt::Display;

use async_graphql::{
    Context, Enum, Error, ID, InputObject, Object, SimpleObject, connection::Connection,
};
use chrono::Utc;
use futures_util::future::try_join_all;
use uuid::Uuid;

use super::{
    administration::{admin_stop, by, no_such, read_id, read_ids},
    channel::ChannelAccountObject,
    connection::{PageArguments, connect_rows},
    context::{principal, services},
    conversation::{
        ConversationObject,
        change::{Stop, answer, engine_stop},
        reading::Reading,
    },
    cursor::encode_id,
    error::{UserError, UserErrorCode, bad_input, fault},
    loader::load,
    scalar::{DateTime, SmsAddress},
    viewer::viewer,
};
use crate::{
    domain::{
        audit::AuditChanges,
        ids::{ChannelAccountId, ReceiptId},
    },
    engine::ReplayRange,
    store::receipt::{self, CallbackOutcome as Outcome, Filter, Receipt},
};

/// Longest reference that a callback is looked for by, in characters.
const REFERENCE_CHARACTERS_MAX: usize = 300;

/// Kinds in one filter; there are fewer.
const KINDS_MAX: usize = 20;

/// What came of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Outcome")]
pub enum CallbackOutcome {
    /// It has had its effect.
    #[graphql(name = "APPLIED")]
    Applied,
    /// A text to a number that is unknown, switched off or feeds no workstream.
    #[graphql(name = "UNROUTED")]
    Unrouted,
    /// A delivery report whose text is not known (yet).
    #[graphql(name = "UNMATCHED")]
    Unmatched,
    /// It could not be read.
    #[graphql(name = "UNPARSED")]
    Unparsed,
    /// Of a kind that is kept and not acted on.
    #[graphql(name = "IGNORED")]
    Ignored,
    /// Carrying it out failed three times by a fault of this program; `detail` says how.
    #[graphql(name = "PARKED")]
    Parked,
}

/// A callback as it was kept; only admins are shown one.
pub struct CallbackObject {
    pub receipt: Receipt,
    /// Position of the feed before the callback was read.
    pub as_of: i64,
}

/// A raw callback as it arrived.
#[Object(name = "CallbackRecord")]
impl CallbackObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.receipt.id.to_string())
    }

    /// The account that it came in for.
    async fn channel_account(&self, context: &Context<'_>) -> Result<ChannelAccountObject, Error> {
        let found = load(context, self.receipt.account).await?;
        found
            .map(ChannelAccountObject::from)
            .ok_or_else(|| Error::new("a callback's account is not there"))
    }

    /// When it arrived.
    async fn received_at(&self) -> DateTime {
        self.receipt.received_at.into()
    }

    /// `INBOUND_TEXT`, `DELIVERY_REPORT` or `UNKNOWN`; more may come.
    async fn kind(&self) -> &str {
        &self.receipt.kind
    }

    /// Reference id at the provider.
    async fn reference(&self) -> Option<&str> {
        self.receipt.reference.as_deref()
    }

    /// What came of it.
    async fn outcome(&self) -> CallbackOutcome {
        self.receipt.outcome.into()
    }

    /// Why it had no effect.
    async fn detail(&self) -> Option<&str> {
        self.receipt.detail.as_deref()
    }

    /// What the provider sent; bytes that are no UTF-8 are replaced. Null when it is older than the
    /// organization's `callbackRetentionDays`.
    async fn body(&self) -> Option<String> {
        let is_kept = self.receipt.forgotten_at.is_none();
        is_kept.then(|| String::from_utf8_lossy(&self.receipt.body).into_owned())
    }

    /// The conversation that it had its effect on.
    async fn conversation(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<ConversationObject>, Error> {
        let Some(id) = self.receipt.conversation else { return Ok(None) };
        let viewer = viewer(context)?;
        let found = load(context, id).await?.filter(|found| viewer.may_see(found));
        let as_of = self.as_of;
        Ok(found.map(|found| ConversationObject { conversation: found.into(), as_of }))
    }

    /// When it had its effect, if not when it arrived.
    async fn replayed_at(&self) -> Option<DateTime> {
        self.receipt.replayed_at.map(DateTime::from)
    }
}

/// What a list of callbacks is narrowed to; all members must match.
#[derive(InputObject, Default)]
pub struct CallbackFilter {
    /// Of this account.
    channel_account_id: Option<ID>,
    /// Any of these.
    outcome: Option<Vec<CallbackOutcome>>,
    /// Of any of these kinds.
    kind: Option<Vec<String>>,
    /// With exactly this reference id at the provider.
    reference: Option<String>,
    /// Texts of this customer, and reports on what was sent to him; the newest 1,000.
    customer: Option<SmsAddress>,
    /// That arrived in this time.
    received_at: Option<DateTimeRange>,
}

/// A time with a beginning, an end, both or neither.
#[derive(InputObject, Default)]
pub struct DateTimeRange {
    /// From this moment on.
    from: Option<DateTime>,
    /// Before this moment.
    to: Option<DateTime>,
}

impl DateTimeRange {
    /// From when, and before when.
    pub fn bounds(self) -> (Option<chrono::DateTime<Utc>>, Option<chrono::DateTime<Utc>>) {
        (self.from.map(|from| from.0), self.to.map(|to| to.0))
    }
}

impl CallbackFilter {
    /// An id of another kind matches nothing.
    fn read(self) -> Result<Filter, Error> {
        let is_impossible =
            |text: &String| text.contains('\0') || text.chars().count() > REFERENCE_CHARACTERS_MAX;
        if self.reference.as_ref().is_some_and(is_impossible) {
            let limits = format!("at most {REFERENCE_CHARACTERS_MAX} characters and no U+0000");
            return Err(bad_input(format!("`reference` has {limits}")));
        }
        let account = self
            .channel_account_id
            .map(|id| id.parse().unwrap_or_else(|_| ChannelAccountId(Uuid::nil())));
        let outcomes = self.outcome.map(|all| all.into_iter().map(Outcome::from).collect());
        let kinds = self.kind.as_deref().unwrap_or_default();
        if kinds.len() > KINDS_MAX || kinds.iter().any(|kind| kind.contains('\0')) {
            let limits = format!("at most {KINDS_MAX} kinds, without U+0000");
            return Err(bad_input(format!("`kind` has {limits}")));
        }
        let (from, to) = self.received_at.unwrap_or_default().bounds();
        Ok(Filter {
            outcomes,
            account,
            kinds: self.kind,
            reference: self.reference,
            customer: self.customer.map(|customer| customer.0),
            from,
            to,
        })
    }
}

/// Reads callbacks.
#[derive(Default)]
pub struct CallbackQuery;

#[Object]
impl CallbackQuery {
    /// Rightly signed callbacks in the order in which they arrived; the newest with `last`.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn callbacks(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "What to leave out.")] filter: Option<CallbackFilter>,
    ) -> Result<Option<Connection<String, CallbackObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let filter = filter.unwrap_or_default().read()?;
        let organization = principal(context)?.organization;
        let mut reading = Reading::begin(context).await?;
        let read = receipt::list(&mut reading.connection, organization, &filter, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        let as_of = reading.as_of;
        let object = |receipt| CallbackObject { receipt, as_of };
        Ok(Some(connect_rows(slice, |row| encode_id(row.id.0), object)))
    }
}

/// Callbacks to try again.
#[derive(InputObject)]
pub struct CallbackReplayInput {
    /// Which ones, 1 to 100. They are tried in the order in which they arrived.
    ids: Option<Vec<ID>>,
    /// Instead of `ids`: all of these that have had no effect, 500 in one call.
    filter: Option<CallbackFilter>,
    /// With `filter`: go on after this one, the `last` of the call before.
    after: Option<ID>,
    /// With `filter`: only count what would have an effect.
    #[graphql(default)]
    dry_run: bool,
}

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct CallbackReplayPayload {
    /// How many have their effect now, or would on a dry run; one that had it before counts, and has
    /// it once.
    replayed: Option<i32>,
    /// How many still have none; `callbacks` tells why.
    refused: Option<i32>,
    /// The last that was tried with `filter`.
    last: Option<ID>,
    /// With `filter`: there are more; call again with `after`.
    has_more: Option<bool>,
    /// Why none was tried, or not all.
    user_errors: Vec<UserError>,
}

impl From<UserError> for CallbackReplayPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Tries callbacks again.
#[derive(Default)]
pub struct CallbackMutation;

#[Object]
impl CallbackMutation {
    /// Try callbacks again that had no effect; doing so twice has no second effect.
    async fn callback_replay(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which callbacks.")] input: CallbackReplayInput,
    ) -> Result<Option<CallbackReplayPayload>, Error> {
        answer(Box::pin(replay(context, input)).await)
    }
}

async fn replay(
    context: &Context<'_>,
    input: CallbackReplayInput,
) -> Result<CallbackReplayPayload, Stop> {
    let given = match (input.ids, input.filter) {
        (Some(ids), None) => ids,
        (None, Some(filter)) => {
            return replay_range(context, filter, input.after, input.dry_run).await;
        }
        (None, None) | (Some(_), Some(_)) => {
            let message = "name the callbacks to try again, or give a filter; not both";
            return Err(UserError::at("ids", UserErrorCode::Required, message).into());
        }
    };
    let mut ids: Vec<ReceiptId> = read_ids("ids", "callback", Some(given))?;
    if ids.is_empty() {
        let message = "name the callbacks to try again";
        return Err(UserError::at("ids", UserErrorCode::Required, message).into());
    }
    // Later ids arrived later: texts of one customer keep their order.
    ids.sort_unstable();
    ids.dedup();
    // All or none: an id that names nothing is a mistake of the caller's.
    let kept = try_join_all(ids.iter().map(|id| load(context, *id))).await?;
    if kept.iter().any(Option::is_none) {
        return Err(no_such("ids", "callback"));
    }
    let (mut replayed, mut refused) = (0, 0);
    let (engine, organization) = (&services(context)?.engine, principal(context)?.organization);
    note(context, &ids, AuditChanges::default()).await?;
    for id in ids {
        match engine.replay(organization, id).await {
            Ok(Some(received)) if received.outcome == Outcome::Applied => replayed += 1,
            Ok(_) => refused += 1,
            Err(error) if error.is_retryable() => return Err(engine_stop(error)),
            Err(error) => {
                tracing::error!(error = ?error, callback.id = %id, "a replay failed");
                refused += 1;
            }
        }
    }
    engine.settle_unrouted(organization).await;
    Ok(CallbackReplayPayload {
        replayed: Some(replayed),
        refused: Some(refused),
        ..CallbackReplayPayload::default()
    })
}

async fn replay_range(
    context: &Context<'_>,
    filter: CallbackFilter,
    after: Option<ID>,
    is_dry_run: bool,
) -> Result<CallbackReplayPayload, Stop> {
    let filter = filter.read()?;
    let after = after.map(|id| read_id("after", "callback", &id)).transpose()?;
    if !is_dry_run {
        let organization = principal(context)?.organization;
        note(context, &[organization], narrowed(&filter)).await?;
    }
    let range = ReplayRange { filter, after, is_dry_run };
    let (engine, organization) = (&services(context)?.engine, principal(context)?.organization);
    let tried = engine.replay_range(organization, &range).await.map_err(engine_stop)?;
    let count = |count| Some(i32::try_from(count).unwrap_or(i32::MAX));
    Ok(CallbackReplayPayload {
        replayed: count(tried.replayed),
        refused: count(tried.refused),
        last: tried.last.map(|id| ID(id.to_string())),
        has_more: Some(tried.has_more),
        user_errors: Vec::new(),
    })
}

/// Notes what is to be tried. Each callback has its effect in a transaction of its own, so that the
/// wish comes first.
async fn note(
    context: &Context<'_>,
    subjects: &[impl Display + Sync],
    changes: AuditChanges,
) -> Result<(), Stop> {
    let admin = &services(context)?.admin;
    let noted = admin.note(by(context)?, "callbackReplay", subjects, changes).await;
    noted.map_err(admin_stop)
}

/// What a range was narrowed to; the customer is not named.
fn narrowed(filter: &Filter) -> AuditChanges {
    let words = |outcomes: &Vec<Outcome>| {
        outcomes.iter().map(|outcome| outcome.as_str()).collect::<Vec<_>>().join(" ")
    };
    let changes = AuditChanges::default()
        .set_if("outcome", filter.outcomes.as_ref().map(words))
        .set_if("channelAccountId", filter.account)
        .set_if("kind", filter.kinds.as_ref().map(|kinds| kinds.join(" ")))
        .set_if("reference", filter.reference.as_ref())
        .set_if("from", filter.from.map(|from| from.to_rfc3339()))
        .set_if("to", filter.to.map(|to| to.to_rfc3339()));
    if filter.customer.is_some() { changes.secret("customer", false) } else { changes }
}
