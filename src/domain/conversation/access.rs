//! Who may see a conversation, and what its viewer may do now.
//!
//! The engine decides by the same rules that fill `viewerCan`, so that a button never lies.

use super::{
    Conversation, ConversationStatus,
    command::{AgentAct, ConversationAction, Refusal},
};
use crate::domain::{
    ids::{AgentId, QueueId},
    message::{Message, MessageAction, MessageDirection},
    word_enum,
};

word_enum! {
    /// What somebody is in an organization; each may do what the one before may.
    pub enum Role { Agent = "AGENT", Supervisor = "SUPERVISOR", Admin = "ADMIN" }
}

/// Who looks at a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub agent: AgentId,
    pub role: Role,
    pub queues: Vec<QueueId>,
}

impl Viewer {
    /// Agents see their own conversations and the open work of their queues; supervisors all of
    /// their queues; admins everything.
    pub fn may_see(&self, conversation: &Conversation) -> bool {
        let is_own = conversation.assignee == Some(self.agent);
        let in_queue = self.queues.contains(&conversation.opening.queue_id);
        match self.role {
            Role::Admin => true,
            Role::Supervisor => is_own || in_queue,
            Role::Agent => is_own || (in_queue && conversation.status == ConversationStatus::Open),
        }
    }

    /// What the viewer may do with a text now.
    pub fn message_actions(
        &self,
        conversation: &Conversation,
        message: &Message,
    ) -> Vec<MessageAction> {
        let may_retry = check_retry(conversation, message, self.agent).is_ok();
        if may_retry && self.may_see(conversation) {
            vec![MessageAction::Retry]
        } else {
            Vec::new()
        }
    }

    /// What the viewer may do now.
    pub fn actions(&self, conversation: &Conversation) -> Vec<ConversationAction> {
        if !self.may_see(conversation) {
            return Vec::new();
        }
        ConversationAction::ALL
            .iter()
            .copied()
            .filter(|action| check_action(conversation, self.agent, *action).is_ok())
            .collect()
    }
}

/// Whether an agent's action fits the conversation as it stands.
pub fn check_action(
    conversation: &Conversation,
    agent: AgentId,
    action: ConversationAction,
) -> Result<(), Refusal> {
    use ConversationStatus::{Active, Open, Resolved, Waiting, WrapUp};
    let status = conversation.status;
    if action == ConversationAction::Reply && conversation.opted_out {
        return Err(Refusal::RecipientOptedOut);
    }
    if status == Resolved {
        return Err(Refusal::Resolved);
    }
    if action == ConversationAction::Pick {
        return match (status, conversation.assignee) {
            (Open, _) => Ok(()),
            (_, Some(assignee)) if assignee != agent => Err(Refusal::AlreadyAssigned),
            _ => Err(Refusal::InvalidTransition { action, status }),
        };
    }
    if conversation.assignee != Some(agent) {
        return Err(Refusal::NotAssignee);
    }
    let is_possible = match action {
        ConversationAction::Reply | ConversationAction::Wait | ConversationAction::WrapUp => {
            status == Active
        }
        ConversationAction::Resume => status == Waiting,
        ConversationAction::Resolve => matches!(status, Active | Waiting | WrapUp),
        ConversationAction::Pick => false,
    };
    if is_possible { Ok(()) } else { Err(Refusal::InvalidTransition { action, status }) }
}

/// Whether an agent may have a text sent again: whoever may write may.
pub fn check_retry(
    conversation: &Conversation,
    message: &Message,
    agent: AgentId,
) -> Result<(), Refusal> {
    check_action(conversation, agent, ConversationAction::Reply)?;
    if message.direction == MessageDirection::Inbound || !message.status.may_be_retried() {
        return Err(Refusal::NotRetryable { status: message.status });
    }
    Ok(())
}

/// [`check_action`] for an act.
pub fn check_act(
    conversation: &Conversation,
    agent: AgentId,
    act: AgentAct,
) -> Result<(), Refusal> {
    check_action(conversation, agent, act.action())
}
