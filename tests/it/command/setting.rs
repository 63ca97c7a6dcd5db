//! Settings and usage: what is wrong is named, and nothing starts.

use std::process::Output;

use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::{
    API_KEY, CUSTOMER_ID, Caller, KEY, Process, TestDatabase, http, run, scratch,
};

fn complaint(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.trim().lines().count(), 1, "one sentence: {text}");
    text
}

#[test]
fn wrong_usage_ends_with_status_2() {
    for arguments in [
        &["fly"][..],
        &["serve", "--no-such-flag"],
        &["user", "create", "--email", "a@b.example"],
        &["token", "create", "--name", "x", "--role", "king"],
    ] {
        let output = run(arguments, &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let text = complaint(&output);
        assert!(text.starts_with("centralino: ") && text.contains("--help"), "{text}");
    }
    assert_eq!(run(&["--help"], &[]).status.code(), Some(0));
    assert_eq!(run(&["--version"], &[]).status.code(), Some(0));
}

#[test]
fn a_wrong_setting_stops_the_start_with_one_sentence_that_names_it() {
    let table = [
        ("CENTRALINO_LISTEN", "nowhere"),
        ("CENTRALINO_PUBLIC_URL", "sms.example.com"),
        ("CENTRALINO_SECRET_KEY", "c2hvcnQ="),
        ("CENTRALINO_SECRET_KEY_FILE", "/nowhere/key"),
        ("CENTRALINO_TELESIGN_URL", "http://telesign.example.com"),
        ("CENTRALINO_LOG", "a=b=c"),
        ("CENTRALINO_LOG_FORMAT", "xml"),
        ("CENTRALINO_SPOOL_BYTES_MAX", "1GB"),
    ];
    for (variable, value) in table {
        let output = run(&["serve"], &[(variable, value)]);
        assert_eq!(output.status.code(), Some(2), "{variable}");
        let text = complaint(&output);
        assert!(text.contains(variable), "{text}");
    }
}

#[test]
fn a_database_url_that_names_no_database_is_a_wrong_setting() {
    let wrong = ["not a url", "postgres://", "postgres:///planted", "mysql://me:planted@db/x"];
    for value in wrong {
        for (command, variable) in [
            (&["serve"][..], "DATABASE_URL"),
            (&["check"], "DATABASE_URL"),
            (&["migrate"], "CENTRALINO_MIGRATE_URL"),
        ] {
            let output = run(command, &[(variable, value), ("CENTRALINO_SECRET_KEY", KEY)]);
            assert_eq!(output.status.code(), Some(2), "{command:?} {value}: {output:?}");
            let text = complaint(&output);
            assert!(text.contains(variable) && !text.contains("planted"), "{text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_writes_into_no_database_but_its_own() {
    let database = TestDatabase::create().await;
    let data_dir = scratch("demo-elsewhere");
    let environment = [
        ("DATABASE_URL", database.url().expose_secret()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()),
    ];
    let output = run(&["demo", "--listen", "127.0.0.1:0"], &environment);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(complaint(&output).contains("DATABASE_URL"));
    assert_eq!(database.count("select count(*) from organizations").await, 0);
}

#[test]
fn a_claim_that_ends_before_a_send_does_is_refused() {
    let environment = [
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_SEND_CLAIM_MS", "15000"),
    ];
    let output = run(&["serve"], &environment);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("CENTRALINO_SEND_CLAIM_MS"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_beats_the_environment_which_beats_the_file() {
    let database = TestDatabase::create().await;
    let url = database.url().expose_secret();
    let file = scratch("order.toml");
    let text =
        format!("database_url = \"{url}\"\nlisten = \"127.0.0.1:1\"\nlog_format = \"json\"\n");
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let data_dir = scratch("order-data");
    let data_dir = data_dir.to_str().unwrap();
    let environment = [
        ("CENTRALINO_LISTEN", "127.0.0.1:2"),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_DATA_DIR", data_dir),
    ];
    // Ports 1 and 2 cannot be what it listens on: the flag's port 0 wins.
    let server =
        Process::start(&["serve", "--config", file, "--listen", "127.0.0.1:0"], &environment);
    assert!(!server.url.ends_with(":1") && !server.url.ends_with(":2"), "{}", server.url);
    let (_, _, log) = server.terminate();
    let first = log.lines().next().unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(first).is_ok(), "json by the file: {first}");
}

#[test]
fn a_wrong_file_is_named_with_what_is_wrong_in_it() {
    let file = scratch("unknown.toml");
    std::fs::write(&file, "lisen = \"x\"").unwrap();
    let output = run(&["serve", "--config", file.to_str().unwrap()], &[]);
    let text = complaint(&output);
    assert!(text.contains("lisen") && text.contains("unknown.toml"), "{text}");
    let output = run(&["serve", "--config", "/nowhere.toml"], &[]);
    assert!(complaint(&output).contains("/nowhere.toml"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_that_is_not_this_releases_is_refused_with_the_command_that_helps() {
    let database = TestDatabase::create_bare().await;
    let url = database.url().expose_secret();
    let data_dir = scratch("schema-data");
    let environment = [
        ("DATABASE_URL", url),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()),
    ];
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let refused = run(&serve, &environment);
    assert_eq!(refused.status.code(), Some(1));
    assert!(complaint(&refused).contains("centralino migrate"));
    let owner =
        [("DATABASE_URL", url), ("CENTRALINO_MIGRATE_URL", database.owner_url().expose_secret())];
    let migrated = run(&["migrate"], &owner);
    assert_eq!(migrated.status.code(), Some(0), "{migrated:?}");
    let again = run(&["migrate"], &owner);
    assert_eq!(String::from_utf8_lossy(&again.stdout).trim(), "the schema is up to date");
    drop(Process::start(&serve, &environment));
    let later = "insert into __diesel_schema_migrations (version) values ('99990101000000')";
    database.execute(later).await;
    let refused = run(&serve, &environment);
    assert_eq!(refused.status.code(), Some(1));
    assert!(complaint(&refused).contains("newer than this release"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_ones_own_needs_a_key_of_ones_own() {
    let database = TestDatabase::create().await;
    let output = run(&["serve"], &[("DATABASE_URL", database.url().expose_secret())]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("CENTRALINO_SECRET_KEY"));
}

#[test]
fn a_database_that_does_not_answer_is_named() {
    let environment = [
        ("DATABASE_URL", "postgres://nobody:planted@127.0.0.1:1/none"),
        ("CENTRALINO_SECRET_KEY", KEY),
    ];
    let output = run(&["migrate"], &environment);
    assert_eq!(output.status.code(), Some(1));
    let text = complaint(&output);
    assert!(text.contains("DATABASE_URL") && !text.contains("planted"), "{text}");
}

#[test]
fn a_spool_that_cannot_be_written_stops_the_start() {
    let file = scratch("not-a-folder");
    std::fs::write(&file, "a file").unwrap();
    let environment = [
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_SPOOL_DIR", file.to_str().unwrap()),
    ];
    let output = run(&["serve", "--listen", "127.0.0.1:0"], &environment);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("spool folder"), "{output:?}");
}

#[test]
fn the_schema_is_printed_as_it_is_published() {
    let output = run(&["schema"], &[]);
    assert_eq!(output.status.code(), Some(0));
    let published = std::fs::read_to_string("schema.graphql").unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed == published, "schema.graphql is not the code's: run `make schema`");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulator_runs_alone() {
    for flag in ["--simulator-listen", "--listen"] {
        // Port 0 is neither flag's default: whatever is listened on was asked for.
        let simulator = Process::start(&["simulator", flag, "127.0.0.1:0"], &[]);
        assert!(!simulator.url.ends_with(":8090"), "{flag} was heard: {}", simulator.url);
        let answer = http().get(format!("{}/control/ledger", simulator.url)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let (code, _, log) = simulator.terminate();
        assert_eq!(code, Some(0), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn callback_urls_begin_with_the_public_url_and_the_key_may_lie_in_a_file() {
    let database = TestDatabase::create().await;
    let (data_dir, key_file) = (scratch("public-data"), scratch("secret.key"));
    std::fs::write(&key_file, KEY).unwrap();
    let environment = [
        ("DATABASE_URL", database.url().expose_secret()),
        ("CENTRALINO_SECRET_KEY_FILE", key_file.to_str().unwrap()),
        ("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()),
        ("CENTRALINO_PUBLIC_URL", "https://sms.example.com/"),
    ];
    let token = run(&["token", "create", "--name", "x", "--role", "admin"], &environment);
    let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
    let server = Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment);
    let admin = Caller::new(&server.url, Some(token));
    let input = json!({
        "name": "Telesign", "customerId": CUSTOMER_ID, "apiKey": API_KEY, "validate": false,
        "idempotencyKey": "k",
    });
    let fields = "channelAccount { callbackUrl status }";
    let account = admin.mutate("channelAccountCreate", input, fields).await;
    let url = account["channelAccount"]["callbackUrl"].as_str().unwrap();
    assert!(url.starts_with("https://sms.example.com/callbacks/telesign/"), "{url}");
    assert_eq!(account["channelAccount"]["status"], "UNVALIDATED");
}
