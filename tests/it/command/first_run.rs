//! A system that nobody has claimed: the code that was printed, and who else tries.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::{Caller, KEY, Process, TestDatabase, http, run_with_input, scratch};

const CLAIM: &str = "mutation ($input: SetupCompleteInput!) { setupComplete(input: $input) {
    token viewer { role agent { displayName } organization { name } }
    userErrors { code message field retryable } } }";
const STATE: &str = "{ setupState { claimed simulated steps { name } } }";
const WRONG_CODE: &str = "0000-0000-0000-0000";

fn serve(database: &TestDatabase, name: &str) -> Process {
    Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment(database, &scratch(name)))
}

fn environment<'a>(
    database: &'a TestDatabase,
    data_dir: &'a std::path::Path,
) -> [(&'static str, &'a str); 3] {
    [
        ("DATABASE_URL", database.url().expose_secret()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()),
    ]
}

/// The code that a server prints after its address.
fn printed_code(server: &Process) -> String {
    let line = server.line();
    assert!(line.contains(&format!("{}/", server.url)), "where to enter it: {line}");
    line.rsplit(' ').next().unwrap().to_owned()
}

fn claim(code: &str) -> Value {
    json!({ "input": {
        "setupCode": code, "organizationName": "Acme", "name": "Ada",
        "email": "ada@acme.example", "password": "a password of hers",
    } })
}

async fn try_to_claim(server: &Process, code: &str) -> Value {
    Caller::new(&server.url, None).data(CLAIM, claim(code)).await["setupComplete"].clone()
}

