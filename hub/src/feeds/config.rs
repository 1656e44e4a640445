//! What the operator asks for; nothing is fetched without it.

use serde::Deserialize;

use super::targets;
use crate::release::config::address;
use crate::station::settings::Settings;

/// Feeds at most: a town's school with stations around it.
const MOST: usize = 100;
/// Minutes of the longest wait that can be set.
const WEEK: u32 = 7 * 24 * 60;

/// How feeds are asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OpenDataConfig {
    /// Whom a service's operator writes to when this hub does something wrong: an address of the school, sent in `User-Agent`.
    pub contact: String,
    /// An HTTP proxy, `http://proxy.school:3128`; without it those of the environment (`HTTPS_PROXY`, `NO_PROXY`) count.
    pub proxy: String,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedKind {
    /// The DWD's products of 10 minutes of a station.
    #[serde(rename = "dwd-10min")]
    DwdTenMinutes,
    /// Its hourly products.
    DwdHourly,
    /// Its hourly report of a station of the WMO.
    DwdPoi,
    /// Bright Sky: hours of the nearest stations.
    #[serde(rename = "brightsky")]
    BrightSky,
    /// A box of openSenseMap.
    #[serde(rename = "opensensemap")]
    OpenSenseMap,
    /// CelesTrak: elements of satellites.
    #[serde(rename = "celestrak")]
    CelesTrak,
}

impl FeedKind {
    /// The name in the configuration and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::DwdTenMinutes => "dwd-10min",
            Self::DwdHourly => "dwd-hourly",
            Self::DwdPoi => "dwd-poi",
            Self::BrightSky => "brightsky",
            Self::OpenSenseMap => "opensensemap",
            Self::CelesTrak => "celestrak",
        }
    }

    /// Where it is asked without another address.
    fn base(self) -> &'static str {
        match self {
            Self::DwdTenMinutes | Self::DwdHourly | Self::DwdPoi => "https://opendata.dwd.de/",
            Self::BrightSky => "https://api.brightsky.dev/",
            Self::OpenSenseMap => "https://api.opensensemap.org/",
            Self::CelesTrak => "https://celestrak.org/",
        }
    }

    /// Minutes between two looks, unless something else is set, and the least that can be. The DWD writes `now` every 10 minutes and
    /// `recent` once a day; CelesTrak asks everybody not to come more often than its data change, every two hours.
    fn minutes(self) -> (u32, u32) {
        match self {
            Self::DwdTenMinutes => (60, 20),
            Self::DwdHourly => (6 * 60, 60),
            Self::DwdPoi | Self::BrightSky => (60, 30),
            Self::OpenSenseMap => (60, 10),
            Self::CelesTrak => (12 * 60, 120),
        }
    }

    /// Whose data they are, as their licences want it said.
    pub fn source(self) -> &'static str {
        match self {
            Self::DwdTenMinutes | Self::DwdHourly | Self::DwdPoi => "Deutscher Wetterdienst (DWD), CC BY 4.0",
            Self::BrightSky => "Deutscher Wetterdienst (DWD), CC BY 4.0, via Bright Sky",
            Self::OpenSenseMap => "openSenseMap, PDDL 1.0",
            Self::CelesTrak => "CelesTrak",
        }
    }
}

/// One feed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedConfig {
    /// What it and its station are called.
    pub name: String,
    /// What is asked.
    pub kind: FeedKind,
    /// The service's id of the station: `01766` (DWD), `10315` (POI), a box's id (openSenseMap).
    #[serde(default)]
    pub station: String,
    /// DWD: which products, as its folders are called (`air_temperature`, `wind`); without any those of [`targets`](super::targets).
    #[serde(default)]
    pub products: Vec<String>,
    /// DWD: whether the years before the last 500 days are fetched, too.
    #[serde(default)]
    pub history: bool,
    /// CelesTrak: groups (`stations`, `weather`).
    #[serde(default)]
    pub groups: Vec<String>,
    /// CelesTrak: catalogue numbers (25544).
    #[serde(default)]
    pub satellites: Vec<u32>,
    /// Where the station stands, degrees north, for data that do not say it (`dwd-poi`). It counts before what a file says.
    #[serde(default)]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(default)]
    pub longitude: Option<f64>,
    /// Its height above the sea, m.
    #[serde(default)]
    pub elevation_m: Option<f64>,
    /// A mirror that has the same paths.
    #[serde(default)]
    pub base: Option<String>,
    /// Minutes between two looks; each service has a least.
    #[serde(default)]
    pub every_minutes: Option<u32>,
}

impl FeedConfig {
    /// The address below which everything is, with a slash at its end.
    pub fn base(&self) -> String {
        let base = self.base.as_deref().unwrap_or(self.kind.base());
        format!("{}/", base.trim_end_matches('/'))
    }

    /// The host that is asked.
    pub fn host(&self) -> Option<String> {
        Some(address(&self.base()).ok()?.host()?.to_owned())
    }

    /// Minutes between two looks.
    pub fn every(&self) -> u32 {
        self.every_minutes.unwrap_or(self.kind.minutes().0)
    }

