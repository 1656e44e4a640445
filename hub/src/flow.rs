//! The flow of each lesson: who takes part, which phase it is in, what was measured when. One [`LessonState`] per lesson,
//! read from the catalogue after each change and pushed to every socket at once.
//!
//! The catalogue is the truth and durable; what is here is its newest reading, so that boards, consoles and phones are told
//! within milliseconds of a tap and nobody asks in a loop. A watcher that is slow gets the newest state and never a queue.
//! What a lesson keeps (the doors' [`Gate`]) is told in the same moment.

pub mod commands;
mod lengths;
pub mod pages;
mod pauses;
pub mod presence;
pub mod rehearsal;
pub mod state;
pub mod takes;
pub mod things;

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{AcqRel, Release};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use messwerk_ingest::gate::{Gate, Takes, Window};
use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_store::catalogue::{Lesson, LogEntry};
use messwerk_store::{Clock, Error, Store};
use tokio::sync::watch;

use self::pages::Pages;
use self::pauses::Pauses;
use self::presence::Presences;
use self::state::{LessonState, Phase};
use crate::results::ResultsBoard;

/// Ended lessons kept in memory while nobody looks: a school's day. Beyond it they are read again when somebody does.
const ENDED: usize = 64;
/// Log entries of a lesson kept in memory for consoles; the others are in the catalogue.
const LOGGED: usize = 100;
/// Log entries of a lesson in which pauses are looked for when it is read: more than anybody makes in a lesson.
const LOOKED_THROUGH: usize = 10_000;

/// What the log says of an erased Run; `detail` is its Thing and number.
const RUN_ERASED: &str = "run.erase";

/// A poisoned lock guards plain data that is valid after every step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The flow of every lesson that somebody has to do with since the hub started.
pub struct Flow {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    results: Arc<ResultsBoard>,
    lessons: Mutex<HashMap<LessonId, Arc<LessonFlow>>>,
    presence: Arc<Presences>,
}

/// One lesson's flow.
pub struct LessonFlow {
    /// Whose.
    pub id: LessonId,
    state: watch::Sender<Arc<LessonState>>,
    gate: Arc<Takes>,
    pauses: Mutex<Pauses>,
    /// One command after another.
    turn: tokio::sync::Mutex<()>,
    /// One reading of the catalogue after another, so that an older one never replaces a newer one.
    reading: Mutex<()>,
    /// Somebody is about to read the catalogue.
    dirty: AtomicBool,
    /// The beginning that a task waits for.
    armed: Mutex<Option<Micros>>,
    log: Mutex<VecDeque<(u64, LogEntry)>>,
    logged: watch::Sender<u64>,
    /// Which page speaks for each phone.
    pub pages: Pages,
}

impl LessonFlow {
    /// The lesson as it is now.
    pub fn now(&self) -> Arc<LessonState> {
        self.state.borrow().clone()
    }

    /// The lesson from now on; the newest state is always there.
    pub fn watch(&self) -> watch::Receiver<Arc<LessonState>> {
        self.state.subscribe()
    }

    /// Changes with every log entry; the number is the newest one's.
    pub fn logged(&self) -> watch::Receiver<u64> {
        self.logged.subscribe()
    }

    /// The log entries after a number, oldest first, as far as they are kept in memory.
    pub fn log_since(&self, number: u64) -> Vec<LogEntry> {
        lock(&self.log).iter().filter(|(at, _)| *at > number).map(|(_, entry)| entry.clone()).collect()
    }

    /// What of the lesson's readings is kept.
    pub fn gate(&self) -> Gate {
        if self.state.borrow().lesson.led { Gate::Takes(Arc::clone(&self.gate)) } else { Gate::Always }
    }

    /// Tells the gate what holds now.
    fn tell(&self, state: &LessonState, now: Micros) {
        let mut pauses = lock(&self.pauses);
        pauses.follow(state.counted().chain(state.removed.iter()), now);
        let windows = state.takes.iter().map(|take| Window { begins: take.begins, ends: take.ends }).collect();
        drop(self.gate.tell(windows, pauses.all()));
    }

