//! What was sent, what the hub acknowledged and what it has: the comparison, and how it is told.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::api::Stored;
use crate::delivery::Receipt;
use crate::phone::Account;

/// What the question what the hub stored needs.
const TO_COMPARE: &str = "with a teacher's token in MESSWERK_TOKEN and the lesson's id";

/// Readings per second the hub keeps of one stream unless the template says otherwise; faster streams are thinned at
/// ingest, by the readings' own times.
const MAX_HZ: f64 = 200.0;
/// Above this the hub thins: it keeps readings that lie 0.9/max_hz apart.
const FAST_HZ: f64 = MAX_HZ / 0.9;

/// The result of a simulation. Counts are readings: one instant with a scalar or a vector. Each counts once, however
/// often it travelled. Of recorded messages ([`Counted::Messages`]) `sent` and `acknowledged` are messages.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// Phones that took part.
    pub things: usize,
    /// What `sent` and `acknowledged` count.
    pub counted: Counted,
    /// Readings that were put on the wire.
    pub sent: u64,
    /// Readings the hub acknowledged: PUBACK, PUBCOMP, HTTP 2xx; with QoS 0 the PINGRESP after them.
    pub acknowledged: u64,
    /// Readings the hub has of these phones; `None` if nobody could ask (joined by code, no teacher's token) or the hub did
    /// not say. Of recorded messages what the hub answered, where nobody could ask.
    pub stored: Option<u64>,
    /// Acknowledged readings the hub does not have; 0 as long as `stored` is not known.
    pub lost: u64,
    /// Readings the hub has but was never sent, or has twice.
    pub unexpected: u64,
    /// Acknowledged readings of phones faster than the template's `max_hz` that the hub left out, as it may.
    pub thinned: u64,
    /// Readings the hub rejected: refused by HTTP, or not finite. Of recorded messages the values and records that the hub
    /// says it rejected, and the messages it refused.
    pub rejected: u64,
    /// Readings put on the wire once more, for whatever reason.
    pub resent: u64,
    /// Phones that could not finish, with the reason of the first.
    pub failed: Failed,
    /// What the class would find without any error of measurement.
    pub truth: BTreeMap<String, f64>,
    /// What the hub says the class found.
    pub outcomes: BTreeMap<String, ClassOutcome>,
    /// What the hub told whom, of a class in which a mistake was planted: the groups that made it, and any that was told of one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Told>,
    /// Why the run counts as failed, a sentence; left out where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What an acknowledgement does not say.
const IDLE: &str = "A lesson that a teacher leads acknowledges everything and keeps what was measured between start and stop";

/// What is counted on its way to the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Counted {
    /// Instants with a scalar or a vector.
    #[default]
    Readings,
    /// Recorded messages: what is in them only the hub knows.
    Messages,
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Readings => "readings",
            Self::Messages => "messages",
        })
    }
}

/// A group and its hints.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Told {
    /// Whose Thing.
    pub thing: String,
    /// Whether the class's mistake was planted in what it sent.
    pub mistaken: bool,
    /// The names of the hints that the hub gave it, and nobody else.
    pub hints: Vec<String>,
}

/// Phones that gave up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Failed {
    /// How many.
    pub phones: u64,
    /// Why the first of them did.
    pub reason: Option<String>,
}

/// The class's value of one outcome, as the hub computed it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ClassOutcome {
    /// How many phones count.
    pub n: u64,
    /// Their mean.
    pub mean: Option<f64>,
    /// Its standard error; `None` where n is too small.
    pub se: Option<f64>,
    /// 95 % confidence interval.
    pub ci95: Option<[f64; 2]>,
    /// Unit symbol.
    #[serde(default)]
    pub unit: String,
}

impl Report {
    /// Adds what one phone sent in all its runs, and holds it against what the hub has (`None`: not asked).
    pub(crate) fn add_phone(&mut self, thing: &str, accounts: &[Account], stored: Option<&Stored>) {
        self.sent += accounts.iter().map(|account| account.sent).sum::<u64>();
        self.acknowledged += accounts.iter().map(|account| account.acknowledged).sum::<u64>();
        let unstorable =
            |account: &Account| account.prints.as_ref().map_or(0, |prints| account.acknowledged - prints.acknowledged.len() as u64);
        self.rejected += accounts.iter().map(unstorable).sum::<u64>();
        let Some(stored) = stored else { return };
        let mut properties: Vec<_> = accounts.iter().map(|account| account.property).collect();
        properties.sort_unstable();
        properties.dedup();
        for property in properties {
            let of = || accounts.iter().filter(|account| account.property == property);
            let empty = Vec::new();
            let there = stored.get(&(thing.to_owned(), property)).unwrap_or(&empty);
            let (missing, unexpected) = match of().map(|account| account.prints.as_ref()).collect::<Option<Vec<_>>>() {
                Some(prints) => {
                    let missing = surplus(prints.iter().flat_map(|prints| &prints.acknowledged), there);
                    (missing, surplus(there, prints.iter().flat_map(|prints| &prints.sent)))
                }
                None => {
                    let total = |count: fn(&Account) -> u64| of().map(count).sum::<u64>();
                    let there = there.len() as u64;
                    (total(|account| account.acknowledged).saturating_sub(there), there.saturating_sub(total(|account| account.sent)))
                }
            };
            let fast = of().any(|account| account.rate_hz > FAST_HZ);
            if fast && there.len() as u64 >= of().map(least_stored).sum() {
                self.thinned += missing;
            } else {
                self.lost += missing;
            }
            self.unexpected += unexpected;
            *self.stored.get_or_insert(0) += there.len() as u64;
        }
    }

