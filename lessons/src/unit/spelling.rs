//! Units as devices and services spell them.

use super::Unit;

/// The symbol of a unit as it is spelled in payloads: `°C`, `mph`, `µg/m³`, or a symbol of ours. `None` if no unit is
/// written like that.
///
/// Spellings are those of Home Assistant's `unit_of_measurement` (as ESPHome sends them), openSenseMap's boxes, rtl_433's and
/// WeeWX's suffixes and Tasmota. Case counts where it makes a difference (`mW`, `MW`), and nothing is guessed: a lone `F` or
/// `in.` is no unit here.
pub fn symbol(text: &str) -> Option<String> {
    let text = text.trim();
    let known = match text {
        "°C" | "ºC" | "℃" | "degC" | "C°" | "Grad C" | "Celsius" => "Cel",
        "°F" | "ºF" | "℉" | "degF" | "Fahrenheit" => "[degF]",
        "°" | "º" | "degree" | "degrees" | "Grad" | "degree_compass" => "deg",
        "mph" | "mi/h" | "mile_per_hour" => "[mi_i]/h",
        "kph" | "kmh" | "km_per_hour" => "km/h",
        "meter_per_second" => "m/s",
        "kn" | "kt" | "kts" | "knot" => "[kn_i]",
        "ft/s" => "[ft_i]/s",
        "in" | "inch" | "\"" => "[in_i]",
        "in/h" | "in/hr" | "inch_per_hour" => "[in_i]/h",
        "mm/hr" | "mm_per_hour" => "mm/h",
        "cm_per_hour" => "cm/h",
        "l/m²" | "l/m2" | "L/m²" => "mm",
        "ft" | "foot" => "[ft_i]",
        "mi" | "mile" => "[mi_i]",
        "meter" => "m",
        "inHg" | "inch_Hg" => "[in_i'Hg]",
        "mmHg" | "Torr" => "mm[Hg]",
        "mb" | "mBar" | "millibar" => "mbar",
        "lux" | "Lux" | "lumen/m²" => "lx",
        "W/m²" | "Watt/m²" | "watt_per_meter_squared" => "W/m2",
        "J/cm²" => "J/cm2",
        "kWh/m²" => "kWh/m2",
        "µg/m³" | "μg/m³" | "ug/m³" | "µg/m3" | "μg/m3" => "ug/m3",
        "mg/m³" => "mg/m3",
        "percent" | "% rH" | "%rH" | "% RH" => "%RH",
        "Ω" => "Ohm",
        "µT" | "μT" => "uT",
        "sec" | "second" => "s",
        "volt" => "V",
        "UV index" | "UV Index" | "uv_index" | "Index" => "1",
        _ => "",
    };
    if !known.is_empty() {
        return Some(known.to_owned());
    }
    Unit::parse(text).ok().map(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_mean_units_of_ours() {
        for text in ["°C", "℉", "mph", "km/h", "in/h", "inHg", "mmHg", "µg/m³", "W/m²", "lux", "%", "ppm", "hPa", "m/s2", "UV index", "°"]
        {
            let symbol = symbol(text).unwrap();
            assert!(Unit::parse(&symbol).is_ok(), "{text}: {symbol}");
        }
        assert_eq!(symbol(" °C ").as_deref(), Some("Cel"));
        for text in ["", "F", "dBm", "in.", "Beaufort", "°C°"] {
            assert_eq!(symbol(text), None, "{text}");
        }
    }
}
