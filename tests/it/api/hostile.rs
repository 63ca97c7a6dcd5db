//! Documents that mean harm: each is refused or bounded, whatever it is made of.

use centralino::api::graphql::transport::visits;
use serde_json::{Value, json};

use crate::support::{TestApp, http};

/// Selections that a look may go over: no more than a document has.
const VISITS_MAX: usize = 2_500;
/// What a hostile document may bring back.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Fragments that each use the next one so many times.
fn doubling(count: usize, times: usize, on: &str, leaf: &str) -> String {
    let last = format!("fragment F{count} on {on} {{ {leaf} }}");
    let fragments = (0..count).map(|at| {
        let spread = format!("...F{} ", at + 1).repeat(times);
        format!("fragment F{at} on {on} {{ {spread}}} ")
    });
    fragments.chain([last]).collect()
}

fn nested(open: &str, middle: &str, close: &str, depth: usize) -> String {
    format!("{}{middle}{}", open.repeat(depth), close.repeat(depth))
}

fn numbered(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(" ")
}

/// Fragments used over and over.
fn fragments() -> Vec<String> {
    let cycle = |length: usize| {
        let fragment = |at| format!("fragment F{at} on Query {{ ...F{} }}", (at + 1) % length);
        format!("{{ ...F0 }} {}", numbered(length, fragment))
    };
    vec![
        format!("{{ ...F0 }} {}", doubling(30, 2, "Query", "__typename")),
        format!("{{ ...F0 }} {}", doubling(100, 2, "Query", "__typename")),
        format!("{{ ...F0 }} {}", doubling(10, 10, "Query", "__typename")),
        format!("{{ ...F0 }} {}", doubling(300, 1, "Query", "__typename")),
        format!("{{ inbox {{ nodes {{ ...F0 }} }} }} {}", doubling(30, 2, "Conversation", "id")),
        format!("{{ ...F0 }} {}", doubling(20, 2, "Query", "inbox { nodes { id } }")),
        // Operations and fragments that do not run.
        format!(
            "query A {{ __typename }} query B {{ ...F0 }} {}",
            doubling(30, 2, "Query", "__typename")
        ),
        format!("query A {{ __typename }} {}", doubling(30, 2, "Query", "__typename")),
        format!(
            "{{ __typename ...G }} fragment G on Query {{ ...F0 }} {}",
            doubling(25, 3, "Query", "viewer { role }")
        ),
        format!("mutation {{ ...F0 }} {}", doubling(30, 2, "Mutation", "__typename")),
        format!(
            "subscription {{ ...F0 }} {}",
            doubling(30, 2, "Subscription", "heartbeat { seq }")
        ),
        cycle(1),
        cycle(2),
        cycle(200),
        "{ ...A } fragment A on Query { inbox { nodes { previousConversation { ...B } } } }
         fragment B on Conversation { previousConversation { ...B } }"
            .to_owned(),
        "query A { __typename } fragment A on Query { ...A }".to_owned(),
        "{ ...Nobody }".to_owned(),
        format!(
            "{{ __typename }} {}",
            numbered(400, |at| format!("fragment F{at} on Query {{ __typename }}"))
        ),
        format!(
            "{} {}",
            numbered(200, |at| format!("query Q{at} {{ ...F0 }}")),
            doubling(10, 2, "Query", "__typename")
        ),
        format!(
            "{{ ...F0 @include(if: true) }} {}",
            doubling(30, 2, "Query", "__typename").replace("...F1", "...F1 @include(if: true)")
        ),
        format!("{{ {} }}", "... on Query { __typename } ".repeat(700)),
        nested("{ ... on Query ", "{ __typename }", "}", 60),
    ]
}

