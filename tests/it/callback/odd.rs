//! Texts and callbacks as nobody would write them, and as they come all the same.

use serde_json::Value;

use super::{CUSTOMER, kept, post_signed, report_of, text_of, texts_of};
use crate::support::{SUPPORT_NUMBER, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn long_and_odd_texts_are_kept_whole() {
    let app = TestApp::start().await;
    let long = "0123456789".repeat(200);
    let long_emoji = "👩‍👩‍👧‍👦".repeat(400);
    let table = [
        (long.as_str(), long.as_str()),
        (long_emoji.as_str(), long_emoji.as_str()),
        ("👍🏽 🇮🇹 e\u{301} \u{1F468}\u{200D}\u{1F4BB}", "👍🏽 🇮🇹 e\u{301} \u{1F468}\u{200D}\u{1F4BB}"),
        ("שלום \u{202E}مرحبا\u{202C} abc", "שלום \u{202E}مرحبا\u{202C} abc"),
        ("", ""),
        (" \t\r\n ", " \t\r\n "),
        ("<b>\"'\\ \\u0000 {n} %s $1", "<b>\"'\\ \\u0000 {n} %s $1"),
        ("{[^]}~\\|€ \u{FEFF}\u{7F}\u{1}", "{[^]}~\\|€ \u{FEFF}\u{7F}\u{1}"),
        // PostgreSQL keeps no U+0000: it is shown as what stands for an unknown character.
        ("before\0after", "before\u{FFFD}after"),
        ("\0", "\u{FFFD}"),
    ];
    for (place, (text, _)) in table.iter().enumerate() {
        let body = text_of(CUSTOMER, SUPPORT_NUMBER, text, &format!("R{place}")).to_string();
        assert_eq!(post_signed(&app, body.as_bytes()).await, 200, "{text:?}");
    }
    let expected: Vec<&str> = table.iter().map(|(_, expected)| *expected).collect();
    assert_eq!(texts_of(&app, CUSTOMER).await, expected);
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_nearly_json_still_becomes_a_message() {
    let app = TestApp::start().await;
    let whole = text_of(CUSTOMER, SUPPORT_NUMBER, "MARK", "REFERENCE").to_string();
    let table: [(&[u8], &str); 5] = [
        (br"half \ud83d of it", "half \u{FFFD} of it"),
        (b"two\nlines", "two\nlines"),
        (b"caf\xE9", "caf\u{FFFD}"),
        (b"raw \0 zero", "raw \u{FFFD} zero"),
        (br"\uD83D\uDE00 escaped", "😀 escaped"),
    ];
    let (start, end) = whole.split_once("MARK").unwrap();
    for (place, (text, _)) in table.iter().enumerate() {
        let end = end.replace("REFERENCE", &format!("R{place}"));
        let start = start.replace("REFERENCE", &format!("R{place}"));
        let body = [start.as_bytes(), text, end.as_bytes()].concat();
        assert_eq!(post_signed(&app, &body).await, 200, "{text:?}");
    }
    let expected: Vec<&str> = table.iter().map(|(_, expected)| *expected).collect();
    assert_eq!(texts_of(&app, CUSTOMER).await, expected);
    app.server.stop().await;
}

/// The places in a JSON where a string begins, is half over, and ends.
fn places_in_strings(json: &str) -> Vec<usize> {
    let quotes: Vec<usize> = json.match_indices('"').map(|(at, _)| at).collect();
    let places = |pair: &[usize]| {
        let (start, end) = (pair[0] + 1, pair[1]);
        [start, usize::midpoint(start, end), end]
    };
    quotes.chunks(2).flat_map(places).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn u_0000_anywhere_never_loses_a_callback() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation(CUSTOMER).await;
    let message = app.reply(&conversation, "k1", "hi").await;
    let reference = app.message_becomes(&message, "DELIVERED").await["providerReference"].clone();
    let before = app.database.count("select count(*) from receipts").await;
    // What makes a callback the same as an earlier one is another number each time.
    let text =
        |number: i32| text_of(CUSTOMER, SUPPORT_NUMBER, "hello", &format!("R{number}")).to_string();
    let report = |number: i32| {
        let mut report = report_of(reference.as_str().unwrap(), number);
        report["external_id"] = format!("{message}.1").into();
        report.to_string()
    };
    let unknown = |number: i32| format!(r#"{{"sub_resource":"mo_mms","reference_id":"{number}"}}"#);
    let kinds: [&dyn Fn(i32) -> String; 3] = [&text, &report, &unknown];
    let mut number = 1_000;
    for kind in kinds {
        for place in 0..places_in_strings(&kind(number)).len() {
            number += 1;
            let mut body = kind(number);
            body.insert_str(places_in_strings(&body)[place], "\\u0000");
            assert_eq!(post_signed(&app, body.as_bytes()).await, 200, "{body}");
            let this = format!(
                "select count(*) from receipts where body = convert_to($body${body}$body$, 'UTF8')"
            );
            assert_eq!(app.database.count(&this).await, 1, "it is kept as it came: {body}");
        }
    }
    let kept = app.database.count("select count(*) from receipts").await - before;
    assert_eq!(kept, i64::from(number - 1_000));
    assert!(kept > 80, "only {kept} were posted");
    assert_eq!(app.message(&message).await["status"], "DELIVERED");
    app.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_from_whatever_may_text_is_taken() {
    let app = TestApp::start().await;
    let senders = ["4442", "+14155550124", "1 (415) 555-0125", "ACME Bank", "393331234567"];
    for (place, from) in senders.iter().enumerate() {
        let body = text_of(from, SUPPORT_NUMBER, "hello", &format!("R{place}")).to_string();
        assert_eq!(post_signed(&app, body.as_bytes()).await, 200, "{from}");
    }
    let outcomes: Vec<Value> =
        kept(&app, &[]).await.iter().map(|kept| kept["outcome"].clone()).collect();
    assert_eq!(outcomes, vec!["APPLIED"; senders.len()]);
    app.server.stop().await;
}
