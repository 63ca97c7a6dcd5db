//! The words of a conversation.

use async_graphql::Enum;

use crate::domain::conversation::{self as domain, command};

/// Lifecycle of a conversation; RESOLVED is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ConversationStatus")]
pub enum ConversationStatus {
    /// It waits in its queue for an agent.
    #[graphql(name = "OPEN")]
    Open,
    /// An agent works on it.
    #[graphql(name = "ACTIVE")]
    Active,
    /// Its agent has left it without ending it.
    #[graphql(name = "WAITING")]
    Waiting,
    /// The exchange is over; its agent finishes what is left to do.
    #[graphql(name = "WRAP_UP")]
    WrapUp,
    /// It has ended.
    #[graphql(name = "RESOLVED")]
    Resolved,
}

/// Who is expected to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::WaitingOn")]
pub enum WaitingOn {
    /// The customer is to answer.
    #[graphql(name = "CUSTOMER")]
    Customer,
    /// The agent comes back to it.
    #[graphql(name = "AGENT")]
    Agent,
    /// Somebody else has to do something first.
    #[graphql(name = "THIRD_PARTY")]
    ThirdParty,
}

/// Why a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ResolutionReason")]
pub enum ResolutionReason {
    /// The customer was helped.
    #[graphql(name = "SOLVED")]
    Solved,
    /// The customer could not be helped.
    #[graphql(name = "UNSOLVED")]
    Unsolved,
    /// Nobody wanted anything.
    #[graphql(name = "SPAM")]
    Spam,
    /// It goes on elsewhere.
    #[graphql(name = "DUPLICATE")]
    Duplicate,
    /// It was nothing but an opt-out, such as STOP; the system says so.
    #[graphql(name = "OPTED_OUT")]
    OptedOut,
    /// It was nothing but a keyword, such as START or HELP; the system says so.
    #[graphql(name = "KEYWORD")]
    Keyword,
    /// It waited, and neither side has texted for as long as the workstream allows.
    #[graphql(name = "INACTIVITY")]
    Inactivity,
    /// It stood open, active or in wrap-up for as long as the workstream allows.
    #[graphql(name = "STALE")]
    Stale,
}

/// Actions on a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "command::ConversationAction")]
pub enum ConversationAction {
    /// `messageSend`
    #[graphql(name = "REPLY")]
    Reply,
    /// `conversationPick`
    #[graphql(name = "PICK")]
    Pick,
    /// `conversationWait`
    #[graphql(name = "WAIT")]
    Wait,
    /// `conversationResume`
    #[graphql(name = "RESUME")]
    Resume,
    /// `conversationWrapUp`
    #[graphql(name = "WRAP_UP")]
    WrapUp,
    /// `conversationResolve`
    #[graphql(name = "RESOLVE")]
    Resolve,
}

/// Side of a conversation a participant stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ParticipantRole {
    /// Who texts one of our numbers.
    #[graphql(name = "CUSTOMER")]
    Customer,
    /// Who answers.
    #[graphql(name = "AGENT")]
    Agent,
    /// What writes by itself.
    #[graphql(name = "SYSTEM")]
    System,
}
