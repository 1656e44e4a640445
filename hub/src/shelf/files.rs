//! A template's files as requests and drafts bring them: a zip file, or JSON with a text or base64 for each file.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use messwerk_lessons::bundle::{Bundle, BundleError, MOST_BYTES, MOST_FILES};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::Problem;
use crate::state::Hub;
use crate::web::body::read;

/// Bytes of a request: what a template may have, in base64, and some for the names.
pub const MOST: usize = MOST_BYTES / 3 * 4 + (1 << 20);
/// How long one may take to arrive: 16 MB over a school's Wi-Fi.
const ARRIVAL: Duration = Duration::from_secs(60);

/// A file's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Content {
    /// A text.
    Text(String),
    /// Bytes.
    Bytes {
        /// In base64.
        base64: String,
    },
}

/// A template's files by their paths: `lesson.toml`, `assets/string.png`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// By path.
    #[schema(value_type = Object)]
    pub files: BTreeMap<String, Content>,
}

impl Files {
    /// Those of a template.
    pub fn of(bundle: &Bundle) -> Self {
        let content = |bytes: &[u8]| match std::str::from_utf8(bytes) {
            Ok(text) => Content::Text(text.to_owned()),
            Err(_) => Content::Bytes { base64: STANDARD.encode(bytes) },
        };
        Self { files: bundle.files().map(|(path, bytes)| (path.to_owned(), content(bytes))).collect() }
    }

    /// Their bytes.
    pub fn bytes(&self) -> Result<BTreeMap<String, Vec<u8>>, Problem> {
        let bytes = |(path, content): (&String, &Content)| {
            let bytes = match content {
                Content::Text(text) => text.clone().into_bytes(),
                Content::Bytes { base64 } => STANDARD.decode(base64).map_err(|_| {
                    Problem::bad_request(format!("The file {:?} is no base64. Send its bytes in base64, or its text.", shown(path)))
                })?,
            };
            Ok((path.clone(), bytes))
        };
        if self.files.len() > 2 * MOST_FILES {
            return Err(no_bundle(&BundleError::ManyFiles));
        }
        self.files.iter().map(bytes).collect()
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.files.get(path)? {
            Content::Text(text) => Some(text),
            Content::Bytes { .. } => None,
        }
    }

    /// What the draft is called: its title in the first language it has, else its id.
    pub fn title(&self) -> String {
        let plan = self.text(messwerk_lessons::bundle::PLAN).unwrap_or_default();
        let table: toml::Table = plan.parse().unwrap_or_default();
        let title = table.get("title").and_then(|title| title.get("de").or_else(|| title.get("en")));
        let title = title.or_else(|| table.get("id")).and_then(toml::Value::as_str).unwrap_or_default();
        title.chars().take(100).collect()
    }
}

fn shown(path: &str) -> String {
    path.chars().take(60).collect()
}

/// What came: a zip file, or files.
pub enum Sent {
    /// A zip file.
    Zip(Bytes),
    /// Files in JSON.
    Files(Files),
}

impl Sent {
    /// Reads a request's body.
    pub async fn read(hub: &Hub, body: Body) -> Result<Self, Problem> {
        let bytes = read(body, MOST, ARRIVAL).await.map_err(|unread| {
            let problem = unread.refuse(MOST, &hub.web);
            if problem.status == 413 { no_bundle(&BundleError::Large) } else { problem }
        })?;
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Ok(Self::Zip(bytes));
        }
        let wrong = |error: serde_json::Error| {
            Problem::bad_request(format!("This is no template: {error}. Send a .lesson file, or {{\"files\": {{…}}}}."))
        };
        Ok(Self::Files(serde_json::from_slice(&bytes).map_err(wrong)?))
    }

    /// As a template.
    pub fn bundle(&self) -> Result<Bundle, Problem> {
        match self {
            Self::Zip(bytes) => Bundle::from_zip(bytes).map_err(|error| no_bundle(&error)),
            Self::Files(files) => Bundle::from_files(files.bytes()?).map_err(|error| no_bundle(&error)),
        }
    }

    /// As files.
    pub fn files(self) -> Result<Files, Problem> {
        match self {
            Self::Zip(_) => Ok(Files::of(&self.bundle()?)),
            Self::Files(files) => Ok(files),
        }
    }
}

/// What is no template at all, refused.
pub fn no_bundle(error: &BundleError) -> Problem {
    // The sentence that the check says, too.
    let detail = error.text().en;
    let problem = match error {
        BundleError::Large | BundleError::LargeFile(_) | BundleError::ManyFiles | BundleError::Bomb(_) => Problem::too_large(detail),
        _ => Problem::bad_request(detail),
    };
    problem.coded(error.kind())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_as_they_were() {
        let json =
            r#"{"files": {"lesson.toml": "id = \"fall\"\n[title]\nde = \"Freier Fall\"", "assets/a.png": {"base64": "iVBORw0KGgo="}}}"#;
        let files: Files = serde_json::from_str(json).unwrap();
        let bundle = Bundle::from_files(files.bytes().unwrap()).unwrap();
        assert_eq!(Files::of(&bundle), files);
        assert_eq!(files.title(), "Freier Fall");
        assert_eq!(bundle.file("assets/a.png"), Some(&b"\x89PNG\r\n\x1a\n"[..]));
    }

    #[test]
    fn a_draft_is_called_by_what_it_has() {
        let title = |plan: &str| {
            let files = BTreeMap::from([("lesson.toml".to_owned(), Content::Text(plan.to_owned()))]);
            Files { files }.title()
        };
        assert_eq!(title("id = \"fall\"\n[title]\nen = \"Free fall\""), "Free fall");
        assert_eq!(title("id = \"fall\""), "fall");
        assert_eq!(title("id = "), "");
        assert_eq!(title(&format!("id = \"{}\"", "x".repeat(500))).len(), 100);
    }

    #[test]
    fn what_is_no_base64_is_said() {
        let files: Files = serde_json::from_str(r#"{"files": {"assets/a.png": {"base64": "%%"}}}"#).unwrap();
        let problem = files.bytes().unwrap_err();
        assert!(problem.status == 400 && problem.detail.contains("assets/a.png"), "{problem:?}");
    }
}
