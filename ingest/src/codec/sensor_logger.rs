//! Sensor Logger's pushes: a list of readings, each with a name and UTC in nanoseconds.
//!
//! Names and units by the app's own documentation: `accelerometer` is *without* gravity, `totalacceleration` with it;
//! both in m/s², `gyroscope` in rad/s, `magnetometer` in µT, `barometer` in mbar, `light` in lx, `microphone` in dB of full
//! scale. `accelerometeruncalibrated` is in g on an iPhone and in m/s² elsewhere and does not say which: it is rejected,
//! not guessed. With "Standardise Units & Frames" off, iPhones turn the signs of accelerations; that cannot be seen here
//! either and is left as sent. The envelope's identifiers (`deviceId`, `sessionId`) are skipped unread: the app cannot
//! leave them out, so a Reject would tell nobody anything.

use std::borrow::Cow;
use std::fmt;

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::json::{Cell, Text, complaint};
use super::rejects::shown;
use super::{Clock, Decoded, Record, Rejects, Times};

/// Names whose values tell where somebody is, who is near, or how somebody feels.
const PRIVATE: [&str; 13] = [
    "location",
    "locationgps",
    "locationnetwork",
    "network",
    "wifi",
    "bluetooth",
    "camera",
    "annotation",
    "pedometer",
    "activity",
    "heartrate",
    "wristmotion",
    "headphone",
];

pub(super) fn decode(payload: &[u8]) -> Decoded {
    let push: Push<'_> = match serde_json::from_slice(payload) {
        Ok(push) => push,
        Err(error) => return Decoded::reject(RejectReason::Undecodable, complaint(&error)),
    };
    let mut decoded = Decoded { clock: Clock::Utc, ..Decoded::default() };
    for entry in push.payload {
        add(&mut decoded, &entry);
    }
    decoded
}

fn add(decoded: &mut Decoded, entry: &Entry<'_>) {
    let rejects = &mut decoded.rejects;
    let property = match property(&entry.name, rejects) {
        Some(property) => property,
        None => return,
    };
    rejects.add(RejectReason::UnknownColumn, entry.values.unknown, || format!("{} has values the hub does not store", shown(&entry.name)));
    let Some(time) = entry.time else {
        return rejects.add(RejectReason::MissingTime, 1, || format!("{} without time in nanoseconds", shown(&entry.name)));
    };
    let values = if property.is_vector() { entry.values.axes } else { [entry.values.scalar, None, None] };
    let mut row = [0.0; 3];
    for (cell, value) in row.iter_mut().zip(values).take(property.components()) {
        match value {
            Some(value) => *cell = value,
            None => return rejects.add(RejectReason::MissingComponent, 1, || format!("{} lacks one of its values", shown(&entry.name))),
        }
    }
    let at = decoded.records.iter().position(|record| record.property == property).unwrap_or_else(|| {
        decoded.records.push(Record { property, times: Times::Micros(Vec::new()), values: Default::default(), key: None });
        decoded.records.len() - 1
    });
    let record = &mut decoded.records[at];
    if let Times::Micros(times) = &mut record.times {
        times.push(time);
    }
    for (column, value) in record.values.iter_mut().zip(row).take(property.components()) {
        column.push(value as f32);
    }
}

/// The property of a reading's name, or its Reject.
fn property(name: &str, rejects: &mut Rejects) -> Option<P> {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "accelerometer" => Some(P::LinearAcceleration),
        "totalacceleration" => Some(P::Acceleration),
        "gyroscope" => Some(P::AngularVelocity),
        "magnetometer" => Some(P::MagneticFluxDensity),
        "barometer" => Some(P::Pressure),
        "light" => Some(P::Illuminance),
        "microphone" => Some(P::SoundLevel),
        "accelerometeruncalibrated" => {
            rejects.add(RejectReason::UnknownUnit, 1, || {
                "accelerometeruncalibrated is in g or m/s2 depending on the phone: record Total Acceleration instead".to_owned()
            });
            None
        }
        name if PRIVATE.contains(&name) => {
            rejects.add(RejectReason::Private, 1, || format!("{name} was dropped: switch it off in Sensor Logger"));
            None
        }
        _ => {
            rejects.add(RejectReason::UnknownColumn, 1, || format!("the hub does not store {}", shown(name)));
            None
        }
    }
}

#[derive(Deserialize)]
struct Push<'a> {
    #[serde(borrow)]
    payload: Vec<Entry<'a>>,
}

/// One reading. The documentation shows the values inside the entry, the app sends them in `values`: both are read.
#[derive(Default)]
struct Entry<'a> {
    name: Cow<'a, str>,
    time: Option<Micros>,
    values: Values,
}

#[derive(Default, Clone, Copy)]
struct Values {
    axes: [Option<f64>; 3],
    scalar: Option<f64>,
    unknown: usize,
}

impl Values {
    /// Takes one value by its key.
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "x" => self.axes[0] = Some(map.next_value::<Cell>()?.0),
            "y" => self.axes[1] = Some(map.next_value::<Cell>()?.0),
            "z" => self.axes[2] = Some(map.next_value::<Cell>()?.0),
            "pressure" | "lux" | "dBFS" => self.scalar = Some(map.next_value::<Cell>()?.0),
            // How sure the phone is of its calibration, 0 to 3: says nothing a reading could carry.
            "accuracy" => drop(map.next_value::<IgnoredAny>()?),
            _ => {
                map.next_value::<IgnoredAny>()?;
                self.unknown += 1;
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Values;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the values of a reading")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
                let mut values = Values::default();
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    values.read(&key.0, &mut map)?;
                }
                Ok(values)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Entry<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Entry<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a reading")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry<'de>, A::Error> {
                let mut entry = Entry::default();
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    match &*key.0 {
                        "name" => entry.name = map.next_value::<Text<'de>>()?.0,
                        "time" => entry.time = map.next_value::<Nanoseconds>()?.0,
                        "values" => entry.values = map.next_value()?,
                        key => entry.values.read(key, &mut map)?,
                    }
                }
                Ok(entry)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// Nanoseconds as an integer or, as in the app's files, as its text, rounded once to microseconds. A float cannot hold
/// them (2^53 ns are 104 days), so a float is no time.
struct Nanoseconds(Option<Micros>);

impl<'de> Deserialize<'de> for Nanoseconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Nanoseconds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("nanoseconds")
            }
            fn visit_i64<E>(self, ns: i64) -> Result<Nanoseconds, E> {
                Ok(Nanoseconds(Some(ns.saturating_add(500).div_euclid(1000))))
            }
            fn visit_u64<E: serde::de::Error>(self, ns: u64) -> Result<Nanoseconds, E> {
                i64::try_from(ns).map_or(Ok(Nanoseconds(None)), |ns| self.visit_i64(ns))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Nanoseconds, E> {
                Ok(Nanoseconds(None))
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Nanoseconds, E> {
                text.parse().map_or(Ok(Nanoseconds(None)), |ns| self.visit_i64(ns))
            }
            fn visit_unit<E>(self) -> Result<Nanoseconds, E> {
                Ok(Nanoseconds(None))
            }
        }
        deserializer.deserialize_any(Number)
    }
}
