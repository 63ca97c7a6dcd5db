//! What an organization sets about consent: how far it reaches, the words, what is answered.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Reads, StoreError, WriteConnection,
    commit::{consent_statement, feed_statement},
    event::{ConfigChange, record_config_change},
    schema::{automated_messages, keyword_sets},
};
use crate::domain::{
    consent::{
        keyword::KeywordSet,
        wording::{AutomatedMessage, AutomatedTrigger},
    },
    ids::OrganizationId,
};

const UNREADABLE: StoreError = StoreError::Unreadable("consent setting");

type KeywordRow = (String, Vec<String>, Vec<String>, Vec<String>);

/// An organization's own words, by language.
pub async fn keyword_sets(
    connection: &mut impl Reads,
    organization: OrganizationId,
) -> Result<Vec<KeywordSet>, StoreError> {
    let rows: Vec<KeywordRow> = keyword_sets::table
        .filter(keyword_sets::organization_id.eq(organization.0))
        .order(keyword_sets::language)
        .select((
            keyword_sets::language,
            keyword_sets::opt_out,
            keyword_sets::opt_in,
            keyword_sets::help,
        ))
        .load(connection.raw())
        .await?;
    let set = |(language, opt_out, opt_in, help)| KeywordSet { language, opt_out, opt_in, help };
    Ok(rows.into_iter().map(set).collect())
}

/// What an organization says by itself in its own words.
pub async fn automated_messages(
    connection: &mut impl Reads,
    organization: OrganizationId,
) -> Result<Vec<AutomatedMessage>, StoreError> {
    let rows: Vec<(String, bool, Value)> = automated_messages::table
        .filter(automated_messages::organization_id.eq(organization.0))
        .select((
            automated_messages::trigger,
            automated_messages::active,
            automated_messages::texts,
        ))
        .load(connection.raw())
        .await?;
    let message = |(trigger, active, texts): (String, bool, Value)| {
        let trigger = AutomatedTrigger::from_word(&trigger).ok_or(UNREADABLE)?;
        let texts: BTreeMap<String, String> =
            serde_json::from_value(texts).ok().ok_or(UNREADABLE)?;
        Ok(AutomatedMessage { trigger, active, texts })
    };
    rows.into_iter().map(message).collect()
}

/// Every conversation follows the reach that has just been set.
pub(super) async fn follow_scope(
    connection: &mut AsyncPgConnection,
    change: &ConfigChange,
) -> Result<(), StoreError> {
    let by = (change.actor, change.at);
    let ripples = consent_statement::follow(connection, change.organization.0, by).await?;
    feed_statement::append(connection, &[], &ripples).await?;
    Ok(())
}

/// Stores all of an organization's own words; those of a language that is not among them are the
/// built-in ones again.
pub(super) async fn replace_keywords(
    connection: &mut AsyncPgConnection,
    organization: Uuid,
    sets: &[KeywordSet],
) -> Result<(), StoreError> {
    let own = keyword_sets::table.filter(keyword_sets::organization_id.eq(organization));
    diesel::delete(own).execute(connection).await?;
    for set in sets {
        diesel::insert_into(keyword_sets::table)
            .values((
                keyword_sets::organization_id.eq(organization),
                keyword_sets::language.eq(&set.language),
                keyword_sets::opt_out.eq(&set.opt_out),
                keyword_sets::opt_in.eq(&set.opt_in),
                keyword_sets::help.eq(&set.help),
            ))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Stores what is said to one trigger.
pub async fn set_automated_message(
    connection: &mut WriteConnection,
    message: &AutomatedMessage,
    change: &ConfigChange,
) -> Result<(), StoreError> {
    let texts = serde_json::to_value(&message.texts).ok().ok_or(UNREADABLE)?;
    connection
        .raw()
        .transaction::<_, diesel::result::Error, _>(async |transaction| {
            diesel::insert_into(automated_messages::table)
                .values((
                    automated_messages::organization_id.eq(change.organization.0),
                    automated_messages::trigger.eq(message.trigger.as_str()),
                    automated_messages::active.eq(message.active),
                    automated_messages::texts.eq(&texts),
                ))
                .on_conflict((automated_messages::organization_id, automated_messages::trigger))
                .do_update()
                .set((
                    automated_messages::active.eq(message.active),
                    automated_messages::texts.eq(&texts),
                ))
                .execute(transaction)
                .await?;
            record_config_change(transaction, change).await
        })
        .await?;
    Ok(())
}
