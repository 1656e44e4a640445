//! Whether figures and predictions lead somewhere.

use super::{check_name, ensure, unit};
use crate::frame::Component;
use crate::quantity::ObservedProperty;
use crate::template::finding::{Issue, What};
use crate::template::read::Notes;
use crate::template::{Answer, Channel, ClassOp, Figure, Op, Operand, Operands, Output, Template, Trigger};
use crate::unit::Unit;

impl Template {
    pub(super) fn check_figures(&self, notes: &Notes) {
        for (index, figure) in self.figures.iter().enumerate() {
            let key = |parameter: &str| format!("figure.{}.{parameter}", index + 1);
            match figure {
                Figure::Trace { quantity, component, min, max } => {
                    self.check_sensor(notes, &key("quantity"), *quantity);
                    let good = Component::of(*quantity).contains(component);
                    let (property, scalar) = (quantity.name(), !quantity.is_vector());
                    ensure(good, notes, &key("component"), || Issue::Component { property, scalar });
                    check_axis(notes, &key("min"), Some(*min), Some(*max));
                }
                Figure::Strip { of, min, max } | Figure::Box { of, min, max } | Figure::Histogram { of, min, max, .. } => {
                    self.check_number(notes, &key("of"), of);
                    check_axis(notes, &key("min"), *min, *max);
                }
                Figure::Scatter { of, .. } => {
                    let fit = self.step(of).is_some_and(|step| matches!(step.output, Output::Fit { .. }));
                    let class_fit =
                        self.class_step(of).is_some_and(|step| matches!(step.op, ClassOp::Line { .. } | ClassOp::PowerLaw { .. }));
                    if !(fit || class_fit || notes.is_broken(of)) {
                        notes.note(&key("of"), self.lost(of, What::Fit));
                    }
                }
                Figure::Spectrum { of, max_hz } => {
                    self.check_signals(notes, &key("of"), of);
                    let good = max_hz.is_none_or(|hz| hz > 0.0 && hz.is_finite());
                    ensure(good, notes, &key("max_hz"), || Issue::Outside("max_hz > 0".to_owned()));
                }
                Figure::Motion { a, v, s } => {
                    for (parameter, of, wanted) in [("a", a, "m/s2"), ("v", v, "m/s"), ("s", s, "m")] {
                        self.check_signals(notes, &key(parameter), of);
                        self.check_signal_unit(notes, &key(parameter), of, wanted);
                    }
                }
                Figure::Overlay { of, level, edge, before_s, after_s } => {
                    let trigger = Trigger { of: *of, level: *level, edge: *edge, before_s: *before_s, after_s: *after_s };
                    self.check_trigger(notes, key, &trigger);
                }
                Figure::Phone { quantity } => {
                    self.check_sensor(notes, &key("quantity"), *quantity);
                    let property = quantity.name();
                    ensure(quantity.is_vector(), notes, &key("quantity"), || Issue::Component { property, scalar: true });
                }
            }
        }
    }

    /// `key` is the full name of one of its keys.
    pub(super) fn check_trigger(&self, notes: &Notes, key: impl Fn(&str) -> String, trigger: &Trigger) {
        let Trigger { of, level, before_s, after_s, .. } = trigger;
        self.check_channel(notes, &key("of"), *of);
        ensure(level.is_finite(), notes, &key("level"), || Issue::Outside("level".to_owned()));
        let good = (0.0..=600.0).contains(before_s) && *after_s > 0.0 && *after_s <= 600.0;
        ensure(good, notes, &key("after_s"), || Issue::Outside("0 <= before_s <= 600, 0 < after_s <= 600".to_owned()));
    }

