//! What a class discusses after measuring.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use messwerk_lessons::template::{Figure, Template, Text};
use messwerk_query::ThingOutcome;
use messwerk_store::catalogue::Lesson;
use messwerk_viz_wasm::plain::PlainFigure;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::{At, Parameters};
use crate::api::lessons::{find, flow_of, template_of};
use crate::api::problem::Problem;
use crate::api::questions::shown_outcomes;
use crate::discuss::{self, Class, Drawn, Groups, Predicted, with_common_axes};
use crate::state::Hub;

/// The figures of a lesson's results, ready to be drawn (`viz-wasm/src/plain.rs` describes each kind). What is hidden is not among
/// them, and predictions are not before they are locked.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/discussion", params(("id" = String, Path)), responses((status = 200, body = Vec<Object>), (status = 404, body = Problem)))]
pub async fn show(State(hub): State<Hub>, At(id): At<String>) -> Result<Json<Vec<Value>>, Problem> {
    let lesson = find(&hub, &id)?;
    let template = template_of(&hub, &lesson)?;
    let outcomes = shown_outcomes(&hub, &lesson, None).await?;
    let groups = hub.groups.of(&hub, &template, &outcomes, lesson.frozen).await?;
    let state = flow_of(&hub, lesson.id)?.now();
    let locked = discuss::locked(&state.lesson, &state.takes);
    let entered = state.counted().filter(|thing| !thing.hidden).map(|thing| &thing.inputs);
    let predicted = if locked { Predicted::of(&template, entered) } else { Predicted::default() };
    let class = Class { template: &template, outcomes: &outcomes, predicted: &predicted, curves: Groups::curves(&groups) };
    let written: Result<Vec<Value>, _> = class.figures().iter().map(serde_json::to_value).collect();
    Ok(Json(written.map_err(|error| Problem::internal(&error))?))
}

/// Whose figures are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// The group's number; without it that of the first group whose result counts.
    number: Option<u32>,
}

/// One group's figures, and whose else there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupFigures {
    /// The groups whose results count and may be shown, by number.
    pub groups: Vec<GroupName>,
    /// Whose figures these are; `null` while there is no group.
    pub number: Option<u32>,
    /// What the template shows of a single group, in its order; for all groups the same, on the same axes.
    pub figures: Vec<GroupFigure>,
}

/// A group that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupName {
    /// Its number in the lesson.
    pub number: u32,
    /// Its nickname.
    pub nickname: String,
}

/// A figure of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupFigure {
    /// `trace`, `scatter`, `spectrum` or `motion`.
    pub kind: &'static str,
    /// Ready to be drawn; `null` where the group has none.
    #[schema(value_type = Option<Object>)]
    pub figure: Option<Value>,
    /// In both languages what is missing, where the group has none.
    #[schema(value_type = Option<Object>)]
    pub reason: Option<Text>,
}

/// One group's figures: points with their fit, spectra, motions, curves. A group that is hidden or does not count is not among
/// them.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/discussion/group", params(("id" = String, Path), Whose), responses((status = 200, body = GroupFigures), (status = 404, body = Problem)))]
pub async fn group(
    State(hub): State<Hub>,
    At(id): At<String>,
    Parameters(whose): Parameters<Whose>,
) -> Result<Json<GroupFigures>, Problem> {
    let lesson = find(&hub, &id)?;
    let template = template_of(&hub, &lesson)?;
    let all = all_groups(&hub, &lesson, &template).await?;
    let chosen = match whose.number {
        None => all.first(),
        Some(number) => Some(all.iter().find(|(outcome, _)| outcome.number == number).ok_or_else(|| unknown(number))?),
    };
    let drawn = chosen.map(|(_, drawn)| with_common_axes(drawn, all.iter().map(|(_, drawn)| &**drawn)));
    let figures = drawn.map(|drawn| told(&template, drawn)).transpose()?.unwrap_or_default();
    let groups = all.iter().map(|(outcome, _)| GroupName { number: outcome.number, nickname: outcome.nickname.clone() }).collect();
    Ok(Json(GroupFigures { groups, number: chosen.map(|(outcome, _)| outcome.number), figures }))
}

async fn all_groups(hub: &Hub, lesson: &Lesson, template: &Arc<Template>) -> Result<Vec<(ThingOutcome, Arc<Drawn>)>, Problem> {
    let outcomes = shown_outcomes(hub, lesson, None).await?;
    hub.groups.of(hub, template, &outcomes, lesson.frozen).await
}

fn unknown(number: u32) -> Problem {
    Problem::not_found(format!("There is no group {number} whose result counts. Choose one of those that /discussion/group lists."))
}

fn told(template: &Template, drawn: Drawn) -> Result<Vec<GroupFigure>, Problem> {
    let told = |(place, drawn): (usize, Result<PlainFigure, Text>)| {
        let kind = template.figures.get(place).map_or("", Figure::kind);
        Ok(match drawn {
            Ok(figure) => {
                let written = serde_json::to_value(&figure).map_err(|error| Problem::internal(&error))?;
                GroupFigure { kind, figure: Some(written), reason: None }
            }
            Err(reason) => GroupFigure { kind, figure: None, reason: Some(reason) },
        })
    };
    drawn.figures.into_iter().map(told).collect()
}
