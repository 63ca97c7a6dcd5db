//! Every mutation that there is, called once with an effect.

use std::collections::BTreeSet;

use centralino::api::graphql::ACCESS;
use serde_json::{Value, json};

use super::{PASSWORD, add_carla, sign_in};
use crate::support::{API_KEY, CUSTOMER_ID, Caller, TestApp, eventually};

/// Mutations that leave no entry of their own, each with the reason.
const EXEMPT: [(&str, &str); 1] =
    [("setupComplete", "needs a system that is nobody's: tests/it/command/first_run.rs looks")];

const OTHER_PASSWORD: &str = "battery staple, correct";
const OTHER_KEY: &str = "cGxhbnRlZC1rZXktMDEyMzQ1Njc4OTAxMjM0NTY3ODk=";

fn with(id: &Value, mut more: Value) -> Value {
    more.as_object_mut().unwrap().extend(id.as_object().unwrap().clone());
    more
}

/// What agents do with conversations.
async fn converse(app: &TestApp) {
    let anna = &app.anna;
    let id = json!({ "conversationId": app.annas_conversation("14155550123").await });
    let refusal = json!({ "kind": "answer", "http_status": 400, "code": 11000, "count": 1 });
    app.control("faults", refusal).await;
    let text = app.reply(id["conversationId"].as_str().unwrap(), "k1", "planted words").await;
    app.message_becomes(&text, "FAILED").await;
    let retry = json!({ "messageId": text, "idempotencyKey": "retry" });
    anna.mutate("messageRetry", retry, "").await;
    anna.mutate("conversationWait", with(&id, json!({ "waitingOn": "CUSTOMER" })), "").await;
    anna.mutate("conversationResume", id.clone(), "").await;
    anna.mutate("conversationWrapUp", id.clone(), "").await;
    anna.mutate("conversationResolve", with(&id, json!({ "reason": "SOLVED" })), "").await;
    let start = json!({
        "supportNumberId": app.number, "to": "+14155550188", "text": "planted words",
        "idempotencyKey": "start",
    });
    anna.mutate("conversationStart", start, "").await;
    let said = json!({
        "address": "+14155550199", "status": "OPTED_OUT", "evidence": "planted words",
    });
    anna.mutate("consentSet", said, "").await;
    let list = json!({
        "addresses": ["+14155550198"], "status": "OPTED_OUT", "evidence": "planted words",
    });
    app.admin.mutate("consentImport", list, "").await;
}

/// An account whose texts the provider refuses, seen and resumed; its keys looked at and changed.
async fn look_after_the_account(app: &TestApp) {
    let admin = &app.admin;
    let suspend = |suspended| json!({ "customer_id": CUSTOMER_ID, "suspended": suspended });
    let conversation = app.annas_conversation("14155550124").await;
    app.control("accounts", suspend(true)).await;
    app.reply(&conversation, "k2", "planted words").await;
    let alert = eventually("the account is stopped", || async {
        let data = admin.data("{ alerts(first: 1) { nodes { id } } }", json!({})).await;
        data["alerts"]["nodes"].as_array().unwrap().first().cloned()
    })
    .await;
    admin.mutate("alertAcknowledge", json!({ "alertId": alert["id"] }), "").await;
    app.control("accounts", suspend(false)).await;
    let account = json!({ "channelAccountId": app.account });
    admin.mutate("channelAccountResume", account.clone(), "").await;
    let version = "channelAccount { version }";
    let payload = admin.mutate("channelAccountValidate", account.clone(), version).await;
    let rotate = json!({
        "apiKey": OTHER_KEY, "validate": false,
        "expectedVersion": payload["channelAccount"]["version"],
    });
    admin.mutate("channelAccountRotateKey", with(&account, rotate), "").await;
}

async fn set_up(app: &TestApp) {
    let admin = &app.admin;
    let update =
        json!({ "supportNumberId": app.number, "expectedVersion": 1, "description": "Main line" });
    admin.mutate("supportNumberUpdate", update, "").await;
    let update = json!({
        "workstreamId": app.workstream, "expectedVersion": 1,
        "autoResolve": { "openSeconds": 600 },
    });
    admin.mutate("workstreamUpdate", update, "").await;
    let update = json!({ "queueId": app.queue, "expectedVersion": 1, "name": "Help" });
    admin.mutate("queueUpdate", update, "").await;
    let update = json!({ "expectedVersion": 1, "callbackRetentionDays": 7 });
    admin.mutate("organizationUpdate", update, "").await;
    let message = json!({
        "trigger": "OPT_OUT_CONFIRMATION", "active": true,
        "texts": [{ "language": "en", "text": "You will get no more texts." }],
    });
    admin.mutate("automatedMessageSet", message, "").await;
    let data = admin.data("{ callbacks(first: 1) { nodes { id } } }", json!({})).await;
    let callback = &data["callbacks"]["nodes"][0]["id"];
    admin.mutate("callbackReplay", json!({ "ids": [callback] }), "").await;
    admin.mutate("quarantineReplay", json!({ "channelAccountId": app.account }), "").await;
}

