//! What can be asked of a conversation, and why it may be refused.

use std::fmt;

use chrono::TimeDelta;

use super::{ConversationStatus, ResolutionReason, WaitingOn};
use crate::domain::{
    consent::{keyword::Keyword, wording::AutomatedTrigger},
    ids::{AgentId, MessageId},
    message::{DeliveryReport, MessageStatus, SendOutcome, TEXT_CHARACTERS_MAX, UnconfirmedPolicy},
    word_enum,
};

/// Texts of one conversation that may wait for the provider at a time.
pub const QUEUED_TEXTS_MAX: usize = 50;

word_enum! {
    /// What an agent may do with a conversation; drives a client's buttons.
    pub enum ConversationAction {
        Reply = "REPLY",
        Pick = "PICK",
        Wait = "WAIT",
        Resume = "RESUME",
        WrapUp = "WRAP_UP",
        Resolve = "RESOLVE",
    }
}

/// A text that a customer sent.
#[derive(Clone, PartialEq, Eq)]
pub struct IncomingText {
    pub message_id: MessageId,
    pub text: String,
    pub provider_reference: String,
    /// The text is one of the words, and nothing else.
    pub keyword: Option<SpokenKeyword>,
}

/// A keyword with what is answered to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenKeyword {
    pub keyword: Keyword,
    /// None where the organization says nothing to it.
    pub answer: Option<AutomatedText>,
}

/// A text that goes out by itself.
#[derive(Clone, PartialEq, Eq)]
pub struct AutomatedText {
    pub message_id: MessageId,
    pub trigger: AutomatedTrigger,
    pub text: String,
}

impl fmt::Debug for AutomatedText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AutomatedText({:?} {})", self.trigger, self.message_id)
    }
}

/// A text that an agent wants to send.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingText {
    pub message_id: MessageId,
    pub author: AgentId,
    pub text: String,
    pub idempotency_key: String,
}

impl fmt::Debug for IncomingText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No text: it is personal data.
        write!(formatter, "IncomingText({})", self.message_id)
    }
}

impl fmt::Debug for OutgoingText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No text: it is personal data.
        write!(formatter, "OutgoingText({} by {})", self.message_id, self.author)
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    ReceiveText(IncomingText),
    /// An agent texts first; `assign_to` takes the conversation at once.
    StartConversation {
        text: OutgoingText,
        assign_to: Option<AgentId>,
    },
    SendText(OutgoingText),
    /// An agent moves the conversation along.
    Act {
        agent: AgentId,
        act: AgentAct,
        expected_version: Option<i32>,
    },
    /// It has stood still in a state for as long as its workstream allows, if that is still so.
    AutoResolve {
        status: ConversationStatus,
        after: TimeDelta,
        /// Of the settings that say so; should they have changed, nothing is stored.
        settings_version: i64,
    },
    /// This agent, who has it, is no longer there: back into its queue, if that is still so.
    TakeBack {
        agent: AgentId,
    },
    /// The outbox is about to write the text to the provider's socket.
    BeginSend {
        message_id: MessageId,
    },
    FinishSend {
        message_id: MessageId,
        attempt: i32,
        outcome: SendOutcome,
    },
    RecordReport {
        message_id: MessageId,
        attempt: i32,
        report: DeliveryReport,
    },
    /// Somebody wants another attempt at a text that did not arrive, or may not have.
    RetryText {
        message_id: MessageId,
        agent: AgentId,
    },
    /// The time has come to look at a text whose end is not known; the provider has been asked, where
    /// it could be, and had nothing final to say.
    CheckAgain {
        message_id: MessageId,
        attempt: i32,
        policy: UnconfirmedPolicy,
        /// Of the settings that say so; should they have changed, nothing is stored.
        settings_version: i64,
    },
}

impl Command {
    /// The stored text that it is about.
    pub fn stored_message(&self) -> Option<MessageId> {
        match self {
            Self::BeginSend { message_id }
            | Self::FinishSend { message_id, .. }
            | Self::RecordReport { message_id, .. }
            | Self::RetryText { message_id, .. }
            | Self::CheckAgain { message_id, .. } => Some(*message_id),
            Self::ReceiveText(_)
            | Self::StartConversation { .. }
            | Self::SendText(_)
            | Self::Act { .. }
            | Self::AutoResolve { .. }
            | Self::TakeBack { .. } => None,
        }
    }

    /// The text that it adds.
    pub fn new_message(&self) -> Option<MessageId> {
        match self {
            Self::ReceiveText(text) => Some(text.message_id),
            Self::StartConversation { text, .. } | Self::SendText(text) => Some(text.message_id),
            Self::Act { .. }
            | Self::AutoResolve { .. }
            | Self::TakeBack { .. }
            | Self::BeginSend { .. }
            | Self::FinishSend { .. }
            | Self::RecordReport { .. }
            | Self::RetryText { .. }
            | Self::CheckAgain { .. } => None,
        }
    }
}

/// What an agent does to a conversation besides writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentAct {
    /// Take an open conversation.
    Pick,
    /// Leave it without ending it.
    Wait(WaitingOn),
    Resume,
    WrapUp,
    Resolve(ResolutionReason),
}

impl AgentAct {
    /// The button that stands for it.
    pub fn action(self) -> ConversationAction {
        match self {
            Self::Pick => ConversationAction::Pick,
            Self::Wait(_) => ConversationAction::Wait,
            Self::Resume => ConversationAction::Resume,
            Self::WrapUp => ConversationAction::WrapUp,
            Self::Resolve(_) => ConversationAction::Resolve,
        }
    }
}

/// A rule said no; the caller sees it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "this conversation is resolved; the customer's next text, or conversationStart, opens a new one"
    )]
    Resolved,
    #[error("another agent has taken this conversation")]
    AlreadyAssigned,
    #[error("this conversation is not yours; pick it first")]
    NotAssignee,
    #[error("{action} is not possible while the conversation is {status}", action = action.as_str(), status = status.as_str())]
    InvalidTransition { action: ConversationAction, status: ConversationStatus },
    #[error(
        "the conversation has changed since version {expected}; it is now at version {current}"
    )]
    VersionConflict { expected: i32, current: i32 },
    #[error("{reason} is for the system to say; choose how it ended for you", reason = reason.as_str())]
    NotAnAgentsReason { reason: ResolutionReason },
    #[error("the text is empty; write at least one character")]
    TextEmpty,
    #[error("the text has {characters} characters; the most is {TEXT_CHARACTERS_MAX}")]
    TextTooLong { characters: usize },
    #[error(
        "{QUEUED_TEXTS_MAX} texts of this conversation already wait for the provider; try again when some have gone"
    )]
    TooManyQueued,
    #[error(
        "the recipient has opted out of texts; only their own START, or evidence of their consent, lets you text them again"
    )]
    RecipientOptedOut,
    #[error("an unresolved conversation with this customer on this number exists")]
    ConversationExists,
    #[error("no such text in this conversation")]
    MessageNotFound,
    #[error("this text is not waiting to be sent")]
    NotSendable,
    #[error(
        "this text is {status}; only one that failed, expired, could not be delivered or is unconfirmed can be sent again",
        status = status.as_str()
    )]
    NotRetryable { status: MessageStatus },
    #[error("an earlier text of this conversation has not settled")]
    EarlierTextUnsettled,
    #[error("this says nothing new")]
    NothingToDo,
}

/// Refuses a text that cannot be sent as it is.
pub fn check_text(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::TextEmpty);
    }
    let characters = text.chars().count();
    if characters > TEXT_CHARACTERS_MAX {
        return Err(Refusal::TextTooLong { characters });
    }
    Ok(())
}
