//! Lists, and numbers out of them.

use std::collections::BTreeMap;

use super::Quantity;
use super::engine::{Engine, Given, Step, shown};
use super::working::Worked;
use crate::analysis::{AnalysisError, Estimate, paired};
use crate::template::expr::Known;
use crate::template::expr::value::{Cause, Shares, Uncertain, Value, sum};
use crate::template::{Op, Reason};
use crate::unit::Unit;

impl Engine<'_> {
    pub(super) fn list_op(&mut self, op: &Op, unit: &str) -> Step<Given> {
        let own = Unit::parse(unit).unwrap_or_default();
        match op {
            Op::Values { of } => {
                let samples = self.signal(of)?;
                let quantity = |value: &f64| Some(Quantity { value: *value, uncertainty: 0.0, unit: unit.to_owned() });
                let worked = Worked::List(samples.values.iter().map(quantity).collect());
                let values = samples.values.iter().map(|value| Some(Uncertain::exact(own.to_si(*value)))).collect();
                Ok(Given { worked, values: vec![("", Value::List(values))] })
            }
            Op::AverageOf { of } => {
                let items = self.list(of)?;
                let cause = self.cause();
                Ok(averaged(&mean_of(&items, cause)?, unit))
            }
            Op::DifferenceOf { a, b } => {
                let (a, b) = (self.list(a)?, self.list(b)?);
                let pairs: Vec<(f64, f64)> = a.iter().zip(&b).filter_map(|(a, b)| Some((a.as_ref()?.value, b.as_ref()?.value))).collect();
                let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
                let found = paired(&a, &b)?;
                let estimate = Estimate { value: found.difference / own.size(), uncertainty: found.se / own.size() };
                Ok(self.measured(estimate, unit))
            }
            _ => Err(Reason::not_computed("")),
        }
    }

    fn list(&self, name: &str) -> Step<Vec<Option<Uncertain>>> {
        match self.value(name)? {
            Value::List(items) => Ok(items),
            _ => Err(Reason::not_computed(name)),
        }
    }
}

/// A mean in the unit it is shown in.
pub(super) fn averaged(mean: &Uncertain, unit: &str) -> Given {
    let own = Unit::parse(unit).unwrap_or_default();
    let estimate = Estimate { value: own.from_si(mean.value), uncertainty: mean.uncertainty() / own.size() };
    shown(estimate, unit, mean.clone())
}

/// The mean of what is there. Its uncertainty is that of the scatter, sd/√n, but at least what independent errors of the items make; what several
/// items have in common does not scatter and comes on top.
pub(super) fn mean_of(items: &[Option<Uncertain>], cause: Cause) -> Result<Uncertain, AnalysisError> {
    let items: Vec<&Uncertain> = items.iter().flatten().collect();
    let n = items.len() as f64;
    if items.len() < 2 {
        return Err(AnalysisError::TooFew { needed: 2, found: items.len() });
    }
    let mean = items.iter().map(|item| item.value).sum::<f64>() / n;
    let squares: f64 = items.iter().map(|item| (item.value - mean) * (item.value - mean)).sum();
    let common = common_causes(items.iter().map(|item| item.shares.as_slice()));
    let mut shares = vec![];
    let mut own = 0.0;
    for item in &items {
        let (shared, alone): (Shares, Shares) = item.shares.iter().partition(|(cause, _)| common.contains_key(cause));
        own += alone.iter().map(|(_, share)| share * share).sum::<f64>();
        shares = sum(&shares, 1.0, &shared, 1.0 / n);
    }
    let scatter = libm::sqrt((squares / (n - 1.0) / n).max(own / (n * n)));
    if scatter > 0.0 {
        shares = sum(&shares, 1.0, &[(cause, scatter)], 1.0);
    }
    if mean.is_finite() && shares.iter().all(|(_, share)| share.is_finite()) {
        Ok(Uncertain { value: mean, shares })
    } else {
        Err(AnalysisError::NotFinite)
    }
}

/// The causes that more than one item has.
pub(super) fn common_causes<'a>(items: impl Iterator<Item = &'a [(Cause, f64)]>) -> BTreeMap<Cause, ()> {
    let mut counts: BTreeMap<Cause, u32> = BTreeMap::new();
    items.flatten().for_each(|(cause, _)| *counts.entry(*cause).or_default() += 1);
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(cause, _)| (cause, ())).collect()
}
