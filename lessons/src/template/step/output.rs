//! What comes out of a step.

/// What comes out of a step, with unit symbols.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Output {
    /// One number with its uncertainty.
    Number {
        /// Its unit.
        unit: String,
    },
    /// Numbers in an order, some of which may be missing.
    List {
        /// Their unit.
        unit: String,
    },
    /// Values over time.
    Signal {
        /// Their unit.
        unit: String,
    },
    /// A fit, whose numbers are `name.slope` and so on.
    Fit {
        /// The numbers' names and units, the most telling one first.
        parts: Vec<(&'static str, String)>,
    },
}

impl Default for Output {
    fn default() -> Self {
        Self::Number { unit: "1".to_owned() }
    }
}

impl Output {
    /// Its unit; that of a fit's first number.
    pub fn unit(&self) -> &str {
        match self {
            Self::Number { unit } | Self::List { unit } | Self::Signal { unit } => unit,
            Self::Fit { parts } => parts.first().map_or("1", |(_, unit)| unit),
        }
    }

    /// The name of its kind: `number`, `list`, `signal`, `fit`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Number { .. } => "number",
            Self::List { .. } => "list",
            Self::Signal { .. } => "signal",
            Self::Fit { .. } => "fit",
        }
    }

    /// The unit of a fit's number, or of the number itself for an empty name.
    pub fn number(&self, part: &str) -> Option<&str> {
        match self {
            Self::Number { unit } if part.is_empty() => Some(unit),
            Self::Fit { parts } => parts.iter().find(|(name, _)| *name == part).map(|(_, unit)| unit.as_str()),
            _ => None,
        }
    }

    /// The names of the numbers in it, as they stand in the API: `g`, `fit.slope`; none for lists and signals.
    pub fn numbers<'a>(&'a self, name: &'a str) -> Vec<(String, &'a str)> {
        match self {
            Self::Number { unit } => vec![(name.to_owned(), unit)],
            Self::Fit { parts } => parts.iter().map(|(part, unit)| (format!("{name}.{part}"), unit.as_str())).collect(),
            Self::List { .. } | Self::Signal { .. } => vec![],
        }
    }
}
