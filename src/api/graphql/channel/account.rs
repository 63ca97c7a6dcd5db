//! Accounts at the provider, as admins see them.

use async_graphql::{Context, Error, ID, Object, SimpleObject, connection::Connection};

use super::{
    callback_request::CallbackRequestEmail,
    number::{SupportNumberObject, list_numbers},
    word::{ChannelAccountStatus, ChannelProvider, ChannelVerdict},
};
use crate::{
    api::graphql::{
        connection::{PageArguments, connect_rows},
        context::{connect, principal, services},
        cursor::encode_id,
        error::fault,
        loader::{LastCallbackOf, StopOf, load},
        message::MessageFailureCode,
        scalar::{DateTime, Url},
    },
    domain::{
        channel::{AccountStop, ChannelAccount, ChannelVerdict as Verdict, Validation},
        ids::ChannelAccountId,
    },
    store::{channel_account, support_number::Filter},
};

/// An account at the provider; only admins are shown one.
pub struct ChannelAccountObject(ChannelAccount);

impl From<ChannelAccount> for ChannelAccountObject {
    fn from(account: ChannelAccount) -> Self {
        Self(account)
    }
}

impl ChannelAccountObject {
    /// Where the provider reports what happens to this account.
    fn callback_address(&self, context: &Context<'_>) -> Result<String, Error> {
        let public_url = &services(context)?.public_url;
        Ok(format!("{public_url}/callbacks/telesign/{}", self.0.callback_token))
    }
}

/// Credentials and endpoints at an SMS provider. The API key can be written, never read.
#[Object(name = "ChannelAccount")]
impl ChannelAccountObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Grows by one with each accepted change.
    pub async fn version(&self) -> i32 {
        self.0.stamp.version
    }

    /// When it was made.
    pub async fn created_at(&self) -> DateTime {
        self.0.stamp.created_at.into()
    }

    /// When it last changed.
    pub async fn updated_at(&self) -> DateTime {
        self.0.stamp.updated_at.into()
    }

    /// What it is called here.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Who carries the texts.
    async fn provider(&self) -> ChannelProvider {
        ChannelProvider::Telesign
    }

    /// What the provider knows it by.
    async fn customer_id(&self) -> &str {
        &self.0.customer_id
    }

    /// What is known of its credentials.
    async fn status(&self) -> ChannelAccountStatus {
        self.0.status.into()
    }

    /// What is shown of the API key.
    async fn credential(&self) -> CredentialInfo {
        CredentialInfo {
            set: true,
            fingerprint: Some(self.0.key_fingerprint.clone()),
            set_at: Some(self.0.key_set_at.into()),
        }
    }

    /// The last live check; null before the first.
    async fn last_validation(&self) -> Option<ChannelValidation> {
        self.0.validation.as_ref().map(ChannelValidation::from)
    }

    /// Why its texts wait: the provider takes nothing from it. Null while they may go.
    async fn stop(&self, context: &Context<'_>) -> Result<Option<ChannelAccountStop>, Error> {
        Ok(load(context, StopOf(self.0.id)).await?.map(ChannelAccountStop::from))
    }

    /// Give this URL to the provider: inbound texts and delivery reports arrive there. Unguessable.
    #[expect(clippy::unused_async, reason = "the macro takes async functions only")]
    async fn callback_url(&self, context: &Context<'_>) -> Result<Url, Error> {
        self.callback_address(context).map(Url)
    }

    /// Ready to send: asks the provider's support to register `callbackUrl` for `customerId`.
    ///
    /// A self-service account may instead enter the URL in the provider's portal.
    #[expect(clippy::unused_async, reason = "the macro takes async functions only")]
    async fn callback_request_email(
        &self,
        context: &Context<'_>,
    ) -> Result<CallbackRequestEmail, Error> {
        let address = self.callback_address(context)?;
        Ok(CallbackRequestEmail::write(&self.0.customer_id, &address))
    }

    /// When the newest rightly signed callback arrived; null until the URL is known to work.
    async fn last_callback_at(&self, context: &Context<'_>) -> Result<Option<DateTime>, Error> {
        Ok(load(context, LastCallbackOf(self.0.id)).await?.map(DateTime::from))
    }

    /// Base URL of the provider's API for this account; found by validation.
    async fn provider_base_url(&self) -> Url {
        Url(self.0.provider_base_url.clone())
    }

    /// Texts that are sent in a second, at most.
    async fn max_send_per_second(&self) -> i32 {
        self.0.max_send_per_second
    }

    /// Its numbers, in the order in which they were added.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn support_numbers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, SupportNumberObject>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let filter = Filter { account: Some(self.0.id), ..Filter::default() };
        list_numbers(context, &filter, page).await
    }
}

/// Why the provider takes nothing from an account. Its texts wait and go when it is resumed.
///
/// A validation that finds all well and another key resume it, and so does
/// `channelAccountResume`.
#[derive(SimpleObject)]
pub struct ChannelAccountStop {
    /// Since when.
    since: DateTime,
    /// What to act on.
    code: MessageFailureCode,
    /// Provider's own code.
    provider_code: Option<String>,
    /// In our words or the provider's.
    description: String,
}

impl From<AccountStop> for ChannelAccountStop {
    fn from(stop: AccountStop) -> Self {
        Self {
            since: stop.since.into(),
            code: stop.code.into(),
            provider_code: stop.provider_code.map(|code| code.to_string()),
            description: stop.description,
        }
    }
}

/// Enough to recognise a key, not to use it.
#[derive(SimpleObject)]
pub struct CredentialInfo {
    /// Whether there is one.
    set: bool,
    /// SHA-256 of the key, first 8 hex digits.
    fingerprint: Option<String>,
    /// When it was set.
    set_at: Option<DateTime>,
}

/// A live check of Customer ID and API key. It sends nothing.
#[derive(SimpleObject)]
pub struct ChannelValidation {
    /// Whether the provider accepts both.
    ok: bool,
    /// What the check found.
    verdict: ChannelVerdict,
    /// What it means and what to do.
    explanation: String,
    /// Provider's own code behind the verdict.
    provider_code: Option<String>,
    /// When the provider was asked.
    checked_at: DateTime,
    /// How long the answer took.
    latency_ms: Option<i32>,
}

impl From<&Validation> for ChannelValidation {
    fn from(validation: &Validation) -> Self {
        Self {
            ok: validation.verdict == Verdict::Ok,
            verdict: validation.verdict.into(),
            explanation: validation.verdict.explanation().to_owned(),
            provider_code: validation.provider_code.map(|code| code.to_string()),
            checked_at: validation.checked_at.into(),
            latency_ms: validation.latency_ms,
        }
    }
}

/// Reads accounts.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// One account.
    async fn channel_account(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Id of the account.")] id: ID,
    ) -> Result<Option<ChannelAccountObject>, Error> {
        let Ok(id) = id.parse::<ChannelAccountId>() else { return Ok(None) };
        Ok(load(context, id).await?.map(ChannelAccountObject))
    }

    /// All accounts, in the order in which they were made.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn channel_accounts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<String, ChannelAccountObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let organization = principal(context)?.organization;
        let mut connection = connect(context).await?;
        let read = channel_account::list(&mut connection, organization, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        Ok(Some(connect_rows(slice, |row| encode_id(row.id.0), ChannelAccountObject)))
    }
}
