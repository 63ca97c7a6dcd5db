//! Loads what objects refer to, once for each request, in one query for each kind.
//!
//! **Invariant:** loaders are made for a request and know its organization; sharing one between
//! requests would answer one organization with another's rows. A subscription gets fresh ones for
//! each event.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_graphql::{
    Context, Error, Response,
    dataloader::{DataLoader, Loader},
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    runtime::{TokioSpawner, TokioTimer},
};
use chrono::{DateTime, Utc};

use super::{
    context::{Principal, Services, principal},
    error::fault,
};
use crate::{
    domain::{
        alert::Alert,
        channel::{AccountStop, ChannelAccount, SupportNumber},
        conversation::Conversation,
        ids::{
            AgentId, AlertId, ApiTokenId, AuditEntryId, ChannelAccountId, ConversationId,
            MessageId, OrganizationId, QuarantinedCallbackId, QueueId, ReceiptId, SupportNumberId,
            WorkstreamId,
        },
        message::Message,
        organization::{Agent, Queue, Workstream},
    },
    store::{
        Reader, StoreError, account_flow, agent, alert,
        api_token::{self, ApiToken},
        audit::{self, AuditEntry},
        channel_account, conversation,
        message::{self, SendAttempt},
        quarantine::{self, Quarantined},
        queue,
        receipt::{self, Receipt},
        support_number, workstream,
    },
};

/// Keys that go into one query.
const BATCH_KEYS_MAX: usize = 200;

/// Reads rows of one organization.
pub struct Rows {
    reader: Reader,
    organization: OrganizationId,
}

/// The newest text of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NewestMessageOf(pub ConversationId);

/// The tries of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttemptsOf(pub MessageId);

/// When an account's newest callback arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LastCallbackOf(pub ChannelAccountId);

/// Why an account's texts wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StopOf(pub ChannelAccountId);

/// The queues of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct QueuesOf(pub AgentId);

macro_rules! by_id {
    ($($key:ty => $value:ty, $find:path, $id_of:expr;)*) => {$(
        impl Loader<$key> for Rows {
            type Value = $value;
            type Error = Arc<StoreError>;

            async fn load(
                &self,
                keys: &[$key],
            ) -> Result<HashMap<$key, Self::Value>, Self::Error> {
                let mut connection = self.reader.connect(self.organization).await.map_err(Arc::new)?;
                let rows = $find(&mut connection, self.organization, keys).await;
                let id_of: fn(&$value) -> $key = $id_of;
                Ok(rows.map_err(Arc::new)?.into_iter().map(|row| (id_of(&row), row)).collect())
            }
        }
    )*};
}

by_id! {
    AgentId => Agent, agent::find_many, |row| row.id;
    QueueId => Queue, queue::find_many, |row| row.id;
    WorkstreamId => Workstream, workstream::find_many, |row| row.id;
    ChannelAccountId => ChannelAccount, channel_account::find_many, |row| row.id;
    SupportNumberId => SupportNumber, support_number::find_many, |row| row.id;
    ConversationId => Conversation, conversation::find_many, |row| row.id;
    ApiTokenId => ApiToken, api_token::find_many, |row| row.id;
    ReceiptId => Receipt, receipt::find_many, |row| row.id;
    AuditEntryId => AuditEntry, audit::find_many, |row| row.id;
    AlertId => Alert, alert::find_many, |row| row.id;
    QuarantinedCallbackId => Quarantined, quarantine::find_many, |row| row.id;
}

impl Loader<NewestMessageOf> for Rows {
    type Value = Message;
    type Error = Arc<StoreError>;

    async fn load(
        &self,
        keys: &[NewestMessageOf],
    ) -> Result<HashMap<NewestMessageOf, Message>, Self::Error> {
        let mut connection = self.reader.connect(self.organization).await.map_err(Arc::new)?;
        let ids: Vec<ConversationId> = keys.iter().map(|key| key.0).collect();
        let rows = message::newest_of_each(&mut connection, self.organization, &ids).await;
        let rows = rows.map_err(Arc::new)?;
        Ok(rows
            .into_iter()
            .map(|row| (NewestMessageOf(row.conversation_id), row.message))
            .collect())
    }
}

impl Loader<AttemptsOf> for Rows {
    type Value = Vec<SendAttempt>;
    type Error = Arc<StoreError>;

    async fn load(
        &self,
        keys: &[AttemptsOf],
    ) -> Result<HashMap<AttemptsOf, Vec<SendAttempt>>, Self::Error> {
        let mut connection = self.reader.connect(self.organization).await.map_err(Arc::new)?;
        let ids: Vec<MessageId> = keys.iter().map(|key| key.0).collect();
        let rows = message::attempts_of(&mut connection, self.organization, &ids).await;
        let mut found: HashMap<AttemptsOf, Vec<SendAttempt>> = HashMap::new();
        for attempt in rows.map_err(Arc::new)? {
            found.entry(AttemptsOf(attempt.message_id)).or_default().push(attempt);
        }
        Ok(found)
    }
}

