//! The parts of the file, one function each.

use super::keys::Keys;
use super::steps;
use crate::frame::Component;
use crate::quantity::ObservedProperty;
use crate::template::expr::Condition;
use crate::template::finding::{Issue, Wanted};
use crate::template::step::source::component_named;
use crate::template::{
    Answer, COUNTDOWN, Channel, Comparison, Edge, Event, Figure, Hint, Input, Language, Location, Operand, Operands, Origin, Prediction,
    Reference, Retention, RunPlan, Sensor, Share, Simulation, Source, Subject, Template, Text, Trigger, Version,
};

/// The most entries of a list of tables.
const MOST: usize = 40;
/// How long a Take that ends by itself may be, s; and one whose first moment is looked for: of a longer Run only the newest part is analysed,
/// and another moment would be the first.
const LENGTHS: std::ops::RangeInclusive<i64> = 1..=3600;
const TRIGGERED: std::ops::RangeInclusive<i64> = 1..=600;
/// The most characters of a short and of a long text.
pub(super) const SHORT: usize = 160;
pub(super) const LONG: usize = 600;

const SUBJECTS: [(&str, Subject); 8] = [
    ("physics", Subject::Physics),
    ("chemistry", Subject::Chemistry),
    ("biology", Subject::Biology),
    ("geography", Subject::Geography),
    ("mathematics", Subject::Mathematics),
    ("computing", Subject::Computing),
    ("sports", Subject::Sports),
    ("general", Subject::General),
];

const SOURCES: [(&str, Source); 4] =
    [("web", Source::Web), ("phyphox", Source::Phyphox), ("sensor_logger", Source::SensorLogger), ("station", Source::Station)];

pub(super) const EVENTS: [(&str, Event); 2] = [("sound", Event::Sound), ("tap", Event::Tap)];

pub(super) const EDGES: [(&str, Edge); 3] = [("rising", Edge::Rising), ("falling", Edge::Falling), ("both", Edge::Both)];

/// Reads the whole file; what is missing is complained about and stands empty.
pub(super) fn template(keys: &Keys<'_, '_>) -> Template {
    if keys.number("format").is_some_and(|format| format != 1.0) {
        keys.note("format", Issue::Format);
    }
    let languages = languages(keys);
    keys.notes.languages.replace(languages.clone());
    let version = keys.text("version").unwrap_or_default();
    let version = Version::parse(&version).or_else(|| {
        if keys.has("version") {
            keys.note("version", Issue::Version);
        }
        None
    });
    let grades = keys.numbers("grades").unwrap_or_default();
    let grades = match grades[..] {
        [from, to] if (1..=13).contains(&from) && (from..=13).contains(&to) => [from as u8, to as u8],
        _ => {
            if keys.has("grades") {
                keys.note("grades", Issue::Outside("grades = [from, to], 1 <= from <= to <= 13".to_owned()));
            }
            [1, 13]
        }
    };
    Template {
        id: keys.text("id").unwrap_or_default(),
        version: version.unwrap_or(Version { major: 1, minor: 0, patch: 0 }),
        languages,
        license: keys.text("license").unwrap_or_default(),
        authors: authors(keys).unwrap_or_default(),
        subject: keys.word("subject", &SUBJECTS).unwrap_or(Subject::General),
        grades,
        minutes: keys.whole("minutes", 1..=600).map_or(45, |minutes| minutes as u16),
        group: keys.whole("group", 1..=12).map_or(1, |group| group as u8),
        title: keys.words("title", 100).unwrap_or_else(nothing),
        summary: keys.words("summary", 300).unwrap_or_else(nothing),
        task: keys.words("task", LONG).unwrap_or_else(nothing),
        origin: keys.table("origin").and_then(|keys| origin(&keys)),
        sensors: keys.tables("sensor", MOST, sensor),
        inputs: keys.tables("input", MOST, input),
        predictions: keys.tables("predict", MOST, prediction),
        run: keys.table("run").map_or_else(RunPlan::default, |keys| run(&keys)),
        steps: keys.tables("analysis", MOST, steps::step),
        class_steps: keys.tables("class", MOST, steps::class_step),
        hints: keys.tables("hint", MOST, hint),
        outcome: keys.text("outcome").unwrap_or_default(),
        reference: keys.table("reference").and_then(|keys| reference(&keys)),
        comparison: keys.table("comparison").and_then(|keys| comparison(&keys)),
        share: keys.table("share").map_or_else(Share::default, |keys| share(&keys)),
        retention: keys.table("retention").and_then(|keys| retention(&keys)),
        figures: keys.tables("figure", MOST, figure),
        simulation: keys.table("simulation").and_then(|keys| simulation(&keys)),
    }
}

