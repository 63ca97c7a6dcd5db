//! Whether row-level security really stands between the organizations, asked of PostgreSQL.

use diesel::sql_types::{Array, Bool, Text};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Reads, Store, StoreError, statement::static_statement};
use crate::domain::ids::OrganizationId;

static_statement! {
    Look {} -> (Text, Text, Bool, Array<Text>),
    "select current_user::text, session_user::text, \
        (select rolsuper or rolbypassrls from pg_roles where rolname = session_user), \
        array(select c.relname::text from pg_class c \
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') \
            and (c.relname = 'organizations' or exists (select from pg_attribute a \
                where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)) \
            and not (row_security_active(c.oid) and c.relforcerowsecurity) order by 1)"
}

/// How the organizations are kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Isolation {
    /// What the server works as.
    pub role: String,
    /// Who signed in, and could leave the role.
    pub login: String,
    /// Whether row-level security means nothing to who signed in.
    pub is_login_exempt: bool,
    /// Tables whose rows are not set apart for the role; all is well when there are none.
    pub open_tables: Vec<String>,
}

/// Looks as the role that readers and writers have.
pub async fn look(store: &Store) -> Result<Isolation, StoreError> {
    let mut connection = store.read(OrganizationId(Uuid::nil())).await?;
    let (role, login, is_login_exempt, open_tables): (String, String, bool, Vec<String>) =
        Look {}.get_result(connection.raw()).await?;
    Ok(Isolation { role, login, is_login_exempt, open_tables })
}
