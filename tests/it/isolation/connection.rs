//! The store's own connections, with SQL that nobody would write by accident.

use std::time::Duration;

use centralino::{
    domain::ids::OrganizationId,
    store::{
        Reads, Store, StoreError, agent,
        page::{Page, PageEnd},
    },
};
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use super::{TENANT_TABLES, key_of};
use crate::support::{TestApp, TestDatabase, eventually};

const FIRST_PAGE: Page = Page { after: None, before: None, size: 50, end: PageEnd::First };

#[derive(diesel::QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(diesel::QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    text: String,
}

#[expect(clippy::disallowed_methods, reason = "the attack is SQL that the product would not write")]
async fn count(connection: &mut AsyncPgConnection, sql: &str) -> i64 {
    let rows: Vec<Counted> = diesel::sql_query(sql).load(connection).await.unwrap();
    rows[0].count
}

#[expect(clippy::disallowed_methods, reason = "the attack is SQL that the product would not write")]
async fn setting(connection: &mut AsyncPgConnection) -> String {
    let sql = "select coalesce(current_setting('app.organizations', true), '') as text";
    let rows: Vec<Told> = diesel::sql_query(sql).load(connection).await.unwrap();
    rows[0].text.clone()
}

async fn organizations(database: &TestDatabase) -> (OrganizationId, OrganizationId) {
    let ids = database.column("select id from organizations order by slug").await;
    let [ours, theirs] = ids.as_slice() else { panic!("{ids:?}") };
    (OrganizationId(ours.parse().unwrap()), OrganizationId(theirs.parse().unwrap()))
}

