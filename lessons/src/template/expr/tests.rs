use std::collections::BTreeMap;

use super::value::{Samples, Uncertain, Value};
use super::*;
use crate::template::Reason;
use crate::unit::Dimension;

/// Names for tests, in SI units.
struct Names(BTreeMap<&'static str, (Value, &'static str)>);

impl Names {
    fn usual() -> Self {
        let number = |value, uncertainty, cause, unit| (Value::Number(Uncertain::new(value, uncertainty, cause)), unit);
        let list = Value::List(vec![Some(Uncertain::new(1.0, 0.1, 10)), None, Some(Uncertain::new(3.0, 0.1, 12))]);
        let signal = Value::Signal(Samples { time: vec![0.0, 1.0, 2.0], values: vec![0.0, 2.0, 4.0], common: 0.0 });
        Self(BTreeMap::from([
            ("h", number(0.5, 0.01, 1, "m")),
            ("t", number(2.0, 0.1, 2, "s")),
            ("n", number(4.0, 0.0, 3, "1")),
            ("L", number(60.0, 1.0, 4, "dB")),
            ("fit.slope", number(9.81, 0.1, 5, "m/s2")),
            ("hs", (list, "m")),
            ("angular_velocity.abs", (signal, "rad/s")),
        ]))
    }
}

impl Known for Names {
    fn value(&self, name: &str) -> Result<Value, Reason> {
        self.0.get(name).map(|(value, _)| value.clone()).ok_or_else(|| Reason::not_computed(name))
    }
}

impl Scope for Names {
    fn typed(&self, name: &str) -> Result<Typed, ExpressionError> {
        let (value, unit) = self.0.get(name).ok_or_else(|| ExpressionError::Name(name.to_owned()))?;
        let kind = match value {
            Value::Number(_) => Kind::Number,
            Value::List(_) => Kind::List,
            Value::Signal(_) => Kind::Signal,
        };
        Ok(Typed { kind, dimension: Unit::parse(unit).unwrap().dimension() })
    }
}

