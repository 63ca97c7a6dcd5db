//! What has no effect is kept as it came, shown, and had once when it can be.

use serde_json::{Value, json};

use super::{CUSTOMER, conversations, kept, post_signed, replay, text_of, texts_of};
use crate::support::{SUPPORT_NUMBER, TestApp};

const UNKNOWN_NUMBER: &str = "15550002222";
const UNASSIGNED_NUMBER: &str = "15550003333";

/// Texts in to a number of ours; answers the id of the callback that was kept.
async fn unrouted(app: &TestApp, to: &str, text: &str, reference: &str) -> String {
    let body = text_of(CUSTOMER, to, text, reference).to_string();
    assert_eq!(post_signed(app, body.as_bytes()).await, 200);
    let kept = kept(app, &["UNROUTED"]).await;
    let newest = kept.last().expect("it is not shown");
    assert_eq!(newest["reference"], reference);
    assert_eq!(newest["kind"], "INBOUND_TEXT");
    assert_eq!(newest["body"], body.as_str());
    assert_eq!(newest["channelAccount"]["id"], app.account.as_str());
    assert!(!newest["detail"].as_str().unwrap().is_empty());
    newest["id"].as_str().unwrap().to_owned()
}

async fn add_number(app: &TestApp, number: &str, workstream: Option<&str>) -> String {
    let input = json!({
        "channelAccountId": app.account, "kind": "GEO", "number": number,
        "workstreamId": workstream,
    });
    let added = app.admin.mutate("supportNumberAdd", input, "supportNumber { id }").await;
    added["supportNumber"]["id"].as_str().unwrap().to_owned()
}

