use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::message::{MessageFailureCode, MessageStatus};

const REFERENCE: &str = "0123456789ABCDEF0123456789ABCDEF";

const INBOUND: &str = r#"{"status":{"updated_on":"2023-10-31T14:47:10.490130Z","code":1500,
    "description":"Delivered to customer"},"submit_timestamp":"2023-10-31T14:47:10.154000Z",
    "errors":{},"sub_resource":"mo_sms","reference_id":"0123456789ABCDEF0123456789ABCDEF",
    "user_response":{"sender_id":"4442","iso_country_code":"US","action":"start",
    "keyword":"start","phone_number":"11234567890","mo_message":"Start","price":"0.0075"}}"#;

const REPORT_A: &str = r#"{"reference_id":"B56259E45884010488343BAA15FB0002",
    "status":{"code":200,"description":"Delivered to handset",
    "updated_on":"2016-10-21T14:05:36.181346Z"},"additional_info":{"mcc":"310","mnc":"004",
    "price":"0.01","currency":"USD","message_parts_count":2,"message_parts_reference_ids":
    "35E63E88CB000E049196AD1CFCFFB89C,35E63E88CC7C050491613443467F3F12"},
    "external_id":"CustomExternalID7349"}"#;

const REPORT_B: &str = r#"{"status":{"updated_on":"Thu, 23 Jun 2022 19:03:44 GMT","code":200,
    "description":"Delivered to handset"},"errors":[],"sub_resource":"sms","additional_info":
    {"mcc":"310","mnc":"004","price":"0.01","currency":"USD","message_parts_count":"2"},
    "reference_id":"0123456789ABCDEF0123456789ABCDEF"}"#;

const REPORT_C: &str = r#"{"reference_id":"0123456789ABCDEF0123456789ABCDEF","status":{"code":238,
    "description":"Destination blocked by prefix","updated_on":"2016-10-21T14:05:36.181346Z"},
    "external_id":null}"#;

const OMNICHANNEL: &str = r#"{"reference_id":"0123456789ABCDEF0123456789ABCDEF","status":
    {"code":3000,"last_channel":"sms","updated_on":"2020-05-04 22:07:01:226"},"channel_status":
    [{"rcs":{"code":3056}},{"sms":{"code":3000,"reference_id":"65C77D"}}]}"#;

fn inbound(body: &str) -> InboundText {
    match parse(body.as_bytes()) {
        Ok(Callback::InboundText(text)) => text,
        other => panic!("{body}: {other:?}"),
    }
}

fn report(body: &str) -> ReceivedReport {
    match parse(body.as_bytes()) {
        Ok(Callback::DeliveryReport(report)) => report,
        other => panic!("{body}: {other:?}"),
    }
}

fn key_of(body: &str) -> (&'static str, String) {
    let callback = parse(body.as_bytes());
    let key = dedup_key(callback.as_ref().ok(), body.as_bytes());
    (key.kind.as_str(), key.key)
}

/// The inbound example with some of its fields replaced; `null` removes one.
fn inbound_with(root: Value, user_response: Value) -> String {
    let mut body: Value = serde_json::from_str(INBOUND).unwrap();
    let merge = |target: &mut Value, changes: Value| {
        let Value::Object(changes) = changes else { return };
        for (name, change) in changes {
            target[name] = change;
        }
    };
    merge(&mut body["user_response"], user_response);
    merge(&mut body, root);
    body.to_string()
}

#[test]
fn an_inbound_text_is_read_in_full() {
    let expected = InboundText {
        provider_reference: REFERENCE.to_owned(),
        from: SmsAddress::from_e164("+11234567890").unwrap(),
        to: "4442".to_owned(),
        text: "Start".to_owned(),
        sent_at: Some("2023-10-31T14:47:10.154Z".parse().unwrap()),
        country: Some("US".to_owned()),
        action: Some("start".to_owned()),
        keyword: Some("start".to_owned()),
    };
    let text = inbound(INBOUND);
    assert!(text == expected, "{text:?}");
    assert_eq!(key_of(INBOUND), ("INBOUND_TEXT", REFERENCE.to_owned()));
}

