//! What customers said.

use std::collections::{BTreeMap, HashMap};

use super::{Finding, Promise, finding};
use crate::chaos::ledger::{Ledger, Said, Stored};

pub(super) fn judge(ledger: &Ledger) -> Vec<Finding> {
    let mut found = stored_once(ledger);
    found.extend(stored_in_order(ledger));
    found.extend(dense_sequences(ledger));
    found.extend(ledger.without_effect.iter().map(|callback| {
        finding(Promise::EveryCallbackHasItsEffect, format!("{callback} had no effect"))
    }));
    found
}

fn by_reference(ledger: &Ledger) -> HashMap<&str, Vec<&Stored>> {
    let mut stored: HashMap<&str, Vec<&Stored>> = HashMap::new();
    for text in ledger.stored.iter().filter(|text| text.is_inbound) {
        let reference = text.provider_reference.as_deref().unwrap_or_default();
        stored.entry(reference).or_default().push(text);
    }
    stored
}

fn stored_once(ledger: &Ledger) -> Vec<Finding> {
    let mut stored = by_reference(ledger);
    let mut found = Vec::new();
    for said in &ledger.said {
        let texts = stored.remove(said.reference.as_str()).unwrap_or_default();
        if texts.is_empty() && said.answered_at.is_some() {
            let detail = format!("{:?} of {} is not there", said.text, said.customer);
            found.push(finding(Promise::AnsweredIsStored, detail));
        }
        if texts.len() > 1 {
            let detail = format!("{:?} of {}: {} times", said.text, said.customer, texts.len());
            found.push(finding(Promise::StoredOnce, detail));
        }
        let is_other = |text: &&&Stored| text.text != said.text || text.customer != said.customer;
        found.extend(texts.iter().find(is_other).map(|text| {
            let detail = format!(
                "{:?} of {} is stored as {:?} of {}",
                said.text, said.customer, text.text, text.customer
            );
            finding(Promise::StoredOnce, detail)
        }));
    }
    let invented = stored.into_values().flatten();
    found.extend(
        invented.map(|text| {
            finding(Promise::StoredOnce, format!("{:?} was sent by nobody", text.text))
        }),
    );
    found
}

/// A text that was answered before another one was sent comes before it.
fn stored_in_order(ledger: &Ledger) -> Vec<Finding> {
    let stored = by_reference(ledger);
    let mut of_customers: BTreeMap<&str, Vec<(&Said, &Stored)>> = BTreeMap::new();
    for said in &ledger.said {
        if let Some(text) = stored.get(said.reference.as_str()).and_then(|texts| texts.first()) {
            of_customers.entry(&said.customer).or_default().push((said, text));
        }
    }
    let mut found = Vec::new();
    for (customer, mut texts) in of_customers {
        texts.sort_by_key(|(_, text)| (text.conversation_at, &text.conversation, text.sequence));
        for (place, (later, _)) in texts.iter().enumerate() {
            // Whatever stands behind `later` must not have been safe when `later` was first sent.
            let overtaken = texts[place + 1..].iter().find(|(said, _)| {
                said.answered_at.is_some_and(|answered| answered < later.first_tried_at)
            });
            found.extend(overtaken.map(|(said, _)| {
                let detail = format!("{customer}: {:?} stands before {:?}", later.text, said.text);
                finding(Promise::StoredInOrder, detail)
            }));
        }
    }
    found
}

fn dense_sequences(ledger: &Ledger) -> Vec<Finding> {
    let mut sequences: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for text in &ledger.stored {
        sequences.entry(&text.conversation).or_default().push(text.sequence);
    }
    let mut found = Vec::new();
    for (conversation, mut sequence) in sequences {
        sequence.sort_unstable();
        if sequence.iter().zip(1..).any(|(is, expected)| *is != expected) {
            found.push(finding(Promise::DenseSequence, format!("{conversation}: {sequence:?}")));
        }
    }
    found
}
