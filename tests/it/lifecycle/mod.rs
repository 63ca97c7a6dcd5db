//! What becomes of a conversation: by its agents, by its customer, and by time alone.
//!
//! Time is moved, not waited for: the server's clock is one that a test may set forward.

mod timer;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, eventually};

const CUSTOMER: &str = "14155550123";

/// Sets the server's clock forward.
fn later(app: &TestApp, delta: TimeDelta) {
    let clock = app.server.clock();
    clock.set_offset(clock.offset() + delta);
}

async fn act(app: &TestApp, name: &str, id: &str, more: Value) {
    let mut input = json!({ "conversationId": id });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.anna.mutate(name, input, "").await;
}

/// A conversation as it stands, for an admin.
async fn look(app: &TestApp, id: &str) -> Value {
    let query = "query ($id: ID!) { conversation(id: $id) { id status resolutionReason resolvedAt
        version assignment { agent { displayName } } previousConversation { id } viewerCan } }";
    app.admin.data(query, json!({ "id": id })).await["conversation"].clone()
}

async fn becomes(app: &TestApp, id: &str, status: &str) -> Value {
    eventually(&format!("the conversation becomes {status}"), || async {
        let found = look(app, id).await;
        (found["status"] == status).then_some(found)
    })
    .await
}

/// Changes the workstream; answers it.
async fn update_workstream(app: &TestApp, changes: Value) -> Value {
    let query = "query ($id: ID!) { workstream(id: $id) { version } }";
    let found = app.admin.data(query, json!({ "id": app.workstream })).await;
    let mut input = json!({
        "workstreamId": app.workstream, "expectedVersion": found["workstream"]["version"],
    });
    input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let fields = "workstream { version name active language
        autoResolve { openSeconds activeSeconds waitingSeconds wrapUpSeconds } }";
    app.admin.mutate("workstreamUpdate", input, fields).await["workstream"].clone()
}
