//! One socket from its first message to its close frame.

use std::{collections::HashMap, sync::Arc, time::Duration};

use actix_web::rt::task::JoinHandle;
use actix_ws::{AggregatedMessage, AggregatedMessageStream, Session};
use async_graphql::{Executor, parser::types::OperationType};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval, timeout},
};

use super::message::{self, Ending, Incoming};
use crate::api::graphql::transport::{
    error_code::ErrorCode,
    execution::{Answer, Operation},
    gateway::Gateway,
    identity::{Authenticate, Identity, Unavailable, bearer},
};

/// Frames that wait for the socket; the streams behind them wait as well.
const WAITING_FRAMES_MAX: usize = 16;
/// For a close frame to a client that may not read any more.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// How often the small deadlines are looked at.
const TICK: Duration = Duration::from_millis(250);

/// A frame of an operation.
struct Frame {
    id: String,
    /// Tells an operation from a later one with the same id.
    generation: u64,
    text: String,
    is_last: bool,
}

struct Running {
    generation: u64,
    task: JoinHandle<()>,
}

/// How far the client has come.
enum Phase<I> {
    New,
    Acknowledged { identity: Option<I>, secret: Option<String> },
}

/// What the request said that became the socket.
pub(super) struct Handshake {
    /// `Authorization`, for clients that can set a header.
    pub(super) header: Option<String>,
    /// The session of a browser.
    pub(super) cookie: Option<String>,
    pub(super) request_id: String,
}

pub(super) struct Connection<E: Executor, A: Authenticate> {
    gateway: Arc<Gateway<E, A>>,
    session: Session,
    handshake: Handshake,
    phase: Phase<A::Identity>,
    operations: HashMap<String, Running>,
    generation: u64,
    frames: mpsc::Sender<Frame>,
    waiting: mpsc::Receiver<Frame>,
    opened_at: Instant,
    heard_at: Instant,
    pinged_at: Instant,
    validated_at: Instant,
}

impl<E: Executor, A: Authenticate> Connection<E, A> {
    pub(super) fn new(gateway: Arc<Gateway<E, A>>, session: Session, handshake: Handshake) -> Self {
        let (frames, waiting) = mpsc::channel(WAITING_FRAMES_MAX);
        let now = Instant::now();
        Self {
            gateway,
            session,
            handshake,
            phase: Phase::New,
            operations: HashMap::new(),
            generation: 0,
            frames,
            waiting,
            opened_at: now,
            heard_at: now,
            pinged_at: now,
            validated_at: now,
        }
    }

    /// Serves the socket until either side ends it.
    pub(super) async fn run(mut self, mut stream: AggregatedMessageStream) {
        let ending = self.serve(&mut stream).await;
        for (_, running) in self.operations.drain() {
            running.task.abort();
            metrics::gauge!("centralino_graphql_subscriptions").decrement(1);
        }
        let reason = ending.as_ref().map(Ending::reason);
        // A client that reads nothing gets no close frame; its connection is dropped.
        timeout(CLOSE_TIMEOUT, self.session.close(reason)).await.ok();
    }

    /// `None`: the client has gone.
    async fn serve(&mut self, stream: &mut AggregatedMessageStream) -> Option<Ending> {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let drain = self.gateway.drain.clone();
        loop {
            let step = tokio::select! {
                // The client's word first: a `complete` must not wait behind a busy stream.
                biased;
                () = drain.cancelled() => Err(Ending::Draining),
                heard = stream.recv() => match heard {
                    None | Some(Ok(AggregatedMessage::Close(_))) => return None,
                    Some(Err(error)) => Err(unreadable(&error)),
                    Some(Ok(message)) => self.hear(message).await,
                },
                _ = ticks.tick() => self.keep_deadlines().await,
                frame = self.waiting.recv() => match frame {
                    None => return None,
                    Some(frame) => self.deliver(frame).await,
                },
            };
            if let Err(ending) = step {
                return Some(ending);
            }
        }
    }

    async fn hear(&mut self, message: AggregatedMessage) -> Result<(), Ending> {
        self.heard_at = Instant::now();
        match message {
            AggregatedMessage::Text(text) => {
                let incoming = Incoming::parse(&text).map_err(Ending::BadMessage)?;
                self.take(incoming).await
            }
            AggregatedMessage::Ping(payload) => self.pong(&payload).await,
            AggregatedMessage::Pong(_) | AggregatedMessage::Close(_) => Ok(()),
            AggregatedMessage::Binary(_) => Err(Ending::BadMessage("messages are text")),
        }
    }

