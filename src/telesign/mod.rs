//! The provider: sends texts to Telesign, reads its answers and checks its callbacks.
//!
//! **Invariant:** a send is called accepted or not accepted only where Telesign's own answer proves
//! it; all else is `Unconfirmed`, because a repeated request is a second text and a second charge.
//! Telesign's codes end here: the floors above see `domain::message` only. Numbers, texts and keys
//! are never logged. Start at `client` for what goes out and at `callback` for what comes in.

mod answer;
mod base_url;
mod callback;
mod client;
mod json;
mod probe;
mod refusal;
#[cfg(test)]
mod scripted_server;
mod signature;
mod status_code;
mod timestamp;
mod verification;

pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use callback::{
    Callback, CallbackKind, CallbackParseError, DedupKey, InboundText, ReceivedReport, dedup_key,
    parse,
};
pub use client::{
    AuthMethod, ClientBuildError, ClientOptions, Credentials, OutboundText, StatusAnswer,
    StatusError, TelesignClient,
};
pub use probe::check_key;
pub use signature::{DigestHeaders, DigestRequest, SigningKey, UnusableKey, basic_authorization};
pub use status_code::{StatusMeaning, meaning};
pub use verification::{CallbackHeaders, SignatureRefusal, verify_callback};
