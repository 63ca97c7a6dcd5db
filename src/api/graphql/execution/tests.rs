//! The specification's chapter on execution, on a schema that fails on purpose.

#![expect(clippy::unused_async, reason = "the macro takes async functions only")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    Context, Error, Interface, MaybeUndefined, Object, Request, Schema, SimpleObject, Subscription,
    Variables,
};
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};

use super::*;

#[derive(Clone, Default)]
struct Calls(Arc<AtomicUsize>);

struct Query;
struct Thing(i32);
struct Mutation;
struct Events;

#[derive(SimpleObject)]
struct Dog {
    id: i32,
    barks: bool,
}

#[derive(Interface)]
#[graphql(field(name = "id", ty = "&i32"))]
enum Animal {
    Dog(Dog),
}

fn wrong(message: &str) -> Error {
    Error::new(message)
}

#[Object]
impl Thing {
    async fn ok(&self) -> i32 {
        self.0
    }
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        self.0
    }
    async fn needed(&self) -> Result<i32, Error> {
        Err(wrong("needed"))
    }
    async fn wanted(&self) -> Result<Option<i32>, Error> {
        Err(wrong("wanted"))
    }
    async fn thing(&self) -> Thing {
        Thing(self.0 + 1)
    }
    async fn maybe_thing(&self) -> Option<Thing> {
        Some(Thing(self.0 + 1))
    }
}

#[Object]
impl Query {
    async fn ok(&self) -> i32 {
        1
    }
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        2
    }
    async fn fails(&self) -> Result<Option<i32>, Error> {
        Err(wrong("fails"))
    }
    async fn fails_too(&self) -> Result<Option<Thing>, Error> {
        Err(wrong("fails too"))
    }
    async fn thing(&self) -> Option<Thing> {
        Some(Thing(0))
    }
    async fn things(&self) -> Option<Vec<Thing>> {
        Some(vec![Thing(1), Thing(2)])
    }
    async fn maybe_things(&self) -> Vec<Option<Thing>> {
        vec![Some(Thing(1)), Some(Thing(2))]
    }
    async fn counted(&self, context: &Context<'_>, of: Option<i32>) -> Vec<Thing> {
        context.data_unchecked::<Calls>().0.fetch_add(1, Ordering::Relaxed);
        vec![Thing(of.unwrap_or(7)), Thing(8)]
    }
    async fn animal(&self) -> Animal {
        Animal::Dog(Dog { id: 3, barks: true })
    }
    async fn given(&self, x: MaybeUndefined<i32>) -> String {
        match x {
            MaybeUndefined::Undefined => "undefined".to_owned(),
            MaybeUndefined::Null => "null".to_owned(),
            MaybeUndefined::Value(x) => x.to_string(),
        }
    }
}

#[Object]
impl Mutation {
    async fn fails(&self) -> Result<Option<i32>, Error> {
        Err(wrong("fails"))
    }
    async fn count(&self, context: &Context<'_>) -> Option<usize> {
        Some(context.data_unchecked::<Calls>().0.fetch_add(1, Ordering::Relaxed))
    }
}

#[Subscription]
impl Events {
    async fn things(&self) -> impl Stream<Item = Thing> {
        stream::iter([Thing(1), Thing(2)])
    }
}

type Sample = Schema<Query, Mutation, Events>;

fn sample() -> (Sample, Calls) {
    let calls = Calls::default();
    let schema = Schema::build(Query, Mutation, Events)
        .data(calls.clone())
        .extension(NullableFields)
        .extension(Cost)
        .extension(OmittedPageSizes)
        .extension(MergedSelections)
        .finish();
    (schema, calls)
}

/// Data as it is written, and where errors are, sorted.
async fn run(request: impl Into<Request>) -> (String, Vec<String>) {
    let (schema, _) = sample();
    let response = schema.execute(request).await;
    let path = |error: &async_graphql::ServerError| {
        let names = error.path.iter().map(|segment| match segment {
            async_graphql::PathSegment::Field(name) => name.clone(),
            async_graphql::PathSegment::Index(index) => index.to_string(),
        });
        names.collect::<Vec<_>>().join(".")
    };
    let mut errors: Vec<String> = response.errors.iter().map(path).collect();
    errors.sort();
    (serde_json::to_string(&response.data).unwrap(), errors)
}

