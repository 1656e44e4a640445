//! Fixtures: a recording, and what must come out of it.

mod csv;
mod plan;

pub(super) use plan::{Expected, Fixture, Source};

use std::collections::BTreeMap;

use serde::Serialize;

use super::Bundle;
use crate::outcome::{number, with_uncertainty};
use crate::physics;
use crate::template::{Finding, Level, RunData, Template, Text};

/// The longest simulated recording, s.
const LONGEST_S: f64 = 600.0;

/// What became of a fixture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FixtureReport {
    /// Its name: `good`.
    pub name: String,
    /// Whether everything came out as it says.
    pub passed: bool,
    /// Each expectation and what was found.
    pub checks: Vec<Check>,
    /// What is wrong with the fixture itself, or what contradicts the template; empty if it passed.
    pub findings: Vec<Finding>,
}

/// One expectation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// The number it is about (`g`, `fit.slope`), or `hints`.
    pub of: String,
    /// What was expected, in words.
    pub expected: Text,
    /// What came out, in words.
    pub found: Text,
    /// Whether both agree.
    pub passed: bool,
}

/// Runs a fixture of a bundle. Pure; a simulated minute takes milliseconds.
pub fn run_fixture(bundle: &Bundle, name: &str) -> FixtureReport {
    let file = format!("fixtures/{name}.toml");
    let failed = |findings| FixtureReport { name: name.to_owned(), passed: false, checks: vec![], findings };
    let template = match bundle.template() {
        Ok(template) => template,
        Err(error) => return failed(error.findings),
    };
    let Some(text) = bundle.text(&file) else { return failed(vec![missing(&file)]) };
    let (fixture, findings) = plan::read(text, &file, &template);
    match fixture {
        Some(fixture) => run(bundle, &template, name, &file, &fixture),
        None => failed(findings),
    }
}

fn missing(file: &str) -> Finding {
    let text = Text { de: "Diese Datei fehlt oder ist kein Text.".to_owned(), en: "This file is missing or no text.".to_owned() };
    let fix = Text { de: "Lege sie in den Ordner fixtures.".to_owned(), en: "Put it into the folder fixtures.".to_owned() };
    whole_file(file, Level::Error, "missing_file", text, fix)
}

/// A finding about a whole file.
pub(super) fn whole_file(file: &str, level: Level, code: &'static str, text: Text, fix: Text) -> Finding {
    Finding { file: file.to_owned(), line: 0, column: 0, key: String::new(), level, code, text, fix }
}

fn run(bundle: &Bundle, template: &Template, name: &str, file: &str, fixture: &Fixture) -> FixtureReport {
    let mut report = FixtureReport { name: name.to_owned(), passed: false, checks: vec![], findings: vec![] };
    let data = match recording(bundle, template, file, fixture) {
        Ok(data) => data,
        Err(finding) => {
            report.findings.push(*finding);
            return report;
        }
    };
    let results = template.analyse(&data);
    for (of, expected, line) in &fixture.expected {
        let found = results.iter().find(|result| result.name == *of).map(|result| result.result.clone());
        let Some(found) = found else { continue };
        let unit = template.unit_of(of).unwrap_or("1");
        let (passed, wanted) = match (expected, &found) {
            (Expected::Value { value, within }, found) => {
                let near = |quantity: &crate::template::Quantity| (quantity.value - value).abs() <= *within;
                let say = |language: &str| format!("{} ± {}", number(*value, language), number(*within, language));
                (found.as_ref().is_ok_and(near), Text { de: say("de"), en: say("en") })
            }
            (Expected::Reason(kind), found) => {
                let text = Text { de: format!("kein Ergebnis ({kind})"), en: format!("no result ({kind})") };
                (found.as_ref().is_err_and(|reason| reason.kind == kind), text)
            }
        };
        let came = match &found {
            Ok(quantity) => {
                let say = |language: &str| {
                    // Six digits more than the uncertainty has show by how little it failed.
                    let full = with_uncertainty(quantity.value, quantity.uncertainty, unit, language);
                    format!("{full} ({})", number(quantity.value, language))
                };
                Text { de: say("de"), en: say("en") }
            }
            Err(reason) => {
                Text { de: format!("{} ({})", reason.text.de, reason.kind), en: format!("{} ({})", reason.text.en, reason.kind) }
            }
        };
        note(&mut report, file, *line, Check { of: of.clone(), expected: wanted, found: came, passed });
    }
    let mut found: Vec<&str> = template.hints(&data, &results).into_iter().map(|hint| hint.name.as_str()).collect();
    found.sort_unstable();
    let mut wanted: Vec<&str> = fixture.hints.iter().map(String::as_str).collect();
    wanted.sort_unstable();
    let say = |names: &[&str]| {
        let list = names.join(", ");
        let none = names.is_empty();
        Text { de: if none { "keine Hinweise".to_owned() } else { list.clone() }, en: if none { "no hints".to_owned() } else { list } }
    };
    let check = Check { of: "hints".to_owned(), expected: say(&wanted), found: say(&found), passed: wanted == found };
    note(&mut report, file, (fixture.hints_line, 1), check);
    report.passed = report.findings.is_empty();
    report
}

