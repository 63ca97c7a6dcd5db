//! Introspection is for those that are signed in.

use std::sync::Arc;

use async_graphql::{
    ErrorExtensionValues, ServerError, ServerResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
};

use super::{context::Principal, transport::ErrorCode};

const FIELDS: [&str; 2] = ["__schema", "__type"];

/// Refuses `__schema` and `__type` to strangers; the published SDL tells them as much.
pub struct IntrospectionGuard;

impl ExtensionFactory for IntrospectionGuard {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for IntrospectionGuard {
    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        if FIELDS.contains(&info.name) && context.data_opt::<Principal>().is_none() {
            let mut error =
                ServerError::new("introspection needs a sign-in", Some(info.field.name.pos));
            error
                .extensions
                .get_or_insert_with(ErrorExtensionValues::default)
                .set("code", ErrorCode::Unauthenticated.as_str());
            return Err(error);
        }
        next.run(context, info).await
    }
}
