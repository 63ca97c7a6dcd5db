//! What an organization sets: its own words, and what it says to them.

use serde_json::{Value, json};

use super::{CUSTOMER, conversation, gets, is_opted_out};
use crate::support::{SUPPORT_NUMBER, TestApp};

async fn version(app: &TestApp) -> Value {
    app.admin.data("{ organization { version } }", json!({})).await["organization"]["version"]
        .clone()
}

async fn set_words(app: &TestApp, sets: Value) {
    let input = json!({ "expectedVersion": version(app).await, "keywords": sets });
    app.admin.mutate("organizationUpdate", input, "organization { version }").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own_words_hold_for_the_very_next_text_and_those_of_the_law_always() {
    let app = TestApp::start().await;
    let english = json!([{
        "language": "en", "optOut": ["Enough!"], "optIn": ["Yes please"], "help": ["SOS"],
    }]);
    set_words(&app, english).await;
    app.text_in(CUSTOMER, "enough").await;
    assert!(is_opted_out(&app, CUSTOMER).await);
    app.text_in(CUSTOMER, "start").await;
    assert!(is_opted_out(&app, CUSTOMER).await, "START was taken away");
    app.text_in(CUSTOMER, "YES PLEASE").await;
    assert!(!is_opted_out(&app, CUSTOMER).await);
    app.text_in(CUSTOMER, "Unsubscribe").await;
    assert!(is_opted_out(&app, CUSTOMER).await);
    let query = "{ organization { keywords { language optOut optIn help locked own } } }";
    let shown = app.anna.data(query, json!({})).await["organization"]["keywords"].clone();
    let english = shown.as_array().unwrap().iter().find(|set| set["language"] == "en").unwrap();
    assert_eq!(english["optOut"], json!(["enough"]));
    assert_eq!(english["own"], json!(true));
    let italian = shown.as_array().unwrap().iter().find(|set| set["language"] == "it").unwrap();
    assert_eq!(italian["own"], json!(false));
    assert_eq!(english["locked"].as_array().unwrap().len(), 7);
    set_words(&app, json!([])).await;
    app.text_in(CUSTOMER, "start").await;
    assert!(!is_opted_out(&app, CUSTOMER).await, "the built-in ones are back");

    let refuse = async |sets: Value| {
        let input = json!({ "expectedVersion": version(&app).await, "keywords": sets });
        let refusal = app.admin.refused("organizationUpdate", input).await;
        assert_eq!(refusal["field"], json!(["input", "keywords"]), "{refusal}");
        refusal["code"].as_str().unwrap().to_owned()
    };
    let set =
        |opt_in: &[&str]| json!([{ "language": "en", "optOut": [], "optIn": opt_in, "help": [] }]);
    assert_eq!(refuse(set(&["STOP"])).await, "INVALID");
    assert_eq!(refuse(set(&["?!"])).await, "INVALID");
    let many: Vec<String> = (0..51).map(|number| format!("w{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(refuse(set(&many)).await, "TOO_MANY");
    let twice = [set(&[])[0].clone(), set(&[])[0].clone()];
    assert_eq!(refuse(json!(twice)).await, "DUPLICATE");
    let stale = json!({ "expectedVersion": 1, "consentScope": "NUMBER" });
    let refusal = app.admin.refused("organizationUpdate", stale).await;
    assert_eq!(refusal["code"], "VERSION_CONFLICT");
    assert!(refusal["currentVersion"].as_i64().unwrap() > 1);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own_answers_are_said_in_the_nearest_language_or_not_at_all() {
    let app = TestApp::start().await;
    let set = async |trigger: &str, active: bool, texts: Value| {
        let input = json!({ "trigger": trigger, "active": active, "texts": texts });
        app.admin.mutate("automatedMessageSet", input, "automatedMessage { trigger active }").await
    };
    let texts = json!([{ "language": "en", "text": "Bye from {{organization}}" }]);
    set("OPT_OUT_CONFIRMATION", true, texts).await;
    set("OPT_IN_CONFIRMATION", false, json!([])).await;
    app.text_in(CUSTOMER, "STOP").await;
    app.text_in(CUSTOMER, "START").await;
    app.text_in(CUSTOMER, "HELP").await;
    let got = gets(&app, CUSTOMER, 2).await;
    assert_eq!(got[0], "Bye from acme");
    assert!(got[1].contains("our team will answer"), "{got:?}");
    let seen = conversation(&app, CUSTOMER, SUPPORT_NUMBER).await;
    assert_eq!(seen["resolutionReason"], "KEYWORD");

    let query = "{ automatedMessages { trigger active texts { language text } } }";
    let shown = app.admin.data(query, json!({})).await["automatedMessages"].clone();
    assert_eq!(shown[0]["texts"][0]["text"], "Bye from {{organization}}");
    assert_eq!(shown[0]["texts"][1]["language"], "it", "our own words stand in");
    assert_eq!(shown[1]["active"], false);
    assert_eq!(app.anna.error_code(query, json!({})).await, "FORBIDDEN");
    for (texts, code) in [
        (json!([{ "language": "en", "text": " " }]), "INVALID"),
        (json!([{ "language": "english", "text": "Hi" }]), "INVALID"),
        (json!([{ "language": "en", "text": "Hi {{name}}" }]), "INVALID"),
        (json!([{ "language": "en", "text": "x".repeat(1_601) }]), "INVALID"),
        (
            json!([{ "language": "en", "text": "a" }, { "language": "EN", "text": "b" }]),
            "DUPLICATE",
        ),
    ] {
        let input = json!({ "trigger": "HELP", "active": true, "texts": texts });
        let refusal = app.admin.refused("automatedMessageSet", input).await;
        assert_eq!(refusal["code"], code, "{refusal}");
    }
    app.server.stop().await;
}
