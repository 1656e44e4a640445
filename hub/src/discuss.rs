//! What a class discusses after measuring: the template's figures over everybody's results, as plain figures.
//!
//! The live charts of the board are another thing: they draw readings as they come. These are made of results, and what was
//! predicted before the start is laid over them. A real class and the editor's simulated one are drawn by the same code.

mod axes;
mod groups;
mod own;
mod predicted;
mod signals;
pub mod words;

use std::collections::BTreeMap;

use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{Figure, Reason, Template, Text};
use messwerk_query::{LessonOutcomes, ThingOutcome};
use messwerk_viz_wasm::plain::data::{Band, Bins, Curve, Quantity, Value};
use messwerk_viz_wasm::plain::{BoxPlot, Histogram, Overlay, Phone, PlainFigure, Strip};
use messwerk_viz_wasm::words::{Bilingual, property_name, symbol};

pub use axes::with_common_axes;
pub use groups::Groups;
pub use own::{Drawn, Own};
pub use predicted::{Predicted, locked};
use words::{bilingual, both};

/// Curves of groups by the place of the template's figure that lays them on one another.
pub type Curves = BTreeMap<usize, Vec<Curve>>;

/// A class with what its figures are made of.
pub struct Class<'a> {
    /// The lesson's own template.
    pub template: &'a Template,
    /// What may be shown.
    pub outcomes: &'a LessonOutcomes,
    /// What was said before measuring, once it is locked.
    pub predicted: &'a Predicted,
    /// Everybody's curves.
    pub curves: Curves,
}

impl Class<'_> {
    /// The figures of a class's results, in the template's order; then one for each question that none of them shows.
    ///
    /// Figures of single recordings are not among them: they belong to a group ([`Own`]).
    pub fn figures(&self) -> Vec<PlainFigure> {
        let mut figures: Vec<PlainFigure> = (0..self.template.figures.len()).filter_map(|place| self.figure(place)).collect();
        figures.extend(self.predicted.votes(self.template));
        figures
    }

    /// The figure at a place of the template; `None` for one of a group, or if there is nothing to draw yet.
    pub fn figure(&self, place: usize) -> Option<PlainFigure> {
        match self.template.figures.get(place)? {
            Figure::Strip { of, .. } => Some(PlainFigure::Strip(Strip {
                quantity: self.quantity(of),
                values: self.values(of),
                mean: None,
                reference: self.reference(of),
                predictions: self.predicted.numbers(self.template, of),
            })),
            Figure::Histogram { of, min, max, bins } => Some(PlainFigure::Histogram(Histogram {
                quantity: self.quantity(of),
                values: self.values(of),
                bins: edges(*min, *max, *bins).map(|edges| Bins { edges, ..Bins::default() }),
                mean: None,
                reference: self.reference(of),
                predictions: self.predicted.numbers(self.template, of),
            })),
            Figure::Box { of, .. } => Some(PlainFigure::Box(BoxPlot {
                quantity: self.quantity(of),
                values: self.values(of),
                reference: self.reference(of),
                predictions: self.predicted.numbers(self.template, of),
            })),
            Figure::Phone { quantity } => Some(PlainFigure::Phone(Phone {
                quantity: Quantity { name: both(|lang| property_name(*quantity, lang).to_owned()), unit: quantity.unit().to_owned() },
                reading: None,
                note: note(*quantity),
            })),
            Figure::Scatter { of, log } => self.scatter(of, *log)?.ok(),
            Figure::Overlay { of, level, .. } => {
                let curves = self.curves.get(&place).filter(|curves| !curves.is_empty())?.clone();
                let name = symbol(of.property, of.component);
                let name = both(|lang| format!("{} {name}", property_name(of.property, lang)));
                let y = Quantity { name, unit: of.unit().to_owned() };
                Some(PlainFigure::Overlay(Overlay { y, curves, level: Some(*level), ..Overlay::default() }))
            }
            _ => None,
        }
    }

    /// Why the class has no figure (yet) at a place of the template, where that can be said.
    pub fn missing(&self, place: usize) -> Option<Text> {
        let Figure::Scatter { of, log } = self.template.figures.get(place)? else { return None };
        self.scatter(of, *log)?.err().map(|reason| reason.text)
    }

    /// The points of all groups that count with the fit through them, once there are enough; `None` for a step of single groups.
    fn scatter(&self, of: &str, log: bool) -> Option<Result<PlainFigure, Reason>> {
        self.template.class_step(of)?;
        let counted: Vec<&ThingOutcome> = self.outcomes.outcomes.iter().filter(|outcome| outcome.excluded.is_none()).collect();
        let groups: Vec<_> = counted.iter().map(|outcome| outcome.numbers(self.template)).collect();
        let workings = self.template.class_workings(&groups);
        let name = |group: usize| counted.get(group).map(|outcome| outcome.nickname.clone()).unwrap_or_default();
        Some(own::scatter(self.template, &workings, of, log, name))
    }

    fn quantity(&self, of: &str) -> Quantity {
        let name = self.template.label_of(of).map_or_else(|| Bilingual::same(of), bilingual);
        Quantity { name, unit: self.template.unit_of(of).unwrap_or_default().to_owned() }
    }

    /// Every group's number of that name.
    fn values(&self, of: &str) -> Vec<Value> {
        let value = |outcome: &ThingOutcome| {
            let (value, uncertainty) = number(outcome, of)?;
            Some(Value {
                value,
                uncertainty: Some(uncertainty),
                number: outcome.number,
                name: outcome.nickname.clone(),
                own: false,
                excluded: outcome.excluded.clone(),
                by_hand: outcome.by_hand,
            })
        };
        self.outcomes.outcomes.iter().filter_map(value).collect()
    }

    /// The accepted value belongs to the Outcome alone.
    fn reference(&self, of: &str) -> Option<Band> {
        let reference = self.template.reference.as_ref().filter(|_| of == self.template.outcome)?;
        Some(Band { value: reference.value, tolerance: reference.tolerance, label: bilingual(&reference.label) })
    }
}

/// A number that a group found, with its standard uncertainty: the Outcome, or what was found on the way to it.
fn number(outcome: &ThingOutcome, of: &str) -> Option<(f64, f64)> {
    if outcome.name == of {
        return Some((outcome.value, outcome.uncertainty));
    }
    let step = outcome.steps.iter().find(|step| step.name == of)?;
    Some((step.quantity.value, step.quantity.uncertainty))
}

/// Even bins, where the template says from where to where.
fn edges(min: Option<f64>, max: Option<f64>, bins: Option<u32>) -> Option<Vec<f64>> {
    let (min, max, bins) = (min?, max?, bins?);
    Some((0..=bins).map(|edge| min + (max - min) * f64::from(edge) / f64::from(bins)).collect())
}

/// What surprises most about a sensor's axes.
fn note(property: ObservedProperty) -> Bilingual {
    let (de, en) = match property {
        ObservedProperty::Acceleration => (
            "In Ruhe zeigt der Sensor 9,81 m/s² nach oben: Er spürt den Tisch, der das Handy hält.",
            "At rest the sensor shows 9.81 m/s² upwards: it feels the table that holds the phone.",
        ),
        ObservedProperty::LinearAcceleration => ("In Ruhe zeigt der Sensor null.", "At rest the sensor shows zero."),
        ObservedProperty::AngularVelocity => {
            ("Gedreht wird um diese Achsen, gegen den Uhrzeigersinn positiv.", "Turns are about these axes, counter-clockwise is positive.")
        }
        _ => return Bilingual::default(),
    };
    Bilingual { de: de.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
mod tests;
