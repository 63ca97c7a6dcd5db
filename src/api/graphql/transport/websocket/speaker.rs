//! One operation on a socket: its answers as frames, in the order in which they come.

use std::sync::Arc;

use async_graphql::{Executor, parser::types::OperationType};
use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::message;
use crate::api::graphql::transport::{
    execution::Operation, gateway::Gateway, identity::Authenticate,
};

/// A frame of an operation.
pub(super) struct Frame {
    pub(super) id: String,
    /// Tells an operation from a later one with the same id.
    pub(super) generation: u64,
    pub(super) text: String,
    pub(super) is_last: bool,
}

/// What an operation speaks through.
pub(super) struct Speaker {
    pub(super) frames: mpsc::Sender<Frame>,
    pub(super) id: String,
    pub(super) generation: u64,
}

impl Speaker {
    pub(super) async fn carry_out<E: Executor, A: Authenticate>(
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
