//! The public stations as entities of SensorThings, with their links.

use axum::Json;
use axum::response::{IntoResponse, Response};
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;
use serde_json::{Map, Value, json};

use super::options::Options;
use crate::api::problem::Problem;
use crate::api::stations::series::read::Stream;
use crate::state::Hub;
use crate::station::settings::Settings;

/// What a single scalar reading is called (OGC Observations and Measurements).
const MEASUREMENT: &str = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement";
/// Where the symbols of units are registered.
const UNITS: &str = "https://www.iana.org/assignments/senml/senml.xhtml#senml-units";

/// The sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Things,
    Locations,
    Datastreams,
    Sensors,
    ObservedProperties,
    Observations,
}

impl Kind {
    pub(super) const ALL: [Self; 6] =
        [Self::Things, Self::Locations, Self::Datastreams, Self::Sensors, Self::ObservedProperties, Self::Observations];

    pub(super) fn set(self) -> &'static str {
        match self {
            Self::Things => "Things",
            Self::Locations => "Locations",
            Self::Datastreams => "Datastreams",
            Self::Sensors => "Sensors",
            Self::ObservedProperties => "ObservedProperties",
            Self::Observations => "Observations",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.set() == name)
    }

    /// Links of an entity: name, where they lead, and whether to many.
    fn links(self) -> &'static [(&'static str, Self, bool)] {
        match self {
            Self::Things => &[("Locations", Self::Locations, true), ("Datastreams", Self::Datastreams, true)],
            Self::Locations => &[("Things", Self::Things, true)],
            Self::Datastreams => &[
                ("Thing", Self::Things, false),
                ("Sensor", Self::Sensors, false),
                ("ObservedProperty", Self::ObservedProperties, false),
                ("Observations", Self::Observations, true),
            ],
            Self::Sensors | Self::ObservedProperties => &[("Datastreams", Self::Datastreams, true)],
            Self::Observations => &[("Datastream", Self::Datastreams, false)],
        }
    }
}

/// A property of a channel of a public station.
#[derive(Debug, Clone)]
pub(super) struct Datastream {
    pub(super) id: String,
    pub(super) stream: Stream,
    station: LessonId,
    name: String,
}

/// The public stations at one moment.
pub(super) struct World {
    pub(super) origin: String,
    stations: Vec<(LessonId, Settings)>,
    pub(super) streams: Vec<Datastream>,
}

impl World {
    pub(super) fn of(hub: &Hub, origin: &str) -> Result<Self, Problem> {
        let (mut stations, mut streams) = (vec![], vec![]);
        for station in hub.store.catalogue().stations()? {
            let Some(settings) = Settings::read(&station.settings).filter(|settings| settings.public) else { continue };
            let channels = hub.store.catalogue().station_channels(station.log)?;
            let mut latest = hub.store.latest(station.log);
            latest.sort_by_key(|last| (last.thing, last.property));
            for last in latest {
                let channel = channels.iter().find(|(_, thing)| *thing == last.thing).map_or("", |(name, _)| name);
                let name = [settings.name.as_str(), channel, last.property.name()].into_iter().filter(|part| !part.is_empty());
                streams.push(Datastream {
                    id: format!("{}.{}", last.thing, last.property.name()),
                    stream: Stream { log: station.log, thing: last.thing, property: last.property },
                    station: station.log,
                    name: name.collect::<Vec<_>>().join(" "),
                });
            }
            stations.push((station.log, settings));
        }
        Ok(Self { origin: origin.to_owned(), stations, streams })
    }

    pub(super) fn stream(&self, id: &str) -> Option<&Datastream> {
        self.streams.iter().find(|stream| stream.id == id)
    }

