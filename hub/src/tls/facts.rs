//! What a certificate says of itself.

use std::net::IpAddr;

use anyhow::Context;
use chrono::DateTime;
use messwerk_lessons::Micros;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What a certificate says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Names and addresses it is for.
    pub names: Vec<String>,
    /// Unix seconds from which on it holds.
    pub not_before: i64,
    /// Unix seconds until which it holds.
    pub not_after: i64,
    /// Whether it may sign others: then it is no hub's.
    pub is_authority: bool,
    /// Whether it signed itself.
    pub is_its_own: bool,
}

impl Facts {
    /// Reads a certificate.
    pub fn of(der: &[u8]) -> anyhow::Result<Self> {
        let (_, certificate) = X509Certificate::from_der(der).context("this is no X.509 certificate")?;
        let names = certificate.subject_alternative_name().ok().flatten();
        let names = names.map(|names| names.value.general_names.iter().filter_map(name).collect()).unwrap_or_default();
        Ok(Self {
            names,
            not_before: certificate.validity().not_before.timestamp(),
            not_after: certificate.validity().not_after.timestamp(),
            is_authority: certificate.is_ca(),
            is_its_own: certificate.subject() == certificate.issuer(),
        })
    }

    /// Whole days until it ends; negative once it has.
    pub fn days_left(&self, now: Micros) -> i64 {
        (self.not_after - seconds(now)).div_euclid(DAY)
    }

    /// Whether it holds now.
    pub fn holds(&self, now: Micros) -> bool {
        (self.not_before..=self.not_after).contains(&seconds(now))
    }

    /// The day of its end.
    pub fn ends(&self) -> String {
        day(self.not_after)
    }
}

/// Whole Unix seconds.
pub(super) fn seconds(now: Micros) -> i64 {
    now.div_euclid(1_000_000)
}

/// A day as people write it everywhere.
pub(crate) fn day(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).map_or_else(|| "an impossible date".to_owned(), |at| at.format("%Y-%m-%d").to_string())
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    }
}

/// Four bytes or sixteen.
pub(super) fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(IpAddr::from(four));
    }
    <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from)
}
