//! A template tried without a class: its fixtures, a simulated class, and the figures the board would show.

use messwerk_lessons::bundle::{Bundle, run_fixture};
use messwerk_lessons::frame::Component;
use messwerk_lessons::outcome::with_uncertainty;
use messwerk_lessons::physics;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{Figure, RunData, StepResult, StreamData, Template, Text};
use messwerk_viz_wasm::plain::data::{Band, Curve, Quantity, Value as Drawn};
use messwerk_viz_wasm::plain::{BoxPlot, Histogram, Phone, PlainFigure, Strip, Trace};
use messwerk_viz_wasm::svg::{self, Sheet};
use messwerk_viz_wasm::words::{Bilingual, Lang};
use serde_json::{Value, json};

use super::refused;
use crate::api::problem::Problem;

/// Groups of a simulated class that make no mistake; each planted mistake is one more.
const GROUPS: u64 = 8;
/// Points of a curve: more than a picture has columns.
const POINTS: usize = 600;
/// Below a figure in the page: wide enough for a projector, small enough for a phone.
const SHEET: (u32, u32) = (960, 540);

/// What one simulated group has.
struct Group {
    number: usize,
    run: RunData,
    results: Vec<StepResult>,
}

/// Tries a template. Computes for some tenths of a second.
pub fn preview(bundle: &Bundle, language: Lang) -> Result<Value, Problem> {
    let template = bundle.template().map_err(|error| refused(&error.findings))?;
    let groups = class(&template);
    let tag = if language == Lang::De { "de" } else { "en" };
    let names: Vec<&str> =
        groups.first().map(|group| group.results.iter().map(|result| result.name.as_str()).collect()).unwrap_or_default();
    let label = |name: &str| template.label_of(name).cloned().unwrap_or_else(|| Text { de: name.to_owned(), en: name.to_owned() });
    let told = |group: &Group| {
        let result = |result: &StepResult| match &result.result {
            Ok(found) => json!({
                "name": result.name, "value": found.value, "uncertainty": found.uncertainty, "unit": found.unit,
                "said": with_uncertainty(found.value, found.uncertainty, &found.unit, tag),
            }),
            Err(reason) => json!({"name": result.name, "reason": reason.kind, "said": reason.text.in_language(tag)}),
        };
        let hints: Vec<&Text> = template.hints(&group.run, &group.results).into_iter().map(|hint| &hint.text).collect();
        json!({"number": group.number, "results": group.results.iter().map(result).collect::<Vec<_>>(), "hints": hints})
    };
    Ok(json!({
        "fixtures": bundle.fixtures().into_iter().map(|name| run_fixture(bundle, name)).collect::<Vec<_>>(),
        "steps": names.iter().map(|name| json!({"name": name, "label": label(name)})).collect::<Vec<_>>(),
        "groups": groups.iter().map(told).collect::<Vec<_>>(),
        "figures": figures(&template, &groups, language),
    }))
}

/// A class of the template's scenario: careful groups, and one for each mistake that the template has a hint for.
fn class(template: &Template) -> Vec<Group> {
    let Some(scenario) = template.simulation.as_ref().map(|simulation| simulation.scenario.as_str()) else { return vec![] };
    let Some(seconds) = physics::seconds(scenario) else { return vec![] };
    let hinted = |mistake: &&&str| template.hints.iter().any(|hint| hint.name == ***mistake);
    let mistakes = physics::mistakes(scenario).iter().filter(hinted).map(|mistake| Some(*mistake));
    let all = (0..GROUPS).map(|_| None).chain(mistakes);
    let group = |(index, mistake): (usize, Option<&str>)| {
        let run = physics::scenario(scenario, mistake, seconds, 1 + index as u64)?;
        let results = template.analyse(&run);
        Some(Group { number: index + 1, run, results })
    };
    all.enumerate().filter_map(group).collect()
}

/// The board's figures, each as SVG with what it says; `svg` is null for one that is drawn of a real lesson only.
fn figures(template: &Template, groups: &[Group], language: Lang) -> Vec<Value> {
    if groups.is_empty() {
        return vec![];
    }
    let sheet = Sheet { width: SHEET.0, height: SHEET.1, lang: language, ..Sheet::default() };
    let told = |figure: &Figure| {
        let drawn = plain(template, figure, groups);
        let svg = drawn.as_ref().and_then(|drawn| {
            let drawing = drawn.check().and_then(|()| svg::plain(drawn, sheet));
            drawing.inspect_err(|error| tracing::warn!(template = template.id, "a preview's figure is not drawn: {error}")).ok()
        });
        let title = drawn.as_ref().map_or_else(|| figure.kind().to_owned(), |drawn| drawn.title(language));
        json!({"kind": figure.kind(), "title": title, "summary": drawn.map(|drawn| drawn.summary(language)), "svg": svg})
    };
    template.figures.iter().map(told).collect()
}