async fn update_number(app: &TestApp, number: &str, changes: Value) {
    let query = "query ($id: ID!) { supportNumber(id: $id) { version } }";
    let version = app.admin.data(query, json!({ "id": number })).await["supportNumber"].clone();
    let mut input = json!({ "supportNumberId": number, "expectedVersion": version["version"] });
    for (name, value) in changes.as_object().unwrap() {
        input[name] = value.clone();
    }
    app.admin.mutate("supportNumberUpdate", input, "").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signed_nonsense_is_kept_as_it_came_and_shown() {
    let app = TestApp::start().await;
    let bodies: [&[u8]; 8] = [
        b"no json at all",
        b"",
        b"[]",
        b"null",
        br#"{"sub_resource":"mo_sms"#,
        br#"{"sub_resource":"mo_sms"}"#,
        br#"{"sub_resource":"mo_sms","user_response":{"phone_number":"14155550123"}}"#,
        b"\xFF\xFE\x00",
    ];
    for body in bodies {
        for _ in 0..2 {
            assert_eq!(post_signed(&app, body).await, 200, "{body:?}");
        }
    }
    let kept = kept(&app, &["UNPARSED"]).await;
    assert_eq!(kept.len(), bodies.len(), "each is kept once");
    for (kept, body) in kept.iter().zip(bodies) {
        assert_eq!(kept["body"], String::from_utf8_lossy(body).as_ref());
        assert_eq!(kept["kind"], "UNKNOWN");
        assert!(!kept["detail"].as_str().unwrap().is_empty());
        assert_eq!(kept["conversation"], Value::Null);
    }
    // Trying again does not make sense of them, and loses none.
    let ids: Vec<&str> = kept.iter().map(|kept| kept["id"].as_str().unwrap()).collect();
    assert_eq!(replay(&app, &ids).await, (0, 8));
    assert_eq!(super::kept(&app, &["UNPARSED"]).await, kept);
    assert_eq!(conversations(&app).await, 0);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_kind_is_kept_and_ignored() {
    let app = TestApp::start().await;
    let bodies = [
        r#"{"sub_resource":"mo_mms","user_response":{"phone_number":"14155550123"}}"#,
        r#"{"sub_resource":"mo_rcs","status":{"code":200}}"#,
        r#"{"channel_status":[{"channel":"sms","code":200}],"reference_id":"A1"}"#,
        r#"{"sub_resource":"keyword","action":"stop"}"#,
        "{}",
    ];
    for body in bodies {
        assert_eq!(post_signed(&app, body.as_bytes()).await, 200, "{body}");
    }
    let kept = kept(&app, &[]).await;
    let shown: Vec<(&str, &str)> = kept
        .iter()
        .map(|kept| (kept["outcome"].as_str().unwrap(), kept["body"].as_str().unwrap()))
        .collect();
    assert_eq!(shown, bodies.map(|body| ("IGNORED", body)));
    assert!(kept[0]["detail"].as_str().unwrap().contains("mo_mms"), "{}", kept[0]);
    assert_eq!(conversations(&app).await, 0);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_to_a_number_that_takes_none_has_its_effect_once_when_it_does() {
    let app = TestApp::start().await;
    let unassigned = add_number(&app, UNASSIGNED_NUMBER, None).await;
    update_number(&app, &app.number, json!({ "active": false })).await;
    let ids = [
        unrouted(&app, UNKNOWN_NUMBER, "unknown", "R1").await,
        unrouted(&app, UNASSIGNED_NUMBER, "unassigned", "R2").await,
        unrouted(&app, SUPPORT_NUMBER, "disabled", "R3").await,
    ];
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let details: Vec<Value> =
        kept(&app, &[]).await.iter().map(|kept| kept["detail"].clone()).collect();
    assert!(details[0] != details[1] && details[1] != details[2], "each says why: {details:?}");
    assert_eq!(conversations(&app).await, 0);
    assert_eq!(replay(&app, &ids).await, (0, 3), "nothing has been set up");
    assert_eq!(conversations(&app).await, 0);

    add_number(&app, UNKNOWN_NUMBER, Some(&app.workstream)).await;
    update_number(&app, &unassigned, json!({ "workstreamId": app.workstream })).await;
    update_number(&app, &app.number, json!({ "active": true })).await;
    assert_eq!(replay(&app, &ids).await, (3, 0));
    let texts = "select text from messages order by text";
    assert_eq!(app.database.column(texts).await, ["disabled", "unassigned", "unknown"]);
    assert_eq!(conversations(&app).await, 3);
    for kept in kept(&app, &[]).await {
        assert_eq!(kept["outcome"], "APPLIED");
        assert_eq!(kept["detail"], Value::Null);
        assert!(kept["replayedAt"].is_string() && kept["conversation"]["id"].is_string(), "{kept}");
    }
    let before = super::traces(&app).await;
    assert_eq!(replay(&app, &ids).await, (3, 0), "it has its effect, and has it once");
    // The provider repeats itself late.
    let body = text_of(CUSTOMER, UNKNOWN_NUMBER, "unknown", "R1").to_string();
    assert_eq!(post_signed(&app, body.as_bytes()).await, 200);
    assert_eq!(super::traces(&app).await, before);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_replays_at_once_make_one_message_of_each_text_in_their_order() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for place in 1..=5 {
        let (text, reference) = (format!("text {place}"), format!("R{place}"));
        ids.push(unrouted(&app, UNKNOWN_NUMBER, &text, &reference).await);
    }
    add_number(&app, UNKNOWN_NUMBER, Some(&app.workstream)).await;
    // Named newest first: they arrived in another order.
    let ids: Vec<&str> = ids.iter().rev().map(String::as_str).collect();
    let replays = (0..8).map(|_| replay(&app, &ids));
    for answer in futures_util::future::join_all(replays).await {
        assert_eq!(answer, (5, 0));
    }
    let expected = ["text 1", "text 2", "text 3", "text 4", "text 5"];
    assert_eq!(texts_of(&app, CUSTOMER).await, expected);
    assert_eq!(conversations(&app).await, 1);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_text_that_waits_is_kept_once() {
    let app = TestApp::start().await;
    let body = json!({
        "from": CUSTOMER, "to": UNKNOWN_NUMBER, "text": "hello", "repeat": 30, "concurrency": 30,
    });
    let answer = app.control("inbound", body).await;
    assert_eq!(answer["answers"], json!({ "200": 30 }), "{answer}");
    assert_eq!(kept(&app, &["UNROUTED"]).await.len(), 1);
    assert_eq!(kept(&app, &[]).await.len(), 1);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_release_could_not_read_is_had_by_a_later_one() {
    let app = TestApp::start().await;
    unrouted(&app, UNKNOWN_NUMBER, "hello", "R1").await;
    unrouted(&app, UNKNOWN_NUMBER, "again", "R2").await;
    add_number(&app, UNKNOWN_NUMBER, Some(&app.workstream)).await;
    // As a release left them that did not know their kind or their form.
    let earlier = "update receipts set kind = 'UNKNOWN',
        outcome = case reference when 'R1' then 'UNPARSED' else 'IGNORED' end";
    app.database.execute(earlier).await;
    let all = kept(&app, &["UNPARSED", "IGNORED"]).await;
    let ids: Vec<&str> = all.iter().map(|kept| kept["id"].as_str().unwrap()).collect();
    for _ in 0..2 {
        assert_eq!(replay(&app, &ids).await, (2, 0));
        assert_eq!(texts_of(&app, CUSTOMER).await, ["hello", "again"]);
    }
    assert_eq!(kept(&app, &["APPLIED"]).await.len(), 2);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_organizations_own_admins_see_and_replay_a_callback() {
    let app = TestApp::start().await;
    let id = unrouted(&app, UNKNOWN_NUMBER, "hello", "R1").await;
    add_number(&app, UNKNOWN_NUMBER, Some(&app.workstream)).await;
    let (other, _) = app.other_organization().await;
    let query = "{ callbacks(first: 10) { nodes { id } } }";
    let data = other.data(query, json!({})).await;
    assert_eq!(data["callbacks"]["nodes"], json!([]));
    // It holds what customers wrote: those who are no admins do not see it either.
    assert_eq!(app.anna.error_code(query, json!({})).await, "FORBIDDEN");
    let error = other.refused("callbackReplay", json!({ "ids": [id] })).await;
    assert_eq!(error["code"], "NOT_FOUND", "{error}");
    assert_eq!(conversations(&app).await, 0);
    app.server.stop().await;
}
