//! Figures of what one group measured and of what its steps gave: curves, points with their fit, spectra, motions.
//!
//! The page of the discussion, the reports and the editor's preview draw these same figures.

use std::collections::BTreeMap;

use messwerk_lessons::analysis::{self, Window};
use messwerk_lessons::template::{self, Channel, Figure, Operand, Operands, Reason, RunData, Template, Text, Worked, Workings};
use messwerk_viz_wasm::plain::data::{Curve, Dot, Fit, Law, Quantity};
use messwerk_viz_wasm::plain::{Group, Motion, Peak, PlainFigure, Scatter, Spectrum, Trace};
use messwerk_viz_wasm::words::{Bilingual, property_name, symbol};

use super::signals::{Signal, component, gaps, thinned};
use super::words::{axis, bilingual, both, equation};

/// Points of a curve: more than a panel has columns.
const POINTS: usize = 1_200;
/// Points of a scatter; more only cover each other.
const DOTS: usize = 400;
/// Points of a fitted exponential's curve, whose time does not begin at zero.
const JOINTS: u32 = 200;

/// A group's recording with everything that the template's steps make of it.
pub struct Own<'t> {
    template: &'t Template,
    data: RunData,
    workings: Workings,
}

/// What one group's recording is drawn as, by the places of the template's figures.
#[derive(Debug, Clone, Default)]
pub struct Drawn {
    /// Its own figures, or why there is none (yet).
    pub figures: BTreeMap<usize, Result<PlainFigure, Text>>,
    /// Its curve in figures of the whole class, from its trigger on.
    pub curves: BTreeMap<usize, Curve>,
}

/// Whether any of the template's figures is made of recordings or of single groups' steps.
pub(super) fn draws_any(template: &Template) -> bool {
    let own = |figure: &Figure| match figure {
        Figure::Trace { .. } | Figure::Spectrum { .. } | Figure::Motion { .. } | Figure::Overlay { .. } => true,
        Figure::Scatter { of, .. } => template.class_step(of).is_none(),
        _ => false,
    };
    template.figures.iter().any(own)
}

impl<'t> Own<'t> {
    /// Runs the template's steps. A minute of a fast sensor is milliseconds of work.
    pub fn of(template: &'t Template, data: RunData) -> Self {
        let workings = template.workings(&data);
        Self { template, data, workings }
    }

    /// All of the group's figures, and its part of the class's.
    pub fn drawn(&self, name: &str) -> Drawn {
        let places = || self.template.figures.iter().enumerate();
        let figures = places().filter_map(|(place, figure)| Some((place, self.figure(figure, name)?))).collect();
        let curves = places().filter_map(|(place, figure)| Some((place, self.aligned(figure, name)?))).collect();
        Drawn { figures, curves }
    }

    /// One of the template's figures, or why there is none (yet); `None` for one that the class draws together.
    fn figure(&self, figure: &Figure, name: &str) -> Option<Result<PlainFigure, Text>> {
        let drawn = match figure {
            Figure::Trace { quantity, component, min, max } => {
                self.trace(Channel { property: *quantity, component: *component }, (*min, *max), name)
            }
            Figure::Scatter { of, log } if self.template.class_step(of).is_none() => {
                scatter(self.template, &self.workings, of, *log, |_| String::new())
            }
            Figure::Spectrum { of, max_hz } => self.spectrum(of, *max_hz),
            Figure::Motion { a, v, s } => self.motion([a, v, s]),
            _ => return None,
        };
        Some(drawn.map_err(|reason| reason.text))
    }

