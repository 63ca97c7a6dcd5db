//! G11: a busy floor. 500 texts in and 500 replies out each second, 200 agents who watch.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    time::{Duration, Instant},
};

use serde_json::json;

use super::super::{
    Pace, Report, World,
    callback::Signer,
    desk::Desk,
    http::{Caller, Connection, mutation},
    measure::{Samples, Times},
    process,
    report::{Better, Mark, number},
    socket::{DESKTOP, Socket},
};

const AGENTS: usize = 200;
const CONVERSATIONS_EACH: usize = 5;
/// Each agent's customers text, and the agent answers, so often: 500 a second in all.
const EVERY: Duration = Duration::from_millis(400);

const TIME: Mark =
    Mark { goal: "G11", unit: " ms", better: Better::Less, floor: 50.0, wanted: 25.0 };
const CPU: Mark = Mark { unit: " cores", floor: 1.2, wanted: 0.8, ..TIME };

/// An agent with a desktop open.
struct Agent {
    token: String,
    /// Customer and conversation.
    conversations: Vec<(u64, String)>,
}

#[derive(Default)]
struct Tally {
    in_flight: RefCell<HashMap<u64, Instant>>,
    heard: RefCell<Times>,
    counter: Cell<u64>,
    replies: Cell<u64>,
    failures: Cell<u64>,
}

pub async fn run(world: &World, pace: Pace, report: &mut Report) {
    let desk = Desk::set_up(world, "floor", 1).await;
    let agents = agents(&desk).await;
    let mut times = Samples::default();
    let mut cores = Samples::default();
    for repetition in 0..pace.repetitions as u64 {
        desk.database.settle().await;
        let mut sockets = Vec::new();
        for agent in &agents {
            let address = desk.server.address;
            sockets.push(Socket::subscribe(address, &agent.token, DESKTOP, json!({})).await);
        }
        let tally = Rc::new(Tally::default());
        let before = (process::cpu_seconds(desk.server.pid()), world.postgres_cpu());
        let begun = Instant::now();
        work(&desk, &agents, sockets, (&tally, repetition, pace.window)).await;
        let seconds = begun.elapsed().as_secs_f64();
        let server = (process::cpu_seconds(desk.server.pid()) - before.0) / seconds;
        let postgres = (world.postgres_cpu() - before.1) / seconds;
        let heard = tally.heard.borrow();
        times.push(heard.at(0.99));
        cores.push(server);
        report.note(
            "G11",
            format!(
                "{}/s heard, {}/s replies, {} failures; p50 {} ms; cores: server {server:.2}, \
                 PostgreSQL {postgres:.2}",
                number(heard.count() as f64 / seconds),
                number(tally.replies.get() as f64 / seconds),
                tally.failures.get(),
                number(heard.at(0.5))
            ),
        );
    }
    report.judge(TIME, "p99 to the agent, 500 texts/s in, 500 replies/s out, 200 feeds", times);
    report.judge(CPU, "processor of the server by then", cores);
    desk.stop(world).await;
}

async fn agents(desk: &Desk) -> Vec<Agent> {
    let mut conversations = desk.conversations((AGENTS * CONVERSATIONS_EACH) as u64).await;
    let mut admin = Caller::open(desk.server.address, &desk.ours.admin).await;
    let mut agents = Vec::new();
    for place in 0..AGENTS {
        let token = desk.ours.agent(&mut admin, place).await;
        let conversations = conversations.split_off(conversations.len() - CONVERSATIONS_EACH);
        let mut caller = Caller::open(desk.server.address, &token).await;
        for (_, id) in &conversations {
            caller.mutate("conversationPick", json!({ "conversationId": id }), "").await;
        }
        agents.push(Agent { token, conversations });
    }
    agents
}

async fn work(
    desk: &Desk,
    agents: &[Agent],
    sockets: Vec<Socket>,
    (tally, repetition, window): (&Rc<Tally>, u64, Duration),
) {
    let until = Instant::now() + window;
    let local = tokio::task::LocalSet::new();
    for socket in sockets {
        local.spawn_local(listen(Rc::clone(tally), socket));
    }
    let signer = desk.ours.signer(desk.server.address, 1_000 + repetition);
    let mut tasks = Vec::new();
    for (place, agent) in agents.iter().enumerate() {
        // They do not all speak in the same moment.
        let first = Instant::now() + EVERY.mul_f64(place as f64 / AGENTS as f64);
        let connection = Connection::open(desk.server.address).await.unwrap();
        let customers: Vec<u64> = agent.conversations.iter().map(|(it, _)| *it).collect();
        let customers = Customers { connection, signer: signer.clone(), customers };
        tasks.push(local.spawn_local(customers.text(Rc::clone(tally), first, until)));
        let writer = Writer {
            caller: Caller::open(desk.server.address, &agent.token).await,
            ids: agent.conversations.iter().map(|(_, it)| it.clone()).collect(),
            key: format!("{repetition}.{place}"),
        };
        tasks.push(local.spawn_local(writer.answer(Rc::clone(tally), first + EVERY / 2, until)));
    }
    local
        .run_until(async {
            for task in tasks {
                task.await.unwrap();
            }
        })
        .await;
}

/// The customers of one agent.
struct Customers {
    connection: Connection,
    signer: Signer,
    customers: Vec<u64>,
}

impl Customers {
    async fn text(mut self, tally: Rc<Tally>, first: Instant, until: Instant) {
        let mut ticks = tokio::time::interval_at(first.into(), EVERY);
        let mut request = Vec::new();
        for customer in self.customers.iter().cycle() {
            ticks.tick().await;
            if Instant::now() >= until {
                return;
            }
            let count = tally.counter.replace(tally.counter.get() + 1);
            self.signer.write(&mut request, *customer, count, &format!("number {count} of many"));
            tally.in_flight.borrow_mut().insert(count, Instant::now());
            if !matches!(self.connection.exchange(&request).await, Ok(200)) {
                tally.failures.set(tally.failures.get() + 1);
            }
        }
    }
}

/// An agent who answers.
struct Writer {
    caller: Caller,
    ids: Vec<String>,
    key: String,
}

impl Writer {
    async fn answer(mut self, tally: Rc<Tally>, first: Instant, until: Instant) {
        let mut ticks = tokio::time::interval_at(first.into(), EVERY);
        for (count, id) in self.ids.iter().cycle().enumerate() {
            ticks.tick().await;
            if Instant::now() >= until {
                return;
            }
            let input = json!({
                "conversationId": id, "idempotencyKey": format!("{}.{count}", self.key),
                "text": "It is on its way and will be with you tomorrow.",
            });
            let body = mutation("messageSend", input, "message { id status }");
            self.caller.post("/graphql", &body).await;
            let is_sent = self.caller.answer()["data"]["messageSend"]["userErrors"] == json!([]);
            let counter = if is_sent { &tally.replies } else { &tally.failures };
            counter.set(counter.get() + 1);
        }
    }
}

/// Notes when the texts of an agent's customers arrive on the desktop.
async fn listen(tally: Rc<Tally>, mut socket: Socket) {
    while let Some(frame) = socket.hear().await {
        let now = Instant::now();
        for part in frame.split("number ").skip(1) {
            let digits = part.split(' ').next().unwrap_or_default();
            let Ok(count) = digits.parse() else { continue };
            if let Some(sent_at) = tally.in_flight.borrow_mut().remove(&count) {
                tally.heard.borrow_mut().push(now - sent_at);
            }
        }
    }
}
