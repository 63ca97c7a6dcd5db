//! `user create`, `user reset`, `token create` and `check`.

use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::{Caller, KEY, Process, TestDatabase, run, run_with_input, scratch};

const SIGN_IN: &str = "mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) {
    token viewer { agent { displayName role } } userErrors { code } } }";

fn create_user(environment: &[(&str, &str)], email: &str, password: &str) -> String {
    let arguments = ["user", "create", "--email", email, "--name", "Ada", "--role", "admin"];
    let output = run_with_input(&arguments, environment, password);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_that_was_made_signs_in() {
    let database = TestDatabase::create().await;
    let data_dir = scratch("user-data");
    let environment = [
        ("DATABASE_URL", database.url().expose_secret()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()),
    ];
    let said = create_user(&environment, "given@acme.example", "a password of mine\n");
    assert!(!said.contains("password"), "a given password is not shown: {said}");
    let said = create_user(&environment, "made@acme.example", "");
    let made = said.lines().find_map(|line| line.strip_prefix("password (shown once): ")).unwrap();
    let server = Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment);
    let stranger = Caller::new(&server.url, None);
    for (email, password) in
        [("given@acme.example", "a password of mine"), ("MADE@acme.example", made)]
    {
        let input = json!({ "input": { "email": email, "password": password } });
        let data = stranger.data(SIGN_IN, input).await;
        let agent = &data["sessionCreate"]["viewer"]["agent"];
        assert_eq!(agent, &json!({ "displayName": "Ada", "role": "ADMIN" }), "{data}");
    }
    let twice = run_with_input(
        &["user", "create", "--email", "made@acme.example", "--name", "A", "--role", "agent"],
        &environment,
        "another password",
    );
    assert_eq!(twice.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_locked_out_is_given_another_password() {
    let database = TestDatabase::create().await;
    let data_dir = scratch("reset-data");
    let environment = [
        ("DATABASE_URL", database.url().expose_secret()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()),
    ];
    create_user(&environment, "ada@acme.example", "a forgotten password\n");
    let server = Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment);
    let stranger = Caller::new(&server.url, None);
    let sign_in = async |password: &str| {
        let input = json!({ "input": { "email": "ada@acme.example", "password": password } });
        let data = stranger.data(SIGN_IN, input).await;
        data["sessionCreate"]["token"].as_str().map(ToOwned::to_owned)
    };
    let before = sign_in("a forgotten password").await;
    let reset = ["user", "reset", "--email", "ADA@acme.example"];
    let output = run_with_input(&reset, &environment, "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let made = said.lines().find_map(|line| line.strip_prefix("password (shown once): ")).unwrap();
    assert!(sign_in("a forgotten password").await.is_none());
    assert!(sign_in(made).await.is_some());
    let old = Caller::new(&server.url, before);
    assert_eq!(old.error_code("{ viewer { role } }", json!({})).await, "UNAUTHENTICATED");
    let output = run_with_input(&reset, &environment, "a password of mine\n");
    assert!(!String::from_utf8(output.stdout).unwrap().contains("password of mine"));
    assert!(sign_in("a password of mine").await.is_some());
    let unknown = ["user", "reset", "--email", "nobody@acme.example"];
    assert_eq!(run_with_input(&unknown, &environment, "").status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_printed_alone_and_acts_as_its_agent() {
    let database = TestDatabase::create().await;
    let data_dir = scratch("token-data");
    let environment = [
        ("DATABASE_URL", database.url().expose_secret()),
        ("CENTRALINO_SECRET_KEY", KEY),
        ("CENTRALINO_DATA_DIR", data_dir.to_str().unwrap()),
    ];
    create_user(&environment, "ada@acme.example", "a password of mine");
    let token = |more: &[&str]| {
        let arguments = [&["token", "create", "--name", "app", "--role", "agent"], more].concat();
        run(&arguments, &environment)
    };
    let unknown = token(&["--agent", "nobody@acme.example"]);
    assert_eq!(unknown.status.code(), Some(1));
    let server = Process::start(&["serve", "--listen", "127.0.0.1:0"], &environment);
    for (more, name) in [(&["--agent", "ada@acme.example"][..], "Ada"), (&[][..], "app")] {
        let output = token(more);
        let secret = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        assert_eq!(secret.lines().count(), 1);
        let caller = Caller::new(&server.url, Some(secret));
        let data = caller.data("{ viewer { agent { displayName } } }", json!({})).await;
        assert_eq!(data["viewer"]["agent"]["displayName"], name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_line_by_line_what_is_well_and_what_is_not() {
    let database = TestDatabase::create().await;
    let url = database.url().expose_secret();
    let closed = [
        ("DATABASE_URL", url),
        ("CENTRALINO_SECRET_KEY", KEY),
        // Nobody listens there.
        ("CENTRALINO_TELESIGN_URL", "http://127.0.0.1:1"),
    ];
    let output = run(&["check"], &closed);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    for line in
        ["ok    database", "ok    schema", "ok    clock", "ok    secret key", "WRONG provider"]
    {
        assert!(text.contains(line), "{line} in {text}");
    }
    let missing = run(&["check"], &[("CENTRALINO_DATA_DIR", "/nowhere/at/all")]);
    let text = String::from_utf8(missing.stdout).unwrap();
    assert!(text.contains("WRONG database"), "{text}");
}
