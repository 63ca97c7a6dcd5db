//! Speaks GraphQL over HTTP as one caller.

use serde_json::{Value, json};

use super::{Socket, http};

/// Somebody with a token, or a stranger.
#[derive(Clone)]
pub struct Caller {
    url: String,
    token: Option<String>,
    http: reqwest::Client,
}

impl Caller {
    pub fn new(url: &str, token: Option<String>) -> Self {
        Self { url: url.to_owned(), token, http: http() }
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The whole answer, errors included.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let mut request = self
            .http
            .post(format!("{}/graphql", self.url))
            .header("content-type", "application/json")
            .body(body.to_string());
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let text = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"))
    }

    /// The data of an answer without errors.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.ask(query, variables).await;
        assert_eq!(answer["errors"], Value::Null, "{query}: {answer}");
        answer["data"].clone()
    }

    /// Calls a mutation with an input; answers its payload, in which nothing was refused.
    pub async fn mutate(&self, name: &str, input: Value, fields: &str) -> Value {
        let payload = self.payload(name, input, fields).await;
        assert_eq!(payload["userErrors"], json!([]), "{name}: {payload}");
        payload
    }

    /// Calls a mutation that refuses; answers its first user error.
    pub async fn refused(&self, name: &str, input: Value) -> Value {
        let payload = self.payload(name, input, "").await;
        let errors = payload["userErrors"].as_array().unwrap();
        assert!(!errors.is_empty(), "{name} was not refused");
        errors[0].clone()
    }

    /// Calls a mutation; answers its payload.
    pub async fn payload(&self, name: &str, input: Value, fields: &str) -> Value {
        let input_type = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let query = format!(
            "mutation ($input: {input_type}!) {{ {name}(input: $input) {{ {fields} \
             userErrors {{ code message field retryable currentVersion }} }} }}"
        );
        self.data(&query, json!({ "input": input })).await[name].clone()
    }

    /// The code of the first top-level error.
    pub async fn error_code(&self, query: &str, variables: Value) -> String {
        let answer = self.ask(query, variables).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str();
        code.unwrap_or_else(|| panic!("no error code: {answer}")).to_owned()
    }

    /// A socket of this caller.
    pub async fn socket(&self) -> Socket {
        Socket::open(&self.url, self.token.as_deref()).await
    }
}
