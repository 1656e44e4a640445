//! Configuration: flags before environment (`MESSWERK_*`) before `messwerk.toml` before defaults.
//!
//! The example file `hub/messwerk.toml` names every setting with its default; a test holds that it does.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use serde::Deserialize;

use crate::feeds::{FeedConfig, OpenDataConfig};
use crate::joining::Allowance;
use crate::phyphox::PhyphoxConfig;
use crate::privacy::PrivacyConfig;
use crate::qr::WifiConfig;
use crate::release::SharingConfig;
use crate::shelf::TemplatesConfig;
use crate::sky::SchoolConfig;
use crate::tls::TlsConfig;
use crate::web::WebLimits;

/// The example file: every setting, with its default.
pub const EXAMPLE: &str = include_str!("../messwerk.toml");

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folder of everything the hub keeps.
    pub data_dir: PathBuf,
    /// Address of pages and API.
    #[serde(deserialize_with = "crate::address::socket")]
    pub http: SocketAddr,
    /// Address of the MQTT door.
    #[serde(deserialize_with = "crate::address::socket")]
    pub mqtt: SocketAddr,
    /// The address under which everybody reaches the hub, as `https://hub.example.org`; stands in codes and links.
    pub public_url: Option<String>,
    /// Further names the hub answers to, without scheme and port. Its IP addresses, `localhost` and the machine's own name need no
    /// entry.
    pub hosts: Vec<String>,
    /// Whether a reverse proxy passes requests on: what it says in `X-Forwarded-Proto` (whether it was asked over TLS) and at the end
    /// of `X-Forwarded-For` (by whom, which is counted) is believed then.
    pub behind_proxy: bool,
    /// Characters of a join code: 6 (digits) or 8 (letters and digits, for a hub that many schools share).
    pub code_length: usize,
    /// The certificate, and MQTT over TLS.
    pub tls: TlsConfig,
    /// Bounds of what one Thing or the network may take.
    pub limits: LimitsConfig,
    /// The store's tuning.
    pub store: StoreConfig,
    /// The Wi-Fi that the board shows a code of.
    pub wifi: WifiConfig,
    /// Files for the phyphox app.
    pub phyphox: PhyphoxConfig,
    /// Whose lesson templates are trusted.
    pub templates: TemplatesConfig,
    /// How long everything is kept.
    pub privacy: PrivacyConfig,
    /// Exchange of releases with other hubs.
    pub sharing: SharingConfig,
    /// Where the school stands, for the sky over it.
    pub school: SchoolConfig,
    /// How open data are asked for.
    pub open_data: OpenDataConfig,
    /// Open data that are fetched; none without it.
    pub feeds: Vec<FeedConfig>,
    /// Principals with free topics, for trusted stations and test suites; empty: the realm is closed.
    pub open_realm: Vec<RealmPrincipal>,
}

/// Bounds. Beyond the rates senders wait and nothing is dropped; a connection too many or a packet too large is refused.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Readings per second and Thing.
    pub readings_per_second: f64,
    /// MQTT messages or HTTP requests per second and Thing.
    pub messages_per_second: f64,
    /// Bytes of one packet.
    pub packet_bytes: usize,
    /// MQTT connections in all.
    pub connections: usize,
    /// MQTT connections from one address; a school behind one router shares one, so it is half of all.
    pub connections_per_address: usize,
    /// Connections of the web port in all, WebSockets among them.
    pub web_connections: usize,
    /// Connections of the web port from one address.
    pub web_connections_per_address: usize,
    /// Things that may join one lesson.
    pub things_per_lesson: usize,
    /// Things that may join one lesson from one address at once; loopback has no limit.
    pub joins_at_once: usize,
    /// How many more a minute.
    pub joins_per_minute: f64,
}

/// Tuning of the store.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// MiB of memory for rows not yet sealed, indexes, queues and packets on their way.
    pub memory_mib: usize,
    /// Longest wait for other packets before a group commit, in ms.
    pub commit_interval_ms: u64,
    /// Seconds without new readings after which a lesson's rows are sealed into Parquet.
    pub seal_idle_s: u64,
    /// Rows of a lesson and property after which they are sealed.
    pub seal_rows: usize,
}

