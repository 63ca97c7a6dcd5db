//! Server-sent events, one operation a connection (graphql-sse, distinct connections mode).

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use async_graphql::{Executor, parser::types::OperationType};
use async_stream::stream as bytes_of;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval, timeout},
};

use super::{
    accept::Form,
    execution::{Answer, Operation},
    gateway::{Gateway, Presented},
    http::{self, Prepared, Refusal, to_json},
    identity::{Authenticate, CredentialOf, Identity},
    vigil::Watch,
};

/// Tells intermediaries and the client that the connection lives.
const KEEP_ALIVE: &[u8] = b":\n\n";
const COMPLETE: &[u8] = b"event: complete\ndata:\n\n";
/// Events that wait for the reader; the stream behind them waits as well.
const WAITING_EVENTS_MAX: usize = 4;
/// How often the end of a credential is looked at.
const TICK: Duration = Duration::from_millis(500);

/// Answers with a stream of events, or as HTTP does when the request itself is wrong.
pub(super) async fn answer<E: Executor, A: Authenticate>(
    gateway: Arc<Gateway<E, A>>,
    request: &HttpRequest,
    payload: web::Payload,
    request_id: &str,
) -> HttpResponse {
    let refuse = |refusal: Refusal| refusal.respond(Form::EventStream, request_id);
    let (Some(room), Some(connection)) = (gateway.take_request(), gateway.take_connection()) else {
        return refuse(Refusal::busy());
    };
    let prepared = http::prepare(&gateway, request, payload, request_id).await;
    // The body has been read; from here on it is a connection.
    drop(room);
    let Prepared { identity, operation } = match prepared {
        Ok(prepared) => prepared,
        Err(refusal) => return refuse(refusal),
    };
    let Some(place) = gateway.take_connection_of(identity.as_ref()) else {
        return refuse(Refusal::too_many("connections"));
    };
    let origin = http::origin_of(request, request_id);
    let operation = operation.map(|operation| operation.with_data(origin));
    let presented = Presented::by(request, &gateway.options).unwrap_or_default();
    let caller = identity.map(|identity| Caller {
        watch: gateway.vigil.watch(identity.credential()),
        secret: presented.map(|presented| presented.secret),
        identity,
    });
    let (events, mut waiting) = mpsc::channel(WAITING_EVENTS_MAX);
    let writer = Writer { gateway, events, caller };
    // The writer runs whether or not the client reads, so that it notices when it does not.
    actix_web::rt::spawn(async move {
        let _places = (connection, place);
        writer.write(operation).await;
    });
    let body = bytes_of! {
        while let Some(bytes) = waiting.recv().await {
            yield Ok::<web::Bytes, actix_web::Error>(bytes);
        }
    };
    HttpResponse::Ok()
        .content_type(Form::EventStream.media_type())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Box::pin(body))
}

/// Who reads; it has no `Debug`, for it holds a secret.
struct Caller<A: Authenticate> {
    identity: A::Identity,
    watch: Watch<CredentialOf<A>>,
    secret: Option<String>,
}

/// Why nothing more is written.
struct Ended;

/// Writes the events of one operation.
struct Writer<E, A: Authenticate> {
    gateway: Arc<Gateway<E, A>>,
    events: mpsc::Sender<web::Bytes>,
    caller: Option<Caller<A>>,
}

impl<E: Executor, A: Authenticate> Writer<E, A> {
    async fn write(mut self, operation: Result<Operation, Box<Answer>>) {
        let drain = self.gateway.drain.clone();
        let revoked = self.caller.as_ref().map(|caller| caller.watch.ended.clone());
        let revoked = async move {
            match revoked {
                Some(revoked) => revoked.cancelled().await,
                None => std::future::pending().await,
            }
        };
        let gone = self.events.clone();
        // Whatever it waits for, it ends when it must.
        tokio::select! {
            () = drain.cancelled() => {}
            () = revoked => {}
            () = gone.closed() => {}
            _ = self.carry_out(operation) => {}
        }
    }

    async fn carry_out(&mut self, operation: Result<Operation, Box<Answer>>) -> Result<(), Ended> {
        // The first byte at once: the client knows that it is connected.
        self.say(web::Bytes::from_static(KEEP_ALIVE)).await?;
        let operation = match operation {
            Ok(operation) => operation,
            Err(answer) => {
                self.say(next(&answer)).await?;
                return self.say(web::Bytes::from_static(COMPLETE)).await;
            }
        };
        let mut answers = answers_of(operation, &self.gateway);
        let mut heartbeat = interval(self.gateway.options.heartbeat);
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                answer = answers.next() => match answer {
                    Some(answer) => self.say(next(&answer)).await?,
                    None => return self.say(web::Bytes::from_static(COMPLETE)).await,
                },
                _ = heartbeat.tick() => self.say(web::Bytes::from_static(KEEP_ALIVE)).await?,
                _ = ticks.tick() => self.look_at_the_end().await?,
            }
        }
    }

    /// A reader that does not read is let go.
    async fn say(&self, bytes: web::Bytes) -> Result<(), Ended> {
        let saying = timeout(self.gateway.options.write_timeout, self.events.send(bytes)).await;
        if saying.is_ok_and(|sent| sent.is_ok()) { Ok(()) } else { Err(Ended) }
    }

    /// A session that is used runs on: at its end it is asked again.
    async fn look_at_the_end(&mut self) -> Result<(), Ended> {
        let gateway = Arc::clone(&self.gateway);
        let Some(caller) = &mut self.caller else { return Ok(()) };
        let Some(expires_at) = caller.identity.expires_at() else { return Ok(()) };
        if expires_at > gateway.clock.now() {
            return Ok(());
        }
        let Some(secret) = &caller.secret else { return Err(Ended) };
        match gateway.prove(secret).await {
            Ok(Some(identity)) => {
                caller.identity = identity;
                Ok(())
            }
            Ok(None) | Err(_) => Err(Ended),
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
