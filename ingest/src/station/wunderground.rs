//! Weather Underground's upload protocol (PWS Upload Protocol), as its own devices, AcuRite's hub and the metric HP1001 speak it.
//!
//! Units by the protocol: °F, mph, inch, inHg, W/m², UTC or `now`. The HP1001 and some "Weather logger" firmwares use names without
//! a unit and metric values: °C, km/h, mm, hPa, lx (the public driver weewx-interceptor takes them so; their UV is a raw irradiance
//! and no index, and not kept).

use std::borrow::Cow;

use messwerk_lessons::quantity::ObservedProperty as P;

use super::query::{Rule, imperial, keep, several};
use super::{Message, Report, query};

/// Firmwares whose `baromin` is the station's pressure and not that at sea level (weewx-interceptor).
const STATION_PRESSURE: [&str; 2] = ["WH2600GEN_V2.2.5", "WH2650A_V1.2.1"];

pub(super) fn decode(message: &Message<'_>) -> Report {
    let fields = query::fields(message);
    let value = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_ref());
    let metric = value("tempf").is_none() && value("outtemp").is_some();
    let at_station = value("softwaretype").is_some_and(|firmware| STATION_PRESSURE.contains(&firmware));
    // AcuRite's hub sends one request for each of its sensors. The 5-in-1 is the station; its two messages (x31, x38) are of one.
    let channel: Cow<'static, str> = match value("mt") {
        Some(kind) if !kind.starts_with("5N1") => format!("{kind} {}", value("sensor").unwrap_or_default()).into(),
        _ => "".into(),
    };
    query::decode(&fields, message.received, |name| match name {
        "UV" if metric => Rule::NotKept,
        "baromin" if at_station => keep("", P::Pressure, "[in_i'Hg]"),
        "tempf" => Rule::Keep(channel.clone(), P::Temperature, "[degF]"),
        "humidity" => Rule::Keep(channel.clone(), P::RelativeHumidity, "%RH"),
        name => rule(name),
    })
}

fn rule(name: &str) -> Rule {
    match name {
        "dateutc" => Rule::Time,
        "ID" | "PASSWORD" | "PASSKEY" | "id" | "mac" | "MAC" => Rule::Identity,
        "baromin" => keep("", P::SeaLevelPressure, "[in_i'Hg]"),
        "absbaromin" => keep("", P::Pressure, "[in_i'Hg]"),
        "UV" => keep("", P::UvIndex, "1"),
        "visibility" => keep("", P::Visibility, "[nmi_i]"),
        "indoortempf" => keep("indoor", P::Temperature, "[degF]"),
        "indoorhumidity" => keep("indoor", P::RelativeHumidity, "%RH"),
        "AqPM2.5" => keep("", P::Pm2_5, "ug/m3"),
        "AqPM10" => keep("", P::Pm10, "ug/m3"),
        "soiltempf" => keep("soil1", P::Temperature, "[degF]"),
        "soilmoisture" => keep("soil1", P::SoilMoisture, "%"),
        _ => imperial(name).unwrap_or_else(|| metric(name)),
    }
}

/// Names of the metric firmwares.
fn metric(name: &str) -> Rule {
    match name {
        "outtemp" => keep("", P::Temperature, "Cel"),
        "outhumi" => keep("", P::RelativeHumidity, "%RH"),
        "intemp" => keep("indoor", P::Temperature, "Cel"),
        "inhumi" => keep("indoor", P::RelativeHumidity, "%RH"),
        "dewpoint" => keep("", P::DewPoint, "Cel"),
        "windspeed" => keep("", P::WindSpeed, "km/h"),
        "windgust" => keep("", P::WindGust, "km/h"),
        "absbaro" => keep("", P::Pressure, "hPa"),
        "relbaro" => keep("", P::SeaLevelPressure, "hPa"),
        "light" => keep("", P::Illuminance, "lx"),
        "rainrate" => keep("", P::RainRate, "mm/h"),
        "yearlyrain" => Rule::Rain("", 4, "mm"),
        "monthlyrain" => Rule::Rain("", 3, "mm"),
        "weeklyrain" => Rule::Rain("", 2, "mm"),
        "dailyrain" => Rule::Rain("", 1, "mm"),
        _ => of_channel(name),
    }
}

/// Extra sensors, which the protocol numbers from 2.
fn of_channel(name: &str) -> Rule {
    let families = [
        ("temp", "f", "", P::Temperature, "[degF]"),
        ("humidity", "", "", P::RelativeHumidity, "%RH"),
        ("soiltemp", "f", "soil", P::Temperature, "[degF]"),
        ("soilmoisture", "", "soil", P::SoilMoisture, "%"),
    ];
    several(name, &families).unwrap_or_else(|| if is_not_kept(name) { Rule::NotKept } else { Rule::Unknown })
}

/// Flags of the upload, extremes and means of other periods, and what can be computed. `rainin` is the past hour's amount again with
/// every request (or, by firmware, a rate): summed up it would count a shower many times, so the counters are kept instead.
fn is_not_kept(name: &str) -> bool {
    const NAMES: [&str; 25] = [
        "action",
        "realtime",
        "rtfreq",
        "softwaretype",
        "mt",
        "sensor",
        "battery",
        "rssi",
        "lowbatt",
        "rainin",
        "eventrainin",
        "hourlyrainin",
        "windchillf",
        "windchill",
        "heatindexf",
        "windgustdir",
        "windspdmph_avg2m",
        "winddir_avg2m",
        "windgustmph_10m",
        "windgustdir_10m",
        "weather",
        "clouds",
        "maxdailygust",
        "leafwetness",
        "leafwetness2",
    ];
    NAMES.contains(&name) || name.starts_with("Aq") || name.ends_with("batt")
}
