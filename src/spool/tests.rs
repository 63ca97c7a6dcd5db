use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::ids::{ChannelAccountId, OrganizationId, ReceiptId};

const KEY: [u8; 32] = [7; 32];

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/scratch");
        let folder = base.join(format!("spool-{}-{number}", std::process::id()));
        fs::remove_dir_all(&folder).ok();
        Self(folder)
    }

    fn options(&self) -> SpoolOptions {
        SpoolOptions { free_bytes_min: 0, ..SpoolOptions::new(self.0.clone()) }
    }

    fn open(&self) -> (Spool, Recovered) {
        Spool::open(&self.options(), KEY).unwrap()
    }

    fn files(&self, ending: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.0).unwrap().flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> =
            entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn record(number: u128, key: u8) -> Record {
    Record {
        id: ReceiptId(Uuid::from_u128(number)),
        organization: OrganizationId(Uuid::from_u128(1)),
        account: ChannelAccountId(Uuid::from_u128(2)),
        order: OrderKey([key; 32]),
        received_at: DateTime::from_timestamp_micros(1_800_000_000_000_000).unwrap(),
        body: format!("{{\"number\":{number},\"odd\":\"\u{0}\u{1f}é\"}}").into_bytes(),
    }
}

/// The handle and the writer's lock on the folder are gone when this returns.
async fn close(spool: Spool) {
    let folder = spool.shared.folder.clone();
    drop(spool);
    for _ in 0..1_000 {
        let lock = fs::OpenOptions::new().write(true).open(folder.join("lock")).unwrap();
        if lock.try_lock().is_ok() {
            return;
        }
        tokio::task::yield_now().await;
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("the writer goes on");
}

async fn take_all(spool: &Spool) -> Vec<Record> {
    let mut found = Vec::new();
    while spool.waiting().records > 0 {
        let taken = spool.next().await;
        found.push(taken.read().await.unwrap());
        taken.done().await;
    }
    found
}

#[tokio::test]
async fn what_was_kept_comes_back_after_a_restart_whole_and_once() {
    let folder = Folder::new();
    let (spool, recovered) = folder.open();
    assert_eq!(recovered, Recovered::default());
    let records: Vec<Record> = (0..50).map(|number| record(number, 1)).collect();
    for record in &records {
        spool.append(record.clone()).await.unwrap();
    }
    close(spool).await;
    let (spool, recovered) = folder.open();
    assert_eq!(recovered.records, 50);
    assert!(spool.holds(&OrderKey([1; 32])) && !spool.holds(&OrderKey([2; 32])));
    assert_eq!(take_all(&spool).await, records);
    close(spool).await;
    assert_eq!(folder.files(".log").len(), 0, "what is done with leaves no file");
    assert_eq!(folder.open().1.records, 0);
}

#[tokio::test]
async fn one_key_keeps_its_order_and_does_not_hold_up_another() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    for number in 0..4 {
        spool.append(record(number, u8::try_from(number % 2).unwrap())).await.unwrap();
    }
    let first = spool.next().await;
    let other = spool.next().await;
    assert_eq!(first.read().await.unwrap().id, record(0, 0).id);
    assert_eq!(other.read().await.unwrap().id, record(1, 1).id);
    let third = tokio::time::timeout(Duration::from_millis(50), spool.next()).await;
    assert!(third.is_err(), "the second of a key waits for the first");
    other.done().await;
    assert_eq!(spool.next().await.read().await.unwrap().id, record(3, 1).id);
    first.again();
    let again = spool.next().await;
    assert_eq!(again.read().await.unwrap().id, record(0, 0).id, "it stays the first");
}

#[tokio::test]
async fn many_appends_share_one_sync() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    let appends = (0..500).map(|number| spool.append(record(number, 1)));
    let outcomes = futures_util::future::join_all(appends).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(spool.waiting().records, 500);
}

#[tokio::test]
async fn a_segment_cut_at_any_byte_keeps_exactly_what_was_whole() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    let mut ends = Vec::new();
    for number in 0..3 {
        spool.append(record(number, 1)).await.unwrap();
        ends.push(fs::metadata(&folder.files(".log")[0]).unwrap().len());
    }
    close(spool).await;
    let path = folder.files(".log")[0].clone();
    let whole = fs::read(&path).unwrap();
    let seal = record::Seal::new(KEY);
    for length in 0..=whole.len() {
        for filler in [None, Some(0), Some(0xc5)] {
            // A tail that begins with the very byte that was cut off would make the record whole.
            let is_the_same = filler.is_some() && whole.get(length).copied() == filler;
            let tail =
                vec![filler.unwrap_or(0); if filler.is_none() || is_the_same { 0 } else { 40 }];
            let bytes = [&whole[..length], &tail].concat();
            let contents = segment::scan(&bytes, 1, &seal);
            let expected = ends.iter().filter(|end| **end <= length as u64).count();
            assert_eq!(contents.records.len(), expected, "cut at {length}");
        }
    }
    // Opened for real, cut in the middle of the last record.
    fs::write(&path, &whole[..whole.len() - 5]).unwrap();
    let (spool, recovered) = folder.open();
    assert_eq!((recovered.records, recovered.damaged.len()), (2, 1));
    spool.append(record(9, 1)).await.unwrap();
    let ids: Vec<ReceiptId> = take_all(&spool).await.iter().map(|record| record.id).collect();
    assert_eq!(ids, [record(0, 1).id, record(1, 1).id, record(9, 1).id]);
}

