//! What a person should look at. Supervisors and admins see it; an admin notes that it was seen.

use std::sync::Arc;

use async_graphql::{
    Context, Enum, Error, ID, InputObject, Object, SimpleObject, connection::Connection,
};

use super::{
    administration::{no_such, read_id},
    connection::{PageArguments, connect_rows},
    context::{caller, principal, services},
    conversation::{
        change::{Stop, answer, engine_stop},
        reading::Reading,
    },
    cursor::encode_id,
    error::{UserError, fault},
    loader::load,
    node::{Node, find_subject},
    organization::AgentObject,
    scalar::DateTime,
};
use crate::{
    domain::{
        alert::{self as domain, Alert},
        ids::AlertId,
    },
    engine::EngineError,
    store,
};

/// What kind of trouble an alert is about. More may come; show unknown ones by their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::AlertKind")]
pub enum AlertKind {
    /// The provider takes nothing from an account; its texts wait.
    #[graphql(name = "ACCOUNT_STOPPED")]
    AccountStopped,
    /// A customer's text came to a number that takes none; `callbackReplay` after set-up.
    #[graphql(name = "CALLBACK_UNROUTED")]
    CallbackUnrouted,
    /// A callback could not be carried out by a fault of this program; `callbackReplay` after an
    /// upgrade.
    #[graphql(name = "CALLBACK_PARKED")]
    CallbackParked,
    /// Callbacks are wrongly signed: somebody forges them, or a key is wrong; `quarantineReplay`
    /// after the key has been corrected.
    #[graphql(name = "CALLBACKS_REFUSED")]
    CallbacksRefused,
}

/// An alert; only supervisors and admins are shown one.
#[derive(Clone)]
pub struct AlertObject {
    pub alert: Arc<Alert>,
    /// Position of the feed before the alert was read.
    pub as_of: i64,
}

/// Something that a person should look at.
///
/// One trouble is one alert, however often it is noticed. It is over when `clearedAt` is set.
#[Object(name = "Alert")]
impl AlertObject {
    /// Opaque and stable.
    pub async fn id(&self) -> ID {
        ID(self.alert.id.to_string())
    }

    /// What kind of trouble it is.
    async fn kind(&self) -> AlertKind {
        self.alert.kind.into()
    }

    /// What happened and what to do.
    async fn text(&self) -> &str {
        &self.alert.text
    }

    /// What it is about; null where there is no object for it, or none that the viewer may see.
    async fn subject(&self, context: &Context<'_>) -> Result<Option<Node>, Error> {
        match &self.alert.subject_id {
            Some(id) => Box::pin(find_subject(context, id, self.as_of)).await,
            None => Ok(None),
        }
    }

    /// When it was raised.
    async fn raised_at(&self) -> DateTime {
        self.alert.raised_at.into()
    }

    /// When it was last noticed.
    async fn renewed_at(&self) -> DateTime {
        self.alert.renewed_at.into()
    }

    /// How often it was noticed; what comes within ten seconds counts once.
    async fn count(&self) -> i32 {
        self.alert.count
    }

    /// When an admin noted that it was seen.
    async fn acknowledged_at(&self) -> Option<DateTime> {
        self.alert.acknowledged.map(|(_, at)| at.into())
    }

    /// Who noted that it was seen.
    async fn acknowledged_by(&self, context: &Context<'_>) -> Result<Option<AgentObject>, Error> {
        let Some((agent, _)) = self.alert.acknowledged else { return Ok(None) };
        Ok(load(context, agent).await?.map(AgentObject::from))
    }

    /// When it was over. It can be looked up for 30 days more.
    async fn cleared_at(&self) -> Option<DateTime> {
        self.alert.cleared_at.map(DateTime::from)
    }
}

/// Reads alerts.
#[derive(Default)]
pub struct AlertQuery;

#[Object]
impl AlertQuery {
    /// Alerts in the order in which they were raised; the newest with `last`.
    #[expect(clippy::too_many_arguments, reason = "every connection has these four")]
    #[graphql(complexity = "crate::api::graphql::page_cost(first, last) * child_complexity + 2")]
    async fn alerts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Size of the page, from the oldest; at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Size of the page, from the newest; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "True: only what goes on. False: only what is over.")] open: Option<bool>,
    ) -> Result<Option<Connection<String, AlertObject>>, Error> {
        let page = PageArguments { first, after, last, before }.by_id()?;
        let organization = principal(context)?.organization;
        let mut reading = Reading::begin(context).await?;
        let read = store::alert::list(&mut reading.connection, organization, open, page).await;
        let slice = read.map_err(|error| fault(&error))?;
        let as_of = reading.as_of;
        let object = |alert| AlertObject { alert: Arc::new(alert), as_of };
        Ok(Some(connect_rows(slice, |row| encode_id(row.id.0), object)))
    }
}

/// An alert that was seen.
#[derive(InputObject)]
pub struct AlertAcknowledgeInput {
    /// Which one.
    alert_id: ID,
}

/// The alert as it stands after the change.
#[derive(SimpleObject, Default)]
pub struct AlertPayload {
    /// As it stands now.
    alert: Option<AlertObject>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

impl From<UserError> for AlertPayload {
    fn from(error: UserError) -> Self {
        Self { user_errors: vec![error], ..Self::default() }
    }
}

/// Notes what was seen.
#[derive(Default)]
pub struct AlertMutation;

#[Object]
impl AlertMutation {
    /// Note that an alert was seen. The first one to do so stays; a second time changes nothing.
    async fn alert_acknowledge(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which alert.")] input: AlertAcknowledgeInput,
    ) -> Result<Option<AlertPayload>, Error> {
        answer(Box::pin(acknowledge(context, input)).await)
    }
}

async fn acknowledge(
    context: &Context<'_>,
    input: AlertAcknowledgeInput,
) -> Result<AlertPayload, Stop> {
    let id: AlertId = read_id("alertId", "alert", &input.alert_id)?;
    let as_of = Reading::begin(context).await?.as_of;
    let (engine, caller) = (&services(context)?.engine, caller(context)?);
    match engine.acknowledge_alert(caller, id).await {
        Ok(alert) => {
            let alert = Some(AlertObject { alert: Arc::new(alert), as_of });
            Ok(AlertPayload { alert, user_errors: Vec::new() })
        }
        Err(EngineError::NotFound) => Err(no_such("alertId", "alert")),
        Err(error) => Err(engine_stop(error)),
    }
}
