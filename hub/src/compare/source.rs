//! Where a class's results come from, and where they came from in the end.

use messwerk_lessons::template::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::Problem;

/// Most characters of a label: longer ones cover the figure.
const LABEL: usize = 40;

/// Where a class's results come from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A lesson of this hub.
    Lesson {
        /// Its id.
        id: String,
        /// What the class is called, at most 40 characters; without one it gets a letter.
        #[serde(default)]
        label: Option<String>,
    },
    /// A release that this hub made, or another hub's that is used here.
    Release {
        /// Its id.
        id: String,
        /// What the class is called, at most 40 characters; without one it is called as the release says.
        #[serde(default)]
        label: Option<String>,
    },
}

impl Source {
    /// The id of the lesson or the release.
    pub fn id(&self) -> &str {
        let (Self::Lesson { id, .. } | Self::Release { id, .. }) = self;
        id
    }

    fn label(&self) -> Option<&str> {
        let (Self::Lesson { label, .. } | Self::Release { label, .. }) = self;
        label.as_deref()
    }

    /// What the class is called: what the teacher typed, else what it is called where it comes from, else a letter. Of two releases of
    /// one school the second has its week behind the name.
    pub fn named(&self, index: usize, origin: &Origin, taken: &[String]) -> Result<String, Problem> {
        let typed = self.label().map_or("", str::trim);
        if typed.chars().count() > LABEL || typed.chars().any(char::is_control) {
            return Err(Problem::bad_request(format!("A class's name has at most {LABEL} characters and stands in one line.")));
        }
        if !typed.is_empty() {
            return Ok(typed.to_owned());
        }
        let Origin::Release { school, week, .. } = origin else { return Ok(char::from(b'A' + index.min(25) as u8).to_string()) };
        let short = cut(school, LABEL);
        Ok(if taken.contains(&short) { format!("{} {week}", cut(school, LABEL - 1 - week.chars().count())) } else { short })
    }
}

/// The first characters of a text that is longer than `most`.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// Where a class's results came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// A lesson of this hub.
    Lesson {
        /// Whether it is still open, so that its results may change.
        open: bool,
    },
    /// A release, whose signature fits.
    Release {
        /// Who shared it.
        school: String,
        /// Where, if that was said.
        region: Option<String>,
        /// When the lesson was.
        week: String,
        /// The least number of groups behind each of its numbers.
        k: u32,
        /// Whether single results are known.
        singles: bool,
        /// Whose word it has: `own` (this hub made it), `known` (a teacher knows the key), `subscribed` (the operator named the key) or
        /// `accepted` (a teacher said so of this one).
        trust: &'static str,
        /// What a teacher calls the key.
        source: Option<String>,
    },
}

/// A refusal with its word, in the reader's language.
pub(super) fn refused(text: &Text, language: &str, code: &'static str) -> Problem {
    Problem::conflict(text.in_language(language)).coded(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn school(name: &str) -> Origin {
        let (school, week) = (name.to_owned(), "2026-W48".to_owned());
        Origin::Release { school, region: None, week, k: 5, singles: false, trust: "own", source: None }
    }

    #[test]
    fn a_class_is_called_as_typed_as_its_release_says_or_by_a_letter() {
        let check = |typed: Option<&str>, index: usize, origin: &Origin, taken: &[&str], expected: Option<&str>| {
            let source = Source::Lesson { id: "1".to_owned(), label: typed.map(str::to_owned) };
            let taken: Vec<String> = taken.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(source.named(index, origin, &taken).ok().as_deref(), expected, "{typed:?}");
        };
        let here = Origin::Lesson { open: false };
        check(None, 0, &here, &[], Some("A"));
        check(Some("  "), 11, &here, &["A"], Some("L"));
        check(Some(" 8a 2027 "), 0, &here, &[], Some("8a 2027"));
        check(Some(&"ä".repeat(40)), 0, &here, &[], Some(&"ä".repeat(40)));
        check(Some(&"a".repeat(41)), 0, &here, &[], None);
        check(Some("8a\u{7}"), 0, &school("Seeschule"), &[], None);
        check(None, 3, &school("Seeschule"), &["A"], Some("Seeschule"));
        check(Some("die vom See"), 3, &school("Seeschule"), &[], Some("die vom See"));
        check(None, 1, &school("Seeschule"), &["Seeschule"], Some("Seeschule 2026-W48"));
        check(None, 1, &school(&"ö".repeat(60)), &[], Some(&format!("{}…", "ö".repeat(39))));
        let week = format!("{}… 2026-W48", "ö".repeat(30));
        check(None, 1, &school(&"ö".repeat(60)), &[&format!("{}…", "ö".repeat(39))], Some(&week));
    }
}
