//! Ledgers that are wrong, each in one way; the oracle names the promise that was broken.

use super::{Promise, judge};
use crate::chaos::ledger::{
    Accepted, Asked, Content, Event, Frame, Ledger, Report, Said, Sighting, Stored, Subscriber,
    Told, Try,
};

const CUSTOMER: &str = "+14155550100";

fn said(number: i64) -> Said {
    Said {
        reference: format!("R{number}"),
        customer: CUSTOMER.into(),
        text: format!("text {number}"),
        first_tried_at: number * 100,
        answered_at: Some(number * 100 + 50),
        is_put_off: false,
    }
}

fn inbound(number: i64) -> Stored {
    Stored {
        id: format!("in{number}"),
        conversation: "c1".into(),
        conversation_at: 0,
        customer: CUSTOMER.into(),
        sequence: number,
        is_inbound: true,
        text: format!("text {number}"),
        status: "RECEIVED".into(),
        provider_reference: Some(format!("R{number}")),
        key: None,
    }
}

fn answer(number: i64, sequence: i64, status: &str) -> Stored {
    Stored {
        id: format!("out{number}"),
        sequence,
        is_inbound: false,
        text: format!("answer {number}"),
        status: status.into(),
        provider_reference: None,
        key: Some(format!("k{number}")),
        ..inbound(number)
    }
}

fn asked(number: i64) -> Asked {
    Asked {
        key: format!("k{number}"),
        conversation: "c1".into(),
        text: format!("answer {number}"),
        answers: vec![format!("out{number}")],
    }
}

fn accepted(number: i64, attempt: i64) -> Accepted {
    Accepted {
        external_id: format!("out{number}.{attempt}"),
        to: CUSTOMER.into(),
        text: format!("answer {number}"),
    }
}

fn begun(number: i64, attempt: i64) -> Try {
    Try { message: format!("out{number}"), number: attempt, status: "SENT".into() }
}

fn told() -> Vec<Told> {
    let added = |id: &str| Told::Added(id.into());
    let moved = |id: &str| Told::Moved(id.into());
    vec![
        Told::Conversation,
        added("in1"),
        added("in2"),
        Told::Conversation,
        added("out1"),
        moved("out1"),
        added("out2"),
        moved("out1"),
        moved("out2"),
    ]
}

fn frame(previous: Option<i64>, cursor: i64, content: Content) -> Frame {
    let word = |cursor: i64| format!("at {cursor}");
    Frame { previous: previous.map(word), cursor: word(cursor), content }
}

/// Two texts came in; the first answer was lost by its first try and delivered by its second, of
/// the second answer nobody knows.
fn sound() -> Ledger {
    let conversation = |told: &Told| (*told != Told::Setting).then(|| "c1".to_owned());
    let event =
        |(told, position): (Told, i64)| Event { position, conversation: conversation(&told), told };
    let feed = [Told::Setting].into_iter().chain(told());
    let sighting = |id: &str| Sighting { external_id: id.into(), count: 1 };
    Ledger {
        said: vec![said(1), said(2)],
        reports: vec![
            Report { external_id: "out1.2".into(), code: 200, is_answered: true },
            Report { external_id: "out1.2".into(), code: 203, is_answered: true },
        ],
        accepted: vec![accepted(1, 2), accepted(2, 1)],
        sightings: vec![sighting("out1.1"), sighting("out1.2"), sighting("out2.1")],
        asked: vec![asked(1), asked(2)],
        stored: vec![
            inbound(1),
            inbound(2),
            answer(1, 3, "DELIVERED"),
            answer(2, 4, "UNCONFIRMED"),
        ],
        tries: vec![begun(1, 1), begun(1, 2), begun(2, 1)],
        events: feed.zip(1..).map(event).collect(),
        without_effect: Vec::new(),
        subscribers: vec![Subscriber {
            conversation: "c1".into(),
            frames: vec![
                frame(None, 3, Content::Snapshot(vec!["in1".into(), "in2".into()])),
                frame(Some(3), 6, Content::Delta(told()[3..5].to_vec())),
                frame(Some(6), 10, Content::Delta(told()[5..].to_vec())),
            ],
        }],
    }
}

