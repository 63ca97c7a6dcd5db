//! A set-up organization whose server is a process of its own.

use std::sync::atomic::{AtomicU32, Ordering};

use centralino::simulator::Simulator;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    CUSTOMER_ID, Caller, KEY, Process, SUPPORT_NUMBER, TestApp, TestDatabase, eventually, http,
    scratch,
};

/// A set-up organization whose server is a process.
pub struct Served {
    pub process: Process,
    pub simulator: Simulator,
    pub database: TestDatabase,
    pub callback_path: String,
    pub anna_token: String,
    pub admin_token: String,
    environment: Vec<(String, String)>,
}

impl Served {
    pub async fn start() -> Self {
        Self::start_with(Vec::new()).await
    }

    /// With these settings besides.
    pub async fn start_with(environment: Vec<(String, String)>) -> Self {
        let app = TestApp::start().await;
        let callback_path = app.callback_url.trim_start_matches(&app.url()).to_owned();
        let token = |caller: &Caller| caller.token().unwrap().to_owned();
        let (anna_token, admin_token) = (token(&app.anna), token(&app.admin));
        let TestApp { server, simulator, database, .. } = app;
        server.stop().await;
        let process = serve(&database, &simulator, &environment);
        let served = Self {
            process,
            simulator,
            database,
            callback_path,
            anna_token,
            admin_token,
            environment,
        };
        served.point_the_provider_here();
        served
    }

    pub fn restart(&mut self) {
        self.process = serve(&self.database, &self.simulator, &self.environment);
        self.point_the_provider_here();
    }

    pub fn point_the_provider_here(&self) {
        let url = format!("{}{}", self.process.url, self.callback_path);
        self.simulator.set_callback_url(CUSTOMER_ID, &url).unwrap();
    }

    pub fn anna(&self) -> Caller {
        Caller::new(&self.process.url, Some(self.anna_token.clone()))
    }

    pub fn admin(&self) -> Caller {
        Caller::new(&self.process.url, Some(self.admin_token.clone()))
    }

    pub async fn control(&self, path: &str, body: Value) -> Value {
        let url = format!("http://{}/control/{path}", self.simulator.address());
        let answer = http().post(url).body(body.to_string()).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    pub async fn ledger(&self) -> Vec<Value> {
        let url = format!("http://{}/control/ledger?limit=1000", self.simulator.address());
        let text = http().get(url).send().await.unwrap().text().await.unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        answer["entries"].as_array().unwrap().clone()
    }

    pub async fn text_in(&self, from: &str, text: &str) {
        let body = json!({ "from": from, "to": SUPPORT_NUMBER, "text": text });
        let answer = self.control("inbound", body).await;
        assert_eq!(answer["answers"], json!({ "200": 1 }), "{answer}");
    }

    /// A conversation that Anna has picked.
    pub async fn annas_conversation(&self, customer: &str) -> String {
        self.text_in(customer, "hello").await;
        let query = "{ conversations(last: 1) { nodes { id } } }";
        let data = self.admin().data(query, json!({})).await;
        let id = data["conversations"]["nodes"][0]["id"].as_str().unwrap().to_owned();
        self.anna().mutate("conversationPick", json!({ "conversationId": id }), "").await;
        id
    }

    pub async fn reply(&self, conversation: &str, key: &str, text: &str) -> String {
        let input = json!({ "conversationId": conversation, "idempotencyKey": key, "text": text });
        let payload = self.anna().mutate("messageSend", input, "message { id }").await;
        payload["message"]["id"].as_str().unwrap().to_owned()
    }

    pub async fn status_of(&self, message: &str) -> String {
        let query = "query ($id: ID!) { message(id: $id) { status } }";
        let data = self.admin().data(query, json!({ "id": message })).await;
        data["message"]["status"].as_str().unwrap().to_owned()
    }

    pub async fn becomes(&self, message: &str, status: &str) {
        eventually(&format!("the text becomes {status}"), || async {
            (self.status_of(message).await == status).then_some(())
        })
        .await;
    }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A server as a process of its own, with these settings besides.
pub fn serve(
    database: &TestDatabase,
    simulator: &Simulator,
    besides: &[(String, String)],
) -> Process {
    let provider = format!("http://{}", simulator.address());
    // Each process has its own, as on two machines: the first may still be stopping.
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let spool = scratch(&format!("spool-of-process-{number}"));
    let spool = spool.to_str().unwrap();
    let mut environment = vec![
        ("DATABASE_URL", database.url().expose_secret()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_TELESIGN_URL", &provider),
        ("CENTRALINO_SPOOL_DIR", spool),
        ("CENTRALINO_LOG", "debug"),
    ];
    environment.extend(besides.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment)
}
