//! The server in this process, with an organization and a simulated Telesign.

use std::{sync::Arc, time::Duration};

use centralino::{
    api::graphql::transport::GatewayOptions,
    app::{Server, ServerParts},
    config::SecretKey,
    engine::{EngineOptions, Faults, NoFaults},
    simulator::{self, AccountOptions, Profile, Simulator, SimulatorOptions},
    telesign::ClientOptions,
};
use serde_json::{Value, json};

use super::{Caller, TestDatabase, eventually, http};

pub const CUSTOMER_ID: &str = "FFFFFFFF-EEEE-DDDD-1234-AB1234567890";
pub const API_KEY: &str = "dGVzdC1rZXktb2YtdGhlLXNpbXVsYXRlZC10ZWxlc2lnbi0wMTIzNDU2Nzg5";
/// What stored secrets are sealed with.
pub const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub const SUPPORT_NUMBER: &str = "15550001111";
/// The simulator's waits, so that a report comes within some ten milliseconds.
const TIME_SCALE: f64 = 0.02;

/// What a test changes of the server.
pub struct Options {
    pub engine: EngineOptions,
    pub client: ClientOptions,
    pub gateway: GatewayOptions,
    pub faults: Arc<dyn Faults>,
    /// Texts a second that the account may send; the product's own default where none.
    pub profile: Profile,
    /// One that is made for the test where none is given.
    pub database: Option<TestDatabase>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            engine: quick_engine(),
            client: quick_client(),
            gateway: GatewayOptions::default(),
            faults: Arc::new(NoFaults),
            profile: Profile::FullService,
            database: None,
        }
    }
}

/// The product's time limits, scaled down.
pub fn quick_engine() -> EngineOptions {
    EngineOptions {
        outbox_poll: Duration::from_millis(50),
        unconfirmed_hold: Duration::from_secs(1),
        send_claim: Duration::from_secs(5),
        ..EngineOptions::default()
    }
}

/// Shorter than a sender's claim, or nothing would be sent.
fn quick_client() -> ClientOptions {
    ClientOptions {
        connect_timeout: Duration::from_secs(1),
        total_timeout: Duration::from_secs(2),
        ..ClientOptions::default()
    }
}

/// A company that is set up: an admin, two agents of one queue, an account, a number.
pub struct TestApp {
    // Stops first: nothing of it may outlive the database.
    pub server: Server,
    pub simulator: Simulator,
    pub database: TestDatabase,
    pub admin: Caller,
    pub anna: Caller,
    pub bert: Caller,
    pub queue: String,
    pub workstream: String,
    pub account: String,
    pub number: String,
    pub callback_url: String,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub async fn start_with(mut options: Options) -> Self {
        let database = match options.database.take() {
            Some(database) => database,
            None => TestDatabase::create().await,
        };
        let simulator = start_simulator(options.profile).await;
        let server = start_server(&database, &simulator, options).await;
        let url = server.url();
        let admin = first_admin(&server, &url, "acme").await;
        let setup = set_up(&admin, &url).await;
        simulator.set_callback_url(CUSTOMER_ID, &setup.callback_url).unwrap();
        let Setup { anna, bert, queue, workstream, account, number, callback_url } = setup;
        Self {
            server,
            simulator,
            database,
            admin,
            anna,
            bert,
            queue,
            workstream,
            account,
            number,
            callback_url,
        }
    }

    pub fn url(&self) -> String {
        self.server.url()
    }

    pub fn stranger(&self) -> Caller {
        Caller::new(&self.url(), None)
    }

    /// Tells the simulator something; answers what it says.
    pub async fn control(&self, path: &str, body: Value) -> Value {
        control(&self.simulator, path, Some(body)).await
    }

    pub async fn look(&self, path: &str) -> Value {
        control(&self.simulator, path, None).await
    }

    /// A customer texts us; answers the callback's reference.
    pub async fn text_in(&self, from: &str, text: &str) -> String {
        let body = json!({ "from": from, "to": SUPPORT_NUMBER, "text": text });
        let answer = self.control("inbound", body).await;
        assert_eq!(answer["answers"], json!({ "200": 1 }), "{answer}");
        answer["reference_ids"][0].as_str().unwrap().to_owned()
    }