#[test]
fn no_oddity_costs_an_inbound_text() {
    let table = [
        (json!({"errors": []}), json!({})),
        (json!({"errors": null, "status": null}), json!({})),
        (json!({"status": "odd", "new_field": {"deep": [1, {}]}}), json!({"new": [null]})),
        (json!({"sub_resource": "MO_SMS"}), json!({"action": "STOP", "keyword": ""})),
        (json!({"sub_resource": null}), json!({"price": 0.0075})),
        (json!({"submit_timestamp": "2022-31-03T14:51:28Z"}), json!({"iso_country_code": "USA"})),
        (json!({}), json!({"phone_number": 11_234_567_890_u64, "sender_id": 4442})),
        (json!({}), json!({"phone_number": "+1 (123) 456-7890", "sender_id": " +4442 "})),
    ];
    for (root, user_response) in table {
        let body = inbound_with(root, user_response);
        let text = inbound(&body);
        assert_eq!(text.provider_reference, REFERENCE, "{body}");
        assert_eq!(text.from.as_str(), "+11234567890", "{body}");
        assert_eq!((text.to.as_str(), text.text.as_str()), ("4442", "Start"), "{body}");
    }
}

#[test]
fn an_unreadable_date_is_none_and_the_next_best_is_taken() {
    let unreadable = json!({"submit_timestamp": "2022-31-03T14:51:28.709526Z"});
    let text = inbound(&inbound_with(unreadable, json!({})));
    assert_eq!(text.sent_at, Some("2023-10-31T14:47:10.49013Z".parse().unwrap()));
    let neither = json!({"submit_timestamp": 7, "status": {"code": 1500, "updated_on": "soon"}});
    assert_eq!(inbound(&inbound_with(neither, json!({}))).sent_at, None);
}

