//! A server for tests that answers each request with the next reply of its list.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::BaseUrl;

/// What becomes of one request after it was read to its end.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// These bytes, then the next request on the same connection.
    Bytes(Vec<u8>),
    /// These bytes, then the end of the connection.
    BytesThenClose(Vec<u8>),
    /// Nothing, for ever.
    Silence,
    /// The connection is reset.
    Reset,
}

impl Reply {
    pub(super) fn answer(http_status: u16, body: &str) -> Self {
        let length = body.len();
        Self::Bytes(
            format!("HTTP/1.1 {http_status} X\r\ncontent-length: {length}\r\n\r\n{body}").into(),
        )
    }
}

#[derive(Debug, Default)]
struct Script {
    replies: VecDeque<Reply>,
    requests: Vec<String>,
    connections: usize,
}

/// Listens on the loopback interface until it is dropped.
#[derive(Debug)]
pub(super) struct ScriptedServer {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    task: JoinHandle<()>,
}

impl ScriptedServer {
    pub(super) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let script = Script { replies: replies.into_iter().collect(), ..Script::default() };
        let script = Arc::new(Mutex::new(script));
        let task = tokio::spawn(listen(listener, Arc::clone(&script)));
        Self { address, script, task }
    }

    pub(super) fn base_url(&self) -> BaseUrl {
        format!("http://{}", self.address).parse().unwrap()
    }

    /// The same address with TLS, which this server does not speak.
    pub(super) fn https_base_url(&self) -> BaseUrl {
        format!("https://{}", self.address).parse().unwrap()
    }

    /// Every request so far: head and body as they came.
    pub(super) fn requests(&self) -> Vec<String> {
        self.script.lock().unwrap().requests.clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.script.lock().unwrap().connections
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(listener: TcpListener, script: Arc<Mutex<Script>>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        script.lock().unwrap().connections += 1;
        connections.spawn(converse(stream, Arc::clone(&script)));
    }
}

async fn converse(mut stream: TcpStream, script: Arc<Mutex<Script>>) {
    while let Some(request) = read_request(&mut stream).await {
        let reply = {
            let mut script = script.lock().unwrap();
            script.requests.push(request);
            script.replies.pop_front().unwrap_or(Reply::Silence)
        };
        match reply {
            Reply::Bytes(bytes) => stream.write_all(&bytes).await.unwrap(),
            Reply::BytesThenClose(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                return;
            }
            Reply::Silence => std::future::pending().await,
            Reply::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
        }
    }
}

/// Reads head and body of one request; `None` at the end of the connection.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Some(text);
            }
        }
        let count = stream.read_buf(&mut read).await.ok()?;
        if count == 0 {
            return None;
        }
    }
}
