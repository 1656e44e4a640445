//! What goes wrong between a phone and the hub, by chance but repeatable.

use std::str::FromStr;

use anyhow::{Context as _, Result, bail, ensure};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

/// Chances per packet, each from 0 to 1, and what is wrong with the phones themselves.
///
/// Written `drop=0.02,duplicate=0.05,skew=120`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Faults {
    /// The packet never leaves the phone's radio. With an acknowledgement expected it is sent again after a while; with
    /// QoS 0 it is lost, which is no loss of the hub's.
    pub drop: f64,
    /// The packet is sent twice.
    pub duplicate: f64,
    /// The packet is overtaken by the next one.
    pub reorder: f64,
    /// The connection breaks after the packet, before its acknowledgement is read.
    pub reconnect: f64,
    /// A second connection of the same client id takes over, while the first is still open (MQTT only).
    pub takeover: f64,
    /// Share of the phones that all use one and the same client id (phyphox draws it from 24 bits; MQTT only).
    pub collide: f64,
    /// The phones' clocks are wrong by up to this many seconds, either way, and drift by up to 50 ppm.
    pub skew: f64,
}

impl FromStr for Faults {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut faults = Self::default();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').with_context(|| format!("{part:?}: write name=value"))?;
            let value: f64 = value.parse().with_context(|| format!("{part:?}: not a number"))?;
            let slot = match name {
                "drop" => &mut faults.drop,
                "duplicate" => &mut faults.duplicate,
                "reorder" => &mut faults.reorder,
                "reconnect" => &mut faults.reconnect,
                "takeover" => &mut faults.takeover,
                "collide" => &mut faults.collide,
                "skew" => &mut faults.skew,
                _ => bail!("{name:?} is no fault: drop, duplicate, reorder, reconnect, takeover, collide, skew"),
            };
            ensure!(value >= 0.0 && (value <= 1.0 || name == "skew"), "{part:?}: a chance lies between 0 and 1");
            *slot = value;
        }
        // Every packet dropped or every connection broken would never end.
        ensure!(faults.drop < 1.0 && faults.reconnect < 1.0 && faults.takeover < 1.0, "with a chance of 1 nothing would ever arrive");
        Ok(faults)
    }
}

/// What happens to one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Fate {
    pub(crate) drop: bool,
    pub(crate) duplicate: bool,
    pub(crate) reorder: bool,
    pub(crate) reconnect: bool,
    pub(crate) takeover: bool,
}

/// Draws fates. The same number of draws for each packet: a changed chance of one fault leaves the others where they
/// were.
#[derive(Debug, Clone)]
pub(crate) struct Mischief {
    faults: Faults,
    rng: ChaCha8Rng,
}

impl Mischief {
    pub(crate) fn new(faults: Faults, rng: ChaCha8Rng) -> Self {
        Self { faults, rng }
    }

    pub(crate) fn next(&mut self) -> Fate {
        let mut chance = |p: f64| self.rng.random::<f64>() < p;
        Fate {
            drop: chance(self.faults.drop),
            duplicate: chance(self.faults.duplicate),
            reorder: chance(self.faults.reorder),
            reconnect: chance(self.faults.reconnect),
            takeover: chance(self.faults.takeover),
        }
    }
}

#[cfg(test)]
mod tests;
