use super::*;

/// From where to where the one damage goes.
fn only(damaged: &[std::ops::Range<usize>]) -> (usize, usize) {
    assert_eq!(damaged.len(), 1);
    (damaged[0].start, damaged[0].end)
}

/// Three records of one segment: its bytes and where they begin.
async fn three(folder: &Folder) -> (PathBuf, Vec<u8>, Vec<usize>) {
    let (spool, _) = folder.open();
    for number in 0..3 {
        spool.append(record(number, 1)).await.unwrap();
    }
    spool.close().await;
    let path = folder.segments()[0].clone();
    let whole = fs::read(&path).unwrap();
    let contents = frame::scan(&whole, 1, &Seal::new(&KEY));
    let begins = contents.records.iter().map(|(place, _)| place.offset as usize).collect();
    (path, whole, begins)
}

#[tokio::test]
async fn a_flipped_bit_costs_one_record_and_the_others_live() {
    let folder = Folder::new();
    let (_, whole, begins) = three(&folder).await;
    let seal = Seal::new(&KEY);
    for at in begins[1]..begins[2] {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            let found = frame::scan(&bytes, 1, &seal);
            let ids: Vec<ReceiptId> = found.records.iter().map(|(_, record)| record.id).collect();
            assert_eq!(ids, [id(0), id(2)], "bit {bit} of {at}");
            assert_eq!(only(&found.damaged), (begins[1], begins[2]), "bit {bit} of {at}");
        }
    }
}

#[tokio::test]
async fn a_length_that_leads_to_the_record_after_next_is_not_followed() {
    let folder = Folder::new();
    let (_, whole, begins) = three(&folder).await;
    let mut bytes = whole.clone();
    let both = u32::try_from(whole.len() - begins[1] - (begins[1] - begins[0])).unwrap();
    let length = both + u32::from_le_bytes(whole[begins[1] + 4..begins[1] + 8].try_into().unwrap());
    bytes[begins[0] + 4..begins[0] + 8].copy_from_slice(&length.to_le_bytes());
    let found = frame::scan(&bytes, 1, &Seal::new(&KEY));
    assert_eq!(found.records.len(), 2);
    assert_eq!(only(&found.damaged), (begins[0], begins[1]));
}

#[tokio::test]
async fn a_damaged_record_is_named_and_kept_and_the_rest_drains() {
    let folder = Folder::new();
    let (path, mut bytes, begins) = three(&folder).await;
    bytes[begins[1] + 60] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let damage =
        Damage { segment: 1, offset: begins[1] as u64, bytes: (begins[2] - begins[1]) as u64 };
    for _ in 0..2 {
        let (spool, recovered) = folder.open();
        assert_eq!((recovered.records, &recovered.damaged[..]), (2, &[damage][..]));
        assert_eq!(folder.aside_files().len(), 1, "one copy, however often it is found");
        spool.close().await;
    }
    let shown = damage.to_string();
    assert!(shown.contains("spool-0000000001.log from ") && shown.contains(&begins[1].to_string()));
    let (spool, _) = folder.open();
    assert_eq!(drained_ids(&spool).await, [id(0), id(2)]);
    assert_eq!(folder.segments(), Vec::<PathBuf>::new());
    assert_eq!(fs::read(&folder.aside_files()[0]).unwrap(), bytes[begins[1]..begins[2]]);
    assert_eq!(spool.aside(10).await.unwrap(), [], "it is no record any more");
    assert!(spool.used_bytes() > 0, "what lies aside counts");
}

#[tokio::test]
async fn a_damaged_header_costs_no_record() {
    let folder = Folder::new();
    let (path, whole, _) = three(&folder).await;
    let original = Folder::new();
    copy_folder(&folder.0, &original.0);
    for at in 0..frame::HEADER_BYTES {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        let (spool, recovered) = folder.open();
        assert_eq!((recovered.records, recovered.damaged.len()), (3, 1), "flipped at {at}");
        spool.close().await;
    }
}