    /// Adds the recorded messages of a phone: how many were sent and acknowledged, what the hub `answered` for them (HTTP
    /// alone says it) and how many readings it has of the phone (`None`: not asked).
    pub(crate) fn add_messages(&mut self, (sent, acknowledged): (u64, u64), answered: Option<Receipt>, there: Option<u64>) {
        self.counted = Counted::Messages;
        self.sent += sent;
        self.acknowledged += acknowledged;
        self.rejected += answered.map_or(0, |answered| answered.rejected);
        self.stored = there.or(answered.map(|answered| answered.stored));
        if let (Some(answered), Some(there)) = (answered, there) {
            self.lost += answered.stored.saturating_sub(there);
        }
    }

    /// The hub would not say what it stored.
    pub(crate) fn not_answered(&mut self, error: &anyhow::Error) {
        self.error = Some(format!("the hub could not be asked what it stored, so losses are unknown: {error:#}"));
    }

    /// Why the simulation counts as failed; `None` if nothing was lost, doubled or left unfinished.
    pub fn failure(&self) -> Option<String> {
        if self.lost > 0 {
            Some(format!("{} acknowledged readings are not on the hub. {IDLE}", self.lost))
        } else if self.unexpected > 0 {
            Some(format!("the hub has {} readings twice or that nobody sent", self.unexpected))
        } else if self.error.is_some() {
            self.error.clone()
        } else if self.failed.phones > 0 {
            Some(format!("{} phones gave up: {}", self.failed.phones, self.failed.reason.as_deref().unwrap_or("unknown")))
        } else if self.acknowledged < self.sent {
            Some(format!("{} of {} {} were not acknowledged", self.sent - self.acknowledged, self.sent, self.counted))
        } else {
            None
        }
    }

    /// How a run without a failure ends: nothing is claimed that was not compared.
    fn success(&self) -> String {
        let all = format!("all {} {} acknowledged", self.acknowledged, self.counted);
        match (self.counted, self.stored) {
            (Counted::Readings, Some(_)) => "nothing lost".to_owned(),
            (Counted::Messages, Some(_)) => all,
            (Counted::Readings, None) => format!("{all}; not compared with what the hub stored: {TO_COMPARE} it would be. {IDLE}"),
            (Counted::Messages, None) => format!("{all}; what the hub stored of them is not known: {TO_COMPARE} it would be asked"),
        }
    }
}

/// How many members of `of` (counted as often as they occur) are not in `within`.
fn surplus<'a>(of: impl IntoIterator<Item = &'a u64>, within: impl IntoIterator<Item = &'a u64>) -> u64 {
    let mut counts: HashMap<u64, i64> = HashMap::new();
    within.into_iter().for_each(|print| *counts.entry(*print).or_default() += 1);
    let mut surplus = 0;
    for print in of {
        let left = counts.entry(*print).or_default();
        *left -= 1;
        surplus += u64::from(*left < 0);
    }
    surplus
}

/// The least a hub may keep of a stream: all of it, or of a faster one every n-th reading such that the rest is slow
/// enough. A twentieth is allowed for the edges of runs and for jitter.
fn least_stored(account: &Account) -> u64 {
    let every = (account.rate_hz / MAX_HZ).floor() + 1.0;
    (0.95 * account.acknowledged as f64 / every) as u64
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} phones: {} {} sent, {} acknowledged", self.things, self.sent, self.counted, self.acknowledged)?;
        match (self.counted, self.stored) {
            (Counted::Readings, Some(stored)) => write!(f, "hub:    {stored} stored, {} lost, {} rejected", self.lost, self.rejected)?,
            (Counted::Messages, Some(stored)) => write!(f, "hub:    {stored} readings stored, {} rejected", self.rejected)?,
            (_, None) => write!(f, "hub:    what it stored is not known, {} rejected", self.rejected)?,
        }
        for (count, what) in [(self.thinned, "thinned"), (self.unexpected, "unexpected")] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        writeln!(f)?;
        for (name, outcome) in &self.outcomes {
            write!(f, "{name}:      {outcome}")?;
            match self.truth.get(name) {
                Some(truth) => writeln!(f, " (truth {truth})")?,
                None => writeln!(f)?,
            }
        }
        match self.failure() {
            Some(failure) => writeln!(f, "FAILED: {failure}"),
            None => writeln!(f, "{}", self.success()),
        }
    }
}

impl fmt::Display for ClassOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.mean, self.se, self.ci95) {
            (Some(mean), Some(se), Some([low, high])) => {
                write!(f, "{mean:.3} ± {se:.3} {}, 95 % interval {low:.3} to {high:.3}, n = {}", self.unit, self.n)
            }
            (Some(mean), ..) => write!(f, "{mean:.3} {}, n = {}", self.unit, self.n),
            _ => write!(f, "no value, n = {}", self.n),
        }
    }
}

#[cfg(test)]
mod tests;
