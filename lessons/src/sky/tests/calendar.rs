use super::*;

#[test]
fn dates_and_times_are_read_and_written() {
    for text in ["2024-05-06T19:53:04.999776", "2024-02-29T00:00:00.000000", "1957-10-04T19:28:34.000000", "2100-03-01T23:59:59.999999"] {
        assert_eq!(iso(at(text)), text);
    }
    assert_eq!(at("1970-01-01T00:00:00"), 0);
    assert_eq!(at("2000-01-01T12:00:00Z"), 946_728_000_000_000);
    assert_eq!(at("2024-05-06 19:53:04.9997764"), at("2024-05-06T19:53:04.999776"));
    for wrong in [
        "2023-02-29T00:00:00",
        "2024-13-01T00:00:00",
        "2024-05-06",
        "2024-05-06T24:00:00",
        "2024-05-06T19:53:04.",
        "today",
        "",
        "-1-01-01T00:00:00",
    ] {
        assert_eq!(instant(wrong), None, "{wrong}");
    }
}

#[test]
fn every_day_of_four_centuries_comes_back() {
    for day in (-200_000..200_000).step_by(7) {
        let date = Date::of(day * DAY + 5);
        assert_eq!(date.start(), day * DAY, "{date:?}");
        assert_eq!(Date::new(date.year, date.month, date.day), Some(date));
    }
}

/// Examples 12.a and 12.b of Meeus, Astronomical Algorithms: 197.693195° and 128.7378734°.
#[test]
fn sidereal_time() {
    close(gmst(at("1987-04-10T00:00:00")), 197.693_195, 1e-6);
    close(gmst(at("1987-04-10T19:21:00")), 128.737_873_4, 1e-6);
}

#[test]
fn directions_have_names() {
    for (azimuth, name) in [(0.0, "N"), (359.0, "N"), (11.2, "N"), (11.3, "NNE"), (90.0, "E"), (225.0, "SW"), (-45.0, "NW"), (348.8, "N")] {
        assert_eq!(COMPASS[compass(azimuth)].1, name, "{azimuth}");
    }
    assert_eq!(COMPASS[compass(f64::NAN)].0, "N");
}

#[test]
fn elements_grow_old() {
    let now = 100 * DAY;
    assert!(!Age::of(now - 7 * DAY, now).is_old() && Age::of(now - 7 * DAY - 1, now).is_old());
    assert!(!Age::of(now + 6 * DAY, now).is_old() && Age::of(now + 8 * DAY, now).is_old());
    close(Age::of(now - DAY / 2, now).days(), 0.5, 0.0);
}

#[test]
fn places_go_round_and_come_back() {
    for latitude in [-90.0, -64.8, -0.01, 0.0, 23.0, 51.6, 89.99] {
        for longitude in [-180.0, -83.9, 0.0, 18.96, 179.9] {
            for elevation_m in [0.0, 3_400.0] {
                let place = Place::new(latitude, longitude, elevation_m).unwrap();
                let back = Place::of_fixed(place.fixed());
                close(back.latitude, latitude, 1e-9);
                close(back.height_km, place.height_km, 1e-8);
                if latitude.abs() < 90.0 {
                    close(back.longitude, longitude, 1e-9);
                }
            }
        }
    }
    for (latitude, longitude, elevation_m) in [(91.0, 0.0, 0.0), (0.0, 181.0, 0.0), (0.0, 0.0, 1e5), (f64::NAN, 0.0, 0.0)] {
        assert!(matches!(Place::new(latitude, longitude, elevation_m), Err(SkyError::Question(_))));
    }
}

#[test]
fn circles_on_the_ground() {
    let (latitude, longitude) = destination(52.0, 13.0, 70.0, 20.0);
    close(distance((52.0, 13.0), (latitude, longitude)), 20.0, 1e-9);
    let (latitude, longitude) = destination(80.0, 170.0, 0.0, 20.0);
    close(latitude, 80.0, 1e-9);
    close(longitude, -10.0, 1e-9);
}
