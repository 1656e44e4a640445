//! Each lesson's newest results, computed once for everybody who looks: boards, phones that wait for an answer, MQTT
//! subscribers.
//!
//! A lesson is computed only while somebody asks for it, at most once a second, and only after something in *it* changed.
//! Lessons do not wait for each other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_query::{LessonOutcomes, Scope};
use messwerk_store::Lsn;
use messwerk_store::catalogue::{Lesson, Thing};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

use crate::flow::state::LessonState;
use crate::results::counters::{Counters, Notice};
use crate::results::held::Held;
use crate::state::Hub;

pub mod counters;
mod held;

/// Results are recomputed at most this often: a class reads numbers, not flicker.
const INTERVAL: Duration = Duration::from_secs(1);
/// How often it is looked for what changed; costs a look into memory for each lesson that somebody watches.
const LOOK: Duration = Duration::from_millis(200);
/// Counters change also when nothing arrives (phones fall silent), and a watching page takes longer silence for a hub that
/// is gone.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// A lesson nobody asked for this long is no longer computed.
const FORGET: Duration = Duration::from_secs(120);
/// Lessons computed at the same time. Each analyses on the query threads, of which there are as few.
const AT_ONCE: usize = 4;

/// Results and counters of a lesson at one moment.
#[derive(Debug, Clone)]
pub struct Results {
    /// The lesson as the catalogue had it: open or ended.
    pub lesson: Lesson,
    /// Its Things by number, without removed ones.
    pub things: Arc<[Thing]>,
    /// The body of `/outcomes`.
    pub outcomes: Arc<LessonOutcomes>,
    /// The same as JSON text, made once for all readers.
    pub json: Arc<str>,
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
    /// When the newest results were begun; `None` before the first.
    begun: Option<Instant>,
    /// The lesson's last commit when they were.
    seen: Lsn,
    /// Something besides readings changed since.
    touched: bool,
    running: bool,
}

impl Entry {
    fn new() -> Self {
        Self { sender: watch::Sender::new(None), asked: Instant::now(), begun: None, seen: 0, touched: true, running: false }
    }
}

/// What is to be computed of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Job {
    /// Everything: something changed.
    All,
    /// Only who sends; nothing but time has passed.
    Counters,
}

/// The newest results of every lesson somebody looks at.
#[derive(Default)]
pub struct ResultsBoard {
    lessons: Mutex<HashMap<LessonId, Entry>>,
    held: Held,
    wake: Notify,
}

impl ResultsBoard {
    fn lessons(&self) -> MutexGuard<'_, HashMap<LessonId, Entry>> {
        self.lessons.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lesson's results from now on; `None` until the first are computed.
    pub fn watch(&self, lesson: LessonId) -> watch::Receiver<Option<Arc<Results>>> {
        let mut lessons = self.lessons();
        let entry = lessons.entry(lesson).or_insert_with(|| {
            self.wake.notify_one();
            Entry::new()
        });
        entry.asked = Instant::now();
        entry.sender.subscribe()
    }

    /// The newest results without waiting: up to a second old, `None` for a lesson nobody asked for so far.
    pub fn current(&self, lesson: LessonId) -> Option<Arc<Results>> {
        self.watch(lesson).borrow().clone()
    }

    /// Says that something besides readings changed: a Thing joined, an input or an exclusion was set, the lesson ended. With
    /// `subscribed` a lesson nobody asked for is computed for a while, too: MQTT subscribers are told of it. Without, a
    /// school that only stores costs no analysis.
    pub fn touch(&self, lesson: LessonId, subscribed: bool) {
        let mut lessons = self.lessons();
        if subscribed {
            lessons.entry(lesson).or_insert_with(Entry::new);
        }
        if let Some(entry) = lessons.get_mut(&lesson) {
            entry.touched = true;
            self.wake.notify_one();
        }
    }

    /// At most `room` lessons to compute now, who waited longest first; forgets those nobody asks for any more. `changed`
    /// tells a lesson's last commit.
    fn due(&self, room: usize, changed: impl Fn(LessonId) -> Lsn) -> Vec<(LessonId, Job)> {
        let mut lessons = self.lessons();
        lessons.retain(|_, entry| entry.running || entry.sender.receiver_count() > 0 || entry.asked.elapsed() < FORGET);
        let waiting = lessons.iter().filter(|(_, entry)| !entry.running);
        let mut due: Vec<_> = waiting
            .filter_map(|(lesson, entry)| {
                let since = entry.begun.map(|begun| begun.elapsed());
                let news = entry.touched || changed(*lesson) != entry.seen;
                match since {
                    None => Some((*lesson, Job::All, None)),
                    Some(since) if news && since >= INTERVAL => Some((*lesson, Job::All, entry.begun)),
                    Some(since) if since >= HEARTBEAT => Some((*lesson, Job::Counters, entry.begun)),
                    Some(_) => None,
                }
            })
            .collect();
        due.sort_by_key(|(_, _, begun)| *begun);
        due.truncate(room);
        for (lesson, ..) in &due {
            if let Some(entry) = lessons.get_mut(lesson) {
                // Read before the computation begins: what is committed meanwhile is computed once more.
                (entry.running, entry.touched, entry.seen, entry.begun) = (true, false, changed(*lesson), Some(Instant::now()));
            }
        }
        due.into_iter().map(|(lesson, job, _)| (lesson, job)).collect()
    }

