//! Guesses: who was wrong how often lately, and how long the answer to the next wrong guess waits.
//!
//! Join codes and the teacher's password are counted by the same rules with other numbers. Nobody is locked out for
//! somebody else's guesses: only answers to wrong ones wait, longer each time. What is right can be told from how fast it
//! is answered, so how many guesses are looked at is bounded, also those of askers that have gone away: of passwords by the answers
//! that wait ([`Guesses::crowded`]), of join codes by their pace, since a whole class types those at the same time.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use messwerk_lessons::Micros;

/// How far an allowance is overdrawn at most. Each wrong guess beyond it doubles the wait of its answer: 0.5, 1, 2, 4, 8 s;
/// after half a minute without one (join codes) the next is answered at once again.
const OVERDRAWN: f64 = 5.0;
/// The wait of the first answer beyond the allowance.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The wait of the fifth and all further ones.
const LONGEST_WAIT: Micros = 8_000_000;
/// An address without a wrong guess for this long has done nothing wrong.
const LATELY: Micros = 600_000_000;
/// Addresses remembered; beyond it the one that erred longest ago is forgotten.
pub(crate) const ADDRESSES: usize = 4096;
/// For so long after a wrong guess beyond the allowance somebody is guessing; the log says it as often.
const ALARM: Micros = 60_000_000;

/// How many at once, and how many come back a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allowance {
    /// At once.
    pub most: f64,
    /// More each minute, until it is `most` again.
    pub per_minute: f64,
}

/// The numbers of one kind of guess.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// Wrong guesses from one address that are answered at once.
    pub(crate) of_an_address: Allowance,
    /// Wrong guesses from everywhere that are answered at once. Binds only addresses that erred lately: a guesser with many
    /// addresses must not slow down those who have done nothing wrong.
    pub(crate) of_all: Allowance,
    /// Answers of one address that wait at the same time; while they do, its further guesses are refused unlooked.
    pub(crate) waiting: usize,
}

/// What is left of an allowance, as of a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Left {
    left: f64,
    pub(crate) at: Micros,
}

impl Left {
    pub(crate) fn full(allowance: Allowance, at: Micros) -> Self {
        Self { left: allowance.most, at }
    }

    pub(crate) fn refill(&mut self, allowance: Allowance, now: Micros) {
        // A clock that was set back gives nothing and takes nothing.
        let minutes = now.saturating_sub(self.at).max(0) as f64 / 60e6;
        *self = Self { left: (self.left + minutes * allowance.per_minute).min(allowance.most), at: now };
    }

    /// Takes one that is there.
    pub(crate) fn take(&mut self) {
        self.left -= 1.0;
    }

    /// Gives back one that was taken; the next refill sees to it that there are not too many.
    pub(crate) fn give_back(&mut self) {
        self.left += 1.0;
    }

    /// Takes one, also where none is left.
    fn overdraw(&mut self) {
        self.left = (self.left - 1.0).max(-OVERDRAWN);
    }

    /// How long the answer to the guess that was taken last waits: not at all within the allowance.
    fn penalty(&self) -> Duration {
        let beyond = (-self.left).ceil();
        if beyond <= 0.0 { Duration::ZERO } else { FIRST_WAIT.mul_f64((beyond - 1.0).exp2()) }
    }

    /// How long until there is one more; zero if there is one now.
    pub(crate) fn wait(&self, allowance: Allowance) -> Duration {
        Duration::from_secs_f64(((1.0 - self.left) / allowance.per_minute * 60.0).max(0.0))
    }
}

/// An address from which wrong guesses came.
#[derive(Debug)]
struct Erring {
    left: Left,
    /// When the last wrong guess came.
    last: Micros,
    /// Until when answers wait, in whatever order. Times and no guards: a guesser that hangs up before the answer must not
    /// get its place back earlier than one that waits for it.
    waiting: Vec<Micros>,
}

/// Counts wrong guesses of one kind.
#[derive(Debug)]
pub(crate) struct Guesses {
    rules: Rules,
    addresses: HashMap<IpAddr, Erring>,
    all: Left,
    /// When the last guess beyond the allowance came.
    guessed: Option<Micros>,
    /// When the log said so.
    logged: Option<Micros>,
}

impl Guesses {
    pub(crate) fn new(rules: Rules) -> Self {
        Self { rules, addresses: HashMap::new(), all: Left::full(rules.of_all, 0), guessed: None, logged: None }
    }

    /// Whether so many answers to an address wait, with `more` that are being looked at, that its next guess is not looked at;
    /// then how long until one may be.
    pub(crate) fn crowded(&mut self, from: IpAddr, more: usize, now: Micros) -> Option<Duration> {
        let most = self.rules.waiting;
        let Some(erring) = self.refilled(from, now) else {
            return (more >= most).then_some(FIRST_WAIT);
        };
        if erring.waiting.len() + more < most {
            return None;
        }
        let first = erring.waiting.iter().min().map(|until| Duration::from_micros(until.abs_diff(now)));
        Some(first.unwrap_or(FIRST_WAIT))
    }

    /// Whether the answer to the next wrong guess of an address would wait.
    pub(crate) fn spent(&mut self, from: IpAddr, now: Micros) -> bool {
        let own = self.refilled(from, now).map(|erring| (erring.left.left < 1.0, now.saturating_sub(erring.last) < LATELY));
        own.is_some_and(|(own, lately)| own || (lately && self.all.left < 1.0))
    }

    /// What is known of an address, as of now.
    fn refilled(&mut self, from: IpAddr, now: Micros) -> Option<&mut Erring> {
        self.all.refill(self.rules.of_all, now);
        let erring = self.addresses.get_mut(&network_of(from))?;
        erring.left.refill(self.rules.of_an_address, now);
        // Farther away than the longest wait: the clock was set back.
        erring.waiting.retain(|until| *until > now && *until - now <= LONGEST_WAIT);
        Some(erring)
    }

    /// Counts a wrong guess; how long its answer waits.
    pub(crate) fn wrong(&mut self, from: IpAddr, now: Micros) -> Duration {
        let address = network_of(from);
        self.all.overdraw();
        self.make_room(address, now);
        let all = self.all.penalty();
        let known = self.addresses.get(&address).is_some_and(|erring| now.saturating_sub(erring.last) < LATELY);
        let full = Left::full(self.rules.of_an_address, now);
        let erring = self.addresses.entry(address).or_insert_with(|| Erring { left: full, last: now, waiting: vec![] });
        erring.left.overdraw();
        erring.last = now;
        let wait = erring.left.penalty().max(if known { all } else { Duration::ZERO });
        if wait > Duration::ZERO {
            erring.waiting.push(now + wait.as_micros() as Micros);
        }
        wait
    }

    /// Notes a guess beyond the allowance; true if the log has not said so for a while.
    pub(crate) fn guessing(&mut self, now: Micros) -> bool {
        self.guessed = Some(now);
        let silent = self.logged.is_none_or(|logged| now.abs_diff(logged) >= ALARM.unsigned_abs());
        if silent {
            self.logged = Some(now);
        }
        silent
    }

    /// Whether more wrong guesses than the allowance came within the last minute.
    pub(crate) fn alarm(&self, now: Micros) -> bool {
        self.guessed.is_some_and(|guessed| now.saturating_sub(guessed) < ALARM)
    }

    #[cfg(test)]
    pub(crate) fn remembered(&self) -> usize {
        self.addresses.len()
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
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address => address,
    }
}
