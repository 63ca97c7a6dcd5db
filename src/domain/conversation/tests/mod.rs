//! The rules, each against a table; how it obeys in `consent`, random walks in `walk`.
//!
//! The fixtures stand for what an actor does: decide on a state, apply what was decided.

mod consent;
mod idle;
mod retry;
mod walk;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    access::{Role, Viewer, check_action},
    command::{
        AgentAct, Command, ConversationAction, IncomingText, OutgoingText, QUEUED_TEXTS_MAX,
        Refusal,
    },
    event::Event,
    *,
};
use crate::domain::{
    address::SupportNumberKind,
    message::{
        DeliveryReport, MessageFailure, MessageFailureCode, NotTaken, SendOutcome,
        TEXT_CHARACTERS_MAX, UnconfirmedPolicy,
    },
};

const ANNA: AgentId = AgentId(Uuid::from_u128(1));
const BERT: AgentId = AgentId(Uuid::from_u128(2));
const QUEUE: QueueId = QueueId(Uuid::from_u128(3));

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn unborn() -> State {
    let pair = Pair {
        organization_id: OrganizationId(Uuid::nil()),
        support_number_id: SupportNumberId(Uuid::nil()),
        customer: SmsAddress::from_e164("+14155550123").unwrap(),
    };
    let opening = Opening {
        channel_account_id: ChannelAccountId(Uuid::nil()),
        support_number: SupportNumberDigits::parse(SupportNumberKind::Geo, "15550001111").unwrap(),
        workstream_id: WorkstreamId(Uuid::nil()),
        queue_id: QUEUE,
        language: "en".into(),
    };
    State::unborn(ConversationId(Uuid::from_u128(9)), pair, opening, None, noon())
}

fn lost() -> SendOutcome {
    SendOutcome::Unconfirmed { provider_reference: None, description: "lost".into() }
}

fn not_taken() -> SendOutcome {
    SendOutcome::NotAccepted {
        reason: NotTaken::Other,
        provider_code: None,
        description: "busy".into(),
    }
}

/// A conversation in a state, held by Anna where the state has a holder.
fn standing(status: ConversationStatus) -> State {
    let mut state = unborn();
    take(&mut state, &receive(1)).unwrap();
    let way: &[AgentAct] = match status {
        ConversationStatus::Open => &[],
        ConversationStatus::Active => &[AgentAct::Pick],
        ConversationStatus::Waiting => &[AgentAct::Pick, AgentAct::Wait(WaitingOn::Customer)],
        ConversationStatus::WrapUp => &[AgentAct::Pick, AgentAct::WrapUp],
        ConversationStatus::Resolved => {
            &[AgentAct::Pick, AgentAct::Resolve(ResolutionReason::Solved)]
        }
    };
    for act in way {
        take(&mut state, &act_of(ANNA, *act)).unwrap();
    }
    assert_eq!(state.conversation.status, status);
    state
}

/// Decides and applies, as an actor does.
fn take(state: &mut State, command: &Command) -> Result<Vec<Event>, Refusal> {
    let now = state.conversation.updated_at + TimeDelta::seconds(1);
    let events = state.decide(command, now)?;
    for event in &events {
        state.apply(event, now);
    }
    state.conversation.revision += 1;
    Ok(events)
}

fn message_id(number: u128) -> MessageId {
    MessageId(Uuid::from_u128(number))
}

fn receive(number: u128) -> Command {
    Command::ReceiveText(IncomingText {
        message_id: message_id(number),
        text: "hello".into(),
        provider_reference: format!("R{number}"),
        keyword: None,
    })
}

fn outgoing(number: u128, author: AgentId, text: &str) -> OutgoingText {
    OutgoingText {
        message_id: message_id(number),
        author,
        text: text.into(),
        idempotency_key: format!("k{number}"),
    }
}

fn send(number: u128) -> Command {
    Command::SendText(outgoing(number, ANNA, "answer"))
}

fn act_of(agent: AgentId, act: AgentAct) -> Command {
    Command::Act { agent, act, expected_version: None }
}

fn auto_resolve(status: ConversationStatus, after: TimeDelta) -> Command {
    Command::AutoResolve { status, after, settings_version: 1 }
}

fn begin(number: u128) -> Command {
    Command::BeginSend { message_id: message_id(number) }
}

fn finish(number: u128, attempt: i32, outcome: SendOutcome) -> Command {
    Command::FinishSend { message_id: message_id(number), attempt, outcome }
}

fn accepted() -> SendOutcome {
    SendOutcome::Accepted { provider_reference: "REF".into(), provider_code: 290 }
}

fn report(number: u128, attempt: i32, status: MessageStatus) -> Command {
    let report = DeliveryReport {
        status,
        provider_code: 200,
        provider_reference: Some("REF".into()),
        description: "told".into(),
        failure: None,
        blocks_recipient: false,
    };
    Command::RecordReport { message_id: message_id(number), attempt, report }
}

