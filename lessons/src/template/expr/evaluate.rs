//! Computing a formula whose names and units were checked before.

use super::value::{Samples, Uncertain, Value};
use super::{Comparison, Condition, Expression, Function, Node, Operator, Test};
use crate::analysis::{AnalysisError, common_times, resample};
use crate::template::Reason;

/// Whoever knows the values. `Err` says why one is missing.
pub(in crate::template) trait Known {
    /// A value in SI units.
    fn value(&self, name: &str) -> Result<Value, Reason>;
}

type Found = Result<Value, Reason>;

/// Computes a formula, in SI units.
///
/// # Errors
/// The reason why a name has no value; `domain` where the arithmetic has no answer (a division by zero, a root of something negative).
/// In a signal such samples are left out.
pub(in crate::template) fn evaluate(expression: &Expression, known: &dyn Known) -> Found {
    node(&expression.tree, known)
}

/// Whether a condition holds. A comparison with a name that has no number (yet) is undecided, and so is the whole unless the rest decides
/// it; undecided does not hold.
pub(in crate::template) fn holds(condition: &Condition, known: &dyn Known) -> bool {
    test(&condition.tree, known) == Some(true)
}

fn test(tree: &Test, known: &dyn Known) -> Option<bool> {
    match tree {
        Test::Not(inner) => test(inner, known).map(|holds| !holds),
        Test::And(left, right) => match (test(left, known), test(right, known)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (left, right) => Some(left? && right?),
        },
        Test::Or(left, right) => match (test(left, known), test(right, known)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (left, right) => Some(left? || right?),
        },
        Test::Compare(comparison, left, right) => {
            let number = |side| match node(side, known) {
                Ok(Value::Number(number)) => Some(number.value),
                _ => None,
            };
            let (left, right) = (number(left)?, number(right)?);
            Some(match comparison {
                Comparison::Less => left < right,
                Comparison::LessOrEqual => left <= right,
                Comparison::Greater => left > right,
                Comparison::GreaterOrEqual => left >= right,
                Comparison::Equal => left == right,
            })
        }
    }
}

fn node(tree: &Node, known: &dyn Known) -> Found {
    match tree {
        Node::Constant(value, _) => Ok(Value::Number(Uncertain::exact(*value))),
        Node::Name(name) => known.value(name),
        Node::Negative(inner) => single(node(inner, known)?, |x| (-x, -1.0)),
        Node::Power(base, exponent) => {
            let exponent = *exponent;
            single(node(base, known)?, |x| power(x, exponent))
        }
        Node::Binary(operator, left, right) => {
            let (left, right) = (node(left, known)?, node(right, known)?);
            match operator {
                Operator::Plus => double(left, right, |x, y| (x + y, 1.0, 1.0)),
                Operator::Minus => double(left, right, |x, y| (x - y, 1.0, -1.0)),
                Operator::Times => double(left, right, |x, y| (x * y, y, x)),
                Operator::Over => double(left, right, |x, y| (x / y, 1.0 / y, -x / (y * y))),
            }
        }
        Node::Call(function, arguments) => {
            let mut given = arguments.iter().map(|argument| node(argument, known));
            let first = given.next().unwrap_or(Err(AnalysisError::Domain.into()))?;
            match (function, given.next()) {
                (Function::Min, Some(second)) => double(first, second?, |x, y| if x <= y { (x, 1.0, 0.0) } else { (y, 0.0, 1.0) }),
                (Function::Max, Some(second)) => double(first, second?, |x, y| if x >= y { (x, 1.0, 0.0) } else { (y, 0.0, 1.0) }),
                (one, _) => {
                    let one = *one;
                    single(first, |x| function_of(one, x))
                }
            }
        }
    }
}

/// x^n and its derivative. Whole powers are multiplied out: squares of what was read should be exact squares.
fn power(x: f64, exponent: f64) -> (f64, f64) {
    let whole = |n: i64| {
        let raised = (0..n.abs()).fold(1.0, |product, _| product * x);
        if n < 0 { 1.0 / raised } else { raised }
    };
    let raise = |n: f64| if n == libm::trunc(n) && libm::fabs(n) <= 16.0 { whole(n as i64) } else { libm::pow(x, n) };
    let slope = if exponent == 0.0 { 0.0 } else { exponent * raise(exponent - 1.0) };
    (raise(exponent), slope)
}

/// f(x) and its derivative.
fn function_of(function: Function, x: f64) -> (f64, f64) {
    match function {
        Function::Sqrt => {
            let root = libm::sqrt(x);
            (root, 0.5 / root)
        }
        Function::Exp => (libm::exp(x), libm::exp(x)),
        Function::Ln => (libm::log(x), 1.0 / x),
        Function::Log10 => (libm::log10(x), 1.0 / (x * std::f64::consts::LN_10)),
        Function::Sin => (libm::sin(x), libm::cos(x)),
        Function::Cos => (libm::cos(x), -libm::sin(x)),
        Function::Tan => {
            let tangent = libm::tan(x);
            (tangent, 1.0 + tangent * tangent)
        }
        Function::Asin => (libm::asin(x), 1.0 / libm::sqrt(1.0 - x * x)),
        Function::Acos => (libm::acos(x), -1.0 / libm::sqrt(1.0 - x * x)),
        Function::Atan => (libm::atan(x), 1.0 / (1.0 + x * x)),
        Function::Abs => (libm::fabs(x), if x < 0.0 { -1.0 } else { 1.0 }),
        Function::Min | Function::Max => (x, 1.0),
    }
}

