//! What every route shares.

use std::net::SocketAddr;
use std::sync::Arc;

use messwerk_ingest::mqtt::{Door, Fanout};
use messwerk_ingest::pipeline::Pipeline;
use messwerk_ingest::seats::Seats;
use messwerk_lessons::id::LessonId;
use messwerk_query::Engine;
use messwerk_store::{Clock, Store};
use tokio_util::sync::CancellationToken;

use crate::access::Access;
use crate::accounts::Accounts;
use crate::address::Addresses;
use crate::api::export::Exports;
use crate::api::live::Watchers;
use crate::api::upload::Uploads;
use crate::discuss::Groups;
use crate::doctor::Patient;
use crate::doctor::phones::Checks;
use crate::feeds::Feeds;
use crate::flow::Flow;
use crate::joining::JoinDoor;
use crate::phyphox::PhyphoxConfig;
use crate::privacy::PrivacyConfig;
use crate::qr::WifiConfig;
use crate::release::Sharing;
use crate::results::ResultsBoard;
use crate::shelf::Shelf;
use crate::sky::Sky;
use crate::station::Stations;
use crate::tls::Tls;
use crate::web::{WebLimits, WebStats};

/// The running hub. Cheap to clone: everything is shared.
#[derive(Clone)]
pub struct Hub {
    /// The one writer and its snapshots.
    pub store: Arc<Store>,
    /// Who may do what.
    pub access: Arc<Access>,
    /// The teacher's password and sessions.
    pub accounts: Arc<Accounts>,
    /// The names it answers to, and the address that phones reach.
    pub addresses: Arc<Addresses>,
    /// Counts wrong join codes.
    pub joining: Arc<JoinDoor>,
    /// Characters of a join code.
    pub code_length: usize,
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
    /// Each lesson's phases, commands and who is there.
    pub flow: Arc<Flow>,
    /// Each lesson's newest results, computed once for everybody who looks.
    pub results: Arc<ResultsBoard>,
    /// The figures of single groups that are discussed.
    pub groups: Arc<Groups>,
    /// Hub time.
    pub clock: Arc<dyn Clock>,
    /// The Wi-Fi that boards show a code of.
    pub wifi: Arc<WifiConfig>,
    /// How files for the phyphox app send.
    pub phyphox: PhyphoxConfig,
    /// How many uploaded files are taken at a time.
    pub uploads: Arc<Uploads>,
    /// Links that other programs open, and workbooks in the making.
    pub exports: Arc<Exports>,
    /// Weather stations and other senders that belong to no class.
    pub stations: Arc<Stations>,
    /// Open data: files on their way in, and what is fetched.
    pub feeds: Arc<Feeds>,
    /// What lessons can be made with.
    pub shelf: Arc<Shelf>,
    /// How long everything is kept.
    pub privacy: PrivacyConfig,
    /// Releases: what is shared with other hubs, and what came from them.
    pub sharing: Arc<Sharing>,
    /// Satellites and the Sun over the school.
    pub sky: Arc<Sky>,
    /// Where the MQTT door listens.
    pub mqtt: SocketAddr,
    /// The certificate; `None` without one.
    pub tls: Option<Arc<Tls>>,
    /// How many phones' pages check it at a time.
    pub checking: Arc<Seats>,
    /// What phones' pages found out about the network.
    pub checks: Arc<Checks>,
    /// What the doctor examines, one at a time.
    pub patient: Arc<tokio::sync::Mutex<Patient>>,
    /// Bytes of the largest body a Thing may send.
    pub packet_bytes: usize,
    /// The boards that are open.
    pub watchers: Arc<Watchers>,
    /// What the web port counts.
    pub web: Arc<WebStats>,
    /// What the web port allows.
    pub web_limits: WebLimits,
    /// Fires when the hub stops; long connections end then.
    pub stopping: CancellationToken,
}

impl Hub {
    /// Says that something besides readings changed in a lesson, so that its sockets are told and whoever looks at its results
    /// sees it.
    pub fn touch(&self, lesson: LessonId) {
        self.flow.touch_soon(lesson);
        self.results.touch(lesson, self.door.stats().subscribers() > 0);
    }

    /// Forgets what was computed of a lesson's readings: some of them were erased.
    pub fn forget_computed(&self, lesson: LessonId) {
        self.engine.forget(lesson);
        self.groups.forget(lesson);
    }

    /// Forgets a lesson that was erased: nothing of it stays in memory, and its sockets are closed.
    pub fn forget(&self, lesson: LessonId) {
        self.access.forget(lesson);
        self.forget_computed(lesson);
        self.results.forget(lesson);
        self.exports.links.forget(lesson);
        self.fanout.forget(&format!("out/{lesson}/#"));
        self.flow.touch(lesson);
        self.flow.presence().forget(lesson);
    }

    /// What an administrator should see to, each with its fix: of the store, and roll-ups that a question could not read
    /// (without which nothing is lost).
    pub fn problems(&self) -> Vec<String> {
        let mut problems = self.store.problems();
        problems.extend(self.engine.problems());
        problems.extend(crate::pages::problem());
        problems.extend(self.tls.iter().flat_map(|tls| tls.problems(self.clock.now())));
        problems
    }
}
