use super::*;

/// Skyfield's passes over Bluffton (40.8939 N, 83.8917 W) above 30° on 2014-01-23, and its figures at 11:18:07.
#[test]
fn the_passes_of_the_paper() {
    let (orbit, school) = (station(), observer(40.8939, -83.8917));
    let found = passes(&orbit, &school, at("2014-01-23T00:00:00"), at("2014-01-24T00:00:00"), 30.0).unwrap();
    let expected = [
        ["2014-01-23T06:25:37", "2014-01-23T06:26:58", "2014-01-23T06:28:19"],
        ["2014-01-23T12:54:56", "2014-01-23T12:56:27", "2014-01-23T12:57:58"],
    ];
    assert_eq!(found.len(), expected.len());
    for (pass, expected) in found.iter().zip(expected) {
        for (moment, text) in [pass.rise, pass.culmination, pass.set].iter().zip(expected) {
            assert!((moment.time - at(text)).abs() <= SECOND, "{} instead of {text}", iso(moment.time));
        }
        close(pass.rise.look.elevation, 30.0, 1e-3);
        assert!(pass.culmination.look.elevation > 30.0);
    }
    let look = school.satellite(&orbit, at("2014-01-23T11:18:07")).unwrap();
    close(look.elevation, 16.0 + 16.0 / 60.0 + 32.6 / 3600.0, 0.01);
    close(look.azimuth, 350.0 + 15.0 / 60.0 + 20.4 / 3600.0, 0.01);
    close(look.range_km, 1168.7, 0.1);
    let below = position(&orbit, at("2014-01-23T11:18:07")).unwrap();
    close(below.latitude, 50.0 + 14.0 / 60.0 + 37.4 / 3600.0, 0.01);
    close(below.longitude, -(86.0 + 23.0 / 60.0 + 23.3 / 3600.0), 0.01);
}

/// The same in lower steps: crossings of 30° as the paper's own check has them, to half a second.
#[test]
fn the_crossings_of_the_paper() {
    let found = passes(&station(), &observer(40.8939, -83.8917), at("2014-01-23T00:00:00"), at("2014-01-24T00:00:00"), 30.0).unwrap();
    let times = [found[0].rise.time, found[0].set.time, found[1].rise.time, found[1].set.time];
    for (time, text) in times.into_iter().zip(["06:25:36.5", "06:28:19.1", "12:54:55.7", "12:57:57.7"]) {
        assert!((time - at(&format!("2014-01-23T{text}"))).abs() < 100_000, "{} instead of {text}", iso(time));
    }
}

/// The library of others, in the same mode: within a millimetre, which is what doubles carry after two weeks.
#[test]
fn near_orbits_are_those_of_the_library() {
    let mut worst = 0.0_f64;
    for (eccentricity, inclination, motion, bstar) in [
        (0.000_36, 51.65, 15.498, 1.8e-4),
        (0.05, 98.0, 14.2, 1e-5),
        (0.2, 10.0, 10.0, 3e-4),
        (0.004, 179.9, 16.3, 2e-3),
        (0.000_05, 0.01, 15.0, 0.0),
    ] {
        let elements = Elements { eccentricity, inclination, mean_motion: motion, bstar, ..station().elements().clone() };
        let kozai = sgp4::Orbit::from_kozai_elements(
            &sgp4::WGS72,
            inclination.to_radians(),
            elements.node.to_radians(),
            eccentricity,
            elements.perigee.to_radians(),
            elements.mean_anomaly.to_radians(),
            motion * std::f64::consts::TAU / 1440.0,
        );
        let theirs = sgp4::Constants::new(sgp4::WGS72, sgp4::afspc_epoch_to_sidereal_time, 14.0, bstar, kozai.unwrap()).unwrap();
        let ours = Orbit::new(elements).unwrap();
        for minutes in (-1_440..20_160).step_by(37) {
            let (ours, theirs) =
                (ours.after(f64::from(minutes)), theirs.propagate_afspc_compatibility_mode(sgp4::MinutesSinceEpoch(f64::from(minutes))));
            let (Ok(ours), Ok(theirs)) = (ours, theirs) else { continue };
            for axis in 0..3 {
                worst = worst.max((ours.position[axis] - theirs.position[axis]).abs());
                close(ours.velocity[axis], theirs.velocity[axis], 1e-9);
            }
        }
    }
    assert!(worst < 1e-6, "{worst} km");
}

#[test]
fn the_station_over_the_ground() {
    let orbit = station();
    close(orbit.elements().period_s(), 92.915 * 60.0, 1.0);
    let now = orbit.elements().epoch;
    for step in 0..100 {
        let here = position(&orbit, now + step * MINUTE).unwrap();
        close(here.speed, 7.66, 0.02);
        close(here.ground_speed, 7.1, 0.3);
        close(here.height_km, 420.0, 20.0);
        // The heading is where it is a second later.
        let next = position(&orbit, now + step * MINUTE + SECOND).unwrap();
        let (latitude, longitude) = destination(here.latitude, here.longitude, here.heading, here.ground_speed / EARTH_RADIUS.to_radians());
        assert!(distance((latitude, longitude), (next.latitude, next.longitude)) < 2e-3, "{here:?} {next:?}");
    }
}