#[tokio::test]
async fn a_damaged_record_is_set_aside_and_the_others_live() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    for number in 0..3 {
        spool.append(record(number, 1)).await.unwrap();
    }
    close(spool).await;
    let path = folder.files(".log")[0].clone();
    let whole = fs::read(&path).unwrap();
    let seal = record::Seal::new(KEY);
    let contents = segment::scan(&whole, 1, &seal);
    let (begin, end) = (contents.records[1].0.offset, contents.records[2].0.offset);
    for at in begin..end {
        let mut bytes = whole.clone();
        bytes[usize::try_from(at).unwrap()] ^= 0x40;
        let found = segment::scan(&bytes, 1, &seal);
        assert_eq!(found.records.len(), 2, "flipped at {at}");
        assert_eq!(found.damaged, [(begin, end)], "flipped at {at}");
    }
    let mut bytes = whole;
    bytes[usize::try_from(begin).unwrap() + 60] ^= 1;
    fs::write(&path, bytes).unwrap();
    let (spool, recovered) = folder.open();
    assert_eq!(recovered.damaged, [format!("spool-000000000001.log at {begin}")]);
    assert_eq!(take_all(&spool).await.len(), 2);
    assert_eq!(fs::read_dir(folder.0.join("aside")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_record_that_can_never_be_applied_is_set_aside() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    spool.append(record(1, 1)).await.unwrap();
    spool.append(record(2, 1)).await.unwrap();
    spool.next().await.set_aside().await;
    assert_eq!(take_all(&spool).await, [record(2, 1)]);
    close(spool).await;
    assert_eq!(fs::read_dir(folder.0.join("aside")).unwrap().count(), 1);
    assert_eq!(folder.open().1.records, 0);
}

#[tokio::test]
async fn a_full_spool_says_so_and_keeps_what_it_has() {
    let folder = Folder::new();
    let options = SpoolOptions { total_bytes_max: 2_000, ..folder.options() };
    let (spool, _) = Spool::open(&options, KEY).unwrap();
    let mut kept = 0;
    let refused = loop {
        match spool.append(record(kept, 1)).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, SpoolError::Full), "{refused}");
    assert!(kept > 3);
    assert_eq!(take_all(&spool).await.len() as u128, kept);
    spool.append(record(99, 1)).await.expect("there is room again");
    let greedy = SpoolOptions { free_bytes_min: u64::MAX, ..Folder::new().options() };
    let (spool, _) = Spool::open(&greedy, KEY).unwrap();
    assert!(matches!(spool.append(record(1, 1)).await, Err(SpoolError::Full)));
    fs::remove_dir_all(greedy.folder).unwrap();
}

#[tokio::test]
async fn segments_are_begun_and_removed_as_they_fill_and_empty() {
    let folder = Folder::new();
    let options = SpoolOptions { segment_bytes_max: 500, ..folder.options() };
    let (spool, _) = Spool::open(&options, KEY).unwrap();
    for number in 0..20 {
        spool.append(record(number, 1)).await.unwrap();
    }
    assert!(folder.files(".log").len() > 4);
    assert_eq!(take_all(&spool).await.len(), 20);
    close(spool).await;
    assert_eq!((folder.files(".log").len(), folder.files(".done").len()), (0, 0));
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let folder = Folder::new();
    fs::create_dir_all(folder.0.parent().unwrap()).unwrap();
    fs::write(&folder.0, "a file").unwrap();
    let error = Spool::open(&folder.options(), KEY).err().unwrap().to_string();
    assert!(error.contains("cannot be written") && error.contains("spool-"), "{error}");
    fs::remove_file(&folder.0).unwrap();
    let (_first, _) = folder.open();
    let error = Spool::open(&folder.options(), KEY).err().unwrap().to_string();
    assert!(error.contains("in use by another process"), "{error}");
}

#[tokio::test]
async fn bodies_are_not_readable_in_the_files_and_need_the_key() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    let planted = Record { body: b"planted words".to_vec(), ..record(1, 1) };
    spool.append(planted).await.unwrap();
    close(spool).await;
    let bytes = fs::read(&folder.files(".log")[0]).unwrap();
    assert!(!bytes.windows(7).any(|window| window == b"planted"));
    assert_eq!(segment::scan(&bytes, 1, &record::Seal::new([8; 32])).records.len(), 0);
    assert_eq!(segment::scan(&bytes, 2, &record::Seal::new(KEY)).records.len(), 0, "moved");
}

proptest! {
    #[test]
    fn no_bytes_at_all_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let contents = segment::scan(&bytes, 1, &record::Seal::new(KEY));
        prop_assert!(contents.records.is_empty());
    }
}
