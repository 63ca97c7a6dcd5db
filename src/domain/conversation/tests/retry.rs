//! Another attempt: who may ask for it, when it is made by itself, what is known of the one before.

use proptest::prelude::*;

use super::*;
use crate::domain::message::MessageAction;

pub(super) fn again(number: u128, agent: AgentId) -> Command {
    Command::RetryText { message_id: message_id(number), agent }
}

pub(super) fn check(number: u128, attempt: i32, is_eager: bool) -> Command {
    let policy =
        if is_eager { UnconfirmedPolicy::AtLeastOnce } else { UnconfirmedPolicy::AtMostOnce };
    Command::CheckAgain { message_id: message_id(number), attempt, policy, settings_version: 1 }
}

fn refused() -> SendOutcome {
    SendOutcome::Refused(MessageFailure {
        code: MessageFailureCode::InvalidNumber,
        provider_code: Some(11_000),
        description: "no such number".into(),
    })
}

/// Anna's text 5 after one attempt that came out so.
fn after(outcome: SendOutcome) -> State {
    let mut state = standing(ConversationStatus::Active);
    take(&mut state, &send(5)).unwrap();
    take(&mut state, &begin(5)).unwrap();
    take(&mut state, &finish(5, 1, outcome)).unwrap();
    state
}

#[test]
fn only_what_did_not_arrive_or_may_not_have_is_sent_again() {
    let reported = |status| {
        let mut state = after(accepted());
        take(&mut state, &report(5, 1, status)).unwrap();
        state
    };
    let mut on_the_wire = standing(ConversationStatus::Active);
    take(&mut on_the_wire, &send(5)).unwrap();
    let queued = on_the_wire.clone();
    take(&mut on_the_wire, &begin(5)).unwrap();
    let table = [
        (after(refused()), true),
        (after(lost()), true),
        (reported(MessageStatus::Undeliverable), true),
        (reported(MessageStatus::Expired), true),
        (reported(MessageStatus::Delivered), false),
        (after(accepted()), false),
        (queued, false),
        (on_the_wire, false),
    ];
    for (mut state, may) in table {
        let status = status_of(&state, 5);
        let viewer = Viewer { agent: ANNA, role: Role::Agent, queues: vec![QUEUE] };
        let message = state.message(message_id(5)).unwrap();
        let shown = viewer.message_actions(&state.conversation, message);
        assert_eq!(shown == [MessageAction::Retry], may, "{status:?}: a button never lies");
        let refusal = Err(Refusal::NotRetryable { status });
        let other = take(&mut state.clone(), &again(5, BERT));
        assert_eq!(other, Err(Refusal::NotAssignee), "{status:?}");
        let asked = take(&mut state, &again(5, ANNA));
        if !may {
            assert_eq!(asked, refusal);
            continue;
        }
        assert!(asked.is_ok(), "{status:?}");
        let text = state.message(message_id(5)).unwrap();
        assert_eq!((text.status, text.attempt), (MessageStatus::Queued, 1));
        assert_eq!((&text.failure, text.sent_at), (&None, None));
        assert_eq!(
            take(&mut state, &again(5, ANNA)),
            Err(Refusal::NotRetryable { status: MessageStatus::Queued })
        );
        take(&mut state, &begin(5)).unwrap();
        let text = state.message(message_id(5)).unwrap();
        assert_eq!((text.attempt, &text.provider_reference), (2, &None));
    }
    let mut inbound = standing(ConversationStatus::Active);
    let status = MessageStatus::Received;
    assert_eq!(take(&mut inbound, &again(1, ANNA)), Err(Refusal::NotRetryable { status }));
}

#[test]
fn an_unconfirmed_text_is_left_to_a_person_or_tried_once_more() {
    let mut state = after(lost());
    assert_eq!(take(&mut state, &check(5, 2, true)), Err(Refusal::NothingToDo));
    take(&mut state, &check(5, 1, false)).unwrap();
    assert_eq!(status_of(&state, 5), MessageStatus::Unconfirmed, "a person decides");
    take(&mut state, &check(5, 1, true)).unwrap();
    assert_eq!(status_of(&state, 5), MessageStatus::Queued);
    take(&mut state, &begin(5)).unwrap();
    take(&mut state, &finish(5, 2, lost())).unwrap();
    take(&mut state, &check(5, 2, true)).unwrap();
    assert_eq!(status_of(&state, 5), MessageStatus::Unconfirmed, "never more than twice by itself");
    // A person may; by itself it stays at that.
    take(&mut state, &again(5, ANNA)).unwrap();
    take(&mut state, &begin(5)).unwrap();
    take(&mut state, &finish(5, 3, lost())).unwrap();
    take(&mut state, &check(5, 3, true)).unwrap();
    assert_eq!(status_of(&state, 5), MessageStatus::Unconfirmed);
}

#[test]
fn nothing_goes_again_by_itself_when_it_is_over_or_unwanted() {
    let mut over = after(lost());
    let solved = act_of(ANNA, AgentAct::Resolve(ResolutionReason::Solved));
    take(&mut over, &solved).unwrap();
    let mut unwanted = after(lost());
    unwanted.conversation.opted_out = true;
    for mut state in [over, unwanted] {
        take(&mut state, &check(5, 1, true)).unwrap();
        assert_eq!(status_of(&state, 5), MessageStatus::Unconfirmed);
    }
}

