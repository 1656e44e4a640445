//! What a teacher can tell a lesson to do: checked against where it stands, made durable, told to everybody, written down.

use std::sync::Arc;

use messwerk_lessons::Micros;
use messwerk_lessons::template::COUNTDOWN;
use serde::Deserialize;
use utoipa::ToSchema;

use super::state::{LessonState, asks_for_location};
use super::things::{Change, change, free, rename};
use super::{LessonFlow, takes};
use crate::api::blocking;
use crate::api::lessons::template_of;
use crate::api::problem::Problem;
use crate::api::things::{check_reason, find_thing, recorded};
use crate::state::Hub;

/// A day in µs.
const DAY: Micros = 86_400_000_000;

/// One of a teacher's commands.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Phones may join.
    OpenLobby,
    /// Nobody more may join; who is in stays.
    LockLobby,
    /// Starts a Take after a countdown, and boards that were frozen go on.
    Start {
        /// Seconds, 0 to 10; without it as the lesson's template says, 3 if it says nothing.
        #[serde(default)]
        countdown_s: Option<u8>,
        /// Its readings are erased when it stops. Only before the first real Take.
        #[serde(default)]
        rehearsal: bool,
    },
    /// Stops the Take. During the countdown it never was.
    Stop,
    /// Boards show what is there now until they are let go on.
    Freeze,
    /// Boards go on.
    Unfreeze,
    /// A Thing's readings are not kept until it is resumed.
    Pause {
        /// Whose.
        thing: String,
    },
    /// They are kept again.
    Resume {
        /// Whose.
        thing: String,
    },
    /// Gives a Thing the next free generated name.
    Rename {
        /// Whose.
        thing: String,
        /// `de` or `en`; without it the language of the name it has.
        #[serde(default)]
        lang: Option<String>,
    },
    /// A Thing is out: its token is unknown. Its data stays until it is restored, or goes at the lesson's end.
    Remove {
        /// Whose.
        thing: String,
    },
    /// It is in again.
    Restore {
        /// Whose.
        thing: String,
    },
    /// Boards do not show a Thing.
    Hide {
        /// Whose.
        thing: String,
    },
    /// They show it again.
    Show {
        /// Whose.
        thing: String,
    },
    /// The last Take's Runs do not count, visibly.
    UndoTake,
    /// They count again.
    RedoTake,
    /// One Run does not count, with a reason the class sees; `null` counts it again.
    Exclude {
        /// Whose.
        thing: String,
        /// Which of its Runs.
        run: u32,
        /// 1 to 200 characters, or `null`.
        #[serde(deserialize_with = "Option::deserialize")]
        #[schema(required)]
        reason: Option<String>,
    },
    /// Keeps the lesson for so many days from now, but never shorter than the hub does by default; `null`: by default.
    Keep {
        /// Days.
        #[serde(deserialize_with = "Option::deserialize")]
        #[schema(required)]
        days: Option<u32>,
    },
    /// Confirms that phones may tell where they are, if the template asks: `relative`, `grid` or `precise`; `null` takes it
    /// back.
    AllowLocation {
        /// How finely.
        #[serde(deserialize_with = "Option::deserialize")]
        #[schema(required)]
        mode: Option<String>,
    },
    /// Ends the lesson, and a Take before it.
    End,
}

impl Command {
    /// Whether it makes sense after the lesson's end.
    fn outlives(&self) -> bool {
        use Command::{End, Exclude, Freeze, Hide, Keep, RedoTake, Show, UndoTake, Unfreeze};
        matches!(self, Freeze | Unfreeze | Hide { .. } | Show { .. } | UndoTake | RedoTake | Exclude { .. } | Keep { .. } | End)
    }

    /// Whether only a led lesson knows it.
    fn leads(&self) -> bool {
        matches!(self, Self::Start { .. } | Self::Stop | Self::UndoTake | Self::RedoTake)
    }
}

/// Runs what has several steps to its end, also if whoever asked hangs up meanwhile.
pub async fn to_the_end<T: Send + 'static>(work: impl Future<Output = Result<T, Problem>> + Send + 'static) -> Result<T, Problem> {
    tokio::spawn(work).await.unwrap_or_else(|error| Err(Problem::internal(&error)))
}

/// Does what a command says. On return it is durable, and every socket of the lesson has been told. Returns the lesson as it
/// is then. A command that was begun is finished, whoever waits for it.
pub async fn obey(hub: &Hub, flow: &Arc<LessonFlow>, command: Command) -> Result<Arc<LessonState>, Problem> {
    let (hub, flow) = (hub.clone(), Arc::clone(flow));
    to_the_end(async move { obeyed(&hub, &flow, command).await }).await
}

