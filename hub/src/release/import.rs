//! What comes from elsewhere: by hand or by subscription, the same rules.

use messwerk_lessons::Micros;
use messwerk_lessons::release::{Release, ReleaseError};
use messwerk_store::Catalogue;
use messwerk_store::catalogue::ForeignRelease;

use super::signed::{self, Signed};

/// Why a Release is not taken. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// A file of something else.
    #[error("this is no release file of Messwerk, or it was damaged on its way; fetch it again")]
    NoRelease,
    /// Larger than any Release.
    #[error("it is larger than any release (1 MiB); check that it is the right file")]
    TooLarge,
    /// Somebody changed it.
    #[error("its signature does not fit: it was changed after it was signed, or damaged; ask its sender for it again")]
    Signature,
    /// Somebody changed the table.
    #[error("its table (outcomes.parquet) is not the one it was signed with; ask its sender for it again")]
    Table,
    /// Signed, and no Release.
    #[error("it is signed, but not written as a release is ({0}); a newer hub may read it")]
    Written(String),
    /// Numbers that are not believed.
    #[error("{0}")]
    Refused(#[from] ReleaseError),
    /// Taken back by who made it.
    #[error("its sender has withdrawn it; it is not to be used any more")]
    Withdrawn,
    /// Another one under the same id.
    #[error(
        "a release with the same id and other content is here already; one of both is forged or was made by a copied hub. Ask its sender"
    )]
    OtherContent,
    /// A subscription's catalogue with somebody else's Release.
    #[error("it is signed with another key than the catalogue says")]
    OtherKey,
    /// No room.
    #[error("there are 5000 releases of other hubs here already; remove some that are not needed")]
    Full,
    /// The store.
    #[error("it could not be kept: {0}")]
    Store(#[from] messwerk_store::Error),
}

impl ImportError {
    /// In one word, for pages that say it in their own language.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRelease => "release_unreadable",
            Self::TooLarge => "release_too_large",
            Self::Signature | Self::Table => "release_signature",
            Self::Written(_) => "release_written",
            Self::Refused(error) => refusal(error),
            Self::Withdrawn => "release_withdrawn",
            Self::OtherContent => "release_other_content",
            Self::OtherKey => "release_other_key",
            Self::Full => "release_full",
            Self::Store(_) => "unavailable",
        }
    }
}

/// The word of a rule of `lessons`.
pub fn refusal(error: &ReleaseError) -> &'static str {
    match error {
        ReleaseError::NotAllowed | ReleaseError::SinglesNotAllowed => "release_not_allowed",
        ReleaseError::TooFew { .. } => "release_too_few",
        ReleaseError::Name { .. } => "release_name",
        ReleaseError::Difference { .. } => "release_difference",
        ReleaseError::Again => "release_again",
        ReleaseError::Format { .. } => "release_format",
        ReleaseError::SmallK { .. } => "release_small_k",
        ReleaseError::Future { .. } => "release_future",
        ReleaseError::Contradiction(_) | ReleaseError::NotNumbers => "release_contradiction",
        _ => "release_written",
    }
}

/// What became of a Release.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// It is kept now. `used` if its source is known; else it waits for a teacher's word.
    New {
        /// What it says.
        release: Box<Release>,
        /// Whether it is compared with.
        used: bool,
    },
    /// It was here already, bit by bit: one's own, or fetched before.
    Known(Box<Release>),
}

/// The way on which a file came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way<'a> {
    /// A teacher brought it.
    Hand,
    /// A subscription's catalogue listed it.
    Catalog {
        /// The catalogue's address.
        url: &'a str,
        /// Who has signed it, as the catalogue says.
        key: &'a str,
        /// Whether the operator named that key; else a hub that is subscribed to passes on a stranger's.
        named: bool,
    },
}

/// Takes a file that came at `now`. Waits for the disk.
pub fn take(catalogue: &Catalogue, now: Micros, file: &[u8], way: Way<'_>) -> Result<Taken, ImportError> {
    let Signed { release, key, json } = signed::read(file)?;
    if matches!(way, Way::Catalog { key: expected, .. } if expected != key) {
        return Err(ImportError::OtherKey);
    }
    release.check(now)?;
    if catalogue.is_withdrawn(&release.id, &key)? {
        return Err(ImportError::Withdrawn);
    }
    let own = catalogue.release(&release.id)?.map(|own| own.file);
    let here = match own {
        Some(file) => Some(file),
        None => catalogue.foreign_release(&release.id)?.map(|foreign| foreign.file),
    };
    if let Some(here) = here {
        let same = signed::read(&here).is_ok_and(|here| (here.key, here.json) == (key, json));
        return if same { Ok(Taken::Known(Box::new(release))) } else { Err(ImportError::OtherContent) };
    }
    let (subscription, named) = match way {
        Way::Hand => (None, false),
        Way::Catalog { url, named, .. } => (Some(url.to_owned()), named),
    };
    let used = named || catalogue.sources()?.iter().any(|source| source.key == key);
    let id = release.id.clone();
    let kept = ForeignRelease { id, key, subscription, came: now, used, file: file.to_vec() };
    if catalogue.add_foreign_release(&kept)? { Ok(Taken::New { release: Box::new(release), used }) } else { Err(ImportError::Full) }
}
