//! Subscribers, over graphql-transport-ws.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// What a thread shows of a text, and no more.
pub const THREAD: &str = "subscription ($id: ID!) { conversationEvents(conversationId: $id) { \
    __typename ... on ConversationDelta { position { cursor previous } events { __typename \
    ... on MessageUpserted { isNew message { id sequence direction status text createdAt } } \
    ... on ConversationUpserted { conversation { id status version } } } } } }";

/// What a desktop shows of a text.
pub const DESKTOP: &str = "subscription { agentFeed { __typename ... on AgentDelta { \
    position { cursor previous } events { __typename \
    ... on MessageUpserted { isNew message { id sequence direction status text createdAt } } \
    ... on ConversationUpserted { conversation { id status version } } } } } }";

pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Connects, is acknowledged, subscribes and has its first frame.
    pub async fn subscribe(
        address: SocketAddr,
        token: &str,
        query: &str,
        variables: Value,
    ) -> Self {
        let mut socket = Self::open(address, token).await;
        let payload = json!({ "query": query, "variables": variables });
        socket.say(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
        let first = socket.hear().await.expect("a first frame");
        assert!(first.contains(r#""type":"next""#) && !first.contains("errors"), "{first}");
        socket
    }

    async fn open(address: SocketAddr, token: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        let protocol = "graphql-transport-ws".parse().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let (stream, _) = client_async(request, stream).await.unwrap();
        let mut socket = Self { stream };
        let payload = json!({ "authorization": format!("Bearer {token}") });
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        let answer = socket.hear().await.expect("an acknowledgement");
        assert!(answer.contains("connection_ack"), "{answer}");
        socket
    }

    async fn say(&mut self, message: Value) {
        self.stream.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message as it is; `None`: the socket has ended.
    pub async fn hear(&mut self) -> Option<String> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Some(text.as_str().to_owned()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(_) | Err(_)) | None => return None,
            }
        }
    }
}
