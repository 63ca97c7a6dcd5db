//! Posts callbacks: one attempt after the other, each with its time limit.

use std::{sync::Arc, time::Duration};

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use tokio::{sync::Semaphore, time::Instant};

use super::sign::Proof;
use crate::simulator::{
    clock,
    outbox::{Answer, Attempt, Callback, State},
};

/// Attempts under way at once; the next one waits.
const ATTEMPTS_MAX: usize = 1_024;
/// What is read of an answer, so that its connection can be used again.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// One callback on its way.
pub(in crate::simulator) struct Delivery {
    pub(in crate::simulator) callback: Arc<Callback>,
    pub(in crate::simulator) proof: Proof,
    /// Waits between the attempts, as long as they last here.
    pub(in crate::simulator) waits: Vec<Duration>,
    pub(in crate::simulator) timeout: Duration,
}

/// Makes the attempts.
pub(in crate::simulator) struct Postman {
    http: reqwest::Client,
    permits: Semaphore,
}

impl Postman {
    pub(in crate::simulator) fn new() -> Result<Self, reqwest::Error> {
        // Another part of the process may have installed it before, which is just as well.
        rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .tcp_nodelay(true)
            .build()?;
        Ok(Self { http, permits: Semaphore::new(ATTEMPTS_MAX) })
    }

    /// The first attempt; what is left to do is in the delivery.
    pub(in crate::simulator) async fn try_first(&self, delivery: &Delivery) -> Attempt {
        self.attempt(delivery, delivery.waits.is_empty()).await
    }

    /// The further attempts, until one is answered with 200.
    pub(in crate::simulator) async fn try_again(&self, delivery: &Delivery) {
        for (tried, wait) in delivery.waits.iter().enumerate() {
            tokio::time::sleep(*wait).await;
            let is_last = tried + 1 == delivery.waits.len();
            if self.attempt(delivery, is_last).await.answer.is_accepted() {
                return;
            }
        }
    }

    async fn attempt(&self, delivery: &Delivery, is_last: bool) -> Attempt {
        // The semaphore is never closed; without a permit the attempt is made all the same.
        let _permit = self.permits.acquire().await.ok();
        let (at, begun) = (clock::now(), Instant::now());
        let answer = self.post(delivery).await;
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let attempt = Attempt { at, milliseconds, answer };
        let state = match (answer.is_accepted(), is_last) {
            (true, _) => State::Delivered,
            (false, true) => State::GivenUp,
            (false, false) => State::Pending,
        };
        delivery.callback.note(attempt, state);
        attempt
    }

    async fn post(&self, delivery: &Delivery) -> Answer {
        let Delivery { callback, proof, .. } = delivery;
        let mut request = self
            .http
            .post(&*callback.url)
            .timeout(delivery.timeout)
            .header(CONTENT_TYPE, "application/json")
            .body(callback.body.clone());
        if let Some(value) = &proof.authorization {
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(value) = &proof.x_ts_authorization {
            request = request.header("X-TS-Authorization", value);
        }
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_timeout() => return Answer::Nothing("timeout"),
            Err(error) if error.is_connect() => return Answer::Nothing("no_connection"),
            Err(_) => return Answer::Nothing("connection_lost"),
        };
        let mut read = 0;
        while let Ok(Some(chunk)) = response.chunk().await {
            read += chunk.len();
            if read > ANSWER_BYTES_MAX {
                break;
            }
        }
        Answer::HttpStatus(response.status().as_u16())
    }
}
