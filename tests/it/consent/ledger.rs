//! The ledger: who may speak for a customer, what is kept of it, and that nobody changes it unseen.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{CUSTOMER, is_opted_out, is_refused, text};
use crate::support::{KEY, SUPPORT_NUMBER, TestApp, run};

const LEDGER: &str =
    "query ($filter: ConsentFilter) { consents(first: 100, filter: $filter) { nodes {
    id sequence address status source keyword evidence messageId actor { kind label }
    supportNumber { number } } } }";
const CHECK: &str = "{ consentLedgerCheck { whole lines problem } }";

fn said(status: &str, evidence: Option<&str>) -> Value {
    json!({ "address": format!("+{CUSTOMER}"), "status": status, "evidence": evidence })
}

async fn standing(app: &TestApp) -> Value {
    let query = "query ($address: SmsAddress!) { consent(address: $address) { status
        entry { source evidence actor { label } } } }";
    let address = json!({ "address": format!("+{CUSTOMER}") });
    app.bert.data(query, address).await["consent"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_opts_a_customer_out_and_with_evidence_in() {
    let app = TestApp::start().await;
    assert_eq!(standing(&app).await, json!({ "status": "UNKNOWN", "entry": null }));
    let id = app.annas_conversation(CUSTOMER).await;
    let out = said("OPTED_OUT", Some("said so on the phone"));
    let payload = app.anna.mutate("consentSet", out.clone(), "consent { id status source }").await;
    assert_eq!(payload["consent"]["source"], "AGENT");
    assert!(is_opted_out(&app, CUSTOMER).await);
    is_refused(&app, &id, "k1").await;
    let again = app.anna.mutate("consentSet", out, "consent { id }").await;
    assert_eq!(again["consent"]["id"], payload["consent"]["id"], "it was known");
    let standing_now = standing(&app).await;
    assert_eq!(standing_now["status"], "OPTED_OUT");
    assert_eq!(standing_now["entry"]["actor"]["label"], "Anna");

    let refusal = app.anna.refused("consentSet", said("OPTED_IN", Some(" "))).await;
    assert_eq!(
        (&refusal["code"], &refusal["field"]),
        (&json!("REQUIRED"), &json!(["input", "evidence"]))
    );
    let refusal = app.anna.refused("consentSet", said("UNKNOWN", None)).await;
    assert_eq!(refusal["code"], "INVALID");
    let long = "x".repeat(1_001);
    let refusal = app.anna.refused("consentSet", said("OPTED_IN", Some(&long))).await;
    assert_eq!(refusal["code"], "TOO_LONG");
    app.admin.mutate("consentSet", said("OPTED_IN", Some("signed form 12")), "").await;
    let reply = app.reply(&id, "k2", "welcome back").await;
    app.message_becomes(&reply, "DELIVERED").await;
    text(&app, CUSTOMER, SUPPORT_NUMBER, "STOP").await;

    let lines = app.admin.data(LEDGER, json!({})).await["consents"]["nodes"].clone();
    let shown: Vec<String> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let word = |name: &str| line[name].as_str().unwrap_or("-").to_owned();
            assert_eq!(line["address"], format!("+{CUSTOMER}"));
            format!(
                "{} {} {} {}",
                word("sequence"),
                word("status"),
                word("source"),
                word("keyword")
            )
        })
        .collect();
    assert_eq!(shown, ["1 OPTED_OUT AGENT -", "2 OPTED_IN ADMIN -", "3 OPTED_OUT KEYWORD stop"]);
    assert_eq!(lines[0]["evidence"], "said so on the phone");
    assert_eq!(lines[2]["actor"]["kind"], "CUSTOMER");
    assert!(lines[2]["messageId"].is_string());
    let filter = json!({ "filter": { "source": ["ADMIN"], "status": ["OPTED_IN"] } });
    let some = app.admin.data(LEDGER, filter).await["consents"]["nodes"].clone();
    assert_eq!(some.as_array().unwrap().len(), 1);
    assert_eq!(app.anna.error_code(LEDGER, json!({})).await, "FORBIDDEN");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_entered_once_and_by_admins_only() {
    let app = TestApp::start().await;
    text(&app, CUSTOMER, SUPPORT_NUMBER, "STOP").await;
    let id = app.annas_conversation("14155550777").await;
    let mut addresses: Vec<String> =
        (0..300).map(|number| format!("+1415558{number:04}")).collect();
    addresses.push(format!("+{CUSTOMER}"));
    addresses.push("+14155550777".into());
    addresses.push("+14155550777".into());
    let list = json!({
        "addresses": addresses, "status": "OPTED_OUT", "evidence": "the old system, 3 May",
    });
    let payload = app.admin.mutate("consentImport", list.clone(), "entered known").await;
    assert_eq!((&payload["entered"], &payload["known"]), (&json!(301), &json!(2)));
    let payload = app.admin.mutate("consentImport", list.clone(), "entered known").await;
    assert_eq!((&payload["entered"], &payload["known"]), (&json!(0), &json!(303)));
    is_refused(&app, &id, "k1").await;
    let code = app.anna.error_code(
        "mutation ($input: ConsentImportInput!) { consentImport(input: $input) { entered } }",
        json!({ "input": list }),
    );
    assert_eq!(code.await, "FORBIDDEN");
    let many: Vec<String> = (0..1_001).map(|number| format!("+1415559{number:04}")).collect();
    let list = json!({ "addresses": many, "status": "OPTED_OUT", "evidence": "too many" });
    assert_eq!(app.admin.refused("consentImport", list).await["code"], "TOO_MANY");
    let list = json!({ "addresses": ["+14155550777"], "status": "OPTED_OUT", "evidence": " " });
    assert_eq!(app.admin.refused("consentImport", list).await["code"], "REQUIRED");
    let check = app.admin.data(CHECK, json!({})).await["consentLedgerCheck"].clone();
    assert_eq!(check, json!({ "whole": true, "lines": "302", "problem": null }));
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_the_owner_of_the_database_changed_is_found() {
    let app = TestApp::start().await;
    for word in ["STOP", "START", "STOP", "START"] {
        text(&app, CUSTOMER, SUPPORT_NUMBER, word).await;
    }
    let check = async || app.admin.data(CHECK, json!({})).await["consentLedgerCheck"].clone();
    assert_eq!(check().await, json!({ "whole": true, "lines": "4", "problem": null }));
    let environment =
        [("DATABASE_URL", app.database.url().expose_secret()), ("CENTRALINO_SECRET_KEY", KEY)];
    let command = |verb: &str| {
        let output = run(&["consent", verb, "--organization", "acme"], &environment);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    assert_eq!(command("verify").1, "the ledger is whole: 4 lines\n");
    let (status, exported, _) = command("export");
    assert_eq!(status, Some(0));
    let exported: Vec<Value> =
        exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(exported.len(), 4);
    assert_eq!(exported[3]["sequence"], 4);
    assert_eq!(exported[3]["address"], format!("+{CUSTOMER}"));
    assert_eq!(
        (&exported[3]["status"], &exported[3]["keyword"]),
        (&json!("OPTED_IN"), &json!("start"))
    );
    let as_owner = async |statement: &str| {
        let guarded = format!(
            "alter table consent_entries disable trigger all; {statement};
             alter table consent_entries enable trigger all"
        );
        app.database.execute(&guarded).await;
    };
    as_owner("update consent_entries set at = at - interval '1 day' where sequence = 3").await;
    let broken = check().await;
    assert_eq!(broken["whole"], false);
    assert!(broken["problem"].as_str().unwrap().starts_with("line 3 has been changed"), "{broken}");
    let (status, _, complaint) = command("verify");
    assert_eq!(status, Some(1));
    assert!(complaint.contains("line 3 has been changed"), "{complaint}");
    as_owner("update consent_entries set at = at + interval '1 day' where sequence = 3").await;
    assert_eq!(check().await["whole"], true);
    as_owner("update consent_entries set evidence = 'start' where sequence = 2").await;
    let problem = check().await["problem"].as_str().unwrap().to_owned();
    assert_eq!(problem, "the number, word or evidence of line 2 has been changed");
    as_owner("update consent_entries set evidence = 'START' where sequence = 2").await;
    as_owner("delete from consent_entries where sequence = 4").await;
    assert_eq!(check().await["problem"], "lines after 3 are missing");
    as_owner("delete from consent_entries where sequence = 1").await;
    assert_eq!(check().await["problem"], "line 1 is missing");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organization_has_a_ledger_of_its_own() {
    let app = TestApp::start().await;
    let (other, _) = app.other_organization().await;
    text(&app, CUSTOMER, SUPPORT_NUMBER, "STOP").await;
    let query = "query ($address: SmsAddress!) { consent(address: $address) { status } }";
    let address = json!({ "address": format!("+{CUSTOMER}") });
    assert_eq!(other.data(query, address).await["consent"]["status"], "UNKNOWN");
    assert_eq!(other.data(LEDGER, json!({})).await["consents"]["nodes"], json!([]));
    other.mutate("consentSet", said("OPTED_OUT", None), "").await;
    let first = other.data(LEDGER, json!({})).await["consents"]["nodes"][0]["sequence"].clone();
    assert_eq!(first, "1");
    let mut foreign = said("OPTED_OUT", None);
    foreign["supportNumberId"] = json!(app.number);
    assert_eq!(other.refused("consentSet", foreign).await["code"], "NOT_FOUND");
    let mut one = said("OPTED_IN", Some("a form"));
    one["supportNumberId"] = json!(app.number);
    let refusal = app.admin.refused("consentSet", one).await;
    assert_eq!(refusal["code"], "INVALID", "{refusal}");
    app.server.stop().await;
}
