//! A template's analysis in sentences: what was done with the readings, step by step.
//!
//! Steps are taken as the template itself writes them, so that what is said here is what stands in `lesson.toml`.

use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::Template;
use messwerk_viz_wasm::words::{Lang, number, property_name, unit};
use serde_json::Value;

use crate::discuss::words::formula;

/// A step: its name, what it is called, what is done.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) how: String,
}

/// The steps of a group, then those of the class.
pub(super) fn steps(template: &Template, lang: Lang) -> (Vec<Told>, Vec<Told>) {
    let said = serde_json::to_value(template).unwrap_or_default();
    let of = |keys: &[&str]| {
        let list = keys.iter().find_map(|key| said[*key].as_array());
        list.into_iter().flatten().map(|step| told(step, lang)).collect()
    };
    (of(&["steps", "analysis"]), of(&["class_steps", "class"]))
}

fn told(step: &Value, lang: Lang) -> Told {
    let word = |key: &str| step[key].as_str().unwrap_or_default();
    let label = step["label"][lang.pick("de", "en")].as_str().unwrap_or_default();
    Told { name: word("name").to_owned(), label: label.to_owned(), how: Step { step, lang }.how() }
}

/// One step as its template has it.
#[derive(Clone, Copy)]
struct Step<'a> {
    step: &'a Value,
    lang: Lang,
}