#[test]
fn a_text_that_has_arrived_by_an_earlier_attempt_is_not_sent_again() {
    let mut state = after(lost());
    take(&mut state, &again(5, ANNA)).unwrap();
    // Not yet on the wire: the second attempt is called off.
    take(&mut state, &report(5, 1, MessageStatus::Delivered)).unwrap();
    assert_eq!(status_of(&state, 5), MessageStatus::Delivered);
    assert_eq!(take(&mut state, &begin(5)), Err(Refusal::NotSendable));

    let mut state = after(lost());
    take(&mut state, &again(5, ANNA)).unwrap();
    take(&mut state, &report(5, 1, MessageStatus::Undeliverable)).unwrap();
    assert_eq!(status_of(&state, 5), MessageStatus::Queued, "a failure calls nothing off");
    take(&mut state, &begin(5)).unwrap();
    take(&mut state, &report(5, 1, MessageStatus::Delivered)).unwrap();
    assert_eq!(status_of(&state, 5), MessageStatus::Sending, "its own answer frees the next text");
    take(&mut state, &finish(5, 2, refused())).unwrap();
    take(&mut state, &report(5, 1, MessageStatus::Delivered)).unwrap();
    assert_eq!(status_of(&state, 5), MessageStatus::Delivered);
    let unheard = take(&mut state, &report(5, 7, MessageStatus::Failed));
    assert_eq!(unheard, Err(Refusal::NothingToDo), "of an attempt that was never made");
}

#[test]
fn a_text_that_turns_out_to_have_been_taken_is_not_sent_again() {
    let late = finish(5, 1, accepted());
    for word in [report(5, 1, MessageStatus::Sent), late.clone()] {
        let mut state = after(lost());
        take(&mut state, &again(5, ANNA)).unwrap();
        take(&mut state, &word).unwrap();
        assert_eq!(status_of(&state, 5), MessageStatus::Sent, "{word:?}");
        assert_eq!(take(&mut state, &begin(5)), Err(Refusal::NotSendable), "{word:?}");
    }
    // It had been taken as far as anybody knew, and did not arrive.
    let mut state = after(accepted());
    take(&mut state, &report(5, 1, MessageStatus::Undeliverable)).unwrap();
    take(&mut state, &again(5, ANNA)).unwrap();
    take(&mut state, &report(5, 1, MessageStatus::Sent)).unwrap();
    assert_eq!(status_of(&state, 5), MessageStatus::Queued);
    // By then the next attempt is on the wire: only the first one is better known.
    let mut state = after(lost());
    take(&mut state, &again(5, ANNA)).unwrap();
    take(&mut state, &begin(5)).unwrap();
    let events = state.decide(&late, noon()).unwrap();
    let [Event::AttemptMoved(known)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((known.attempt, known.status), (1, MessageStatus::Sent));
    assert_eq!(take(&mut state, &finish(5, 1, lost())), Err(Refusal::NothingToDo));
}

#[test]
fn an_attempt_that_a_stop_calls_off_leaves_the_one_before_as_it_is() {
    let mut state = after(lost());
    take(&mut state, &again(5, ANNA)).unwrap();
    let events = state.decide(&super::consent::say(30, "stop"), noon()).unwrap();
    let moved = events.iter().find_map(|event| match event {
        Event::MessageMoved(moved) => Some(moved),
        _ => None,
    });
    let moved = moved.unwrap();
    assert_eq!((moved.attempt, moved.status), (2, MessageStatus::Failed));
    state.conversation.opted_out = true;
    assert_eq!(take(&mut state, &again(5, ANNA)), Err(Refusal::RecipientOptedOut));
}

#[test]
fn a_text_without_a_final_report_is_looked_at_until_the_provider_forgets() {
    let state = after(accepted());
    let check = check(5, 1, false);
    let sent_at = state.message(message_id(5)).unwrap().sent_at.unwrap();
    let next = |after: TimeDelta| state.decide(&check, sent_at + after).unwrap();
    let set = |after: TimeDelta| {
        vec![Event::CheckSet { message_id: message_id(5), at: Some(sent_at + after) }]
    };
    assert_eq!(next(TimeDelta::minutes(10)), set(TimeDelta::hours(1)));
    assert_eq!(next(TimeDelta::hours(1)), set(TimeDelta::hours(6)));
    assert_eq!(next(TimeDelta::hours(6)), set(TimeDelta::minutes(690)));
    let last = next(TimeDelta::minutes(690));
    let [Event::MessageMoved(moved)] = last.as_slice() else { panic!("{last:?}") };
    assert_eq!(moved.status, MessageStatus::Sent);
    assert!(moved.description.as_deref().unwrap().contains("never said"), "{moved:?}");
}

proptest! {
    #[test]
    fn the_order_of_reports_of_two_attempts_does_not_decide_how_it_ends(
        order in Just(vec![
            (1, MessageStatus::Sent), (1, MessageStatus::Delivered), (2, MessageStatus::Sent),
            (2, MessageStatus::Undeliverable), (1, MessageStatus::Sent),
        ]).prop_shuffle(),
    ) {
        let mut state = after(lost());
        take(&mut state, &again(5, ANNA)).unwrap();
        take(&mut state, &begin(5)).unwrap();
        take(&mut state, &finish(5, 2, accepted())).unwrap();
        for (attempt, status) in order {
            drop(take(&mut state, &report(5, attempt, status)));
        }
        prop_assert_eq!(status_of(&state, 5), MessageStatus::Delivered);
    }
}
