//! Real files of open data, asserted against what was worked out by hand. They are not part of the repository; without them the tests say so,
//! and fail where CI says they must be there.

use messwerk_ingest::opendata::{Feed, Refusal, brightsky, geography, poi, product, product_zip, stations};
use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason as R;

use crate::sample::bytes as sample;

/// The value of a channel and property at a time (seconds since 1970).
fn at(feed: &Feed, channel: &str, property: P, seconds: i64) -> Option<f64> {
    let wanted = |reading: &&messwerk_ingest::station::Reading| {
        reading.channel.as_str() == channel && reading.property == property && reading.time == Some(seconds * 1_000_000)
    };
    feed.report.readings.iter().find(wanted).map(|reading| (reading.value * 1e4).round() / 1e4)
}

#[test]
fn air_of_three_stations() {
    let Some(bytes) = sample("dwd/produkt_zehn_min_tu_excerpts.txt") else { return };
    let feed = product(&bytes).unwrap();
    assert_eq!(feed.interval, Some(600_000_000));
    // A file that begins at 199912312300 is in UTC: 1999-12-31T23:00:00Z.
    let check = |seconds: i64, [pressure, air, ground, humidity, dew]: [f64; 5]| {
        assert_eq!(at(&feed, "", P::Temperature, seconds), Some(air), "{seconds}");
        assert_eq!(at(&feed, "5cm", P::Temperature, seconds), Some(ground));
        assert_eq!(at(&feed, "", P::RelativeHumidity, seconds), Some(humidity));
        assert_eq!(at(&feed, "", P::DewPoint, seconds), Some(dew));
        assert_eq!(at(&feed, "", P::Pressure, seconds), Some(pressure).filter(|pressure| *pressure > 0.0));
    };
    check(946_681_200, [997.3, 4.1, 3.6, 87.0, 2.1]);
    check(946_681_800, [997.3, 4.1, 3.6, 86.0, 2.0]);
    check(946_682_400, [997.3, 4.2, 3.7, 87.0, 2.2]);
    check(1_574_985_600, [-1.0, 7.4, 6.6, 89.5, 5.8]);
    check(1_786_838_400, [1002.8, 24.1, 23.7, 48.4, 12.5]);
    check(1_786_839_000, [1002.9, 24.3, 21.8, 50.6, 13.2]);
    check(1_786_839_600, [1003.0, 24.5, 21.8, 50.6, 13.2]);
    assert_eq!(feed.report.readings.len(), 7 * 5 - 1);
    let rejects: Vec<_> = feed.report.rejects.iter().map(|reject| (reject.reason, reject.count)).collect();
    assert_eq!(rejects, [(R::NoValue, 1)]);
}

#[test]
fn sun_over_muenster() {
    let (Some(text), Some(zip)) =
        (sample("dwd/produkt_zehn_min_sd_20211209_20230611_01766.txt"), sample("dwd/10minutenwerte_SOLAR_01766_akt.zip"))
    else {
        return;
    };
    let feed = product(&text).unwrap();
    // 2023-06-09T04:40:00Z: 3.5 and 5.8 J/cm² in 600 s, 0.167 h of sun.
    let seconds = 1_686_285_600;
    assert_eq!(at(&feed, "diffuse", P::Irradiance, seconds), Some(58.3333));
    assert_eq!(at(&feed, "", P::Irradiance, seconds), Some(96.6667));
    assert_eq!(at(&feed, "", P::Sunshine, seconds), Some(601.2));
    assert_eq!(at(&feed, "longwave", P::Irradiance, seconds), None);
    assert_eq!(feed.station.as_ref().unwrap().id, "01766");
    assert_eq!(product_zip(&zip).unwrap(), feed);
    assert_eq!(product_zip(&zip[..zip.len() / 2]), Err(Refusal::Damaged));
}

