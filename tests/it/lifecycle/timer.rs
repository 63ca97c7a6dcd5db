//! What runs down: once, within a second of its time, by the settings of that moment.

use std::time::{Duration, Instant};

use centralino::{
    engine::EngineOptions,
    store::timer::{self, DueMax},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{CUSTOMER, act, becomes, later, look, update_workstream};
use crate::support::{Options, TestApp, eventually, quick_engine};

/// What is told of the end of a conversation.
const ENDS: &str = "select count(*) from events where kind = 'CONVERSATION_MOVED'
    and actor_kind = 'SYSTEM'";

/// Mutations of Anna's, with what they say besides the conversation.
type Acts<'a> = &'a [(&'a str, Value)];

#[tokio::test(flavor = "multi_thread")]
async fn each_state_ends_by_itself_after_its_time() {
    let table: [(&str, Acts<'_>, TimeDelta, &str); 4] = [
        ("14155550101", &[], TimeDelta::days(30), "STALE"),
        ("14155550102", &[("conversationPick", json!({}))], TimeDelta::days(30), "STALE"),
        (
            "14155550103",
            &[
                ("conversationPick", json!({})),
                ("conversationWait", json!({ "waitingOn": "CUSTOMER" })),
            ],
            TimeDelta::days(1),
            "INACTIVITY",
        ),
        (
            "14155550104",
            &[("conversationPick", json!({})), ("conversationWrapUp", json!({}))],
            TimeDelta::days(1),
            "STALE",
        ),
    ];
    for (customer, acts, after, reason) in table {
        let app = TestApp::start().await;
        app.text_in(customer, "hello").await;
        let id = app.conversation_with(customer).await["id"].as_str().unwrap().to_owned();
        for (name, more) in acts {
            act(&app, name, &id, more.clone()).await;
        }
        let before = look(&app, &id).await;
        later(&app, after - TimeDelta::minutes(1));
        let due = "select count(*) from timers";
        assert_eq!(app.database.count(due).await, 1);
        later(&app, TimeDelta::minutes(1));
        let resolved = becomes(&app, &id, "RESOLVED").await;
        assert_eq!(resolved["resolutionReason"], reason, "{customer}");
        assert_eq!(resolved["assignment"], before["assignment"], "who had it is still told");
        assert_eq!(app.database.count(due).await, 0, "nothing runs on");
        let since = "select extract(epoch from min(status_changed_at - created_at))::bigint
            from conversations";
        let lasted = app.database.count(since).await;
        assert!(lasted >= after.num_seconds(), "{customer}: it lasted {lasted} s only");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_puts_the_end_off() {
    let app = TestApp::start().await;
    app.text_in(CUSTOMER, "hello").await;
    let id = app.conversation_with(CUSTOMER).await["id"].as_str().unwrap().to_owned();
    later(&app, TimeDelta::days(29));
    app.text_in(CUSTOMER, "still there?").await;
    later(&app, TimeDelta::days(2));
    // The timer seems due, and is found to count from the second text.
    let put_off = "select count(*) from timers t join conversations c on c.id = t.conversation_id
        where t.since_at = c.last_inbound_at and c.last_inbound_at > c.status_changed_at";
    eventually("the timer is put off", || async {
        (app.database.count(put_off).await == 1).then_some(())
    })
    .await;
    assert_eq!(look(&app, &id).await["status"], "OPEN");
    later(&app, TimeDelta::days(28));
    assert_eq!(becomes(&app, &id, "RESOLVED").await["resolutionReason"], "STALE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shorter_setting_ends_what_runs_already_within_a_second() {
    let engine =
        EngineOptions { timer_poll: EngineOptions::default().timer_poll, ..quick_engine() };
    let app = TestApp::start_with(Options { engine, ..Options::default() }).await;
    let id = app.annas_conversation(CUSTOMER).await;
    act(&app, "conversationWait", &id, json!({ "waitingOn": "CUSTOMER" })).await;
    later(&app, TimeDelta::minutes(30));
    let row = "select status || since_at from timers";
    let before = app.database.column(row).await;
    let changed = update_workstream(&app, json!({ "autoResolve": { "waitingSeconds": 300 } }));
    let settings = changed.await["autoResolve"].clone();
    let begun = Instant::now();
    assert_eq!(
        settings,
        json!({ "openSeconds": 2_592_000, "activeSeconds": 2_592_000,
        "waitingSeconds": 300, "wrapUpSeconds": 86_400 })
    );
    let resolved = becomes(&app, &id, "RESOLVED").await;
    let waited = begun.elapsed();
    assert_eq!(resolved["resolutionReason"], "INACTIVITY");
    assert!(before[0].starts_with("WAITING"), "{before:?}");
    // A busy machine is allowed as much again.
    assert!(waited < Duration::from_secs(2), "it took {waited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_longer_setting_spares_what_would_have_ended() {
    let app = TestApp::start().await;
    let id = app.annas_conversation(CUSTOMER).await;
    act(&app, "conversationWait", &id, json!({ "waitingOn": "CUSTOMER" })).await;
    update_workstream(&app, json!({ "autoResolve": { "waitingSeconds": 31_536_000 } })).await;
    later(&app, TimeDelta::days(364));
    // Another one that is due shows that the pump has been here.
    app.text_in("14155550199", "hello").await;
    let other = app.conversation_with("14155550199").await["id"].as_str().unwrap().to_owned();
    update_workstream(&app, json!({ "autoResolve": { "openSeconds": 60 } })).await;
    later(&app, TimeDelta::minutes(1));
    becomes(&app, &other, "RESOLVED").await;
    assert_eq!(look(&app, &id).await["status"], "WAITING");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_end_each_conversation_once() {
    const CONVERSATIONS: i64 = 40;
    let app = TestApp::start().await;
    let second = app.second_server().await;
    let body = json!({
        "from": "14155550100", "to": crate::support::SUPPORT_NUMBER, "text": "{n}",
        "count": CONVERSATIONS, "senders": CONVERSATIONS, "concurrency": 4,
    });
    app.control("inbound", body).await;
    let open = "select count(*) from conversations where status = 'OPEN'";
    eventually("all have begun", || async {
        (app.database.count(open).await == CONVERSATIONS).then_some(())
    })
    .await;
    for clock in [app.server.clock(), second.clock()] {
        clock.set_offset(clock.offset() + TimeDelta::days(31));
    }
    let resolved = "select count(*) from conversations where status = 'RESOLVED'";
    eventually("all have ended", || async {
        (app.database.count(resolved).await == CONVERSATIONS).then_some(())
    })
    .await;
    assert_eq!(app.database.count("select count(*) from timers").await, 0);
    assert_eq!(app.database.count(ENDS).await, CONVERSATIONS, "each was told of once");
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_found_by_an_index_among_a_hundred_thousand() {
    let app = TestApp::start().await;
    app.text_in(CUSTOMER, "hello").await;
    app.conversation_with(CUSTOMER).await;
    app.database
        .execute(
            "insert into conversations select organization_id, gen_random_uuid(),
                channel_account_id, support_number_id, support_number, '+1' || (3000000000 + n),
                workstream_id, queue_id, language, status, status_changed_at, waiting_on,
                resolution_reason, assignee_id, assigned_at, affinity_id, previous_id,
                last_sequence, last_inbound_at, last_outbound_at, revision, version, created_at,
                updated_at from conversations, generate_series(1, 100000) as n;
             insert into timers select organization_id, id, 'AUTO_RESOLVE', workstream_id, status,
                status_changed_at from conversations on conflict do nothing;
             analyze timers; analyze conversations",
        )
        .await;
    let mut connection = app.database.store().system().await.unwrap();
    let max = DueMax { per_range: 64, all: 512 };
    let now = app.server.clock().now();
    for _ in 0..20 {
        assert!(timer::due(&mut connection, now, &[], max).await.unwrap().is_empty());
    }
    let then = now + TimeDelta::days(31);
    let found = timer::due(&mut connection, then, &[], max).await.unwrap();
    assert_eq!(found.len(), 64, "one round of one range");
    let read = "select coalesce(sum(seq_tup_read), 0) from pg_stat_user_tables
        where relname = 'timers'";
    let used = "select coalesce(sum(idx_scan), 0) from pg_stat_user_indexes
        where indexrelname = 'timers_running'";
    eventually("the index was used", || async {
        (app.database.count(used).await >= 21).then_some(())
    })
    .await;
    assert!(app.database.count(read).await < 100_000, "nobody read the whole table");
}
