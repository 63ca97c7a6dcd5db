//! GraphQL over HTTP and SSE: statuses, content types, documents that ask for too much.

use std::time::Instant;

use serde_json::{Value, json};

use crate::support::{TestApp, eventually, http};

/// Posts a body as it is; answers status, content type and text.
async fn post(
    app: &TestApp,
    body: impl Into<String>,
    headers: &[(&str, &str)],
) -> (u16, String, String) {
    let mut request = http().post(format!("{}/graphql", app.url())).body(body.into());
    request = request.header("authorization", format!("Bearer {}", app.admin.token().unwrap()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let kind = answer.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), kind.unwrap_or_default(), answer.text().await.unwrap())
}

/// Body, headers, and the status and content type that they are answered with.
type Expected<'a> = (&'a str, &'a [(&'a str, &'a str)], u16, &'a str);

const JSON: (&str, &str) = ("content-type", "application/json");
const NEW: (&str, &str) = ("accept", "application/graphql-response+json");

#[tokio::test(flavor = "multi_thread")]
async fn statuses_and_content_types_follow_the_specification() {
    let app = TestApp::start().await;
    let good = json!({ "query": "{ __typename }" }).to_string();
    let wrong = json!({ "query": "{ nothing }" }).to_string();
    let malformed = json!({ "query": "{" }).to_string();
    let table: [Expected<'_>; 11] = [
        (&good, &[JSON], 200, "application/json; charset=utf-8"),
        (&good, &[JSON, NEW], 200, "application/graphql-response+json; charset=utf-8"),
        (&wrong, &[JSON], 200, "application/json; charset=utf-8"),
        (&wrong, &[JSON, NEW], 400, "application/graphql-response+json; charset=utf-8"),
        (&malformed, &[JSON, NEW], 400, "application/graphql-response+json; charset=utf-8"),
        (&good, &[JSON, ("accept", "text/html")], 406, "application/json; charset=utf-8"),
        (&good, &[("content-type", "text/plain")], 415, "application/json; charset=utf-8"),
        (&good, &[], 415, "application/json; charset=utf-8"),
        ("{", &[JSON], 400, "application/json; charset=utf-8"),
        ("[]", &[JSON], 400, "application/json; charset=utf-8"),
        (r#"{"query":1}"#, &[JSON], 400, "application/json; charset=utf-8"),
    ];
    for (body, headers, status, kind) in table {
        let (found, content_type, text) = post(&app, body, headers).await;
        assert_eq!((found, content_type.as_str()), (status, kind), "{body} {headers:?}: {text}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        if answer.get("errors").is_some() {
            assert_eq!(answer.get("data"), None, "nothing ran: {text}");
            assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{text}");
            assert!(answer["errors"][0]["extensions"]["requestId"].is_string(), "{text}");
        }
    }
    let large =
        json!({ "query": format!("{{ __typename }} #{}", "x".repeat(300_000)) }).to_string();
    assert_eq!(post(&app, large, &[JSON]).await.0, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn get_reads_and_never_writes() {
    let app = TestApp::start().await;
    let get = |query: &str| {
        let url = format!("{}/graphql?query={query}", app.url());
        let token = format!("Bearer {}", app.admin.token().unwrap());
        async move { http().get(url).header("authorization", token).send().await.unwrap() }
    };
    assert_eq!(get("%7B__typename%7D").await.status().as_u16(), 200);
    let mutation = "mutation%7BsessionRevoke(input:%7B%7D)%7B__typename%7D%7D";
    let refused = get(mutation).await;
    assert_eq!(refused.status().as_u16(), 405);
    assert_eq!(refused.headers()["allow"], "GET, POST");
    let put = http().put(format!("{}/graphql", app.url())).send().await.unwrap();
    assert_eq!(put.status().as_u16(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_that_names_a_key_twice_runs_not_at_all() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550123").await;
    let field = |key: &str| {
        format!(
            "messageSend(input: {{ conversationId: \"{conversation}\", idempotencyKey: \"{key}\",
             text: \"x\" }}) {{ userErrors {{ code }} }}"
        )
    };
    let twice = format!("mutation {{ {} {} }}", field("a"), field("b"));
    let spread =
        format!("mutation {{ {} ...F }} fragment F on Mutation {{ {} }}", field("c"), field("d"));
    for query in [twice, spread] {
        let code = app.anna.error_code(&query, json!({})).await;
        assert_eq!(code, "GRAPHQL_VALIDATION_FAILED");
    }
    assert_eq!(app.database.count("select count(*) from messages").await, 1);
    let aliased = format!("mutation {{ a: {} b: {} }}", field("a"), field("b"));
    app.anna.data(&aliased, json!({})).await;
    assert_eq!(app.database.count("select count(*) from messages").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_documents_are_refused_at_once() {
    let app = TestApp::start().await;
    let doubling: String = (0..30)
        .map(|at| format!("fragment F{at} on Query {{ ...F{next} ...F{next} }}", next = at + 1))
        .chain(["fragment F30 on Query { __typename }".to_owned()])
        .collect();
    let aliases: Vec<String> = (0..500).map(|at| format!("a{at}: __typename")).collect();
    let aliases = aliases.join(" ");
    let directives = "@skip(if: false) ".repeat(400);
    let deep = format!("{}id{}", "{ inbox { nodes ".repeat(40), "} }".repeat(40));
    let documents = [
        format!("{{ ...F0 }} {doubling}"),
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned(),
        format!("{{ {aliases} }}"),
        format!("{{ __typename {directives} }}"),
        deep,
        format!("{{ {} }}", "__typename ".repeat(1_700)),
        "{ conversations(first: 100) { nodes { messages(first: 100) { nodes { id } } } } }"
            .to_owned(),
        "{".repeat(10_000),
        "query ($a: ID!) { node(id: $a) { id } }".to_owned(),
    ];
    for document in documents {
        let begun = Instant::now();
        let code = app.admin.error_code(&document, json!({})).await;
        let start: String = document.chars().take(60).collect();
        assert!(
            ["GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"].contains(&&*code),
            "{start}: {code}"
        );
        assert!(begun.elapsed().as_secs() < 2, "{start} took {:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_told_as_unavailable() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550123").await;
    app.database.close().await;
    let query = "{ conversations(first: 1) { nodes { id } } }";
    let code = eventually("the answer is UNAVAILABLE", || async {
        let answer = app.anna.ask(query, json!({})).await;
        answer["errors"][0]["extensions"]["code"].as_str().map(ToOwned::to_owned)
    })
    .await;
    assert_eq!(code, "UNAVAILABLE");
    app.database.open().await;
    eventually("it goes on", || async {
        let answer = app.anna.ask(query, json!({})).await;
        answer.get("errors").is_none().then_some(())
    })
    .await;
    eventually("and writes", || async {
        let input =
            json!({ "conversationId": conversation, "idempotencyKey": "k1", "text": "again" });
        let payload = app.anna.payload("messageSend", input, "message { id }").await;
        payload["message"]["id"].is_string().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_streamed_as_server_sent_events() {
    let app = TestApp::start().await;
    let stream = ("accept", "text/event-stream");
    let beats = json!({ "query": "subscription { heartbeat(intervalMs: 10, limit: 2) { seq } }" });
    let (status, kind, text) = post(&app, beats.to_string(), &[JSON, stream]).await;
    assert_eq!((status, kind.as_str()), (200, "text/event-stream"));
    assert_eq!(text.matches("event: next\n").count(), 2, "{text}");
    assert!(text.contains(r#"data: {"data":{"heartbeat":{"seq":2}}}"#), "{text}");
    assert!(text.ends_with("event: complete\ndata:\n\n"), "{text}");
    let query = json!({ "query": "{ __typename }" });
    let (_, _, text) = post(&app, query.to_string(), &[JSON, stream]).await;
    assert!(text.contains(r#"{"data":{"__typename":"Query"}}"#), "{text}");
    let wrong = json!({ "query": "subscription { nothing }" });
    let (_, _, text) = post(&app, wrong.to_string(), &[JSON, stream]).await;
    assert!(
        text.contains("GRAPHQL_VALIDATION_FAILED") && text.contains("event: complete"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_nesting_bomb_does_not_bring_the_server_down() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    for (open, close) in [("[", "]"), ("{a:", "}")] {
        for depth in [100, 2_000, 4_900] {
            let value = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for document in [
                format!("{{ node(id: {value}) {{ id }} }}"),
                format!("{{ node(id: {}", open.repeat(depth)),
            ] {
                let code = stranger.error_code(&document, json!({})).await;
                assert!(["GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"].contains(&&*code));
            }
        }
    }
    app.admin.data("{ __typename }", json!({})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_size_that_is_declared_may_be_left_out() {
    let app = TestApp::start().await;
    let query = "query ($first: Int, $last: Int) {
        conversations(first: $first, last: $last) { nodes { id } } }";
    app.admin.data(query, json!({ "first": 7 })).await;
    app.admin.data(query, json!({})).await;
}
