//! What is wrong with a template, where, and what would be right.

mod near;
mod words;

pub use near::nearest;

use std::fmt;

use serde::Serialize;

use super::Text;
use super::expr::ExpressionError;
use crate::unit::UnitError;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Level {
    /// The template is refused.
    Error,
    /// It works, but somebody will trip over it.
    Warning,
    /// It could be better.
    Hint,
}

/// One thing that was found: where it is, what is wrong and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The file within the template: `lesson.toml`.
    pub file: String,
    /// The line, from 1; 0 where a whole file is meant.
    pub line: u32,
    /// The column in characters, from 1; 0 where a whole file is meant.
    pub column: u32,
    /// The key, as it would be written: `analysis.g.expr`. Empty where there is none.
    pub key: String,
    /// How bad it is.
    pub level: Level,
    /// A name for programs: `unknown_key`.
    pub code: &'static str,
    /// What is wrong.
    pub text: Text,
    /// What to do.
    pub fix: Text,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        let key = if self.key.is_empty() { String::new() } else { format!("{}: ", self.key) };
        write!(f, ": {key}{} {}", self.text.en, self.fix.en)
    }
}

/// What can be wrong with a `lesson.toml`; `words` says it in both languages.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Issue {
    /// No TOML; the parser's words.
    Syntax(String),
    Missing(&'static str),
    UnknownKey {
        key: String,
        near: Option<String>,
    },
    WrongType {
        wanted: Wanted,
    },
    /// A word that is none of a closed list.
    Unknown {
        found: String,
        near: Option<String>,
        known: Vec<String>,
    },
    Format,
    Version,
    Empty,
    TooLong {
        most: usize,
    },
    TooMany {
        most: usize,
    },
    Name(String),
    Id(String),
    Twice(String),
    /// A number outside its range; the range in words.
    Outside(String),
    LicenseUnknown(String),
    Stream {
        quantity: &'static str,
        stream: &'static str,
    },
    /// No sensor, input or step of that name; `later` if there is one further down.
    NoSuch {
        what: What,
        name: String,
        near: Option<String>,
        later: bool,
    },
    /// It exists, but is no such thing.
    NotA {
        name: String,
        what: What,
    },
    /// Units that do not fit; what it is in and what it must be in.
    UnitIs {
        found: String,
        wanted: String,
    },
    Unit(UnitError),
    Expression(ExpressionError),
    /// A component that a property does not have.
    Component {
        property: &'static str,
        scalar: bool,
    },
    OneUnit,
    ByHand(ByHand),
    Positive(String),
    NothingMeasured,
    NoMargin,
    NoSimulation,
}

/// The type of a value, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Text,
    Number,
    Whole,
    Flag,
    List,
    Table,
    Tables,
    Words,
}

/// What a name was expected to lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Sensor,
    Input,
    Step,
    Number,
    List,
    Signal,
    ListOrSignal,
    Fit,
    Period,
}

/// Why an input cannot stand for a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByHand {
    /// No step that reads a sensor is called so.
    NoStep,
    /// Its uncertainty must be positive.
    Certain,
    /// Nobody need enter it, so nothing can be computed from it.
    Optional,
    /// It is a list.
    Repeated,
}

impl Issue {
    pub(super) fn level(&self) -> Level {
        match self {
            Self::NoMargin | Self::NoSimulation => Level::Hint,
            _ => Level::Error,
        }
    }
}

/// A `lesson.toml` that is no template: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct TemplateError {
    /// Errors only, in the order of the file; at least one.
    pub findings: Vec<Finding>,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.findings.iter().enumerate().try_for_each(|(index, finding)| write!(f, "{}{finding}", if index == 0 { "" } else { "\n" }))
    }
}
