//! What subscribers were told.

use std::collections::{HashMap, HashSet};

use super::{Finding, Promise, finding};
use crate::chaos::ledger::{Content, Frame, Ledger, Subscriber, Told};

/// Texts of a snapshot at the most; a full one may leave older ones out.
const SNAPSHOT_TEXTS_MAX: usize = 50;

pub(super) fn judge(ledger: &Ledger) -> Vec<Finding> {
    let mut found = dense_feed(ledger);
    let mut threads: HashMap<&str, Vec<&Told>> = HashMap::new();
    for event in &ledger.events {
        let Some(conversation) = &event.conversation else { continue };
        threads.entry(conversation).or_default().push(&event.told);
    }
    for subscriber in &ledger.subscribers {
        found.extend(frames_chain(subscriber));
        let thread = threads.get(subscriber.conversation.as_str());
        found.extend(told_everything(subscriber, thread.map_or(&[][..], Vec::as_slice)));
    }
    found
}

fn dense_feed(ledger: &Ledger) -> Vec<Finding> {
    let mut found = Vec::new();
    for (event, expected) in ledger.events.iter().zip(1..) {
        if event.position != expected {
            let detail = format!("position {} stands where {expected} belongs", event.position);
            found.push(finding(Promise::DenseFeed, detail));
            break;
        }
    }
    let mut added: HashMap<&str, u32> = HashMap::new();
    for event in &ledger.events {
        if let Told::Added(message) = &event.told {
            *added.entry(message).or_default() += 1;
        }
    }
    found.extend(ledger.stored.iter().filter_map(|text| {
        let count = added.get(text.id.as_str()).copied().unwrap_or_default();
        (count != 1).then(|| {
            finding(Promise::DenseFeed, format!("{:?} is in the feed {count} times", text.text))
        })
    }));
    found
}

fn frames_chain(subscriber: &Subscriber) -> Option<Finding> {
    let mut held: Option<&Frame> = None;
    for frame in &subscriber.frames {
        let is_anew = matches!(frame.content, Content::Resync);
        let expected = held.map(|held| &held.cursor);
        if !is_anew && frame.previous.as_ref() != expected {
            let detail = format!(
                "{}: a frame follows {:?}, and {expected:?} was held",
                subscriber.conversation, frame.previous
            );
            return Some(finding(Promise::FramesChain, detail));
        }
        held = Some(frame);
    }
    None
}

/// A stretch of a stream that begins with a snapshot.
#[derive(Default)]
struct Stretch<'a> {
    shown: HashSet<&'a str>,
    told: Vec<&'a Told>,
}

fn stretches(subscriber: &Subscriber) -> Vec<Stretch<'_>> {
    let mut stretches: Vec<Stretch<'_>> = Vec::new();
    for frame in &subscriber.frames {
        match &frame.content {
            Content::Snapshot(messages) => stretches.push(Stretch {
                shown: messages.iter().map(String::as_str).collect(),
                told: Vec::new(),
            }),
            Content::Delta(events) => {
                if let Some(stretch) = stretches.last_mut() {
                    stretch.told.extend(events);
                }
            }
            Content::Resync => {}
        }
    }
    stretches
}

/// What was told is a part of the thread without gaps, and the last part reaches its end.
fn told_everything(subscriber: &Subscriber, thread: &[&Told]) -> Option<Finding> {
    let name = &subscriber.conversation;
    let broken = |detail: String| Some(finding(Promise::ToldEverything, detail));
    let stretches = stretches(subscriber);
    let Some((last, earlier)) = stretches.split_last() else {
        return broken(format!("{name}: there was no snapshot"));
    };
    let is_part = |stretch: &Stretch<'_>| {
        stretch.told.is_empty()
            || thread.windows(stretch.told.len()).any(|part| part == stretch.told)
    };
    if let Some(stretch) = earlier.iter().find(|stretch| !is_part(stretch)) {
        return broken(format!("{name}: was told {:?}, not as it happened", stretch.told));
    }
    if !thread.ends_with(&last.told) {
        let tail = &thread[thread.len().saturating_sub(last.told.len())..];
        return broken(format!("{name}: was told {:?} of {tail:?}", last.told));
    }
    // Of what happened before, the snapshot shows the texts, as many as it holds.
    if last.shown.len() >= SNAPSHOT_TEXTS_MAX {
        return None;
    }
    let untold = &thread[..thread.len() - last.told.len()];
    let missing = untold.iter().find_map(|told| match told {
        Told::Added(message) if !last.shown.contains(message.as_str()) => Some(message),
        _ => None,
    });
    missing.and_then(|message| broken(format!("{name}: {message} was neither shown nor told")))
}
