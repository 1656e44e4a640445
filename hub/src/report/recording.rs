//! Figures of what the steps gave: points with their fit, motions, spectra. The template's analysis is run once more over the
//! recording that the result comes from, with everything it gives.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float32Type, Float64Type};
use futures::StreamExt;
use messwerk_lessons::analysis::{self, Window};
use messwerk_lessons::frame::Component;
use messwerk_lessons::template::{self, Channel, Figure, Operand, Operands, RunData, StepResult, StreamData, Worked, Workings};
use messwerk_query::{ObservationSpec, Scope, ThingOutcome};
use messwerk_store::catalogue::Thing;
use messwerk_viz_wasm::plain::data::{Dot, Fit, Law, Quantity};
use messwerk_viz_wasm::plain::{Group, Motion, PlainFigure, Scatter, Spectrum};
use messwerk_viz_wasm::words::{Bilingual, property_name};

use super::figures::Drawn;
use super::material::Material;
use super::method::formula;
use crate::api::problem::Problem;

/// Readings of a property that are analysed, as for the results themselves.
const READINGS: usize = 60_000;
/// Points of a curve that a printed panel can show.
const POINTS: usize = 1_500;
/// Points of a fitted exponential's curve, whose time does not begin at zero.
const JOINTS: u32 = 200;

impl Material {
    /// What the template shows of a group's own numbers and signals.
    pub(super) async fn worked_figures(&self, thing: &Thing, outcome: &ThingOutcome) -> Result<Vec<Drawn>, Problem> {
        let wanted = |figure: &&Figure| matches!(figure, Figure::Scatter { .. } | Figure::Spectrum { .. } | Figure::Motion { .. });
        if !self.template.figures.iter().any(|figure| wanted(&figure)) {
            return Ok(vec![]);
        }
        let data = self.run_data(thing, outcome).await?;
        let (template, given) = (std::sync::Arc::clone(&self.template), data.clone());
        // A minute of a fast sensor is milliseconds of work, and a class has many.
        let workings = crate::api::blocking(move || Ok(template.workings(&given))).await?;
        let mut drawn = vec![];
        for figure in self.template.figures.iter().filter(wanted) {
            let plain = match figure {
                Figure::Scatter { of, log } => self.scatter(&workings, of, *log, |_| String::new()),
                Figure::Spectrum { of, max_hz } => self.spectrum(&workings, &data, of, *max_hz),
                Figure::Motion { a, v, s } => self.motion(&workings, &data, [a, v, s]),
                _ => None,
            };
            if let Some(plain) = plain {
                drawn.push(self.drawn(&plain, plain.title(self.lang))?);
            }
        }
        Ok(drawn)
    }

    /// The class's points with their fits.
    pub(super) fn class_scatters(&self) -> Result<Vec<Drawn>, Problem> {
        let scatters = self.template.figures.iter().filter_map(|figure| match figure {
            Figure::Scatter { of, log } if self.template.class_step(of).is_some() => Some((of, *log)),
            _ => None,
        });
        let counted: Vec<&ThingOutcome> = self.outcomes.outcomes.iter().filter(|outcome| outcome.excluded.is_none()).collect();
        let groups: Vec<_> = counted.iter().map(|outcome| self.numbers_of(outcome)).collect();
        let workings = self.template.class_workings(&groups);
        let name = |group: usize| counted.get(group).map(|outcome| outcome.nickname.clone()).unwrap_or_default();
        let mut drawn = vec![];
        for (of, log) in scatters {
            if let Some(plain) = self.scatter(&workings, of, log, name) {
                drawn.push(self.drawn(&plain, plain.title(self.lang))?);
            }
        }
        Ok(drawn)
    }

    /// A group's results and what it entered, as the class's steps see them.
    fn numbers_of(&self, outcome: &ThingOutcome) -> std::collections::BTreeMap<String, template::Quantity> {
        let inputs = self.things.iter().find(|thing| thing.id == outcome.thing).map(|thing| thing.inputs.clone()).unwrap_or_default();
        let own = template::Quantity { value: outcome.value, uncertainty: outcome.uncertainty, unit: outcome.unit.clone() };
        let steps = outcome.steps.iter().map(|step| (step.name.clone(), step.quantity.clone()));
        let results = steps.chain([(outcome.name.clone(), own)]).map(|(name, quantity)| StepResult { name, result: Ok(quantity) });
        self.template.numbers(&RunData { streams: vec![], inputs }, &results.collect::<Vec<_>>())
    }

