//! A line through classes in words.

use serde::Serialize;

use super::Written;
use super::digits::Digits;
use crate::compare::trend::{Direction, LEAST_CLASSES, OnTrend, Trend};
use crate::compare::{LEAST, Law, Numbers};
use crate::outcome::{number, unit_text, with_uncertainty};
use crate::template::Text;

/// Classes below which a single one can turn the line.
const FEW: usize = 8;

/// Everything a line through classes says, in the order in which it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrendWords {
    /// The answer in a sentence.
    pub headline: Text,
    /// The slope and its leeway as they are written; `None` without a line.
    pub slope: Option<Written>,
    /// The slope with its standard error, for a figure: `0,0052 ± 0,0007 m/s² je °`; `None` without a line.
    pub label: Option<Text>,
    /// How the verdict came about.
    pub decided: Vec<Text>,
    /// What must hold for it, and what it cannot see.
    pub assumptions: Vec<Text>,
    /// Which classes are no points of the line, and why.
    pub left_out: Vec<Text>,
}

impl Trend {
    /// The line in words.
    pub fn words(&self) -> TrendWords {
        let slope = self.line.map(|line| Slope::of(self, line));
        TrendWords {
            headline: self.headline(slope.as_ref()),
            slope: slope.as_ref().map(Slope::written),
            label: self.line.map(|line| {
                let told = |language: &str| with_uncertainty(line.slope, line.slope_se, &self.slope_unit(language), language);
                Text { de: told("de"), en: told("en") }
            }),
            decided: self.line.map(decided).unwrap_or_default(),
            assumptions: self.line.map(|line| self.assumptions(line)).unwrap_or_default(),
            left_out: self.classes.iter().filter(|class| !class.counts).map(|class| self.left_out(class)).collect(),
        }
    }

    /// `m/s² je °`; a difference of two temperatures in °C is in kelvin.
    fn slope_unit(&self, language: &str) -> String {
        let of = if self.of_unit == "Cel" { "K" } else { unit_text(&self.of_unit) };
        let per = if language == "de" { "je" } else { "per" };
        let one = if self.unit.is_empty() { "1" } else { &self.unit };
        format!("{of} {per} {one}").trim_start().to_owned()
    }

    fn headline(&self, slope: Option<&Slope>) -> Text {
        let name = &self.name;
        let counting = self.classes.iter().filter(|class| class.counts).count();
        let (de, en) = match (self.verdict, slope) {
            (Direction::Rises, Some(slope)) => (
                format!("Je größer „{name}“, desto größer das Ergebnis: Es nimmt um {} zu (Spielraum: {}).", slope.size("de"), slope.range("bis", "de")),
                format!("The larger “{name}”, the larger the result: it rises by {} (leeway: {}).", slope.size("en"), slope.range("to", "en")),
            ),
            (Direction::Falls, Some(slope)) => (
                format!("Je größer „{name}“, desto kleiner das Ergebnis: Es nimmt um {} ab (Spielraum: {}).", slope.size("de"), slope.range("bis", "de")),
                format!("The larger “{name}”, the smaller the result: it falls by {} (leeway: {}).", slope.size("en"), slope.range("to", "en")),
            ),
            (_, Some(slope)) => (
                format!("Ob das Ergebnis mit „{name}“ zusammenhängt, lässt sich noch nicht sagen: Die Steigung liegt zwischen {}. Sie kann null sein.", slope.range("und", "de")),
                format!("Nobody can tell yet whether the result goes with “{name}”: the slope lies between {}. It may be zero.", slope.range("and", "en")),
            ),
            (Direction::SameNumber, _) => (
                format!("Alle Klassen haben bei „{name}“ dieselbe Zahl. Ob das Ergebnis damit zusammenhängt, zeigen nur Klassen mit verschiedenen."),
                format!("All classes have the same number for “{name}”. Only classes with different ones show whether the result goes with it."),
            ),
            (Direction::NoScatter, _) => (
                "Die Mittelwerte liegen genau auf einer Geraden. Ohne Streuung lässt sich nicht sagen, wie gut sie bekannt ist. Wurde zu grob abgelesen oder gerundet?".to_owned(),
                "The means lie exactly on a line. Without scatter nobody can say how well it is known. Was it read or rounded too coarsely?".to_owned(),
            ),
            _ => (
                format!("Zu wenige Klassen für eine Gerade: {counting} haben eine Zahl bei „{name}“ und mindestens {LEAST} Ergebnisse; nötig sind {LEAST_CLASSES}. Darunter sagt ihre Streuung nicht, wie gut die Gerade ist."),
                format!("Too few classes for a line: {counting} have a number for “{name}” and at least {LEAST} results; it takes {LEAST_CLASSES}. With fewer, their scatter does not tell how good the line is."),
            ),
        };
        Text { de, en }
    }

