use std::os::unix::fs::PermissionsExt;

use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn a_full_spool_says_so_and_keeps_what_it_has() {
    let folder = Folder::new();
    let options = SpoolOptions { total_bytes_max: 2_000, ..folder.options() };
    let (spool, _) = Spool::open(&options, KEY).unwrap();
    let outcomes = join_all((0..40).map(|number| spool.append(record(number, 1)))).await;
    let kept = outcomes.iter().take_while(|outcome| outcome.is_ok()).count();
    assert!((5..20).contains(&kept), "{kept} were kept");
    assert!(outcomes[kept..].iter().all(|it| matches!(it, Err(SpoolError::Full))), "in order");
    assert!(spool.used_bytes() <= 2_000 && !spool.has_room());
    assert_eq!(drain(&spool).await.len(), kept);
    assert!(!spool.holds(&pair(1)), "the refused ones hold nothing");
    spool.append(record(99, 1)).await.expect("there is room again");
}

#[tokio::test]
async fn space_on_the_disk_is_left_to_others() {
    let folder = Folder::new();
    let options = SpoolOptions { free_bytes_min: u64::MAX, ..folder.options() };
    let (spool, _) = Spool::open(&options, KEY).unwrap();
    assert!(matches!(spool.append(record(1, 1)).await, Err(SpoolError::Full)));
    assert_eq!(folder.segments(), Vec::<PathBuf>::new(), "no empty segment is begun");
    assert!(spool.is_empty() && !spool.holds(&pair(1)));
}

#[tokio::test]
async fn a_disk_that_fills_up_in_the_midst_of_a_record_keeps_no_half_of_it() {
    let (folder, faults) = (Folder::new(), Arc::<Planted>::default());
    let spool = folder.open_with(&faults);
    spool.append(record(0, 1)).await.unwrap();
    let frame_bytes = frame::record_frame_bytes(&record(1, 1));
    for room in [0, 1, 12, 13, frame_bytes - 1] {
        *faults.fits.lock() = Some(room + frame::HEADER_BYTES);
        let outcomes = join_all([spool.append(record(1, 1)), spool.append(stop(2, 2))]).await;
        assert!(outcomes.iter().all(|it| matches!(it, Err(SpoolError::Full))), "room for {room}");
        assert!(!spool.is_suppressed(&pair(2)), "what was refused suppresses nothing");
        *faults.fits.lock() = None;
        let crashed = folder.crashed();
        let (again, recovered) = crashed.open();
        assert_eq!((recovered.torn, recovered.damaged), (vec![], vec![]), "room for {room}");
        assert_eq!(drained_ids(&again).await, [id(0)], "room for {room}");
    }
    spool.append(record(3, 1)).await.expect("there is room again");
    assert_eq!(drained_ids(&spool).await, [id(0), id(3)]);
}

#[tokio::test]
async fn a_failed_sync_is_told_to_all_that_waited_and_its_segment_is_given_up() {
    let (folder, faults) = (Folder::new(), Arc::<Planted>::default());
    let spool = folder.open_with(&faults);
    spool.append(record(0, 1)).await.unwrap();
    let first = folder.segments()[0].clone();
    let good = fs::read(&first).unwrap();
    faults.hold();
    faults.fails_sync.store(true, Ordering::SeqCst);
    let append = |number| {
        let spool = spool.clone();
        tokio::spawn(async move { spool.append(record(number, 1)).await })
    };
    let appends: Vec<_> = (1..=5).map(append).collect();
    until_waiting(&spool, 5).await;
    faults.release();
    for outcome in join_all(appends).await {
        assert!(matches!(outcome.unwrap(), Err(SpoolError::Disk(_))));
    }
    faults.fails_sync.store(false, Ordering::SeqCst);
    assert_eq!(fs::read(&first).unwrap(), good, "what was refused is cut off");
    spool.append(record(6, 1)).await.unwrap();
    assert_eq!(fs::read(&first).unwrap(), good, "it is not written to again");
    let crashed = folder.crashed();
    let (again, recovered) = crashed.open();
    assert_eq!(recovered.torn, []);
    assert_eq!(drained_ids(&again).await, [id(0), id(6)]);
    assert_eq!(drained_ids(&spool).await, [id(0), id(6)]);
}

