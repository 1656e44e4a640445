//! Questions about a lesson's readings and results.

use std::str::FromStr;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_query::{AggregateSpec, Answer, Dialect, Format, ObservationSpec, Scope, Window};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::Bearer;
use crate::api::lessons::{find, main_trace};
use crate::api::problem::Problem;
use crate::api::who::Someone;
use crate::state::Hub;

/// Which readings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Select {
    /// `csv`, `json` (default), `arrow` or `parquet`.
    format: Option<String>,
    /// `de`: semicolons, decimal comma and BOM, as a German Excel expects.
    dialect: Option<String>,
    /// Only this property: `angular_velocity` or its stream `gyr`. Aggregates are of one property: without it the
    /// template's main one.
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
    /// Length of a window with its unit: `100ms`, `1s`, `5min`, `1h`, `1d`.
    window: Option<String>,
}

impl Select {
    fn property(&self) -> Result<Option<ObservedProperty>, Problem> {
        self.property.as_deref().map(property).transpose()
    }

    fn thing(&self) -> Result<Option<ThingId>, Problem> {
        parsed("thing", self.thing.as_deref())
    }

    fn time(name: &str, text: Option<&str>) -> Result<Option<Micros>, Problem> {
        let parse = |text: &str| DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_micros());
        text.map(|text| parse(text).map_err(|error| Problem::bad_request(format!("{name}={text}: {error}; write 2026-01-03T12:43:32Z."))))
            .transpose()
    }

    fn format(&self) -> Result<Format, Problem> {
        Ok(Format::from_name(self.format.as_deref().unwrap_or("json"))?)
    }

    fn dialect(&self) -> Result<Dialect, Problem> {
        Ok(Dialect::from_name(self.dialect.as_deref().unwrap_or("standard"))?)
    }
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

type Parameters = Result<Query<Select>, QueryRejection>;

fn parameters(query: Parameters) -> Result<Select, Problem> {
    query.map(|Query(select)| select).map_err(|rejection| Problem::bad_request(rejection.body_text()))
}

/// What the asker may see of the lesson: a teacher everything, a Thing its own.
fn scope(hub: &Hub, id: &str, Someone(who): &Someone) -> Result<Scope, Problem> {
    let lesson = find(hub, id)?;
    match who {
        Bearer::Teacher => Ok(Scope::lesson(lesson.id)),
        Bearer::Thing(access) if access.lesson == lesson.id => Ok(Scope::thing(lesson.id, access.thing)),
        Bearer::Thing(_) => Err(Problem::forbidden("This token belongs to another lesson.")),
    }
}

fn stream(answer: Answer, select: &Select, name: &str) -> Result<Response, Problem> {
    let format = select.format()?;
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}.{}\"", select.format.as_deref().unwrap_or("json"))),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(answer.encode(format, select.dialect()?))).into_response())
}

/// The readings themselves, complete and streamed. A Thing's token sees its own.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/observations", params(("id" = String, Path), Select), responses((status = 200, description = "lesson,run,thing,property,phenomenon_time,received_time,x,y,z,unit"), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn observations(State(hub): State<Hub>, who: Someone, Path(id): Path<String>, query: Parameters) -> Result<Response, Problem> {
    let select = parameters(query)?;
    let scope = scope(&hub, &id, &who)?;
    let spec = ObservationSpec {
        property: select.property()?,
        thing: select.thing()?,
        run: select.run,
        from: Select::time("from", select.from.as_deref())?,
        to: Select::time("to", select.to.as_deref())?,
        limit: select.limit,
        width: select.width,
    };
    stream(hub.engine.observations(&scope, &spec).await?, &select, "observations")
}

/// Windows: count, mean, min, max and standard deviation per Thing and component.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/aggregates", params(("id" = String, Path), Select), responses((status = 200, description = "thing,property,component,window_start,count,mean,min,max,sd,unit"), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)), security(("token" = [])))]
pub async fn aggregates(State(hub): State<Hub>, who: Someone, Path(id): Path<String>, query: Parameters) -> Result<Response, Problem> {
    let select = parameters(query)?;
    let scope = scope(&hub, &id, &who)?;
    let (main, _) = main_trace(&find(&hub, &id)?)?;
    let spec = AggregateSpec {
        property: select.property()?.unwrap_or(main),
        thing: select.thing()?,
        window: parsed("window", select.window.as_deref())?.unwrap_or(Window::SECOND),
        from: Select::time("from", select.from.as_deref())?,
        to: Select::time("to", select.to.as_deref())?,
    };
    stream(hub.engine.aggregates(&scope, &spec).await?, &select, "aggregates")
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
pub async fn latest(State(hub): State<Hub>, who: Someone, Path(id): Path<String>) -> Result<Json<Vec<LatestView>>, Problem> {
    let latest = hub.engine.latest(&scope(&hub, &id, &who)?);
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

/// Every result of the lesson and what the class makes of them. Who knows the lesson's id may look: the board does.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/outcomes", params(("id" = String, Path)), responses((status = 200, description = "outcomes, class, pending"), (status = 404, body = Problem)))]
pub async fn outcomes(State(hub): State<Hub>, Path(id): Path<String>) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let outcomes = hub.engine.outcomes(&Scope::lesson(lesson.id)).await?;
    Ok(Json(outcomes).into_response())
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
pub async fn rejections(State(hub): State<Hub>, who: Someone, Path(id): Path<String>) -> Result<Json<Vec<RejectionView>>, Problem> {
    let scope = scope(&hub, &id, &who)?;
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
#[into_params(parameter_in = Query)]
pub struct FigureOptions {
    /// `de` or `en` (default).
    lang: Option<String>,
}

/// A figure of the board as SVG: `strip.svg`, `tiles.svg` or `overlay.svg`.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/figures/{figure}", params(("id" = String, Path), ("figure" = String, Path), FigureOptions), responses((status = 200, content_type = "image/svg+xml"), (status = 404, body = Problem)))]
pub async fn figure(
    State(hub): State<Hub>,
    Path((id, figure)): Path<(String, String)>,
    Query(options): Query<FigureOptions>,
) -> Result<Response, Problem> {
    let lesson = find(&hub, &id)?;
    let svg = crate::figures::draw(&hub, &lesson, &figure, options.lang.as_deref().unwrap_or("en")).await?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")], svg).into_response())
}

#[cfg(test)]
mod tests;