    fn assumptions(&self, line: Law) -> Vec<Text> {
        let text = |de: String, en: String| Text { de, en };
        let plain = |de: &str, en: &str| text(de.to_owned(), en.to_owned());
        let counting = || self.classes.iter().filter(|class| class.counts).filter_map(|class| class.x);
        let (least, most) = (counting().fold(f64::INFINITY, f64::min), counting().fold(f64::NEG_INFINITY, f64::max));
        let ends = |word: &str, language: &str| {
            format!("{} {word} {} {}", number(least, language), number(most, language), self.unit).trim_end().to_owned()
        };
        let mut said = vec![
            plain(
                "Dass zwei Größen miteinander gehen, heißt nicht, dass die eine die Ursache der anderen ist: Die Klassen können sich noch in anderem unterscheiden.",
                "That two quantities go together does not mean that one causes the other: the classes may differ in other things, too.",
            ),
            text(
                format!("Gesagt ist damit nur etwas zwischen {}; darüber hinaus kann es anders sein.", ends("und", "de")),
                format!("It tells only of what lies between {}; beyond, it may be otherwise.", ends("and", "en")),
            ),
            plain(
                "Der Zusammenhang ist gerade. Liegen die Punkte auf einem Bogen, ist eine Gerade die falsche Antwort; das zeigt das Bild.",
                "The relation is a straight one. If the points lie on a bend, a line is the wrong answer; the figure shows it.",
            ),
            plain(
                "Die Klassen haben unabhängig voneinander gemessen, und die eingetragenen Zahlen stimmen.",
                "The classes measured independently, and the numbers entered are right.",
            ),
        ];
        if line.n < FEW {
            let n = line.n;
            said.push(text(
                format!("Es sind nur {n} Klassen: Eine einzige, die abseits liegt, kann die Gerade drehen."),
                format!("There are only {n} classes: a single one far off can turn the line."),
            ));
        }
        if self.verdict == Direction::CannotTell {
            said.push(plain(
                "„Noch nicht zu sagen“ heißt nicht „kein Zusammenhang“.",
                "“Nobody can tell yet” does not mean “no relation”.",
            ));
        }
        said
    }

    fn left_out(&self, class: &OnTrend) -> Text {
        let (label, name, n) = (&class.label, &self.name, class.n);
        match class.x {
            None => Text {
                de: format!("„{label}“ ist kein Punkt der Geraden: Bei „{name}“ steht keine Zahl."),
                en: format!("“{label}” is no point of the line: there is no number for “{name}”."),
            },
            Some(_) => Text {
                de: format!("„{label}“ ist kein Punkt der Geraden: {n} Ergebnisse, nötig sind {LEAST}."),
                en: format!("“{label}” is no point of the line: {n} results, it takes {LEAST}."),
            },
        }
    }
}

fn decided(line: Law) -> Vec<Text> {
    let n = line.n;
    vec![
        Text {
            de: format!("Jede Klasse ist ein Punkt: ihr Mittelwert über ihrer Zahl. Jede zählt gleich viel, auch eine kleine. Durch die {n} Punkte geht die Gerade, für die die Quadrate der Abstände am kleinsten sind."),
            en: format!("Each class is one point: its mean over its number. Each counts the same, a small one, too. Through the {n} points goes the line for which the squares of the distances are least."),
        },
        Text {
            de: "Die Punkte streuen um die Gerade. Daraus folgt, wie weit ihre Steigung von der wahren abliegen kann: das ist der Spielraum. Er enthält in 95 von 100 Fällen die wahre Steigung.".to_owned(),
            en: "The points scatter about the line. From this follows how far its slope may be off the true one: that is the leeway. It holds the true slope in 95 of 100 cases.".to_owned(),
        },
        Text {
            de: "Liegt die Null nicht im Spielraum, wächst oder sinkt das Ergebnis mit der Zahl; sonst lässt sich noch nichts sagen.".to_owned(),
            en: "If zero is not within the leeway, the result rises or falls with the number; otherwise nobody can tell yet.".to_owned(),
        },
    ]
}

/// A slope as it is written, in both languages.
struct Slope {
    line: Law,
    units: [String; 2],
}

impl Slope {
    fn of(trend: &Trend, line: Law) -> Self {
        Self { line, units: ["de", "en"].map(|language| trend.slope_unit(language)) }
    }

    fn digits(&self, language: &str) -> Digits<'_> {
        let Law { slope, slope_se, slope_ci95, n, .. } = self.line;
        // Digits look at the interval and the standard error alone; there is one slope, so nothing is corrected.
        let numbers =
            Numbers { difference: slope, se: slope_se, df: n as f64 - 2.0, ci95: slope_ci95, interval: slope_ci95, p: 1.0, p_holm: 1.0 };
        Digits::of(&numbers, None, &self.units[usize::from(language != "de")])
    }

    /// Without its sign, which the sentence tells.
    fn size(&self, language: &str) -> String {
        self.digits(language).amount(self.line.slope.abs(), language)
    }

    /// From the small end to the large one; of a falling line as the sentence tells it, without signs.
    fn range(&self, word: &str, language: &str) -> String {
        let [low, high] = self.line.slope_ci95;
        let ends = if high < 0.0 { [-high, -low] } else { [low, high] };
        self.digits(language).range(ends, word, language)
    }

    fn written(&self) -> Written {
        let amount = |language: &str| self.digits(language).amount(self.line.slope, language);
        let leeway = |word: &str, language: &str| self.digits(language).range(self.line.slope_ci95, word, language);
        Written {
            difference: Text { de: amount("de"), en: amount("en") },
            leeway: Text { de: leeway("bis", "de"), en: leeway("to", "en") },
        }
    }
}
