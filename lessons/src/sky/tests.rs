use super::*;

mod calendar;
mod orbits;
mod readers;
mod sunlight;

/// The station in January 2014, as the documentation of Skyfield has it: the figures of the paper are for these lines.
const STATION: &str = "ISS (ZARYA)
1 25544U 98067A   14020.93268519  .00009878  00000-0  18200-3 0  5082
2 25544  51.6498 109.4756 0003572  55.9686 274.8005 15.49815350868473";

fn station() -> Orbit {
    Orbit::new(tle(STATION).unwrap().remove(0)).unwrap()
}

fn at(text: &str) -> Micros {
    instant(text).unwrap()
}

fn observer(latitude: f64, longitude: f64) -> Observer {
    Observer::new(Place::new(latitude, longitude, 0.0).unwrap())
}

fn close(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "{found} instead of {expected} ± {within}");
}

/// The same number must come out in the browser; it changes only when the computation changes on purpose.
#[test]
fn the_digest_is_what_it_was() {
    assert_eq!(self_test(), 0xe30a_cbf0_45f0_c3fd, "{:#x}", self_test());
}
