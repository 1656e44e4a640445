//! Numbers with the right decimal sign and no more digits than they deserve.

use super::Lang;

/// Beyond this many decimals a classroom number is noise.
const MAX_DECIMALS: i32 = 9;

/// `value` with a fixed number of decimals, decimal comma in German, a true minus sign, and never `−0`.
pub fn fixed(value: f64, decimals: usize, lang: Lang) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    // 1e15 is where f64 stops holding units; a label longer than that helps nobody.
    let text = if value.abs() >= 1e15 { format!("{value:.3e}") } else { format!("{value:.decimals$}") };
    let text = if lang == Lang::De { text.replace('.', ",") } else { text };
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| matches!(c, '0' | ',' | '.')) => digits.to_owned(),
        Some(digits) => format!("−{digits}"),
        None => text,
    }
}

/// Decimals that show `step` exactly enough: 0 for 5, 1 for 0.5, 2 for 0.25.
pub fn decimals_of_step(step: f64) -> usize {
    let step = step.abs();
    if !(step.is_finite() && step > 0.0) {
        return 0;
    }
    (0..MAX_DECIMALS)
        .find(|&decimals| {
            let scaled = step * 10f64.powi(decimals);
            (scaled - scaled.round()).abs() < 1e-6 * scaled
        })
        .unwrap_or(MAX_DECIMALS) as usize
}

/// Decimals that an uncertainty leaves meaningful, after DIN 1333: one digit of it, two where it begins with 1 or 2.
pub fn decimals_of_uncertainty(uncertainty: f64) -> usize {
    let uncertainty = uncertainty.abs();
    if !(uncertainty.is_finite() && uncertainty > 0.0) {
        return 3;
    }
    let place = uncertainty.log10().floor();
    let leading = uncertainty / 10f64.powf(place);
    // 2.95 is written 3.0 with one digit and 2.9(5) with two; the limit is where rounding to one digit gives 3.
    let digits = if leading < 2.95 { 1.0 } else { 0.0 };
    (digits - place).clamp(0.0, f64::from(MAX_DECIMALS)) as usize
}

/// `9.79 ± 0.03`: both with the decimals the uncertainty deserves.
pub fn with_uncertainty(value: f64, uncertainty: f64, lang: Lang) -> String {
    let decimals = decimals_of_uncertainty(uncertainty);
    format!("{} ± {}", fixed(value, decimals, lang), fixed(uncertainty, decimals, lang))
}

/// A value of which nothing but its size is known: four significant digits, at most six decimals.
pub fn plain(value: f64, lang: Lang) -> String {
    let decimals = if value == 0.0 || !value.is_finite() { 0.0 } else { 3.0 - value.abs().log10().floor() };
    fixed(value, decimals.clamp(0.0, 6.0) as usize, lang)
}

/// Three significant digits without trailing zeros, for numbers that somebody chose: `9.5`, `10`.
pub fn plain_short(value: f64, lang: Lang) -> String {
    let text = fixed(value, decimals_alike(&[value]), lang);
    if !text.contains(['.', ',']) {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches(['.', ',']).to_owned()
}

/// Decimals for values that stand side by side: three significant digits of the largest, at most six decimals.
pub fn decimals_alike(values: &[f64]) -> usize {
    let largest = values.iter().map(|value| value.abs()).filter(|value| value.is_finite()).fold(0.0, f64::max);
    if largest == 0.0 { 0 } else { (2.0 - largest.log10().floor()).clamp(0.0, 6.0) as usize }
}

/// As many decimals as are needed and no trailing zeros: `9.81`, `10`.
pub fn shortest(value: f64, lang: Lang) -> String {
    fixed(value, decimals_of_step(value).min(6), lang)
}

#[cfg(test)]
mod tests;
