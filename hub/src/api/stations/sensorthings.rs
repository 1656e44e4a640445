//! The read-only part of OGC SensorThings 1.1 (18-088) that QGIS and other clients need, over the public stations.
//!
//! ```text
//! Thing = station, Location = where it stands, Sensor = the device by its format
//! Datastream = a property of a channel ({thing of the channel}.{property}), Observation = a reading ({Datastream}.{µs})
//! ```
//! `$top`, `$skip` and `$count` everywhere; of Observations also `$orderby=phenomenonTime [asc|desc]` and `$filter` by
//! `phenomenonTime` with ge, gt, le, lt, eq and `and`; of Locations the two filters that QGIS asks with. Anything else of the
//! standard is answered 501 and named: a client that is told nothing draws the wrong thing. Nothing can be changed here; POST below
//! `/v1.1/` is the stations' [`door`](super::door).

mod entities;
mod observations;
mod options;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use self::entities::{Kind, World};
use self::options::Options;
use crate::address::Address;
use crate::api::blocking;
use crate::api::problem::Problem;
use crate::state::Hub;

/// The addresses. Not in the OpenAPI document: the standard describes them, and the service says itself what it has.
pub fn paths() -> Router<Hub> {
    Router::new().route("/v1.1", get(root)).route("/v1.1/", get(root)).route("/v1.1/{*rest}", get(below))
}

/// What a part of the standard that is not here is answered.
fn not_here(what: &str) -> Problem {
    let detail = format!("{what} is not supported; docs/stations.md lists what is.");
    Problem::new(StatusCode::NOT_IMPLEMENTED, "Not supported", detail).coded("not_supported")
}

/// What there is.
async fn root(address: Address) -> Json<Value> {
    let url = |kind: &Kind| json!({"name": kind.set(), "url": format!("{}/v1.1/{}", address.origin(), kind.set())});
    let conformance =
        ["http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel", "http://www.opengis.net/spec/iot_sensing/1.1/req/resource-path"];
    Json(json!({"value": Kind::ALL.iter().map(url).collect::<Vec<_>>(), "serverSettings": {"conformance": conformance}}))
}

/// A set, an entity, or what hangs on one.
async fn below(State(hub): State<Hub>, address: Address, Path(rest): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let origin = address.origin().to_string();
    let options = Options::read(query.as_deref().unwrap_or_default())?;
    let _turn = hub.stations.turn().await?;
    let known = hub.clone();
    let world = blocking(move || World::of(&known, &origin)).await?;
    let missing = || Problem::not_found(format!("/v1.1/{rest} is nothing here; GET /v1.1 lists what there is.")).coded("unknown_entity");
    let mut steps = rest.trim_end_matches('/').split('/');
    let first = steps.next().and_then(step).ok_or_else(missing)?;
    let next = steps.next();
    if steps.next().is_some() {
        return Err(not_here("A path over more than one link"));
    }
    let (kind, id) = first;
    let Some(id) = id else {
        return match next {
            Some(_) => Err(missing()),
            None if kind == Kind::Observations => world.observations(&hub, None, &options, &rest).await,
            None => world.set(kind, world.all(kind), &options, &rest),
        };
    };
    let Some(link) = next else {
        return match kind {
            Kind::Observations => world.observation(&hub, id).await?.ok_or_else(missing),
            kind => world.entity(kind, id).ok_or_else(missing),
        }
        .map(|entity| Json(entity).into_response());
    };
    if kind == Kind::Datastreams && link == "Observations" {
        let stream = world.stream(id).ok_or_else(missing)?;
        return world.observations(&hub, Some(stream), &options, &rest).await;
    }
    // An Observation's only link is its Datastream.
    let id = if kind == Kind::Observations { id.rsplit_once('.').map_or(id, |(stream, _)| stream) } else { id };
    let (to, many, ids) = world.linked(kind, id, link).ok_or_else(missing)?;
    if many {
        return world.set(to, ids, &options, &rest);
    }
    let entity = ids.first().and_then(|id| world.entity(to, id)).ok_or_else(missing)?;
    Ok(Json(entity).into_response())
}

/// `Things('abc')`: the set and the id.
fn step(text: &str) -> Option<(Kind, Option<&str>)> {
    let Some((name, id)) = text.split_once('(') else { return Some((Kind::named(text)?, None)) };
    let id = id.strip_suffix(')')?.trim();
    let bare = id.strip_prefix('\'').and_then(|id| id.strip_suffix('\'')).unwrap_or(id);
    Some((Kind::named(name)?, Some(bare)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_names_a_set_and_maybe_an_id() {
        assert_eq!(step("Things"), Some((Kind::Things, None)));
        assert_eq!(step("Datastreams('a.b')"), Some((Kind::Datastreams, Some("a.b"))));
        assert_eq!(step("Locations(7)"), Some((Kind::Locations, Some("7"))));
        for wrong in ["Thing", "", "Things(", "Tasks('1')"] {
            assert_eq!(step(wrong), None, "{wrong}");
        }
    }
}
