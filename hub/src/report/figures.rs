//! The figures of a report: those of the template that paper can carry, drawn as everywhere else.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float32Type, Float64Type, TimestampMicrosecondType};
use futures::StreamExt;
use messwerk_lessons::Micros;
use messwerk_lessons::frame::Component;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{Answer, Figure};
use messwerk_query::{ObservationSpec, Scope, ThingOutcome};
use messwerk_store::catalogue::Thing;
use messwerk_viz_wasm::plain::data::{Curve, Prediction, Quantity};
use messwerk_viz_wasm::plain::{BoxPlot, Histogram, PlainFigure, Strip, Trace};
use messwerk_viz_wasm::svg::{self, Sheet};
use messwerk_viz_wasm::words::{Bilingual, symbol};

use super::material::Material;
use crate::api::problem::Problem;
use crate::discuss::Class;

/// A figure on a page of paper 174 mm wide: its type is 9 points there.
const SHEET: (u32, u32) = (800, 420);
/// Columns of a trace.
const WIDTH: u32 = 700;
/// Values from which bars say more than points, and from which quartiles are something.
const BARS: usize = 15;
const QUARTILES: usize = 5;

/// A drawing and what it is called.
pub(super) struct Drawn {
    pub(super) title: String,
    pub(super) svg: String,
}

impl Material {
    pub(super) fn drawn(&self, figure: &PlainFigure, title: String) -> Result<Drawn, Problem> {
        let sheet = Sheet { width: SHEET.0, height: SHEET.1, lang: self.lang, ..Sheet::default() };
        let svg = svg::plain(figure, sheet).map_err(|error| Problem::internal(&error))?;
        Ok(Drawn { title, svg })
    }

    /// What the template shows of the class, as it is discussed on the board. `own`: whose is drawn strong.
    pub(super) fn class_figures(&self, own: Option<&Thing>) -> Result<Vec<Drawn>, Problem> {
        let mut drawn = vec![];
        let curves = self.curves.clone();
        let class = Class { template: &self.template, outcomes: &self.outcomes, predicted: &self.predicted, curves };
        for mut figure in class.figures() {
            let (values, least) = match &mut figure {
                PlainFigure::Strip(Strip { values, .. }) => (values, 1),
                PlainFigure::Histogram(Histogram { values, .. }) => (values, BARS),
                PlainFigure::Box(BoxPlot { values, .. }) => (values, QUARTILES),
                PlainFigure::Phone(_) => continue,
                // Where a group stands among all is what its own page is for.
                _ if own.is_some() => continue,
                _ => {
                    drawn.push(self.drawn(&figure, figure.title(self.lang))?);
                    continue;
                }
            };
            // With fewer they would show the points of the strip once more.
            if values.iter().filter(|value| value.counts()).count() < least {
                continue;
            }
            for value in values.iter_mut() {
                value.own = own.is_some_and(|own| own.number == value.number);
            }
            drawn.push(self.drawn(&figure, figure.title(self.lang))?);
        }
        Ok(drawn)
    }

    /// What the template shows of a recording: its traces.
    pub(super) async fn traces(&self, of: &Thing, outcome: &ThingOutcome) -> Result<(Vec<Drawn>, Option<Micros>), Problem> {
        let (mut drawn, mut begun) = (vec![], None);
        // What was measured by hand has no recording.
        if outcome.run == 0 {
            return Ok((drawn, begun));
        }
        for figure in &self.template.figures {
            let Figure::Trace { quantity, component, min, max } = figure else { continue };
            let (curve, first) = self.curve(outcome, *quantity, *component).await?;
            begun = begun.or(first);
            if curve.x.is_empty() {
                continue;
            }
            let symbol = symbol(*quantity, *component);
            let title = format!("{}: {symbol}", self.word("Die Messung", "The measurement"));
            let trace = Trace {
                x: Quantity::new("t", "s"),
                y: Quantity::new(&symbol, quantity.unit()),
                range: Some(range(&curve, *min, *max)),
                predictions: self.sketched(of, *quantity, *component, &curve),
                curves: vec![curve],
                ..Trace::default()
            };
            drawn.push(self.drawn(&PlainFigure::Trace(trace), title)?);
        }
        Ok((drawn, begun))
    }

