//! The server is stopped in the middle of sends for longer than its claims last, while another one
//! on the same database goes on; then it wakes, and does not know.

use serde_json::json;

use super::{company::Company, load::Load, pace::Pace, verdict::judged};
use crate::{chaos::client::Client, support::Options};

/// Longer than a claim (2.5 s) and the sweep that follows it.
const PAUSE_MILLISECONDS: std::ops::Range<u64> = 3_500..5_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_asleep_while_another_went_on_sends_nothing_twice() {
    let pace = Pace::of("pause");
    let mut dice = pace.dice();
    let mut company = Company::found(&pace, Options::default()).await;
    // Another machine, with a spool of its own.
    let spool = company.spool_folder().with_extension("second");
    let first = company.spool_folder().to_str().unwrap().to_owned();
    company.set("CENTRALINO_SPOOL_DIR", spool.to_str().unwrap());
    let second = company.process_at("127.0.0.1:0");
    company.set("CENTRALINO_SPOOL_DIR", &first);
    let mut parties = company.parties();
    let agent = &mut parties.agents[1];
    *agent = Client::new(&second.url, agent.token());
    let load = Load::start(&parties, dice.split());
    load.flow().await;
    let provider = company.provider();
    let begun = tokio::time::Instant::now();
    let mut pauses = 0;
    while begun.elapsed() < pace.load {
        tokio::time::sleep(dice.milliseconds(500..1_500)).await;
        let slow = json!({ "kind": "delay", "delay_ms": 400, "count": 3 });
        provider.post("control/faults", &slow).await.unwrap();
        tokio::time::sleep(dice.milliseconds(0..400)).await;
        company.process().signal("STOP");
        tokio::time::sleep(dice.milliseconds(PAUSE_MILLISECONDS)).await;
        company.process().signal("CONT");
        pauses += 1;
    }
    let summary = judged(company, load).await;
    assert!(pauses >= 1, "{pauses}: {summary:?}");
    drop(second);
}
