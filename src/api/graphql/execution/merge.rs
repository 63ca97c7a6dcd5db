//! What a document names twice runs once (specification, 6.3.2 and 6.4.3).
//!
//! The library resolves each selection of its own and lays the results over each other: two
//! fragments that ask for the same list read it twice, and where a row came in between, the two
//! readings are mixed up. So selections of the same field are brought together before it sees them,
//! and fragments are put where they are used. How much that may be is weighed before, by the guard.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use async_graphql::{
    Name, Positioned, ServerResult, Variables,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery},
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, FragmentDefinition, InlineFragment,
        OperationDefinition, OperationType, Selection, SelectionSet,
    },
    registry::{MetaTypeName, Registry},
};

/// Brings selections of the same field together.
pub struct MergedSelections;

impl ExtensionFactory for MergedSelections {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for MergedSelections {
    async fn parse_query(
        &self,
        context: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let mut document = next.run(context, query, variables).await?;
        merge(&context.schema_env.registry, &mut document);
        Ok(document)
    }
}

fn merge(registry: &Registry, document: &mut ExecutableDocument) {
    let mut merger = Merger { registry, fragments: &document.fragments, placed: HashSet::new() };
    let operations: Vec<&mut Positioned<OperationDefinition>> = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        let root = match operation.node.ty {
            OperationType::Query => Some(registry.query_type.as_str()),
            OperationType::Mutation => registry.mutation_type.as_deref(),
            OperationType::Subscription => registry.subscription_type.as_deref(),
        };
        merger.rewrite(root, &mut operation.node.selection_set.node);
    }
    let placed = merger.placed;
    forget(document, &placed);
}

/// Takes away the fragments that nothing names any more, or they would count as unused.
fn forget(document: &mut ExecutableDocument, placed: &HashSet<Name>) {
    let mut needed = HashSet::new();
    for (_, operation) in document.operations.iter() {
        note_spreads(document, &operation.node.selection_set.node, &mut needed);
    }
    document.fragments.retain(|name, _| needed.contains(name) || !placed.contains(name));
}

fn note_spreads(document: &ExecutableDocument, set: &SelectionSet, needed: &mut HashSet<Name>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                note_spreads(document, &field.node.selection_set.node, needed);
            }
            Selection::InlineFragment(inline) => {
                note_spreads(document, &inline.node.selection_set.node, needed);
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if needed.insert(name.clone())
                    && let Some(fragment) = document.fragments.get(name)
                {
                    note_spreads(document, &fragment.node.selection_set.node, needed);
                }
            }
        }
    }
}

struct Merger<'a> {
    registry: &'a Registry,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// Fragments that have been put where they are used.
    placed: HashSet<Name>,
}

/// A selection set that is being put together.
#[derive(Default)]
struct Merged {
    items: Vec<Positioned<Selection>>,
    /// Where the first field of a response key stands.
    fields: HashMap<Name, usize>,
    /// Where the fragment of a type stands.
    fragments: HashMap<Name, usize>,
}

