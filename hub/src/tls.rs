//! Certificates: the school's own from files, or one of the hub's local authority; renewed while the hub runs.
//!
//! Whoever connects gets the newest certificate that is in order; connections that are open keep theirs. A new one that is
//! not in order changes nothing and is told ([`Tls::problems`]) until it is mended.

pub mod args;
mod authority;
mod facts;
mod files;
pub mod mqtts;
mod own;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context;
use messwerk_lessons::Micros;
use messwerk_store::Clock;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use serde::Deserialize;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use self::authority::Authority;
pub(crate) use self::authority::keep::put;
pub use self::facts::Facts;
pub(crate) use self::facts::day;
use self::files::Files;
pub use self::own::Own;

/// How often files and addresses are looked at. A look is a question to the file system.
const LOOK: Duration = Duration::from_secs(2);
/// Days before a certificate's end from which on it is a problem: a renewal that was due has not come.
const SOON: i64 = 14;

/// Where the hub's certificate comes from.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TlsConfig {
    /// PEM file: the hub's certificate, then those between it and the authority.
    pub cert: Option<PathBuf>,
    /// PEM file: the certificate's private key.
    pub key: Option<PathBuf>,
    /// A certificate of the hub's own authority instead, for devices that are told to trust it.
    pub local: bool,
    /// Address of the MQTT door with TLS.
    #[serde(deserialize_with = "crate::address::optional_socket")]
    pub mqtts: Option<SocketAddr>,
}

impl TlsConfig {
    /// Whether there is to be a certificate.
    pub fn on(&self) -> bool {
        self.local || self.cert.is_some()
    }

    /// Says what does not fit together.
    pub fn check(&self) -> anyhow::Result<()> {
        let pair = self.cert.is_some() == self.key.is_some();
        anyhow::ensure!(pair, "a certificate and its key belong together: set --tls-cert and --tls-key (tls.cert and tls.key)");
        anyhow::ensure!(
            !(self.local && self.cert.is_some()),
            "--tls local makes a certificate of its own: leave out --tls-cert and --tls-key"
        );
        anyhow::ensure!(
            self.mqtts.is_none() || self.on(),
            "MQTT over TLS (--mqtts) needs a certificate: add --tls-cert and --tls-key, or --tls local"
        );
        Ok(())
    }

    /// Reads the certificate files, if there are to be some, and says what a start would say of them.
    pub fn look(&self, now: Micros) -> anyhow::Result<()> {
        let Some((cert, key)) = self.cert.clone().zip(self.key.clone()) else { return Ok(()) };
        Files::new(cert, key).load(&rustls::crypto::ring::default_provider(), now).map(|_| ())
    }
}

/// The hub's certificate, whatever it comes from.
pub struct Tls {
    source: Source,
    served: Arc<Served>,
    /// What is wrong with the newest one.
    trouble: Mutex<Option<String>>,
    provider: Arc<CryptoProvider>,
}

enum Source {
    Files(Mutex<Files>),
    Local { authority: Box<Authority>, names: Vec<String>, last: Mutex<Own> },
}

/// What handshakes are answered with.
struct Served(RwLock<(Arc<CertifiedKey>, Facts)>);

/// A certificate with its key, and what it says.
type Loaded = (Arc<CertifiedKey>, Facts);

impl Tls {
    /// Reads or makes the certificate; `None` if none is configured. `names` are what the hub is called besides `localhost`. A
    /// local authority is made in `data_dir/tls` if there is none. Reads and writes files.
    pub fn open(config: &TlsConfig, data_dir: &Path, names: &[String], now: Micros) -> anyhow::Result<Option<Arc<Self>>> {
        config.check()?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let (source, first) = match (&config.cert, &config.key, config.local) {
            (Some(cert), Some(key), _) => {
                let files = Files::new(cert.clone(), key.clone());
                let first = files.load(&provider, now)?;
                (Source::Files(Mutex::new(files)), first)
            }
            (.., true) => {
                let own = Own::of_this_machine(names);
                let authority = Authority::open(&data_dir.join("tls"), &own, now).context("the local certificate authority")?;
                let first = authority.leaf(&own, &provider, now)?;
                (Source::Local { authority: Box::new(authority), names: names.to_vec(), last: Mutex::new(own) }, first)
            }
            _ => return Ok(None),
        };
        let tls = Self { source, served: Arc::new(Served(RwLock::new(first))), trouble: Mutex::default(), provider };
        tls.say("certificate in use");
        Ok(Some(Arc::new(tls)))
    }

