//! Questions about a lesson's readings and results.

use std::str::FromStr;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_query::{AggregateSpec, Format, LessonOutcomes, ObservationSpec, Scope, Window};
use messwerk_store::catalogue::Lesson;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::Bearer;
use crate::api::export::book::Book;
use crate::api::export::names::{FileName, What, language};
use crate::api::export::writing::Writing;
use crate::api::extract::{At, Parameters};
use crate::api::lessons::{find, flow_of, recorded_property};
use crate::api::live::Shown;
use crate::api::problem::Problem;
use crate::api::who::Someone;
use crate::state::Hub;

/// Which readings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SelectReadings {
    /// `csv`, `json` (default), `arrow`, `parquet` or `xlsx`; without it the header `Accept` decides.
    format: Option<String>,
    /// With `format=csv`: `de` for semicolons, decimal comma and BOM, as a German Excel expects.
    dialect: Option<String>,
    /// `de` or `en`: what the file is called, and what a workbook says; without it what the browser asks for.
    lang: Option<String>,
    /// Only this property: `angular_velocity` or its stream `gyr`.
    property: Option<String>,
    /// Only this Thing.
    thing: Option<String>,
    /// Only this recording of a Thing, from 1.
    run: Option<u32>,
    /// From this phenomenon time (RFC 3339), inclusive.
    from: Option<String>,
    /// Up to this phenomenon time (RFC 3339), exclusive.
    to: Option<String>,
    /// At most so many rows.
    limit: Option<usize>,
    /// Decimated to so many pixel columns: first, smallest, largest and last reading of each.
    width: Option<u32>,
    /// `true`: a last column `flags` with what is remarkable about a reading, in words: `clock=arrival`, `out_of_range`,
    /// `time_fast`, `thinned`, `late`.
    flags: Option<bool>,
    #[param(ignore)]
    window: Option<String>,
}

/// Which windows.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SelectWindows {
    /// `csv`, `json` (default), `arrow` or `parquet`; without it the header `Accept` decides.
    format: Option<String>,
    /// With `format=csv`: `de` for semicolons, decimal comma and BOM, as a German Excel expects.
    dialect: Option<String>,
    /// `de` or `en`: what the file is called; without it what the browser asks for.
    lang: Option<String>,
    /// Of this property: `angular_velocity` or its stream `gyr`. Without it the template's main one.
    property: Option<String>,
    /// Only this Thing.
    thing: Option<String>,
    /// Only this recording of a Thing, from 1.
    run: Option<u32>,
    /// From the window in which this phenomenon time (RFC 3339) lies.
    from: Option<String>,
    /// Up to this phenomenon time (RFC 3339); the window it cuts is whole.
    to: Option<String>,
    /// At most so many rows; a window of a vector has four: x, y, z and abs.
    limit: Option<usize>,
    /// Length of a window with its unit: `100ms`, `1s` (default), `5min`, `1h`, `1d`.
    window: Option<String>,
    #[param(ignore)]
    width: Option<String>,
}

/// How results are written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SelectResults {
    /// `csv`, `json` (default) or `xlsx`; without it the header `Accept` decides.
    format: Option<String>,
    /// With `format=csv`: `de` for semicolons, decimal comma and BOM, as a German Excel expects.
    dialect: Option<String>,
    /// `de` or `en`: what the file is called, and what a workbook says; without it what the browser asks for.
    lang: Option<String>,
}

fn time(name: &str, text: Option<&str>) -> Result<Option<Micros>, Problem> {
    let parse = |text: &str| DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_micros());
    text.map(|text| parse(text).map_err(|error| Problem::bad_request(format!("{name}={text}: {error}; write 2026-01-03T12:43:32Z."))))
        .transpose()
}