fn note(report: &mut FixtureReport, file: &str, (line, column): (u32, u32), check: Check) {
    if !check.passed {
        let text = Text {
            de: format!("Heraus kam {}, erwartet war {}.", check.found.de, check.expected.de),
            en: format!("What came out is {}, what was expected is {}.", check.found.en, check.expected.en),
        };
        let fix = Text {
            de: "Die Prüfdaten widersprechen der Vorlage: Berichtige die Analyse oder die Erwartung.".to_owned(),
            en: "The fixture contradicts the template: mend the analysis or the expectation.".to_owned(),
        };
        let key = if check.of == "hints" { check.of.clone() } else { format!("expect.{}", check.of) };
        report.findings.push(Finding { file: file.to_owned(), line, column, key, level: Level::Error, code: "contradiction", text, fix });
    }
    report.checks.push(check);
}

/// The readings and inputs of a fixture.
fn recording(bundle: &Bundle, template: &Template, file: &str, fixture: &Fixture) -> Result<RunData, Box<Finding>> {
    let mut data = match &fixture.source {
        Source::Nothing => RunData { streams: vec![], inputs: BTreeMap::new() },
        Source::Csv(name) => {
            let path = format!("fixtures/{name}");
            csv::read(bundle.text(&path).ok_or_else(|| Box::new(missing(&path)))?, &path, template)?
        }
        Source::Simulated { seed, seconds, mistake } => {
            let simulation = template.simulation.as_ref().map(|simulation| simulation.scenario.as_str());
            let made = simulation.and_then(|name| physics::scenario(name, mistake.as_deref(), seconds.min(LONGEST_S), *seed));
            made.ok_or_else(|| Box::new(no_scenario(file, simulation, mistake.as_deref())))?
        }
    };
    data.inputs.extend(fixture.inputs.clone());
    Ok(data)
}

fn no_scenario(file: &str, scenario: Option<&str>, mistake: Option<&str>) -> Finding {
    let mistakes = scenario.map(physics::mistakes).unwrap_or_default().join(", ");
    let (text, fix) = match (scenario, mistake) {
        (None, _) => (
            Text { de: "Die Vorlage hat kein [simulation].".to_owned(), en: "The template has no [simulation].".to_owned() },
            Text { de: "Ergänze [simulation] oder nimm csv.".to_owned(), en: "Add [simulation], or use csv.".to_owned() },
        ),
        (Some(name), Some(mistake)) if physics::scenarios().any(|known| known == name) => (
            Text {
                de: format!("„{name}“ hat keinen Fehler „{mistake}“."), en: format!("“{name}” has no mistake “{mistake}”.")
            },
            Text { de: format!("Möglich: {mistakes}."), en: format!("Possible: {mistakes}.") },
        ),
        (Some(name), _) => {
            let known = physics::scenarios().collect::<Vec<_>>().join(", ");
            let text = Text { de: format!("Das Szenario „{name}“ gibt es nicht."), en: format!("There is no scenario “{name}”.") };
            (text, Text { de: format!("Möglich: {known}."), en: format!("Possible: {known}.") })
        }
    };
    whole_file(file, Level::Error, "no_scenario", text, fix)
}
