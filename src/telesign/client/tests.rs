use futures_util::future::join_all;

use super::*;
use crate::telesign::scripted_server::{Reply, ScriptedServer};

const ACCEPTED: &str = r#"{"reference_id":"0123456789ABCDEF0123456789ABCDEF",
    "status":{"code":290,"description":"Message in progress","updated_on":"2022-31-03T14:51:28Z"},
    "external_id":"msg_1.1"}"#;

fn client() -> TelesignClient {
    let options = ClientOptions {
        connect_timeout: Duration::from_millis(500),
        total_timeout: Duration::from_millis(1_500),
        ..ClientOptions::default()
    };
    TelesignClient::new(options, Clock::default()).unwrap()
}

fn credentials(base_url: BaseUrl, auth: AuthMethod) -> Credentials {
    Credentials {
        base_url,
        customer_id: "FFFFFFFF-EEEE-DDDD-1234-AB1234567890".to_owned(),
        api_key: ApiKey::new("VGVzdCBLZXk="),
        auth,
    }
}

async fn send_to(base_url: BaseUrl, auth: AuthMethod) -> SendOutcome {
    let to = SmsAddress::from_e164("+15558675309").unwrap();
    let text = OutboundText {
        to: &to,
        sender_id: "+15558675310",
        text: "Your appointment is at 2:15pm & bring ID ✓",
        external_id: "msg_1.1",
        callback_url: Some("https://sms.example.com/callbacks/telesign/abc"),
    };
    client().send(&credentials(base_url, auth), &text).await
}

/// The outcome of a send to a server that does as told; the request must have been made just once.
async fn outcome_of(reply: Reply) -> SendOutcome {
    let server = ScriptedServer::start([reply, Reply::answer(200, ACCEPTED)]).await;
    let outcome = send_to(server.base_url(), AuthMethod::Basic).await;
    assert_eq!(server.requests().len(), 1, "no request is ever repeated");
    outcome
}

fn raw(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn is_unconfirmed(outcome: &SendOutcome) -> bool {
    matches!(outcome, SendOutcome::Unconfirmed { .. })
}

#[tokio::test]
async fn a_text_is_sent_as_the_provider_wants_it() {
    let server = ScriptedServer::start([Reply::answer(200, ACCEPTED)]).await;
    let outcome = send_to(server.base_url(), AuthMethod::Basic).await;
    let accepted = SendOutcome::Accepted {
        provider_reference: "0123456789ABCDEF0123456789ABCDEF".to_owned(),
        provider_code: 290,
    };
    assert_eq!(outcome, accepted);
    let request = server.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /v1/messaging HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/x-www-form-urlencoded\r\n"), "{head}");
    assert!(
        head.contains(
            "authorization: Basic RkZGRkZGRkYtRUVFRS1ERERELTEyMzQtQUIxMjM0NTY3ODkwOlZHVnpkQ0JMWlhrPQ=="
        ),
        "{head}"
    );
    assert_eq!(
        body,
        "phone_number=15558675309&message=Your+appointment+is+at+2%3A15pm+%26+bring+ID+%E2%9C%93\
         &message_type=ARN&sender_id=15558675310&external_id=msg_1.1\
         &callback_url=https%3A%2F%2Fsms.example.com%2Fcallbacks%2Ftelesign%2Fabc"
    );
}

#[tokio::test]
async fn a_digest_fits_the_request_on_the_wire() {
    let server = ScriptedServer::start([Reply::answer(200, ACCEPTED)]).await;
    assert!(matches!(
        send_to(server.base_url(), AuthMethod::Digest).await,
        SendOutcome::Accepted { .. }
    ));
    let request = server.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let header = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {name} in {head}"))
    };
    assert_eq!(header("x-ts-auth-method"), "HMAC-SHA256");
    let signed = DigestRequest {
        method: "POST",
        content_type: header("content-type"),
        date: header("date"),
        nonce: header("x-ts-nonce"),
        body,
        path: "/v1/messaging",
    };
    let key = SigningKey::new(&ApiKey::new("VGVzdCBLZXk=")).unwrap();
    let expected = signed.headers("FFFFFFFF-EEEE-DDDD-1234-AB1234567890", &key);
    assert_eq!(header("authorization"), expected.authorization);
    assert!((8..=64).contains(&header("x-ts-nonce").len()));
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_the_send_unconfirmed() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"reference_id\":\"AB";
    let page = "HTTP/1.1 502 X\r\ncontent-length: 6\r\n\r\n<html>";
    let replies = [
        Reply::Silence,
        Reply::Reset,
        Reply::BytesThenClose(Vec::new()),
        Reply::BytesThenClose(raw("HTTP/1.1 200")),
        Reply::BytesThenClose(raw("garbage\r\n\r\n")),
        Reply::BytesThenClose(raw(half)),
        Reply::Bytes(raw(half)),
        Reply::Bytes(raw(page)),
        Reply::answer(200, "<html>"),
    ];
    join_all(replies.map(async |reply| {
        let shown = format!("{reply:?}");
        let outcome = outcome_of(reply).await;
        assert!(is_unconfirmed(&outcome), "{shown}: {outcome:?}");
    }))
    .await;
}

