//! The door for phones that join: how wrong codes are answered, and how many Things an address and a lesson take.
//!
//! A whole school may share one address, so nobody is locked out for somebody else's guesses. A lesson's token has 128 bits and is
//! looked up at once, always. A right code passes at once until more wrong ones came from its address than a class mistypes. From
//! then on answers to wrong ones wait, and codes from there are looked at one by one, at a pace at which guessing takes long
//! ([`Lines`]): a right one gets its turn soon, and none is refused because others were wrong. The board says that somebody is
//! guessing.
//!
//! Every right code is a new Thing, with a turn and memory of its own. So one pupil cannot be hundreds, an address has an
//! allowance of them in each lesson, too: wide enough for a class behind one router, whatever somebody does in another lesson.
//! A join that became none is given back. Files for the phyphox app have an allowance of their own. Programs on the hub's own
//! machine are exempt.

mod keys;
mod line;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;

use self::keys::Keys;
pub use self::keys::{Made, is_key};
use self::line::Lines;
pub use crate::guessing::Allowance;
use crate::guessing::{ADDRESSES, Guesses, Left, Rules, network_of};

/// Wrong codes.
///
/// Of an address: a class of 30 behind one router may mistype once each and ten of them twice; after that ten a minute.
///
/// Beyond it 50 a second are looked at ([`CODES_PACE`]).
const CODES: Rules =
    Rules { of_an_address: Allowance { most: 40.0, per_minute: 10.0 }, of_all: Allowance { most: 150.0, per_minute: 30.0 }, waiting: 256 };
/// From one code of a guessing address that is looked at to the next: 50 a second. In the 45 minutes of a lesson that is 135,000 of
/// 900,000 codes: whoever guesses all the time, with all requests in parallel, hits one open lesson with a chance of 1 in 7 and one
/// of ten open ones with 3 in 4; with more addresses accordingly more. What is won is a place as one more phone, which the
/// board shows, and the board has said since the 41st code that somebody is guessing. Slower would keep out right codes of a
/// class behind the same address, which is what a pupil who only wants to disturb is after: 300 guessers that wait for their
/// answers, 8 s each, ask 38 times a second. A hub that many schools share has codes of eight characters (`code_length`): the
/// same guesses meet 6.6e11 of them.
const CODES_PACE: Duration = Duration::from_millis(20);
/// Joins of one lesson from one address unless the configuration says otherwise: the largest lesson at its start, and then who
/// comes late or joins again.
const JOINS: Allowance = Allowance { most: 400.0, per_minute: 60.0 };
/// Files for the phyphox app of one lesson from one address at once: a class of 30 that fetches each twice, three times over.
const FILES: Allowance = Allowance { most: 200.0, per_minute: 20.0 };
/// Beyond that one after the other: eight a second. A lesson keeps 2,000 that nobody has measured with, the newest: so a phone has
/// four minutes from its file to its first data, also while a bot fetches all the time.
const FILES_PACE: Duration = Duration::from_millis(125);
/// When to ask again after a turn that did not come.
const AGAIN: Duration = Duration::from_secs(1);

/// Why somebody did not join. The names are the reasons in `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// No lesson is open under the code.
    WrongCode,
    /// So many codes from there were waiting to be looked at that this one had no turn.
    TooManyWrongCodes,
    /// The lesson has as many Things as it takes.
    LessonFull,
    /// As many Things have joined from there as may for now.
    TooManyJoins,
    /// The teacher has locked the lobby.
    LobbyLocked,
}

impl Refused {
    const ALL: [Self; 5] = [Self::WrongCode, Self::TooManyWrongCodes, Self::LessonFull, Self::TooManyJoins, Self::LobbyLocked];

    fn name(self) -> &'static str {
        match self {
            Self::WrongCode => "wrong_code",
            Self::TooManyWrongCodes => "too_many_wrong_codes",
            Self::LessonFull => "lesson_full",
            Self::TooManyJoins => "too_many_joins",
            Self::LobbyLocked => "lobby_locked",
        }
    }
}

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt<T> {
    /// It is right, and this is what it opens.
    Right(T),
    /// It is wrong. Whoever answers waits this long first, zero within the allowance.
    Wrong(Duration),
    /// It was not looked at: codes from there wait for their turn ([`JoinDoor::turn`]).
    Unlooked,
}

/// Counts wrong codes, joins and refusals; one per hub.
#[derive(Debug)]
pub struct JoinDoor {
    tries: Mutex<Guesses>,
    joins: Counted,
    files: Counted,
    codes_line: Arc<Lines>,
    files_line: Arc<Lines>,
    counts: [AtomicU64; Refused::ALL.len()],
    seats: Mutex<Keys>,
}

impl Default for JoinDoor {
    fn default() -> Self {
        Self::new(JOINS)
    }
}

impl JoinDoor {
    /// A door with this allowance of joins of one lesson from one address.
    pub fn new(joins: Allowance) -> Self {
        let tries = Mutex::new(Guesses::new(CODES));
        let (joins, files) = (Counted::new(joins), Counted::new(FILES));
        let (codes_line, files_line) = (Lines::new(CODES_PACE), Lines::new(FILES_PACE));
        Self { tries, joins, files, codes_line, files_line, counts: Default::default(), seats: Mutex::default() }
    }

