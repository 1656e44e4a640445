//! A certificate and its key in PEM files, as renewal programs leave them, and what can be wrong with them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, bail, ensure};
use messwerk_lessons::Micros;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};

use super::facts::{day, seconds};
use super::{Facts, Loaded};

/// Bytes of a PEM file that is one.
const LARGEST: u64 = 1 << 20;

/// Where the two files are, and what they looked like when they were read last.
#[derive(Debug)]
pub(super) struct Files {
    cert: PathBuf,
    key: PathBuf,
    /// `None` if what was read then was not in order: the next look reads again.
    seen: Option<[Stamp; 2]>,
}

/// Tells a file from the one that was there before. Renewal programs exchange files and links; both change one of these.
type Stamp = Option<(SystemTime, u64, u64)>;

impl Files {
    /// Files that nobody has read yet.
    pub(super) fn new(cert: PathBuf, key: PathBuf) -> Self {
        let mut files = Self { cert, key, seen: None };
        files.seen = Some(files.stamps());
        files
    }

    /// Reads both; an error says what to do.
    pub(super) fn load(&self, provider: &CryptoProvider, now: Micros) -> anyhow::Result<Loaded> {
        let chain = chain(&self.cert)?;
        let facts = Facts::of(&chain[0]).with_context(|| format!("--tls-cert {}", self.cert.display()))?;
        let key = key(&self.key)?;
        let shown = (self.cert.display(), self.key.display());
        ensure!(
            !facts.is_authority || facts.is_its_own && !facts.names.is_empty(),
            "--tls-cert {}: its first certificate is an authority's. The hub's own has to come first, then those that signed it",
            shown.0
        );
        let certified = CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => anyhow::anyhow!(
                "--tls-key {} does not belong to --tls-cert {}: give the key that the certificate was made for, and put the hub's own \
                 certificate first in its file",
                shown.1,
                shown.0
            ),
            error => anyhow::anyhow!("--tls-key {}: this kind of key is not usable here ({error}). Make an EC (P-256) or RSA key", shown.1),
        })?;
        ensure!(
            facts.not_after >= seconds(now),
            "--tls-cert {}: it ended on {}. Renew it; if that day lies ahead, the hub's clock is wrong",
            shown.0,
            facts.ends()
        );
        ensure!(
            facts.not_before <= seconds(now),
            "--tls-cert {}: it begins on {} only. If that day has passed, set the hub's clock",
            shown.0,
            day(facts.not_before)
        );
        Ok((Arc::new(certified), facts))
    }

    /// What is there now, if it is not what was read before.
    pub(super) fn renewed(&mut self, provider: &CryptoProvider, now: Micros) -> Option<anyhow::Result<Loaded>> {
        let stamps = self.stamps();
        if self.seen.as_ref() == Some(&stamps) {
            return None;
        }
        let loaded = self.load(provider, now);
        // Half a renewal (the new key beside the old certificate) has its second half soon.
        self.seen = loaded.is_ok().then_some(stamps);
        Some(loaded)
    }

    fn stamps(&self) -> [Stamp; 2] {
        [&self.cert, &self.key].map(|file| stamp(file))
    }
}

fn stamp(file: &Path) -> Stamp {
    let metadata = file.metadata().ok()?;
    #[cfg(unix)]
    let id = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let id = 0;
    Some((metadata.modified().ok()?, metadata.len(), id))
}

fn read(file: &Path, flag: &str) -> anyhow::Result<Vec<u8>> {
    let metadata = file
        .metadata()
        .with_context(|| format!("{flag} {}: cannot be read. Is the path right, may the hub's user read it?", file.display()))?;
    ensure!(metadata.is_file() && metadata.len() <= LARGEST, "{flag} {}: this is no PEM file", file.display());
    std::fs::read(file).with_context(|| format!("{flag} {}: cannot be read. May the hub's user read it?", file.display()))
}

fn contains(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

/// DER and PKCS#12 both begin with an ASN.1 sequence.
fn is_binary(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30)
}

fn chain(file: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let (bytes, shown) = (read(file, "--tls-cert")?, file.display());
    ensure!(
        !is_binary(&bytes),
        "--tls-cert {shown}: this is no PEM (text) file. Convert it: openssl x509 -inform der -in FILE -out cert.pem (for .cer, .der), or \
         openssl pkcs12 -in FILE -nokeys -out cert.pem (for .pfx, .p12)"
    );
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<_, _>>()
        .with_context(|| format!("--tls-cert {shown}: a certificate in it is damaged. Copy the file again"))?;
    if chain.is_empty() {
        ensure!(!contains(&bytes, "PRIVATE KEY"), "--tls-cert {shown}: this is a key. Are --tls-cert and --tls-key exchanged?");
        bail!("--tls-cert {shown}: there is no certificate in it; one begins with -----BEGIN CERTIFICATE-----");
    }
    Ok(chain)
}

fn key(file: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    let (bytes, shown) = (read(file, "--tls-key")?, file.display());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata()?.permissions().mode();
        // A group may read it: some systems have one for programs that need certificates.
        ensure!(mode & 0o007 == 0, "--tls-key {shown}: every user of this machine may read it. Take that away: chmod o= {shown}");
    }
    ensure!(
        !is_binary(&bytes),
        "--tls-key {shown}: this is no PEM (text) file. Convert it: openssl pkey -inform der -in FILE -out key.pem (for .der, .key), or \
         openssl pkcs12 -in FILE -nocerts -nodes -out key.pem (for .pfx, .p12)"
    );
    let locked = contains(&bytes, "ENCRYPTED");
    ensure!(
        !locked,
        "--tls-key {shown}: it has a password, which nobody types at a start. Take it off: openssl pkey -in {shown} -out key.pem"
    );
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| {
        if contains(&bytes, "BEGIN CERTIFICATE") {
            return anyhow::anyhow!("--tls-key {shown}: this is a certificate. Are --tls-cert and --tls-key exchanged?");
        }
        anyhow::anyhow!("--tls-key {shown}: there is no private key in it ({error}); one begins with -----BEGIN PRIVATE KEY-----")
    })
}