fn status_of(state: &State, number: u128) -> MessageStatus {
    state.message(message_id(number)).unwrap().status
}

fn act_for(action: ConversationAction) -> Option<AgentAct> {
    match action {
        ConversationAction::Reply => None,
        ConversationAction::Pick => Some(AgentAct::Pick),
        ConversationAction::Wait => Some(AgentAct::Wait(WaitingOn::ThirdParty)),
        ConversationAction::Resume => Some(AgentAct::Resume),
        ConversationAction::WrapUp => Some(AgentAct::WrapUp),
        ConversationAction::Resolve => Some(AgentAct::Resolve(ResolutionReason::Unsolved)),
    }
}

#[test]
fn an_agents_acts_lead_where_the_life_of_a_conversation_says() {
    use ConversationAction::{Pick, Reply, Resolve, Resume, Wait, WrapUp as WrapUpAction};
    use ConversationStatus::{Active, Open, Resolved, Waiting, WrapUp};
    let possible = [
        (Open, Pick, Active),
        (Active, Reply, Active),
        (Active, Wait, Waiting),
        (Active, WrapUpAction, WrapUp),
        (Active, Resolve, Resolved),
        (Waiting, Resume, Active),
        (Waiting, Resolve, Resolved),
        (WrapUp, Resolve, Resolved),
    ];
    for &before in ConversationStatus::ALL {
        for &action in ConversationAction::ALL {
            let mut state = standing(before);
            let command = act_for(action).map_or_else(|| send(5), |act| act_of(ANNA, act));
            let outcome = take(&mut state, &command);
            let expected = possible.iter().find(|(from, by, _)| (*from, *by) == (before, action));
            match expected {
                Some((_, _, after)) => {
                    assert!(outcome.is_ok(), "{before:?} {action:?}: {outcome:?}");
                    assert_eq!(state.conversation.status, *after, "{before:?} {action:?}");
                }
                None => assert!(outcome.is_err(), "{before:?} {action:?} must be refused"),
            }
        }
    }
}

