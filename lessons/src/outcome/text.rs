//! Numbers as they stand on the board: with their uncertainty, the right number of digits, German or English.

/// A number in its shortest form: `0,421` in German, `0.421` in any other language.
pub fn number(value: f64, language: &str) -> String {
    localised(&value.to_string(), language)
}

/// A value with its uncertainty and unit: `9,78 ± 0,05 m/s²` (German) or `9.78 ± 0.05 m/s²`.
///
/// The uncertainty is rounded up to one significant digit, to two if it begins with 1 or 2 (DIN 1333); the value is
/// rounded to the same place. An uncertainty of zero or one that is not finite is left out, with the value in its
/// shortest form: no digits are invented.
///
/// ```
/// use messwerk_lessons::outcome::with_uncertainty;
/// assert_eq!(with_uncertainty(9.7834, 0.047, "m/s2", "de"), "9,78 ± 0,05 m/s²");
/// assert_eq!(with_uncertainty(9.7834, 0.047, "m/s2", "en"), "9.78 ± 0.05 m/s²");
/// ```
pub fn with_uncertainty(value: f64, uncertainty: f64, unit: &str, language: &str) -> String {
    let unit = unit_text(unit);
    if !(uncertainty.is_finite() && uncertainty > 0.0 && value.is_finite()) {
        return format!("{} {unit}", number(value, language)).trim_end().to_owned();
    }
    let (rounded, place) = rounded_up(uncertainty);
    let decimals = usize::try_from(-place).unwrap_or(0);
    // Digits before the point that the uncertainty does not reach are zeros: 9780 ± 50.
    let value = if place > 0 {
        let scale = libm::pow(10.0, f64::from(place));
        libm::round(value / scale) * scale
    } else {
        value
    };
    let value = format!("{value:.decimals$}");
    // A value that rounds to nothing has no sign.
    let is_zero = value.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
    let value = if is_zero { value.trim_start_matches('-') } else { &value };
    localised(&format!("{value} ± {rounded:.decimals$} {unit}"), language).trim_end().to_owned()
}

/// An uncertainty rounded up, and the power of ten of its last digit.
fn rounded_up(uncertainty: f64) -> (f64, i32) {
    let power = |place: i32| libm::pow(10.0, f64::from(place));
    let first = libm::floor(libm::log10(uncertainty)) as i32;
    let place = if uncertainty < 3.0 * power(first) { first - 1 } else { first };
    // One part in a thousand may be rounded away: 0.0500001 is 0.05.
    (libm::ceil(uncertainty / power(place) - 1e-3) * power(place), place)
}

/// The decimal sign of the language, and a minus as long as a plus.
fn localised(text: &str, language: &str) -> String {
    let text = text.replace('-', "−");
    if language == "de" { text.replace('.', ",") } else { text }
}

/// A unit as one writes it: `m/s2` is m/s², `Cel` is °C. Unknown symbols stay as they are; the plain number's `1` is
/// nothing.
pub fn unit_text(symbol: &str) -> &str {
    match symbol {
        "1" => "",
        "m/s2" => "m/s²",
        "Cel" => "°C",
        "uT" => "µT",
        "%RH" => "%",
        "deg" => "°",
        "W/m2" => "W/m²",
        "ug/m3" => "µg/m³",
        other => other,
    }
}

#[cfg(test)]
mod tests;
