//! Analysis steps: each operation knows its keys.

use super::keys::Keys;
use super::parts::{EDGES, SHORT, component, operands};
use crate::quantity::ObservedProperty;
use crate::template::expr::Expression;
use crate::template::finding::Issue;
use crate::template::{Beyond, ClassOp, ClassStep, Drift, Edge, FrequencyMethod, Method, Op, Output, SmoothMethod, Step};

const METHODS: [(&str, Method); 2] = [("fit", Method::Fit), ("autocorrelation", Method::Autocorrelation)];

const FREQUENCY_METHODS: [(&str, FrequencyMethod); 3] =
    [("fft", FrequencyMethod::Fft), ("autocorrelation", FrequencyMethod::Autocorrelation), ("peaks", FrequencyMethod::Peaks)];

const SMOOTH_METHODS: [(&str, SmoothMethod); 3] =
    [("mean", SmoothMethod::Mean), ("median", SmoothMethod::Median), ("gauss", SmoothMethod::Gauss)];

const DRIFTS: [(&str, Drift); 2] = [("none", Drift::None), ("linear", Drift::Linear)];

pub(super) fn step(keys: &Keys<'_, '_>) -> Option<Step> {
    let (name, label, op) = (keys.text("name"), keys.words("label", SHORT), op(keys));
    Some(Step { name: name?, label: label?, op: op?, output: Output::default() })
}

fn op(keys: &Keys<'_, '_>) -> Option<Op> {
    let names: Vec<(&str, &str)> = Op::NAMES.iter().map(|name| (*name, *name)).collect();
    let name = keys.kind("op", &names)?;
    Some(match name {
        "period" => {
            let (of, min_s, max_s) = (properties(keys), keys.number("min_s"), keys.number("max_s"));
            let min_periods = keys.whole("min_periods", 2..=1000).map(|periods| periods as u32);
            let method = keys.word_if("method", &METHODS).unwrap_or(Method::Fit);
            Op::Period { of: of?, min_s: min_s?, max_s: max_s?, min_periods: min_periods?, method }
        }
        "mean" => {
            let (of, component) = (properties(keys), component(keys, "component"));
            let (still_sd, min_s) = (keys.number("still_sd"), keys.number("min_s"));
            Op::Mean { of: of?, component: component?, still_sd: still_sd?, min_s: min_s? }
        }
        "average" => Op::Average { of: of(keys)? },
        "energy_mean" => Op::EnergyMean { of: of(keys)? },
        "exceeded" => {
            let (of, percent) = (of(keys), keys.number("percent"));
            Op::Exceeded { of: of?, percent: percent? }
        }
        "median" => Op::Median { of: of(keys)? },
        "minimum" => Op::Minimum { of: of(keys)? },
        "maximum" => Op::Maximum { of: of(keys)? },
        "range" => Op::Range { of: of(keys)? },
        "sd" => Op::Sd { of: of(keys)? },
        "change" => {
            let (of, edge_s) = (of(keys), keys.number("edge_s"));
            Op::Change { of: of?, edge_s: edge_s? }
        }
        "duration" => {
            let (of, beyond, unit) = (of(keys), beyond(keys), keys.text_if("unit"));
            Op::Duration { of: of?, beyond: beyond?, unit }
        }
        "count" => {
            let (of, level, hysteresis) = (of(keys), keys.number("level"), keys.number_or("hysteresis", 0.0));
            let edge = keys.word_if("edge", &EDGES).unwrap_or(Edge::Rising);
            let unit = keys.text_if("unit");
            Op::Count { of: of?, level: level?, hysteresis, edge, unit }
        }
        "frequency" => {
            let (of, min_hz, max_hz) = (of(keys), keys.number("min_hz"), keys.number("max_hz"));
            let method = keys.word_if("method", &FREQUENCY_METHODS).unwrap_or(FrequencyMethod::Fft);
            Op::Frequency { of: of?, min_hz: min_hz?, max_hz: max_hz?, method }
        }
        "smooth" => {
            let (of, window_s) = (of(keys), keys.number("window_s"));
            let method = keys.word_if("method", &SMOOTH_METHODS).unwrap_or(SmoothMethod::Mean);
            Op::Smooth { of: of?, window_s: window_s?, method }
        }
        "derivative" => {
            let (of, window_s) = (of(keys), keys.number("window_s"));
            Op::Derivative { of: of?, window_s: window_s? }
        }
        "integral" => {
            let (of, drift) = (of(keys), keys.word_if("drift", &DRIFTS).unwrap_or(Drift::None));
            Op::Integral { of: of?, drift }
        }
        "height" => Op::Height { of: of(keys)? },
        "values" => Op::Values { of: of(keys)? },
        "exponential" => Op::Exponential { of: of(keys)? },
        "average_of" => Op::AverageOf { of: keys.text("of")? },
        "difference_of" => {
            let (a, b) = (keys.text("a"), keys.text("b"));
            Op::DifferenceOf { a: a?, b: b? }
        }
        "line" => {
            let (x, y, through_origin) = (expression(keys, "x"), expression(keys, "y"), keys.flag("through_origin", false));
            Op::Line { x: x?, y: y?, through_origin }
        }
        "power_law" => {
            let (x, y, background) = (expression(keys, "x"), expression(keys, "y"), keys.flag("background", false));
            Op::PowerLaw { x: x?, y: y?, background }
        }
        "parabola" => {
            let (x, y) = (expression(keys, "x"), expression(keys, "y"));
            Op::Parabola { x: x?, y: y? }
        }
        "formula" => {
            let (expr, unit) = (expression(keys, "expr"), keys.text("unit"));
            Op::Formula { expr: expr?, unit: unit? }
        }
        "gravity_of_pendulum" => {
            let (period, length) = (keys.text("period"), keys.text("length"));
            Op::GravityOfPendulum { period: period?, length: length? }
        }
        "spring_constant" => {
            let (period, mass) = (keys.text("period"), keys.text("mass"));
            Op::SpringConstant { period: period?, mass: mass? }
        }
        _ => return None,
    })
}

