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
    let things = if removed { &state.removed } else { &state.things };
    let found = id.parse().ok().and_then(|id: ThingId| things.iter().find(|thing| thing.id == id));
    found.ok_or_else(|| Problem::not_found(format!("There is no Thing {id} in this lesson. The lesson's message lists them.")))
}

/// Changes a Thing. A removed one is known to no door from now on.
pub(super) async fn change(hub: &Hub, state: &LessonState, id: &str, change: Change) -> Result<(), Problem> {
    if matches!(change, Change::Pause(_)) && !state.lesson.led {
        return Err(free());
    }
    let thing = find(state, id, change == Change::Remove(false))?.id;
    let (changing, lesson) = (hub.clone(), state.lesson.clone());
    let work = move || -> Result<(), Problem> {
        let catalogue = changing.store.catalogue();
        match change {
            Change::Pause(paused) => catalogue.set_paused(thing, paused)?,
            Change::Hide(hidden) => catalogue.set_hidden(thing, hidden)?,
            Change::Remove(false) if changing.flow.full(&lesson)? => {
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
        hub.engine.forget(state.lesson.id);
    }
    Ok(())
}

/// Gives a Thing the next generated name that nobody in the lesson has.
pub(super) async fn rename(hub: &Hub, state: &LessonState, id: &str, language: Option<&str>) -> Result<(), Problem> {
    let thing = find(state, id, false)?.clone();
    let lesson = state.lesson.clone();
    let english = mint::nickname(lesson.id, thing.number, Language::English) == thing.nickname;
    let language = language.map_or(if english { Language::English } else { Language::German }, Language::from_tag);
    let taken: Vec<_> = state.things.iter().chain(state.removed.iter()).map(|thing| thing.nickname.clone()).collect();
    let last = state.things.iter().chain(state.removed.iter()).map(|thing| thing.number).max().unwrap_or(0);
    // One of so many is free: they are more than there are Things.
    let names = (1..=last + 2).map(|step| mint::nickname(lesson.id, last + step, language));
    let free = |name: &String| !taken.contains(name);
    let name = names.into_iter().find(free).ok_or_else(|| Problem::internal(&"every nickname is taken"))?;
    let renaming = hub.clone();
    let work = move || -> Result<(), Problem> {
        renaming.store.catalogue().rename(thing.id, &name)?;
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
