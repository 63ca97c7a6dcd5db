//! The way in: signing in, staying in, signing out; and whose secret it is that a request bears.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use super::{
    Admin, AdminError, By,
    error::{Refusal, RefusalCode},
    field,
    secret_token::{self, TokenKind},
};
use crate::{
    domain::{
        audit::{AuditOutcome, Origin},
        conversation::access::Role,
        ids::{AgentId, OrganizationId, QueueId, SessionId},
    },
    store::{
        StoreError, SystemConnection,
        agent::{self, SignIn},
        audit::{self, NewAuditEntry},
        commit::Actor,
        credential::{self, Credential, Holder, LiveSession, LiveToken, NewSession},
    },
};

/// A session that is not used ends after this.
const SESSION_IDLE: TimeDelta = TimeDelta::hours(12);
/// A session ends after this, however much it is used.
const SESSION_ABSOLUTE: TimeDelta = TimeDelta::days(7);
/// A session that is used is written no more often than this.
const SESSION_WRITE_INTERVAL: TimeDelta = TimeDelta::minutes(30);

/// A token that is used is written no more often than this.
const TOKEN_WRITE_INTERVAL: TimeDelta = TimeDelta::minutes(1);

/// A session that was just begun.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The bearer secret, shown once.
    pub token: SecretString,
    /// When it ends unless it is used; use moves it on, for seven days at the most.
    pub expires_at: DateTime<Utc>,
    pub holder: Holder,
}

/// Whose secret it is, and which queues they work.
#[derive(Debug, Clone)]
pub struct Authenticated {
    pub holder: Holder,
    pub queues: Vec<QueueId>,
}

/// Whether a password was that of an address.
pub(super) enum Proof {
    Good(SignIn),
    /// It was not; whose address it is, if it is one's.
    Bad(Option<(OrganizationId, AgentId)>),
}

