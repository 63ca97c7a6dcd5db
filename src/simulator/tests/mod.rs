//! The simulator over real HTTP: what it promises to those who test against it.
//!
//! **Invariant:** requests are signed by hand here, not by the code under test, and no test sleeps:
//! it waits for a condition with a deadline. Start at [`Stage`].

mod authorization;
mod callback;
mod control;
mod fault;
mod inbound;
mod receiver;
mod report;
mod send;

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tokio::time::Instant;

use super::{AccountOptions, Profile, Simulator, SimulatorOptions, start};
use receiver::Receiver;

const CUSTOMER: &str = "FFFFFFFF-EEEE-DDDD-1234-AB1234567890";
const KEY: &str = "ABC12345yusumoN6BYsBVkh+yRJ5czgsnCehZaOYldPJdmFh6NeX8kunZ2zU1YWaUw/0wV6xfw==";
const FORM: &str = "application/x-www-form-urlencoded";
const MESSAGE: [(&str, &str); 5] = [
    ("phone_number", "14155550123"),
    ("message", "Your table is ready"),
    ("message_type", "ARN"),
    ("sender_id", "15550001111"),
    ("external_id", "msg.1"),
];
const DEADLINE: Duration = Duration::from_secs(20);

/// A simulator with one account, a receiver of its callbacks, and a client.
struct Stage {
    simulator: Simulator,
    receiver: Receiver,
    http: Client,
}

impl Stage {
    async fn new() -> Self {
        Self::with(Profile::FullService, 0.02).await
    }

    async fn with(profile: Profile, time_scale: f64) -> Self {
        let receiver = Receiver::start();
        let account = AccountOptions {
            customer_id: CUSTOMER.to_owned(),
            api_key: KEY.to_owned(),
            profile,
            callback_url: Some(receiver.url()),
        };
        let listen = "127.0.0.1:0".parse().unwrap();
        let options = SimulatorOptions { listen, accounts: vec![account], time_scale };
        let simulator = start(options).await.unwrap();
        let http = Client::builder().no_proxy().timeout(DEADLINE).build().unwrap();
        Self { simulator, receiver, http }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.simulator.address())
    }

    /// `POST /v1/messaging` with Basic.
    fn send(&self, fields: &[(&str, &str)]) -> RequestBuilder {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(self.url("/v1/messaging")).basic_auth(CUSTOMER, Some(KEY));
        request.header("content-type", FORM).body(body)
    }

    fn send_to(&self, phone_number: &str) -> RequestBuilder {
        let mut fields = MESSAGE;
        fields[0].1 = phone_number;
        self.send(&fields)
    }

    async fn ask(&self, reference: &str) -> (u16, Value) {
        let url = self.url(&format!("/v1/messaging/{reference}"));
        answer(self.http.get(url).basic_auth(CUSTOMER, Some(KEY))).await
    }

    /// A control request that must succeed.
    async fn control(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.try_control(path, &body.to_string()).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    async fn try_control(&self, path: &str, body: &str) -> (u16, Value) {
        answer(self.http.post(self.url(&format!("/control/{path}"))).body(body.to_owned())).await
    }

    async fn read(&self, path: &str) -> Value {
        let (status, answer) = answer(self.http.get(self.url(&format!("/control/{path}")))).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Waits until what is read fulfils a condition.
    async fn eventually(&self, path: &str, is_met: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let value = self.read(path).await;
            if is_met(&value) {
                return value;
            }
            assert!(begun.elapsed() < DEADLINE, "{value:#}");
            tokio::task::yield_now().await;
        }
    }
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    json_of(request.send().await.unwrap()).await
}

async fn json_of(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

/// HTTP status and code of an answer.
async fn code(request: RequestBuilder) -> (u16, u64) {
    let (status, body) = answer(request).await;
    (status, body["status"]["code"].as_u64().unwrap_or_else(|| panic!("{body}")))
}
