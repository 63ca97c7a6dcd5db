//! What an operator's tools ask: alive, ready, metrics.

use crate::support::{TestApp, eventually, http};

async fn status(url: &str) -> u16 {
    http().get(url).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_follows_the_database_and_life_does_not() {
    let app = TestApp::start().await;
    let (ready, alive) = (format!("{}/readyz", app.url()), format!("{}/healthz", app.url()));
    assert_eq!((status(&ready).await, status(&alive).await), (200, 200));
    let for_graphql = format!("{ready}?scope=graphql");
    app.database.close().await;
    let away = || async { (status(&for_graphql).await == 503).then_some(()) };
    eventually("the API is not ready", away).await;
    assert_eq!(status(&ready).await, 200, "callbacks go to the spool");
    assert_eq!(status(&alive).await, 200);
    app.database.open().await;
    let back = || async { (status(&for_graphql).await == 200).then_some(()) };
    eventually("it is ready again", back).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_say_what_they_mean_and_nothing_personal() {
    let app = TestApp::start().await;
    let conversation = app.annas_conversation("14155550188").await;
    let message = app.reply(&conversation, "k1", "planted answer").await;
    app.message_becomes(&message, "DELIVERED").await;
    let text = http().get(format!("{}/metrics", app.url())).send().await.unwrap();
    let text = text.text().await.unwrap();
    for name in [
        "centralino_callbacks_total",
        "centralino_sends_total",
        "centralino_commit_seconds",
        "centralino_actors_started_total",
        "centralino_graphql_requests_total",
    ] {
        assert!(text.contains(&format!("# HELP {name} ")), "{name}");
    }
    for planted in ["4155550188", "15550001111", "planted", "acme"] {
        assert!(!text.contains(planted), "{planted} is in the metrics");
    }
}
