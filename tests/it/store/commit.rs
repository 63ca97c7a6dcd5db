//! Batches: one bad member fails nobody else, positions have no holes.

use centralino::{
    domain::{
        address::{SmsAddress, SupportNumberDigits, SupportNumberKind},
        clock::Clock,
        conversation::{
            Opening, Pair, State,
            command::{Command, IncomingText},
            event::Event,
        },
        ids::{
            ChannelAccountId, ConversationId, MessageId, OrganizationId, QueueId, ReceiptId,
            SupportNumberId, WorkstreamId,
        },
    },
    store::{
        StoreError,
        commit::{
            Actor, Change, Committer, Entry, FeedEvent, FeedEventKind, NewReceipt, TimerChange,
            Verdict,
        },
    },
};
use uuid::Uuid;

use crate::support::TestApp;

/// Makes changes for the organization of a test.
struct Maker {
    clock: Clock,
    organization: OrganizationId,
    account: ChannelAccountId,
    number: SupportNumberId,
    workstream: WorkstreamId,
    queue: QueueId,
    settings_version: i64,
}

impl Maker {
    async fn of(app: &TestApp) -> Self {
        let organization = app.database.column("select id from organizations").await;
        let version = app.database.count("select settings_version from organizations").await;
        Self {
            clock: Clock::default(),
            organization: OrganizationId(organization[0].parse().unwrap()),
            account: app.account.parse().unwrap(),
            number: app.number.parse().unwrap(),
            workstream: app.workstream.parse().unwrap(),
            queue: app.queue.parse().unwrap(),
            settings_version: version,
        }
    }

    fn unborn(&self, customer: &str) -> State {
        let pair = Pair {
            organization_id: self.organization,
            support_number_id: self.number,
            customer: SmsAddress::from_e164(customer).unwrap(),
        };
        let opening = Opening {
            channel_account_id: self.account,
            support_number: SupportNumberDigits::parse(SupportNumberKind::Geo, "15550001111")
                .unwrap(),
            workstream_id: self.workstream,
            queue_id: self.queue,
            language: "en".into(),
        };
        let id = ConversationId(self.clock.new_uuid());
        State::unborn(id, pair, opening, None, self.clock.now())
    }

    /// A text comes in; the state moves on as if it were committed.
    fn receive(&self, state: &mut State, reference: &str) -> Change {
        let now = self.clock.now();
        let text = IncomingText {
            message_id: MessageId(self.clock.new_uuid()),
            text: "hello".into(),
            provider_reference: reference.into(),
            keyword: None,
        };
        let is_new = state.is_unborn();
        let events = state.decide(&Command::ReceiveText(text), now).unwrap();
        for event in &events {
            state.apply(event, now);
        }
        state.conversation.revision += 1;
        let added = events.iter().filter_map(|event| match event {
            Event::MessageAdded(message) => Some((**message).clone()),
            _ => None,
        });
        let kind = FeedEventKind::MessageAdded;
        let told = FeedEvent { kind, message_id: None, changed: Vec::new() };
        Change {
            entry: Entry::Receipt(NewReceipt {
                id: ReceiptId(self.clock.new_uuid()),
                account: self.account,
                kind: "INBOUND_TEXT",
                dedup_key: reference.into(),
                reference: Some(reference.into()),
                body: b"{}".to_vec(),
                received_at: now,
                customer: None,
            }),
            conversation: state.conversation.clone(),
            was_opted_out: false,
            consent: None,
            settings_version: is_new.then_some(self.settings_version),
            added: added.collect(),
            changed: Vec::new(),
            begun: Vec::new(),
            moves: Vec::new(),
            due_at: now,
            check_at: None,
            claim_until: now,
            timer: if is_new { TimerChange::Starts } else { TimerChange::RunsOn },
            events: vec![told],
            actor: Actor::Customer,
            at: now,
            audit: None,
        }
    }
}

fn is_committed(verdict: &Result<Verdict, StoreError>) -> bool {
    matches!(verdict, Ok(Verdict::Committed { .. }))
}

