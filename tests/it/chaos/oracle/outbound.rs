//! What agents wrote, and what the provider made of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Finding, Promise, finding};
use crate::chaos::ledger::{Accepted, Ledger, Report, Stored, Try};

/// Where a text may not be left.
const UNSETTLED: [&str; 3] = ["SCHEDULED", "QUEUED", "SENDING"];
/// What the provider says of a text that has arrived.
const DELIVERED_CODE: u32 = 200;
/// What it says of one that is on its way.
const ON_ITS_WAY_CODE: u32 = 203;

pub(super) fn judge(ledger: &Ledger) -> Vec<Finding> {
    let mut found = seen_once(ledger);
    found.extend(taken_once(ledger));
    found.extend(begun_before_sent(ledger));
    found.extend(sent_in_order(ledger));
    found.extend(asked_once(ledger));
    found.extend(settled(ledger));
    found.extend(status_is_true(ledger));
    found
}

fn outbound(ledger: &Ledger) -> impl Iterator<Item = &Stored> {
    ledger.stored.iter().filter(|text| !text.is_inbound)
}

fn message_of(external_id: &str) -> &str {
    external_id.rsplit_once('.').map_or(external_id, |(message, _)| message)
}

fn seen_once(ledger: &Ledger) -> Vec<Finding> {
    let is_many = |count: u64| count > 1;
    let sightings = ledger.sightings.iter().filter(|sighting| is_many(sighting.count));
    let seen = sightings.map(|sighting| (sighting.external_id.as_str(), sighting.count));
    let accepted = counts(ledger.accepted.iter().map(|accepted| accepted.external_id.as_str()));
    let accepted = accepted.into_iter().filter(|(_, count)| is_many(*count));
    seen.chain(accepted)
        .map(|(id, count)| finding(Promise::SeenOnce, format!("{id}: {count} times")))
        .collect()
}

fn taken_once(ledger: &Ledger) -> Vec<Finding> {
    let tries: HashSet<&str> =
        ledger.accepted.iter().map(|accepted| accepted.external_id.as_str()).collect();
    counts(tries.into_iter().map(message_of))
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(id, count)| finding(Promise::TakenOnce, format!("{id}: in {count} tries")))
        .collect()
}

fn counts<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u64> {
    let mut counts = BTreeMap::new();
    for id in ids {
        *counts.entry(id).or_default() += 1;
    }
    counts
}

fn begun_before_sent(ledger: &Ledger) -> Vec<Finding> {
    let tries: HashSet<String> = ledger.tries.iter().map(Try::external_id).collect();
    let texts: HashMap<&str, &Stored> =
        outbound(ledger).map(|text| (text.id.as_str(), text)).collect();
    let is_it = |accepted: &Accepted| {
        tries.contains(&accepted.external_id)
            && texts
                .get(message_of(&accepted.external_id))
                .is_some_and(|text| text.text == accepted.text && text.customer == accepted.to)
    };
    ledger
        .accepted
        .iter()
        .filter(|accepted| !is_it(accepted))
        .map(|accepted| {
            let detail = format!("{} has no stored try of that text", accepted.external_id);
            finding(Promise::BegunBeforeSent, detail)
        })
        .collect()
}

fn sent_in_order(ledger: &Ledger) -> Vec<Finding> {
    let texts: HashMap<&str, &Stored> =
        outbound(ledger).map(|text| (text.id.as_str(), text)).collect();
    let mut newest: HashMap<&str, i64> = HashMap::new();
    let mut found = Vec::new();
    for accepted in &ledger.accepted {
        let Some(text) = texts.get(message_of(&accepted.external_id)) else { continue };
        let before = newest.insert(&text.conversation, text.sequence).unwrap_or_default();
        if before > text.sequence {
            let detail = format!("{:?} came after number {before}", text.text);
            found.push(finding(Promise::SentInOrder, detail));
        }
    }
    found
}

fn asked_once(ledger: &Ledger) -> Vec<Finding> {
    let mut by_key: HashMap<&str, Vec<&Stored>> = HashMap::new();
    for text in outbound(ledger) {
        by_key.entry(text.key.as_deref().unwrap_or_default()).or_default().push(text);
    }
    let mut found = Vec::new();
    for asked in &ledger.asked {
        let texts = by_key.remove(asked.key.as_str()).unwrap_or_default();
        let is_right = match texts.as_slice() {
            [] => asked.answers.is_empty(),
            [text] => {
                text.text == asked.text
                    && text.conversation == asked.conversation
                    && asked.answers.iter().all(|answer| *answer == text.id)
            }
            _ => false,
        };
        if !is_right {
            let ids: Vec<&str> = texts.iter().map(|text| text.id.as_str()).collect();
            let detail = format!("{:?}: answered {:?}, stored {ids:?}", asked.text, asked.answers);
            found.push(finding(Promise::AskedOnce, detail));
        }
    }
    found.extend(by_key.into_values().flatten().map(|text| {
        finding(Promise::AskedOnce, format!("{:?} was asked for by nobody", text.text))
    }));
    found
}

fn settled(ledger: &Ledger) -> Vec<Finding> {
    outbound(ledger)
        .filter(|text| UNSETTLED.contains(&text.status.as_str()))
        .map(|text| finding(Promise::Settled, format!("{:?} is {}", text.text, text.status)))
        .collect()
}

fn status_is_true(ledger: &Ledger) -> Vec<Finding> {
    let taken: HashSet<&str> =
        ledger.accepted.iter().map(|accepted| message_of(&accepted.external_id)).collect();
    let mut reports: HashMap<&str, Vec<&Report>> = HashMap::new();
    for report in &ledger.reports {
        reports.entry(message_of(&report.external_id)).or_default().push(report);
    }
    outbound(ledger)
        .filter_map(|text| {
            let reports = reports.get(text.id.as_str()).map_or(&[][..], Vec::as_slice);
            let is_taken = taken.contains(text.id.as_str());
            (!is_true(&text.status, is_taken, reports)).then(|| {
                let detail = format!(
                    "{:?} is {}; taken by the provider: {is_taken}, {reports:?}",
                    text.text, text.status
                );
                finding(Promise::StatusIsTrue, detail)
            })
        })
        .collect()
}

/// Whether a text may stand there, by what the provider did and said.
///
/// What it said and we have answered has its effect; what we have not answered may have it.
fn is_true(status: &str, is_taken: bool, reports: &[&Report]) -> bool {
    let is_failure = |report: &&&Report| ![DELIVERED_CODE, ON_ITS_WAY_CODE].contains(&report.code);
    let is_delivery = |report: &&&Report| report.code == DELIVERED_CODE;
    let mut answered = reports.iter().filter(|report| report.is_answered);
    let may_have_failed = reports.iter().any(|report| is_failure(&report));
    if answered.clone().any(|report| is_delivery(&report)) {
        return status == "DELIVERED";
    }
    match status {
        "SENT" => is_taken && !answered.any(|report| is_failure(&report)),
        "DELIVERED" => is_taken && reports.iter().any(|report| is_delivery(&report)),
        "UNDELIVERABLE" | "EXPIRED" => is_taken && may_have_failed,
        "FAILED" => may_have_failed || !is_taken,
        // Nobody has heard anything, or else it would be known.
        "UNCONFIRMED" => answered.next().is_none(),
        "CANCELLED" => !is_taken,
        // What is unsettled is told by another promise.
        _ => true,
    }
}
