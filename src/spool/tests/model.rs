use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Copy)]
enum Step {
    Append { customer: Option<u8>, suppresses: bool, body_bytes: u16 },
    Take,
    Done(u8),
    Again(u8),
    SetAside(u8),
    Close,
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    let append = (proptest::option::weighted(0.8, 0..4_u8), prop::bool::weighted(0.2), 0..400_u16)
        .prop_map(|(customer, suppresses, body_bytes)| Step::Append {
            customer,
            suppresses: suppresses && customer.is_some(),
            body_bytes,
        });
    prop_oneof![
        8 => append,
        6 => Just(Step::Take),
        5 => any::<u8>().prop_map(Step::Done),
        2 => any::<u8>().prop_map(Step::Again),
        1 => any::<u8>().prop_map(Step::SetAside),
        1 => Just(Step::Close),
        1 => Just(Step::Crash),
    ]
}

/// What the spool ought to hold.
#[derive(Default)]
struct Model {
    /// By customer; `None`: in no order.
    waiting: BTreeMap<Option<u8>, VecDeque<Record>>,
    aside: Vec<Record>,
}

impl Model {
    fn count(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }

    fn is_suppressed(&self, customer: u8) -> bool {
        let waiting = self.waiting.get(&Some(customer)).into_iter().flatten();
        let aside = self.aside.iter().filter(|record| record.pair == Some(pair(customer)));
        waiting.chain(aside).any(|record| record.suppresses)
    }

    fn remove(&mut self, customer: Option<u8>, id: ReceiptId) -> Record {
        let queue = self.waiting.get_mut(&customer).unwrap();
        let place = queue.iter().position(|record| record.id == id).unwrap();
        assert!(customer.is_none() || place == 0, "a pair was handed out in another order");
        queue.remove(place).unwrap()
    }
}

struct Run {
    folder: Folder,
    spool: Spool,
    model: Model,
    taken: Vec<(Taken, Option<u8>, ReceiptId)>,
    count: u128,
}

impl Run {
    fn new() -> Self {
        let folder = Folder::new();
        let spool = open(&folder);
        Self { folder, spool, model: Model::default(), taken: Vec::new(), count: 0 }
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Append { customer, suppresses, body_bytes } => {
                self.count += 1;
                let body = vec![u8::try_from(self.count % 256).unwrap(); usize::from(body_bytes)];
                let record =
                    Record { pair: customer.map(pair), suppresses, body, ..single(self.count) };
                self.spool.append(record.clone()).await.unwrap();
                self.model.waiting.entry(customer).or_default().push_back(record);
            }
            Step::Take => self.take().await,
            Step::Done(which) => {
                if let Some((taken, customer, id)) = self.pick(which) {
                    taken.done().await;
                    self.model.remove(customer, id);
                }
            }
            Step::Again(which) => {
                if let Some((taken, _, _)) = self.pick(which) {
                    taken.again();
                }
            }
            Step::SetAside(which) => {
                if let Some((taken, customer, id)) = self.pick(which) {
                    taken.set_aside("a reason").await.unwrap();
                    let record = self.model.remove(customer, id);
                    self.model.aside.push(record);
                }
            }
            Step::Close => {
                self.taken.clear();
                self.spool.close().await;
                self.spool = open(&self.folder);
            }
            Step::Crash => {
                self.taken.clear();
                let crashed = self.folder.crashed();
                self.spool = open(&crashed);
                self.folder = crashed;
            }
        }
        self.compare().await;
    }

    fn pick(&mut self, which: u8) -> Option<(Taken, Option<u8>, ReceiptId)> {
        let count = self.taken.len();
        (count > 0).then(|| self.taken.swap_remove(usize::from(which) % count))
    }

    /// Takes one if there is one: of a customer of whom nothing is taken yet, the very next.
    async fn take(&mut self) {
        let is_free = |customer: &Option<u8>| {
            let of_it = self.taken.iter().filter(|(_, other, _)| other == customer).count();
            let all = self.model.waiting.get(customer).map_or(0, VecDeque::len);
            if customer.is_some() { of_it == 0 && all > 0 } else { of_it < all }
        };
        if !self.model.waiting.keys().any(is_free) {
            assert!(is_idle(&self.spool), "there is nothing to take");
            return;
        }
        let taken = next(&self.spool).await;
        let record = taken.read().await.unwrap();
        let customer = record.pair.map(|key| (0..4).find(|it| pair(*it) == key).unwrap());
        assert!(is_free(&customer), "it was handed out twice, or out of its order");
        let queue = &self.model.waiting[&customer];
        let known = queue.iter().find(|it| it.id == record.id);
        assert_eq!(known, Some(&record), "it came back as it was kept");
        assert!(customer.is_none() || queue.front() == Some(&record), "the first of its pair");
        self.taken.push((taken, customer, record.id));
    }

    async fn compare(&self) {
        let (spool, model) = (&self.spool, &self.model);
        assert_eq!(spool.waiting().records, model.count() as u64);
        assert_eq!(spool.is_empty(), model.count() == 0);
        let oldest = model.waiting.values().flatten().map(|record| record.received_at).min();
        assert_eq!(spool.waiting().oldest_at, oldest);
        for customer in 0..4 {
            let waiting = model.waiting.get(&Some(customer)).is_some_and(|all| !all.is_empty());
            assert_eq!(spool.holds(&pair(customer)), waiting);
            assert_eq!(spool.is_suppressed(&pair(customer)), model.is_suppressed(customer));
        }
        assert_eq!(spool.aside(1_000).await.unwrap().len(), model.aside.len());
    }

    /// Whatever happened: everything that is left comes, once, and no file stays.
    async fn finish(mut self) {
        for (taken, _, _) in self.taken.drain(..) {
            taken.again();
        }
        while self.model.count() > 0 {
            self.take().await;
            self.step(Step::Done(0)).await;
        }
        self.spool.close().await;
        assert_eq!(self.folder.everything(), []);
    }
}

/// Small segments, so that many are begun and removed.
fn open(folder: &Folder) -> Spool {
    let options = SpoolOptions {
        segment_bytes_max: 1_500,
        again_after: Duration::from_millis(1),
        ..folder.options()
    };
    Spool::open(&options, KEY).unwrap().0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_spool_holds_what_its_model_holds(steps in prop::collection::vec(step(), 1..80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let mut run = Run::new();
            for step in steps {
                run.step(step).await;
            }
            run.finish().await;
        });
    }
}

proptest! {
    #[test]
    fn no_bytes_at_all_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let seal = Seal::new(&KEY);
        frame::read_header(&bytes, 1, &seal);
        let contents = frame::scan(&bytes, 1, &seal);
        prop_assert!(contents.records.is_empty());
        prop_assert!(contents.good_bytes <= bytes.len());
    }
}