pub(super) fn class_step(keys: &Keys<'_, '_>) -> Option<ClassStep> {
    let (name, label) = (keys.text("name"), keys.words("label", SHORT));
    let names = ["line", "power_law", "average_of", "formula"].map(|name| (name, name));
    let op = match keys.kind("op", &names)? {
        "line" => {
            let (x, y, through_origin) = (expression(keys, "x"), expression(keys, "y"), keys.flag("through_origin", false));
            ClassOp::Line { x: x?, y: y?, through_origin }
        }
        "power_law" => {
            let (x, y, background) = (expression(keys, "x"), expression(keys, "y"), keys.flag("background", false));
            ClassOp::PowerLaw { x: x?, y: y?, background }
        }
        "average_of" => ClassOp::AverageOf { of: keys.text("of")? },
        _ => {
            let (expr, unit) = (expression(keys, "expr"), keys.text("unit"));
            ClassOp::Formula { expr: expr?, unit: unit? }
        }
    };
    Some(ClassStep { name: name?, label: label?, op, output: Output::default() })
}

fn of(keys: &Keys<'_, '_>) -> Option<crate::template::Operands> {
    operands(keys, "of")
}

/// Property names, without components: these operations look at all of them.
fn properties(keys: &Keys<'_, '_>) -> Option<Vec<ObservedProperty>> {
    let written = keys.one_or_more("of")?;
    if written.is_empty() {
        keys.note("of", Issue::Empty);
    }
    let known: Vec<(&str, ObservedProperty)> = ObservedProperty::all().map(|property| (property.name(), property)).collect();
    let found: Vec<ObservedProperty> = written.iter().filter_map(|word| keys.word_of("of", word, &known)).collect();
    (!found.is_empty() && found.len() == written.len()).then_some(found)
}

fn beyond(keys: &Keys<'_, '_>) -> Option<Beyond> {
    match (keys.number_if("below"), keys.number_if("above")) {
        (Some(below), None) => Some(Beyond::Below(below)),
        (None, Some(above)) => Some(Beyond::Above(above)),
        (Some(_), Some(_)) => {
            keys.note("above", Issue::Outside("below = … or above = …".to_owned()));
            None
        }
        (None, None) => {
            if !keys.has("below") && !keys.has("above") {
                keys.note("below", Issue::Missing("below"));
            }
            None
        }
    }
}

fn expression(keys: &Keys<'_, '_>, key: &'static str) -> Option<Expression> {
    let written = keys.text(key)?;
    Expression::parse(&written).map_err(|error| keys.note(key, Issue::Expression(error))).ok()
}
