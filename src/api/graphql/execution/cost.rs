//! What a document costs: weighed before it runs, told in the answer.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_graphql::{
    ErrorExtensionValues, Response, ServerError, ValidationResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest, NextValidation},
};

use crate::api::graphql::transport::ErrorCode;

/// Points of a document; a list counts its page times what it asks of each item.
pub const COMPLEXITY_MAX: usize = 2_000;
/// Refuses what costs too much, and says what was asked.
pub struct Cost;

impl ExtensionFactory for Cost {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Reckoning::default())
    }
}

/// The points of one request; zero while they are not known.
#[derive(Default)]
struct Reckoning(AtomicUsize);

impl Reckoning {
    fn told(&self) -> Option<Value> {
        let requested = self.0.load(Ordering::Relaxed);
        (requested > 0)
            .then(|| async_graphql::value!({ "requested": requested, "maximum": COMPLEXITY_MAX }))
    }
}

#[async_trait::async_trait]
impl Extension for Reckoning {
    async fn request(&self, context: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let mut response = next.run(context).await;
        if let Some(cost) = self.told() {
            response.extensions.insert("cost".to_owned(), cost);
        }
        response
    }

    async fn validation(
        &self,
        context: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let result = next.run(context).await?;
        self.0.store(result.complexity, Ordering::Relaxed);
        if result.complexity <= COMPLEXITY_MAX {
            return Ok(result);
        }
        let message = format!(
            "the document costs {} points; the most is {COMPLEXITY_MAX}: ask for smaller pages",
            result.complexity
        );
        let mut error = ServerError::new(message, None);
        let values = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
        values.set("code", ErrorCode::ValidationFailed.as_str());
        if let Some(cost) = self.told() {
            values.set("cost", cost);
        }
        Err(vec![error])
    }
}