    /// The recording that the result comes from; only what was entered, if that was all.
    async fn run_data(&self, thing: &Thing, outcome: &ThingOutcome) -> Result<RunData, Problem> {
        let mut data = RunData { streams: vec![], inputs: thing.inputs.clone() };
        for sensor in self.template.sensors.iter().filter(|_| outcome.run > 0) {
            let spec = ObservationSpec {
                property: Some(sensor.quantity),
                thing: Some(thing.id),
                run: Some(outcome.run),
                limit: Some(READINGS),
                named: true,
                ..ObservationSpec::default()
            };
            let answer = self.hub.engine.observations(&Scope::lesson(self.lesson.id), &spec).await?;
            let mut batches = std::pin::pin!(answer.batches());
            let mut stream = StreamData { property: sensor.quantity, time: vec![], x: vec![], y: vec![], z: vec![] };
            while let Some(batch) = batches.next().await {
                let batch = batch?;
                let column = |name: &str| batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<Float32Type>());
                let seconds = batch.column_by_name("t_s").and_then(|column| column.as_primitive_opt::<Float64Type>());
                let Some(seconds) = seconds.filter(|seconds| seconds.null_count() == 0) else { continue };
                stream.time.extend(seconds.values());
                for (name, into) in [("x", &mut stream.x), ("y", &mut stream.y), ("z", &mut stream.z)] {
                    let values = column(name).filter(|values| values.null_count() == 0);
                    into.extend(values.into_iter().flat_map(|values| values.values().iter().copied().map(f64::from)));
                }
            }
            if !stream.time.is_empty() {
                data.streams.push(stream);
            }
        }
        Ok(data)
    }

    /// Points, fit and residuals of a step; nothing while it gives none.
    fn scatter(&self, workings: &Workings, of: &str, log: bool, name: impl Fn(usize) -> String) -> Option<PlainFigure> {
        let Ok(Worked::Fit(fit)) = &workings.step(of)?.result else { return None };
        let [x, y] = self.axes(of);
        let sigma = |all: &[f64], index: usize| all.get(index).copied().filter(|sigma| *sigma > 0.0);
        let dot = |(index, (x, y)): (usize, (&f64, &f64))| Dot {
            x: *x,
            y: *y,
            ux: sigma(&fit.x_uncertainty, index),
            uy: sigma(&fit.y_uncertainty, index),
            name: fit.of.get(index).map(|place| name(*place)).unwrap_or_default(),
            excluded: None,
        };
        let points = fit.x.iter().zip(&fit.y).enumerate().map(dot).collect();
        let model = law(fit.curve, &fit.x)?;
        let numbers = fit
            .numbers
            .iter()
            .map(|(part, quantity)| format!("{part} = {}", self.told(quantity.value, quantity.uncertainty, &quantity.unit)));
        let label = Bilingual::same(&numbers.collect::<Vec<_>>().join(", "));
        let group = Group { name: Bilingual::default(), points, fit: Some(Fit { label, model }) };
        Some(PlainFigure::Scatter(Scatter {
            x: Quantity::new(&x, &fit.x_unit),
            y: Quantity::new(&y, &fit.y_unit),
            groups: vec![group],
            log,
            residuals: true,
            ..Scatter::default()
        }))
    }

    /// What a step lays along and up, as formulas.
    fn axes(&self, of: &str) -> [String; 2] {
        let said = serde_json::to_value(&*self.template).unwrap_or_default();
        let lists = ["steps", "class_steps"].iter().filter_map(|list| said[*list].as_array());
        let step = lists.flatten().find(|step| step["name"] == of).cloned().unwrap_or_default();
        let word = |key: &str, other: &str| step[key].as_str().map_or(other.to_owned(), formula);
        [word("x", "t"), word("y", self.template.label_of(of).map_or(of, |label| label.in_language(self.language())))]
    }

    /// Times and values of the first operand that there is.
    fn signal(&self, workings: &Workings, data: &RunData, of: &Operands) -> Option<(Vec<f64>, Vec<f64>, Quantity)> {
        of.iter().find_map(|operand| match operand {
            Operand::Channel(channel) => {
                let (time, values) = component(data, *channel)?;
                let name = property_name(channel.property, self.lang);
                Some((time, values, Quantity::new(name, channel.unit())))
            }
            Operand::Named(step) => match &workings.step(step)?.result {
                Ok(Worked::Signal { time, values, unit }) => {
                    let label = self.template.step(step).map_or(step.as_str(), |step| step.label.in_language(self.language()));
                    Some((time.clone(), values.clone(), Quantity::new(label, unit)))
                }
                _ => None,
            },
        })
    }

    fn spectrum(&self, workings: &Workings, data: &RunData, of: &Operands, max_hz: Option<f64>) -> Option<PlainFigure> {
        let (time, values, quantity) = self.signal(workings, data, of)?;
        let spectrum = analysis::spectrum(&time, &values, Window::Hann).ok()?;
        let step_hz = *spectrum.freq.get(1)?;
        Some(PlainFigure::Spectrum(Spectrum { quantity, step_hz, amplitudes: spectrum.amplitude, peaks: vec![], max_hz }))
    }

    /// Three signals at the times of the first; where another has none then, there is a gap.
    fn motion(&self, workings: &Workings, data: &RunData, of: [&Operands; 3]) -> Option<PlainFigure> {
        let [a, v, s] = of.map(|of| self.signal(workings, data, of));
        let (a, v, s) = (a?, v?, s?);
        let every = a.0.len().div_ceil(POINTS).max(1);
        let time: Vec<f64> = a.0.iter().copied().step_by(every).collect();
        let at = |(times, values, _): &(Vec<f64>, Vec<f64>, Quantity)| -> Vec<Option<f64>> {
            let value = |time: &f64| {
                let place = times.partition_point(|known| *known < time - 1e-6);
                let found = times.get(place).filter(|known| (*known - time).abs() <= 1e-6);
                found.and_then(|_| values.get(place)).copied().filter(|value| value.is_finite())
            };
            time.iter().map(value).collect()
        };
        let curves = [at(&a), at(&v), at(&s)];
        let [a_values, v_values, s_values] = curves;
        let quantities = Some([a.2, v.2, s.2]);
        Some(PlainFigure::Motion(Motion { time, a: a_values, v: v_values, s: s_values, quantities, moments: vec![] }))
    }
}

