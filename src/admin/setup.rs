//! The first run: a system that is nobody's, and the one-time code that makes it somebody's.
//!
//! **Invariant:** a code is good until the first agent is made, by whatever way; then none ever is
//! again. Whoever claims holds the row of the installation, so that of many at once one succeeds.

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{
    Admin, AdminError, By, SignedIn,
    error::{Refusal, RefusalCode},
    field,
    setup_code::{self, MadeCode},
};
use crate::{
    domain::{
        audit::{AuditChanges, Origin},
        conversation::access::Role,
        ids::{AgentId, OrganizationId},
        organization::{Agent, Organization, Stamp},
    },
    store::{StoreError, agent, commit::Actor, credential, organization, setup},
};

/// The short name of the organization of a system that has one.
pub const FIRST_ORGANIZATION: &str = "default";

/// What belongs to no organization is written as one that does not exist.
const NOBODY: OrganizationId = OrganizationId(Uuid::nil());
/// There is one system to guess the code of.
const SYSTEM: &str = "";

/// Who claims a system; without `Debug`, since an address does not belong in a log.
#[derive(Clone)]
pub struct Claim {
    pub setup_code: SecretString,
    pub organization_name: String,
    /// What colleagues will see of the first admin.
    pub name: String,
    pub email: String,
    pub password: SecretString,
    /// The request that it is claimed with.
    pub origin: Origin,
}

impl Admin {
    /// Whether there is anybody yet.
    pub async fn is_claimed(&self) -> Result<bool, StoreError> {
        let mut connection = self.store.system().await?;
        setup::is_claimed(&mut connection).await
    }

    /// Makes a set-up code; `None`: the system is claimed, and needs none.
    pub async fn setup_code_create(&self) -> Result<Option<SecretString>, AdminError> {
        if self.is_claimed().await? {
            return Ok(None);
        }
        let MadeCode { code, hash } = setup_code::make()?;
        let mut connection = self.store.write(NOBODY).await?;
        let is_added = setup::add_code(&mut connection, &hash).await?;
        connection.commit().await?;
        Ok(is_added.then_some(code))
    }

    /// Claims a system: makes its organization and its first admin, and signs them in.
    ///
    /// Every code that is not good gets the same refusal, also where the system is claimed.
    pub async fn setup_complete(&self, claim: Claim) -> Result<SignedIn, AdminError> {
        let organization_name = field::name("organizationName", &claim.organization_name)?;
        let display_name = field::name("name", &claim.name)?;
        let email = field::email(&claim.email)?;
        field::password("password", &claim.password)?;
        let attempt = self.claims.begin(SYSTEM)?;
        match self.good_code(&claim.setup_code).await {
            Ok(Some(hash)) => {
                attempt.forgive();
                let password_hash = self.passwords.hash(claim.password).await?;
                let admin = FirstAdmin {
                    organization_name,
                    display_name,
                    email,
                    password_hash,
                    origin: claim.origin,
                };
                self.claim_with(&hash, admin).await
            }
            Ok(None) => Err(not_good()),
            Err(error) => {
                // Nobody can tell whether the code was right.
                attempt.forgive();
                Err(error)
            }
        }
    }
}

/// A first admin whose input is in order.
struct FirstAdmin {
    organization_name: String,
    display_name: String,
    email: String,
    password_hash: String,
    origin: Origin,
}

impl Admin {
    /// The hash of a code that is good as far as one can see before it is used.
    async fn good_code(&self, typed: &SecretString) -> Result<Option<[u8; 32]>, AdminError> {
        let Some(hash) = setup_code::hash_of(typed.expose_secret()) else { return Ok(None) };
        let mut connection = self.store.system().await?;
        Ok(setup::has_code(&mut connection, &hash).await?.then_some(hash))
    }

    /// All of it, or nothing: the code, the organization, the admin, the session.
    async fn claim_with(&self, hash: &[u8; 32], new: FirstAdmin) -> Result<SignedIn, AdminError> {
        // A command that failed half-way may have left an organization without anybody in it.
        let left = self.organization_of_slug(FIRST_ORGANIZATION).await?;
        let organization = match &left {
            Some(left) => Organization { name: new.organization_name, ..left.clone() },
            None => self.new_organization(FIRST_ORGANIZATION, new.organization_name),
        };
        let now = self.clock.now();
        let admin = Agent {
            id: AgentId(self.clock.new_uuid()),
            email: Some(new.email),
            display_name: new.display_name,
            role: Role::Admin,
            active: true,
            stamp: Stamp::new(now),
        };
        let row =
            agent::NewAgent { agent: &admin, password_hash: Some(&new.password_hash), queues: &[] };
        let actor = Actor::Agent(admin.id);
        let by = By { organization: organization.id, agent: admin.id, actor, origin: new.origin };
        let (session, signed_in) = self.new_session(organization.id, admin.id, admin.role)?;
        let mut connection = self.store.write(organization.id).await?;
        if !setup::claim(&mut connection, hash, now).await? {
            return Err(not_good());
        }
        if left.is_some() {
            organization::rename(&mut connection, organization.id, &organization.name, now).await?;
        } else {
            organization::insert(&mut connection, &organization).await?;
        }
        let changes = AuditChanges::default()
            .set("organizationName", &organization.name)
            .set("role", admin.role.as_str())
            .secret("password", false);
        let change = self.created(by, "setupComplete", admin.id).noting(changes);
        agent::insert(&mut connection, row, &change).await?;
        credential::insert_session(&mut connection, &session).await?;
        connection.commit().await?;
        tracing::info!(agent.id = %admin.id, "somebody has claimed this system");
        Ok(signed_in)
    }
}

fn not_good() -> AdminError {
    let message = "this set-up code is not good: read it again, or, if somebody has claimed this \
                   system, sign in";
    Refusal::at("setupCode", RefusalCode::CredentialsRejected, message).into()
}
