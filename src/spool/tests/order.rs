use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn many_appends_share_one_sync() {
    let (folder, faults) = (Folder::new(), Arc::<Planted>::default());
    let spool = folder.open_with(&faults);
    spool.append(single(0)).await.unwrap();
    assert_eq!(faults.syncs(), 3, "the segment, the folder, the record");
    faults.hold();
    let append = |number| {
        let spool = spool.clone();
        tokio::spawn(async move { spool.append(single(number)).await })
    };
    let first = append(1);
    until_waiting(&spool, 1).await;
    while faults.syncs() < 4 {
        tokio::task::yield_now().await;
    }
    let others: Vec<_> = (2..=500).map(append).collect();
    until_waiting(&spool, 500).await;
    faults.release();
    for outcome in join_all(others).await {
        outcome.unwrap().unwrap();
    }
    first.await.unwrap().unwrap();
    assert_eq!(faults.syncs(), 5, "499 appends were synced at once");
    assert_eq!(spool.waiting().records, 501);
}

#[tokio::test]
async fn one_pair_keeps_its_order_and_does_not_hold_up_another() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    for number in 0..4 {
        spool.append(record(number, u8::try_from(number % 2).unwrap())).await.unwrap();
    }
    let (first, first_id) = next_id(&spool).await;
    let (other, other_id) = next_id(&spool).await;
    assert_eq!((first_id, other_id), (id(0), id(1)));
    assert!(is_idle(&spool), "the second of a pair waits for the first");
    other.done().await;
    let (third, third_id) = next_id(&spool).await;
    assert_eq!(third_id, id(3));
    assert!(is_idle(&spool));
    first.again();
    assert!(is_idle(&spool), "there is a pause");
    let (first, again_id) = next_id(&spool).await;
    assert_eq!(again_id, id(0), "it stays the first");
    first.done().await;
    assert_eq!(next_id(&spool).await.1, id(2));
    third.done().await;
}

#[tokio::test]
async fn records_without_a_pair_wait_for_nobody() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    for number in 0..3 {
        spool.append(single(number)).await.unwrap();
    }
    let mut taken = Vec::new();
    for number in 0..3 {
        let (one, found) = next_id(&spool).await;
        assert_eq!(found, id(number));
        taken.push(one);
    }
    for one in taken {
        one.done().await;
    }
    assert!(spool.is_empty());
}

#[tokio::test]
async fn a_taker_that_dies_gives_its_record_back() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    spool.append(record(1, 1)).await.unwrap();
    let taken = next(&spool).await;
    let died = tokio::spawn(async move {
        let _taken = taken;
        panic!("planted");
    });
    assert!(died.await.is_err());
    assert_eq!(drained_ids(&spool).await, [id(1)]);
}

#[tokio::test]
async fn only_so_many_are_handed_out_at_a_time() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    let count = index::TAKEN_MAX as u128 + 1;
    let appends = (0..count).map(|number| spool.append(single(number)));
    assert!(join_all(appends).await.iter().all(Result::is_ok));
    let mut taken = Vec::new();
    for _ in 0..index::TAKEN_MAX {
        taken.push(next(&spool).await);
    }
    assert!(is_idle(&spool));
    taken.pop().unwrap().done().await;
    next(&spool).await.done().await;
}

#[tokio::test]
async fn a_pair_is_held_from_the_moment_its_record_comes_until_it_is_done() {
    let (folder, faults) = (Folder::new(), Arc::<Planted>::default());
    let spool = folder.open_with(&faults);
    faults.hold();
    let append = tokio::spawn({
        let spool = spool.clone();
        async move { spool.append(stop(1, 1)).await }
    });
    until_waiting(&spool, 1).await;
    assert!(spool.holds(&pair(1)) && spool.is_suppressed(&pair(1)) && !spool.is_empty());
    assert!(!spool.holds(&pair(2)) && !spool.is_suppressed(&pair(2)));
    assert_eq!(spool.waiting().records, 0, "it cannot be taken yet");
    faults.release();
    append.await.unwrap().unwrap();
    assert!(spool.holds(&pair(1)) && spool.is_suppressed(&pair(1)));
    assert_eq!(spool.waiting().oldest_at, Some(at(1)));
    next(&spool).await.done().await;
    assert!(!spool.holds(&pair(1)) && !spool.is_suppressed(&pair(1)) && spool.is_empty());
    assert_eq!(spool.waiting(), Waiting::default());
}

#[tokio::test]
async fn an_append_that_nobody_waits_for_is_kept_all_the_same() {
    let (folder, faults) = (Folder::new(), Arc::<Planted>::default());
    let spool = folder.open_with(&faults);
    faults.hold();
    let append = tokio::spawn({
        let spool = spool.clone();
        async move { spool.append(record(1, 1)).await }
    });
    until_waiting(&spool, 1).await;
    append.abort();
    assert!(append.await.unwrap_err().is_cancelled());
    assert!(spool.holds(&pair(1)), "it is still on its way");
    faults.release();
    let (taken, found) = next_id(&spool).await;
    assert_eq!(found, id(1));
    taken.done().await;
}

#[tokio::test]
async fn the_oldest_is_told_while_others_come_and_go() {
    let folder = Folder::new();
    let (spool, _) = folder.open();
    for number in 1..=3 {
        spool.append(record(number, u8::try_from(number).unwrap())).await.unwrap();
    }
    let (first, second) = (next(&spool).await, next(&spool).await);
    second.done().await;
    assert_eq!(spool.waiting().oldest_at, Some(at(1)));
    first.done().await;
    let waiting = spool.waiting();
    assert_eq!((waiting.records, waiting.oldest_at), (1, Some(at(3))));
}

#[tokio::test]
async fn a_pair_is_the_same_however_the_provider_writes_our_number() {
    let organization = OrganizationId(Uuid::from_u128(1));
    let customer = SmsAddress::from_provider("14155550123").unwrap();
    let key = |number| PairKey::new(organization, number, &customer);
    assert_eq!(key("+14255550100"), key("14255550100"));
    assert_ne!(key("14255550100"), key("14255550101"));
    let other = SmsAddress::from_provider("14155550124").unwrap();
    assert_ne!(key("14255550100"), PairKey::new(organization, "14255550100", &other));
    let organization = OrganizationId(Uuid::from_u128(2));
    assert_ne!(key("14255550100"), PairKey::new(organization, "14255550100", &customer));
    assert_eq!(format!("{:?}", key("14255550100")), "PairKey(…)");
}