/// A fit's curve for the figure; none where a number is not finite.
fn law(curve: template::Curve, x: &[f64]) -> Option<Law> {
    let law = match curve {
        template::Curve::Line { slope, intercept } => Law::Polynomial { coefficients: vec![intercept, slope] },
        template::Curve::Parabola { a, b, c } => Law::Polynomial { coefficients: vec![c, b, a] },
        template::Curve::PowerLaw { factor, exponent, background } => Law::Power { factor, exponent, offset: background },
        other => {
            let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
            let at = |joint: u32| low + (high - low) * f64::from(joint) / f64::from(JOINTS);
            Law::Points { points: (0..=JOINTS).map(at).map(|x| (x, other.at(x))).collect() }
        }
    };
    let fine = match &law {
        Law::Polynomial { coefficients } => coefficients.iter().all(|one| one.is_finite()),
        Law::Power { factor, exponent, offset } => [factor, exponent, offset].iter().all(|one| one.is_finite()),
        Law::Points { points } => points.iter().all(|(x, y)| x.is_finite() && y.is_finite()),
        Law::Exponential { .. } => true,
    };
    fine.then_some(law)
}

/// A component of what was recorded.
fn component(data: &RunData, of: Channel) -> Option<(Vec<f64>, Vec<f64>)> {
    let stream = data.stream(of.property)?;
    let values = match of.component {
        Component::X => stream.x.clone(),
        Component::Y => stream.y.clone(),
        Component::Z => stream.z.clone(),
        Component::Abs => stream.x.iter().zip(&stream.y).zip(&stream.z).map(|((x, y), z)| (x * x + y * y + z * z).sqrt()).collect(),
    };
    (values.len() == stream.time.len()).then(|| (stream.time.clone(), values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_drawn_as_what_it_is() {
        let check = |curve: template::Curve, expected: Option<f64>| {
            let found = law(curve, &[0.0, 1.0, 4.0]).and_then(|law| law.at(2.0));
            assert_eq!(found.map(|y| (y * 1e3).round() / 1e3), expected, "{curve:?}");
        };
        check(template::Curve::Line { slope: 2.0, intercept: 1.0 }, Some(5.0));
        check(template::Curve::Parabola { a: 1.0, b: 2.0, c: 3.0 }, Some(11.0));
        check(template::Curve::PowerLaw { factor: 3.0, exponent: 2.0, background: 1.0 }, Some(13.0));
        check(template::Curve::Exponential { amplitude: 2.0, tau: 1.0, offset: 1.0, start: 1.0 }, Some(1.736));
        check(template::Curve::Line { slope: f64::NAN, intercept: 1.0 }, None);
    }
}
