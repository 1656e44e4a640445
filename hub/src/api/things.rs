//! One Thing: its inputs and the exclusion of its runs.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures::StreamExt;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::template::Template;
use messwerk_query::{ObservationSpec, Scope};
use messwerk_store::Erasure;
use messwerk_store::catalogue::Thing;
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

/// Sets inputs such as `{"length_m": 0.421}`; the others stay.
#[utoipa::path(patch, path = "/api/v1/things/{thing}", params(("thing" = String, Path)), request_body = BTreeMap<String, f64>, responses((status = 200, body = ThingView), (status = 400, body = Problem), (status = 403, body = Problem)), security(("token" = [])))]
pub async fn set_inputs(
    State(hub): State<Hub>,
    Someone(who): Someone,
    At(id): At<String>,
    Body(inputs): Body<BTreeMap<String, f64>>,
) -> Result<Json<ThingView>, Problem> {
    let thing = find_thing(&hub, &id)?;
    if matches!(&who, Bearer::Thing(access) if access.thing != thing.id) {
        return Err(Problem::forbidden("A Thing's token sets its own inputs only."));
    }
    let lesson = find(&hub, &thing.lesson.to_string())?;
    let template = template_of(&lesson)?;
    // All are checked before the first is stored: a request is taken whole or not at all.
    for (name, value) in &inputs {
        check_input(template, name, *value)?;
    }
    let entering = hub.clone();
    let entered = blocking(move || {
        inputs.iter().try_for_each(|(name, value)| entering.store.catalogue().set_input(thing.id, name, *value))?;
        find_thing(&entering, &id)
    });
    let entered = entered.await?;
    hub.touch(lesson.id);
    Ok(Json(entered.into()))
}

fn check_input(template: &Template, name: &str, value: f64) -> Result<(), Problem> {
    let Some(input) = template.input(name) else {
        let names: Vec<&str> = template.inputs.iter().map(|input| input.name.as_str()).collect();
        return Err(Problem::bad_request(format!("This lesson has no input {name:?}. It has: {}.", names.join(", "))));
    };
    if value >= input.min && value <= input.max {
        return Ok(());
    }
    let detail = format!(
        "{name} = {} cannot be meant: enter it in {}, from {} to {}.",
        short(value),
        input.unit,
        short(input.min),
        short(input.max)
    );
    Err(Problem::bad_request(detail))
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

/// Excludes a run's Outcomes from the class's result, visibly, or counts them again.
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

/// Erases one Run for good: its readings in every property, and its exclusion. A Thing's token erases its own.
#[utoipa::path(delete, path = "/api/v1/things/{thing}/runs/{run}", params(("thing" = String, Path), ("run" = u32, Path)), responses((status = 204), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn erase_run(State(hub): State<Hub>, Someone(who): Someone, At((id, run)): At<(String, u32)>) -> Result<StatusCode, Problem> {
    let thing = find_thing(&hub, &id)?;
    if matches!(&who, Bearer::Thing(access) if access.thing != thing.id) {
        return Err(Problem::forbidden("A Thing's token erases its own runs only."));
    }
    recorded(&hub, &thing, run).await?;
    let who = if who == Bearer::Teacher { "teacher" } else { "pupil" };
    to_the_end(async move {
        hub.store.erase(Erasure::Run(thing.lesson, thing.id, run)).await?;
        hub.engine.forget(thing.lesson);
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
