//! One socket from its first message to its close frame.

use std::{collections::HashMap, future::Future, net::IpAddr, sync::Arc, time::Duration};

use actix_web::rt::task::JoinHandle;
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseReason, Session};
use async_graphql::{Executor, parser::types::OperationType};
use chrono::{DateTime, Utc};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

use super::{
    message::{self, Ending, Incoming},
    speaker::{Frame, Speaker},
};
use crate::api::graphql::transport::{
    error_code::ErrorCode,
    execution::{Answer, Operation},
    gateway::Gateway,
    identity::{Authenticate, Identity, Unavailable, bearer},
    place::Place,
    vigil::Watch,
};
use crate::domain::audit::{Origin, RequestId};

/// Frames that wait for the socket; the streams behind them wait as well.
const WAITING_FRAMES_MAX: usize = 16;
/// For a close frame to a client that may not read any more.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// An operation begins with what is known of its caller; older than this, it is asked again.
const PROOF_AGE_MAX: Duration = Duration::from_secs(1);
/// How often the small deadlines are looked at.
const TICK: Duration = Duration::from_millis(250);

struct Running {
    generation: u64,
    task: JoinHandle<()>,
}

/// How far the client has come.
enum Phase<I: Identity> {
    New,
    /// Nobody in particular, among the connections of all strangers.
    Stranger {
        _place: Place<I::Caller>,
    },
    /// Among the connections of the caller.
    Known {
        identity: I,
        secret: String,
        watch: Watch<I::Credential>,
        _place: Place<I::Caller>,
    },
}

impl<I: Identity> Phase<I> {
    fn identity(&self) -> Option<&I> {
        match self {
            Self::New | Self::Stranger { .. } => None,
            Self::Known { identity, .. } => Some(identity),
        }
    }

    /// Ends when the credential is no longer good.
    fn revoked(&self) -> impl Future<Output = ()> + use<I> {
        let ended = match self {
            Self::New | Self::Stranger { .. } => None,
            Self::Known { watch, .. } => Some(watch.ended.clone()),
        };
        async move {
            match ended {
                Some(ended) => ended.cancelled().await,
                None => std::future::pending().await,
            }
        }
    }
}