#[test]
fn hourly_wind_with_the_moves_of_the_station() {
    let (Some(zip), Some(text), Some(list)) = (
        sample("dwd/observations_recent_FF_akt.zip"),
        sample("dwd/produkt_ff_stunde_20180915_20200317_04911.txt"),
        sample("dwd/Metadaten_Geographie_04911.txt"),
    ) else {
        return;
    };
    let feed = product_zip(&zip).unwrap();
    assert_eq!(feed.report, product(&text).unwrap().report);
    assert_eq!(feed.interval, Some(3_600_000_000));
    let rows = [
        (1_536_969_600, Some(1.6), 80.0),
        (1_536_973_200, Some(1.7), 140.0),
        (1_536_976_800, Some(1.0), 130.0),
        (1_536_980_400, Some(0.9), 120.0),
        (1_536_984_000, Some(1.2), 180.0),
        (1_555_794_000, None, 90.0),
        (1_584_475_200, Some(2.5), 110.0),
        (1_584_478_800, Some(2.5), 110.0),
        (1_584_482_400, Some(2.6), 110.0),
        (1_584_486_000, Some(1.5), 130.0),
    ];
    for (seconds, speed, direction) in rows {
        assert_eq!(at(&feed, "", P::WindSpeed, seconds), speed, "{seconds}");
        assert_eq!(at(&feed, "", P::WindDirection, seconds), Some(direction));
    }
    let station = feed.station.unwrap();
    assert_eq!(station, geography(&list).unwrap());
    assert_eq!((station.name.as_str(), station.stays.len()), ("Straubing", 6));
    // 2000 and 2020.
    assert_eq!(station.stay(946_684_800_000_000).map(|stay| (stay.height, stay.latitude)), Some((350.0, 48.8282)));
    assert_eq!(station.stay(1_577_836_800_000_000).map(|stay| (stay.height, stay.latitude)), Some((350.5, 48.8275)));
}

#[test]
fn lists_reports_and_pages() {
    let (Some(list), Some(report), Some(page), Some(old), Some(sky)) = (
        sample("dwd/zehn_min_tu_Beschreibung_Stationen_excerpt_latin1.txt"),
        sample("dwd/observations_current.csv"),
        sample("dwd/dwd_opendata_index.html"),
        sample("dwd/station_list.html"),
        sample("brightsky/current_weather_2026-05-28.json"),
    ) else {
        return;
    };
    let names: Vec<_> = stations(&list).unwrap().into_iter().map(|station| (station.id, station.name, station.state)).collect();
    let name = |id: &str, name: &str, state: &str| (id.to_owned(), name.to_owned(), state.to_owned());
    assert_eq!(names, [name("00003", "Aachen", "Nordrhein-Westfalen"), name("00044", "Großenkneten", "Niedersachsen")]);
    for page in [&page, &old] {
        assert_eq!(product(page), Err(Refusal::Page));
        assert_eq!(stations(page), Err(Refusal::Page));
    }
    // 2020-04-06T08:00:00Z: 16 km/h in the column of 10-minute maxima is not kept; gusts 21, mean 14 km/h.
    let feed = poi(&report).unwrap();
    let seconds = 1_586_160_000;
    for (property, value) in [
        (P::DewPoint, -10.0),
        (P::Temperature, -3.1),
        (P::WindGust, 5.8333),
        (P::WindDirection, 140.0),
        (P::WindSpeed, 3.8889),
        (P::SeaLevelPressure, 1023.1),
        (P::RelativeHumidity, 59.0),
    ] {
        assert_eq!(at(&feed, "", property, seconds), Some(value), "{property:?}");
    }
    assert_eq!(at(&feed, "", P::CloudCover, seconds), None);
    // 2026-05-28T08:00:00Z.
    let feed = brightsky(&sky, 1_779_955_300_000_000).unwrap();
    let seconds = 1_779_955_200;
    let expected = [
        (P::CloudCover, 38.0),
        (P::DewPoint, 6.54),
        // 0.329 kWh/m² in 30 minutes.
        (P::Irradiance, 658.0),
        (P::Precipitation, 0.0),
        (P::SeaLevelPressure, 1025.1),
        (P::RelativeHumidity, 53.0),
        (P::Visibility, 33_886.0),
        (P::WindDirection, 300.0),
        (P::WindSpeed, 3.8056),
        (P::WindGust, 6.1111),
        (P::Sunshine, 1800.0),
        (P::Temperature, 16.1),
    ];
    assert_eq!(feed.report.readings.len(), expected.len());
    for (property, value) in expected {
        assert_eq!(at(&feed, "", property, seconds), Some(value), "{property:?}");
    }
}
