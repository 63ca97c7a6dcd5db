//! Numbers of ours that customers text.

use async_graphql::{
    Context, Error, ID, InputObject, MaybeUndefined, Object, SimpleObject, connection::Connection,
};
use uuid::Uuid;

use super::{account::ChannelAccountObject, word::SupportNumberKind};
use crate::{
    admin::NewSupportNumber,
    api::graphql::{
        administration::{announced, by, check_storable, read_id},
        connection::{PageArguments, connect_rows},
        context::{connect, principal, services},
        conversation::change::{Stop, answer},
        cursor::encode_id,
        error::{UserError, fault},
        loader::load,
        organization::WorkstreamObject,
        scalar::DateTime,
        viewer::viewer,
    },
    domain::{
        channel::SupportNumber,
        conversation::access::Role,
        ids::{ChannelAccountId, SupportNumberId, WorkstreamId},
    },
    store::{
        page::Page,
        support_number::{self, Changes, Filter},
    },
};

/// A number of ours.
pub struct SupportNumberObject(SupportNumber);

impl From<SupportNumber> for SupportNumberObject {
    fn from(number: SupportNumber) -> Self {
        Self(number)
    }
}

/// A number of ours that customers text.
#[Object(name = "SupportNumber")]
impl SupportNumberObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Grows by one with each accepted change.
    pub async fn version(&self) -> i32 {
        self.0.stamp.version
    }

    /// When it was added.
    pub async fn created_at(&self) -> DateTime {
        self.0.stamp.created_at.into()
    }

    /// When it last changed.
    pub async fn updated_at(&self) -> DateTime {
        self.0.stamp.updated_at.into()
    }

    /// What kind of number it is.
    async fn kind(&self) -> SupportNumberKind {
        self.0.kind.into()
    }

    /// Digits only, country code first, as the provider wants it, e.g. 14252306549.
    ///
    /// A short code has 3 to 8 digits.
    async fn number(&self) -> &str {
        self.0.number.as_str()
    }

    /// ISO 3166-1 alpha-2. Needed to read a short code.
    async fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }

    /// What it is for.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// False when texts to it are kept and open nothing.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// The account that it belongs to; null unless the viewer is an admin.
    async fn channel_account(
        &self,
        context: &Context<'_>,
    ) -> Result<Option<ChannelAccountObject>, Error> {
        if viewer(context)?.role != Role::Admin {
            return Ok(None);
        }
        Ok(load(context, self.0.channel_account).await?.map(ChannelAccountObject::from))
    }

    /// The stream of work that it feeds; null while texts to it are kept and open nothing.
    async fn workstream(&self, context: &Context<'_>) -> Result<Option<WorkstreamObject>, Error> {
        let Some(id) = self.0.workstream else { return Ok(None) };
        Ok(load(context, id).await?.map(WorkstreamObject::from))
    }
}

/// What a list of numbers is narrowed to; all members must match.
#[derive(InputObject, Default)]
pub struct SupportNumberFilter {
    /// Any of these.
    kind: Option<Vec<SupportNumberKind>>,
    /// Whether texts to them open conversations.
    active: Option<bool>,
    /// Of this account.
    channel_account_id: Option<ID>,
    /// Feeding this workstream.
    workstream_id: Option<ID>,
}

impl SupportNumberFilter {
    /// An id of another kind matches nothing.
    fn read(self) -> Filter {
        let account = self
            .channel_account_id
            .map(|id| id.parse().unwrap_or_else(|_| ChannelAccountId(Uuid::nil())));
        let workstream =
            self.workstream_id.map(|id| id.parse().unwrap_or_else(|_| WorkstreamId(Uuid::nil())));
        let kinds = self.kind.map(|all| all.into_iter().map(Into::into).collect());
        Filter { kinds, active: self.active, account, workstream }
    }
}

/// A page of the caller's organization's numbers.
pub async fn list_numbers(
    context: &Context<'_>,
    filter: &Filter,
    page: Page,
) -> Result<Connection<String, SupportNumberObject>, Error> {
    let organization = principal(context)?.organization;
    let mut connection = connect(context).await?;
    let read = support_number::list(&mut connection, organization, filter, page).await;
    let slice = read.map_err(|error| fault(&error))?;
    Ok(connect_rows(slice, |row| encode_id(row.id.0), SupportNumberObject))
}

/// Reads numbers.
#[derive(Default)]
pub struct NumberQuery;

