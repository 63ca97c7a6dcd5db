//! Signing in and out, and who the caller is.

use async_graphql::{Context, Enum, Error, ID, InputObject, Object, SimpleObject};
use futures_util::future::try_join_all;
use secrecy::ExposeSecret;

use super::{
    actor::ActorObject,
    administration::{admin_stop, by, check_storable, no_such, read_id},
    context::{Principal, connect_to, origin, principal, services},
    conversation::change::{Stop, answer},
    error::{UserError, UserErrorCode, fault},
    loader::{Lookup, QueuesOf, load},
    organization::{AgentObject, OrganizationObject, QueueObject, Role},
    scalar::DateTime,
    secret_text::SecretText,
    transport::SessionCookie,
    viewer::viewer,
};
use crate::{
    admin::SignedIn,
    domain::{conversation::access, ids::AgentId},
    store::{
        credential::{self, Credential, GoodSession},
        organization,
    },
};

/// The caller, or whoever has just signed in.
pub struct ViewerObject {
    principal: Principal,
    lookup: Lookup,
}

/// The caller.
#[Object(name = "Viewer")]
impl ViewerObject {
    /// What the caller's changes are recorded as: a person, or an API token.
    async fn actor(&self) -> ActorObject {
        ActorObject::new(self.principal.caller().actor(), self.lookup.clone())
    }

    /// The person; with an API token, the agent that it acts as.
    async fn agent(&self, context: &Context<'_>) -> Result<Option<AgentObject>, Error> {
        let found = self.lookup.load(context, self.principal.agent).await?;
        Ok(found.map(|agent| AgentObject::new(agent, self.lookup.clone())))
    }

    /// What the caller may do; with an API token, the lesser of its role and its agent's.
    async fn role(&self) -> Role {
        self.principal.role.into()
    }

    /// The queues that the caller works.
    #[graphql(complexity = "crate::api::graphql::organization::QUEUES_COST * child_complexity + 1")]
    async fn queues(&self, context: &Context<'_>) -> Result<Vec<QueueObject>, Error> {
        let ids = self.lookup.load(context, QueuesOf(self.principal.agent)).await?;
        let ids = ids.unwrap_or_default();
        let found = try_join_all(ids.into_iter().map(|id| self.lookup.load(context, id))).await?;
        let object = |queue| QueueObject::new(queue, self.lookup.clone());
        Ok(found.into_iter().flatten().map(object).collect())
    }

    /// Whom the caller belongs to.
    async fn organization(&self, context: &Context<'_>) -> Result<OrganizationObject, Error> {
        let id = self.principal.organization;
        let mut connection = connect_to(context, id).await?;
        let found = organization::find(&mut connection, id).await;
        found
            .map_err(|error| fault(&error))?
            .map(OrganizationObject::from)
            .ok_or_else(|| Error::new("the viewer's organization is not there"))
    }

    /// When the session or the API token of this request ends; null for a token without end.
    async fn session_expires_at(&self) -> Option<DateTime> {
        self.principal.expires_at.map(DateTime::from)
    }
}

/// How many sessions of an agent are reckoned with, for the cost of a document.
pub const SESSIONS_COST: usize = 5;

/// A session of the caller, or of an agent of an admin's.
pub struct SessionObject {
    session: GoodSession,
    is_current: bool,
}

/// A time for which somebody is signed in.
#[Object(name = "Session")]
impl SessionObject {
    /// Opaque and stable; what `sessionRevoke` takes.
    async fn id(&self) -> ID {
        ID(self.session.id.to_string())
    }

    /// When they signed in.
    async fn created_at(&self) -> DateTime {
        self.session.created_at.into()
    }

    /// When it ends unless it is used: 12 hours after it was, give or take half an hour.
    async fn expires_at(&self) -> DateTime {
        self.session.expires_at.into()
    }

    /// Whether it is the one of this request.
    async fn current(&self) -> bool {
        self.is_current
    }
}

/// Reads the caller.
#[derive(Default)]
pub struct SessionQuery;

#[Object]
impl SessionQuery {
    /// Who is asking.
    #[expect(clippy::unused_async, reason = "the macro takes async functions only")]
    async fn viewer(&self, context: &Context<'_>) -> Result<Option<ViewerObject>, Error> {
        let role = viewer(context)?.role;
        let principal = Principal { role, ..principal(context)?.clone() };
        Ok(Some(ViewerObject { principal, lookup: Lookup::Caller }))
    }

    /// Sessions that are good now, newest first: the caller's own, or for admins those of an agent.
    #[graphql(complexity = "crate::api::graphql::session::SESSIONS_COST * child_complexity + 1")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whose, for admins; without it, the caller's own.")] agent_id: Option<ID>,
    ) -> Result<Option<Vec<SessionObject>>, Error> {
        let caller = principal(context)?;
        let agent = match agent_id {
            None => caller.agent,
            Some(id) => {
                let is_allowed =
                    |agent: &AgentId| *agent == caller.agent || caller.role == access::Role::Admin;
                let asked = id.parse::<AgentId>().ok().filter(is_allowed);
                let Some(agent) = asked else { return Ok(None) };
                if load(context, agent).await?.is_none() {
                    return Ok(None);
                }
                agent
            }
        };
        let now = services(context)?.clock.now();
        let mut connection = connect_to(context, caller.organization).await?;
        let read =
            credential::list_sessions(&mut connection, caller.organization, agent, now).await;
        let current = caller.credential;
        let object = |session: GoodSession| {
            let is_current = current == Credential::Session(session.id);
            SessionObject { session, is_current }
        };
        Ok(Some(read.map_err(|error| fault(&error))?.into_iter().map(object).collect()))
    }
}

