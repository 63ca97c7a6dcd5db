//! How long a scenario goes on, and with which seed.
//!
//! `make test` runs a short cut of each; `make chaos` shares its time out among them.

use std::time::Duration;

use super::dice::Dice;

/// How long all scenarios take together; set by `make chaos`.
const SECONDS: &str = "CENTRALINO_CHAOS_SECONDS";
/// Repeats a run: its faults come at the same moments, as far as the machine keeps time.
const SEED: &str = "CENTRALINO_CHAOS_SEED";
/// Scenarios that share the time.
const SCENARIOS: u32 = 8;
/// Of a scenario's share, in hundredths; the rest is for setting up, healing and judging.
const UNDER_LOAD: u32 = 80;
/// Load of one scenario in `make test`.
const SHORT: Duration = Duration::from_secs(4);

/// The pace of one scenario.
#[derive(Debug, Clone)]
pub struct Pace {
    pub scenario: &'static str,
    pub seed: u64,
    /// Under load for so long.
    pub load: Duration,
}

impl Pace {
    pub fn of(scenario: &'static str) -> Self {
        let share = |seconds| Duration::from_secs(seconds) * UNDER_LOAD / 100 / SCENARIOS;
        let load = variable(SECONDS).map_or(SHORT, |seconds| share(seconds).max(SHORT));
        Self { scenario, seed: variable(SEED).unwrap_or_else(random), load }
    }

    pub fn dice(&self) -> Dice {
        Dice::new(self.seed)
    }

    /// A part of the time under load, in hundredths.
    pub fn part(&self, hundredths: u32) -> Duration {
        self.load * hundredths / 100
    }

    /// The line that repeats the run.
    pub fn again(&self) -> String {
        let Self { scenario, seed, load } = self;
        let seconds = (*load * SCENARIOS * 100 / UNDER_LOAD).as_secs();
        format!("{SECONDS}={seconds} {SEED}={seed} cargo test --test it chaos::{scenario}")
    }
}

#[expect(clippy::disallowed_methods, reason = "a run is set from outside, and not by settings")]
fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok().filter(|text| !text.is_empty())?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is {text:?}; expected a whole number")))
}

fn random() -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    u64::from_le_bytes(bytes)
}
