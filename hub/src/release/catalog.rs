//! `catalog.json`: what a hub offers everybody, and what it took back. The same file, with the same files beside it, serves from any
//! static web space.
//!
//! The catalogue itself is no more than a list: what counts is signed by itself, each Release in its file and each withdrawal here.

use std::sync::Arc;

use messwerk_lessons::release::Week;
use messwerk_store::catalogue::Tombstone;
use serde::{Deserialize, Serialize};

use super::key::{HubKey, verified};
use super::templates::TemplateEntry;
use crate::mint::is_token;

/// The format that this hub writes, and the only one it reads.
pub const FORMAT: u32 = 1;
/// Bytes of a catalogue: some ten thousand entries.
pub const LARGEST: u64 = 4 << 20;
/// The folder of the Releases below the catalogue.
pub const RELEASES: &str = "catalog/releases";
/// What a withdrawal is signed as.
const WITHDRAWAL: &str = "withdrawal.json";

/// A hub's offer. Unknown keys are passed over: newer hubs may list more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// [`FORMAT`].
    pub format: u32,
    /// Whose.
    pub hub: Owner,
    /// What is offered.
    #[serde(default)]
    pub releases: Vec<Entry>,
    /// What was taken back.
    #[serde(default)]
    pub withdrawn: Vec<Buried>,
    /// The templates of its shelf.
    #[serde(default)]
    pub templates: Vec<TemplateEntry>,
}

/// Whose catalogue it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// What the operator calls it.
    pub label: String,
    /// The public key of all in it that names no other, as minisign writes it.
    pub key: String,
}

/// A Release on offer. What it says is in its file; this helps to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Where its file is, from the catalogue's own address on.
    pub url: String,
    /// SHA-256 of the file, hexadecimal digits.
    pub sha256: String,
    /// Bytes of the file.
    pub bytes: u64,
    /// The signature of what is in it, as minisign writes it.
    pub signature: String,
    /// Who signed it, if this hub only passes it on; whose word that is, each reader decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The template's id.
    pub template: String,
    /// The template's version.
    pub version: String,
    /// Who shares.
    pub label: String,
    /// When the lesson was.
    pub week: String,
    /// How many results count.
    pub n: u32,
}

/// A withdrawal: what is said, as text, and its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buried {
    /// [`Withdrawal`] as JSON.
    pub statement: String,
    /// By minisign.
    pub signature: String,
    /// Who signed it, if this hub only passes it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// What is signed when a Release is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// [`FORMAT`].
    pub format: u32,
    /// The Release's id.
    pub withdraws: String,
    /// When.
    pub week: Week,
}

impl Withdrawal {
    /// The tombstone of one's own Release.
    pub fn sign(release: &str, now: messwerk_lessons::Micros, key: &HubKey) -> anyhow::Result<Tombstone> {
        let said = Self { format: FORMAT, withdraws: release.to_owned(), week: Week::of(now) };
        let statement = serde_json::to_string(&said)?;
        let signature = key.sign(statement.as_bytes(), WITHDRAWAL)?;
        Ok(Tombstone { release: release.to_owned(), key: key.public(), statement, signature, at: now, own: true })
    }
}

impl Buried {
    /// The tombstone in a catalogue of `key`'s hub; `None` if whoever is said to have signed it did not. It withdraws what that very key
    /// signed and nothing else.
    pub fn tombstone(&self, key: &str, now: messwerk_lessons::Micros) -> Option<Tombstone> {
        let key = self.key.as_deref().unwrap_or(key);
        if verified(key, &self.signature, self.statement.as_bytes()).as_deref() != Some(WITHDRAWAL) {
            return None;
        }
        let said: Withdrawal =
            serde_json::from_str(&self.statement).ok().filter(|said: &Withdrawal| said.format == FORMAT && is_token(&said.withdraws))?;
        let (statement, signature) = (self.statement.clone(), self.signature.clone());
        Some(Tombstone { release: said.withdraws, key: key.to_owned(), statement, signature, at: now, own: false })
    }
}

/// The newest catalogue, made once for all who ask within a moment.
#[derive(Debug, Default)]
pub struct Shelf {
    newest: std::sync::Mutex<Option<(tokio::time::Instant, Arc<[u8]>)>>,
}

/// So long an answer is given again. What a command beside the hub changed is seen then.
const FRESH: std::time::Duration = std::time::Duration::from_secs(2);

impl Shelf {
    /// The newest catalogue. Waits for the disk.
    pub fn newest(&self, make: impl FnOnce() -> anyhow::Result<Vec<u8>>) -> anyhow::Result<Arc<[u8]>> {
        let mut newest = self.newest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, bytes)) = newest.as_ref().filter(|(made, _)| made.elapsed() < FRESH) {
            return Ok(Arc::clone(bytes));
        }
        let bytes: Arc<[u8]> = make()?.into();
        *newest = Some((tokio::time::Instant::now(), Arc::clone(&bytes)));
        Ok(bytes)
    }

    /// Something was released or withdrawn.
    pub fn changed(&self) {
        *self.newest.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
    }
}
