//! Whom the server signs in as: told by `check`, refused by `serve` where it would not hold.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::{KEY, Process, TestDatabase, run, scratch};
use secrecy::ExposeSecret;

static COUNT: AtomicU32 = AtomicU32::new(0);

fn spool() -> String {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    scratch(&format!("isolation-spool-{number}")).to_str().unwrap().to_owned()
}

/// What `check` says of row-level security.
fn finding(url: &str) -> String {
    let environment = [
        ("DATABASE_URL", url),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_TELESIGN_URL", "http://127.0.0.1:1"),
    ];
    let output = run(&["check"], &environment);
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find(|line| line.contains("row-level security"));
    line.unwrap_or_else(|| panic!("no line: {text}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_whether_row_level_security_holds_for_the_server() {
    let database = TestDatabase::create().await;
    let (url, owner_url) = (database.url().expose_secret(), database.owner_url().expose_secret());
    let holds = finding(url);
    assert!(holds.starts_with("ok") && holds.contains("centralino_server"), "{holds}");
    let superuser = finding(owner_url);
    assert!(superuser.starts_with("WRONG") && superuser.contains("SUPERUSER"), "{superuser}");
    database.execute("alter table messages no force row level security").await;
    let open = finding(url);
    assert!(open.starts_with("WRONG") && open.contains("messages"), "{open}");
    let spool = spool();
    let environment =
        [("DATABASE_URL", url), ("CENTRALINO_SECRET_KEY", KEY), ("CENTRALINO_SPOOL_DIR", &spool)];
    let refused = run(&["serve", "--listen", "127.0.0.1:0"], &environment);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let text = String::from_utf8(refused.stderr).unwrap();
    assert!(text.contains("row-level security") && text.contains("messages"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_superuser_is_let_in_with_a_warning_and_works_as_the_lesser_role() {
    let database = TestDatabase::create().await;
    let spool = spool();
    let environment = [
        ("DATABASE_URL", database.owner_url().expose_secret()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_SPOOL_DIR", &spool),
    ];
    let server = Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment);
    let (_, _, log) = server.terminate();
    assert!(log.contains("row-level security does not bind"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_is_no_superuser_migrates_and_lets_the_server_in() {
    let database = TestDatabase::create_bare().await;
    let server_url = database.url().expose_secret();
    let database_name = server_url.rsplit('/').next().unwrap();
    // Roles belong to the cluster, which other tests use at the same time.
    let (owner, server) = (format!("{database_name}_owner"), format!("{database_name}_server"));
    database
        .execute(&format!(
            "create role {owner} login createrole password 'planted';
             alter database {database_name} owner to {owner}"
        ))
        .await;
    let at = server_url.split('@').nth(1).unwrap();
    let owner_url = format!("postgres://{owner}:planted@{at}");
    let server_url = format!("postgres://{server}:planted@{at}");
    let spool = spool();
    let environment = [
        ("DATABASE_URL", server_url.as_str()),
        ("CENTRALINO_MIGRATE_URL", owner_url.as_str()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_SPOOL_DIR", spool.as_str()),
    ];
    let migrated = run(&["migrate"], &environment);
    assert_eq!(migrated.status.code(), Some(0), "{migrated:?}");
    let token = run(&["token", "create", "--name", "x", "--role", "admin"], &environment);
    assert_eq!(token.status.code(), Some(0), "{token:?}");
    for url in [server_url.as_str(), owner_url.as_str()] {
        let holds = finding(url);
        assert!(holds.starts_with("ok"), "{holds}");
    }
    let server_process = Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment);
    let (code, _, log) = server_process.terminate();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("does not bind"), "{log}");
    database.execute(&format!("revoke centralino_system from {server}")).await;
    let barred = run(&["serve", "--listen", "127.0.0.1:0"], &environment);
    let text = String::from_utf8(barred.stderr).unwrap();
    assert_eq!(barred.status.code(), Some(1), "{text}");
    assert!(text.contains("centralino_system") && text.contains("migrate"), "{text}");
    let clean_up = format!(
        "reassign owned by {owner} to centralino; drop owned by {owner}; drop owned by {server};
         drop role {server}"
    );
    database.execute(&clean_up).await;
}