    /// Minutes that can be set between two looks, at least.
    pub fn soonest(&self) -> u32 {
        self.kind.minutes().1
    }

    /// Minutes before which nobody makes it ask again, not even by hand.
    pub fn least(&self) -> u32 {
        // At a mirror of one's own there is nobody to be polite to but oneself.
        let own = self.base.is_some() && self.kind != FeedKind::CelesTrak;
        if own { 0 } else { self.kind.minutes().1.min(if self.kind == FeedKind::CelesTrak { 120 } else { 1 }) }
    }

    /// A station's settings with the place that the operator named, unless they have one.
    pub fn placed(&self, settings: Settings) -> Settings {
        if settings.latitude.is_some()
            || settings.longitude.is_some()
            || (self.latitude, self.longitude, self.elevation_m) == (None, None, None)
        {
            return settings;
        }
        let elevation_m = settings.elevation_m.or(self.elevation_m);
        Settings { latitude: self.latitude, longitude: self.longitude, elevation_m, ..settings }
    }

    /// What this feed and another one of CelesTrak's would both ask the same host for: nobody needs the same elements twice.
    fn shared(&self, other: &Self) -> Option<String> {
        if (self.kind, other.kind) != (FeedKind::CelesTrak, FeedKind::CelesTrak) || self.host() != other.host() {
            return None;
        }
        // CelesTrak takes names of groups in any case.
        let group = self.groups.iter().find(|group| other.groups.iter().any(|one| one.eq_ignore_ascii_case(group)));
        let number = || self.satellites.iter().find(|number| other.satellites.contains(number));
        group.map(|group| format!("the group {group:?}")).or_else(|| number().map(|number| format!("the satellite {number}")))
    }

    /// What is named twice within it.
    fn doubled(&self) -> Option<String> {
        let mut groups: Vec<String> = self.groups.iter().map(|group| group.to_ascii_lowercase()).collect();
        let mut numbers = self.satellites.clone();
        groups.sort_unstable();
        numbers.sort_unstable();
        let group = groups.array_windows().find(|[a, b]| a == b).map(|[group, _]| format!("groups: {group:?} is there twice"));
        group.or_else(|| numbers.array_windows().find(|[a, b]| a == b).map(|[number, _]| format!("satellites: {number} is there twice")))
    }

    fn wrong(&self) -> Option<String> {
        let word = |text: &str| {
            let fits = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-');
            (1..=64).contains(&text.len()) && text.bytes().all(fits)
        };
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(|letter| letter.is_control() || letter == '/') {
            return Some("name: 1 to 80 characters, without /".to_owned());
        }
        if self.kind != FeedKind::CelesTrak && !word(&self.station) {
            return Some(format!("station = {:?}: write the id that the service gives it", self.station));
        }
        if self.kind == FeedKind::CelesTrak && self.groups.is_empty() && self.satellites.is_empty() {
            return Some("name groups = [\"stations\"] or satellites = [25544]".to_owned());
        }
        if let Some(wrong) = self.doubled() {
            return Some(wrong);
        }
        if let Some(name) = self.products.iter().chain(&self.groups).find(|name| !word(name)) {
            return Some(format!("{name:?} is no name of a product or group"));
        }
        let known = targets::products(self.kind);
        if let Some(name) = self.products.iter().find(|name| known.iter().all(|(product, _)| product != name)) {
            let known: Vec<_> = known.iter().map(|(product, _)| *product).collect();
            let there = if known.is_empty() { "this kind has none".to_owned() } else { format!("there are {}", known.join(", ")) };
            return Some(format!("products = [{name:?}]: {there}"));
        }
        if self.groups.len() + self.satellites.len() > 20 {
            return Some("at most 20 groups and satellites".to_owned());
        }
        if let Some(wrong) = self.placed(Settings::named("A")).wrong() {
            return Some(format!("latitude, longitude, elevation_m: {wrong}"));
        }
        if self.kind == FeedKind::CelesTrak && (self.latitude.is_some() || self.elevation_m.is_some()) {
            return Some("latitude, longitude, elevation_m: satellites have no place; the school's is in [school]".to_owned());
        }
        if let Err(wrong) = address(&self.base()) {
            return Some(format!("base {wrong}"));
        }
        let least = self.soonest();
        if !(least..=WEEK).contains(&self.every()) {
            return Some(format!("every_minutes = {}: {least} to {WEEK} for this service", self.every()));
        }
        None
    }
}