impl<'a> Merger<'a> {
    /// `parent`: the type that the set selects from, where it is known.
    fn rewrite(&mut self, parent: Option<&'a str>, set: &mut SelectionSet) {
        let mut merged = Merged::default();
        self.take(parent, std::mem::take(&mut set.items), &mut merged);
        for item in &mut merged.items {
            match &mut item.node {
                Selection::Field(field) => {
                    let of = parent.and_then(|parent| self.type_of(parent, &field.node));
                    self.rewrite(of, &mut field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => {
                    let of = match &inline.node.type_condition {
                        Some(condition) => self.known(condition.node.on.node.as_str()),
                        None => parent,
                    };
                    self.rewrite(of, &mut inline.node.selection_set.node);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        set.items = merged.items;
    }

    /// The type that a field leads to.
    fn type_of(&self, parent: &str, field: &Field) -> Option<&'a str> {
        let field = self.registry.types.get(parent)?.field_by_name(field.name.node.as_str())?;
        Some(MetaTypeName::concrete_typename(&field.ty))
    }

    /// The name as the registry holds it.
    fn known(&self, name: &str) -> Option<&'a str> {
        self.registry.types.get_key_value(name).map(|(name, _)| name.as_str())
    }

    fn take(
        &mut self,
        parent: Option<&'a str>,
        items: Vec<Positioned<Selection>>,
        merged: &mut Merged,
    ) {
        for item in items {
            let position = item.pos;
            match item.node {
                Selection::Field(field) => merged.add_field(field),
                Selection::InlineFragment(inline) => {
                    self.take_inline(parent, inline, merged);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    match self.fragments.get(name) {
                        // A directive holds for all of the fragment, so that stays together.
                        Some(fragment)
                            if spread.node.directives.is_empty()
                                && fragment.node.directives.is_empty() =>
                        {
                            self.placed.insert(name.clone());
                            let inline = InlineFragment {
                                type_condition: Some(fragment.node.type_condition.clone()),
                                directives: Vec::new(),
                                selection_set: fragment.node.selection_set.clone(),
                            };
                            let inline = Positioned::new(inline, position);
                            self.take_inline(parent, inline, merged);
                        }
                        _ => merged.push(Selection::FragmentSpread(spread), position),
                    }
                }
            }
        }
    }

    fn take_inline(
        &mut self,
        parent: Option<&'a str>,
        inline: Positioned<InlineFragment>,
        merged: &mut Merged,
    ) {
        let condition = inline.node.type_condition.as_ref().map(|on| on.node.on.node.clone());
        let is_of_parent = condition.as_ref().is_none_or(|name| Some(name.as_str()) == parent);
        if inline.node.directives.is_empty() && is_of_parent {
            self.take(parent, inline.node.selection_set.node.items, merged);
        } else {
            merged.add_inline(condition, inline);
        }
    }
}

impl Merged {
    fn push(&mut self, selection: Selection, position: async_graphql::Pos) {
        self.items.push(Positioned::new(selection, position));
    }

    fn add_field(&mut self, field: Positioned<Field>) {
        let key = field.node.response_key().node.clone();
        if let Some(&at) = self.fields.get(&key)
            && let Some(Selection::Field(known)) = self.items.get_mut(at).map(|item| &mut item.node)
            && is_same(&known.node, &field.node)
        {
            known.node.selection_set.node.items.extend(field.node.selection_set.node.items);
            return;
        }
        // Another field of the same key is refused by the validation that comes next.
        self.fields.entry(key).or_insert(self.items.len());
        let position = field.pos;
        self.push(Selection::Field(field), position);
    }

    fn add_inline(&mut self, condition: Option<Name>, inline: Positioned<InlineFragment>) {
        let position = inline.pos;
        if let Some(condition) = condition.filter(|_| inline.node.directives.is_empty()) {
            let known = self.fragments.get(&condition).and_then(|&at| self.items.get_mut(at));
            if let Some(Selection::InlineFragment(known)) = known.map(|item| &mut item.node) {
                known.node.selection_set.node.items.extend(inline.node.selection_set.node.items);
                return;
            }
            self.fragments.insert(condition, self.items.len());
        }
        self.push(Selection::InlineFragment(inline), position);
    }
}

/// Whether two selections of one response key ask for the same.
///
/// A condition holds for its own selections only, so that those with directives stay apart.
fn is_same(one: &Field, other: &Field) -> bool {
    let has_no_directives = one.directives.is_empty() && other.directives.is_empty();
    let is_same_argument = |(name, value): &(Positioned<Name>, _)| {
        other.get_argument(name.node.as_str()).is_some_and(|found| found == value)
    };
    has_no_directives
        && one.name.node == other.name.node
        && one.selection_set.node.items.is_empty() == other.selection_set.node.items.is_empty()
        && one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(is_same_argument)
}
