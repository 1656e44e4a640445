//! What a hub lists for everybody: Releases that its teachers made public, those of its schools if it passes them on, withdrawals, and the
//! templates of its shelf; as the catalogue's bytes, or as files for a web space.

use std::path::Path;

use anyhow::Context as _;
use messwerk_lessons::Micros;
use messwerk_lessons::release::Release;
use messwerk_store::Catalogue;
use messwerk_store::catalogue::{ForeignRelease, OwnRelease, Tombstone};

use super::SharingConfig;
use super::catalog::{Buried, Catalog, Entry, FORMAT, Owner, RELEASES};
use super::config::is_subscribed;
use super::key::HubKey;
use super::signed::{self, sha256};
use super::templates::{self, Signed, TEMPLATES};

/// A hub's offer and what it is made from.
pub struct Offer<'a> {
    /// What is there.
    pub catalogue: &'a Catalogue,
    /// What the operator allows.
    pub config: &'a SharingConfig,
    /// The hub's key.
    pub key: &'a HubKey,
    /// Templates that were signed before.
    pub signed: &'a Signed,
}

/// How much an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Releases.
    pub releases: usize,
    /// Templates.
    pub templates: usize,
}

/// Files of Releases by their ids, in the order of the list.
type Files = Vec<(String, Vec<u8>)>;

impl Offer<'_> {
    fn list(&self) -> anyhow::Result<(Catalog, Files)> {
        let Self { catalogue, config, key, signed } = *self;
        let (mut releases, mut files) = (vec![], vec![]);
        // One file that cannot be read keeps nobody from the others, nor from what was withdrawn.
        let mut offered = |id: String, file: Vec<u8>, key: Option<String>| match entry(&id, &file, key) {
            Ok(entry) => {
                releases.push(entry);
                files.push((id, file));
            }
            Err(error) => tracing::error!(release = id, "not in the catalogue: {error:#}"),
        };
        for own in catalogue.releases()?.into_iter().filter(|own| is_offered(config, own)) {
            offered(own.id, own.file, None);
        }
        if config.republish {
            for kept in catalogue.foreign_releases()?.into_iter().filter(|kept| passed_on(config, kept)) {
                offered(kept.id, kept.file, Some(kept.key));
            }
        }
        let told =
            catalogue.tombstones(!config.republish)?.into_iter().filter(|stone| stone.own || is_subscribed(&config.subscribe, &stone.key));
        let buried = |Tombstone { statement, signature, key, own, .. }| Buried { statement, signature, key: (!own).then_some(key) };
        let withdrawn = told.map(buried).collect();
        let templates = if config.templates { signed.all(catalogue, key)? } else { vec![] };
        let hub = Owner { label: config.label.clone(), key: key.public() };
        Ok((Catalog { format: FORMAT, hub, releases, withdrawn, templates }, files))
    }

    /// The catalogue, as bytes that are the same as long as nothing changes.
    pub fn build(&self) -> anyhow::Result<Vec<u8>> {
        Ok(serde_json::to_vec_pretty(&self.list()?.0)?)
    }

    /// Writes the catalogue and its files into a folder of a web space. Files of Releases and templates that are not in it any more
    /// go; nothing else is touched. From now on somebody has them.
    pub fn export(&self, folder: &Path, now: Micros) -> anyhow::Result<Exported> {
        let (list, files) = self.list()?;
        let written = |path: &Path| format!("{} cannot be written", path.display());
        let put = |place: &str, name: &str, bytes: &[u8]| {
            let file = folder.join(place).join(name);
            std::fs::write(&file, bytes).with_context(|| written(&file))
        };
        for place in [RELEASES, TEMPLATES] {
            let place = folder.join(place);
            std::fs::create_dir_all(&place).with_context(|| written(&place))?;
        }
        for (listed, (id, file)) in list.releases.iter().zip(&files) {
            // What another hub signed is not this one's to give.
            let there = listed.key.is_some() || self.catalogue.give_release(id, now)?;
            anyhow::ensure!(there, "release {id} was withdrawn meanwhile: run the export again");
            put(RELEASES, &format!("{id}.release"), file)?;
        }
        for template in &list.templates {
            let name = template.file();
            let file = templates::file(self.catalogue, &name)?.with_context(|| format!("{name} went meanwhile: run the export again"))?;
            put(TEMPLATES, &name, &file)?;
        }
        put("", "catalog.json", &serde_json::to_vec_pretty(&list)?)?;
        sweep(&folder.join(RELEASES), |name| {
            let id = name.strip_suffix(".release").filter(|id| crate::mint::is_token(id));
            id.is_some_and(|id| list.releases.iter().all(|entry| entry.id != id))
        })?;
        sweep(&folder.join(TEMPLATES), |name| templates::is_file(name) && list.templates.iter().all(|entry| entry.file() != name))?;
        Ok(Exported { releases: list.releases.len(), templates: list.templates.len() })
    }
}

/// Removes the files of a folder whose names are `gone`.
fn sweep(folder: &Path, gone: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    for file in std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()? {
        if gone(&file.file_name().to_string_lossy()) {
            std::fs::remove_file(file.path()).with_context(|| format!("{} cannot be removed", file.path().display()))?;
        }
    }
    Ok(())
}

/// Whether one's own Release is listed: it is meant for everybody, and tells of as many Things behind each number as the operator asks
/// for today.
fn is_offered(config: &SharingConfig, own: &OwnRelease) -> bool {
    own.public && said(&own.file).is_ok_and(|release| release.k >= config.public_k)
}

