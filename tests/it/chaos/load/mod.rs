//! People who go about their business, whatever happens: customers, agents, those who watch.
//!
//! **Invariant:** a customer sends the next text when the provider has done with the last one, and
//! an agent asks again, with the same key, until there is an answer. Start at [`Load::start`].

mod agent;
mod customer;
mod subscriber;

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    client::Client,
    dice::Dice,
    ledger::{Asked, Subscriber},
};
use crate::support::eventually;

const CUSTOMERS: u64 = 6;
/// As many show that business goes on.
const ANSWERS: usize = 4;

/// Whom everybody talks to.
#[derive(Clone)]
pub struct Parties {
    /// The provider's control surface.
    pub provider: Client,
    pub admin: Client,
    pub agents: Vec<Client>,
}

/// Load that goes on until it is told to stop.
pub struct Load {
    people: JoinSet<()>,
    watchers: JoinSet<()>,
    stop: CancellationToken,
    end: CancellationToken,
    seen: Arc<Seen>,
}

/// What the people have seen.
#[derive(Default)]
pub struct Seen {
    pub asked: Mutex<Vec<Asked>>,
    pub subscribers: Mutex<Vec<Subscriber>>,
}

impl Load {
    pub fn start(parties: &Parties, mut dice: Dice) -> Self {
        let (stop, end) = (CancellationToken::new(), CancellationToken::new());
        let seen = Arc::new(Seen::default());
        let mut people = JoinSet::new();
        for number in 0..CUSTOMERS {
            let provider = parties.provider.clone();
            people.spawn(customer::text(provider, number, dice.split(), stop.clone()));
        }
        for (number, agent) in parties.agents.iter().enumerate() {
            let desk = agent::Desk::new(agent.clone(), number, Arc::clone(&seen));
            people.spawn(desk.work(dice.split(), stop.clone()));
        }
        let mut watchers = JoinSet::new();
        for number in 0..CUSTOMERS {
            let customer = customer::address(number);
            let watch = subscriber::watch(
                (parties.admin.clone(), customer),
                Arc::clone(&seen),
                dice.split(),
                end.clone(),
            );
            watchers.spawn(watch);
        }
        Self { people, watchers, stop, end, seen }
    }

    /// Waits until it has been seen that business goes on: agents get answers.
    pub async fn flow(&self) {
        let count = || {
            let asked = self.seen.asked.lock();
            asked.iter().map(|asked| asked.answers.len()).sum::<usize>()
        };
        let before = count();
        eventually("agents get answers", || async { (count() >= before + ANSWERS).then_some(()) })
            .await;
    }

    /// Nobody begins anything new; what was begun is brought to its end. Those who watch go on.
    pub async fn calm(&mut self) {
        self.stop.cancel();
        while let Some(ended) = self.people.join_next().await {
            ended.unwrap();
        }
    }

    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Those who watch leave.
    pub async fn end(mut self) -> Arc<Seen> {
        self.end.cancel();
        while let Some(ended) = self.watchers.join_next().await {
            ended.unwrap();
        }
        self.seen
    }
}
