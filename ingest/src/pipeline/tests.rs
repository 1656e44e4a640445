use std::sync::Mutex;
use std::time::Duration;

use futures::poll;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::observation::SenderClock;
use messwerk_lessons::quantity::ObservedProperty;
use tokio::sync::watch;

use super::*;
use crate::body::{BodyError, submit_body};
use crate::gate::{Gate, Takes, Window};

/// A writer that keeps what it is given and commits while `open`.
pub(super) struct Log {
    pub(super) entries: Mutex<Vec<Entry>>,
    open: watch::Sender<bool>,
    fails: bool,
}

#[async_trait]
impl Append for Log {
    async fn append(&self, entries: Vec<Entry>) -> Result<Committing, Error> {
        let receipt = |entry: &Entry| match entry {
            Entry::Readings(submission) => Receipt { stored: submission.readings.len() as u32, run: 1, ..Receipt::default() },
            Entry::Reject { .. } => Receipt::default(),
        };
        let receipts = entries.iter().map(receipt).collect();
        self.entries.lock().unwrap().extend(entries);
        let (mut open, fails) = (self.open.subscribe(), self.fails);
        Ok(async move {
            drop(open.wait_for(|open| *open).await);
            if fails { Err(Error::ReadOnly("full".to_owned())) } else { Ok(receipts) }
        }
        .boxed())
    }
}

pub(super) fn pipeline(fails: bool, limits: Limits) -> (Arc<Log>, Pipeline) {
    let log = Arc::new(Log { entries: Mutex::default(), open: watch::Sender::new(true), fails });
    (Arc::clone(&log), Pipeline::over(log, limits))
}

pub(super) fn access(thing: u64) -> Arc<ThingAccess> {
    Arc::new(ThingAccess {
        lesson: LessonId(1),
        thing: ThingId(thing),
        sensors: Vec::new(),
        recording: true,
        gate: Gate::Always,
        location: false,
        station: None,
    })
}

fn packet(stream: &str, payload: &str) -> Packet {
    Packet {
        access: access(7),
        stream: stream.into(),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        received: 1_000,
        content_type: Arc::default(),
    }
}

/// (stored, rejected) of each packet.
fn counts(outcomes: &[Outcome]) -> Vec<(u32, u32)> {
    outcomes.iter().map(|outcome| (outcome.receipt.stored, outcome.rejected)).collect()
}

const READING: &str = r#"{"t":1,"x":1,"y":2,"z":3}"#;

