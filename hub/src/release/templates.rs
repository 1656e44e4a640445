//! Templates in a catalogue: what a hub offers of its shelf, and what another one notes of it. Nothing comes onto a shelf by itself.
//!
//! A hub signs the SHA-256 of each template that it offers, as it signs its Releases: who fetches one knows that it is what that hub has on
//! its shelf. Whose work it is, the author's own signature says (`lesson.minisig` in the template), and whether that is believed decides
//! each school's `templates.trusted_keys`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use messwerk_lessons::bundle::{Bundle, MOST_BYTES, SIGNATURE};
use messwerk_lessons::template::{Text, Version};
use messwerk_store::Catalogue;
use messwerk_store::catalogue::{ShelfEntry, TemplateHash};
use serde::{Deserialize, Serialize};

use super::key::{HubKey, verified};

/// The folder of the templates below the catalogue.
pub const TEMPLATES: &str = "catalog/templates";
/// Bytes of a template's file: what a bundle may have, and the zip's own.
pub const LARGEST: u64 = (MOST_BYTES as u64) + (1 << 20);
/// Templates of one catalogue that are noted: as many as a shelf has.
const MOST: usize = 500;
/// Characters of a title and of a licence, bytes of an author's signature.
const TITLE: usize = 100;
const LICENSE: usize = 60;
const SHORT: usize = 2048;
/// What the SHA-256 of a template is signed as.
const OFFER: &str = "template";

/// A template on offer. What it says is in its file; this helps to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateEntry {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its files' listing, hexadecimal digits: the very version.
    pub sha256: String,
    /// What it is called.
    pub title: Text,
    /// Under which licence (SPDX).
    pub license: String,
    /// Where its file is, from the catalogue's own address on; where it was noted, the whole address.
    pub url: String,
    /// Bytes of the file.
    pub bytes: u64,
    /// The offering hub's signature of `sha256`, as minisign writes it.
    pub signature: String,
    /// The author's signature, as it is in the file; `None` if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minisig: Option<String>,
}

impl TemplateEntry {
    /// The name of its file.
    pub fn file(&self) -> String {
        format!("{}-{}.lesson", self.id, self.version)
    }

    fn of(catalogue: &Catalogue, entry: &ShelfEntry, key: &HubKey) -> anyhow::Result<Self> {
        let bytes = catalogue.template_bundle(entry.hash)?.context("its files are gone")?;
        let bundle = Bundle::from_zip(&bytes)?;
        let template = catalogue.template(entry.hash)?;
        let sha256 = entry.hash.to_string();
        let mut offered = Self {
            id: entry.id.clone(),
            version: entry.version.clone(),
            title: template.title.clone(),
            license: template.license.clone(),
            url: String::new(),
            bytes: bytes.len() as u64,
            signature: key.sign(sha256.as_bytes(), OFFER)?,
            minisig: bundle.file(SIGNATURE).and_then(|text| String::from_utf8(text.to_vec()).ok()),
            sha256,
        };
        offered.url = format!("{TEMPLATES}/{}", offered.file());
        Ok(offered)
    }

    /// Whether the hub of a key offers it, and it is written as one is: what a page shows of it is short and harmless.
    fn is_of(&self, key: &str) -> bool {
        let plain = |text: &str, most: usize| text.chars().count() <= most && !text.chars().any(char::is_control);
        let id = self.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'));
        let named = id && (1..=32).contains(&self.id.len()) && Version::parse(&self.version).is_some();
        let told = plain(&self.title.de, TITLE) && plain(&self.title.en, TITLE) && plain(&self.license, LICENSE);
        let short = self.minisig.as_ref().is_none_or(|text| text.len() <= SHORT) && self.bytes <= LARGEST;
        let hash = self.sha256.parse::<TemplateHash>().is_ok();
        named && told && short && hash && verified(key, &self.signature, self.sha256.as_bytes()).as_deref() == Some(OFFER)
    }
}

/// Entries that were made before: each is signed once, so that the catalogue's bytes stay the same as long as the shelf does.
#[derive(Debug, Default)]
pub struct Signed {
    known: Mutex<HashMap<TemplateHash, TemplateEntry>>,
}

