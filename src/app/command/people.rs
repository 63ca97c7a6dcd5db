//! `user create`, `user reset` and `token create`: the ways in when nobody can sign in.

use std::io::{IsTerminal, Read};

use clap::Args;
use data_encoding::BASE32_NOPAD;
use secrecy::{ExposeSecret, SecretString};

use super::RoleName;
use crate::{
    admin::{By, FIRST_ORGANIZATION, NewAgent, NewApiToken},
    app::{AppError, foundation, output},
    config::Config,
};

/// 100 bits: enough for a password that is typed once or kept by a program.
const PASSWORD_BYTES: usize = 13;
/// No password comes near.
const STDIN_BYTES_MAX: u64 = 4_096;
/// The organization where none is named.
pub(super) const ORGANIZATION: &str = FIRST_ORGANIZATION;

#[derive(Args)]
pub(super) struct NewUser {
    /// E-mail address, to sign in with
    #[arg(long)]
    email: String,
    /// Name that colleagues see
    #[arg(long)]
    name: String,
    #[arg(long, value_enum)]
    role: RoleName,
    /// Short name of the organization
    #[arg(long, value_name = "SLUG", default_value = ORGANIZATION)]
    organization: String,
}

#[derive(Args)]
pub(super) struct NewToken {
    /// What the token is for
    #[arg(long)]
    name: String,
    #[arg(long, value_enum)]
    role: RoleName,
    /// Agent that the token acts as; without it, a service agent of the token's name
    #[arg(long, value_name = "EMAIL")]
    agent: Option<String>,
    /// Short name of the organization
    #[arg(long, value_name = "SLUG", default_value = ORGANIZATION)]
    organization: String,
}

/// Makes a user; the password comes on stdin, or is made and printed once.
pub(super) async fn create_user(config: &Config, user: NewUser) -> Result<(), AppError> {
    let (password, is_made) = match read_password()? {
        Some(password) => (password, false),
        None => (make_password()?, true),
    };
    let ground = foundation::Ground::prepare(config, true).await?;
    let admin = foundation::admin(config, &ground).await?;
    let organization = admin.organization_ensure(&user.organization, &user.organization).await?;
    let new = NewAgent {
        email: Some(user.email),
        display_name: user.name,
        role: user.role.into(),
        queues: Vec::new(),
        password: Some(password.clone()),
    };
    let made = admin.agent_create(By::system(organization.id), new).await?;
    ground.leave().await;
    output::print_line(&format!("made the user {}", made.id))?;
    if is_made {
        output::print_line(&format!("password (shown once): {}", password.expose_secret()))?;
    }
    Ok(())
}

#[derive(Args)]
pub(super) struct UserReset {
    /// E-mail address that the user signs in with
    #[arg(long)]
    email: String,
    /// Short name of the organization
    #[arg(long, value_name = "SLUG", default_value = ORGANIZATION)]
    organization: String,
}

/// Gives a user another password, which comes on stdin, or is made and printed once.
pub(super) async fn reset_user(config: &Config, user: UserReset) -> Result<(), AppError> {
    let (password, is_made) = match read_password()? {
        Some(password) => (password, false),
        None => (make_password()?, true),
    };
    let ground = foundation::Ground::prepare(config, false).await?;
    let admin = foundation::admin(config, &ground).await?;
    let found = admin.agent_locate(&user.organization, &user.email).await?;
    let unknown = || {
        let slug = &user.organization;
        AppError::Refused(format!("the organization {slug} has no agent {}", user.email))
    };
    let (organization, id) = found.ok_or_else(unknown)?;
    admin.agent_set_password(By::system(organization), id, password.clone()).await?;
    ground.leave().await;
    output::print_line(&format!("{id} has another password, and is signed out everywhere"))?;
    if is_made {
        output::print_line(&format!("password (shown once): {}", password.expose_secret()))?;
    }
    Ok(())
}

/// Makes a token and prints its secret, alone.
pub(super) async fn create_token(config: &Config, token: NewToken) -> Result<(), AppError> {
    let ground = foundation::Ground::prepare(config, true).await?;
    let admin = foundation::admin(config, &ground).await?;
    let organization = admin.organization_ensure(&token.organization, &token.organization).await?;
    let agent = match &token.agent {
        None => None,
        Some(email) => {
            let found = admin.agent_find_by_email(organization.id, email).await?;
            let unknown = || {
                let slug = &token.organization;
                AppError::Refused(format!("the organization {slug} has no agent {email}"))
            };
            Some(found.ok_or_else(unknown)?.id)
        }
    };
    let new = NewApiToken { name: token.name, role: token.role.into(), agent, expires_at: None };
    let issued = admin.api_token_create(By::system(organization.id), new).await?;
    ground.leave().await;
    output::print_line(issued.secret.expose_secret())
}

/// The first line of stdin; none when it is a terminal or empty.
fn read_password() -> Result<Option<SecretString>, AppError> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Ok(None);
    }
    let mut text = String::new();
    let unreadable = |_error| AppError::Refused("the password on stdin is not text".to_owned());
    stdin.lock().take(STDIN_BYTES_MAX).read_to_string(&mut text).map_err(unreadable)?;
    let line = text.lines().next().unwrap_or_default();
    Ok((!line.is_empty()).then(|| line.to_owned().into()))
}

/// A password that nobody has to think of.
pub(in crate::app) fn make_password() -> Result<SecretString, AppError> {
    let mut bytes = [0; PASSWORD_BYTES];
    let no_randomness = |_error| AppError::Refused("the machine gives no random numbers".into());
    getrandom::fill(&mut bytes).map_err(no_randomness)?;
    Ok(BASE32_NOPAD.encode(&bytes).to_lowercase().into())
}
