//! Those who speak for a customer.

use async_graphql::{Context, Error, ID, InputObject, Object, SimpleObject};

use super::{ConsentObject, word::ConsentStatus};
use crate::{
    admin::NewConsent,
    api::graphql::{
        administration::{announced, by, check_storable, read_id},
        context::{principal, services},
        conversation::change::{Stop, answer},
        error::{UserError, UserErrorCode},
        scalar::SmsAddress,
    },
    domain::consent,
};

/// What is said of one customer.
#[derive(InputObject)]
pub struct ConsentSetInput {
    /// Whom it is about.
    address: SmsAddress,
    /// The number of ours that it is about; only where an opt-out reaches one number.
    support_number_id: Option<ID>,
    /// `OPTED_OUT` or `OPTED_IN`.
    status: ConsentStatus,
    /// What they said, and where; needed to opt somebody in. At most 1000 characters.
    evidence: Option<String>,
}

/// The line of the ledger that now says so.
#[derive(SimpleObject, Default)]
pub struct ConsentPayload {
    /// The new line; where it said nothing new, the one that said so first.
    consent: Option<ConsentObject>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for ConsentPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// A list of customers who all said the same.
#[derive(InputObject)]
pub struct ConsentImportInput {
    /// Whom it is about; at most 1000.
    addresses: Vec<SmsAddress>,
    /// `OPTED_OUT` or `OPTED_IN`.
    status: ConsentStatus,
    /// Where the list comes from. At most 1000 characters.
    evidence: String,
}

/// What came of a list.
#[derive(SimpleObject, Default)]
pub struct ConsentImportPayload {
    /// Lines that were added to the ledger.
    entered: Option<i32>,
    /// Addresses of which this was known already.
    known: Option<i32>,
    /// Why nothing was entered.
    user_errors: Vec<UserError>,
}

impl From<UserError> for ConsentImportPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Speaks for customers.
#[derive(Default)]
pub struct ConsentMutation;

#[Object]
impl ConsentMutation {
    /// Opt a customer out, or with evidence in; what waits for somebody opted out is not sent.
    async fn consent_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who, and what they said.")] input: ConsentSetInput,
    ) -> Result<Option<ConsentPayload>, Error> {
        answer(Box::pin(set(context, input)).await)
    }

    /// Enter a list that another system kept; repeating it changes nothing.
    async fn consent_import(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The list, and where it comes from.")] input: ConsentImportInput,
    ) -> Result<Option<ConsentImportPayload>, Error> {
        answer(Box::pin(import(context, input)).await)
    }
}

fn status_of(status: ConsentStatus) -> Result<consent::ConsentStatus, Stop> {
    let message = "nobody can be made UNKNOWN; say OPTED_OUT or OPTED_IN";
    let refusal = || UserError::at("status", UserErrorCode::Invalid, message).into();
    status.of_a_line().ok_or_else(refusal)
}

async fn set(context: &Context<'_>, input: ConsentSetInput) -> Result<ConsentPayload, Stop> {
    check_storable(&[("evidence", input.evidence.as_deref())])?;
    let number = input.support_number_id.as_ref();
    let new = NewConsent {
        customer: input.address.0,
        support_number: number
            .map(|id| read_id("supportNumberId", "support number", id))
            .transpose()?,
        status: status_of(input.status)?,
        evidence: input.evidence,
    };
    let role = principal(context)?.role;
    let asked = services(context)?.admin.consent_set(by(context)?, role, new).await;
    let line = announced(context, asked).await?;
    Ok(ConsentPayload { consent: Some(line.into()), user_errors: Vec::new() })
}

async fn import(
    context: &Context<'_>,
    input: ConsentImportInput,
) -> Result<ConsentImportPayload, Stop> {
    check_storable(&[("evidence", Some(&input.evidence))])?;
    let status = status_of(input.status)?;
    let customers = input.addresses.into_iter().map(|address| address.0).collect();
    let admin = &services(context)?.admin;
    let asked = admin.consent_import(by(context)?, status, customers, &input.evidence).await;
    let imported = announced(context, asked).await?;
    let count = |count: usize| Some(i32::try_from(count).unwrap_or(i32::MAX));
    Ok(ConsentImportPayload {
        entered: count(imported.entered),
        known: count(imported.known),
        user_errors: Vec::new(),
    })
}