fn single(of: Value, f: impl Fn(f64) -> (f64, f64)) -> Found {
    let one = |number: &Uncertain| {
        let (value, slope) = f(number.value);
        number.mapped(value, slope)
    };
    Ok(match of {
        Value::Number(number) => Value::Number(one(&number)?),
        Value::List(list) => Value::List(list.iter().map(|item| item.as_ref().map(one).transpose()).collect::<Result<_, _>>()?),
        Value::Signal(samples) => {
            let values = samples.values.iter().map(|x| f(*x).0).collect();
            Value::Signal(without_holes(Samples { values, ..samples })?)
        }
    })
}

fn double(left: Value, right: Value, f: impl Fn(f64, f64) -> (f64, f64, f64)) -> Found {
    let both = |x: &Uncertain, y: &Uncertain| {
        let (value, by_x, by_y) = f(x.value, y.value);
        Uncertain::joined(value, x, by_x, y, by_y)
    };
    let list = |pairs: &mut dyn Iterator<Item = (Option<Uncertain>, Option<Uncertain>)>| {
        let item = |(x, y): (Option<Uncertain>, Option<Uncertain>)| match (x, y) {
            (Some(x), Some(y)) => both(&x, &y).map(Some),
            _ => Ok(None),
        };
        pairs.map(item).collect::<Result<Vec<_>, _>>().map(Value::List)
    };
    Ok(match (left, right) {
        (Value::Number(x), Value::Number(y)) => Value::Number(both(&x, &y)?),
        (Value::List(xs), Value::Number(y)) => list(&mut xs.into_iter().map(|x| (x, Some(y.clone()))))?,
        (Value::Number(x), Value::List(ys)) => list(&mut ys.into_iter().map(|y| (Some(x.clone()), y)))?,
        // Place by place; what has no partner is missing.
        (Value::List(xs), Value::List(ys)) => {
            let longest = xs.len().max(ys.len());
            let padded = |list: Vec<Option<Uncertain>>| list.into_iter().chain(std::iter::repeat(None)).take(longest);
            list(&mut padded(xs).zip(padded(ys)))?
        }
        (Value::Signal(xs), Value::Number(y)) => {
            let values = xs.values.iter().map(|x| f(*x, y.value).0).collect();
            Value::Signal(without_holes(Samples { values, ..xs })?)
        }
        (Value::Number(x), Value::Signal(ys)) => {
            let values = ys.values.iter().map(|y| f(x.value, *y).0).collect();
            Value::Signal(without_holes(Samples { values, ..ys })?)
        }
        (Value::Signal(xs), Value::Signal(ys)) => {
            // Of two scales the less certain one is kept: which of both a result follows is not for arithmetic to know.
            let common = xs.common.max(ys.common);
            let (time, xs, ys) = together(&xs, &ys)?;
            let values = xs.iter().zip(&ys).map(|(x, y)| f(*x, *y).0).collect();
            Value::Signal(without_holes(Samples { time, values, common })?)
        }
        (Value::List(_), Value::Signal(_)) | (Value::Signal(_), Value::List(_)) => return Err(AnalysisError::Shape.into()),
    })
}

/// Times, and the values of two signals at them.
type Together = (Vec<f64>, Vec<f64>, Vec<f64>);

/// Two signals at times that both have: their own where these are the same, else even ones as far apart as those of the slower one. Nothing is
/// interpolated across a gap.
pub(in crate::template) fn together(x: &Samples, y: &Samples) -> Result<Together, Reason> {
    if x.time == y.time {
        return Ok((x.time.clone(), x.values.clone(), y.values.clone()));
    }
    let grid = common_times(&x.time, &y.time)?;
    let (xs, ys) = (resample(&x.time, &x.values, &grid)?, resample(&y.time, &y.values, &grid)?);
    let both = grid.into_iter().zip(xs).zip(ys).filter_map(|((time, x), y)| Some((time, x?, y?)));
    let mut out = (vec![], vec![], vec![]);
    for (time, x, y) in both {
        out.0.push(time);
        out.1.push(x);
        out.2.push(y);
    }
    Ok(out)
}

/// Samples for which the arithmetic has no answer are missing, as others are.
fn without_holes(samples: Samples) -> Result<Samples, Reason> {
    if samples.values.iter().all(|value| value.is_finite()) {
        return Ok(samples);
    }
    let good = samples.time.iter().zip(&samples.values).filter(|(_, value)| value.is_finite());
    let (time, values): (Vec<f64>, Vec<f64>) = good.map(|(time, value)| (*time, *value)).unzip();
    if time.is_empty() { Err(AnalysisError::Domain.into()) } else { Ok(Samples { time, values, common: samples.common }) }
}
