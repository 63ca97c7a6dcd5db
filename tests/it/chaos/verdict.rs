//! Waits until all has come to rest, and lets the oracle judge.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use super::{
    company::Company,
    gather::{gather, pending},
    ledger::Ledger,
    load::{Load, Seen},
    oracle::{Finding, judge},
};
use crate::support::DEADLINE;

/// What is under way is looked at so often.
const LOOK: Duration = Duration::from_millis(200);
/// Findings that a failure shows; the ledger has the others.
const SHOWN_MAX: usize = 12;
/// The sum of all holds and claims, several times over.
const REST_TIMEOUT: Duration = Duration::from_mins(2);

/// Fewer texts than that went out in no run that is worth the name.
const ANSWERS_MIN: usize = 4;

const UNDER_WAY: &str = "select count(*) from outbox where state in ('QUEUED', 'SENDING')";

/// What a run amounted to, for a scenario that wants to know that something has happened.
pub struct Summary {
    pub answered: usize,
    pub sent: usize,
    pub ledger: Ledger,
}

impl std::fmt::Debug for Summary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { answered, sent, .. } = self;
        write!(formatter, "{answered} texts came in, {sent} went out")
    }
}

/// Heals nothing itself: by now everything runs again, which is seen first. Panics where a promise was broken.
pub async fn judged(mut company: Company, mut load: Load) -> Summary {
    load.flow().await;
    load.calm().await;
    rest(&company, load.seen()).await;
    let deadline = Instant::now() + DEADLINE;
    // Those who watch, and what waits in the spool, may need a moment more.
    loop {
        let ledger = gather(&company, load.seen()).await;
        let found = judge(&ledger);
        if found.is_empty() {
            load.end().await;
            return summary(ledger);
        }
        if Instant::now() > deadline {
            company.kill();
            fail(&company, &ledger, &found);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Nothing is on its way any more, in neither direction.
async fn rest(company: &Company, seen: &Seen) {
    let deadline = Instant::now() + REST_TIMEOUT;
    let provider = company.provider();
    let mut before = None;
    loop {
        let (coming, count) = pending(&provider).await;
        let under_way = company.database.count(UNDER_WAY).await;
        let now = Some(count).filter(|_| coming == 0 && under_way == 0);
        if now.is_some() && now == before {
            return;
        }
        before = now;
        if Instant::now() > deadline {
            let ledger = gather(company, seen).await;
            let place = keep(company, &ledger, &[]);
            let again = company.pace.again();
            panic!(
                "{coming} callbacks and {under_way} texts did not come to rest; {}\n{again}",
                place.display()
            );
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn summary(ledger: Ledger) -> Summary {
    let answered = ledger.said.iter().filter(|said| said.answered_at.is_some()).count();
    let summary = Summary { answered, sent: ledger.accepted.len(), ledger };
    assert!(summary.answered > 20 && summary.sent > ANSWERS_MIN, "{summary:?}");
    summary
}

fn fail(company: &Company, ledger: &Ledger, found: &[Finding]) -> ! {
    let place = keep(company, ledger, found);
    let shown: Vec<String> = found.iter().take(SHOWN_MAX).map(line_of).collect();
    panic!(
        "{} promises were broken:\n{}\nthe ledger is in {}; once more:\n{}",
        found.len(),
        shown.join("\n"),
        place.display(),
        company.pace.again()
    );
}

fn line_of(finding: &Finding) -> String {
    format!("{:?}: {}", finding.promise, finding.detail)
}

/// Keeps what was seen, for whoever looks into it.
fn keep(company: &Company, ledger: &Ledger, found: &[Finding]) -> PathBuf {
    let name = format!("{}-{}", company.pace.scenario, company.pace.seed);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("chaos").join(name);
    fs::create_dir_all(&folder).unwrap();
    let findings: Vec<String> = found.iter().map(line_of).collect();
    fs::write(folder.join("findings.txt"), findings.join("\n")).unwrap();
    fs::write(folder.join("ledger.json"), serde_json::to_vec_pretty(ledger).unwrap()).unwrap();
    for (life, log) in company.logs.iter().enumerate() {
        fs::write(folder.join(format!("server-{life}.log")), log).unwrap();
    }
    folder
}
