//! Each lesson's newest results, computed once for everybody who looks: boards, phones that wait for an answer, MQTT
//! subscribers.
//!
//! A lesson is computed only while somebody asks for it, at most once a second, and only after something changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_query::{Engine, LessonOutcomes, Scope};
use messwerk_store::{Clock, Store};
use serde::Serialize;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::results::counters::Counters;

pub mod counters;

/// Results are recomputed at most this often: a class reads numbers, not flicker.
const INTERVAL: Duration = Duration::from_secs(1);
/// Counters change also when nothing arrives (phones fall silent), and a watching page takes longer silence for a hub that
/// is gone.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// A lesson nobody asked for this long is no longer computed.
const FORGET: Duration = Duration::from_secs(120);

/// Results and counters of a lesson at one moment.
#[derive(Debug, Serialize)]
pub struct Results {
    /// The body of `/outcomes`.
    #[serde(skip)]
    pub outcomes: LessonOutcomes,
    /// The same as JSON text, made once for all readers.
    #[serde(skip)]
    pub json: String,
    /// Who sends and what was rejected.
    pub counters: Counters,
}

impl Results {
    /// What a phone shows: number of results of the class, their mean, and the phone's own result.
    pub fn for_phone(&self, thing: ThingId) -> (usize, Option<f64>, Option<f64>) {
        let own = self.outcomes.outcomes.iter().find(|outcome| outcome.thing == thing).map(|outcome| outcome.value);
        let class = self.outcomes.class.values().next();
        (class.map_or(0, |class| class.n), class.map(|class| class.mean), own)
    }
}

struct Entry {
    sender: watch::Sender<Option<Arc<Results>>>,
    asked: Instant,
    stale: bool,
}

/// The newest results of every lesson somebody looks at.
pub struct ResultsBoard {
    lessons: Mutex<HashMap<LessonId, Entry>>,
    wake: Notify,
}

impl ResultsBoard {
    /// An empty board; [`run`](Self::run) keeps it fresh.
    pub fn new() -> Self {
        Self { lessons: Mutex::default(), wake: Notify::new() }
    }

    fn lessons(&self) -> MutexGuard<'_, HashMap<LessonId, Entry>> {
        self.lessons.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lesson's results from now on; `None` until the first are computed.
    pub fn watch(&self, lesson: LessonId) -> watch::Receiver<Option<Arc<Results>>> {
        let mut lessons = self.lessons();
        let entry = lessons.entry(lesson).or_insert_with(|| {
            self.wake.notify_one();
            Entry { sender: watch::Sender::new(None), asked: Instant::now(), stale: true }
        });
        entry.asked = Instant::now();
        entry.sender.subscribe()
    }

    /// The newest results without waiting: up to a second old, `None` for a lesson nobody asked for so far.
    pub fn current(&self, lesson: LessonId) -> Option<Arc<Results>> {
        self.watch(lesson).borrow().clone()
    }

    /// Says that something besides readings changed: a Thing joined, an input or an exclusion was set.
    pub fn touch(&self, lesson: LessonId) {
        if let Some(entry) = self.lessons().get_mut(&lesson) {
            entry.stale = true;
            self.wake.notify_one();
        }
    }

    /// Lessons to compute now; forgets those nobody asks for any more.
    fn due(&self, all: bool) -> Vec<LessonId> {
        let mut lessons = self.lessons();
        lessons.retain(|_, entry| entry.sender.receiver_count() > 0 || entry.asked.elapsed() < FORGET);
        let due = |entry: &mut Entry| std::mem::take(&mut entry.stale) || all;
        lessons.iter_mut().filter_map(|(lesson, entry)| due(entry).then_some(*lesson)).collect()
    }

    fn publish(&self, lesson: LessonId, results: Arc<Results>) {
        if let Some(entry) = self.lessons().get(&lesson) {
            entry.sender.send_replace(Some(results));
        }
    }

    /// Computes until the hub stops.
    pub async fn run(&self, store: Arc<Store>, engine: Arc<Engine>, clock: Arc<dyn Clock>, stopping: CancellationToken) {
        let mut commits = store.committed();
        loop {
            let all = tokio::select! {
                () = stopping.cancelled() => return,
                () = self.wake.notified() => false,
                () = tokio::time::sleep(HEARTBEAT) => true,
                changed = commits.changed() => match changed {
                    Ok(()) => true,
                    Err(_) => return,
                },
            };
            for lesson in self.due(all) {
                match compute(&store, &engine, clock.as_ref(), lesson).await {
                    Ok(results) => self.publish(lesson, Arc::new(results)),
                    Err(error) => tracing::warn!(%lesson, "results not computed: {error:#}"),
                }
            }
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(INTERVAL) => {}
            }
        }
    }
}

impl Default for ResultsBoard {
    fn default() -> Self {
        Self::new()
    }
}

async fn compute(store: &Store, engine: &Engine, clock: &dyn Clock, lesson: LessonId) -> anyhow::Result<Results> {
    let outcomes = engine.outcomes(&Scope::lesson(lesson)).await?;
    let counters = Counters::of(store, lesson, clock.now())?;
    Ok(Results { json: serde_json::to_string(&outcomes)?, outcomes, counters })
}
