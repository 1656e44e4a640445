use super::*;

/// Example 25.a of Meeus, Astronomical Algorithms: 1992 October 13.0 TD, apparent α = 198.38083°, δ = -7.78507°; by the full theory
/// 198.378178°, -7.783871°.
#[test]
fn the_place_of_the_sun() {
    let time = at("1992-10-13T00:00:00") - 59 * SECOND;
    close(sun(time).right_ascension, 198.378_178, 0.005);
    close(sun(time).declination, -7.783_871, 0.003);
    close(sun(time).distance_km / 149_597_870.7, 0.997_66, 1e-5);
}

#[test]
fn solstices_and_overhead() {
    close(sun(at("2026-06-21T08:24:00")).declination, 23.44, 0.01);
    close(sun(at("2026-03-20T14:46:00")).declination, 0.0, 0.01);
    let (latitude, longitude) = subsolar(at("2026-11-03T11:43:35"));
    close(latitude, -15.0, 0.3);
    // The equation of time is largest then, 16.4 minutes.
    close(longitude, 0.0, 0.1);
}

fn day(latitude: f64, longitude: f64, date: &str) -> Daylight {
    let from = at(&format!("{date}T00:00:00")) - (longitude * 240e6) as Micros;
    daylight(&observer(latitude, longitude), from, from + DAY).unwrap()
}

#[test]
fn days_of_the_year() {
    let june = day(52.52, 13.40, "2026-06-21");
    close(june.length_s / 3600.0, 16.0 + 50.0 / 60.0, 0.03);
    close(june.noon.1, 90.0 - 52.52 + 23.44, 0.01);
    assert_eq!(june.events.iter().map(|event| event.rising).collect::<Vec<_>>(), [true, false]);
    close(june.events[0].azimuth, 48.0, 1.5);
    assert_eq!(june.twilight.len(), 2);
    assert!(june.twilight[0].time < june.events[0].time && june.twilight[1].time > june.events[1].time);
    close(day(52.52, 13.40, "2026-12-21").length_s / 3600.0, 7.0 + 39.0 / 60.0, 0.03);
    close(day(0.0, 0.0, "2026-08-01").length_s / 3600.0, 12.12, 0.01);
}

#[test]
fn polar_days_and_nights() {
    let (june, december) = (day(69.65, 18.96, "2026-06-21"), day(69.65, 18.96, "2026-12-21"));
    assert_eq!((june.polar, june.length_s), (Some(true), 86_400.0));
    assert_eq!((december.polar, december.length_s), (Some(false), 0.0));
    assert!(december.noon.1 < 0.0 && december.twilight.len() == 2);
    assert_eq!(day(52.52, 13.40, "2026-06-21").polar, None);
}

/// On an edge of the polar day a day may be nearly dark or nearly bright; its length never leaps by what its events do not say.
#[test]
fn the_edges_of_the_polar_day() {
    let observer = observer(69.65, 18.96);
    let first = at("2026-05-10T22:40:00");
    let mut last = 0.0;
    for index in 0..20 {
        let day = daylight(&observer, first + index * DAY, first + (index + 1) * DAY).unwrap();
        assert!(day.length_s >= last - 1.0 && day.length_s <= 86_400.0, "{day:?}");
        last = day.length_s;
    }
    close(last, 86_400.0, 0.0);
}

#[test]
fn the_edge_of_the_night() {
    for text in ["2026-06-21T10:00:00", "2026-12-21T03:00:00", "2026-03-20T14:46:00", "2026-10-02T21:00:00"] {
        let overhead = subsolar(at(text));
        for longitude in (-180..180).step_by(15) {
            let edge = night_edge(f64::from(longitude), overhead);
            close(distance((edge, f64::from(longitude)), overhead), 90.0, 0.02);
        }
    }
}

#[test]
fn a_day_is_a_day() {
    let observer = observer(50.0, 8.0);
    for (from, to) in [(0, 0), (0, 27 * 3600 * SECOND), (1, 0)] {
        assert!(matches!(daylight(&observer, from, to), Err(SkyError::Question(_))));
    }
}