impl Signed {
    /// What the shelf offers, by id, the newest first. Templates that come with the program are everywhere and not on it. One that cannot
    /// be read is left out.
    pub fn all(&self, catalogue: &Catalogue, key: &HubKey) -> anyhow::Result<Vec<TemplateEntry>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let shelf: Vec<_> = catalogue.shelf()?.into_iter().filter(|entry| entry.withdrawn.is_none()).collect();
        known.retain(|hash, _| shelf.iter().any(|entry| entry.hash == *hash));
        let mut all = vec![];
        for entry in &shelf {
            if let Some(made) = known.get(&entry.hash) {
                all.push(made.clone());
                continue;
            }
            match TemplateEntry::of(catalogue, entry, key) {
                Ok(made) => all.push(known.entry(entry.hash).or_insert(made).clone()),
                Err(error) => tracing::warn!(template = entry.id, version = entry.version, "not offered: {error:#}"),
            }
        }
        Ok(all)
    }
}

/// The file of a template on offer, by its name; `None` if the shelf has no such template.
pub fn file(catalogue: &Catalogue, name: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let offered = |entry: &ShelfEntry| entry.withdrawn.is_none() && format!("{}-{}.lesson", entry.id, entry.version) == name;
    let Some(entry) = catalogue.shelf()?.into_iter().find(offered) else { return Ok(None) };
    Ok(catalogue.template_bundle(entry.hash)?)
}

/// Whether a file's name is one that an export writes.
pub fn is_file(name: &str) -> bool {
    let version = name.strip_suffix(".lesson").and_then(|stem| stem.rsplit_once('-'));
    version.is_some_and(|(_, version)| Version::parse(version).is_some())
}

/// What a subscription's catalogue offers, with whole addresses (`at` makes them), and whether something in it was passed over.
pub fn noted(list: Vec<TemplateEntry>, key: &str, at: impl Fn(&str) -> Option<String>) -> (Vec<TemplateEntry>, bool) {
    let all = list.len();
    let whole = |entry: TemplateEntry| Some(TemplateEntry { url: at(&entry.url)?, ..entry });
    let noted: Vec<_> = list.into_iter().take(MOST).filter(|entry| entry.is_of(key)).filter_map(whole).collect();
    let passed_over = noted.len() < all;
    (noted, passed_over)
}

/// What was noted of a catalogue's templates.
pub fn read(offers: Option<&str>) -> Vec<TemplateEntry> {
    // Written by this program; a newer one's notes are asked for anew.
    offers.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_hub_signed_is_noted() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (key, stranger) = (HubKey::open(folder.path()).unwrap(), HubKey::open(other.path()).unwrap());
        let good = |by: &HubKey| TemplateEntry {
            id: "free-fall".to_owned(),
            version: "1.0.0".to_owned(),
            sha256: "a".repeat(64),
            title: Text { de: "Fall".to_owned(), en: "Fall".to_owned() },
            license: "CC-BY-4.0".to_owned(),
            url: "catalog/templates/free-fall-1.0.0.lesson".to_owned(),
            bytes: 9,
            signature: by.sign("a".repeat(64).as_bytes(), OFFER).unwrap(),
            minisig: None,
        };
        let at = |url: &str| (!url.contains("..")).then(|| format!("https://hub.example/{url}"));
        let check = |entry: TemplateEntry, taken: bool, why: &str| {
            let (found, passed_over) = noted(vec![entry], &key.public(), at);
            assert_eq!((found.len(), passed_over), (usize::from(taken), !taken), "{why}");
        };
        check(good(&key), true, "as it is");
        check(good(&stranger), false, "another's signature");
        check(TemplateEntry { sha256: "b".repeat(64), ..good(&key) }, false, "another template");
        let signature = key.sign("a".repeat(64).as_bytes(), "release.json").unwrap();
        check(TemplateEntry { signature, ..good(&key) }, false, "signed as something else");
        check(TemplateEntry { url: "../x".to_owned(), ..good(&key) }, false, "elsewhere");
        check(TemplateEntry { version: "1".to_owned(), ..good(&key) }, false, "no version");
        check(TemplateEntry { id: "Free fall".to_owned(), ..good(&key) }, false, "no id");
        check(TemplateEntry { bytes: LARGEST + 1, ..good(&key) }, false, "too large");
        check(TemplateEntry { license: "\u{202e}\n".to_owned(), ..good(&key) }, false, "no licence");
        assert!(noted(vec![good(&key)], &key.public(), at).0[0].url.starts_with("https://hub.example/catalog/"));
        assert!(is_file("free-fall-1.0.0.lesson") && !is_file("notes.lesson") && !is_file("free-fall-1.0.0.zip"));
    }
}
