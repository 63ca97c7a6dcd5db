//! A page size that is left out counts as null.
//!
//! The library reckons what a document costs before it runs, and takes a variable that the request
//! does not give for a mistake. Clients leave out what they do not set, such as `$last` of a list
//! that is read forward; a list takes a size that is null and one that is left out for the same.

use std::{collections::HashSet, sync::Arc};

use async_graphql::{
    Name, Positioned, ServerResult, Value, Variables,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery},
    parser::types::{DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet},
};

/// The arguments that the cost of a list is reckoned by; each is nullable and has no default.
const SIZES: [&str; 2] = ["first", "last"];

/// Gives the variables of page sizes a default where the request gives no value.
pub struct OmittedPageSizes;

impl ExtensionFactory for OmittedPageSizes {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for OmittedPageSizes {
    async fn parse_query(
        &self,
        context: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let mut document = next.run(context, query, variables).await?;
        settle(&mut document, variables);
        Ok(document)
    }
}

fn settle(document: &mut ExecutableDocument, variables: &Variables) {
    let sizes = size_variables(document);
    let operations: Vec<_> = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        for definition in &mut operation.node.variable_definitions {
            let (position, definition) = (definition.pos, &mut definition.node);
            let name = &definition.name.node;
            let is_left_out = definition.var_type.node.nullable
                && definition.default_value.is_none()
                && !variables.contains_key(name);
            if is_left_out && sizes.contains(name) {
                definition.default_value = Some(Positioned::new(Value::Null, position));
            }
        }
    }
}

/// The variables that say how large a page is to be.
fn size_variables(document: &ExecutableDocument) -> HashSet<Name> {
    let operations = document.operations.iter().map(|(_, one)| &one.node.selection_set.node);
    let fragments = document.fragments.values().map(|one| &one.node.selection_set.node);
    let mut found = HashSet::new();
    for set in operations.chain(fragments) {
        collect(set, &mut found);
    }
    found
}

/// Ends: a document has no deeper levels than the parser takes, and fragments are not followed.
fn collect(set: &SelectionSet, found: &mut HashSet<Name>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                found.extend(sizes_of(&field.node));
                collect(&field.node.selection_set.node, found);
            }
            Selection::InlineFragment(inline) => {
                collect(&inline.node.selection_set.node, found);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn sizes_of(field: &Field) -> impl Iterator<Item = Name> + '_ {
    let sizes = field.arguments.iter().filter(|(name, _)| SIZES.contains(&name.node.as_str()));
    // The library does not show the type of these values; only a variable is written with a `$`.
    sizes.filter_map(|(_, value)| value.node.to_string().strip_prefix('$').map(Name::new))
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    fn settled(query: &str, variables: serde_json::Value) -> Vec<String> {
        let mut document = parse_query(query).unwrap();
        settle(&mut document, &Variables::from_json(variables));
        let operations = document.operations.iter();
        let definitions = operations.flat_map(|(_, one)| &one.node.variable_definitions);
        let settled = definitions.filter(|one| {
            one.node.default_value.as_ref().is_some_and(|value| value.node == Value::Null)
        });
        settled.map(|one| one.node.name.node.to_string()).collect()
    }

    #[test]
    fn only_sizes_that_are_left_out_become_null() {
        let list =
            "query ($a: Int, $b: Int, $c: String) { x(first: $a, last: $b, after: $c) { y } }";
        let fragment = "query ($a: Int) { x { ...F } } fragment F on X { z { y(last: $a) { i } } }";
        let table = [
            (list, json!({}), vec!["a", "b"]),
            (list, json!({ "a": 1 }), vec!["b"]),
            (list, json!({ "a": 1, "b": null }), vec![]),
            (fragment, json!({}), vec!["a"]),
            ("query ($a: Int) { x { ... on X { y(first: $a) { i } } } }", json!({}), vec!["a"]),
            ("query ($a: Int = 5) { x(first: $a) { y } }", json!({}), vec![]),
            ("query ($a: Int!) { x(first: $a) { y } }", json!({}), vec![]),
            ("query ($a: Int) { x(limit: $a, filter: { first: $a }) { y } }", json!({}), vec![]),
        ];
        for (query, variables, expected) in table {
            assert_eq!(settled(query, variables), expected, "{query}");
        }
    }
}
