//! Numbers of a difference: as many digits as are known, and enough that no rounding contradicts the verdict.

use crate::compare::Numbers;
use crate::outcome::{number, unit_text};

/// How differences of one pair are written.
pub(super) struct Digits<'a> {
    /// The power of ten of the last digit.
    place: i32,
    unit: &'a str,
}

impl<'a> Digits<'a> {
    /// Digits down to the first one or two of the standard error (DIN 1333), and further where an end of the interval
    /// would otherwise be rounded across 0 or ±δ.
    pub(super) fn of(numbers: &Numbers, margin: Option<f64>, unit: &'a str) -> Self {
        let first = libm::floor(libm::log10(numbers.se));
        let place = if numbers.se < 3.0 * libm::pow(10.0, first) { first - 1.0 } else { first } as i32;
        let margin = margin.unwrap_or(0.0);
        let side = |value: f64, of: f64| if value == of { 0.0 } else { (value - of).signum() };
        let told = |place: &i32| {
            let same = |end: f64| [0.0, margin, -margin].iter().all(|of| side(rounded(end, *place), *of) == side(end, *of));
            numbers.interval.iter().all(|end| same(*end))
        };
        let place = (0..6).map(|more| place - more).find(told).unwrap_or(place);
        // The difference of two temperatures in °C is in kelvin.
        Self { place, unit: if unit == "Cel" { "K" } else { unit } }
    }

    /// `0,12 m/s²`.
    pub(super) fn amount(&self, value: f64, language: &str) -> String {
        with_unit(&self.plain(value, language), self.unit)
    }

    /// `−0,05 bis 0,19 m/s²`, with `word` in between.
    pub(super) fn range(&self, [low, high]: [f64; 2], word: &str, language: &str) -> String {
        with_unit(&format!("{} {word} {}", self.plain(low, language), self.plain(high, language)), self.unit)
    }

    /// δ, as the template writes it.
    pub(super) fn margin(&self, margin: f64, language: &str) -> String {
        // Twelve digits, so that a converted margin does not show how it was computed.
        let digits = 11 - libm::floor(libm::log10(margin)) as i32;
        with_unit(&number(rounded(margin, -digits), language), self.unit)
    }

    fn plain(&self, value: f64, language: &str) -> String {
        let decimals = usize::try_from(-self.place).unwrap_or(0);
        let text = format!("{:.decimals$}", rounded(value, self.place));
        // A value that rounds to nothing has no sign.
        let is_zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
        let text = if is_zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "−") };
        if language == "de" { text.replace('.', ",") } else { text }
    }
}

fn rounded(value: f64, place: i32) -> f64 {
    let scale = libm::pow(10.0, f64::from(place.abs()));
    if place < 0 { libm::round(value * scale) / scale } else { libm::round(value / scale) * scale }
}

fn with_unit(text: &str, unit: &str) -> String {
    format!("{text} {}", unit_text(unit)).trim_end().to_owned()
}
