//! G7 and G8: what a hundred thousand live conversations need, and how they survive `kill -9`.

use std::time::{Duration, Instant};

use super::super::{
    Pace, Report, World,
    http::Connection,
    load::{self, Load},
    measure::Samples,
    process::{self, Running},
    report::{Better, Mark, number},
    world::{Database, Organization},
};

const CONVERSATIONS: u64 = 100_000;
const DEATHS: u64 = 3;

const MEMORY: Mark =
    Mark { goal: "G7", unit: " MiB", better: Better::Less, floor: 250.0, wanted: 150.0 };
const LOST: Mark = Mark { goal: "G8", unit: "", better: Better::Less, floor: 0.0, wanted: 0.0 };
const FIRST: Mark = Mark { goal: "G8", unit: " s", better: Better::Less, floor: 1.0, wanted: 0.3 };

pub async fn run(world: &World, pace: Pace, is_wanted: &dyn Fn(&str) -> bool, report: &mut Report) {
    let database = world.database("memory").await;
    let server = process::serve(&database, None);
    let ours = Organization::set_up(&database, server.address, "ours", 1).await;
    let mut scene = Scene { database, server, ours };
    // What the server needs to be warm is not what conversations need.
    let warm = Load { customers: 100, window: Duration::from_secs(2), ..scene.load(2, pace) };
    load::run(warm).await;
    let before = process::resident_mib(scene.server.pid());
    let signer = scene.ours.signer(scene.server.address, 1);
    load::begin_conversations(&signer, scene.server.address, CONVERSATIONS).await;
    if is_wanted("G7") {
        let after = process::resident_mib(scene.server.pid());
        let live = live_actors(&scene.server).await;
        let mut memory = Samples::default();
        memory.push((after - before) * CONVERSATIONS as f64 / live);
        report.judge(MEMORY, "resident memory for 100,000 live conversations", memory);
        let text = format!("{} MiB before, {} MiB with {live} live", number(before), number(after));
        report.note("G7", text);
    }
    if is_wanted("G8") {
        deaths(&mut scene, pace, report).await;
    }
    let Scene { database, server, .. } = scene;
    server.stop();
    world.drop(database).await;
}

struct Scene {
    database: Database,
    server: Running,
    ours: Organization,
}

impl Scene {
    fn load(&self, series: u64, pace: Pace) -> Load {
        Load {
            address: self.server.address,
            signer: self.ours.signer(self.server.address, series),
            connections: 128,
            customers: CONVERSATIONS,
            warm_up: Duration::ZERO,
            window: pace.window,
            followed_with: None,
        }
    }
}

/// Kills the server under load, again and again.
async fn deaths(scene: &mut Scene, pace: Pace, report: &mut Report) {
    let mut first = Samples::default();
    let mut listening = Samples::default();
    let mut sent = 0;
    for round in 0..DEATHS {
        sent += until_killed(scene.load(10 + round, pace), &mut scene.server).await;
        let begun = Instant::now();
        scene.server = process::serve(&scene.database, None);
        listening.push(begun.elapsed().as_secs_f64());
        let signer = scene.ours.signer(scene.server.address, 20 + round);
        let mut request = Vec::new();
        signer.write(&mut request, 77, round, "are you back?");
        let mut connection = Connection::open(scene.server.address).await.unwrap();
        assert_eq!(connection.exchange(&request).await.unwrap(), 200);
        first.push(begun.elapsed().as_secs_f64());
        sent += 1;
    }
    let mut lost = Samples::default();
    lost.push(doubled_or_lost(&scene.database, sent).await);
    report.judge(LOST, "texts lost or doubled in 3 x kill -9 under load", lost);
    report.judge(FIRST, "first 200 after kill -9, the process start included", first);
    let listening = number(listening.median());
    let text = format!("listening after {listening} s; {sent} texts were answered 200");
    report.note("G8", text);
}

/// How many actors live, by the server's own word.
async fn live_actors(server: &Running) -> f64 {
    let mut connection = Connection::open(server.address).await.unwrap();
    let request = format!("GET /metrics HTTP/1.1\r\nhost: {}\r\n\r\n", server.address);
    connection.exchange(request.as_bytes()).await.unwrap();
    let text = String::from_utf8_lossy(connection.body()).into_owned();
    let value = |name: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0.0)
    };
    value("centralino_actors_started_total") - value("centralino_actors_retired_total")
}

/// Texts that were answered 200 before the server was killed under them.
async fn until_killed(load: Load, server: &mut Running) -> u64 {
    let address = load.address;
    let signer = load.signer.clone();
    let answered = std::rc::Rc::new(std::cell::Cell::new(0_u64));
    let counter = std::rc::Rc::new(std::cell::Cell::new(0_u64));
    let local = tokio::task::LocalSet::new();
    for place in 0..load.connections as u64 {
        let (signer, answered, counter) = (signer.clone(), answered.clone(), counter.clone());
        local.spawn_local(async move {
            let mut connection = Connection::open(address).await.unwrap();
            let mut request = Vec::new();
            loop {
                let count = counter.replace(counter.get() + 1);
                let customer = (count * 7_919 + place) % CONVERSATIONS;
                signer.write(&mut request, customer, count, "will this survive?");
                match connection.exchange(&request).await {
                    Ok(200) => answered.set(answered.get() + 1),
                    Ok(_) => {}
                    Err(_) => return,
                }
            }
        });
    }
    local.run_until(tokio::time::sleep(load.window)).await;
    server.kill();
    // Answers that were already on the way count as well.
    local.await;
    answered.get()
}

/// Every text that was answered 200 is there once; some that were not answered may be there too.
async fn doubled_or_lost(database: &Database, sent: u64) -> f64 {
    let stored = database
        .count(
            "select count(*) from messages where text in ('will this survive?', 'are you back?')",
        )
        .await;
    let doubled = database
        .count(
            "select count(*) - count(distinct provider_reference) from messages \
             where text in ('will this survive?', 'are you back?')",
        )
        .await;
    let gaps = database
        .count(
            "select count(*) from (select conversation_id from messages \
             group by organization_id, conversation_id having max(sequence) <> count(*)) as g",
        )
        .await;
    (sent.saturating_sub(stored) + doubled + gaps) as f64
}
