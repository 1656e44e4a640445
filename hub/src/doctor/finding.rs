//! A finding: how good, what, and what to do, in both languages.

use serde::Serialize;
use utoipa::ToSchema;

/// How good it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// In order.
    Ok,
    /// A lesson works, but something will be missing or go wrong later.
    Warn,
    /// A lesson does not work.
    Bad,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Words {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

impl<D: Into<String>, E: Into<String>> From<(D, E)> for Words {
    fn from((de, en): (D, E)) -> Self {
        Self { de: de.into(), en: en.into() }
    }
}

impl Words {
    /// The text for who reads German, or for who does not.
    pub fn in_german(&self, german: bool) -> &str {
        if german { &self.de } else { &self.en }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// What was looked at, the same in every language.
    pub id: &'static str,
    /// How good it is.
    pub level: Level,
    /// What was looked at.
    pub title: Words,
    /// What was found.
    pub detail: Words,
    /// What to do; null if there is nothing.
    pub fix: Option<Words>,
}

impl Finding {
    pub(super) fn new(id: &'static str, level: Level, title: impl Into<Words>, detail: impl Into<Words>) -> Self {
        Self { id, level, title: title.into(), detail: detail.into(), fix: None }
    }

    pub(super) fn fix(self, fix: impl Into<Words>) -> Self {
        Self { fix: Some(fix.into()), ..self }
    }
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Findings {
    /// The worst of them.
    pub worst: Level,
    /// Each, in the order in which they are best seen to.
    pub findings: Vec<Finding>,
}

impl Findings {
    pub(super) fn new(findings: Vec<Finding>) -> Self {
        Self { worst: findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok), findings }
    }

    /// As lines for a terminal.
    pub fn to_text(&self, german: bool) -> String {
        let mut text = String::new();
        for Finding { level, title, detail, fix, .. } in &self.findings {
            let mark = match (level, german) {
                (Level::Ok, _) => "ok     ",
                (Level::Warn, true) => "Warnung",
                (Level::Warn, false) => "warning",
                (Level::Bad, true) => "Fehler ",
                (Level::Bad, false) => "error  ",
            };
            text.push_str(&format!("{mark}  {}: {}\n", title.in_german(german), detail.in_german(german)));
            if let Some(fix) = fix {
                text.push_str(&format!("         -> {}\n", fix.in_german(german)));
            }
        }
        text
    }
}
