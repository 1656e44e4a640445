//! The weather of one direction of one connection, as a function of the connection's age.

use std::time::Duration;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::RelayOptions;
use crate::dice::{Purpose, dice};

/// The delay strays from one value to the next within this time, in a straight line: real queues fill and empty, they do not
/// jump. Values that jumped would, with the order kept, be nearly always the largest of the last few.
const SLOT: Duration = Duration::from_millis(250);

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// From the phone to the hub.
    Up = 0,
    /// From the hub to the phone.
    Down = 1,
}

/// Delay and stalls of one direction.
#[derive(Debug)]
pub(super) struct Weather {
    delay: f64,
    jitter: f64,
    straying: ChaCha8Rng,
    stalls: Option<Stalls>,
    last: Duration,
}

#[derive(Debug)]
struct Stalls {
    chance: ChaCha8Rng,
    every: Duration,
    length: Duration,
    /// The next one, or the one going on.
    begins: Duration,
}

impl Weather {
    pub(super) fn new(options: &RelayOptions, connection: u64, direction: Direction) -> Self {
        let number = connection as usize * 2 + direction as usize;
        let stalls = options.stall_every.map(|every| {
            let mut chance = dice(options.seed, number, Purpose::RelayStalls);
            let begins = waiting(every, &mut chance);
            Stalls { chance, every, length: options.stall, begins }
        });
        Self {
            delay: options.delay.as_secs_f64(),
            jitter: options.jitter.as_secs_f64(),
            straying: dice(options.seed, number, Purpose::RelayDelay),
            stalls,
            last: Duration::ZERO,
        }
    }

    /// When bytes that left at this age arrive, never before those that left earlier; and how many stalls held them up.
    pub(super) fn arrival(&mut self, left: Duration) -> (Duration, u64) {
        let mut at = (left + self.delay_at(left)).max(self.last);
        let mut held = 0;
        while let Some(stalls) = self.stalls.as_mut().filter(|stalls| at >= stalls.begins) {
            let ends = stalls.begins + stalls.length;
            if at < ends {
                (at, held) = (ends, held + 1);
            }
            stalls.begins = ends + waiting(stalls.every, &mut stalls.chance);
        }
        self.last = at;
        (at, held)
    }

    fn delay_at(&mut self, age: Duration) -> Duration {
        let slots = age.as_secs_f64() / SLOT.as_secs_f64();
        let (slot, within) = (slots.floor(), slots.fract());
        let (before, after) = (self.stray(slot as u64), self.stray(slot as u64 + 1));
        let stray = before + (after - before) * within;
        Duration::from_secs_f64((self.delay + self.jitter * stray).max(0.0))
    }

    /// Between -1 and 1, always the same for the same slot.
    fn stray(&mut self, slot: u64) -> f64 {
        // An f64 is drawn from two words.
        self.straying.set_word_pos(u128::from(slot) * 2);
        self.straying.random::<f64>() * 2.0 - 1.0
    }
}

/// The age at which a connection is cut: the mean, give or take half of it. What is over sooner, as the loading of a page, is
/// spared: a browser does not try again on its own, and a person would just reload.
pub(super) fn cut(options: &RelayOptions, connection: u64) -> Option<Duration> {
    let every = options.cut_every?;
    let chance = dice(options.seed, connection as usize, Purpose::RelayCut).random::<f64>();
    Some(every.mul_f64(0.5 + chance))
}

/// Time until something that happens by chance, with this mean; at most five times the mean, so that a test sees it.
fn waiting(mean: Duration, chance: &mut ChaCha8Rng) -> Duration {
    let waiting = -(1.0 - chance.random::<f64>()).ln();
    mean.mul_f64(waiting.min(5.0))
}

/// A line that takes a time for each byte, one after the other.
#[derive(Debug)]
pub(super) struct Rate {
    bits_per_second: Option<u64>,
    free: Duration,
}

impl Rate {
    pub(super) fn new(bits_per_second: Option<u64>) -> Self {
        Self { bits_per_second, free: Duration::ZERO }
    }

    /// When so many bytes that are there now have gone over the line.
    pub(super) fn take(&mut self, now: Duration, bytes: usize) -> Duration {
        let Some(rate) = self.bits_per_second else { return now };
        let takes = Duration::from_secs_f64(bytes as f64 * 8.0 / rate as f64);
        self.free = self.free.max(now) + takes;
        self.free
    }
}