    /// Answers handshakes of HTTP/1.1, which carries WebSockets too.
    pub fn web(&self) -> anyhow::Result<TlsAcceptor> {
        self.acceptor(vec![b"http/1.1".to_vec()])
    }

    /// Answers handshakes of MQTT.
    pub fn mqtt(&self) -> anyhow::Result<TlsAcceptor> {
        self.acceptor(vec![])
    }

    fn acceptor(&self, protocols: Vec<Vec<u8>>) -> anyhow::Result<TlsAcceptor> {
        let builder = ServerConfig::builder_with_provider(Arc::clone(&self.provider)).with_safe_default_protocol_versions()?;
        let mut config = builder.with_no_client_auth().with_cert_resolver(Arc::clone(&self.served) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = protocols;
        Ok(Arc::new(config).into())
    }

    /// What the certificate in use says.
    pub fn facts(&self) -> Facts {
        self.served.read().1.clone()
    }

    /// The local authority's certificate as PEM, to be handed to device management; `None` if the certificate is not its.
    pub fn authority(&self) -> Option<&str> {
        match &self.source {
            Source::Files(_) => None,
            Source::Local { authority, .. } => Some(authority.pem()),
        }
    }

    /// What an administrator should see to, each with its fix.
    pub fn problems(&self, now: Micros) -> Vec<String> {
        let mut problems: Vec<String> = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
        let facts = self.facts();
        let days = facts.days_left(now);
        if days < SOON {
            let when = if days < 0 { format!("ended on {}", facts.ends()) } else { format!("ends on {} ({days} days)", facts.ends()) };
            problems.push(format!("the certificate {when}: renew it and put the new one in the same place; no restart is needed"));
        }
        if let Source::Local { authority, last, .. } = &self.source {
            let own = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
            problems.extend(authority.problems(&own, now));
        }
        problems
    }

    /// Renews the certificate when there is a newer one, or a reason to make one, until `stop` is cancelled.
    pub async fn watch(self: Arc<Self>, clock: Arc<dyn Clock>, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
            let (tls, now) = (Arc::clone(&self), clock.now());
            // A folder on a network drive may take its time.
            if let Err(error) = tokio::task::spawn_blocking(move || tls.look(now)).await {
                tracing::error!(%error, "looking for a new certificate failed");
            }
        }
    }

    /// One look.
    fn look(&self, now: Micros) {
        let renewed = match &self.source {
            Source::Files(files) => files.lock().unwrap_or_else(PoisonError::into_inner).renewed(&self.provider, now),
            Source::Local { authority, names, last } => {
                let own = Own::of_this_machine(names);
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                (*last != own || authority.is_due(&self.facts(), now)).then(|| {
                    let leaf = authority.leaf(&own, &self.provider, now);
                    *last = own;
                    leaf
                })
            }
        };
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match renewed {
            None => {}
            Some(Ok(loaded)) => {
                self.served.replace(loaded);
                *trouble = None;
                self.say("new certificate in use");
            }
            Some(Err(error)) => {
                let told = format!("the new certificate is not used, the one before goes on: {error:#}");
                if trouble.as_ref() != Some(&told) {
                    tracing::error!("{told}");
                }
                *trouble = Some(told);
            }
        }
    }

    fn say(&self, what: &str) {
        let facts = self.facts();
        tracing::info!(names = %facts.names.join(", "), until = %facts.ends(), "{what}");
    }
}

impl Served {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Loaded> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, loaded: Loaded) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = loaded;
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing of the key.
        f.debug_tuple("Served").field(&self.read().1).finish()
    }
}

impl ResolvesServerCert for Served {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // The same for every name: who asked for another one is told so by their own browser.
        Some(Arc::clone(&self.read().0))
    }
}

#[cfg(test)]
mod tests;