#[tokio::test]
async fn receipts_come_back_packet_by_packet() {
    let (log, pipeline) = pipeline(false, Limits::default());
    let packets = vec![
        packet("acc", r#"{"t":[1,2],"x":[1,null],"y":[2,2],"z":[3,3],"temp":[20,21]}"#),
        packet("acc", "broken"),
        packet("acc", r#"{"acc_time":[],"accX":[],"accY":[],"accZ":[]}"#),
        packet("acc", READING),
    ];
    let outcomes = pipeline.submit(packets, None).await.unwrap().committed().await.unwrap();
    assert_eq!(counts(&outcomes), [(3, 1), (0, 1), (0, 0), (1, 0)]);
    assert_eq!(outcomes[1].rejects[0].reason, RejectReason::Undecodable);
    let entries = log.entries.lock().unwrap();
    let kinds: String = entries.iter().map(|entry| if matches!(entry, Entry::Readings(_)) { 'r' } else { 'x' }).collect();
    assert_eq!(kinds, "rrxxr");
    // What the topic names comes after what names itself.
    let Entry::Readings(named) = &entries[1] else { panic!("{entries:?}") };
    assert_eq!((named.lesson, named.thing, named.received, named.clock), (LessonId(1), ThingId(7), 1_000, SenderClock::Unknown));
    assert_eq!(
        (named.readings.property(), named.readings.raw_time(), named.readings.z()),
        (ObservedProperty::Acceleration, &[1_000_000][..], &[3.0][..])
    );
}

#[tokio::test]
async fn lone_readings_that_go_on_share_an_entry() {
    let check = async |payloads: &[&str], rows: &[usize], stored: &[u32]| {
        let (log, pipeline) = pipeline(false, Limits::default());
        let packets = payloads.iter().map(|payload| packet("", payload)).collect();
        let outcomes = pipeline.submit(packets, None).await.unwrap().committed().await.unwrap();
        assert_eq!(outcomes.iter().map(|outcome| outcome.receipt.stored).collect::<Vec<_>>(), stored, "{payloads:?}");
        let entries = log.entries.lock().unwrap();
        let seen = entries.iter().map(|entry| if let Entry::Readings(batch) = entry { batch.readings.len() } else { 0 });
        assert_eq!(seen.collect::<Vec<_>>(), rows, "{payloads:?}");
    };
    let pres = [r#"{"t":1,"pres":5}"#, r#"{"t":2,"pres":6}"#, r#"{"t":2.5,"pres":7}"#];
    check(&pres, &[3], &[3, 0, 0]).await;
    // Back, again, after a pause, several at once: the store is to see each by itself.
    check(&[pres[1], pres[0]], &[1, 1], &[1, 1]).await;
    check(&[pres[0], pres[0]], &[1, 1], &[1, 1]).await;
    check(&[pres[0], pres[2]], &[1, 1], &[1, 1]).await;
    check(&[pres[0], r#"{"t":[2,2.1],"pres":[6,7]}"#, pres[2]], &[1, 3], &[1, 3, 0]).await;
    check(&[r#"{"t":[1,5,2],"pres":[5,6,7]}"#, pres[2]], &[3, 1], &[3, 1]).await;
    // Streams may take turns; what is no reading stands between nobody's.
    check(&[pres[0], r#"{"t":1,"light":5}"#, "broken", pres[1], r#"{"t":2,"light":5}"#], &[2, 2, 0], &[2, 2, 0, 0, 0]).await;
    // A number stands for one batch.
    let numbered = [r#"{"t":1,"pres":5,"boot":"000000000000a1b2","seq":1}"#, r#"{"t":2,"pres":5,"boot":"000000000000a1b2","seq":2}"#];
    check(&numbered, &[1, 1], &[1, 1]).await;
    // Nor do readings by different clocks share one.
    check(&[pres[0], r#"{"t":2,"pres":6,"offset":5}"#], &[1, 1], &[1, 1]).await;
}

#[tokio::test]
async fn nothing_is_acknowledged_before_the_commit_nor_without() {
    let (log, pipeline) = pipeline(false, Limits::default());
    log.open.send_replace(false);
    let ticket = pipeline.submit(vec![packet("acc", READING)], None).await.unwrap();
    let mut committed = Box::pin(ticket.committed());
    assert!(poll!(&mut committed).is_pending());
    log.open.send_replace(true);
    assert_eq!(counts(&committed.await.unwrap()), [(1, 0)]);
    let (_, failing) = self::pipeline(true, Limits::default());
    assert!(failing.submit(vec![packet("acc", READING)], None).await.unwrap().committed().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_flood_slows_its_own_thing_only() {
    let (log, pipeline) = pipeline(false, Limits { packets_per_second: 100.0, ..Limits::default() });
    let start = Instant::now();
    for _ in 0..30 {
        pipeline.submit(vec![packet("acc", READING); 10], None).await.unwrap().committed().await.unwrap();
    }
    let flooded = start.elapsed();
    // 300 packets take 3 s; a second's worth goes ahead of the rate, and the last ten wait for nobody.
    assert!((1_899..2_000).contains(&flooded.as_millis()), "{flooded:?}");
    assert_eq!(log.entries.lock().unwrap().len(), 300);
    let other = Packet { access: access(8), ..packet("acc", READING) };
    pipeline.submit(vec![other], None).await.unwrap().committed().await.unwrap();
    assert_eq!(start.elapsed(), flooded);
}

#[tokio::test]
async fn columns_are_acknowledged_with_the_readings_they_become() {
    let (log, pipeline) = pipeline(false, Limits::default());
    let column = async |topic, values| Box::pin(pipeline.submit(vec![packet(topic, values)], None).await.unwrap().committed());
    let (mut time, mut x, mut y) = (column("acc_time", "0.1,0.2").await, column("accX", "1,2").await, column("accY", "3,4").await);
    assert!(poll!(&mut time).is_pending() && poll!(&mut x).is_pending() && poll!(&mut y).is_pending());
    log.open.send_replace(false);
    let last = pipeline.submit(vec![packet("accZ", "5,6")], None).await.unwrap();
    assert!(poll!(&mut time).is_pending());
    log.open.send_replace(true);
    // In the order in which a connection awaits them: the one that brings the commit about comes last.
    for (waiting, stored) in [(time.await, 0), (x.await, 0), (y.await, 0), (last.committed().await, 2)] {
        assert_eq!(counts(&waiting.unwrap()), [(stored, 0)]);
    }
    assert_eq!(log.entries.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_column_whose_neighbours_never_come_becomes_a_reject() {
    let (log, pipeline) = pipeline(false, Limits::default());
    let outcomes = pipeline.submit(vec![packet("accX", "1,2,3")], None).await.unwrap().committed().await.unwrap();
    assert_eq!(counts(&outcomes), [(0, 3)]);
    assert_eq!(outcomes[0].rejects[0].reason, RejectReason::MissingTime);
    assert_eq!(log.entries.lock().unwrap().len(), 1);
    let late = pipeline.submit(vec![packet("accY", "1,2,3")], None).await.unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(500), late.committed()).await.is_err());
}

#[tokio::test]
async fn a_body_names_its_streams_and_has_a_size() {
    let (_, pipeline) = pipeline(false, Limits::default());
    let post = async |body: Vec<u8>| submit_body(&pipeline, access(7), body.into(), 5, (None, Duration::from_secs(1))).await;
    let outcome = post(br#"{"acc_time":1,"accX":1,"accY":2,"accZ":3,"id":"x"}"#.to_vec()).await.unwrap();
    assert_eq!((outcome.receipt.stored, outcome.rejected, outcome.dropped), (1, 0, 1), "an identifier is no Reject");
    assert!(matches!(post(vec![b' '; 64 * 1024 + 1]).await, Err(BodyError::TooLarge { limit: 65_536 })));
    let too_long = Packet { payload: Bytes::from(vec![b' '; 65_537]), ..packet("acc", "") };
    let outcomes = pipeline.submit(vec![too_long], None).await.unwrap().committed().await.unwrap();
    assert_eq!(outcomes[0].rejects[0].reason, RejectReason::TooLarge);
}

#[tokio::test(start_paused = true)]
async fn what_is_on_its_way_is_bounded_and_things_take_turns() {
    let limits = Limits { in_flight: 10_000, packets_per_second: 5.0, ..Limits::default() };
    let (log, pipeline) = pipeline(false, limits);
    log.open.send_replace(false);
    // One packet is being read, one has arrived. A second one of the first Thing waits for its turn and takes no room.
    let (first, second) = (pipeline.room(Some(ThingId(1)), 1_000).await, pipeline.room_for_arrived(ThingId(2), 1, 1_000).await);
    let mut again = Box::pin(pipeline.room(Some(ThingId(1)), 1));
    assert!(poll!(&mut again).is_pending());
    assert_eq!((pipeline.in_flight().used(), pipeline.in_flight().waits()), (8_512, 0));
    // A third Thing's have to wait for room.
    let mut other = Box::pin(pipeline.submit(vec![Packet { access: access(3), ..packet("acc", READING) }; 10], None));
    assert!(poll!(&mut other).is_pending());
    assert_eq!(pipeline.in_flight().waits(), 1);
    drop(second);
    let ticket = other.await.unwrap();
    assert_eq!(pipeline.in_flight().used(), 4_256 + 10 * 256, "queued, a packet takes its bookkeeping only");
    // A Thing that is over its rate takes no room either while it waits.
    let mut early = Box::pin(pipeline.room(Some(ThingId(3)), 1));
    assert!(poll!(&mut early).is_pending());
    assert_eq!((pipeline.in_flight().used(), pipeline.in_flight().waits()), (4_256 + 10 * 256, 1));
    log.open.send_replace(true);
    assert_eq!(ticket.committed().await.unwrap().len(), 10);
    assert_eq!(pipeline.in_flight().used(), 4_256, "and nothing once it is committed");
    drop(first);
    drop((again.await, early.await));
    assert_eq!(pipeline.in_flight().used(), 0);
}

#[tokio::test]
async fn a_column_that_nobody_waits_for_takes_no_room() {
    let (log, pipeline) = pipeline(false, Limits::default());
    let waiting = pipeline.submit(vec![packet("accX", "1,2,3")], None).await.unwrap();
    assert_eq!(pipeline.in_flight().used(), 256 + 4 * 5);
    drop(waiting);
    assert_eq!(pipeline.in_flight().used(), 0);
    // Its neighbours come too late for it: they wait for the next one of its name.
    let mut others = Vec::new();
    for topic in ["acc_time", "accY", "accZ"] {
        let mut committed = Box::pin(pipeline.submit(vec![packet(topic, "1,2,3")], None).await.unwrap().committed());
        assert!(poll!(&mut committed).is_pending());
        others.push(committed);
    }
    assert!(log.entries.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_arrives_while_nobody_measures_is_counted_and_told_but_not_kept() {
    #[derive(Default)]
    struct Ear(Mutex<Vec<Sign>>);
    impl Heard for Ear {
        fn heard(&self, _: &Packet, sign: Sign) {
            self.0.lock().unwrap().push(sign);
        }
    }
    let (log, pipeline) = pipeline(false, Limits::default());
    let ear = Arc::new(Ear::default());
    let pipeline = pipeline.telling(Arc::clone(&ear) as Arc<dyn Heard>);
    let takes = Arc::new(Takes::default());
    let access = Arc::new(ThingAccess { gate: Gate::Takes(Arc::clone(&takes)), ..ThingAccess::clone(&access(7)) });
    let send = async || {
        let packet = Packet { access: Arc::clone(&access), ..packet("acc", READING) };
        let outcome = pipeline.submit(vec![packet], None).await.unwrap().committed().await.unwrap().remove(0);
        (outcome.receipt.stored, outcome.idle, outcome.rejected)
    };
    assert_eq!(send().await, (0, 1, 0));
    let still = takes.tell(vec![Window { begins: 500, ends: None }], std::collections::HashMap::new()).through();
    assert!(still.await, "what was submitted is through");
    assert_eq!(send().await, (1, 0, 0));
    let still = takes.tell(vec![Window { begins: 500, ends: Some(1_000) }], std::collections::HashMap::new()).through();
    assert!(still.await);
    assert_eq!(send().await, (0, 1, 0));
    let Entry::Readings(kept) = &log.entries.lock().unwrap()[0] else { panic!("no readings") };
    assert_eq!(kept.since.unwrap().begins, 500);
    let told: Vec<_> = ear.0.lock().unwrap().iter().map(|sign| (sign.readings, sign.idle, sign.phyphox)).collect();
    assert_eq!(told, [(0, 1, false), (1, 0, false), (0, 1, false)]);
}
