//! A look at the document before anything of it runs.
//!
//! The library's own limits are checked after it has walked the document, once for each use of a
//! fragment: thirty fragments that each use the next one twice would keep it busy for hours. Here a
//! fragment is weighed once. The library also runs a field twice that is named twice, which on a
//! mutation sends a text twice: that is refused as well.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned, ServerError,
    parser::{
        parse_query,
        types::{
            DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
            SelectionSet,
        },
    },
};
use serde_json::{Map, Value};

use super::{error_code::ErrorCode, nesting::measure};

/// Longest document, in bytes.
const DOCUMENT_BYTES_MAX: usize = 20_000;
/// Fields, with each use of a fragment counted.
const FIELDS_MAX: u64 = 2_000;
/// Fields within fields.
const DEPTH_MAX: u64 = 15;
/// Aliases, with each use of a fragment counted.
const ALIASES_MAX: u64 = 30;
/// Fields at the root.
const ROOT_FIELDS_MAX: usize = 20;
/// Directives, with each use of a fragment counted.
const DIRECTIVES_MAX: u64 = 100;
/// The lists that lead from one type to others, and how many of them may stand within one another:
/// the schema is a net, so that each more multiplies the answer. The usual tools need one.
const TYPE_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];
const TYPE_LISTS_MAX: u64 = 1;

/// A document that may run, and what it does.
#[derive(Debug)]
pub(super) struct Admitted {
    pub(super) document: ExecutableDocument,
    pub(super) kind: OperationType,
    /// Values of variables that the request leaves to the document.
    pub(super) defaults: Map<String, Value>,
}

/// Parses a document and refuses what is malformed, without bound or ambiguous.
pub(super) fn admit(
    query: &str,
    operation_name: Option<&str>,
    variables: &Map<String, Value>,
) -> Result<Admitted, ServerError> {
    if query.len() > DOCUMENT_BYTES_MAX {
        return Err(refusal(format!(
            "the document has {} bytes; the most is {DOCUMENT_BYTES_MAX}",
            query.len()
        )));
    }
    // Before the parser sees it: that one would not survive.
    measure(query).map_err(|excess| refusal(excess.to_string()))?;
    let document = parse_query(query).map_err(|error| {
        let position = error.positions().next();
        ErrorCode::ParseFailed.error(error.to_string(), position)
    })?;
    let operation = chosen(&document, operation_name)?;
    let kind = operation.ty;
    weigh(&document)?;
    let roots = roots_of(&document, operation)?;
    match kind {
        OperationType::Query => {}
        OperationType::Mutation => refuse_repeated(&roots)?,
        OperationType::Subscription => {
            if roots.len() != 1 || roots[0].starts_with("__") {
                return Err(refusal("a subscription has exactly one root field".to_owned()));
            }
        }
    }
    check_variables(operation, variables)?;
    let defaults = defaults_of(operation, variables);
    Ok(Admitted { document, kind, defaults })
}

fn refusal(message: String) -> ServerError {
    ErrorCode::ValidationFailed.error(message, None)
}

fn chosen<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, ServerError> {
    match (&document.operations, name) {
        // An anonymous operation has no name to be chosen by; the library takes it all the same.
        (DocumentOperations::Single(operation), _) => Ok(&operation.node),
        (DocumentOperations::Multiple(operations), Some(name)) => operations
            .iter()
            .find(|(known, _)| known.as_str() == name)
            .map(|(_, operation)| &operation.node)
            .ok_or_else(|| unknown_operation(name)),
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.values();
            match (all.next(), all.next()) {
                (Some(only), None) => Ok(&only.node),
                _ => Err(refusal("the document has several operations; name one".to_owned())),
            }
        }
    }
}

fn unknown_operation(name: &str) -> ServerError {
    refusal(format!("the document has no operation \"{name}\""))
}

/// What a selection asks for, fragments included.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    fields: u64,
    depth: u64,
    aliases: u64,
    directives: u64,
    type_lists: u64,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.depth = self.depth.max(other.depth);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.type_lists = self.type_lists.max(other.type_lists);
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Weighs each fragment once, however often it is used.
struct Scale<'a> {
    document: &'a ExecutableDocument,
    known: HashMap<&'a str, Weight>,
    open: HashSet<&'a str>,
    /// Selections that were looked at.
    visits: usize,
}

impl<'a> Scale<'a> {
    fn new(document: &'a ExecutableDocument) -> Self {
        Self { document, known: HashMap::new(), open: HashSet::new(), visits: 0 }
    }

    fn weigh(&mut self, set: &'a SelectionSet) -> Result<Weight, ServerError> {
        let mut sum = Weight::default();
        self.visits += set.items.len();
        for selection in &set.items {
            let directives = count(selection.node.directives().len());
            sum.directives = sum.directives.saturating_add(directives);
            match &selection.node {
                Selection::Field(field) => {
                    let mut weight = self.weigh(&field.node.selection_set.node)?;
                    weight.fields = weight.fields.saturating_add(1);
                    weight.depth = weight.depth.saturating_add(1);
                    let is_type_list = TYPE_LISTS.contains(&field.node.name.node.as_str());
                    weight.type_lists += u64::from(is_type_list);
                    weight.aliases =
                        weight.aliases.saturating_add(u64::from(field.node.alias.is_some()));
                    sum.add(weight);
                }
                Selection::InlineFragment(inline) => {
                    sum.add(self.weigh(&inline.node.selection_set.node)?);
                }
                Selection::FragmentSpread(spread) => {
                    sum.add(self.weigh_fragment(spread.node.fragment_name.node.as_str())?);
                }
            }
        }
        Ok(sum)
    }