/// Calls every mutation that there is; answers the secrets that came of it. Whoever adds one adds a
/// line.
async fn do_everything(app: &TestApp) -> Vec<String> {
    // `TestApp` has called those that set up: agentCreate, apiTokenCreate, channelAccountCreate,
    // queueCreate, supportNumberAdd, workstreamCreate.
    converse(app).await;
    look_after_the_account(app).await;
    set_up(app).await;
    let token = json!({ "name": "spare", "role": "AGENT" });
    let token = app.admin.mutate("apiTokenCreate", token, "secret apiToken { id }").await;
    let revoke = json!({ "apiTokenId": token["apiToken"]["id"] });
    app.admin.mutate("apiTokenRevoke", revoke, "").await;
    add_carla(app).await;
    let session = sign_in(app, PASSWORD).await["token"].as_str().unwrap().to_owned();
    let carla = Caller::new(&app.url(), Some(session.clone()));
    let change = json!({ "currentPassword": PASSWORD, "newPassword": OTHER_PASSWORD });
    carla.mutate("passwordSet", change, "").await;
    let data = carla.data("{ viewer { agent { id } } }", json!({})).await;
    let id = &data["viewer"]["agent"]["id"];
    carla.mutate("sessionRevoke", json!({}), "").await;
    let invited = json!({ "agentId": id });
    let invited = app.admin.mutate("agentInvite", invited, "invitationUrl").await;
    let versions = "query ($id: ID!) { agent(id: $id) { version } }";
    let data = app.admin.data(versions, json!({ "id": id })).await;
    let version = &data["agent"]["version"];
    let update = json!({ "agentId": id, "expectedVersion": version, "role": "SUPERVISOR" });
    app.admin.mutate("agentUpdate", update, "").await;
    let link = invited["invitationUrl"].as_str().unwrap();
    let link = link.rsplit(['/', '=', '#']).next().unwrap().to_owned();
    assert!(link.len() > 20, "{invited}");
    vec![session, token["secret"].as_str().unwrap().to_owned(), link]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mutation_leaves_an_entry_and_no_entry_holds_a_secret() {
    let app = TestApp::start().await;
    let secrets = do_everything(&app).await;
    let done = "select distinct action from audit_entries where outcome = 'DONE'";
    let noted: BTreeSet<String> = app.database.column(done).await.into_iter().collect();
    let mutations = ACCESS.iter().filter_map(|(name, _)| name.strip_prefix("Mutation."));
    let silent: Vec<&str> = mutations
        .filter(|name| !noted.contains(*name) && EXEMPT.iter().all(|(exempt, _)| exempt != name))
        .collect();
    assert!(
        silent.is_empty(),
        "no audit entry of {silent:?}: call each in `do_everything`, and let it leave an entry \
         (`Admin::created` and `updated` name the action; the engine's `Asking` has one), or say \
         in EXEMPT why it leaves none"
    );
    let mutations: BTreeSet<&str> =
        ACCESS.iter().filter_map(|(name, _)| name.strip_prefix("Mutation.")).collect();
    assert!(noted.iter().all(|action| mutations.contains(action.as_str())), "{noted:?}");
    // What is secret, and what customers and agents wrote, is nowhere in it.
    let all = app.database.column("select a::text from audit_entries a").await.join("\n");
    assert!(all.contains("[redacted]"), "{all}");
    let known = [
        API_KEY,
        OTHER_KEY,
        PASSWORD,
        OTHER_PASSWORD,
        "planted words",
        "1415555",
        "carla@acme.example",
    ];
    for planted in known.into_iter().chain(secrets.iter().map(String::as_str)) {
        assert!(!all.contains(planted), "{planted} in {all}");
    }
    let hashes = "select encode(token_hash, 'hex') from sessions
        union all select encode(secret_hash, 'hex') from api_tokens
        union all select encode(token_hash, 'hex') from password_links
        union all select password_hash from agents where password_hash is not null";
    for hash in app.database.column(hashes).await {
        assert!(!all.contains(&hash), "{hash} in {all}");
    }
}
