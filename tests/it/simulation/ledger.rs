//! What every side of the world has seen, for the oracle that also judges real runs.

use centralino::domain::message::MessageDirection;

use super::{people::address_of, provider::What, world::World};
use crate::chaos::ledger::{Event, Ledger, Report, Said, Sighting, Stored, Try};

pub fn ledger_of(world: &World) -> Ledger {
    let mut ledger = Ledger {
        accepted: world.provider.accepted.clone(),
        asked: world.agents.iter().flat_map(|agent| agent.asked.clone()).collect(),
        stored: stored(world),
        ..Ledger::default()
    };
    let signed = |at: u64| i64::try_from(at).unwrap();
    for callback in &world.callbacks {
        match &callback.what {
            What::Text { customer, text } => ledger.said.push(Said {
                reference: callback.reference.clone(),
                customer: address_of(*customer).as_str().to_owned(),
                text: text.clone(),
                first_tried_at: callback.first_tried_at.map_or(i64::MAX, signed),
                answered_at: callback.answered_at.map(signed),
                is_put_off: false,
            }),
            What::Report { external_id, code } => ledger.reports.push(Report {
                external_id: external_id.clone(),
                code: *code,
                is_answered: callback.answered_at.is_some(),
            }),
        }
    }
    for ((message, number), status) in &world.store.tries {
        ledger.tries.push(Try {
            message: message.to_string(),
            number: i64::from(*number),
            status: status.as_str().to_owned(),
        });
    }
    for (external_id, count) in &world.provider.seen {
        ledger.sightings.push(Sighting { external_id: external_id.clone(), count: *count });
    }
    for ((conversation, told), position) in world.store.feed.iter().zip(1..) {
        let conversation = Some(conversation.to_string());
        ledger.events.push(Event { position, conversation, told: told.clone() });
    }
    ledger
}

fn stored(world: &World) -> Vec<Stored> {
    let kept = world.store.conversations.values();
    kept.flat_map(|kept| {
        let conversation = &kept.state.conversation;
        kept.state.messages.iter().map(|message| Stored {
            id: message.id.to_string(),
            conversation: conversation.id.to_string(),
            conversation_at: kept.place,
            customer: conversation.pair.customer.as_str().to_owned(),
            sequence: i64::from(message.sequence),
            is_inbound: message.direction == MessageDirection::Inbound,
            text: message.text.clone(),
            status: message.status.as_str().to_owned(),
            provider_reference: message.provider_reference.clone(),
            key: message.idempotency_key.clone(),
        })
    })
    .collect()
}
