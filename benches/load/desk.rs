//! A floor that answers: a server with the simulated provider behind it.

use std::collections::HashMap;

use serde_json::json;

use super::{
    World,
    callback::{API_KEY, CUSTOMER_ID, customer},
    http::{Caller, Connection},
    process::{self, Running},
    world::{Database, Organization},
};

/// Replies that went to the provider before an earlier one of their conversation.
pub const OUT_OF_ORDER: &str = "select count(*) from (select sent_at < lag(sent_at) over \
    (partition by organization_id, conversation_id order by sequence) as is_early \
    from messages where direction = 'OUTBOUND') as sent where is_early";

pub struct Desk {
    pub database: Database,
    pub server: Running,
    pub ours: Organization,
    provider: Running,
}

impl Desk {
    /// The provider takes whatever comes, and reports each text as delivered soon after.
    pub async fn set_up(world: &World, name: &str, accounts: u64) -> Self {
        let database = world.database(name).await;
        let mut command = process::centralino(&database);
        command.args(["simulator", "--simulator-listen", "127.0.0.1:0"]);
        command.args(["--customer-id", CUSTOMER_ID, "--api-key", API_KEY]);
        let provider = process::start(command, &database, "simulator");
        let server = process::serve(&database, Some(provider.address));
        let ours = Organization::set_up(&database, server.address, "ours", accounts).await;
        // Validation would set the rate of the host; these accounts have the highest there is.
        database
            .execute(
                "update channel_accounts set max_send_per_second = 1000; \
                 update organizations set settings_version = settings_version + 1",
            )
            .await;
        let mut control = Caller::open(provider.address, "none").await;
        let account = json!({
            "customer_id": CUSTOMER_ID, "requests_per_second": 0,
            "callback_url": format!("http://{}{}", server.address, ours.accounts[0].path),
        });
        assert_eq!(control.post("/control/accounts", &account.to_string()).await, 200);
        let steps = json!([{ "code": 200, "after_ms": 100 }]);
        let plan = json!({ "steps": steps }).to_string();
        assert_eq!(control.post("/control/plans", &plan).await, 200);
        Self { database, server, ours, provider }
    }

    /// Customers text in, over all accounts; answers them with their conversations.
    pub async fn conversations(&self, count: u64) -> Vec<(u64, String)> {
        let address = self.server.address;
        let mut connection = Connection::open(address).await.unwrap();
        let mut request = Vec::new();
        for place in 0..count {
            let account = &self.ours.accounts[place as usize % self.ours.accounts.len()];
            let signer =
                super::callback::Signer::new(address, &account.path, &account.number, u64::MAX);
            signer.write(&mut request, place, place, "Good morning");
            assert_eq!(connection.exchange(&request).await.unwrap(), 200);
        }
        // A connection that says nothing for long is closed: it is opened when it is needed.
        let mut admin = Caller::open(address, &self.ours.admin).await;
        let mut ids = HashMap::new();
        let mut after = serde_json::Value::Null;
        while (ids.len() as u64) < count {
            let query = "query ($after: String) { conversations(first: 100, after: $after) { \
                pageInfo { endCursor } nodes { id customer { address } } } }";
            let body = json!({ "query": query, "variables": { "after": after } }).to_string();
            admin.post("/graphql", &body).await;
            let list = admin.answer()["data"]["conversations"].clone();
            after = list["pageInfo"]["endCursor"].clone();
            for node in list["nodes"].as_array().unwrap() {
                let address = node["customer"]["address"].as_str().unwrap().to_owned();
                ids.insert(address, node["id"].as_str().unwrap().to_owned());
            }
        }
        (0..count)
            .map(|place| (place, ids.remove(&format!("+{}", customer(place))).unwrap()))
            .collect()
    }

    pub async fn stop(self, world: &World) {
        self.server.stop();
        self.provider.stop();
        world.drop(self.database).await;
    }
}
