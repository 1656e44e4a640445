//! One number that tells whether two machines see the same sky.

use super::look::Observer;
use super::{DAY, MINUTE, Orbit, Place, daylight, passes, position, tle};

/// Our own elements: an orbit like the space station's, of no real object.
const ORBIT: &str = "1 90001U 26001A   26001.50000000  .00012000  00000-0  22000-3 0  9993\n2 90001  51.6400 120.0000 0005000  60.0000 300.0000 15.50000000    17";

/// A digest over the bits of positions, passes and the Sun of a fixed workload. Equal on every machine and in every browser; a test
/// holds the native value and the browser's test compares with it. 0 means that something failed, which a test would see.
pub fn self_test() -> u64 {
    workload().unwrap_or(0)
}

fn workload() -> super::Result<u64> {
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |value: f64| {
        for byte in value.to_bits().to_le_bytes() {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for elements in tle(ORBIT)? {
        let epoch = elements.epoch;
        let orbit = Orbit::new(elements)?;
        for step in 0..2_000 {
            let place = position(&orbit, epoch + step * 7 * MINUTE)?;
            [place.latitude, place.longitude, place.height_km, place.heading, place.speed, place.ground_speed]
                .into_iter()
                .for_each(&mut add);
        }
        for (latitude, longitude) in [(52.5, 13.4), (-33.9, 18.4), (69.65, 18.96)] {
            let observer = Observer::new(Place::new(latitude, longitude, 40.0)?);
            for pass in passes(&orbit, &observer, epoch, epoch + 3 * DAY, 10.0)? {
                for moment in [pass.rise, pass.culmination, pass.set] {
                    [moment.time as f64, moment.look.azimuth, moment.look.elevation, moment.look.range_km].into_iter().for_each(&mut add);
                }
            }
            for day in 0..73 {
                let from = epoch - DAY / 2 + day * 5 * DAY;
                let found = daylight(&observer, from, from + DAY)?;
                add(found.length_s);
                add(found.noon.1);
                found.events.iter().for_each(|event| add(event.azimuth));
            }
        }
    }
    Ok(digest)
}
