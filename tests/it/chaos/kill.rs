//! The server is killed every few seconds, and starts again.

use super::{company::Company, pace::Pace, verdict::judged};
use crate::support::Options;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_again_and_again_keeps_every_promise() {
    let pace = Pace::of("kill");
    let mut dice = pace.dice();
    let mut company = Company::found(&pace, Options::default()).await;
    let load = company.load(&mut dice);
    load.flow().await;
    let begun = tokio::time::Instant::now();
    let mut kills = 0;
    while begun.elapsed() < pace.load {
        tokio::time::sleep(dice.milliseconds(300..1_500)).await;
        company.kill();
        kills += 1;
        company.start();
    }
    let summary = judged(company, load).await;
    assert!(kills >= 2, "{kills}: {summary:?}");
}