/// An e-mail address and a password.
#[derive(InputObject)]
pub struct SessionCreateInput {
    /// The address that an admin has entered; upper and lower case are the same.
    email: String,
    /// Write-only: never returned, never logged.
    password: SecretText,
    /// How the session comes back; pages in a browser should ask for a cookie.
    #[graphql(default)]
    delivery: SessionDelivery,
}

/// How a new session is handed over.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum SessionDelivery {
    /// In the answer, to be sent as a bearer token.
    #[default]
    Token,
    /// As a cookie that no script can read; over HTTP only. `token` is null then.
    Cookie,
}

/// A session that has begun. A token is sent as `authorization: Bearer …`.
#[derive(SimpleObject, Default)]
pub struct SessionPayload {
    /// What to send from now on. Shown once; null when it came as a cookie.
    token: Option<String>,
    /// When it ends.
    expires_at: Option<DateTime>,
    /// Who signed in.
    viewer: Option<ViewerObject>,
    /// Why nobody did.
    user_errors: Vec<UserError>,
}

impl From<UserError> for SessionPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// A session to end.
#[derive(InputObject)]
pub struct SessionRevokeInput {
    /// One of the caller's own, or for admins anybody's; without it, the session of this request.
    session_id: Option<ID>,
}

/// The sessions that have ended.
#[derive(SimpleObject, Default)]
pub struct SessionRevokePayload {
    /// Their ids.
    revoked_ids: Option<Vec<ID>>,
    /// Why none has.
    user_errors: Vec<UserError>,
}

impl SessionRevokePayload {
    pub fn ended(ids: impl Iterator<Item = ID>) -> Self {
        Self { revoked_ids: Some(ids.collect()), user_errors: Vec::new() }
    }
}

impl From<UserError> for SessionRevokePayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Signs in and out.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Sign in with a password. Rate limited.
    ///
    /// The answer is the same for an unknown e-mail address and a wrong password.
    async fn session_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "E-mail address and password.")] input: SessionCreateInput,
    ) -> Result<Option<SessionPayload>, Error> {
        answer(Box::pin(create(context, input)).await)
    }

    /// Sign out. Without a session id: this one.
    async fn session_revoke(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which session.")] input: SessionRevokeInput,
    ) -> Result<Option<SessionRevokePayload>, Error> {
        answer(Box::pin(revoke(context, input)).await)
    }
}

async fn create(context: &Context<'_>, input: SessionCreateInput) -> Result<SessionPayload, Stop> {
    check_storable(&[("email", Some(&input.email))])?;
    let carrier = Carrier::of(context, input.delivery)?;
    let asked = services(context)?
        .admin
        .sign_in(&input.email, &input.password.into_secret(), origin(context))
        .await;
    hand_over(context, &asked.map_err(admin_stop)?, carrier)
}

/// What a session travels in.
#[derive(Clone, Copy)]
pub enum Carrier {
    Token,
    Cookie(SessionCookie),
}

impl Carrier {
    /// Asked before anybody is signed in, since a socket cannot set a cookie.
    pub fn of(context: &Context<'_>, delivery: SessionDelivery) -> Result<Self, UserError> {
        match (delivery, context.data_opt::<SessionCookie>()) {
            (SessionDelivery::Token, _) => Ok(Self::Token),
            (SessionDelivery::Cookie, Some(cookie)) => Ok(Self::Cookie(*cookie)),
            (SessionDelivery::Cookie, None) => {
                let message = "a cookie can be set by a POST only; sign in over HTTP";
                Err(UserError::at("delivery", UserErrorCode::Invalid, message))
            }
        }
    }
}

/// Answers who has just signed in, with the secret in what it travels in.
pub fn hand_over(
    context: &Context<'_>,
    signed_in: &SignedIn,
    carrier: Carrier,
) -> Result<SessionPayload, Stop> {
    let secret = signed_in.token.expose_secret();
    let token = match carrier {
        Carrier::Token => Some(secret.to_owned()),
        Carrier::Cookie(cookie) => {
            context.append_http_header(SessionCookie::HEADER, cookie.begin(secret));
            None
        }
    };
    let lookup = Lookup::signed_in(services(context)?, signed_in.holder.organization);
    // Its queues are looked up when they are asked for.
    let principal = Principal::of(&signed_in.holder, Vec::new());
    Ok(SessionPayload {
        token,
        expires_at: Some(signed_in.expires_at.into()),
        viewer: Some(ViewerObject { principal, lookup }),
        user_errors: Vec::new(),
    })
}

async fn revoke(
    context: &Context<'_>,
    input: SessionRevokeInput,
) -> Result<SessionRevokePayload, Stop> {
    let session = match (&input.session_id, principal(context)?.credential) {
        (Some(id), _) => read_id("sessionId", "session", id)?,
        (None, Credential::Session(session)) => session,
        (None, Credential::ApiToken(_)) => {
            let message = "an API token has no session; name one, or use `apiTokenRevoke`";
            return Err(UserError::at("sessionId", UserErrorCode::Required, message).into());
        }
    };
    let is_admin = viewer(context)?.role == access::Role::Admin;
    let asked = services(context)?.admin.sign_out(by(context)?, session, is_admin).await;
    if !asked.map_err(admin_stop)? {
        return Err(no_such("sessionId", "session"));
    }
    if principal(context)?.credential == Credential::Session(session)
        && let Some(cookie) = context.data_opt::<SessionCookie>()
    {
        context.append_http_header(SessionCookie::HEADER, cookie.end());
    }
    Ok(SessionRevokePayload::ended(std::iter::once(ID(session.to_string()))))
}