    /// The newest conversation with a customer, as an admin sees it.
    pub async fn conversation_with(&self, customer: &str) -> Value {
        let address = format!("+{customer}");
        eventually("a conversation with the customer", || async {
            let query = "{ conversations(last: 100) { nodes { id status version
                customer { address } } } }";
            let data = self.admin.data(query, json!({})).await;
            let nodes = data["conversations"]["nodes"].as_array().unwrap().clone();
            let is_it = |node: &Value| node["customer"]["address"] == address.as_str();
            nodes.into_iter().rev().find(is_it)
        })
        .await
    }

    /// A conversation that Anna has picked; answers its id.
    pub async fn annas_conversation(&self, customer: &str) -> String {
        self.text_in(customer, "hello").await;
        let id = self.conversation_with(customer).await["id"].as_str().unwrap().to_owned();
        self.anna.mutate("conversationPick", json!({ "conversationId": id }), "").await;
        id
    }

    /// Anna writes; answers the text's id.
    pub async fn reply(&self, conversation: &str, key: &str, text: &str) -> String {
        let input = json!({ "conversationId": conversation, "idempotencyKey": key, "text": text });
        let payload = self.anna.mutate("messageSend", input, "message { id }").await;
        payload["message"]["id"].as_str().unwrap().to_owned()
    }

    /// A text as it stands.
    pub async fn message(&self, id: &str) -> Value {
        let query = "query ($id: ID!) { message(id: $id) { id status sequence text direction
            providerReference failure { code providerCode description }
            attempts { number status externalId providerReference providerCode } } }";
        self.admin.data(query, json!({ "id": id })).await["message"].clone()
    }

    /// Waits until a text has come to a status.
    pub async fn message_becomes(&self, id: &str, status: &str) -> Value {
        eventually(&format!("the text becomes {status}"), || async {
            let message = self.message(id).await;
            (message["status"] == status).then_some(message)
        })
        .await
    }

    /// Texts of a conversation, oldest first: direction, text and status.
    pub async fn texts(&self, conversation: &str) -> Vec<(String, String, String)> {
        let query = "query ($id: ID!) { conversation(id: $id) { messages(first: 100) { nodes {
            direction text status sequence } } } }";
        let data = self.admin.data(query, json!({ "id": conversation })).await;
        let nodes = data["conversation"]["messages"]["nodes"].as_array().unwrap().clone();
        let sequences: Vec<i64> =
            nodes.iter().map(|node| node["sequence"].as_i64().unwrap()).collect();
        assert_eq!(sequences, (1..=i64::try_from(nodes.len()).unwrap()).collect::<Vec<_>>());
        let text = |node: &Value, name: &str| node[name].as_str().unwrap().to_owned();
        nodes
            .iter()
            .map(|node| (text(node, "direction"), text(node, "text"), text(node, "status")))
            .collect()
    }

    /// Another server on the same database, with a spool of its own, as on a second machine.
    pub async fn second_server(&self) -> Server {
        self.second_server_with(GatewayOptions::default()).await
    }

    /// The same with other limits.
    pub async fn second_server_with(&self, gateway: GatewayOptions) -> Server {
        let host = format!("http://{}", self.simulator.address()).parse().unwrap();
        let mut spool = self.database.spool_folder();
        spool.set_extension("second");
        let parts = ServerParts {
            engine: quick_engine(),
            client: quick_client(),
            gateway,
            provider: Some(host),
            ..ServerParts::new(
                self.database.url().clone(),
                secret_key(),
                ([127, 0, 0, 1], 0).into(),
                spool,
            )
        };
        Server::start(parts).await.unwrap()
    }

    /// What the simulated provider has accepted, oldest first.
    pub async fn ledger(&self) -> Vec<Value> {
        self.look("ledger").await["entries"].as_array().unwrap().clone()
    }

    /// Another organization with an account and a number of its own; answers its admin and account.
    pub async fn other_organization(&self) -> (Caller, Value) {
        let admin = first_admin(&self.server, &self.url(), "other").await;
        let input = json!({
            "name": "Other", "customerId": "11111111-EEEE-DDDD-1234-AB1234567890",
            "apiKey": "b3RoZXIta2V5LTAxMjM0NTY3ODkwMTIzNDU2Nzg5", "validate": false,
            "idempotencyKey": "other",
        });
        let fields = "channelAccount { id version callbackUrl }";
        let payload = admin.mutate("channelAccountCreate", input, fields).await;
        (admin, payload["channelAccount"].clone())
    }
}

struct Setup {
    anna: Caller,
    bert: Caller,
    queue: String,
    workstream: String,
    account: String,
    number: String,
    callback_url: String,
}

