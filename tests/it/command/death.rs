//! The process ends, politely or not: what was accepted is there, and nothing goes out twice.

use std::{collections::HashSet, os::unix::fs::DirBuilderExt, time::Duration};

use serde_json::{Value, json};

use crate::support::{
    Caller, KEY, Process, SUPPORT_NUMBER, Served, eventually, http, run, scratch, serve,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_was_queued_before_a_kill_is_sent_once_after_the_restart() {
    let mut served = Served::start().await;
    let conversation = served.annas_conversation("14155550101").await;
    served.control("faults", json!({ "kind": "unavailable_503" })).await;
    let message = served.reply(&conversation, "k1", "still here?").await;
    served.process.kill();
    assert!(served.ledger().await.is_empty());
    served.control("faults", json!({ "clear": true })).await;
    served.restart();
    served.becomes(&message, "DELIVERED").await;
    let ledger = served.ledger().await;
    assert_eq!(ledger.len(), 1, "{ledger:?}");
    assert_eq!(ledger[0]["message"], "still here?");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_that_ran_down_while_nobody_was_there_is_carried_out_once_after_the_restart() {
    let mut served = Served::start().await;
    let conversation = served.annas_conversation("14155550109").await;
    let wait = json!({ "conversationId": conversation, "waitingOn": "CUSTOMER" });
    served.anna().mutate("conversationWait", wait, "").await;
    served.process.kill();
    // A day goes by.
    served
        .database
        .execute(
            "update timers set since_at = since_at - interval '1 day';
             update conversations set status_changed_at = status_changed_at - interval '1 day',
                last_inbound_at = last_inbound_at - interval '1 day'",
        )
        .await;
    served.restart();
    let query = "query ($id: ID!) { conversation(id: $id) { status resolutionReason } }";
    let id = json!({ "id": conversation });
    let found = eventually("it has ended", || async {
        let found = served.admin().data(query, id.clone()).await["conversation"].clone();
        (found["status"] == "RESOLVED").then_some(found)
    })
    .await;
    assert_eq!(found["resolutionReason"], "INACTIVITY");
    let told = "select count(*) from events where actor_kind = 'SYSTEM'
        and kind = 'CONVERSATION_MOVED'";
    assert_eq!(served.database.count(told).await, 1);
    assert_eq!(served.database.count("select count(*) from timers").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_was_on_the_wire_at_a_kill_is_not_sent_again() {
    let mut served = Served::start().await;
    let conversation = served.annas_conversation("14155550102").await;
    // The provider takes it and does not say so.
    served.control("plans", json!({ "plan": "never" })).await;
    served.control("faults", json!({ "kind": "hang", "accepts": true, "count": 1 })).await;
    let message = served.reply(&conversation, "k1", "once").await;
    eventually("the provider has it", || async {
        (!served.ledger().await.is_empty()).then_some(())
    })
    .await;
    served.process.kill();
    served.restart();
    assert_eq!(served.status_of(&message).await, "SENDING", "nobody knows yet");
    // A report settles it, whatever the silence meant.
    let reference = served.ledger().await[0]["reference_id"].clone();
    served.control("reports", json!({ "reference_id": reference, "code": 200 })).await;
    served.becomes(&message, "DELIVERED").await;
    let ledger = served.ledger().await;
    assert_eq!((ledger.len(), &ledger[0]["external_id_seen"]), (1, &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_answered_200_before_a_kill_is_there_once() {
    let mut served = Served::start().await;
    let flood = json!({
        "from": "14155550200", "to": SUPPORT_NUMBER, "text": "number {n}", "count": 400,
        "senders": 40, "concurrency": 32, "wait": false,
    });
    served.control("inbound", flood).await;
    eventually("some are stored", || async {
        (served.database.count("select count(*) from messages").await > 50).then_some(())
    })
    .await;
    served.process.kill();
    served.restart();
    // The provider repeats what it got no answer to.
    let url = format!("http://{}/control/callbacks?limit=1000", served.simulator.address());
    let callbacks = eventually("the provider has nothing more to say", || async {
        let text = http().get(&url).send().await.unwrap().text().await.unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        let all = answer["callbacks"].as_array().unwrap().clone();
        let is_over = |callback: &Value| callback["state"] != "pending";
        (all.len() == 400 && all.iter().all(is_over)).then_some(all)
    })
    .await;
    let delivered: HashSet<String> = callbacks
        .iter()
        .filter(|callback| callback["state"] == "delivered")
        .map(|callback| callback["reference_id"].as_str().unwrap().to_owned())
        .collect();
    let references = "select provider_reference from messages where direction = 'INBOUND'";
    let stored = served.database.column(references).await;
    let distinct: HashSet<String> = stored.iter().cloned().collect();
    assert_eq!(stored.len(), distinct.len(), "one of them is there twice");
    let lost: Vec<&String> = delivered.difference(&distinct).collect();
    assert!(lost.is_empty(), "{} were answered 200 and are not there", lost.len());
    let holes = "select count(*) from (select conversation_id from messages group by 1
        having max(sequence) <> count(*)) as holes";
    assert_eq!(served.database.count(holes).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_polite_stop_finishes_what_is_on_the_wire_and_shows_nothing_personal_in_its_log() {
    let mut served = Served::start().await;
    let conversation = served.annas_conversation("14155550177").await;
    served.control("faults", json!({ "kind": "delay", "delay_ms": 5000, "count": 1 })).await;
    let message = served.reply(&conversation, "k1", "planted words").await;
    // The provider has it and keeps us waiting for its answer.
    eventually("it is on the wire", || async { (!served.ledger().await.is_empty()).then_some(()) })
        .await;
    let next = serve(&served.database, &served.simulator, &[]);
    let process = std::mem::replace(&mut served.process, next);
    let (code, took, log) = process.terminate();
    assert_eq!(code, Some(0), "{log}");
    assert!(took < Duration::from_secs(25), "{took:?}");
    served.point_the_provider_here();
    let status = served.status_of(&message).await;
    assert!(["SENT", "DELIVERED"].contains(&status.as_str()), "its answer was recorded: {status}");
    assert!(log.contains("stopped"), "the log is there: {log}");
    for planted in ["4155550177", "15550001111", "planted", KEY, &served.anna_token] {
        assert!(!log.contains(planted), "{planted} is in the log: {log}");
    }
    assert!(!log.contains(served.callback_path.rsplit('/').next().unwrap()), "{log}");
}

#[test]
fn the_demo_comes_up_comes_back_and_leaves_nothing_running() {
    // As below the home of root: the user that PostgreSQL runs as may not pass by itself.
    let closed = scratch("closed");
    std::fs::DirBuilder::new().mode(0o700).create(&closed).unwrap();
    let folder = closed.join("demo");
    let data_dir = folder.to_str().unwrap();
    let arguments = [
        "demo",
        "--data-dir",
        data_dir,
        "--listen",
        "127.0.0.1:0",
        "--simulator-listen",
        "127.0.0.1:0",
    ];
    let mut first = Process::start(&arguments, &[]);
    let (token, text_in) = welcome(&first);
    assert!(text_in.starts_with("curl -d"), "{text_in}");
    let status = std::process::Command::new("sh").args(["-c", &format!("{text_in} -sf")]).output();
    let answer = String::from_utf8(status.unwrap().stdout).unwrap();
    assert!(answer.contains(r#""http_status":200"#), "{answer}");
    assert_eq!(open_work(&first.url, &token), 1);
    // A command works on the database of the server that runs, and leaves it to it.
    let create = [
        "token",
        "create",
        "--name",
        "app",
        "--role",
        "agent",
        "--organization",
        "demo",
        "--agent",
        "anna@demo.example",
    ];
    let output = run(&create, &[("CENTRALINO_DATA_DIR", data_dir)]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let another = String::from_utf8(output.stdout).unwrap();
    assert_eq!(open_work(&first.url, another.trim()), 1);
    first.kill();
    let second = Process::start(&arguments, &[]);
    assert_eq!(welcome(&second).0, token, "the data is kept");
    assert_eq!(open_work(&second.url, &token), 1);
    let (code, _, log) = second.terminate();
    assert_eq!(code, Some(0), "{log}");
    let left = processes_of(data_dir);
    assert!(left.is_empty(), "still running: {left}");
    std::fs::remove_dir_all(closed).ok();
}

#[test]
fn a_demo_whose_database_was_removed_begins_anew() {
    let folder = scratch("demo-anew");
    let data_dir = folder.to_str().unwrap();
    let arguments =
        ["demo", "--data-dir", data_dir, "--listen", "127.0.0.1:0", "--simulator-listen"];
    let arguments = [&arguments[..], &["127.0.0.1:0"]].concat();
    let first = Process::start(&arguments, &[]);
    let (gone, _) = welcome(&first);
    assert_eq!(first.terminate().0, Some(0));
    std::fs::remove_dir_all(folder.join("postgres")).unwrap();
    let second = Process::start(&arguments, &[]);
    let (token, text_in) = welcome(&second);
    assert_ne!(token, gone);
    let status = std::process::Command::new("sh").args(["-c", &format!("{text_in} -sf")]).output();
    let answer = String::from_utf8(status.unwrap().stdout).unwrap();
    assert!(answer.contains(r#""http_status":200"#), "{answer}");
    assert_eq!(open_work(&second.url, &token), 1);
}

/// The token and the line that texts in, as a newcomer reads them.
fn welcome(process: &Process) -> (String, String) {
    let (mut token, mut text_in) = (None, None);
    while token.is_none() || text_in.is_none() {
        let line = process.line();
        let line = line.trim();
        if let Some(found) = line.strip_prefix("API token") {
            token = Some(found.trim().to_owned());
        }
        if line.contains("/control/inbound") {
            text_in = Some(line.to_owned());
        }
    }
    (token.unwrap(), text_in.unwrap())
}

/// What whoever holds the token finds waiting on its feed.
fn open_work(url: &str, token: &str) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let caller = Caller::new(url, Some(token.to_owned()));
        let mut socket = caller.socket().await;
        let query = "subscription { agentFeed { ... on AgentSnapshot { openWork { id } } } }";
        socket.subscribe(query, json!({})).await;
        socket.event().await["agentFeed"]["openWork"].as_array().unwrap().len()
    })
}

fn processes_of(data_dir: &str) -> String {
    let pattern = format!("postgres.*{data_dir}");
    let output = std::process::Command::new("pgrep").args(["-f", &pattern]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