#[tokio::test]
async fn an_end_that_could_not_be_cut_off_is_cut_off_later() {
    let (folder, faults) = (Folder::new(), Arc::<Planted>::default());
    let spool = folder.open_with(&faults);
    spool.append(record(0, 1)).await.unwrap();
    let first = folder.segments()[0].clone();
    let good = fs::read(&first).unwrap();
    faults.fails_sync.store(true, Ordering::SeqCst);
    faults.fails_cut.store(true, Ordering::SeqCst);
    assert!(matches!(spool.append(record(1, 1)).await, Err(SpoolError::Disk(_))));
    assert!(fs::read(&first).unwrap().len() > good.len(), "the test cuts nothing off");
    faults.fails_sync.store(false, Ordering::SeqCst);
    spool.append(record(2, 1)).await.expect("a new segment takes it");
    faults.fails_cut.store(false, Ordering::SeqCst);
    spool.append(record(3, 1)).await.unwrap();
    assert_eq!(fs::read(&first).unwrap(), good);
    assert_eq!(drained_ids(&spool).await, [id(0), id(2), id(3)]);
}

#[tokio::test]
async fn a_disk_that_stays_broken_does_not_collect_segments() {
    let (folder, faults) = (Folder::new(), Arc::<Planted>::default());
    let spool = folder.open_with(&faults);
    faults.fails_sync.store(true, Ordering::SeqCst);
    for number in 0..50 {
        assert!(matches!(spool.append(record(number, 1)).await, Err(SpoolError::Disk(_))));
    }
    assert_eq!(folder.segments(), Vec::<PathBuf>::new());
    assert!(spool.is_empty());
    faults.fails_sync.store(false, Ordering::SeqCst);
    spool.append(record(1, 1)).await.expect("the disk is well again");
}

#[tokio::test]
async fn acknowledgements_that_do_not_fit_bring_records_again_and_free_their_segment() {
    let (folder, faults) = (Folder::new(), Arc::<Planted>::default());
    let spool = folder.open_with(&faults);
    for number in 0..4 {
        spool.append(single(number)).await.unwrap();
    }
    next(&spool).await.done().await;
    *faults.fits.lock() = Some(3);
    next(&spool).await.done().await;
    assert_eq!(after_a_crash(&folder).await, [id(1), id(2), id(3)]);
    *faults.fits.lock() = None;
    next(&spool).await.done().await;
    assert_eq!(after_a_crash(&folder).await, [id(1), id(3)]);
    *faults.fits.lock() = Some(0);
    next(&spool).await.done().await;
    assert_eq!(folder.everything(), [], "a full disk does not keep what is done");
}

