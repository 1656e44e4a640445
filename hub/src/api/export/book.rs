//! A lesson as a workbook: results, class, readings per property, and a sheet that says what the numbers are.

mod sheets;

use std::fs::File;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_query::{Answer, LessonOutcomes, Missing, ObservationSpec, Scope, Workbook};
use messwerk_store::catalogue::{Lesson, Thing};
use messwerk_viz_wasm::words::{Lang, in_unit, property_name, unit};
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;

use crate::access::Bearer;
use crate::api::blocking;
use crate::api::export::names::{FileName, What, language};
use crate::api::export::writing::Writing;
use crate::api::extract::{At, Parameters};
use crate::api::lessons::{find, template_of};
use crate::api::problem::Problem;
use crate::api::questions::{group, scope, shown_outcomes};
use crate::api::who::Someone;
use crate::state::Hub;
use sheets::About;
pub(crate) use sheets::entries;

/// Readings in a workbook. A sheet takes 1,048,576, but on the way each reading is some 250 bytes in the system's temporary
/// folder, which small computers keep in memory: so it is 100 MB, and twenty minutes of a class at 60 Hz with five phones. CSV
/// and Parquet have no such bound.
const READINGS: u32 = 400_000;
/// How long somebody waits for the workbook of somebody else.
const PATIENCE: Duration = Duration::from_secs(20);

/// In which language a file is.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InLanguage {
    /// `de` or `en`; without it what the browser asks for.
    pub lang: Option<String>,
}

/// Everything of a lesson as a workbook for spreadsheet programs: results with what was entered, the class, the readings of each
/// property, and what all of it is. A Thing's token gets its own. Of very long lessons each Thing's first readings are in it, and
/// the sheet "About" says so.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/workbook", params(("id" = String, Path), InLanguage), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 401, body = Problem), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn workbook(
    State(hub): State<Hub>,
    who: Someone,
    At(id): At<String>,
    Parameters(wanted): Parameters<InLanguage>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let scope = scope(&lesson, &who)?;
    let outcomes = match &who.0 {
        Bearer::Teacher => hub.engine.outcomes(&scope).await?,
        Bearer::Thing(access) => {
            let mut own = shown_outcomes(&hub, &lesson, Some(access.thing)).await?;
            own.outcomes.retain(|outcome| outcome.thing == access.thing);
            own.pending.retain(|pending| pending.thing == access.thing);
            own
        }
    };
    let spec = ObservationSpec { named: true, ..ObservationSpec::default() };
    let book = Book {
        lesson,
        owner: Some(scope),
        outcomes: Some(outcomes),
        spec: Some(spec),
        what: What::Everything,
        language: language(wanted.lang.as_deref(), &headers),
    };
    book.answer(&hub).await
}

/// What a workbook is made of.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) lesson: Lesson,
    /// Whose data is in it; `None` for what everybody may see.
    pub(crate) owner: Option<Scope>,
    /// The sheets of results.
    pub(crate) outcomes: Option<LessonOutcomes>,
    /// The sheets of readings.
    pub(crate) spec: Option<ObservationSpec>,
    pub(crate) what: What,
    pub(crate) language: &'static str,
}

impl Book {
    /// Writes it, one at a time, and answers with it.
    pub(crate) async fn answer(self, hub: &Hub) -> Result<Response, Problem> {
        let busy = || Problem::unavailable("The hub is writing another workbook. Try again in a moment, or take CSV.");
        let turn = tokio::time::timeout(PATIENCE, hub.exports.books.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| busy())?.map_err(|_| busy())?;
        let (what, language, hub) = (self.what, self.language, hub.clone());
        let name = FileName::of(&hub, &self.lesson, what, self.group(&hub)?, language)?;
        let runtime = tokio::runtime::Handle::current();
        let (file, missing) = blocking(move || {
            let made = runtime.block_on(self.write(&hub));
            drop(turn);
            made
        })
        .await?;
        let body = Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)));
        Ok(Writing::Book.respond(&missing, name, language, body))
    }

    /// The number of the only Thing whose readings are in it.
    fn group(&self, hub: &Hub) -> Result<Option<u32>, Problem> {
        let owner = self.owner.as_ref().filter(|_| self.spec.is_some());
        owner.map_or(Ok(None), |owner| group(hub, owner))
    }

    async fn write(self, hub: &Hub) -> Result<(File, Vec<Missing>), Problem> {
        let mut things = hub.store.catalogue().things(self.lesson.id)?;
        let sees = |thing: &Thing| self.owner.as_ref().is_some_and(|scope| scope.sees(thing.id));
        things.retain(sees);
        let mut book = Workbook::default();
        let template = template_of(hub, &self.lesson)?;
        let mut about = About::new(&self.lesson, &template, self.language);
        let mut missing = vec![];
        if let Some(outcomes) = &self.outcomes {
            sheets::results(&mut book, &template, outcomes, &things, self.language)?;
            sheets::class(&mut book, &template, outcomes, self.language)?;
            missing.extend(outcomes.missing.iter().cloned());
        }
        if let (Some(spec), Some(scope)) = (&self.spec, &self.owner) {
            let readings = Readings { hub, lesson: &self.lesson, scope, spec: *spec, things: &things, language: self.language };
            missing.extend(readings.write(&mut book, &mut about, READINGS).await?);
        }
        missing.dedup();
        about.missing(&missing);
        about.write(&mut book)?;
        Ok((book.finish()?, missing))
    }
}

