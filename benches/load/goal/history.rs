//! G9: the same work on a store with years in it.

use std::time::{Duration, Instant};

use serde_json::json;

use super::super::{
    Pace, Report, World,
    http::Caller,
    load::{self, Load},
    measure::{Samples, Times},
    process::{self, Running},
    report::{Better, Mark, number},
    world::{Database, Organization},
};

const CUSTOMERS: u64 = 1_000;
/// Texts of an old conversation.
const TEXTS_EACH: u64 = 100;
const SHORT_TEXTS: u64 = 500_000;
const LONG_TEXTS: u64 = 5_000_000;
const PAGES: u64 = 300;

const SPEED: Mark = Mark { goal: "G9", unit: "x", better: Better::More, floor: 0.8, wanted: 0.95 };
const PAGE: Mark =
    Mark { goal: "G9", unit: " ms", better: Better::Less, floor: 20.0, wanted: 10.0 };

struct Side {
    database: Database,
    server: Running,
    ours: Organization,
}

pub async fn run(world: &World, pace: Pace, report: &mut Report) {
    let texts = if pace.is_long { LONG_TEXTS } else { SHORT_TEXTS };
    let small = side(world, "small", 10_000).await;
    let large = side(world, "large", texts).await;
    let mut ratios = Samples::default();
    let mut pages = Samples::default();
    for repetition in 0..pace.repetitions as u64 {
        let before = speed(&small, repetition, pace).await;
        let with = speed(&large, repetition, pace).await;
        ratios.push(with / before);
        pages.push(last_pages(&large).await.at(0.99));
    }
    report.judge(SPEED, format!("texts/s with {texts} old texts : with 10,000"), ratios);
    report.judge(PAGE, format!("p99 of a page of the last 50, {texts} old texts"), pages);
    for Side { database, server, .. } in [small, large] {
        server.stop();
        world.drop(database).await;
    }
}

async fn side(world: &World, name: &str, texts: u64) -> Side {
    let database = world.database(name).await;
    let server = process::serve(&database, None);
    let ours = Organization::set_up(&database, server.address, "ours", 1).await;
    let begun = Instant::now();
    fill(&database, texts).await;
    println!("  G9  {texts} old texts written in {} s", number(begun.elapsed().as_secs_f64()));
    let signer = ours.signer(server.address, u64::MAX);
    load::begin_conversations(&signer, server.address, CUSTOMERS).await;
    database.settle().await;
    Side { database, server, ours }
}

/// Writes resolved conversations with their texts and receipts, as if they had come long ago.
async fn fill(database: &Database, texts: u64) {
    const OLD: &str = include_str!("../old_texts.sql");
    let conversations = texts / TEXTS_EACH;
    let statements = OLD
        .replace(":conversations", &conversations.to_string())
        .replace(":texts_each", &TEXTS_EACH.to_string());
    database.execute(&statements).await;
}

async fn speed(side: &Side, repetition: u64, pace: Pace) -> f64 {
    let load = Load {
        address: side.server.address,
        signer: side.ours.signer(side.server.address, 100 + repetition),
        connections: 128,
        customers: CUSTOMERS,
        warm_up: Duration::from_secs(1),
        window: pace.window,
        followed_with: None,
    };
    load::run(load).await.per_second
}

/// The last 50 texts of old conversations, each of another one.
async fn last_pages(side: &Side) -> Times {
    let mut caller = Caller::open(side.server.address, &side.ours.admin).await;
    let mut times = Times::default();
    let query = "query ($after: String) { conversations(first: 100, after: $after, \
        filter: { status: [RESOLVED] }) { pageInfo { endCursor } nodes { id } } }";
    let mut after = serde_json::Value::Null;
    for _ in 0..PAGES / 100 {
        let body = json!({ "query": query, "variables": { "after": after } });
        caller.post("/graphql", &body.to_string()).await;
        let answer = caller.answer();
        let list = answer["data"]["conversations"].clone();
        after = list["pageInfo"]["endCursor"].clone();
        let nodes = list["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
        for node in nodes {
            let query = "query ($id: ID!) { conversation(id: $id) { messages(last: 50) { nodes { \
                id sequence text status } } } }";
            let body = json!({ "query": query, "variables": { "id": node["id"] } }).to_string();
            let begun = Instant::now();
            caller.post("/graphql", &body).await;
            times.push(begun.elapsed());
        }
    }
    times
}