/// More of everything than anybody needs.
fn floods() -> Vec<String> {
    let many = "conversations(first: 100)";
    vec![
        format!("{{ {} }}", numbered(500, |at| format!("a{at}: __typename"))),
        format!("{{ {} }}", numbered(31, |at| format!("a{at}: viewer {{ role }}"))),
        format!("{{ inbox {{ nodes {{ {} }} }} }}", numbered(600, |at| format!("a{at}: id"))),
        format!(
            "mutation {{ {} }}",
            numbered(25, |at| format!("a{at}: sessionRevoke(input: {{}}) {{ __typename }}"))
        ),
        format!("{{ __typename {} }}", "@skip(if: false) ".repeat(400)),
        format!("{{ __typename {} }}", numbered(400, |at| format!("@d{at}"))),
        format!("query A {} {{ __typename }}", "@a ".repeat(900)),
        format!("query ($x: Int {}) {{ __typename }}", "@a ".repeat(900)),
        format!("{{ {} }}", "__typename ".repeat(1_700)),
        format!("{{ {} }}", "viewer { role } ".repeat(900)),
        format!("{{ {} }}", "viewer { agent { id } } ".repeat(600)),
        format!("{{ {} }}", "inbox { nodes { id } } ".repeat(500)),
        format!("query ({}) {{ __typename }}", numbered(900, |at| format!("$v{at}: Int"))),
        format!(
            "query ({}) {{ __typename }}",
            numbered(500, |at| format!("$v{at}: [[[[Int!]!]!]!]"))
        ),
        format!("{{ node(id: \"{}\") {{ id }} }}", "x".repeat(19_000)),
        format!("{{ nodes(ids: [{}]) {{ id }} }}", "\"a\" ".repeat(3_000)),
        format!("{{ nodes(ids: [{}]) {{ id }} }}", "1 ".repeat(3_900)),
        format!("{{ __typename }} # {}", "x".repeat(30_000)),
        format!("{{ __typename }}{}", ",".repeat(19_900)),
        format!("{{ {many} {{ nodes {{ messages(first: 100) {{ nodes {{ id }} }} }} }} }}"),
        format!(
            "{{ {} }}",
            numbered(20, |at| format!("a{at}: {many} {{ nodes {{ id version status }} }}"))
        ),
        format!(
            "{{ a: {many} {{ nodes {{ previousConversation {{ messages(last: 100) {{ nodes {{ id }} }} }} }} }} }}"
        ),
        "!".repeat(5_000),
        "\"".repeat(19_999),
        "\u{0}".repeat(1_000),
        "{ a(b: \"\\u{FFFFFFFFFFFFFFFF}\") }".to_owned(),
        "{ messageEstimate(text: 99999999999999999999999999999999999999999999) { segments } }"
            .to_owned(),
        "{ conversations(first: 1e400) { nodes { id } } }".to_owned(),
    ]
}

/// Levels within levels.
fn depths() -> Vec<String> {
    vec![
        nested("{ inbox { nodes ", "{ id }", "} }", 40),
        nested("{ inbox { nodes { previousConversation ", "{ id }", "} } }", 7),
        "{".repeat(10_000),
        format!("{{ node(id: {}) {{ id }} }}", nested("[", "1", "]", 2_000)),
        format!("{{ node(id: {}) {{ id }} }}", nested("{a:", "1", "}", 2_000)),
        format!("query ($v: {}) {{ __typename }}", nested("[", "Int", "]", 4_000)),
        format!("{{ a(b: {}", "[".repeat(4_000)),
        "{ __schema { types { fields { type { fields { type { fields { type { fields { type {
         fields { name } } } } } } } } } } } }".to_owned(),
        "{ __schema { types { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType {
         ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } } } } } } }".to_owned(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hostile_document_is_refused_or_bounded() {
    let app = TestApp::start().await;
    let documents = [fragments(), floods(), depths()].concat();
    assert!(documents.len() >= 50, "{}", documents.len());
    for document in documents {
        let start: String = document.chars().take(60).collect();
        let visited = visits(&document);
        assert!(visited <= VISITS_MAX, "{start}: {visited} visits");
        let body = json!({ "query": document, "operationName": document.starts_with("query A").then_some("A") });
        let bytes = answer_to(&app, &body).await;
        let answer: Value = serde_json::from_slice(&bytes).expect(&start);
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none");
        let is_known =
            ["GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT", "none"]
                .contains(&code);
        assert!(is_known, "{start}: {answer}");
        assert!(bytes.len() <= ANSWER_BYTES_MAX, "{start}: {} bytes", bytes.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_request_is_refused_before_its_document_is_looked_at() {
    let app = TestApp::start().await;
    let batch: Vec<Value> = vec![json!({ "query": "{ __typename }" }); 1_000];
    let deep = nested("[", "1", "]", 5_000);
    for body in [
        json!(batch),
        json!({ "query": ["{ __typename }"] }),
        json!({ "query": "{ __typename }", "variables": "{}" }),
        json!({ "query": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
            "variables": { "ids": vec!["cnv_0"; 20_000] } }),
    ] {
        let answer: Value = serde_json::from_slice(&answer_to(&app, &body).await).unwrap();
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        assert!(["BAD_REQUEST", "BAD_USER_INPUT"].contains(&code), "{answer}");
    }
    let text = format!(r#"{{"query":"{{ __typename }}","variables":{{"a":{deep}}}}}"#);
    let answer = post(&app, text).await;
    assert!(answer.starts_with(b"{\"errors\""), "{answer:?}");
}

async fn answer_to(app: &TestApp, body: &Value) -> Vec<u8> {
    post(app, body.to_string()).await
}

async fn post(app: &TestApp, body: String) -> Vec<u8> {
    let request = http().post(format!("{}/graphql", app.url())).body(body);
    let token = format!("Bearer {}", app.admin.token().unwrap());
    let request = request.header("content-type", "application/json").header("authorization", token);
    request.send().await.unwrap().bytes().await.unwrap().to_vec()
}