    /// The curve that the group drew before it measured, spread over the recording.
    fn sketched(&self, thing: &Thing, property: ObservedProperty, component: Component, curve: &Curve) -> Vec<Prediction> {
        let (Some(begin), Some(end)) = (curve.x.first(), curve.x.last()) else { return vec![] };
        let of = |prediction: &&messwerk_lessons::template::Prediction| match &prediction.answer {
            Answer::Sketch { of } => of.property == property && of.component == component,
            _ => false,
        };
        let sketch = |prediction: &messwerk_lessons::template::Prediction| {
            let knots = prediction.entry_names();
            let last = knots.len().saturating_sub(1).max(1) as f64;
            let at = |index: usize| begin + (end - begin) * index as f64 / last;
            let points: Vec<_> = knots.iter().enumerate().filter_map(|(index, knot)| Some((at(index), *thing.inputs.get(knot)?))).collect();
            (points.len() > 1).then(|| Prediction::Sketch { points, label: Bilingual::default() })
        };
        self.template.predictions.iter().filter(of).filter_map(sketch).collect()
    }

    /// A component over the seconds of a recording, with its gaps, and when it began.
    async fn curve(&self, of: &ThingOutcome, property: ObservedProperty, component: Component) -> Result<(Curve, Option<Micros>), Problem> {
        let spec = ObservationSpec {
            property: Some(property),
            thing: Some(of.thing),
            run: Some(of.run),
            width: Some(WIDTH),
            named: true,
            ..ObservationSpec::default()
        };
        let answer = self.hub.engine.observations(&Scope::lesson(self.lesson.id), &spec).await?;
        let mut batches = std::pin::pin!(answer.batches());
        let (mut points, mut begun) = (vec![], None);
        while let Some(batch) = batches.next().await {
            let batch = batch?;
            begun = begun.or_else(|| first_time(&batch));
            points.extend(points_of(&batch, property, component));
        }
        let name = Bilingual::same(&of.nickname);
        Ok((with_gaps(&points, name), begun))
    }
}

/// The template's range, wider where readings leave it.
fn range(curve: &Curve, min: f64, max: f64) -> (f64, f64) {
    curve.y.iter().flatten().fold((min, max), |(low, high), y| (low.min(*y), high.max(*y)))
}

fn first_time(batch: &RecordBatch) -> Option<Micros> {
    let times = batch.column_by_name("phenomenon_time")?.as_primitive_opt::<TimestampMicrosecondType>()?;
    (!times.is_empty()).then(|| times.value(0))
}

/// Seconds since the recording's begin, and the component.
fn points_of(batch: &RecordBatch, property: ObservedProperty, component: Component) -> Vec<(f64, f64)> {
    let axis = |name: &str| batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<Float32Type>());
    let seconds = batch.column_by_name("t_s").and_then(|column| column.as_primitive_opt::<Float64Type>());
    let (Some(seconds), axes) = (seconds, ["x", "y", "z"].map(axis)) else { return vec![] };
    let value = |axis: usize, row: usize| axes[axis].filter(|values| values.is_valid(row)).map(|values| f64::from(values.value(row)));
    let of_row = |row: usize| {
        let y = match component {
            Component::Abs if property.is_vector() => {
                let squares = (0..3).map(|axis| value(axis, row).map(|value| value * value)).sum::<Option<f64>>()?;
                Some(squares.sqrt())
            }
            Component::Y => value(1, row),
            Component::Z => value(2, row),
            _ => value(0, row),
        }?;
        seconds.is_valid(row).then(|| (seconds.value(row), y))
    };
    (0..batch.num_rows()).filter_map(of_row).collect()
}

/// Where nothing came for a second, and for much longer than one column is wide, the line ends and begins anew.
fn with_gaps(points: &[(f64, f64)], name: Bilingual) -> Curve {
    let span = points.last().map_or(0.0, |last| last.0) - points.first().map_or(0.0, |first| first.0);
    let gap = (4.0 * span / f64::from(WIDTH)).max(1.0);
    let mut curve = Curve { name, own: true, ..Curve::default() };
    for (index, (x, y)) in points.iter().enumerate() {
        if let Some((before, _)) = index.checked_sub(1).and_then(|before| points.get(before)).filter(|(before, _)| x - before > gap) {
            curve.x.push((before + x) / 2.0);
            curve.y.push(None);
        }
        curve.x.push(*x);
        curve.y.push(Some(*y));
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_stays_a_gap() {
        let points: Vec<_> = (0..50).chain(80..100).map(|i| (f64::from(i) * 0.1, 1.0)).collect();
        let curve = with_gaps(&points, Bilingual::default());
        assert_eq!(curve.x.len(), points.len() + 1);
        let gap = curve.y.iter().position(Option::is_none).unwrap();
        assert!((curve.x[gap] - 6.45).abs() < 1e-9 && curve.x.windows(2).all(|two| two[0] < two[1]));
        assert!(with_gaps(&[], Bilingual::default()).x.is_empty());
        assert_eq!(range(&curve, 2.0, 3.0), (1.0, 3.0));
    }
}
