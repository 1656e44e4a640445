//! What is asked of each service: its paths, as its own documentation has them.
//!
//! DWD: `climate_environment/CDC/observations_germany/climate/{10_minutes,hourly}/…` and `weather/weather_reports/poi/` (descriptions of its
//! data sets). Bright Sky: `/weather` (its API documentation). openSenseMap: `/boxes/:id` and `/boxes/:id/data/:sensorId` (its API
//! documentation). CelesTrak: `NORAD/elements/gp.php` (its "A New Way to Obtain GP Data").

use chrono::{DateTime, Days, Timelike as _};
use messwerk_lessons::Micros;

use super::config::{FeedConfig, FeedKind};

/// Folder and the files' name in it: hourly `air_temperature` is `stundenwerte_TU_01766_akt.zip`.
const TEN_MINUTES: [(&str, &str); 4] = [("air_temperature", "TU"), ("wind", "wind"), ("precipitation", "nieder"), ("solar", "SOLAR")];
const HOURLY: [(&str, &str); 8] = [
    ("air_temperature", "TU"),
    ("wind", "FF"),
    ("precipitation", "RR"),
    ("sun", "SD"),
    ("pressure", "P0"),
    ("dew_point", "TD"),
    ("soil_temperature", "EB"),
    ("visibility", "VV"),
];
/// Those that are asked unless the operator says which: what nearly every station has.
const USUAL: usize = 4;

/// One address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The whole address.
    pub url: String,
    /// What comes from there.
    pub what: What,
}

/// What comes from an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A file for the feed's station.
    File,
    /// The same, of one sensor of a box.
    Sensor(String),
    /// A web page that lists files; those of the DWD's station with years in their names are asked next.
    Listing,
    /// Elements of satellites.
    Elements,
}

/// The DWD's products that can be asked for of a kind.
pub fn products(kind: FeedKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        FeedKind::DwdTenMinutes => &TEN_MINUTES,
        FeedKind::DwdHourly => &HOURLY,
        FeedKind::DwdPoi | FeedKind::BrightSky | FeedKind::OpenSenseMap | FeedKind::CelesTrak => &[],
    }
}

/// What a feed asks for. `sensors` are those of a box, once it has been asked.
pub fn targets(feed: &FeedConfig, now: Micros, sensors: &[String]) -> Vec<Target> {
    let base = feed.base();
    let target = |path: String, what: What| Target { url: format!("{base}{path}"), what };
    let file = |path: String| target(path, What::File);
    let id = &feed.station;
    match feed.kind {
        FeedKind::DwdTenMinutes => dwd(feed, "10_minutes", "10minutenwerte", &["recent", "now"]),
        FeedKind::DwdHourly => dwd(feed, "hourly", "stundenwerte", &["recent"]),
        // Ids of four letters are filled up with an underscore.
        FeedKind::DwdPoi => vec![file(format!("weather/weather_reports/poi/{id:_<5}-BEOB.csv"))],
        FeedKind::BrightSky => {
            let now = DateTime::from_timestamp_micros(now).unwrap_or_default().naive_utc();
            let from = now.checked_sub_days(Days::new(2)).unwrap_or(now).date();
            // Beyond now there are only forecasts. Its rows are hours, so within one the address stays the same.
            let to = format!("{}T{:02}:00Z", now.date(), now.hour());
            vec![file(format!("weather?dwd_station_id={id:0>5}&date={from}&last_date={to}&units=dwd"))]
        }
        FeedKind::OpenSenseMap => {
            let tables = sensors.iter().map(|sensor| target(format!("boxes/{id}/data/{sensor}?format=csv"), What::Sensor(sensor.clone())));
            std::iter::once(file(format!("boxes/{id}"))).chain(tables).collect()
        }
        FeedKind::CelesTrak => {
            let elements = |query: String| target(format!("NORAD/elements/gp.php?{query}&FORMAT=json"), What::Elements);
            let groups = feed.groups.iter().map(|group| elements(format!("GROUP={group}")));
            groups.chain(feed.satellites.iter().map(|number| elements(format!("CATNR={number}")))).collect()
        }
    }
}