/// The property of a name or a stream's short name.
pub fn property(name: &str) -> Result<ObservedProperty, Problem> {
    ObservedProperty::from_name(name).or_else(|| ObservedProperty::from_stream(name)).ok_or_else(|| {
        let names: Vec<&str> = ObservedProperty::all().map(ObservedProperty::name).collect();
        Problem::bad_request(format!("property={name}: there are {}.", names.join(", ")))
    })
}

fn parsed<T: FromStr<Err: std::fmt::Display>>(name: &str, text: Option<&str>) -> Result<Option<T>, Problem> {
    text.map(|text| text.parse().map_err(|error| Problem::bad_request(format!("{name}={text}: {error}.")))).transpose()
}

/// What the asker may see of a lesson: a teacher everything, a Thing its own.
pub(crate) fn scope(lesson: &Lesson, Someone(who): &Someone) -> Result<Scope, Problem> {
    match who {
        Bearer::Teacher => Ok(Scope::lesson(lesson.id)),
        Bearer::Thing(access) if access.lesson == lesson.id => Ok(Scope::thing(lesson.id, access.thing)),
        Bearer::Thing(_) => Err(Problem::forbidden("This token belongs to another lesson.")),
    }
}

/// The readings themselves, streamed and complete; what files that cannot be read leave out is named in the header
/// `Messwerk-Missing`. A Thing's token sees its own. As CSV there are `number,nickname,t_s` behind the unit: whose they are and
/// the seconds since the first reading of their Run.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/observations", params(("id" = String, Path), SelectReadings), responses((status = 200, description = "lesson,run,thing,property,phenomenon_time,received_time,x,y,z,unit"), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn observations(
    State(hub): State<Hub>,
    who: Someone,
    At(id): At<String>,
    Parameters(select): Parameters<SelectReadings>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let scope = scope(&lesson, &who)?;
    if select.window.is_some() {
        return Err(Problem::bad_request("window sums readings up: ask /aggregates, or thin them for a chart with width=800."));
    }
    let writing = Writing::read(select.format.as_deref(), select.dialect.as_deref(), &headers)?;
    let language = language(select.lang.as_deref(), &headers);
    let spec = ObservationSpec {
        property: select.property.as_deref().map(property).transpose()?,
        thing: parsed("thing", select.thing.as_deref())?,
        run: select.run,
        from: time("from", select.from.as_deref())?,
        to: time("to", select.to.as_deref())?,
        limit: select.limit,
        width: select.width,
        named: writing.is_csv() || writing == Writing::Book,
        flags: select.flags.unwrap_or(false),
    };
    let Writing::Rows(format, dialect) = writing else {
        let book = Book { lesson, owner: Some(scope), outcomes: None, spec: Some(spec), what: What::Readings, language };
        return book.answer(&hub).await;
    };
    let name = FileName::of(&hub, &lesson, What::Readings, group(&hub, &scope)?, language)?;
    Ok(Writing::stream(format, dialect, hub.engine.observations(&scope, &spec).await?, name, language))
}

/// Windows: count, mean, min, max and standard deviation per Thing and component. What files that cannot be read leave
/// out is named in the header `Messwerk-Missing`.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/aggregates", params(("id" = String, Path), SelectWindows), responses((status = 200, description = "thing,property,component,window_start,count,mean,min,max,sd,unit"), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn aggregates(
    State(hub): State<Hub>,
    who: Someone,
    At(id): At<String>,
    Parameters(select): Parameters<SelectWindows>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let scope = scope(&lesson, &who)?;
    if select.width.is_some() {
        return Err(Problem::bad_request("width thins readings: ask /observations, or choose a longer window here."));
    }
    let writing = Writing::read(select.format.as_deref(), select.dialect.as_deref(), &headers)?;
    let language = language(select.lang.as_deref(), &headers);
    let spec = AggregateSpec {
        property: select.property.as_deref().map_or_else(|| recorded_property(&hub, &lesson), property)?,
        thing: parsed("thing", select.thing.as_deref())?,
        run: select.run,
        window: parsed("window", select.window.as_deref())?.unwrap_or(Window::SECOND),
        from: time("from", select.from.as_deref())?,
        to: time("to", select.to.as_deref())?,
        limit: select.limit,
    };
    let Writing::Rows(format, dialect) = writing else {
        return Err(Problem::bad_request("Windows come as csv, json, arrow or parquet; readings and results as xlsx, too."));
    };
    let name = FileName::of(&hub, &lesson, What::Windows, group(&hub, &scope)?, language)?;
    Ok(Writing::stream(format, dialect, hub.engine.aggregates(&scope, &spec).await?, name, language))
}