#[test]
fn tracks_and_footprints() {
    let orbit = station();
    let now = orbit.elements().epoch;
    let points = track(&orbit, now, now + 90 * MINUTE + 1, MINUTE).unwrap();
    assert_eq!((points.len(), points[91].time), (92, now + 90 * MINUTE + 1));
    assert!(points.iter().all(|point| point.latitude.abs() < 52.0 && (-180.0..180.0).contains(&point.longitude)));
    for (from, to, step) in [(0, 1, 0), (1, 0, 1), (0, 2_001, 1)] {
        assert!(matches!(track(&orbit, from, to, step), Err(SkyError::Question(_))));
    }
    let here = position(&orbit, now).unwrap();
    let (edge, radius) = footprint(&here, 0.0, 36);
    close(radius, 2_250.0, 60.0);
    for place in edge {
        // Whoever stands there sees it at the horizon; the sphere for the ellipsoid costs half a degree.
        let look = observer(place.0, place.1).satellite(&orbit, now).unwrap();
        close(look.elevation, 0.0, 0.6);
    }
    assert!(footprint(&here, 10.0, 36).1 < radius);
}

#[test]
fn a_pass_under_way_is_told_whole() {
    let (orbit, school) = (station(), observer(40.8939, -83.8917));
    let found = passes(&orbit, &school, at("2014-01-23T12:56:00"), at("2014-01-23T13:00:00"), 30.0).unwrap();
    assert_eq!(found.len(), 1);
    assert!((found[0].rise.time - at("2014-01-23T12:54:55.7")).abs() < 100_000);
}

#[test]
fn short_visits_above_the_least_elevation_are_found() {
    let (orbit, school) = (station(), observer(40.8939, -83.8917));
    let (from, to) = (at("2014-01-22T00:00:00"), at("2014-01-29T00:00:00"));
    let all = passes(&orbit, &school, from, to, 0.0).unwrap();
    assert!(all.len() > 35, "{}", all.len());
    for pass in &all {
        let summit = pass.culmination.look.elevation;
        assert!(pass.rise.time < pass.culmination.time && pass.culmination.time < pass.set.time);
        // Just below its summit the same pass lasts seconds, and is still there.
        let least = (summit - 0.001).clamp(0.0, 89.0);
        let again = passes(&orbit, &school, pass.rise.time - MINUTE, pass.set.time + MINUTE, least).unwrap();
        assert_eq!(again.len(), 1, "{summit}");
    }
    let seen = all.iter().filter_map(|pass| pass.visible).count();
    assert!(seen > 0 && seen < all.len(), "{seen} of {}", all.len());
    // What is not seen has a reason, and the reason is there at the highest point.
    for pass in &all {
        let dark = school.sun(pass.culmination.time).elevation < TWILIGHT;
        match pass.unseen {
            None => assert!(pass.visible.is_some()),
            Some(Unseen::Bright) => assert!(!dark),
            Some(Unseen::Shadow) => assert!(!dark || !is_lit(&orbit, pass.culmination.time).unwrap()),
        }
        assert_eq!(pass.visible.is_some(), pass.unseen.is_none());
    }
    let reasons = |why| all.iter().filter(|pass| pass.unseen == Some(why)).count();
    assert!(reasons(Unseen::Bright) > 0 && reasons(Unseen::Shadow) > 0);
}

#[test]
fn questions_have_bounds() {
    let (orbit, school) = (station(), observer(0.0, 0.0));
    let now = orbit.elements().epoch;
    for (to, least) in [(now, 10.0), (now + 31 * DAY, 10.0), (now + DAY, -1.0), (now + DAY, 90.0), (now + DAY, f64::NAN)] {
        assert!(matches!(passes(&orbit, &school, now, to, least), Err(SkyError::Question(_))));
    }
    for time in [i64::MIN, i64::MAX] {
        assert!(matches!(position(&orbit, time), Err(SkyError::NoPosition(_))));
    }
}

/// One that never sets has no passes; nothing hangs or fails.
#[test]
fn a_satellite_that_stands_still() {
    let elements = Elements { mean_motion: 1.0027, inclination: 0.05, bstar: 0.0, ..station().elements().clone() };
    let orbit = Orbit::new(elements).unwrap();
    let now = orbit.elements().epoch;
    close(position(&orbit, now).unwrap().height_km, 35_790.0, 60.0);
    let below = position(&orbit, now).unwrap();
    assert!(passes(&orbit, &observer(0.0, below.longitude), now, now + 2 * DAY, 10.0).unwrap().is_empty());
}
