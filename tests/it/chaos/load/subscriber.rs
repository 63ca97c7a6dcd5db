//! Somebody follows a conversation, loses the connection, comes back with the last cursor.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};
use tokio_util::sync::CancellationToken;

use super::Seen;
use crate::chaos::{
    client::Client,
    dice::Dice,
    ledger::{Content, Frame, Subscriber, Told},
};

/// Before a lost connection is made again.
const AGAIN: Duration = Duration::from_millis(80);

const FIND: &str = "query ($customer: SmsAddress!) {
    conversations(first: 1, filter: { customerAddress: $customer }) { nodes { id } } }";
const THREAD: &str = "subscription ($id: ID!, $after: EventCursor) {
    conversationEvents(conversationId: $id, after: $after) { __typename
    ... on ConversationSnapshot { position { cursor previous } messages { id } }
    ... on ConversationDelta { position { cursor previous } events { __typename
        ... on MessageUpserted { isNew message { id } } } }
    ... on ResyncRequired { position { cursor previous } } } }";

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Watches the first conversation of a customer until the end.
pub async fn watch(
    (admin, customer): (Client, String),
    seen: Arc<Seen>,
    mut dice: Dice,
    end: CancellationToken,
) {
    let Some(conversation) = end.run_until_cancelled(find(&admin, &customer)).await else { return };
    let place = {
        let mut subscribers = seen.subscribers.lock();
        subscribers.push(Subscriber { conversation, frames: Vec::new() });
        subscribers.len() - 1
    };
    while !end.is_cancelled() {
        let patience = dice.milliseconds(300..3_000);
        let follow = follow(&admin, &seen, place);
        // Some connections end by themselves, as people's connections do.
        end.run_until_cancelled(tokio::time::timeout(patience, follow)).await;
        end.run_until_cancelled(tokio::time::sleep(AGAIN)).await;
    }
}

async fn find(admin: &Client, customer: &str) -> String {
    loop {
        if let Some(found) = admin.graphql(FIND, json!({ "customer": customer })).await
            && let Some(id) = found["conversations"]["nodes"][0]["id"].as_str()
        {
            return id.to_owned();
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Follows until the connection is lost.
async fn follow(admin: &Client, seen: &Seen, place: usize) -> Option<()> {
    let mut stream = connect(admin).await?;
    let (id, after) = {
        let subscribers = seen.subscribers.lock();
        let subscriber = &subscribers[place];
        let after = subscriber.frames.last().map(|frame| frame.cursor.clone());
        (subscriber.conversation.clone(), after)
    };
    let payload = json!({ "query": THREAD, "variables": { "id": id, "after": after } });
    say(&mut stream, &json!({ "id": "1", "type": "subscribe", "payload": payload })).await?;
    loop {
        let message = hear(&mut stream).await?;
        if message["type"] != "next" {
            return None;
        }
        let frame = frame_of(&message["payload"]["data"]["conversationEvents"])?;
        seen.subscribers.lock()[place].frames.push(frame);
    }
}

async fn connect(admin: &Client) -> Option<Stream> {
    let address = format!("{}/graphql", admin.url().replacen("http", "ws", 1));
    let mut request = address.into_client_request().unwrap();
    let protocol = "graphql-transport-ws".parse().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut stream, _) = tokio_tungstenite::connect_async(request).await.ok()?;
    let token = admin.token().map(|token| json!({ "authorization": format!("Bearer {token}") }));
    say(&mut stream, &json!({ "type": "connection_init", "payload": token })).await?;
    (hear(&mut stream).await?["type"] == "connection_ack").then_some(stream)
}

async fn say(stream: &mut Stream, message: &Value) -> Option<()> {
    stream.send(Message::text(message.to_string())).await.ok()
}

/// The next message that is no ping.
async fn hear(stream: &mut Stream) -> Option<Value> {
    loop {
        let message = match stream.next().await?.ok()? {
            Message::Text(text) => serde_json::from_str::<Value>(&text).unwrap(),
            Message::Ping(_) | Message::Pong(_) => continue,
            _ => return None,
        };
        if message["type"] == "ping" {
            say(stream, &json!({ "type": "pong" })).await?;
            continue;
        }
        return Some(message);
    }
}

/// A frame as it is judged; none where an error came instead of one.
fn frame_of(frame: &Value) -> Option<Frame> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let content = match frame["__typename"].as_str()? {
        "ConversationSnapshot" => {
            let messages = frame["messages"].as_array()?;
            Content::Snapshot(messages.iter().filter_map(|one| text(&one["id"])).collect())
        }
        "ConversationDelta" => {
            Content::Delta(frame["events"].as_array()?.iter().map(told_of).collect())
        }
        _ => Content::Resync,
    };
    let position = &frame["position"];
    Some(Frame {
        previous: text(&position["previous"]),
        cursor: text(&position["cursor"])?,
        content,
    })
}

fn told_of(event: &Value) -> Told {
    let message = || event["message"]["id"].as_str().unwrap().to_owned();
    match (event["__typename"].as_str(), event["isNew"].as_bool()) {
        (Some("MessageUpserted"), Some(true)) => Told::Added(message()),
        (Some("MessageUpserted"), _) => Told::Moved(message()),
        _ => Told::Conversation,
    }
}
