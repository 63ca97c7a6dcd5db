//! Our own committer fed directly, without HTTP and actors: what the rest of the way costs.

use std::time::Instant;

use centralino::{
    domain::{
        address::{SmsAddress, SupportNumberDigits, SupportNumberKind},
        clock::Clock,
        conversation::{
            Opening, Pair, State,
            command::{Command, IncomingText},
            event::Event,
        },
        ids::{ConversationId, MessageId, OrganizationId, ReceiptId},
    },
    store::{
        Store,
        commit::{
            Actor, Change, Committer, Entry, FeedEvent, FeedEventKind, NewReceipt, TimerChange,
            Verdict,
        },
    },
};
use tokio::runtime::Runtime;

use super::{
    Pace,
    world::{Database, Organization},
};

/// As many as the engine has.
const COMMITTERS: u64 = 2;
/// Texts in a transaction; as many as 128 connections put into one, shared by two lanes.
const BATCH: usize = 64;
const CUSTOMERS_FROM: u64 = 14_000_000_000;

/// Texts a second that the committers take.
pub async fn run(database: &Database, organization: &Organization, pace: Pace) -> f64 {
    let slug = &organization.slug;
    let select = |column| format!("select {column} from organizations where slug = '{slug}'");
    let id = OrganizationId(database.value(&select("id")).await.parse().unwrap());
    let version = database.count(&select("settings_version")).await;
    let account = &organization.accounts[0];
    let opening = Opening {
        channel_account_id: account.id.parse().unwrap(),
        support_number: SupportNumberDigits::parse(SupportNumberKind::Geo, &account.number)
            .unwrap(),
        workstream_id: organization.workstream.parse().unwrap(),
        queue_id: organization.queue.parse().unwrap(),
        language: "en".into(),
    };
    let number = account.number_id.parse().unwrap();
    let pair = move |customer: u64| Pair {
        organization_id: id,
        support_number_id: number,
        customer: SmsAddress::from_e164(&format!("+{customer}")).unwrap(),
    };
    let clock = Clock::default();
    let url = database.url().to_owned();
    let threads: Vec<_> = (0..COMMITTERS)
        .map(|place| {
            let (clock, url, opening) = (clock.clone(), url.clone(), opening.clone());
            std::thread::spawn(move || {
                // Conversations are new in each run: what an earlier one wrote is not known here.
                let run = clock.now().timestamp_micros().unsigned_abs() % 1_000_000;
                let from = CUSTOMERS_FROM + place * 1_000_000_000 + run * 1_000;
                let states = (from..from + 1_000).map(|customer| {
                    let id = ConversationId(clock.new_uuid());
                    State::unborn(id, pair(customer), opening.clone(), None, clock.now())
                });
                let maker = Maker {
                    states: states.collect(),
                    clock: clock.clone(),
                    settings_version: version.try_into().unwrap(),
                    next: 0,
                };
                Runtime::new().unwrap().block_on(commit(&url, maker, pace))
            })
        })
        .collect();
    // They run on threads of their own; this one only waits.
    threads.into_iter().map(|thread| thread.join().unwrap()).sum()
}

async fn commit(url: &str, mut maker: Maker, pace: Pace) -> f64 {
    let mut committer = Committer::new(Store::new(url).unwrap());
    let mut committed = 0;
    let begun = Instant::now();
    while begun.elapsed() < pace.window {
        let batch = maker.batch();
        let verdicts = committer.commit(&batch).await;
        let are_committed = verdicts.iter().all(|it| matches!(it, Ok(Verdict::Committed { .. })));
        assert!(are_committed, "{verdicts:?}");
        committed += batch.len();
    }
    committed as f64 / begun.elapsed().as_secs_f64()
}

/// Makes what actors would ask to be written.
struct Maker {
    states: Vec<State>,
    clock: Clock,
    settings_version: i64,
    next: usize,
}

impl Maker {
    fn batch(&mut self) -> Vec<Change> {
        (0..BATCH)
            .map(|_| {
                let place = self.next % self.states.len();
                self.next += 1;
                self.change(place)
            })
            .collect()
    }

    fn change(&mut self, place: usize) -> Change {
        let now = self.clock.now();
        let state = &mut self.states[place];
        let reference = format!("{:032X}", self.clock.new_uuid().as_u128());
        let command = Command::ReceiveText(IncomingText {
            message_id: MessageId(self.clock.new_uuid()),
            text: "Hello, where is my parcel? The order is 4711-2026 and it is late.".into(),
            provider_reference: reference.clone(),
            keyword: None,
        });
        let is_new = state.is_unborn();
        let events = state.decide(&command, now).unwrap();
        let mut told = Vec::new();
        let mut added = Vec::new();
        for event in &events {
            state.apply(event, now);
            let (kind, message_id) = match event {
                Event::MessageAdded(message) => {
                    added.push((**message).clone());
                    (FeedEventKind::MessageAdded, Some(message.id))
                }
                _ => (FeedEventKind::ConversationStarted, None),
            };
            told.push(FeedEvent { kind, message_id, changed: Vec::new() });
        }
        state.conversation.revision += 1;
        state.forget_settled();
        Change {
            entry: Entry::Receipt(NewReceipt {
                id: ReceiptId(self.clock.new_uuid()),
                account: state.conversation.opening.channel_account_id,
                kind: "INBOUND_TEXT",
                dedup_key: reference.clone(),
                reference: Some(reference),
                customer: None,
                body: vec![b'x'; 420],
                received_at: now,
            }),
            conversation: state.conversation.clone(),
            was_opted_out: false,
            consent: None,
            settings_version: Some(self.settings_version),
            added,
            changed: Vec::new(),
            begun: Vec::new(),
            moves: Vec::new(),
            due_at: now,
            claim_until: now,
            check_at: None,
            audit: None,
            timer: if is_new { TimerChange::Starts } else { TimerChange::RunsOn },
            events: told,
            actor: Actor::Customer,
            at: now,
        }
    }
}