#[test]
fn a_sound_ledger_is_found_sound() {
    assert_eq!(judge(&sound()), []);
}

#[test]
fn a_text_that_was_never_answered_may_be_stored_or_not() {
    let mut ledger = sound();
    ledger.said[1].answered_at = None;
    assert_eq!(judge(&ledger), []);
    ledger.said.push(Said { answered_at: None, ..said(3) });
    assert_eq!(judge(&ledger), [], "it was given up");
}

#[test]
fn a_report_that_was_never_answered_may_have_its_effect_or_not() {
    let mut ledger = sound();
    ledger.reports[0].is_answered = false;
    assert_eq!(judge(&ledger), [], "it was taken in, and the answer was lost");
    ledger.stored[2].status = "SENT".into();
    assert_eq!(judge(&ledger), [], "it was never taken in");
}

#[test]
fn a_subscriber_that_had_to_start_anew_is_judged_by_what_it_then_holds() {
    let mut ledger = sound();
    let all = ["in1", "in2", "out1", "out2"].map(str::to_owned).to_vec();
    ledger.subscribers[0].frames = vec![
        frame(None, 3, Content::Snapshot(vec!["in1".into()])),
        frame(Some(3), 4, Content::Delta(told()[2..3].to_vec())),
        frame(Some(4), 4, Content::Resync),
        frame(Some(4), 9, Content::Snapshot(all)),
        frame(Some(9), 10, Content::Delta(told()[8..].to_vec())),
    ];
    assert_eq!(judge(&ledger), []);
}

type Break = fn(&mut Ledger);

