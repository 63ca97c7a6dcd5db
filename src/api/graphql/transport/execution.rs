//! Runs one operation: in time, without a panic getting out, with errors fit to leave.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::{Duration, Instant},
};

use async_graphql::{
    Executor, Request, Response, ServerError, ValidationResult,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextValidation},
    parser::types::OperationType,
};
use futures_util::{FutureExt, StreamExt, stream::BoxStream};

use super::{
    error_code::{ErrorCode, polish},
    guard,
    identity::Identity,
    parameters::Parameters,
};

/// How far an operation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// What is wrong from here on is wrong with the document.
    Received,
    /// The document is good; a stream is being set up.
    Validated,
    /// Resolvers run: there is data, be it null.
    Executed,
}

/// The stage of an operation, as the schema notes it.
#[derive(Clone, Default)]
struct Progress(Arc<AtomicU8>);

impl Progress {
    fn reach(&self, stage: Stage) {
        self.0.fetch_max(stage as u8, Ordering::Relaxed);
    }

    fn stage(&self) -> Stage {
        match self.0.load(Ordering::Relaxed) {
            0 => Stage::Received,
            1 => Stage::Validated,
            _ => Stage::Executed,
        }
    }
}

/// Notes how far an operation comes, so that the status of an answer can be told.
pub struct ExecutionMark;

impl ExtensionFactory for ExecutionMark {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

fn note(context: &ExtensionContext<'_>, stage: Stage) {
    if let Some(progress) = context.data_opt::<Progress>() {
        progress.reach(stage);
    }
}

#[async_trait::async_trait]
impl Extension for ExecutionMark {
    async fn validation(
        &self,
        context: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let result = next.run(context).await?;
        note(context, Stage::Validated);
        Ok(result)
    }

    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        note(context, Stage::Executed);
        next.run(context, operation_name).await
    }
}

/// An answer, and whether it is that of an operation that ran.
pub(super) struct Answer {
    pub(super) response: Response,
    pub(super) is_executed: bool,
}

impl Answer {
    fn of(mut response: Response, stage: Stage, request_id: &str) -> Self {
        polish(&mut response, stage, request_id);
        Self { response, is_executed: stage == Stage::Executed }
    }

    /// The request was refused before anything ran.
    pub(super) fn refused(mut response: Response, request_id: &str) -> Self {
        polish(&mut response, Stage::Received, request_id);
        Self { response, is_executed: false }
    }
}

/// An operation that was looked at and may run.
pub(super) struct Operation {
    request: Request,
    pub(super) kind: OperationType,
    progress: Progress,
    request_id: String,
}

impl Operation {
    /// Looks at the document; an operation that is refused is answered with the reason.
    pub(super) fn admit<I: Identity>(
        mut parameters: Parameters,
        identity: Option<I>,
        request_id: &str,
    ) -> Result<Self, Box<Answer>> {
        let name = parameters.operation_name.as_deref();
        let admitted = guard::admit(&parameters.query, name, &parameters.variables);
        let admitted = admitted.map_err(|error| {
            Box::new(Answer::refused(Response::from_errors(vec![error]), request_id))
        })?;
        parameters.variables.extend(admitted.defaults);
        let mut request = parameters.into_request();
        request.set_parsed_query(admitted.document);
        if let Some(identity) = identity {
            request = request.data(identity);
        }
        let progress = Progress::default();
        let request = request.data(progress.clone());
        let request_id = request_id.to_owned();
        Ok(Self { request, kind: admitted.kind, progress, request_id })
    }

    /// Gives the resolvers one thing more to know.
    pub(super) fn with_data<D: Send + Sync + 'static>(mut self, data: D) -> Self {
        self.request = self.request.data(data);
        self
    }

    /// Runs a query or a mutation.
    pub(super) async fn run(self, executor: &impl Executor, timeout: Duration) -> Answer {
        let Self { request, kind, progress, request_id } = self;
        let begun = Instant::now();
        let running = AssertUnwindSafe(executor.execute(request)).catch_unwind();
        let response = match tokio::time::timeout(timeout, running).await {
            Ok(Ok(response)) => response,
            Ok(Err(_panic)) => panicked(),
            Err(_elapsed) => {
                tracing::warn!(request_id, "a request took too long and was given up");
                ErrorCode::Unavailable.response("the request took too long; ask for less")
            }
        };
        let kind = if kind == OperationType::Mutation { "mutation" } else { "query" };
        metrics::histogram!("centralino_graphql_operation_seconds", "kind" => kind)
            .record(begun.elapsed());
        Answer::of(response, progress.stage(), &request_id)
    }

    /// Runs a subscription; each event is an answer.
    pub(super) fn stream(self, executor: &impl Executor) -> BoxStream<'static, Answer> {
        let Self { request, progress, request_id, .. } = self;
        let stream = AssertUnwindSafe(executor.execute_stream(request, None)).catch_unwind();
        let answers = stream.map(move |item| {
            let response = item.unwrap_or_else(|_panic| panicked());
            Answer::of(response, progress.stage(), &request_id)
        });
        answers.boxed()
    }
}

/// The panic hook has logged where.
fn panicked() -> Response {
    ErrorCode::InternalServerError.response("something went wrong on our side")
}
