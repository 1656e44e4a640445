//! What stands between a class and its hub, found out before the lesson: names, ports, certificate, clock, disk, and the one
//! thing no program on the hub can see, whether phones reach it.
//!
//! Every finding says what to do, in German and English. `messwerk doctor` examines from the command line, also a hub that
//! does not run; the console's button asks the running one for the same findings.

pub mod card;
mod certificate;
mod clock;
pub mod command;
mod disk;
mod finding;
mod names;
mod pages;
pub mod phones;
mod ports;
mod probe;

use std::net::SocketAddr;
use std::path::PathBuf;

use messwerk_lessons::Micros;
use serde::{Deserialize, Serialize};

use crate::config::Config;

pub use self::finding::{Finding, Findings, Level, Words};
use self::phones::Report;

/// What is examined.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Patient {
    /// The data folder; `None` if it is on another machine. Not in its card: a folder may be moved.
    #[serde(skip)]
    pub data_dir: Option<PathBuf>,
    /// `public_url`, if there is one.
    pub public_url: Option<String>,
    /// Whether a reverse proxy ends TLS.
    pub behind_proxy: bool,
    /// Where the web port listens, or is from here.
    pub web: SocketAddr,
    /// Where the MQTT door listens; `None` if nobody said.
    pub mqtt: Option<SocketAddr>,
    /// Where the MQTT door with TLS listens.
    pub mqtts: Option<SocketAddr>,
    /// Whether the web port has a certificate.
    pub secure: bool,
    /// Whether the certificate comes from files, where its chain can be incomplete.
    pub from_files: bool,
}

impl Patient {
    /// A hub with this configuration, on this machine, with these listeners.
    pub fn new(config: &Config, web: SocketAddr, mqtt: SocketAddr, mqtts: Option<SocketAddr>) -> Self {
        Self {
            data_dir: Some(config.data_dir.clone()),
            public_url: config.public_url.clone(),
            behind_proxy: config.behind_proxy,
            web,
            mqtt: Some(mqtt),
            mqtts,
            secure: config.tls.on(),
            from_files: config.tls.cert.is_some(),
        }
    }

    /// Host and port of `public_url`, and whether it is https.
    fn public(&self) -> Option<(String, u16, bool)> {
        let (scheme, rest) = self.public_url.as_deref()?.split_once("://")?;
        let (authority, secure) = (rest.split('/').next().unwrap_or(rest), scheme == "https");
        let default = if secure { 443 } else { 80 };
        let colon = authority.rfind(':').filter(|colon| !authority[*colon..].contains(']'));
        let (host, port) = match colon {
            Some(colon) => (&authority[..colon], authority[colon + 1..].parse().ok()?),
            None => (authority, default),
        };
        Some((host.trim_start_matches('[').trim_end_matches(']').to_owned(), port, secure))
    }

    /// Examines. `problems` are what the hub itself has to say, `reports` what phones told it, `None` if nobody here knows.
    /// Takes seconds where something does not answer.
    pub async fn examine(&self, now: Micros, problems: Vec<String>, reports: Option<&[Report]>) -> Findings {
        let mut findings = vec![];
        let ports = ports::examine(self).await;
        let here = ports.answers;
        findings.extend(ports.findings);
        findings.extend(pages::examine(self, here).await);
        findings.push(names::examine(self).await);
        findings.push(certificate::examine(self, here, now).await);
        if let Some(folder) = self.data_dir.clone() {
            let reports: Vec<Report> = reports.unwrap_or_default().to_vec();
            // The disk may take its time, and the kernel's clocks are files.
            let slow = tokio::task::spawn_blocking(move || (clock::examine(&folder, now, &reports), disk::examine(&folder))).await;
            if let Ok((clock, disk)) = slow {
                findings.push(clock);
                findings.extend(disk);
            }
        }
        findings.push(phones::examine(self, now, reports));
        findings.extend(problems.into_iter().map(|problem| {
            Finding::new("hub", Level::Warn, ("Der Hub meldet", "The hub says"), (problem.clone(), problem)).fix((
                "Was zu tun ist, steht im Satz selbst; er steht auch im Protokoll des Hubs.",
                "What to do is in the sentence itself; it stands in the hub's log, too.",
            ))
        }));
        Findings::new(findings)
    }
}

#[cfg(test)]
mod tests;