/// A figure from the class's data; `None` for a kind that needs more than a preview has.
fn plain(template: &Template, figure: &Figure, groups: &[Group]) -> Option<PlainFigure> {
    Some(match figure {
        Figure::Trace { quantity, component, min, max } => {
            let first = groups.iter().find_map(|group| Some((group, group.run.stream(*quantity)?)))?;
            let name = Bilingual { de: format!("Gruppe {}", first.0.number), en: format!("group {}", first.0.number) };
            PlainFigure::Trace(Trace {
                x: Quantity::new("t", "s"),
                y: Quantity::new(&format!("{} {}", quantity.name(), component.name(*quantity)), quantity.unit()),
                curves: vec![curve(name, first.1, *component)],
                range: Some((*min, *max)),
                ..Trace::default()
            })
        }
        Figure::Strip { of, .. } => {
            let (quantity, values, reference) = results(template, of, groups)?;
            PlainFigure::Strip(Strip { quantity, values, reference, ..Strip::default() })
        }
        Figure::Histogram { of, .. } => {
            let (quantity, values, reference) = results(template, of, groups)?;
            PlainFigure::Histogram(Histogram { quantity, values, reference, ..Histogram::default() })
        }
        Figure::Box { of, .. } => {
            let (quantity, values, reference) = results(template, of, groups)?;
            PlainFigure::Box(BoxPlot { quantity, values, reference, ..BoxPlot::default() })
        }
        Figure::Phone { quantity } => PlainFigure::Phone(Phone { quantity: named(*quantity), ..Phone::default() }),
        _ => return None,
    })
}

fn named(property: ObservedProperty) -> Quantity {
    Quantity::new(property.name(), property.unit())
}

/// What the groups found for a number, with its name and unit, and the accepted value if it is the outcome's.
fn results(template: &Template, of: &str, groups: &[Group]) -> Option<(Quantity, Vec<Drawn>, Option<Band>)> {
    let unit = template.unit_of(of)?;
    let value = |group: &Group| {
        let found = group.results.iter().find(|result| result.name == of)?.result.as_ref().ok()?;
        let number = u32::try_from(group.number).ok()?;
        Some(Drawn { value: found.value, uncertainty: Some(found.uncertainty), number, ..Drawn::default() })
    };
    let label = template.label_of(of).map_or_else(|| Bilingual::same(of), |label| Bilingual { de: label.de.clone(), en: label.en.clone() });
    let reference = template.reference.as_ref().filter(|_| of == template.outcome).map(|reference| Band {
        value: reference.value,
        tolerance: reference.tolerance,
        label: Bilingual { de: reference.label.de.clone(), en: reference.label.en.clone() },
    });
    Some((Quantity { name: label, unit: unit.to_owned() }, groups.iter().filter_map(value).collect(), reference))
}

/// A component over time; of many readings the least and the largest of each stretch, so that no peak is lost.
fn curve(name: Bilingual, stream: &StreamData, component: Component) -> Curve {
    let value = |at: usize| match component {
        Component::X => stream.x[at],
        Component::Y => stream.y.get(at).copied().unwrap_or(0.0),
        Component::Z => stream.z.get(at).copied().unwrap_or(0.0),
        Component::Abs => {
            let of = |axis: &[f64]| axis.get(at).copied().unwrap_or(0.0);
            (of(&stream.x).powi(2) + of(&stream.y).powi(2) + of(&stream.z).powi(2)).sqrt()
        }
    };
    let mut kept: Vec<usize> = vec![];
    let stretch = (2 * stream.time.len()).div_ceil(POINTS).max(1);
    for start in (0..stream.time.len()).step_by(stretch) {
        let all = start..(start + stretch).min(stream.time.len());
        let least = all.clone().min_by(|a, b| value(*a).total_cmp(&value(*b)));
        let largest = all.max_by(|a, b| value(*a).total_cmp(&value(*b)));
        let mut ends: Vec<usize> = least.into_iter().chain(largest).collect();
        ends.sort_unstable();
        ends.dedup();
        kept.extend(ends);
    }
    Curve { name, x: kept.iter().map(|at| stream.time[*at]).collect(), y: kept.iter().map(|at| Some(value(*at))).collect(), own: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shelf::starter;

    #[test]
    fn the_starter_is_tried_with_a_class() {
        let bundle = Bundle::from_files(starter::files("mine").unwrap().bytes().unwrap()).unwrap();
        let told = preview(&bundle, Lang::De).unwrap();
        assert_eq!((told["groups"].as_array().unwrap().len(), &told["fixtures"][0]["passed"]), (8, &json!(true)));
        assert_eq!((&told["steps"][0]["name"], &told["steps"][0]["label"]["en"]), (&json!("a"), &json!("Acceleration at rest")));
        for group in told["groups"].as_array().unwrap() {
            let found = &group["results"][0];
            assert!((found["value"].as_f64().unwrap() - 9.81).abs() < 0.3 && found["said"].as_str().unwrap().contains("m/s²"), "{group}");
        }
        let figures = told["figures"].as_array().unwrap();
        assert_eq!(figures.iter().map(|figure| figure["kind"].as_str().unwrap()).collect::<Vec<_>>(), ["trace", "strip"]);
        assert!(figures.iter().all(|figure| figure["svg"].as_str().is_some_and(|svg| svg.starts_with("<svg") && svg.contains("<title>"))));
    }

    #[test]
    fn a_curve_keeps_its_peaks() {
        let count = 10_000;
        let mut x = vec![0.0; count];
        (x[4_321], x[77]) = (9.0, -3.0);
        let time = (0..count).map(|at| at as f64 / 100.0).collect();
        let stream = StreamData { property: ObservedProperty::Acceleration, time, x, y: vec![0.0; count], z: vec![0.0; count] };
        let drawn = curve(Bilingual::same("x"), &stream, Component::X);
        let values: Vec<f64> = drawn.y.iter().flatten().copied().collect();
        assert!(drawn.x.len() <= POINTS + 2 && values.contains(&9.0) && values.contains(&-3.0), "{}", drawn.x.len());
        assert!(drawn.x.windows(2).all(|pair| pair[0] < pair[1]));
        let size = curve(Bilingual::same("abs"), &stream, Component::Abs);
        assert!(size.y.iter().flatten().all(|value| *value >= 0.0));
    }
}
