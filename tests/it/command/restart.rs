//! Ends and beginnings: no callback is refused between them, and nothing begins on a strange schema.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use centralino::app::AppError;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use serde_json::json;
use sha2::Sha256;

use crate::support::{
    API_KEY, CUSTOMER_ID, DEADLINE, KEY, Options, Process, SUPPORT_NUMBER, TestApp, TestDatabase,
    eventually, http, scratch, start_server,
};

/// Restarts while the load goes on.
const RESTARTS: usize = 3;
/// Callbacks under way at a time.
const SENDERS: usize = 8;

/// What the senders have seen.
#[derive(Default)]
struct Seen {
    acknowledged: AtomicUsize,
    refused: AtomicUsize,
    is_over: AtomicBool,
}

/// Says a text until it is acknowledged, as the provider does, and then the next.
async fn send_texts(url: String, sender: usize, seen: Arc<Seen>) -> Vec<String> {
    // A connection for each: what is to be shown is that each new one is taken.
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build()
        .unwrap();
    let mut acknowledged = Vec::new();
    for number in 0.. {
        if seen.is_over.load(Ordering::SeqCst) {
            break;
        }
        let reference = format!("{sender:04}{number:08}");
        let body = json!({
            "reference_id": reference, "sub_resource": "mo_sms",
            "status": { "code": 1500, "updated_on": "2026-01-02T03:04:05.678901Z" },
            "user_response": {
                "phone_number": format!("1415555{sender:04}"), "sender_id": SUPPORT_NUMBER,
                "mo_message": reference,
            },
        })
        .to_string();
        let key = STANDARD.decode(API_KEY).unwrap();
        let mut state = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        state.update(body.as_bytes());
        let signature = STANDARD.encode(state.finalize().into_bytes());
        loop {
            let request = client
                .post(&url)
                .header("authorization", format!("TSA {CUSTOMER_ID}:{signature}"))
                .body(body.clone());
            match request.send().await {
                Ok(answer) if answer.status() == 200 => break,
                Ok(_busy) => {}
                Err(error) if error.is_connect() => {
                    seen.refused.fetch_add(1, Ordering::SeqCst);
                }
                // Cut off while it was answered: it is said again.
                Err(_lost) => {}
            }
            tokio::task::yield_now().await;
        }
        seen.acknowledged.fetch_add(1, Ordering::SeqCst);
        acknowledged.push(reference);
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_under_load_refuses_no_connection_and_loses_and_doubles_no_text() {
    let app = TestApp::start().await;
    let path = app.callback_url.trim_start_matches(&app.url()).to_owned();
    let TestApp { server, simulator, database, .. } = app;
    server.stop().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}{path}", listener.local_addr().unwrap());
    let provider = format!("http://{}", simulator.address());
    let spool = scratch("spool-of-the-restarted");
    let environment = [
        ("DATABASE_URL", database.url().expose_secret()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_TELESIGN_URL", &provider),
        ("CENTRALINO_SPOOL_DIR", spool.to_str().unwrap()),
    ];
    // Port 1 cannot be listened on: the socket that was handed over is used instead.
    let start =
        || Process::start_on(&listener, &["serve", "--listen", "127.0.0.1:1"], &environment);
    let mut process = start();
    let seen = Arc::new(Seen::default());
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| tokio::spawn(send_texts(url.clone(), sender, Arc::clone(&seen))))
        .collect();
    for _ in 0..RESTARTS {
        let before = seen.acknowledged.load(Ordering::SeqCst);
        eventually("texts are taken", || async {
            (seen.acknowledged.load(Ordering::SeqCst) > before + 20).then_some(())
        })
        .await;
        let (code, _, log) = process.terminate();
        assert_eq!(code, Some(0), "{log}");
        process = start();
    }
    seen.is_over.store(true, Ordering::SeqCst);
    let mut acknowledged = Vec::new();
    for sender in senders {
        acknowledged.extend(sender.await.unwrap());
    }
    assert_eq!(seen.refused.load(Ordering::SeqCst), 0, "connections were refused");
    let references = "select provider_reference from messages order by 1";
    acknowledged.sort();
    eventually("what was spooled is stored", || async {
        (database.column(references).await.len() >= acknowledged.len()).then_some(())
    })
    .await;
    assert_eq!(database.column(references).await, acknowledged, "each once, and no other");
    assert_eq!(process.terminate().0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_meets_a_strange_schema_late_stops_with_the_sentence_that_helps() {
    let database = TestDatabase::create_bare().await;
    database.close().await;
    let spool = scratch("spool-of-the-early");
    let environment = [
        ("DATABASE_URL", database.url().expose_secret()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_SPOOL_DIR", spool.to_str().unwrap()),
    ];
    let process = Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment);
    database.open().await;
    let (code, _, log) = process.end();
    assert_eq!(code, Some(1), "{log}");
    let last = log.lines().last().unwrap();
    assert!(last.starts_with("centralino: ") && last.contains("centralino migrate"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_in_the_spool_is_not_tried_on_a_strange_schema() {
    let app = TestApp::start().await;
    let path = app.callback_url.trim_start_matches(&app.url()).to_owned();
    let TestApp { server, simulator, database, .. } = app;
    server.stop().await;
    let later = "insert into __diesel_schema_migrations (version) values ('99990101000000')";
    database.execute(later).await;
    database.close().await;
    let server = start_server(&database, &simulator, Options::default()).await;
    let url = format!("{}{path}", server.url());
    simulator.set_callback_url(CUSTOMER_ID, &url).unwrap();
    let text_in = async |from: &str| {
        let body = json!({ "from": from, "to": SUPPORT_NUMBER, "text": "early" }).to_string();
        let control = format!("http://{}/control/inbound", simulator.address());
        let answer = http().post(control).body(body).send().await.unwrap();
        assert!(answer.text().await.unwrap().contains(r#""http_status":200"#), "it is durable");
    };
    text_in("14155550100").await;
    database.open().await;
    text_in("14155550101").await;
    let reason = tokio::time::timeout(DEADLINE, server.cannot_go_on()).await;
    assert!(matches!(reason, Ok(AppError::Schema(_))), "{reason:?}");
    server.stop().await;
    let receipts = "select count(*) from receipts";
    assert_eq!(database.count(receipts).await, 0);
    database.execute("delete from __diesel_schema_migrations where version like '9999%'").await;
    let server = start_server(&database, &simulator, Options::default()).await;
    eventually("both texts are stored", || async {
        (database.count("select count(*) from messages").await == 2).then_some(())
    })
    .await;
    server.stop().await;
}
