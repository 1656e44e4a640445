//! What a formula's result is and measures, known before anything is measured.

use super::{Condition, Expression, ExpressionError, Function, Node, Operator, Test};
use crate::unit::{Dimension, Unit};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::template) enum Kind {
    Number,
    List,
    Signal,
}

/// What a formula gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::template) struct Typed {
    pub(in crate::template) kind: Kind,
    pub(in crate::template) dimension: Dimension,
}

/// Whoever knows the names. `Err` says why a name cannot stand in a formula.
pub(in crate::template) trait Scope {
    fn typed(&self, name: &str) -> Result<Typed, ExpressionError>;
}

type Found = Result<Typed, ExpressionError>;

pub(in crate::template) fn typed_expression(expression: &Expression, scope: &dyn Scope) -> Found {
    typed(&expression.tree, scope)
}

pub(in crate::template) fn typed_condition(condition: &Condition, scope: &dyn Scope) -> Result<(), ExpressionError> {
    fn check(test: &Test, scope: &dyn Scope) -> Result<(), ExpressionError> {
        match test {
            Test::And(left, right) | Test::Or(left, right) => check(left, scope).and_then(|()| check(right, scope)),
            Test::Not(inner) => check(inner, scope),
            Test::Compare(_, left, right) => {
                let (left, right) = (typed(left, scope)?, typed(right, scope)?);
                let alike = alike(left, right)?;
                if alike.kind == Kind::Number { Ok(()) } else { Err(ExpressionError::Kind("list".to_owned())) }
            }
        }
    }
    check(&condition.tree, scope)
}

fn typed(node: &Node, scope: &dyn Scope) -> Found {
    match node {
        Node::Constant(_, unit) => Ok(Typed { kind: Kind::Number, dimension: unit.dimension() }),
        Node::Name(name) => scope.typed(name),
        Node::Negative(inner) => typed(inner, scope),
        Node::Binary(operator, left, right) => {
            let (left, right) = (typed(left, scope)?, typed(right, scope)?);
            match operator {
                Operator::Plus | Operator::Minus => alike(left, right),
                Operator::Times => product(left, right, Dimension::times),
                Operator::Over => product(left, right, Dimension::over),
            }
        }
        Node::Power(base, exponent) => {
            let base = typed(base, scope)?;
            let dimension = base.dimension.power(*exponent).filter(|_| !base.dimension.is_level());
            Ok(Typed { dimension: dimension.ok_or_else(|| argument("^", base))?, ..base })
        }
        Node::Call(function, arguments) => call(*function, arguments, scope),
    }
}

fn call(function: Function, arguments: &[Node], scope: &dyn Scope) -> Found {
    let given: Vec<Typed> = arguments.iter().map(|argument| typed(argument, scope)).collect::<Result<_, _>>()?;
    match given[..] {
        [one] => match function {
            Function::Sqrt => {
                let dimension = one.dimension.power(0.5).filter(|_| !one.dimension.is_level());
                Ok(Typed { dimension: dimension.ok_or_else(|| argument("sqrt", one))?, ..one })
            }
            Function::Abs => Ok(one),
            _ if one.dimension == Dimension::ONE => Ok(one),
            _ => Err(argument(function.name(), one)),
        },
        [left, right] => alike(left, right),
        _ => Err(ExpressionError::Function(function.name().to_owned())),
    }
}

fn argument(function: &'static str, given: Typed) -> ExpressionError {
    ExpressionError::Argument { function, unit: named(given.dimension) }
}

/// The kind that comes out of two: a number goes with all, a list beside a signal has no meaning.
fn together(left: Kind, right: Kind) -> Result<Kind, ExpressionError> {
    match (left, right) {
        (kind, Kind::Number) | (Kind::Number, kind) => Ok(kind),
        (left, right) if left == right => Ok(left),
        _ => Err(ExpressionError::Kind("list, signal".to_owned())),
    }
}

fn alike(left: Typed, right: Typed) -> Found {
    if left.dimension == right.dimension {
        return Ok(Typed { kind: together(left.kind, right.kind)?, ..left });
    }
    if left.dimension.is_level() != right.dimension.is_level() {
        return Err(ExpressionError::Level);
    }
    Err(ExpressionError::Dimensions { left: named(left.dimension), right: named(right.dimension) })
}

fn product(left: Typed, right: Typed, of: fn(Dimension, Dimension) -> Dimension) -> Found {
    // A level times a plain number is a level still; a level over a level is a plain number.
    let levels = left.dimension.is_level() || right.dimension.is_level();
    let dimension = of(left.dimension, right.dimension);
    let level = Unit::parse("dB").map(|unit| unit.dimension());
    if levels && dimension != Dimension::ONE && Ok(dimension) != level {
        return Err(ExpressionError::Level);
    }
    Ok(Typed { kind: together(left.kind, right.kind)?, dimension })
}

/// What a dimension is called in a sentence.
pub(in crate::template) fn named(dimension: Dimension) -> String {
    Unit::si(dimension).map_or_else(|| "√…".to_owned(), |unit| unit.to_string())
}
