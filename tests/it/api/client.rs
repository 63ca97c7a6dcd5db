//! The usual clients and tools, unmodified, against the running server: `tests/clients`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Mutex,
};

use crate::support::TestApp;

/// Where the packages of the clients are.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// One at a time, since they share the folder.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Fetches what the lock file names, unless it is there; `make test` has done so before.
fn install() {
    let _one_at_a_time = INSTALLING.lock();
    let (lock, installed) =
        (folder().join("package-lock.json"), folder().join("node_modules/.lock"));
    let wanted = fs::read(lock).unwrap();
    if fs::read(&installed).is_ok_and(|found| found == wanted) {
        return;
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    let output = run("npm", &arguments, &[]);
    assert!(output.status.success(), "npm ci: {}", String::from_utf8_lossy(&output.stderr));
    fs::write(installed, wanted).unwrap();
}

fn run(program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder()).envs(environment.iter().copied());
    command.output().unwrap_or_else(|error| panic!("{program} (install nodejs and npm): {error}"))
}

/// Runs a program of the clients against a server of its own; answers what it said.
async fn drive(arguments: &'static [&'static str]) -> String {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550123").await;
    let (url, admin) = (app.url(), app.admin.token().unwrap().to_owned());
    let anna = app.anna.token().unwrap().to_owned();
    let driving = tokio::task::spawn_blocking(move || {
        install();
        let environment = [
            ("CENTRALINO_TEST_URL", url.as_str()),
            ("CENTRALINO_TEST_ADMIN", &admin),
            ("CENTRALINO_TEST_ANNA", &anna),
            ("CENTRALINO_TEST_CONVERSATION", &conversation),
        ];
        run("node", arguments, &environment)
    });
    let output = driving.await.unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}{problem}");
    report.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_usual_clients_and_tools_work_unmodified() {
    let report = drive(&["--test", "--test-reporter=spec", "--test-timeout=60000"]).await;
    // Whoever runs nothing succeeds as well.
    assert!(!report.contains("pass 0") && report.contains("all audits"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_over_the_whole_schema_finds_no_error_of_the_server() {
    let report = drive(&["fuzz.js", "2000"]).await;
    assert!(report.contains("2000 requests"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; `make test-full` runs it"]
async fn a_long_walk_over_the_whole_schema_finds_no_error_of_the_server() {
    let report = drive(&["fuzz.js", "20000"]).await;
    assert!(report.contains("20000 requests"), "{report}");
}