/// The latest reading of one Thing and property.
#[derive(Debug, Serialize, ToSchema)]
pub struct LatestView {
    #[schema(value_type = String)]
    thing: ThingId,
    property: &'static str,
    /// RFC 3339, UTC.
    phenomenon_time: String,
    /// `[value]` or `[x, y, z]`.
    value: Vec<f32>,
    unit: &'static str,
}

/// The latest reading of each Thing and property.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/latest", params(("id" = String, Path)), responses((status = 200, body = Vec<LatestView>), (status = 401, body = Problem), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn latest(State(hub): State<Hub>, who: Someone, At(id): At<String>) -> Result<Json<Vec<LatestView>>, Problem> {
    let latest = hub.engine.latest(&scope(&find(&hub, &id)?, &who)?);
    let view = |latest: messwerk_store::Latest| LatestView {
        thing: latest.thing,
        property: latest.property.name(),
        phenomenon_time: rfc3339(latest.time),
        value: latest.value[..latest.property.components()].to_vec(),
        unit: latest.property.unit(),
    };
    Ok(Json(latest.into_iter().map(view).collect()))
}

/// RFC 3339 in UTC with microseconds.
pub fn rfc3339(time: Micros) -> String {
    DateTime::from_timestamp_micros(time).unwrap_or_default().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

/// Every result of the lesson and what the class makes of them. Who knows the lesson's id may look: the board does. Only a teacher
/// sees what boards do not show: hidden Things (a Thing's token sees its own), and what is newer than the moment they were frozen.
/// As CSV one row a result: `number,nickname,thing,run,by_hand,name,value,uncertainty,unit,counts,excluded`, then value,
/// uncertainty and unit of each step before the result. `class_steps` are the numbers of the template's steps over all groups, each with
/// `name`, `label`, `value`, `uncertainty` and `unit`, and `part` of a fit's.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/outcomes", params(("id" = String, Path), SelectResults), responses((status = 200, description = "outcomes, class, class_steps, pending"), (status = 404, body = Problem)))]
pub async fn outcomes(
    State(hub): State<Hub>,
    who: Result<Option<Someone>, Problem>,
    At(id): At<String>,
    Parameters(select): Parameters<SelectResults>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let writing = Writing::read(select.format.as_deref(), select.dialect.as_deref(), &headers)?;
    let language = language(select.lang.as_deref(), &headers);
    if matches!(writing, Writing::Rows(Format::Arrow | Format::Parquet, _)) {
        return Err(Problem::bad_request("Results come as json, csv or xlsx."));
    }
    // Whoever says nothing that counts is somebody who looks.
    let (outcomes, owner) = match who {
        Ok(Some(Someone(Bearer::Teacher))) => {
            let scope = Scope::lesson(lesson.id);
            (hub.engine.outcomes(&scope).await?, Some(scope))
        }
        Ok(Some(Someone(Bearer::Thing(access)))) => {
            let own = (access.lesson == lesson.id).then(|| Scope::thing(lesson.id, access.thing));
            let outcomes = shown_outcomes(&hub, &lesson, Some(access.thing)).await?;
            (LessonOutcomes { hints: outcomes.hints_of(access.thing).to_vec(), ..outcomes }, own)
        }
        _ => (shown_outcomes(&hub, &lesson, None).await?, None),
    };
    let name = FileName::of(&hub, &lesson, What::Results, None, language)?;
    match writing {
        Writing::Rows(Format::Csv, dialect) => {
            let body = outcomes.csv(dialect);
            Ok(writing.respond(&outcomes.missing, name, language, Body::from(body)))
        }
        Writing::Rows(..) => Ok(Json(outcomes).into_response()),
        Writing::Book => Book { lesson, owner, outcomes: Some(outcomes), spec: None, what: What::Results, language }.answer(&hub).await,
    }
}

/// The number of the only Thing that somebody sees.
pub(crate) fn group(hub: &Hub, scope: &Scope) -> Result<Option<u32>, Problem> {
    let Some(thing) = scope.thing_id() else { return Ok(None) };
    Ok(hub.store.catalogue().thing(thing)?.map(|thing| thing.number))
}

/// The results that boards show of a lesson; `own` is shown also where it is hidden.
pub(crate) async fn shown_outcomes(hub: &Hub, lesson: &Lesson, own: Option<ThingId>) -> Result<LessonOutcomes, Problem> {
    let flow = flow_of(hub, lesson.id)?;
    let newest = match flow.now().lesson.frozen {
        Some(_) => None,
        None => Some(hub.engine.outcomes(&Scope::lesson(lesson.id)).await?),
    };
    // Asked once more: what was computed while somebody froze the boards is not for them.
    let state = flow.now();
    let outcomes = match (state.lesson.frozen, newest) {
        (None, Some(newest)) => newest,
        (None, None) => hub.engine.outcomes(&Scope::lesson(lesson.id)).await?,
        (Some(frozen), _) => match hub.results.at_freeze(lesson.id, frozen) {
            Some(results) => LessonOutcomes::clone(&results.outcomes),
            None => LessonOutcomes::none(lesson.id, &lesson.template),
        },
    };
    let shown = Shown::of(&state);
    let shown = own.map_or_else(|| shown.clone(), |own| shown.clone().but(own));
    Ok(shown.thinned(&outcomes).unwrap_or(outcomes))
}

/// What was rejected, by Thing and reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectionView {
    #[schema(value_type = String)]
    thing: ThingId,
    reason: &'static str,
    /// How many values or records.
    count: u64,
    last: LastReject,
}

