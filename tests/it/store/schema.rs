//! The tables: every migration goes back and forth, and the constraints carry the invariants.

use centralino::store::migration;
use secrecy::ExposeSecret;

use crate::support::{TestApp, TestDatabase};

#[tokio::test(flavor = "multi_thread")]
async fn every_migration_goes_back_and_forth() {
    let database = TestDatabase::create().await;
    let tables = "select table_name from information_schema.tables where table_schema = 'public'
        and table_name not like '\\_\\_%' order by 1";
    let before = database.column(tables).await;
    assert!(before.contains(&"conversations".to_owned()), "{before:?}");
    migration::redo_all(database.owner_url().expose_secret()).await.unwrap();
    assert_eq!(database.column(tables).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_says_what_it_is_and_belongs_to_an_organization() {
    let database = TestDatabase::create().await;
    let silent =
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        and relname not like '\\_\\_%' and obj_description(oid) is null";
    assert_eq!(database.column(silent).await, Vec::<String>::new());
    let homeless = "select relname from pg_class c where relkind = 'r'
        and relnamespace = 'public'::regnamespace and relname not like '\\_\\_%'
        and relname not in ('organizations', 'installation') and not exists (
            select from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
            where i.indrelid = c.oid and i.indisprimary and a.attname = 'organization_id')";
    assert_eq!(database.column(homeless).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_itself_refuses_what_must_not_be() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550123").await;
    let message = app.reply(&conversation, "k1", "hello").await;
    app.message_becomes(&message, "DELIVERED").await;
    let copy = |table: &str, changes: &str| {
        format!(
            "create temp table copied as select * from {table} limit 1;
             update copied set {changes}; insert into {table} select * from copied"
        )
    };
    let new_id = "id = gen_random_uuid()";
    let attempt = "insert into outbox select organization_id, conversation_id, sequence, id,
        (select channel_account_id from conversations limit 1), 'SENDING', now(), now() from messages";
    let table = [
        (copy("conversations", new_id), "conversations_unresolved"),
        (copy("messages", new_id), "messages_pkey"),
        (copy("messages", "sequence = 99"), "messages_organization_id_id_key"),
        (copy("receipts", new_id), "receipts_dedup"),
        (attempt.to_owned(), "outbox_one_in_flight"),
        ("update conversations set status = 'RESOLVED'".to_owned(), "conversations_check"),
        ("update conversations set assignee_id = null".to_owned(), "conversations_check1"),
        (
            "update messages set status = 'LOST' where direction = 'OUTBOUND'".to_owned(),
            "messages_status_check",
        ),
        ("update support_numbers set number = '+1'".to_owned(), "support_numbers_number_check"),
    ];
    for (statement, constraint) in table {
        assert_eq!(app.database.refusal(&statement).await, constraint, "{statement}");
    }
}