fn nothing() -> Text {
    Text { de: String::new(), en: String::new() }
}

fn languages(keys: &Keys<'_, '_>) -> Vec<Language> {
    let written = keys.texts("languages").unwrap_or_default();
    let known = Language::ALL.map(|language| (language.name(), language));
    let mut found = vec![];
    for word in &written {
        if let Some(language) = keys.word_of("languages", word, &known) {
            if found.contains(&language) {
                keys.note("languages", Issue::Twice(word.clone()));
            } else {
                found.push(language);
            }
        }
    }
    if written.is_empty() && keys.has("languages") {
        keys.note("languages", Issue::Empty);
    }
    found
}

fn authors(keys: &Keys<'_, '_>) -> Option<Vec<String>> {
    let authors = keys.texts("authors")?;
    if authors.is_empty() || authors.iter().any(|author| author.trim().is_empty()) {
        keys.note("authors", Issue::Empty);
    }
    if authors.iter().any(|author| author.chars().count() > 100) {
        keys.note("authors", Issue::TooLong { most: 100 });
    }
    if authors.len() > MOST {
        keys.note("authors", Issue::TooMany { most: MOST });
    }
    Some(authors)
}

fn origin(keys: &Keys<'_, '_>) -> Option<Origin> {
    let (id, version, sha256) = (keys.text("id"), keys.text("version"), keys.text("sha256"));
    let (authors, license) = (authors(keys), keys.text("license"));
    keys.finish();
    if version.as_ref().is_some_and(|version| Version::parse(version).is_none()) {
        keys.note("version", Issue::Version);
    }
    if sha256.as_ref().is_some_and(|sum| sum.len() != 64 || !sum.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        keys.note("sha256", Issue::Outside("64 hexadecimal digits".to_owned()));
    }
    Some(Origin { id: id?, version: version?, sha256: sha256?, authors: authors?, license: license? })
}

/// A property by its name.
pub(super) fn property(keys: &Keys<'_, '_>, key: &'static str) -> Option<ObservedProperty> {
    let known: Vec<(&str, ObservedProperty)> = ObservedProperty::all().map(|property| (property.name(), property)).collect();
    keys.word(key, &known)
}

fn sensor(keys: &Keys<'_, '_>) -> Option<Sensor> {
    let quantity = property(keys, "quantity");
    let (stream, min_hz, max_hz) = (keys.text("stream"), keys.number("min_hz"), keys.number_or("max_hz", 200.0));
    let written = keys.texts("sources").unwrap_or_default();
    let sources = written.iter().filter_map(|word| keys.word_of("sources", word, &SOURCES)).collect();
    if written.is_empty() && keys.has("sources") {
        keys.note("sources", Issue::Empty);
    }
    let event = keys.word_if("event", &EVENTS);
    if event.is_some() && quantity.is_some_and(|quantity| quantity != ObservedProperty::TimeInterval) {
        keys.note("event", Issue::Outside("event: only of time_interval".to_owned()));
    }
    Some(Sensor { quantity: quantity?, stream: stream?, min_hz: min_hz?, max_hz, sources, event })
}

fn input(keys: &Keys<'_, '_>) -> Option<Input> {
    let (name, unit, label) = (keys.text("name"), keys.text("unit"), keys.words("label", SHORT));
    let (min, max, uncertainty) = (keys.number("min"), keys.number("max"), keys.number("uncertainty"));
    let repeat = keys.whole_if("repeat", 2..=12).map(|count| count as u8);
    let (by_hand, optional) = (keys.flag("by_hand", false), keys.flag("optional", false));
    // Whether it is a list is not known then.
    if keys.has("repeat") && repeat.is_none() {
        return None;
    }
    Some(Input { name: name?, unit: unit?, label: label?, min: min?, max: max?, uncertainty: uncertainty?, repeat, by_hand, optional })
}

