//! Actors die, a hundred a second.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use centralino::{domain::ids::ConversationId, engine::Faults};
use parking_lot::Mutex;
use serde_json::json;

use super::{company::Company, pace::Pace, verdict::judged};
use crate::support::{Options, SUPPORT_NUMBER};

const DEATHS_PER_SECOND: u32 = 100;
const TICK: Duration = Duration::from_millis(50);
/// After a death, a conversation is left alone for so many commands: what kills its actor again and
/// again is a bug of the command's, and is set aside, which is another promise.
const SPARED_COMMANDS: u32 = 2;
/// Customers who text besides, and how many of them in one tick: three commands for each death.
const CUSTOMERS: u64 = 480;
const TEXTS: u32 = 16;

/// Kills whoever comes next, as long as there are deaths to be had.
#[derive(Default)]
struct Reaper {
    left: AtomicU32,
    deaths: AtomicU32,
    spared: Mutex<HashMap<ConversationId, u32>>,
}

impl Faults for Reaper {
    fn before_command(&self, conversation: ConversationId) {
        let mut spared = self.spared.lock();
        let left = spared.entry(conversation).or_default();
        if *left > 0 {
            *left -= 1;
            return;
        }
        let take = |left: u32| left.checked_sub(1);
        if self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok() {
            *left = SPARED_COMMANDS;
            drop(spared);
            self.deaths.fetch_add(1, Ordering::SeqCst);
            panic!("planted");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn actors_that_die_by_the_hundred_lose_nothing() {
    let pace = Pace::of("actors");
    let mut dice = pace.dice();
    let reaper = Arc::new(Reaper::default());
    let options = Options { faults: Arc::clone(&reaper) as Arc<dyn Faults>, ..Options::default() };
    let company = Company::found_here(&pace, options).await;
    let load = company.load(&mut dice);
    load.flow().await;
    let provider = company.provider();
    let begun = tokio::time::Instant::now();
    let mut ticks = tokio::time::interval(TICK);
    while begun.elapsed() < pace.load {
        ticks.tick().await;
        let due = DEATHS_PER_SECOND * u32::try_from(TICK.as_millis()).unwrap() / 1_000;
        reaper.left.store(due, Ordering::SeqCst);
        // Enough to do for whoever is to die.
        let flood = json!({
            "from": (14_155_559_000 + dice.of(0..CUSTOMERS)).to_string(), "to": SUPPORT_NUMBER,
            "text": "{n}", "count": TEXTS, "senders": TEXTS, "concurrency": 4, "wait": false,
        });
        provider.post("control/inbound", &flood).await.unwrap();
    }
    reaper.left.store(0, Ordering::SeqCst);
    let summary = judged(company, load).await;
    let deaths = reaper.deaths.load(Ordering::SeqCst);
    let wanted = pace.load.as_secs() * u64::from(DEATHS_PER_SECOND) / 4;
    assert!(u64::from(deaths) >= wanted, "only {deaths} of at least {wanted} died");
    assert!(summary.answered > 100, "{deaths}: {summary:?}");
}