    async fn take(&mut self, incoming: Incoming) -> Result<(), Ending> {
        match incoming {
            Incoming::ConnectionInit { payload } => {
                if matches!(self.phase, Phase::Acknowledged { .. }) {
                    return Err(Ending::SecondInit);
                }
                let value = payload.get("authorization").or_else(|| payload.get("Authorization"));
                let value = value.and_then(|value| value.as_str()).map(str::to_owned);
                self.acknowledge(value.or_else(|| self.handshake.header.clone())).await
            }
            Incoming::Ping { payload } => self.say(message::pong(payload)).await,
            Incoming::Pong => Ok(()),
            Incoming::Subscribe { id, payload } => self.subscribe(id, payload).await,
            Incoming::Complete { id } => {
                if let Some(running) = self.operations.remove(&id) {
                    running.task.abort();
                    metrics::gauge!("centralino_graphql_subscriptions").decrement(1);
                }
                Ok(())
            }
        }
    }

    /// Proves who connects; whoever shows nothing is a stranger.
    async fn acknowledge(&mut self, authorization: Option<String>) -> Result<(), Ending> {
        let (identity, secret) = match authorization {
            None => self.identity_by_cookie().await?,
            Some(value) => {
                let secret = bearer(&value).ok_or(Ending::Forbidden)?.to_owned();
                match self.gateway.authenticator.authenticate(&secret).await {
                    Ok(Some(identity)) => (Some(identity), Some(secret)),
                    Ok(None) => return Err(Ending::Forbidden),
                    Err(Unavailable) => return Err(Ending::Overloaded),
                }
            }
        };
        self.phase = Phase::Acknowledged { identity, secret };
        self.validated_at = Instant::now();
        self.say(message::connection_ack()).await
    }

    /// An old cookie is sent unasked, so whoever bears one is a stranger, like one without.
    async fn identity_by_cookie(
        &mut self,
    ) -> Result<(Option<A::Identity>, Option<String>), Ending> {
        let Some(secret) = self.handshake.cookie.take() else { return Ok((None, None)) };
        match self.gateway.authenticator.authenticate(&secret).await {
            Ok(Some(identity)) => Ok((Some(identity), Some(secret))),
            Ok(None) => Ok((None, None)),
            Err(Unavailable) => Err(Ending::Overloaded),
        }
    }

    async fn subscribe(&mut self, id: String, payload: serde_json::Value) -> Result<(), Ending> {
        let Phase::Acknowledged { identity, .. } = &self.phase else {
            return Err(Ending::Unauthorized);
        };
        if self.operations.contains_key(&id) {
            return Err(Ending::DuplicateId(id));
        }
        if self.operations.len() >= self.gateway.options.operations_max {
            return Err(Ending::TooManyOperations);
        }
        let request_id = format!("{}.{}", self.handshake.request_id, self.generation);
        let admitted = match message::parameters(payload) {
            Ok(parameters) => Operation::admit(parameters, identity.clone(), &request_id),
            Err(problem) => {
                let response = ErrorCode::BadRequest.response(problem);
                Err(Box::new(Answer::refused(response, &request_id)))
            }
        };
        match admitted {
            Ok(operation) => {
                self.start(id, operation);
                Ok(())
            }
            Err(answer) => self.say(message::error(&id, &answer)).await,
        }
    }

    fn start(&mut self, id: String, operation: Operation) {
        self.generation += 1;
        let generation = self.generation;
        let speaker = Speaker { frames: self.frames.clone(), id: id.clone(), generation };
        let gateway = Arc::clone(&self.gateway);
        let task = actix_web::rt::spawn(speaker.carry_out(gateway, operation));
        metrics::gauge!("centralino_graphql_subscriptions").increment(1);
        self.operations.insert(id, Running { generation, task });
    }

    /// Passes a frame on, unless its operation has been ended meanwhile.
    async fn deliver(&mut self, frame: Frame) -> Result<(), Ending> {
        let running = self.operations.get(&frame.id);
        if running.is_none_or(|running| running.generation != frame.generation) {
            return Ok(());
        }
        if frame.is_last {
            self.operations.remove(&frame.id);
            metrics::gauge!("centralino_graphql_subscriptions").decrement(1);
        }
        self.say(frame.text).await
    }

