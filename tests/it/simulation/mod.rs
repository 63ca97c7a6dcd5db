//! The send protocol in a world that can be repeated: one seed, one history.
//!
//! The decisions are the product's own (`decide`, `apply`); what stands around them (two servers
//! with their actors, outbox pumps and spools, a store, a provider, customers and agents) is a
//! small model with a queue of events instead of threads. Servers crash and sleep, commits and
//! their answers are lost, messages overtake each other. **Invariant:** nothing here but the seed
//! decides what happens. Start at `world`.

mod actor;
mod ledger;
mod outbox;
mod people;
mod provider;
mod store;
mod totals;
mod world;

use world::{Protocol, World};

/// Histories in each run of the tests.
const SEEDS: u64 = 1_000;
/// Histories within which a mutant has to be caught.
const MUTANT_SEEDS: u64 = 1_000;
/// Repeats one history.
const SEED: &str = "CENTRALINO_SIMULATION_SEED";

#[expect(clippy::disallowed_methods, reason = "a run is set from outside, and not by settings")]
fn seeds() -> std::ops::Range<u64> {
    match std::env::var(SEED) {
        Ok(seed) => {
            let seed = seed.parse().unwrap();
            seed..seed + 1
        }
        Err(_) => 0..SEEDS,
    }
}

#[test]
fn a_thousand_histories_keep_every_promise() {
    let mut totals = totals::Totals::default();
    for seed in seeds() {
        let (found, happened) = World::run(seed, Protocol::default());
        assert!(
            found.is_empty(),
            "{found:#?}\nonce more: {SEED}={seed} cargo test --test it simulation::a_thousand"
        );
        totals.add(&happened);
    }
    // A world in which nothing goes wrong would prove nothing.
    if seeds().count() > 1 {
        totals.assert_eventful();
    }
}

#[test]
fn the_same_seed_is_the_same_history() {
    let history = |seed| World::run(seed, Protocol::default()).1;
    assert_eq!(history(7), history(7));
    assert_ne!(history(7), history(8));
}

/// A way of doing it wrong that must not go unnoticed.
type Mutation = fn(&mut Protocol);

const MUTANTS: &[(&str, Mutation)] = &[
    ("sends before the try is committed", |protocol| protocol.sends_before_commit = true),
    ("does not look at revisions", |protocol| protocol.ignores_revisions = true),
    ("tries again what is unclear", |protocol| protocol.repeats_the_unclear = true),
    ("takes callbacks twice", |protocol| protocol.forgets_receipts = true),
    ("answers before the commit", |protocol| protocol.answers_early = true),
    ("forgets who asked", |protocol| protocol.forgets_keys = true),
    ("sends however late it wakes", |protocol| protocol.never_lets_go = true),
    ("never looks for silent senders", |protocol| protocol.never_sweeps = true),
];

#[test]
fn every_mutant_is_caught() {
    for (what, mutate) in MUTANTS {
        let mut protocol = Protocol::default();
        mutate(&mut protocol);
        let caught = (0..MUTANT_SEEDS).any(|seed| !World::run(seed, protocol).0.is_empty());
        assert!(caught, "nobody notices a protocol that {what}");
    }
}
