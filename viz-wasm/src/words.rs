//! Words and numbers as pupils read them: German and English, decimal comma and point, units as they are written.

use messwerk_lessons::frame::Component;
use messwerk_lessons::quantity::ObservedProperty as P;
use serde::{Deserialize, Serialize};

pub mod number;

/// The two languages every text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// German; decimal comma.
    De,
    /// English; decimal point. Whatever is not German reads English.
    #[default]
    En,
}

impl Lang {
    /// The language of a BCP 47 tag: `de`, `de-CH` are German, all else is English.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("de") { Self::De } else { Self::En }
    }

    /// The text of this language.
    pub fn pick<'a>(self, de: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::De => de,
            Self::En => en,
        }
    }
}

/// A text in both languages, as the hub sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// One text for both languages: a letter, a nickname.
    pub fn same(text: &str) -> Self {
        Self { de: text.to_owned(), en: text.to_owned() }
    }

    /// The text of a language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.de, &self.en)
    }
}

/// How wrong a clock is that lies `behind` the hub's by so many seconds: `Uhr −12 min`, `clock +8 s`; none if it is not.
pub fn clock(behind: f64, lang: Lang) -> Option<String> {
    if behind == 0.0 || !behind.is_finite() {
        return None;
    }
    let off = behind.abs();
    let (value, unit) = match off {
        off if off < 120.0 => (off, "s"),
        off if off < 7200.0 => (off / 60.0, "min"),
        off if off < 172_800.0 => (off / 3600.0, "h"),
        off => (off / 86_400.0, "d"),
    };
    // A clock that is behind shows less than it should.
    let sign = if behind > 0.0 { "−" } else { "+" };
    Some(format!("{} {sign}{} {unit}", lang.pick("Uhr", "clock"), number::fixed(value, 0, lang)))
}

/// The name of a property: `Winkelgeschwindigkeit`, `angular velocity`.
pub fn property_name(property: P, lang: Lang) -> &'static str {
    let (de, en) = match property {
        P::Acceleration => ("Beschleunigung", "acceleration"),
        P::LinearAcceleration => ("Beschleunigung ohne g", "acceleration without g"),
        P::AngularVelocity => ("Winkelgeschwindigkeit", "angular velocity"),
        P::MagneticFluxDensity => ("magnetische Flussdichte", "magnetic flux density"),
        P::Pressure => ("Luftdruck", "air pressure"),
        P::Illuminance => ("Beleuchtungsstärke", "illuminance"),
        P::Temperature => ("Temperatur", "temperature"),
        P::SoundLevel => ("Schallpegel", "sound level"),
        P::RelativeHumidity => ("relative Feuchte", "relative humidity"),
        P::Voltage => ("Spannung", "voltage"),
        P::ElectricCurrent => ("Stromstärke", "current"),
        P::Orientation => ("Lage", "orientation"),
        P::Displacement => ("Weg vom Start", "displacement"),
        P::TimeInterval => ("Zeitabstand", "time interval"),
        P::Frequency => ("Frequenz", "frequency"),
        P::WindSpeed => ("Windgeschwindigkeit", "wind speed"),
        P::WindGust => ("Böen", "wind gusts"),
        P::WindDirection => ("Windrichtung", "wind direction"),
        P::Precipitation => ("Niederschlag", "precipitation"),
        P::RainTotal => ("Regen seit Zählbeginn", "rain since the counter began"),
        P::RainRate => ("Regenstärke", "rain rate"),
        P::Irradiance => ("Bestrahlungsstärke", "irradiance"),
        P::Sunshine => ("Sonnenschein", "sunshine"),
        P::UvIndex => ("UV-Index", "UV index"),
        P::SeaLevelPressure => ("Luftdruck auf Meereshöhe", "pressure at sea level"),
        P::DewPoint => ("Taupunkt", "dew point"),
        P::Pm10 => ("Feinstaub PM10", "particles PM10"),
        P::Pm2_5 => ("Feinstaub PM2,5", "particles PM2.5"),
        P::CarbonDioxide => ("CO₂", "CO₂"),
        P::SoilMoisture => ("Bodenfeuchte", "soil moisture"),
        P::CloudCover => ("Bewölkung", "cloud cover"),
        P::Visibility => ("Sichtweite", "visibility"),
    };
    lang.pick(de, en)
}