#[tokio::test]
async fn without_a_connection_the_text_was_not_accepted() {
    let not_accepted = |outcome: &SendOutcome| {
        matches!(outcome, SendOutcome::NotAccepted { provider_code: None, .. })
    };
    let closed = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap()).parse().unwrap()
    };
    let outcome = send_to(closed, AuthMethod::Basic).await;
    assert!(not_accepted(&outcome), "refused connection: {outcome:?}");

    let outcome = send_to("https://provider.invalid".parse().unwrap(), AuthMethod::Basic).await;
    assert!(not_accepted(&outcome), "unknown name: {outcome:?}");

    // It takes the greeting for a request that never ends, so that TLS is never agreed upon.
    let silent = ScriptedServer::start([]).await;
    let outcome = send_to(silent.https_base_url(), AuthMethod::Basic).await;
    assert!(not_accepted(&outcome), "no TLS: {outcome:?}");
    assert_eq!(silent.connections(), 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = ScriptedServer::start([Reply::answer(200, ACCEPTED)]).await;
    let location = elsewhere.base_url();
    let redirect =
        format!("HTTP/1.1 307 X\r\nlocation: {location}/v1/messaging\r\ncontent-length: 0\r\n\r\n");
    assert!(is_unconfirmed(&outcome_of(Reply::Bytes(raw(&redirect))).await));
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn at_most_a_bounded_part_of_an_answer_is_read() {
    let endless = format!("HTTP/1.1 200 X\r\n\r\n{{\"a\":\"{}", "x".repeat(4 * ANSWER_BYTES_MAX));
    assert!(is_unconfirmed(&outcome_of(Reply::Bytes(raw(&endless))).await));
}

#[tokio::test]
async fn codes_decide_over_http() {
    let busy = r#"{"status":{"code":10019,"description":"rate"}}"#;
    let outcome = outcome_of(Reply::answer(429, busy)).await;
    assert!(matches!(outcome, SendOutcome::NotAccepted { provider_code: Some(10_019), .. }));

    let suspended = r#"{"status":{"code":10010}}"#;
    let outcome = outcome_of(Reply::answer(401, suspended)).await;
    assert!(matches!(outcome, SendOutcome::AccountStopped(_)), "{outcome:?}");

    let bad_number = r#"{"status":{"code":"11000"},"signature_string":"secret text"}"#;
    let SendOutcome::Refused(failure) = outcome_of(Reply::answer(400, bad_number)).await else {
        panic!("a bad number is refused");
    };
    assert_eq!(failure.code, MessageFailureCode::InvalidNumber);
    assert!(!failure.description.contains("secret"));
}

#[tokio::test]
async fn credentials_that_cannot_be_sent_stop_the_account_before_any_request() {
    let server = ScriptedServer::start([]).await;
    let to = SmsAddress::from_e164("+15558675309").unwrap();
    let text =
        OutboundText { to: &to, sender_id: "1", text: "a", external_id: "x", callback_url: None };
    let mut wrong = credentials(server.base_url(), AuthMethod::Digest);
    wrong.customer_id = "FFFF\n1234".to_owned();
    assert!(matches!(client().send(&wrong, &text).await, SendOutcome::AccountStopped(_)));
    wrong.api_key = ApiKey::new("====");
    assert!(matches!(client().send(&wrong, &text).await, SendOutcome::AccountStopped(_)));
    assert_eq!(server.connections(), 0);
}

async fn status_of(http_status: u16, body: &str) -> Result<StatusAnswer, StatusError> {
    let server = ScriptedServer::start([Reply::answer(http_status, body)]).await;
    let credentials = credentials(server.base_url(), AuthMethod::Digest);
    let answer = client().status(&credentials, "0123456789ABCDEF0123456789ABCDEF").await;
    let request = server.requests().remove(0);
    let expected = "GET /v1/messaging/0123456789ABCDEF0123456789ABCDEF HTTP/1.1\r\n";
    assert!(request.starts_with(expected), "{request}");
    answer
}

#[tokio::test]
async fn a_status_is_found_forgotten_unknown_or_not_learned() {
    use crate::domain::message::MessageStatus;

    let body =
        r#"{"reference_id":"AB","status":{"code":"200","updated_on":"x"},"external_id":"e"}"#;
    let Ok(StatusAnswer::Found(found)) = status_of(200, body).await else {
        panic!("a status is found");
    };
    assert_eq!(found.report.status, MessageStatus::Delivered);
    assert_eq!((found.external_id.as_deref(), found.updated_on_raw.as_str()), (Some("e"), "x"));

    let coded = |code: i32| format!(r#"{{"status":{{"code":{code}}}}}"#);
    assert_eq!(status_of(404, &coded(10_017)).await, Ok(StatusAnswer::NotFound));
    assert_eq!(status_of(400, &coded(11_011)).await, Ok(StatusAnswer::NotFound));
    assert_eq!(status_of(404, &coded(10_036)).await, Ok(StatusAnswer::Expired));
    assert_eq!(status_of(429, &coded(10_019)).await, Err(StatusError::RateLimited));
    assert_eq!(status_of(503, &coded(10_000)).await, Err(StatusError::Unreachable));
    assert_eq!(status_of(404, "<html>").await, Err(StatusError::Unreachable));
    let refused = status_of(401, &coded(10_022)).await;
    assert!(matches!(&refused, Err(error @ StatusError::Refused(_)) if !error.is_retryable()));
}

#[tokio::test]
async fn a_reference_that_is_none_never_reaches_the_path() {
    let server = ScriptedServer::start([]).await;
    let credentials = credentials(server.base_url(), AuthMethod::Basic);
    for wrong in ["", "../keys", "a/b", "a?b=c", "a b", "%2e", &"A".repeat(101)] {
        let answer = client().status(&credentials, wrong).await;
        assert_eq!(answer, Ok(StatusAnswer::NotFound), "{wrong:?}");
    }
    assert_eq!(server.connections(), 0);
}
