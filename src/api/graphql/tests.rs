use std::collections::BTreeSet;

use async_graphql::{Request, Response, Value};
use uuid::Uuid;

use super::*;
use crate::{
    domain::{
        conversation::access::Role,
        ids::{AgentId, OrganizationId, SessionId},
    },
    store::credential::Credential,
};

/// What the usual tools and code generators send, with nine levels of wrapped types.
const INTROSPECTION: &str = "
    query IntrospectionQuery { __schema {
        description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
        types { ...FullType }
        directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
    } }
    fragment FullType on __Type {
        kind name description specifiedByURL
        fields(includeDeprecated: true) {
            name description args(includeDeprecated: true) { ...InputValue }
            type { ...TypeRef } isDeprecated deprecationReason
        }
        inputFields(includeDeprecated: true) { ...InputValue }
        interfaces { ...TypeRef }
        enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
        possibleTypes { ...TypeRef }
    }
    fragment InputValue on __InputValue {
        name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
    }
    fragment TypeRef on __Type {
        kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
        ofType { kind name ofType { kind name ofType { kind name ofType { kind name
        ofType { kind name } } } } } } } } }
    }";

fn admin() -> Principal {
    Principal {
        organization: OrganizationId(Uuid::nil()),
        agent: AgentId(Uuid::nil()),
        role: Role::Admin,
        queues: Vec::new(),
        credential: Credential::Session(SessionId(Uuid::nil())),
        expires_at: None,
    }
}

fn codes(response: &Response) -> Vec<Option<&Value>> {
    let code = |error: &'_ async_graphql::ServerError| error.extensions.is_some();
    assert!(response.errors.iter().all(code), "{:?}", response.errors);
    response
        .errors
        .iter()
        .filter_map(|error| error.extensions.as_ref())
        .map(|all| all.get("code"))
        .collect()
}

#[tokio::test]
async fn introspection_passes_the_limits_for_staff_and_is_refused_to_strangers() {
    let schema = build(None);
    let answer = schema.execute(Request::new(INTROSPECTION).data(admin())).await;
    assert_eq!(answer.errors, Vec::new());
    for query in [INTROSPECTION, "{ a: __type(name: \"Query\") { name } }"] {
        let answer = schema.execute(query).await;
        assert_eq!(codes(&answer), [Some(&Value::from("UNAUTHENTICATED"))]);
    }
    assert_eq!(schema.execute("{ __typename }").await.errors, Vec::new());
}

#[tokio::test]
async fn every_root_field_stands_in_the_access_table_and_nothing_else_does() {
    let schema = build(None);
    let mut fields = BTreeSet::new();
    for root in ["Query", "Mutation", "Subscription"] {
        let query = format!("{{ __type(name: \"{root}\") {{ fields {{ name }} }} }}");
        let answer = schema.execute(Request::new(query).data(admin())).await;
        let data = answer.data.into_json().unwrap();
        for field in data["__type"]["fields"].as_array().unwrap() {
            fields.insert(format!("{root}.{}", field["name"].as_str().unwrap()));
        }
    }
    let table: BTreeSet<String> = ACCESS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(fields, table);
}

#[tokio::test]
async fn a_document_that_asks_for_too_much_is_refused() {
    let schema = build(None);
    let pages = "{ conversations(first: 100) { nodes { messages(first: 100) { nodes { id } } } } }";
    let deep = format!("{{ inbox {}", "{ nodes { previousConversation ".repeat(8));
    for query in [pages.to_owned(), format!("{deep} {{ id }} {} }}", "} }".repeat(8))] {
        let answer = schema.execute(Request::new(&query).data(admin())).await;
        assert_eq!(answer.errors.len(), 1, "{query}: {:?}", answer.errors);
        assert_eq!(answer.data, Value::Null);
    }
}

#[tokio::test]
async fn every_part_of_the_schema_says_what_it_is() {
    let query = "{ __schema { types { name description
        fields { name description args { name description } }
        enumValues { name description } inputFields { name description } } } }";
    let answer = build(None).execute(Request::new(query).data(admin())).await;
    let data = answer.data.into_json().unwrap();
    let mut silent = Vec::new();
    for kind in data["__schema"]["types"].as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        if name.starts_with("__") {
            continue;
        }
        // These are the library's: of connections, the fields are described.
        if name != "ID" && !name.ends_with("Connection") {
            note(&mut silent, name, kind);
        }
        for list in ["fields", "enumValues", "inputFields"] {
            for part in kind[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", part["name"].as_str().unwrap());
                note(&mut silent, &path, part);
                for argument in part["args"].as_array().into_iter().flatten() {
                    let path = format!("{path}({})", argument["name"].as_str().unwrap());
                    note(&mut silent, &path, argument);
                }
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

fn note(silent: &mut Vec<String>, path: &str, described: &serde_json::Value) {
    if described["description"].as_str().unwrap_or_default().is_empty() {
        silent.push(path.to_owned());
    }
}

#[tokio::test]
async fn a_refused_input_does_not_quote_a_secret() {
    const MUTATIONS: [&str; 4] = [
        "channelAccountCreate(input: { name: \"a\", customerId: \"b\", idempotencyKey: \"c\",
            apiKey: SECRET }) { userErrors { code } }",
        "channelAccountRotateKey(input: { channelAccountId: \"a\", expectedVersion: 1,
            apiKey: SECRET }) { userErrors { code } }",
        "sessionCreate(input: { email: \"a\", password: SECRET }) { userErrors { code } }",
        "agentCreate(input: { displayName: \"a\", role: AGENT, password: SECRET })
            { userErrors { code } }",
    ];
    let schema = build(None);
    for mutation in MUTATIONS {
        for secret in ["9876543210", "[\"9876543210\"]", "{ x: \"9876543210\" }", "E9876543210"] {
            let text = format!("mutation {{ {} }}", mutation.replace("SECRET", secret));
            let answer = schema.execute(Request::new(&text).data(admin())).await;
            assert!(!answer.errors.is_empty(), "{text}");
            let shown = format!("{:?}", answer.errors);
            assert!(!shown.contains("9876543210"), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_refused_scalar_says_what_it_takes_and_does_not_quote_a_number() {
    let schema = build(None);
    for address in ["14155550123", "\"1415555012345678\"", "[\"14155550123\"]", "true"] {
        let filter = format!("filter: {{ customerAddress: {address} }}");
        let query = format!("{{ conversations({filter}) {{ nodes {{ id }} }} }}");
        let answer = schema.execute(Request::new(&query).data(admin())).await;
        let message = &answer.errors[0].message;
        assert!(message.starts_with("Failed to parse \"SmsAddress\": expected"), "{message}");
        assert!(!message.contains("4155550123"), "{message}");
    }
}
