//! A customer texts: one numbered text after the other.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{
    chaos::{client::Client, dice::Dice},
    support::SUPPORT_NUMBER,
};

/// Between two looks at what became of a callback.
const LOOK: Duration = Duration::from_millis(30);

/// The number of a customer, as the provider writes it.
fn number_of(customer: u64) -> String {
    format!("1415555{:04}", 100 + customer)
}

/// The number of a customer, as the API writes it.
pub fn address(customer: u64) -> String {
    format!("+{}", number_of(customer))
}

pub async fn text(provider: Client, customer: u64, mut dice: Dice, stop: CancellationToken) {
    let from = number_of(customer);
    for number in 1_u32.. {
        if stop.is_cancelled() {
            return;
        }
        let text = format!("text {number} of {customer}");
        // The provider promises to tell at least once.
        let repeat = if dice.percent(10) { 3 } else { 1 };
        let body = json!({ "from": from, "to": SUPPORT_NUMBER, "text": text, "repeat": repeat });
        // The provider is ours and does not die; it may be slow to tell.
        if let Some(answer) = provider.post("control/inbound", &body).await
            && answer["answers"]["200"] != repeat
        {
            until_done_with(&provider, &answer).await;
        }
        tokio::time::sleep(dice.milliseconds(20..150)).await;
    }
}

/// Waits until the provider has delivered a text or given it up.
async fn until_done_with(provider: &Client, answer: &Value) {
    let reference = answer["reference_ids"][0].as_str().unwrap_or_default();
    let path = format!("control/callbacks?reference_id={reference}");
    loop {
        if let Some(found) = provider.get(&path).await
            && found["callbacks"].as_array().is_none_or(|callbacks| {
                callbacks.iter().all(|callback| callback["state"] != "pending")
            })
        {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
}
