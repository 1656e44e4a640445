//! Whether each step can be computed, and what it gives.

use super::names::{Names, OfClass, OfRun};
use super::{ensure, unit};
use crate::frame::Component;
use crate::quantity::ObservedProperty;
use crate::template::expr::{Expression, ExpressionError, Kind, Scope, Typed, named, typed_expression};
use crate::template::finding::{ByHand, Issue, What};
use crate::template::read::Notes;
use crate::template::{ClassOp, Op, Operand, Operands, Output, Template};
use crate::unit::Unit;

/// So many readings may lie in a window.
const WIDEST: f64 = 5000.0;

/// What went wrong was noted.
type Checked = Option<Output>;

impl Template {
    /// Each step in turn: it may use what stands before it, and has an output from then on.
    pub(super) fn check_steps(&mut self, notes: &Notes, names: &mut Names) {
        for index in 0..self.steps.len() {
            let name = self.steps[index].name.clone();
            names.take(notes, &format!("analysis.{name}.name"), &name);
            match self.check_step(notes, index) {
                Some(output) => self.steps[index].output = output,
                None => notes.mark_broken(&name),
            }
        }
    }

    fn check_step(&self, notes: &Notes, index: usize) -> Checked {
        let step = &self.steps[index];
        let key = |parameter: &str| format!("analysis.{}.{parameter}", step.name);
        let check = OneStep { template: self, notes, index };
        let number = |unit: &str| Some(Output::Number { unit: unit.to_owned() });
        let positive = |parameter: &str, value: f64| {
            ensure(value > 0.0 && value <= 1e6, notes, &key(parameter), || Issue::Outside(format!("0 < {parameter}")))
        };
        match &step.op {
            Op::Period { of, min_s, max_s, .. } => {
                let recorded = check.properties(&key("of"), of);
                let good = *min_s >= 0.01 && *max_s <= 60.0 && *max_s >= 2.0 * min_s;
                ensure(good, notes, &key("min_s"), || Issue::Outside("0.01 <= min_s, 2 * min_s <= max_s <= 60".to_owned()));
                recorded.then(|| Output::Number { unit: "s".to_owned() })
            }
            Op::Mean { of, component, still_sd, min_s } => {
                let recorded = check.properties(&key("of"), of);
                for property in of {
                    let good = Component::of(*property).contains(component);
                    let (property, scalar) = (property.name(), !property.is_vector());
                    ensure(good, notes, &key("component"), || Issue::Component { property, scalar });
                }
                let alike = of.windows(2).all(|pair| pair[0].unit() == pair[1].unit());
                ensure(alike, notes, &key("of"), || Issue::OneUnit);
                positive("still_sd", *still_sd);
                positive("min_s", *min_s);
                let first = of.first().filter(|_| recorded)?;
                number(first.unit())
            }
            Op::Average { of } => number(&check.signal(&key("of"), of)?.to_string()),
            Op::EnergyMean { of } => {
                let found = check.signal(&key("of"), of)?;
                let level = found.dimension().is_level();
                ensure(level, notes, &key("of"), || Issue::UnitIs { found: found.to_string(), wanted: "dB".to_owned() });
                number("dB")
            }
            Op::Exceeded { of, percent } => {
                let good = *percent > 0.0 && *percent < 100.0;
                ensure(good, notes, &key("percent"), || Issue::Outside("0 < percent < 100".to_owned()));
                number(&check.signal(&key("of"), of)?.to_string())
            }
            Op::Median { of } | Op::Minimum { of } | Op::Maximum { of } => number(&check.values(&key("of"), of)?.to_string()),
            Op::Range { of } | Op::Sd { of } => number(&check.values(&key("of"), of)?.of_difference().to_string()),
            Op::Change { of, edge_s } => {
                positive("edge_s", *edge_s);
                number(&check.signal(&key("of"), of)?.of_difference().to_string())
            }
            Op::Duration { of, unit: own, .. } => {
                let found = check.signal(&key("of"), of)?;
                check.level_unit(&key("unit"), own.as_deref(), &found);
                number("s")
            }
            Op::Count { of, hysteresis, unit: own, .. } => {
                let found = check.signal(&key("of"), of)?;
                check.level_unit(&key("unit"), own.as_deref(), &found);
                ensure(*hysteresis >= 0.0 && hysteresis.is_finite(), notes, &key("hysteresis"), || {
                    Issue::Outside("hysteresis >= 0".to_owned())
                });
                number("1")
            }
            Op::Frequency { of, min_hz, max_hz, .. } => {
                let good = *min_hz > 0.0 && *max_hz > *min_hz && *max_hz <= 50_000.0;
                ensure(good, notes, &key("min_hz"), || Issue::Outside("0 < min_hz < max_hz <= 50000".to_owned()));
                check.signal(&key("of"), of)?;
                number("Hz")
            }
            Op::Smooth { of, window_s, .. } => {
                check.window(&key("window_s"), *window_s);
                Some(Output::Signal { unit: check.signal(&key("of"), of)?.to_string() })
            }
            Op::Derivative { of, window_s } => {
                check.window(&key("window_s"), *window_s);
                let found = check.signal(&key("of"), of)?;
                Some(Output::Signal { unit: check.product(&key("of"), &found, "s", -1)?.to_string() })
            }
            Op::Integral { of, .. } => {
                let found = check.signal(&key("of"), of)?;
                Some(Output::Signal { unit: check.product(&key("of"), &found, "s", 1)?.to_string() })
            }
            Op::Height { of } => {
                let found = check.signal(&key("of"), of)?;
                let fits = Unit::parse("Pa").is_ok_and(|pascal| pascal.dimension() == found.dimension());
                ensure(fits, notes, &key("of"), || Issue::UnitIs { found: found.to_string(), wanted: "hPa".to_owned() });
                Some(Output::Signal { unit: "m".to_owned() })
            }
            Op::Values { of } => {
                let sensors = of.channels().count() == of.iter().count();
                ensure(sensors, notes, &key("of"), || Issue::NotA {
                    name: of.iter().map(ToString::to_string).collect(),
                    what: What::Sensor,
                });
                Some(Output::List { unit: check.signal(&key("of"), of)?.to_string() })
            }
            Op::Exponential { of } => {
                let found = check.signal(&key("of"), of)?;
                let parts = [("tau", "s".to_owned()), ("half_life", "s".to_owned()), ("amplitude", found.of_difference().to_string())];
                let parts = parts.into_iter().chain([("offset", found.to_string()), ("r2", "1".to_owned())]).collect();
                Some(Output::Fit { parts })
            }
            Op::AverageOf { of } => number(&check.list(&key("of"), of)?.to_string()),
            Op::DifferenceOf { a, b } => {
                let (first, second) = (check.list(&key("a"), a), check.list(&key("b"), b));
                let (first, second) = (first?, second?);
                let fits = first.dimension() == second.dimension();
                ensure(fits, notes, &key("b"), || Issue::UnitIs { found: second.to_string(), wanted: first.to_string() });
                number(&first.of_difference().to_string())
            }
            Op::Line { x, y, .. } => {
                let (x, y) = check.points(&key("x"), x, &key("y"), y)?;
                check.line(&key("y"), &x, &y)
            }
            Op::PowerLaw { x, y, .. } => {
                let (_, y) = check.points(&key("x"), x, &key("y"), y)?;
                Some(power_law(&y))
            }
            Op::Parabola { x, y } => {
                let (x, y) = check.points(&key("x"), x, &key("y"), y)?;
                let parts = [("a", y.times(&x, -2)), ("b", y.times(&x, -1)), ("c", Some(y.clone()))];
                check.fit(&key("y"), parts.to_vec())
            }
            Op::Formula { expr, unit: symbol } => {
                let declared = unit(notes, &key("unit"), symbol);
                let scope = OfRun { template: self, steps: &self.steps[..index] };
                check.formula(&key("expr"), expr, declared?, &scope)
            }
            Op::GravityOfPendulum { period, length } => {
                check.period(&key("period"), period);
                check.entered(&key("length"), length, "m");
                number("m/s2")
            }
            Op::SpringConstant { period, mass } => {
                check.period(&key("period"), period);
                check.entered(&key("mass"), mass, "kg");
                number("N/m")
            }
        }
    }