    /// A component over the time of the recording.
    fn trace(&self, of: Channel, range: (f64, f64), whose: &str) -> Result<PlainFigure, Reason> {
        let (time, values) = component(&self.data, of).ok_or_else(|| Reason::no_readings(&[of.property]))?;
        let (x, y) = thinned(&time, &values, POINTS);
        // Wider where readings leave it: cut off they would look as if the phone had gone silent.
        let range = values.iter().fold(range, |(low, high), y| (low.min(*y), high.max(*y)));
        let name = symbol(of.property, of.component);
        Ok(PlainFigure::Trace(Trace {
            x: Quantity { name: Bilingual { de: "Zeit t".to_owned(), en: "time t".to_owned() }, unit: "s".to_owned() },
            y: Quantity { name: both(|lang| format!("{} {name}", property_name(of.property, lang))), unit: of.unit().to_owned() },
            curves: vec![Curve { name: Bilingual::same(whose), x, y, own: true }],
            range: Some(range),
            ..Trace::default()
        }))
    }

    /// Times and values of the first operand that there is.
    fn signal(&self, of: &Operands) -> Result<Signal, Reason> {
        let mut missing = None;
        for operand in of.iter() {
            match self.operand(operand) {
                Ok(signal) => return Ok(signal),
                Err(reason) => missing = missing.or(Some(reason)),
            }
        }
        Err(missing.unwrap_or_else(|| Reason::no_readings(&[])))
    }

    fn operand(&self, operand: &Operand) -> Result<Signal, Reason> {
        match operand {
            Operand::Channel(channel) => {
                // As the steps see it, so that both stand in one picture.
                let counting = self.template.counting(&self.data)?;
                let (time, values) = component(&counting, *channel).ok_or_else(|| Reason::no_readings(&[channel.property]))?;
                let name = symbol(channel.property, channel.component);
                let name = both(|lang| format!("{} {name}", property_name(channel.property, lang)));
                Ok(Signal { time, values, quantity: Quantity { name, unit: channel.unit().to_owned() } })
            }
            Operand::Named(step) => match self.workings.step(step).map(|step| &step.result) {
                Some(Ok(Worked::Signal { time, values, unit })) => {
                    let name = self.template.step(step).map_or_else(|| Bilingual::same(step), |step| bilingual(&step.label));
                    Ok(Signal { time: time.clone(), values: values.clone(), quantity: Quantity { name, unit: unit.clone() } })
                }
                Some(Err(reason)) => Err(reason.clone()),
                _ => Err(Reason::not_computed(step)),
            },
        }
    }

    fn spectrum(&self, of: &Operands, max_hz: Option<f64>) -> Result<PlainFigure, Reason> {
        let Signal { time, values, quantity } = self.signal(of)?;
        let spectrum = analysis::spectrum(&time, &values, Window::Hann)?;
        let step_hz = spectrum.freq.get(1).copied().ok_or_else(|| Reason::no_readings(&[]))?;
        let shown = max_hz.map_or(usize::MAX, |max| (max / step_hz).ceil() as usize + 1);
        let amplitudes: Vec<f64> = spectrum.amplitude.into_iter().take(shown).collect();
        let end = (amplitudes.len().saturating_sub(1)) as f64 * step_hz;
        // What is no clear tone has no peak to name.
        let peak = analysis::spectral_peak(&time, &values, Window::Hann, 2.0 * step_hz, 0.99 * end).ok();
        // Formally it is known to millionths; nobody reads more from a spectrum than its picture shows.
        let peaks = peak.into_iter().map(|peak| Peak { hz: peak.value, ..Peak::default() });
        Ok(PlainFigure::Spectrum(Spectrum { quantity, step_hz, amplitudes, peaks: peaks.collect(), max_hz, ..Spectrum::default() }))
    }

    /// Three signals at the times of the first; where another has none then, there is a gap.
    fn motion(&self, of: [&Operands; 3]) -> Result<PlainFigure, Reason> {
        let [a, v, s] = of.map(|of| self.signal(of));
        let (a, v, s) = (a?, v?, s?);
        let every = a.time.len().div_ceil(POINTS).max(1);
        let kept: Vec<f64> = a.time.iter().copied().step_by(every).collect();
        let time = gaps(&a.time, kept);
        let at = |signal: &Signal| time.iter().map(|time| signal.at(*time)).collect::<Vec<Option<f64>>>();
        let (a_values, v_values, s_values) = (at(&a), at(&v), at(&s));
        let quantities = Some([a.quantity, v.quantity, s.quantity]);
        Ok(PlainFigure::Motion(Motion { time, a: a_values, v: v_values, s: s_values, quantities, ..Motion::default() }))
    }