fn number(text: &str) -> Uncertain {
    match evaluate(&Expression::parse(text).unwrap(), &Names::usual()).unwrap() {
        Value::Number(number) => number,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn arithmetic_is_that_of_school() {
    let check = |text: &str, expected: f64| {
        let found = number(text).value;
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{text} = {found}");
    };
    check("1 + 2 * 3", 7.0);
    check("(1 + 2) * 3", 9.0);
    check("8 - 4 - 2", 2.0);
    check("8 / 4 / 2", 1.0);
    check("-2^2", -4.0);
    check("(-2)^2", 4.0);
    check("2^-1", 0.5);
    check("2^(1/2)", std::f64::consts::SQRT_2);
    check("--3", 3.0);
    check("2 * -3", -6.0);
    check("1.5e3 + 2E-1", 1500.2);
    check("2*pi*sqrt(h / fit.slope)", 2.0 * std::f64::consts::PI * (0.5f64 / 9.81).sqrt());
    check("ln(exp(2)) + log10(1000)", 5.0);
    check("sin(30[deg]) + cos(0) + tan(0)", 1.5);
    check("asin(1) + acos(1) + atan(0)", std::f64::consts::FRAC_PI_2);
    check("max(2, 3) + min(2; 3) + abs(-4)", 9.0);
    check("50[cm] + h", 1.0);
    check("20[Cel]", 293.15);
    check("t^2", 4.0);
}

#[test]
fn what_cannot_be_read_says_where() {
    let check = |text: &str, expected: &str| {
        let error = Expression::parse(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    };
    check("", "\"\" cannot stand here (character 1)");
    check("1 +", "character 4");
    check("1 2", "\"2\" cannot stand here (character 3)");
    check("2h", "character 1");
    check("(1", "character 3");
    check("1)", "\")\"");
    check("1,5", "\",\"");
    check("ä + 1", "\"ä\"");
    check("sqrt(1, 2)", "\"s\"");
    check("max(1)", "\"m\"");
    check("sinus(1)", "no function \"sinus\"");
    check("2^h", "plain number");
    check("2^2^2", "\"^\"");
    check("3[furlong]", "furlong");
    check("h[m]", "\"[\"");
    check("a < b", "\"<\"");
    check("and", "\"a\"");
    check(&"(".repeat(400), "too long");
    check(&"-".repeat(499), "too long");
    check(&"1+".repeat(300), "too long");
    assert!(Condition::parse("1 + 2").is_err());
    assert!(Condition::parse(&format!("{}1 < 2{}", "(".repeat(100), ")".repeat(100))).is_err());
    assert!(Expression::parse(&format!("{}1", "1+".repeat(249))).is_ok());
}

#[test]
fn units_are_checked_before_anything_runs() {
    let typed = |text: &str| typed_expression(&Expression::parse(text).unwrap(), &Names::usual());
    let good = |text: &str, kind: Kind, unit: &str| {
        assert_eq!(typed(text), Ok(Typed { kind, dimension: Unit::parse(unit).unwrap().dimension() }), "{text}");
    };
    good("2*h/t^2", Kind::Number, "m/s2");
    good("h + 3[cm]", Kind::Number, "m");
    good("sqrt(h/fit.slope)", Kind::Number, "s");
    good("sqrt(h) / sqrt(fit.slope)", Kind::Number, "s");
    good("hs / t", Kind::List, "m/s");
    good("angular_velocity.abs^2 * h", Kind::Signal, "m/s2");
    good("L - 3[dB]", Kind::Number, "dB");
    good("0.5 * (L + L)", Kind::Number, "dB");
    good("L / 10[dB]", Kind::Number, "1");
    good("10^(1/2) * h", Kind::Number, "m");
    good("atan(h / 1[m]) + 3[deg]", Kind::Number, "rad");
    let bad = |text: &str, expected: &str| {
        let error = typed(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    };
    bad("h + t", "m and s cannot");
    bad("h + 1", "m and 1 cannot");
    bad("sin(h)", "sin of something in m");
    bad("ln(t)", "ln of something in s");
    bad("L + 1", "decibels");
    bad("L * h", "decibels");
    bad("sqrt(L)", "sqrt of");
    bad("h^0.123", "^ of");
    bad("height", "no \"height\"");
    bad("hs + angular_velocity.abs", "cannot");
    bad("hs * angular_velocity.abs", "list, signal");
    assert_eq!(named(Dimension::ONE), "1");
    let condition = |text: &str| typed_condition(&Condition::parse(text).unwrap(), &Names::usual());
    assert_eq!(condition("h < 1[m] and not (t > 3[s] or n == 4)"), Ok(()));
    assert!(condition("h < t").is_err());
    assert!(condition("hs < 1[m]").is_err());
}

#[test]
fn uncertainties_follow_from_their_causes() {
    let check = |text: &str, expected: f64| {
        let found = number(text).uncertainty();
        assert!((found - expected).abs() < 1e-12, "{text}: {found} instead of {expected}");
    };
    let (h, t): (f64, f64) = (0.01 / 0.5, 0.1 / 2.0);
    check("h", 0.01);
    check("2 * h", 0.02);
    check("h * h", 2.0 * 0.5 * 0.01);
    check("h^2", 2.0 * 0.5 * 0.01);
    check("h - h", 0.0);
    check("h / h", 0.0);
    check("h / t", 0.25 * libm::hypot(h, t));
    check("2 * h / t^2", 0.25 * libm::hypot(h, 2.0 * t));
    check("h + t * h / t", 0.02);
    check("sqrt(h)", 0.5 * 0.01 / 0.5f64.sqrt());
    check("n", 0.0);
    check("abs(-h)", 0.01);
    check("max(h, 0.1[m])", 0.01);
    check("min(h, 0.1[m])", 0.0);
}

/// Every function's derivative against a difference quotient, through the uncertainty it causes.
#[test]
fn derivatives_are_right() {
    for text in [
        "sqrt(X)",
        "exp(X)",
        "ln(X)",
        "log10(X)",
        "sin(X)",
        "cos(X)",
        "tan(X)",
        "asin(X/3)",
        "acos(X/3)",
        "atan(X)",
        "abs(X)",
        "X^3",
        "X^-2",
        "X^0.7",
        "1/X",
        "X*X/(1+X)",
        "-X",
        "X - 3*X^2",
        "max(X, 1) * min(X, 9)",
    ] {
        let at = |value: f64| {
            let names = Names(BTreeMap::from([("X", (Value::Number(Uncertain::new(value, 1e-3, 1)), "1"))]));
            match evaluate(&Expression::parse(text).unwrap(), &names).unwrap() {
                Value::Number(number) => number,
                other => panic!("{other:?}"),
            }
        };
        for x in [0.3, 1.7, 2.4] {
            let slope = (at(x + 1e-6).value - at(x - 1e-6).value) / 2e-6;
            let found = at(x).shares.first().map_or(0.0, |(_, share)| share / 1e-3);
            assert!((found - slope).abs() < 1e-5 * (1.0 + slope.abs()), "{text} at {x}: {found} instead of {slope}");
        }
    }
}

#[test]
fn lists_line_up_and_signals_keep_their_times() {
    let names = Names::usual();
    let found = evaluate(&Expression::parse("2 * hs + h").unwrap(), &names).unwrap();
    let Value::List(items) = found else { panic!() };
    assert_eq!(items.iter().map(|item| item.as_ref().map(|item| item.value)).collect::<Vec<_>>(), [Some(2.5), None, Some(6.5)]);
    // A longer list has nobody to go with.
    let mut longer = Names::usual();
    longer.0.insert("more", (Value::List(vec![Some(Uncertain::exact(1.0)); 5]), "m"));
    let Value::List(items) = evaluate(&Expression::parse("hs + more").unwrap(), &longer).unwrap() else { panic!() };
    assert_eq!(items.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true, false, false]);
    // 1/0 is no reading.
    let Value::Signal(samples) = evaluate(&Expression::parse("1 / angular_velocity.abs").unwrap(), &names).unwrap() else { panic!() };
    assert_eq!((samples.time, samples.values), (vec![1.0, 2.0], vec![0.5, 0.25]));
    let mut slow = Names::usual();
    let other = Value::Signal(Samples { time: vec![0.5, 1.5], values: vec![10.0, 20.0], common: 0.0 });
    slow.0.insert("pressure", (other, "rad/s"));
    let Value::Signal(samples) = evaluate(&Expression::parse("pressure - angular_velocity.abs").unwrap(), &slow).unwrap() else { panic!() };
    assert_eq!((samples.time, samples.values), (vec![0.5, 1.5], vec![9.0, 17.0]));
    for text in ["1 / (n - 4)", "ln(-n)", "sqrt(0 - n)", "asin(n)", "exp(1000*n)"] {
        assert_eq!(evaluate(&Expression::parse(text).unwrap(), &names).unwrap_err().kind, "domain", "{text}");
    }
}

#[test]
fn conditions_are_undecided_while_numbers_are_missing() {
    let check = |text: &str, expected: bool| assert_eq!(holds(&Condition::parse(text).unwrap(), &Names::usual()), expected, "{text}");
    check("h < 1[m]", true);
    check("h >= 0.5[m] and h <= 0.5[m] and h == 0.5[m]", true);
    check("not h < 1[m]", false);
    check("h > 1[m] or t == 2[s]", true);
    check("(h < 1[m]) and ((t + t) / 2 > 1[s])", true);
    check("(h + h) / 2 < 1[m]", true);
    check("missing < 1", false);
    check("not missing < 1", false);
    check("missing < 1 or h < 1[m]", true);
    check("missing < 1 and h < 1[m]", false);
    check("not (missing < 1 and h > 1[m])", true);
    check("ln(0 - h / 1[m]) < 1", false);
}
