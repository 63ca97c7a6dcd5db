//! Lists and single objects.

use serde_json::{Value, json};

use crate::support::TestApp;

async fn page(app: &TestApp, arguments: &str) -> Value {
    let query = format!(
        "{{ conversations({arguments}) {{ nodes {{ id }}
         pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    app.admin.data(&query, json!({})).await["conversations"].clone()
}

fn ids(page: &Value) -> Vec<String> {
    let nodes = page["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_through_a_list_without_gap_or_repetition_both_ways() {
    let app = TestApp::start().await;
    let flood = json!({
        "from": "14155550100", "to": "15550001111", "text": "hello", "count": 60, "senders": 60,
    });
    app.control("inbound", flood).await;
    let all = app.database.column("select count(*) from conversations").await;
    assert_eq!(all, ["60"]);
    let (mut forward, mut after) = (Vec::new(), String::new());
    loop {
        let found = page(&app, &format!("first: 17 {after}")).await;
        forward.extend(ids(&found));
        if found["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = format!("after: {}", found["pageInfo"]["endCursor"]);
    }
    let (mut backward, mut before) = (Vec::new(), String::new());
    loop {
        let found = page(&app, &format!("last: 17 {before}")).await;
        backward.splice(0..0, ids(&found));
        if found["pageInfo"]["hasPreviousPage"] == false {
            break;
        }
        before = format!("before: {}", found["pageInfo"]["startCursor"]);
    }
    assert_eq!(forward.len(), 60);
    assert_eq!(forward, backward);
    let mut distinct = forward.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_pages_and_cursors_are_named() {
    let app = TestApp::start().await;
    for (arguments, part) in [
        ("first: 101", "0 to 100"),
        ("first: -1", "0 to 100"),
        ("first: 1, last: 1", "not both"),
        ("first: 1, after: \"nonsense\"", "`after`"),
    ] {
        let query = format!("{{ conversations({arguments}) {{ nodes {{ id }} }} }}");
        let answer = app.admin.ask(&query, json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        assert!(error["message"].as_str().unwrap().contains(part), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_estimate_counts_before_anything_is_sent() {
    let app = TestApp::start().await;
    let query = "query ($text: String!) { messageEstimate(text: $text) {
        encoding characters segments unitsLeftInSegment nonGsmCharacters gsmAlternative } }";
    let data = app.anna.data(query, json!({ "text": "It’s fine" })).await;
    let expected = json!({
        "encoding": "UCS_2", "characters": 9, "segments": 1, "unitsLeftInSegment": 61,
        "nonGsmCharacters": ["’"], "gsmAlternative": "It's fine",
    });
    assert_eq!(data["messageEstimate"], expected);
}
