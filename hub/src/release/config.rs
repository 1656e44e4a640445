//! What the operator allows and asks for; everything is off without it.

use std::collections::BTreeSet;
use std::net::IpAddr;

use messwerk_lessons::release::{LABEL, LEAST_K, PUBLIC_K};
use serde::Deserialize;
use ureq::http::Uri;

use super::key;

/// Most subscriptions: a large town's schools.
const MOST: usize = 200;

/// Exchange with other hubs.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SharingConfig {
    /// Whether everybody may fetch `/catalog.json` and what it lists.
    pub publish: bool,
    /// What the catalogue calls this hub; also the label that teachers are offered.
    pub label: String,
    /// The least number of Things behind every number of a Release in the catalogue.
    pub public_k: u32,
    /// Whether the catalogue lists the templates of the shelf.
    pub templates: bool,
    /// Whether the catalogue also lists what subscriptions brought, unchanged and with the signature of who made it.
    pub republish: bool,
    /// Whose catalogues are fetched, once an hour.
    pub subscribe: Vec<SubscriptionConfig>,
}

/// Another hub's catalogue, or one on a static web space.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionConfig {
    /// Its address: `https://hub.example.org/catalog.json`.
    pub url: String,
    /// The key its Releases are signed with, as that hub's page of releases shows it.
    pub key: String,
}

/// Whether the operator named the hub with this key among `all`.
pub fn is_subscribed(all: &[SubscriptionConfig], key: &str) -> bool {
    all.iter().any(|named| named.key == key)
}

impl Default for SharingConfig {
    fn default() -> Self {
        Self { publish: false, label: String::new(), public_k: PUBLIC_K, templates: true, republish: false, subscribe: vec![] }
    }
}

impl SharingConfig {
    /// The hosts that the hub asks by itself.
    pub fn hosts(&self) -> Vec<String> {
        let hosts: BTreeSet<String> =
            self.subscribe.iter().filter_map(|named| Some(address(&named.url).ok()?.host()?.to_owned())).collect();
        hosts.into_iter().collect()
    }

    /// Says which setting cannot be.
    pub fn check(&self) -> anyhow::Result<()> {
        let k = self.public_k;
        anyhow::ensure!((LEAST_K..=1000).contains(&k), "sharing.public_k = {k}: must be {LEAST_K} to 1000");
        let length = self.label.chars().count();
        anyhow::ensure!(length <= LABEL, "sharing.label has {length} characters: at most {LABEL}");
        anyhow::ensure!(self.subscribe.len() <= MOST, "sharing.subscribe has {} entries: at most {MOST}", self.subscribe.len());
        for (index, SubscriptionConfig { url, key }) in self.subscribe.iter().enumerate() {
            address(url).map_err(|wrong| anyhow::anyhow!("sharing.subscribe, url = {url:?}: {wrong}"))?;
            let once = self.subscribe[..index].iter().all(|earlier| earlier.url != *url);
            anyhow::ensure!(once, "sharing.subscribe names {url} twice");
            anyhow::ensure!(
                key::is_public(key),
                "sharing.subscribe, key = {key:?}: is no public key; it has 56 characters and begins with RW. The other hub's page \
                 /releases shows it, and `messwerk catalog key`"
            );
        }
        Ok(())
    }
}

/// An address that may be fetched: HTTPS, or this very machine. Says what is wrong with another.
pub fn address(url: &str) -> Result<Uri, &'static str> {
    let uri: Uri = url.parse().map_err(|_| "is no address; write https://hub.example.org/catalog.json")?;
    let authority = uri.authority().ok_or("has no host; write https://hub.example.org/catalog.json")?;
    if authority.as_str().contains('@') {
        return Err("has a user name or password in it; those are not sent");
    }
    let host = bare(authority.host());
    let own = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if own => Ok(uri),
        Some("http") => Err("is not encrypted; write https://. Only this machine itself (127.0.0.1) may be asked by http"),
        _ => Err("must begin with https://"),
    }
}

/// A host without the brackets of IPv6.
pub(super) fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    fn with(url: &str, key: &str) -> String {
        let subscribe = vec![SubscriptionConfig { url: url.to_owned(), key: key.to_owned() }];
        SharingConfig { subscribe, ..SharingConfig::default() }.check().map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn only_encrypted_addresses_and_this_machine() {
        for url in [
            "https://hub.example.org/catalog.json",
            "https://10.1.2.3:8443/catalog.json",
            "http://127.0.0.1:8080/catalog.json",
            "http://localhost/catalog.json",
            "http://[::1]:80/catalog.json",
        ] {
            assert_eq!(with(url, KEY), "", "{url}");
        }
        for (url, told) in [
            ("http://hub.example.org/catalog.json", "not encrypted"),
            ("http://192.168.1.2/catalog.json", "not encrypted"),
            ("http://localhost.example.org/", "not encrypted"),
            ("https://user:secret@hub.example.org/", "user name"),
            ("file:///etc/passwd", "no address"),
            ("ftp://hub.example.org/x", "must begin with https"),
            ("/catalog.json", "no host"),
            ("not an address", "no address"),
        ] {
            assert!(with(url, KEY).contains(told), "{url}: {}", with(url, KEY));
        }
    }

    #[test]
    fn keys_and_bounds() {
        assert!(with("https://hub.example.org/", "RWabc").contains("no public key"));
        for (config, told) in [
            (SharingConfig { public_k: 4, ..SharingConfig::default() }, "public_k = 4"),
            (SharingConfig { label: "x".repeat(61), ..SharingConfig::default() }, "61 characters"),
        ] {
            assert!(config.check().unwrap_err().to_string().contains(told));
        }
        assert!(SharingConfig::default().check().is_ok());
    }
}
