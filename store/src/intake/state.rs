//! What of a Datastream survives a restart without its readings; the readings themselves are in the store.

use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use serde::{Deserialize, Serialize};

use super::index::Index;
use super::keys::Boot;
use super::{Intake, Stream};
use crate::group::StreamId;

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
