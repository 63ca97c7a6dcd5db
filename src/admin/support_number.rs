//! Numbers of ours: added, given to a workstream, switched on and off.

use super::{
    Admin, AdminError, By,
    error::{Refusal, RefusalCode},
    field,
};
use crate::{
    domain::{
        address::{InvalidSupportNumber, SupportNumberDigits, SupportNumberKind},
        audit::AuditChanges,
        channel::SupportNumber,
        ids::{ChannelAccountId, SupportNumberId, WorkstreamId},
        organization::Stamp,
    },
    store::{
        Reads, channel_account,
        support_number::{self, Changes},
        workstream,
    },
};

/// A number to add; without `Debug`, since a number does not belong in a log.
#[derive(Clone)]
pub struct NewSupportNumber {
    pub channel_account: ChannelAccountId,
    pub kind: SupportNumberKind,
    /// Digits only; anything else is refused with the digits that would be taken.
    pub number: String,
    pub country: Option<String>,
    pub description: Option<String>,
    pub workstream: Option<WorkstreamId>,
}

impl Admin {
    pub async fn support_number_add(
        &self,
        by: By,
        new: NewSupportNumber,
    ) -> Result<SupportNumber, AdminError> {
        let number = SupportNumberDigits::parse(new.kind, &new.number)
            .map_err(|error| refusal_of(&error))?;
        let country = field::country(new.country.as_deref())?;
        let description = field::description(new.description.as_deref())?;
        let mut connection = self.store.write(by.organization).await?;
        let accounts = [new.channel_account];
        if channel_account::find_many(&mut connection, by.organization, &accounts).await?.is_empty()
        {
            return Err(Refusal::not_found("channelAccountId", "channel account").into());
        }
        check_workstream(&mut connection, by, new.workstream).await?;
        let number = SupportNumber {
            id: SupportNumberId(self.clock.new_uuid()),
            channel_account: new.channel_account,
            workstream: new.workstream,
            kind: new.kind,
            number,
            country,
            description,
            active: true,
            stamp: Stamp::new(self.clock.now()),
        };
        let change = self.created(by, "supportNumberAdd", number.id).noting(
            AuditChanges::default()
                .set("kind", number.kind.as_str())
                .set("number", number.number.as_str())
                .set("channelAccountId", number.channel_account)
                .set_if("country", number.country.as_ref())
                .set_if("workstreamId", number.workstream),
        );
        support_number::insert(&mut connection, &number, &change).await?;
        connection.commit().await?;
        Ok(number)
    }

    pub async fn support_number_update(
        &self,
        by: By,
        id: SupportNumberId,
        expected_version: i32,
        mut changes: Changes,
    ) -> Result<SupportNumber, AdminError> {
        if let Some(description) = changes.description.as_mut() {
            *description = field::description(description.as_deref())?;
        }
        let mut connection = self.store.write(by.organization).await?;
        check_workstream(&mut connection, by, changes.workstream.flatten()).await?;
        let before = find_number(&mut connection, by, id).await?;
        let change = self.updated(by, "supportNumberUpdate", id).noting(moved(&before, &changes));
        let is_stored =
            support_number::update(&mut connection, id, expected_version, &changes, &change)
                .await?;
        let number = find_number(&mut connection, by, id).await?;
        if !is_stored {
            return Err(Refusal::stale(number.stamp.version).into());
        }
        connection.commit().await?;
        Ok(number)
    }
}

async fn find_number(
    connection: &mut impl Reads,
    by: By,
    id: SupportNumberId,
) -> Result<SupportNumber, AdminError> {
    let found = support_number::find_many(connection, by.organization, &[id]).await?;
    let unknown = || Refusal::not_found("supportNumberId", "support number").into();
    found.into_iter().next().ok_or_else(unknown)
}

/// What the changes do to a number.
fn moved(before: &SupportNumber, changes: &Changes) -> AuditChanges {
    let mut noted = AuditChanges::default().moved_if("active", before.active, changes.active);
    if let Some(description) = &changes.description {
        let was = before.description.as_ref();
        noted = noted.moved("description", was, description.as_ref());
    }
    if let Some(workstream) = changes.workstream {
        noted = noted.moved("workstreamId", before.workstream, workstream);
    }
    noted
}

async fn check_workstream(
    connection: &mut impl Reads,
    by: By,
    id: Option<WorkstreamId>,
) -> Result<(), AdminError> {
    let Some(id) = id else { return Ok(()) };
    if workstream::find_many(connection, by.organization, &[id]).await?.is_empty() {
        return Err(Refusal::not_found("workstreamId", "workstream").into());
    }
    Ok(())
}

fn refusal_of(error: &InvalidSupportNumber) -> Refusal {
    let code = match error {
        InvalidSupportNumber::NotDigits(_) => RefusalCode::Invalid,
        InvalidSupportNumber::Empty => RefusalCode::Required,
        InvalidSupportNumber::ShortCodeLength(_) | InvalidSupportNumber::NumberLength(_) => {
            RefusalCode::OutOfRange
        }
    };
    Refusal::at("number", code, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_number_names_the_digits_that_would_be_taken() {
        let refused =
            |kind, text| SupportNumberDigits::parse(kind, text).map_err(|error| refusal_of(&error));
        let refusal = refused(SupportNumberKind::Geo, "+1 425 230-6549").unwrap_err();
        assert_eq!((refusal.code, refusal.field), (RefusalCode::Invalid, Some("number")));
        assert!(refusal.message.contains("14252306549"), "{}", refusal.message);
        for (kind, text, code) in [
            (SupportNumberKind::Geo, "x", RefusalCode::Required),
            (SupportNumberKind::TollFree, "123456", RefusalCode::OutOfRange),
            (SupportNumberKind::ShortCode, "123456789", RefusalCode::OutOfRange),
        ] {
            assert_eq!(refused(kind, text).unwrap_err().code, code, "{text}");
        }
    }
}