#[tokio::test]
async fn an_error_stops_at_the_nearest_field_that_may_be_null() {
    let table: [(&str, &str, &[&str]); 9] = [
        ("{ fails ok }", r#"{"fails":null,"ok":1}"#, &["fails"]),
        (
            "{ fails failsToo { ok } ok }",
            r#"{"fails":null,"failsToo":null,"ok":1}"#,
            &["fails", "failsToo"],
        ),
        ("{ a: fails ok }", r#"{"a":null,"ok":1}"#, &["a"]),
        ("{ ok thing { ok needed } }", r#"{"ok":1,"thing":null}"#, &["thing.needed"]),
        ("{ thing { wanted ok } }", r#"{"thing":{"wanted":null,"ok":0}}"#, &["thing.wanted"]),
        (
            "{ thing { ok maybeThing { thing { needed } } } }",
            r#"{"thing":{"ok":0,"maybeThing":null}}"#,
            &["thing.maybeThing.thing.needed"],
        ),
        ("{ ok things { needed } }", r#"{"ok":1,"things":null}"#, &["things.0.needed"]),
        (
            "{ maybeThings { ok needed } ok }",
            r#"{"maybeThings":[null,null],"ok":1}"#,
            &["maybeThings.0.needed", "maybeThings.1.needed"],
        ),
        ("mutation { a: fails b: count }", r#"{"a":null,"b":0}"#, &["a"]),
    ];
    for (query, data, errors) in table {
        assert_eq!(run(query).await, (data.to_owned(), errors.map_owned()), "{query}");
    }
}

trait MapOwned {
    fn map_owned(&self) -> Vec<String>;
}

impl MapOwned for &[&str] {
    fn map_owned(&self) -> Vec<String> {
        self.iter().map(|text| (*text).to_owned()).collect()
    }
}

#[tokio::test]
async fn keys_come_in_the_order_of_the_document() {
    for (query, data) in [
        ("{ slow ok }", r#"{"slow":2,"ok":1}"#),
        ("{ thing { slow ok } b: ok a: ok }", r#"{"thing":{"slow":0,"ok":0},"b":1,"a":1}"#),
        (
            "{ ...F ok } fragment F on Query { slow ...G } fragment G on Query { a: ok }",
            r#"{"slow":2,"a":1,"ok":1}"#,
        ),
        ("{ thing { ok } ok thing { slow } }", r#"{"thing":{"ok":0,"slow":0},"ok":1}"#),
    ] {
        assert_eq!(run(query).await, (data.to_owned(), vec![]), "{query}");
    }
}

#[tokio::test]
async fn a_variable_that_is_left_out_is_not_null() {
    let with = |query: &str, variables: Value| {
        Request::new(query).variables(Variables::from_json(variables))
    };
    let query = "query ($x: Int) { given(x: $x) }";
    for (request, given) in [
        (with(query, json!({})), "undefined"),
        (with(query, json!({ "x": null })), "null"),
        (with(query, json!({ "x": 4 })), "4"),
        (with("query ($x: Int = 5) { given(x: $x) }", json!({})), "5"),
        (with("query ($x: Int = 5) { given(x: $x) }", json!({ "x": null })), "null"),
        (with("{ given }", json!({})), "undefined"),
        (with("{ given(x: null) }", json!({})), "null"),
    ] {
        let shown = format!("{request:?}");
        assert_eq!(run(request).await.0, format!(r#"{{"given":"{given}"}}"#), "{shown}");
    }
}

#[tokio::test]
async fn what_is_named_twice_runs_once() {
    let table = [
        ("{ counted { ok } counted { ok } }", r#"[{"ok":7},{"ok":8}]"#, 1),
        (
            "{ counted { ok } ...F ... on Query { counted { thing { ok } } } }
             fragment F on Query { ...G } fragment G on Query { counted { thing { slow } } }",
            r#"[{"ok":7,"thing":{"slow":8,"ok":8}},{"ok":8,"thing":{"slow":9,"ok":9}}]"#,
            1,
        ),
        (
            "{ counted(of: 1) { ok } counted(of: 1) { thing { ok } } }",
            r#"[{"ok":1,"thing":{"ok":2}},{"ok":8,"thing":{"ok":9}}]"#,
            1,
        ),
        // A condition holds for its own selections.
        ("{ counted { ok } counted @skip(if: true) { slow } }", r#"[{"ok":7},{"ok":8}]"#, 1),
        (
            "{ counted { ok } ... @include(if: true) { counted { slow } } }",
            r#"[{"ok":7,"slow":7},{"ok":8,"slow":8}]"#,
            2,
        ),
        (
            "{ counted { ok } ...F @skip(if: true) ...G } fragment F on Query { ...G }
             fragment G on Query { counted { slow } }",
            r#"[{"ok":7,"slow":7},{"ok":8,"slow":8}]"#,
            1,
        ),
    ];
    for (query, counted, runs) in table {
        let (schema, calls) = sample();
        let response = schema.execute(query).await;
        assert_eq!(response.errors, Vec::new(), "{query}");
        let expected = format!(r#"{{"counted":{counted}}}"#);
        assert_eq!(serde_json::to_string(&response.data).unwrap(), expected, "{query}");
        assert_eq!(calls.0.load(Ordering::Relaxed), runs, "{query}");
    }
}

#[tokio::test]
async fn what_does_not_go_together_is_refused_as_before() {
    for query in [
        "{ counted(of: 1) { ok } counted(of: 2) { ok } }",
        "{ a: ok a: slow }",
        "{ thing { a: ok } ...F } fragment F on Query { thing { a: slow } }",
        "{ ok } fragment Unused on Query { ok }",
        "{ ...F } fragment F on Nothing { ok }",
        "{ thing { ...F } } fragment F on Query { ok }",
        "{ ...Nobody }",
        "{ ...F } fragment F on Query { nothing }",
        "{ ok { ok } }",
        "{ thing }",
    ] {
        let (data, errors) = run(query).await;
        assert_eq!((data.as_str(), errors.is_empty()), ("null", false), "{query}");
    }
}

#[tokio::test]
async fn a_fragment_of_an_interface_adds_what_only_the_object_has() {
    let query = "{ animal { id ... on Dog { barks } ...D __typename } }
        fragment D on Dog { id barks name: __typename }";
    let expected = r#"{"animal":{"id":3,"barks":true,"name":"Dog","__typename":"Dog"}}"#;
    assert_eq!(run(query).await, (expected.to_owned(), vec![]));
}

#[tokio::test]
async fn an_event_that_fails_leaves_the_next_one_alone() {
    let (schema, _) = sample();
    for query in [
        "subscription { things { ok wanted } }",
        "subscription { ...F } fragment F on Events { things { ok wanted } }",
    ] {
        let events: Vec<_> = schema.execute_stream(query).collect().await;
        assert_eq!(events.len(), 2, "{query}");
        for (at, event) in events.iter().enumerate() {
            let data = event.data.clone().into_json().unwrap();
            assert_eq!(data, json!({ "things": { "ok": at + 1, "wanted": null } }));
            assert_eq!(event.errors.len(), 1, "{query}: {:?}", event.errors);
        }
    }
}

#[tokio::test]
async fn the_answer_tells_what_the_document_cost() {
    let (schema, _) = sample();
    let answer = schema.execute("{ ok thing { ok } ...F } fragment F on Query { slow }").await;
    let cost = answer.extensions["cost"].clone().into_json().unwrap();
    assert_eq!(cost, json!({ "requested": 4, "maximum": 2_000 }));
    let refused = schema.execute("{ nothing }").await;
    assert!(refused.extensions.is_empty(), "{refused:?}");
}
