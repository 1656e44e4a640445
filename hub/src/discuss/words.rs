//! How numbers and formulas of a template are written under figures.

use messwerk_lessons::template::{Channel, Quantity, Template, Text};
use messwerk_viz_wasm::words::number::{fixed, shortest, with_uncertainty};
use messwerk_viz_wasm::words::{Bilingual, Lang, symbol, unit as on_paper};

/// A text in both languages.
pub fn both(of: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual { de: of(Lang::De), en: of(Lang::En) }
}

/// A template's text.
pub fn bilingual(text: &Text) -> Bilingual {
    Bilingual { de: text.de.clone(), en: text.en.clone() }
}

/// `9,78 ± 0,05 m/s²`, with the digits that stand in the figures; a number without an uncertainty as it stands.
pub fn told(value: f64, uncertainty: f64, unit: &str, lang: Lang) -> String {
    let number =
        if uncertainty.is_finite() && uncertainty > 0.0 { with_uncertainty(value, uncertainty, lang) } else { shortest(value, lang) };
    let unit = on_paper(unit);
    // A pure number has none.
    if matches!(unit.as_str(), "" | "1") { number } else { format!("{number} {unit}") }
}

/// What a number of a fit is called: `Steigung`, `slope`.
pub fn part(name: &str, lang: Lang) -> &str {
    match name {
        "slope" => lang.pick("Steigung", "slope"),
        "intercept" => lang.pick("Achsenabschnitt", "intercept"),
        "exponent" => lang.pick("Exponent", "exponent"),
        "factor" => lang.pick("Faktor", "factor"),
        "background" => lang.pick("Untergrund", "background"),
        "amplitude" => lang.pick("Amplitude", "amplitude"),
        "offset" => lang.pick("Endwert", "final value"),
        "half_life" => lang.pick("Halbwertszeit", "half-life"),
        "tau" => "τ",
        "r2" => "R²",
        other => other,
    }
}

/// The numbers of a fit in one line: `Steigung = 4,02 ± 0,01 s²/m, …`.
pub fn equation(numbers: &[(&'static str, Quantity)], lang: Lang) -> String {
    // What was not fitted is an exact zero.
    let fitted = |(_, quantity): &&(&'static str, Quantity)| quantity.value != 0.0 || quantity.uncertainty != 0.0;
    let one = |(name, quantity): &(&'static str, Quantity)| {
        let said = match *name {
            // The share that the line explains: four places tell good from very good.
            "r2" => fixed(quantity.value, 4, lang),
            _ => told(quantity.value, quantity.uncertainty, &quantity.unit, lang),
        };
        format!("{} = {said}", part(name, lang))
    };
    numbers.iter().filter(fitted).map(one).collect::<Vec<_>>().join(", ")
}

/// What stands at an axis for an expression of the template: the label of a plain name, or the formula.
pub fn axis(template: &Template, expression: &str) -> Bilingual {
    let input = template.inputs.iter().find(|input| input.name == expression).map(|input| &input.label);
    let label = input.or_else(|| template.steps.iter().find(|step| step.name == expression).map(|step| &step.label));
    match label {
        Some(label) => both(|lang| {
            // How exactly it is measured stands where it is entered.
            let name = bilingual(label).get(lang).split(" (").next().unwrap_or_default().to_owned();
            // A letter is what the formulas beside it call the same.
            if expression.chars().count() <= 2 { format!("{name} {expression}") } else { name }
        }),
        None => Bilingual::same(&formula(expression)),
    }
}

/// A formula as it is written on paper: `4*pi^2` is 4 · π², `acceleration.abs` is |a|.
pub fn formula(text: &str) -> String {
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let mut written = String::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let length = if in_name(first) { rest.find(|c| !in_name(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (token, left) = rest.split_at(length);
        rest = left;
        match token {
            "*" => written.push_str(" · "),
            "-" => written.push('−'),
            "pi" => written.push('π'),
            "2" if written.ends_with('^') => raise(&mut written, '²'),
            "3" if written.ends_with('^') => raise(&mut written, '³'),
            other => match Channel::parse(other) {
                Some(channel) => written.push_str(&symbol(channel.property, channel.component)),
                None => written.push_str(other),
            },
        }
    }
    written.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn raise(written: &mut String, power: char) {
    written.pop();
    written.push(power);
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::template::builtin;

    use super::*;

    #[test]
    fn formulas_are_written_as_on_paper() {
        let check = |text: &str, expected: &str| assert_eq!(formula(text), expected);
        check("T^2", "T²");
        check("4*pi^2*spin / pi.x", "4 · π² · spin / pi.x");
        check("2*h/t^2", "2 · h/t²");
        check("E - E0", "E − E0");
        check("r^3 + x^25", "r³ + x^25");
        check("angular_velocity.abs^2 * length_m", "|ω|² · length_m");
    }

    #[test]
    fn an_axis_says_what_a_letter_stands_for() {
        let masses = builtin("spring-masses").unwrap();
        assert_eq!(axis(masses, "m").de, "Masse m");
        assert_eq!(axis(masses, "T^2"), Bilingual::same("T²"));
        assert_eq!(axis(builtin("pendulum").unwrap(), "length_m").de, "Pendellänge");
    }

    #[test]
    fn a_fit_is_told_in_both_languages() {
        let number = |value: f64, uncertainty: f64, unit: &str| Quantity { value, uncertainty, unit: unit.to_owned() };
        let numbers =
            [("slope", number(0.9686, 0.0071, "s2/kg")), ("background", number(0.0, 0.0, "s2")), ("r2", number(0.99951, 0.0, "1"))];
        assert_eq!(equation(&numbers, Lang::De), "Steigung = 0,969 ± 0,007 s²/kg, R² = 0,9995");
        assert_eq!(equation(&numbers, Lang::En), "slope = 0.969 ± 0.007 s²/kg, R² = 0.9995");
    }
}
