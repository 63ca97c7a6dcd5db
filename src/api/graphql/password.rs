//! Passwords: set by who holds a link, or by who knows the present one.

use async_graphql::{Context, Error, ID, InputObject, Object};

use super::{
    administration::{announced, by},
    context::{Principal, origin, services},
    conversation::change::{Stop, answer},
    error::{UserError, UserErrorCode},
    secret_text::SecretText,
    session::SessionRevokePayload,
};
use crate::store::credential::Credential;

/// A password to set: with a link's token, or with the present password of who is signed in.
#[derive(InputObject)]
pub struct PasswordSetInput {
    /// What follows the `#` in an invitation. Write-only: never returned, never logged.
    token: Option<SecretText>,
    /// The caller's present password, where there is no token. Write-only: never returned, never
    /// logged.
    current_password: Option<SecretText>,
    /// 10 to 200 characters. Write-only: never returned, never logged.
    new_password: SecretText,
}

/// Sets passwords.
#[derive(Default)]
pub struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Set a password, by a link or by the present one. Tries are limited like those to sign in.
    ///
    /// Every other session of the agent ends. Nobody is signed in by it.
    async fn password_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The new password, and what allows it.")] input: PasswordSetInput,
    ) -> Result<Option<SessionRevokePayload>, Error> {
        answer(Box::pin(set(context, input)).await)
    }
}

async fn set(context: &Context<'_>, input: PasswordSetInput) -> Result<SessionRevokePayload, Stop> {
    let admin = &services(context)?.admin;
    let password = input.new_password.into_secret();
    let asked = match (input.token, input.current_password) {
        (Some(_), Some(_)) => {
            let message = "a token needs no present password; send one of the two";
            return Err(UserError::at("currentPassword", UserErrorCode::Invalid, message).into());
        }
        (Some(token), None) => {
            admin.password_set_by_link(&token.into_secret(), password, origin(context)).await
        }
        (None, current) => {
            let caller = context.data_opt::<Principal>();
            let Some(Credential::Session(session)) = caller.map(|caller| caller.credential) else {
                let message = "send the token of a link; or sign in first, with a password";
                return Err(UserError::at("token", UserErrorCode::Required, message).into());
            };
            let Some(current) = current else {
                let message = "your present password";
                let code = UserErrorCode::Required;
                return Err(UserError::at("currentPassword", code, message).into());
            };
            admin.password_set(by(context)?, session, &current.into_secret(), password).await
        }
    };
    let ended = announced(context, asked).await?;
    Ok(SessionRevokePayload::ended(ended.iter().map(|id| ID(id.to_string()))))
}
