//! Stands between the server and PostgreSQL, and loses what PostgreSQL says to a COMMIT.
//!
//! It reads the protocol as far as that needs: messages are a letter, a length and a body, except
//! for the first, which has no letter.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    task::JoinHandle,
};

use super::dice::Dice;

/// What PostgreSQL says to a commit that has happened.
const COMMITTED: &[u8] = b"COMMIT\0";

pub struct Proxy {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

struct Shared {
    target: Mutex<SocketAddr>,
    dice: Mutex<Dice>,
    /// So many in a hundred commits lose their answer.
    lost_percent: AtomicU64,
    lost: AtomicU32,
}

impl Proxy {
    pub async fn start(target: SocketAddr, dice: Dice) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            target: Mutex::new(target),
            dice: Mutex::new(dice),
            lost_percent: AtomicU64::new(0),
            lost: AtomicU32::new(0),
        });
        let listening = tokio::spawn(listen(listener, Arc::clone(&shared)));
        Self { address, shared, listening }
    }

    /// Connections from now on go there.
    pub fn lead_to(&self, target: SocketAddr) {
        *self.shared.target.lock() = target;
    }

    pub fn lose(&self, percent: u64) {
        self.shared.lost_percent.store(percent, Ordering::SeqCst);
    }

    /// Answers to commits that were lost so far.
    pub fn lost(&self) -> u32 {
        self.shared.lost.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let target = *shared.target.lock();
            // Without anybody behind it, the connection just ends.
            if let Ok(server) = TcpStream::connect(target).await {
                // Reset, not closed, however it ends.
                client.set_zero_linger().ok();
                carry(client, server, &shared).await;
            }
        });
    }
}

/// Carries messages both ways until one side ends, or an answer is to be lost.
async fn carry(client: TcpStream, server: TcpStream, shared: &Shared) {
    client.set_nodelay(true).ok();
    server.set_nodelay(true).ok();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let doomed = Arc::new(Mutex::new(false));
    tokio::select! {
        _ = carry_questions(from_client, to_server, shared, &doomed) => {}
        _ = carry_answers(from_server, to_client, shared, &doomed) => {}
    }
}

async fn carry_questions(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    shared: &Shared,
    doomed: &Mutex<bool>,
) -> Option<()> {
    let first_length = from.read_u32().await.ok()?;
    let mut first = first_length.to_be_bytes().to_vec();
    read_exactly(&mut from, &mut first, first_length.checked_sub(4)?).await?;
    to.write_all(&first).await.ok()?;
    loop {
        let letter = from.read_u8().await.ok()?;
        let length = from.read_u32().await.ok()?;
        let mut message = vec![letter];
        message.extend(length.to_be_bytes());
        read_exactly(&mut from, &mut message, length.checked_sub(4)?).await?;
        let is_commit = letter == b'Q' && message[5..].eq_ignore_ascii_case(COMMITTED);
        if is_commit {
            let percent = shared.lost_percent.load(Ordering::SeqCst);
            *doomed.lock() = shared.dice.lock().percent(percent);
        }
        to.write_all(&message).await.ok()?;
    }
}

async fn read_exactly(from: &mut OwnedReadHalf, into: &mut Vec<u8>, length: u32) -> Option<()> {
    let start = into.len();
    into.resize(start + usize::try_from(length).ok()?, 0);
    from.read_exact(&mut into[start..]).await.ok().map(|_| ())
}

async fn carry_answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    shared: &Shared,
    doomed: &Mutex<bool>,
) -> Option<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        let answer = &buffer[..count];
        let is_doomed = *doomed.lock();
        if is_doomed && answer.windows(COMMITTED.len()).any(|part| part == COMMITTED) {
            // It has happened, and the server never hears of it.
            shared.lost.fetch_add(1, Ordering::SeqCst);
            return None;
        }
        to.write_all(answer).await.ok()?;
    }
}
