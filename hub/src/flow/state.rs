//! A lesson at one moment, and how pages are told of it.

use std::sync::Arc;

use messwerk_lessons::Micros;
use messwerk_lessons::frame::Component;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{Figure, Template};
use messwerk_store::catalogue::{Lesson, Take, Thing};
use serde_json::{Value, json};

use crate::api::problem::Problem;
use crate::mint;

/// Where a lesson stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was measured yet.
    Lobby,
    /// A Take has been started and begins in a moment.
    Countdown,
    /// Readings are kept.
    Measuring,
    /// There are Takes, and none runs.
    Stopped,
    /// The lesson is over.
    Ended,
}

impl Phase {
    /// The name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lobby => "lobby",
            Self::Countdown => "countdown",
            Self::Measuring => "measuring",
            Self::Stopped => "stopped",
            Self::Ended => "ended",
        }
    }

    /// Where a lesson with these Takes stands at `now`.
    pub fn of(lesson: &Lesson, takes: &[Take], now: Micros) -> Self {
        if lesson.ended.is_some() {
            return Self::Ended;
        }
        if !lesson.led {
            return Self::Measuring;
        }
        match takes.last() {
            None => Self::Lobby,
            Some(Take { ends: Some(_), .. }) => Self::Stopped,
            Some(Take { begins, .. }) if *begins > now => Self::Countdown,
            Some(_) => Self::Measuring,
        }
    }
}

/// A lesson at one moment. Holds: `things` has none that was removed or handed over, `takes` no rehearsal that is over.
#[derive(Debug, Clone)]
pub struct LessonState {
    /// Grows with every change.
    pub version: i64,
    /// As the catalogue has it.
    pub lesson: Lesson,
    /// By number; the last one may be open.
    pub takes: Vec<Take>,
    /// By number.
    pub things: Arc<[Thing]>,
    /// Those that were handed over to the next group: their results stay.
    pub past: Arc<[Thing]>,
    /// Those that the teacher removed.
    pub removed: Arc<[Thing]>,
    /// Where it stands.
    pub phase: Phase,
    /// Whether it was erased.
    pub gone: bool,
    /// The Things as messages list them, and those that were handed over.
    list: Arc<str>,
    past_list: Arc<str>,
}

/// What a page is told besides the lesson itself.
#[derive(Debug, Default)]
pub struct Telling {
    /// What is drawn, if not the template's main trace.
    pub property: Option<ObservedProperty>,
    /// How somebody joins; asked only while somebody may.
    pub join: Value,
    /// The phone that is told.
    pub you: Option<ThingId>,
    /// Hub time.
    pub now: Micros,
}

impl LessonState {
    /// A lesson as the catalogue has it at `now`.
    pub fn new(version: i64, lesson: Lesson, mut takes: Vec<Take>, things: Vec<Thing>, now: Micros) -> Self {
        takes.retain(|take| !(take.rehearsal && take.ends.is_some()));
        let (removed, things): (Vec<_>, Vec<_>) = things.into_iter().partition(|thing| thing.removed);
        let (past, things): (Vec<_>, Vec<_>) = things.into_iter().partition(|thing| thing.handed_over);
        let phase = Phase::of(&lesson, &takes, now);
        let [list, past_list] = [&things, &past].map(|things| Value::Array(things.iter().map(listed).collect()).to_string().into());
        let (things, past, removed) = (things.into(), past.into(), removed.into());
        Self { version, lesson, takes, things, past, removed, phase, gone: false, list, past_list }
    }

    /// The same, erased.
    pub(super) fn gone(&self) -> Self {
        Self { gone: true, version: self.version + 1, things: [].into(), past: [].into(), ..self.clone() }
    }

    /// Whether everything but the version is the same.
    pub(super) fn same(&self, other: &Self) -> bool {
        (&self.lesson, &self.takes, &self.things, &self.past, &self.removed, self.phase)
            == (&other.lesson, &other.takes, &other.things, &other.past, &other.removed, other.phase)
    }

    /// Whether what a phone must be told at once is the same: all but who else takes part.
    pub fn same_for(&self, thing: ThingId, other: &Self) -> bool {
        (&self.lesson, &self.takes, self.phase, self.thing(thing)) == (&other.lesson, &other.takes, other.phase, other.thing(thing))
    }

    /// All but the removed ones.
    pub fn counted(&self) -> impl Iterator<Item = &Thing> {
        self.things.iter().chain(self.past.iter())
    }

    /// A Thing that takes part.
    pub fn thing(&self, id: ThingId) -> Option<&Thing> {
        self.things.iter().find(|thing| thing.id == id)
    }

    /// The last Take, open or not.
    pub fn take(&self) -> Option<&Take> {
        self.takes.last()
    }

    /// The Take that was started and not stopped.
    pub fn open_take(&self) -> Option<Take> {
        self.take().filter(|take| take.ends.is_none()).copied()
    }

    /// Whether phones may join now.
    pub fn joinable(&self) -> bool {
        self.lesson.ended.is_none() && self.lesson.lobby_open
    }

