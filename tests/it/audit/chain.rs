//! The chain: added to, and nothing else; whoever forces it is found out.

use secrecy::ExposeSecret;

use crate::support::{KEY, TestApp, TestDatabase, run};

/// A log of some lines that nobody adds to any more.
async fn finished() -> TestDatabase {
    let app = TestApp::start().await;
    let TestApp { server, database, .. } = app;
    server.stop().await;
    database
}

/// What `audit verify` says, and how it ends.
fn verify(database: &TestDatabase) -> (Option<i32>, String) {
    let environment =
        [("DATABASE_URL", database.url().expose_secret()), ("CENTRALINO_SECRET_KEY", KEY)];
    let output = run(&["audit", "verify", "--organization", "acme"], &environment);
    let said = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_role_can_add_and_read_and_nothing_else() {
    let database = finished().await;
    let id = database.column("select id from organizations where slug = 'acme'").await[0].clone();
    let as_server = |statement: &str| {
        format!(
            "begin; set local role centralino_server;
             select set_config('app.organizations', '{id}', true); {statement}; rollback"
        )
    };
    for refused in [
        "update audit_entries set action = 'x'",
        "delete from audit_entries",
        "truncate audit_entries",
        "update audit_logs set sequence = 1",
        "insert into audit_logs select * from audit_logs",
        "delete from audit_logs",
        "alter table audit_entries disable trigger all",
    ] {
        let said = database.refusal(&as_server(refused)).await;
        assert!(said.contains("permission denied") || said.contains("must be owner"), "{said}");
    }
    // It cannot number a line either: that is the database's.
    let forged = "insert into audit_entries (organization_id, sequence, at, actor_kind, action,
            outcome, subject_id, changes, hash)
        select organization_id, 1, at, actor_kind, action, outcome, subject_id, changes, hash
        from audit_entries where sequence = 1";
    let count = database.count("select count(*) from audit_entries").await;
    database.execute(&as_server(forged).replace("rollback", "commit")).await;
    assert_eq!(database.count("select max(sequence) from audit_entries").await, count + 1);
    assert_eq!(verify(&database).0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_refused_too_and_found_out_where_the_chain_was_forced() {
    let database = finished().await;
    let count = database.count("select count(*) from audit_entries").await;
    let (code, said) = verify(&database);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with(&format!("the audit log is whole: {count} lines")), "{said}");
    for refused in [
        "update audit_entries set action = 'x'",
        "delete from audit_entries",
        "truncate audit_entries",
    ] {
        assert_eq!(database.refusal(refused).await, "the audit log is only added to");
    }
    let swap = "update audit_entries set sequence = sequence + 1000 where sequence in (2, 3);
        update audit_entries set sequence = 1005 - sequence where sequence > 1000";
    let newest = format!("delete from audit_entries where sequence = {count}");
    let cut_off = format!("lines after {} are missing", count - 1);
    for (forced, found) in [
        ("update audit_entries set subject_id = 'x' where sequence = 2", "line 2 has been changed"),
        ("update audit_entries set changes = '[]' where sequence = 3", "line 3 has been changed"),
        ("update audit_entries set address = null where sequence = 4", "line 4 has been changed"),
        (
            "update audit_entries set at = at + interval '1 us' where sequence = 5",
            "line 5 has been",
        ),
        ("delete from audit_entries where sequence = 1", "line 1 is missing"),
        ("delete from audit_entries where sequence = 3", "line 3 is missing"),
        (swap, "line 2 has been changed"),
        (newest.as_str(), cut_off.as_str()),
    ] {
        // Triggers and checks are out of the way in such a session.
        let in_force =
            |statement: &str| format!("set session_replication_role = replica; {statement}");
        database.execute("create table kept as select * from audit_entries").await;
        database.execute(&in_force(forced)).await;
        let (code, said) = verify(&database);
        assert_eq!(code, Some(1), "{forced}: {said}");
        assert!(said.contains(found), "{forced}: {said}");
        let undo = "delete from audit_entries; insert into audit_entries select * from kept;
            drop table kept";
        database.execute(&in_force(undo)).await;
        assert_eq!(verify(&database).0, Some(0), "{forced}");
    }
}
