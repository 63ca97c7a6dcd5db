//! PostgreSQL crashes, is away, loses its answers.

use std::time::Duration;

use chrono::Utc;
use secrecy::ExposeSecret;

use super::{
    company::Company,
    ledger::Said,
    pace::Pace,
    postgres::{OwnPostgres, address_in, through},
    proxy::Proxy,
    verdict::judged,
};
use crate::support::Options;

/// The longest that it stays away.
const AWAY_MAX: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_crashes_again_and_again_costs_nobody_a_text() {
    let pace = Pace::of("database");
    let mut dice = pace.dice();
    let (mut postgres, database) = OwnPostgres::start("crash", dice.split()).await;
    let options = Options { database: Some(database), ..Options::default() };
    let company = Company::found(&pace, options).await;
    let load = company.load(&mut dice);
    load.flow().await;
    let begun = tokio::time::Instant::now();
    let mut crashes = 0;
    while begun.elapsed() < pace.load {
        tokio::time::sleep(dice.milliseconds(500..2_500)).await;
        postgres.crash().await;
        crashes += 1;
        tokio::time::sleep(dice.milliseconds(0..500)).await;
        postgres.come_back().await;
    }
    let summary = judged(company, load).await;
    assert!(crashes >= 1, "{crashes}: {summary:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_do_not_notice_that_the_database_is_away() {
    let pace = Pace::of("database");
    let mut dice = pace.dice();
    let (mut postgres, database) = OwnPostgres::start("away", dice.split()).await;
    let options = Options { database: Some(database), ..Options::default() };
    let company = Company::found(&pace, options).await;
    let load = company.load(&mut dice);
    load.flow().await;
    postgres.crash().await;
    let from = now();
    tokio::time::sleep(pace.load.min(AWAY_MAX)).await;
    let until = now();
    postgres.come_back().await;
    let summary = judged(company, load).await;
    let is_meanwhile = |said: &&Said| {
        said.first_tried_at > from && said.answered_at.is_some_and(|answered| answered < until)
    };
    let meanwhile = summary.ledger.said.iter().filter(is_meanwhile).count();
    assert!(meanwhile >= 5, "only {meanwhile} texts were taken while it was away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_has_one_effect() {
    let pace = Pace::of("database");
    let mut dice = pace.dice();
    let mut company = Company::found(&pace, Options::default()).await;
    let direct = company.database.url().clone();
    let proxy = Proxy::start(address_in(&direct), dice.split()).await;
    company.kill();
    company.set("DATABASE_URL", through(&direct, proxy.address).expose_secret());
    company.start();
    proxy.lose(10);
    let load = company.load(&mut dice);
    load.flow().await;
    tokio::time::sleep(pace.load).await;
    let lost = proxy.lost();
    proxy.lose(0);
    let summary = judged(company, load).await;
    assert!(lost >= 5, "{lost}: {summary:?}");
}

#[expect(clippy::disallowed_methods, reason = "compared with what the provider's clock said")]
fn now() -> i64 {
    Utc::now().timestamp_millis()
}
