//! What a class discusses after measuring: the template's figures over everybody's results, as plain figures.
//!
//! The live charts of the board are another thing: they draw readings as they come. These are made of results, and what was
//! predicted before the start is laid over them.

mod predicted;

use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{Figure, Template, Text};
use messwerk_query::{LessonOutcomes, ThingOutcome};
use messwerk_viz_wasm::plain::data::{Band, Bins, Quantity, Value};
use messwerk_viz_wasm::plain::{BoxPlot, Histogram, Phone, PlainFigure, Strip};
use messwerk_viz_wasm::words::Bilingual;

pub use predicted::{Predicted, locked};

/// The figures of a class's results, in the template's order; then one for each question that none of them shows.
///
/// Figures of single recordings are not among them: they belong to a group.
pub fn figures(template: &Template, outcomes: &LessonOutcomes, predicted: &Predicted) -> Vec<PlainFigure> {
    let about = About { template, outcomes, predicted };
    let mut figures: Vec<PlainFigure> = template.figures.iter().filter_map(|figure| about.figure(figure)).collect();
    figures.extend(predicted.votes(template));
    figures
}

struct About<'a> {
    template: &'a Template,
    outcomes: &'a LessonOutcomes,
    predicted: &'a Predicted,
}

impl About<'_> {
    fn figure(&self, figure: &Figure) -> Option<PlainFigure> {
        match figure {
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
                bins: edges(*min, *max, *bins).map(|edges| Bins { edges, counts: vec![] }),
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
                quantity: Quantity { name: bilingual(&quantity_name(*quantity)), unit: quantity.unit().to_owned() },
                reading: None,
                note: note(*quantity),
            })),
            _ => None,
        }
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

fn bilingual(text: &Text) -> Bilingual {
    Bilingual { de: text.de.clone(), en: text.en.clone() }
}

fn quantity_name(property: ObservedProperty) -> Text {
    use messwerk_viz_wasm::words::{Lang, property_name};
    Text { de: property_name(property, Lang::De).to_owned(), en: property_name(property, Lang::En).to_owned() }
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
