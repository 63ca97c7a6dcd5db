//! Server-sent events, one operation a connection (graphql-sse, distinct connections mode).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use async_graphql::{Executor, parser::types::OperationType};
use async_stream::stream as events_of;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};

use super::{
    accept::Form,
    execution::{Answer, Operation},
    gateway::{Gateway, Presented},
    http::{self, Prepared, to_json},
    identity::{Authenticate, Identity},
};

/// Tells intermediaries and the client that the connection lives.
const KEEP_ALIVE: &[u8] = b":\n\n";
const COMPLETE: &[u8] = b"event: complete\ndata:\n\n";

/// Answers with a stream of events, or as HTTP does when the request itself is wrong.
pub(super) async fn answer<E: Executor, A: Authenticate>(
    gateway: Arc<Gateway<E, A>>,
    request: &HttpRequest,
    payload: web::Payload,
    request_id: &str,
) -> HttpResponse {
    let Ok(permit) = Arc::clone(&gateway.connections).try_acquire_owned() else {
        return HttpResponse::ServiceUnavailable().finish();
    };
    let prepared = http::prepare(&gateway, request, payload, request_id).await;
    let Prepared { identity, operation } = match prepared {
        Ok(prepared) => prepared,
        Err(refusal) => return refusal.respond(Form::EventStream, request_id),
    };
    let presented = Presented::by(request, &gateway.options).unwrap_or_default();
    let events = events_of! {
        let _permit = permit;
        // The first byte at once: the client knows that it is connected.
        yield Ok::<web::Bytes, actix_web::Error>(web::Bytes::from_static(KEEP_ALIVE));
        let operation = match operation {
            Ok(operation) => operation,
            Err(answer) => {
                yield Ok(next(&answer));
                yield Ok(web::Bytes::from_static(COMPLETE));
                return;
            }
        };
        let mut answers = answers_of(operation, &gateway);
        let mut heartbeat = tokio::time::interval(gateway.options.heartbeat);
        let mut revalidate = tokio::time::interval(gateway.options.revalidate_every);
        revalidate.reset();
        loop {
            tokio::select! {
                answer = answers.next() => match answer {
                    Some(answer) => yield Ok(next(&answer)),
                    None => break,
                },
                _ = heartbeat.tick() => yield Ok(web::Bytes::from_static(KEEP_ALIVE)),
                () = gateway.drain.cancelled() => return,
                _ = revalidate.tick() => {
                    if !is_still_good(&gateway, identity.as_ref(), presented.as_ref()).await {
                        return;
                    }
                }
            }
        }
        yield Ok(web::Bytes::from_static(COMPLETE));
    };
    HttpResponse::Ok()
        .content_type(Form::EventStream.media_type())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Box::pin(events))
}

/// Whether the caller may go on. When it cannot be found out, the end of the credential decides.
async fn is_still_good<E: Executor, A: Authenticate>(
    gateway: &Gateway<E, A>,
    identity: Option<&A::Identity>,
    presented: Option<&Presented>,
) -> bool {
    let (Some(identity), Some(presented)) = (identity, presented) else { return true };
    match gateway.authenticator.authenticate(&presented.secret).await {
        Ok(found) => found.is_some(),
        Err(_unavailable) => {
            identity.expires_at().is_none_or(|expires_at| expires_at > gateway.clock.now())
        }
    }
}

fn answers_of<E: Executor, A: Authenticate>(
    operation: Operation,
    gateway: &Arc<Gateway<E, A>>,
) -> BoxStream<'static, Answer> {
    if operation.kind == OperationType::Subscription {
        return operation.stream(&gateway.executor);
    }
    let gateway = Arc::clone(gateway);
    let run =
        async move { operation.run(&gateway.executor, gateway.options.execution_timeout).await };
    stream::once(run).boxed()
}

fn next(answer: &Answer) -> web::Bytes {
    // JSON has no raw line break, so one data line holds it.
    web::Bytes::from(format!("event: next\ndata: {}\n\n", to_json(answer)))
}
