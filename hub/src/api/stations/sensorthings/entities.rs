//! The public stations as entities of SensorThings, with their links (OGC 18-088, "The SensorThings API Sensing Entities").

use std::collections::HashMap;

use messwerk_lessons::Micros;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;
use serde_json::{Map, Value, json};

pub(super) use self::kind::Kind;
use crate::api::problem::Problem;
use crate::api::stations::series::read::Stream;
use crate::state::Hub;
use crate::station::settings::Settings;

mod kind;

/// What a single scalar reading is called (OGC Observations and Measurements).
const MEASUREMENT: &str = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement";
/// Where the symbols of units are registered.
const UNITS: &str = "https://www.iana.org/assignments/senml/senml.xhtml#senml-units";

/// A property of a channel of a public station.
#[derive(Debug, Clone)]
pub(super) struct Datastream {
    pub(super) id: String,
    pub(super) stream: Stream,
    /// When its newest reading was, what it was, and how many there are.
    pub(super) latest: Micros,
    pub(super) value: f32,
    pub(super) count: u64,
    /// Which of the stations.
    pub(super) station: usize,
    name: String,
}

/// A public station.
#[derive(Debug)]
struct Station {
    id: String,
    settings: Settings,
}

/// The public stations at one moment.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) origin: String,
    stations: Vec<Station>,
    by_id: HashMap<String, usize>,
    /// Station by station.
    pub(super) streams: Vec<Datastream>,
    by_stream: HashMap<String, usize>,
}

impl World {
    pub(super) fn of(hub: &Hub, origin: &str) -> Result<Self, Problem> {
        let mut world = Self { origin: origin.to_owned(), ..Self::default() };
        for station in hub.store.catalogue().stations()? {
            if let Some(settings) = Settings::read(&station.settings).filter(|settings| settings.public) {
                world.add(hub, station.log, settings)?;
            }
        }
        Ok(world)
    }

    fn add(&mut self, hub: &Hub, log: LessonId, settings: Settings) -> Result<(), Problem> {
        let channels = hub.store.catalogue().station_channels(log)?;
        let mut latest = hub.store.latest(log);
        latest.sort_by_key(|last| (last.thing, last.property));
        for last in latest {
            let channel = channels.iter().find(|(_, thing)| *thing == last.thing).map_or("", |(name, _)| name);
            let name = [settings.name.as_str(), channel, last.property.name()].into_iter().filter(|part| !part.is_empty());
            let stream = Datastream {
                id: format!("{}.{}", last.thing, last.property.name()),
                stream: Stream { log, thing: last.thing, property: last.property },
                latest: last.time,
                value: last.value[0],
                count: hub.store.count(log, last.thing, last.property),
                station: self.stations.len(),
                name: name.collect::<Vec<_>>().join(" "),
            };
            self.by_stream.insert(stream.id.clone(), self.streams.len());
            self.streams.push(stream);
        }
        let id = log.to_string();
        self.by_id.insert(id.clone(), self.stations.len());
        self.stations.push(Station { id, settings });
        Ok(())
    }