/// The newest reject of its kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastReject {
    /// What was wrong and how to mend it.
    detail: String,
    /// RFC 3339, UTC.
    received: String,
}

/// What was rejected, why and how often. A Thing's token sees its own.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/rejections", params(("id" = String, Path)), responses((status = 200, body = Vec<RejectionView>), (status = 401, body = Problem), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn rejections(State(hub): State<Hub>, who: Someone, At(id): At<String>) -> Result<Json<Vec<RejectionView>>, Problem> {
    let scope = scope(&find(&hub, &id)?, &who)?;
    let visible = hub.store.rejections(scope.lesson_id()).into_iter().filter(|rejection| scope.sees(rejection.thing));
    let view = |rejection: messwerk_store::Rejection| RejectionView {
        thing: rejection.thing,
        reason: rejection.last.reason.name(),
        count: rejection.count,
        last: LastReject { detail: rejection.last.detail, received: rfc3339(rejection.received) },
    };
    Ok(Json(visible.map(view).collect()))
}

/// How a figure is drawn.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FigureOptions {
    /// `de` or `en` (default).
    lang: Option<String>,
}

/// A figure of the board as SVG: `strip.svg`, `tiles.svg` or `overlay.svg`.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/figures/{figure}", params(("id" = String, Path), ("figure" = String, Path), FigureOptions), responses((status = 200, content_type = "image/svg+xml"), (status = 404, body = Problem)))]
pub async fn figure(
    State(hub): State<Hub>,
    At((id, figure)): At<(String, String)>,
    Parameters(options): Parameters<FigureOptions>,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let svg = crate::figures::draw(&hub, &lesson, &figure, options.lang.as_deref().unwrap_or("en")).await?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")], svg).into_response())
}

#[cfg(test)]
mod tests;
