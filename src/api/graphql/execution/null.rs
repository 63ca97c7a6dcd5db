//! An error stops at the nearest field that may be null.
//!
//! The library lets the error of a resolver itself pass its field by, even where the type is
//! nullable: one root field that failed would leave nothing of the others.

use std::sync::Arc;

use async_graphql::{
    ErrorExtensionValues, PathSegment, QueryPathNode, QueryPathSegment, Response, ServerError,
    ServerResult, Value,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo,
    },
};
use parking_lot::Mutex;

/// Makes null of a nullable field that failed, and keeps its error for the answer.
///
/// Goes before every extension that may refuse a field.
pub struct NullableFields;

impl ExtensionFactory for NullableFields {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(FieldErrors::default())
    }
}

/// The errors of one execution; the events of a subscription are executed one after the other.
#[derive(Default)]
struct FieldErrors(Mutex<Vec<ServerError>>);

#[async_trait::async_trait]
impl Extension for FieldErrors {
    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(context, operation_name).await;
        response.errors.iter_mut().for_each(restore_path);
        response.errors.append(&mut self.0.lock());
        response
    }

    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let (is_nullable, path) = (!info.return_type.ends_with('!'), info.path_node);
        match next.run(context, info).await {
            Ok(value) => Ok(value),
            Err(mut error) => {
                if error.path.is_empty() {
                    error.path = segments(path);
                }
                if !is_nullable {
                    keep_path(&mut error);
                    return Err(error);
                }
                restore_path(&mut error);
                self.0.lock().push(error);
                Ok(Some(Value::Null))
            }
        }
    }
}

/// Where an error carries its path on the way up: a list puts its own in the place of it.
const PATH: &str = "path of the error";

fn keep_path(error: &mut ServerError) {
    let values = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if values.get(PATH).is_none() {
        let path = error.path.iter().map(|segment| match segment {
            PathSegment::Field(name) => Value::from(name.as_str()),
            PathSegment::Index(index) => Value::from(*index),
        });
        values.set(PATH, Value::List(path.collect()));
    }
}

fn restore_path(error: &mut ServerError) {
    let Some(values) = &mut error.extensions else { return };
    let Some(Value::List(path)) = values.get(PATH).cloned() else { return };
    values.unset(PATH);
    let segment = |value| match value {
        Value::String(name) => PathSegment::Field(name),
        Value::Number(index) => {
            let index = index.as_u64().and_then(|index| usize::try_from(index).ok());
            PathSegment::Index(index.unwrap_or_default())
        }
        _ => PathSegment::Field(String::new()),
    };
    error.path = path.into_iter().map(segment).collect();
}

fn segments(path: &QueryPathNode<'_>) -> Vec<PathSegment> {
    let nodes = std::iter::once(path).chain(path.parents());
    let mut segments: Vec<PathSegment> = nodes
        .map(|node| match node.segment {
            QueryPathSegment::Index(index) => PathSegment::Index(index),
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
        })
        .collect();
    segments.reverse();
    segments
}
