//! Everything that is wrong with a template, at once.

mod assets;
mod texts;

use super::fixture::whole_file;
use super::{Bundle, PLAN, run_fixture};
use crate::physics;
use crate::template::{Finding, Level, Template, Text, nearest};

/// More are of no use to anybody.
const MOST: usize = 500;

/// Each is a recording that is analysed.
const MOST_FIXTURES: usize = 20;

/// Looks at every file. The template is refused if anything of [`Level::Error`] is among the findings. They come by file (the plan first),
/// line and column.
pub fn lint(bundle: &Bundle) -> Vec<Finding> {
    let mut findings = vec![];
    let template = match bundle.text(PLAN) {
        Some(text) => {
            let (template, of_plan) = Template::read(text);
            findings.extend(of_plan);
            template
        }
        None => {
            findings.push(no_text(PLAN));
            None
        }
    };
    let pictures = texts::lint(bundle, template.as_ref(), &mut findings);
    assets::lint(bundle, &pictures, &mut findings);
    if let Some(template) = &template {
        scenario(bundle, template, &mut findings);
        fixtures(bundle, &mut findings);
    }
    for path in bundle.left_out() {
        let text = say("Diese Datei gehört zu keiner Vorlage und bleibt weg.", "This file belongs to no template and is left out.");
        let fix = say("lesson.toml, de.md, en.md, assets/*, fixtures/*", "lesson.toml, de.md, en.md, assets/*, fixtures/*");
        findings.push(whole_file(path, Level::Warning, "left_out", text, fix));
    }
    findings.sort_by(|a, b| (a.file != PLAN, &a.file, a.line, a.column).cmp(&(b.file != PLAN, &b.file, b.line, b.column)));
    findings.truncate(MOST);
    findings
}

fn say(de: impl Into<String>, en: impl Into<String>) -> Text {
    Text { de: de.into(), en: en.into() }
}

fn no_text(file: &str) -> Finding {
    let text = say("Diese Datei ist kein Text in UTF-8.", "This file is no text in UTF-8.");
    whole_file(file, Level::Error, "no_text", text, say("Speichere sie als Text in UTF-8.", "Save it as text in UTF-8."))
}

/// Whether the scenario exists.
fn scenario(bundle: &Bundle, template: &Template, findings: &mut Vec<Finding>) {
    let Some(simulation) = &template.simulation else { return };
    if physics::scenarios().any(|known| known == simulation.scenario) {
        return;
    }
    let written = &simulation.scenario;
    let line = bundle.text(PLAN).unwrap_or_default().lines().position(|line| line.trim_start().starts_with("scenario"));
    let near = nearest(written, physics::scenarios()).map(str::to_owned);
    let known = physics::scenarios().collect::<Vec<_>>().join(", ");
    let fix = near.map_or_else(
        || say(format!("Möglich: {known}."), format!("Possible: {known}.")),
        |near| say(format!("Ist „{near}“ gemeint?"), format!("Did you mean “{near}”?")),
    );
    let text = say("Dieses Szenario gibt es nicht.", "There is no such scenario.");
    findings.push(Finding {
        line: line.map_or(0, |line| line as u32 + 1),
        column: u32::from(line.is_some()),
        key: "simulation.scenario".to_owned(),
        ..whole_file(PLAN, Level::Error, "no_scenario", text, fix)
    });
}

/// Whether there is a fixture, and whether each agrees with the template.
fn fixtures(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let names = bundle.fixtures();
    if names.is_empty() {
        let text = say("Es fehlt eine Prüfung: fixtures/NAME.toml.", "A fixture is missing: fixtures/NAME.toml.");
        let fix = say("Lege eine Aufzeichnung dazu und was aus ihr herauskommen muss.", "Add a recording and what must come out of it.");
        findings.push(whole_file("fixtures", Level::Error, "no_fixture", text, fix));
    }
    if names.len() > MOST_FIXTURES {
        let text = say(format!("Mehr als {MOST_FIXTURES} Prüfungen."), format!("More than {MOST_FIXTURES} fixtures."));
        findings.push(whole_file("fixtures", Level::Error, "many_fixtures", text, say("Lass welche weg.", "Leave some out.")));
    }
    for name in names.into_iter().take(MOST_FIXTURES) {
        findings.extend(run_fixture(bundle, name).findings);
    }
    for (path, _) in bundle.files().filter(|(path, _)| path.starts_with("fixtures/") && path.ends_with(".csv")) {
        let file = &path["fixtures/".len()..];
        let used =
            bundle.fixtures().iter().any(|name| bundle.text(&format!("fixtures/{name}.toml")).is_some_and(|text| text.contains(file)));
        if !used {
            let text = say("Keine Prüfung benutzt diese Datei.", "No fixture uses this file.");
            findings.push(whole_file(path, Level::Warning, "unused", text, say("Lass sie weg.", "Leave it out.")));
        }
    }
}
