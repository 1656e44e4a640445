//! A satellite that the page asks once a second.

use messwerk_lessons::Micros;
use messwerk_lessons::sky::{Observer, Orbit, Place, SkyError, omm, position, self_test, subsolar};
use wasm_bindgen::prelude::*;

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
    /// under the Sun; then, if somebody stands somewhere, azimuth, elevation and distance (km) of the satellite, and azimuth and
    /// elevation of the Sun.
    pub fn at(&self, millis: f64) -> Result<Vec<f64>, JsError> {
        let time = (millis * 1000.0) as Micros;
        let here = position(&self.orbit, time).map_err(refused)?;
        let (latitude, longitude) = subsolar(time);
        let mut found =
            vec![here.latitude, here.longitude, here.height_km, here.heading, here.speed, here.ground_speed, latitude, longitude];
        if let Some(observer) = &self.observer {
            let (look, sun) = (observer.satellite(&self.orbit, time).map_err(refused)?, observer.sun(time));
            found.extend([look.azimuth, look.elevation, look.range_km, sun.azimuth, sun.elevation]);
        }
        Ok(found)
    }

    /// The digest over positions, passes and the Sun: the same number as natively.
    pub fn self_test() -> u64 {
        self_test()
    }
}