#[test]
fn what_the_viewer_may_do_is_what_is_then_accepted() {
    for &status in ConversationStatus::ALL {
        for agent in [ANNA, BERT] {
            for &role in Role::ALL {
                for queues in [vec![QUEUE], vec![]] {
                    let viewer = Viewer { agent, role, queues };
                    let state = standing(status);
                    let shown = viewer.actions(&state.conversation);
                    for &action in ConversationAction::ALL {
                        let command = act_for(action).map_or_else(
                            || Command::SendText(outgoing(5, agent, "answer")),
                            |act| act_of(agent, act),
                        );
                        let is_accepted = take(&mut state.clone(), &command).is_ok()
                            && viewer.may_see(&state.conversation);
                        assert_eq!(
                            shown.contains(&action),
                            is_accepted,
                            "{viewer:?} {status:?} {action:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn agents_see_their_own_and_open_work_supervisors_their_queues_admins_all() {
    let viewer = |agent, role, queues: &[QueueId]| Viewer { agent, role, queues: queues.into() };
    for &status in ConversationStatus::ALL {
        let conversation = standing(status).conversation;
        let is_open = status == ConversationStatus::Open;
        let table = [
            (viewer(ANNA, Role::Agent, &[]), conversation.assignee == Some(ANNA)),
            (viewer(BERT, Role::Agent, &[]), false),
            (viewer(BERT, Role::Agent, &[QUEUE]), is_open),
            (viewer(BERT, Role::Supervisor, &[]), false),
            (viewer(BERT, Role::Supervisor, &[QUEUE]), true),
            (viewer(BERT, Role::Admin, &[]), true),
        ];
        for (viewer, is_seen) in table {
            assert_eq!(viewer.may_see(&conversation), is_seen, "{viewer:?} {status:?}");
        }
    }
}

#[test]
fn a_text_opens_what_waits_and_brings_back_what_is_wrapped_up() {
    use ConversationStatus::{Active, Open, Resolved, Waiting, WrapUp};
    let table = [
        (Open, Some((Open, None))),
        (Active, Some((Active, Some(ANNA)))),
        (Waiting, Some((Open, None))),
        (WrapUp, Some((Active, Some(ANNA)))),
        (Resolved, None),
    ];
    for (before, after) in table {
        let mut state = standing(before);
        match (take(&mut state, &receive(2)), after) {
            (Ok(_), Some((status, assignee))) => {
                assert_eq!(state.conversation.status, status, "{before:?}");
                assert_eq!(state.conversation.assignee, assignee, "{before:?}");
                assert_eq!(state.conversation.last_sequence, 2);
            }
            (Err(refusal), None) => assert_eq!(refusal, Refusal::Resolved),
            (outcome, _) => panic!("{before:?}: {outcome:?}"),
        }
    }
    let mut state = standing(Waiting);
    take(&mut state, &receive(2)).unwrap();
    assert_eq!(state.conversation.affinity, Some(ANNA), "the same agent comes first");
}

#[test]
fn an_old_version_is_refused_with_the_present_one() {
    let mut state = standing(ConversationStatus::Active);
    let current = state.conversation.version;
    let stale =
        Command::Act { agent: ANNA, act: AgentAct::WrapUp, expected_version: Some(current - 1) };
    let refusal = Refusal::VersionConflict { expected: current - 1, current };
    assert_eq!(take(&mut state, &stale), Err(refusal));
    take(&mut state, &send(5)).unwrap();
    assert_eq!(state.conversation.version, current, "a text moves no version");
    let fresh =
        Command::Act { agent: ANNA, act: AgentAct::WrapUp, expected_version: Some(current) };
    assert!(take(&mut state, &fresh).is_ok());
}

#[test]
fn a_text_too_long_is_refused_with_its_count_of_characters() {
    let mut state = standing(ConversationStatus::Active);
    let long = "😀".repeat(TEXT_CHARACTERS_MAX + 1);
    let refusal = Refusal::TextTooLong { characters: TEXT_CHARACTERS_MAX + 1 };
    assert_eq!(take(&mut state, &Command::SendText(outgoing(5, ANNA, &long))), Err(refusal));
    for empty in ["", " \n\t"] {
        let refused = take(&mut state, &Command::SendText(outgoing(5, ANNA, empty)));
        assert_eq!(refused, Err(Refusal::TextEmpty));
    }
    let longest = "😀".repeat(TEXT_CHARACTERS_MAX);
    assert!(take(&mut state, &Command::SendText(outgoing(5, ANNA, &longest))).is_ok());
}

#[test]
fn no_more_texts_wait_for_the_provider_than_the_bound_says() {
    let mut state = standing(ConversationStatus::Active);
    let bound = u128::try_from(QUEUED_TEXTS_MAX).unwrap();
    for number in 0..bound {
        take(&mut state, &send(100 + number)).unwrap();
    }
    assert_eq!(take(&mut state, &send(999)), Err(Refusal::TooManyQueued));
}

#[test]
fn a_later_text_waits_for_the_earlier_one() {
    let mut state = standing(ConversationStatus::Active);
    take(&mut state, &send(5)).unwrap();
    take(&mut state, &send(6)).unwrap();
    assert_eq!(take(&mut state, &begin(6)), Err(Refusal::EarlierTextUnsettled));
    take(&mut state, &begin(5)).unwrap();
    assert_eq!(take(&mut state, &begin(5)), Err(Refusal::NotSendable), "it is begun once");
    assert_eq!(take(&mut state, &begin(6)), Err(Refusal::EarlierTextUnsettled));
    take(&mut state, &finish(5, 1, accepted())).unwrap();
    assert!(take(&mut state, &begin(6)).is_ok());
}

#[test]
fn what_became_of_a_send_decides_whether_it_is_tried_again() {
    let failure = MessageFailure {
        code: MessageFailureCode::InvalidNumber,
        provider_code: Some(11000),
        description: "no such number".into(),
    };
    let table = [
        (accepted(), MessageStatus::Sent),
        (not_taken(), MessageStatus::Queued),
        (SendOutcome::Refused(failure.clone()), MessageStatus::Failed),
        (SendOutcome::AccountStopped(failure), MessageStatus::Queued),
        (lost(), MessageStatus::Unconfirmed),
    ];
    for (outcome, after) in table {
        let mut state = standing(ConversationStatus::Active);
        take(&mut state, &send(5)).unwrap();
        take(&mut state, &begin(5)).unwrap();
        take(&mut state, &finish(5, 1, outcome.clone())).unwrap();
        assert_eq!(status_of(&state, 5), after, "{outcome:?}");
        let again = take(&mut state, &begin(5));
        assert_eq!(again.is_ok(), after == MessageStatus::Queued, "{outcome:?}");
    }
}

#[test]
fn a_report_that_overtakes_the_providers_answer_holds() {
    let mut state = standing(ConversationStatus::Active);
    take(&mut state, &send(5)).unwrap();
    take(&mut state, &begin(5)).unwrap();
    take(&mut state, &report(5, 1, MessageStatus::Delivered)).unwrap();
    assert_eq!(take(&mut state, &finish(5, 1, lost())), Err(Refusal::NothingToDo));
    assert_eq!(status_of(&state, 5), MessageStatus::Delivered);
    let unheard = take(&mut state, &report(5, 7, MessageStatus::Failed));
    assert_eq!(unheard, Err(Refusal::NothingToDo), "of another try");
}

#[test]
fn an_action_by_another_agent_is_told_why_it_is_refused() {
    let held = standing(ConversationStatus::Active).conversation;
    assert_eq!(check_action(&held, BERT, ConversationAction::Pick), Err(Refusal::AlreadyAssigned));
    assert_eq!(check_action(&held, BERT, ConversationAction::Reply), Err(Refusal::NotAssignee));
    let open = standing(ConversationStatus::Open).conversation;
    assert_eq!(check_action(&open, BERT, ConversationAction::Reply), Err(Refusal::NotAssignee));
}
