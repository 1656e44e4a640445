//! What is said of two classes.

use super::Digits;
use crate::compare::{Comparison, LEAST, Method, Numbers, Pair, Verdict};
use crate::template::Text;

/// The verdict of a pair, with the numbers it rests on.
pub(super) fn of_pair(comparison: &Comparison, pair: &Pair) -> Text {
    let class = |index: usize| comparison.classes[index].label.as_str();
    match (&pair.numbers, pair.verdict) {
        (Some(numbers), verdict) => {
            let (a, b, turned) = turned(pair, *numbers);
            let margin = comparison.margin.as_ref().map(|margin| margin.value);
            let of = Of { a: class(a), b: class(b), digits: Digits::of(&turned, margin, &comparison.unit), numbers: turned, margin };
            Text { de: of.german(verdict), en: of.english(verdict) }
        }
        (None, Verdict::NoScatter) => no_scatter(class(pair.a), class(pair.b), pair.method),
        (None, _) => too_few(comparison, pair),
    }
}

/// The pair with the class first whose mean is the larger one.
fn turned(pair: &Pair, numbers: Numbers) -> (usize, usize, Numbers) {
    if numbers.difference >= 0.0 {
        return (pair.a, pair.b, numbers);
    }
    let turn = |[low, high]: [f64; 2]| [-high, -low];
    let (ci95, interval) = (turn(numbers.ci95), turn(numbers.interval));
    (pair.b, pair.a, Numbers { difference: -numbers.difference, ci95, interval, ..numbers })
}

struct Of<'a> {
    a: &'a str,
    b: &'a str,
    digits: Digits<'a>,
    numbers: Numbers,
    margin: Option<f64>,
}

impl Of<'_> {
    fn german(&self, verdict: Verdict) -> String {
        let (a, b) = (self.a, self.b);
        let size = self.digits.amount(self.numbers.difference, "de");
        let range = |word: &str| self.digits.range(self.numbers.interval, word, "de");
        let margin = self.margin.map(|margin| self.digits.margin(margin, "de"));
        match (verdict, margin) {
            (Verdict::DifferButLittle, Some(margin)) => format!(
                "„{a}“ und „{b}“ unterscheiden sich, aber um weniger, als es ausmacht: „{a}“ liegt im Mittel um {size} höher (Spielraum: {}). Etwas ausmachen würden erst {margin}.",
                range("bis")
            ),
            (Verdict::Agree, Some(margin)) => format!(
                "„{a}“ und „{b}“ stimmen überein: Der Unterschied liegt zwischen {}. Er kann null sein, und er ist kleiner als {margin}, ab denen er etwas ausmachen würde.",
                range("und")
            ),
            (Verdict::CannotTell { groups_needed }, margin) => {
                let mut text = format!(
                    "Ob sich „{a}“ und „{b}“ unterscheiden, lässt sich noch nicht sagen: Der Unterschied liegt zwischen {}. Er kann null sein",
                    range("und")
                );
                match margin {
                    Some(margin) => text.push_str(&format!(", er kann aber auch größer sein als {margin}, und das würde etwas ausmachen.")),
                    None => text.push('.'),
                }
                text.push_str(&match groups_needed {
                    Some(groups) => format!(" Mit etwa {groups} Ergebnissen in jeder Klasse ließe es sich wohl entscheiden, wenn Unterschied und Streuung so bleiben."),
                    None => " Auch tausend Ergebnisse in jeder Klasse würden das wohl nicht entscheiden: Dafür ist der Unterschied zu klein.".to_owned(),
                });
                text
            }
            (_, margin) => {
                let open = match margin {
                    None => String::new(),
                    Some(margin) if self.matters() => format!(" Das ist mehr als {margin}, und ab so viel macht es etwas aus."),
                    Some(margin) => format!(" Ob es so viel ist, dass es etwas ausmacht ({margin}), ist noch offen."),
                };
                format!("„{a}“ und „{b}“ unterscheiden sich: „{a}“ liegt im Mittel um {size} höher (Spielraum: {}).{open}", range("bis"))
            }
        }
    }

    fn english(&self, verdict: Verdict) -> String {
        let (a, b) = (self.a, self.b);
        let size = self.digits.amount(self.numbers.difference, "en");
        let range = |word: &str| self.digits.range(self.numbers.interval, word, "en");
        let margin = self.margin.map(|margin| self.digits.margin(margin, "en"));
        match (verdict, margin) {
            (Verdict::DifferButLittle, Some(margin)) => format!(
                "“{a}” and “{b}” differ, but by less than matters: “{a}” is higher by {size} on average (leeway: {}). Only {margin} would matter.",
                range("to")
            ),
            (Verdict::Agree, Some(margin)) => format!(
                "“{a}” and “{b}” agree: the difference lies between {}. It may be zero, and it is smaller than {margin}, from which on it would matter.",
                range("and")
            ),
            (Verdict::CannotTell { groups_needed }, margin) => {
                let mut text = format!(
                    "Nobody can tell yet whether “{a}” and “{b}” differ: the difference lies between {}. It may be zero",
                    range("and")
                );
                match margin {
                    Some(margin) => text.push_str(&format!(", but it may also be larger than {margin}, and that would matter.")),
                    None => text.push('.'),
                }
                text.push_str(&match groups_needed {
                    Some(groups) => {
                        format!(
                            " About {groups} results in each class would probably settle it, if difference and scatter stay as they are."
                        )
                    }
                    None => " Even a thousand results in each class would probably not settle it: the difference is too small for that."
                        .to_owned(),
                });
                text
            }
            (_, margin) => {
                let open = match margin {
                    None => String::new(),
                    Some(margin) if self.matters() => format!(" That is more than {margin}, from which on it matters."),
                    Some(margin) => format!(" Whether it is enough to matter ({margin}) is still open."),
                };
                format!("“{a}” and “{b}” differ: “{a}” is higher by {size} on average (leeway: {}).{open}", range("to"))
            }
        }
    }

    /// Whether the whole interval lies beyond δ.
    fn matters(&self) -> bool {
        self.margin.is_some_and(|margin| self.numbers.interval[0] > margin)
    }
}

