mod archives;
mod files;
mod fixtures;
mod library;
mod mutated;
mod texts;

use std::collections::BTreeMap;

use super::*;
use crate::template::{Finding, Level};

/// The pendulum with a mistake that is recognised, and a simulation.
pub(super) fn plan() -> String {
    let pendulum = include_str!("tests/pendulum.toml");
    pendulum.to_owned()
}

/// A text with every section.
pub(super) fn text(language: Language) -> String {
    let sections = (0..SECTIONS.len()).map(|index| format!("## {}\n\nEin Satz. One sentence.\n\n", markdown::heading(index, language)));
    sections.collect()
}

/// The header of a picture of so many points.
pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend_from_slice(&width.to_be_bytes());
    bytes.extend_from_slice(&height.to_be_bytes());
    bytes
}

const GOOD: &str = "simulate = { seed = 7, seconds = 20 }\n[expect.g]\nvalue = 9.81\nwithin = 0.3\n";

/// Files without any finding.
pub(super) fn files() -> BTreeMap<String, Vec<u8>> {
    let shown = text(Language::De).replacen("Ein Satz.", "Ein Satz. ![Ein Handy am Faden](assets/setup.png)", 1);
    BTreeMap::from([
        (PLAN.to_owned(), plan().into_bytes()),
        ("de.md".to_owned(), shown.into_bytes()),
        ("en.md".to_owned(), text(Language::En).into_bytes()),
        ("assets/setup.png".to_owned(), png(800, 600)),
        ("fixtures/good.toml".to_owned(), GOOD.as_bytes().to_vec()),
    ])
}

pub(super) fn bundle() -> Bundle {
    Bundle::from_files(files()).unwrap()
}

/// The bundle with one file replaced, or left out.
pub(super) fn with(path: &str, bytes: Option<&[u8]>) -> Bundle {
    let mut files = files();
    files.remove(path);
    files.extend(bytes.map(|bytes| (path.to_owned(), bytes.to_vec())));
    Bundle::from_files(files).unwrap()
}

/// Findings worth a line: `file:line code`.
pub(super) fn told(findings: &[Finding], level: Level) -> Vec<String> {
    let wanted = findings.iter().filter(|finding| finding.level == level);
    wanted.map(|finding| format!("{}:{} {}", finding.file, finding.line, finding.code)).collect()
}

#[test]
fn a_whole_bundle_has_no_findings() {
    assert_eq!(lint(&bundle()), []);
}