#[test]
fn texts_survive_what_a_database_or_a_strict_reader_would_refuse() {
    let body = |text: &str| INBOUND.replace(r#""Start""#, &format!("\"{text}\""));
    let table = [
        (r"a\u0000b", "a\u{FFFD}b"),
        (r"half \ud83d", "half \u{FFFD}"),
        (r"\ud83d\ude00", "😀"),
        ("two\nlines", "two\nlines"),
        ("", ""),
    ];
    for (written, expected) in table {
        assert_eq!(inbound(&body(written)).text, expected, "{written:?}");
    }
    let absent = inbound_with(json!({}), json!({"mo_message": null}));
    assert_eq!(inbound(&absent).text, "");
    let long = "é".repeat(20_000);
    assert_eq!(inbound(&body(&long)).text, long);
}

#[test]
fn a_text_without_a_usable_reference_is_known_by_its_hash() {
    let long = "A".repeat(60_000);
    for reference in
        [json!(null), json!(""), json!("a b"), json!("a\u{0}b"), json!({}), json!(long)]
    {
        let body = inbound_with(json!({"reference_id": reference}), json!({}));
        let stand_in = inbound(&body).provider_reference;
        assert_eq!(stand_in.len(), "sha256-".len() + 64);
        assert_eq!(key_of(&body), ("INBOUND_TEXT", stand_in));
    }
}

#[test]
fn a_text_that_nobody_could_answer_is_refused() {
    let table = [
        (json!({"phone_number": null}), CallbackParseError::NoSender),
        (json!({"phone_number": ""}), CallbackParseError::NoSender),
        (json!({"phone_number": "1".repeat(60_000)}), CallbackParseError::NoSender),
        (json!({"sender_id": null}), CallbackParseError::NoRecipient),
        (json!({"sender_id": "ACME"}), CallbackParseError::NoRecipient),
        (json!({"sender_id": "1".repeat(60_000)}), CallbackParseError::NoRecipient),
    ];
    for (user_response, expected) in table {
        let body = inbound_with(json!({}), user_response);
        assert_eq!(parse(body.as_bytes()), Err(expected));
        assert_eq!(key_of(&body).0, "UNKNOWN");
    }
    for body in ["", "null", "[]", "7", "{'test': 123}", "{", &"[".repeat(60_000)] {
        assert_eq!(parse(body.as_bytes()), Err(CallbackParseError::NotAnObject));
    }
}

#[test]
fn every_example_of_a_delivery_report_is_read() {
    let found = report(REPORT_A);
    assert_eq!(found.provider_reference.as_deref(), Some("B56259E45884010488343BAA15FB0002"));
    assert_eq!(found.external_id.as_deref(), Some("CustomExternalID7349"));
    assert_eq!(found.report.status, MessageStatus::Delivered);
    assert_eq!((found.report.provider_code, found.report.failure), (200, None));

    let found = report(REPORT_B);
    assert_eq!((found.external_id, found.report.provider_code), (None, 200));
    assert_eq!(found.updated_on_raw, "Thu, 23 Jun 2022 19:03:44 GMT");

    let found = report(REPORT_C);
    assert_eq!(found.external_id, None);
    assert_eq!(found.report.status, MessageStatus::Undeliverable);
    assert_eq!(found.report.failure, Some(MessageFailureCode::Blocked));
}

#[test]
fn codes_may_be_texts_and_unknown_ones_are_not_final() {
    let found = report(r#"{"status":{"code":"510"}}"#);
    assert_eq!(found.report.failure, Some(MessageFailureCode::OptedOut));
    assert_eq!((found.provider_reference, found.updated_on_raw.as_str()), (None, ""));
    let found = report(r#"{"reference_id":7,"status":{"code":777,"description":"Odd\u0000 new"}}"#);
    assert_eq!(found.report.status, MessageStatus::Sent);
    assert_eq!(found.report.description, "Odd\u{FFFD} new");
    assert_eq!(found.provider_reference.as_deref(), Some("7"));
}

#[test]
fn other_kinds_are_kept_by_name() {
    let table = [
        (r#"{"sub_resource":"mo_mms","user_response":{},"status":{"code":1500}}"#, "mo_mms"),
        (r#"{"sub_resource":"MO_RCS","content":{},"status":{"code":200}}"#, "mo_rcs"),
        (r#"{"sub_resource":"sms"}"#, "sms"),
        (r#"{"status":{"code":"abc"}}"#, "unrecognized"),
        (r#"{"status":{"code":1500}}"#, "unrecognized"),
        ("{}", "unrecognized"),
        (OMNICHANNEL, "omnichannel"),
    ];
    for (body, kind) in table {
        assert_eq!(parse(body.as_bytes()), Ok(Callback::Unknown { kind: kind.to_owned() }));
        assert_eq!(key_of(body).0, "UNKNOWN");
        assert_eq!(key_of(body).1.len(), 64);
    }
}

#[test]
fn a_report_is_the_same_only_with_its_code_and_its_date() {
    let body = |code: i32, date: &str| {
        format!(r#"{{"reference_id":"AB","status":{{"code":{code},"updated_on":"{date}"}}}}"#)
    };
    let handed_over = key_of(&body(203, "x"));
    assert_eq!(handed_over, ("DELIVERY_REPORT", "AB 203 x".to_owned()));
    assert_eq!(key_of(&body(203, "x").replace(':', " : ")), handed_over);
    assert_ne!(key_of(&body(200, "x")), handed_over);
    assert_ne!(key_of(&body(203, "y")), handed_over);
    let long = "x".repeat(60_000);
    let other = format!("{long}y");
    assert_eq!(key_of(&body(203, &long)).1.len(), 64);
    assert_ne!(key_of(&body(203, &long)), key_of(&body(203, &other)));
}

#[test]
fn debug_output_shows_neither_numbers_nor_text() {
    let shown = format!("{:?}", inbound(INBOUND));
    assert!(!shown.contains("4567890") && !shown.contains("4442") && !shown.contains("Start"));
}

proptest! {
    #[test]
    fn no_body_whatever_breaks_the_reader(
        bytes: Vec<u8>,
        text in ".*",
        place: prop::sample::Index,
    ) {
        let mut broken = INBOUND.as_bytes().to_vec();
        let at = place.index(broken.len());
        broken.splice(at..at, bytes.iter().copied());
        for body in [bytes.as_slice(), text.as_bytes(), broken.as_slice()] {
            let callback = parse(body);
            let key = dedup_key(callback.as_ref().ok(), body);
            prop_assert!((1..=DEDUP_KEY_BYTES_MAX).contains(&key.key.len()));
        }
    }
}
