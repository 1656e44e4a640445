//! Which property a name and a unit mean, for senders that use words of their own.

use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::unit::to_canonical;

/// Parts of names, the more special before the more general: a dew point is a temperature to those who write "temp" into it.
/// English, and German as openSenseMap's boxes are labelled.
const WORDS: [(&str, P); 59] = [
    ("dew", P::DewPoint),
    ("taupunkt", P::DewPoint),
    ("soil_moist", P::SoilMoisture),
    ("bodenfeuchte", P::SoilMoisture),
    ("moisture", P::SoilMoisture),
    ("wind_dir", P::WindDirection),
    ("winddir", P::WindDirection),
    ("wind_bearing", P::WindDirection),
    ("windricht", P::WindDirection),
    ("gust", P::WindGust),
    ("böe", P::WindGust),
    ("wind_max", P::WindGust),
    ("wind", P::WindSpeed),
    ("rain_rate", P::RainRate),
    ("regenrate", P::RainRate),
    ("regenintens", P::RainRate),
    ("precipitation_intensity", P::RainRate),
    ("rain_total", P::RainTotal),
    ("rain", P::RainTotal),
    ("regen", P::RainTotal),
    ("precipitation", P::RainTotal),
    ("niederschlag", P::RainTotal),
    ("sea_level", P::SeaLevelPressure),
    ("sealevel", P::SeaLevelPressure),
    ("meeresh", P::SeaLevelPressure),
    ("pressure_msl", P::SeaLevelPressure),
    ("pressure_rel", P::SeaLevelPressure),
    ("press", P::Pressure),
    ("luftdruck", P::Pressure),
    ("barometer", P::Pressure),
    ("carbon_dioxide", P::CarbonDioxide),
    ("kohlendioxid", P::CarbonDioxide),
    ("kohlenstoffdioxid", P::CarbonDioxide),
    ("co2", P::CarbonDioxide),
    ("co₂", P::CarbonDioxide),
    ("pm2.5", P::Pm2_5),
    ("pm25", P::Pm2_5),
    ("pm2_5", P::Pm2_5),
    ("pm10", P::Pm10),
    ("uv_index", P::UvIndex),
    ("uv-index", P::UvIndex),
    ("uvi", P::UvIndex),
    ("irradiance", P::Irradiance),
    ("solar", P::Irradiance),
    ("strahlung", P::Irradiance),
    ("illuminance", P::Illuminance),
    ("beleuchtungsst", P::Illuminance),
    ("lux", P::Illuminance),
    ("light", P::Illuminance),
    ("visib", P::Visibility),
    ("sichtweite", P::Visibility),
    ("cloud", P::CloudCover),
    ("bewölk", P::CloudCover),
    ("humid", P::RelativeHumidity),
    ("feuchte", P::RelativeHumidity),
    ("temp", P::Temperature),
    ("lautst", P::SoundLevel),
    ("sound", P::SoundLevel),
    ("noise", P::SoundLevel),
];

/// The property that a sender's words mean, if its values can be in this unit (a symbol of the hub's). Nothing is guessed from a
/// unit alone.
pub(crate) fn property(words: &str, unit: &str) -> Option<P> {
    let words = words.to_lowercase().replace(' ', "_");
    let fits = |property: P| matches!(to_canonical(unit, property), Ok(Some(_)));
    WORDS.iter().find(|(word, property)| words.contains(word) && fits(*property)).map(|(_, property)| *property)
}

/// The property of Home Assistant's device class (its developer documentation, "Sensor entity", as ESPHome names them). Precipitation
/// is a counter there.
pub(crate) fn of_device_class(class: &str) -> Option<P> {
    Some(match class {
        "temperature" => P::Temperature,
        "humidity" => P::RelativeHumidity,
        "moisture" => P::SoilMoisture,
        "pressure" | "atmospheric_pressure" => P::Pressure,
        "illuminance" => P::Illuminance,
        "irradiance" => P::Irradiance,
        "carbon_dioxide" => P::CarbonDioxide,
        "pm25" => P::Pm2_5,
        "pm10" => P::Pm10,
        "wind_speed" => P::WindSpeed,
        "wind_direction" => P::WindDirection,
        "precipitation" => P::RainTotal,
        "precipitation_intensity" => P::RainRate,
        "sound_pressure" => P::SoundLevel,
        "voltage" => P::Voltage,
        "current" => P::ElectricCurrent,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_units_mean_properties() {
        for (words, unit, expected) in [
            ("Temperatur", "Cel", Some(P::Temperature)),
            ("Outdoor Temp", "[degF]", Some(P::Temperature)),
            ("Dew point temperature", "Cel", Some(P::DewPoint)),
            ("rel. Luftfeuchte", "%", Some(P::RelativeHumidity)),
            ("Bodenfeuchte", "%", Some(P::SoilMoisture)),
            ("Luftdruck", "Pa", Some(P::Pressure)),
            ("Wind gust", "km/h", Some(P::WindGust)),
            ("Windrichtung", "deg", Some(P::WindDirection)),
            ("PM2.5", "ug/m3", Some(P::Pm2_5)),
            ("PM10", "ug/m3", Some(P::Pm10)),
            ("Beleuchtungsstärke", "lx", Some(P::Illuminance)),
            ("Rain rate", "mm/h", Some(P::RainRate)),
            ("CO₂", "ppm", Some(P::CarbonDioxide)),
            ("Lautstärke", "dB", Some(P::SoundLevel)),
            ("Temperatur", "hPa", None),
            ("Uptime", "s", None),
            ("", "Cel", None),
        ] {
            assert_eq!(property(words, unit), expected, "{words} in {unit}");
        }
    }
}
