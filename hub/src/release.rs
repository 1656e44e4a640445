//! Releases across hubs: made of a lesson, signed, listed for others, fetched from others, passed on, withdrawn; and templates, which
//! travel by the same catalogue.
//!
//! ```text
//! lesson's results ─▶ Release (lessons/src/release.rs: k, rounding) ─▶ preview ─▶ signed file ─▶ store
//!                                                                                  │ download      │ /catalog.json, `catalog export`
//! another hub ◀── by hand ─────────────────────────────────────────────────────────┘               ▼
//! another hub: import (signature, withdrawn?, replayed?, week, numbers) ◀── subscription (HTTPS, hourly) ── a static web space
//! ```
//!
//! Absences: nothing of a lesson leaves that no teacher has seen as a preview; nothing is fetched unless the operator named the address;
//! nothing of a stranger is compared with before a teacher said so, nor passed on; no template comes onto a shelf that no teacher took; no
//! Parquet of a stranger is read.

pub mod catalog;
pub mod command;
pub mod config;
pub mod fetch;
pub mod import;
pub mod key;
pub mod make;
pub mod offer;
pub mod plan;
pub mod pull;
pub mod signed;
pub mod table;
pub mod templates;
pub mod trust;

use std::path::Path;

pub use config::SharingConfig;
pub use import::ImportError;
pub use key::HubKey;

/// What the routes share of it.
#[derive(Debug)]
pub struct Sharing {
    /// What the operator allows and asks for.
    pub config: SharingConfig,
    /// The hub's signing key, once somebody needs it.
    pub key: key::LazyKey,
    /// The newest catalogue.
    pub shelf: catalog::Shelf,
    /// Templates that were signed for it.
    pub templates: templates::Signed,
    /// Subscriptions are asked by one at a time.
    pub pulling: tokio::sync::Mutex<()>,
}

impl Sharing {
    /// Of a hub on a data folder.
    pub fn new(config: SharingConfig, data: &Path) -> Self {
        let key = key::LazyKey::new(data);
        Self { config, key, shelf: Default::default(), templates: Default::default(), pulling: Default::default() }
    }

    /// The newest catalogue of what is on offer, as bytes. Waits for the disk.
    pub fn catalog(&self, catalogue: &messwerk_store::Catalogue) -> anyhow::Result<std::sync::Arc<[u8]>> {
        self.shelf.newest(|| {
            let key = self.key.get()?;
            offer::Offer { catalogue, config: &self.config, key: &key, signed: &self.templates }.build()
        })
    }
}
