//! A second organization's admin, with all our ids, through every door of the API.

use std::time::Duration;

use centralino::api::graphql::ACCESS;
use serde_json::{Value, json};

use super::all_rows_of;
use crate::support::{TestApp, document};

const PLANTED: &str = "planted words";
/// The cursor before the first event of an organization: `v1:feed:0`.
const BEGINNING: &str = "djE6ZmVlZDow";

/// What of ours a stranger knows: kinds as the API's arguments name them, and ids.
async fn our_ids(app: &TestApp) -> Vec<(&'static str, String)> {
    let conversation = app.annas_conversation("14155550123").await;
    let message = app.reply(&conversation, "k1", PLANTED).await;
    app.message_becomes(&message, "DELIVERED").await;
    let query = "{ viewer { agent { id } organization { id } } apiTokens(first: 1) { nodes { id } }
        callbacks(first: 1) { nodes { id } } }";
    let data = app.admin.data(query, json!({})).await;
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    vec![
        ("conversation", conversation),
        ("message", message),
        ("queue", app.queue.clone()),
        ("workstream", app.workstream.clone()),
        ("channelAccount", app.account.clone()),
        ("supportNumber", app.number.clone()),
        ("agent", id(&data["viewer"]["agent"]["id"])),
        ("organization", id(&data["viewer"]["organization"]["id"])),
        ("apiToken", id(&data["apiTokens"]["nodes"][0]["id"])),
        ("callback", id(&data["callbacks"]["nodes"][0]["id"])),
    ]
}

/// The id that an argument means, as far as its name says so.
fn meant<'a>(ids: &'a [(&'static str, String)], field: &str, argument: &str) -> Option<&'a str> {
    let kind = argument.trim_end_matches('s').trim_end_matches("Id");
    let kind = if kind == "id" { field.trim_end_matches('s') } else { kind };
    let is_meant = |name: &str| kind.to_lowercase().ends_with(&name.to_lowercase());
    ids.iter().find(|(name, _)| is_meant(name)).map(|(_, id)| id.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_with_all_our_ids_learns_nothing_and_changes_nothing() {
    let app = TestApp::start().await;
    let ids = our_ids(&app).await;
    let (stranger, _) = app.other_organization().await;
    let ours = "select id from organizations where slug = 'acme'";
    let ours = app.database.column(ours).await[0].clone();
    let before = all_rows_of(&app.database, &ours).await;
    let mut asked = 0;
    for (coordinate, _) in ACCESS.iter().filter(|(name, _)| !name.starts_with("Subscription")) {
        let field = coordinate.split_once('.').unwrap().1;
        // Each id everywhere, and then each where it is meant: beyond a first refusal lies more.
        for at in 0..=ids.len() {
            let id_of = |argument: &str| {
                let everywhere = ids.get(at).map(|(_, id)| id.as_str());
                let id = everywhere.or_else(|| meant(&ids, field, argument));
                json!(id.unwrap_or(&ids[0].1))
            };
            let (query, variables) = document(coordinate, &id_of).expect(coordinate);
            let has_id = ids.iter().any(|(_, id)| variables.to_string().contains(id.as_str()));
            if !has_id && at > 0 {
                break;
            }
            let answer = stranger.ask(&query, variables).await;
            let is_refused = answer["errors"] != Value::Null
                || answer["data"][field].is_null()
                || answer["data"][field] == json!([null]);
            let payload = &answer["data"][field]["__typename"];
            assert!(
                !has_id || is_refused || payload.as_str().unwrap().ends_with("Payload"),
                "{coordinate} shows a stranger something: {answer}"
            );
            asked += 1;
        }
    }
    assert!(asked > 100, "only {asked} questions");
    assert_eq!(all_rows_of(&app.database, &ours).await, before, "a stranger has changed something");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_follows_nothing_of_ours() {
    let app = TestApp::start().await;
    let (stranger, account) = app.other_organization().await;
    let mut feed = stranger.socket().await;
    feed.subscribe("subscription { agentFeed { __typename } }", json!({})).await;
    let snapshot = json!({ "agentFeed": { "__typename": "AgentSnapshot" } });
    assert_eq!(feed.event().await, snapshot);
    let ids = our_ids(&app).await;
    app.admin.mutate("queueCreate", json!({ "name": "Another" }), "").await;
    // A follower from the very first position on is told of all that there is.
    let mut config = stranger.socket().await;
    let changes = "subscription ($after: EventCursor) {
        configChanges(after: $after) { subject { id } } }";
    config.subscribe(changes, json!({ "after": BEGINNING })).await;
    let mut seen = Vec::new();
    while seen.last() != Some(&account["id"]) {
        seen.push(config.event().await["configChanges"]["subject"]["id"].clone());
    }
    let is_ours = |id: &&Value| ids.iter().any(|(_, ours)| **id == json!(ours));
    assert_eq!(seen.iter().find(is_ours), None, "{seen:?}");
    let heard = feed.hear_within(Duration::from_millis(300)).await;
    assert_eq!(heard, None, "what happened was ours");
    let mut thread = stranger.socket().await;
    let events =
        "subscription ($id: ID!) { conversationEvents(conversationId: $id) { __typename } }";
    thread.subscribe(events, json!({ "id": ids[0].1 })).await;
    let refused = thread.hear().await.to_string();
    assert!(refused.contains("BAD_USER_INPUT") && !refused.contains(PLANTED), "{refused}");
}
