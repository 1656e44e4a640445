//! The door for phones that join: how wrong codes are answered, and how many Things an address and a lesson take.
//!
//! A whole school may share one address, so nobody is locked out for somebody else's guesses: a right code passes at once,
//! whoever guesses beside it. Only wrong ones beyond what a class mistypes wait for their answer, and the board says that
//! somebody is guessing. Whether a code was right can be told from how fast it is answered, so how many are looked at is
//! bounded by the answers that wait, also by those of askers that have gone away.
//!
//! Every right code is a new Thing, with a turn and memory of its own. So one pupil cannot be hundreds, an address has an
//! allowance of them too: wide enough for a school behind one router. Programs on the hub's own machine are exempt.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use messwerk_lessons::Micros;

/// Wrong codes from one address that are answered at once.
///
/// A class of 30 behind one router may mistype once each and ten of them twice; after that ten a minute.
const OF_AN_ADDRESS: Allowance = Allowance { most: 40.0, per_minute: 10.0 };
/// Wrong codes from everywhere that are answered at once. Binds only addresses that mistyped lately: a guesser with many
/// addresses must not slow down those who have done nothing wrong.
const OF_ALL: Allowance = Allowance { most: 150.0, per_minute: 30.0 };
/// How far an allowance is overdrawn at most. Each wrong code beyond it doubles the wait of its answer: 0.5, 1, 2, 4, 8 s;
/// after half a minute without one the next is answered at once again.
const OVERDRAWN: f64 = 5.0;
/// The wait of the first answer beyond the allowance.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The wait of the fifth and all further ones.
const LONGEST_WAIT: Micros = 8_000_000;
/// Answers of one address that wait at the same time; while they do, its further codes are refused unlooked.
///
/// So 128 codes in 8 s are looked at, 16 a second. In the 45 minutes of a lesson that is 43,200 of 900,000 codes: whoever
/// guesses all the time, with all requests in parallel, hits one open lesson with a chance of 1 in 21 and one of ten
/// open ones with 2 in 5; with more addresses accordingly more. What is won is a place as one more phone, which the board
/// shows, and the board has said since the 41st code that somebody is guessing. Fewer waiting answers would turn away
/// right codes of a class behind the same address more often, which is what a pupil who only wants to disturb is after.
const WAITING: usize = 128;
/// Joins from one address unless the configuration says otherwise: a school of ten classes at the start of a lesson, and
/// then who comes late or joins again.
const JOINS: Allowance = Allowance { most: 400.0, per_minute: 60.0 };
/// An address without a wrong code for this long has done nothing wrong.
const LATELY: Micros = 600_000_000;
/// Addresses remembered; beyond it the one that erred longest ago is forgotten.
const ADDRESSES: usize = 4096;
/// For so long after a wrong code beyond the allowance the board says that somebody is guessing; the log says it as often.
const ALARM: Micros = 60_000_000;

/// How many codes at once, and how many come back a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allowance {
    /// At once.
    pub most: f64,
    /// More each minute, until it is `most` again.
    pub per_minute: f64,
}

/// What is left of an allowance, as of a moment.
#[derive(Debug, Clone, Copy)]
struct Left {
    codes: f64,
    at: Micros,
}

impl Left {
    fn full(allowance: Allowance, at: Micros) -> Self {
        Self { codes: allowance.most, at }
    }

    fn refill(&mut self, allowance: Allowance, now: Micros) {
        // A clock that was set back gives nothing and takes nothing.
        let minutes = now.saturating_sub(self.at).max(0) as f64 / 60e6;
        *self = Self { codes: (self.codes + minutes * allowance.per_minute).min(allowance.most), at: now };
    }

    /// Takes one, also where none is left.
    fn overdraw(&mut self) {
        self.codes = (self.codes - 1.0).max(-OVERDRAWN);
    }

    /// How long the answer to the code that was taken last waits: not at all within the allowance.
    fn penalty(&self) -> Duration {
        let beyond = (-self.codes).ceil();
        if beyond <= 0.0 { Duration::ZERO } else { FIRST_WAIT.mul_f64((beyond - 1.0).exp2()) }
    }