    /// The class's steps, as [`check_steps`](Self::check_steps).
    pub(super) fn check_class_steps(&mut self, notes: &Notes, names: &mut Names) {
        for index in 0..self.class_steps.len() {
            let step = &self.class_steps[index];
            let name = step.name.clone();
            names.take(notes, &format!("class.{name}.name"), &name);
            let key = |parameter: &str| format!("class.{name}.{parameter}");
            let check = OneStep { template: self, notes, index: self.steps.len() };
            let scope = OfClass { template: self, steps: &self.class_steps[..index] };
            let output = match &step.op {
                ClassOp::Line { x, y, .. } => {
                    let found = check.points_of(&key("x"), x, &key("y"), y, &scope, Kind::List);
                    found.and_then(|(x, y)| check.line(&key("y"), &x, &y))
                }
                ClassOp::PowerLaw { x, y, .. } => {
                    check.points_of(&key("x"), x, &key("y"), y, &scope, Kind::List).map(|(_, y)| power_law(&y))
                }
                ClassOp::AverageOf { of } => match scope.typed(of) {
                    Ok(Typed { kind: Kind::List, .. }) => Some(Output::Number { unit: check.unit_in_class(of, &scope).to_string() }),
                    Ok(_) => {
                        notes.note(&key("of"), Issue::NotA { name: of.clone(), what: What::List });
                        None
                    }
                    Err(error) => {
                        self.note_expression(notes, &key("of"), error, self.steps.len());
                        None
                    }
                },
                ClassOp::Formula { expr, unit: symbol } => {
                    let declared = unit(notes, &key("unit"), symbol);
                    declared.and_then(|declared| check.formula(&key("expr"), expr, declared, &scope))
                }
            };
            match output {
                Some(output) => self.class_steps[index].output = output,
                None => notes.mark_broken(&name),
            }
        }
    }
}

