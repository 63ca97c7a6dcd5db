//! The provider hangs, resets, answers nonsense, tells twice and out of order.

use serde_json::{Value, json};

use super::{client::Client, company::Company, dice::Dice, pace::Pace, verdict::judged};
use crate::support::Options;

/// After which nobody knows whether the provider took the text.
const AMBIGUOUS: [&str; 5] = ["hang", "reset", "close", "bad_gateway", "garbage"];
/// After which it provably did not.
const NOT_TAKEN: [&str; 3] = ["unavailable_500", "unavailable_503", "rate_limited"];
const PLANS: [&str; 4] = ["delivered", "duplicated", "reordered", "207"];

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_does_everything_wrong_gets_each_text_once() {
    let pace = Pace::of("provider");
    let mut dice = pace.dice();
    let company = Company::found(&pace, Options::default()).await;
    let load = company.load(&mut dice);
    load.flow().await;
    let provider = company.provider();
    let begun = tokio::time::Instant::now();
    let mut faults = 0;
    while begun.elapsed() < pace.load {
        tokio::time::sleep(dice.milliseconds(50..250)).await;
        go_wrong(&provider, &mut dice).await;
        faults += 1;
    }
    provider.post("control/faults", &json!({ "clear": true })).await.unwrap();
    let summary = judged(company, load).await;
    assert!(faults > 5, "{faults}: {summary:?}");
    let is_unclear = |status: &str| ["UNCONFIRMED", "UNDELIVERABLE"].contains(&status);
    let unclear = summary.ledger.stored.iter().filter(|text| is_unclear(&text.status)).count();
    assert!(unclear > 0, "nothing went wrong: {summary:?}");
}

async fn go_wrong(provider: &Client, dice: &mut Dice) {
    let plan = PLANS[dice.place(PLANS.len())];
    provider.post("control/plans", &json!({ "plan": plan })).await.unwrap();
    let fault = match dice.of(0..10) {
        0..7 => {
            let kind = AMBIGUOUS[dice.place(AMBIGUOUS.len())];
            json!({ "kind": kind, "accepts": dice.percent(50), "count": 1 })
        }
        7..9 => json!({ "kind": NOT_TAKEN[dice.place(NOT_TAKEN.len())], "count": 2 }),
        _ => json!({ "kind": "delay", "delay_ms": dice.of(100..1_500), "count": 2 }),
    };
    let answer = provider.post("control/faults", &fault).await.unwrap();
    assert_eq!(answer["error"], Value::Null, "{answer}");
}
