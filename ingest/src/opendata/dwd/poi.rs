//! POI reports (`<wmo>-BEOB.csv`): hourly, three lines of header, decimal comma, `---` for missing, newest first.

use chrono::NaiveDateTime;
use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason;
use messwerk_lessons::unit::{symbol, to_canonical};

use super::super::{Feed, Refusal, Station, latin1, no_page};
use crate::station::number::{Value, text as value};
use crate::station::{Channel, NoteKind, Reading, Report, Sent};

/// The columns that are kept, by their English names.
fn rule(name: &str) -> Option<(&'static str, P)> {
    Some(match name {
        "cloud_cover_total" => ("", P::CloudCover),
        "dew_point_temperature_at_2_meter_above_ground" => ("", P::DewPoint),
        "dry_bulb_temperature_at_2_meter_above_ground" => ("", P::Temperature),
        "temperature_at_5_cm_above_ground" => ("5cm", P::Temperature),
        "global_radiation_last_hour" => ("", P::Irradiance),
        "diffuse_solar_radiation_last_hour" => ("diffuse", P::Irradiance),
        "horizontal_visibility" => ("", P::Visibility),
        "maximum_wind_speed_last_hour" => ("", P::WindGust),
        "mean_wind_direction_during_last_10 min_at_10_meters_above_ground" => ("", P::WindDirection),
        "mean_wind_speed_during last_10_min_at_10_meters_above_ground" => ("", P::WindSpeed),
        "precipitation_amount_last_hour" => ("", P::Precipitation),
        "pressure_reduced_to_mean_sea_level" => ("", P::SeaLevelPressure),
        "relative_humidity" => ("", P::RelativeHumidity),
        "total_time_of_sunshine_during_last_hour" => ("", P::Sunshine),
        _ => return None,
    })
}

/// Reads a POI report. Units are those of its second line; times are UTC and the ends of hours.
///
/// # Errors
/// A web page, or no such report.
pub fn poi(bytes: &[u8]) -> Result<Feed, Refusal> {
    no_page(bytes)?;
    let text = latin1(bytes);
    let mut lines = text.lines();
    let (names, units, german) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    if !names.starts_with("surface observations") || !german.starts_with("Datum;Uhrzeit (UTC)") {
        return Err(Refusal::Unknown("POI report of the DWD"));
    }
    let mut report = Report::default();
    let mut columns = Vec::new();
    // The first two columns are date and time.
    for (at, (name, unit)) in names.split(';').zip(units.split(';')).enumerate().skip(2) {
        let Some((channel, property)) = rule(name.trim()) else {
            report.note(NoteKind::NotKept, 1, name.split('_').next().unwrap_or_default());
            continue;
        };
        match symbol(unit).map(|unit| (to_canonical(&unit, property), unit)) {
            Some((Ok(Some(linear)), unit)) => columns.push((at, name, Channel::new(channel), property, linear, unit)),
            _ => report.rejects.add(RejectReason::UnknownUnit, 1, || format!("{}: not in {}", property.name(), crate::codec::shown(unit))),
        }
    }
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split(';').map(str::trim).collect();
        let stamp = cells.first().zip(cells.get(1)).map(|(date, time)| format!("{date} {time}"));
        let Some(time) = stamp.and_then(|stamp| NaiveDateTime::parse_from_str(&stamp, "%d.%m.%y %H:%M").ok()) else {
            report.rejects.add(RejectReason::Undecodable, 1, || "a row without a time".to_owned());
            continue;
        };
        for (at, name, channel, property, linear, unit) in &columns {
            match value(&cells.get(*at).copied().unwrap_or_default().replace(',', ".")) {
                Value::Number(number) => report.readings.push(Reading {
                    channel: channel.clone(),
                    property: *property,
                    time: Some(time.and_utc().timestamp_micros()),
                    value: linear.of(number),
                    sent: Sent { field: (*name).to_owned(), unit: unit.clone() },
                }),
                Value::Missing => report.rejects.add(RejectReason::NoValue, 1, || format!("{}: missing (---)", property.name())),
                Value::NoNumber => report.rejects.add(RejectReason::NotFinite, 1, || format!("{}: no number", property.name())),
            }
        }
    }
    let id = units.split(';').next().unwrap_or_default().trim().to_owned();
    Ok(Feed { report, interval: Some(3_600_000_000), station: Some(Station { id, ..Station::default() }) })
}
