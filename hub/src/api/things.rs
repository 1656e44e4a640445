//! One Thing: its inputs and the exclusion of its runs.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures::StreamExt;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::template::{Input, Prediction, Template, is_prediction};
use messwerk_query::{ObservationSpec, Scope};
use messwerk_store::Erasure;
use messwerk_store::catalogue::{Lesson, Thing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Bearer;
use crate::api::blocking;
use crate::api::extract::{At, Body};
use crate::api::lessons::{find, template_of};
use crate::api::problem::{Problem, short};
use crate::api::who::{Someone, Teacher};
use crate::flow::commands::to_the_end;
use crate::state::Hub;

/// A Thing with its inputs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThingView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ThingId,
    /// Its place in the order of joining, from 1.
    pub number: u32,
    /// Its generated name.
    pub nickname: String,
    /// Its inputs by name, each in the template's unit.
    pub inputs: BTreeMap<String, f64>,
}

impl From<Thing> for ThingView {
    fn from(thing: Thing) -> Self {
        Self { id: thing.id, number: thing.number, nickname: thing.nickname, inputs: thing.inputs }
    }
}

/// The Thing of a path, or the Problem that there is none.
pub fn find_thing(hub: &Hub, id: &str) -> Result<Thing, Problem> {
    let missing = || Problem::not_found(format!("There is no Thing {id}. Join again with the lesson's code."));
    let id: ThingId = id.parse().map_err(|_| missing())?;
    hub.store.catalogue().thing(id)?.ok_or_else(missing)
}

/// Sets inputs such as `{"length_m": 0.421}`, or clears them with `null`; the others stay. What is measured by hand (`T`) may come
/// with its own standard uncertainty (`u_T`), which is forgotten when `T` is set without it. Lists are entered one by one (`h.1`),
/// predictions as `predict.p`: those are locked (409, `prediction_locked`) with the first measurement that counts.
#[utoipa::path(patch, path = "/api/v1/things/{thing}", params(("thing" = String, Path)), request_body = BTreeMap<String, Option<f64>>, responses((status = 200, body = ThingView), (status = 400, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)), security(("token" = [])))]
pub async fn set_inputs(
    State(hub): State<Hub>,
    Someone(who): Someone,
    At(id): At<String>,
    Body(mut inputs): Body<BTreeMap<String, Option<f64>>>,
) -> Result<Json<ThingView>, Problem> {
    let thing = find_thing(&hub, &id)?;
    if matches!(&who, Bearer::Thing(access) if access.thing != thing.id) {
        return Err(Problem::forbidden("A Thing's token sets its own inputs only."));
    }
    let lesson = find(&hub, &thing.lesson.to_string())?;
    let template = template_of(&hub, &lesson)?;
    // All are checked before the first is stored: a request is taken whole or not at all.
    for (name, value) in &inputs {
        check_entry(&template, name, *value)?;
    }
    if inputs.keys().any(|name| is_prediction(name)) && measured(&hub, &lesson, &thing, &template)? {
        let detail = "The measurement has begun: predictions are locked. What was said before stays as it is.";
        return Err(Problem::conflict(detail).coded("prediction_locked"));
    }
    for input in template.inputs_by_hand().filter(|input| input.repeat.is_none()) {
        match inputs.get(&input.name) {
            // Whoever enters another number has not said how well this one is known.
            Some(Some(_)) => _ = inputs.entry(input.uncertainty_name()).or_insert(None),
            Some(None) => _ = inputs.insert(input.uncertainty_name(), None),
            None => {}
        }
    }
    let entering = hub.clone();
    let entered = blocking(move || {
        let catalogue = entering.store.catalogue();
        inputs.iter().try_for_each(|(name, value)| match value {
            Some(value) => catalogue.set_input(thing.id, name, *value),
            None => catalogue.clear_input(thing.id, name),
        })?;
        find_thing(&entering, &id)
    });
    let entered = entered.await?;
    hub.touch(lesson.id);
    Ok(Json(entered.into()))
}

