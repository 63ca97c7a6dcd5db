//! G10: what agents answer, committed, sent and reported, in order.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use serde_json::json;

use super::super::{
    Pace, Report, World,
    desk::{self, Desk},
    http::{Caller, mutation},
    measure::Samples,
    process,
    report::{Better, Mark, number},
};

/// Each account sends at most 1,000 a second.
const ACCOUNTS: u64 = 8;
const CONVERSATIONS: u64 = 2_000;
const CONNECTIONS: usize = 64;
/// Until everything that was answered has been reported.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(60);

const SPEED: Mark =
    Mark { goal: "G10", unit: "/s", better: Better::More, floor: 1_500.0, wanted: 4_000.0 };
const ORDER: Mark = Mark { unit: "", better: Better::Less, floor: 0.0, wanted: 0.0, ..SPEED };

pub async fn run(world: &World, pace: Pace, report: &mut Report) {
    let desk = Desk::set_up(world, "replies", ACCOUNTS).await;
    let conversations = desk.conversations(CONVERSATIONS).await;
    let mut admin = Caller::open(desk.server.address, &desk.ours.admin).await;
    let token = desk.ours.agent(&mut admin, 0).await;
    let mut agent = Caller::open(desk.server.address, &token).await;
    for (_, id) in &conversations {
        agent.mutate("conversationPick", json!({ "conversationId": id }), "").await;
    }
    let ids: Rc<Vec<String>> = Rc::new(conversations.into_iter().map(|(_, id)| id).collect());
    let mut speeds = Samples::default();
    let mut committed = Samples::default();
    for repetition in 0..pace.repetitions {
        desk.database.settle().await;
        let mark = desk.database.value("select clock_timestamp()::text").await;
        let before = (process::cpu_seconds(desk.server.pid()), world.postgres_cpu());
        let begun = Instant::now();
        let sent = answer(&desk, &token, &ids, (repetition, pace.window)).await;
        committed.push(sent as f64 / begun.elapsed().as_secs_f64());
        let of_it = format!("from messages where direction = 'OUTBOUND' and created_at > '{mark}'");
        loop {
            let open = format!("select count(*) {of_it} and status <> 'DELIVERED'");
            let open = desk.database.count(&open).await;
            if open == 0 {
                break;
            }
            assert!(begun.elapsed() < pace.window + DRAIN_TIMEOUT, "{open} are not delivered");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let took = "extract(epoch from max(delivered_at) - min(created_at))";
        let speed = desk.database.value(&format!("select count(*) / {took} {of_it}")).await;
        speeds.push(speed.parse().unwrap());
        let seconds = begun.elapsed().as_secs_f64();
        let server = (process::cpu_seconds(desk.server.pid()) - before.0) / seconds;
        let postgres = (world.postgres_cpu() - before.1) / seconds;
        let text = format!("{sent} replies; cores: server {server:.2}, PostgreSQL {postgres:.2}");
        report.note("G10", text);
    }
    let mut order = Samples::default();
    order.push(desk.database.count(desk::OUT_OF_ORDER).await as f64);
    report.judge(SPEED, "replies committed, sent and reported", speeds);
    report.judge(ORDER, "replies that overtook an earlier one", order);
    report.note("G10", format!("committed while agents wrote: {}/s", number(committed.median())));
    desk.stop(world).await;
}

/// Agents write as fast as they are answered; how many replies were committed.
async fn answer(
    desk: &Desk,
    token: &str,
    ids: &Rc<Vec<String>>,
    (repetition, window): (usize, Duration),
) -> u64 {
    let next = Rc::new(Cell::new(0_usize));
    let sent = Rc::new(Cell::new(0_u64));
    let until = Instant::now() + window;
    let local = tokio::task::LocalSet::new();
    for _ in 0..CONNECTIONS {
        let (next, sent, ids) = (Rc::clone(&next), Rc::clone(&sent), Rc::clone(ids));
        let mut caller = Caller::open(desk.server.address, token).await;
        local.spawn_local(async move {
            while Instant::now() < until {
                let place = next.replace(next.get() + 1);
                let input = json!({
                    "conversationId": ids[place % ids.len()],
                    "idempotencyKey": format!("{repetition}.{place}"),
                    "text": "It is on its way and will be with you tomorrow.",
                });
                let body = mutation("messageSend", input, "message { id status }");
                caller.post("/graphql", &body).await;
                let answer = caller.answer();
                let errors = &answer["data"]["messageSend"]["userErrors"];
                if *errors == json!([]) {
                    sent.set(sent.get() + 1);
                } else {
                    // Too many wait in this conversation.
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        });
    }
    local.await;
    sent.get()
}