/// Two organizations; nearly every table has rows of the first.
async fn two_organizations() -> (TestApp, OrganizationId, OrganizationId) {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550123").await;
    let message = app.reply(&conversation, "k1", "planted words").await;
    app.message_becomes(&message, "DELIVERED").await;
    app.other_organization().await;
    let (ours, theirs) = organizations(&app.database).await;
    (app, ours, theirs)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_no_row_of_another_organization_though_the_sql_asks_for_it() {
    let (app, ours, theirs) = two_organizations().await;
    let store = app.database.store();
    let mut attacked = 0;
    for table in app.database.column(TENANT_TABLES).await {
        let key = key_of(&table);
        let all = format!("select count(*) as count from {table}");
        let of_ours = format!("{all} where {key} = '{}'", ours.0);
        let stored = app.database.count(&of_ours.replace(" as count", "")).await;
        let mut reader = store.read(theirs).await.unwrap();
        assert_eq!(count(reader.raw(), &of_ours).await, 0, "{table}: asked for ours");
        let others = format!("{all} where {key} <> '{}'", theirs.0);
        assert_eq!(count(reader.raw(), &others).await, 0, "{table}: asked for anybody's");
        let mut reader = store.read(ours).await.unwrap();
        assert_eq!(count(reader.raw(), &all).await, stored, "{table}: the owner sees its own");
        attacked += usize::from(stored > 0);
    }
    assert!(attacked >= 14, "only {attacked} tables had rows to be seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_neither_changes_nor_plants_rows_of_another_organization() {
    let (app, ours, theirs) = two_organizations().await;
    let store = app.database.store();
    let before = super::all_rows_of(&app.database, &ours.0.to_string()).await;
    for table in app.database.column(TENANT_TABLES).await {
        let key = key_of(&table);
        let steal = format!("update {table} set {key} = '{}' where {key} <> '{0}'", theirs.0);
        for statement in [steal, format!("delete from {table} where {key} = '{}'", ours.0)] {
            let mut writer = store.write(theirs).await.unwrap();
            // Refused outright where the role may not at all, without effect everywhere else.
            if writer.raw().batch_execute(&statement).await.is_ok() {
                writer.commit().await.unwrap();
            }
        }
    }
    let mut writer = store.write(theirs).await.unwrap();
    let plant = format!(
        "insert into queues (organization_id, id, name, created_at, updated_at)
         values ('{}', gen_random_uuid(), 'planted', '2026-01-01', '2026-01-01')",
        ours.0
    );
    let refused = writer.raw().batch_execute(&plant).await.unwrap_err().to_string();
    assert!(refused.contains("row-level security"), "{refused}");
    drop(writer);
    assert_eq!(super::all_rows_of(&app.database, &ours.0.to_string()).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_organization_there_is_nothing_and_system_work_reads_no_texts() {
    let (app, ours, _) = two_organizations().await;
    let store = app.database.store();
    let mut nobody = store.read(OrganizationId(uuid::Uuid::nil())).await.unwrap();
    for table in app.database.column(TENANT_TABLES).await {
        let all = format!("select count(*) as count from {table}");
        assert_eq!(count(nobody.raw(), &all).await, 0, "{table}");
    }
    let url = secrecy::ExposeSecret::expose_secret(app.database.url());
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let denied = [
        ("set role centralino_system", "select text from messages"),
        ("set role centralino_system", "select password_hash from agents"),
        ("set role centralino_system", "select sealed_key from channel_accounts"),
        ("set role centralino_system", "select body from receipts"),
        ("set role centralino_system", "update conversations set status = status"),
        ("set role centralino_system", "delete from messages"),
        ("set role centralino_server", "alter table messages disable row level security"),
        ("set role centralino_server", "drop policy organization on messages"),
        ("set role centralino_server", "create table planted ()"),
        ("set role centralino_server", "set role centralino"),
    ];
    for (role, statement) in denied {
        client.batch_execute(role).await.unwrap();
        let error = client.batch_execute(statement).await.expect_err(statement);
        let text = error.as_db_error().unwrap().message().to_owned();
        assert!(text.contains("denied") || text.contains("must be owner"), "{statement}: {text}");
    }
    // Setting the migrations' mark helps nobody but the owner.
    client.batch_execute("set role centralino_server; set app.migration = 'on'").await.unwrap();
    let seen = client.simple_query("select * from messages").await.unwrap();
    assert!(!format!("{seen:?}").contains(&ours.0.to_string()));
}

/// Looks as an organization, with cached statements and without.
async fn look(store: &Store, organization: OrganizationId) -> Result<(), StoreError> {
    let mut reader = store.read(organization).await?;
    let set = setting(reader.raw()).await;
    assert_eq!(set, organization.0.to_string(), "another's setting");
    let sql = format!(
        "select count(*) as count from agents where organization_id <> '{}'",
        organization.0
    );
    assert_eq!(count(reader.raw(), &sql).await, 0, "another's rows");
    let own = agent::list(&mut reader, organization, FIRST_PAGE).await?;
    assert!(!own.rows.is_empty(), "its own are gone");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pooled_connection_carries_nothing_from_one_request_to_the_next() {
    let (app, ours, theirs) = two_organizations().await;
    let store = app.database.store();
    let mut tasks = Vec::new();
    for number in 0_u64..300 {
        let store = store.clone();
        let organization = if number % 2 == 0 { ours } else { theirs };
        tasks.push(tokio::spawn(async move {
            if number % 3 == 0 {
                // Whoever asks goes away in the middle: at the beginning, in a statement, at the end.
                let patience = Duration::from_micros(number * 20);
                match tokio::time::timeout(patience, look(&store, organization)).await {
                    Ok(looked) => looked.unwrap(),
                    Err(_elapsed) => {}
                }
            } else {
                loop {
                    match look(&store, organization).await {
                        Ok(()) => break,
                        // So many ask at once that some wait for too long.
                        Err(error) if error.is_retryable() => {}
                        Err(error) => panic!("{error:?}"),
                    }
                }
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    eventually("no connection stays in a transaction", || async {
        let open = "select count(*) from pg_stat_activity where datname = current_database()
            and state like 'idle in transaction%'";
        (app.database.count(open).await == 0).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_committed_is_undone() {
    let (app, ours, _) = two_organizations().await;
    let store = app.database.store();
    let mut writer = store.write(ours).await.unwrap();
    writer.raw().batch_execute("delete from events").await.unwrap();
    drop(writer);
    let mut reader = store.read(ours).await.unwrap();
    let write = reader.raw().batch_execute("delete from events").await.unwrap_err().to_string();
    assert!(write.contains("read-only"), "{write}");
    assert!(app.database.count("select count(*) from events").await > 0);
}
