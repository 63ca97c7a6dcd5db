//! G1 to G5: texts that customers send, until the 200 and until the subscriber.

use std::time::Duration;

use super::super::{
    Pace, Report, World, committer,
    load::{self, Load, Outcome},
    measure::Samples,
    node,
    pgbench::{Pgbench, Script, Speed},
    process::{self, Running},
    report::{Better, Mark, number},
    world::{Database, Organization},
};

const CUSTOMERS: u64 = 10_000;
const CONNECTIONS: usize = 128;
/// At how many connections times are shown.
const LADDER: [usize; 4] = [1, 32, 128, 512];
const WARM_UP: Duration = Duration::from_secs(1);
/// Connections at which the Node server is fastest.
const NODE_CONNECTIONS: usize = 32;

const NAIVE: Mark = Mark { goal: "G1", unit: "x", better: Better::More, floor: 4.0, wanted: 6.0 };
const FUNCTION: Mark = Mark { floor: 1.5, wanted: 2.5, ..NAIVE };
const NODE: Mark = Mark { goal: "G2", floor: 8.0, wanted: 12.0, ..NAIVE };
const COMMITTER: Mark = Mark { goal: "G3", floor: 0.3, wanted: 0.45, ..NAIVE };
const LATENCY: Mark = Mark { goal: "G4", unit: "x", better: Better::Less, floor: 2.5, wanted: 2.0 };
const SUBSCRIBER: Mark = Mark { goal: "G5", floor: 1.2, wanted: 1.1, ..LATENCY };

struct Scene<'a> {
    world: &'a World,
    database: Database,
    server: Running,
    ours: Organization,
    pace: Pace,
    series: std::cell::Cell<u64>,
}

impl Scene<'_> {
    fn load(&self, connections: usize) -> Load {
        self.series.set(self.series.get() + 1);
        Load {
            address: self.server.address,
            signer: self.ours.signer(self.server.address, self.series.get()),
            connections,
            customers: CUSTOMERS,
            warm_up: WARM_UP,
            window: self.pace.window,
            followed_with: None,
        }
    }

    async fn measure(&self, connections: usize) -> Outcome {
        load::run(self.load(connections)).await
    }

    async fn measure_followed(&self, connections: usize) -> Outcome {
        let followed_with = Some(self.ours.admin.clone());
        load::run(Load { followed_with, ..self.load(connections) }).await
    }
}

pub async fn run(world: &World, pace: Pace, is_wanted: &dyn Fn(&str) -> bool, report: &mut Report) {
    let database = world.database("inbound").await;
    let server = process::serve(&database, None);
    let ours = Organization::set_up(&database, server.address, "ours", 1).await;
    let series = std::cell::Cell::new(0);
    let scene = Scene { world, database, server, ours, pace, series };
    let signer = scene.ours.signer(scene.server.address, u64::MAX);
    load::begin_conversations(&signer, scene.server.address, CUSTOMERS).await;
    scene.database.settle().await;
    if ["G1", "G2", "G3"].iter().any(|name| is_wanted(name)) {
        throughput(&scene, is_wanted, report).await;
    }
    if is_wanted("G4") {
        latency(&scene, report).await;
    }
    if is_wanted("G5") {
        subscribers(&scene, report).await;
    }
    let Scene { database, server, .. } = scene;
    server.stop();
    world.drop(database).await;
}

async fn peer(scene: &Scene<'_>, slug: &str) -> Organization {
    Organization::set_up(&scene.database, scene.server.address, slug, 1).await
}

async fn throughput(scene: &Scene<'_>, is_wanted: &dyn Fn(&str) -> bool, report: &mut Report) {
    let pgbench = Pgbench::prepare(&scene.database, &peer(scene, "pgbench").await).await;
    let node_organization = peer(scene, "node").await;
    let direct = peer(scene, "direct").await;
    scene.database.settle().await;
    let naive_clients = pgbench.best_clients(Script::Naive, scene.pace);
    let function_clients = pgbench.best_clients(Script::Function, scene.pace);
    let mut ratios = [(); 4].map(|()| Samples::default());
    let mut speeds = [(); 5].map(|()| Samples::default());
    let mut last = Outcome::default();
    let mut cpu = String::new();
    for _ in 0..scene.pace.repetitions {
        let before = usage(scene);
        last = scene.measure(CONNECTIONS).await;
        cpu = share(scene, before, &last);
        let ours = last.per_second;
        speeds[0].push(ours);
        let mut compare = |place: usize, theirs: f64| {
            speeds[place + 1].push(theirs);
            ratios[place].push(ours / theirs);
        };
        if is_wanted("G1") {
            compare(0, pgbench.run(Script::Naive, naive_clients, scene.pace).per_second);
            compare(1, pgbench.run(Script::Function, function_clients, scene.pace).per_second);
        }
        if is_wanted("G2") {
            compare(2, node_speed(scene, &node_organization).await);
        }
        if is_wanted("G3") {
            compare(3, committer::run(&scene.database, &direct, scene.pace).await);
        }
    }
    let clients = (naive_clients, function_clients);
    judge(is_wanted, ratios, report);
    let [ours, naive, function, node, committer] = speeds.map(|it| number(it.median()));
    report.note(
        "G1",
        format!(
            "texts/s: ours {ours}, naive {naive} ({} clients), fn {function} ({} clients), \
             Node {node} ({NODE_CONNECTIONS} connections), committer alone {committer}; \
             failures {}; cores: {cpu}",
            clients.0, clients.1, last.failures
        ),
    );
}

