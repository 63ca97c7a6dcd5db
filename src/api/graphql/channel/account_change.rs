//! Sets accounts up: made, checked with the provider, given another key.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::{
    account::{ChannelAccountObject, ChannelValidation},
    word::ChannelProvider,
};
use crate::{
    admin::{Checked, KeyRotation, NewChannelAccount},
    api::graphql::{
        administration::{announced, by, check_storable, read_id},
        context::services,
        conversation::change::{Stop, answer, check_key},
        error::UserError,
        secret_text::SecretText,
    },
};

/// An account to set up.
#[derive(InputObject)]
pub struct ChannelAccountCreateInput {
    /// Client-made UUID; the same key gives the same account for 24 hours.
    idempotency_key: String,
    /// What it is called here; 1 to 200 characters, once in the organization.
    name: String,
    /// Who carries the texts.
    #[graphql(default_with = "ChannelProvider::Telesign")]
    provider: ChannelProvider,
    /// The Customer ID, as the provider's portal shows it.
    customer_id: String,
    /// Write-only: stored sealed, never returned, never logged.
    api_key: SecretText,
    /// Refuse to store unless the provider accepts the key.
    #[graphql(default = true)]
    validate: bool,
}

/// An account to check.
#[derive(InputObject)]
pub struct ChannelAccountValidateInput {
    /// Which one.
    channel_account_id: ID,
}

/// Another key for an account.
#[derive(InputObject)]
pub struct ChannelAccountRotateKeyInput {
    /// Which one.
    channel_account_id: ID,
    /// Refuse if it has changed since this version.
    expected_version: i32,
    /// Another Customer ID; without it, the present one stays.
    customer_id: Option<String>,
    /// Write-only: stored sealed, never returned, never logged.
    api_key: SecretText,
    /// Refuse to store unless the provider accepts the key.
    #[graphql(default = true)]
    validate: bool,
}

/// An account whose texts are to go again.
#[derive(InputObject)]
pub struct ChannelAccountResumeInput {
    /// Which one.
    channel_account_id: ID,
}

/// The account as it stands after the change.
#[derive(SimpleObject, Default)]
pub struct ChannelAccountPayload {
    /// As it stands now.
    channel_account: Option<ChannelAccountObject>,
    /// The check that was made on the way; null too when none was asked for.
    validation: Option<ChannelValidation>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for ChannelAccountPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

impl From<Checked> for ChannelAccountPayload {
    fn from(checked: Checked) -> Self {
        let (channel_account, validation) = shown(checked);
        Self { channel_account: Some(channel_account), validation, user_errors: Vec::new() }
    }
}

/// What the provider said. Refused credentials are an answer: `userErrors` stays empty.
#[derive(SimpleObject, Default)]
pub struct ChannelAccountValidatePayload {
    /// As it stands now.
    channel_account: Option<ChannelAccountObject>,
    /// The check that was made.
    validation: Option<ChannelValidation>,
    /// Why none was made.
    user_errors: Vec<UserError>,
}

impl From<UserError> for ChannelAccountValidatePayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

fn shown(checked: Checked) -> (ChannelAccountObject, Option<ChannelValidation>) {
    // The account remembers its last check; it is this one only if one was made.
    let validation = checked.check.and(checked.account.validation.as_ref());
    let validation = validation.map(ChannelValidation::from);
    (checked.account.into(), validation)
}

/// Sets accounts up.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Set an account up; with `validate`, the provider is asked first. Sends no text.
    async fn channel_account_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Its name, and what the provider knows it by.")]
        input: ChannelAccountCreateInput,
    ) -> Result<Option<ChannelAccountPayload>, Error> {
        answer(Box::pin(create(context, input)).await)
    }

    /// Ask the provider whether it accepts the stored key. Sends no text.
    async fn channel_account_validate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which account.")] input: ChannelAccountValidateInput,
    ) -> Result<Option<ChannelAccountValidatePayload>, Error> {
        answer(Box::pin(validate(context, input)).await)
    }

    /// Store another key. Callbacks that are signed with the old one pass for another 24 hours.
    async fn channel_account_rotate_key(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which account, and the new key.")] input: ChannelAccountRotateKeyInput,
    ) -> Result<Option<ChannelAccountPayload>, Error> {
        answer(Box::pin(rotate_key(context, input)).await)
    }

    /// Let the texts of a stopped account go again, without asking the provider first.
    ///
    /// If the provider still takes nothing, the account is stopped again. Nothing happens to one
    /// that is not stopped.
    async fn channel_account_resume(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which account.")] input: ChannelAccountResumeInput,
    ) -> Result<Option<ChannelAccountPayload>, Error> {
        answer(Box::pin(resume(context, input)).await)
    }
}

async fn create(
    context: &Context<'_>,
    input: ChannelAccountCreateInput,
) -> Result<ChannelAccountPayload, Stop> {
    check_key(&input.idempotency_key)?;
    check_storable(&[("name", Some(&input.name)), ("customerId", Some(&input.customer_id))])?;
    // A second provider does not compile until it is set up in its own way.
    let ChannelProvider::Telesign = input.provider;
    let new = NewChannelAccount {
        name: input.name,
        customer_id: input.customer_id,
        api_key: input.api_key.into_api_key(),
        validate: input.validate,
        idempotency_key: input.idempotency_key,
    };
    let asked = services(context)?.admin.channel_account_create(by(context)?, new).await;
    announced(context, asked).await.map(ChannelAccountPayload::from)
}

async fn validate(
    context: &Context<'_>,
    input: ChannelAccountValidateInput,
) -> Result<ChannelAccountValidatePayload, Stop> {
    let id = read_id("channelAccountId", "channel account", &input.channel_account_id)?;
    let asked = services(context)?.admin.channel_account_validate(by(context)?, id).await;
    let (channel_account, validation) = shown(announced(context, asked).await?);
    Ok(ChannelAccountValidatePayload {
        channel_account: Some(channel_account),
        validation,
        user_errors: Vec::new(),
    })
}

async fn rotate_key(
    context: &Context<'_>,
    input: ChannelAccountRotateKeyInput,
) -> Result<ChannelAccountPayload, Stop> {
    check_storable(&[("customerId", input.customer_id.as_deref())])?;
    let rotation = KeyRotation {
        account: read_id("channelAccountId", "channel account", &input.channel_account_id)?,
        expected_version: input.expected_version,
        customer_id: input.customer_id,
        api_key: input.api_key.into_api_key(),
        validate: input.validate,
    };
    let asked = services(context)?.admin.channel_account_rotate_key(by(context)?, rotation).await;
    announced(context, asked).await.map(ChannelAccountPayload::from)
}

async fn resume(
    context: &Context<'_>,
    input: ChannelAccountResumeInput,
) -> Result<ChannelAccountPayload, Stop> {
    let id = read_id("channelAccountId", "channel account", &input.channel_account_id)?;
    let asked = services(context)?.admin.channel_account_resume(by(context)?, id).await;
    let account = announced(context, asked).await?;
    Ok(ChannelAccountPayload { channel_account: Some(account.into()), ..Default::default() })
}
