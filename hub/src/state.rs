//! What every route shares.

use std::net::SocketAddr;
use std::sync::Arc;

use messwerk_ingest::mqtt::{Door, Fanout};
use messwerk_ingest::pipeline::Pipeline;
use messwerk_lessons::id::LessonId;
use messwerk_query::Engine;
use messwerk_store::{Clock, Store};
use tokio_util::sync::CancellationToken;

use crate::access::Access;
use crate::joining::JoinDoor;
use crate::results::ResultsBoard;
use crate::web::{WebLimits, WebStats};

/// The running hub. Cheap to clone: everything is shared.
#[derive(Clone)]
pub struct Hub {
    /// The one writer and its snapshots.
    pub store: Arc<Store>,
    /// Who may do what.
    pub access: Arc<Access>,
    /// Counts wrong join codes.
    pub joining: Arc<JoinDoor>,
    /// Things a lesson takes.
    pub things_per_lesson: usize,
    /// The way in for readings.
    pub pipeline: Arc<Pipeline>,
    /// Questions.
    pub engine: Arc<Engine>,
    /// The MQTT door, for WebSocket clients on the web port.
    pub door: Door,
    /// The way out to MQTT subscribers.
    pub fanout: Arc<dyn Fanout>,
    /// Each lesson's newest results, computed once for everybody who looks.
    pub results: Arc<ResultsBoard>,
    /// Hub time.
    pub clock: Arc<dyn Clock>,
    /// Where the MQTT door listens.
    pub mqtt: SocketAddr,
    /// Bytes of the largest body a Thing may send.
    pub packet_bytes: usize,
    /// What the web port counts.
    pub web: Arc<WebStats>,
    /// What the web port allows.
    pub web_limits: WebLimits,
    /// Fires when the hub stops; long connections end then.
    pub stopping: CancellationToken,
}

impl Hub {
    /// Says that something besides readings changed in a lesson, so that whoever looks at its results sees it.
    pub fn touch(&self, lesson: LessonId) {
        self.results.touch(lesson, self.door.stats().subscribers() > 0);
    }

    /// What an administrator should see to, each with its fix: of the store, and roll-ups that a question could not read
    /// (without which nothing is lost).
    pub fn problems(&self) -> Vec<String> {
        let mut problems = self.store.problems();
        problems.extend(self.engine.problems());
        problems
    }
}