fn too_few(comparison: &Comparison, pair: &Pair) -> Text {
    let classes = [pair.a, pair.b].map(|index| &comparison.classes[index]);
    let [a, b] = classes.map(|class| class.label.as_str());
    if let (Method::Paired, Some(pairs)) = (pair.method, pair.pairs) {
        return Text {
            de: format!(
                "Zu wenige Paare: „{a}“ und „{b}“ haben {pairs} Messungen vom selben Ort zur selben Zeit; nötig sind mindestens {LEAST}."
            ),
            en: format!("Too few pairs: “{a}” and “{b}” have {pairs} measurements of the same place and time; it takes at least {LEAST}."),
        };
    }
    let short = || classes.into_iter().filter(|class| class.n < LEAST);
    let de: Vec<String> = short().map(|class| format!("„{}“ hat {}", class.label, class.n)).collect();
    let en: Vec<String> = short().map(|class| format!("“{}” has {}", class.label, class.n)).collect();
    Text {
        de: format!(
            "Zu wenige Ergebnisse, um „{a}“ und „{b}“ zu vergleichen: {}; nötig sind mindestens {LEAST} in jeder Klasse.",
            de.join(", ")
        ),
        en: format!("Too few results to compare “{a}” and “{b}”: {}; it takes at least {LEAST} in each class.", en.join(", ")),
    }
}

fn no_scatter(a: &str, b: &str, method: Method) -> Text {
    let (de, en) = match method {
        Method::Welch => {
            ("In „{a}“ und „{b}“ sind alle Ergebnisse einer Klasse gleich.", "In “{a}” and “{b}” all results of a class are equal.")
        }
        Method::Paired => (
            "Der Unterschied von „{a}“ und „{b}“ ist in jedem Paar genau gleich.",
            "The difference of “{a}” and “{b}” is exactly the same in each pair.",
        ),
    };
    let fill = |text: &str| text.replace("{a}", a).replace("{b}", b);
    Text {
        de: format!(
            "{} Ohne Streuung lässt sich nicht sagen, wie genau die Mittelwerte sind. Wurde zu grob abgelesen oder gerundet?",
            fill(de)
        ),
        en: format!("{} Without scatter nobody can say how well the means are known. Was it read or rounded too coarsely?", fill(en)),
    }
}
