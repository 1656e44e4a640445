//! Any sequence of batches with resends, seals and crashes: each distinct reading is stored exactly once.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::testing::*;
use crate::*;

#[derive(Debug, Clone)]
enum Step {
    /// The next batch of a Thing, so many rows.
    Send(u64, u32),
    /// An earlier batch of a Thing again, counted from its last.
    Resend(u64, usize),
    /// A batch is skipped now and comes when it is resent.
    Delay(u64, u32),
    /// All of a Thing's readings so far in one batch: phyphox with keep=true.
    Whole(u64),
    /// A page is loaded again: the time starts at 0.
    Restart(u64),
    Seal(bool),
    Crash,
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    // Things 0 and 1 number their batches, 2 and 3 do not.
    let thing = 0..4_u64;
    prop_oneof![
        8 => (thing.clone(), 5..60_u32).prop_map(|(thing, rows)| Step::Send(thing, rows)),
        5 => (thing.clone(), 0..6_usize).prop_map(|(thing, back)| Step::Resend(thing, back)),
        2 => (thing.clone(), 5..60_u32).prop_map(|(thing, rows)| Step::Delay(thing, rows)),
        2 => (2..4_u64).prop_map(Step::Whole),
        1 => (0..2_u64).prop_map(Step::Restart),
        2 => any::<bool>().prop_map(Step::Seal),
        2 => Just(Step::Crash),
        1 => Just(Step::Close),
    ]
}

/// What a Thing has sent so far.
#[derive(Debug, Default, Clone)]
struct Sender {
    boot: u64,
    next_row: u32,
    /// (boot, rows) of each batch, sent or delayed.
    batches: Vec<(u64, u64, u32, u32)>,
}

impl Sender {
    fn cut(&mut self, rows: u32) -> (u64, u64, u32, u32) {
        let sequence = self.batches.len() as u64;
        let batch = (self.boot, sequence, self.next_row, self.next_row + rows);
        self.next_row += rows;
        self.batches.push(batch);
        batch
    }
}

struct Model {
    senders: [Sender; 4],
    /// (Thing, boot, row) stored.
    stored: BTreeSet<(u64, u64, u32)>,
}

impl Model {
    async fn put(&mut self, store: &Store, thing: u64, (boot, sequence, from, to): (u64, u64, u32, u32)) {
        let batch = Submission { thing: ThingId(thing), ..vectors(from, to) };
        let batch = if thing < 2 { keyed(boot, sequence, batch) } else { batch };
        let before = self.stored.len();
        self.stored.extend((from..to).map(|row| (thing, boot, row)));
        let new = (self.stored.len() - before) as u32;
        let receipt = store.put(batch).await.unwrap();
        assert_eq!((receipt.stored, receipt.duplicates), (new, to - from - new), "thing {thing}, rows {from}..{to}");
    }

    fn check(&self, store: &Store) {
        let rows = rows(&store.snapshot());
        let mut distinct: Vec<(u64, u32, i64)> = rows.iter().map(|row| (row.thing, row.run, row.raw)).collect();
        distinct.dedup();
        assert_eq!((rows.len(), distinct.len()), (self.stored.len(), self.stored.len()));
        let found: BTreeSet<(u64, u64, u32)> =
            rows.iter().map(|row| (row.thing, if row.thing < 2 { u64::from(row.run) - 1 } else { 0 }, (row.raw / 10_000) as u32)).collect();
        assert_eq!(found, self.stored);
        for thing in 0..4 {
            let expected = self.stored.iter().filter(|row| row.0 == thing).count() as u64;
            assert_eq!(store.count(LESSON, ThingId(thing), ObservedProperty::Acceleration), expected);
        }
    }
}

async fn run(steps: Vec<Step>) {
    let folder = tempfile::tempdir().unwrap();
    // Little memory: indexes are dropped and read again all the time.
    let options = || Options { memory: 1 << 16, wal_file: 16 << 10, seal_rows: 300, ..options() };
    let reopen = || Store::open(folder.path(), options(), Arc::new(SystemClock)).unwrap();
    let mut store = reopen();
    let mut model = Model { senders: Default::default(), stored: BTreeSet::new() };
    for step in steps {
        match step {
            Step::Send(thing, rows) => {
                let batch = model.senders[thing as usize].cut(rows);
                model.put(&store, thing, batch).await;
            }
            Step::Delay(thing, rows) => {
                model.senders[thing as usize].cut(rows);
            }
            Step::Resend(thing, back) => {
                let batches = &model.senders[thing as usize].batches;
                if let Some(&batch) = batches.len().checked_sub(back + 1).and_then(|at| batches.get(at)) {
                    // A batch of a boot that never stored anything would be a new Run out of order.
                    if thing >= 2 || model.stored.iter().any(|row| (row.0, row.1) == (thing, batch.0)) {
                        model.put(&store, thing, batch).await;
                    }
                }
            }
            Step::Whole(thing) => {
                let rows = model.senders[thing as usize].next_row;
                if rows > 0 {
                    model.put(&store, thing, (0, 0, 0, rows)).await;
                }
            }
            Step::Restart(thing) => {
                let sender = &mut model.senders[thing as usize];
                // Only a boot that stored something counts as one; the check tells Runs apart by it.
                if model.stored.iter().any(|row| (row.0, row.1) == (thing, sender.boot)) {
                    sender.boot += 1;
                    sender.next_row = 0;
                }
            }
            Step::Seal(whole) => store.seal(whole.then_some(LESSON)).await.unwrap(),
            Step::Crash => {
                drop(store);
                store = reopen();
            }
            Step::Close => {
                store.close().await.unwrap();
                drop(store);
                store = reopen();
            }
        }
        model.check(&store);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn each_reading_is_stored_exactly_once(steps in prop::collection::vec(step(), 1..40)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run(steps));
    }
}