fn judge(is_wanted: &dyn Fn(&str) -> bool, ratios: [Samples; 4], report: &mut Report) {
    let [naive, function, node, committer] = ratios;
    if is_wanted("G1") {
        report.judge(NAIVE, "texts/s at 128 connections : pgbench, a statement at a time", naive);
        report.judge(FUNCTION, "texts/s at 128 connections : pgbench, one function call", function);
    }
    if is_wanted("G2") {
        report.judge(NODE, "texts/s at 128 connections : Node", node);
    }
    if is_wanted("G3") {
        report.judge(COMMITTER, "texts/s at 128 connections : our committer alone", committer);
    }
}

async fn node_speed(scene: &Scene<'_>, organization: &Organization) -> f64 {
    let server = node::serve(&scene.database, organization).await;
    let mut load = scene.load(NODE_CONNECTIONS);
    load.signer = organization.signer(server.address, load_series(scene));
    load.address = server.address;
    let outcome = load::run(load).await;
    assert_eq!(outcome.failures, 0, "the Node server has failed");
    server.stop();
    outcome.per_second
}

fn load_series(scene: &Scene<'_>) -> u64 {
    scene.series.set(scene.series.get() + 1);
    scene.series.get()
}

/// Seconds of processor of our server and of PostgreSQL, so far.
fn usage(scene: &Scene<'_>) -> (f64, f64) {
    (process::cpu_seconds(scene.server.pid()), scene.world.postgres_cpu())
}

/// Who used how many cores since then.
fn share(scene: &Scene<'_>, before: (f64, f64), outcome: &Outcome) -> String {
    let after = usage(scene);
    let seconds = (WARM_UP + scene.pace.window).as_secs_f64();
    format!(
        "server {:.2}, PostgreSQL {:.2}, load {:.2}",
        (after.0 - before.0) / seconds,
        (after.1 - before.1) / seconds,
        outcome.own_cpu
    )
}

async fn latency(scene: &Scene<'_>, report: &mut Report) {
    let pgbench = Pgbench::prepare(&scene.database, &peer(scene, "pgbenchone").await).await;
    scene.database.settle().await;
    let mut ratios = Samples::default();
    let mut ours = Samples::default();
    let mut theirs = Samples::default();
    for _ in 0..scene.pace.repetitions {
        let half = scene.measure(1).await.to_answer.at(0.5);
        let Speed { latency_ms, .. } = pgbench.run(Script::Function, 1, scene.pace);
        ratios.push(half / latency_ms);
        ours.push(half);
        theirs.push(latency_ms);
    }
    report.judge(LATENCY, "p50 to the 200 at one connection : pgbench, one function call", ratios);
    let text = format!("p50 {} ms; pgbench {} ms", number(ours.median()), number(theirs.median()));
    report.note("G4", text);
}

async fn subscribers(scene: &Scene<'_>, report: &mut Report) {
    let mut ratios = Samples::default();
    for repetition in 0..scene.pace.repetitions {
        for connections in LADDER {
            if repetition > 0 && connections != CONNECTIONS {
                continue;
            }
            let outcome = scene.measure_followed(connections).await;
            if connections == CONNECTIONS {
                let heard = outcome.to_subscriber.at(0.99);
                ratios.push(heard / outcome.followed_to_answer.at(0.99));
            }
            if repetition == 0 {
                report.note("G5", ladder_line(connections, &outcome));
            }
        }
    }
    report.judge(SUBSCRIBER, "p99 to the subscriber : p99 to the 200, 128 connections", ratios);
}

fn ladder_line(connections: usize, outcome: &Outcome) -> String {
    let pair = |times: &super::super::measure::Times| {
        format!("{} / {} ms", number(times.at(0.5)), number(times.at(0.99)))
    };
    format!(
        "{connections} connections: {} texts/s; p50 / p99 to the 200 {}, to the subscriber {} \
         ({} heard, {} failures)",
        number(outcome.per_second),
        pair(&outcome.to_answer),
        pair(&outcome.to_subscriber),
        outcome.to_subscriber.count(),
        outcome.failures
    )
}