impl Admin {
    /// Begins a session. Every wrong pair gets the same refusal, after the same work.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &SecretString,
        origin: Origin,
    ) -> Result<SignedIn, AdminError> {
        let email = field::canonical_email(email);
        let result = self.try_to_sign_in(&email, password, origin).await;
        let outcome = match &result {
            Ok(_) => "signed_in",
            Err(AdminError::Refused(refusal)) if refusal.code == RefusalCode::RateLimited => {
                "limited"
            }
            Err(AdminError::Refused(_)) => "refused",
            Err(AdminError::Busy | AdminError::Store(_)) => "failed",
        };
        metrics::counter!("centralino_sign_ins_total", "outcome" => outcome).increment(1);
        result
    }

    async fn try_to_sign_in(
        &self,
        email: &str,
        password: &SecretString,
        origin: Origin,
    ) -> Result<SignedIn, AdminError> {
        match self.tried(email, password).await? {
            Proof::Good(signer) => self.begin_session(&signer, origin).await,
            Proof::Bad(whose) => {
                self.note_failure("sessionCreate", whose, origin);
                Err(wrong())
            }
        }
    }

    /// [`Self::prove`], as often as a password may be tried.
    pub(super) async fn tried(
        &self,
        email: &str,
        password: &SecretString,
    ) -> Result<Proof, AdminError> {
        let attempt = self.sign_ins.begin(email)?;
        let proof = self.prove(email, password).await;
        // A failure does not tell whether the password was right.
        if !matches!(proof, Ok(Proof::Bad(_))) {
            attempt.forgive();
        }
        proof
    }

    /// The active agent of the address, if that is its password.
    async fn prove(&self, email: &str, password: &SecretString) -> Result<Proof, AdminError> {
        let found = self.signer(email).await?;
        let whose = found.as_ref().map(|signer| (signer.organization, signer.agent.id));
        let hash = found.as_ref().and_then(|signer| signer.password_hash.clone());
        // What is too long to be a password is checked all the same, against nobody's.
        let (tried, hash) = if field::is_password(password) {
            (password.clone(), hash)
        } else {
            (SecretString::from(""), None)
        };
        let is_right = self.passwords.verify(tried, hash).await?;
        let good = found.filter(|signer| is_right && signer.agent.active);
        Ok(good.map_or(Proof::Bad(whose), Proof::Good))
    }

    /// Notes a failed attempt on somebody's address, beside: who waits must not learn from the
    /// time whether there is such an address. The limit of attempts bounds how many there are.
    pub(super) fn note_failure(
        &self,
        action: &'static str,
        whose: Option<(OrganizationId, AgentId)>,
        origin: Origin,
    ) {
        let Some((organization, agent)) = whose else { return };
        let by = By { origin, ..By::system(organization) };
        let entry = self.noted(by, action, agent);
        let entry = NewAuditEntry { outcome: AuditOutcome::Refused, ..entry };
        let store = self.store.clone();
        tokio::spawn(async move {
            let noting = async {
                let mut connection = store.write(organization).await?;
                audit::record(&mut connection, entry).await?;
                connection.commit().await
            };
            if let Err(error) = noting.await {
                tracing::warn!(%error, agent.id = %agent, "a failed sign-in was not noted");
            }
        });
    }

    async fn signer(&self, email: &str) -> Result<Option<SignIn>, AdminError> {
        let mut connection = self.store.system().await?;
        let located = agent::locate_email(&mut connection, email).await?;
        drop(connection);
        let Some((organization, id)) = located else { return Ok(None) };
        let mut connection = self.store.read(organization).await?;
        Ok(agent::find_for_sign_in(&mut connection, organization, id).await?)
    }

    async fn begin_session(&self, signer: &SignIn, origin: Origin) -> Result<SignedIn, AdminError> {
        let (organization, agent) = (signer.organization, &signer.agent);
        let (session, signed_in) = self.new_session(organization, agent.id, agent.role)?;
        let by = By { organization, agent: agent.id, actor: Actor::Agent(agent.id), origin };
        let mut connection = self.store.write(organization).await?;
        if !agent::keep_as_proved(&mut connection, signer).await? {
            return Err(wrong());
        }
        credential::insert_session(&mut connection, &session).await?;
        audit::record(&mut connection, self.noted(by, "sessionCreate", session.id)).await?;
        connection.commit().await?;
        Ok(signed_in)
    }

    /// A session that is to be stored, and what it is once it is.
    pub(super) fn new_session(
        &self,
        organization: OrganizationId,
        agent: AgentId,
        role: Role,
    ) -> Result<(NewSession, SignedIn), AdminError> {
        let made = secret_token::make(TokenKind::Session)?;
        let now = self.clock.now();
        let expires_at = now + SESSION_IDLE;
        let id = SessionId(self.clock.new_uuid());
        let session = NewSession {
            organization,
            id,
            agent,
            token_hash: made.hash,
            created_at: now,
            expires_at,
        };
        let holder = Holder {
            organization,
            agent,
            role,
            credential: Credential::Session(id),
            expires_at: Some(expires_at),
        };
        Ok((session, SignedIn { token: made.secret, expires_at, holder }))
    }

    /// Ends one of the caller's own sessions, or an admin's choice; `false`: it is not theirs to
    /// end, or has ended.
    pub async fn sign_out(
        &self,
        by: By,
        session: SessionId,
        is_admin: bool,
    ) -> Result<bool, AdminError> {
        let now = self.clock.now();
        let owner = (!is_admin).then_some(by.agent);
        let mut connection = self.store.write(by.organization).await?;
        let whose = (by.organization, owner);
        let ended = credential::revoke_session(&mut connection, whose, session, now).await?;
        if ended {
            audit::record(&mut connection, self.noted(by, "sessionRevoke", session)).await?;
        }
        connection.commit().await?;
        Ok(ended)
    }

    /// Whom a bearer secret belongs to now; `None` for one that is not good.
    ///
    /// A session that is used runs on.
    pub async fn authenticate(&self, secret: &str) -> Result<Option<Authenticated>, StoreError> {
        let Some(kind) = TokenKind::of(secret) else { return Ok(None) };
        let mut connection = self.store.system().await?;
        let Some(holder) = self.holder_of(kind, secret, &mut connection).await? else {
            return Ok(None);
        };
        let queues = credential::queues_of(&mut connection, &holder).await?;
        Ok(Some(Authenticated { holder, queues }))
    }

    /// Those of the credentials that are still good.
    pub async fn good_credentials(
        &self,
        credentials: &[(OrganizationId, Credential)],
    ) -> Result<HashSet<(OrganizationId, Credential)>, StoreError> {
        let mut connection = self.store.system().await?;
        credential::find_good(&mut connection, credentials, self.clock.now()).await
    }

    async fn holder_of(
        &self,
        kind: TokenKind,
        secret: &str,
        connection: &mut SystemConnection,
    ) -> Result<Option<Holder>, StoreError> {
        let (hash, now) = (secret_token::hash(secret), self.clock.now());
        match kind {
            TokenKind::ApiToken => {
                let found = credential::find_api_token(connection, &hash, now).await?;
                let Some(LiveToken { holder, last_used_at }) = found else { return Ok(None) };
                if last_used_at.is_none_or(|at| at <= now - TOKEN_WRITE_INTERVAL) {
                    self.write_down_use(&holder, now).await;
                }
                Ok(Some(holder))
            }
            // It opens one door, and nobody is signed in by it.
            TokenKind::PasswordLink => Ok(None),
            TokenKind::Session => {
                let found = credential::find_session(connection, &hash, now).await?;
                let Some(LiveSession { mut holder, created_at }) = found else { return Ok(None) };
                if let Some(expires_at) = extended(created_at, holder.expires_at, now) {
                    self.extend(&mut holder, expires_at).await;
                }
                Ok(Some(holder))
            }
        }
    }

    /// Remembers that a token is used; where that fails, the next request tries again.
    async fn write_down_use(&self, holder: &Holder, now: DateTime<Utc>) {
        let Credential::ApiToken(id) = holder.credential else { return };
        let writing = async {
            let token = (holder.organization, id);
            let mut connection = self.store.write(holder.organization).await?;
            credential::touch_token(&mut connection, token, now, now - TOKEN_WRITE_INTERVAL)
                .await?;
            connection.commit().await
        };
        if let Err(error) = writing.await {
            tracing::warn!(%error, token.id = %id, "a token's use was not written down");
        }
    }

    /// Lets a session run on; where that fails it is still good, and the next request tries again.
    async fn extend(&self, holder: &mut Holder, expires_at: DateTime<Utc>) {
        let Credential::Session(id) = holder.credential else { return };
        let extending = async {
            let organization = holder.organization;
            let mut connection = self.store.write(organization).await?;
            credential::extend_session(&mut connection, organization, id, expires_at).await?;
            connection.commit().await
        };
        match extending.await {
            Ok(()) => holder.expires_at = Some(expires_at),
            Err(error) => tracing::warn!(%error, session.id = %id, "a session was not extended"),
        }
    }
}

