//! People: invited, changed, taken out; their passwords and their sessions.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Caller, TestApp, eventually};

const SIGN_IN: &str = "mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) {
    token userErrors { code } } }";
const PASSWORD: &str = "a password of hers";

/// A person without a password; answers the id.
async fn person(app: &TestApp, name: &str, role: &str) -> String {
    let input = json!({
        "email": format!("{name}@acme.example"), "displayName": name, "role": role,
    });
    let made = app.admin.mutate("agentCreate", input, "agent { id }").await;
    made["agent"]["id"].as_str().unwrap().to_owned()
}

/// The token of a new link.
async fn link(app: &TestApp, agent: &str) -> String {
    let fields = "invitationUrl expiresAt agent { id }";
    let made = app.admin.mutate("agentInvite", json!({ "agentId": agent }), fields).await;
    let url = made["invitationUrl"].as_str().unwrap();
    assert!(url.starts_with(&format!("{}/set-password#", app.url())), "{url}");
    url.split_once('#').unwrap().1.to_owned()
}

async fn set_password(app: &TestApp, token: &str, password: &str) -> Value {
    let input = json!({ "token": token, "newPassword": password });
    app.stranger().payload("passwordSet", input, "revokedIds").await
}

async fn sign_in(app: &TestApp, name: &str, password: &str) -> Option<Caller> {
    let input = json!({ "email": format!("{name}@acme.example"), "password": password });
    let data = app.stranger().data(SIGN_IN, json!({ "input": input })).await;
    let token = data["sessionCreate"]["token"].as_str().map(ToOwned::to_owned)?;
    Some(Caller::new(&app.url(), Some(token)))
}

/// A person with a password, signed in.
async fn signed_in(app: &TestApp, name: &str, role: &str) -> (String, Caller) {
    let id = person(app, name, role).await;
    let set = set_password(app, &link(app, &id).await, PASSWORD).await;
    assert_eq!(set["userErrors"], json!([]), "{set}");
    (id, sign_in(app, name, PASSWORD).await.unwrap())
}

async fn update(app: &TestApp, id: &str, more: Value) -> Value {
    let version = "query ($id: ID!) { agent(id: $id) { version } }";
    let version = app.admin.data(version, json!({ "id": id })).await["agent"]["version"].clone();
    let mut input = json!({ "agentId": id, "expectedVersion": version });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.admin.payload("agentUpdate", input, "agent { displayName role active version }").await
}