/// One way of being wrong, and the promise that it breaks.
const WRONG: &[(&str, Promise, Break)] = &[
    ("an answered text is lost", Promise::AnsweredIsStored, |ledger| {
        ledger.said.push(said(9));
    }),
    ("a text is stored twice", Promise::StoredOnce, |ledger| {
        ledger.stored.push(Stored { id: "in3".into(), sequence: 5, ..inbound(1) });
    }),
    ("a text is stored that nobody sent", Promise::StoredOnce, |ledger| {
        ledger.stored.push(Stored { sequence: 5, ..inbound(9) });
    }),
    ("a text is stored with other words", Promise::StoredOnce, |ledger| {
        ledger.stored[0].text = "else".into();
    }),
    ("a text is stored for another customer", Promise::StoredOnce, |ledger| {
        ledger.stored[0].customer = "+14155550199".into();
    }),
    ("texts of a customer change places", Promise::StoredInOrder, |ledger| {
        ledger.stored[0].sequence = 2;
        ledger.stored[1].sequence = 1;
    }),
    ("a later text is in an earlier conversation", Promise::StoredInOrder, |ledger| {
        ledger.stored[1].conversation = "c0".into();
        ledger.stored[1].conversation_at = -1;
    }),
    ("a sequence has a hole", Promise::DenseSequence, |ledger| ledger.stored[3].sequence = 6),
    ("a sequence does not begin with 1", Promise::DenseSequence, |ledger| {
        for text in &mut ledger.stored {
            text.sequence += 1;
        }
    }),
    ("a callback has no effect", Promise::EveryCallbackHasItsEffect, |ledger| {
        ledger.without_effect.push("UNMATCHED".into());
    }),
    ("the provider sees a try twice", Promise::SeenOnce, |ledger| ledger.sightings[0].count = 2),
    ("the provider takes a try twice", Promise::SeenOnce, |ledger| {
        ledger.accepted.push(accepted(2, 1));
    }),
    ("a text goes out in two tries", Promise::TakenOnce, |ledger| {
        ledger.accepted.insert(0, accepted(1, 1));
    }),
    ("a try is sent that was never begun", Promise::BegunBeforeSent, |ledger| {
        ledger.tries.pop();
    }),
    ("other words are sent than are stored", Promise::BegunBeforeSent, |ledger| {
        ledger.accepted[0].text = "else".into();
    }),
    ("a text goes to another customer", Promise::BegunBeforeSent, |ledger| {
        ledger.accepted[0].to = "+14155550199".into();
    }),
    ("the second answer overtakes the first", Promise::SentInOrder, |ledger| {
        ledger.accepted.swap(0, 1);
    }),
    ("a promised answer is lost", Promise::AskedOnce, |ledger| ledger.asked.push(asked(9))),
    ("an answer is there twice", Promise::AskedOnce, |ledger| {
        ledger.stored.push(Stored { id: "out9".into(), ..answer(1, 5, "FAILED") });
    }),
    ("a repetition is answered with another text", Promise::AskedOnce, |ledger| {
        ledger.asked[0].answers.push("out2".into());
    }),
    ("an answer is there that nobody asked for", Promise::AskedOnce, |ledger| {
        ledger.asked.pop();
    }),
    ("an answer stands in another conversation", Promise::AskedOnce, |ledger| {
        ledger.asked[0].conversation = "c2".into();
    }),
    ("a text is left in the queue", Promise::Settled, |ledger| {
        ledger.stored[3].status = "QUEUED".into();
    }),
    ("a text is left on the wire", Promise::Settled, |ledger| {
        ledger.stored[3].status = "SENDING".into();
    }),
    ("a delivery that was reported is not known", Promise::StatusIsTrue, |ledger| {
        ledger.stored[2].status = "SENT".into();
    }),
    ("a text is delivered that was not taken", Promise::StatusIsTrue, |ledger| {
        ledger.stored[3].status = "DELIVERED".into();
    }),
    ("a text has failed that was taken", Promise::StatusIsTrue, |ledger| {
        ledger.stored[3].status = "FAILED".into();
    }),
    ("a text is sent that was not taken", Promise::StatusIsTrue, |ledger| {
        ledger.accepted.pop();
        ledger.stored[3].status = "SENT".into();
    }),
    ("a report does not settle what is unconfirmed", Promise::StatusIsTrue, |ledger| {
        let report = Report { external_id: "out2.1".into(), code: 203, is_answered: true };
        ledger.reports.push(report);
    }),
    ("a position is missing from the feed", Promise::DenseFeed, |ledger| {
        for event in &mut ledger.events[4..] {
            event.position += 1;
        }
    }),
    ("a text is not in the feed", Promise::DenseFeed, |ledger| {
        ledger.stored.push(answer(3, 5, "FAILED"));
        ledger.asked.push(asked(3));
    }),
    ("a frame is lost on the way", Promise::FramesChain, |ledger| {
        ledger.subscribers[0].frames.remove(1);
    }),
    ("a frame comes twice", Promise::FramesChain, |ledger| {
        let again = ledger.subscribers[0].frames[2].clone();
        ledger.subscribers[0].frames.push(again);
    }),
    ("a subscriber is not told of the end", Promise::ToldEverything, |ledger| {
        ledger.subscribers[0].frames.pop();
    }),
    ("a subscriber is told something twice", Promise::ToldEverything, |ledger| {
        let twice = Content::Delta([&told()[3..5], &told()[4..5]].concat());
        ledger.subscribers[0].frames[1].content = twice;
    }),
    ("a subscriber is told in another order", Promise::ToldEverything, |ledger| {
        let mut events = told()[5..].to_vec();
        events.swap(0, 1);
        ledger.subscribers[0].frames[2].content = Content::Delta(events);
    }),
    ("a subscriber begins with a hole", Promise::ToldEverything, |ledger| {
        ledger.subscribers[0].frames[0].content = Content::Snapshot(vec!["in1".into()]);
    }),
    ("a subscriber is shown nothing", Promise::ToldEverything, |ledger| {
        ledger.subscribers[0].frames.clear();
    }),
];

#[test]
fn every_way_of_being_wrong_is_found_and_named() {
    for (what, promise, break_it) in WRONG {
        let mut ledger = sound();
        break_it(&mut ledger);
        let found = judge(&ledger);
        assert!(found.iter().any(|finding| finding.promise == *promise), "{what}: {found:?}");
    }
}

#[test]
fn every_promise_is_broken_by_some_ledger() {
    let broken: std::collections::BTreeSet<Promise> =
        WRONG.iter().map(|(_, promise, _)| *promise).collect();
    assert_eq!(broken.len(), Promise::ALL.len());
}