fn dwd(feed: &FeedConfig, folder: &str, stem: &str, ages: &[&str]) -> Vec<Target> {
    let (base, id, known) = (feed.base(), &feed.station, products(feed.kind));
    let root = format!("{base}climate_environment/CDC/observations_germany/climate/{folder}");
    let asked: Vec<_> = match feed.products.as_slice() {
        [] => known.iter().take(USUAL).collect(),
        wanted => known.iter().filter(|(product, _)| wanted.iter().any(|one| one == product)).collect(),
    };
    let mut targets = vec![];
    for (product, name) in asked {
        if feed.history {
            targets.push(Target { url: format!("{root}/{product}/historical/"), what: What::Listing });
        }
        for age in ages {
            let ending = if *age == "now" { "now" } else { "akt" };
            targets.push(Target { url: format!("{root}/{product}/{age}/{stem}_{name}_{id:0>5}_{ending}.zip"), what: What::File });
        }
    }
    targets
}

/// The files of a station in a listing: `…_01766_19891001_20251231_hist.zip`. Names only, so nothing leads out of the folder.
pub fn listed(page: &str, station: &str, folder: &str) -> Vec<Target> {
    let id = format!("_{station:0>5}_");
    let names = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let plain = |name: &str| name.len() <= 100 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    let wanted = names.filter(|name| name.ends_with("_hist.zip") && name.contains(&id) && plain(name));
    wanted.take(20).map(|name| Target { url: format!("{folder}{name}"), what: What::File }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(text: &str) -> FeedConfig {
        toml::from_str(&format!("name = \"A\"\n{text}")).unwrap()
    }

    fn urls(text: &str, sensors: &[String]) -> Vec<String> {
        // 2026-11-23T12:34:56Z.
        targets(&feed(text), 1_795_437_296_000_000, sensors).into_iter().map(|target| target.url).collect()
    }

    #[test]
    fn addresses_are_those_of_the_services() {
        let found = urls("kind = \"dwd-10min\"\nstation = \"1766\"\nproducts = [\"solar\"]\nhistory = true", &[]);
        let root = "https://opendata.dwd.de/climate_environment/CDC/observations_germany/climate";
        assert_eq!(
            found,
            [
                format!("{root}/10_minutes/solar/historical/"),
                format!("{root}/10_minutes/solar/recent/10minutenwerte_SOLAR_01766_akt.zip"),
                format!("{root}/10_minutes/solar/now/10minutenwerte_SOLAR_01766_now.zip"),
            ]
        );
        let found = urls("kind = \"dwd-hourly\"\nstation = \"01766\"", &[]);
        assert_eq!((found.len(), &found[1]), (4, &format!("{root}/hourly/wind/recent/stundenwerte_FF_01766_akt.zip")));
        let poi = urls("kind = \"dwd-poi\"\nstation = \"A762\"", &[]);
        assert_eq!(poi, ["https://opendata.dwd.de/weather/weather_reports/poi/A762_-BEOB.csv"]);
        let sky = urls("kind = \"brightsky\"\nstation = \"1766\"", &[]);
        assert_eq!(sky, ["https://api.brightsky.dev/weather?dwd_station_id=01766&date=2026-11-21&last_date=2026-11-23T12:00Z&units=dwd"]);
        let sense = urls("kind = \"opensensemap\"\nstation = \"b1\"\nbase = \"http://127.0.0.1:1\"", &["s1".to_owned()]);
        assert_eq!(sense, ["http://127.0.0.1:1/boxes/b1", "http://127.0.0.1:1/boxes/b1/data/s1?format=csv"]);
        let elements = urls("kind = \"celestrak\"\ngroups = [\"stations\"]\nsatellites = [25544]", &[]);
        assert_eq!(
            elements,
            [
                "https://celestrak.org/NORAD/elements/gp.php?GROUP=stations&FORMAT=json",
                "https://celestrak.org/NORAD/elements/gp.php?CATNR=25544&FORMAT=json"
            ]
        );
    }

    #[test]
    fn a_listing_leads_to_the_stations_own_files_and_nowhere_else() {
        let page = "<a href=\"../\">../</a><a href=\"10minutenwerte_TU_01766_19891001_19991231_hist.zip\">x</a>\
            <a href=\"10minutenwerte_TU_00044_20070209_20091231_hist.zip\">x</a><a href=\"https://evil.example/_01766_1_hist.zip\">x</a>";
        let found = listed(page, "1766", "https://a/historical/");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].url, "https://a/historical/10minutenwerte_TU_01766_19891001_19991231_hist.zip");
    }
}
