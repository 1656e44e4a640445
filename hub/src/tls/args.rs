//! The command line's words for certificates.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::TlsConfig;

/// Flags and environment variables of `messwerk serve`.
#[derive(Debug, Args)]
pub struct TlsArgs {
    /// HTTPS on the port of pages and API: PEM file with the hub's certificate and those that signed it; a renewed file needs no
    /// restart.
    #[arg(long, value_name = "FILE", env = "MESSWERK_TLS_CERT")]
    tls_cert: Option<PathBuf>,
    /// PEM file with the certificate's private key.
    #[arg(long, value_name = "FILE", env = "MESSWERK_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// HTTPS with a certificate of the hub's own authority, for devices that the school manages.
    #[arg(long, value_enum, env = "MESSWERK_TLS")]
    tls: Option<Mode>,
    /// Address of MQTT over TLS, for example 0.0.0.0:8883; without it there is none.
    #[arg(long, value_name = "ADDR", env = "MESSWERK_MQTTS", value_parser = crate::address::listening)]
    mqtts: Option<SocketAddr>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    /// The hub's own authority; its certificate is at /tls/ca.pem.
    Local,
}

impl TlsArgs {
    /// Puts what was said before what the file says. Another source of certificates replaces the file's.
    pub fn apply(self, config: &mut TlsConfig) {
        if self.tls_cert.is_some() || self.tls_key.is_some() || self.tls.is_some() {
            let from_file = (config.cert.take(), config.key.take());
            config.local = self.tls.is_some();
            // One of two may stand in the file.
            if self.tls.is_none() {
                (config.cert, config.key) = (self.tls_cert.or(from_file.0), self.tls_key.or(from_file.1));
            } else {
                (config.cert, config.key) = (self.tls_cert, self.tls_key);
            }
        }
        config.mqtts = self.mqtts.or(config.mqtts);
    }
}