fn prediction(keys: &Keys<'_, '_>) -> Option<Prediction> {
    let (name, question) = (keys.text("name"), keys.words("question", 300));
    let answer = match keys.kind("kind", &[("number", 0), ("choice", 1), ("sketch", 2)])? {
        0 => {
            let (unit, min, max) = (keys.text("unit"), keys.number("min"), keys.number("max"));
            let of = keys.text_if("of");
            Answer::Number { unit: unit?, min: min?, max: max?, of }
        }
        1 => Answer::Choice { options: keys.words_list("options", SHORT)? },
        _ => Answer::Sketch { of: channel(keys, "of")? },
    };
    Some(Prediction { name: name?, question: question?, answer })
}

fn hint(keys: &Keys<'_, '_>) -> Option<Hint> {
    let (name, when, text) = (keys.text("name"), keys.text("when"), keys.words("text", LONG));
    let when = Condition::parse(&when?).map_err(|error| keys.note("when", Issue::Expression(error))).ok();
    Some(Hint { name: name?, when: when?, text: text? })
}

fn reference(keys: &Keys<'_, '_>) -> Option<Reference> {
    let (value, tolerance) = (keys.number("value"), keys.number("tolerance"));
    let (label, source) = (keys.words("label", SHORT), keys.words("source", LONG));
    keys.finish();
    Some(Reference { value: value?, tolerance: tolerance?, label: label?, source: source? })
}

fn comparison(keys: &Keys<'_, '_>) -> Option<Comparison> {
    let (margin, why) = (keys.number("margin"), keys.words("why", LONG));
    let pairs = keys.texts_if("pairs").unwrap_or_default();
    keys.finish();
    Some(Comparison { margin: margin?, why: why?, pairs })
}

fn share(keys: &Keys<'_, '_>) -> Share {
    let usual = Share::default();
    let share = Share {
        aggregates: keys.flag("aggregates", usual.aggregates),
        singles: keys.flag("singles", usual.singles),
        k: keys.whole_if("k", 5..=1000).map_or(usual.k, |k| k as u32),
        location: keys.word_if("location", &[("none", Location::None), ("grid", Location::Grid)]).unwrap_or(usual.location),
    };
    keys.finish();
    share
}

fn run(keys: &Keys<'_, '_>) -> RunPlan {
    let modes = RunPlan::MODES.map(|mode| (mode, mode));
    let mode = keys.kind("mode", &modes).unwrap_or(RunPlan::MODES[0]);
    let countdown_s =
        keys.whole_if("countdown_s", 0..=i64::from(COUNTDOWN)).map_or(RunPlan::default().countdown_s, |seconds| seconds as u8);
    let length_s = match mode {
        "timed" => keys.whole("length_s", LENGTHS),
        "trigger" => keys.whole("length_s", TRIGGERED),
        _ => None,
    };
    let trigger = if mode == "trigger" { trigger(keys) } else { None };
    keys.finish();
    RunPlan { countdown_s, length_s: length_s.map(|seconds| seconds as u16), trigger }
}

fn trigger(keys: &Keys<'_, '_>) -> Option<Trigger> {
    let (of, level) = (channel(keys, "of"), keys.number("level"));
    let edge = keys.word_if("edge", &EDGES).unwrap_or(Edge::Rising);
    let (before_s, after_s) = (keys.number_or("before_s", 0.0), keys.number("after_s"));
    Some(Trigger { of: of?, level: level?, edge, before_s, after_s: after_s? })
}

fn retention(keys: &Keys<'_, '_>) -> Option<Retention> {
    let hours = keys.whole("hours", 1..=24 * 365);
    keys.finish();
    Some(Retention { hours: hours? as u32 })
}

fn simulation(keys: &Keys<'_, '_>) -> Option<Simulation> {
    let scenario = keys.text("scenario");
    keys.finish();
    Some(Simulation { scenario: scenario? })
}

