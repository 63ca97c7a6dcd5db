//! The disk is full, or has lost what it was given.

use std::fs;

use serde_json::json;

use super::{
    company::Company,
    gather::{gather, pending},
    ledger::Ledger,
    load::Seen,
    oracle::{Promise, judge},
    pace::Pace,
    verdict::judged,
};
use crate::support::{Options, SUPPORT_NUMBER, eventually};

/// Long enough that few of them fill a spool of 1 MiB.
const LETTERS: usize = 12_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_spool_and_no_database_is_answered_503_and_nothing_that_was_answered_200_is_lost() {
    let pace = Pace::of("disk");
    let mut dice = pace.dice();
    let mut company = Company::found(&pace, Options::default()).await;
    company.kill();
    company.set("CENTRALINO_SPOOL_BYTES_MAX", "1048576");
    company.start();
    let load = company.load(&mut dice);
    load.flow().await;
    let provider = company.provider();
    company.database.close().await;
    let flood = json!({
        "from": "14155558000", "to": SUPPORT_NUMBER, "text": format!("{{n}} {}", "x".repeat(LETTERS)),
        "count": 200, "senders": 40, "concurrency": 8,
    });
    let answer = provider.post("control/inbound", &flood).await;
    // An answer later than ours is as good: the callbacks are what counts.
    drop(answer);
    let server = company.admin();
    let refused = eventually("the spool is full, and says so", || async {
        let (_, metrics) = server.text("metrics").await?;
        count_of(&metrics, "centralino_callbacks_total{answer=\"not_now\"}").filter(|n| *n > 0.0)
    })
    .await;
    assert!(refused > 0.0);
    let (status, why) = server.text("readyz").await.unwrap();
    assert_eq!(status, 503, "{why}");
    tokio::time::sleep(pace.part(40)).await;
    company.database.open().await;
    tokio::time::sleep(pace.part(40)).await;
    let summary = judged(company, load).await;
    let said = &summary.ledger.said;
    let put_off = said.iter().filter(|said| said.is_put_off).count();
    let taken = said.iter().filter(|said| said.text.len() > LETTERS && !said.is_put_off).count();
    assert!(put_off > 0 && taken > 0, "{put_off} were put off, {taken} were taken at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_spool_record_is_set_aside_by_its_offset_and_the_rest_drains() {
    let pace = Pace::of("disk");
    let mut company = Company::found(&pace, Options::default()).await;
    let provider = company.provider();
    company.database.close().await;
    let texts = json!({
        "from": "14155557000", "to": SUPPORT_NUMBER, "text": "waits {n}", "count": 12, "senders": 3,
        "order": "in_a_row", "concurrency": 1,
    });
    let answer = provider.post("control/inbound", &texts).await.unwrap();
    assert_eq!(answer["answers"], json!({ "200": 12 }), "{answer}");
    company.kill();
    let offset = damage_the_middle(&company);
    company.start();
    company.database.open().await;
    let ledger = eventually("all but one are there", || async {
        let ledger = gather(&company, &Seen::default()).await;
        (ledger.stored.len() == 11).then_some(ledger)
    })
    .await;
    assert_eq!(lost(&ledger), 1);
    let aside: Vec<String> = fs::read_dir(company.spool_folder().join("aside"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let place = |name: &String| -> Option<u64> {
        name.strip_suffix(".damaged")?.rsplit_once('-')?.1.parse().ok()
    };
    let [name] = aside.as_slice() else { panic!("one is set aside: {aside:?}") };
    let start = place(name).unwrap();
    assert!(start <= offset && offset - start < 2_000, "{name} names {offset}");
    company.kill();
    let log = company.logs.pop().unwrap();
    assert!(log.contains(&format!("from {start}")), "the log names the offset {start}: {log}");
    assert_eq!(pending(&provider).await.0, 0);
}

/// Changes one byte in the middle of the journal; answers where.
fn damage_the_middle(company: &Company) -> u64 {
    let folder = fs::read_dir(company.spool_folder()).unwrap();
    let is_segment = |path: &std::path::PathBuf| path.extension().is_some_and(|it| it == "log");
    let path = folder.map(|entry| entry.unwrap().path()).find(is_segment).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    fs::write(&path, bytes).unwrap();
    u64::try_from(middle).unwrap()
}

/// Texts that were answered and are not there; nothing else is wrong.
fn lost(ledger: &Ledger) -> usize {
    let found = judge(ledger);
    assert!(found.iter().all(|one| one.promise == Promise::AnsweredIsStored), "{found:?}");
    found.len()
}

fn count_of(metrics: &str, name: &str) -> Option<f64> {
    let line = metrics.lines().find(|line| line.starts_with(name))?;
    line.rsplit_once(' ')?.1.parse().ok()
}
