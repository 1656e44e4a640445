//! A station's message on its way: its channels are Things, its times are UTC for themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use messwerk_lessons::Micros;
use messwerk_lessons::observation::{Readings, SenderClock};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::RejectReason;
use messwerk_store::catalogue::Conflict;
use messwerk_store::{Entry, Error, Submission};
use tokio::time::Instant;

use super::things::Cell;
use super::ticket::Part;
use super::{Batch, Packet, Pipeline};
use crate::codec::Rejects;
use crate::desk::Station;
use crate::station::{Channel, Message, Reading, Report};

/// How far ahead of the hub a station's time may be. Beyond it the clock is not slow or fast but wrong (a year of 2036 after a
/// battery was changed), and the reading would stand at the end of every chart until then.
const AHEAD: Micros = 24 * 3_600 * 1_000_000;
/// 1970, before which no station sent anything that can be told from a clock that was never set.
const BEGIN: Micros = 0;

impl Pipeline {
    /// Turns a station's message into entries, one a channel and property, and charges it. An error: the hub cannot say whose a
    /// channel is, and nothing was queued.
    pub(super) fn take_of_station(
        &self,
        packet: &Packet,
        station: &Station,
        cell: &Arc<Cell>,
        now: Instant,
        batch: &mut Batch,
    ) -> Result<(), Error> {
        let access = &*packet.access;
        let most = self.limits.packet_bytes;
        let Report { readings, mut rejects, dropped, .. } = if packet.payload.len() > most {
            let mut report = Report::default();
            report.rejects.add(RejectReason::TooLarge, 1, || format!("a message has at most {most} bytes"));
            report
        } else {
            let (topic, query) = packet.stream.split_once('?').unwrap_or((&packet.stream, ""));
            let (content_type, body) = (&*packet.content_type, &packet.payload[..]);
            station.0.read(&Message { topic, query, content_type, body, received: packet.received })
        };
        cell.lock().pace.charge(&self.limits, now, readings.len());
        let (lesson, received) = (access.lesson, packet.received);
        let first = batch.entries.len();
        for ((channel, property), readings) in by_stream(readings, received, &mut rejects) {
            let thing = match station.0.thing(&channel) {
                Ok(thing) => thing,
                Err(Error::Conflict(Conflict::ChannelsFull)) => {
                    rejects.add(RejectReason::TooLarge, readings.len(), || Conflict::ChannelsFull.to_string());
                    continue;
                }
                Err(error) => return Err(error),
            };
            let (times, values) = readings.into_iter().unzip();
            // As many values as times, each finite, of a property with one component.
            let Ok(readings) = Readings::new(property, times, values, vec![], vec![]) else { continue };
            let clock = SenderClock::Absolute;
            let submission = Submission { lesson, thing, readings, key: None, clock, received, max_hz: 0.0, since: None };
            batch.entries.push(Entry::Readings(submission));
        }
        let rejects = rejects.into_vec();
        let whose = access.thing;
        batch.entries.extend(rejects.iter().map(|reject| Entry::Reject { lesson, thing: whose, reject: reject.clone(), received }));
        batch.passes.push(access.gate.pass());
        batch.parts.push(Part { entries: first..batch.entries.len(), rejects, dropped, idle: 0, waiting: None });
        if dropped > 0 {
            self.dropped.fetch_add(u64::from(dropped), std::sync::atomic::Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Readings by channel and property, with the times they are stored at; what has none that can be is a Reject.
pub(crate) fn by_stream(
    readings: Vec<Reading>,
    received: Micros,
    rejects: &mut Rejects,
) -> BTreeMap<(Channel, ObservedProperty), Vec<(Micros, f32)>> {
    let mut streams: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for Reading { channel, property, time, value, .. } in readings {
        let time = time.unwrap_or(received);
        if !(BEGIN..=received.saturating_add(AHEAD)).contains(&time) {
            rejects.add(RejectReason::TimeOutOfRange, 1, || {
                format!("{}: a time before 1970 or more than a day ahead of the hub; set the station's clock", property.name())
            });
        } else if property.is_vector() {
            rejects.add(RejectReason::MissingComponent, 1, || format!("{}: stations send scalars", property.name()));
        } else {
            streams.entry((channel, property)).or_default().push((time, value as f32));
        }
    }
    streams
}

#[cfg(test)]
mod tests;
