//! What customers write, and what they are answered.

use serde_json::json;

use super::{CONFIRMED, CUSTOMER, conversation, gets, got, is_opted_out, is_refused, lines};
use crate::support::{SUPPORT_NUMBER, TestApp, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn a_lone_stop_opts_out_is_confirmed_once_and_waits_for_no_agent() {
    let app = TestApp::start().await;
    app.text_in(CUSTOMER, "Stop.").await;
    let seen = conversation(&app, CUSTOMER, SUPPORT_NUMBER).await;
    assert_eq!(seen["status"], "RESOLVED", "{seen}");
    assert_eq!(seen["resolutionReason"], "OPTED_OUT");
    assert_eq!(seen["optedOut"], true);
    assert_eq!(gets(&app, CUSTOMER, 1).await, [CONFIRMED]);
    assert_eq!(lines(&app).await, [format!("+{CUSTOMER} OPTED_OUT KEYWORD stop")]);
    let evidence = app.database.column("select evidence from consent_entries").await;
    assert_eq!(evidence, ["Stop."], "as they wrote it");

    // Again: another text, the same consent.
    app.text_in(CUSTOMER, "STOP").await;
    app.text_in(CUSTOMER, "end").await;
    let start = json!({
        "supportNumberId": app.number, "to": format!("+{CUSTOMER}"), "text": "hello",
        "idempotencyKey": "k1",
    });
    let refusal = app.anna.refused("conversationStart", start.clone()).await;
    assert_eq!(refusal["code"], "RECIPIENT_OPTED_OUT", "{refusal}");
    assert_eq!(lines(&app).await.len(), 1);
    assert_eq!(app.database.count("select count(*) from conversations").await, 3);
    let open = "select count(*) from conversations where status <> 'RESOLVED'";
    assert_eq!(app.database.count(open).await, 0);

    app.text_in(CUSTOMER, "START").await;
    app.anna.mutate("conversationStart", start, "conversation { id }").await;
    let got = gets(&app, CUSTOMER, 3).await;
    assert_eq!(got[0], CONFIRMED);
    assert!(got[1].contains("will get our texts again"), "{got:?}");
    assert_eq!(got[2], "hello");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_inside_a_conversation_is_one_more_message_and_forbids_replies() {
    let app = TestApp::start().await;
    let id = app.annas_conversation(CUSTOMER).await;
    let before = app.reply(&id, "k1", "hello").await;
    app.message_becomes(&before, "DELIVERED").await;
    app.text_in(CUSTOMER, "unsubscribe").await;
    let query = "query ($id: ID!) { conversation(id: $id) { status optedOut viewerCan } }";
    let seen = app.anna.data(query, json!({ "id": id })).await["conversation"].clone();
    assert_eq!(seen["status"], "ACTIVE");
    assert_eq!(seen["optedOut"], true);
    let may = seen["viewerCan"].as_array().unwrap();
    assert!(!may.contains(&json!("REPLY")) && may.contains(&json!("RESOLVE")), "{seen}");
    is_refused(&app, &id, "k2").await;
    app.text_in(CUSTOMER, "one more thing").await;
    app.text_in(CUSTOMER, "HELP").await;
    is_refused(&app, &id, "k3").await;
    let texts = app.texts(&id).await;
    let words: Vec<&str> = texts.iter().map(|(_, text, _)| text.as_str()).collect();
    let expected = ["hello", "hello", "unsubscribe", CONFIRMED, "one more thing", "HELP"];
    assert_eq!(words, expected, "no other text opts in, and HELP gets no answer");
    // What was sent before can be asked for again, and is what it was.
    let again = json!({ "conversationId": id, "idempotencyKey": "k1", "text": "hello" });
    let payload = app.anna.mutate("messageSend", again, "message { id }").await;
    assert_eq!(payload["message"]["id"], before.as_str());

    app.text_in(CUSTOMER, "start").await;
    let after = app.reply(&id, "k4", "welcome back").await;
    app.message_becomes(&after, "DELIVERED").await;
    let got = got(&app, CUSTOMER).await;
    assert_eq!(got.iter().filter(|text| *text == CONFIRMED).count(), 1, "{got:?}");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn help_is_answered_in_the_language_of_the_workstream_and_changes_nothing() {
    let app = TestApp::start().await;
    app.database.execute("update workstreams set language = 'it-CH'").await;
    app.database.execute("update organizations set settings_version = settings_version + 1").await;
    app.text_in(CUSTOMER, "Aiuto!").await;
    let seen = conversation(&app, CUSTOMER, SUPPORT_NUMBER).await;
    assert_eq!(
        (&seen["status"], &seen["resolutionReason"]),
        (&json!("RESOLVED"), &json!("KEYWORD"))
    );
    assert_eq!(seen["optedOut"], false);
    let got = gets(&app, CUSTOMER, 1).await;
    assert!(got[0].starts_with("acme: scrivici qui"), "{got:?}");
    assert_eq!(lines(&app).await, Vec::<String>::new());
    // A word that is not exactly the word starts an ordinary conversation.
    for (at, word) in
        ["aiuto per favore", "basta così", "stop it", "ЅТОР", "fine."].iter().enumerate()
    {
        let customer = format!("1415555030{at}");
        app.text_in(&customer, word).await;
        let seen = conversation(&app, &customer, SUPPORT_NUMBER).await;
        let is_stop = *word == "fine.";
        assert_eq!(seen["optedOut"], is_stop, "{word}");
        assert_eq!(seen["status"], if is_stop { "RESOLVED" } else { "OPEN" }, "{word}");
    }
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_the_provider_repeats_is_one_opt_out_and_one_confirmation() {
    let app = TestApp::start().await;
    let body = json!({
        "from": CUSTOMER, "to": SUPPORT_NUMBER, "text": "STOP", "repeat": 20, "concurrency": 20,
    });
    let answer = app.control("inbound", body).await;
    assert_eq!(answer["answers"], json!({ "200": 20 }), "{answer}");
    app.text_in("14155550999", "hello").await;
    gets(&app, CUSTOMER, 1).await;
    assert_eq!(lines(&app).await.len(), 1);
    let confirmations = "select count(*) from messages where trigger = 'OPT_OUT_CONFIRMATION'";
    assert_eq!(app.database.count(confirmations).await, 1);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_and_start_in_quick_succession_end_with_the_last_word() {
    let app = TestApp::start().await;
    for _ in 0..4 {
        app.text_in(CUSTOMER, "STOP").await;
        app.text_in(CUSTOMER, "START").await;
    }
    assert!(!is_opted_out(&app, CUSTOMER).await);
    app.text_in(CUSTOMER, "stop").await;
    assert!(is_opted_out(&app, CUSTOMER).await);
    let statuses =
        app.database.column("select status from consent_entries order by sequence").await;
    let expected: Vec<&str> = ["OPTED_OUT", "OPTED_IN"].into_iter().cycle().take(9).collect();
    assert_eq!(statuses, expected);
    let got = gets(&app, CUSTOMER, 9).await;
    assert_eq!(got.iter().filter(|text| *text == CONFIRMED).count(), 5, "{got:?}");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stops_among_many_other_texts_are_theirs_alone() {
    let app = TestApp::start().await;
    let others = json!({
        "from": "14155560000", "to": SUPPORT_NUMBER, "text": "hello {n}", "senders": 100,
        "count": 300, "concurrency": 128,
    });
    let stops = json!({
        "from": "14155570000", "to": SUPPORT_NUMBER, "text": "STOP", "senders": 40, "count": 40,
        "concurrency": 40,
    });
    let (others, stops) =
        tokio::join!(app.control("inbound", others), app.control("inbound", stops));
    assert_eq!(others["answers"], json!({ "200": 300 }), "{others}");
    assert_eq!(stops["answers"], json!({ "200": 40 }), "{stops}");
    let count = async |query: &str| app.database.count(query).await;
    // On a busy machine some of them take the way through the spool.
    eventually("all of them are stored", || async {
        let stored = count("select count(*) from receipts where kind = 'INBOUND_TEXT'").await;
        (stored == 340).then_some(())
    })
    .await;
    let out = "select count(*) from conversations where opted_out and customer like '+1415557%'
        and status = 'RESOLVED'";
    assert_eq!(count(out).await, 40);
    assert_eq!(count("select count(*) from conversations where opted_out").await, 40);
    assert_eq!(count("select count(distinct customer) from consent_entries").await, 40);
    assert_eq!(count("select max(sequence) from consent_entries").await, 40, "no line twice");
    assert_eq!(count("select count(*) from messages where text like 'hello %'").await, 300);
    eventually("all are told", || async {
        let ledger = app.ledger().await;
        (ledger.len() == 40).then_some(())
    })
    .await;
    app.server.stop().await;
}
