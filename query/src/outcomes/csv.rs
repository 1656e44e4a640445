//! Results as a table for a spreadsheet.

use super::{LessonOutcomes, Step, ThingOutcome};
use crate::encode::{Cells, Dialect};

/// The columns every result has, in their order.
const COLUMNS: [&str; 11] = ["number", "nickname", "thing", "run", "by_hand", "name", "value", "uncertainty", "unit", "counts", "excluded"];

impl LessonOutcomes {
    /// One row a result: `number, nickname, thing, run, by_hand, name, value, uncertainty, unit, counts, excluded`, then for
    /// each step on the way (the period before g) its value, `_uncertainty` and `_unit`. `by_hand` and `counts` are 1 or 0, so
    /// that a spreadsheet can add them up. Who has no result is left out: an empty cell would be averaged as nothing, and why
    /// there is none is in `pending`.
    pub fn csv(&self, dialect: Dialect) -> Vec<u8> {
        let mut names: Vec<&str> = vec![];
        for step in self.outcomes.iter().flat_map(|outcome| &outcome.steps) {
            if !names.contains(&step.name.as_str()) {
                names.push(&step.name);
            }
        }
        let mut cells = Cells::new(dialect);
        COLUMNS.into_iter().for_each(|name| cells.text(name));
        for name in &names {
            [(*name).to_owned(), format!("{name}_uncertainty"), format!("{name}_unit")].iter().for_each(|name| cells.text(name));
        }
        cells.end_row();
        for outcome in &self.outcomes {
            row(&mut cells, outcome, &names);
        }
        cells.bytes()
    }
}

fn row(cells: &mut Cells, outcome: &ThingOutcome, names: &[&str]) {
    let ThingOutcome { thing, number, nickname, run, by_hand, name, value, uncertainty, unit, steps, excluded, .. } = outcome;
    cells.count(u64::from(*number));
    cells.text(nickname);
    cells.text(&thing.to_string());
    cells.count(u64::from(*run));
    cells.count(u64::from(*by_hand));
    cells.text(name);
    cells.decimal(*value);
    cells.decimal(*uncertainty);
    cells.text(unit);
    cells.count(u64::from(excluded.is_none()));
    cells.text(excluded.as_deref().unwrap_or_default());
    for wanted in names {
        match steps.iter().find(|step| step.name == **wanted) {
            Some(Step { quantity, .. }) => {
                cells.decimal(quantity.value);
                cells.decimal(quantity.uncertainty);
                cells.text(&quantity.unit);
            }
            None => (0..3).for_each(|_| cells.text("")),
        }
    }
    cells.end_row();
}
