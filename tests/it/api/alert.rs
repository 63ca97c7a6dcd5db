//! What a person should look at: once, seen by those who may, over when it is over.

use centralino::domain::{
    alert::{AlertKind, Trouble},
    ids::OrganizationId,
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Caller, TestApp, eventually};

const FEED: &str = "subscription { agentFeed { __typename
    ... on AgentDelta { events { __typename
        ... on AlertRaised { alert { id kind text count clearedAt acknowledgedAt } }
        ... on MessageUpserted { message { text } } } } } }";

/// The alerts of the caller's organization, oldest first.
pub async fn alerts(caller: &Caller, open: Option<bool>) -> Vec<Value> {
    let query = "query ($open: Boolean) { alerts(first: 100, open: $open) { nodes {
        id kind text count raisedAt renewedAt clearedAt acknowledgedAt
        acknowledgedBy { displayName } subject { __typename id } } } }";
    let data = caller.data(query, json!({ "open": open })).await;
    data["alerts"]["nodes"].as_array().unwrap().clone()
}

async fn organization(app: &TestApp) -> OrganizationId {
    let data = app.admin.data("{ organization { id } }", json!({})).await;
    data["organization"]["id"].as_str().unwrap().parse().unwrap()
}

fn trouble(organization: OrganizationId, key: &str) -> Trouble {
    Trouble {
        organization,
        kind: AlertKind::AccountStopped,
        dedup_key: key.to_owned(),
        text: format!("something is wrong with {key}"),
        subject_id: None,
    }
}

