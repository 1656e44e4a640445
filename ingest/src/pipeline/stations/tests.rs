use bytes::Bytes;
use messwerk_lessons::id::{LessonId, ThingId};

use super::super::tests::{access, pipeline};
use super::super::{Limits, Outcome};
use super::*;
use crate::admission::ThingAccess;
use crate::desk::Desk;
use crate::station::{self, Context, Format};

/// A desk whose channels are Things by the length of their names, and that has room for so many letters.
struct Counting(usize);

impl Desk for Counting {
    fn read(&self, message: &Message<'_>) -> Report {
        station::decode(Format::Ecowitt, message, &Context::default())
    }

    fn thing(&self, channel: &Channel) -> Result<ThingId, Error> {
        let letters = channel.as_str().len();
        if letters > self.0 { Err(Error::Conflict(Conflict::ChannelsFull)) } else { Ok(ThingId(letters as u64)) }
    }

    fn may_publish(&self, _: &str) -> bool {
        false
    }
}

/// 2020-05-04 14:34:26 UTC.
const SENT: Micros = 1_588_602_866_000_000;

/// Submits one body to a desk with room for so many letters, arriving 3 s after [`SENT`].
async fn submit(letters: usize, body: &str) -> (Vec<Entry>, Outcome) {
    let (log, pipeline) = pipeline(false, Limits::default());
    let station = Some(Station(Arc::new(Counting(letters))));
    let access = Arc::new(ThingAccess { station, ..ThingAccess::clone(&access(7)) });
    let payload = Bytes::copy_from_slice(body.as_bytes());
    let packet = Packet { access, stream: "data/report".into(), payload, received: SENT + 3_000_000, content_type: Arc::default() };
    let outcomes = pipeline.submit(vec![packet], None).await.unwrap().committed().await.unwrap();
    let entries = std::mem::take(&mut *log.entries.lock().unwrap());
    (entries, outcomes.into_iter().next().unwrap())
}

fn stored(entries: &[Entry]) -> Vec<(u64, &str, Micros, f32)> {
    let reading = |entry: &Entry| match entry {
        Entry::Readings(of) => {
            assert_eq!((of.lesson, of.clock, of.key), (LessonId(1), SenderClock::Absolute, None));
            Some((of.thing.0, of.readings.property().name(), of.readings.raw_time()[0], of.readings.x()[0]))
        }
        Entry::Reject { .. } => None,
    };
    entries.iter().filter_map(reading).collect()
}

#[tokio::test]
async fn channels_are_things_and_times_are_the_stations() {
    let (entries, outcome) = submit(6, "PASSKEY=AB&dateutc=2020-05-04 14:34:26&tempf=70.3&tempinf=79.0&humidity=32").await;
    let expected = [(0, "temperature", SENT, 21.277_779), (0, "relative_humidity", SENT, 32.0), (6, "temperature", SENT, 26.111_11)];
    assert_eq!(stored(&entries), expected);
    assert_eq!((outcome.receipt.stored, outcome.rejected), (3, 0));
}

#[tokio::test]
async fn a_channel_too_many_loses_nothing_else() {
    let (entries, outcome) = submit(0, "dateutc=2020-05-04 14:34:26&tempf=70.3&tempinf=79.0").await;
    assert_eq!(stored(&entries), [(0, "temperature", SENT, 21.277_779)]);
    assert_eq!((outcome.rejects[0].reason, outcome.rejects[0].count), (RejectReason::TooLarge, 1));
    assert!(matches!(entries[1], Entry::Reject { thing: ThingId(7), .. }), "its Rejects are the main channel's");
}

#[tokio::test]
async fn a_clock_that_was_never_set_is_told() {
    let (entries, outcome) = submit(6, "dateutc=2036-01-01 00:00:00&tempf=70.3").await;
    assert!(stored(&entries).is_empty());
    assert_eq!((outcome.rejects[0].reason, outcome.rejected), (RejectReason::TimeOutOfRange, 1));
}
