//! From the text of a `lesson.toml` to its parts, with everything that is wrong in it and where.
//!
//! The file is walked by hand and not by serde, because serde stops at the first mistake.

mod keys;
mod parts;
mod steps;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(crate) use keys::Keys;
use toml::Spanned;
use toml::de::DeTable;

use super::finding::{Finding, Issue, Level};
use super::{Language, Template};

/// The most that a `lesson.toml` may have, in bytes.
pub(crate) const LARGEST: usize = 256 * 1024;

/// More are of no use to anybody.
const MOST_FINDINGS: usize = 200;

/// A mistake and the place of the key it is about.
type Raw = (usize, String, Issue);

/// What is collected on the walk.
#[derive(Default)]
pub(crate) struct Notes {
    raw: RefCell<Vec<Raw>>,
    /// Where each key's value stands.
    places: RefCell<BTreeMap<String, usize>>,
    /// Names of what could not be read, so that nobody complains that it is missing.
    broken: RefCell<BTreeSet<String>>,
    languages: RefCell<Vec<Language>>,
    /// Every key that was asked for, below `table`: what the format has.
    #[cfg(test)]
    asked: RefCell<BTreeSet<(String, String)>>,
}

impl Notes {
    pub(super) fn note(&self, key: &str, issue: Issue) {
        // A key that is missing stands where its table stands.
        let places = self.places.borrow();
        let mut at = key;
        let place = loop {
            if let Some(place) = places.get(at) {
                break *place;
            }
            match at.rsplit_once('.') {
                Some((parent, _)) => at = parent,
                None => break 0,
            }
        };
        self.note_at(place, key, issue);
    }

    fn note_at(&self, place: usize, key: &str, issue: Issue) {
        let mut raw = self.raw.borrow_mut();
        if raw.len() < MOST_FINDINGS {
            raw.push((place, key.to_owned(), issue));
        }
    }

    fn place(&self, key: &str, span: &Range<usize>) {
        self.places.borrow_mut().entry(key.to_owned()).or_insert(span.start);
    }

    /// Whether the file has a key or table of this name, readable or not.
    pub(super) fn stands(&self, key: &str) -> bool {
        self.places.borrow().contains_key(key)
    }

    pub(super) fn is_broken(&self, name: &str) -> bool {
        self.broken.borrow().contains(name.split('.').next().unwrap_or(name))
    }

    pub(super) fn mark_broken(&self, name: &str) {
        self.broken.borrow_mut().insert(name.to_owned());
    }

    /// In the order of the file.
    fn findings(self, text: &str, file: &str) -> Vec<Finding> {
        let mut raw = self.raw.into_inner();
        raw.sort_by_key(|(place, ..)| *place);
        let lines = Lines::of(text);
        let finding = |(place, key, issue): Raw| {
            let (line, column) = lines.position(text, place);
            let (code, text, fix) = issue.words();
            Finding { file: file.to_owned(), line, column, key, level: issue.level(), code, text, fix }
        };
        raw.into_iter().map(finding).collect()
    }
}

/// Where lines begin.
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// Line and column of a byte, from 1.
    pub(crate) fn position(&self, text: &str, place: usize) -> (u32, u32) {
        let line = self.0.partition_point(|start| *start <= place).max(1);
        let before = text.get(self.0[line - 1]..place).unwrap_or("");
        (line as u32, before.chars().count() as u32 + 1)
    }
}

/// Reads and checks a `lesson.toml`: the template unless something is wrong, and everything that was found.
pub(super) fn read(text: &str) -> (Option<Template>, Vec<Finding>) {
    let notes = Notes::default();
    let template = read_with(text, &notes);
    let findings = notes.findings(text, "lesson.toml");
    let good = !findings.iter().any(|finding| finding.level == Level::Error);
    (template.filter(|_| good), findings)
}

fn read_with(text: &str, notes: &Notes) -> Option<Template> {
    let table = table(text, notes)?;
    let keys = Keys::new(notes, table.get_ref(), String::new(), 0..0);
    let mut template = parts::template(&keys);
    keys.finish();
    template.check(notes);
    Some(template)
}

/// The file as TOML, or complaints.
fn table<'t>(text: &'t str, notes: &Notes) -> Option<Spanned<DeTable<'t>>> {
    if text.len() > LARGEST {
        notes.note_at(0, "", Issue::TooLong { most: LARGEST });
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        for error in errors {
            let words = error.message().lines().next().unwrap_or_default().to_owned();
            notes.note_at(error.span().map_or(0, |span| span.start), "", Issue::Syntax(words));
        }
        return None;
    }
    Some(table)
}

/// Line and column of each key.
#[cfg(feature = "bundles")]
pub(crate) type Places = BTreeMap<String, (u32, u32)>;

/// Reads another file of the same manner: what `read` makes of it, what is wrong, and where each key stands.
#[cfg(feature = "bundles")]
pub(crate) fn read_table<T>(text: &str, file: &str, read: impl Fn(&Keys<'_, '_>) -> T) -> (Option<T>, Vec<Finding>, Places) {
    let notes = Notes::default();
    let found = table(text, &notes).map(|table| {
        let keys = Keys::new(&notes, table.get_ref(), String::new(), 0..0);
        let found = read(&keys);
        keys.finish();
        found
    });
    let lines = Lines::of(text);
    let places = notes.places.borrow().iter().map(|(key, place)| (key.clone(), lines.position(text, *place))).collect();
    (found, notes.findings(text, file), places)
}

/// Every key of the format that reading `text` asked for, by the path of its table.
#[cfg(test)]
pub(super) fn asked(text: &str) -> BTreeSet<(String, String)> {
    let notes = Notes::default();
    read_with(text, &notes);
    notes.asked.into_inner()
}

#[cfg(test)]
pub(in crate::template) mod tests;