impl Step<'_> {
    fn word(self, key: &str) -> String {
        match &self.step[key] {
            Value::String(word) => self.named(word),
            Value::Array(words) => {
                let words: Vec<String> = words.iter().filter_map(Value::as_str).map(|word| self.named(word)).collect();
                words.join(self.lang.pick(" oder ", " or "))
            }
            _ => String::new(),
        }
    }

    /// A sensor's component as people call it; names of steps and inputs stay what they are.
    fn named(self, word: &str) -> String {
        let (name, component) = word.split_once('.').unwrap_or((word, ""));
        let Some(property) = ObservedProperty::from_name(name) else { return word.to_owned() };
        let name = property_name(property, self.lang);
        match component {
            "" | "value" => name.to_owned(),
            "abs" => format!("{name} ({})", self.lang.pick("Betrag", "magnitude")),
            axis => format!("{name} ({axis})"),
        }
    }

    fn expression(self, key: &str) -> String {
        let text = match &self.step[key] {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Object(parts) => parts.get("text").and_then(Value::as_str).unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        formula(&text)
    }

    fn number(self, key: &str) -> String {
        self.step[key].as_f64().map_or(String::new(), |value| number::shortest(value, self.lang))
    }

    fn is(self, key: &str, value: &str) -> bool {
        self.step[key] == value
    }

    fn holds(self, key: &str) -> bool {
        self.step[key].as_bool().unwrap_or(false)
    }

    fn how(self) -> String {
        let operation = self.step["op"].as_str().unwrap_or_default();
        let (de, en) = self.of_signals(operation).or_else(|| self.of_numbers(operation)).unwrap_or_else(|| {
            // A step of a newer template: its own word is better than none.
            (operation.to_owned(), operation.to_owned())
        });
        match self.lang {
            Lang::De => de,
            Lang::En => en,
        }
    }

    fn of_signals(self, operation: &str) -> Option<(String, String)> {
        let of = self.word("of");
        let both = |de: String, en: String| Some((de, en));
        match operation {
            "period" => {
                let (min, max, n) = (self.number("min_s"), self.number("max_s"), self.number("min_periods"));
                let fit = self.is("method", "fit");
                let (de, en) = if fit {
                    ("Anpassung einer gedämpften Sinuskurve", "fit of a damped sine")
                } else {
                    ("Autokorrelation", "autocorrelation")
                };
                both(
                    format!(
                        "Periodendauer der längsten gleichmäßigen Schwingung in: {of}; gesucht von {min} s bis {max} s, mindestens {n} Perioden; {de}"
                    ),
                    format!("period of the longest steady swing in: {of}; looked for from {min} s to {max} s, at least {n} periods; {en}"),
                )
            }
            "mean" => {
                let seconds = self.number("min_s");
                both(
                    format!("Mittelwert über die längste Zeit in Ruhe (mindestens {seconds} s) von: {of}"),
                    format!("mean over the longest time at rest (at least {seconds} s) of: {of}"),
                )
            }
            "average" => both(format!("zeitlicher Mittelwert von: {of}"), format!("mean over time of: {of}")),
            "energy_mean" => {
                both(format!("Pegel der mittleren Energie (Leq) von: {of}"), format!("level of the mean energy (Leq) of: {of}"))
            }
            "exceeded" => {
                let share = self.number("percent");
                both(
                    format!("Wert, der {share} % der Zeit überschritten ist, von: {of}"),
                    format!("value that is exceeded {share} % of the time, of: {of}"),
                )
            }
            "median" => both(format!("mittlerer Wert (Median) von: {of}"), format!("middle value (median) of: {of}")),
            "minimum" => both(format!("kleinster Wert von: {of}"), format!("least value of: {of}")),
            "maximum" => both(format!("größter Wert von: {of}"), format!("largest value of: {of}")),
            "range" => both(format!("größter minus kleinster Wert von: {of}"), format!("largest minus least value of: {of}")),
            "sd" => both(format!("Standardabweichung von: {of}"), format!("standard deviation of: {of}")),
            "change" => {
                let edge = self.number("edge_s");
                both(
                    format!("Mittel der letzten {edge} s minus Mittel der ersten {edge} s von: {of}"),
                    format!("mean of the last {edge} s minus mean of the first {edge} s of: {of}"),
                )
            }
            "duration" | "count" => both(self.crossing(operation, true), self.crossing(operation, false)),
            "frequency" => {
                let (min, max) = (self.number("min_hz"), self.number("max_hz"));
                both(
                    format!("stärkste Frequenz zwischen {min} Hz und {max} Hz in: {of}"),
                    format!("strongest frequency between {min} Hz and {max} Hz in: {of}"),
                )
            }
            "smooth" => {
                let window = self.number("window_s");
                both(format!("geglättet über {window} s: {of}"), format!("smoothed over {window} s: {of}"))
            }
            "derivative" => {
                let window = self.number("window_s");
                both(
                    format!("Änderung pro Sekunde (Steigung über {window} s) von: {of}"),
                    format!("change per second (slope over {window} s) of: {of}"),
                )
            }
            "integral" => {
                let (de, en) = if self.is("drift", "linear") {
                    (
                        "; gerade Drift abgezogen, damit es am Ende null ist wie am Anfang",
                        "; straight drift taken away, so that it ends at zero as it began",
                    )
                } else {
                    ("", "")
                };
                both(format!("aufsummiert über die Zeit: {of}{de}"), format!("summed up over time: {of}{en}"))
            }
            "height" => both(
                format!("Höhe über dem Start nach der barometrischen Höhenformel aus: {of}"),
                format!("height above the start by the barometric formula from: {of}"),
            ),
            "values" => both(format!("die einzelnen Messwerte von: {of}"), format!("the single readings of: {of}")),
            _ => None,
        }
    }

    fn crossing(self, operation: &str, german: bool) -> String {
        let of = self.word("of");
        let unit = unit(self.step["unit"].as_str().unwrap_or_default());
        let level = |key: &str| format!("{} {unit}", self.number(key)).trim().to_owned();
        if operation == "count" {
            let (level, back) = (level("level"), level("hysteresis"));
            return if german {
                format!("wie oft {level} gekreuzt wird (zurück um mindestens {back}) von: {of}")
            } else {
                format!("how often {level} is crossed (back by {back} at least) by: {of}")
            };
        }
        let below = self.step["below"].is_number();
        let level = level(if below { "below" } else { "above" });
        match (german, below) {
            (true, true) => format!("längste Zeit unter {level} von: {of}"),
            (true, false) => format!("längste Zeit über {level} von: {of}"),
            (false, true) => format!("longest time below {level} of: {of}"),
            (false, false) => format!("longest time above {level} of: {of}"),
        }
    }

    fn of_numbers(self, operation: &str) -> Option<(String, String)> {
        let both = |de: String, en: String| Some((de, en));
        let (x, y) = (self.expression("x"), self.expression("y"));
        match operation {
            "average_of" => {
                let of = self.word("of");
                both(
                    format!("Mittelwert von {of}; Unsicherheit: Standardabweichung durch √n"),
                    format!("mean of {of}; uncertainty: standard deviation over √n"),
                )
            }
            "difference_of" => {
                let (a, b) = (self.word("a"), self.word("b"));
                both(format!("mittlere Differenz {a} − {b}, paarweise"), format!("mean difference {a} − {b}, pair by pair"))
            }
            "line" => {
                let (de, en) = if self.holds("through_origin") { (" durch den Ursprung", " through the origin") } else { ("", "") };
                both(format!("Ausgleichsgerade{de}: {y} über {x}"), format!("straight line{en}: {y} against {x}"))
            }
            "power_law" => {
                let (de, en) = if self.holds("background") { (" mit Untergrund", " with background") } else { ("", "") };
                both(format!("Potenzgesetz{de}: {y} über {x}"), format!("power law{en}: {y} against {x}"))
            }
            "parabola" => both(format!("Ausgleichsparabel: {y} über {x}"), format!("parabola: {y} against {x}")),
            "exponential" => {
                let of = self.word("of");
                both(format!("Anpassung einer Exponentialfunktion an: {of}"), format!("fit of an exponential to: {of}"))
            }
            "formula" => {
                let formula = format!("{} = {}", self.word("name"), self.expression("expr"));
                both(formula.clone(), formula)
            }
            "gravity_of_pendulum" => {
                let formula = format!("g = 4π² · {} / {}²", self.word("length"), self.word("period"));
                both(formula.clone(), formula)
            }
            "spring_constant" => {
                let formula = format!("k = 4π² · {} / {}²", self.word("mass"), self.word("period"));
                both(formula.clone(), formula)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::template::builtins;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_step_of_every_built_in_template_has_words_in_both_languages() {
        for template in builtins() {
            for lang in [Lang::De, Lang::En] {
                let (own, class) = steps(template, lang);
                assert!(!own.is_empty(), "{}", template.id);
                for Told { name, label, how } in own.iter().chain(&class) {
                    let bare = how.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                    let empty = ["  ", ": ;", ":;", " s (", "von: ;"].iter().any(|gap| how.contains(gap)) || how.trim_end().ends_with(':');
                    assert!(!name.is_empty() && !label.is_empty() && !bare && !empty, "{} {name}: {how}", template.id);
                }
            }
        }
    }

    #[test]
    fn what_a_step_does_is_said_with_its_numbers() {
        let check = |step: Value, de: &str, en: &str| {
            assert_eq!([Step { step: &step, lang: Lang::De }.how(), Step { step: &step, lang: Lang::En }.how()], [de, en]);
        };
        check(
            json!({"op": "duration", "of": ["acceleration.abs"], "below": 2.5, "unit": "m/s2"}),
            "längste Zeit unter 2,5 m/s² von: Beschleunigung (Betrag)",
            "longest time below 2.5 m/s² of: acceleration (magnitude)",
        );
        check(json!({"op": "formula", "name": "g", "expr": "2*h/t^2"}), "g = 2 · h/t²", "g = 2 · h/t²");
        check(
            json!({"op": "line", "x": "mass_kg", "y": "T^2", "through_origin": true}),
            "Ausgleichsgerade durch den Ursprung: T² über mass_kg",
            "straight line through the origin: T² against mass_kg",
        );
        check(
            json!({"op": "values", "of": "time_interval"}),
            "die einzelnen Messwerte von: Zeitabstand",
            "the single readings of: time interval",
        );
        check(json!({"op": "of_tomorrow"}), "of_tomorrow", "of_tomorrow");
    }
}
