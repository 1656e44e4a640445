//! Results in one unit.

use crate::unit::Unit;

/// value in the new unit = `scale` · value + `offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Conversion {
    scale: f64,
    offset: f64,
}

impl Conversion {
    /// From one unit to another; `None` if a symbol is unknown or the dimensions differ. Equal symbols need not be known.
    pub(super) fn between(from: &str, to: &str) -> Option<Self> {
        if from == to {
            return Some(Self { scale: 1.0, offset: 0.0 });
        }
        let (old, new) = (Unit::parse(from).ok()?, Unit::parse(to).ok()?);
        (old.dimension() == new.dimension()).then(|| Self { scale: old.size() / new.size(), offset: new.from_si(old.to_si(0.0)) })
    }

    /// A result in the new unit.
    pub(super) fn value(self, value: f64) -> f64 {
        self.scale * value + self.offset
    }

    /// A difference or a standard deviation in the new unit.
    pub(super) fn span(self, span: f64) -> f64 {
        self.scale * span
    }
}

#[cfg(test)]
mod tests;
