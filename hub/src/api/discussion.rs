//! What a class discusses after measuring.

use axum::Json;
use axum::extract::State;
use messwerk_viz_wasm::plain::PlainFigure;
use serde_json::Value;

use crate::api::extract::At;
use crate::api::lessons::{find, flow_of, template_of};
use crate::api::problem::Problem;
use crate::api::questions::shown_outcomes;
use crate::discuss::{self, Predicted};
use crate::state::Hub;

/// The figures of a lesson's results, ready to be drawn (`viz-wasm/src/plain.rs` describes each kind). What is hidden is not among
/// them, and predictions are not before they are locked.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/discussion", params(("id" = String, Path)), responses((status = 200, body = Vec<Object>), (status = 404, body = Problem)))]
pub async fn show(State(hub): State<Hub>, At(id): At<String>) -> Result<Json<Vec<Value>>, Problem> {
    let figures = of(&hub, &id).await?;
    let written: Result<Vec<Value>, _> = figures.iter().map(serde_json::to_value).collect();
    Ok(Json(written.map_err(|error| Problem::internal(&error))?))
}

/// The same for whoever draws them on the hub.
pub async fn of(hub: &Hub, id: &str) -> Result<Vec<PlainFigure>, Problem> {
    let lesson = find(hub, id)?;
    let template = template_of(hub, &lesson)?;
    let outcomes = shown_outcomes(hub, &lesson, None).await?;
    let state = flow_of(hub, lesson.id)?.now();
    let locked = discuss::locked(&state.lesson, &state.takes);
    let entered = state.counted().filter(|thing| !thing.hidden).map(|thing| &thing.inputs);
    let predicted = if locked { Predicted::of(&template, entered) } else { Predicted::default() };
    Ok(discuss::figures(&template, &outcomes, &predicted))
}
