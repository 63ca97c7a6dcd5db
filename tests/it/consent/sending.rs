//! What was queued before a STOP never leaves after it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use centralino::{domain::ids::ConversationId, engine::Faults};
use serde_json::json;

use super::{CONFIRMED, CUSTOMER, gets, got, is_refused, lines, text};
use crate::support::{Options, SUPPORT_NUMBER, TestApp, eventually};

/// Whether the provider has no time for the customer's texts; they wait, and are tried again.
async fn busy(app: &TestApp, is_busy: bool) {
    let fault = if is_busy {
        json!({ "kind": "unavailable_503", "phone_number": CUSTOMER })
    } else {
        json!({ "clear": true, "phone_number": CUSTOMER })
    };
    app.control("faults", fault).await;
}

/// A text of Anna's that waits because the provider is busy.
async fn waiting(app: &TestApp, conversation: &str, key: &str) -> String {
    let message = app.reply(conversation, key, "must not leave").await;
    eventually("it was tried", || async {
        let message = app.message(&message).await;
        let attempts = message["attempts"].as_array().unwrap().len();
        (attempts > 0 && message["status"] == "QUEUED").then_some(())
    })
    .await;
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_waits_when_the_stop_comes_never_leaves_and_says_why() {
    let app = TestApp::start().await;
    let id = app.annas_conversation(CUSTOMER).await;
    busy(&app, true).await;
    let first = waiting(&app, &id, "k1").await;
    let second = app.reply(&id, "k2", "nor this one").await;
    app.text_in(CUSTOMER, "STOP").await;
    for message in [&first, &second] {
        let message = app.message(message).await;
        assert_eq!(message["status"], "FAILED", "it is final with the STOP: {message}");
        assert_eq!(message["failure"]["code"], "OPTED_OUT");
        assert_eq!(message["failure"]["description"], "not sent: the recipient has opted out");
    }
    busy(&app, false).await;
    assert_eq!(gets(&app, CUSTOMER, 1).await, [CONFIRMED]);
    is_refused(&app, &id, "k3").await;
    let waits = "select count(*) from outbox where state = 'QUEUED'";
    assert_eq!(app.database.count(waits).await, 0);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_while_a_text_is_on_the_wire_stops_the_next() {
    let app = TestApp::start().await;
    let id = app.annas_conversation(CUSTOMER).await;
    app.control("faults", json!({ "kind": "hang", "phone_number": CUSTOMER, "count": 1 })).await;
    let first = app.reply(&id, "k1", "on the wire").await;
    app.message_becomes(&first, "SENDING").await;
    let second = app.reply(&id, "k2", "must not leave").await;
    app.text_in(CUSTOMER, "STOP").await;
    assert_eq!(app.message(&first).await["status"], "SENDING", "it cannot be called back");
    app.message_becomes(&second, "FAILED").await;
    app.message_becomes(&first, "UNCONFIRMED").await;
    assert_eq!(gets(&app, CUSTOMER, 1).await, [CONFIRMED]);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_begun_send_is_checked_against_consent_itself_and_not_against_memory() {
    let app = TestApp::start().await;
    let id = app.annas_conversation(CUSTOMER).await;
    busy(&app, true).await;
    let message = waiting(&app, &id, "k1").await;
    // As a race leaves it: consent says no, and the conversation does not know.
    let opt_out = "insert into consents (organization_id, customer, status, sequence)
        select id, '+14155550123', 'OPTED_OUT', 1 from organizations";
    app.database.execute(opt_out).await;
    busy(&app, false).await;
    let failed = app.message_becomes(&message, "FAILED").await;
    assert_eq!(failed["failure"]["code"], "OPTED_OUT", "{failed}");
    assert_eq!(got(&app, CUSTOMER).await, Vec::<String>::new());
    is_refused(&app, &id, "k2").await;
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_comes_while_the_database_is_away_stops_what_waits() {
    let app = TestApp::start().await;
    let id = app.annas_conversation(CUSTOMER).await;
    busy(&app, true).await;
    let message = waiting(&app, &id, "k1").await;
    app.database.close().await;
    app.text_in(CUSTOMER, "STOP").await;
    busy(&app, false).await;
    app.database.open().await;
    let failed = app.message_becomes(&message, "FAILED").await;
    assert_eq!(failed["failure"]["code"], "OPTED_OUT", "{failed}");
    assert_eq!(gets(&app, CUSTOMER, 1).await, [CONFIRMED]);
    app.server.stop().await;
}

/// Panics in every command while it is switched on.
#[derive(Default)]
struct Poison(AtomicBool);

impl Faults for Poison {
    fn before_command(&self, _: ConversationId) {
        assert!(!self.0.load(Ordering::SeqCst), "planted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_makes_its_actor_panic_is_obeyed_all_the_same() {
    let poison = Arc::new(Poison::default());
    let options = Options { faults: Arc::clone(&poison) as Arc<dyn Faults>, ..Options::default() };
    let app = TestApp::start_with(options).await;
    let id = app.annas_conversation(CUSTOMER).await;
    let other = app.annas_conversation("14155550124").await;
    busy(&app, true).await;
    let message = waiting(&app, &id, "k1").await;
    poison.0.store(true, Ordering::SeqCst);
    app.text_in(CUSTOMER, "STOP").await;
    let parked = "select count(*) from receipts where outcome = 'PARKED'";
    eventually("it is parked", || async { (app.database.count(parked).await == 1).then_some(()) })
        .await;
    poison.0.store(false, Ordering::SeqCst);
    busy(&app, false).await;
    let failed = app.message_becomes(&message, "FAILED").await;
    assert_eq!(failed["failure"]["code"], "OPTED_OUT", "{failed}");
    let passes = app.reply(&other, "o1", "passes").await;
    app.message_becomes(&passes, "DELIVERED").await;
    is_refused(&app, &id, "k2").await;
    assert_eq!(got(&app, CUSTOMER).await, Vec::<String>::new());
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_to_a_number_that_leads_to_nobody_is_obeyed() {
    let app = TestApp::start().await;
    let id = app.annas_conversation(CUSTOMER).await;
    text(&app, CUSTOMER, "12025550199", "hello").await;
    assert_eq!(lines(&app).await, Vec::<String>::new(), "only a word opts out");
    text(&app, CUSTOMER, "12025550199", "Stop.").await;
    is_refused(&app, &id, "k1").await;
    assert_eq!(lines(&app).await, [format!("+{CUSTOMER} OPTED_OUT KEYWORD stop")]);
    assert_eq!(got(&app, CUSTOMER).await, Vec::<String>::new());
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_blocks_is_an_opt_out_with_that_as_evidence() {
    let app = TestApp::start().await;
    let by_report = [510, 10_031, 10_032, 229, 230];
    let by_answer = [(200, 510), (200, 229), (200, 230), (400, 10_032)];
    let mut expected = Vec::new();
    for (at, code) in by_report.into_iter().enumerate() {
        let customer = format!("1415555040{at}");
        let id = app.annas_conversation(&customer).await;
        let plan = json!({ "phone_number": customer, "plan": code.to_string() });
        app.control("plans", plan).await;
        let message = app.reply(&id, &format!("r{code}"), "hello").await;
        app.message_becomes(&message, "UNDELIVERABLE").await;
        is_refused(&app, &id, &format!("again r{code}")).await;
        expected.push(format!("+{customer} {code}"));
        assert_eq!(got(&app, &customer).await, ["hello"], "nobody is told: {code}");
    }
    for (at, (http_status, code)) in by_answer.into_iter().enumerate() {
        let customer = format!("1415555050{at}");
        let id = app.annas_conversation(&customer).await;
        let answer = json!({
            "kind": "answer", "http_status": http_status, "code": code, "count": 1,
            "phone_number": customer,
        });
        app.control("faults", answer).await;
        let message = app.reply(&id, &format!("a{code}"), "hello").await;
        app.message_becomes(&message, "FAILED").await;
        is_refused(&app, &id, &format!("again a{code}")).await;
        expected.push(format!("+{customer} {code}"));
        assert_eq!(got(&app, &customer).await, Vec::<String>::new());
    }
    let query = "select customer || ' ' || split_part(evidence, ':', 1) from consent_entries
        where status = 'OPTED_OUT' and source = 'PROVIDER' and message_id is not null
        order by sequence";
    assert_eq!(app.database.column(query).await, expected);
    // A refusal that is about the message, or about us, is none.
    for (at, code) in [233, 237, 207, 503].into_iter().enumerate() {
        let customer = format!("1415555060{at}");
        let id = app.annas_conversation(&customer).await;
        app.control("plans", json!({ "phone_number": customer, "plan": code.to_string() })).await;
        let message = app.reply(&id, &format!("n{code}"), "hello").await;
        app.message_becomes(&message, "UNDELIVERABLE").await;
        app.reply(&id, &format!("again n{code}"), "again").await;
    }
    assert_eq!(lines(&app).await.len(), expected.len());
    text(&app, "14155550400", SUPPORT_NUMBER, "start").await;
    let again = super::conversation(&app, "14155550400", SUPPORT_NUMBER).await;
    assert_eq!(again["optedOut"], false, "START restores");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_the_ledger_are_added_and_never_changed() {
    let app = TestApp::start().await;
    app.text_in(CUSTOMER, "STOP").await;
    let refused = "the ledger of consent is only added to";
    for change in [
        "update consent_entries set status = 'OPTED_IN'",
        "update consent_entries set evidence = 'never said that'",
        "update consent_entries set evidence = null",
        "update consent_entries set salt = null, customer = null, keyword = null, evidence = null,
            source = 'IMPORT'",
        "delete from consent_entries",
        "truncate consent_entries",
    ] {
        assert_eq!(app.database.refusal(change).await, refused, "{change}");
    }
    // What is personal can be taken out as a whole.
    let erase = "update consent_entries set salt = null, customer = null, keyword = null,
        evidence = null";
    app.database.execute(erase).await;
    assert_eq!(app.database.count("select count(*) from consent_entries").await, 1);
    app.server.stop().await;
}
