//! The messages of graphql-transport-ws, and the codes that a socket ends with.

use actix_ws::{CloseCode, CloseReason};
use serde_json::{Map, Value, json};

use crate::api::graphql::transport::{execution::Answer, http::to_json, parameters::Parameters};

/// Longest id of an operation, in bytes; clients use UUIDs.
const ID_BYTES_MAX: usize = 128;

/// What a client says.
#[derive(Debug)]
pub(super) enum Incoming {
    ConnectionInit { payload: Map<String, Value> },
    Ping { payload: Option<Value> },
    Pong,
    Subscribe { id: String, payload: Value },
    Complete { id: String },
}

impl Incoming {
    /// Reads a message; the reason for which it cannot be read goes into the close frame.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let value: Value =
            serde_json::from_str(text).map_err(|_error| "the message is not JSON")?;
        let Value::Object(mut fields) = value else { return Err("the message is not an object") };
        let kind = fields.remove("type");
        let payload = fields.remove("payload").filter(|payload| !payload.is_null());
        match kind.as_ref().and_then(Value::as_str) {
            Some("connection_init") => match payload {
                None => Ok(Self::ConnectionInit { payload: Map::new() }),
                Some(Value::Object(payload)) => Ok(Self::ConnectionInit { payload }),
                Some(_) => Err("the payload of connection_init is not an object"),
            },
            Some("ping") => Ok(Self::Ping { payload }),
            Some("pong") => Ok(Self::Pong),
            Some("subscribe") => {
                let id = id_of(&mut fields)?;
                let payload = payload.ok_or("subscribe has no payload")?;
                Ok(Self::Subscribe { id, payload })
            }
            Some("complete") => Ok(Self::Complete { id: id_of(&mut fields)? }),
            Some(_) => Err("the type of the message is unknown"),
            None => Err("the message has no type"),
        }
    }
}

fn id_of(fields: &mut Map<String, Value>) -> Result<String, &'static str> {
    match fields.remove("id") {
        Some(Value::String(id)) if id.is_empty() => Err("the id is empty"),
        Some(Value::String(id)) if id.len() > ID_BYTES_MAX => Err("the id is too long"),
        Some(Value::String(id)) => Ok(id),
        _ => Err("the message has no id"),
    }
}

/// The operation that a `subscribe` asks for.
pub(super) fn parameters(payload: Value) -> Result<Parameters, String> {
    Parameters::from_json(payload)
}

pub(super) fn connection_ack() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

pub(super) fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => json!({ "type": "pong" }).to_string(),
    }
}

pub(super) fn next(id: &str, answer: &Answer) -> String {
    format!(r#"{{"id":{},"type":"next","payload":{}}}"#, json!(id), to_json(answer))
}

/// The operation was refused before it began; nothing follows for its id.
pub(super) fn error(id: &str, answer: &Answer) -> String {
    let errors = serde_json::to_value(&answer.response.errors).unwrap_or_default();
    json!({ "id": id, "type": "error", "payload": errors }).to_string()
}

pub(super) fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

/// Why a socket is ended by us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    BadMessage(&'static str),
    /// An operation before the acknowledgement.
    Unauthorized,
    /// The credential is not good, or no longer.
    Forbidden,
    InitTimeout,
    DuplicateId(String),
    SecondInit,
    TooManyOperations,
    TooManyConnections,
    TooLarge,
    /// The server goes down; the client comes back at once.
    Draining,
    /// The client comes back after a while.
    Overloaded,
}

impl Ending {
    /// The code is what the client's library looks at: 4403, 4408, 1012 and 1013 bring it back.
    pub(super) fn reason(&self) -> CloseReason {
        let (code, text) = match self {
            Self::BadMessage(what) => (4400, (*what).to_owned()),
            Self::Unauthorized => (4401, "Unauthorized".to_owned()),
            Self::Forbidden => (4403, "Forbidden".to_owned()),
            Self::InitTimeout => (4408, "Connection initialisation timeout".to_owned()),
            Self::DuplicateId(id) => (4409, format!("Subscriber for {id} already exists")),
            Self::SecondInit => (4429, "Too many initialisation requests".to_owned()),
            Self::TooManyOperations => (4400, "too many operations on one socket".to_owned()),
            Self::TooManyConnections => (1013, "too many connections of this caller".to_owned()),
            Self::TooLarge => (1009, "the message is too large".to_owned()),
            Self::Draining => (1012, "the server is restarting".to_owned()),
            Self::Overloaded => (1013, "try again later".to_owned()),
        };
        // A close frame holds 123 bytes of text.
        let text: String = text.chars().take(60).collect();
        CloseReason { code: CloseCode::Other(code), description: Some(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_message_is_told_what_is_wrong_with_it() {
        for (text, reason) in [
            ("x", "not JSON"),
            ("[]", "not an object"),
            ("{}", "no type"),
            (r#"{"type":"start"}"#, "unknown"),
            (r#"{"type":"subscribe","payload":{}}"#, "no id"),
            (r#"{"type":"subscribe","id":""}"#, "empty"),
            (r#"{"type":"subscribe","id":"1"}"#, "no payload"),
            (r#"{"type":"connection_init","payload":1}"#, "not an object"),
        ] {
            let found = Incoming::parse(text).unwrap_err();
            assert!(found.contains(reason), "{text}: {found}");
        }
        let long = format!(r#"{{"type":"complete","id":"{}"}}"#, "x".repeat(ID_BYTES_MAX + 1));
        assert!(Incoming::parse(&long).is_err());
        assert!(Incoming::parse(r#"{"type":"connection_init","payload":null}"#).is_ok());
    }
}
