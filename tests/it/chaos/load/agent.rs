//! An agent picks what is open, answers, lets wait, ends.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::Seen;
use crate::chaos::{client::Client, dice::Dice, ledger::Asked};

/// Before a question is asked again that got no answer.
const AGAIN: Duration = Duration::from_millis(100);
/// How often it is asked at the most; by then the server has been healed for long.
const TRIES_MAX: u32 = 300;

const DESK: &str = "{ inbox(last: 100) { nodes { id status version } }
    conversations(first: 1, filter: { status: [OPEN] }) { nodes { id } } }";

pub struct Desk {
    client: Client,
    number: usize,
    seen: Arc<Seen>,
}

impl Desk {
    pub fn new(client: Client, number: usize, seen: Arc<Seen>) -> Self {
        Self { client, number, seen }
    }

    pub async fn work(self, mut dice: Dice, stop: CancellationToken) {
        let mut count = 0_u32;
        while !stop.is_cancelled() {
            tokio::time::sleep(dice.milliseconds(10..60)).await;
            let Some(desk) = self.client.graphql(DESK, json!({})).await else { continue };
            let inbox = desk["inbox"]["nodes"].as_array().cloned().unwrap_or_default();
            let mine: Vec<&Value> = inbox.iter().filter(|one| one["status"] == "ACTIVE").collect();
            // Whoever has much to do leaves some of it to others.
            let has_time = mine.len() < 4 || dice.percent(20);
            let open = desk["conversations"]["nodes"][0]["id"].as_str();
            if let Some(open) = open.filter(|_| has_time) {
                // Another agent may be first, and the answer may be lost: the next look tells.
                self.client.mutate("conversationPick", json!({ "conversationId": open }), "").await;
                continue;
            }
            if mine.is_empty() {
                continue;
            }
            let conversation = mine[dice.place(mine.len())];
            match dice.of(0..100) {
                0..90 => {
                    count += 1;
                    self.answer(conversation, count, &mut dice).await;
                }
                90..96 => {
                    let on = json!({ "waitingOn": "CUSTOMER" });
                    self.act("conversationWait", conversation, on).await;
                }
                _ => {
                    let reason = json!({ "reason": "SOLVED" });
                    self.act("conversationResolve", conversation, reason).await;
                }
            }
        }
    }

    async fn act(&self, mutation: &str, conversation: &Value, more: Value) {
        let mut input = json!({
            "conversationId": conversation["id"], "expectedVersion": conversation["version"],
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.client.mutate(mutation, input, "").await;
    }

    /// Sends a text: asks with the same key until there is an answer, and sometimes once more.
    async fn answer(&self, conversation: &Value, count: u32, dice: &mut Dice) {
        let key = format!("agent {} text {count}", self.number);
        let text = format!("answer {count} by {}", self.number);
        let conversation = conversation["id"].as_str().unwrap().to_owned();
        let place = {
            let mut asked = self.seen.asked.lock();
            asked.push(Asked {
                key: key.clone(),
                conversation: conversation.clone(),
                text: text.clone(),
                answers: Vec::new(),
            });
            asked.len() - 1
        };
        let input = json!({ "conversationId": conversation, "idempotencyKey": key, "text": text });
        let mut left = 1 + u32::from(dice.percent(20));
        for _ in 0..TRIES_MAX {
            let payload = self.client.mutate("messageSend", input.clone(), "message { id }").await;
            let Some(payload) = payload else {
                tokio::time::sleep(AGAIN).await;
                continue;
            };
            // What was refused was not asked for, unless an earlier try was more successful.
            let Some(id) = payload["message"]["id"].as_str() else { return };
            self.seen.asked.lock()[place].answers.push(id.to_owned());
            left -= 1;
            if left == 0 {
                return;
            }
        }
    }
}
