//! Formulas: arithmetic and nothing else.
//!
//! Read once, with bounded length and depth; their units are checked when a template is read, not when a lesson runs. Whatever a formula
//! adds or compares is in SI units by then, so that nobody's centimetres are added to metres.

mod evaluate;
mod parse;
mod token;
mod units;
pub(super) mod value;

pub(super) use evaluate::{Known, evaluate, holds, together};
pub(super) use units::{Kind, Scope, Typed, named, typed_condition, typed_expression};

use std::collections::BTreeSet;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::unit::Unit;

/// The longest formula, in bytes.
pub const LONGEST: usize = 500;

/// The deepest nesting of brackets, signs and functions.
const DEEPEST: u32 = 24;

/// A formula that gives a number, a list or a signal.
#[derive(Debug, Clone)]
pub struct Expression {
    text: String,
    pub(super) tree: Node,
}

/// A formula that is true or false.
#[derive(Debug, Clone)]
pub struct Condition {
    text: String,
    pub(super) tree: Test,
}

/// A part of a formula that is computed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// In SI units already, with what it measures.
    Constant(f64, Unit),
    Name(String),
    Negative(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    Power(Box<Node>, f64),
    Call(Function, Vec<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
}

/// A part of a formula that is true or false.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Compare(Comparison, Box<Node>, Box<Node>),
    And(Box<Test>, Box<Test>),
    Or(Box<Test>, Box<Test>),
    Not(Box<Test>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Sqrt,
    Exp,
    Ln,
    Log10,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Abs,
    Min,
    Max,
}

impl Function {
    const ALL: [(&'static str, Self); 13] = [
        ("sqrt", Self::Sqrt),
        ("exp", Self::Exp),
        ("ln", Self::Ln),
        ("log10", Self::Log10),
        ("sin", Self::Sin),
        ("cos", Self::Cos),
        ("tan", Self::Tan),
        ("asin", Self::Asin),
        ("acos", Self::Acos),
        ("atan", Self::Atan),
        ("abs", Self::Abs),
        ("min", Self::Min),
        ("max", Self::Max),
    ];

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }

    fn arguments(self) -> usize {
        if matches!(self, Self::Min | Self::Max) { 2 } else { 1 }
    }
}

/// What no formula can be called, for it means something in formulas already.
pub(super) fn is_reserved(name: &str) -> bool {
    Function::from_name(name).is_some() || ["pi", "and", "or", "not"].contains(&name)
}

/// A formula that cannot be read, or whose units do not fit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionError {
    /// More than [`LONGEST`] bytes, or nested too deeply.
    #[error("too long or too deeply nested")]
    TooLong,
    /// It stops where more must come, or something stands where it cannot: at this byte.
    #[error("{found:?} cannot stand here (character {at})")]
    Unexpected {
        /// What stands there; empty at the end.
        found: String,
        /// The position, from 1.
        at: usize,
    },
    /// A function that does not exist.
    #[error("there is no function {0:?}")]
    Function(String),
    /// The unit of a number is none.
    #[error(transparent)]
    Unit(#[from] crate::unit::UnitError),
    /// A power that is no plain number.
    #[error("behind ^ stands a plain number")]
    Exponent,
    /// A name that leads nowhere.
    #[error("there is no {0:?}")]
    Name(String),
    /// Two things of different dimension are added or compared.
    #[error("{left} and {right} cannot be added or compared")]
    Dimensions {
        /// The SI unit of the left side.
        left: String,
        /// The SI unit of the right side.
        right: String,
    },
    /// A function of something that has a unit, a root that cannot be taken.
    #[error("{function} of something in {unit}")]
    Argument {
        /// The function or operator.
        function: &'static str,
        /// The SI unit of what it is given.
        unit: String,
    },
    /// Decibels with anything but decibels.
    #[error("decibels can only be added to decibels")]
    Level,
    /// A list beside a signal; a fit, which has no value of its own; a list where a number must be.
    #[error("{0:?} cannot stand here")]
    Kind(String),
}

/// What a formula and a condition have in common: they are read alike and say alike what they name.
macro_rules! written {
    ($kind:ident, $tree:path) => {
        impl $kind {
            /// Reads it; names and units are not looked at yet.
            pub fn parse(text: &str) -> Result<Self, ExpressionError> {
                Ok(Self { text: text.to_owned(), tree: $tree(text)? })
            }

            /// As it is written.
            pub fn text(&self) -> &str {
                &self.text
            }

            /// The names in it.
            pub fn names(&self) -> BTreeSet<&str> {
                let mut names = BTreeSet::new();
                self.tree.collect(&mut names);
                names
            }
        }
    };
}

written!(Expression, parse::expression);
written!(Condition, parse::condition);

impl Node {
    fn collect<'a>(&'a self, names: &mut BTreeSet<&'a str>) {
        match self {
            Self::Constant(..) => {}
            Self::Name(name) => _ = names.insert(name),
            Self::Negative(inner) | Self::Power(inner, _) => inner.collect(names),
            Self::Binary(_, left, right) => [left, right].into_iter().for_each(|side| side.collect(names)),
            Self::Call(_, arguments) => arguments.iter().for_each(|argument| argument.collect(names)),
        }
    }
}

impl Test {
    fn collect<'a>(&'a self, names: &mut BTreeSet<&'a str>) {
        match self {
            Self::Compare(_, left, right) => [left, right].into_iter().for_each(|side| side.collect(names)),
            Self::And(left, right) | Self::Or(left, right) => [left, right].into_iter().for_each(|side| side.collect(names)),
            Self::Not(inner) => inner.collect(names),
        }
    }
}

macro_rules! as_text {
    ($($name:ty),*) => {$(
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.text == other.text
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }
    )*};
}
as_text!(Expression, Condition);

#[cfg(test)]
mod tests;
