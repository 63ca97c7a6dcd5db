//! Runs one operation: in time, without a panic getting out, with errors fit to leave.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    Executor, Request, Response,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    parser::types::OperationType,
};
use futures_util::{FutureExt, StreamExt, stream::BoxStream};

use super::{
    error_code::{ErrorCode, polish},
    guard,
    identity::Identity,
    parameters::Parameters,
};

/// Set when execution begins: an error before that is one of the request.
#[derive(Clone, Default)]
struct Executed(Arc<AtomicBool>);

/// Notes that execution began, so that the status of an answer can be told.
pub struct ExecutionMark;

impl ExtensionFactory for ExecutionMark {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for ExecutionMark {
    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if let Some(executed) = context.data_opt::<Executed>() {
            executed.0.store(true, Ordering::Relaxed);
        }
        next.run(context, operation_name).await
    }
}

/// An answer, and whether it is that of an operation that ran.
pub(super) struct Answer {
    pub(super) response: Response,
    pub(super) is_executed: bool,
}

impl Answer {
    /// The request was refused before anything ran.
    pub(super) fn refused(mut response: Response, request_id: &str) -> Self {
        polish(&mut response, false, request_id);
        Self { response, is_executed: false }
    }
}

/// An operation that was looked at and may run.
pub(super) struct Operation {
    request: Request,
    pub(super) kind: OperationType,
    executed: Executed,
    request_id: String,
}

impl Operation {
    /// Looks at the document; an operation that is refused is answered with the reason.
    pub(super) fn admit<I: Identity>(
        parameters: Parameters,
        identity: Option<I>,
        request_id: &str,
    ) -> Result<Self, Box<Answer>> {
        let name = parameters.operation_name.as_deref();
        let admitted = guard::admit(&parameters.query, name, &parameters.variables);
        let admitted = admitted.map_err(|error| {
            Box::new(Answer::refused(Response::from_errors(vec![error]), request_id))
        })?;
        let mut request = parameters.into_request();
        request.set_parsed_query(admitted.document);
        if let Some(identity) = identity {
            request = request.data(identity);
        }
        let executed = Executed::default();
        let request = request.data(executed.clone());
        let request_id = request_id.to_owned();
        Ok(Self { request, kind: admitted.kind, executed, request_id })
    }

    /// Gives the resolvers one thing more to know.
    pub(super) fn with_data<D: Send + Sync + 'static>(mut self, data: D) -> Self {
        self.request = self.request.data(data);
        self
    }

    /// Runs a query or a mutation.
    pub(super) async fn run(self, executor: &impl Executor, timeout: Duration) -> Answer {
        let Self { request, executed, request_id, .. } = self;
        let running = AssertUnwindSafe(executor.execute(request)).catch_unwind();
        let mut response = match tokio::time::timeout(timeout, running).await {
            Ok(Ok(response)) => response,
            Ok(Err(_panic)) => panicked(),
            Err(_elapsed) => {
                tracing::warn!(request_id, "a request took too long and was given up");
                ErrorCode::Unavailable.response("the request took too long; ask for less")
            }
        };
        let is_executed = executed.0.load(Ordering::Relaxed);
        polish(&mut response, is_executed, &request_id);
        Answer { response, is_executed }
    }

    /// Runs a subscription; each event is an answer.
    pub(super) fn stream(self, executor: &impl Executor) -> BoxStream<'static, Answer> {
        let Self { request, executed, request_id, .. } = self;
        let stream = AssertUnwindSafe(executor.execute_stream(request, None)).catch_unwind();
        let answers = stream.map(move |item| {
            let mut response = item.unwrap_or_else(|_panic| panicked());
            let is_executed = executed.0.load(Ordering::Relaxed);
            polish(&mut response, is_executed, &request_id);
            Answer { response, is_executed }
        });
        answers.boxed()
    }
}

/// The panic hook has logged where.
fn panicked() -> Response {
    ErrorCode::InternalServerError.response("something went wrong on our side")
}