fn power_law(y: &Unit) -> Output {
    // The factor's unit depends on an exponent nobody knows beforehand: it is that of y, for x counted in its SI unit.
    Output::Fit { parts: vec![("exponent", "1".to_owned()), ("factor", y.to_string()), ("background", y.to_string())] }
}

/// One step at its place.
struct OneStep<'t> {
    template: &'t Template,
    notes: &'t Notes,
    index: usize,
}

impl OneStep<'_> {
    fn note(&self, key: &str, issue: Issue) {
        self.notes.note(key, issue);
    }

    /// Something of that name stands further down.
    fn later(&self, name: &str) -> bool {
        self.template.steps.iter().skip(self.index).any(|step| step.name == name)
    }

    fn properties(&self, key: &str, of: &[ObservedProperty]) -> bool {
        let mut recorded = of.iter().filter(|property| self.template.sensor(**property).is_none());
        match recorded.next() {
            Some(missing) => {
                self.note(key, self.template.no_such(What::Sensor, missing.name(), false));
                false
            }
            None => !of.is_empty(),
        }
    }

    /// The unit of the signals of `of`, which must be one.
    fn signal(&self, key: &str, of: &Operands) -> Option<Unit> {
        self.operands(key, of, What::Signal, |output| matches!(output, Output::Signal { .. }))
    }

    /// As [`signal`](Self::signal), but lists will do.
    fn values(&self, key: &str, of: &Operands) -> Option<Unit> {
        let good = |output: &Output| matches!(output, Output::Signal { .. } | Output::List { .. });
        self.operands(key, of, What::ListOrSignal, good)
    }

    fn operands(&self, key: &str, of: &Operands, what: What, good: impl Fn(&Output) -> bool) -> Option<Unit> {
        let mut units: Vec<Unit> = vec![];
        for operand in of.iter() {
            let symbol = match operand {
                Operand::Channel(channel) => {
                    if self.template.sensor(channel.property).is_none() {
                        self.note(key, self.template.no_such(What::Sensor, channel.property.name(), false));
                        return None;
                    }
                    channel.unit().to_owned()
                }
                Operand::Named(name) => self.named(key, name, what, &good)?,
            };
            units.push(Unit::parse(&symbol).ok()?);
        }
        if units.iter().any(|unit| *unit != units[0]) {
            self.note(key, Issue::OneUnit);
            return None;
        }
        units.into_iter().next()
    }

    /// The unit of an earlier step or, where lists will do, of an input.
    fn named(&self, key: &str, name: &str, what: What, good: impl Fn(&Output) -> bool) -> Option<String> {
        if self.notes.is_broken(name) {
            return None;
        }
        if let Some(step) = self.template.steps[..self.index].iter().find(|step| step.name == name) {
            if good(&step.output) {
                return Some(step.unit().to_owned());
            }
            self.note(key, Issue::NotA { name: name.to_owned(), what });
            return None;
        }
        let as_list = |unit: &str| good(&Output::List { unit: unit.to_owned() });
        match self.template.input(name) {
            Some(input) if input.repeat.is_some() && as_list(&input.unit) => return Some(input.unit.clone()),
            Some(_) => self.note(key, Issue::NotA { name: name.to_owned(), what }),
            None => self.note(key, self.template.no_such(what, name, self.later(name))),
        }
        None
    }

    /// A window over a signal: what is computed for each reading grows with it.
    fn window(&self, key: &str, window_s: f64) {
        let rate = self.template.sensors.iter().map(|sensor| sensor.max_hz).fold(0.0, f64::max);
        let good = window_s > 0.0 && window_s * rate <= WIDEST;
        ensure(good, self.notes, key, || Issue::Outside(format!("0 < window_s <= {WIDEST} / max_hz = {} s", libm::floor(WIDEST / rate))));
    }

    fn list(&self, key: &str, name: &str) -> Option<Unit> {
        if !self.template.is_list(name, self.index) && !self.notes.is_broken(name) {
            let known = self.template.input(name).is_some() || self.template.steps[..self.index].iter().any(|step| step.name == name);
            let lost = Issue::NotA { name: name.to_owned(), what: What::List };
            self.note(key, if known { lost } else { self.template.no_such(What::List, name, self.later(name)) });
            return None;
        }
        Unit::parse(&self.named(key, name, What::List, |output| matches!(output, Output::List { .. }))?).ok()
    }

    fn level_unit(&self, key: &str, own: Option<&str>, signal: &Unit) {
        let Some(own) = own.and_then(|own| unit(self.notes, key, own)) else { return };
        let fits = own.dimension() == signal.dimension();
        ensure(fits, self.notes, key, || Issue::UnitIs { found: own.to_string(), wanted: signal.to_string() });
    }

    fn product(&self, key: &str, one: &Unit, other: &str, exponent: i8) -> Option<Unit> {
        let product = Unit::parse(other).ok().and_then(|other| one.times(&other, exponent));
        if product.is_none() {
            self.note(key, Issue::Expression(ExpressionError::Level));
        }
        product
    }

    fn period(&self, key: &str, name: &str) {
        if self.notes.is_broken(name) {
            return;
        }
        match self.template.steps[..self.index].iter().find(|step| step.name == name) {
            None => self.note(key, self.template.no_such(What::Step, name, self.later(name))),
            Some(step) if step.output.number("") != Some("s") => self.note(key, Issue::NotA { name: name.to_owned(), what: What::Period }),
            Some(_) => {}
        }
    }

    fn entered(&self, key: &str, name: &str, wanted: &str) {
        if self.notes.is_broken(name) {
            return;
        }
        let Some(input) = self.template.input(name) else {
            return self.note(key, self.template.no_such(What::Input, name, false));
        };
        if input.repeat.is_some() {
            self.note(key, Issue::NotA { name: name.to_owned(), what: What::Number });
        }
        ensure(input.unit == wanted, self.notes, key, || Issue::UnitIs { found: input.unit.clone(), wanted: wanted.to_owned() });
        ensure(input.min > 0.0, self.notes, key, || Issue::Positive(name.to_owned()));
        ensure(!input.by_hand, self.notes, key, || Issue::ByHand(ByHand::Optional));
    }

    fn typed(&self, key: &str, expression: &Expression, scope: &dyn Scope) -> Option<Typed> {
        if expression.names().into_iter().any(|name| self.notes.is_broken(name)) {
            return None;
        }
        match typed_expression(expression, scope) {
            Ok(typed) => Some(typed),
            Err(error) => {
                self.template.note_expression(self.notes, key, error, self.index);
                None
            }
        }
    }

    fn formula(&self, key: &str, expression: &Expression, declared: Unit, scope: &dyn Scope) -> Checked {
        let typed = self.typed(key, expression, scope)?;
        let fits = typed.dimension == declared.dimension();
        if !ensure(fits, self.notes, key, || Issue::UnitIs { found: named(typed.dimension), wanted: declared.to_string() }) {
            return None;
        }
        let unit = declared.to_string();
        Some(match typed.kind {
            Kind::Number => Output::Number { unit },
            Kind::List => Output::List { unit },
            Kind::Signal => Output::Signal { unit },
        })
    }

    /// The units of two expressions of lists or signals.
    fn points(&self, x_key: &str, x: &Expression, y_key: &str, y: &Expression) -> Option<(Unit, Unit)> {
        let scope = OfRun { template: self.template, steps: &self.template.steps[..self.index] };
        let kind = |key, expression: &Expression| self.typed(key, expression, &scope).map(|typed| typed.kind);
        let (of_x, of_y) = (kind(x_key, x), kind(y_key, y));
        let (of_x, of_y) = (of_x?, of_y?);
        if of_x == Kind::Number || of_y != of_x {
            let (key, text) = if of_x == Kind::Number { (x_key, x.text()) } else { (y_key, y.text()) };
            self.note(key, Issue::NotA { name: text.chars().take(40).collect(), what: What::ListOrSignal });
            return None;
        }
        self.points_of(x_key, x, y_key, y, &scope, of_x)
    }

    fn points_of(&self, x_key: &str, x: &Expression, y_key: &str, y: &Expression, scope: &dyn Scope, kind: Kind) -> Option<(Unit, Unit)> {
        let one = |key: &str, expression: &Expression| {
            let typed = self.typed(key, expression, scope)?;
            if typed.kind != kind {
                self.note(key, Issue::NotA { name: expression.text().chars().take(40).collect(), what: What::List });
                return None;
            }
            let unit = Unit::si(typed.dimension);
            if unit.is_none() {
                self.note(key, Issue::UnitIs { found: named(typed.dimension), wanted: "m, s2, …".to_owned() });
            }
            unit
        };
        let (x, y) = (one(x_key, x), one(y_key, y));
        Some((x?, y?))
    }

    fn line(&self, key: &str, x: &Unit, y: &Unit) -> Checked {
        self.fit(key, vec![("slope", y.times(x, -1)), ("intercept", Some(y.clone())), ("r2", Some(Unit::one()))])
    }

    fn fit(&self, key: &str, parts: Vec<(&'static str, Option<Unit>)>) -> Checked {
        // A name of its own where the quotient has one: kg.m/s2 is N.
        let tidy = |unit: Unit| Unit::si(unit.dimension()).filter(|_| !unit.dimension().is_level()).unwrap_or(unit);
        let parts: Option<Vec<(&'static str, String)>> =
            parts.into_iter().map(|(name, unit)| Some((name, tidy(unit?).to_string()))).collect();
        if parts.is_none() {
            self.note(key, Issue::Expression(ExpressionError::Level));
        }
        Some(Output::Fit { parts: parts? })
    }

    fn unit_in_class(&self, name: &str, scope: &OfClass<'_>) -> Unit {
        let of_step = scope.steps.iter().find(|step| step.name == name).map(|step| step.output.unit());
        let symbol = of_step.or_else(|| self.template.unit_of(name)).or_else(|| self.template.input(name).map(|input| input.unit.as_str()));
        Unit::parse(symbol.unwrap_or("1")).unwrap_or_default()
    }
}
