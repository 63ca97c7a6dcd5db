//! How set-up mutations ask `admin`, and what they tell the feeds afterwards.
//!
//! **Invariant:** a change is announced as soon as it is stored, so that subscribers hear of it at
//! once. Ids are read here: one that is malformed, of another kind or of another organization is
//! told apart by nobody.

use std::str::FromStr;

use async_graphql::{Context, Error, ID};

use super::{
    context::{caller, services},
    conversation::change::{Stop, engine_stop},
    error::{UserError, UserErrorCode, unavailable},
};
use crate::{
    admin::{AdminError, By, Refusal, RefusalCode},
    engine::EngineError,
};

/// Ids in one list of an input.
pub const INPUT_IDS_MAX: usize = 100;

/// The caller, as `admin` knows callers.
pub fn by(context: &Context<'_>) -> Result<By, Error> {
    let caller = caller(context)?;
    Ok(By {
        organization: caller.organization,
        agent: caller.agent,
        actor: caller.actor(),
        origin: caller.origin,
    })
}

/// What a change has made, announced; or why there is none.
pub async fn announced<Made>(
    context: &Context<'_>,
    asked: Result<Made, AdminError>,
) -> Result<Made, Stop> {
    let made = asked.map_err(admin_stop)?;
    services(context)?.engine.announce().await;
    Ok(made)
}

/// What `admin` says, in the caller's terms.
pub fn admin_stop(error: AdminError) -> Stop {
    match error {
        AdminError::Refused(refusal) => shown(refusal).into(),
        AdminError::Busy => unavailable("too many passwords are being checked").into(),
        AdminError::Store(error) => engine_stop(EngineError::Store(error)),
    }
}

fn shown(refusal: Refusal) -> UserError {
    let code = code_of(refusal.code);
    UserError {
        code,
        message: refusal.message,
        field: refusal.field.map(|field| {
            std::iter::once("input").chain(field.split('.')).map(ToOwned::to_owned).collect()
        }),
        retryable: matches!(code, UserErrorCode::RateLimited | UserErrorCode::ProviderUnreachable),
        current_version: refusal.current_version,
    }
}

/// No `_` arm: a new refusal does not compile until the schema names it.
fn code_of(code: RefusalCode) -> UserErrorCode {
    match code {
        RefusalCode::Invalid => UserErrorCode::Invalid,
        RefusalCode::Required => UserErrorCode::Required,
        RefusalCode::TooLong => UserErrorCode::TooLong,
        RefusalCode::TooMany => UserErrorCode::TooMany,
        RefusalCode::OutOfRange => UserErrorCode::OutOfRange,
        RefusalCode::Duplicate => UserErrorCode::Duplicate,
        RefusalCode::NotFound => UserErrorCode::NotFound,
        RefusalCode::VersionConflict => UserErrorCode::VersionConflict,
        RefusalCode::NumberInUse => UserErrorCode::NumberInUse,
        RefusalCode::CredentialsRejected => UserErrorCode::CredentialsRejected,
        RefusalCode::ProviderUnreachable => UserErrorCode::ProviderUnreachable,
        RefusalCode::RateLimited => UserErrorCode::RateLimited,
        RefusalCode::IdempotencyKeyReused => UserErrorCode::IdempotencyKeyReused,
    }
}

/// What an id field names; `noun` is what the refusal calls it.
pub fn read_id<Id: FromStr>(field: &str, noun: &str, id: &ID) -> Result<Id, Stop> {
    id.parse().ok().ok_or_else(|| no_such(field, noun))
}

/// What a list of ids names; an empty list where there is none.
pub fn read_ids<Id: FromStr>(
    field: &str,
    noun: &str,
    ids: Option<Vec<ID>>,
) -> Result<Vec<Id>, Stop> {
    let ids = ids.unwrap_or_default();
    if ids.len() > INPUT_IDS_MAX {
        let message = format!("`{field}` has at most {INPUT_IDS_MAX} ids");
        return Err(UserError::at(field, UserErrorCode::TooMany, message).into());
    }
    ids.iter().map(|id| read_id(field, noun, id)).collect()
}

/// The refusal of an id that names nothing here.
pub fn no_such(field: &str, noun: &str) -> Stop {
    UserError::at(field, UserErrorCode::NotFound, format!("no such {noun}")).into()
}

/// Refuses what no database can hold; every other rule is `admin`'s.
pub fn check_storable(texts: &[(&str, Option<&str>)]) -> Result<(), Stop> {
    let unstorable = texts.iter().find(|(_, text)| text.is_some_and(|text| text.contains('\0')));
    match unstorable {
        None => Ok(()),
        Some((field, _)) => {
            let message = format!("`{field}` must not contain U+0000");
            Err(UserError::at(field, UserErrorCode::Invalid, message).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        domain::ids::{AgentId, QueueId},
        store::StoreError,
    };

    fn refused(stop: Stop) -> UserError {
        match stop {
            Stop::Refused(refusal) => *refusal,
            Stop::Fault(error) => panic!("a fault: {error:?}"),
        }
    }

    #[test]
    fn a_refusal_keeps_its_field_its_words_and_the_version() {
        let refusal = Refusal {
            code: RefusalCode::VersionConflict,
            field: Some("expectedVersion"),
            message: "it has changed".to_owned(),
            current_version: Some(7),
        };
        let shown = refused(admin_stop(AdminError::Refused(refusal)));
        assert_eq!(shown.code, UserErrorCode::VersionConflict);
        assert_eq!(shown.message, "it has changed");
        assert_eq!(shown.field, Some(vec!["input".to_owned(), "expectedVersion".to_owned()]));
        assert_eq!((shown.current_version, shown.retryable), (Some(7), false));
    }

    #[test]
    fn not_now_is_told_apart_from_no() {
        for (code, is_retryable) in [
            (RefusalCode::RateLimited, true),
            (RefusalCode::ProviderUnreachable, true),
            (RefusalCode::CredentialsRejected, false),
        ] {
            let refusal =
                Refusal { code, field: None, message: String::new(), current_version: None };
            let shown = refused(admin_stop(AdminError::Refused(refusal)));
            assert_eq!((shown.retryable, shown.field), (is_retryable, None), "{code:?}");
        }
        let busy = refused(admin_stop(AdminError::Busy));
        assert_eq!((busy.code, busy.retryable), (UserErrorCode::Unavailable, true));
        assert!(matches!(admin_stop(AdminError::Store(StoreError::Sealed)), Stop::Fault(_)));
    }

    #[test]
    fn an_id_of_another_kind_is_not_found() {
        let queue = ID(QueueId(Uuid::nil()).to_string());
        let shown = refused(read_id::<AgentId>("agentId", "agent", &queue).unwrap_err());
        assert_eq!(
            (shown.code, shown.message.as_str()),
            (UserErrorCode::NotFound, "no such agent")
        );
        let many = vec![queue; INPUT_IDS_MAX + 1];
        let shown = refused(read_ids::<QueueId>("queueIds", "queue", Some(many)).unwrap_err());
        assert_eq!(shown.code, UserErrorCode::TooMany);
        assert!(read_ids::<QueueId>("queueIds", "queue", None).is_ok_and(|ids| ids.is_empty()));
    }

    #[test]
    fn what_no_database_can_hold_is_refused_at_its_field() {
        assert!(check_storable(&[("name", Some("Sales")), ("description", None)]).is_ok());
        let stop = check_storable(&[("name", Some("Sales")), ("description", Some("a\0b"))]);
        let shown = refused(stop.unwrap_err());
        assert_eq!(shown.field, Some(vec!["input".to_owned(), "description".to_owned()]));
    }
}
