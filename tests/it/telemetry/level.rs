//! What waits can be seen, and so can that the database is away.

use crate::support::{Served, eventually, http};

async fn metrics_of(served: &Served) -> String {
    let asked = http().get(format!("{}/metrics", served.process.url)).send().await.unwrap();
    asked.text().await.unwrap()
}

/// Waits until the server shows this line.
async fn shows(served: &Served, line: &str) {
    eventually(line, || async {
        metrics_of(served).await.lines().any(|found| found == line).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn levels_follow_what_waits() {
    let mut served = Served::start().await;
    served.control("faults", serde_json::json!({ "kind": "unavailable_503" })).await;
    let conversation = served.annas_conversation("14155550155").await;
    served.reply(&conversation, "k1", "are you there?").await;
    // What is alerted on begins at nothing: an increase from nowhere would not be seen.
    shows(&served, "centralino_set_aside_total 0").await;
    shows(&served, r#"centralino_log_entries_total{level="error"} 0"#).await;
    shows(&served, "centralino_texts_received_total 1").await;
    shows(&served, "centralino_actors 1").await;
    shows(&served, r#"centralino_conversations{status="ACTIVE"} 1"#).await;
    shows(&served, r#"centralino_outbox_texts{state="QUEUED"} 1"#).await;
    shows(&served, "centralino_database_up 1").await;
    served.database.close().await;
    served.text_in("14155550156", "and you?").await;
    shows(&served, "centralino_database_up 0").await;
    shows(&served, "centralino_spool_records 1").await;
    served.database.open().await;
    shows(&served, "centralino_database_up 1").await;
    shows(&served, "centralino_spool_records 0").await;
    shows(&served, "centralino_unspooled_total 1").await;
    served.process.kill();
}