    fn properties(&self) -> Vec<ObservedProperty> {
        let mut found: Vec<_> = self.streams.iter().map(|stream| stream.stream.property).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The ids of a set; Observations are too many for that.
    pub(super) fn all(&self, kind: Kind) -> Vec<String> {
        let stations = || self.stations.iter();
        match kind {
            Kind::Things | Kind::Sensors => stations().map(|(id, _)| id.to_string()).collect(),
            Kind::Locations => stations().filter(|(_, settings)| settings.latitude.is_some()).map(|(id, _)| id.to_string()).collect(),
            Kind::Datastreams => self.streams.iter().map(|stream| stream.id.clone()).collect(),
            Kind::ObservedProperties => self.properties().iter().map(|property| property.name().to_owned()).collect(),
            Kind::Observations => vec![],
        }
    }

    /// Where a link leads: the set, whether to many, and the ids. `None` if there is no such entity or link.
    pub(super) fn linked(&self, kind: Kind, id: &str, link: &str) -> Option<(Kind, bool, Vec<String>)> {
        let (_, to, many) = *kind.links().iter().find(|(name, ..)| *name == link)?;
        let streams = |wanted: &dyn Fn(&Datastream) -> bool| {
            self.streams.iter().filter(|stream| wanted(stream)).map(|stream| stream.id.clone()).collect()
        };
        let ids: Vec<String> = match (kind, to) {
            (Kind::Observations, Kind::Datastreams) => vec![self.stream(id)?.id.clone()],
            (Kind::Datastreams, Kind::ObservedProperties) => vec![self.stream(id)?.stream.property.name().to_owned()],
            (Kind::Datastreams, _) => vec![self.stream(id)?.station.to_string()],
            (Kind::ObservedProperties, _) => streams(&|stream| stream.stream.property.name() == id),
            (_, Kind::Datastreams) => streams(&|stream| stream.station.to_string() == id),
            // A station's Location has the station's id.
            _ => self.all(to).into_iter().filter(|other| other == id).collect(),
        };
        self.all(kind).iter().any(|known| known == id).then_some(()).or((kind == Kind::Observations).then_some(()))?;
        Some((to, many, ids))
    }

    /// The address of an entity.
    pub(super) fn address(&self, kind: Kind, id: &str) -> String {
        format!("{}/v1.1/{}('{id}')", self.origin, kind.set())
    }

    /// An entity with its links, unless there is none of that id.
    pub(super) fn entity(&self, kind: Kind, id: &str) -> Option<Value> {
        let station = || self.stations.iter().find(|(known, _)| known.to_string() == id).map(|(_, settings)| settings);
        let said = |settings: &Settings| if settings.note.is_empty() { settings.name.clone() } else { settings.note.clone() };
        let body = match kind {
            Kind::Things => {
                let settings = station()?;
                json!({"name": settings.name, "description": said(settings), "properties": {"time_zone": settings.time_zone.name(), "elevation_m": settings.elevation_m}})
            }
            Kind::Locations => {
                let settings = station()?;
                let mut place = vec![settings.longitude?, settings.latitude?];
                place.extend(settings.elevation_m);
                json!({"name": settings.name, "description": said(settings), "encodingType": "application/geo+json", "location": {"type": "Point", "coordinates": place}})
            }
            Kind::Sensors => {
                let format = station()?.format.map_or("unknown", |format| format.name());
                json!({"name": format, "description": "the device, by the format it sends in", "encodingType": "text/plain", "metadata": format})
            }
            Kind::Datastreams => {
                let stream = self.stream(id)?;
                let property = stream.stream.property;
                json!({"name": stream.name, "description": stream.name, "observationType": MEASUREMENT,
                    "unitOfMeasurement": {"name": property.unit(), "symbol": property.unit(), "definition": UNITS}})
            }
            Kind::ObservedProperties => {
                let property = self.properties().into_iter().find(|property| property.name() == id)?;
                let words = property.name().replace('_', " ");
                json!({"name": property.name(), "description": words, "definition": format!("urn:messwerk:property:{}", property.name())})
            }
            Kind::Observations => return None,
        };
        Some(self.addressed(kind, id, body))
    }

    /// A body with its id, its address and its links.
    pub(super) fn addressed(&self, kind: Kind, id: &str, body: Value) -> Value {
        let own = self.address(kind, id);
        let mut whole = Map::new();
        whole.insert("@iot.id".to_owned(), id.into());
        for (name, ..) in kind.links() {
            whole.insert(format!("{name}@iot.navigationLink"), format!("{own}/{name}").into());
        }
        whole.insert("@iot.selfLink".to_owned(), own.into());
        if let Value::Object(body) = body {
            whole.extend(body);
        }
        Value::Object(whole)
    }

    /// A page of a set.
    pub(super) fn set(&self, kind: Kind, mut ids: Vec<String>, options: &Options, path: &str) -> Result<Response, Problem> {
        if options.ordered || (options.filter.is_some() && kind != Kind::Locations) {
            return Err(super::not_here(&format!("$orderby or $filter of {}", kind.set())));
        }
        if kind == Kind::Locations && options.filter.is_some() {
            let mut left = vec![];
            for id in ids {
                let place = self.stations.iter().find(|(known, _)| known.to_string() == id);
                let place = place.and_then(|(_, settings)| Some((settings.latitude?, settings.longitude?)));
                if let Some((latitude, longitude)) = place
                    && options.leaves(latitude, longitude)?
                {
                    left.push(id);
                }
            }
            ids = left;
        }
        let value = ids.iter().skip(options.skip).take(options.top).filter_map(|id| self.entity(kind, id)).collect();
        let more = ids.len() > options.skip.saturating_add(options.top);
        Ok(self.page(value, options, path, more, options.count.then_some(ids.len())))
    }

    /// A page with the link to the next.
    pub(super) fn page(&self, value: Vec<Value>, options: &Options, path: &str, more: bool, count: Option<usize>) -> Response {
        let mut body = Map::new();
        if let Some(count) = count {
            body.insert("@iot.count".to_owned(), count.into());
        }
        // With $top=0 only the count was asked for.
        if more && options.top > 0 {
            let next = format!("{}/v1.1/{path}?{}", self.origin, options.from(options.skip.saturating_add(options.top)));
            body.insert("@iot.nextLink".to_owned(), next.into());
        }
        body.insert("value".to_owned(), value.into());
        Json(Value::Object(body)).into_response()
    }
}
