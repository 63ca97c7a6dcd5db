//! The catalog: no table is left out, whoever adds it.

use crate::support::TestDatabase;

/// Tables of the schema that hold no rows of an organization, each with the reason.
const NOBODYS: [(&str, &str); 2] = [
    ("__diesel_schema_migrations", "which migrations were applied"),
    ("installation", "whether there is anybody yet, and the hashes of codes for the first"),
];

/// Tables whose rows are not set apart, or not by exactly this policy.
const NOT_APART: &str = "select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and (c.relname = 'organizations' or exists (select from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped))
    and not (c.relrowsecurity and c.relforcerowsecurity
        and (select array_agg(polname::text || ' ' || polcmd::text || ' ' || polpermissive::text || ' '
                || replace(pg_get_expr(polqual, polrelid), c.relname || '.', '') || coalesce(pg_get_expr(polwithcheck, polrelid), ''))
             from pg_policy p where p.polrelid = c.oid and 'centralino_server'::regrole = any (p.polroles))
        is not distinct from array['organization * true (' || case c.relname when 'organizations' then 'id' else 'organization_id' end
            || ' = ANY (( SELECT (string_to_array(NULLIF(current_setting(''app.organizations''::text, true), ''''::text), '',''::text))::uuid[] AS string_to_array)::uuid[]))'])
    order by 1";

#[tokio::test(flavor = "multi_thread")]
async fn every_table_with_rows_of_organizations_keeps_them_apart() {
    let database = TestDatabase::create().await;
    let open = database.column(NOT_APART).await;
    assert!(
        open.is_empty(),
        "not kept apart: {open:?}. A table with an organization_id gets its policy from \
         `select isolate_organizations()`, which every migration run ends with; do not drop it"
    );
    let homeless = "select relname from pg_class c where relnamespace = 'public'::regnamespace
        and relkind in ('r', 'p') and relname <> 'organizations' and not exists (select from pg_attribute a
            where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)";
    for table in database.column(homeless).await {
        assert!(
            NOBODYS.iter().any(|(name, _)| *name == table),
            "{table} has no organization_id: give it one (first in its primary key), or say in \
             NOBODYS why its rows are nobody's"
        );
    }
    let policies = "select count(*) from pg_policy where polname = 'organization'";
    assert!(database.count(policies).await >= 17, "the walk finds the tables");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_somebody_forgot_is_found_and_set_apart_by_the_next_run() {
    let database = TestDatabase::create().await;
    database.execute("create table planted (organization_id uuid primary key)").await;
    assert_eq!(database.column(NOT_APART).await, ["planted"]);
    database.execute("select isolate_organizations()").await;
    assert!(database.column(NOT_APART).await.is_empty());
    for loosened in [
        "alter table planted no force row level security",
        "alter table planted disable row level security",
        "drop policy organization on planted",
        "create policy other on planted to centralino_server using (true)",
        "alter policy organization on planted using (true)",
    ] {
        let tables = database.column(NOT_APART).await;
        assert!(tables.is_empty(), "{tables:?}");
        database.execute(loosened).await;
        assert_eq!(database.column(NOT_APART).await, ["planted"], "{loosened}");
        let again = "drop table planted; create table planted (organization_id uuid primary key);
            select isolate_organizations()";
        database.execute(again).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_roles_may_no_more_than_they_must() {
    let database = TestDatabase::create().await;
    let mighty = "select rolname from pg_roles where rolname like 'centralino\\_%'
        and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)";
    assert_eq!(database.column(mighty).await, Vec::<String>::new());
    let owned = "select relname from pg_class where relnamespace = 'public'::regnamespace
        and pg_get_userbyid(relowner) like 'centralino\\_%'";
    assert_eq!(database.column(owned).await, Vec::<String>::new());
    let member = "select pg_has_role('centralino_server', 'centralino_system', 'member')";
    assert_eq!(database.column(member).await, ["f"]);
    // Whatever belongs to no organization finds out where, and reads nothing of what was said there.
    let readable = "select distinct table_name || '.' || column_name
        from information_schema.column_privileges
        where grantee = 'centralino_system' and column_name in ('text', 'body', 'password_hash',
            'sealed_key', 'sealed_previous_key', 'display_name', 'name')";
    assert_eq!(database.column(readable).await, Vec::<String>::new());
    let writable = "select distinct privilege_type || ' ' || table_name
        from information_schema.table_privileges
        where grantee = 'centralino_system' and privilege_type <> 'SELECT' order by 1";
    assert_eq!(database.column(writable).await, ["DELETE alerts", "DELETE idempotency_keys"]);
}
