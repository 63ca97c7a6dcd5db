//! A keep-alive HTTP/1.1 client that costs next to nothing, so that the load is not its own limit.

use std::{io, net::SocketAddr};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One connection; one request at a time.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    body_at: usize,
    end: usize,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4_096), body_at: 0, end: 0 })
    }

    /// Sends a request that is written out; answers the status when the whole answer is here.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<u16> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some(head) = find(&self.buffer, b"\r\n\r\n") else { continue };
            self.body_at = head + 4;
            self.end = self.body_at + content_length(&self.buffer[..head]);
            while self.buffer.len() < self.end {
                if self.stream.read_buf(&mut self.buffer).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            let status = self.buffer.get(9..12).and_then(|digits| str::from_utf8(digits).ok());
            let status = status.and_then(|digits| digits.parse().ok());
            return status.ok_or_else(|| io::ErrorKind::InvalidData.into());
        }
    }

    pub fn body(&self) -> &[u8] {
        &self.buffer[self.body_at..self.end]
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn content_length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length:";
    for line in head.split(|byte| *byte == b'\n') {
        let is_it = line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME);
        if is_it && let Ok(text) = str::from_utf8(&line[NAME.len()..]) {
            return text.trim().parse().unwrap_or(0);
        }
    }
    0
}

/// Speaks GraphQL with a token.
pub struct Caller {
    address: SocketAddr,
    token: String,
    connection: Connection,
}

impl Caller {
    pub async fn open(address: SocketAddr, token: &str) -> Self {
        let connection = Connection::open(address).await.expect("the server answers");
        Self { address, token: token.to_owned(), connection }
    }

    /// Posts a body as it is; answers the status.
    pub async fn post(&mut self, path: &str, body: &str) -> u16 {
        let request = self.request(path, body);
        self.connection.exchange(request.as_bytes()).await.expect("the server answers")
    }

    pub fn request(&self, path: &str, body: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        )
    }

    /// The JSON of the last answer.
    pub fn answer(&self) -> Value {
        let body = self.connection.body();
        serde_json::from_slice(body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", String::from_utf8_lossy(body)))
    }

    /// Calls a mutation in which nothing is refused; answers its payload.
    pub async fn mutate(&mut self, name: &str, input: Value, fields: &str) -> Value {
        self.post("/graphql", &mutation(name, input, fields)).await;
        let answer = self.answer();
        let payload = &answer["data"][name];
        assert_eq!(payload["userErrors"], json!([]), "{name}: {answer}");
        payload.clone()
    }

    pub async fn query(&mut self, query: &str) -> Value {
        self.post("/graphql", &json!({ "query": query }).to_string()).await;
        let answer = self.answer();
        assert_eq!(answer["errors"], Value::Null, "{query}: {answer}");
        answer["data"].clone()
    }
}

/// The body of a request that calls a mutation.
pub fn mutation(name: &str, input: Value, fields: &str) -> String {
    let input_type = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let query = format!(
        "mutation ($input: {input_type}!) {{ {name}(input: $input) {{ {fields} \
         userErrors {{ code message }} }} }}"
    );
    json!({ "query": query, "variables": { "input": input } }).to_string()
}
