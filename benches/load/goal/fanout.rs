//! G6: one event to a thousand subscribers.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::json;

use super::super::{
    Pace, Report, World,
    callback::{Signer, customer},
    http::{Caller, Connection},
    load,
    measure::{Samples, Times},
    node,
    process::{self, Running},
    report::{Better, Mark, number},
    socket::{DESKTOP, Socket, THREAD},
    world::Organization,
};

const SUBSCRIBERS: usize = 1_000;
/// The server lets one agent have 50 sockets.
const AGENTS: usize = 25;
const EVENTS: u64 = 20;
/// Between two events, so that each finds the machine at rest.
const PAUSE: Duration = Duration::from_millis(100);
const CUSTOMER: u64 = 5;

const LAST: Mark = Mark { goal: "G6", unit: "x", better: Better::Less, floor: 0.7, wanted: 0.4 };
const CPU: Mark = Mark { floor: 0.5, wanted: 0.25, ..LAST };

/// What one server needs.
struct Fan {
    /// Until the last subscriber had it.
    last: Times,
    /// Microseconds of the server's processor for each delivery.
    cpu_us: f64,
}

pub async fn run(world: &World, pace: Pace, report: &mut Report) {
    let database = world.database("fanout").await;
    let server = process::serve(&database, None);
    let ours = Organization::set_up(&database, server.address, "ours", 1).await;
    let theirs = Organization::set_up(&database, server.address, "node", 1).await;
    let node = node::serve(&database, &theirs).await;
    let tokens = agent_tokens(&ours, &server).await;
    let mut ratios = [(); 4].map(|()| Samples::default());
    for repetition in 0..pace.repetitions as u64 {
        let signer = theirs.signer(node.address, 100 + repetition);
        let address = (node.address, &signer);
        let baseline =
            fan(&node, address, THREAD, json!({ "id": format!("+{}", customer(CUSTOMER)) })).await;
        note(report, "Node", &baseline);
        let signer = ours.signer(server.address, 200 + repetition);
        let load = load::Load {
            address: server.address,
            signer: signer.clone(),
            connections: 1,
            customers: 1,
            warm_up: PAUSE,
            window: PAUSE,
            followed_with: None,
        };
        let id = load::conversation_of(&load, &ours.admin, CUSTOMER).await;
        for (place, query) in [THREAD, DESKTOP].into_iter().enumerate() {
            let name = ["conversationEvents", "agentFeed"][place];
            let signer = ours.signer(server.address, 300 + repetition * 2 + place as u64);
            let id = json!({ "id": id });
            let variables = if place == 0 { id } else { json!({}) };
            let fan = fan_of(&server, (server.address, &signer), &tokens, (query, variables)).await;
            note(report, name, &fan);
            ratios[place * 2].push(fan.last.at(0.5) / baseline.last.at(0.5));
            ratios[place * 2 + 1].push(fan.cpu_us / baseline.cpu_us);
        }
    }
    let [thread, thread_cpu, desktop, desktop_cpu] = ratios;
    report.judge(LAST, "the last of 1,000 conversationEvents : Node", thread);
    report.judge(CPU, "processor for each conversationEvents frame : Node", thread_cpu);
    report.judge(LAST, "the last of 1,000 agentFeed : Node", desktop);
    report.judge(CPU, "processor for each agentFeed frame : Node", desktop_cpu);
    server.stop();
    node.stop();
    world.drop(database).await;
}

/// Tokens of agents of the queue: desktops show its open work.
async fn agent_tokens(ours: &Organization, server: &Running) -> Vec<String> {
    let mut caller = Caller::open(server.address, &ours.admin).await;
    let mut tokens = Vec::new();
    for place in 0..AGENTS {
        tokens.push(ours.agent(&mut caller, place).await);
    }
    tokens
}

fn note(report: &mut Report, name: &str, fan: &Fan) {
    let last = &fan.last;
    let text = format!(
        "{name}: the last of {SUBSCRIBERS} after {} ms (p50; slowest {} ms); {} us of processor \
         for each frame",
        number(last.at(0.5)),
        number(last.at(1.0)),
        number(fan.cpu_us)
    );
    report.note("G6", text);
}

async fn fan(
    server: &Running,
    to: (SocketAddr, &Signer),
    query: &str,
    variables: serde_json::Value,
) -> Fan {
    fan_of(server, to, &["none".to_owned()], (query, variables)).await
}

async fn fan_of(
    server: &Running,
    (address, signer): (SocketAddr, &Signer),
    tokens: &[String],
    (query, variables): (&str, serde_json::Value),
) -> Fan {
    let mut sockets = Vec::with_capacity(SUBSCRIBERS);
    for place in 0..SUBSCRIBERS {
        let token = &tokens[place % tokens.len()];
        sockets.push(Socket::subscribe(address, token, query, variables.clone()).await);
    }
    let mut connection = Connection::open(address).await.unwrap();
    let mut request = Vec::new();
    let mut last = Times::default();
    let mut cpu = 0.0;
    for count in 0..EVENTS {
        tokio::time::sleep(PAUSE).await;
        let text = format!("number {count} of many");
        signer.write(&mut request, CUSTOMER, count, &text);
        let before = process::cpu_seconds(server.pid());
        let sent_at = Instant::now();
        let hearing = join_all(sockets.iter_mut().map(|socket| async {
            let frame = socket.hear().await.expect("the socket lives");
            assert!(frame.contains(&text), "{frame}");
        }));
        let (status, _) = tokio::join!(connection.exchange(&request), hearing);
        assert_eq!(status.unwrap(), 200);
        last.push(sent_at.elapsed());
        cpu += process::cpu_seconds(server.pid()) - before;
    }
    Fan { last, cpu_us: cpu * 1e6 / (EVENTS as f64 * SUBSCRIBERS as f64) }
}
