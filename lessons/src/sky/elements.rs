//! Mean elements of an orbit, as they are published.

use super::{MINUTE, Result, SkyError};
use crate::Micros;

/// One object's mean elements for SGP4. What a constructor gives has been checked; the fields are there to be read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Elements {
    /// Its name, `ISS (ZARYA)`; empty where nobody gave one.
    pub name: String,
    /// Catalogue number of the US Space Force. Five digits run out; up to nine are read.
    pub norad: u32,
    /// International designator, `1998-067A`; may be empty.
    pub designator: String,
    /// For when the elements are, hub time.
    pub epoch: Micros,
    /// Turns per day (Kozai's mean motion).
    pub mean_motion: f64,
    /// From 0 (circle) to below 1.
    pub eccentricity: f64,
    /// Degrees from 0 to 180.
    pub inclination: f64,
    /// Right ascension of the ascending node, degrees.
    pub node: f64,
    /// Argument of the perigee, degrees.
    pub perigee: f64,
    /// Degrees.
    pub mean_anomaly: f64,
    /// Drag term B*, 1/earth radii.
    pub bstar: f64,
    /// Turns since the start, as counted at the epoch.
    pub revolution: u32,
}

/// The numbers of an element set, before they are checked.
pub(super) struct Raw {
    pub(super) mean_motion: f64,
    pub(super) eccentricity: f64,
    pub(super) inclination: f64,
    pub(super) node: f64,
    pub(super) perigee: f64,
    pub(super) mean_anomaly: f64,
    pub(super) bstar: f64,
}

/// Names longer than this are cut: they stand in lists and on maps.
const NAME: usize = 64;

impl Elements {
    /// Checks what was read. Fails with `Element`, whose sentence names what is wrong.
    pub(super) fn checked(name: &str, designator: &str, norad: u32, epoch: Micros, revolution: u32, raw: &Raw) -> Result<Self> {
        let printable: String = name.chars().filter(|letter| !letter.is_control()).take(NAME).collect();
        let elements = Self {
            name: printable.trim().to_owned(),
            norad,
            designator: designator.chars().filter(|letter| letter.is_ascii_graphic()).take(12).collect(),
            epoch,
            mean_motion: raw.mean_motion,
            eccentricity: raw.eccentricity,
            inclination: raw.inclination,
            node: raw.node,
            perigee: raw.perigee,
            mean_anomaly: raw.mean_anomaly,
            bstar: raw.bstar,
            revolution,
        };
        let wrong = |reason: String| Err(SkyError::Element { object: elements.label(), reason });
        // Nothing turns faster than at the ground.
        if !(elements.mean_motion > 0.0 && elements.mean_motion < 18.0) {
            return wrong(format!("a mean motion of {} turns a day is no orbit (above 0, below 18)", raw.mean_motion));
        }
        if !(0.0..1.0).contains(&elements.eccentricity) {
            return wrong(format!("an eccentricity of {} is no ellipse (0 to below 1)", raw.eccentricity));
        }
        if !(0.0..=180.0).contains(&elements.inclination) {
            return wrong(format!("an inclination of {} degrees (0 to 180)", raw.inclination));
        }
        for (angle, what) in [(raw.node, "ascending node"), (raw.perigee, "perigee"), (raw.mean_anomaly, "mean anomaly")] {
            if !(-360.0..=360.0).contains(&angle) {
                return wrong(format!("an angle of {angle} degrees ({what}; -360 to 360)"));
            }
        }
        if !(-10.0..=10.0).contains(&elements.bstar) {
            return wrong(format!("a drag term B* of {}", raw.bstar));
        }
        Ok(elements)
    }

    /// Its name, or `NORAD 25544` where there is none.
    pub fn label(&self) -> String {
        if self.name.is_empty() { format!("NORAD {}", self.norad) } else { self.name.clone() }
    }

    /// Time of one turn, s.
    pub fn period_s(&self) -> f64 {
        86_400.0 / self.mean_motion
    }

    /// Minutes since the epoch, which is how SGP4 counts time.
    pub(super) fn minutes(&self, time: Micros) -> f64 {
        time.saturating_sub(self.epoch) as f64 / MINUTE as f64
    }
}
