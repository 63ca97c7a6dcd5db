//! Organizations are kept apart, and PostgreSQL is what keeps them.
//!
//! **Invariant:** whatever SQL asks for, a connection sees the organization that it was asked for.
//! `table` walks the catalog, `connection` attacks the store's connections, `stranger` sends a second
//! organization through the whole API, `role` is about whom the server signs in as.

mod connection;
mod role;
mod stranger;
mod table;

use crate::support::TestDatabase;

/// Tables that hold rows of organizations.
pub const TENANT_TABLES: &str = "select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and (c.relname = 'organizations' or exists (select from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped))
    order by 1";

/// What every table holds of an organization, in one text for each table.
pub async fn all_rows_of(database: &TestDatabase, organization: &str) -> Vec<String> {
    let mut tables = Vec::new();
    for table in database.column(TENANT_TABLES).await {
        let key = key_of(&table);
        let rows = format!(
            "select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from {table} t
             where {key} = '{organization}'"
        );
        tables.push(format!("{table}: {}", database.column(&rows).await[0]));
    }
    tables
}

/// The column that says whose a row is.
pub fn key_of(table: &str) -> &'static str {
    if table == "organizations" { "id" } else { "organization_id" }
}
