//! The tables that links show: plain names with units, groups by number.

use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{Template, is_prediction};
use messwerk_query::{Cells, Dialect, LessonOutcomes};

use crate::api::export::book::entries;

/// `g (m/s2)`: CODAP takes what is in brackets for the unit. A pure number has none.
fn titled(name: &str, unit: &str) -> String {
    if matches!(unit, "" | "1") { name.to_owned() } else { format!("{name} ({unit})") }
}

/// `group, g, u_g, counts`, then each step and each input with their units.
pub(super) fn results(template: &Template, outcomes: &LessonOutcomes) -> Vec<u8> {
    let mut steps: Vec<(&str, &str)> = vec![];
    for step in outcomes.outcomes.iter().flat_map(|outcome| &outcome.steps) {
        if !steps.iter().any(|(name, _)| *name == step.name) {
            steps.push((&step.name, &step.quantity.unit));
        }
    }
    // As they were when the results were computed: what is typed after a freeze is on no board. What somebody predicted is shown by
    // none of them group by group.
    let mut entered = entries(template, outcomes.outcomes.iter().map(|outcome| &outcome.entered));
    entered.retain(|(name, _)| !is_prediction(name));
    let name = &template.outcome;
    let unit = outcomes.outcomes.first().map_or("", |outcome| &outcome.unit);
    let mut cells = Cells::new(Dialect::Standard);
    cells.text("group");
    [titled(name, unit), titled(&format!("u_{name}"), unit), "counts".to_owned()].iter().for_each(|title| cells.text(title));
    for (step, unit) in &steps {
        cells.text(&titled(step, unit));
        cells.text(&titled(&format!("u_{step}"), unit));
    }
    for (entry, input) in &entered {
        // What was measured by hand is called like the step that it stands for.
        let by_hand = if steps.iter().any(|(step, _)| step == entry) { "_by_hand" } else { "" };
        cells.text(&titled(&format!("{entry}{by_hand}"), input.map_or("", |input| &input.unit)));
    }
    cells.end_row();
    for outcome in &outcomes.outcomes {
        cells.count(outcome.number.into());
        cells.decimal(outcome.value);
        cells.decimal(outcome.uncertainty);
        cells.count(outcome.excluded.is_none().into());
        for (wanted, _) in &steps {
            match outcome.steps.iter().find(|step| step.name == *wanted) {
                Some(step) => {
                    cells.decimal(step.quantity.value);
                    cells.decimal(step.quantity.uncertainty);
                }
                None => (0..2).for_each(|_| cells.empty()),
            }
        }
        for (entry, _) in &entered {
            match outcome.entered.get(entry) {
                Some(value) => cells.decimal(*value),
                None => cells.empty(),
            }
        }
        cells.end_row();
    }
    cells.bytes()
}

/// The columns of readings in the engine's answer, and what they are called.
pub(super) fn columns(property: ObservedProperty) -> Vec<(&'static str, String)> {
    let values: &[(&str, &str)] = if property.is_vector() { &[("x", "x"), ("y", "y"), ("z", "z")] } else { &[("x", property.name())] };
    let titles = values.iter().map(|(from, name)| (*from, titled(name, property.unit())));
    let first = [("number", "group".to_owned()), ("run", "recording".to_owned()), ("t_s", titled("t", "s"))];
    first.into_iter().chain(titles).collect()
}

/// The first line of readings.
pub(super) fn heading(property: ObservedProperty) -> Vec<u8> {
    let mut cells = Cells::new(Dialect::Standard);
    columns(property).iter().for_each(|(_, title)| cells.text(title));
    cells.end_row();
    cells.bytes()
}