/// Says which setting cannot be.
pub fn check(feeds: &[FeedConfig], config: &OpenDataConfig) -> anyhow::Result<()> {
    anyhow::ensure!(feeds.len() <= MOST, "there are {} feeds: at most {MOST}", feeds.len());
    for (index, feed) in feeds.iter().enumerate() {
        if let Some(wrong) = feed.wrong() {
            anyhow::bail!("feeds, {:?}: {wrong}", feed.name);
        }
        let once = feeds.iter().take(index).all(|earlier| earlier.name != feed.name);
        anyhow::ensure!(once, "feeds: {:?} is there twice; give each a name of its own", feed.name);
        let both = feeds.iter().take(index).find_map(|earlier| Some((earlier, feed.shared(earlier)?)));
        if let Some((earlier, what)) = both {
            anyhow::bail!(
                "feeds, {:?}: {:?} asks for {what} already; CelesTrak wants each asked for once, so name it in one of them",
                feed.name,
                earlier.name
            );
        }
    }
    let plain = config.contact.chars().count() <= 100 && config.contact.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    anyhow::ensure!(plain, "open_data.contact: an address of up to 100 plain characters");
    let proxy = config.proxy.as_str();
    anyhow::ensure!(
        proxy.is_empty() || ureq::Proxy::new(proxy).is_ok(),
        "open_data.proxy = {proxy:?}: write it as http://proxy.school:3128"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        #[derive(Deserialize)]
        struct Both {
            #[serde(default)]
            feeds: Vec<FeedConfig>,
            #[serde(default)]
            open_data: OpenDataConfig,
        }
        match toml::from_str::<Both>(text) {
            Ok(both) => check(&both.feeds, &both.open_data).map_or_else(|error| error.to_string(), |()| String::new()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn feeds_are_named_politely_and_once() {
        let feed = |rest: &str| wrong(&format!("[[feeds]]\nname = \"A\"\n{rest}"));
        assert_eq!(feed("kind = \"dwd-10min\"\nstation = \"01766\"\nhistory = true"), "");
        assert_eq!(feed("kind = \"celestrak\"\ngroups = [\"stations\"]\nsatellites = [25544]"), "");
        assert_eq!(feed("kind = \"opensensemap\"\nstation = \"a1\"\nbase = \"http://127.0.0.1:8000/mirror\""), "");
        for (rest, told) in [
            ("kind = \"fax\"", "unknown variant"),
            ("kind = \"dwd-poi\"", "station"),
            ("kind = \"dwd-poi\"\nstation = \"../etc\"", "station"),
            ("kind = \"celestrak\"", "groups"),
            ("kind = \"celestrak\"\nsatellites = [1]\nevery_minutes = 60", "120 to"),
            ("kind = \"dwd-poi\"\nstation = \"1\"\nbase = \"http://mirror.example.org/\"", "not encrypted"),
            ("kind = \"celestrak\"\ngroups = [\"a/b\"]", "no name"),
            ("kind = \"dwd-hourly\"\nstation = \"1\"\nproducts = [\"wind\", \"solar\"]", "there are air_temperature, wind"),
            ("kind = \"dwd-10min\"\nstation = \"1\"\nproducts = [\"pressure\"]", "precipitation, solar"),
            ("kind = \"dwd-poi\"\nstation = \"1\"\nproducts = [\"wind\"]", "has none"),
        ] {
            assert!(feed(rest).contains(told), "{rest}: {}", feed(rest));
        }
        let one = "[[feeds]]\nname = \"A\"\nkind = \"dwd-poi\"\nstation = \"1\"\n";
        assert!(wrong(&format!("{one}{one}")).contains("twice"));
        let sky = |name: &str, rest: &str| format!("[[feeds]]\nname = \"{name}\"\nkind = \"celestrak\"\n{rest}\n");
        let two = |a: &str, b: &str| wrong(&(sky("A", a) + &sky("B", b)));
        for (a, b, told) in [
            ("groups = [\"stations\"]", "groups = [\"weather\", \"STATIONS\"]", "\"A\" asks for the group \"STATIONS\" already"),
            ("satellites = [1, 25544]", "groups = [\"x\"]\nsatellites = [25544]", "the satellite 25544"),
            ("groups = [\"stations\"]", "groups = [\"stations\"]\nbase = \"https://celestrak.org\"", "in one of them"),
            ("groups = [\"x\", \"X\"]", "groups = [\"y\"]", "is there twice"),
            ("satellites = [5, 6, 5]", "groups = [\"y\"]", "5 is there twice"),
            ("latitude = 1.0\nlongitude = 1.0\ngroups = [\"x\"]", "groups = [\"y\"]", "no place"),
        ] {
            assert!(two(a, b).contains(told), "{a} {b}: {}", two(a, b));
        }
        assert_eq!(two("groups = [\"stations\"]", "groups = [\"weather\"]\nsatellites = [25544]"), "");
        assert_eq!(two("groups = [\"a\"]", "groups = [\"a\"]\nbase = \"https://mirror.example.org\""), "", "another host");
        let poi = |rest: &str| feed(&format!("kind = \"dwd-poi\"\nstation = \"1\"\n{rest}"));
        assert_eq!(poi("latitude = 52.1\nlongitude = 7.7\nelevation_m = 48.0"), "");
        for rest in ["latitude = 52.1", "latitude = 152.1\nlongitude = 7.7", "latitude = 5\nlongitude = 7.7\nelevation_m = 1e6"] {
            assert!(poi(rest).contains("latitude, longitude, elevation_m: "), "{rest}: {}", poi(rest));
        }
        assert!(wrong("[open_data]\nproxy = \"not a proxy\"").contains("proxy"));
        assert!(wrong("[open_data]\ncontact = \"a\\nb\"").contains("contact"));
    }
}
