//! Conversations whose agent is no longer active; the actors give them back through `commit`.

use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{StoreError, SystemConnection, statement::static_statement};
use crate::domain::{
    address::SmsAddress,
    conversation::Pair,
    ids::{AgentId, ConversationId, OrganizationId, SupportNumberId},
};

static_statement! {
    FindLeft { limit: i64 => BigInt, } -> (SqlUuid, SqlUuid, SqlUuid, Text, SqlUuid),
    "select c.organization_id, c.id, c.support_number_id, c.customer, c.assignee_id \
     from agents a join conversations c \
        on c.organization_id = a.organization_id and c.assignee_id = a.id \
     where not a.active and c.status <> 'RESOLVED' and c.status in ('ACTIVE', 'WAITING') \
     limit ?"
}

/// A conversation that somebody has left behind.
#[derive(Debug, Clone)]
pub struct LeftWork {
    pub id: ConversationId,
    pub pair: Pair,
    pub agent: AgentId,
}

/// What agents who are no longer active have left behind, in no order.
pub async fn find(
    connection: &mut SystemConnection,
    limit: i64,
) -> Result<Vec<LeftWork>, StoreError> {
    let rows: Vec<(Uuid, Uuid, Uuid, String, Uuid)> =
        FindLeft { limit }.load(connection.raw()).await?;
    rows.into_iter()
        .map(|(organization, id, number, customer, agent)| {
            let customer = customer.parse::<SmsAddress>().ok();
            Ok(LeftWork {
                id: ConversationId(id),
                pair: Pair {
                    organization_id: OrganizationId(organization),
                    support_number_id: SupportNumberId(number),
                    customer: customer.ok_or(StoreError::Unreadable("conversation"))?,
                },
                agent: AgentId(agent),
            })
        })
        .collect()
}
