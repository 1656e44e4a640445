//! The hub's own certificate authority, for devices that a school manages: they are told once to trust it.
//!
//! It could otherwise vouch for any page in the world, so it is bound by X.509 name constraints, which are critical: a
//! browser that does not understand them refuses everything. Permitted are the hub's names and the private networks the hub was in
//! when the authority was made, nothing else; and it may sign no other authority. Its key never leaves the data folder and
//! signs one thing: the hub's certificate, which is made anew in memory at each start, when addresses change, and in time before its end.

pub(crate) mod keep;
mod permits;

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, ensure};
use messwerk_lessons::Micros;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType,
};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;

use self::permits::Permits;
use super::facts::{day, seconds};
use super::{Facts, Loaded, Own};

const DAY: i64 = 86_400;
/// Days an authority holds: longer than a school's devices last, so that nobody has to visit them all again.
const AUTHORITY: i64 = 3_650;
/// Days a hub's certificate holds. Apple takes 825 at most; a short one does little harm if it gets lost.
const LEAF: i64 = 90;
/// Days before its end from which on a new one is made.
const RENEW: i64 = 30;
/// Days that a certificate begins before it is made: the clocks of devices are wrong, too.
const BEFORE: i64 = 1;
/// 1 January 2026. A clock before it was never set, as after a power cut on a small computer without a clock of its own.
const EARLIEST: i64 = 1_767_225_600;

/// The authority: its certificate and its key.
pub(super) struct Authority {
    pem: String,
    facts: Facts,
    permits: Permits,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Opens the authority in a folder, or makes one there for what the hub is now.
    pub(super) fn open(folder: &Path, own: &Own, now: Micros) -> anyhow::Result<Self> {
        let (pem, key) = match keep::read(folder)? {
            Some(kept) => kept,
            None => {
                let made = make(own, now)?;
                keep::write(folder, &made.0, &made.1)?;
                tracing::info!(folder = %folder.display(), "made a certificate authority; hand /tls/ca.pem to the management of the school's devices");
                made
            }
        };
        let (facts, permits, name) = permits::read(&pem).with_context(|| keep::again(folder, "ca.pem is damaged"))?;
        let key = KeyPair::from_pem(&key).with_context(|| keep::again(folder, "ca.key is damaged"))?;
        ensure!(permits::spki_of(&pem)? == key_bits(&key), keep::again(folder, "ca.key does not belong to ca.pem"));
        ensure!(facts.not_after >= seconds(now), keep::again(folder, &format!("the authority ended on {}", facts.ends())));
        let mut params = CertificateParams::default();
        params.distinguished_name = distinguished(&name);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Ok(Self { pem, facts, permits, issuer: Issuer::new(params, key) })
    }

    /// The certificate that devices have to trust.
    pub(super) fn pem(&self) -> &str {
        &self.pem
    }

    /// Makes a certificate for what the hub is now, as far as the authority may.
    pub(super) fn leaf(&self, own: &Own, provider: &CryptoProvider, now: Micros) -> anyhow::Result<Loaded> {
        plausible(now)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = distinguished("Messwerk");
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        // No longer than the authority itself.
        valid(&mut params, seconds(now) - BEFORE * DAY, (seconds(now) + LEAF * DAY).min(self.facts.not_after));
        for name in own.names.iter().filter(|name| self.permits.name(name)) {
            params.subject_alt_names.push(SanType::DnsName(name.as_str().try_into()?));
        }
        params
            .subject_alt_names
            .extend(own.addresses.iter().filter(|address| self.permits.address(**address)).map(|address| SanType::IpAddress(*address)));
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let der = certificate.der().clone();
        let facts = Facts::of(&der)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        Ok((Arc::new(CertifiedKey::from_der(vec![der], key, provider)?), facts))
    }

    /// Whether a certificate of it is to be made anew: its end is near and a new one would hold longer, or it begins tomorrow
    /// because the clock was wrong.
    pub(super) fn is_due(&self, leaf: &Facts, now: Micros) -> bool {
        let longer = self.facts.not_after.min(seconds(now) + LEAF * DAY) >= leaf.not_after + DAY;
        seconds(now) < leaf.not_before || leaf.days_left(now) < RENEW && longer
    }

    /// What is not in order with it: names and addresses it may not vouch for, and its own end.
    pub(super) fn problems(&self, own: &Own, now: Micros) -> Vec<String> {
        let names = own.names.iter().filter(|name| !self.permits.name(name)).cloned();
        let addresses = own.addresses.iter().filter(|address| !self.permits.address(**address)).map(IpAddr::to_string);
        let beyond: Vec<String> = names.chain(addresses).collect();
        let mut problems = vec![];
        if !beyond.is_empty() {
            problems.push(format!(
                "the local certificate authority was made in another network and may not vouch for {}: use {}, or stop the hub, delete \
                 the folder tls in its data folder, start it and hand the new /tls/ca.pem to the management of the devices",
                beyond.join(", "),
                self.vouched(own).join(", ")
            ));
        }
        if self.facts.days_left(now) < LEAF {
            problems.push(format!(
                "the local certificate authority ends on {}: in the holidays before, stop the hub, delete the folder tls in its data \
                 folder, start it and hand the new /tls/ca.pem to the management of the devices",
                self.facts.ends()
            ));
        }
        problems
    }

    fn vouched(&self, own: &Own) -> Vec<String> {
        own.names.iter().filter(|name| *name != "localhost" && self.permits.name(name)).cloned().collect()
    }
}

/// A new authority: certificate and key as PEM.
fn make(own: &Own, now: Micros) -> anyhow::Result<(String, String)> {
    plausible(now)?;
    let mut params = CertificateParams::default();
    let called = own.names.iter().find(|name| *name != "localhost").map_or("hub", String::as_str);
    let mut number = [0; 4];
    getrandom::fill(&mut number).context("no random number")?;
    // Two hubs' authorities, or an old and a new one, must not be taken for each other.
    params.distinguished_name = distinguished(&format!("Messwerk {called} {:08x}", u32::from_be_bytes(number)));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.name_constraints = Some(permits::for_hub(own));
    valid(&mut params, seconds(now) - BEFORE * DAY, seconds(now) + AUTHORITY * DAY);
    let key = KeyPair::generate()?;
    Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
}

fn plausible(now: Micros) -> anyhow::Result<()> {
    let told = day(seconds(now));
    ensure!(seconds(now) >= EARLIEST, "the hub's clock says {told}: set it, or every device finds the certificate wrong");
    Ok(())
}

fn distinguished(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn valid(params: &mut CertificateParams, from: i64, until: i64) {
    let at = |seconds: i64| UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs());
    params.not_before = at(from).into();
    params.not_after = at(until).into();
}

/// The public key's bits, as they stand in a certificate.
fn key_bits(key: &KeyPair) -> Vec<u8> {
    key.public_key_raw().to_vec()
}

#[cfg(test)]
mod tests;
