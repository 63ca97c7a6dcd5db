//! Whether anybody has claimed this installation, and how far an organization has been set up.
//!
//! An installation is claimed by its first agent, whatever made it; a trigger holds that.

use chrono::{DateTime, Utc};
use diesel::{
    Queryable,
    sql_types::{Bool, Bytea, Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Reads, StoreError, SystemConnection, WriteConnection, statement::static_statement};
use crate::domain::ids::OrganizationId;

static_statement! {
    IsClaimed {} -> Bool,
    "select claimed_at is not null from installation"
}

static_statement! {
    HasCode { hash: Vec<u8> => Bytea, } -> Bool,
    "select claimed_at is null and ? = any (setup_code_hashes) from installation"
}

static_statement! {
    // Several processes may start at once, and each prints a code: the newest eight are good.
    AddCode { hash: Vec<u8> => Bytea, } -> Bool,
    "update installation set setup_code_hashes = (array_prepend(?, setup_code_hashes))[1:8] \
     where claimed_at is null"
}

static_statement! {
    Claim {
        at: DateTime<Utc> => Timestamptz,
        hash: Vec<u8> => Bytea,
    } -> Bool,
    "update installation set claimed_at = ?, setup_code_hashes = '{}' \
     where claimed_at is null and ? = any (setup_code_hashes)"
}

static_statement! {
    /// Texts are looked for in the first thousand conversations: by then set-up is long over.
    FindSteps {
        organization: Uuid => SqlUuid,
        account_owner: Uuid => SqlUuid,
        number_owner: Uuid => SqlUuid,
        texted: Uuid => SqlUuid,
        replied: Uuid => SqlUuid,
    } -> (Moment, Moment, Moment, Moment, Moment),
    "select \
        (select min(created_at) from agents where organization_id = ? \
            and role = 'ADMIN' and active and email is not null), \
        (select min(created_at) from channel_accounts where organization_id = ?), \
        (select min(created_at) from support_numbers where organization_id = ? and active), \
        (select m.created_at from (select organization_id, id, last_inbound_at \
                from conversations where organization_id = ? order by id limit 1000) e \
            cross join lateral (select created_at from messages \
                where organization_id = e.organization_id and conversation_id = e.id \
                    and origin = 'CUSTOMER' order by sequence limit 1) m \
            where e.last_inbound_at is not null order by e.id limit 1), \
        (select m.created_at from (select organization_id, id, last_outbound_at \
                from conversations where organization_id = ? order by id limit 1000) e \
            cross join lateral (select created_at from messages \
                where organization_id = e.organization_id and conversation_id = e.id \
                    and origin = 'AGENT' order by sequence limit 1) m \
            where e.last_outbound_at is not null order by e.id limit 1)"
}

type Moment = Nullable<Timestamptz>;

/// When each step of setting an organization up was first done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Steps {
    /// A person that is there and may set everything up.
    pub admin: Option<DateTime<Utc>>,
    pub channel_account: Option<DateTime<Utc>>,
    /// One that is in use.
    pub support_number: Option<DateTime<Utc>>,
    /// A customer's.
    pub first_text: Option<DateTime<Utc>>,
    /// An agent's own.
    pub first_reply: Option<DateTime<Utc>>,
}

/// Whether there is anybody.
pub async fn is_claimed(connection: &mut SystemConnection) -> Result<bool, StoreError> {
    Ok(IsClaimed {}.get_result(connection.raw()).await?)
}

/// Whether a set-up code is good now.
pub async fn has_code(
    connection: &mut SystemConnection,
    hash: &[u8; 32],
) -> Result<bool, StoreError> {
    Ok(HasCode { hash: hash.to_vec() }.get_result(connection.raw()).await?)
}

/// Makes a set-up code good; `false`: the installation is claimed.
pub async fn add_code(
    connection: &mut WriteConnection,
    hash: &[u8; 32],
) -> Result<bool, StoreError> {
    Ok(AddCode { hash: hash.to_vec() }.execute(connection.raw()).await? > 0)
}

/// Claims the installation with a set-up code; `false`: the code is not good, or no longer.
///
/// Whoever else tries waits for the end of the transaction, and then finds it claimed.
pub async fn claim(
    connection: &mut WriteConnection,
    hash: &[u8; 32],
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(Claim { at, hash: hash.to_vec() }.execute(connection.raw()).await? > 0)
}

/// How far an organization has been set up.
pub async fn steps(
    connection: &mut impl Reads,
    organization: OrganizationId,
) -> Result<Steps, StoreError> {
    let id = organization.0;
    let asked = FindSteps {
        organization: id,
        account_owner: id,
        number_owner: id,
        texted: id,
        replied: id,
    };
    Ok(asked.get_result(connection.raw()).await?)
}
