//! `replay` beside a server that runs: what waits has its effect, once.

use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::{CUSTOMER_ID, KEY, TestApp, eventually, run};

const CUSTOMER: &str = "14155550123";
const UNKNOWN_NUMBER: &str = "15550002222";
const CORRECT_KEY: &str = "Y29ycmVjdC1rZXktMDEyMzQ1Njc4OTAxMjM0NTY3ODkw";

/// Runs it; answers its exit code and what it says.
async fn replay(app: &TestApp, arguments: &[&str]) -> (Option<i32>, String) {
    let url = app.database.url().expose_secret().to_owned();
    let spool = app.database.spool_folder().with_extension("beside");
    let spool = spool.to_str().unwrap().to_owned();
    let base = ["replay", "--organization", "acme"];
    let all = base.iter().chain(arguments);
    let arguments: Vec<String> = all.map(|&argument| argument.to_owned()).collect();
    let output = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let environment = [
            ("DATABASE_URL", url.as_str()),
            ("CENTRALINO_SECRET_KEY", KEY),
            ("CENTRALINO_SPOOL_DIR", &spool),
        ];
        run(&arguments, &environment)
    });
    let output = output.await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap().trim().to_owned())
}

async fn text_in(app: &TestApp, to: &str, text: &str, status: &str) {
    let body = json!({ "from": CUSTOMER, "to": to, "text": text });
    let answer = app.control("inbound", body).await;
    assert_eq!(answer["answers"], json!({ status: 1 }), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn replay_tries_a_range_or_the_quarantine_again_beside_the_server() {
    let app = TestApp::start().await;
    text_in(&app, UNKNOWN_NUMBER, "unrouted", "200").await;
    app.control("accounts", json!({ "customer_id": CUSTOMER_ID, "api_key": CORRECT_KEY })).await;
    text_in(&app, UNKNOWN_NUMBER, "quarantined", "401").await;
    let rows = "select count(*) from quarantined_callbacks";
    eventually("it is quarantined", || async {
        (app.database.count(rows).await == 1).then_some(())
    })
    .await;
    let none = "callbacks: 0 have their effect, 1 still have none";
    assert_eq!(replay(&app, &[]).await, (Some(0), none.into()));
    let input = json!({
        "channelAccountId": app.account, "kind": "GEO", "number": UNKNOWN_NUMBER,
        "workstreamId": app.workstream,
    });
    app.admin.mutate("supportNumberAdd", input, "").await;
    let would = "callbacks: 1 would have an effect, 0 would have none";
    assert_eq!(replay(&app, &["--dry-run"]).await, (Some(0), would.into()));
    let before = replay(&app, &["--to", "2026-01-01T00:00:00Z", "--account", &app.account]).await;
    assert_eq!(before, (Some(0), "callbacks: 0 have their effect, 0 still have none".into()));
    let done = "callbacks: 1 have their effect, 0 still have none";
    assert_eq!(replay(&app, &["--from", "2026-01-01T00:00:00Z"]).await, (Some(0), done.into()));

    let query = "query ($id: ID!) { channelAccount(id: $id) { version } }";
    let account = app.admin.data(query, json!({ "id": app.account })).await;
    let input = json!({
        "channelAccountId": app.account, "apiKey": CORRECT_KEY,
        "expectedVersion": account["channelAccount"]["version"],
    });
    app.admin.mutate("channelAccountRotateKey", input, "").await;
    let through = "callbacks: 1 were let through, 0 are signed by nobody we know";
    assert_eq!(replay(&app, &["--quarantined"]).await, (Some(0), through.into()));
    let conversation = app.conversation_with(CUSTOMER).await["id"].as_str().unwrap().to_owned();
    let texts = app.texts(&conversation).await;
    let texts: Vec<&str> = texts.iter().map(|(_, text, _)| text.as_str()).collect();
    assert_eq!(texts, ["unrouted", "quarantined"]);
    assert_eq!(app.database.count(rows).await, 0);
    // The server goes on with what another process has written.
    text_in(&app, UNKNOWN_NUMBER, "after", "200").await;
    assert_eq!(app.texts(&conversation).await.len(), 3);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replay_says_what_it_does_not_find_or_understand() {
    let app = TestApp::start().await;
    let table: [(&[&str], i32, &str); 4] = [
        (&["--from", "yesterday"], 2, "2026-01-31T09:30:00Z"),
        (&["--account", "mine"], 2, "cha_"),
        (&["--quarantined", "--from", "2026-01-01T00:00:00Z"], 2, "cannot be used with"),
        (&["--id", "rcp_00000000000000000000000000"], 1, "no such callback"),
    ];
    for (arguments, code, part) in table {
        let (status, said) = replay(&app, arguments).await;
        assert_eq!(status, Some(code), "{arguments:?}: {said}");
        assert!(said.contains(part), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    app.server.stop().await;
}
