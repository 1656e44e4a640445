//! Versions of templates.

use std::fmt;

use serde::{Serialize, Serializer};

/// A template's version (semver 2.0.0 without pre-release): a new major number says that Outcomes no longer compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Outcomes of different major versions do not compare.
    pub major: u32,
    /// Something was added.
    pub minor: u32,
    /// Something was mended.
    pub patch: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Version {
    /// Reads `1.0.0`: three whole numbers, without leading zeros.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse().ok().filter(|number: &u32| number.to_string() == part));
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        parts.next().is_none().then_some(version)
    }
}