    /// Forgets an erased lesson; who watches it is told by the end of the watch.
    pub fn forget(&self, lesson: LessonId) {
        self.lessons().remove(&lesson);
        self.held.forget(lesson);
    }

    /// What [`Self::current`] knows, without asking for more of it.
    pub fn known(&self, lesson: LessonId) -> Option<Arc<Results>> {
        self.lessons().get(&lesson).and_then(|entry| entry.sender.borrow().clone())
    }

    /// The results of a lesson at the moment it was frozen; `None` if they are not known, because nobody looked then or the hub
    /// was started since.
    pub fn at_freeze(&self, lesson: LessonId, frozen: Micros) -> Option<Arc<Results>> {
        let known = self.known(lesson);
        self.held.of(lesson, frozen, known.as_ref())
    }

    /// Something of the lesson was erased: a board that is frozen gets no results with it any more.
    pub fn erased(&self, lesson: LessonId) {
        self.held.erased(lesson);
    }

    fn done(&self, lesson: LessonId, results: Option<Arc<Results>>) {
        if let Some(entry) = self.lessons().get_mut(&lesson) {
            entry.running = false;
            match results {
                Some(results) => {
                    let before = entry.sender.borrow().clone();
                    self.held.replaced(lesson, before.as_ref(), &results);
                    entry.sender.send_replace(Some(results));
                }
                None => entry.touched = true,
            }
        }
    }
}

/// A lesson's turn to be computed; it ends however the computation does, be it with a panic, so that the next one comes.
struct Turn {
    board: Arc<ResultsBoard>,
    lesson: LessonId,
    results: Option<Arc<Results>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.board.done(self.lesson, self.results.take());
    }
}

/// Computes until the hub stops.
pub async fn run(hub: Hub) {
    let mut running = JoinSet::new();
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let idle = hub.results.lessons().is_empty();
        tokio::select! {
            () = hub.stopping.cancelled() => return,
            () = hub.results.wake.notified() => {}
            _ = looks.tick(), if !idle => {}
            Some(_) = running.join_next() => {}
        }
        for (lesson, job) in hub.results.due(AT_ONCE - running.len().min(AT_ONCE), |lesson| hub.store.changed(lesson)) {
            let hub = hub.clone();
            running.spawn(async move {
                let mut turn = Turn { board: Arc::clone(&hub.results), lesson, results: None };
                let results = compute(&hub, lesson, job).await;
                let results = results.inspect_err(|error| tracing::warn!(%lesson, "results not computed: {error:#}"));
                turn.results = results.ok().map(Arc::new);
            });
        }
    }
}

async fn compute(hub: &Hub, lesson: LessonId, job: Job) -> anyhow::Result<Results> {
    let known = hub.results.lessons().get(&lesson).and_then(|entry| entry.sender.borrow().clone());
    if let (Job::Counters, Some(known)) = (job, known) {
        let state = state_of(hub, &known.lesson);
        let counters = count(hub, lesson, &known.things, &state);
        return Ok(Results { counters, ..Results::clone(&known) });
    }
    let mut outcomes = hub.engine.outcomes(&Scope::lesson(lesson)).await?;
    let hub = hub.clone();
    // The catalogue's reads are many in a large class.
    let read = move || -> anyhow::Result<Results> {
        let catalogue = hub.store.catalogue();
        let mut things = catalogue.things(lesson)?;
        things.retain(|thing| !thing.removed);
        let lesson = catalogue.lesson(lesson)?.ok_or_else(|| anyhow::anyhow!("the lesson is gone"))?;
        // Nobody brings any more what a group that handed its phone over has not measured.
        outcomes.pending.retain(|pending| !things.iter().any(|thing| thing.id == pending.thing && thing.handed_over));
        let counters = count(&hub, lesson.id, &things, &state_of(&hub, &lesson));
        let json = serde_json::to_string(&outcomes)?;
        Ok(Results { lesson, things: things.into(), json: json.into(), outcomes: Arc::new(outcomes), counters })
    };
    tokio::task::spawn_blocking(read).await?
}

/// The lesson as everybody is told it. If it cannot be read, or was just erased, what is known of it, without its Takes.
fn state_of(hub: &Hub, lesson: &Lesson) -> Arc<LessonState> {
    let flow = hub.flow.of(lesson.id).ok().flatten();
    flow.map_or_else(|| Arc::new(LessonState::new(0, lesson.clone(), vec![], vec![], hub.clock.now())), |flow| flow.now())
}

/// The counters of a lesson's Things now.
pub(crate) fn count(hub: &Hub, lesson: LessonId, things: &[Thing], state: &LessonState) -> Counters {
    let now = hub.clock.now();
    let mut notices = vec![];
    if hub.store.read_only() {
        notices.push(Notice::ReadOnly);
    } else if !hub.problems().is_empty() {
        notices.push(Notice::Problems);
    }
    if hub.joining.alarm(now) {
        notices.push(Notice::Guessing);
    }
    if hub.accounts.alarm() {
        notices.push(Notice::Password);
    }
    Counters::of(&hub.store, lesson, (things, &hub.flow.presence().of(lesson)), state, notices, now)
}

#[cfg(test)]
mod tests;