    /// The number of a Datastream.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        self.by_stream.get(id).copied()
    }

    pub(super) fn stream(&self, id: &str) -> Option<&Datastream> {
        self.streams.get(self.number(id)?)
    }

    fn station(&self, id: &str) -> Option<&Station> {
        self.stations.get(*self.by_id.get(id)?)
    }

    /// Numbers of the Datastreams of a station.
    pub(super) fn of_station(&self, id: &str) -> Vec<usize> {
        let wanted = self.by_id.get(id).copied();
        (0..self.streams.len()).filter(|number| self.streams.get(*number).map(|stream| stream.station) == wanted).collect()
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
            Kind::Things | Kind::Sensors => stations().map(|station| station.id.clone()).collect(),
            Kind::Locations | Kind::FeaturesOfInterest => {
                stations().filter(|station| place(&station.settings).is_some()).map(|station| station.id.clone()).collect()
            }
            Kind::Datastreams => self.streams.iter().map(|stream| stream.id.clone()).collect(),
            Kind::ObservedProperties => self.properties().iter().map(|property| property.name().to_owned()).collect(),
            // Where a station stood before is nowhere kept.
            Kind::HistoricalLocations | Kind::Observations => vec![],
        }
    }

    /// The ids that a link of an entity leads to; of Observations none, for they are looked for where they are stored.
    pub(super) fn linked(&self, kind: Kind, id: &str, to: Kind) -> Vec<String> {
        let of_station = |id: &str| match to {
            Kind::Datastreams => self.of_station(id).iter().filter_map(|number| Some(self.streams.get(*number)?.id.clone())).collect(),
            // A station's Location, Sensor and FeatureOfInterest have the station's id.
            to => self.has(to, id).then(|| id.to_owned()).into_iter().collect(),
        };
        match (kind, to) {
            (_, Kind::Observations | Kind::HistoricalLocations) => vec![],
            (Kind::Observations, to) => {
                let stream = id.rsplit_once('.').and_then(|(stream, _)| self.stream(stream));
                let of = |stream: &Datastream| match to {
                    Kind::Datastreams => vec![stream.id.clone()],
                    _ => self.stations.get(stream.station).map(|station| of_station(&station.id)).unwrap_or_default(),
                };
                stream.map(of).unwrap_or_default()
            }
            (Kind::Datastreams, to) => {
                let of = |stream: &Datastream| match to {
                    Kind::ObservedProperties => vec![stream.stream.property.name().to_owned()],
                    _ => self.stations.get(stream.station).map(|station| of_station(&station.id)).unwrap_or_default(),
                };
                self.stream(id).map(of).unwrap_or_default()
            }
            (Kind::ObservedProperties, _) => {
                let of = self.streams.iter().filter(|stream| stream.stream.property.name() == id);
                of.map(|stream| stream.id.clone()).collect()
            }
            _ => of_station(id),
        }
    }

    /// Whether there is an entity of that id.
    pub(super) fn has(&self, kind: Kind, id: &str) -> bool {
        match kind {
            Kind::Things | Kind::Sensors => self.by_id.contains_key(id),
            Kind::Locations | Kind::FeaturesOfInterest => self.station(id).and_then(|station| place(&station.settings)).is_some(),
            Kind::Datastreams => self.by_stream.contains_key(id),
            Kind::ObservedProperties => self.streams.iter().any(|stream| stream.stream.property.name() == id),
            Kind::HistoricalLocations | Kind::Observations => false,
        }
    }

    /// The address of an entity.
    pub(super) fn address(&self, kind: Kind, id: &str) -> String {
        format!("{}/v1.1/{}('{id}')", self.origin, kind.set())
    }

    /// An entity with its links, unless there is none of that id.
    pub(super) fn entity(&self, kind: Kind, id: &str) -> Option<Map<String, Value>> {
        let said = |settings: &Settings| if settings.note.is_empty() { settings.name.clone() } else { settings.note.clone() };
        let body = match kind {
            Kind::Things => {
                let settings = &self.station(id)?.settings;
                json!({"name": settings.name, "description": said(settings), "properties": {"time_zone": settings.time_zone.name(), "elevation_m": settings.elevation_m}})
            }
            Kind::Locations => {
                let settings = &self.station(id)?.settings;
                json!({"name": settings.name, "description": said(settings), "encodingType": "application/geo+json", "location": place(settings)?})
            }
            Kind::FeaturesOfInterest => {
                let settings = &self.station(id)?.settings;
                json!({"name": settings.name, "description": said(settings), "encodingType": "application/geo+json", "feature": place(settings)?})
            }
            Kind::Sensors => {
                let format = self.station(id)?.settings.format.map_or("unknown", |format| format.name());
                json!({"name": format, "description": "the device, by the format it sends in", "encodingType": "text/plain", "metadata": format})
            }
            Kind::Datastreams => {
                let stream = self.stream(id)?;
                let property = stream.stream.property;
                let mut body = json!({"name": stream.name, "description": stream.name, "observationType": MEASUREMENT,
                    "unitOfMeasurement": {"name": property.unit(), "symbol": property.unit(), "definition": UNITS}});
                // A layer of Datastreams is drawn where their stations stand.
                let area = self.stations.get(stream.station).and_then(|station| place(&station.settings));
                if let (Some(area), Some(body)) = (area, body.as_object_mut()) {
                    body.insert("observedArea".to_owned(), area);
                }
                body
            }
            Kind::ObservedProperties => {
                let property = self.streams.iter().map(|stream| stream.stream.property).find(|property| property.name() == id)?;
                let words = property.name().replace('_', " ");
                json!({"name": property.name(), "description": words, "definition": format!("urn:messwerk:property:{}", property.name())})
            }
            Kind::HistoricalLocations | Kind::Observations => return None,
        };
        Some(self.addressed(kind, id, body))
    }

    /// A body with its id, its address and its links ("Common Control Information" of 18-088).
    pub(super) fn addressed(&self, kind: Kind, id: &str, body: Value) -> Map<String, Value> {
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
        whole
    }
}

/// Where a station stands as a point of GeoJSON: longitude, latitude, height in m.
fn place(settings: &Settings) -> Option<Value> {
    let mut place = vec![settings.longitude?, settings.latitude?];
    place.extend(settings.elevation_m);
    Some(json!({"type": "Point", "coordinates": place}))
}
