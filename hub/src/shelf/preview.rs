//! A template tried without a class: its fixtures, a simulated class, and the figures the board would show.

use messwerk_lessons::bundle::{Bundle, run_fixture};
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::outcome::with_uncertainty;
use messwerk_lessons::physics;
use messwerk_lessons::template::{Figure, Quantity, RunData, StepResult, Template, Text};
use messwerk_query::{LessonOutcomes, Step, ThingOutcome};
use messwerk_viz_wasm::svg::{self, Sheet};
use messwerk_viz_wasm::words::Lang;
use serde_json::{Value, json};

use super::refused;
use crate::api::problem::Problem;
use crate::discuss::{Class, Curves, Drawn, Own, Predicted, with_common_axes};

/// Groups of a simulated class that make no mistake; each planted mistake is one more.
const GROUPS: u64 = 8;
/// Below a figure in the page: wide enough for a projector, small enough for a phone.
const SHEET: (u32, u32) = (960, 540);

/// What one simulated group has.
struct Group {
    number: usize,
    run: RunData,
    results: Vec<StepResult>,
}

impl Group {
    fn name(&self, language: Lang) -> String {
        format!("{} {}", language.pick("Gruppe", "group"), self.number)
    }
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

/// The board's figures, each as SVG with what it says: those of the class, and of a single group those of the first, on everybody's
/// axes. `svg` is null where there is nothing to draw, and `summary` says why.
fn figures(template: &Template, groups: &[Group], language: Lang) -> Vec<Value> {
    if groups.is_empty() {
        return vec![];
    }
    let drawn: Vec<Drawn> = groups.iter().map(|group| Own::of(template, group.run.clone()).drawn(&group.name(language))).collect();
    let mut curves = Curves::new();
    for (place, curve) in drawn.iter().flat_map(|drawn| &drawn.curves) {
        curves.entry(*place).or_default().push(curve.clone());
    }
    let outcomes = outcomes(template, groups, language);
    let class = Class { template, outcomes: &outcomes, predicted: &Predicted::default(), curves };
    let first = drawn.first().map(|first| with_common_axes(first, drawn.iter())).unwrap_or_default();
    let sheet = Sheet { width: SHEET.0, height: SHEET.1, lang: language, ..Sheet::default() };
    let told = |(place, figure): (usize, &Figure)| {
        let own = first.figures.get(&place);
        let plain = class.figure(place).or_else(|| own.and_then(|own| own.as_ref().ok()).cloned());
        let reason = own.and_then(|own| own.as_ref().err()).cloned().or_else(|| class.missing(place));
        let reason = reason.map(|reason| reason.in_language(language.pick("de", "en")).to_owned());
        let svg = plain.as_ref().and_then(|drawn| {
            let drawing = drawn.check().and_then(|()| svg::plain(drawn, sheet));
            drawing.inspect_err(|error| tracing::warn!(template = template.id, "a preview's figure is not drawn: {error}")).ok()
        });
        let title = plain.as_ref().map_or_else(|| figure.kind().to_owned(), |plain| plain.title(language));
        json!({"kind": figure.kind(), "title": title, "summary": plain.map(|plain| plain.summary(language)).or(reason), "svg": svg})
    };
    template.figures.iter().enumerate().map(told).collect()
}

/// What the simulated groups found, as a real lesson's results are told.
fn outcomes(template: &Template, groups: &[Group], language: Lang) -> LessonOutcomes {
    let outcome = |group: &Group| {
        let found = |name: &str| group.results.iter().find(|result| result.name == name)?.result.as_ref().ok();
        let Quantity { value, uncertainty, unit } = found(&template.outcome)?.clone();
        let others = group.results.iter().filter(|result| result.name != template.outcome);
        let steps = others.filter_map(|result| Some(Step { name: result.name.clone(), quantity: result.result.clone().ok()? }));
        Some(ThingOutcome {
            thing: ThingId(group.number as u64),
            number: u32::try_from(group.number).ok()?,
            nickname: group.name(language),
            run: 1,
            by_hand: false,
            name: template.outcome.clone(),
            value,
            uncertainty,
            unit,
            steps: steps.collect(),
            excluded: None,
            undone: false,
            entered: group.run.inputs.clone(),
            hints: vec![],
        })
    };
    LessonOutcomes { outcomes: groups.iter().filter_map(outcome).collect(), ..LessonOutcomes::none(LessonId(0), &template.id) }
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
    fn every_lesson_of_the_library_is_drawn_whole() {
        for template in messwerk_lessons::template::builtins() {
            let groups = class(template);
            for figure in figures(template, &groups, Lang::De) {
                assert!(
                    figure["svg"].is_string() && figure["summary"].as_str().is_some_and(|said| said.len() > 10),
                    "{}: {figure}",
                    template.id
                );
            }
        }
    }

    #[test]
    fn curves_of_a_simulated_class_lie_on_one_another() {
        let text = include_str!("../../../lessons/library/pendulum/lesson.toml");
        let overlay =
            "\n[[figure]]\nkind = \"overlay\"\nof = \"angular_velocity.z\"\nlevel = 0.15\nedge = \"rising\"\nbefore_s = 0.5\nafter_s = 2\n";
        let template = Template::parse(&format!("{text}{overlay}")).unwrap();
        let drawn = figures(&template, &class(&template), Lang::En).pop().unwrap();
        assert_eq!((&drawn["kind"], drawn["svg"].is_string()), (&json!("overlay"), true), "{drawn}");
    }
}
