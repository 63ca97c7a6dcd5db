//! One-time links by which an agent sets a password: invitations and resets.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::{AsyncConnection, RunQueryDsl};
use uuid::Uuid;

use super::{
    Reads, StoreError, SystemConnection, WriteConnection,
    event::{ConfigChange, record_config_change},
    schema::password_links,
};
use crate::domain::ids::{AgentId, OrganizationId};

/// A link to store.
pub struct NewPasswordLink {
    pub agent: AgentId,
    pub token_hash: [u8; 32],
    pub expires_at: DateTime<Utc>,
}

/// Stores a link; an earlier one of the same agent is no longer good.
pub async fn replace(
    connection: &mut WriteConnection,
    link: &NewPasswordLink,
    change: &ConfigChange,
) -> Result<(), StoreError> {
    let organization = change.organization.0;
    connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            let values = (
                password_links::token_hash.eq(link.token_hash.as_slice()),
                password_links::created_at.eq(change.at),
                password_links::expires_at.eq(link.expires_at),
            );
            diesel::insert_into(password_links::table)
                .values((
                    password_links::organization_id.eq(organization),
                    password_links::agent_id.eq(link.agent.0),
                    values,
                ))
                .on_conflict((password_links::organization_id, password_links::agent_id))
                .do_update()
                .set(values)
                .execute(transaction)
                .await?;
            record_config_change(transaction, change).await
        })
        .await?;
    Ok(())
}

/// Whose password a good link sets.
pub async fn locate(
    connection: &mut SystemConnection,
    token_hash: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<Option<(OrganizationId, AgentId)>, StoreError> {
    let found: Option<(Uuid, Uuid)> = password_links::table
        .filter(password_links::token_hash.eq(token_hash.as_slice()))
        .filter(password_links::expires_at.gt(now))
        .select((password_links::organization_id, password_links::agent_id))
        .first(connection.raw())
        .await
        .optional()?;
    Ok(found.map(|(organization, agent)| (OrganizationId(organization), AgentId(agent))))
}

/// Uses a link up; `false`: it is not good, or no longer. Of two at once one finds it.
pub async fn take(
    connection: &mut WriteConnection,
    organization: OrganizationId,
    token_hash: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let good = password_links::table
        .filter(password_links::organization_id.eq(organization.0))
        .filter(password_links::token_hash.eq(token_hash.as_slice()))
        .filter(password_links::expires_at.gt(now));
    Ok(diesel::delete(good).execute(connection.raw()).await? > 0)
}