    /// How long until there is one more; zero if there is one now.
    fn wait(&self, allowance: Allowance) -> Duration {
        Duration::from_secs_f64(((1.0 - self.codes) / allowance.per_minute * 60.0).max(0.0))
    }
}

/// Why somebody did not join. The names are the reasons in `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// No lesson is open under the code.
    WrongCode,
    /// So many answers to wrong codes from there were waiting that this code was not looked at.
    TooManyWrongCodes,
    /// The lesson has as many Things as it takes.
    LessonFull,
    /// As many Things have joined from there as may for now.
    TooManyJoins,
}

impl Refused {
    const ALL: [Self; 4] = [Self::WrongCode, Self::TooManyWrongCodes, Self::LessonFull, Self::TooManyJoins];

    fn name(self) -> &'static str {
        match self {
            Self::WrongCode => "wrong_code",
            Self::TooManyWrongCodes => "too_many_wrong_codes",
            Self::LessonFull => "lesson_full",
            Self::TooManyJoins => "too_many_joins",
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
    /// It was not looked at; one from there is looked at again after this time.
    Unlooked(Duration),
}

/// An address from which wrong codes came.
#[derive(Debug)]
struct Erring {
    left: Left,
    /// When the last wrong code came.
    last: Micros,
    /// Until when answers wait, in whatever order. Times and no guards: a guesser that hangs up before the answer must not
    /// get its place back earlier than one that waits for it.
    waiting: Vec<Micros>,
}

impl Erring {
    fn new(now: Micros) -> Self {
        Self { left: Left::full(OF_AN_ADDRESS, now), last: now, waiting: vec![] }
    }

    fn refresh(&mut self, now: Micros) {
        self.left.refill(OF_AN_ADDRESS, now);
        // Farther away than the longest wait: the clock was set back.
        self.waiting.retain(|until| *until > now && *until - now <= LONGEST_WAIT);
    }

    /// How long until one more answer may wait; `None` if one may now.
    fn crowded(&self, now: Micros) -> Option<Duration> {
        let first = self.waiting.iter().min().filter(|_| self.waiting.len() >= WAITING)?;
        Some(Duration::from_micros(first.abs_diff(now)))
    }
}

#[derive(Debug)]
struct Tries {
    addresses: HashMap<IpAddr, Erring>,
    all: Left,
    /// When the last code beyond the allowance came.
    guessed: Option<Micros>,
    /// When the log said so.
    logged: Option<Micros>,
}

/// Counts wrong codes, joins and refusals; one per hub.
#[derive(Debug)]
pub struct JoinDoor {
    tries: Mutex<Tries>,
    allowance: Allowance,
    joins: Mutex<HashMap<IpAddr, Left>>,
    counts: [AtomicU64; Refused::ALL.len()],
    seats: Mutex<()>,
}

impl Default for JoinDoor {
    fn default() -> Self {
        Self::new(JOINS)
    }
}

impl JoinDoor {
    /// A door with this allowance of joins from one address.
    pub fn new(joins: Allowance) -> Self {
        let tries = Tries { addresses: HashMap::new(), all: Left::full(OF_ALL, 0), guessed: None, logged: None };
        let tries = Mutex::new(tries);
        Self { tries, allowance: joins, joins: Mutex::default(), counts: Default::default(), seats: Mutex::default() }
    }

    /// Tries a code from an address: `find` looks it up. Blocks as long as `find` does and never for the wait of an answer,
    /// which is the caller's. Looking up and counting are one step, so that a thousand guesses at once are a thousand guesses.
    pub fn attempt<T, E>(&self, from: IpAddr, now: Micros, find: impl FnOnce() -> Result<Option<T>, E>) -> Result<Attempt<T>, E> {
        let address = network_of(from);
        let mut tries = self.tries();
        tries.all.refill(OF_ALL, now);
        let crowded = tries.addresses.get_mut(&address).and_then(|erring| {
            erring.refresh(now);
            erring.crowded(now)
        });
        let (attempt, reason) = match crowded {
            Some(wait) => (Attempt::Unlooked(wait), Refused::TooManyWrongCodes),
            None => match find()? {
                Some(found) => return Ok(Attempt::Right(found)),
                None => (Attempt::Wrong(tries.wrong(address, now)), Refused::WrongCode),
            },
        };
        let within = matches!(attempt, Attempt::Wrong(wait) if wait.is_zero());
        let guessing = !within && tries.guessing(now);
        drop(tries);
        self.count(reason);
        if guessing {
            tracing::warn!("somebody is guessing join codes: wrong ones come faster than a class mistypes, their answers wait");
        }
        Ok(attempt)
    }

