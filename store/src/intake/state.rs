//! What of a Datastream survives a restart without its readings; the readings themselves are in the store.

use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::observation::flag;
use serde::{Deserialize, Serialize};

use super::index::Index;
use super::keys::Boot;
use super::{Intake, Stream, moment};
use crate::group::{Frame, Group, StreamId};

/// The durable part of a stream's intake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StreamState {
    pub(crate) thing: ThingId,
    pub(crate) property: u8,
    run: u32,
    offset: Micros,
    arrival: bool,
    last: Option<Micros>,
    boot: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    boots: Vec<Boot>,
    #[serde(default)]
    heard: Option<Micros>,
    thinned: bool,
}

impl Intake {
    /// The durable part of a stream.
    pub(crate) fn state(&self, slot: u32) -> StreamState {
        let stream = &self.streams[slot as usize];
        StreamState {
            thing: stream.id.thing,
            property: stream.id.property.code(),
            run: stream.run,
            offset: stream.offset,
            arrival: stream.arrival,
            last: stream.last,
            boot: stream.boot,
            boots: stream.boots.clone(),
            heard: stream.heard,
            thinned: stream.thinned,
        }
    }

    /// Takes over a stream's durable part and returns its slot.
    pub(crate) fn set_state(&mut self, id: StreamId, state: StreamState) -> u32 {
        let slot = self.slot(id);
        let index = state.last.map_or_else(Index::empty, Index::forgotten);
        self.streams[slot as usize] = Stream {
            run: state.run,
            offset: state.offset,
            arrival: state.arrival,
            last: state.last,
            boot: state.boot,
            boots: state.boots,
            heard: state.heard,
            thinned: state.thinned,
            index,
            ..Stream::new(id)
        };
        slot
    }
}

impl Stream {
    /// Takes over what replay found: a frame that was stored once.
    pub(super) fn restore(&mut self, frame: &Frame, group: &Group) {
        let flags = group.flags[frame.rows.clone()].iter().fold(0, |all, flags| all | flags);
        let arrival = flags & flag::CLOCK_ARRIVAL != 0;
        if frame.run > self.run {
            self.run = frame.run;
            self.last = None;
            self.heard = None;
            self.boot = None;
            self.thinned = false;
            self.due = None;
        }
        if frame.run == self.run {
            self.heard = self.heard.max(Some(frame.received));
            (self.offset, self.arrival) = (frame.offset, arrival);
            let latest = group.time[frame.rows.clone()].iter().map(|time| time.wrapping_sub(frame.offset)).max();
            self.last = self.last.max(latest);
            self.index = self.last.map_or_else(Index::empty, Index::forgotten);
            self.thinned |= flags & flag::THINNED != 0;
        }
        if let Some(key) = frame.key {
            if let Some(boot) = self.boots.iter_mut().find(|boot| boot.boot == key.boot) {
                // Another Take's, or the one it went on in when its Run was erased, or when it had been forgotten.
                boot.turn_to_run(frame.run, frame.offset, arrival);
                if frame.run == self.run {
                    self.boot = Some(key.boot);
                }
            } else if frame.run == self.run {
                self.add_boot(key.boot);
            } else {
                // A late batch, and the ones that made its boot known were damaged: it stays an earlier one.
                self.push_boot(key.boot, frame.run, frame.offset, arrival);
            }
            self.store_key(key, moment(group, frame.rows.start, arrival, frame.received));
        }
    }
}
