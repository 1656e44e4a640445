//! Whether a template comes from somebody this hub knows: minisign signatures of the listing of its files.
//!
//! An unknown key is no fault: a template is data, which cannot do anything, and a teacher may try a stranger's. A signature that does
//! not fit what it signs is one: somebody changed the files behind the signer's back, or the file broke on its way.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use messwerk_lessons::bundle::{Bundle, SIGNATURE};
use minisign_verify::{PublicKey, Signature};
use sha2::{Digest as _, Sha256};

/// A key whose templates the school trusts.
#[derive(Debug, Clone)]
pub struct TrustedKey {
    id: String,
    key: PublicKey,
}

/// What a template's signature says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// There is none.
    No,
    /// By a key that is in the configuration; its id as minisign shows it.
    Trusted(String),
    /// By a key that nobody here knows.
    Unknown(String),
    /// It is broken, or belongs to other files.
    Broken,
}

/// Bytes of a public key (algorithm, id, key) and of a signature (algorithm, id, signature), and where the id stands.
const KEY: usize = 42;
const SIGNED: usize = 74;
const ID: std::ops::Range<usize> = 2..10;

/// A key's id as minisign shows it: 16 hexadecimal digits, the last byte first.
fn id_of(bytes: &[u8], length: usize) -> Option<String> {
    let id = bytes.get(ID).filter(|_| bytes.len() == length)?;
    Some(id.iter().rev().fold(String::new(), |mut id, byte| {
        let _ = write!(id, "{byte:02X}");
        id
    }))
}

impl TrustedKey {
    /// A public key as it stands in `minisign.pub`, with or without the comment above it.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let line = text.trim().lines().last().unwrap_or_default().trim();
        let wrong =
            || anyhow::anyhow!("{line:?} is no public key of minisign: copy the second line of the .pub file, which begins with RW");
        let id = STANDARD.decode(line).ok().and_then(|bytes| id_of(&bytes, KEY)).ok_or_else(wrong)?;
        Ok(Self { id, key: PublicKey::from_base64(line).map_err(|_| wrong())? })
    }
}

/// What a template's signature signs: a line `SHA-256 path` for each file, by path, the signature's own left out. Its SHA-256 is the
/// template's.
pub fn listing(bundle: &Bundle) -> String {
    let mut listing = String::new();
    for (path, bytes) in bundle.files().filter(|(path, _)| *path != SIGNATURE) {
        Sha256::digest(bytes).iter().for_each(|byte| _ = write!(listing, "{byte:02x}"));
        let _ = writeln!(listing, " {path}");
    }
    listing
}

impl Signed {
    /// Whether it is of somebody the hub knows: `trusted` or `unknown`; `None` without a signature.
    pub fn trust(&self) -> Option<&'static str> {
        match self {
            Self::No => None,
            Self::Trusted(_) => Some("trusted"),
            Self::Unknown(_) | Self::Broken => Some("unknown"),
        }
    }

    /// The key that signed it, as minisign shows it.
    pub fn signer(&self) -> Option<&str> {
        match self {
            Self::Trusted(key) | Self::Unknown(key) => Some(key),
            Self::No | Self::Broken => None,
        }
    }
}

/// Whose signature this is said to be. Whether it fits, only [`look`] knows, which has what was signed.
pub fn claimed(signature: &str, keys: &[TrustedKey]) -> Signed {
    let line = signature.lines().nth(1).filter(|_| Signature::decode(signature).is_ok());
    let Some(id) = line.and_then(|line| STANDARD.decode(line.trim()).ok()).and_then(|bytes| id_of(&bytes, SIGNED)) else {
        return Signed::Broken;
    };
    if keys.iter().any(|key| key.id == id) { Signed::Trusted(id) } else { Signed::Unknown(id) }
}

/// What the signature of a template says to somebody who trusts `keys`.
pub fn look(bundle: &Bundle, keys: &[TrustedKey]) -> Signed {
    let Some(bytes) = bundle.file(SIGNATURE) else { return Signed::No };
    let Ok(text) = std::str::from_utf8(bytes) else { return Signed::Broken };
    let claimed = claimed(text, keys);
    let Signed::Trusted(id) = &claimed else { return claimed };
    let fits = |key: &TrustedKey| {
        Signature::decode(text).is_ok_and(|signature| key.key.verify(listing(bundle).as_bytes(), &signature, false).is_ok())
    };
    if keys.iter().any(|key| key.id == *id && fits(key)) { claimed } else { Signed::Broken }
}

#[cfg(test)]
mod tests;
