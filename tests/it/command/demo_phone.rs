//! The demo's telephone: a customer on the console's page, and whoever else would like to be one.

use serde_json::{Value, json};

use crate::support::{Caller, KEY, Process, eventually, http, scratch};

const CLAIM: &str = "mutation ($input: SetupCompleteInput!) { setupComplete(input: $input) {
    token userErrors { code message field } } }";
const CUSTOMER: &str = "14155550123";

fn demo(name: &str) -> Process {
    let data_dir = scratch(name);
    let environment =
        [("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()), ("CENTRALINO_SECRET_KEY", KEY)];
    let arguments =
        ["demo", "--first-run", "--listen", "127.0.0.1:0", "--simulator-listen", "127.0.0.1:0"];
    Process::start(&arguments, &environment)
}

async fn post(server: &Process, path: &str, body: Value) -> (u16, String) {
    let request = http().post(format!("{}{path}", server.url)).body(body.to_string());
    let answer = request.header("content-type", "application/json").send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_claims_the_demo_chooses_the_simulator_and_texts_from_the_page() {
    let server = demo("demo-phone");
    server.line();
    let line = server.line();
    let code = line.rsplit(' ').next().unwrap();
    let claim = json!({ "input": {
        "setupCode": code, "organizationName": "Acme", "name": "Ada",
        "email": "ada@acme.example", "password": "a password of hers",
    } });
    let claimed = Caller::new(&server.url, None).data(CLAIM, claim).await["setupComplete"].clone();
    let token = claimed["token"].as_str().expect("claimed").to_owned();
    let ada = Caller::new(&server.url, Some(token));
    let state = ada.data("{ setupState { simulated } }", json!({})).await;
    assert_eq!(state["setupState"]["simulated"], true);

    let account = http().get(format!("{}/demo/phone/account", server.url)).send().await.unwrap();
    let account: Value = serde_json::from_str(&account.text().await.unwrap()).unwrap();
    let queue = ada.mutate("queueCreate", json!({ "name": "General" }), "queue { id }").await;
    let workstream = json!({
        "name": "Texts", "language": "en", "fallbackQueueId": queue["queue"]["id"],
    });
    let workstream = ada.mutate("workstreamCreate", workstream, "workstream { id }").await;
    let input = json!({
        "name": "Simulator", "customerId": account["customerId"], "apiKey": account["apiKey"],
        "idempotencyKey": "simulator",
    });
    let made = ada.mutate("channelAccountCreate", input, "channelAccount { id callbackUrl }").await;
    let input = json!({
        "channelAccountId": made["channelAccount"]["id"], "kind": "GEO",
        "number": account["number"], "workstreamId": workstream["workstream"]["id"],
    });
    ada.mutate("supportNumberAdd", input, "supportNumber { id }").await;

    let url = made["channelAccount"]["callbackUrl"].as_str().unwrap();
    // Of an address that is not ours only the token is taken.
    let elsewhere = url.replace("127.0.0.1", "203.0.113.9");
    let set = post(&server, "/demo/phone/callback", json!({ "callbackUrl": elsewhere })).await;
    assert_eq!(set.0, 204, "{set:?}");
    let text = json!({ "from": CUSTOMER, "to": account["number"], "text": "Hello" });
    let sent = post(&server, "/demo/phone/texts", text).await;
    assert_eq!(sent.0, 204, "{sent:?}");
    let query = "{ conversations(first: 1) { nodes { lastMessage { text } } } }";
    eventually("the conversation", || async {
        let found = ada.data(query, json!({})).await;
        let text = &found["conversations"]["nodes"][0]["lastMessage"]["text"];
        (text == "Hello").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_another_site_nor_another_name_gets_to_the_telephone() {
    let server = demo("demo-phone-attacks");
    let path = format!("{}/demo/phone/texts", server.url);
    let text = json!({ "from": CUSTOMER, "to": "15550001111", "text": "Hello" }).to_string();
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("host", "evil.example"),
        ("host", "127.0.0.1.evil.example:80"),
    ] {
        let request = http().post(&path).body(text.clone()).header(name, value);
        let answer = request.header("content-type", "application/json").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 403, "{name}: {value}");
    }
    // What a form of another site can send without asking first.
    let form = http().post(&path).body(text).header("content-type", "text/plain");
    assert_eq!(form.send().await.unwrap().status().as_u16(), 400);
    for body in [
        json!({ "callbackUrl": "http://203.0.113.9/" }),
        json!({ "callbackUrl": "http://203.0.113.9/a?b=c" }),
    ] {
        let (status, reason) = post(&server, "/demo/phone/callback", body).await;
        assert_eq!(status, 400, "{reason}");
    }
    let all = json!({ "from": CUSTOMER, "to": "15550001111", "text": "a", "count": 100_000 });
    assert_eq!(post(&server, "/demo/phone/texts", all).await.0, 400, "one text at a time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_simulator_has_no_telephone() {
    let data_dir = scratch("no-demo-phone");
    let environment =
        [("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()), ("CENTRALINO_SECRET_KEY", KEY)];
    let server = Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment);
    let text = json!({ "from": CUSTOMER, "to": "15550001111", "text": "Hello" });
    assert_eq!(post(&server, "/demo/phone/texts", text).await.0, 404);
}
