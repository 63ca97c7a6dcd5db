//! Customers who text: so many connections, each with one callback under way.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    callback::{Signer, customer},
    http::{Caller, Connection},
    measure::Times,
    process,
    socket::{Socket, THREAD},
};

/// What is asked of the server.
#[derive(Clone)]
pub struct Load {
    pub address: SocketAddr,
    pub signer: Signer,
    pub connections: usize,
    /// Customers who text in turn, chosen at random.
    pub customers: u64,
    pub warm_up: Duration,
    pub window: Duration,
    /// Whether some of the connections are customers whose thread somebody follows.
    pub followed_with: Option<String>,
}

/// What came of it.
#[derive(Default, Clone)]
pub struct Outcome {
    /// Texts that were answered 200 within the window.
    pub per_second: f64,
    pub to_answer: Times,
    /// Of the connections that are followed: until the answer, and until the subscriber had it.
    pub followed_to_answer: Times,
    pub to_subscriber: Times,
    pub failures: u64,
    /// Seconds of processor that the load took itself, for each second.
    pub own_cpu: f64,
}

/// Texts in flight that somebody follows, by their count.
type InFlight = Rc<RefCell<HashMap<u64, Instant>>>;

#[derive(Default)]
struct Tally {
    answered: Times,
    followed: Times,
    heard: Times,
    failures: u64,
}

/// What all connections share; the load runs on one thread.
struct Shared {
    load: Load,
    counter: Cell<u64>,
    from: Instant,
    until: Instant,
    tally: RefCell<Tally>,
    in_flight: InFlight,
}

/// Puts the load on the server and counts what it answers within the window.
pub async fn run(load: Load) -> Outcome {
    let followed = load.followed_with.as_ref().map_or(0, |_| (load.connections / 16).max(1));
    let threads = follow(&load, followed).await;
    let begun = Instant::now();
    let shared = Rc::new(Shared {
        from: begun + load.warm_up,
        until: begun + load.warm_up + load.window,
        load,
        counter: Cell::new(0),
        tally: RefCell::default(),
        in_flight: Rc::default(),
    });
    let local = tokio::task::LocalSet::new();
    for socket in threads {
        local.spawn_local(listen(Rc::clone(&shared), socket));
    }
    let texting: Vec<_> = (0..shared.load.connections)
        .map(|place| {
            let is_followed = place < followed;
            local.spawn_local(text(Rc::clone(&shared), place, is_followed))
        })
        .collect();
    let own = std::process::id();
    let cpu_before = process::cpu_seconds(own);
    local
        .run_until(async {
            for task in texting {
                task.await.unwrap();
            }
        })
        .await;
    let seconds = begun.elapsed().as_secs_f64();
    let own_cpu = (process::cpu_seconds(own) - cpu_before) / seconds;
    let tally = shared.tally.take();
    Outcome {
        per_second: tally.answered.count() as f64 / shared.load.window.as_secs_f64(),
        to_answer: tally.answered,
        followed_to_answer: tally.followed,
        to_subscriber: tally.heard,
        failures: tally.failures,
        own_cpu,
    }
}

/// Opens a thread for each followed customer, whose conversations must be there.
async fn follow(load: &Load, count: usize) -> Vec<Socket> {
    let Some(token) = &load.followed_with else { return Vec::new() };
    let mut sockets = Vec::new();
    for place in 0..count {
        let customer = followed_customer(load, place);
        let id = conversation_of(load, token, customer).await;
        sockets.push(Socket::subscribe(load.address, token, THREAD, json!({ "id": id })).await);
    }
    sockets
}

fn followed_customer(load: &Load, place: usize) -> u64 {
    load.customers + place as u64
}

/// A customer's conversation; it is begun where there is none.
pub async fn conversation_of(load: &Load, token: &str, customer_place: u64) -> String {
    let mut connection = Connection::open(load.address).await.unwrap();
    let mut request = Vec::new();
    load.signer.write(&mut request, customer_place, u64::MAX - customer_place, "hello");
    assert_eq!(connection.exchange(&request).await.unwrap(), 200);
    let mut caller = Caller::open(load.address, token).await;
    let address = format!("+{}", customer(customer_place));
    let query = format!(
        "{{ conversations(last: 1, filter: {{ customerAddress: \"{address}\" }}) {{ nodes {{ id }} }} }}"
    );
    let data = caller.query(&query).await;
    data["conversations"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}

async fn text(shared: Rc<Shared>, place: usize, is_followed: bool) {
    let load = &shared.load;
    let mut connection = Connection::open(load.address).await.unwrap();
    let mut request = Vec::with_capacity(1_024);
    let mut random = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(place as u64 + 1);
    loop {
        let count = shared.counter.get();
        shared.counter.set(count + 1);
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        if is_followed {
            let customer = followed_customer(load, place);
            load.signer.write(&mut request, customer, count, &format!("number {count} of many"));
            shared.in_flight.borrow_mut().insert(count, Instant::now());
        } else {
            let text = "Hello, where is my parcel? The order is 4711-2026 and it is late.";
            load.signer.write(&mut request, random % load.customers, count, text);
        }
        let sent_at = Instant::now();
        if sent_at >= shared.until {
            return;
        }
        let answer = connection.exchange(&request).await;
        let now = Instant::now();
        if now < shared.from || now >= shared.until {
            continue;
        }
        let mut tally = shared.tally.borrow_mut();
        if matches!(answer, Ok(200)) {
            tally.answered.push(now - sent_at);
            if is_followed {
                tally.followed.push(now - sent_at);
            }
        } else {
            tally.failures += 1;
        }
    }
}

/// Notes when the texts of a thread arrive.
async fn listen(shared: Rc<Shared>, mut socket: Socket) {
    while let Some(frame) = socket.hear().await {
        let now = Instant::now();
        for part in frame.split("number ").skip(1) {
            let digits = part.split(' ').next().unwrap_or_default();
            let Ok(count) = digits.parse() else { continue };
            let sent_at = shared.in_flight.borrow_mut().remove(&count);
            if let Some(sent_at) = sent_at.filter(|_| now >= shared.from && now < shared.until) {
                shared.tally.borrow_mut().heard.push(now - sent_at);
            }
        }
    }
}

/// One text of each of the customers, so that their conversations live.
pub async fn begin_conversations(signer: &Signer, address: SocketAddr, customers: u64) {
    let next = Rc::new(Cell::new(0));
    let local = tokio::task::LocalSet::new();
    let tasks: Vec<_> = (0..128)
        .map(|_| {
            let (next, signer) = (Rc::clone(&next), signer.clone());
            local.spawn_local(async move {
                let mut connection = Connection::open(address).await.unwrap();
                let mut request = Vec::new();
                while next.get() < customers {
                    let place = next.replace(next.get() + 1);
                    signer.write(&mut request, place, place, "Good morning");
                    let status = connection.exchange(&request).await.unwrap();
                    assert_eq!(status, 200, "{:?}", String::from_utf8_lossy(connection.body()));
                }
            })
        })
        .collect();
    local
        .run_until(async {
            for task in tasks {
                task.await.unwrap();
            }
        })
        .await;
}
