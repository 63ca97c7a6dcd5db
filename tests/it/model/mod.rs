//! The send protocol, searched through to the last state.
//!
//! A simulation looks at some histories of a large world; this looks at all histories of a small
//! one. **Invariant:** a text is sent again only with evidence that it was not taken before.
//! Start at `protocol`.

mod protocol;

use protocol::Protocol;
use stateright::{Checker, HasDiscoveries, Model};

/// Two servers may die, and two answers of the store may be lost: seconds, not minutes.
const BOUNDS: Protocol = Protocol {
    crashes_max: 2,
    lost_answers_max: 2,
    sends_before_commit: false,
    ignores_revision: false,
    ignores_attempt: false,
    repeats_the_unclear: false,
    sweeps_back_to_the_queue: false,
};

#[test]
fn no_history_sends_a_text_again_without_evidence() {
    let checker = BOUNDS.checker().spawn_bfs().join();
    checker.assert_properties();
    assert!(checker.is_done(), "the search was cut short");
    assert!(checker.unique_state_count() > 10_000, "{}", checker.unique_state_count());
}

/// A way of doing it wrong that must not go unnoticed.
const MUTANTS: &[(&str, Protocol)] = &[
    ("sends before the commit", Protocol { sends_before_commit: true, ..BOUNDS }),
    ("does not look at the revision", Protocol { ignores_revision: true, ..BOUNDS }),
    ("takes an answer for that of another try", Protocol { ignores_attempt: true, ..BOUNDS }),
    ("tries again what is unclear", Protocol { repeats_the_unclear: true, ..BOUNDS }),
    ("puts back what is silent", Protocol { sweeps_back_to_the_queue: true, ..BOUNDS }),
];

#[test]
fn every_mutant_is_found_out() {
    for (what, mutant) in MUTANTS {
        let first = HasDiscoveries::AnyFailures;
        let checker = mutant.checker().finish_when(first).spawn_bfs().join();
        let broken = checker.discoveries().into_keys().any(|name| {
            let expectation = &checker.model().property(name).expectation;
            expectation.discovery_is_failure()
        });
        assert!(broken, "nobody notices a protocol that {what}");
    }
}
