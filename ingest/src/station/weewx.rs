//! WeeWX with its MQTT extension: `weather/loop` with an object, `weather/<name>` with single values. All values are texts, and units
//! are in the names (`outTemp_C`, `rain_cm`), by WeeWX' list of units (its customization guide, "Units").
//!
//! Where names of a message carry units, one without has none (the extension leaves it as the driver gave it: `inDewpoint` is °F in
//! a message that is metric otherwise) and is a Reject. Where none does, all follow `usUnits`: 1 US, 16 METRIC (cm of rain, km/h), 17
//! METRICWX (mm, m/s).

use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;

use super::collect::{Collector, Place};
use super::json::{Flat, Scalar, leaves};
use super::number::{self, Value};
use super::{Message, Report, time};

/// Suffixes of names and the units they mean, the longer first.
const SUFFIXES: [(&str, &str); 27] = [
    ("_microgram_per_meter_cubed", "ug/m3"),
    ("_cm_per_hour", "cm/h"),
    ("_mm_per_hour", "mm/h"),
    ("_inch_per_hour", "[in_i]/h"),
    ("_in_per_hour", "[in_i]/h"),
    ("_meter", "m"),
    ("_foot", "[ft_i]"),
    ("_mile", "[mi_i]"),
    ("_inHg", "[in_i'Hg]"),
    ("_mmHg", "mm[Hg]"),
    ("_mbar", "mbar"),
    ("_hPa", "hPa"),
    ("_kPa", "kPa"),
    ("_Wpm2", "W/m2"),
    ("_knot", "[kn_i]"),
    ("_kph", "km/h"),
    ("_mph", "[mi_i]/h"),
    ("_mps", "m/s"),
    ("_inch", "[in_i]"),
    ("_in", "[in_i]"),
    ("_mm", "mm"),
    ("_cm", "cm"),
    ("_km", "km"),
    ("_lux", "lx"),
    ("_ppm", "ppm"),
    ("_F", "[degF]"),
    ("_C", "Cel"),
];

pub(super) fn decode(message: &Message<'_>) -> Report {
    let name = message.topic.rsplit('/').next().unwrap_or_default();
    if message.body.trim_ascii_start().first() == Some(&b'{') {
        return match leaves(message.body) {
            Ok(flat) => object(&flat, message),
            Err(report) => *report,
        };
    }
    let Ok(text) = std::str::from_utf8(message.body) else { return Report::reject(RejectReason::Undecodable, "neither JSON nor a text") };
    let value = number::text(text);
    if value == Value::NoNumber {
        return Report::reject(RejectReason::Undecodable, "neither JSON nor a number");
    }
    let mut collector = Collector::new(message.received);
    field(name, value, Units { suffixed: true, system: None }, false, &mut collector);
    collector.finish()
}

/// How names without a unit are read.
#[derive(Clone, Copy)]
struct Units {
    /// Whether names of this message carry units.
    suffixed: bool,
    /// `usUnits`.
    system: Option<f64>,
}

fn object(flat: &Flat, message: &Message<'_>) -> Report {
    let mut collector = Collector::new(message.received);
    let number_of = |name: &str| match flat.get(name).map(Scalar::value) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    };
    if let Some(stamp) = flat.get("dateTime") {
        let Some(time) = number_of("dateTime").and_then(time::epoch) else {
            let _ = stamp;
            collector.reject(RejectReason::TimeOutOfRange, || "dateTime is no time".to_owned());
            return collector.finish();
        };
        if !collector.at(Some(time)) {
            return collector.finish();
        }
    }
    let suffixed = flat.leaves.iter().any(|(name, _)| split(name).1.is_some());
    let units = Units { suffixed, system: number_of("usUnits") };
    let longest =
        ["yearRain", "monthRain", "dayRain"].into_iter().find(|counter| flat.leaves.iter().any(|(name, _)| split(name).0 == *counter));
    for (name, value) in &flat.leaves {
        let counter = longest.is_some_and(|longest| split(name).0 == longest);
        field(name, value.value(), units, counter, &mut collector);
    }
    collector.finish()
}

/// A name without its unit, and the unit.
fn split(name: &str) -> (&str, Option<&'static str>) {
    let found = SUFFIXES.iter().find_map(|(suffix, unit)| Some((name.strip_suffix(suffix)?, Some(*unit))));
    found.unwrap_or((name, None))
}

