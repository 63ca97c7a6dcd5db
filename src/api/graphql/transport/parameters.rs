//! What a request asks: the four parameters of GraphQL over HTTP, read strictly.

use async_graphql::{Request, Variables};
use serde_json::{Map, Value};

/// The parameters of one operation.
#[derive(Debug)]
pub(super) struct Parameters {
    pub(super) query: String,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Map<String, Value>,
}

impl Parameters {
    /// From the JSON of a body, or of a `subscribe` message.
    pub(super) fn from_json(value: Value) -> Result<Self, String> {
        let Value::Object(mut fields) = value else {
            let what = if value.is_array() { "batches are not taken; send" } else { "expected" };
            return Err(format!("{what} one JSON object with `query`"));
        };
        let query = match fields.remove("query") {
            Some(Value::String(query)) => query,
            Some(_) => return Err("`query` must be a text".to_owned()),
            None => return Err("`query` is missing".to_owned()),
        };
        let operation_name = match fields.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err("`operationName` must be a text".to_owned()),
        };
        let variables = object(&mut fields, "variables")?;
        // Nothing is read from it, but a wrong one shows that the client is wrong.
        object(&mut fields, "extensions")?;
        Ok(Self { query, operation_name, variables })
    }

    /// From the query string of a GET.
    pub(super) fn from_query_string(text: &str) -> Result<Self, String> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(text)
            .map_err(|_malformed| "the query string is malformed".to_owned())?;
        let mut fields = Map::new();
        for (name, value) in pairs {
            let value = match name.as_str() {
                "query" | "operationName" => Value::String(value),
                "variables" | "extensions" if value.is_empty() => Value::Null,
                "variables" | "extensions" => serde_json::from_str(&value)
                    .map_err(|_malformed| format!("`{name}` must be JSON"))?,
                _ => continue,
            };
            if fields.insert(name.clone(), value).is_some() {
                return Err(format!("`{name}` is given twice"));
            }
        }
        if fields.get("operationName").is_some_and(|name| name == "") {
            fields.remove("operationName");
        }
        Self::from_json(Value::Object(fields))
    }

    /// As the library takes it.
    pub(super) fn into_request(self) -> Request {
        let request =
            Request::new(self.query).variables(Variables::from_json(Value::Object(self.variables)));
        match self.operation_name {
            Some(name) => request.operation_name(name),
            None => request,
        }
    }
}

fn object(fields: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, String> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(format!("`{name}` must be an object")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn wrong_parameters_are_named() {
        let table = [
            (json!([]), "batches"),
            (json!("{}"), "one JSON object"),
            (json!({}), "`query` is missing"),
            (json!({"query": 1}), "`query` must be a text"),
            (json!({"query": "{a}", "operationName": 1}), "`operationName`"),
            (json!({"query": "{a}", "variables": []}), "`variables`"),
            (json!({"query": "{a}", "extensions": "x"}), "`extensions`"),
        ];
        for (value, part) in table {
            let error = Parameters::from_json(value).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
        let nulls = json!({"query": "{a}", "operationName": null, "variables": null});
        assert!(Parameters::from_json(nulls).is_ok());
    }

    #[test]
    fn a_query_string_says_the_same_as_a_body() {
        let text = "query=%7Ba%7D&variables=%7B%22x%22%3A1%7D&operationName=&other=1";
        let read = Parameters::from_query_string(text).unwrap();
        assert_eq!((read.query.as_str(), read.operation_name), ("{a}", None));
        assert_eq!(read.variables["x"], 1);
        for (wrong, part) in [
            ("variables=1", "`query`"),
            ("query=a&variables=%7B", "JSON"),
            ("query=a&query=b", "twice"),
        ] {
            let error = Parameters::from_query_string(wrong).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
