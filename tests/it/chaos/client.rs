//! Asks, and takes no answer for an answer: whoever is asked may be dead.

use std::time::Duration;

use serde_json::{Value, json};

/// Longer than the server takes for anything that it answers.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// Somebody who asks one server.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

impl Client {
    pub fn new(url: &str, token: Option<&str>) -> Self {
        // Another part of the process may have installed it before, which is just as well.
        rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::builder().timeout(ANSWER_TIMEOUT).no_proxy().build().unwrap();
        Self { http, url: url.to_owned(), token: token.map(str::to_owned) }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The data of an answer; none where there was no answer, or an error in it.
    pub async fn graphql(&self, query: &str, variables: Value) -> Option<Value> {
        let body = json!({ "query": query, "variables": variables });
        let answer = self.post("graphql", &body).await?;
        let is_whole = answer["errors"].is_null() && answer["data"].is_object();
        is_whole.then(|| answer["data"].clone())
    }

    /// A mutation's payload, refusals included.
    pub async fn mutate(&self, name: &str, input: Value, fields: &str) -> Option<Value> {
        let input_type = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let query = format!(
            "mutation ($input: {input_type}!) {{ {name}(input: $input) {{ {fields} \
             userErrors {{ code }} }} }}"
        );
        Some(self.graphql(&query, json!({ "input": input })).await?[name].clone())
    }

    pub async fn post(&self, path: &str, body: &Value) -> Option<Value> {
        let mut request = self
            .http
            .post(format!("{}/{path}", self.url))
            .header("content-type", "application/json")
            .body(body.to_string());
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        json_of(request).await
    }

    pub async fn get(&self, path: &str) -> Option<Value> {
        json_of(self.http.get(format!("{}/{path}", self.url))).await
    }

    /// What stands there, whatever it is.
    pub async fn text(&self, path: &str) -> Option<(u16, String)> {
        let answer = self.http.get(format!("{}/{path}", self.url)).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.text().await.ok()?))
    }
}

async fn json_of(request: reqwest::RequestBuilder) -> Option<Value> {
    let text = request.send().await.ok()?.text().await.ok()?;
    serde_json::from_str(&text).ok()
}