    async fn say(&mut self, text: String) -> Result<(), Ending> {
        let writing = self.session.text(text);
        // A client that has gone is noticed by its stream; one that does not read is let go.
        match timeout(self.gateway.options.write_timeout, writing).await {
            Ok(_) => Ok(()),
            Err(_elapsed) => Err(Ending::Overloaded),
        }
    }

    async fn pong(&mut self, payload: &[u8]) -> Result<(), Ending> {
        let writing = self.session.pong(payload);
        match timeout(self.gateway.options.write_timeout, writing).await {
            Ok(_) => Ok(()),
            Err(_elapsed) => Err(Ending::Overloaded),
        }
    }

    async fn keep_deadlines(&mut self) -> Result<(), Ending> {
        let gateway = Arc::clone(&self.gateway);
        let options = &gateway.options;
        let expires_at = match &self.phase {
            Phase::New if self.opened_at.elapsed() >= options.init_timeout => {
                return Err(Ending::InitTimeout);
            }
            Phase::New => None,
            Phase::Acknowledged { identity, .. } => {
                identity.as_ref().and_then(Identity::expires_at)
            }
        };
        if is_over(expires_at, self.gateway.clock.now()) {
            return Err(Ending::Forbidden);
        }
        if self.heard_at.elapsed() >= options.silence_max {
            return Err(Ending::Overloaded);
        }
        if self.pinged_at.elapsed() >= options.heartbeat {
            self.pinged_at = Instant::now();
            if timeout(options.write_timeout, self.session.ping(b"")).await.is_err() {
                return Err(Ending::Overloaded);
            }
        }
        if self.validated_at.elapsed() >= options.revalidate_every {
            self.revalidate().await?;
        }
        Ok(())
    }

    /// Looks at the credential again: a revoked one ends its sockets.
    async fn revalidate(&mut self) -> Result<(), Ending> {
        self.validated_at = Instant::now();
        let Phase::Acknowledged { identity, secret: Some(secret) } = &mut self.phase else {
            return Ok(());
        };
        match self.gateway.authenticator.authenticate(secret).await {
            Ok(Some(found)) => {
                *identity = Some(found);
                Ok(())
            }
            Ok(None) => Err(Ending::Forbidden),
            // The database is away: the caller keeps what was found last, until it expires.
            Err(Unavailable) => Ok(()),
        }
    }
}

fn is_over(expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    expires_at.is_some_and(|expires_at| expires_at <= now)
}

fn unreadable(error: &actix_ws::ProtocolError) -> Ending {
    match error {
        // The library tells a message of too many parts as an I/O error.
        actix_ws::ProtocolError::Overflow | actix_ws::ProtocolError::Io(_) => Ending::TooLarge,
        _ => Ending::BadMessage("the frame is malformed"),
    }
}

/// What an operation speaks through.
struct Speaker {
    frames: mpsc::Sender<Frame>,
    id: String,
    generation: u64,
}

impl Speaker {
    async fn carry_out<E: Executor, A: Authenticate>(
        self,
        gateway: Arc<Gateway<E, A>>,
        operation: Operation,
    ) {
        if operation.kind == OperationType::Subscription {
            let mut answers = operation.stream(&gateway.executor);
            while let Some(answer) = answers.next().await {
                if !answer.is_executed && !answer.response.errors.is_empty() {
                    self.speak(message::error(&self.id, &answer), true).await;
                    return;
                }
                self.speak(message::next(&self.id, &answer), false).await;
            }
        } else {
            let answer = operation.run(&gateway.executor, gateway.options.execution_timeout).await;
            if !answer.is_executed {
                self.speak(message::error(&self.id, &answer), true).await;
                return;
            }
            self.speak(message::next(&self.id, &answer), false).await;
        }
        self.speak(message::complete(&self.id), true).await;
    }

    /// Waits until the socket has room.
    async fn speak(&self, text: String, is_last: bool) {
        let frame = Frame { id: self.id.clone(), generation: self.generation, text, is_last };
        // The socket may have gone; then nobody is left to be told.
        self.frames.send(frame).await.ok();
    }
}