    /// Tries a code from an address, which has had its turn or not: `find` looks it up. Blocks as long as `find` does and never for
    /// the wait of an answer, which is the caller's. Looking up and counting are one step, so that a thousand guesses at once are a
    /// thousand guesses.
    pub fn attempt<T, E>(
        &self,
        from: IpAddr,
        turn: bool,
        now: Micros,
        find: impl FnOnce() -> Result<Option<T>, E>,
    ) -> Result<Attempt<T>, E> {
        let mut tries = self.tries();
        if tries.spent(from, now) && !turn {
            return Ok(Attempt::Unlooked);
        }
        if let Some(found) = find()? {
            return Ok(Attempt::Right(found));
        }
        let wait = tries.wrong(from, now);
        let guessing = !wait.is_zero() && tries.guessing(now);
        drop(tries);
        self.count(Refused::WrongCode);
        if guessing {
            tracing::warn!("somebody is guessing join codes: wrong ones come faster than a class mistypes, their answers wait");
        }
        Ok(Attempt::Wrong(wait))
    }

    /// Waits until a code from an address may be looked at whose allowance of wrong ones is used up. Else when to ask again: too
    /// many wait.
    pub async fn turn(&self, from: IpAddr) -> Result<(), Duration> {
        if self.codes_line.turn(from).await {
            return Ok(());
        }
        self.count(Refused::TooManyWrongCodes);
        Err(AGAIN)
    }

    /// Takes one join of a lesson from the allowance of an address; else how long to wait for it.
    pub fn join(&self, from: IpAddr, lesson: LessonId, now: Micros) -> Result<(), Duration> {
        self.joins.take(from, lesson, now).inspect_err(|_| self.count(Refused::TooManyJoins))
    }

    /// Gives back a join that became none.
    pub fn not_joined(&self, from: IpAddr, lesson: LessonId) {
        self.joins.give_back(from, lesson);
    }

    /// Takes one file for the phyphox app from the allowance of an address in a lesson, or waits for a turn beyond it. Else when to
    /// ask again: too many wait.
    pub async fn file(&self, from: IpAddr, lesson: LessonId, now: Micros) -> Result<(), Duration> {
        if self.files.take(from, lesson, now).is_ok() || self.files_line.turn(from).await {
            return Ok(());
        }
        self.count(Refused::TooManyJoins);
        Err(AGAIN)
    }

    /// Whether more wrong codes than the allowance came within the last minute: something a teacher wants to know.
    pub fn alarm(&self, now: Micros) -> bool {
        self.tries().alarm(now)
    }

    /// Held while a lesson's Things are counted and one is added: two who join at once do not take one seat, and one that asks twice
    /// with one key is one Thing.
    pub fn seat(&self) -> Seat<'_> {
        Seat(self.seats.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts a refusal.
    pub fn count(&self, reason: Refused) {
        self.counts[reason as usize].fetch_add(1, Relaxed);
    }

    /// All reasons by name with their counts, also those still at zero.
    pub fn by_reason(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        Refused::ALL.iter().map(|&reason| (reason.name(), self.counts[reason as usize].load(Relaxed)))
    }

    fn tries(&self) -> MutexGuard<'_, Guesses> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to add a Thing; see [`JoinDoor::seat`].
#[derive(Debug)]
pub struct Seat<'a>(MutexGuard<'a, Keys>);

impl Seat<'_> {
    /// What a key made in a lesson within the last ten minutes.
    pub fn made(&self, lesson: LessonId, key: &str, now: Micros) -> Option<Made> {
        self.0.made(lesson, key, now)
    }

    /// Remembers what a key made.
    pub fn remember(&mut self, lesson: LessonId, key: &str, made: Made, now: Micros) {
        self.0.remember(lesson, key, made, now);
    }
}

/// What is left of an allowance, by address and lesson.
#[derive(Debug)]
struct Counted {
    allowance: Allowance,
    left: Mutex<HashMap<(IpAddr, LessonId), Left>>,
}

impl Counted {
    fn new(allowance: Allowance) -> Self {
        Self { allowance, left: Mutex::default() }
    }

    fn take(&self, from: IpAddr, lesson: LessonId, now: Micros) -> Result<(), Duration> {
        let address = network_of(from);
        if address.is_loopback() {
            return Ok(());
        }
        let whose = (address, lesson);
        let mut all = self.all();
        let mut left = all.get(&whose).copied().unwrap_or(Left::full(self.allowance, now));
        left.refill(self.allowance, now);
        let wait = left.wait(self.allowance);
        if wait > Duration::ZERO {
            return Err(wait);
        }
        left.take();
        if all.len() >= ADDRESSES && !all.contains_key(&whose) {
            // Who took longest ago has got most back.
            let oldest = all.iter().min_by_key(|(_, left)| left.at).map(|(whose, _)| *whose);
            oldest.and_then(|oldest| all.remove(&oldest));
        }
        all.insert(whose, left);
        Ok(())
    }

    fn give_back(&self, from: IpAddr, lesson: LessonId) {
        if let Some(left) = self.all().get_mut(&(network_of(from), lesson)) {
            left.give_back();
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<(IpAddr, LessonId), Left>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