async fn start_simulator(profile: Profile) -> Simulator {
    let account = AccountOptions {
        customer_id: CUSTOMER_ID.into(),
        api_key: API_KEY.into(),
        profile,
        callback_url: None,
    };
    let options = SimulatorOptions {
        listen: ([127, 0, 0, 1], 0).into(),
        accounts: vec![account],
        time_scale: TIME_SCALE,
    };
    simulator::start(options).await.unwrap()
}

/// A server on a database, with the spool that an earlier one on it has left.
pub async fn start_server(
    database: &TestDatabase,
    simulator: &Simulator,
    options: Options,
) -> Server {
    let host = format!("http://{}", simulator.address()).parse().unwrap();
    let parts = ServerParts {
        engine: options.engine,
        client: options.client,
        gateway: options.gateway,
        faults: options.faults,
        provider: Some(host),
        ..ServerParts::new(
            database.url().clone(),
            secret_key(),
            ([127, 0, 0, 1], 0).into(),
            database.spool_folder(),
        )
    };
    Server::start(parts).await.unwrap()
}

pub fn secret_key() -> SecretKey {
    SecretKey::from_base64(KEY).unwrap()
}

/// An organization and the token that set-up begins with, as `token create` makes them.
async fn first_admin(server: &Server, url: &str, slug: &str) -> Caller {
    use centralino::{
        admin::{By, NewApiToken},
        domain::conversation::access::Role,
    };
    let organization = server.admin().organization_ensure(slug, slug).await.unwrap();
    let token =
        NewApiToken { name: "first".into(), role: Role::Admin, agent: None, expires_at: None };
    let by = By::system(organization.id);
    let issued = server.admin().api_token_create(by, token).await.unwrap();
    let secret = secrecy::ExposeSecret::expose_secret(&issued.secret).to_owned();
    Caller::new(url, Some(secret))
}

async fn set_up(admin: &Caller, url: &str) -> Setup {
    let id = |payload: &Value, name: &str| payload[name]["id"].as_str().unwrap().to_owned();
    let queue = admin.mutate("queueCreate", json!({ "name": "Support" }), "queue { id }").await;
    let queue = id(&queue, "queue");
    let input = json!({ "name": "Care", "language": "en", "fallbackQueueId": queue });
    let workstream = admin.mutate("workstreamCreate", input, "workstream { id }").await;
    let workstream = id(&workstream, "workstream");
    let input = json!({
        "name": "Telesign", "customerId": CUSTOMER_ID, "apiKey": API_KEY,
        "idempotencyKey": "account",
    });
    let fields = "channelAccount { id callbackUrl status }";
    let account = admin.mutate("channelAccountCreate", input, fields).await;
    assert_eq!(account["channelAccount"]["status"], "VALID");
    let callback_url = account["channelAccount"]["callbackUrl"].as_str().unwrap().to_owned();
    let account = id(&account, "channelAccount");
    let input = json!({
        "channelAccountId": account, "kind": "GEO", "number": SUPPORT_NUMBER,
        "workstreamId": workstream,
    });
    let number = admin.mutate("supportNumberAdd", input, "supportNumber { id }").await;
    let number = id(&number, "supportNumber");
    let anna = agent(admin, url, ("anna@acme.example", "Anna"), &queue).await;
    let bert = agent(admin, url, ("bert@acme.example", "Bert"), &queue).await;
    Setup { anna, bert, queue, workstream, account, number, callback_url }
}

/// An agent of a queue, with a token that acts as it.
async fn agent(admin: &Caller, url: &str, (email, name): (&str, &str), queue: &str) -> Caller {
    let input = json!({
        "email": email, "displayName": name, "role": "AGENT", "queueIds": [queue],
    });
    let made = admin.mutate("agentCreate", input, "agent { id }").await;
    let input = json!({ "name": name, "role": "AGENT", "agentId": made["agent"]["id"] });
    let token = admin.mutate("apiTokenCreate", input, "secret").await;
    Caller::new(url, Some(token["secret"].as_str().unwrap().to_owned()))
}

async fn control(simulator: &Simulator, path: &str, body: Option<Value>) -> Value {
    let url = format!("http://{}/control/{path}", simulator.address());
    let request = match body {
        Some(body) => http().post(url).body(body.to_string()),
        None => http().get(url),
    };
    let text = request.send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"))
}