fn check_entry(template: &Template, name: &str, value: Option<f64>) -> Result<(), Problem> {
    if let Some(prediction) = template.prediction_of(name) {
        let (least, most, whole) = prediction.range();
        let Some(value) = value.filter(|value| !prediction.accepts(*value)) else { return Ok(()) };
        let numbers = if whole { "whole numbers" } else { "numbers" };
        let detail = format!("{name} = {} cannot be meant: there are {numbers} from {} to {}.", short(value), short(least), short(most));
        return Err(Problem::bad_request(detail));
    }
    let uncertain = || template.inputs_by_hand().find(|input| input.repeat.is_none() && input.uncertainty_name() == name);
    let (input, least) = match (template.input_of(name), uncertain()) {
        (Some(input), _) => (input, input.min),
        (None, Some(input)) => (input, 0.0),
        (None, None) => {
            let single = template.inputs_by_hand().filter(|input| input.repeat.is_none()).map(Input::uncertainty_name);
            let predicted = template.predictions.iter().flat_map(Prediction::entry_names);
            let names: Vec<String> = template.inputs.iter().flat_map(Input::entry_names).chain(single).chain(predicted).collect();
            return Err(Problem::bad_request(format!("This lesson has no input {name:?}. It has: {}.", names.join(", "))));
        }
    };
    let Some(value) = value.filter(|value| !(least..=input.max).contains(value)) else { return Ok(()) };
    let detail =
        format!("{name} = {} cannot be meant: enter it in {}, from {} to {}.", short(value), input.unit, short(least), short(input.max));
    Err(Problem::bad_request(detail))
}

/// Whether a measurement that counts has begun: in a led lesson with the first Take that is no rehearsal, in a free one with the Thing's
/// first reading; where tables are the result, with the first row of the group's own.
fn measured(hub: &Hub, lesson: &Lesson, thing: &Thing, template: &Template) -> Result<bool, Problem> {
    if template.has_run_0(&thing.inputs) {
        return Ok(true);
    }
    if lesson.led {
        return Ok(hub.store.catalogue().takes(lesson.id)?.iter().any(|take| !take.rehearsal));
    }
    Ok(template.sensors.iter().any(|sensor| hub.store.count(lesson.id, thing.id, sensor.quantity) > 0))
}

/// Forgets what a group measured by hand, or its tables where the result is made of those. Blocks.
fn clear_run_0(hub: &Hub, thing: &Thing, template: &Template) -> Result<(), Problem> {
    let inputs = template.inputs_of_run_0().into_iter();
    let names = inputs.flat_map(|input| input.entry_names().into_iter().chain([input.uncertainty_name()]));
    for name in names {
        hub.store.catalogue().clear_input(thing.id, &name)?;
    }
    Ok(())
}

/// Whether any Thing of a lesson measured by hand or entered a table's values. Blocks.
pub fn has_run_0(hub: &Hub, lesson: LessonId) -> Result<bool, Problem> {
    let Some(about) = hub.store.catalogue().lesson(lesson)? else { return Ok(false) };
    let template = template_of(hub, &about)?;
    Ok(hub.store.catalogue().things(lesson)?.iter().any(|thing| template.has_run_0(&thing.inputs)))
}

/// Forgets what the Things of a lesson measured by hand or entered in tables: a rehearsal is over. Blocks.
pub fn forget_run_0(hub: &Hub, lesson: LessonId) -> Result<(), Problem> {
    let Some(about) = hub.store.catalogue().lesson(lesson)? else { return Ok(()) };
    let template = template_of(hub, &about)?;
    for thing in hub.store.catalogue().things(lesson)?.iter().filter(|thing| template.has_run_0(&thing.inputs)) {
        clear_run_0(hub, thing, &template)?;
    }
    Ok(())
}

/// Why a run does not count.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Shown beside the result; `null` counts the run again. Must be there: an empty object is no decision.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    pub reason: Option<String>,
}

