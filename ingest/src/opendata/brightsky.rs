//! Bright Sky (its API documentation, `units=dwd`): `/current_weather` with one object, `/weather` with a list of hours.
//!
//! `/weather` is of the hour before each timestamp (`precipitation`, `sunshine`, `solar`). `/current_weather` names periods in minutes
//! (`solar_30`, `precipitation_10`), of which the shortest there is of each is kept; every value may be null.

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;

use super::{Feed, Refusal, Station, Stay, no_page};
use crate::station::collect::{Collector, Place};
use crate::station::json::{Flat, flatten};
use crate::station::number::Value;
use crate::station::time;

/// Reads an answer of Bright Sky. Pressure is that at sea level; wind is in km/h, sunshine in minutes, solar energy in kWh/m² and stored as
/// the mean irradiance of its period. Its first source, which is the nearest, is the station.
///
/// # Errors
/// A web page, or an answer without `weather`.
pub fn brightsky(bytes: &[u8], received: Micros) -> Result<Feed, Refusal> {
    no_page(bytes)?;
    let flat = flatten(bytes).map_err(|_| Refusal::Unknown("answer of Bright Sky"))?;
    if !flat.leaves.iter().any(|(path, _)| path.starts_with("weather.")) {
        return Err(Refusal::Unknown("answer of Bright Sky"));
    }
    let mut collector = Collector::of_file(received);
    collector.reject_many(RejectReason::TooLarge, flat.left, || "more values than one answer may have: ask for fewer days".to_owned());
    let hourly = flat.get("weather.0.timestamp").is_some();
    let mut entry = String::new();
    let mut usable = false;
    for (path, value) in &flat.leaves {
        let Some(rest) = path.strip_prefix("weather.") else { continue };
        let (prefix, field) = match rest.split_once('.') {
            Some((index, field)) if hourly => (format!("weather.{index}."), field),
            _ => ("weather.".to_owned(), rest),
        };
        if prefix != entry {
            entry.clone_from(&prefix);
            let stamp = flat.text(&format!("{prefix}timestamp")).and_then(|stamp| time::with_offset(&stamp));
            usable = stamp.is_some() && collector.at(stamp);
            if stamp.is_none() {
                collector.reject(RejectReason::MissingTime, || "an hour without a timestamp".to_owned());
            }
        }
        if usable {
            put(&flat, &prefix, field, hourly, value.value(), &mut collector);
        }
    }
    Ok(Feed { report: collector.finish(), interval: hourly.then_some(3_600_000_000), station: source(&flat) })
}

/// The nearest of the stations that its values are of.
fn source(flat: &Flat) -> Option<Station> {
    let text = |name: &str| flat.text(&format!("sources.0.{name}")).map(|text| text.into_owned()).unwrap_or_default();
    let number = |name: &str| text(name).parse::<f64>().ok().filter(|number| number.is_finite());
    let (latitude, longitude) = (number("lat")?, number("lon")?);
    let stay = Stay { from: None, until: None, latitude, longitude, height: number("height").unwrap_or(f64::NAN) };
    Some(Station { id: text("dwd_station_id"), name: text("station_name"), state: String::new(), stays: vec![stay] })
}

fn put(flat: &Flat, prefix: &str, field: &str, hourly: bool, value: Value, collector: &mut Collector) {
    let (name, minutes) = match field.rsplit_once('_').and_then(|(name, minutes)| Some((name, minutes.parse::<u32>().ok()?))) {
        Some((name, minutes @ (10 | 30 | 60))) => (name, minutes),
        _ => (field, if hourly { 60 } else { 0 }),
    };
    let shorter = [10, 30, 60].into_iter().filter(|other| *other < minutes);
    if !hourly
        && shorter
            .clone()
            .any(|other| matches!(flat.get(&format!("{prefix}{name}_{other}")).map(|value| value.value()), Some(Value::Number(_))))
    {
        return collector.not_kept(field);
    }
    let (property, unit, value) = match name {
        "temperature" => (P::Temperature, "Cel", value),
        "dew_point" => (P::DewPoint, "Cel", value),
        "relative_humidity" => (P::RelativeHumidity, "%RH", value),
        "pressure_msl" => (P::SeaLevelPressure, "hPa", value),
        "cloud_cover" => (P::CloudCover, "%", value),
        "visibility" => (P::Visibility, "m", value),
        "wind_speed" => (P::WindSpeed, "km/h", value),
        "wind_gust_speed" => (P::WindGust, "km/h", value),
        "wind_direction" => (P::WindDirection, "deg", value),
        "precipitation" => (P::Precipitation, "mm", value),
        "sunshine" => (P::Sunshine, "min", value),
        // 1 kWh/m² is 3.6 MJ/m², spread over the seconds of the period.
        "solar" if minutes > 0 => match value {
            Value::Number(energy) => (P::Irradiance, "W/m2", Value::Number(energy * 3.6e6 / (f64::from(minutes) * 60.0))),
            other => (P::Irradiance, "W/m2", other),
        },
        "timestamp" => return,
        _ => return collector.not_kept(field),
    };
    collector.put(Place { channel: "", property, unit }, field, value);
}