/// A component of a sensor: `acceleration.abs`.
fn channel(keys: &Keys<'_, '_>, key: &'static str) -> Option<Channel> {
    let written = keys.text(key)?;
    let found = Channel::parse(&written);
    if found.is_none() {
        complain_of_channel(keys, key, &written);
    }
    found
}

/// The first part names a property, or it is no property at all.
fn complain_of_channel(keys: &Keys<'_, '_>, key: &'static str, written: &str) {
    let name = written.split('.').next().unwrap_or_default();
    match ObservedProperty::from_name(name) {
        Some(property) => keys.note(key, Issue::Component { property: property.name(), scalar: !property.is_vector() }),
        None => {
            let known: Vec<(&str, ())> = ObservedProperty::all().map(|property| (property.name(), ())).collect();
            keys.word_of(key, name, &known);
        }
    }
}

/// What an operation reads: components of sensors, names of steps.
pub(super) fn operands(keys: &Keys<'_, '_>, key: &'static str) -> Option<Operands> {
    let written = keys.one_or_more(key)?;
    if written.is_empty() {
        keys.note(key, Issue::Empty);
        return None;
    }
    let mut found = vec![];
    for word in written.iter().take(MOST) {
        let of_a_sensor = ObservedProperty::from_name(word.split('.').next().unwrap_or_default()).is_some();
        match Channel::parse(word) {
            Some(channel) => found.push(Operand::Channel(channel)),
            None if of_a_sensor => {
                complain_of_channel(keys, key, word);
                return None;
            }
            None => found.push(Operand::Named(word.clone())),
        }
    }
    Some(Operands(found))
}

pub(super) fn component(keys: &Keys<'_, '_>, key: &'static str) -> Option<Component> {
    let known = ["x", "y", "z", "abs"].map(|name| (name, component_named(name)));
    keys.word(key, &known).flatten()
}

fn figure(keys: &Keys<'_, '_>) -> Option<Figure> {
    let kinds: Vec<(&str, &str)> = Figure::KINDS.iter().map(|kind| (*kind, *kind)).collect();
    Some(match keys.kind("kind", &kinds)? {
        "trace" => {
            let (quantity, component) = (property(keys, "quantity"), component(keys, "component"));
            let (min, max) = (keys.number("min"), keys.number("max"));
            Figure::Trace { quantity: quantity?, component: component?, min: min?, max: max? }
        }
        "strip" => {
            let (of, min, max) = (keys.text("of"), keys.number_if("min"), keys.number_if("max"));
            Figure::Strip { of: of?, min, max }
        }
        "histogram" => {
            let (of, min, max) = (keys.text("of"), keys.number_if("min"), keys.number_if("max"));
            let bins = keys.whole_if("bins", 2..=100).map(|bins| bins as u32);
            Figure::Histogram { of: of?, min, max, bins }
        }
        "box" => {
            let (of, min, max) = (keys.text("of"), keys.number_if("min"), keys.number_if("max"));
            Figure::Box { of: of?, min, max }
        }
        "scatter" => {
            let (of, log) = (keys.text("of"), keys.flag("log", false));
            Figure::Scatter { of: of?, log }
        }
        "spectrum" => {
            let (of, max_hz) = (operands(keys, "of"), keys.number_if("max_hz"));
            Figure::Spectrum { of: of?, max_hz }
        }
        "motion" => {
            let (a, v, s) = (operands(keys, "a"), operands(keys, "v"), operands(keys, "s"));
            Figure::Motion { a: a?, v: v?, s: s? }
        }
        "overlay" => {
            let (of, level) = (channel(keys, "of"), keys.number("level"));
            let edge = keys.word_if("edge", &EDGES).unwrap_or(Edge::Rising);
            let (before_s, after_s) = (keys.number("before_s"), keys.number("after_s"));
            Figure::Overlay { of: of?, level: level?, edge, before_s: before_s?, after_s: after_s? }
        }
        "phone" => Figure::Phone { quantity: property(keys, "quantity")? },
        _ => {
            keys.note("kind", Issue::WrongType { wanted: Wanted::Text });
            return None;
        }
    })
}