    /// The `lesson` message. `template` is the lesson's own.
    pub fn message(&self, template: &Template, telling: &Telling) -> Result<String, Problem> {
        let lesson = &self.lesson;
        let main = template.trace();
        // Nothing at all where nothing is recorded: pages then show results and no empty charts.
        let property = telling.property.or(main.map(|(property, _)| property));
        // What the template does not draw by itself is watched as one number.
        let component = |property| main.filter(|(main, _)| *main == property).map_or_else(|| Component::whole(property), |(_, main)| main);
        let range = template.figures.iter().find_map(|figure| match figure {
            Figure::Trace { quantity, min, max, .. } if Some(*quantity) == property => Some([*min, *max]),
            _ => None,
        });
        let mut about = json!({
            "type": "lesson",
            "id": lesson.id,
            "code": lesson.ended.is_none().then_some(&lesson.code),
            "template": lesson.template,
            "title": template.title,
            "state": if lesson.ended.is_none() { "recording" } else { "ended" },
            "created": lesson.created,
            "ended": lesson.ended,
            "now": telling.now,
            "property": property.map(ObservedProperty::name),
            "component": property.map(|property| component(property).name(property)),
            "unit": property.map(ObservedProperty::unit),
            "range": range,
            "led": lesson.led,
            "phase": self.phase.name(),
            "lobby": if lesson.lobby_open { "open" } else { "locked" },
            "take": self.take().map(take),
            "takes": self.takes.iter().map(take).collect::<Vec<_>>(),
            "run": template.run,
            "frozen": lesson.frozen,
            "seats": lesson.seats,
            "words": mint::words(&lesson.token),
            "version": self.version,
            "location": lesson.location,
            "location_asked": asks_for_location(template),
            "kept_until": lesson.kept_until,
            "join": if self.joinable() { telling.join.clone() } else { Value::Null },
        });
        if let Some(id) = telling.you {
            about["you"] = self.thing(id).map_or(Value::Null, |thing| {
                let mut you = listed(thing);
                you["inputs"] = json!(thing.inputs);
                you
            });
        }
        // The lists of Things are written once for all readers: they are the long part.
        let mut text = about.to_string();
        text.pop();
        Ok(format!("{text},\"past\":{},\"things\":{}}}", self.past_list, self.list))
    }
}

/// Whether a template records where somebody is.
pub fn asks_for_location(template: &Template) -> bool {
    template.sensors.iter().any(|sensor| sensor.quantity.is_location())
}

/// A Thing as messages list it.
fn listed(thing: &Thing) -> Value {
    let Thing { id, number, nickname, paused, hidden, .. } = thing;
    json!({"id": id, "number": number, "nickname": nickname, "paused": paused, "hidden": hidden, "look": mint::look(nickname)})
}

fn take(take: &Take) -> Value {
    json!({"number": take.number, "begins": take.begins, "ends": take.ends, "rehearsal": take.rehearsal, "undone": take.undone})
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::id::LessonId;
    use messwerk_lessons::template::builtin;

    use super::*;

    fn lesson(led: bool, ended: Option<Micros>) -> Lesson {
        Lesson { led, ended, ..Lesson::free(LessonId(1), "rest", "123456", "A".repeat(22), 5) }
    }

    fn open(begins: Micros, ends: Option<Micros>) -> Take {
        Take { number: 1, begins, ends, rehearsal: false, undone: false }
    }

    #[test]
    fn the_phase_follows_from_the_takes_and_the_clock() {
        let check = |led: bool, ended: Option<Micros>, takes: &[Take], expected: Phase| {
            assert_eq!(Phase::of(&lesson(led, ended), takes, 100), expected, "{led} {ended:?} {takes:?}");
        };
        check(true, None, &[], Phase::Lobby);
        check(true, None, &[open(101, None)], Phase::Countdown);
        check(true, None, &[open(100, None)], Phase::Measuring);
        check(true, None, &[open(50, Some(60))], Phase::Stopped);
        check(true, None, &[open(50, Some(60)), open(90, None)], Phase::Measuring);
        check(true, Some(99), &[open(50, Some(60))], Phase::Ended);
        check(false, None, &[], Phase::Measuring);
        check(false, Some(1), &[], Phase::Ended);
    }

    #[test]
    fn a_message_is_an_object_with_the_things_in_it() {
        let things = vec![
            Thing::new(ThingId(1), LessonId(1), 1, "Blau \"Otter\" A", 5),
            Thing { removed: true, ..Thing::new(ThingId(2), LessonId(1), 2, "Roter Fuchs A", 5) },
            Thing { handed_over: true, ..Thing::new(ThingId(3), LessonId(1), 3, "Roter Fuchs B", 5) },
        ];
        let over = Take { rehearsal: true, ..open(1, Some(2)) };
        let state = LessonState::new(7, lesson(true, None), vec![over], things, 100);
        let join = json!({"code": "123456"});
        let template = builtin("rest").unwrap();
        let read = |telling: Telling| serde_json::from_str::<Value>(&state.message(template, &telling).unwrap()).unwrap();
        let message = read(Telling { join: join.clone(), you: Some(ThingId(1)), now: 9, ..Telling::default() });
        assert_eq!(message["things"].as_array().unwrap().len(), 1, "a removed Thing is not listed");
        assert_eq!((&message["past"][0]["number"], message["past"].as_array().unwrap().len()), (&json!(3), 1));
        assert_eq!((&message["things"][0]["nickname"], &message["you"]["paused"]), (&json!("Blau \"Otter\" A"), &json!(false)));
        assert_eq!((&message["phase"], &message["takes"], &message["take"]), (&json!("lobby"), &json!([]), &Value::Null));
        assert_eq!((&message["version"], &message["now"], &message["join"]), (&json!(7), &json!(9), &join));
        let tables = state.message(builtin("spring-masses").unwrap(), &Telling::default()).unwrap();
        let tables: Value = serde_json::from_str(&tables).unwrap();
        assert_eq!((&tables["property"], &tables["component"], &tables["unit"]), (&Value::Null, &Value::Null, &Value::Null));
        let locked = LessonState::new(8, Lesson { lobby_open: false, ..lesson(true, None) }, vec![], vec![], 100);
        let told: Value = serde_json::from_str(&locked.message(template, &Telling { join, ..Telling::default() }).unwrap()).unwrap();
        assert_eq!((&told["join"], &told["lobby"]), (&Value::Null, &json!("locked")));
    }
}
