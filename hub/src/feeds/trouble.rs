//! Why a look at a feed failed: a sentence for logs and programs, and a word with its details for pages, which say it in their language.

use std::collections::BTreeMap;
use std::time::Duration;

use messwerk_lessons::sky::SkyError;

use super::jobs::Undone;
use super::load::LoadError;
use crate::api::problem::Problem;
use crate::release::fetch::FetchError;

/// Why a look failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LookError {
    /// It did not come.
    #[error("{0}")]
    Load(#[from] LoadError),
    /// It came and is none.
    #[error("{}", .0.said)]
    File(Undone),
    /// Elements that cannot be read.
    #[error("its answer has no elements of satellites: {0}")]
    Sky(#[from] SkyError),
    /// The store.
    #[error("it could not be kept: {0}")]
    Store(#[from] messwerk_store::Error),
}

impl LookError {
    /// The hub stops.
    pub(super) fn stopped() -> Self {
        Self::File(Undone { code: "file_cut".to_owned(), said: "the hub stops".to_owned() })
    }

    /// Whether the other addresses are not asked, either: nobody is there, or wants it, or here is no room for what comes.
    pub(super) fn ends(&self) -> bool {
        use LoadError::{Disk, Fetch, Later, NoRules};
        matches!(self, Self::Store(_) | Self::Load(Later { .. } | NoRules { .. } | Disk(_) | Fetch(FetchError::Unreachable(_))))
    }

    /// After how long the service may be asked again, where it says so.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::Load(LoadError::Later { wait, .. } | LoadError::NoRules { wait, .. }) => *wait,
            // A little more, so that the rules are too old by then.
            Self::Load(LoadError::Robots { again, .. }) => Some(*again + Duration::from_secs(60)),
            _ => None,
        }
    }

    /// The kind in one word that never changes, and what a sentence about it names.
    pub(super) fn told(&self) -> (String, BTreeMap<String, String>) {
        let (code, about): (&str, Vec<(&str, String)>) = match self {
            Self::Store(_) => ("store", vec![]),
            Self::Sky(_) => ("elements", vec![]),
            Self::File(Undone { code, .. }) => (code, vec![]),
            Self::Load(error) => match error {
                LoadError::BrokeOff { bytes, .. } => ("broke_off", vec![("bytes", bytes.to_string())]),
                LoadError::Later { status, .. } => ("later", vec![("status", status.to_string())]),
                LoadError::Robots { host, path, .. } => (ROBOTS, vec![("host", host.clone()), ("path", path.clone())]),
                LoadError::NoRules { host, why, status, .. } => {
                    let status = status.map(|status| ("status", status.to_string()));
                    (NO_RULES, [("host", host.clone()), ("reason", why.clone())].into_iter().chain(status).collect())
                }
                LoadError::Disk(_) => ("disk", vec![]),
                LoadError::Fetch(error) => match error {
                    FetchError::Address(_) => ("address", vec![]),
                    FetchError::SentOn(to) | FetchError::Forbidden(to) => ("sent_on", vec![("address", to.clone())]),
                    FetchError::Hops => ("hops", vec![]),
                    FetchError::Status(status) => ("status", vec![("status", status.to_string())]),
                    FetchError::TooLarge(kib) => ("too_large", vec![("mib", (kib / 1024).to_string())]),
                    FetchError::Unreachable(why) => ("unreachable", vec![("reason", why.clone())]),
                },
            },
        };
        (code.to_owned(), about.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

/// [`LookError::told`] of an address that the service's rules forbid.
pub(super) const ROBOTS: &str = "robots";
/// The same where the rules are not to be had.
pub(super) const NO_RULES: &str = "no_rules";

impl From<Undone> for LookError {
    fn from(undone: Undone) -> Self {
        Self::File(undone)
    }
}

impl From<Problem> for LookError {
    fn from(problem: Problem) -> Self {
        Self::File(Undone { code: problem.code.to_owned(), said: problem.detail })
    }
}

impl From<tokio::task::JoinError> for LookError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::File(Undone { code: "internal".to_owned(), said: error.to_string() })
    }
}

#[cfg(test)]
mod tests;