/// The letter physics lessons use for a property, with the component as index where there is one: `ω_y`, `|a|`, `p`.
pub fn symbol(property: P, component: Component) -> String {
    let letter = match property {
        P::Acceleration | P::LinearAcceleration => "a",
        P::AngularVelocity => "ω",
        P::MagneticFluxDensity => "B",
        P::Pressure => "p",
        P::Illuminance => "E",
        P::Temperature => "ϑ",
        P::SoundLevel => "L",
        P::RelativeHumidity => "φ",
        P::Voltage => "U",
        P::ElectricCurrent => "I",
        P::Orientation => "φ",
        P::Displacement => "s",
        P::TimeInterval => "Δt",
        P::Frequency => "f",
        P::WindSpeed => "v",
        P::WindGust => "v",
        P::WindDirection => "α",
        P::Precipitation => "h",
        P::RainTotal => "h",
        P::RainRate => "i",
        P::Irradiance => "E",
        P::Sunshine => "t",
        P::UvIndex => "UVI",
        P::SeaLevelPressure => "p₀",
        P::DewPoint => "τ",
        P::Pm10 => "PM10",
        P::Pm2_5 => "PM2.5",
        P::CarbonDioxide => "CO₂",
        P::SoilMoisture => "θ",
        P::CloudCover => "N",
        P::Visibility => "V",
    };
    match component {
        _ if !property.is_vector() => letter.to_owned(),
        Component::Abs => format!("|{letter}|"),
        // Unicode has subscripts for x only; one form for all three reads better.
        Component::X => format!("{letter} (x)"),
        Component::Y => format!("{letter} (y)"),
        Component::Z => format!("{letter} (z)"),
    }
}

/// A unit symbol of the hub as it is written on paper: `m/s2` becomes `m/s²`.
pub fn unit(symbol: &str) -> String {
    match symbol {
        "uT" => "µT".to_owned(),
        "Cel" => "°C".to_owned(),
        "%RH" => "%".to_owned(),
        "deg" => "°".to_owned(),
        "ug/m3" => "µg/m³".to_owned(),
        other => other.replace('2', "²").replace('3', "³"),
    }
}

/// A name with its unit, as it stands at an axis or over a column: `g in m/s²`; a pure number has none.
pub fn in_unit(name: &str, unit: &str) -> String {
    if matches!(unit, "" | "1" | "/") { name.to_owned() } else { format!("{name} in {unit}") }
}

/// A number with its unit behind it: `9.81 m/s²`; a pure number has none.
pub fn with_unit(number: &str, unit: &str) -> String {
    if matches!(unit, "" | "1" | "/") { number.to_owned() } else { format!("{number} {unit}") }
}

/// The component of a name in the API; `value` and the empty name are the scalar.
pub fn component_from_name(name: &str) -> Option<Component> {
    match name {
        "x" | "value" | "" => Some(Component::X),
        "y" => Some(Component::Y),
        "z" => Some(Component::Z),
        "abs" => Some(Component::Abs),
        _ => None,
    }
}

/// Where a chart of this property starts before data or a template say otherwise: a range that a quiet classroom fills
/// well, so that the axis seldom has to grow.
pub fn start_range(property: P, component: Component) -> (f64, f64) {
    let (low, high) = match property {
        P::Acceleration => (-15.0, 15.0),
        P::LinearAcceleration => (-5.0, 5.0),
        P::AngularVelocity => (-1.0, 1.0),
        P::MagneticFluxDensity => (-100.0, 100.0),
        P::Pressure => (950.0, 1050.0),
        P::Illuminance => (0.0, 1000.0),
        P::Temperature => (10.0, 30.0),
        P::SoundLevel => (0.0, 100.0),
        P::RelativeHumidity => (0.0, 100.0),
        P::Voltage => (-5.0, 5.0),
        P::ElectricCurrent => (-1.0, 1.0),
        P::Orientation => (-3.2, 3.2),
        P::Displacement => (-20.0, 20.0),
        P::TimeInterval => (0.0, 1.0),
        P::Frequency => (0.0, 1000.0),
        P::WindSpeed => (0.0, 15.0),
        P::WindGust => (0.0, 25.0),
        P::WindDirection => (0.0, 360.0),
        P::Precipitation => (0.0, 5.0),
        P::RainTotal => (0.0, 20.0),
        P::RainRate => (0.0, 10.0),
        P::Irradiance => (0.0, 1000.0),
        P::Sunshine => (0.0, 3600.0),
        P::UvIndex => (0.0, 10.0),
        P::SeaLevelPressure => (980.0, 1040.0),
        P::DewPoint => (-5.0, 20.0),
        P::Pm10 => (0.0, 50.0),
        P::Pm2_5 => (0.0, 50.0),
        P::CarbonDioxide => (400.0, 1500.0),
        P::SoilMoisture => (0.0, 100.0),
        P::CloudCover => (0.0, 100.0),
        P::Visibility => (0.0, 50_000.0),
    };
    if component == Component::Abs { (0.0, high) } else { (low, high) }
}

#[cfg(test)]
mod tests;
