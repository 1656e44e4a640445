//! What a group entered.

use crate::analysis::Estimate;
use crate::template::{Input, Reason, RunData};

/// The least standard uncertainty that is believed of what was measured by hand, as a share of the template's.
const SURELY: f64 = 0.1;

impl Input {
    /// Whether a value can be meant: finite and between `min` and `max`.
    pub fn accepts(&self, value: f64) -> Result<(), Reason> {
        if (self.min..=self.max).contains(&value) { Ok(()) } else { Err(Reason::input_out_of_range(self)) }
    }

    /// Whether a number can be the standard uncertainty of what was measured by hand: not negative, and no larger than what was
    /// measured can be.
    pub fn accepts_uncertainty(&self, value: f64) -> bool {
        (0.0..=self.max).contains(&value)
    }

    pub(in crate::template) fn entered(&self, run: &RunData) -> Result<Estimate, Reason> {
        let value = *run.inputs.get(&self.name).ok_or_else(|| Reason::input_missing(self))?;
        self.accepts(value)?;
        let told = run.inputs.get(&self.uncertainty_name()).filter(|told| self.by_hand && self.accepts_uncertainty(**told));
        // Two laps that happen to be equal make no stopwatch exact.
        let uncertainty = told.map_or(self.uncertainty, |told| told.max(SURELY * self.uncertainty));
        Ok(Estimate { value, uncertainty })
    }

    /// The values of a list by their places; `None` where nothing was entered.
    ///
    /// # Errors
    /// Nothing entered at all, or a value out of range.
    pub(in crate::template) fn entered_list(&self, run: &RunData) -> Result<Vec<Option<Estimate>>, Reason> {
        let mut found = vec![];
        for name in self.entry_names() {
            let value = run.inputs.get(&name).copied();
            value.map_or(Ok(()), |value| self.accepts(value))?;
            found.push(value.map(|value| Estimate { value, uncertainty: self.uncertainty }));
        }
        if found.iter().all(Option::is_none) { Err(Reason::input_missing(self)) } else { Ok(found) }
    }
}
