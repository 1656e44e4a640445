//! The library: every lesson is complete in both languages, and its fixtures give what they say.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use messwerk_lessons::bundle::{Bundle, lint, run_fixture};
use messwerk_lessons::physics::{mistakes, scenarios, truth};
use messwerk_lessons::template::{Template, builtins};

fn folder(id: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/library")).join(id)
}

fn scenario(template: &Template) -> &str {
    &template.simulation.as_ref().unwrap_or_else(|| panic!("{}: no [simulation]", template.id)).scenario
}

const SECTIONS: [[&str; 11]; 2] = [
    [
        "Ziele",
        "Vorwissen",
        "Material",
        "Sicherheit",
        "Vorhersagen",
        "Messen",
        "Vergleichen",
        "Erklären",
        "Fragen",
        "Typische Fehler",
        "Hinweise für Lehrkräfte",
    ],
    [
        "Goals",
        "Prior knowledge",
        "Materials",
        "Safety",
        "Predict",
        "Measure",
        "Compare",
        "Explain",
        "Questions",
        "Typical mistakes",
        "Notes for teachers",
    ],
];

#[test]
fn every_lesson_is_complete() {
    assert!(builtins().len() >= 15);
    for template in builtins() {
        let id = &template.id;
        for (language, sections) in ["de", "en"].iter().zip(SECTIONS) {
            let text = std::fs::read_to_string(folder(id).join(format!("{language}.md"))).unwrap_or_else(|error| panic!("{id}: {error}"));
            let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
            assert_eq!(headings, sections, "{id}, {language}");
            let parts = text.split("## ").skip(1).map(|part| part.lines().skip(1).map(|line| line.len()).sum::<usize>());
            assert!(parts.clone().all(|length| length > 40), "{id}, {language}: {:?}", parts.collect::<Vec<_>>());
        }
        assert!(!template.predictions.is_empty() && !template.hints.is_empty(), "{id}");
        assert!(template.comparison.is_some() && template.retention.is_some(), "{id}");
        assert!(template.share.k >= 5 && !template.share.singles, "{id}");
        assert!(template.figures.len() >= 2, "{id}");
    }
}

/// One set of names: what a scenario does wrong is what a hint recognises.
#[test]
fn every_lesson_has_physics_and_a_hint_for_each_planted_mistake() {
    let mut used: Vec<&str> = builtins().iter().map(scenario).collect();
    used.sort_unstable();
    assert_eq!(used, scenarios().collect::<Vec<_>>());
    for template in builtins() {
        let name = scenario(template);
        let (step, _) = truth(name).unwrap();
        assert_eq!(step, template.outcome, "{name}");
        let mut hints: Vec<&str> = template.hints.iter().map(|hint| hint.name.as_str()).collect();
        let mut planted = mistakes(name).to_vec();
        hints.sort_unstable();
        planted.sort_unstable();
        assert_eq!(hints, planted, "{name}");
    }
}

fn bundle(id: &str) -> Bundle {
    let mut files = BTreeMap::new();
    for (within, path) in [("", folder(id)), ("fixtures/", folder(id).join("fixtures")), ("assets/", folder(id).join("assets"))] {
        let Ok(entries) = std::fs::read_dir(path) else { continue };
        for entry in entries.map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            let name = format!("{within}{}", entry.file_name().into_string().unwrap());
            files.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
    Bundle::from_files(files).unwrap()
}

#[test]
fn every_lesson_lints_clean() {
    for template in builtins() {
        let findings = lint(&bundle(&template.id));
        assert!(findings.is_empty(), "{}:\n{}", template.id, findings.iter().map(|finding| format!("{finding}\n")).collect::<String>());
    }
}

#[test]
fn every_fixture_gives_what_it_says() {
    for template in builtins() {
        let bundle = bundle(&template.id);
        let names: Vec<String> = bundle.fixtures().iter().map(|name| name.to_string()).collect();
        assert!(names.iter().any(|name| name == "good"), "{}", template.id);
        for hint in &template.hints {
            assert!(names.contains(&hint.name.replace('_', "-")), "{}: no fixture for {}", template.id, hint.name);
        }
        for name in names {
            let report = run_fixture(&bundle, &name);
            assert!(report.passed, "{}, {name}: {:#?}", template.id, report.findings);
        }
    }
}
