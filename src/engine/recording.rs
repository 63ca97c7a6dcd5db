//! What a decision amounts to for the store: one change, with all that hangs on it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Doer, conversation_actor::Ask, shared::Shared};
use crate::{
    domain::{
        audit::{AuditChanges, AuditOutcome},
        conversation::{
            ConversationStatus, ResolutionReason, State, WaitingOn,
            command::Command,
            event::{Event, MessageMove},
        },
        ids::ConsentEntryId,
        message::{Message, MessageStatus, next_status_check},
    },
    store::{
        audit::NewAuditEntry,
        commit::{Change, FeedEvent, FeedEventKind, TimerChange, consent_event},
    },
};

/// First wait before a text that was not taken is tried again; it doubles with each try.
const RETRY_WAIT_SECONDS: i64 = 1;
const RETRY_WAIT_SECONDS_MAX: i64 = 60;

/// What was decided on a state, and what it leads to.
pub(super) struct Decision<'a> {
    pub(super) before: &'a State,
    pub(super) events: &'a [Event],
    pub(super) after: &'a State,
    pub(super) at: DateTime<Utc>,
}

/// The change that stores a decision.
pub(super) fn change(shared: &Shared, ask: &Ask, decision: &Decision<'_>) -> Change {
    let options = &shared.options;
    let Decision { before, events, after, at } = decision;
    let mut change = Change {
        entry: ask.entry.clone(),
        conversation: after.conversation.clone(),
        was_opted_out: before.conversation.opted_out,
        consent: None,
        settings_version: settings_version(ask),
        added: Vec::new(),
        changed: Vec::new(),
        begun: Vec::new(),
        moves: Vec::new(),
        due_at: *at,
        claim_until: *at + delta(options.send_claim),
        check_at: None,
        timer: timer(before, after),
        events: events.iter().filter_map(feed_event).collect(),
        actor: ask.actor.actor,
        at: *at,
        audit: noted(ask.actor, decision),
    };
    for event in *events {
        match event {
            Event::ConversationStarted | Event::Moved(_) => {}
            Event::ConsentChanged(consent) => {
                let id = ConsentEntryId(shared.clock.new_uuid());
                change.consent = Some((id, consent.clone()));
            }
            Event::MessageAdded(message) => change.added.push(Message::clone(message)),
            Event::SendBegun { message_id, .. } => {
                change.begun.push(*message_id);
                change.changed.extend(after.message(*message_id).cloned());
            }
            Event::MessageMoved(to) => {
                let moved = after.message(to.message_id);
                set_times(&mut change, to, moved, options.unconfirmed_hold);
                change.moves.push(to.clone());
                change.changed.extend(moved.cloned());
            }
            Event::AttemptMoved(to) => change.moves.push(to.clone()),
            Event::CheckSet { message_id, at } => {
                change.check_at = *at;
                change.changed.extend(after.message(*message_id).cloned());
            }
            Event::TextRetried { message_id, .. } => {
                change.changed.extend(after.message(*message_id).cloned());
            }
        }
    }
    change
}

/// When a text that has moved is looked at again: to go, or to be asked about.
fn set_times(change: &mut Change, to: &MessageMove, moved: Option<&Message>, hold: Duration) {
    let at = change.at;
    match to.status {
        MessageStatus::Queued => change.due_at = at + retry_wait(to.attempt),
        MessageStatus::Unconfirmed => {
            change.due_at = at + delta(hold);
            change.check_at = Some(change.due_at);
        }
        MessageStatus::Sent => {
            let sent_at = moved.and_then(|message| message.sent_at).unwrap_or(at);
            change.check_at = next_status_check(sent_at, at);
        }
        MessageStatus::Received
        | MessageStatus::Sending
        | MessageStatus::Delivered
        | MessageStatus::Undeliverable
        | MessageStatus::Expired
        | MessageStatus::Failed => {}
    }
}

/// The settings that it was decided on, where they matter.
fn settings_version(ask: &Ask) -> Option<i64> {
    match (&ask.opening, &ask.command) {
        (Some((_, version)), _) => Some(*version),
        (
            None,
            Command::AutoResolve { settings_version, .. }
            | Command::CheckAgain { settings_version, .. },
        ) => Some(*settings_version),
        (None, _) => None,
    }
}

/// It runs from each entry into a state; texts that come later are counted when it seems due, so
/// that they cost nothing here.
fn timer(before: &State, after: &State) -> TimerChange {
    let status = after.conversation.status;
    if !before.is_unborn() && before.conversation.status == status {
        TimerChange::RunsOn
    } else if status == ConversationStatus::Resolved {
        TimerChange::Stops
    } else {
        TimerChange::Starts
    }
}

/// What the audit log is to say of a decision; no text and no number.
fn noted(doer: Doer, decision: &Decision<'_>) -> Option<NewAuditEntry> {
    let (action, origin) = doer.noted?;
    let Decision { before, events, after, at } = decision;
    let (was, is) = (&before.conversation, &after.conversation);
    let had = |value: &'static str| (!before.is_unborn()).then_some(value);
    let written = events.iter().find_map(|event| match event {
        Event::MessageAdded(message) => Some(message.id),
        Event::TextRetried { message_id, .. } => Some(*message_id),
        _ => None,
    });
    Some(NewAuditEntry {
        organization: is.pair.organization_id,
        at: *at,
        actor: doer.actor,
        action,
        outcome: AuditOutcome::Done,
        subject_id: is.id.to_string(),
        changes: AuditChanges::default()
            .moved("status", had(was.status.as_str()), Some(is.status.as_str()))
            .moved("assignee", was.assignee, is.assignee)
            .moved(
                "waitingOn",
                was.waiting_on.map(WaitingOn::as_str),
                is.waiting_on.map(WaitingOn::as_str),
            )
            .moved(
                "resolutionReason",
                was.resolution_reason.map(ResolutionReason::as_str),
                is.resolution_reason.map(ResolutionReason::as_str),
            )
            .set_if("message", written),
        origin,
    })
}

/// What subscribers are told of an event; nothing where only the engine is concerned.
fn feed_event(event: &Event) -> Option<FeedEvent> {
    let of = |kind, message_id, changed| Some(FeedEvent { kind, message_id, changed });
    match event {
        Event::ConversationStarted => of(FeedEventKind::ConversationStarted, None, Vec::new()),
        Event::Moved(_) => {
            of(FeedEventKind::ConversationMoved, None, vec!["status", "assignment", "viewerCan"])
        }
        Event::ConsentChanged(_) => Some(consent_event()),
        Event::MessageAdded(message) => {
            of(FeedEventKind::MessageAdded, Some(message.id), Vec::new())
        }
        Event::SendBegun { message_id, .. } | Event::TextRetried { message_id, .. } => {
            of(FeedEventKind::MessageMoved, Some(*message_id), Vec::new())
        }
        // An attempt that the text is past is shown with it all the same.
        Event::MessageMoved(to) | Event::AttemptMoved(to) => {
            of(FeedEventKind::MessageMoved, Some(to.message_id), Vec::new())
        }
        Event::CheckSet { .. } => None,
    }
}

fn retry_wait(attempt: i32) -> TimeDelta {
    let doublings = u32::try_from(attempt.clamp(1, 7) - 1).unwrap_or(0);
    TimeDelta::seconds((RETRY_WAIT_SECONDS << doublings).min(RETRY_WAIT_SECONDS_MAX))
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