    /// Takes one join from the allowance of an address; else how long to wait for it.
    pub fn join(&self, from: IpAddr, now: Micros) -> Result<(), Duration> {
        let address = network_of(from);
        if address.is_loopback() {
            return Ok(());
        }
        let mut joins = self.joins.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = joins.get(&address).copied().unwrap_or(Left::full(self.allowance, now));
        left.refill(self.allowance, now);
        let wait = left.wait(self.allowance);
        if wait > Duration::ZERO {
            drop(joins);
            self.count(Refused::TooManyJoins);
            return Err(wait);
        }
        left.codes -= 1.0;
        if joins.len() >= ADDRESSES && !joins.contains_key(&address) {
            // Who joined longest ago has got most back.
            let oldest = joins.iter().min_by_key(|(_, left)| left.at).map(|(address, _)| *address);
            oldest.and_then(|oldest| joins.remove(&oldest));
        }
        joins.insert(address, left);
        Ok(())
    }

    /// Whether more wrong codes than the allowance came within the last minute: something a teacher wants to know.
    pub fn alarm(&self, now: Micros) -> bool {
        self.tries().guessed.is_some_and(|guessed| now.saturating_sub(guessed) < ALARM)
    }

    /// Held while a lesson's Things are counted and one is added: two who join at once do not take one seat.
    pub fn seat(&self) -> MutexGuard<'_, ()> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a refusal.
    pub fn count(&self, reason: Refused) {
        self.counts[reason as usize].fetch_add(1, Relaxed);
    }

    /// All reasons by name with their counts, also those still at zero.
    pub fn by_reason(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        Refused::ALL.iter().map(|&reason| (reason.name(), self.counts[reason as usize].load(Relaxed)))
    }

    fn tries(&self) -> MutexGuard<'_, Tries> {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tries {
    /// Counts a wrong code; how long its answer waits.
    fn wrong(&mut self, address: IpAddr, now: Micros) -> Duration {
        self.all.overdraw();
        self.make_room(address, now);
        let all = self.all.penalty();
        let known = self.addresses.get(&address).is_some_and(|erring| now.saturating_sub(erring.last) < LATELY);
        let erring = self.addresses.entry(address).or_insert_with(|| Erring::new(now));
        erring.left.overdraw();
        erring.last = now;
        let wait = erring.left.penalty().max(if known { all } else { Duration::ZERO });
        if wait > Duration::ZERO {
            erring.waiting.push(now + wait.as_micros() as Micros);
        }
        wait
    }

    /// Notes a code beyond the allowance; true if the log has not said so for a while.
    fn guessing(&mut self, now: Micros) -> bool {
        self.guessed = Some(now);
        let silent = self.logged.is_none_or(|logged| now.abs_diff(logged) >= ALARM.unsigned_abs());
        if silent {
            self.logged = Some(now);
        }
        silent
    }

    /// Forgets who erred longest ago if the address would be one too many.
    fn make_room(&mut self, address: IpAddr, now: Micros) {
        if self.addresses.len() < ADDRESSES || self.addresses.contains_key(&address) {
            return;
        }
        self.addresses.retain(|_, erring| now.saturating_sub(erring.last) < LATELY);
        let oldest = self.addresses.iter().min_by_key(|(_, erring)| erring.last).map(|(address, _)| *address);
        if let Some(oldest) = oldest.filter(|_| self.addresses.len() >= ADDRESSES) {
            self.addresses.remove(&oldest);
        }
    }
}

/// What counts as one address: of IPv6 the network of 64 bits, because a device gives itself any address in its own.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address => address,
    }
}

#[cfg(test)]
mod tests;
