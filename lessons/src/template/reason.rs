//! Why there is no result yet, in words that tell a pupil what to do.

use serde::{Serialize, Serializer};

use super::{Edge, Input, Text, Trigger};
use crate::analysis::AnalysisError;
use crate::outcome::number;
use crate::quantity::ObservedProperty;

/// Why a step has no result (yet). In JSON just its text: `{"de": …, "en": …}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A name for programs: `input_missing`, `no_readings`, or an [`AnalysisError::kind`].
    pub kind: &'static str,
    /// What is missing and what to do.
    pub text: Text,
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl Reason {
    fn new(kind: &'static str, de: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, text: Text { de: de.into(), en: en.into() } }
    }

    pub(super) fn input_missing(input: &Input) -> Self {
        let Text { de, en } = &input.label;
        Self::new("input_missing", format!("Noch nicht eingetragen: {de}."), format!("Not entered yet: {en}."))
    }

    pub(super) fn input_out_of_range(input: &Input) -> Self {
        let range = |language: &str, word: &str| {
            format!("{} {word} {} {}", number(input.min, language), number(input.max, language), crate::outcome::unit_text(&input.unit))
        };
        let Text { de, en } = &input.label;
        Self::new(
            "input_out_of_range",
            format!("{de}: Der Wert muss zwischen {} liegen. Stimmt die Einheit?", range("de", "und")),
            format!("{en}: the value must lie between {}. Is the unit right?", range("en", "and")),
        )
    }

    /// Nothing was recorded of any of these.
    pub fn no_readings(of: &[ObservedProperty]) -> Self {
        let names = of.first().map_or(("Messwerte", "readings"), |property| property_name(*property));
        Self::new("no_readings", format!("Noch keine Messwerte: {}.", names.0), format!("No readings yet: {}.", names.1))
    }

    pub(super) fn not_triggered(trigger: &Trigger) -> Self {
        let names = property_name(trigger.of.property);
        let unit = crate::outcome::unit_text(trigger.of.property.unit());
        let level = |language: &str| format!("{} {unit}", number(trigger.level, language));
        let (de, en) = match trigger.edge {
            Edge::Rising => ("überschritten", "exceeded"),
            Edge::Falling => ("unterschritten", "fallen below"),
            Edge::Both => ("durchquert", "passed"),
        };
        Self::new(
            "not_triggered",
            format!("Noch nicht ausgelöst. {}: {} müssen einmal {de} werden, von da an zählt die Messung.", names.0, level("de")),
            format!("Not triggered yet. {}: {} must be {en} once, the measurement counts from then on.", names.1, level("en")),
        )
    }

    /// Something has no value yet; `name` is that of a step or an entry.
    pub fn not_computed(name: &str) -> Self {
        Self::new("not_computed", format!("{name} fehlt noch."), format!("{name} is still missing."))
    }
}

impl From<AnalysisError> for Reason {
    fn from(error: AnalysisError) -> Self {
        let seconds = |value: f64, language: &str| number(libm::ceil(10.0 * value) / 10.0, language);
        let (de, en) = match error {
            AnalysisError::TooFew { needed, found } => {
                (format!("Noch zu wenige Messwerte: {found} von {needed}."), format!("Too few readings yet: {found} of {needed}."))
            }
            AnalysisError::TooShort { needed_s, .. } => (
                format!("Noch zu kurz: mindestens {} s ungestört messen.", seconds(needed_s, "de")),
                format!("Too short yet: measure undisturbed for at least {} s.", seconds(needed_s, "en")),
            ),
            AnalysisError::TooSlow { needed_hz, .. } => (
                format!("Zu wenige Messwerte je Sekunde: mindestens {} einstellen.", number(libm::ceil(needed_hz), "de")),
                format!("Too few readings per second: set at least {}.", number(libm::ceil(needed_hz), "en")),
            ),
            AnalysisError::Constant => (
                "Alle Messwerte sind gleich: Misst der Sensor überhaupt?".to_owned(),
                "All readings are equal: is the sensor measuring at all?".to_owned(),
            ),
            AnalysisError::Unsorted => (
                "Die Zeit läuft rückwärts: bitte die Messung neu starten.".to_owned(),
                "Time runs backwards: please start the measurement again.".to_owned(),
            ),
            AnalysisError::NoOscillation => (
                "Noch keine gleichmäßige Schwingung: loslassen und mehrere Perioden ungestört schwingen lassen.".to_owned(),
                "No steady oscillation yet: let go and leave it swinging undisturbed for several periods.".to_owned(),
            ),
            AnalysisError::NeverStill => (
                "Das Handy war noch nicht in Ruhe: hinlegen und liegen lassen.".to_owned(),
                "The phone was not at rest yet: put it down and leave it.".to_owned(),
            ),
            AnalysisError::NoCrossing => (
                "Der erwartete Wert wurde nie über- oder unterschritten: Ablauf und Schwelle prüfen.".to_owned(),
                "The expected level was never passed: check what happened, and the level.".to_owned(),
            ),
            AnalysisError::NoDirection => (
                "Die Richtungen streuen rundherum: länger messen.".to_owned(),
                "The directions spread all around: measure for longer.".to_owned(),
            ),
            AnalysisError::Gap { at_s, length_s } => (
                format!(
                    "Lücke in der Messung: nach {} s fehlen {} s. Bitte noch einmal ohne Unterbrechung messen.",
                    seconds(at_s, "de"),
                    seconds(length_s, "de")
                ),
                format!(
                    "A gap in the measurement: {} s are missing after {} s. Please measure again without a break.",
                    seconds(length_s, "en"),
                    seconds(at_s, "en")
                ),
            ),
            AnalysisError::NoFit => (
                "Die Messwerte passen nicht zum erwarteten Verlauf: bitte noch einmal ungestört messen.".to_owned(),
                "The readings do not follow the expected course: please measure again undisturbed.".to_owned(),
            ),
            AnalysisError::NotFinite | AnalysisError::Shape | AnalysisError::Domain => (
                "Mit diesen Messwerten lässt sich nicht rechnen: bitte neu messen.".to_owned(),
                "These readings cannot be computed with: please measure again.".to_owned(),
            ),
        };
        Self::new(error.kind(), de, en)
    }
}