fn wrong() -> AdminError {
    let message = "the e-mail address or the password is wrong";
    Refusal::new(RefusalCode::CredentialsRejected, message).into()
}

/// When a session that is used now ends, if that is to be written.
fn extended(
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let later = (now + SESSION_IDLE).min(created_at + SESSION_ABSOLUTE);
    expires_at.filter(|expires_at| later - expires_at >= SESSION_WRITE_INTERVAL).map(|_| later)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Clock;

    #[test]
    fn a_session_that_is_used_runs_on_for_seven_days_and_is_seldom_written() {
        let created = Clock::default().now();
        let hours = |hours: i64| created + TimeDelta::hours(hours);
        let at_first = Some(hours(12));
        assert_eq!(extended(created, at_first, created + TimeDelta::minutes(29)), None);
        assert_eq!(
            extended(created, at_first, created + TimeDelta::minutes(30)),
            Some(hours(12) + TimeDelta::minutes(30))
        );
        assert_eq!(extended(created, at_first, hours(11)), Some(hours(23)));
        let week = 7 * 24;
        assert_eq!(extended(created, Some(hours(week - 1)), hours(week - 2)), Some(hours(week)));
        assert_eq!(extended(created, Some(hours(week)), hours(week - 1)), None, "the end is fixed");
    }
}