async fn is_stranger(caller: &Caller) -> bool {
    let answer = caller.ask("{ viewer { role } }", json!({})).await;
    answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_sets_one_password_once() {
    let app = TestApp::start().await;
    let carla = person(&app, "carla", "SUPERVISOR").await;
    let older = link(&app, &carla).await;
    let token = link(&app, &carla).await;
    let stored = app.database.column("select l::text from password_links l").await.join("\n");
    assert!(!stored.contains(&token), "only its hash is stored");
    let short = set_password(&app, &token, "short").await;
    assert_eq!(short["userErrors"][0]["field"], json!(["input", "newPassword"]), "{short}");
    let refused = set_password(&app, &older, PASSWORD).await;
    assert_eq!(refused["userErrors"][0]["code"], "CREDENTIALS_REJECTED", "{refused}");
    for wrong in ["", "cp_", &token[..45], &format!("cp_{}", "A".repeat(43))] {
        assert_eq!(set_password(&app, wrong, PASSWORD).await, refused, "{wrong}");
    }
    let tries = (0..6).map(|_| set_password(&app, &token, PASSWORD));
    let answers = futures_util::future::join_all(tries).await;
    let has_won = |answer: &&Value| answer["userErrors"] == json!([]);
    assert_eq!(answers.iter().filter(has_won).count(), 1, "{answers:?}");
    assert!(sign_in(&app, "carla", PASSWORD).await.is_some());
    assert_eq!(set_password(&app, &token, "another password").await, refused, "it is used up");
    let caller = Caller::new(&app.url(), Some(link(&app, &carla).await));
    assert!(is_stranger(&caller).await, "a link signs nobody in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_with_its_time_its_agent_and_its_organization() {
    let app = TestApp::start().await;
    let carla = person(&app, "carla", "AGENT").await;
    let token = link(&app, &carla).await;
    let late = "update password_links set created_at = created_at - interval '9 days',
        expires_at = expires_at - interval '7 days'";
    app.database.execute(late).await;
    let refused = set_password(&app, &token, PASSWORD).await;
    assert_eq!(refused["userErrors"][0]["code"], "CREDENTIALS_REJECTED", "{refused}");
    let token = link(&app, &carla).await;
    update(&app, &carla, json!({ "active": false })).await;
    assert_eq!(set_password(&app, &token, PASSWORD).await, refused);
    let inactive = app.admin.refused("agentInvite", json!({ "agentId": carla })).await;
    assert_eq!(inactive["field"], json!(["input", "agentId"]), "{inactive}");
    let (other, _) = app.other_organization().await;
    let unknown = other.refused("agentInvite", json!({ "agentId": carla })).await;
    assert_eq!(unknown["code"], "NOT_FOUND");
    let denied = app.anna.ask(
        "mutation ($id: ID!) { agentInvite(input: { agentId: $id }) { invitationUrl } }",
        json!({ "id": carla }),
    );
    assert_eq!(denied.await["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_other_session() {
    let app = TestApp::start().await;
    let (carla, first) = signed_in(&app, "carla", "AGENT").await;
    let second = sign_in(&app, "carla", PASSWORD).await.unwrap();
    let wrong = json!({ "currentPassword": "not her password", "newPassword": "another password" });
    let refused = first.refused("passwordSet", wrong).await;
    assert_eq!(refused["field"], json!(["input", "currentPassword"]), "{refused}");
    let right = json!({ "currentPassword": PASSWORD, "newPassword": "another password" });
    let token = app.anna.refused("passwordSet", right.clone()).await;
    assert_eq!(token["code"], "REQUIRED", "an API token has no password: {token}");
    let nobody = app.stranger().refused("passwordSet", right.clone()).await;
    assert_eq!(nobody, token, "nor has a stranger");
    let set = first.mutate("passwordSet", right, "revokedIds").await;
    assert_eq!(set["revokedIds"].as_array().unwrap().len(), 1, "{set}");
    assert!(is_stranger(&second).await);
    assert!(!is_stranger(&first).await, "the one in which it was set goes on");
    assert!(sign_in(&app, "carla", PASSWORD).await.is_none());
    set_password(&app, &link(&app, &carla).await, PASSWORD).await;
    assert!(is_stranger(&first).await, "a reset ends them all");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_was_under_way_does_not_outlive_the_password() {
    let app = TestApp::start().await;
    let (carla, _) = signed_in(&app, "carla", "AGENT").await;
    for round in 0..3 {
        let token = link(&app, &carla).await;
        let (old, new) = (format!("{PASSWORD} {round}"), format!("{PASSWORD} {}", round + 1));
        assert_eq!(set_password(&app, &token, &old).await["userErrors"], json!([]));
        let token = link(&app, &carla).await;
        // The old password is proved while the new one is being hashed and stored.
        let tries = futures_util::future::join_all((0..4).map(|_| sign_in(&app, "carla", &old)));
        let (callers, set) = tokio::join!(tries, set_password(&app, &token, &new));
        assert_eq!(set["userErrors"], json!([]), "{set}");
        for caller in callers.into_iter().flatten() {
            assert!(is_stranger(&caller).await, "round {round}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_session_guesses_the_password_no_faster_than_a_stranger() {
    let app = TestApp::start().await;
    let (_, carla) = signed_in(&app, "carla", "AGENT").await;
    let guess = json!({ "currentPassword": "not her password", "newPassword": "another password" });
    for _ in 0..5 {
        carla.refused("passwordSet", guess.clone()).await;
    }
    let right = json!({ "currentPassword": PASSWORD, "newPassword": "another password" });
    assert_eq!(carla.refused("passwordSet", right).await["code"], "RATE_LIMITED");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_changed_by_who_has_seen_its_present_version() {
    let app = TestApp::start().await;
    let carla = person(&app, "carla", "AGENT").await;
    let all = json!({ "displayName": "Carla C", "role": "SUPERVISOR", "queueIds": [app.queue] });
    let payload = update(&app, &carla, all).await;
    let expected =
        json!({ "displayName": "Carla C", "role": "SUPERVISOR", "active": true, "version": 2 });
    assert_eq!(payload["agent"], expected);
    let queues = "query ($id: ID!) { agent(id: $id) { queues { id } } }";
    let data = app.admin.data(queues, json!({ "id": carla })).await;
    assert_eq!(data["agent"]["queues"], json!([{ "id": app.queue }]));
    let stale = json!({ "agentId": carla, "expectedVersion": 1, "displayName": "X" });
    let refused = app.admin.refused("agentUpdate", stale).await;
    assert_eq!(
        (&refused["code"], &refused["currentVersion"]),
        (&json!("VERSION_CONFLICT"), &json!(2))
    );
    for (more, code, field) in [
        (json!({ "displayName": "" }), "REQUIRED", "displayName"),
        (json!({ "queueIds": ["que_00000000000000000000000000"] }), "NOT_FOUND", "queueIds"),
        (json!({ "agentId": app.queue }), "NOT_FOUND", "agentId"),
    ] {
        let refused = update(&app, &carla, more.clone()).await["userErrors"][0].clone();
        assert_eq!(
            (&refused["code"], &refused["field"]),
            (&json!(code), &json!(["input", field])),
            "{more}"
        );
    }
    let left = update(&app, &carla, json!({ "queueIds": [] })).await;
    assert_eq!(left["userErrors"], json!([]), "{left}");
    let data = app.admin.data(queues, json!({ "id": carla })).await;
    assert_eq!(data["agent"]["queues"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_taken_out_loses_sessions_at_once_and_streams_and_work_soon() {
    let app = TestApp::start().await;
    let (carla, caller) = signed_in(&app, "carla", "AGENT").await;
    update(&app, &carla, json!({ "queueIds": [app.queue] })).await;
    app.text_in("14155550123", "hello").await;
    let conversation = app.conversation_with("14155550123").await["id"].clone();
    caller.mutate("conversationPick", json!({ "conversationId": conversation }), "").await;
    let mut socket = caller.socket().await;
    socket.subscribe("subscription { agentFeed { __typename } }", json!({})).await;
    assert_eq!(socket.event().await["agentFeed"]["__typename"], "AgentSnapshot");
    let began = std::time::Instant::now();
    let out = update(&app, &carla, json!({ "active": false })).await;
    assert_eq!(out["agent"]["active"], false, "{out}");
    assert!(is_stranger(&caller).await);
    assert_eq!(socket.close_code().await, 4403);
    assert!(began.elapsed() < Duration::from_secs(5), "took {:?}", began.elapsed());
    assert!(sign_in(&app, "carla", PASSWORD).await.is_none());
    eventually("the conversation is open work again", || async {
        let now = app.conversation_with("14155550123").await;
        (now["status"] == "OPEN").then_some(())
    })
    .await;
    app.bert.mutate("conversationPick", json!({ "conversationId": conversation }), "").await;
    update(&app, &carla, json!({ "active": true })).await;
    assert!(is_stranger(&caller).await, "an old session does not come back");
    assert!(sign_in(&app, "carla", PASSWORD).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays_also_when_two_would_go_at_once() {
    let app = TestApp::start().await;
    let (ada, _) = signed_in(&app, "ada", "ADMIN").await;
    // Who was only invited cannot sign in yet, and is nobody to rely on.
    let carla = person(&app, "carla", "ADMIN").await;
    for (change, field) in
        [(json!({ "active": false }), "active"), (json!({ "role": "AGENT" }), "role")]
    {
        let refused = update(&app, &ada, change).await["userErrors"][0].clone();
        assert_eq!(
            (&refused["code"], &refused["field"]),
            (&json!("INVALID"), &json!(["input", field]))
        );
    }
    for round in 0..5 {
        set_password(&app, &link(&app, &carla).await, PASSWORD).await;
        let both = futures_util::future::join_all([
            update(&app, &ada, json!({ "role": "SUPERVISOR" })),
            update(&app, &carla, json!({ "active": false })),
        ]);
        let answers = both.await;
        let left = app.database.count(
            "select count(*) from agents where role = 'ADMIN' and active and password_hash is not null",
        );
        assert_eq!(left.await, 1, "round {round}: {answers:?}");
        for id in [&ada, &carla] {
            update(&app, id, json!({ "role": "ADMIN", "active": true })).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demoted_admin_may_nothing_more_on_the_socket_that_is_open() {
    let app = TestApp::start().await;
    signed_in(&app, "ada", "ADMIN").await;
    let (carla, caller) = signed_in(&app, "carla", "ADMIN").await;
    let mut socket = caller.socket().await;
    let create =
        "mutation ($name: String!) { queueCreate(input: { name: $name }) { queue { id } } }";
    socket.subscribe(create, json!({ "name": "Before" })).await;
    assert_ne!(socket.event().await["queueCreate"]["queue"], Value::Null);
    update(&app, &carla, json!({ "role": "AGENT" })).await;
    let code = caller.error_code(create, json!({ "name": "After" })).await;
    assert_eq!(code, "FORBIDDEN", "the very next request");
    // A socket proves its caller again, at most a second after it last did.
    let refused = async {
        loop {
            socket.subscribe(create, json!({ "name": "Never" })).await;
            loop {
                let message = socket.hear().await;
                if message.to_string().contains("FORBIDDEN") {
                    return;
                }
                if message["type"] == "complete" {
                    break;
                }
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(5), refused).await.expect("it may still do all");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_seen_and_ended_one_by_one_by_their_owner_and_by_admins() {
    let app = TestApp::start().await;
    let (carla, first) = signed_in(&app, "carla", "AGENT").await;
    let second = sign_in(&app, "carla", PASSWORD).await.unwrap();
    let own = "{ sessions { id current createdAt expiresAt } }";
    let sessions = second.data(own, json!({})).await["sessions"].as_array().unwrap().clone();
    let current: Vec<bool> = sessions.iter().map(|one| one["current"] == true).collect();
    assert_eq!(current, [true, false], "newest first");
    let of = "query ($id: ID!) { sessions(agentId: $id) { id } }";
    assert_eq!(app.anna.data(of, json!({ "id": carla })).await["sessions"], Value::Null);
    let (other, _) = app.other_organization().await;
    assert_eq!(other.data(of, json!({ "id": carla })).await["sessions"], Value::Null);
    let seen = app.admin.data(of, json!({ "id": carla })).await["sessions"].clone();
    assert_eq!(seen.as_array().unwrap().len(), 2, "{seen}");
    let ids = [sessions[1]["id"].clone(), sessions[0]["id"].clone()];
    for stranger in [&app.anna, &other] {
        let refused = stranger.refused("sessionRevoke", json!({ "sessionId": ids[0] })).await;
        assert_eq!(refused["code"], "NOT_FOUND", "{refused}");
    }
    second.mutate("sessionRevoke", json!({ "sessionId": ids[0] }), "revokedIds").await;
    assert!(is_stranger(&first).await && !is_stranger(&second).await);
    app.admin.mutate("sessionRevoke", json!({ "sessionId": ids[1] }), "revokedIds").await;
    assert!(is_stranger(&second).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_says_when_it_was_last_used_and_is_seldom_written() {
    let app = TestApp::start().await;
    let input = json!({ "name": "fresh", "role": "AGENT" });
    let made = app.admin.mutate("apiTokenCreate", input, "secret apiToken { lastUsedAt }").await;
    assert_eq!(made["apiToken"]["lastUsedAt"], Value::Null);
    let caller = Caller::new(&app.url(), made["secret"].as_str().map(ToOwned::to_owned));
    let used = "select last_used_at::text from api_tokens where name = 'fresh'";
    caller.data("{ viewer { role } }", json!({})).await;
    let first = app.database.column(used).await;
    assert_eq!(first.len(), 1, "it was used");
    caller.data("{ viewer { role } }", json!({})).await;
    assert_eq!(app.database.column(used).await, first, "not again within a minute");
    let back = "update api_tokens set last_used_at = last_used_at - interval '61 seconds'";
    app.database.execute(back).await;
    let earlier = app.database.column(used).await;
    caller.data("{ viewer { role } }", json!({})).await;
    assert_ne!(app.database.column(used).await, earlier);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_is_changed_by_who_has_seen_its_present_version() {
    let app = TestApp::start().await;
    let fields = "queue { version name description agents(first: 9) { nodes { displayName } } }";
    let change = |version: i32, more: Value| {
        let mut input = json!({ "queueId": app.queue, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    let all = change(1, json!({ "name": "Help", "description": "Helps", "agentIds": [] }));
    let payload = app.admin.mutate("queueUpdate", all, fields).await;
    let expected = json!({
        "version": 2, "name": "Help", "description": "Helps", "agents": { "nodes": [] },
    });
    assert_eq!(payload["queue"], expected);
    let refused = app.admin.refused("queueUpdate", change(1, json!({ "name": "X" }))).await;
    assert_eq!(
        (&refused["code"], &refused["currentVersion"]),
        (&json!("VERSION_CONFLICT"), &json!(2))
    );
    let cleared = change(2, json!({ "description": null }));
    let payload = app.admin.mutate("queueUpdate", cleared, fields).await;
    assert_eq!(
        (&payload["queue"]["name"], &payload["queue"]["description"]),
        (&json!("Help"), &Value::Null)
    );
    for (more, code, field) in [
        (json!({ "name": "" }), "REQUIRED", "name"),
        (json!({ "agentIds": ["agt_00000000000000000000000000"] }), "NOT_FOUND", "agentIds"),
        (json!({ "queueId": app.workstream }), "NOT_FOUND", "queueId"),
    ] {
        let refused = app.admin.refused("queueUpdate", change(3, more.clone())).await;
        assert_eq!(
            (&refused["code"], &refused["field"]),
            (&json!(code), &json!(["input", field])),
            "{more}"
        );
    }
}