    pub(super) fn check_predictions(&self, notes: &Notes) {
        for prediction in &self.predictions {
            let key = |parameter: &str| format!("predict.{}.{parameter}", prediction.name);
            check_name(notes, &key("name"), &prediction.name);
            let twice = self.predictions.iter().filter(|other| other.name == prediction.name).count() > 1;
            ensure(!twice, notes, &key("name"), || Issue::Twice(prediction.name.clone()));
            match &prediction.answer {
                Answer::Number { unit: symbol, min, max, of } => {
                    check_axis(notes, &key("min"), Some(*min), Some(*max));
                    let own = unit(notes, &key("unit"), symbol);
                    let Some(of) = of else { continue };
                    self.check_number(notes, &key("of"), of);
                    let (Some(own), Some(theirs)) = (own, self.unit_of(of)) else { continue };
                    let fits = Unit::parse(theirs).is_ok_and(|theirs| theirs.dimension() == own.dimension());
                    ensure(fits, notes, &key("unit"), || Issue::UnitIs { found: symbol.clone(), wanted: theirs.to_owned() });
                }
                Answer::Choice { options } => {
                    let good = (2..=6).contains(&options.len());
                    ensure(good, notes, &key("options"), || Issue::Outside("2 … 6 options".to_owned()));
                }
                Answer::Sketch { of } => self.check_channel(notes, &key("of"), *of),
            }
        }
    }

    fn check_sensor(&self, notes: &Notes, key: &str, property: ObservedProperty) {
        ensure(self.sensor(property).is_some(), notes, key, || self.no_such(What::Sensor, property.name(), false));
    }

    pub(super) fn check_channel(&self, notes: &Notes, key: &str, channel: Channel) {
        self.check_sensor(notes, key, channel.property);
    }

    fn check_number(&self, notes: &Notes, key: &str, name: &str) {
        let good = self.unit_of(name).is_some() || notes.is_broken(name);
        ensure(good, notes, key, || self.lost(name, What::Number));
    }

    /// Either there is nothing of that name, or it is something else.
    pub(super) fn lost(&self, name: &str, what: What) -> Issue {
        let first = name.split('.').next().unwrap_or_default();
        if self.step(first).is_some() || self.class_step(first).is_some() || self.input(name).is_some() {
            Issue::NotA { name: name.to_owned(), what }
        } else {
            self.no_such(what, name, false)
        }
    }

    fn check_signals(&self, notes: &Notes, key: &str, of: &Operands) {
        for operand in of.iter() {
            match operand {
                Operand::Channel(channel) => self.check_channel(notes, key, *channel),
                Operand::Named(name) => {
                    let signal = self.step(name).is_some_and(|step| matches!(step.output, Output::Signal { .. }));
                    ensure(signal || notes.is_broken(name), notes, key, || self.lost(name, What::Signal));
                }
            }
        }
    }

    fn check_signal_unit(&self, notes: &Notes, key: &str, of: &Operands, wanted: &str) {
        let unit = |operand: &Operand| match operand {
            Operand::Channel(channel) => Some(channel.unit()),
            Operand::Named(name) => self.step(name).map(|step| step.unit()),
        };
        for found in of.iter().filter_map(unit) {
            let fits = Unit::parse(found).map(|unit| unit.dimension()) == Unit::parse(wanted).map(|unit| unit.dimension());
            ensure(fits, notes, key, || Issue::UnitIs { found: found.to_owned(), wanted: wanted.to_owned() });
        }
    }

    /// The names of lists that an operation gives or a group enters.
    pub(super) fn is_list(&self, name: &str, before: usize) -> bool {
        let by_step = self.steps[..before].iter().find(|step| step.name == name);
        match by_step {
            Some(step) => matches!(step.output, Output::List { .. }) || matches!(step.op, Op::Values { .. }),
            None => self.input(name).is_some_and(|input| input.repeat.is_some()),
        }
    }
}

/// Both ends or neither.
fn check_axis(notes: &Notes, key: &str, min: Option<f64>, max: Option<f64>) {
    let good = match (min, max) {
        (Some(min), Some(max)) => min.is_finite() && max.is_finite() && min < max,
        (None, None) => true,
        _ => false,
    };
    ensure(good, notes, key, || Issue::Outside("min < max".to_owned()));
}
