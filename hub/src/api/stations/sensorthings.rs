//! The read-only part of OGC SensorThings 1.1 (18-088) that QGIS and other clients need, over the public stations.
//!
//! ```text
//! Thing = station, Location = FeatureOfInterest = where it stands, Sensor = the device by its format
//! Datastream = a property of a channel ({thing of the channel}.{property}), Observation = a reading ({Datastream}.{µs})
//! ```
//! There are no HistoricalLocations: the set is there and empty. `$top`, `$skip`, `$count`, `$select` and `$expand` everywhere;
//! `$filter` and `$orderby` by properties of entities ([`filter`]), of Observations by phenomenonTime. Anything else of the standard
//! is answered 400 or 501 and named: a client that is told nothing draws the wrong thing. Nothing can be changed here; POST below
//! `/v1.1/` is the stations' [`door`](super::door).

mod answer;
mod entities;
mod filter;
mod observations;
mod options;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use self::answer::{Page, Source, Teller, check};
use self::entities::{Kind, World};
use self::options::Options;
use crate::address::Address;
use crate::api::blocking;
use crate::api::problem::Problem;
use crate::state::Hub;

/// Links of a path, at most.
const STEPS: usize = 8;

/// What of the standard is done whole, as its requirements classes are called (18-088, annex "Conformance"). Neither `filter` nor
/// `orderby`: of Observations they are done by time alone.
const CONFORMANCE: [&str; 9] = [
    "datamodel",
    "resource-path/resource-path-to-entities",
    "request-data/order",
    "request-data/expand",
    "request-data/select",
    "request-data/top",
    "request-data/skip",
    "request-data/count",
    "request-data/pagination",
];

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
    let conformance = CONFORMANCE.map(|class| format!("http://www.opengis.net/spec/iot_sensing/1.1/req/{class}"));
    Json(json!({"value": Kind::ALL.iter().map(url).collect::<Vec<_>>(), "serverSettings": {"conformance": conformance}}))
}

/// What a path leads to.
enum Place {
    Set(Source),
    Entity(Kind, String),
}

/// A set, an entity, or what hangs on one.
async fn below(State(hub): State<Hub>, address: Address, Path(rest): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let origin = address.origin();
    let options = Options::read(query.as_deref().unwrap_or_default())?;
    let _turn = hub.stations.turn().await?;
    let known = hub.clone();
    let world = blocking(move || World::of(&known, &origin)).await?;
    let missing = || Problem::not_found(format!("/v1.1/{rest} is nothing here; GET /v1.1 lists what there is.")).coded("unknown_entity");
    let place = find(&world, &rest)?.ok_or_else(missing)?;
    let mut teller = Teller::new(&hub, &world);
    match place {
        Place::Set(source) => {
            check(source.kind, &options)?;
            Ok(whole(teller.set(&source, &options, false).await?))
        }
        Place::Entity(kind, id) => {
            if options.filter.is_some() || !options.order.is_empty() {
                return Err(Problem::bad_request("One entity takes $select and $expand; $filter and $orderby are for sets."));
            }
            check(kind, &options)?;
            let entity = match kind {
                Kind::Observations => world.observation(&hub, &id).await?,
                kind => world.entity(kind, &id),
            };
            Ok(Json(teller.tell(kind, entity.ok_or_else(missing)?, &options).await?).into_response())
        }
    }
}

/// Follows a path link by link ("Resource Path" of 18-088). `None` if it leads nowhere.
fn find(world: &World, path: &str) -> Result<Option<Place>, Problem> {
    let mut place: Option<Place> = None;
    for (number, text) in path.trim_end_matches('/').split('/').enumerate() {
        if number > STEPS {
            return Err(not_here(&format!("A path over more than {STEPS} links")));
        }
        if text.starts_with('$') {
            return Err(not_here(&format!("/{text} behind an address")));
        }
        let Some((name, id)) = step(text) else { return Ok(None) };
        let (source, many) = match &place {
            None => match Kind::named(name) {
                Some(kind) => (Source::all(world, kind), true),
                None => return Ok(None),
            },
            Some(Place::Set(_)) => return Err(not_here("A link of a whole set, without the id of one entity,")),
            Some(Place::Entity(kind, known)) => match kind.link(name) {
                Some((to, many)) => (Source::linked(world, *kind, known, name, to), many),
                None => return Ok(None),
            },
        };
        let of = |id: &str| id.rsplit_once('.').and_then(|(stream, _)| world.number(stream));
        place = match id {
            None if many => Some(Place::Set(source)),
            None => source.ids.into_iter().next().map(|id| Place::Entity(source.kind, id)),
            // Whether there is such a reading only the store knows, which is asked in the end.
            Some(id) if source.kind == Kind::Observations => {
                of(id).filter(|stream| source.streams.contains(stream)).map(|_| Place::Entity(source.kind, id.to_owned()))
            }
            Some(id) => source.ids.into_iter().find(|known| known == id).map(|id| Place::Entity(source.kind, id)),
        };
        if place.is_none() {
            return Ok(None);
        }
    }
    Ok(place)
}

/// `Things('abc')`: the name and the id.
fn step(text: &str) -> Option<(&str, Option<&str>)> {
    let Some((name, id)) = text.split_once('(') else { return (!text.is_empty()).then_some((text, None)) };
    let id = id.strip_suffix(')')?.trim();
    Some((name, Some(id.strip_prefix('\'').and_then(|id| id.strip_suffix('\'')).unwrap_or(id))))
}

/// A page as an answer.
fn whole(page: Page) -> Response {
    let mut body = Map::new();
    if let Some(count) = page.count {
        body.insert("@iot.count".to_owned(), count.into());
    }
    if let Some(next) = page.next {
        body.insert("@iot.nextLink".to_owned(), next.into());
    }
    body.insert("value".to_owned(), page.value.into());
    Json(Value::Object(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_names_a_set_or_a_link_and_maybe_an_id() {
        assert_eq!(step("Things"), Some(("Things", None)));
        assert_eq!(step("Datastreams('a.b')"), Some(("Datastreams", Some("a.b"))));
        assert_eq!(step("Locations(7)"), Some(("Locations", Some("7"))));
        for wrong in ["", "Things("] {
            assert_eq!(step(wrong), None, "{wrong}");
        }
    }
}
