//! What stands still, and what ends it.

use super::*;

#[test]
fn what_has_stood_still_for_long_enough_resolves_by_itself() {
    use ConversationStatus::{Active, Open, Resolved, Waiting, WrapUp};
    let table = [
        (Open, Some(ResolutionReason::Stale)),
        (Active, Some(ResolutionReason::Stale)),
        (Waiting, Some(ResolutionReason::Inactivity)),
        (WrapUp, Some(ResolutionReason::Stale)),
        (Resolved, None),
    ];
    let hour = TimeDelta::hours(1);
    for (status, reason) in table {
        let state = standing(status);
        let due = state.conversation.idle_since() + hour;
        let early = state.decide(&auto_resolve(status, hour), due - TimeDelta::microseconds(1));
        assert_eq!(early, Err(Refusal::NothingToDo), "{status:?}: not before its time");
        for &other in ConversationStatus::ALL.iter().filter(|other| **other != status) {
            let of_another = state.decide(&auto_resolve(other, hour), due);
            assert_eq!(of_another, Err(Refusal::NothingToDo), "{other:?} in {status:?}");
        }
        let decided = state.decide(&auto_resolve(status, hour), due);
        let Some(reason) = reason else {
            assert_eq!(decided, Err(Refusal::NothingToDo));
            continue;
        };
        let mut after = state.clone();
        decided.unwrap().iter().for_each(|event| after.apply(event, due));
        assert_eq!(after.conversation.status, Resolved, "{status:?}");
        assert_eq!(after.conversation.resolution_reason, Some(reason), "{status:?}");
        assert_eq!(after.conversation.assignee, state.conversation.assignee, "{status:?}");
        assert_eq!(after.conversation.version, state.conversation.version + 1);
    }
}

#[test]
fn a_text_of_either_side_counts_as_a_sign_of_life() {
    let mut state = standing(ConversationStatus::Active);
    let entered = state.conversation.status_changed_at;
    assert_eq!(state.conversation.idle_since(), entered);
    for command in [receive(7), send(8)] {
        let before = state.conversation.idle_since();
        take(&mut state, &command).unwrap();
        assert!(state.conversation.idle_since() > before, "{command:?}");
    }
    let before = state.conversation.idle_since();
    take(&mut state, &begin(8)).unwrap();
    assert_eq!(state.conversation.idle_since(), before, "a report or a try does not");
}

#[test]
fn an_agent_does_not_give_a_reason_of_the_systems() {
    for &reason in ResolutionReason::ALL {
        let mut state = standing(ConversationStatus::Active);
        let outcome = take(&mut state, &act_of(ANNA, AgentAct::Resolve(reason)));
        let refusal = Refusal::NotAnAgentsReason { reason };
        assert_eq!(outcome.err(), (!reason.is_agents()).then_some(refusal));
    }
}

#[test]
fn what_an_agent_has_left_behind_goes_back_into_its_queue() {
    use ConversationStatus::{Active, Open, Resolved, Waiting, WrapUp};
    for status in [Open, Active, Waiting, WrapUp, Resolved] {
        let mut state = standing(status);
        let of_another = take(&mut state, &Command::TakeBack { agent: BERT });
        assert_eq!(of_another.err(), Some(Refusal::NothingToDo), "{status:?} is not Bert's");
        let outcome = take(&mut state, &Command::TakeBack { agent: ANNA });
        if matches!(status, Active | Waiting) {
            outcome.unwrap();
            assert_eq!((state.conversation.status, state.conversation.assignee), (Open, None));
        } else {
            assert_eq!(outcome.err(), Some(Refusal::NothingToDo), "{status:?}");
            assert_eq!(state.conversation.status, status);
        }
    }
}
