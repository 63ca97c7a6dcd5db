//! How a conversation obeys its customer's words and the provider's blocks.

use super::*;
use crate::domain::{
    consent::{
        ConsentChange, ConsentSource, ConsentStatus,
        keyword::{Keyword, KeywordKind},
        wording::AutomatedTrigger,
    },
    conversation::command::{AutomatedText, SpokenKeyword},
    message::{MessageDirection, MessageOrigin},
};

/// The customer texts a word; the answer has the next number.
pub(super) fn say(number: u128, word: &str) -> Command {
    let (kind, trigger) = match word {
        "stop" => (KeywordKind::OptOut, AutomatedTrigger::OptOutConfirmation),
        "start" => (KeywordKind::OptIn, AutomatedTrigger::OptInConfirmation),
        _ => (KeywordKind::Help, AutomatedTrigger::Help),
    };
    let answer = AutomatedText {
        message_id: message_id(number + 1),
        trigger,
        text: format!("answer to {word}"),
    };
    Command::ReceiveText(IncomingText {
        message_id: message_id(number),
        text: word.to_uppercase(),
        provider_reference: format!("R{number}"),
        keyword: Some(SpokenKeyword {
            keyword: Keyword { kind, word: word.into() },
            answer: Some(answer),
        }),
    })
}

/// A report that the provider blocks the recipient.
pub(super) fn blocked(number: u128, attempt: i32) -> Command {
    let report = DeliveryReport {
        status: MessageStatus::Undeliverable,
        provider_code: 510,
        provider_reference: Some("REF".into()),
        description: "the recipient has opted out".into(),
        failure: Some(MessageFailureCode::OptedOut),
        blocks_recipient: true,
    };
    Command::RecordReport { message_id: message_id(number), attempt, report }
}

fn changes(events: &[Event]) -> Vec<&ConsentChange> {
    let mut changes = Vec::new();
    for event in events {
        if let Event::ConsentChanged(change) = event {
            changes.push(change);
        }
    }
    changes
}

/// The texts that went out by themselves.
fn answers(events: &[Event]) -> Vec<(AutomatedTrigger, String)> {
    let answer = |event: &Event| match event {
        Event::MessageAdded(message) if message.origin == MessageOrigin::Automated => {
            assert_eq!(message.direction, MessageDirection::Outbound);
            Some((message.trigger.unwrap(), message.text.clone()))
        }
        _ => None,
    };
    events.iter().filter_map(answer).collect()
}

#[test]
fn a_stop_ends_what_waits_and_says_so_once() {
    let mut state = standing(ConversationStatus::Active);
    take(&mut state, &send(5)).unwrap();
    take(&mut state, &send(6)).unwrap();
    take(&mut state, &begin(5)).unwrap();
    let events = take(&mut state, &say(10, "stop")).unwrap();
    let [change] = changes(&events)[..] else { panic!("{events:?}") };
    assert_eq!((change.status, change.source), (ConsentStatus::OptedOut, ConsentSource::Keyword));
    assert_eq!(change.keyword.as_deref(), Some("stop"));
    assert_eq!(change.evidence.as_deref(), Some("STOP"));
    assert_eq!(change.message_id, Some(message_id(10)));
    let confirmation = (AutomatedTrigger::OptOutConfirmation, "answer to stop".to_owned());
    assert_eq!(answers(&events), [confirmation]);
    assert_eq!(status_of(&state, 5), MessageStatus::Sending, "the wire cannot be called back");
    assert_eq!(status_of(&state, 6), MessageStatus::Failed);
    let failure = state.message(message_id(6)).unwrap().failure.clone().unwrap();
    assert_eq!(failure.code, MessageFailureCode::OptedOut);
    let again = take(&mut state, &say(12, "stop")).unwrap();
    assert!(changes(&again).is_empty() && answers(&again).is_empty(), "{again:?}");
    assert_eq!(state.conversation.status, ConversationStatus::Active, "one more message");
}

#[test]
fn only_the_confirmation_goes_to_somebody_who_has_opted_out() {
    let mut state = standing(ConversationStatus::Active);
    take(&mut state, &say(10, "stop")).unwrap();
    assert_eq!(take(&mut state, &send(20)), Err(Refusal::RecipientOptedOut));
    let viewer = Viewer { agent: ANNA, role: Role::Agent, queues: vec![QUEUE] };
    assert!(!viewer.actions(&state.conversation).contains(&ConversationAction::Reply));
    take(&mut state, &begin(11)).unwrap();
    assert_eq!(status_of(&state, 11), MessageStatus::Sending);
    let not_taken = not_taken();
    take(&mut state, &finish(11, 1, not_taken)).unwrap();
    take(&mut state, &begin(11)).unwrap();
    take(&mut state, &finish(11, 2, accepted())).unwrap();
    let events = take(&mut state, &say(30, "help")).unwrap();
    assert!(answers(&events).is_empty(), "{events:?}");
}

