//! What a lesson can be made with: the templates that come with the program, and the school's own shelf.
//!
//! A version is known by the SHA-256 of its files. The shelf is in the catalogue; what is read often (titles, subjects, who signed) is
//! kept in memory, pictures and texts are read from there when somebody looks.

pub mod amb;
mod builtin;
pub mod files;
pub mod fork;
pub mod nodes;
pub mod preview;
pub mod starter;
pub mod trust;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use messwerk_lessons::Micros;
use messwerk_lessons::bundle::{self, Bundle};
use messwerk_lessons::template::{Finding, Level, Template};
use messwerk_store::Store;
use messwerk_store::catalogue::{Catalogue, LogEntry, Origin, ShelfEntry, TemplateHash};
use serde::Deserialize;
use tokio::sync::Semaphore;

use self::builtin::BUILTINS;
use self::trust::{Signed, TrustedKey};
use crate::api::problem::Problem;

/// Versions on the shelf at most, withdrawn ones too: more than a school ever has, and at most some GB.
const MOST: usize = 500;
/// Templates that are kept open in memory: texts of some 20 kB each.
const OPEN: usize = 600;
/// How many templates are read or tried at a time: each may have 16 MB, and its fixtures want computing.
const AT_ONCE: usize = 2;

/// Whose templates the school trusts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TemplatesConfig {
    /// Public keys of minisign. A template that is signed with one of them is shown as of a known source.
    pub trusted_keys: Vec<String>,
}

impl TemplatesConfig {
    /// The keys, or which of them is none.
    pub fn keys(&self) -> anyhow::Result<Vec<TrustedKey>> {
        use anyhow::Context as _;
        self.trusted_keys.iter().map(|key| TrustedKey::parse(key).context("templates.trusted_keys")).collect()
    }
}

/// A version that is there, with what the library shows of it.
#[derive(Debug)]
pub struct Known {
    /// Which it is.
    pub entry: ShelfEntry,
    /// Its plan.
    pub template: Arc<Template>,
    /// What its signature says.
    pub signed: Signed,
}

impl Known {
    /// Whether it comes from somebody the hub knows: `builtin`, `made`, `trusted`, `unknown` or `unsigned`.
    pub fn trust(&self) -> &'static str {
        match (self.entry.origin, self.signed.trust()) {
            (Origin::Builtin, _) => "builtin",
            (_, Some(trust)) => trust,
            (Origin::Made, None) => "made",
            (_, None) => "unsigned",
        }
    }

    /// The key that signed it, as minisign shows it.
    pub fn signer(&self) -> Option<&str> {
        self.signed.signer()
    }
}

/// The version that a lesson is made with.
pub struct Choice {
    /// Which it is.
    pub entry: ShelfEntry,
    /// Its files, if the catalogue may not have them yet.
    pub bundle: Option<Vec<u8>>,
}

/// The shelf of a hub.
pub struct Shelf {
    store: Arc<Store>,
    keys: Vec<TrustedKey>,
    open: Mutex<HashMap<TemplateHash, Arc<Known>>>,
    /// Whoever reads or tries a template takes a turn.
    pub turns: Arc<Semaphore>,
    /// Whoever only reads one takes another: he needs no login, and keeps no teacher from trying.
    pub readers: Arc<Semaphore>,
    /// One change of the shelf after another: what was looked at is still so when it is written.
    changing: Mutex<()>,
}

impl Shelf {
    /// The shelf in a store's catalogue.
    pub fn new(store: Arc<Store>, keys: Vec<TrustedKey>) -> Self {
        Self {
            store,
            keys,
            open: Mutex::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            readers: Arc::new(Semaphore::new(AT_ONCE)),
            changing: Mutex::default(),
        }
    }

    fn catalogue(&self) -> &Catalogue {
        self.store.catalogue()
    }

    /// Whose signature a template that is not here is said to carry; that it fits is seen when it comes.
    pub fn claimed(&self, signature: Option<&str>) -> Signed {
        signature.map_or(Signed::No, |signature| trust::claimed(signature, &self.keys))
    }

