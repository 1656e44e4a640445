//! A comparison in words that a ninth-grader understands, German and English.

mod digits;
mod method;
mod sentence;
mod trend;

pub use trend::TrendWords;

use serde::Serialize;

use self::digits::Digits;
use super::{Class, Comparison, Excluded, Pair, Verdict};
use crate::outcome::{unit_text, with_uncertainty};
use crate::template::Text;

/// Everything a comparison says, in the order in which it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The answer in a sentence or two.
    pub headline: Text,
    /// One sentence per pair, in the order of [`Comparison::pairs`].
    pub pairs: Vec<Text>,
    /// The numbers of each pair as they are written, first class minus second; `None` where there are none.
    pub numbers: Vec<Option<Written>>,
    /// How the verdict came about.
    pub decided: Vec<Text>,
    /// What must hold for it, and what it cannot see.
    pub assumptions: Vec<Text>,
    /// What each class found, from how many results.
    pub classes: Vec<Text>,
    /// Which results do not count, and why; one sentence per class, or one for all if every result counts.
    pub excluded: Vec<Text>,
}

/// A difference as it is written: as many digits as are known, and enough that none contradicts the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// `−0,46 m/s²`.
    pub difference: Text,
    /// The deciding interval: `−0,52 bis −0,40 m/s²`.
    pub leeway: Text,
}

impl Comparison {
    /// The comparison in words.
    pub fn words(&self) -> Words {
        let pairs: Vec<Text> = self.pairs.iter().map(|pair| sentence::of_pair(self, pair)).collect();
        let headline = match &pairs[..] {
            [only] => only.clone(),
            _ => headline(self),
        };
        Words {
            headline,
            pairs,
            numbers: self.pairs.iter().map(|pair| self.written(pair)).collect(),
            decided: method::decided(self),
            assumptions: method::assumptions(self),
            classes: self.classes.iter().map(|class| found(class, &self.unit)).collect(),
            excluded: excluded(&self.classes),
        }
    }
}

impl Comparison {
    fn written(&self, pair: &Pair) -> Option<Written> {
        let numbers = pair.numbers?;
        let digits = Digits::of(&numbers, self.margin.as_ref().map(|margin| margin.value), &self.unit);
        let difference = |language: &str| digits.amount(numbers.difference, language);
        let leeway = |word: &str, language: &str| digits.range(numbers.interval, word, language);
        Some(Written {
            difference: Text { de: difference("de"), en: difference("en") },
            leeway: Text { de: leeway("bis", "de"), en: leeway("to", "en") },
        })
    }
}

/// How many pairs have which verdict.
fn headline(comparison: &Comparison) -> Text {
    let count = |is: fn(&Verdict) -> bool| comparison.pairs.iter().filter(|pair| is(&pair.verdict)).count();
    let all = comparison.pairs.len();
    let parts = [
        (count(|verdict| *verdict == Verdict::Differ), "unterscheiden sich", "differ"),
        (
            count(|verdict| *verdict == Verdict::DifferButLittle),
            "unterscheiden sich um weniger, als es ausmacht",
            "differ by less than matters",
        ),
        (count(|verdict| *verdict == Verdict::Agree), "stimmen überein", "agree"),
        (count(|verdict| matches!(verdict, Verdict::CannotTell { .. } | Verdict::NoScatter)), "noch nicht zu sagen", "cannot tell yet"),
        (count(|verdict| *verdict == Verdict::TooFew), "zu wenige Ergebnisse", "too few results"),
    ];
    let said = |word: fn(&(usize, &'static str, &'static str)) -> &'static str| {
        let said = parts.iter().filter(|part| part.0 > 0).map(|part| format!("{} ({})", word(part), part.0));
        said.collect::<Vec<_>>().join(", ")
    };
    Text { de: format!("{all} Paare: {}.", said(|part| part.1)), en: format!("{all} pairs: {}.", said(|part| part.2)) }
}

/// What stands behind a ± here.
fn standard_error(language: &str) -> &'static str {
    if language == "de" { "±: Standardfehler des Mittelwerts" } else { "±: standard error of the mean" }
}

/// `„8a“: 12 Ergebnisse, Mittelwert 9,78 ± 0,05 m/s² (±: Standardfehler des Mittelwerts)`.
fn found(class: &Class, unit: &str) -> Text {
    let mean = |language: &str| match (class.mean, class.se) {
        (Some(mean), Some(se)) if se > 0.0 => {
            Some(format!("{} ({})", with_uncertainty(mean, se, unit, language), standard_error(language)))
        }
        (Some(mean), _) => Some(with_uncertainty(mean, 0.0, unit, language)),
        (None, _) => None,
    };
    let (label, n) = (&class.label, class.n);
    let mut text = match (mean("de"), mean("en")) {
        (Some(de), Some(en)) => Text {
            de: format!("„{label}“: {n} {}, Mittelwert {de}.", if n == 1 { "Ergebnis" } else { "Ergebnisse" }),
            en: format!("“{label}”: {n} {}, mean {en}.", if n == 1 { "result" } else { "results" }),
        },
        _ => Text { de: format!("„{label}“: noch kein Ergebnis."), en: format!("“{label}”: no result yet.") },
    };
    if class.recorded_unit != unit {
        let (from, to) = (unit_text(&class.recorded_unit), unit_text(unit));
        text.de.push_str(&format!(" Gemessen in {from}, umgerechnet in {to}."));
        text.en.push_str(&format!(" Measured in {from}, converted into {to}."));
    }
    text
}

fn excluded(classes: &[Class]) -> Vec<Text> {
    let named = |class: &Class, word: &str, to: &str| {
        let said = |Excluded { reason, count }: &Excluded| {
            let count = if count.from == count.to { count.to.to_string() } else { format!("{} {to} {}", count.from, count.to) };
            match reason.trim() {
                "" => count,
                reason => format!("{count} ({word}: {reason})"),
            }
        };
        class.excluded.iter().filter(|excluded| excluded.count.to > 0).map(said).collect::<Vec<_>>().join(", ")
    };
    let some = classes.iter().filter(|class| class.excluded.iter().any(|excluded| excluded.count.to > 0));
    let sentences: Vec<Text> = some
        .map(|class| Text {
            de: format!("In „{}“ zählen nicht mit: {}.", class.label, named(class, "Grund", "bis")),
            en: format!("In “{}” these do not count: {}.", class.label, named(class, "reason", "to")),
        })
        .collect();
    if sentences.is_empty() {
        let (de, en) = ("Alle Ergebnisse zählen, keines wurde ausgeschlossen.", "Every result counts, none was excluded.");
        return vec![Text { de: de.to_owned(), en: en.to_owned() }];
    }
    sentences
}

#[cfg(test)]
mod tests;
