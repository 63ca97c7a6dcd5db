//! Any object by its id: what it is, its prefix says; whether the viewer may see it, its own rules.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Error, ID, Interface, Object};
use futures_util::future::try_join_all;

use super::{
    alert::AlertObject,
    api_token::ApiTokenObject,
    audit::AuditEntryObject,
    callback::CallbackObject,
    channel::{ChannelAccountObject, SupportNumberObject},
    context::principal,
    conversation::{ConversationObject, reading::Reading},
    error::bad_input,
    loader::load,
    message::{MessageObject, find_messages},
    organization::{AgentObject, OrganizationObject, QueueObject, WorkstreamObject, own},
    quarantine::QuarantinedObject,
    scalar::DateTime,
    viewer::viewer,
};
use crate::domain::{
    conversation::access::Role,
    ids::{
        AgentId, AlertId, ApiTokenId, AuditEntryId, ChannelAccountId, ConversationId, MessageId,
        OrganizationId, QuarantinedCallbackId, QueueId, ReceiptId, SupportNumberId, WorkstreamId,
    },
};

/// Ids in one call of `nodes`.
const NODES_MAX: usize = 100;

/// An object with a global id. Ids are opaque, type-prefixed and stable, e.g. `cnv_01JD…`.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque and stable."))]
pub enum Node {
    Conversation(ConversationObject),
    Message(MessageObject),
    Agent(AgentObject),
    Queue(QueueObject),
    Workstream(WorkstreamObject),
    ChannelAccount(Box<ChannelAccountObject>),
    SupportNumber(SupportNumberObject),
    Organization(OrganizationObject),
    ApiToken(ApiTokenObject),
    CallbackRecord(CallbackObject),
    AuditEntry(AuditEntryObject),
    Alert(AlertObject),
    QuarantinedCallback(QuarantinedObject),
}

/// A mutable object guarded by optimistic concurrency.
#[derive(Interface)]
#[graphql(field(name = "version", ty = "i32", desc = "Grows by one with each accepted change."))]
#[graphql(field(
    name = "createdAt",
    method = "created_at",
    ty = "DateTime",
    desc = "When it was made."
))]
#[graphql(field(
    name = "updatedAt",
    method = "updated_at",
    ty = "super::scalar::DateTime",
    desc = "When it last changed."
))]
pub enum Versioned {
    Conversation(ConversationObject),
    Agent(AgentObject),
    Queue(QueueObject),
    Workstream(WorkstreamObject),
    ChannelAccount(ChannelAccountObject),
    SupportNumber(SupportNumberObject),
    Organization(OrganizationObject),
}

/// What an id speaks of.
#[derive(Clone, Copy)]
enum Subject {
    Conversation(ConversationId),
    Message(MessageId),
    Agent(AgentId),
    Queue(QueueId),
    Workstream(WorkstreamId),
    ChannelAccount(ChannelAccountId),
    SupportNumber(SupportNumberId),
    Organization(OrganizationId),
    ApiToken(ApiTokenId),
    Callback(ReceiptId),
    AuditEntry(AuditEntryId),
    Alert(AlertId),
    Quarantined(QuarantinedCallbackId),
}

impl Subject {
    /// `None` for what is no id, or of a kind that is not shown.
    fn of(id: &str) -> Option<Self> {
        let (prefix, _) = id.split_once('_')?;
        match prefix {
            ConversationId::PREFIX => id.parse().ok().map(Self::Conversation),
            MessageId::PREFIX => id.parse().ok().map(Self::Message),
            AgentId::PREFIX => id.parse().ok().map(Self::Agent),
            QueueId::PREFIX => id.parse().ok().map(Self::Queue),
            WorkstreamId::PREFIX => id.parse().ok().map(Self::Workstream),
            ChannelAccountId::PREFIX => id.parse().ok().map(Self::ChannelAccount),
            SupportNumberId::PREFIX => id.parse().ok().map(Self::SupportNumber),
            OrganizationId::PREFIX => id.parse().ok().map(Self::Organization),
            ApiTokenId::PREFIX => id.parse().ok().map(Self::ApiToken),
            ReceiptId::PREFIX => id.parse().ok().map(Self::Callback),
            AuditEntryId::PREFIX => id.parse().ok().map(Self::AuditEntry),
            AlertId::PREFIX => id.parse().ok().map(Self::Alert),
            QuarantinedCallbackId::PREFIX => id.parse().ok().map(Self::Quarantined),
            _ => None,
        }
    }
}

