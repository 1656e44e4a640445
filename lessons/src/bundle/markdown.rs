//! The texts: Markdown to sections of safe HTML.

mod read;

pub(super) use read::{Trouble, read};

use serde::Serialize;

use crate::template::Language;

/// The sections of a text in their order: key, German heading, English heading.
pub const SECTIONS: [(&str, &str, &str); 11] = [
    ("goals", "Ziele", "Goals"),
    ("knowledge", "Vorwissen", "Prior knowledge"),
    ("materials", "Material", "Materials"),
    ("safety", "Sicherheit", "Safety"),
    ("predict", "Vorhersagen", "Predict"),
    ("measure", "Messen", "Measure"),
    ("compare", "Vergleichen", "Compare"),
    ("explain", "Erklären", "Explain"),
    ("questions", "Fragen", "Questions"),
    ("mistakes", "Typische Fehler", "Typical mistakes"),
    ("notes", "Hinweise für Lehrkräfte", "Notes for teachers"),
];

/// What only the teacher reads.
const TEACHERS: [&str; 5] = ["goals", "knowledge", "materials", "mistakes", "notes"];

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Section {
    /// Its key: `goals`.
    pub key: &'static str,
    /// Its heading as it is shown.
    pub heading: String,
    /// Safe HTML: no markup, script, style or address of the author's. Headings within begin with `<h3>`.
    pub html: String,
    /// Whether only the teacher reads it.
    pub teacher: bool,
}

/// A text's parts in the order of [`SECTIONS`]; those that are missing are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sections(pub Vec<Section>);

impl Sections {
    /// The section of a key: `goals`.
    pub fn section(&self, key: &str) -> Option<&Section> {
        self.0.iter().find(|section| section.key == key)
    }
}

pub(super) fn heading(index: usize, language: Language) -> &'static str {
    let (_, de, en) = SECTIONS[index];
    if language == Language::De { de } else { en }
}

/// The text as sections; pictures lie below `base`.
pub(super) fn sections(text: &str, language: Language, base: &str) -> Sections {
    let parts = read(text, language, base).parts;
    let section = |(index, html): (usize, String)| {
        let key = SECTIONS[index].0;
        Section { key, heading: heading(index, language).to_owned(), html, teacher: TEACHERS.contains(&key) }
    };
    Sections(parts.into_iter().enumerate().filter_map(|(index, html)| Some((index, html?))).map(section).collect())
}

/// Whether pupils read the section of an index.
pub(super) fn for_pupils(index: usize) -> bool {
    !TEACHERS.contains(&SECTIONS[index].0)
}
