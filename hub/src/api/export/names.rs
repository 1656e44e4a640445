//! What files are called: by the lesson's title and day, never by anybody's name.

use axum::http::{HeaderMap, header};
use chrono::{DateTime, Local};
use messwerk_lessons::Micros;
use messwerk_lessons::template::Text;
use messwerk_store::catalogue::Lesson;

use crate::api::lessons::template_of;
use crate::api::problem::Problem;
use crate::state::Hub;

/// The language of somebody who asks: as said, else the first of the browser's that we speak, else English.
pub(crate) fn language(said: Option<&str>, headers: &HeaderMap) -> &'static str {
    let spoken = |tag: &str| match tag.trim().get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("de") => Some("de"),
        Some("en") => Some("en"),
        _ => None,
    };
    if let Some(said) = said {
        return spoken(said).unwrap_or("en");
    }
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').find_map(spoken).unwrap_or("en")
}

/// The day of a moment where the hub stands: `2026-11-23`.
pub(crate) fn day(time: Micros) -> String {
    DateTime::from_timestamp_micros(time).unwrap_or_default().with_timezone(&Local).format("%Y-%m-%d").to_string()
}

/// Kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Readings,
    Windows,
    Results,
    Everything,
}

impl What {
    fn word(self, language: &str) -> &'static str {
        let (de, en) = match self {
            Self::Readings => ("Messwerte", "readings"),
            Self::Windows => ("Fenster", "windows"),
            Self::Results => ("Ergebnisse", "results"),
            Self::Everything => ("alles", "everything"),
        };
        if language == "de" { de } else { en }
    }
}

/// A file's name without its ending: `Fadenpendel-2026-11-23-Ergebnisse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileName(String);

impl FileName {
    /// Of a lesson. `group` is the number of the only Thing in it.
    pub(crate) fn of(hub: &Hub, lesson: &Lesson, what: What, group: Option<u32>, language: &str) -> Result<Self, Problem> {
        let template = template_of(hub, lesson)?;
        Ok(Self::new(&template.title, lesson.created, what, group, language))
    }

    fn new(title: &Text, created: Micros, what: What, group: Option<u32>, language: &str) -> Self {
        let group = group.map(|group| format!("-{}-{group}", if language == "de" { "Gruppe" } else { "group" }));
        let title = plain(title.in_language(language));
        Self(format!("{title}-{}-{}{}", day(created), what.word(language), group.unwrap_or_default()))
    }

    /// With a word behind it.
    pub(crate) fn and(mut self, word: &str) -> Self {
        self.0.push('-');
        self.0.push_str(word);
        self
    }

    /// The header `Content-Disposition`.
    pub(crate) fn disposition(&self, ending: &str) -> String {
        format!("inline; filename=\"{}.{ending}\"", self.0)
    }
}

/// Letters a title may have in a file's name: more than a disk holds would be cut somewhere on the way.
const LETTERS: usize = 60;

/// A title in letters and digits that every system takes; umlauts as they are written without them. What stands behind a colon
/// explains the title and is left out.
fn plain(title: &str) -> String {
    let title = title.split(':').next().unwrap_or(title);
    let mut name = String::new();
    for character in title.chars() {
        match character {
            'ä' => name.push_str("ae"),
            'ö' => name.push_str("oe"),
            'ü' => name.push_str("ue"),
            'Ä' => name.push_str("Ae"),
            'Ö' => name.push_str("Oe"),
            'Ü' => name.push_str("Ue"),
            'ß' => name.push_str("ss"),
            letter if letter.is_ascii_alphanumeric() => name.push(letter),
            _ if name.ends_with('-') => {}
            _ => name.push('-'),
        }
        if name.len() >= LETTERS {
            break;
        }
    }
    let name = name.trim_matches('-');
    if name.is_empty() { "Messwerk".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn names_are_title_and_day_in_the_language() {
        let title = Text { de: "Größe & Maß: ein Versuch".to_owned(), en: "Size \"and\" measure/..\\".to_owned() };
        let check = |language, what, group, expected: &str| {
            // Noon, which is the same day in every zone that has schools.
            let name = FileName::new(&title, 1_767_437_012_314_000, what, group, language);
            assert_eq!(name.disposition("csv"), format!("inline; filename=\"{expected}.csv\""));
        };
        check("de", What::Results, None, "Groesse-Mass-2026-01-03-Ergebnisse");
        check("en", What::Readings, None, "Size-and-measure-2026-01-03-readings");
        check("de", What::Everything, Some(3), "Groesse-Mass-2026-01-03-alles-Gruppe-3");
        check("en", What::Windows, Some(3), "Size-and-measure-2026-01-03-windows-group-3");
        assert_eq!(plain("…"), "Messwerk");
        assert_eq!(plain(&"ab".repeat(99)).len(), LETTERS);
    }

    #[test]
    fn languages_are_said_or_the_browsers() {
        let check = |said: Option<&str>, accepted: &str, expected: &str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_str(accepted).unwrap())]);
            assert_eq!(language(said, &headers), expected, "{said:?} {accepted}");
        };
        check(Some("de"), "en", "de");
        check(Some("fr"), "de", "en");
        check(None, "fr-FR, de-CH;q=0.8, en;q=0.5", "de");
        check(None, "en-GB,de;q=0.5", "en");
        check(None, "", "en");
        check(None, "ä", "en");
    }
}