fn field(name: &str, value: Value, units: Units, counter: bool, collector: &mut Collector) {
    let (bare, unit) = split(name);
    let (channel, property) = match bare {
        "dateTime" | "usUnits" => return,
        "outTemp" => ("", P::Temperature),
        "outHumidity" => ("", P::RelativeHumidity),
        "inTemp" => ("indoor", P::Temperature),
        "inHumidity" => ("indoor", P::RelativeHumidity),
        "dewpoint" => ("", P::DewPoint),
        "inDewpoint" => ("indoor", P::DewPoint),
        "pressure" => ("", P::Pressure),
        "barometer" => ("", P::SeaLevelPressure),
        "windSpeed" => ("", P::WindSpeed),
        "windGust" => ("", P::WindGust),
        "windDir" => ("", P::WindDirection),
        "rain" => ("", P::Precipitation),
        "rainRate" => ("", P::RainRate),
        "yearRain" | "monthRain" | "dayRain" if counter => ("", P::RainTotal),
        "radiation" => ("", P::Irradiance),
        "UV" => ("", P::UvIndex),
        "illuminance" => ("", P::Illuminance),
        "co2" => ("", P::CarbonDioxide),
        "pm2_5" => ("", P::Pm2_5),
        "pm10_0" => ("", P::Pm10),
        "cloudcover" => ("", P::CloudCover),
        "visibility" => ("", P::Visibility),
        _ => match numbered(bare) {
            Some((channel, property)) => return put(&channel, property, (name, unit), value, units, collector),
            None if is_known(bare) => return collector.not_kept(name),
            None => return collector.unknown(name),
        },
    };
    put(channel, property, (name, unit), value, units, collector);
}

fn put(channel: &str, property: P, (name, unit): (&str, Option<&str>), value: Value, units: Units, collector: &mut Collector) {
    let unit = unit.or_else(|| match property {
        P::RelativeHumidity
        | P::WindDirection
        | P::UvIndex
        | P::CarbonDioxide
        | P::Pm2_5
        | P::Pm10
        | P::CloudCover
        | P::Irradiance
        | P::Illuminance => Some(property.unit()),
        _ if units.suffixed => None,
        _ => of_system(property, units.system?),
    });
    match unit {
        Some(unit) => collector.put(Place { channel, property, unit }, name, value),
        None => collector.reject(RejectReason::UnknownUnit, || format!("{}: comes without its unit", crate::codec::shown(name))),
    }
}

/// The unit of a property in one of WeeWX' three systems.
fn of_system(property: P, system: f64) -> Option<&'static str> {
    let [us, metric, metric_wx] = match property {
        P::Temperature | P::DewPoint => ["[degF]", "Cel", "Cel"],
        P::Pressure | P::SeaLevelPressure => ["[in_i'Hg]", "mbar", "mbar"],
        P::WindSpeed | P::WindGust => ["[mi_i]/h", "km/h", "m/s"],
        P::Precipitation | P::RainTotal => ["[in_i]", "cm", "mm"],
        P::RainRate => ["[in_i]/h", "cm/h", "mm/h"],
        P::Visibility => ["[mi_i]", "km", "km"],
        _ => return None,
    };
    match system {
        1.0 => Some(us),
        16.0 => Some(metric),
        17.0 => Some(metric_wx),
        _ => None,
    }
}

/// Sensors that there may be several of.
fn numbered(name: &str) -> Option<(String, P)> {
    let families = [
        ("extraTemp", "", P::Temperature),
        ("extraHumid", "", P::RelativeHumidity),
        ("soilTemp", "soil", P::Temperature),
        ("leafTemp", "leaf", P::Temperature),
    ];
    families.into_iter().find_map(|(before, channel, property)| {
        let number =
            name.strip_prefix(before).filter(|digits| matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        Some((format!("{channel}{number}"), property))
    })
}

/// Sums and extremes of other periods, what can be computed, batteries and alarms; soil moisture of Davis' probes is in centibar of
/// suction and no share of water.
fn is_known(name: &str) -> bool {
    const NAMES: [&str; 24] = [
        "altimeter",
        "appTemp",
        "heatindex",
        "windchill",
        "humidex",
        "windGustDir",
        "windrun",
        "windSpeed10",
        "cloudbase",
        "hourRain",
        "rain24",
        "stormRain",
        "dayRain",
        "monthRain",
        "yearRain",
        "interval_minute",
        "interval",
        "sunrise",
        "sunset",
        "rxCheckPercent",
        "windvec",
        "maxSolarRad",
        "beaufort",
        "sunshineDur",
    ];
    let parts = [
        "Alarm",
        "Battery",
        "Voltage",
        "high",
        "low",
        "ET",
        "soilMoist",
        "leafWet",
        "forecast",
        "trend",
        "signal",
        "Status",
        "snow",
        "hail",
        "lightning",
    ];
    NAMES.contains(&name) || parts.iter().any(|part| name.contains(part))
}
