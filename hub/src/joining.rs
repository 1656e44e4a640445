//! The door for phones that join: how many wrong codes are answered, and how many Things an address and a lesson take.
//!
//! Six digits can be guessed by whoever may guess on and on. Who has used up the wrong codes of an address waits before
//! the next one is looked at. Looking at it all the same and letting right ones pass would tell a guesser what it wants.
//!
//! Every right code is a new Thing, with a turn and memory of its own. So one pupil cannot be hundreds, an address has an
//! allowance of them too: wide enough for a school behind one router. Programs on the hub's own machine are exempt.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use messwerk_lessons::Micros;

/// Wrong codes from one address.
///
/// A class of 30 behind one router may mistype once each and ten of them twice; after that ten a minute are answered.
/// Then the chance to hit one open lesson within 45 minutes is (40 + 450) / 900,000, one in 1,800.
const OF_AN_ADDRESS: Allowance = Allowance { most: 40.0, per_minute: 10.0 };
/// Wrong codes from everywhere. Binds only addresses that mistyped lately: a guesser with many addresses must not keep
/// out those who have done nothing wrong. One in 600 to hit one open lesson within 45 minutes.
const OF_ALL: Allowance = Allowance { most: 150.0, per_minute: 30.0 };
/// Joins from one address unless the configuration says otherwise: a school of ten classes at the start of a lesson, and
/// then who comes late or joins again.
const JOINS: Allowance = Allowance { most: 400.0, per_minute: 60.0 };
/// An address without a wrong code for this long has done nothing wrong.
const LATELY: Micros = 600_000_000;
/// Addresses remembered; beyond it the one that erred longest ago is forgotten.
const ADDRESSES: usize = 4096;
/// For so long after a refusal the board says that somebody is guessing.
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

    /// How long until one more code is answered; zero if one is now.
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
    /// Too many wrong codes came from there; this one was not looked at.
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

#[derive(Debug)]
struct Tries {
    addresses: HashMap<IpAddr, (Left, Micros)>,
    all: Left,
    refused: Option<Micros>,
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
        let tries = Tries { addresses: HashMap::new(), all: Left::full(OF_ALL, 0), refused: None };
        let tries = Mutex::new(tries);
        Self { tries, allowance: joins, joins: Mutex::default(), counts: Default::default(), seats: Mutex::default() }
    }

    /// Tries a code from an address: `find` looks it up, unless wrong codes came too often; then the answer is how long
    /// to wait. Blocks as long as `find` does: looking up and counting are one step, so that a thousand guesses at once
    /// are a thousand guesses.
    pub fn attempt<T, E>(
        &self,
        from: IpAddr,
        now: Micros,
        find: impl FnOnce() -> Result<Option<T>, E>,
    ) -> Result<Result<Option<T>, E>, Duration> {
        let address = network_of(from);
        let mut tries = self.tries();
        tries.all.refill(OF_ALL, now);
        let known = tries.addresses.get_mut(&address).map(|(left, erred)| {
            left.refill(OF_AN_ADDRESS, now);
            (*left, now.saturating_sub(*erred) < LATELY)
        });
        let (mut left, suspect) = known.unwrap_or((Left::full(OF_AN_ADDRESS, now), false));
        let all = if suspect { tries.all.wait(OF_ALL) } else { Duration::ZERO };
        let wait = left.wait(OF_AN_ADDRESS).max(all);
        if wait > Duration::ZERO {
            tries.refused = Some(now);
            drop(tries);
            self.count(Refused::TooManyWrongCodes);
            return Err(wait);
        }
        let found = find();
        if matches!(found, Ok(None)) {
            left.codes -= 1.0;
            tries.all.codes = (tries.all.codes - 1.0).max(0.0);
            tries.remember(address, left, now);
            drop(tries);
            self.count(Refused::WrongCode);
        }
        Ok(found)
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

    /// Whether guesses were refused within the last minute: something a teacher wants to know.
    pub fn alarm(&self, now: Micros) -> bool {
        self.tries().refused.is_some_and(|refused| now.saturating_sub(refused) < ALARM)
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
    fn remember(&mut self, address: IpAddr, left: Left, now: Micros) {
        if self.addresses.len() >= ADDRESSES && !self.addresses.contains_key(&address) {
            self.addresses.retain(|_, (_, erred)| now.saturating_sub(*erred) < LATELY);
            let oldest = self.addresses.iter().min_by_key(|(_, (_, erred))| *erred).map(|(address, _)| *address);
            if let Some(oldest) = oldest.filter(|_| self.addresses.len() >= ADDRESSES) {
                self.addresses.remove(&oldest);
            }
        }
        self.addresses.insert(address, (left, now));
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
