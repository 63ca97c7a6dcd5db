//! Wrongly signed callbacks: shown to admins, and let through once a key has been corrected.

use async_graphql::{
    Context, Enum, Error, ID, InputObject, Object, SimpleObject, connection::Connection,
};
use uuid::Uuid;

use super::{
    administration::{admin_stop, by, read_id, read_ids},
    channel::ChannelAccountObject,
    connection::{PageArguments, connect_rows},
    context::{connect, principal, services},
    conversation::change::{Stop, answer, engine_stop},
    cursor::encode_id,
    error::{UserError, UserErrorCode, fault},
    loader::load,
    scalar::DateTime,
};
use crate::{
    domain::{audit::AuditChanges, ids::ChannelAccountId},
    engine::Suspects,
    store::quarantine::{self, ForgeryReason as Reason, Quarantined},
};

/// Why a callback was not taken for the provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Reason", rename_items = "SCREAMING_SNAKE_CASE")]
pub enum ForgeryReason {
    /// No header carried a signature.
    Missing,
    /// What the headers carried is no signature in any form of the provider's.
    Malformed,
    /// It was signed for another Customer ID.
    OtherCustomer,
    /// The signature does not fit the body and any of the account's keys.
    Mismatch,
}

/// A callback as it was kept aside; only admins are shown one.
pub struct QuarantinedObject(Quarantined);

impl From<Quarantined> for QuarantinedObject {
    fn from(row: Quarantined) -> Self {
        Self(row)
    }
}

/// A wrongly signed callback. Anybody who knows the callback URL may have written it.
#[Object(name = "QuarantinedCallback")]
impl QuarantinedObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The account whose URL it came in at.
    async fn channel_account(&self, context: &Context<'_>) -> Result<ChannelAccountObject, Error> {
        let found = load(context, self.0.account).await?;
        found
            .map(ChannelAccountObject::from)
            .ok_or_else(|| Error::new("a callback's account is not there"))
    }

    /// When it first came.
    async fn first_at(&self) -> DateTime {
        self.0.first_at.into()
    }

    /// When it last came.
    async fn last_at(&self) -> DateTime {
        self.0.last_at.into()
    }

    /// How often it came, at least; what came too fast was not counted.
    async fn times(&self) -> i32 {
        i32::try_from(self.0.times).unwrap_or(i32::MAX)
    }

    /// Why it was refused.
    async fn reason(&self) -> ForgeryReason {
        self.0.reason.into()
    }

    /// What was sent, at most its first 16 KiB; bytes that are no UTF-8 are replaced.
    async fn body(&self) -> String {
        String::from_utf8_lossy(&self.0.body).into_owned()
    }

    /// How long it was, in bytes; above 16,384 it was cut, and can never be let through.
    async fn body_bytes(&self) -> i32 {
        self.0.body_bytes
    }
}

/// Reads the quarantine.
#[derive(Default)]
pub struct QuarantineQuery;

#[Object]
impl QuarantineQuery {
    /// Wrongly signed callbacks in the order in which they first came; the newest with `last`.
    ///
    /// The same one is kept once; an organization's newest 10,000 are kept.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn quarantined_callbacks(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only of this account.")] channel_account_id: Option<ID>,
    ) -> Result<Option<Connection<String, QuarantinedObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let account =
            channel_account_id.map(|id| id.parse().unwrap_or(ChannelAccountId(Uuid::nil())));
        let organization = principal(context)?.organization;
        let mut connection = connect(context).await?;
        let read = quarantine::list(&mut connection, organization, account, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        Ok(Some(connect_rows(slice, |row| encode_id(row.id.0), QuarantinedObject)))
    }
}

/// Quarantined callbacks to verify again; all of the organization's where nothing is said.
#[derive(InputObject)]
pub struct QuarantineReplayInput {
    /// Which ones, 1 to 100.
    ids: Option<Vec<ID>>,
    /// All of this account.
    channel_account_id: Option<ID>,
    /// Only count what would be let through.
    #[graphql(default)]
    dry_run: bool,
}

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct QuarantineReplayPayload {
    /// How many are genuine by the keys of now. They have had their effect, once, and are gone from
    /// the quarantine; on a dry run they would.
    released: Option<i32>,
    /// How many are still signed by nobody; they stay.
    refused: Option<i32>,
    /// One call lets 500 through; true: there are more, call again.
    has_more: Option<bool>,
    /// Why none was looked at.
    user_errors: Vec<UserError>,
}

impl From<UserError> for QuarantineReplayPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Lets callbacks out of the quarantine.
#[derive(Default)]
pub struct QuarantineMutation;

#[Object]
impl QuarantineMutation {
    /// Verify quarantined callbacks with the present keys and let the genuine ones through.
    ///
    /// Each has its effect once, however often this is called.
    async fn quarantine_replay(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which callbacks.")] input: QuarantineReplayInput,
    ) -> Result<Option<QuarantineReplayPayload>, Error> {
        answer(Box::pin(release(context, input)).await)
    }
}

async fn release(
    context: &Context<'_>,
    input: QuarantineReplayInput,
) -> Result<QuarantineReplayPayload, Stop> {
    let suspects = suspects(input.ids, input.channel_account_id)?;
    let (engine, organization) = (&services(context)?.engine, principal(context)?.organization);
    if !input.dry_run {
        note(context, &suspects).await?;
    }
    let released = engine.release(organization, suspects, input.dry_run).await;
    let released = released.map_err(engine_stop)?;
    let count = |count| Some(i32::try_from(count).unwrap_or(i32::MAX));
    Ok(QuarantineReplayPayload {
        released: count(released.released),
        refused: count(released.refused),
        has_more: Some(released.has_more),
        user_errors: Vec::new(),
    })
}

fn suspects(ids: Option<Vec<ID>>, account: Option<ID>) -> Result<Suspects, Stop> {
    match (ids, account) {
        (None, None) => Ok(Suspects::All),
        (None, Some(account)) => {
            Ok(Suspects::Of(read_id("channelAccountId", "account", &account)?))
        }
        (Some(ids), None) => Ok(Suspects::Named(read_ids("ids", "callback", Some(ids))?)),
        (Some(_), Some(_)) => {
            let message = "name callbacks or an account, not both";
            Err(UserError::at("ids", UserErrorCode::Invalid, message).into())
        }
    }
}

/// Notes what is to be verified again. Each callback has its effect in a transaction of its own, so
/// that the wish comes first.
async fn note(context: &Context<'_>, suspects: &Suspects) -> Result<(), Stop> {
    let (admin, by) = (&services(context)?.admin, by(context)?);
    let (action, changes) = ("quarantineReplay", AuditChanges::default());
    let noted = match suspects {
        Suspects::All => admin.note(by, action, &[by.organization], changes).await,
        Suspects::Of(account) => admin.note(by, action, &[account], changes).await,
        Suspects::Named(ids) => admin.note(by, action, ids, changes).await,
    };
    noted.map_err(admin_stop)
}