#[tokio::test]
async fn only_so_many_appends_wait_for_the_disk() {
    let (folder, faults) = (Folder::new(), Arc::<Planted>::default());
    let options = SpoolOptions { waiting_max: 3, ..folder.options() };
    let spool = Spool::open_on(&options, KEY, Arc::clone(&faults) as Arc<dyn Faults>).unwrap().0;
    faults.hold();
    let append = |number| {
        let spool = spool.clone();
        tokio::spawn(async move { spool.append(record(number, 1)).await })
    };
    let appends: Vec<_> = (0..3).map(append).collect();
    until_waiting(&spool, 3).await;
    assert!(matches!(spool.append(record(9, 9)).await, Err(SpoolError::Busy)));
    assert!(!spool.holds(&pair(9)));
    faults.release();
    assert!(join_all(appends).await.into_iter().all(|outcome| outcome.unwrap().is_ok()));
    spool.append(record(9, 9)).await.expect("nobody waits any more");
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    let long = Record { body: vec![0; BODY_BYTES_MAX + 1], ..record(1, 1) };
    assert!(matches!(spool.append(long).await, Err(SpoolError::TooLarge)));
    assert!(spool.is_empty());
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named_in_one_sentence() {
    let folder = Folder::new();
    fs::create_dir_all(folder.0.parent().unwrap()).unwrap();
    fs::write(&folder.0, "a file").unwrap();
    let error = folder.refusal(KEY);
    assert!(matches!(error, SpoolError::Unwritable { .. }));
    let sentence = error.to_string();
    assert!(sentence.contains("cannot be written") && sentence.contains("spool-"), "{sentence}");
    fs::remove_file(&folder.0).unwrap();
    let (first, _) = folder.open();
    let error = folder.refusal(KEY).to_string();
    assert!(error.contains("in use by another process"), "{error}");
    first.close().await;
    let (_second, _) = folder.open();
}

#[tokio::test]
async fn nobody_else_may_look_into_the_folder() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    spool.append(single(1)).await.unwrap();
    spool.append(single(2)).await.unwrap();
    spool.append(single(3)).await.unwrap();
    next(&spool).await.done().await;
    next(&spool).await.set_aside("a reason").await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder.0), mode(&folder.0.join("aside"))), (0o700, 0o700));
    let files = [folder.segments(), folder.files("done"), folder.aside_files()].concat();
    assert_eq!(files.len(), 3);
    assert!(files.iter().all(|path| mode(path) == 0o600));
}

#[tokio::test]
async fn what_is_set_aside_is_kept_listed_and_out_of_the_way() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    for number in 0..3 {
        spool.append(record(number, 1)).await.unwrap();
    }
    let long_reason = "é".repeat(300);
    next(&spool).await.set_aside(&long_reason).await.unwrap();
    next(&spool).await.set_aside("panics").await.unwrap();
    assert_eq!(drained_ids(&spool).await, [id(2)]);
    spool.close().await;
    let (spool, recovered) = folder.open();
    assert_eq!(recovered, Recovered { aside: 2, ..Recovered::default() });
    let all = spool.aside(10).await.unwrap();
    assert_eq!(
        all.iter().map(|kept| &kept.record).collect::<Vec<_>>(),
        [&record(0, 1), &record(1, 1)]
    );
    assert_eq!((all[0].reason.as_str(), all[1].reason.as_str()), (&*"é".repeat(100), "panics"));
    assert_eq!(spool.aside(1).await.unwrap().len(), 1);
    assert!(!spool.holds(&pair(1)));
    spool.append(record(9, 1)).await.unwrap();
    next(&spool).await.set_aside("again").await.unwrap();
    assert_eq!(spool.aside(10).await.unwrap().len(), 3, "none takes another's place");
    fs::remove_file(&all[0].path).unwrap();
    assert_eq!(spool.aside(10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_stop_suppresses_until_it_is_carried_out_whatever_happens_in_between() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    spool.append(stop(1, 1)).await.unwrap();
    spool.append(stop(2, 1)).await.unwrap();
    spool.append(stop(3, 2)).await.unwrap();
    spool.append(record(4, 3)).await.unwrap();
    spool.close().await;
    let (spool, _) = folder.open();
    let mut pairs = spool.suppressed_pairs();
    pairs.sort_by_key(|key| *key != pair(1));
    assert_eq!(pairs, [pair(1), pair(2)]);
    let (first, second) = (next(&spool).await, next(&spool).await);
    first.done().await;
    assert!(spool.is_suppressed(&pair(1)), "the second one waits");
    second.set_aside("nobody could carry it out").await.unwrap();
    assert!(spool.is_suppressed(&pair(2)) && !spool.holds(&pair(2)));
    drain(&spool).await;
    assert_eq!(spool.suppressed_pairs(), [pair(2)]);
    spool.close().await;
    let (spool, _) = folder.open();
    assert_eq!(spool.suppressed_pairs(), [pair(2)]);
    fs::remove_file(&spool.aside(1).await.unwrap()[0].path).unwrap();
    spool.close().await;
    assert_eq!(folder.open().0.suppressed_pairs(), []);
}