#[test]
fn what_is_found_opted_out_when_its_turn_comes_never_leaves() {
    let mut state = standing(ConversationStatus::Active);
    take(&mut state, &send(5)).unwrap();
    take(&mut state, &send(6)).unwrap();
    // Said to another number of ours.
    state.conversation.opted_out = true;
    take(&mut state, &begin(5)).unwrap();
    for number in [5, 6] {
        assert_eq!(status_of(&state, number), MessageStatus::Failed);
        assert_eq!(state.message(message_id(number)).unwrap().attempt, 0, "it was never tried");
        assert_eq!(take(&mut state, &begin(number)), Err(Refusal::NotSendable));
    }
}

#[test]
fn a_start_restores_and_nothing_else_does() {
    let mut state = standing(ConversationStatus::Active);
    take(&mut state, &say(10, "stop")).unwrap();
    take(&mut state, &receive(20)).unwrap();
    take(&mut state, &say(30, "help")).unwrap();
    assert!(state.conversation.opted_out);
    let events = take(&mut state, &say(40, "start")).unwrap();
    assert_eq!(changes(&events)[0].status, ConsentStatus::OptedIn);
    assert_eq!(answers(&events).len(), 1);
    assert!(!state.conversation.opted_out);
    take(&mut state, &send(50)).unwrap();
    let events = take(&mut state, &say(60, "stop")).unwrap();
    assert_eq!(answers(&events).len(), 1, "another opt-out, another confirmation");
}

#[test]
fn a_lone_word_is_resolved_at_once_and_waits_for_nobody() {
    let table = [
        ("stop", ResolutionReason::OptedOut, true),
        ("start", ResolutionReason::Keyword, false),
        ("help", ResolutionReason::Keyword, false),
    ];
    for (word, reason, opted_out) in table {
        let mut state = unborn();
        let events = take(&mut state, &say(1, word)).unwrap();
        assert_eq!(state.conversation.status, ConversationStatus::Resolved, "{word}");
        assert_eq!(state.conversation.resolution_reason, Some(reason), "{word}");
        assert_eq!(state.conversation.opted_out, opted_out, "{word}");
        assert_eq!(answers(&events).len(), 1, "{word}");
        assert_eq!(state.conversation.last_sequence, 2, "{word}");
        take(&mut state, &begin(2)).unwrap();
        assert_eq!(take(&mut state, &receive(3)), Err(Refusal::Resolved));
    }
    let mut state = unborn();
    state.conversation.opted_out = true;
    let events = take(&mut state, &say(1, "stop")).unwrap();
    assert_eq!(state.conversation.resolution_reason, Some(ResolutionReason::OptedOut));
    assert!(answers(&events).is_empty(), "they were told before");
}

#[test]
fn a_conversation_cannot_be_begun_with_somebody_who_has_opted_out() {
    let mut state = unborn();
    state.conversation.opted_out = true;
    let start =
        Command::StartConversation { text: outgoing(1, ANNA, "hello"), assign_to: Some(ANNA) };
    assert_eq!(take(&mut state, &start), Err(Refusal::RecipientOptedOut));
    assert!(take(&mut state, &receive(2)).is_ok(), "they may text us");
}

#[test]
fn a_block_of_the_provider_opts_out_with_what_it_said() {
    let mut state = standing(ConversationStatus::Active);
    take(&mut state, &send(5)).unwrap();
    take(&mut state, &begin(5)).unwrap();
    take(&mut state, &send(6)).unwrap();
    let failure = MessageFailure {
        code: MessageFailureCode::Blocked,
        provider_code: Some(10_032),
        description: "on the block list".into(),
    };
    let mut answered = state.clone();
    let events =
        take(&mut answered, &finish(5, 1, SendOutcome::RecipientBlocked(failure))).unwrap();
    let change = changes(&events)[0].clone();
    assert_eq!((change.status, change.source), (ConsentStatus::OptedOut, ConsentSource::Provider));
    assert_eq!(change.evidence.as_deref(), Some("10032: on the block list"));
    assert_eq!(change.message_id, Some(message_id(5)));
    assert!(answers(&events).is_empty());
    assert_eq!(status_of(&answered, 5), MessageStatus::Failed);
    assert_eq!(status_of(&answered, 6), MessageStatus::Failed);

    take(&mut state, &finish(5, 1, accepted())).unwrap();
    let events = take(&mut state, &blocked(5, 1)).unwrap();
    assert_eq!(changes(&events).len(), 1);
    assert_eq!(status_of(&state, 5), MessageStatus::Undeliverable);
    assert_eq!(status_of(&state, 6), MessageStatus::Failed);
    assert_eq!(take(&mut state, &blocked(5, 1)), Err(Refusal::NothingToDo), "it is known");
}

#[test]
fn the_system_alone_says_that_a_conversation_was_a_keyword() {
    let mut state = standing(ConversationStatus::Active);
    for reason in [ResolutionReason::OptedOut, ResolutionReason::Keyword] {
        let refused = take(&mut state, &act_of(ANNA, AgentAct::Resolve(reason)));
        assert_eq!(refused, Err(Refusal::NotAnAgentsReason { reason }));
    }
}
