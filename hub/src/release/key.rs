//! The hub's signing key: Ed25519 in minisign's format, so that `minisign -Vm release.json -P KEY` checks a Release without us.
//!
//! It is made at its first use and lies in `sharing/` of the data folder. It says "the same hub as last time", no more: who that
//! is, a person has to be told by a person.

use std::fs::{self, File};
use std::io::{Cursor, ErrorKind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use minisign::{KeyPair, PublicKey, SecretKey, SecretKeyBox};

use crate::tls::put;

/// Below the data folder.
pub const FOLDER: &str = "sharing";
const SECRET: &str = "hub.key";
const PUBLIC: &str = "hub.pub";

/// The key of this hub.
pub struct HubKey {
    secret: SecretKey,
    public: PublicKey,
}

impl std::fmt::Debug for HubKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HubKey").field("public", &self.public()).finish_non_exhaustive()
    }
}

impl HubKey {
    /// The key of a data folder, made if there is none; on return it is on disk.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        let folder = data.join(FOLDER);
        let file = folder.join(SECRET);
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => make(&folder)?,
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read: may the hub's user read it?", file.display())),
        };
        let again = || {
            format!(
                "{} is damaged: put it back from a copy, or delete it; the hub then makes a new key, and whoever subscribed to the old one \
                 has to be told the new",
                file.display()
            )
        };
        let boxed = SecretKeyBox::from_string(&text).with_context(again)?;
        let secret = boxed.into_unencrypted_secret_key().with_context(again)?;
        let public = PublicKey::from_secret_key(&secret).with_context(again)?;
        Ok(Self { secret, public })
    }

    /// The public key as one line: what others write into their configuration.
    pub fn public(&self) -> String {
        self.public.to_base64()
    }

    /// The public key as minisign's own file.
    pub fn public_file(&self) -> anyhow::Result<String> {
        Ok(self.public.to_box()?.into_string())
    }

    /// Signs bytes. `about` stands in the signature and is signed with it; no time does, because only weeks leave.
    pub fn sign(&self, bytes: &[u8], about: &str) -> anyhow::Result<String> {
        let signed = minisign::sign(Some(&self.public), &self.secret, Cursor::new(bytes), Some(about), Some("signed by a Messwerk hub"))?;
        Ok(signed.into_string())
    }
}

fn make(folder: &Path) -> anyhow::Result<String> {
    let pair = KeyPair::generate_unencrypted_keypair()?;
    let secret = pair.sk.to_box(Some("the secret key of a Messwerk hub; whoever has it can speak in its name"))?.into_string();
    let public = pair.pk.to_box()?.into_string();
    let all = || -> std::io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)?;
        put(folder, PUBLIC, &public)?;
        put(folder, SECRET, &secret)?;
        File::open(folder)?.sync_all()
    };
    all().with_context(|| format!("{} cannot be written", folder.display()))?;
    Ok(secret)
}

/// The key once somebody needs it: hubs that share nothing have none.
#[derive(Debug)]
pub struct LazyKey {
    data: std::path::PathBuf,
    key: Mutex<Option<Arc<HubKey>>>,
}

impl LazyKey {
    /// Of a data folder.
    pub fn new(data: &Path) -> Self {
        Self { data: data.to_owned(), key: Mutex::default() }
    }

    /// The public key, if there is one yet.
    pub fn known(&self) -> anyhow::Result<Option<String>> {
        let made = self.data.join(FOLDER).join(SECRET).try_exists()?;
        if made { Ok(Some(self.get()?.public())) } else { Ok(None) }
    }

    /// The key; the first call may make it and waits for the disk.
    pub fn get(&self) -> anyhow::Result<Arc<HubKey>> {
        let mut key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*key {
            return Ok(Arc::clone(key));
        }
        Ok(Arc::clone(key.insert(Arc::new(HubKey::open(&self.data)?))))
    }
}

/// Whether a text is a public key: `RW` and 54 more characters.
pub fn is_public(text: &str) -> bool {
    minisign_verify::PublicKey::from_base64(text).is_ok()
}

/// Whether `signature` is one of `bytes` by `key`, and which name it signed them under.
pub fn verified(key: &str, signature: &str, bytes: &[u8]) -> Option<String> {
    let key = minisign_verify::PublicKey::from_base64(key).ok()?;
    let signature = minisign_verify::Signature::decode(signature).ok()?;
    key.verify(bytes, &signature, false).ok()?;
    Some(signature.trusted_comment().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept_for_the_hub_alone() {
        let folder = tempfile::tempdir().unwrap();
        let key = HubKey::open(folder.path()).unwrap();
        assert_eq!(HubKey::open(folder.path()).unwrap().public(), key.public());
        assert!(key.public().starts_with("RW") && is_public(&key.public()) && !is_public("RWabc"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode("sharing"), mode("sharing/hub.key")), (0o700, 0o600));
        }
        fs::write(folder.path().join("sharing/hub.key"), "nothing").unwrap();
        let refused = format!("{:#}", HubKey::open(folder.path()).unwrap_err());
        assert!(refused.contains("damaged") && refused.contains("delete it"), "{refused}");
    }

    #[test]
    fn what_one_library_signs_the_other_checks() {
        let folder = tempfile::tempdir().unwrap();
        let (key, other) = (HubKey::open(&folder.path().join("a")).unwrap(), HubKey::open(&folder.path().join("b")).unwrap());
        let signature = key.sign(b"what was measured", "release.json").unwrap();
        assert_eq!(verified(&key.public(), &signature, b"what was measured").as_deref(), Some("release.json"));
        for (by, of, bytes) in [
            (key.public(), signature.clone(), &b"what was Measured"[..]),
            (other.public(), signature.clone(), b"what was measured"),
            (key.public(), signature.replace("release.json", "release.jsom"), b"what was measured"),
            (key.public(), String::new(), b"what was measured"),
            (String::new(), signature.clone(), b"what was measured"),
        ] {
            assert_eq!(verified(&by, &of, bytes), None, "{by} {of}");
        }
    }
}
