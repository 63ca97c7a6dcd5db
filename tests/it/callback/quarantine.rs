//! Wrongly signed callbacks: bounded whoever floods us, and let through once a key is corrected.

use futures_util::StreamExt;
use serde_json::{Value, json};

use super::{CUSTOMER, plain_text, post, post_signed, signed_headers, texts_of, traces};
use crate::support::{CUSTOMER_ID, TestApp, eventually};

/// Base64 like a real key: the one that the provider signs with, before we know it.
const CORRECT_KEY: &str = "Y29ycmVjdC1rZXktMDEyMzQ1Njc4OTAxMjM0NTY3ODkw";
const ROWS_MAX: i64 = 10_000;

/// A callback that the present key has not signed; answers the HTTP status.
async fn forge(app: &TestApp, key: &str, body: &[u8]) -> u16 {
    post(&app.callback_url, signed_headers(CUSTOMER_ID, key, body), body).await
}

async fn rows(app: &TestApp) -> i64 {
    app.database.count("select count(*) from quarantined_callbacks").await
}

/// Waits until so many rows are in the quarantine.
async fn rows_become(app: &TestApp, count: i64) {
    eventually("they are in the quarantine", || async { (rows(app).await == count).then_some(()) })
        .await;
}

/// The quarantine as an admin is shown it.
async fn shown(app: &TestApp) -> Vec<Value> {
    let query = "{ quarantinedCallbacks(first: 100) { nodes { id times reason body bodyBytes
        firstAt lastAt channelAccount { id } } } }";
    let data = app.admin.data(query, json!({})).await;
    data["quarantinedCallbacks"]["nodes"].as_array().unwrap().clone()
}

async fn rotate(app: &TestApp, key: &str) {
    app.control("accounts", json!({ "customer_id": CUSTOMER_ID, "api_key": key })).await;
    let query = "query ($id: ID!) { channelAccount(id: $id) { version } }";
    let account = app.admin.data(query, json!({ "id": app.account })).await;
    let input = json!({
        "channelAccountId": app.account, "apiKey": key,
        "expectedVersion": account["channelAccount"]["version"],
    });
    app.admin.mutate("channelAccountRotateKey", input, "").await;
}

