//! Why results are not put side by side, in the reader's language.

use crate::outcome::unit_text;
use crate::template::Text;

/// Why there is no comparison. `Display` is the English sentence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}", self.text().en)]
#[non_exhaustive]
pub enum Refusal {
    /// Fewer than two classes, or more than [`super::MOST`].
    Count {
        /// How many were given.
        found: usize,
    },
    /// Two classes of the same name: nobody could tell them apart in a figure.
    SameLabel {
        /// The name.
        label: String,
    },
    /// Results of different templates.
    Template {
        /// The two classes.
        labels: (String, String),
        /// Their templates' ids.
        templates: (String, String),
    },
    /// Results of different major versions of a template.
    Version {
        /// The two classes.
        labels: (String, String),
        /// The versions.
        versions: (String, String),
    },
    /// Results of different steps.
    Outcome {
        /// The two classes.
        labels: (String, String),
        /// The steps' names.
        outcomes: (String, String),
    },
    /// A unit that does not convert into the others'.
    Unit {
        /// The class.
        label: String,
        /// Its unit.
        unit: String,
        /// The unit of the others, or of the margin.
        other: String,
    },
    /// Numbers that no class can have found: not finite, a negative scatter, a histogram that does not add up, a name twice.
    NotResults {
        /// The class.
        label: String,
    },
    /// A margin that is not a positive number.
    Margin,
}

impl Refusal {
    /// The name in API and tests: `template`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Count { .. } => "count",
            Self::SameLabel { .. } => "same_label",
            Self::Template { .. } => "template",
            Self::Version { .. } => "version",
            Self::Outcome { .. } => "outcome",
            Self::Unit { .. } => "unit",
            Self::NotResults { .. } => "not_results",
            Self::Margin => "margin",
        }
    }

    /// Why, and what to do, for whoever wanted to compare.
    pub fn text(&self) -> Text {
        let (de, en) = match self {
            Self::Count { found } => {
                let most = super::MOST;
                (
                    format!("Zum Vergleichen gehören 2 bis {most} Klassen, gewählt sind {found}."),
                    format!("A comparison takes 2 to {most} classes; {found} were chosen."),
                )
            }
            Self::SameLabel { label } => (
                format!("„{label}“ steht zweimal da. Bitte jede Klasse anders nennen, sonst sind sie nicht zu unterscheiden."),
                format!("“{label}” stands there twice. Please name each class differently, or nobody can tell them apart."),
            ),
            Self::Template { labels: (a, b), templates: (s, t) } => (
                format!(
                    "„{a}“ und „{b}“ haben Verschiedenes gemacht (Vorlagen „{s}“ und „{t}“). Vergleichen lassen sich nur Ergebnisse derselben Vorlage."
                ),
                format!("“{a}” and “{b}” did different things (templates “{s}” and “{t}”). Only results of the same template compare."),
            ),
            Self::Version { labels: (a, b), versions: (s, t) } => (
                format!(
                    "„{a}“ hat mit Version {s} der Vorlage gemessen, „{b}“ mit {t}. Dazwischen hat sich der Versuch so geändert, dass die Ergebnisse nicht mehr vergleichbar sind (die erste Zahl der Version ist eine andere)."
                ),
                format!(
                    "“{a}” measured with version {s} of the template, “{b}” with {t}. The experiment changed so much in between that results no longer compare (the first number of the version differs)."
                ),
            ),
            Self::Outcome { labels: (a, b), outcomes: (s, t) } => (
                format!("„{a}“ und „{b}“ haben Verschiedenes bestimmt ({s} und {t}). Vergleichen lässt sich nur dieselbe Größe."),
                format!("“{a}” and “{b}” determined different quantities ({s} and {t}). Only the same quantity compares."),
            ),
            Self::Unit { label, unit, other } => {
                let (unit, other) = (named(unit), named(other));
                (
                    format!("Die Ergebnisse von „{label}“ stehen in {unit}; das lässt sich nicht in {other} umrechnen."),
                    format!("The results of “{label}” are in {unit}, which does not convert into {other}."),
                )
            }
            Self::NotResults { label } => (
                format!(
                    "Die Zahlen von „{label}“ können keine Ergebnisse einer Klasse sein. Bitte die Quelle prüfen oder diese Klasse weglassen."
                ),
                format!(
                    "The numbers of “{label}” cannot be the results of a class. Please check where they come from, or leave this class out."
                ),
            ),
            Self::Margin => (
                "Der Unterschied, auf den es ankommt, muss eine Zahl größer als null sein.".to_owned(),
                "The difference that would matter must be a number above zero.".to_owned(),
            ),
        };
        Text { de, en }
    }
}

/// A unit in a sentence; the plain number's has no sign.
fn named(unit: &str) -> &str {
    if unit == "1" { "1" } else { unit_text(unit) }
}
