//! What was sent, what the hub acknowledged and what it has: the comparison, and how it is told.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::api::Stored;
use crate::phone::Account;

/// Readings per second the hub keeps of one stream unless the template says otherwise; faster streams are thinned at
/// ingest, by the readings' own times.
const MAX_HZ: f64 = 200.0;

/// The result of a simulation. Counts are readings: one instant with a scalar or a vector. Each counts once, however
/// often it travelled.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Report {
    /// Phones that took part.
    pub things: usize,
    /// Readings that were put on the wire.
    pub sent: u64,
    /// Readings the hub acknowledged: PUBACK, PUBCOMP, HTTP 2xx; with QoS 0 the PINGRESP after them.
    pub acknowledged: u64,
    /// Readings the hub has of these phones; `None` if nobody could ask (joined by code, no teacher's token).
    pub stored: Option<u64>,
    /// Acknowledged readings the hub does not have.
    pub lost: u64,
    /// Readings the hub has but was never sent, or has twice.
    pub unexpected: u64,
    /// Acknowledged readings of phones faster than the template's `max_hz` that the hub left out, as it may.
    pub thinned: u64,
    /// Readings the hub rejected: refused by HTTP, or not finite.
    pub rejected: u64,
    /// Readings put on the wire once more, for whatever reason.
    pub resent: u64,
    /// Phones that could not finish, with the reason of the first.
    pub failed: Failed,
    /// What the class would find without any error of measurement.
    pub truth: BTreeMap<String, f64>,
    /// What the hub says the class found.
    pub outcomes: BTreeMap<String, ClassOutcome>,
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
            let fast = of().any(|account| account.rate_hz > 0.99 * MAX_HZ);
            if fast && there.len() as u64 >= of().map(least_stored).sum() {
                self.thinned += missing;
            } else {
                self.lost += missing;
            }
            self.unexpected += unexpected;
            *self.stored.get_or_insert(0) += there.len() as u64;
        }
    }

    /// Why the simulation counts as failed; `None` if nothing was lost, doubled or left unfinished.
    pub fn failure(&self) -> Option<String> {
        if self.lost > 0 {
            Some(format!("{} acknowledged readings are not on the hub", self.lost))
        } else if self.unexpected > 0 {
            Some(format!("the hub has {} readings twice or that nobody sent", self.unexpected))
        } else if self.failed.phones > 0 {
            Some(format!("{} phones gave up: {}", self.failed.phones, self.failed.reason.as_deref().unwrap_or("unknown")))
        } else if self.acknowledged < self.sent {
            Some(format!("{} of {} readings were not acknowledged", self.sent - self.acknowledged, self.sent))
        } else {
            None
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
        writeln!(f, "{} phones: {} readings sent, {} acknowledged", self.things, self.sent, self.acknowledged)?;
        match self.stored {
            Some(stored) => write!(f, "hub:    {stored} stored, {} lost, {} rejected", self.lost, self.rejected)?,
            None => write!(f, "hub:    not asked what it stored (needs a teacher's token in MESSWERK_TOKEN and the lesson's id)")?,
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
            None => writeln!(f, "nothing lost"),
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
