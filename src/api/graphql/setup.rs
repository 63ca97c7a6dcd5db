//! The first run: whether anybody has claimed the system, who does, and how far set-up is.
//!
//! **Invariant:** a stranger learns whether there is anybody, and nothing else.

use async_graphql::{Context, Enum, Error, InputObject, Object, SimpleObject};

use super::{
    administration::{announced, check_storable},
    context::{Principal, connect, origin, services},
    conversation::change::{Stop, answer},
    error::fault,
    scalar::DateTime,
    secret_text::SecretText,
    session::{Carrier, SessionDelivery, SessionPayload, hand_over},
};
use crate::{
    admin::Claim,
    store::setup::{self, Steps},
};

/// How far the system is set up.
#[derive(SimpleObject)]
pub struct SetupState {
    /// Whether anybody has claimed the system; until then `setupComplete` does.
    claimed: bool,
    /// What it takes until customers are answered, in order, as far as the caller's organization
    /// has come. Empty for a stranger.
    steps: Vec<SetupStep>,
    /// True in the demo: the provider is a simulated one, and the console has its telephone.
    simulated: bool,
}

/// What it takes until customers are answered.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(rename_items = "SCREAMING_SNAKE_CASE")]
pub enum SetupStepName {
    /// There is an active admin who signs in.
    Admin,
    /// There is an account at the provider.
    ChannelAccount,
    /// There is an active number of ours.
    SupportNumber,
    /// A customer has texted.
    FirstText,
    /// An agent has written to a customer.
    FirstReply,
}

/// One step of set-up.
#[derive(SimpleObject)]
pub struct SetupStep {
    /// Which one.
    name: SetupStepName,
    /// Whether it is done.
    done: bool,
    /// Since when it has been; null while it is not.
    at: Option<DateTime>,
}

/// Reads how far set-up is.
#[derive(Default)]
pub struct SetupQuery;

#[Object]
impl SetupQuery {
    /// Whether the system is claimed, for anybody; and how far set-up is, for who is signed in.
    async fn setup_state(&self, context: &Context<'_>) -> Result<SetupState, Error> {
        let asked = services(context)?.admin.is_claimed().await;
        let claimed = asked.map_err(|error| fault(&error))?;
        let steps = match context.data_opt::<Principal>() {
            None => Vec::new(),
            Some(caller) => {
                let mut connection = connect(context).await?;
                let found = setup::steps(&mut connection, caller.organization).await;
                in_order(found.map_err(|error| fault(&error))?)
            }
        };
        let simulated = services(context)?.has_phone;
        Ok(SetupState { claimed, steps, simulated })
    }
}

fn in_order(steps: Steps) -> Vec<SetupStep> {
    let Steps { admin, channel_account, support_number, first_text, first_reply } = steps;
    [
        (SetupStepName::Admin, admin),
        (SetupStepName::ChannelAccount, channel_account),
        (SetupStepName::SupportNumber, support_number),
        (SetupStepName::FirstText, first_text),
        (SetupStepName::FirstReply, first_reply),
    ]
    .map(|(name, at)| SetupStep { name, done: at.is_some(), at: at.map(DateTime::from) })
    .into()
}

/// Who claims a system that nobody has claimed yet.
#[derive(InputObject)]
pub struct SetupCompleteInput {
    /// The one-time code that the server printed when it started. Capitals, hyphens and blanks do
    /// not matter. Write-only: never returned, never logged.
    setup_code: SecretText,
    /// What the organization is called; 1 to 200 characters.
    organization_name: String,
    /// What colleagues see of its first admin; 1 to 200 characters.
    name: String,
    /// What the admin signs in with.
    email: String,
    /// 10 to 200 characters. Write-only: never returned, never logged.
    password: SecretText,
    /// How the session comes back; pages in a browser should ask for a cookie.
    #[graphql(default)]
    delivery: SessionDelivery,
}

/// Claims the system.
#[derive(Default)]
pub struct SetupMutation;

#[Object]
impl SetupMutation {
    /// First run: claim a system that nobody has claimed, and sign in as its first admin.
    ///
    /// The one-time code is in what the server printed; it dies with its use, and with every agent
    /// that is made in another way. Rate limited. The answer is the same for a wrong code and for a
    /// system that is claimed already.
    async fn setup_complete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The code, and who claims.")] input: SetupCompleteInput,
    ) -> Result<Option<SessionPayload>, Error> {
        answer(Box::pin(complete(context, input)).await)
    }
}

async fn complete(
    context: &Context<'_>,
    input: SetupCompleteInput,
) -> Result<SessionPayload, Stop> {
    check_storable(&[
        ("organizationName", Some(&input.organization_name)),
        ("name", Some(&input.name)),
        ("email", Some(&input.email)),
    ])?;
    let carrier = Carrier::of(context, input.delivery)?;
    let claim = Claim {
        setup_code: input.setup_code.into_secret(),
        organization_name: input.organization_name,
        name: input.name,
        email: input.email,
        password: input.password.into_secret(),
        origin: origin(context),
    };
    let signed_in =
        announced(context, services(context)?.admin.setup_complete(claim).await).await?;
    hand_over(context, &signed_in, carrier)
}
