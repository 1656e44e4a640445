//! Compared classes as figures: all on one axis, or their differences.

use messwerk_lessons::compare::{Class, Pair};
use messwerk_lessons::template::Text;
use messwerk_viz_wasm::plain::data::{Band, Bins, Mean, Quantity, Value};
use messwerk_viz_wasm::plain::{self, Classes, Difference, Differences, Kind, PlainFigure};
use messwerk_viz_wasm::words::Bilingual;

use super::{Compared, LeftOut, in_short};

/// The figures of a comparison, by name; the last needs a number of each class.
pub const NAMES: [&str; 5] = ["strip", "box", "histogram", "difference", "across"];

/// The figure of a name; `None` if there is none, or if it needs more than the classes.
pub fn of(compared: &Compared, name: &str) -> Option<PlainFigure> {
    let view = match name {
        "strip" => Kind::Strip,
        "box" => Kind::Box,
        "histogram" => Kind::Histogram,
        "difference" => return Some(PlainFigure::Differences(differences(compared))),
        _ => return None,
    };
    let Compared { template, comparison, numbers, left_out, .. } = compared;
    let row = |(index, class): (usize, &Class)| {
        let numbers = numbers.get(index).map_or(&[][..], Vec::as_slice);
        row(class, &comparison.unit, numbers, left_out.get(index).map_or(&[][..], Vec::as_slice))
    };
    let declared = template.unit_of(&template.outcome);
    let reference = template.reference.as_ref().filter(|_| declared == Some(comparison.unit.as_str()));
    Some(PlainFigure::Classes(Classes {
        view,
        quantity: quantity(compared),
        classes: comparison.classes.iter().enumerate().map(row).collect(),
        reference: reference.map(|known| Band { value: known.value, tolerance: known.tolerance, label: both(&known.label) }),
    }))
}

fn both(text: &Text) -> Bilingual {
    Bilingual { de: text.de.clone(), en: text.en.clone() }
}

/// `Fallbeschleunigung g` in `m/s2`.
pub(super) fn quantity(compared: &Compared) -> Quantity {
    let name = &compared.comparison.outcome;
    // A fit's number (`fit.slope`) has no letter.
    let letter = if name.chars().count() <= 2 { format!(" {name}") } else { String::new() };
    let label = compared.template.label_of(name);
    let name = label
        .map_or_else(|| Bilingual::same(name), |Text { de, en }| Bilingual { de: format!("{de}{letter}"), en: format!("{en}{letter}") });
    Quantity { name, unit: compared.comparison.unit.clone() }
}

/// `numbers` are those of the groups behind the class's values, none of a Release.
fn row(class: &Class, unit: &str, numbers: &[u32], left_out: &[LeftOut]) -> plain::Class {
    let numbered = |number: Option<u32>, value: f64| Value { number: number.unwrap_or(0), ..Value::from(value) };
    let mut values: Vec<Value> = class.values.iter().enumerate().map(|(at, value)| numbered(numbers.get(at).copied(), *value)).collect();
    // What does not count was not converted.
    if class.recorded_unit == unit {
        let out = |one: &LeftOut| Value { excluded: Some(one.reason.clone()), ..numbered(Some(one.number), one.value) };
        values.extend(left_out.iter().map(out));
    }
    let n = u32::try_from(class.n).unwrap_or(u32::MAX);
    let drawn = class.histogram.as_ref().zip(class.mean).zip(class.sd);
    let bins = drawn.and_then(|((histogram, mean), sd)| histogram.drawn(mean, sd));
    plain::Class {
        name: Bilingual::same(&class.label),
        values,
        mean: class.mean.map(|mean| Mean { n, mean, ci95: class.ci95.map(|[low, high]| (low, high)) }),
        bins: bins.map(|(edges, counts)| Bins { edges, counts, open: true }),
        own: false,
    }
}

/// Every pair that was judged; the interval is the one that decides.
fn differences(compared: &Compared) -> Differences {
    let comparison = &compared.comparison;
    let label = |index: usize| comparison.classes.get(index).map_or("", |class| &class.label);
    let one = |pair: &Pair| {
        let numbers = pair.numbers?;
        let [low, high] = numbers.interval;
        Some(Difference {
            name: Bilingual::same(&format!("{} − {}", label(pair.a), label(pair.b))),
            value: numbers.difference,
            ci95: (low, high),
            verdict: both(&in_short(pair.verdict)),
        })
    };
    Differences {
        quantity: quantity(compared),
        differences: comparison.pairs.iter().filter_map(one).collect(),
        margin: comparison.margin.as_ref().map(|margin| margin.value),
        corrected: comparison.corrected,
    }
}