/// Verifies again; answers how many were let through, and how many not.
async fn release(app: &TestApp, input: Value) -> (i64, i64) {
    let payload = app.admin.mutate("quarantineReplay", input, "released refused hasMore").await;
    assert_eq!(payload["hasMore"], false, "{payload}");
    (payload["released"].as_i64().unwrap(), payload["refused"].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_with_a_key_that_we_did_not_have_is_let_through_once_when_we_do() {
    let app = TestApp::start().await;
    let before = traces(&app).await;
    let (first, second) = (plain_text("first", "R1"), plain_text("second", "R2"));
    assert_eq!(forge(&app, CORRECT_KEY, &first).await, 401);
    rows_become(&app, 1).await;
    assert_eq!(forge(&app, CORRECT_KEY, &second).await, 401);
    let forged = plain_text("forged", "R3");
    assert_eq!(forge(&app, "Zm9yZ2VkLWtleS0wMTIzNDU2Nzg5MDEyMzQ1Njc4OTAw", &forged).await, 401);
    rows_become(&app, 3).await;
    assert_eq!(traces(&app).await, before, "no receipt, no message, no event");
    assert_eq!(release(&app, json!({})).await, (0, 3), "the key is the same");

    rotate(&app, CORRECT_KEY).await;
    let before = traces(&app).await;
    assert_eq!(release(&app, json!({ "dryRun": true })).await, (2, 1));
    assert_eq!((rows(&app).await, traces(&app).await), (3, before), "a dry run changes nothing");
    // The provider has repeated one of them meanwhile.
    assert_eq!(forge(&app, CORRECT_KEY, &first).await, 200);
    let releases = (0..4).map(|_| release(&app, json!({ "channelAccountId": app.account })));
    let released = futures_util::future::join_all(releases).await;
    assert!(released.iter().all(|(_, refused)| *refused == 1), "{released:?}");
    assert_eq!(texts_of(&app, CUSTOMER).await, ["first", "second"]);
    let left = shown(&app).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0]["body"].as_str().unwrap().contains("forged"), "{left:?}");
    assert_eq!(release(&app, json!({ "ids": [left[0]["id"]] })).await, (0, 1));
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_forgery_is_one_row_with_a_count() {
    let app = TestApp::start().await;
    let body = plain_text("hello", "R1");
    for _ in 0..5 {
        assert_eq!(forge(&app, CORRECT_KEY, &body).await, 401);
    }
    assert_eq!(post(&app.callback_url, Vec::new(), &body).await, 401);
    rows_become(&app, 2).await;
    let all = eventually("all of them are counted", || async {
        let all = shown(&app).await;
        let times =
            |reason: &str| all.iter().find(|row| row["reason"] == reason)?["times"].as_i64();
        (times("MISMATCH") == Some(5) && times("MISSING") == Some(1)).then_some(all)
    })
    .await;
    assert_eq!(all[0]["channelAccount"]["id"], app.account.as_str());
    assert_eq!(all[0]["body"].as_str().unwrap().as_bytes(), body);
    assert!(all[0]["firstAt"].as_str() <= all[0]["lastAt"].as_str());
    // An alert says so to those who may do something about it.
    let query = "{ alerts(first: 10) { nodes { kind } } }";
    eventually("an alert is raised", || async {
        let alerts = app.admin.data(query, json!({})).await;
        (alerts["alerts"]["nodes"][0]["kind"] == "CALLBACKS_REFUSED").then_some(())
    })
    .await;
    // It holds what customers may have written.
    let query = "{ quarantinedCallbacks(first: 1) { nodes { id } } }";
    assert_eq!(app.anna.error_code(query, json!({})).await, "FORBIDDEN");
    let (other, _) = app.other_organization().await;
    let data = other.data(query, json!({})).await;
    assert_eq!(data["quarantinedCallbacks"]["nodes"], json!([]));
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_forgeries_costs_few_rows_and_fewer_statements() {
    let app = TestApp::start().await;
    // Every statement that writes anything at all leaves a line.
    app.database
        .execute(
            "create table writes (name text not null);
             create function note() returns trigger language plpgsql security definer as
                'begin insert into writes values (tg_table_name); return null; end';
             create trigger note after insert or update or delete on quarantined_callbacks
                for each statement execute function note();
             create trigger note after insert or update or delete on receipts
                for each statement execute function note();
             create trigger note after insert or update or delete on events
                for each statement execute function note();",
        )
        .await;
    let begun = std::time::Instant::now();
    let flood = (0..2_000).map(|number| {
        let body = plain_text(&"x".repeat(20_000), &format!("F{number}"));
        let app = &app;
        async move { forge(app, CORRECT_KEY, &body).await }
    });
    let answers: Vec<u16> = futures_util::stream::iter(flood).buffer_unordered(32).collect().await;
    assert!(answers.iter().all(|status| *status == 401));
    let seconds = i64::try_from(begun.elapsed().as_secs()).unwrap() + 1;
    let mark = plain_text("genuine", "G1");
    assert_eq!(post_signed(&app, &mark).await, 200, "customers are not in its way");
    eventually("what is to be kept is kept", || async { (rows(&app).await > 0).then_some(()) })
        .await;
    // 200 at once and 20 a second after that. Each second one statement that inserts or updates,
    // which is noted as both, and one that deletes.
    let kept = rows(&app).await;
    assert!(kept <= 200 + 20 * (seconds + 2), "{kept} rows in {seconds} s");
    let statements = "select count(*) from writes where name = 'quarantined_callbacks'";
    let count = app.database.count(statements).await;
    assert!(count <= 3 * (seconds + 3), "{count} notes in {seconds} s");
    let receipts = "select count(*) from writes where name = 'receipts'";
    assert_eq!(app.database.count(receipts).await, 1, "the genuine one");
    let longest = "select max(octet_length(body)) from quarantined_callbacks";
    assert_eq!(app.database.count(longest).await, 16_384);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_keeps_its_newest_ten_thousand_and_no_other_pays_for_it() {
    let app = TestApp::start().await;
    let (_, other) = app.other_organization().await;
    let theirs = plain_text("theirs", "T1");
    let their_url = other["callbackUrl"].as_str().unwrap();
    assert_eq!(post(their_url, Vec::new(), &theirs).await, 401);
    rows_become(&app, 1).await;
    // As ten thousand forgeries of earlier days have left them.
    app.database
        .execute(
            "insert into quarantined_callbacks
             select organization_id, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
                id, sha256(n::text::bytea), 'MISSING', null, null, '', 0, 1, created_at, created_at
             from channel_accounts, generate_series(1, 10000) as n where name = 'Telesign'",
        )
        .await;
    assert_eq!(forge(&app, CORRECT_KEY, &plain_text("newest", "N1")).await, 401);
    let newest = "select count(*) from quarantined_callbacks where reason = 'MISMATCH'";
    eventually("the newest is kept", || async {
        (app.database.count(newest).await == 1).then_some(())
    })
    .await;
    assert_eq!(rows(&app).await, ROWS_MAX + 1, "theirs are not counted");
    let oldest = "select count(*) from quarantined_callbacks where id::text like '%000000000001'";
    assert_eq!(app.database.count(oldest).await, 0, "the oldest has made room");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgery_is_answered_401_while_the_database_is_away_and_nothing_grows() {
    let app = TestApp::start().await;
    let body = plain_text("hello", "R1");
    assert_eq!(post_signed(&app, &body).await, 200);
    app.database.close().await;
    let before = app.server.engine().spooled_records();
    for number in 0..5 {
        let body = plain_text("forged", &format!("F{number}"));
        assert_eq!(forge(&app, CORRECT_KEY, &body).await, 401);
    }
    assert_eq!(app.server.engine().spooled_records(), before, "no forgery is in the spool");
    assert_eq!(post_signed(&app, &plain_text("again", "R2")).await, 200, "a genuine one is");
    app.database.open().await;
    rows_become(&app, 5).await;
    eventually("the genuine one is stored", || async {
        (app.database.count("select count(*) from messages").await == 2).then_some(())
    })
    .await;
    app.server.stop().await;
}