    fn remember(&self, entry: LogEntry) {
        let mut log = lock(&self.log);
        if entry.what == RUN_ERASED {
            // As in the catalogue: why it was excluded goes with it.
            let of_it = |detail: &str| detail.strip_prefix(&entry.detail).is_some_and(|reason| reason.starts_with(' '));
            log.iter_mut().filter(|(_, other)| of_it(&other.detail)).for_each(|(_, other)| other.detail.clone_from(&entry.detail));
        }
        let number = log.back().map_or(1, |(number, _)| number + 1);
        log.push_back((number, entry));
        if log.len() > LOGGED {
            log.pop_front();
        }
        drop(log);
        self.logged.send_replace(number);
    }
}

impl Flow {
    /// The flows of a store's lessons.
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>, results: Arc<ResultsBoard>) -> Self {
        let presence = Arc::new(Presences::new(Arc::clone(&clock)));
        Self { store, clock, results, lessons: Mutex::default(), presence }
    }

    /// Who is there.
    pub fn presence(&self) -> &Arc<Presences> {
        &self.presence
    }

    /// The flow of a lesson; `None` if there is no such lesson. The first call for a lesson reads the catalogue.
    pub fn of(self: &Arc<Self>, id: LessonId) -> Result<Option<Arc<LessonFlow>>, Error> {
        if let Some(known) = lock(&self.lessons).get(&id) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(state) = self.read(id, 0)? else { return Ok(None) };
        let mut log = self.store.catalogue().log_of(id, LOOKED_THROUGH)?;
        let pauses = Pauses::of_log(log.iter().rev());
        log.truncate(LOGGED);
        log.reverse();
        let mut lessons = lock(&self.lessons);
        if let Some(known) = lessons.get(&id) {
            return Ok(Some(Arc::clone(known)));
        }
        let log: VecDeque<_> = (1..).zip(log).collect();
        let flow = Arc::new(LessonFlow {
            id,
            logged: watch::Sender::new(log.back().map_or(0, |(number, _)| *number)),
            state: watch::Sender::new(Arc::new(state)),
            gate: Arc::default(),
            pauses: Mutex::new(pauses),
            turn: tokio::sync::Mutex::default(),
            reading: Mutex::default(),
            dirty: AtomicBool::new(false),
            armed: Mutex::default(),
            log: Mutex::new(log),
            pages: Pages::default(),
        });
        flow.tell(&flow.now(), self.clock.now());
        forget_some(&mut lessons);
        lessons.insert(id, Arc::clone(&flow));
        drop(lessons);
        self.arm(&flow);
        // What changed since it was read, whoever changed it found nobody to tell.
        self.refresh(id)?;
        Ok(Some(flow))
    }

    fn read(&self, id: LessonId, version: i64) -> Result<Option<LessonState>, Error> {
        let (catalogue, now) = (self.store.catalogue(), self.clock.now());
        let Some(lesson) = catalogue.lesson(id)? else { return Ok(None) };
        // Milliseconds, so that versions also grow over a restart; small enough for JavaScript.
        let version = (now / 1000).max(version + 1);
        Ok(Some(LessonState::new(version, lesson, catalogue.takes(id)?, catalogue.things(id)?, now)))
    }

    /// Reads a lesson again after something was changed and tells everybody if it differs.
    pub fn refresh(self: &Arc<Self>, id: LessonId) -> Result<(), Error> {
        let Some(flow) = lock(&self.lessons).get(&id).cloned() else { return Ok(()) };
        let reading = lock(&flow.reading);
        let before = flow.now();
        let Some(state) = self.read(id, before.version)? else {
            lock(&self.lessons).remove(&id);
            self.presence.forget(id);
            flow.state.send_replace(Arc::new(before.gone()));
            return Ok(());
        };
        if state.same(&before) {
            return Ok(());
        }
        flow.tell(&state, self.clock.now());
        flow.state.send_replace(Arc::new(state));
        drop(reading);
        self.arm(&flow);
        Ok(())
    }

    /// Whether a rehearsal counts down or runs in a lesson, or is over and not erased yet: what is stored meanwhile goes with it.
    /// Also if nobody can say. Whoever stores what was not measured in it (a file) asks first.
    pub fn rehearses(&self, lesson: LessonId) -> bool {
        let takes = self.store.catalogue().takes(lesson);
        takes
            .inspect_err(|error| tracing::warn!(%lesson, "its rehearsals are not known: {error}"))
            .map_or(true, |takes| takes.iter().any(|take| take.rehearsal))
    }

    /// The same for whoever can do nothing about a failure but say it.
    pub fn touch(self: &Arc<Self>, id: LessonId) {
        if let Err(error) = self.refresh(id) {
            tracing::warn!(lesson = %id, "its flow is not as the catalogue has it: {error}");
        }
    }

    /// The same in a moment, on a thread that may wait, once for all who ask meanwhile: when a class joins, a hundred Things come in a
    /// few seconds, and each is told with those that came beside it.
    pub fn touch_soon(self: &Arc<Self>, id: LessonId) {
        let Some(flow) = lock(&self.lessons).get(&id).cloned() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return self.touch(id) };
        if flow.dirty.swap(true, AcqRel) {
            return;
        }
        let all = Arc::clone(self);
        runtime.spawn_blocking(move || {
            // Whoever asks from now on asks for another reading.
            flow.dirty.store(false, Release);
            all.touch(id);
        });
    }

    /// Says that something besides readings changed: to the flow's watchers and to whoever looks at results.
    pub(crate) fn changed(self: &Arc<Self>, id: LessonId) {
        self.touch_soon(id);
        self.results.touch(id, false);
    }

    /// Sees to it that the end of a countdown is told, by the hub's clock.
    fn arm(self: &Arc<Self>, flow: &Arc<LessonFlow>) {
        let state = flow.now();
        let begins = state.take().map(|take| take.begins).filter(|_| state.phase == Phase::Countdown);
        let Some(begins) = begins else { return };
        // Without a runtime nobody watches either.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if lock(&flow.armed).replace(begins) == Some(begins) {
            return;
        }
        let (all, id) = (Arc::downgrade(self), flow.id);
        runtime.spawn(async move {
            loop {
                let Some(flow) = all.upgrade() else { return };
                let left = begins - flow.clock.now();
                if left <= 0 {
                    return flow.touch(id);
                }
                drop(flow);
                tokio::time::sleep(Duration::from_micros(left.unsigned_abs())).await;
            }
        });
    }

    /// Writes down who did what. Waits for the disk.
    pub fn log(&self, lesson: &Lesson, who: &str, what: &str, detail: impl Into<String>) -> Result<(), Error> {
        let entry =
            LogEntry { at: self.clock.now(), who: who.to_owned(), lesson: Some(lesson.id), what: what.to_owned(), detail: detail.into() };
        self.store.catalogue().log(&entry)?;
        if let Some(thing) = entry.detail.strip_suffix(" 0").filter(|_| what == RUN_ERASED).and_then(|thing| thing.parse().ok()) {
            self.store.catalogue().forget_reasons(lesson.id, thing)?;
        }
        if let Some(flow) = lock(&self.lessons).get(&lesson.id).cloned() {
            flow.remember(entry);
        }
        Ok(())
    }
}

/// Forgets ended lessons that nobody watches when there are many. Their Takes and pauses are over and change no more: whoever
/// still holds a gate of theirs goes on with it.
fn forget_some(lessons: &mut HashMap<LessonId, Arc<LessonFlow>>) {
    let idle = |flow: &LessonFlow| flow.state.receiver_count() == 0 && flow.now().lesson.ended.is_some();
    if lessons.values().filter(|flow| idle(flow)).count() >= ENDED {
        lessons.retain(|_, flow| !idle(flow));
    }
}

#[cfg(test)]
mod tests;