    /// The group's curve from its first trigger on, at 0 s; `None` where there was none.
    fn aligned(&self, figure: &Figure, name: &str) -> Option<Curve> {
        let Figure::Overlay { of, level, edge, before_s, after_s } = figure else { return None };
        let (time, values) = component(&self.data, *of)?;
        let at = *analysis::crossings(&time, &values, *level, 0.0, (*edge).into()).ok()?.first()?;
        let shown = |time: &f64| (at - before_s..=at + after_s).contains(time);
        let places: Vec<usize> = (0..time.len()).filter(|place| shown(&time[*place])).collect();
        let (from, to) = (*places.first()?, *places.last()?);
        let (x, y) = thinned(&time[from..=to], &values[from..=to], POINTS / 2);
        let x = x.into_iter().map(|time| time - at).collect();
        Some(Curve { name: Bilingual::same(name), x, y, own: false })
    }
}

/// Points, fit and residuals of a step of a group or of the class; `name` tells whose a point is.
pub(super) fn scatter(
    template: &Template,
    workings: &Workings,
    of: &str,
    log: bool,
    name: impl Fn(usize) -> String,
) -> Result<PlainFigure, Reason> {
    let fit = match workings.step(of).map(|step| &step.result) {
        Some(Ok(Worked::Fit(fit))) => fit,
        Some(Err(reason)) => return Err(reason.clone()),
        _ => return Err(Reason::not_computed(of)),
    };
    let [x, y] = axes(template, of);
    let sigma = |all: &[f64], index: usize| all.get(index).copied().filter(|sigma| *sigma > 0.0);
    let dot = |(index, (x, y)): (usize, (&f64, &f64))| Dot {
        x: *x,
        y: *y,
        ux: sigma(&fit.x_uncertainty, index),
        uy: sigma(&fit.y_uncertainty, index),
        name: fit.of.get(index).map(|place| name(*place)).unwrap_or_default(),
        excluded: None,
    };
    let all = fit.x.iter().zip(&fit.y).enumerate();
    // Of the thousands of a recording a panel shows as many.
    let points = all.step_by(fit.x.len().div_ceil(DOTS).max(1)).map(dot).collect();
    let model = law(fit.curve, &fit.x).ok_or_else(|| Reason::not_computed(of))?;
    let label = both(|lang| equation(&fit.numbers, lang));
    Ok(PlainFigure::Scatter(Scatter {
        x: Quantity { name: x, unit: fit.x_unit.clone() },
        y: Quantity { name: y, unit: fit.y_unit.clone() },
        groups: vec![Group { name: Bilingual::default(), points, fit: Some(Fit { label, model }) }],
        log,
        residuals: true,
        ..Scatter::default()
    }))
}

/// What a step lays along and up. An exponential has no expressions: it lies over time.
fn axes(template: &Template, of: &str) -> [Bilingual; 2] {
    let said = serde_json::to_value(template).unwrap_or_default();
    let lists = ["steps", "class_steps"].iter().filter_map(|list| said[*list].as_array());
    let step = lists.flatten().find(|step| step["name"] == of).cloned().unwrap_or_default();
    let named = |key: &str| step[key].as_str().map(|text| axis(template, text));
    let time = || Bilingual { de: "Zeit t".to_owned(), en: "time t".to_owned() };
    let signal = || {
        let channel = step["of"].as_str().or_else(|| step["of"][0].as_str()).and_then(Channel::parse);
        let label = || template.label_of(of).map_or_else(|| Bilingual::same(of), bilingual);
        channel.map_or_else(label, |channel| both(|lang| property_name(channel.property, lang).to_owned()))
    };
    [named("x").unwrap_or_else(time), named("y").unwrap_or_else(signal)]
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

#[cfg(test)]
mod tests;