/// Excludes a run's Outcomes from the class's result, visibly, or counts them again. Run 0 is what was measured by hand, or
/// the tables of a lesson whose result is made of entries.
#[utoipa::path(put, path = "/api/v1/things/{thing}/runs/{run}/exclusion", params(("thing" = String, Path), ("run" = u32, Path)), request_body = Exclusion, responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn exclude(
    State(hub): State<Hub>,
    _: Teacher,
    At((id, run)): At<(String, u32)>,
    Body(Exclusion { reason }): Body<Exclusion>,
) -> Result<StatusCode, Problem> {
    let thing = find_thing(&hub, &id)?;
    check_reason(reason.as_deref())?;
    recorded(&hub, &thing, run).await?;
    let excluding = hub.clone();
    blocking(move || Ok(excluding.store.catalogue().set_exclusion(thing.id, run, reason.as_deref())?)).await?;
    hub.touch(thing.lesson);
    Ok(StatusCode::NO_CONTENT)
}

/// That a reason can be shown.
pub fn check_reason(reason: Option<&str>) -> Result<(), Problem> {
    if reason.is_some_and(|reason| reason.trim().is_empty() || reason.chars().count() > 200) {
        return Err(Problem::bad_request("The reason is shown to the class: 1 to 200 characters."));
    }
    Ok(())
}

/// Erases one Run for good: its readings in every property, and its exclusion; with run 0 what was measured by hand, or the
/// tables of a lesson whose result is made of entries. A Thing's
/// token erases its own.
#[utoipa::path(delete, path = "/api/v1/things/{thing}/runs/{run}", params(("thing" = String, Path), ("run" = u32, Path)), responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn erase_run(State(hub): State<Hub>, Someone(who): Someone, At((id, run)): At<(String, u32)>) -> Result<StatusCode, Problem> {
    let thing = find_thing(&hub, &id)?;
    if matches!(&who, Bearer::Thing(access) if access.thing != thing.id) {
        return Err(Problem::forbidden("A Thing's token erases its own runs only."));
    }
    recorded(&hub, &thing, run).await?;
    let who = if who == Bearer::Teacher { "teacher" } else { "pupil" };
    to_the_end(async move {
        if run == 0 {
            let (erasing, thing) = (hub.clone(), thing.clone());
            let erase = move || {
                clear_run_0(&erasing, &thing, template_of(&erasing, &find(&erasing, &thing.lesson.to_string())?)?.as_ref())?;
                // There is no other run 0: what a pupil enters next would count again, whatever the teacher decided.
                if who == "teacher" {
                    erasing.store.catalogue().set_exclusion(thing.id, run, None)?;
                }
                Ok(())
            };
            blocking(erase).await?;
        } else {
            hub.store.erase(Erasure::Run(thing.lesson, thing.id, run)).await?;
        }
        hub.forget_computed(thing.lesson);
        hub.results.erased(thing.lesson);
        let logging = hub.clone();
        let log = move || {
            let lesson = find(&logging, &thing.lesson.to_string())?;
            Ok(logging.flow.log(&lesson, who, "run.erase", format!("{} {run}", thing.id))?)
        };
        blocking(log).await?;
        hub.touch(thing.lesson);
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// That the Thing has a recording of this number: excluding what is not there would look done and change nothing.
pub async fn recorded(hub: &Hub, thing: &Thing, run: u32) -> Result<(), Problem> {
    if run == 0 {
        let template = template_of(hub, &find(hub, &thing.lesson.to_string())?)?;
        let missing = || Problem::not_found(format!("{} has entered nothing that was measured by hand, which is run 0.", thing.nickname));
        return template.has_run_0(&thing.inputs).then_some(()).ok_or_else(missing);
    }
    let first = ObservationSpec { run: Some(run), limit: Some(1), ..ObservationSpec::default() };
    let mut found = Box::pin(hub.engine.observations(&Scope::thing(thing.lesson, thing.id), &first).await?.batches());
    while let Some(batch) = found.next().await {
        if batch?.num_rows() > 0 {
            return Ok(());
        }
    }
    Err(Problem::not_found(format!(
        "{} has no run {run}. The runs with results are in /api/v1/lessons/{}/outcomes, all in its observations.",
        thing.nickname, thing.lesson
    )))
}
