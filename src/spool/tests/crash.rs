use super::*;

#[tokio::test]
async fn what_was_kept_comes_back_after_a_crash_whole_and_in_order() {
    let folder = Folder::new();
    let (spool, recovered) = folder.open();
    assert_eq!(recovered, Recovered::default());
    let bodies: [Vec<u8>; 5] = [
        Vec::new(),
        b"{\"text\":\"a \x00 b\"}".to_vec(),
        vec![0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80],
        (0..=255).collect(),
        vec![0xc5; BODY_BYTES_MAX],
    ];
    let records: Vec<Record> =
        (0..).zip(bodies).map(|(n, body)| Record { body, ..record(n, 1) }).collect();
    for record in &records {
        spool.append(record.clone()).await.unwrap();
    }
    let crashed = folder.crashed();
    let (spool, recovered) = crashed.open();
    assert_eq!(recovered, Recovered { records: 5, ..Recovered::default() });
    assert!(spool.holds(&pair(1)) && !spool.holds(&pair(2)));
    assert_eq!(spool.waiting().oldest_at, Some(at(0)));
    assert_eq!(drain(&spool).await, records);
    spool.close().await;
    assert_eq!(crashed.everything(), [], "what is done with leaves no file");
    assert_eq!(crashed.open().1, Recovered::default());
}

#[tokio::test]
async fn what_is_done_stays_done_and_what_is_only_taken_comes_again() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    for number in 0..4 {
        spool.append(record(number, u8::try_from(number).unwrap())).await.unwrap();
    }
    let (first, second) = (next(&spool).await, next(&spool).await);
    next(&spool).await.done().await;
    let crashed = folder.crashed();
    let (again, recovered) = crashed.open();
    assert_eq!(recovered.records, 3);
    assert_eq!(drained_ids(&again).await, [id(0), id(1), id(3)]);
    first.done().await;
    second.done().await;
    assert_eq!(after_a_crash(&folder).await, [id(3)]);
    // Acknowledged in two goes, before and after a restart.
    let crashed = folder.crashed();
    let (again, _) = crashed.open();
    again.append(record(9, 9)).await.unwrap();
    next(&again).await.done().await;
    assert_eq!(after_a_crash(&crashed).await, [id(9)]);
}

#[tokio::test]
async fn a_segment_cut_at_any_byte_keeps_exactly_what_was_whole() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    let mut ends = Vec::new();
    for number in 0..3 {
        spool.append(record(number, 1)).await.unwrap();
        ends.push(fs::metadata(&folder.segments()[0]).unwrap().len());
    }
    let crashed = folder.crashed();
    let path = crashed.segments()[0].clone();
    let whole = fs::read(&path).unwrap();
    assert_eq!(ends[2], whole.len() as u64);
    for length in 0..=whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let (spool, recovered) = crashed.open();
        let good = ends.iter().filter(|end| **end <= length as u64).count();
        assert_eq!(recovered.records, good as u64, "cut at {length}");
        let good_end = good.checked_sub(1).map(|last| ends[last]);
        let header = frame::HEADER_BYTES as u64;
        let is_torn = length as u64 > good_end.unwrap_or(header);
        assert_eq!(recovered.torn.len(), usize::from(is_torn), "cut at {length}");
        assert_eq!(recovered.damaged, [], "cut at {length}");
        let left = fs::metadata(&path).map(|found| found.len()).ok();
        assert_eq!(left, good_end, "the end is cut off, and an empty segment goes");
        spool.close().await;
    }
}

