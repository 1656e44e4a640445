//! What a teacher does to one Thing.

use messwerk_lessons::id::ThingId;
use messwerk_store::catalogue::{Lesson, Thing};

use super::pauses::{PAUSE, RESUME};
use super::state::LessonState;
use crate::api::blocking;
use crate::api::problem::Problem;
use crate::mint::{self, Language};
use crate::state::Hub;

/// A change of one Thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Pause(bool),
    Hide(bool),
    Remove(bool),
}

impl Change {
    fn word(self) -> &'static str {
        match self {
            Self::Pause(true) => PAUSE,
            Self::Pause(false) => RESUME,
            Self::Hide(true) => "thing.hide",
            Self::Hide(false) => "thing.show",
            Self::Remove(true) => "thing.remove",
            Self::Remove(false) => "thing.restore",
        }
    }
}

/// The Thing of a command.
fn find<'a>(state: &'a LessonState, id: &str, removed: bool) -> Result<&'a Thing, Problem> {
    let id_of = |id: ThingId| {
        let mut things = if removed { state.removed.iter().chain(&[]) } else { state.things.iter().chain(&*state.past) };
        things.find(|thing| thing.id == id)
    };
    let found = id.parse().ok().and_then(id_of);
    found.ok_or_else(|| Problem::not_found(format!("There is no Thing {id} in this lesson. The lesson's message lists them.")))
}

/// Changes a Thing. A removed one is known to no door from now on.
pub(super) async fn change(hub: &Hub, state: &LessonState, id: &str, change: Change) -> Result<(), Problem> {
    if matches!(change, Change::Pause(_)) && !state.lesson.led {
        return Err(free());
    }
    let Thing { id: thing, handed_over, .. } = *find(state, id, change == Change::Remove(false))?;
    let (changing, lesson) = (hub.clone(), state.lesson.clone());
    let work = move || -> Result<(), Problem> {
        let catalogue = changing.store.catalogue();
        match change {
            Change::Pause(paused) => catalogue.set_paused(thing, paused)?,
            Change::Hide(hidden) => catalogue.set_hidden(thing, hidden)?,
            // What was handed over comes back without a seat.
            Change::Remove(false) if !handed_over && changing.flow.full(&lesson)? => {
                return Err(Problem::conflict("The lesson is full: remove another device first.").coded("lesson_full"));
            }
            Change::Remove(removed) => catalogue.set_removed(thing, removed)?,
        }
        changing.flow.refresh(lesson.id)?;
        Ok(changing.flow.log(&lesson, "teacher", change.word(), thing.to_string())?)
    };
    blocking(work).await?;
    if matches!(change, Change::Remove(_)) {
        hub.access.forget(state.lesson.id);
        hub.forget_computed(state.lesson.id);
    }
    Ok(())
}

/// Gives a Thing the next generated name that nobody in the lesson has or had, in the language of the old one unless it is said.
pub(super) async fn rename(hub: &Hub, state: &LessonState, id: &str, language: Option<&str>) -> Result<(), Problem> {
    let thing = find(state, id, false)?.clone();
    let lesson = state.lesson.clone();
    let language = language.map(Language::from_tag).or_else(|| Language::of_nickname(&thing.nickname)).unwrap_or(Language::German);
    let renaming = hub.clone();
    let work = move || -> Result<(), Problem> {
        let name = |number, given: &[String]| mint::nickname(lesson.id, number, given, language);
        let name = renaming.store.catalogue().rename(thing.id, &name)?;
        renaming.flow.refresh(lesson.id)?;
        Ok(renaming.flow.log(&lesson, "teacher", "thing.rename", format!("{} {} → {name}", thing.id, thing.nickname))?)
    };
    blocking(work).await
}

/// A command that a free lesson does not know.
pub(super) fn free() -> Problem {
    let detail = "This lesson was made without `led`: it records from its creation to its end and has no start and stop.";
    Problem::conflict(detail).coded("lesson_free")
}

impl super::Flow {
    /// Whether a lesson takes no Thing more.
    fn full(&self, lesson: &Lesson) -> Result<bool, Problem> {
        Ok(self.store.catalogue().count_things(lesson.id)? >= lesson.seats)
    }
}