async fn obeyed(hub: &Hub, flow: &Arc<LessonFlow>, command: Command) -> Result<Arc<LessonState>, Problem> {
    let _turn = flow.turn.lock().await;
    let state = flow.now();
    if state.gone {
        return Err(Problem::not_found("This lesson was erased."));
    }
    if state.lesson.ended.is_some() && !command.outlives() {
        return Err(Problem::conflict("The lesson has ended: make a new one.").coded("lesson_ended"));
    }
    if !state.lesson.led && command.leads() {
        return Err(free());
    }
    match command {
        Command::OpenLobby => lobby(hub, &state, true).await?,
        Command::LockLobby => lobby(hub, &state, false).await?,
        Command::Start { countdown_s: Some(countdown_s), .. } if countdown_s > COUNTDOWN => {
            return Err(Problem::bad_request(format!("A countdown has 0 to {COUNTDOWN} seconds.")));
        }
        Command::Start { countdown_s, rehearsal } => takes::start(hub, flow, &state, countdown_s, rehearsal).await?,
        Command::Stop => takes::stop(hub, flow, &state, "teacher").await?,
        Command::Freeze => freeze(hub, &state, true).await?,
        Command::Unfreeze => freeze(hub, &state, false).await?,
        Command::Pause { thing } => change(hub, &state, &thing, Change::Pause(true)).await?,
        Command::Resume { thing } => change(hub, &state, &thing, Change::Pause(false)).await?,
        Command::Rename { thing, lang } => rename(hub, &state, &thing, lang.as_deref()).await?,
        Command::Remove { thing } => change(hub, &state, &thing, Change::Remove(true)).await?,
        Command::Restore { thing } => change(hub, &state, &thing, Change::Remove(false)).await?,
        Command::Hide { thing } => change(hub, &state, &thing, Change::Hide(true)).await?,
        Command::Show { thing } => change(hub, &state, &thing, Change::Hide(false)).await?,
        Command::UndoTake => takes::set_undone(hub, &state, true).await?,
        Command::RedoTake => takes::set_undone(hub, &state, false).await?,
        Command::Exclude { thing, run, reason } => exclude(hub, &state, &thing, run, reason).await?,
        Command::Keep { days } => keep(hub, &state, days).await?,
        Command::AllowLocation { mode } => allow_location(hub, &state, mode).await?,
        Command::End => takes::end(hub, flow, &state, "teacher").await?,
    }
    // Whoever asked is answered with what it has become.
    hub.flow.refresh(flow.id)?;
    hub.touch(flow.id);
    Ok(flow.now())
}

/// Makes a change of the lesson durable, tells it and writes it down.
async fn set(
    hub: &Hub,
    state: &LessonState,
    what: &'static str,
    detail: String,
    change: impl FnOnce(&messwerk_store::catalogue::Catalogue) -> Result<(), messwerk_store::Error> + Send + 'static,
) -> Result<(), Problem> {
    let (hub, lesson) = (hub.clone(), state.lesson.clone());
    let work = move || -> Result<(), Problem> {
        change(hub.store.catalogue())?;
        hub.flow.refresh(lesson.id)?;
        Ok(hub.flow.log(&lesson, "teacher", what, detail)?)
    };
    blocking(work).await
}

async fn lobby(hub: &Hub, state: &LessonState, open: bool) -> Result<(), Problem> {
    if state.lesson.lobby_open == open {
        return Ok(());
    }
    let id = state.lesson.id;
    let what = if open { "lobby.open" } else { "lobby.lock" };
    set(hub, state, what, String::new(), move |catalogue| catalogue.set_lobby(id, open)).await
}

async fn freeze(hub: &Hub, state: &LessonState, frozen: bool) -> Result<(), Problem> {
    if state.lesson.frozen.is_some() == frozen {
        return Ok(());
    }
    let (id, at) = (state.lesson.id, frozen.then(|| hub.clock.now()));
    let what = if frozen { "board.freeze" } else { "board.unfreeze" };
    set(hub, state, what, String::new(), move |catalogue| catalogue.set_frozen(id, at)).await
}

async fn exclude(hub: &Hub, state: &LessonState, thing: &str, run: u32, reason: Option<String>) -> Result<(), Problem> {
    let thing = find_thing(hub, thing)?;
    if thing.lesson != state.lesson.id {
        return Err(Problem::not_found(format!("There is no Thing {} in this lesson.", thing.id)));
    }
    check_reason(reason.as_deref())?;
    recorded(hub, &thing, run).await?;
    let what = if reason.is_some() { "run.exclude" } else { "run.include" };
    let detail = reason.as_ref().map_or_else(|| format!("{} {run}", thing.id), |reason| format!("{} {run} {reason}", thing.id));
    set(hub, state, what, detail, move |catalogue| catalogue.set_exclusion(thing.id, run, reason.as_deref())).await
}

async fn keep(hub: &Hub, state: &LessonState, days: Option<u32>) -> Result<(), Problem> {
    let most = hub.privacy.kept_days_most;
    if days.is_some_and(|days| !(1..=most).contains(&days)) {
        return Err(Problem::bad_request(format!("A lesson is kept for 1 to {most} days, or as long as the hub does by default (null).")));
    }
    let id = state.lesson.id;
    let until = days.map(|days| hub.clock.now() + Micros::from(days) * DAY);
    let detail = days.map_or_else(String::new, |days| days.to_string());
    set(hub, state, "keep", detail, move |catalogue| catalogue.keep_until(id, until)).await
}

async fn allow_location(hub: &Hub, state: &LessonState, mode: Option<String>) -> Result<(), Problem> {
    if mode.as_deref().is_some_and(|mode| !["relative", "grid", "precise"].contains(&mode)) {
        return Err(Problem::bad_request("mode is relative, grid, precise or null."));
    }
    if mode.is_some() && !asks_for_location(template_of(hub, &state.lesson)?.as_ref()) {
        let detail = "This lesson's template does not ask where phones are, so nobody can allow it.";
        return Err(Problem::conflict(detail).coded("location_not_asked"));
    }
    let id = state.lesson.id;
    let detail = mode.clone().unwrap_or_default();
    set(hub, state, "location", detail, move |catalogue| catalogue.set_location(id, mode.as_deref())).await?;
    // What a door remembers of the lesson's Things says whether positions are kept.
    hub.access.forget(id);
    Ok(())
}