#[tokio::test]
async fn a_tail_of_zeros_or_garbage_is_cut_off_wherever_it_begins() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    for number in 0..2 {
        spool.append(record(number, 1)).await.unwrap();
    }
    let whole = fs::read(&folder.segments()[0]).unwrap();
    let seal = Seal::new(&KEY);
    let first_end = {
        let contents = frame::scan(&whole, 1, &seal);
        contents.records[1].0.offset as usize
    };
    for length in frame::HEADER_BYTES..whole.len() {
        for filler in [0x00, 0x5a, 0xc5, 0xff] {
            // A tail that begins with the very bytes that were cut off would complete the record.
            if whole[length..].iter().all(|byte| *byte == filler) {
                continue;
            }
            let bytes = [&whole[..length], &[filler; 300]].concat();
            let contents = frame::scan(&bytes, 1, &seal);
            let expected = usize::from(length >= first_end);
            assert_eq!(contents.records.len(), expected, "cut at {length}, then {filler:x}");
            assert!(contents.damaged.is_empty(), "a tail is no damage in the midst");
        }
    }
    for (filler, copies) in [(0x00, 0), (0x5a, 1)] {
        let crashed = folder.crashed();
        let path = crashed.segments()[0].clone();
        fs::write(&path, [&whole[..], &[filler; 4_096]].concat()).unwrap();
        let (spool, recovered) = crashed.open();
        let torn = Damage { segment: 1, offset: whole.len() as u64, bytes: 4_096 };
        assert_eq!((recovered.records, recovered.torn), (2, vec![torn]));
        assert_eq!(fs::metadata(&path).unwrap().len(), whole.len() as u64);
        assert_eq!(crashed.aside_files().len(), copies, "zeros are not worth a copy");
        spool.append(record(2, 1)).await.unwrap();
        assert_eq!(drained_ids(&spool).await, [id(0), id(1), id(2)]);
    }
}

#[tokio::test]
async fn a_crash_while_a_segment_is_begun_leaves_nothing_behind() {
    let folder = Folder::new();
    fs::create_dir_all(folder.0.join("aside")).unwrap();
    let header = frame::header(5, &Seal::new(&KEY));
    fs::write(folder.0.join("spool-0000000003.log"), [0; 4_096]).unwrap();
    fs::write(folder.0.join("spool-0000000004.log"), "").unwrap();
    fs::write(folder.0.join("spool-0000000005.log"), header).unwrap();
    fs::write(folder.0.join("spool-0000000006.done"), [1; 13]).unwrap();
    fs::write(folder.0.join("aside/spool-0000000002-0000000036.record.new"), "half").unwrap();
    let (spool, recovered) = folder.open();
    assert_eq!(recovered, Recovered::default());
    assert_eq!((folder.everything(), folder.aside_files()), (vec![], vec![]));
    assert_eq!(fs::read_dir(folder.0.join("aside")).unwrap().count(), 0);
    spool.append(single(1)).await.unwrap();
    assert!(folder.segments()[0].ends_with("spool-0000000007.log"), "numbers are not used again");
}

#[tokio::test]
async fn segments_are_begun_as_they_fill_and_go_when_all_of_them_is_done() {
    let folder = Folder::new();
    let options = SpoolOptions { segment_bytes_max: 500, ..folder.options() };
    let (spool, _) = Spool::open(&options, KEY).unwrap();
    // In one batch, too.
    let appends = (0..20).map(|number| spool.append(record(number, 1)));
    assert!(futures_util::future::join_all(appends).await.iter().all(Result::is_ok));
    let count = folder.segments().len();
    assert!(count > 5, "{count} segments");
    for path in folder.segments() {
        assert!(fs::metadata(path).unwrap().len() <= 500);
    }
    let crashed = folder.crashed();
    let (spool, _) =
        Spool::open(&SpoolOptions { folder: crashed.0.clone(), ..options }, KEY).unwrap();
    let mut left = count;
    for number in 0..20 {
        let (taken, found) = next_id(&spool).await;
        assert_eq!(found, id(number), "order holds across segments");
        taken.done().await;
        let now = crashed.segments().len();
        assert!(now <= left);
        left = now;
    }
    assert_eq!(crashed.everything(), []);
    assert_eq!(spool.used_bytes(), 0);
}

#[tokio::test]
async fn a_closed_spool_takes_nothing_and_leaves_its_folder_to_others() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    spool.append(record(1, 1)).await.unwrap();
    let taken = next(&spool).await;
    spool.close().await;
    assert!(matches!(spool.append(record(2, 1)).await, Err(SpoolError::Closed)));
    taken.done().await;
    spool.close().await;
    assert_eq!(folder.open().1.records, 1, "its end came too late");
}
