//! Random walks: whatever is asked in whatever order, no state is reached that must not be.

use proptest::prelude::*;

use super::*;

/// A step of a random walk: who does what to which text.
fn any_command() -> impl Strategy<Value = Command> {
    let agent = prop_oneof![Just(ANNA), Just(BERT)];
    let act = prop_oneof![
        Just(AgentAct::Pick),
        Just(AgentAct::Wait(WaitingOn::Customer)),
        Just(AgentAct::Resume),
        Just(AgentAct::WrapUp),
        Just(AgentAct::Resolve(ResolutionReason::Solved)),
    ];
    let outcome = prop_oneof![Just(accepted()), Just(not_taken()), Just(lost()),];
    let reported = prop_oneof![
        Just(MessageStatus::Sent),
        Just(MessageStatus::Delivered),
        Just(MessageStatus::Undeliverable),
        Just(MessageStatus::Expired),
    ];
    let number = 1_u128..12;
    let word = prop_oneof![Just("stop"), Just("start"), Just("help")];
    prop_oneof![
        1 => (number.clone(), word).prop_map(|(number, word)| super::consent::say(2_000 + number * 2, word)),
        1 => number.clone().prop_map(|number| super::consent::blocked(number, 1)),
        3 => number.clone().prop_map(|number| receive(1_000 + number)),
        3 => (number.clone(), agent.clone())
            .prop_map(|(number, agent)| Command::SendText(outgoing(number, agent, "answer"))),
        3 => (number.clone(), agent.clone())
            .prop_map(|(number, agent)| super::retry::again(number, agent)),
        2 => (number.clone(), 1..4_i32, any::<bool>())
            .prop_map(|(number, attempt, is_eager)| super::retry::check(number, attempt, is_eager)),
        4 => (agent, act).prop_map(|(agent, act)| act_of(agent, act)),
        1 => (proptest::sample::select(ConversationStatus::ALL), 0_i64..4)
            .prop_map(|(status, seconds)| auto_resolve(status, TimeDelta::seconds(seconds))),
        4 => number.clone().prop_map(begin),
        4 => (number.clone(), 1..3_i32, outcome)
            .prop_map(|(number, attempt, outcome)| finish(number, attempt, outcome)),
        3 => (number, 1..3_i32, reported)
            .prop_map(|(number, attempt, status)| report(number, attempt, status)),
    ]
}

fn assert_sound(before: &State, after: &State) {
    let (was, is) = (&before.conversation, &after.conversation);
    let has_holder = is.assignee.is_some();
    match is.status {
        ConversationStatus::Open => assert!(!has_holder),
        ConversationStatus::Active | ConversationStatus::Waiting | ConversationStatus::WrapUp => {
            assert!(has_holder);
        }
        ConversationStatus::Resolved => {}
    }
    assert_eq!(is.status == ConversationStatus::Resolved, is.resolution_reason.is_some());
    assert!(is.status == ConversationStatus::Waiting || is.waiting_on.is_none());
    assert!(was.status != ConversationStatus::Resolved || is.status == was.status, "it is final");
    assert!(is.version >= was.version);
    let sequences: Vec<i32> = after.messages.iter().map(|message| message.sequence).collect();
    assert_eq!(sequences, (1..=is.last_sequence).collect::<Vec<_>>(), "no holes");
    let on_the_wire =
        after.messages.iter().filter(|message| message.status == MessageStatus::Sending).count();
    assert!(on_the_wire <= 1, "one send in flight");
    let began: Vec<&Message> = after
        .messages
        .iter()
        .filter(|it| before.message(it.id).is_some_and(|was| was.attempt < it.attempt))
        .collect();
    assert!(!is.opted_out || began.iter().all(|it| it.is_exempt_from_consent()), "STOP is STOP");
    for message in &before.messages {
        let now = after.message(message.id).unwrap();
        assert!(now.attempt >= message.attempt);
        if message.status == MessageStatus::Delivered {
            assert_eq!(now.status, MessageStatus::Delivered, "a delivery is the end");
        }
    }
}

proptest! {
    #[test]
    fn no_walk_reaches_a_state_that_must_not_be(
        commands in proptest::collection::vec(any_command(), 1..80),
    ) {
        let mut state = unborn();
        take(&mut state, &receive(1_000)).unwrap();
        let mut used = vec![message_id(1_000)];
        for command in commands {
            // The engine makes a new id for each text.
            if let Command::ReceiveText(IncomingText { message_id, .. })
            | Command::SendText(OutgoingText { message_id, .. }) = &command
            {
                if used.contains(message_id) {
                    continue;
                }
                used.push(*message_id);
            }
            let before = state.clone();
            if take(&mut state, &command).is_ok() {
                assert_sound(&before, &state);
            } else {
                prop_assert_eq!(&before, &state);
            }
        }
    }

    #[test]
    fn the_order_of_reports_does_not_decide_whether_a_delivery_is_seen(
        mut order in Just(vec![
            MessageStatus::Sent, MessageStatus::Delivered, MessageStatus::Undeliverable,
            MessageStatus::Sent, MessageStatus::Delivered,
        ]).prop_shuffle(),
        answer_at in 0_usize..6,
    ) {
        let mut state = standing(ConversationStatus::Active);
        take(&mut state, &send(5)).unwrap();
        take(&mut state, &begin(5)).unwrap();
        let place = answer_at.min(order.len());
        for (at, status) in order.drain(..).enumerate() {
            if at == place {
                drop(take(&mut state, &finish(5, 1, accepted())));
            }
            drop(take(&mut state, &report(5, 1, status)));
        }
        prop_assert_eq!(status_of(&state, 5), MessageStatus::Delivered);
    }
}