impl Loader<StopOf> for Rows {
    type Value = AccountStop;
    type Error = Arc<StoreError>;

    async fn load(&self, keys: &[StopOf]) -> Result<HashMap<StopOf, AccountStop>, Self::Error> {
        let mut connection = self.reader.connect(self.organization).await.map_err(Arc::new)?;
        let ids: Vec<ChannelAccountId> = keys.iter().map(|key| key.0).collect();
        let rows = account_flow::stops_of(&mut connection, self.organization, &ids).await;
        Ok(rows.map_err(Arc::new)?.into_iter().map(|(id, stop)| (StopOf(id), stop)).collect())
    }
}

impl Loader<LastCallbackOf> for Rows {
    type Value = DateTime<Utc>;
    type Error = Arc<StoreError>;

    async fn load(
        &self,
        keys: &[LastCallbackOf],
    ) -> Result<HashMap<LastCallbackOf, DateTime<Utc>>, Self::Error> {
        let mut connection = self.reader.connect(self.organization).await.map_err(Arc::new)?;
        let ids: Vec<ChannelAccountId> = keys.iter().map(|key| key.0).collect();
        let rows = receipt::newest_of_each(&mut connection, self.organization, &ids).await;
        let rows = rows.map_err(Arc::new)?.into_iter();
        Ok(rows.map(|(account, at)| (LastCallbackOf(account), at)).collect())
    }
}

impl Loader<QueuesOf> for Rows {
    type Value = Vec<QueueId>;
    type Error = Arc<StoreError>;

    async fn load(
        &self,
        keys: &[QueuesOf],
    ) -> Result<HashMap<QueuesOf, Vec<QueueId>>, Self::Error> {
        let mut connection = self.reader.connect(self.organization).await.map_err(Arc::new)?;
        let ids: Vec<AgentId> = keys.iter().map(|key| key.0).collect();
        let rows = agent::queues_of(&mut connection, self.organization, &ids).await;
        let mut found: HashMap<QueuesOf, Vec<QueueId>> = HashMap::new();
        for (agent, queue) in rows.map_err(Arc::new)? {
            found.entry(QueuesOf(agent)).or_default().push(queue);
        }
        Ok(found)
    }
}

/// One row by its key.
pub async fn load<Key>(
    context: &Context<'_>,
    key: Key,
) -> Result<Option<<Rows as Loader<Key>>::Value>, Error>
where
    Key: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
    Rows: Loader<Key, Error = Arc<StoreError>>,
{
    load_from(context.data::<DataLoader<Rows>>()?, key).await
}

async fn load_from<Key>(
    loader: &DataLoader<Rows>,
    key: Key,
) -> Result<Option<<Rows as Loader<Key>>::Value>, Error>
where
    Key: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
    Rows: Loader<Key, Error = Arc<StoreError>>,
{
    loader.load_one(key).await.map_err(|error| fault(&error))
}

/// For whom an object looks up what it refers to.
///
/// Nearly always for the caller. Whoever has just signed in is not the caller of that request: it
/// had none, or another, perhaps of another organization.
#[derive(Clone, Default)]
pub enum Lookup {
    #[default]
    Caller,
    SignedIn(Arc<DataLoader<Rows>>),
}

impl Lookup {
    /// For someone of this organization who has just signed in.
    pub fn signed_in(services: &Services, organization: OrganizationId) -> Self {
        Self::SignedIn(Arc::new(rows_of(services, organization)))
    }

    /// One row by its key.
    pub async fn load<Key>(
        &self,
        context: &Context<'_>,
        key: Key,
    ) -> Result<Option<<Rows as Loader<Key>>::Value>, Error>
    where
        Key: Send + Sync + std::hash::Hash + Eq + Clone + 'static,
        Rows: Loader<Key, Error = Arc<StoreError>>,
    {
        match self {
            Self::Caller => load(context, key).await,
            Self::SignedIn(loader) => load_from(loader, key).await,
        }
    }

    /// Whose rows are looked up.
    pub fn organization(&self, context: &Context<'_>) -> Result<OrganizationId, Error> {
        match self {
            Self::Caller => Ok(principal(context)?.organization),
            Self::SignedIn(loader) => Ok(loader.loader().organization),
        }
    }
}

fn rows_of(services: &Services, organization: OrganizationId) -> DataLoader<Rows> {
    let rows = Rows { reader: services.reader.clone(), organization };
    DataLoader::new(rows, TokioSpawner::current(), TokioTimer::default())
        .delay(Duration::from_millis(0))
        .max_batch_size(BATCH_KEYS_MAX)
}

/// Gives each execution loaders of its own.
pub struct FreshLoaders;

impl ExtensionFactory for FreshLoaders {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for FreshLoaders {
    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let (Some(services), Some(principal)) =
            (context.data_opt::<Services>(), context.data_opt::<Principal>())
        else {
            return next.run(context, operation_name).await;
        };
        let mut data = async_graphql::Data::default();
        data.insert(rows_of(services, principal.organization));
        next.run_with_data(context, operation_name, data).await
    }
}
