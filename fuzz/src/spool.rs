//! The spool's reader: whatever a disk does to a segment, nothing is read that was never written.

use std::{fs, path::PathBuf, sync::OnceLock};

use centralino::{
    domain::ids::{ChannelAccountId, OrganizationId, ReceiptId},
    spool::{Record, Spool, SpoolOptions},
};
use chrono::DateTime;
use tokio::runtime::Runtime;
use uuid::Uuid;

const KEY: [u8; 32] = [7; 32];
const RECORDS: u128 = 4;

/// A segment as it was written.
struct Written {
    records: Vec<Record>,
    name: String,
    bytes: Vec<u8>,
}

/// Takes the input as a list of what happens to the segment, four bytes each.
pub fn run(input: &[u8]) {
    static WRITTEN: OnceLock<Written> = OnceLock::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let written = WRITTEN.get_or_init(|| write(&runtime));
    let mut bytes = written.bytes.clone();
    for edit in input.chunks_exact(4) {
        damage(&mut bytes, edit);
    }
    let is_whole = bytes == written.bytes;
    let folder = fresh_folder("read");
    fs::write(folder.join(&written.name), bytes).expect("a segment");
    let Ok((spool, recovered)) = Spool::open(&SpoolOptions::new(folder), KEY) else {
        assert!(!is_whole, "a whole segment was refused");
        return;
    };
    let read: Vec<Record> = runtime.block_on(async {
        let mut read = Vec::new();
        for _ in 0..recovered.records {
            let taken = spool.next().await;
            read.extend(taken.read().await.ok());
            taken.done().await;
        }
        spool.close().await;
        read
    });
    for record in &read {
        assert!(written.records.contains(record), "a record was read that nobody wrote");
    }
    let ids: std::collections::HashSet<_> = read.iter().map(|record| record.id.0).collect();
    assert_eq!(ids.len(), read.len(), "a record was read twice");
    assert!(!is_whole || read.len() == written.records.len(), "a whole record was not read");
}

/// A bit flips, the end is lost, bytes come in between, a piece lies elsewhere too.
fn damage(bytes: &mut Vec<u8>, edit: &[u8]) {
    let &[what, high, low, value] = edit else { return };
    if bytes.is_empty() {
        return;
    }
    let at = usize::from(u16::from_be_bytes([high, low])) % bytes.len();
    match what % 4 {
        0 => bytes[at] ^= value,
        1 => bytes.truncate(at),
        2 => bytes.insert(at, value),
        _ => {
            let piece: Vec<u8> = bytes[at..].iter().take(256).copied().collect();
            let to = usize::from(value) * bytes.len() / 256;
            bytes.splice(to..to, piece);
        }
    }
}

fn write(runtime: &Runtime) -> Written {
    let folder = fresh_folder("written");
    let records: Vec<Record> = (1..=RECORDS).map(record).collect();
    let (spool, _) = Spool::open(&SpoolOptions::new(folder.clone()), KEY).expect("a spool");
    runtime.block_on(async {
        for record in &records {
            spool.append(record.clone()).await.expect("a record");
        }
        spool.close().await;
    });
    let files = fs::read_dir(&folder).expect("a folder").flatten();
    let segment = files
        .map(|file| file.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "log"));
    let segment = segment.expect("a segment");
    let name = segment.file_name().expect("a name").to_string_lossy().into_owned();
    Written { records, name, bytes: fs::read(&segment).expect("its bytes") }
}

fn record(number: u128) -> Record {
    Record {
        id: ReceiptId(Uuid::from_u128(number)),
        organization: OrganizationId(Uuid::from_u128(100)),
        account: ChannelAccountId(Uuid::from_u128(200)),
        pair: None,
        suppresses: number == 2,
        received_at: DateTime::UNIX_EPOCH,
        body: format!("{{\"number\":{number}}}")
            .repeat(usize::try_from(number).unwrap_or(1))
            .into(),
    }
}

/// An empty folder of this process.
fn fresh_folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("centralino-fuzz-{}", std::process::id()));
    let folder = folder.join(name);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).expect("a folder");
    folder
}
