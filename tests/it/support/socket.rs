//! A client of graphql-transport-ws.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::DEADLINE;

pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_id: u32,
}

impl Socket {
    /// Connects and says nothing yet.
    pub async fn connect(url: &str) -> Self {
        Self::connect_with(url, &[]).await
    }

    /// Connects with headers of its own, as a browser does.
    pub async fn connect_with(url: &str, headers: &[(&'static str, &str)]) -> Self {
        let address = format!("{}/graphql", url.replacen("http", "ws", 1));
        let mut request = address.into_client_request().unwrap();
        let protocol = "graphql-transport-ws".parse().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let (stream, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        Self { stream, next_id: 0 }
    }

    /// Connects and is acknowledged.
    pub async fn open(url: &str, token: Option<&str>) -> Self {
        let mut socket = Self::connect(url).await;
        let payload = token.map(|token| json!({ "authorization": format!("Bearer {token}") }));
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        let answer = socket.hear().await;
        assert_eq!(answer["type"], "connection_ack", "{answer}");
        socket
    }

    pub async fn say(&mut self, message: Value) {
        self.stream.send(Message::text(message.to_string())).await.unwrap();
    }

    /// Bytes as they are, for what no client library does.
    pub async fn say_raw(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).await.unwrap();
    }

    /// The next message; pings of the transport are passed over.
    pub async fn hear(&mut self) -> Value {
        self.hear_within(DEADLINE).await.expect("no message in time")
    }

    /// The next message, if one comes in time.
    pub async fn hear_within(&mut self, time: Duration) -> Option<Value> {
        tokio::time::timeout(time, self.next_message()).await.ok()
    }

    async fn next_message(&mut self) -> Value {
        loop {
            match self.frame().await {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("unexpected frame: {other:?}"),
            }
        }
    }

    async fn frame(&mut self) -> Message {
        let frame = tokio::time::timeout(DEADLINE, self.stream.next()).await;
        frame.expect("no message in time").expect("the socket has ended").unwrap()
    }

    /// The code that the server ends the socket with.
    pub async fn close_code(&mut self) -> u16 {
        tokio::time::timeout(DEADLINE, self.next_close()).await.expect("it was not ended in time")
    }

    async fn next_close(&mut self) -> u16 {
        loop {
            match self.frame().await {
                Message::Close(frame) => return frame.map_or(0, |frame| frame.code.into()),
                Message::Text(_) | Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("unexpected frame: {other:?}"),
            }
        }
    }

    /// Begins an operation; answers its id.
    pub async fn subscribe(&mut self, query: &str, variables: Value) -> String {
        self.next_id += 1;
        let id = self.next_id.to_string();
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
        id
    }

    /// The data of the next event.
    pub async fn event(&mut self) -> Value {
        let message = self.hear().await;
        assert_eq!(message["type"], "next", "{message}");
        assert_eq!(message["payload"]["errors"], Value::Null, "{message}");
        message["payload"]["data"].clone()
    }
}