/// Whether another hub's Release is listed here: the operator passes on what his subscriptions bring. Not what came as a file, which a
/// teacher may have been given in confidence; not what a subscription itself was handed by others; nothing that tells of fewer than this
/// hub's own teachers may publish.
pub fn passed_on(config: &SharingConfig, kept: &ForeignRelease) -> bool {
    let fetched = |url: &String| config.subscribe.iter().any(|named| named.url == *url && named.key == kept.key);
    let direct = config.republish && kept.used && kept.subscription.as_ref().is_some_and(fetched);
    direct && said(&kept.file).is_ok_and(|release| release.k >= config.public_k)
}

/// The file of a Release on offer, and whether it is one's own.
pub fn release_file(catalogue: &Catalogue, config: &SharingConfig, id: &str) -> Result<Option<(Vec<u8>, bool)>, messwerk_store::Error> {
    if let Some(own) = catalogue.release(id)? {
        return Ok(is_offered(config, &own).then_some((own.file, true)));
    }
    let kept = catalogue.foreign_release(id)?.filter(|kept| passed_on(config, kept));
    Ok(kept.map(|kept| (kept.file, false)))
}

fn said(file: &[u8]) -> anyhow::Result<Release> {
    Ok(serde_json::from_slice(&signed::parts(file)?.0)?)
}

/// What is listed of a file; `key` is the one that signed it, if that is another hub's.
fn entry(id: &str, file: &[u8], key: Option<String>) -> anyhow::Result<Entry> {
    let (json, signature) = signed::parts(file).with_context(|| format!("release {id} is damaged in the catalogue"))?;
    let release: Release = serde_json::from_slice(&json)?;
    Ok(Entry {
        url: format!("{RELEASES}/{id}.release"),
        sha256: sha256(file),
        bytes: file.len() as u64,
        signature,
        key,
        id: release.id,
        template: release.template.id,
        version: release.template.version,
        label: release.source.label,
        week: release.week.to_string(),
        n: release.n,
    })
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::release::{Measured, Origin, Plan, Rules, Week, Wish};

    use super::*;
    use crate::release::config::SubscriptionConfig;

    const URL: &str = "https://school.example/catalog.json";

    /// A signed Release of twelve results with this k.
    fn file(key: &HubKey, k: u32) -> Vec<u8> {
        let results: Vec<f64> = (0..12).map(f64::from).collect();
        let template = Plan { id: "pendulum".to_owned(), version: "1.0.0".to_owned(), sha256: "0".repeat(64) };
        let measured = Measured { week: Week::of(0), template, outcome: "g", unit: "m/s2", results: &results, excluded: 0 };
        let source = Origin { label: "Seeschule".to_owned(), region: None };
        let wish = Wish { id: "A".repeat(22), source, singles: false };
        let release = Release::build(&measured, wish, Rules { aggregates: true, singles: false, k }).unwrap();
        let (_, json, parquet) = signed::complete(release).unwrap();
        signed::write(&json, &parquet, key).unwrap()
    }

    #[test]
    fn what_is_offered_follows_the_setting_of_today() {
        let folder = tempfile::tempdir().unwrap();
        let key = HubKey::open(folder.path()).unwrap();
        let (id, file) = ("A".repeat(22), file(&key, 5));
        let own = OwnRelease { id, lesson: None, made: 0, public: true, given: None, file };
        let of = |public_k: u32| SharingConfig { public_k, ..SharingConfig::default() };
        assert!(is_offered(&of(5), &own));
        assert!(!is_offered(&of(6), &own), "of fewer than the operator asks for now");
        assert!(!is_offered(&of(5), &OwnRelease { public: false, ..own.clone() }), "meant for a few");
        assert!(!is_offered(&of(5), &OwnRelease { file: b"damaged".to_vec(), ..own }), "nobody can tell of how many it is");
    }

    #[test]
    fn only_what_a_subscription_itself_shared_is_passed_on() {
        let folder = tempfile::tempdir().unwrap();
        let key = HubKey::open(folder.path()).unwrap();
        let subscribe = vec![SubscriptionConfig { url: URL.to_owned(), key: key.public() }];
        let town = SharingConfig { republish: true, subscribe, ..SharingConfig::default() };
        let by = Some(URL.to_owned());
        let good = ForeignRelease { id: "A".repeat(22), key: key.public(), subscription: by, came: 0, used: true, file: file(&key, 10) };
        let check = |config: &SharingConfig, kept: &ForeignRelease, expected: bool, why: &str| {
            assert_eq!(passed_on(config, kept), expected, "{why}")
        };
        check(&town, &good, true, "as the operator wants it");
        check(&SharingConfig { republish: false, ..town.clone() }, &good, false, "he does not");
        check(&SharingConfig { subscribe: vec![], ..town.clone() }, &good, false, "not subscribed to any more");
        check(&town, &ForeignRelease { subscription: None, ..good.clone() }, false, "a file");
        check(&town, &ForeignRelease { used: false, ..good.clone() }, false, "a teacher does not want it");
        check(&town, &ForeignRelease { key: "RWother".to_owned(), ..good.clone() }, false, "somebody else's");
        check(&town, &ForeignRelease { file: file(&key, 5), ..good.clone() }, false, "of fewer than may be published here");
        check(&SharingConfig { public_k: 5, ..town }, &ForeignRelease { file: file(&key, 5), ..good }, true, "they may");
    }
}