    /// A version of the shelf; read from the catalogue once.
    fn known(&self, entry: &ShelfEntry) -> Result<Arc<Known>, Problem> {
        let lock = || self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&entry.hash).filter(|known| known.entry == *entry) {
            return Ok(Arc::clone(known));
        }
        let bundle = self.stored(entry.hash)?;
        let template = self.catalogue().template(entry.hash)?;
        let known = Arc::new(Known { entry: entry.clone(), template, signed: trust::look(&bundle, &self.keys) });
        let mut open = lock();
        if open.len() >= OPEN {
            open.clear();
        }
        open.insert(entry.hash, Arc::clone(&known));
        Ok(known)
    }

    fn stored(&self, hash: TemplateHash) -> Result<Bundle, Problem> {
        let bytes = self.catalogue().template_bundle(hash)?;
        let bytes = bytes.ok_or_else(|| Problem::not_found(format!("There is no template {hash} any more.")))?;
        Bundle::from_zip(&bytes).map_err(|error| Problem::internal(&format!("template {hash}: {error}")))
    }

    /// Every version that a lesson can be made with, by id, the newest first. One that cannot be read any more is left out.
    pub fn all(&self) -> Result<Vec<Arc<Known>>, Problem> {
        let mut all: Vec<_> = BUILTINS.iter().map(|builtin| Arc::clone(&builtin.known)).collect();
        for entry in self.catalogue().shelf()?.iter().filter(|entry| entry.withdrawn.is_none()) {
            match self.known(entry) {
                Ok(known) => all.push(known),
                Err(problem) => tracing::warn!(template = entry.id, version = entry.version, "not shown: {}", problem.detail),
            }
        }
        all.sort_by(|one, other| {
            let newest = other.template.version.cmp(&one.template.version);
            one.entry.id.cmp(&other.entry.id).then(newest).then(other.trust().eq("builtin").cmp(&one.trust().eq("builtin")))
        });
        Ok(all)
    }

    /// A version by its id; the newest without `version`.
    pub fn find(&self, id: &str, version: Option<&str>) -> Result<Arc<Known>, Problem> {
        let fits = |known: &Arc<Known>| known.entry.id == id && version.is_none_or(|version| known.entry.version == version);
        self.all()?.into_iter().find(fits).ok_or_else(|| {
            let which = version.map_or_else(String::new, |version| format!(" in version {version}"));
            Problem::not_found(format!("The library has no template {id:?}{which}. GET /api/v1/templates lists what there is."))
                .coded("unknown_template")
        })
    }

    /// The files of a version.
    pub fn bundle(&self, known: &Known) -> Result<Bundle, Problem> {
        let builtin = BUILTINS.iter().find(|builtin| builtin.known.entry.hash == known.entry.hash);
        builtin.map_or_else(|| self.stored(known.entry.hash), |builtin| Ok(builtin.bundle.clone()))
    }

    /// The version that a lesson is to be made with: the newest without `version`.
    pub fn choose(&self, id: &str, version: Option<&str>, now: Micros) -> Result<Choice, Problem> {
        let known = self.find(id, version).map_err(|problem| Problem { status: 400, title: "Bad request", ..problem })?;
        let entry = ShelfEntry {
            published: if known.entry.origin == Origin::Builtin { now } else { known.entry.published },
            ..known.entry.clone()
        };
        let bundle = match entry.origin {
            Origin::Builtin => Some(zip(&self.bundle(&known)?)?),
            _ => None,
        };
        Ok(Choice { entry, bundle })
    }

    /// Puts a template on the shelf. The same one once more changes nothing but that it is there again; `false` then.
    pub fn publish(&self, bundle: &Bundle, origin: Origin, now: Micros) -> Result<(Arc<Known>, bool), Problem> {
        let errors: Vec<_> = bundle::lint(bundle).into_iter().filter(|finding| finding.level == Level::Error).collect();
        if !errors.is_empty() {
            return Err(refused(&errors));
        }
        let template = bundle.template().map_err(|error| refused(&error.findings))?;
        let signed = trust::look(bundle, &self.keys);
        if signed == Signed::Broken {
            let detail = "The signature (lesson.minisig) does not belong to these files: somebody changed them after they were signed, or the \
                          file broke on its way. Get it again from whoever signed it, or leave lesson.minisig out.";
            return Err(Problem::bad_request(detail).coded("template_signature"));
        }
        let hash: TemplateHash = bundle.sha256().parse().map_err(|error: String| Problem::internal(&error))?;
        let (id, version) = (template.id.clone(), template.version.to_string());
        let entry = ShelfEntry { hash, id, version, origin, published: now, withdrawn: None };
        let bytes = zip(bundle)?;
        let changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let shelf = self.catalogue().shelf()?;
        if let Some(builtin) = BUILTINS.iter().find(|builtin| builtin.known.entry.id == entry.id) {
            if builtin.known.entry.hash == hash {
                return Ok((Arc::clone(&builtin.known), false));
            }
            if !matches!(signed, Signed::Trusted(_)) {
                let detail = format!(
                    "The id {:?} belongs to a template that comes with the hub. Give yours another id; a newer version of it must be signed \
                     by a key in templates.trusted_keys.",
                    entry.id
                );
                return Err(Problem::conflict(detail).coded("template_id_taken"));
            }
        }
        if let Some(other) = shelf.iter().find(|other| (&other.id, &other.version) == (&entry.id, &entry.version) && other.hash != hash) {
            let detail = format!(
                "Version {} of {:?} is on the shelf already, with other contents. Raise the version, so that nobody takes one for the other.",
                other.version, other.id
            );
            return Err(Problem::conflict(detail).coded("template_version_taken"));
        }
        let there = shelf.iter().find(|other| other.hash == hash);
        if there.is_none() && shelf.len() >= MOST {
            let detail = format!("The shelf has {MOST} versions. Take some off that nobody uses; they are forgotten after 30 days.");
            return Err(Problem::conflict(detail).coded("shelf_full"));
        }
        let entry = match there {
            Some(there) => ShelfEntry { withdrawn: None, ..there.clone() },
            None => entry,
        };
        self.catalogue().add_template(&entry, &bytes)?;
        let new = there.is_none_or(|there| there.withdrawn.is_some());
        drop(changing);
        if new {
            self.log("template.publish", &entry, now)?;
        }
        Ok((self.known(&entry)?, new))
    }

    /// Takes a version off the shelf, or puts it back (`None`).
    pub fn withdraw(&self, id: &str, version: &str, at: Option<Micros>, now: Micros) -> Result<(), Problem> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let shelf = self.catalogue().shelf()?;
        let entry = shelf.iter().find(|entry| entry.id == id && entry.version == version).ok_or_else(|| {
            let builtin = BUILTINS.iter().any(|builtin| builtin.known.entry.id == id);
            let why = if builtin { " It comes with the hub and cannot be taken off." } else { "" };
            Problem::not_found(format!("The shelf has no template {id:?} in version {version}.{why}")).coded("unknown_template")
        })?;
        if entry.withdrawn.is_some() == at.is_some() {
            return Ok(());
        }
        self.catalogue().withdraw_template(entry.hash, at)?;
        self.log(if at.is_some() { "template.withdraw" } else { "template.restore" }, entry, now)
    }

    fn log(&self, what: &str, entry: &ShelfEntry, now: Micros) -> Result<(), Problem> {
        let detail = format!("{} {}", entry.id, entry.version);
        let entry = LogEntry { at: now, who: "teacher".to_owned(), lesson: None, what: what.to_owned(), detail };
        Ok(self.catalogue().log(&entry)?)
    }
}

/// A template's files as they are stored and sent.
pub fn zip(bundle: &Bundle) -> Result<Vec<u8>, Problem> {
    bundle.to_zip().map_err(|error| Problem::internal(&error))
}

/// A template with mistakes, refused: the first in the sentence, all of them in the list.
pub fn refused(errors: &[Finding]) -> Problem {
    let first = errors.first().map_or_else(String::new, ToString::to_string);
    let more = errors.len().saturating_sub(1);
    let rest = if more == 0 { String::new() } else { format!(" ({more} more: see `found`.)") };
    let found = errors.iter().map(ToString::to_string).collect();
    Problem { found, ..Problem::bad_request(format!("This template has mistakes. {first}{rest}")).coded("template_mistakes") }
}

/// Files that were read one by one, as a template.
pub fn of_files(files: BTreeMap<String, Vec<u8>>) -> Result<Bundle, Problem> {
    Bundle::from_files(files).map_err(|error| files::no_bundle(&error))
}
