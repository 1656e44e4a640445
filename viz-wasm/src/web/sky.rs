//! A satellite that the page asks once a second.

use messwerk_lessons::Micros;
use messwerk_lessons::sky::{Observer, Orbit, Place, SkyError, footprint, is_lit, omm, position, self_test, subsolar, track};
use wasm_bindgen::prelude::*;

/// A point of a track every so often, µs; as the hub draws them.
const STEP: Micros = 60_000_000;
/// The most points of one turn.
const POINTS: i64 = 200;
/// Points of the edge of the region that sees it.
const EDGE: usize = 72;

/// One satellite, seen from one place.
#[wasm_bindgen]
pub struct Sky {
    orbit: Orbit,
    observer: Option<Observer>,
}

fn refused(error: SkyError) -> JsError {
    JsError::new(&error.to_string())
}

#[wasm_bindgen]
impl Sky {
    /// A satellite from its elements (an OMM in JSON).
    #[wasm_bindgen(constructor)]
    pub fn new(elements: &str) -> Result<Self, JsError> {
        let found = omm(elements).map_err(refused)?.into_iter().next().ok_or_else(|| JsError::new("no elements"))?;
        Ok(Self { orbit: Orbit::new(found).map_err(refused)?, observer: None })
    }

    /// Says from where it is seen: degrees and metres.
    pub fn stand(&mut self, latitude: f64, longitude: f64, elevation_m: f64) -> Result<(), JsError> {
        self.observer = Some(Observer::new(Place::new(latitude, longitude, elevation_m).map_err(refused)?));
        Ok(())
    }

    /// At a time in ms since 1970: latitude, longitude, height (km), heading, speed and ground speed (km/s), latitude and longitude
    /// under the Sun, and 1 if the Sun shines on it or 0 if it flies through the Earth's shadow; then, if somebody stands somewhere, azimuth, elevation and distance (km) of the satellite, and azimuth and
    /// elevation of the Sun.
    pub fn at(&self, millis: f64) -> Result<Vec<f64>, JsError> {
        let time = (millis * 1000.0) as Micros;
        let here = position(&self.orbit, time).map_err(refused)?;
        let (latitude, longitude) = subsolar(time);
        let mut found =
            vec![here.latitude, here.longitude, here.height_km, here.heading, here.speed, here.ground_speed, latitude, longitude];
        found.push(f64::from(u8::from(is_lit(&self.orbit, time).map_err(refused)?)));
        if let Some(observer) = &self.observer {
            let (look, sun) = (observer.satellite(&self.orbit, time).map_err(refused)?, observer.sun(time));
            found.extend([look.azimuth, look.elevation, look.range_km, sun.azimuth, sun.elevation]);
        }
        Ok(found)
    }

    /// The track of one turn before (`turns` -1) or behind (1) a time in ms since 1970: longitude and latitude of one point after the
    /// other, in degrees.
    pub fn track(&self, millis: f64, turns: f64) -> Result<Vec<f64>, JsError> {
        let time = (millis * 1000.0) as Micros;
        let end = time.saturating_add((turns * self.orbit.elements().period_s() * 1e6) as Micros);
        let (from, to) = (time.min(end), time.max(end));
        let points = track(&self.orbit, from, to, STEP.max((to - from) / POINTS)).map_err(refused)?;
        Ok(points.iter().flat_map(|point| [point.longitude, point.latitude]).collect())
    }

    /// The edge of the region that has it above the horizon at a time in ms since 1970: longitude and latitude of one point after the
    /// other, in degrees.
    pub fn footprint(&self, millis: f64) -> Result<Vec<f64>, JsError> {
        let here = position(&self.orbit, (millis * 1000.0) as Micros).map_err(refused)?;
        let (edge, _) = footprint(&here, 0.0, EDGE);
        Ok(edge.into_iter().flat_map(|(latitude, longitude)| [longitude, latitude]).collect())
    }

    /// Where the Sun stands overhead at a time in ms since 1970: latitude and longitude in degrees.
    pub fn sun_overhead(millis: f64) -> Vec<f64> {
        let (latitude, longitude) = subsolar((millis * 1000.0) as Micros);
        vec![latitude, longitude]
    }

    /// The digest over positions, passes and the Sun: the same number as natively.
    pub fn self_test() -> u64 {
        self_test()
    }
}