#[Object]
impl NumberQuery {
    /// One of our numbers.
    async fn support_number(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Id of the number.")] id: ID,
    ) -> Result<Option<SupportNumberObject>, Error> {
        let Ok(id) = id.parse::<SupportNumberId>() else { return Ok(None) };
        Ok(load(context, id).await?.map(SupportNumberObject))
    }

    /// All our numbers, in the order in which they were added.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn support_numbers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "What to leave out.")] filter: Option<SupportNumberFilter>,
    ) -> Result<Option<Connection<String, SupportNumberObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        list_numbers(context, &filter.unwrap_or_default().read(), page).await.map(Some)
    }
}

/// A number to add.
#[derive(InputObject)]
pub struct SupportNumberAddInput {
    /// The account that it belongs to.
    channel_account_id: ID,
    /// What kind of number it is.
    kind: SupportNumberKind,
    /// Digits only, country code first. A plus sign, blanks or other characters are refused, with
    /// the digits we would have taken in the message.
    number: String,
    /// ISO 3166-1 alpha-2. Needed to read a short code.
    country: Option<String>,
    /// What it is for; at most 2000 characters.
    description: Option<String>,
    /// The stream of work that it feeds; without it, texts to it are kept and open nothing.
    workstream_id: Option<ID>,
}

/// What to change about a number; what is left out stays as it is.
#[derive(InputObject)]
pub struct SupportNumberUpdateInput {
    /// Which one.
    support_number_id: ID,
    /// Refuse if it has changed since this version.
    expected_version: i32,
    /// What it is for; null clears it.
    description: MaybeUndefined<String>,
    /// Whether texts to it open conversations; null leaves it as it is.
    active: Option<bool>,
    /// The stream of work that it feeds; null takes it out.
    workstream_id: MaybeUndefined<ID>,
}

/// The number as it stands after the change.
#[derive(SimpleObject, Default)]
pub struct SupportNumberPayload {
    /// As it stands now.
    support_number: Option<SupportNumberObject>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for SupportNumberPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

impl From<SupportNumber> for SupportNumberPayload {
    fn from(number: SupportNumber) -> Self {
        Self { support_number: Some(number.into()), user_errors: Vec::new() }
    }
}

/// Adds and changes numbers.
#[derive(Default)]
pub struct NumberMutation;

#[Object]
impl NumberMutation {
    /// Add one of our numbers; the same number twice is refused.
    async fn support_number_add(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The number, and where it belongs.")] input: SupportNumberAddInput,
    ) -> Result<Option<SupportNumberPayload>, Error> {
        answer(Box::pin(add(context, input)).await)
    }

    /// Change one of our numbers; holds for the very next callback.
    async fn support_number_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which number, and what to change.")] input: SupportNumberUpdateInput,
    ) -> Result<Option<SupportNumberPayload>, Error> {
        answer(Box::pin(update(context, input)).await)
    }
}

async fn add(
    context: &Context<'_>,
    input: SupportNumberAddInput,
) -> Result<SupportNumberPayload, Stop> {
    check_storable(&[
        ("country", input.country.as_deref()),
        ("description", input.description.as_deref()),
    ])?;
    let workstream = input.workstream_id.as_ref();
    let new = NewSupportNumber {
        channel_account: read_id("channelAccountId", "channel account", &input.channel_account_id)?,
        kind: input.kind.into(),
        number: input.number,
        country: input.country,
        description: input.description,
        workstream: workstream.map(|id| read_id("workstreamId", "workstream", id)).transpose()?,
    };
    let asked = services(context)?.admin.support_number_add(by(context)?, new).await;
    announced(context, asked).await.map(SupportNumberPayload::from)
}

async fn update(
    context: &Context<'_>,
    input: SupportNumberUpdateInput,
) -> Result<SupportNumberPayload, Stop> {
    let SupportNumberUpdateInput { expected_version, description, active, .. } = input;
    check_storable(&[("description", description.as_opt_deref().flatten())])?;
    let id = read_id("supportNumberId", "support number", &input.support_number_id)?;
    let workstream = input
        .workstream_id
        .as_opt_ref()
        .map(|id| id.map(|id| read_id("workstreamId", "workstream", id)).transpose());
    let changes =
        Changes { active, description: description.into(), workstream: workstream.transpose()? };
    let admin = &services(context)?.admin;
    let asked = admin.support_number_update(by(context)?, id, expected_version, changes).await;
    announced(context, asked).await.map(SupportNumberPayload::from)
}