/// Somebody with a role of its own.
async fn somebody(app: &TestApp, name: &str, role: &str) -> Caller {
    let input = json!({ "email": format!("{name}@acme.example"), "displayName": name,
        "role": role, "queueIds": [app.queue] });
    let made = app.admin.mutate("agentCreate", input, "agent { id }").await;
    let input = json!({ "name": name, "role": role, "agentId": made["agent"]["id"] });
    let token = app.admin.mutate("apiTokenCreate", input, "secret").await;
    Caller::new(&app.url(), Some(token["secret"].as_str().unwrap().to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trouble_is_one_alert_whoever_notices_it_and_however_often() {
    let app = TestApp::start().await;
    let second = app.second_server().await;
    let organization = organization(&app).await;
    let noticed = trouble(organization, "a");
    let engines = [app.server.engine(), second.engine()];
    join_all((0..40).map(|at| engines[at % 2].raise_alert(&noticed))).await;
    let open = alerts(&app.admin, Some(true)).await;
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(open[0]["count"].as_i64().unwrap() <= 2, "a storm is not written: {open:?}");
    app.server.engine().raise_alert(&trouble(organization, "b")).await;
    assert_eq!(alerts(&app.admin, Some(true)).await.len(), 2, "another key is another alert");

    let kind = AlertKind::AccountStopped;
    app.server.engine().clear_alert(organization, kind, "a").await;
    app.server.engine().clear_alert(organization, kind, "a").await;
    let over = alerts(&app.admin, Some(false)).await;
    assert_eq!(over.len(), 1);
    assert_ne!(over[0]["clearedAt"], Value::Null);
    app.server.engine().raise_alert(&noticed).await;
    let open = alerts(&app.admin, Some(true)).await;
    assert_eq!(open.len(), 2, "what comes back is a new alert");
    assert!(open.iter().all(|alert| alert["id"] != over[0]["id"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_bounded_however_many_troubles_there_are() {
    let app = TestApp::start().await;
    let organization = organization(&app).await;
    let many = format!(
        "insert into alerts (organization_id, id, kind, dedup_key, text, raised_at, renewed_at, count)
         select '{}', gen_random_uuid(), 'ACCOUNT_STOPPED', 'k' || n, 'x', '2026-01-01', '2026-01-01', 1
         from generate_series(1, 999) n",
        organization.0
    );
    app.database.execute(&many).await;
    app.server.engine().raise_alert(&trouble(organization, "the last")).await;
    app.server.engine().raise_alert(&trouble(organization, "one too many")).await;
    let open = "select count(*) from alerts where cleared_at is null";
    assert_eq!(app.database.count(open).await, 1_000);
    let mut long = trouble(organization, &"ü".repeat(2_000));
    long.text = "ß".repeat(5_000);
    app.server.engine().clear_alert(organization, AlertKind::AccountStopped, "k1").await;
    app.server.engine().raise_alert(&long).await;
    assert_eq!(app.database.count(open).await, 1_000, "what is too long is cut");
}

#[tokio::test(flavor = "multi_thread")]
async fn supervisors_and_admins_hear_of_an_alert_and_agents_do_not() {
    let app = TestApp::start().await;
    let organization = organization(&app).await;
    let susan = somebody(&app, "susan", "SUPERVISOR").await;
    let mut sockets = Vec::new();
    for caller in [&app.admin, &susan, &app.anna] {
        let mut socket = caller.socket().await;
        socket.subscribe(FEED, json!({})).await;
        assert_eq!(socket.event().await["agentFeed"]["__typename"], "AgentSnapshot");
        sockets.push(socket);
    }
    let mut anna = sockets.pop().unwrap();
    app.server.engine().raise_alert(&trouble(organization, "a")).await;
    for socket in &mut sockets {
        let event = socket.event().await["agentFeed"]["events"][0].clone();
        assert_eq!(event["__typename"], "AlertRaised", "{event}");
        assert_eq!(event["alert"]["kind"], "ACCOUNT_STOPPED");
        assert_eq!(event["alert"]["clearedAt"], Value::Null);
    }
    let id = alerts(&susan, None).await[0]["id"].clone();
    let seen = json!({ "alertId": id });
    app.admin.mutate("alertAcknowledge", seen.clone(), "alert { acknowledgedAt }").await;
    for socket in &mut sockets {
        let event = socket.event().await["agentFeed"]["events"][0].clone();
        assert_ne!(event["alert"]["acknowledgedAt"], Value::Null, "{event}");
    }
    // The agent's next event is about work, although three things were told before it.
    app.server.engine().clear_alert(organization, AlertKind::AccountStopped, "a").await;
    app.text_in("14155550123", "work").await;
    let event = anna.event().await["agentFeed"]["events"].clone();
    assert!(!event.to_string().contains("Alert"), "{event}");
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    for (caller, sees) in [(&app.admin, true), (&susan, true), (&app.anna, false)] {
        let data = caller.data(query, json!({ "ids": [id] })).await;
        assert_eq!(!data["nodes"][0].is_null(), sees);
    }
    let list = "{ alerts(first: 1) { nodes { id } } }";
    assert_eq!(app.anna.error_code(list, json!({})).await, "FORBIDDEN");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_admin_that_has_seen_an_alert_stays_the_one() {
    let app = TestApp::start().await;
    let (other_admin, _) = app.other_organization().await;
    let second = somebody(&app, "second", "ADMIN").await;
    app.server.engine().raise_alert(&trouble(organization(&app).await, "a")).await;
    let id = alerts(&app.admin, None).await[0]["id"].clone();
    let input = json!({ "alertId": id });
    assert_eq!(other_admin.refused("alertAcknowledge", input.clone()).await["code"], "NOT_FOUND");
    let fields = "alert { acknowledgedBy { displayName } acknowledgedAt }";
    let first = second.mutate("alertAcknowledge", input.clone(), fields).await;
    assert_eq!(first["alert"]["acknowledgedBy"]["displayName"], "second");
    let again = app.admin.mutate("alertAcknowledge", input, fields).await;
    assert_eq!(again["alert"], first["alert"]);
    assert_eq!(alerts(&other_admin, None).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_that_are_open_are_counted_by_kind() {
    let app = TestApp::start().await;
    app.server.engine().raise_alert(&trouble(organization(&app).await, "a")).await;
    eventually("the metric says so", || async {
        let metrics = crate::support::http().get(format!("{}/metrics", app.url()));
        let text = metrics.send().await.unwrap().text().await.unwrap();
        text.contains("centralino_alerts_open{kind=\"ACCOUNT_STOPPED\"}").then_some(())
    })
    .await;
}