/// One principal of the open realm.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RealmPrincipal {
    /// User name at CONNECT; empty admits connections without a user name, for general test suites only.
    pub user: String,
    /// Password at CONNECT.
    pub password: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("messwerk-data"),
            http: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8080)),
            mqtt: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 1883)),
            public_url: None,
            hosts: Vec::new(),
            behind_proxy: false,
            code_length: 6,
            tls: TlsConfig::default(),
            limits: LimitsConfig::default(),
            store: StoreConfig::default(),
            wifi: WifiConfig::default(),
            phyphox: PhyphoxConfig::default(),
            templates: TemplatesConfig::default(),
            privacy: PrivacyConfig::default(),
            sharing: SharingConfig::default(),
            school: SchoolConfig::default(),
            open_data: OpenDataConfig::default(),
            feeds: Vec::new(),
            open_realm: Vec::new(),
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            readings_per_second: 5_000.0,
            messages_per_second: 500.0,
            packet_bytes: 64 * 1024,
            connections: 10_000,
            connections_per_address: 5_000,
            web_connections: 4_096,
            web_connections_per_address: 2_048,
            things_per_lesson: 250,
            joins_at_once: 400,
            joins_per_minute: 60.0,
        }
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { memory_mib: 1024, commit_interval_ms: 5, seal_idle_s: 300, seal_rows: 1_000_000 }
    }
}

/// What the command line (or its environment variables) sets.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--http`.
    pub http: Option<SocketAddr>,
    /// `--mqtt`.
    pub mqtt: Option<SocketAddr>,
}

/// Bytes that the export of a lesson needs.
const EXPORT: usize = 32 << 20;

/// The parts of the memory budget, in bytes.
struct Memory {
    doors: usize,
    questions: usize,
    store: usize,
}

impl Config {
    /// Reads the file (or, without one, `messwerk.toml` in the data folder if it is there) and applies the overrides.
    pub fn load(file: Option<&Path>, overrides: Overrides) -> anyhow::Result<Self> {
        let beside_data = overrides.data_dir.as_deref().map(|folder| folder.join("messwerk.toml")).filter(|path| path.is_file());
        let mut config = match file.map(Path::to_path_buf).or(beside_data) {
            Some(path) => {
                let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read the configuration {}", path.display()))?;
                Self::parse(&text).with_context(|| format!("in {}", path.display()))?
            }
            None => Self::default(),
        };
        // Made absolute once: nothing after this depends on where the hub was started.
        let folder = overrides.data_dir.unwrap_or(config.data_dir);
        config.data_dir = std::path::absolute(&folder).with_context(|| format!("{} is no folder's name", folder.display()))?;
        config.http = overrides.http.unwrap_or(config.http);
        config.mqtt = overrides.mqtt.unwrap_or(config.mqtt);
        Ok(config)
    }

    /// Says what does not fit together, once flags and file are one: what `serve` would refuse, `config check` refuses in the same
    /// words. Settings that are wrong by themselves are refused where they are read.
    pub fn check(&self) -> anyhow::Result<()> {
        let doors = [("http", Some(self.http)), ("mqtt", Some(self.mqtt)), ("mqtts", self.tls.mqtts)];
        for (number, (name, address)) in doors.iter().enumerate() {
            for (other, taken) in &doors[number + 1..] {
                let same = address.is_some_and(|address| address.port() != 0 && *taken == Some(address));
                anyhow::ensure!(!same, "{name} and {other} are both {}: choose two ports", address.unwrap_or(self.http));
            }
        }
        self.tls.check()
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = toml::from_str(text)?;
        let limits = &config.limits;
        let positive = [
            ("limits.readings_per_second", limits.readings_per_second),
            ("limits.messages_per_second", limits.messages_per_second),
            ("limits.packet_bytes", limits.packet_bytes as f64),
            ("limits.connections", limits.connections as f64),
            ("limits.connections_per_address", limits.connections_per_address as f64),
            ("limits.web_connections", limits.web_connections as f64),
            ("limits.web_connections_per_address", limits.web_connections_per_address as f64),
            ("limits.things_per_lesson", limits.things_per_lesson as f64),
            ("limits.joins_at_once", limits.joins_at_once as f64),
            ("limits.joins_per_minute", limits.joins_per_minute),
            ("store.memory_mib", config.store.memory_mib as f64),
            ("store.seal_rows", config.store.seal_rows as f64),
        ];
        for (name, value) in positive {
            anyhow::ensure!(value.is_finite() && value > 0.0, "{name} = {value}: must be above 0");
        }
        config.privacy.check()?;
        config.sharing.check()?;
        config.school.check()?;
        crate::feeds::config::check(&config.feeds, &config.open_data)?;
        config.templates.keys()?;
        wifi(&config.wifi)?;
        for RealmPrincipal { user, .. } in &config.open_realm {
            let taken = ["teacher", "thing"].contains(&user.as_str());
            anyhow::ensure!(!taken, "open_realm user = {user:?}: teachers and phones log in with this name; choose another");
        }
        if let Some(url) = &config.public_url {
            crate::address::parse_url(url)?;
        }
        for name in &config.hosts {
            let fits = crate::address::is_name(name);
            anyhow::ensure!(fits, "hosts: {name:?} is no name: write it without http:// and port; IP addresses need no entry");
        }
        anyhow::ensure!([6, 8].contains(&config.code_length), "code_length = {}: must be 6 or 8", config.code_length);
        // Senders wait for a commit, and nobody waits longer than this for an answer.
        let interval = config.store.commit_interval_ms;
        anyhow::ensure!(interval <= 1_000, "store.commit_interval_ms = {interval}: must be at most 1000");
        anyhow::ensure!(config.store.memory_mib >= 16, "store.memory_mib = {}: must be at least 16", config.store.memory_mib);
        Ok(config)
    }