    fn weigh_fragment(&mut self, name: &'a str) -> Result<Weight, ServerError> {
        if let Some(weight) = self.known.get(name) {
            return Ok(*weight);
        }
        let fragment = find_fragment(self.document, name)?;
        if !self.open.insert(name) {
            return Err(refusal(format!("the fragment \"{name}\" uses itself")));
        }
        let weight = self.weigh(fragment)?;
        self.open.remove(name);
        self.known.insert(name, weight);
        Ok(weight)
    }
}

fn find_fragment<'a>(
    document: &'a ExecutableDocument,
    name: &str,
) -> Result<&'a SelectionSet, ServerError> {
    let found = document.fragments.get(name).map(|fragment| &fragment.node.selection_set.node);
    found.ok_or_else(|| refusal(format!("there is no fragment \"{name}\"")))
}

/// Checks what the document asks for.
///
/// All its operations and fragments together, since the library walks those that do not run as well.
fn weigh(document: &ExecutableDocument) -> Result<(), ServerError> {
    let mut scale = Scale::new(document);
    weigh_on(&mut scale)
}

fn weigh_on(scale: &mut Scale<'_>) -> Result<(), ServerError> {
    let document = scale.document;
    let mut weight = Weight::default();
    for (_, operation) in document.operations.iter() {
        let variables = operation.node.variable_definitions.iter();
        let directives: usize = variables.map(|one| one.node.directives.len()).sum();
        weight.add(Weight {
            directives: count(directives + operation.node.directives.len()),
            ..Weight::default()
        });
        weight.add(scale.weigh(&operation.node.selection_set.node)?);
    }
    for name in document.fragments.keys() {
        scale.weigh_fragment(name.as_str())?;
    }
    let limits = [
        ("fields", weight.fields, FIELDS_MAX),
        ("levels", weight.depth, DEPTH_MAX),
        ("aliases", weight.aliases, ALIASES_MAX),
        ("directives", weight.directives, DIRECTIVES_MAX),
        ("lists of types within one another", weight.type_lists, TYPE_LISTS_MAX),
    ];
    for (what, count, most) in limits {
        if count > most {
            return Err(refusal(format!("the document has {count} {what}; the most is {most}")));
        }
    }
    Ok(())
}

/// The response keys of an operation's root.
fn roots_of(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Result<Vec<String>, ServerError> {
    let mut roots = Vec::new();
    collect_roots(document, &operation.selection_set, &mut roots)?;
    if roots.len() > ROOT_FIELDS_MAX {
        let count = roots.len();
        let message =
            format!("the document has {count} root fields; the most is {ROOT_FIELDS_MAX}");
        return Err(refusal(message));
    }
    Ok(roots)
}

/// Ends: the weight was checked before, so that there are at most so many fields.
fn collect_roots(
    document: &ExecutableDocument,
    set: &Positioned<SelectionSet>,
    roots: &mut Vec<String>,
) -> Result<(), ServerError> {
    for selection in &set.node.items {
        match &selection.node {
            Selection::Field(field) => roots.push(field.node.response_key().node.to_string()),
            Selection::InlineFragment(inline) => {
                collect_roots(document, &inline.node.selection_set, roots)?;
            }
            Selection::FragmentSpread(spread) => {
                let name: &Name = &spread.node.fragment_name.node;
                if let Some(fragment) = document.fragments.get(name) {
                    collect_roots(document, &fragment.node.selection_set, roots)?;
                }
            }
        }
        if roots.len() > ROOT_FIELDS_MAX {
            return Ok(());
        }
    }
    Ok(())
}

fn refuse_repeated(roots: &[String]) -> Result<(), ServerError> {
    let mut seen = HashSet::new();
    match roots.iter().find(|key| !seen.insert(key.as_str())) {
        Some(key) => Err(refusal(format!(
            "the mutation names \"{key}\" twice; give the second one an alias of its own"
        ))),
        None => Ok(()),
    }
}

/// The library would find a missing variable only when a field reads it.
fn check_variables(
    operation: &OperationDefinition,
    variables: &Map<String, Value>,
) -> Result<(), ServerError> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let name = definition.name.node.as_str();
        let is_needed = !definition.var_type.node.nullable && definition.default_value.is_none();
        let given = variables.get(name);
        let is_null = given.is_some_and(Value::is_null);
        if (is_needed && given.is_none()) || (!definition.var_type.node.nullable && is_null) {
            return Err(refusal(format!("the variable \"${name}\" is missing or null")));
        }
    }
    Ok(())
}

/// The library forgets a default value where it decides what to skip and what to include.
fn defaults_of(
    operation: &OperationDefinition,
    variables: &Map<String, Value>,
) -> Map<String, Value> {
    let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
    let left_out = definitions.filter(|one| !variables.contains_key(one.name.node.as_str()));
    left_out
        .filter_map(|one| {
            let value = one.default_value.as_ref()?.node.clone().into_json().ok()?;
            Some((one.name.node.to_string(), value))
        })
        .collect()
}

/// How many selections the look at a document goes over, whatever it then says; 0 where the document
/// is not even parsed. What is hostile is measured by it.
pub fn visits(query: &str) -> usize {
    if query.len() > DOCUMENT_BYTES_MAX || measure(query).is_err() {
        return 0;
    }
    let Ok(document) = parse_query(query) else { return 0 };
    let mut scale = Scale::new(&document);
    // Refused or not, the look has been taken.
    weigh_on(&mut scale).ok();
    scale.visits
}