async fn is_claimed(server: &Process) -> Value {
    Caller::new(&server.url, None).data(STATE, json!({})).await["setupState"]["claimed"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_server_is_claimed_once_with_the_code_that_it_printed() {
    let database = TestDatabase::create().await;
    let server = serve(&database, "first-run");
    let code = printed_code(&server);
    let stranger = Caller::new(&server.url, None);
    let nobody = json!({ "setupState": { "claimed": false, "simulated": false, "steps": [] } });
    assert_eq!(stranger.data(STATE, json!({})).await, nobody);
    let mut input = claim(&code.to_lowercase().replace('-', ""));
    input["input"]["email"] = "nonsense".into();
    let refused = stranger.data(CLAIM, input.clone()).await;
    assert_eq!(refused["setupComplete"]["userErrors"][0]["field"], json!(["input", "email"]));
    input["input"]["email"] = "ada@acme.example".into();
    input["input"]["delivery"] = "COOKIE".into();
    let body = json!({ "query": CLAIM, "variables": input }).to_string();
    let request = http().post(format!("{}/graphql", server.url)).body(body);
    let request = request.header("content-type", "application/json");
    let answer = request.header("origin", &server.url).send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly"), "{cookie}");
    let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let expected = json!({
        "token": null, "userErrors": [],
        "viewer": { "role": "ADMIN", "agent": { "displayName": "Ada" },
            "organization": { "name": "Acme" } },
    });
    assert_eq!(answer["data"]["setupComplete"], expected);
    let secret = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let ada = Caller::new(&server.url, Some(secret));
    let noted = "select action || ' ' || actor_kind from audit_entries";
    assert_eq!(database.column(noted).await, ["setupComplete AGENT"]);
    let queue = ada.mutate("queueCreate", json!({ "name": "Support" }), "queue { id }").await;
    assert_ne!(queue["queue"]["id"], Value::Null, "she sets up what she has claimed");
    assert_eq!(is_claimed(&server).await, true);
    let again = try_to_claim(&server, &code).await;
    assert_eq!(again["userErrors"][0]["code"], "CREDENTIALS_REJECTED", "{again}");
    let kept = database.column("select i::text from installation i").await.join("\n");
    assert!(kept.contains("{}"), "no hash is left: {kept}");
    assert_eq!(database.count("select count(*) from agents").await, 1);
    let (_, _, log) = server.terminate();
    assert!(!log.contains(&code), "the code is in the log: {log}");
    let next = serve(&database, "first-run");
    assert_eq!(is_claimed(&next).await, true);
    assert_eq!(next.rest(), Vec::<String>::new(), "a claimed server prints no code");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_claims_at_once_on_two_servers_one_succeeds() {
    let database = TestDatabase::create().await;
    let servers = [serve(&database, "claim-one"), serve(&database, "claim-two")];
    let codes = [printed_code(&servers[0]), printed_code(&servers[1])];
    let tries = (0..8).map(|at| {
        // Each code is good on each server, whichever has printed it.
        let (server, code) = (&servers[at % 2], &codes[at / 2 % 2]);
        let mut input = claim(code);
        input["input"]["email"] = format!("ada{at}@acme.example").into();
        async move { Caller::new(&server.url, None).ask(CLAIM, input).await }
    });
    let answers = futures_util::future::join_all(tries).await;
    let has_won = |answer: &&Value| !answer["data"]["setupComplete"]["token"].is_null();
    assert_eq!(answers.iter().filter(has_won).count(), 1, "{answers:?}");
    for table in ["organizations", "agents", "sessions"] {
        assert_eq!(database.count(&format!("select count(*) from {table}")).await, 1, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_the_code_is_slowed_down_and_then_the_right_one_waits_too() {
    let database = TestDatabase::create().await;
    let server = serve(&database, "claim-guess");
    let code = printed_code(&server);
    let refused = try_to_claim(&server, WRONG_CODE).await;
    assert_eq!(refused["userErrors"][0]["code"], "CREDENTIALS_REJECTED", "{refused}");
    for guess in ["", "none", &"0".repeat(5_000), "ZZZZ-ZZZZ-ZZZZ-ZZZZ"] {
        assert_eq!(try_to_claim(&server, guess).await, refused, "{guess}");
    }
    let limited = try_to_claim(&server, &code).await;
    assert_eq!(limited["userErrors"][0]["code"], "RATE_LIMITED", "{limited}");
    assert_eq!(database.count("select count(*) from agents").await, 0);
    let kept = database.column("select i::text from installation i").await.join("\n");
    assert!(!kept.contains(&code) && !kept.contains(&code.replace('-', "")), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_makes_an_agent_in_another_way_ends_the_code() {
    for (name, command) in [
        (
            "claim-user",
            ["user", "create", "--email", "a@b.example", "--name", "A", "--role", "agent"],
        ),
        (
            "claim-token",
            ["token", "create", "--organization", "acme", "--name", "A", "--role", "agent"],
        ),
    ] {
        let database = TestDatabase::create().await;
        let server = serve(&database, name);
        let code = printed_code(&server);
        let wrong = try_to_claim(&server, WRONG_CODE).await;
        let data_dir = scratch(name);
        let made =
            run_with_input(&command, &environment(&database, &data_dir), "a password of his");
        assert_eq!(made.status.code(), Some(0), "{made:?}");
        assert_eq!(is_claimed(&server).await, true);
        assert_eq!(try_to_claim(&server, &code).await, wrong, "in the same words as a wrong one");
        assert_eq!(database.count("select count(*) from agents").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_starts_without_its_database_prints_the_code_once_it_is_there() {
    let database = TestDatabase::create().await;
    database.close().await;
    let server = serve(&database, "claim-late");
    database.open().await;
    let code = printed_code(&server);
    let claimed = try_to_claim(&server, &code).await;
    assert_eq!(claimed["userErrors"], json!([]), "{claimed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_outlives_a_few_restarts_and_postgresql_itself_holds_the_rules() {
    let database = TestDatabase::create().await;
    let first = serve(&database, "claim-again");
    let code = printed_code(&first);
    drop(first);
    let second = serve(&database, "claim-again");
    assert_ne!(printed_code(&second), code, "only a hash is kept of the first");
    assert_eq!(try_to_claim(&second, &code).await["userErrors"], json!([]));
    let another = "insert into installation (singleton) values (true)";
    assert_eq!(database.refusal(another).await, "installation_pkey");
    let revive = "update installation set setup_code_hashes = array[sha256('x')]";
    assert_eq!(database.refusal(revive).await, "installation_check");
}