    /// The one memory budget in three parts: the doors' for packets on their way, the questions' for answers being
    /// computed, and the store's for what has arrived.
    ///
    /// An eighth for the doors: with the least budget eight packets of the largest size at once, with the default 500. A
    /// quarter for questions, but what one export needs even where the budget is smaller. The store's part decides how much
    /// a seal has to write at a time.
    fn memory(&self) -> Memory {
        let all = self.store.memory_mib << 20;
        let (doors, questions) = (all / 8, all / 4);
        Memory { doors, questions: questions.max(EXPORT), store: all - doors - questions }
    }

    /// The questions' options.
    pub fn engine_options(&self) -> messwerk_query::EngineOptions {
        messwerk_query::EngineOptions { memory: self.memory().questions, ..Default::default() }
    }

    /// The store's options.
    pub fn store_options(&self) -> messwerk_store::Options {
        messwerk_store::Options {
            memory: self.memory().store,
            commit_interval: Duration::from_millis(self.store.commit_interval_ms),
            seal_rows: self.store.seal_rows,
            seal_idle: Duration::from_secs(self.store.seal_idle_s),
            ..Default::default()
        }
    }

    /// The MQTT door's limits.
    pub fn mqtt_limits(&self) -> messwerk_ingest::mqtt::MqttLimits {
        messwerk_ingest::mqtt::MqttLimits {
            packet_bytes: self.limits.packet_bytes,
            connections: self.limits.connections,
            connections_per_ip: self.limits.connections_per_address,
            ..Default::default()
        }
    }

    /// The pipeline's limits per Thing.
    pub fn thing_limits(&self) -> messwerk_ingest::pipeline::Limits {
        messwerk_ingest::pipeline::Limits {
            readings_per_second: self.limits.readings_per_second,
            packets_per_second: self.limits.messages_per_second,
            packet_bytes: self.limits.packet_bytes,
            in_flight: self.memory().doors,
        }
    }

    /// How many Things may join one lesson from one address.
    pub fn joins(&self) -> Allowance {
        Allowance { most: self.limits.joins_at_once as f64, per_minute: self.limits.joins_per_minute }
    }

    /// The web port's limits.
    pub fn web_limits(&self) -> WebLimits {
        WebLimits {
            connections: self.limits.web_connections,
            connections_per_address: self.limits.web_connections_per_address,
            ..WebLimits::default()
        }
    }
}

/// A network that no phone can join helps nobody: its code would be scanned in the first minute of a lesson.
fn wifi(wifi: &WifiConfig) -> anyhow::Result<()> {
    let WifiConfig { ssid, password, .. } = wifi;
    anyhow::ensure!(ssid.len() <= 32, "wifi.ssid has {} bytes: a network's name has at most 32", ssid.len());
    // A key of 64 hexadecimal digits is what a passphrase of 8 to 63 characters is made into.
    let key = password.len() == 64 && password.bytes().all(|digit| digit.is_ascii_hexdigit());
    let fits = password.is_empty() || (8..=63).contains(&password.len()) || key;
    anyhow::ensure!(
        fits,
        "wifi.password has {} characters: a WPA password has 8 to 63 (or is a key of 64 hexadecimal digits); leave it empty for an open \
         network",
        password.chars().count()
    );
    anyhow::ensure!(
        password.is_empty() || !ssid.is_empty(),
        "wifi.password without wifi.ssid: name the network, too, or the board shows no code of it"
    );
    Ok(())
}

#[cfg(test)]
mod tests;