/// Reads anything by its id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Relay refetch; null when there is no such object for the viewer.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Id of the object.")] id: ID,
    ) -> Result<Option<Node>, Error> {
        Ok(find(context, &[id]).await?.pop().flatten())
    }

    /// Same order and length as `ids`; at most 100.
    #[graphql(complexity = "ids.len().min(NODES_MAX) * child_complexity + 1")]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Ids of the objects, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, Error> {
        if ids.len() > NODES_MAX {
            return Err(bad_input(format!("`ids` has at most {NODES_MAX} ids")));
        }
        find(context, &ids).await
    }
}

async fn find(context: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Node>>, Error> {
    let subjects: Vec<Option<Subject>> = ids.iter().map(|id| Subject::of(id)).collect();
    let message_ids: Vec<MessageId> = subjects
        .iter()
        .filter_map(|subject| match subject {
            Some(Subject::Message(id)) => Some(*id),
            _ => None,
        })
        .collect();
    let reading = Reading::begin(context).await?;
    let as_of = reading.as_of;
    // Consumes the connection, so that the loaders do not have to wait for it.
    let messages = find_messages(context, reading, &message_ids).await?;
    let messages: HashMap<MessageId, MessageObject> =
        messages.into_iter().map(|object| (object.message.id, object)).collect();
    try_join_all(subjects.into_iter().map(async |subject| match subject {
        Some(Subject::Message(id)) => Ok(messages.get(&id).cloned().map(Node::Message)),
        Some(subject) => find_one(context, subject, as_of).await,
        None => Ok(None),
    }))
    .await
}

/// One object that is not a text; loaders put equal kinds into one query.
async fn find_one(
    context: &Context<'_>,
    subject: Subject,
    as_of: i64,
) -> Result<Option<Node>, Error> {
    let viewer = viewer(context)?;
    Ok(match subject {
        Subject::Conversation(id) => {
            let found = load(context, id).await?.filter(|found| viewer.may_see(found));
            found.map(|found| {
                Node::Conversation(ConversationObject { conversation: Arc::new(found), as_of })
            })
        }
        Subject::Agent(id) => load(context, id).await?.map(|row| Node::Agent(row.into())),
        Subject::Queue(id) => load(context, id).await?.map(|row| Node::Queue(row.into())),
        Subject::Workstream(id) => load(context, id).await?.map(|row| Node::Workstream(row.into())),
        Subject::Organization(id) if id == principal(context)?.organization => {
            own(context).await?.map(Node::Organization)
        }
        Subject::ChannelAccount(id) if viewer.role == Role::Admin => {
            load(context, id).await?.map(|row| Node::ChannelAccount(Box::new(row.into())))
        }
        Subject::ApiToken(id) if viewer.role == Role::Admin => {
            load(context, id).await?.map(|row| Node::ApiToken(row.into()))
        }
        Subject::Callback(id) if viewer.role == Role::Admin => load(context, id)
            .await?
            .map(|receipt| Node::CallbackRecord(CallbackObject { receipt, as_of })),
        Subject::Alert(id) if viewer.role >= Role::Supervisor => load(context, id)
            .await?
            .map(|alert| Node::Alert(AlertObject { alert: Arc::new(alert), as_of })),
        Subject::Quarantined(id) if viewer.role == Role::Admin => {
            load(context, id).await?.map(|row| Node::QuarantinedCallback(row.into()))
        }
        Subject::AuditEntry(id) if viewer.role == Role::Admin => {
            load(context, id).await?.map(|row| Node::AuditEntry(row.into()))
        }
        Subject::Organization(_)
        | Subject::Alert(_)
        | Subject::Quarantined(_)
        | Subject::ChannelAccount(_)
        | Subject::ApiToken(_)
        | Subject::Callback(_)
        | Subject::AuditEntry(_)
        | Subject::Message(_) => None,
        Subject::SupportNumber(id) => {
            load(context, id).await?.map(|row| Node::SupportNumber(row.into()))
        }
    })
}

/// The object that a change of settings was about; null where there is none to show.
pub async fn find_subject(
    context: &Context<'_>,
    id: &str,
    as_of: i64,
) -> Result<Option<Node>, Error> {
    match Subject::of(id) {
        Some(subject) => find_one(context, subject, as_of).await,
        None => Ok(None),
    }
}