/// The readings' sheets.
struct Readings<'a> {
    hub: &'a Hub,
    lesson: &'a Lesson,
    scope: &'a Scope,
    spec: ObservationSpec,
    things: &'a [Thing],
    language: &'static str,
}

impl Readings<'_> {
    async fn write(&self, book: &mut Workbook, about: &mut About, room: u32) -> Result<Vec<Missing>, Problem> {
        let wanted = |thing: &&Thing| self.spec.thing.is_none_or(|wanted| wanted == thing.id);
        let count = |property| move |thing: &Thing| self.hub.store.count(self.lesson.id, thing.id, property);
        let mut series: Vec<(ObservedProperty, Vec<&Thing>, u64)> = vec![];
        for property in ObservedProperty::all().filter(|property| self.spec.property.is_none_or(|wanted| wanted == *property)) {
            let with: Vec<&Thing> = self.things.iter().filter(wanted).filter(|thing| count(property)(thing) > 0).collect();
            let readings = with.iter().map(|thing| count(property)(thing)).sum();
            // What was asked for by name has its sheet also where it has no row.
            if !with.is_empty() || self.spec.property.is_some() {
                series.push((property, with, readings));
            }
        }
        let all: u64 = series.iter().map(|(_, _, readings)| readings).sum();
        let curves: usize = series.iter().map(|(_, things, _)| things.len()).sum();
        let share = (all > u64::from(room)).then(|| room / u32::try_from(curves.max(1)).unwrap_or(u32::MAX));
        let mut missing = vec![];
        for (property, things, _) in series {
            self.begin(book, property)?;
            let parts: Vec<ObservationSpec> = match share {
                None => vec![ObservationSpec { property: Some(property), ..self.spec }],
                Some(_) => {
                    things.iter().map(|thing| ObservationSpec { property: Some(property), thing: Some(thing.id), ..self.spec }).collect()
                }
            };
            let mut cut = false;
            for part in parts {
                let answer = self.hub.engine.observations(self.scope, &part).await?;
                missing.extend(answer.missing().iter().cloned());
                cut |= self.rows(book, property, answer, share.unwrap_or(room)).await?;
            }
            if let (true, Some(share)) = (cut, share) {
                about.cut(property, share);
            }
        }
        Ok(missing)
    }

    fn begin(&self, book: &mut Workbook, property: ObservedProperty) -> Result<(), Problem> {
        let lang = Lang::from_tag(self.language);
        let word = |de: &str, en: &str| lang.pick(de, en).to_owned();
        let paper = unit(property.unit());
        let mut headings =
            vec![(word("Nr.", "no."), 6), (word("Gruppe", "group"), 20), (word("Aufnahme", "recording"), 10), (in_unit("t", "s"), 12)];
        let names: &[&str] = if property.is_vector() { &["x", "y", "z"] } else { &["x"] };
        let alone = property_name(property, lang);
        headings.extend(names.iter().map(|name| (in_unit(if names.len() > 1 { name } else { alone }, &paper), 14)));
        headings.push((word("Zeit (UTC)", "time (UTC)"), 28));
        if self.spec.flags {
            headings.push((word("Auffälliges", "flags"), 16));
        }
        Ok(book.sheet(alone, &headings)?)
    }

    async fn rows(&self, book: &mut Workbook, property: ObservedProperty, answer: Answer, most: u32) -> Result<bool, Problem> {
        let values: &[&str] = if property.is_vector() { &["x", "y", "z"] } else { &["x"] };
        let mut columns = vec!["number", "nickname", "run", "t_s"];
        columns.extend(values);
        columns.push("phenomenon_time");
        if self.spec.flags {
            columns.push("flags");
        }
        Ok(book.rows(answer, &columns, most).await?.cut)
    }
}