#[tokio::test]
async fn damage_that_comes_after_the_start_is_told_apart_from_a_disk_that_fails() {
    let folder = Folder::new();
    let (path, mut bytes, begins) = three(&folder).await;
    let (spool, _) = folder.open();
    let taken = next(&spool).await;
    bytes[begins[0] + 60] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let error = taken.read().await.unwrap_err();
    assert!(matches!(error, SpoolError::Damaged) && !error.is_retryable());
    taken.set_aside("damaged").await.unwrap();
    assert_eq!(fs::read(&folder.aside_files()[0]).unwrap(), bytes[begins[0]..begins[1]]);
    let taken = next(&spool).await;
    let hidden = folder.0.join("elsewhere");
    fs::rename(&path, &hidden).unwrap();
    let error = taken.read().await.unwrap_err();
    assert!(matches!(error, SpoolError::Disk(_)) && error.is_retryable());
    let error = taken.set_aside("cannot be read").await.unwrap_err();
    assert!(matches!(error, SpoolError::Disk(_)));
    fs::rename(&hidden, &path).unwrap();
    assert_eq!(drained_ids(&spool).await, [id(1), id(2)], "it came again");
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_changes_nothing() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    spool.append(record(1, 1)).await.unwrap();
    spool.append(stop(2, 2)).await.unwrap();
    next(&spool).await.done().await;
    spool.close().await;
    let before = folder.everything();
    let error = folder.refusal([8; 32]);
    assert!(matches!(error, SpoolError::OtherKey { .. }), "{error}");
    assert!(error.to_string().contains("another secret key"));
    assert_eq!((folder.everything(), folder.aside_files()), (before, vec![]));
    let (spool, recovered) = folder.open();
    assert_eq!(recovered.records, 1);
    next(&spool).await.set_aside("a reason").await.unwrap();
    spool.close().await;
    assert!(matches!(folder.refusal([8; 32]), SpoolError::OtherKey { .. }), "a STOP lies aside");
}

#[tokio::test]
async fn a_later_release_is_not_read_as_damage() {
    let folder = Folder::new();
    let (path, mut bytes, _) = three(&folder).await;
    bytes[8] = 2;
    let sum = frame::checksum(&bytes[..frame::HEADER_BYTES - 4]).to_le_bytes();
    bytes[frame::HEADER_BYTES - 4..frame::HEADER_BYTES].copy_from_slice(&sum);
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(folder.refusal(KEY), SpoolError::LaterRelease { .. }));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[tokio::test]
async fn nothing_can_be_read_in_the_files_or_moved_between_them() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    let planted = Record { body: b"planted words".to_vec(), ..record(1, 1) };
    spool.append(planted.clone()).await.unwrap();
    let bytes = fs::read(&folder.segments()[0]).unwrap();
    for secret in [b"planted".as_slice(), &planted.account.0.into_bytes()] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
    let seal = Seal::new(&KEY);
    assert_eq!(frame::scan(&bytes, 2, &seal).records.len(), 0, "in another segment");
    let moved = [&bytes[..], &bytes[frame::HEADER_BYTES..]].concat();
    assert_eq!(frame::scan(&moved, 1, &seal).records.len(), 1, "at another offset");
    assert_eq!(format!("{planted:?}"), format!("Record {{ id: {}, .. }}", planted.id));
    next(&spool).await.set_aside("a reason").await.unwrap();
    let aside = fs::read(&folder.aside_files()[0]).unwrap();
    assert!(!aside.windows(7).any(|window| window == b"planted"));
}

#[tokio::test]
async fn damaged_acknowledgements_bring_records_again_and_end_no_other() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    for number in 0..4 {
        spool.append(single(number)).await.unwrap();
    }
    next(&spool).await.done().await;
    next(&spool).await.done().await;
    spool.close().await;
    let path = folder.files("done")[0].clone();
    let good = fs::read(&path).unwrap();
    assert_eq!(good.len(), 2 * acknowledgement::ENTRY_BYTES);
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x21;
        let at_entry = at / acknowledgement::ENTRY_BYTES;
        fs::write(&path, &bytes).unwrap();
        let (done, _) = acknowledgement::read(&path, 1).unwrap();
        assert_eq!(done.len(), 1, "flipped at {at}, in entry {at_entry}");
        assert_eq!(acknowledgement::read(&path, 2).unwrap().0.len(), 0, "of another segment");
        fs::write(&path, &good[..at]).unwrap();
        assert_eq!(acknowledgement::read(&path, 1).unwrap().0.len(), at_entry, "cut at {at}");
    }
    // A torn entry does not put those behind it out of step.
    fs::write(&path, &good[..good.len() - 3]).unwrap();
    let (spool, recovered) = folder.open();
    assert_eq!(recovered.records, 3);
    next(&spool).await.done().await;
    spool.close().await;
    let (spool, _) = folder.open();
    assert_eq!(drained_ids(&spool).await, [id(2), id(3)]);
}

#[test]
fn a_sealed_file_opens_with_its_key_and_for_its_purpose_only() {
    let folder = Folder::new();
    fs::create_dir_all(&folder.0).unwrap();
    let path = folder.0.join("keyring");
    let file = SealedFile::new(path.clone(), "keyring", KEY);
    assert!(file.read().unwrap().is_none(), "there is none yet");
    file.write(b"planted").unwrap();
    file.write(b"planted again").unwrap();
    assert_eq!(file.read().unwrap().unwrap().as_slice(), b"planted again");
    assert!(!fs::read(&path).unwrap().windows(7).any(|window| window == b"planted"));
    assert!(SealedFile::new(path.clone(), "other", KEY).read().unwrap().is_none());
    assert!(SealedFile::new(path, "keyring", [8; 32]).read().unwrap().is_none());
}