/// What the request said that became the socket.
pub(super) struct Handshake {
    /// `Authorization`, for clients that can set a header.
    pub(super) header: Option<String>,
    /// The session of a browser.
    pub(super) cookie: Option<String>,
    pub(super) request_id: String,
    pub(super) address: Option<IpAddr>,
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
    proven_at: Instant,
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
            proven_at: now,
        }
    }

    /// Serves the socket until either side ends it.
    pub(super) async fn run(mut self, mut stream: AggregatedMessageStream) {
        let ending = self.serve(&mut stream).await;
        for (_, running) in self.operations.drain() {
            running.task.abort();
            metrics::gauge!("centralino_graphql_subscriptions").decrement(1);
        }
        let reason = match ending {
            Ok(reason) => reason,
            Err(ending) => Some(ending.reason()),
        };
        // A client that reads nothing gets no close frame; its connection is dropped.
        timeout(CLOSE_TIMEOUT, self.session.close(reason)).await.ok();
    }

    /// `Ok`: the client has gone, perhaps with a word that is given back to it.
    async fn serve(
        &mut self,
        stream: &mut AggregatedMessageStream,
    ) -> Result<Option<CloseReason>, Ending> {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let drain = self.gateway.drain.clone();
        loop {
            let revoked = self.phase.revoked();
            let step = tokio::select! {
                // The client's word first: a `complete` must not wait behind a busy stream.
                biased;
                () = drain.cancelled() => Err(Ending::Draining),
                () = revoked => Err(Ending::Forbidden),
                heard = stream.recv() => match heard {
                    None => return Ok(None),
                    Some(Ok(AggregatedMessage::Close(reason))) => return Ok(reason),
                    Some(Err(error)) => Err(unreadable(&error)),
                    Some(Ok(message)) => self.hear(message).await,
                },
                _ = ticks.tick() => self.keep_deadlines().await,
                frame = self.waiting.recv() => match frame {
                    None => return Ok(None),
                    Some(frame) => self.deliver(frame).await,
                },
            };
            step?;
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
                if !matches!(self.phase, Phase::New) {
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
        self.phase = match authorization {
            None => self.phase_by_cookie().await?,
            Some(value) => {
                let secret = bearer(&value).ok_or(Ending::Forbidden)?.to_owned();
                match self.gateway.prove(&secret).await {
                    Ok(Some(identity)) => self.known(identity, secret)?,
                    Ok(None) => return Err(Ending::Forbidden),
                    Err(Unavailable) => return Err(Ending::Overloaded),
                }
            }
        };
        self.proven_at = Instant::now();
        self.say(message::connection_ack()).await
    }

    /// An old cookie is sent unasked, so whoever bears one is a stranger, like one without.
    async fn phase_by_cookie(&mut self) -> Result<Phase<A::Identity>, Ending> {
        let Some(secret) = self.handshake.cookie.take() else { return self.stranger() };
        match self.gateway.prove(&secret).await {
            Ok(Some(identity)) => self.known(identity, secret),
            Ok(None) => self.stranger(),
            Err(Unavailable) => Err(Ending::Overloaded),
        }
    }

    fn stranger(&self) -> Result<Phase<A::Identity>, Ending> {
        let place = self.gateway.take_connection_of(None);
        Ok(Phase::Stranger { _place: place.ok_or(Ending::TooManyConnections)? })
    }

    fn known(&self, identity: A::Identity, secret: String) -> Result<Phase<A::Identity>, Ending> {
        let place = self.gateway.take_connection_of(Some(&identity));
        let place = place.ok_or(Ending::TooManyConnections)?;
        let watch = self.gateway.vigil.watch(identity.credential());
        Ok(Phase::Known { identity, secret, watch, _place: place })
    }

    async fn subscribe(&mut self, id: String, payload: serde_json::Value) -> Result<(), Ending> {
        if matches!(self.phase, Phase::New) {
            return Err(Ending::Unauthorized);
        }
        if self.operations.contains_key(&id) {
            return Err(Ending::DuplicateId(id));
        }
        if self.operations.len() >= self.gateway.options.operations_max {
            return Err(Ending::TooManyOperations);
        }
        if self.proven_at.elapsed() >= PROOF_AGE_MAX {
            self.prove_again().await?;
        }
        let identity = self.phase.identity().cloned();
        let request_id = format!("{}.{}", self.handshake.request_id, self.generation);
        let admitted = match message::parameters(payload) {
            Ok(parameters) => Operation::admit(parameters, identity, &request_id),
            Err(problem) => {
                let response = ErrorCode::BadRequest.response(problem);
                Err(Box::new(Answer::refused(response, &request_id)))
            }
        };
        let request = RequestId::parse(&request_id);
        let origin = Origin { request, address: self.handshake.address };
        let started = match admitted {
            Ok(operation) => self.start(&id, operation.with_data(origin), &request_id),
            Err(answer) => Err(answer),
        };
        match started {
            Ok(()) => Ok(()),
            Err(answer) => self.say(message::error(&id, &answer)).await,
        }
    }

    fn start(
        &mut self,
        id: &str,
        operation: Operation,
        request_id: &str,
    ) -> Result<(), Box<Answer>> {
        let gateway = Arc::clone(&self.gateway);
        let places = if operation.kind == OperationType::Subscription {
            None
        } else {
            let room = gateway.take_request().zip(gateway.take_request_of(self.phase.identity()));
            let full = || ErrorCode::RateLimited.response("too many requests are under way");
            Some(room.ok_or_else(|| Box::new(Answer::refused(full(), request_id)))?)
        };
        self.generation += 1;
        let generation = self.generation;
        let speaker = Speaker { frames: self.frames.clone(), id: id.to_owned(), generation };
        let task = actix_web::rt::spawn(async move {
            let _places = places;
            speaker.carry_out(gateway, operation).await;
        });
        metrics::gauge!("centralino_graphql_subscriptions").increment(1);
        self.operations.insert(id.to_owned(), Running { generation, task });
        Ok(())
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
        let mut session = self.session.clone();
        self.write(async move { session.text(text).await }).await
    }

    async fn pong(&mut self, payload: &[u8]) -> Result<(), Ending> {
        let mut session = self.session.clone();
        self.write(async move { session.pong(payload).await }).await
    }

    /// A client that has gone is noticed by its stream; one that does not read is let go.
    async fn write<T>(&self, writing: impl Future<Output = T>) -> Result<(), Ending> {
        tokio::select! {
            biased;
            _written = writing => Ok(()),
            () = self.phase.revoked() => Err(Ending::Forbidden),
            () = sleep(self.gateway.options.write_timeout) => Err(Ending::Overloaded),
        }
    }

    async fn keep_deadlines(&mut self) -> Result<(), Ending> {
        let gateway = Arc::clone(&self.gateway);
        let options = &gateway.options;
        if matches!(self.phase, Phase::New) && self.opened_at.elapsed() >= options.init_timeout {
            return Err(Ending::InitTimeout);
        }
        if self.heard_at.elapsed() >= options.silence_max {
            return Err(Ending::Overloaded);
        }
        if self.pinged_at.elapsed() >= options.heartbeat {
            self.pinged_at = Instant::now();
            let mut session = self.session.clone();
            self.write(async move { session.ping(b"").await }).await?;
        }
        let expires_at = self.phase.identity().and_then(Identity::expires_at);
        if is_over(expires_at, gateway.clock.now()) {
            self.prove_again().await?;
            // Nobody could be asked: then the end that was known holds.
            let expires_at = self.phase.identity().and_then(Identity::expires_at);
            if is_over(expires_at, gateway.clock.now()) {
                return Err(Ending::Forbidden);
            }
        }
        Ok(())
    }

    /// Learns the caller's role of today; a session that is used runs on.
    async fn prove_again(&mut self) -> Result<(), Ending> {
        let Phase::Known { identity, secret, .. } = &mut self.phase else { return Ok(()) };
        match self.gateway.prove(secret).await {
            Ok(Some(found)) => *identity = found,
            Ok(None) => return Err(Ending::Forbidden),
            // The database is away: the caller keeps what was found last, until it expires.
            Err(Unavailable) => {}
        }
        self.proven_at = Instant::now();
        Ok(())
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