fn customer(number: usize) -> String {
    format!("+1415555{number:04}")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_member_fails_alone() {
    let app = TestApp::start().await;
    let maker = Maker::of(&app).await;
    let mut batch: Vec<Change> = (0..50)
        .map(|number| maker.receive(&mut maker.unborn(&customer(number)), &format!("R{number}")))
        .collect();
    batch[17].conversation.opening.queue_id = QueueId(Uuid::from_u128(4711));
    let verdicts = Committer::new(app.database.store()).commit(&batch).await;
    for (at, verdict) in verdicts.iter().enumerate() {
        assert_eq!(is_committed(verdict), at != 17, "{at}: {verdict:?}");
    }
    assert!(matches!(verdicts[17], Err(StoreError::Rejected(_))), "{:?}", verdicts[17]);
    assert_eq!(app.database.count("select count(*) from messages").await, 49);
    assert_eq!(app.database.count("select count(*) from receipts").await, 49);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_member_is_told_what_became_of_it() {
    let app = TestApp::start().await;
    let maker = Maker::of(&app).await;
    let mut committer = Committer::new(app.database.store());
    let (mut one, mut two) = (maker.unborn(&customer(1)), maker.unborn(&customer(2)));
    let first = [maker.receive(&mut one, "R1"), maker.receive(&mut two, "R2")];
    assert!(committer.commit(&first).await.iter().all(is_committed));
    let repeated = maker.receive(&mut one.clone(), "R1");
    // Somebody else was first: the revision that this was decided on is gone.
    let mut behind = two.clone();
    let _ahead = maker.receive(&mut behind, "R3");
    let conflicting = maker.receive(&mut behind, "R4");
    let mut stale = maker.receive(&mut maker.unborn(&customer(3)), "R5");
    stale.settings_version = Some(maker.settings_version - 1);
    let taken_pair = maker.receive(&mut maker.unborn(&customer(1)), "R6");
    let good = maker.receive(&mut maker.unborn(&customer(4)), "R7");
    let batch = [repeated, conflicting, stale, taken_pair, good];
    let verdicts = committer.commit(&batch).await;
    let told: Vec<&Verdict> = verdicts.iter().map(|verdict| verdict.as_ref().unwrap()).collect();
    assert_eq!(*told[0], Verdict::Repeated);
    assert_eq!(*told[1], Verdict::Conflict);
    assert_eq!(*told[2], Verdict::StaleSettings);
    assert_eq!(*told[3], Verdict::Conflict);
    assert!(is_committed(&verdicts[4]), "{:?}", verdicts[4]);
    let receipts = "select dedup_key from receipts order by 1";
    assert_eq!(app.database.column(receipts).await, ["R1", "R2", "R7"], "losers leave nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn positions_have_no_holes_under_two_committers() {
    const BATCHES: usize = 12;
    const MEMBERS: usize = 10;
    let app = TestApp::start().await;
    let before = app.database.count("select position from organization_feeds").await;
    let work = |lane: usize| {
        let store = app.database.store();
        let app = &app;
        async move {
            let maker = Maker::of(app).await;
            let mut committer = Committer::new(store);
            for batch in 0..BATCHES {
                let changes: Vec<Change> = (0..MEMBERS)
                    .map(|at| {
                        let number = (lane * BATCHES + batch) * MEMBERS + at;
                        let mut state = maker.unborn(&customer(number));
                        maker.receive(&mut state, &format!("R{number}"))
                    })
                    .collect();
                let verdicts = committer.commit(&changes).await;
                assert!(verdicts.iter().all(is_committed), "{verdicts:?}");
            }
        }
    };
    tokio::join!(work(0), work(1));
    let written = i64::try_from(2 * BATCHES * MEMBERS).unwrap();
    let positions =
        format!("select count(distinct position) from events where position > {before}");
    assert_eq!(app.database.count(&positions).await, written);
    let newest = app.database.count("select max(position) from events").await;
    assert_eq!(newest, before + written);
    assert_eq!(app.database.count("select position from organization_feeds").await, newest);
}