/// What a property is called in a sentence.
fn property_name(property: ObservedProperty) -> (&'static str, &'static str) {
    match property {
        ObservedProperty::Acceleration => ("Beschleunigung", "acceleration"),
        ObservedProperty::LinearAcceleration => ("Beschleunigung ohne Erdanziehung", "acceleration without gravity"),
        ObservedProperty::AngularVelocity => ("Drehgeschwindigkeit (Gyroskop)", "angular velocity (gyroscope)"),
        ObservedProperty::MagneticFluxDensity => ("Magnetfeld", "magnetic field"),
        ObservedProperty::Pressure => ("Luftdruck", "air pressure"),
        ObservedProperty::Illuminance => ("Beleuchtungsstärke", "illuminance"),
        ObservedProperty::Temperature => ("Temperatur", "temperature"),
        ObservedProperty::SoundLevel => ("Schallpegel", "sound level"),
        ObservedProperty::RelativeHumidity => ("Luftfeuchtigkeit", "relative humidity"),
        ObservedProperty::Voltage => ("Spannung", "voltage"),
        ObservedProperty::ElectricCurrent => ("Stromstärke", "electric current"),
        ObservedProperty::Orientation => ("Lage im Raum", "orientation"),
        ObservedProperty::Displacement => ("Ortung", "location"),
        ObservedProperty::TimeInterval => ("Zeitabstand (Stoppuhr)", "time interval (stopwatch)"),
        ObservedProperty::Frequency => ("Tonhöhe", "frequency of the tone"),
        ObservedProperty::WindSpeed => ("Windgeschwindigkeit", "wind speed"),
        ObservedProperty::WindGust => ("Böen", "wind gusts"),
        ObservedProperty::WindDirection => ("Windrichtung", "wind direction"),
        ObservedProperty::Precipitation => ("Niederschlag", "precipitation"),
        ObservedProperty::RainTotal => ("Regen seit Zählbeginn", "rain since the counter began"),
        ObservedProperty::RainRate => ("Regenstärke", "rain rate"),
        ObservedProperty::Irradiance => ("Bestrahlungsstärke", "irradiance"),
        ObservedProperty::Sunshine => ("Sonnenschein", "sunshine"),
        ObservedProperty::UvIndex => ("UV-Index", "UV index"),
        ObservedProperty::SeaLevelPressure => ("Luftdruck auf Meereshöhe", "pressure at sea level"),
        ObservedProperty::DewPoint => ("Taupunkt", "dew point"),
        ObservedProperty::Pm10 => ("Feinstaub PM10", "particles PM10"),
        ObservedProperty::Pm2_5 => ("Feinstaub PM2,5", "particles PM2.5"),
        ObservedProperty::CarbonDioxide => ("CO₂", "CO₂"),
        ObservedProperty::SoilMoisture => ("Bodenfeuchte", "soil moisture"),
        ObservedProperty::CloudCover => ("Bewölkung", "cloud cover"),
        ObservedProperty::Visibility => ("Sichtweite", "visibility"),
    }
}
