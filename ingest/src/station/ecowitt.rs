//! Ecowitt's "customized" upload and Ambient Weather's custom server: Fine Offset's consoles under their two main names.
//!
//! Field names and units from captures of the consoles and from the public clients aioecowitt and weewx-interceptor: °F, inHg,
//! mph, inch, W/m², UTC. They are imperial whatever the display is set to.

use messwerk_lessons::quantity::ObservedProperty as P;

use super::query::{Rule, imperial, keep, several};
use super::{Message, Report, query};

pub(super) fn decode(message: &Message<'_>) -> Report {
    query::decode(&query::fields(message), message.received, rule)
}

fn rule(name: &str) -> Rule {
    match name {
        "dateutc" => Rule::Time,
        "PASSKEY" | "MAC" | "mac" | "ID" | "PASSWORD" => Rule::Identity,
        "tempf" => keep("", P::Temperature, "[degF]"),
        "humidity" => keep("", P::RelativeHumidity, "%RH"),
        "tempinf" => keep("indoor", P::Temperature, "[degF]"),
        "humidityin" => keep("indoor", P::RelativeHumidity, "%RH"),
        // The console is indoors, and so is its barometer; but the air's pressure is the same outside.
        "baromabsin" => keep("", P::Pressure, "[in_i'Hg]"),
        "baromrelin" => keep("", P::SeaLevelPressure, "[in_i'Hg]"),
        "uv" => keep("", P::UvIndex, "1"),
        // The WS90 feels drops instead of tipping a spoon.
        "rrain_piezo" => keep("piezo", P::RainRate, "[in_i]/h"),
        "yrain_piezo" => Rule::Rain("piezo", 4, "[in_i]"),
        "mrain_piezo" => Rule::Rain("piezo", 3, "[in_i]"),
        "wrain_piezo" => Rule::Rain("piezo", 2, "[in_i]"),
        "drain_piezo" => Rule::Rain("piezo", 1, "[in_i]"),
        "co2" => keep("co2", P::CarbonDioxide, "ppm"),
        "tf_co2" => keep("co2", P::Temperature, "[degF]"),
        "humi_co2" => keep("co2", P::RelativeHumidity, "%RH"),
        "pm25_co2" => keep("co2", P::Pm2_5, "ug/m3"),
        "pm10_co2" => keep("co2", P::Pm10, "ug/m3"),
        "co2in" => keep("indoor", P::CarbonDioxide, "ppm"),
        // Ambient's names.
        "pm25" => keep("", P::Pm2_5, "ug/m3"),
        "pm25_in" => keep("indoor", P::Pm2_5, "ug/m3"),
        _ => imperial(name).unwrap_or_else(|| of_channel(name)),
    }
}

/// Sensors that there may be several of.
fn of_channel(name: &str) -> Rule {
    let families = [
        ("temp", "f", "", P::Temperature, "[degF]"),
        ("humidity", "", "", P::RelativeHumidity, "%RH"),
        ("tf_ch", "", "probe", P::Temperature, "[degF]"),
        ("soilmoisture", "", "soil", P::SoilMoisture, "%"),
        ("soilhum", "", "soil", P::SoilMoisture, "%"),
        ("soiltemp", "f", "soil", P::Temperature, "[degF]"),
        ("pm25_ch", "", "air", P::Pm2_5, "ug/m3"),
    ];
    several(name, &families).unwrap_or_else(|| if is_not_kept(name) { Rule::NotKept } else { Rule::Unknown })
}

/// Batteries, extremes and sums of other periods, what is computed from the rest, and what the hub has no property for.
fn is_not_kept(name: &str) -> bool {
    const NAMES: [&str; 30] = [
        "stationtype",
        "model",
        "freq",
        "interval",
        "runtime",
        "heap",
        "eventrainin",
        "hourlyrainin",
        "last24hrainin",
        "maxdailygust",
        "winddir_avg10m",
        "windspdmph_avg10m",
        "windspdmph_avg2m",
        "winddir_avg2m",
        "windgustdir",
        "windchillf",
        "feelslikef",
        "heatindexf",
        "vpd",
        "srain_piezo",
        "erain_piezo",
        "hrain_piezo",
        "last24hrain_piezo",
        "lightning",
        "lightning_num",
        "lightning_time",
        "lightning_day",
        "co2_24h",
        "co2in_24h",
        "tz",
    ];
    let ends = ["batt", "_24h_co2", "_volt", "_24h"].iter().any(|end| name.ends_with(end));
    let starts = [
        "batt",
        "leafwetness",
        "leaf_batt",
        "soilbatt",
        "soilad",
        "soil_ec",
        "pm25_avg_24h",
        "pm25batt",
        "leak",
        "tf_batt",
        "ws90",
        "wh",
        "console",
    ];
    ends || NAMES.contains(&name) || starts.iter().any(|start| name.starts_with(start))
}
