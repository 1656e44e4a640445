//! SGP4 for orbits of less than 225 minutes.
//!
//! The equations of Hoots and Roehrich, Spacetrack Report #3 (1980), as corrected by Vallado, Crawford, Hujsak and Kelso, Revisiting
//! Spacetrack Report #3 (AIAA 2006-6753), with the constants of WGS 72, which the published elements are fitted with. Angles are
//! radians here, lengths earth radii, times minutes, as there.
//!
//! Why it stands here beside the crate `sgp4`: that one takes its sine from `num-traits`, whose feature `std` (switched on by
//! plotters and arrow, for everybody in the same build) comes before its `libm`. So it has the platform's last digits. A test holds this
//! one against it and against the published vectors.

use std::f64::consts::TAU;

use super::elements::Elements;
use super::kepler::{self, Mean};
use super::{Result, SkyError, State};

/// Equatorial radius of WGS 72, km.
pub(super) const RADIUS: f64 = 6_378.135;
/// √(GM), earth radii^1.5 per minute: 60/√(a³/398600.8 km³/s²).
pub(super) const KE: f64 = 0.074_366_916_133_173_42;
/// Zonal harmonics of WGS 72.
pub(super) const J2: f64 = 0.001_082_616;
pub(super) const J3: f64 = -0.000_002_538_81;
const J4: f64 = -0.000_001_655_97;

/// Everything about an orbit that does not change.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Near {
    eccentricity: f64,
    inclination: f64,
    node: f64,
    perigee: f64,
    mean_anomaly: f64,
    bstar: f64,
    /// Brouwer's mean motion, rad/min.
    motion: f64,
    /// cos and sin of the inclination.
    cos: f64,
    sin: f64,
    /// Rates of the angles by the Earth's flattening, rad/min, and of the node by drag, rad/min².
    mean_anomaly_rate: f64,
    perigee_rate: f64,
    node_rate: f64,
    node_drag: f64,
    /// What drag does to axis, eccentricity and longitude.
    c1: f64,
    c4: f64,
    t2: f64,
    /// The same in more terms, where the perigee is above 220 km.
    high: Option<High>,
}

#[derive(Debug, Clone, PartialEq)]
struct High {
    eta: f64,
    of_perigee: f64,
    of_anomaly: f64,
    anomaly_0: f64,
    sin_anomaly: f64,
    c5: f64,
    d2: f64,
    d3: f64,
    d4: f64,
    t3: f64,
    t4: f64,
    t5: f64,
}

/// Brouwer's mean motion, rad/min, of Kozai's.
pub(super) fn brouwer(elements: &Elements) -> f64 {
    let kozai = elements.mean_motion * TAU / 1440.0;
    let cos = libm::cos(elements.inclination.to_radians());
    let flat = 1.0 - elements.eccentricity * elements.eccentricity;
    let axis = libm::pow(KE / kozai, 2.0 / 3.0);
    let oblate = 0.75 * J2 * (3.0 * cos * cos - 1.0) / (libm::sqrt(flat) * flat);
    let d1 = oblate / (axis * axis);
    let axis = axis * (1.0 - d1 * d1 - d1 * (1.0 / 3.0 + 134.0 * d1 * d1 / 81.0));
    kozai / (1.0 + oblate / (axis * axis))
}

impl Near {
    /// Prepares an orbit.
    pub(super) fn new(elements: &Elements) -> Self {
        let e = elements.eccentricity;
        let (node, perigee) = (elements.node.to_radians(), elements.perigee.to_radians());
        let (inclination, mean_anomaly) = (elements.inclination.to_radians(), elements.mean_anomaly.to_radians());
        let motion = brouwer(elements);
        let (sin, cos) = libm::sincos(inclination);
        let (cos2, cos4) = (cos * cos, cos * cos * cos * cos);
        let flat = 1.0 - e * e;
        let axis = libm::pow(KE / motion, 2.0 / 3.0);
        let lowest = axis * (1.0 - e);
        // The density of the air by the height of the perigee: 78 km is where it is taken to begin, less for the low ones.
        let height = (lowest - 1.0) * RADIUS;
        let from = if height < 98.0 { 20.0 } else { (height - 78.0).min(78.0) };
        let s = from / RADIUS + 1.0;
        let q = (120.0 - from) / RADIUS;
        let xi = 1.0 / (axis - s);
        let eta = axis * e * xi;
        let (eta2, e_eta) = (eta * eta, e * eta);
        let psi2 = libm::fabs(1.0 - eta2);
        let dense = q * q * q * q * xi * xi * xi * xi;
        let denser = dense / libm::pow(psi2, 3.5);
        let oblate = 3.0 * cos2 - 1.0;
        let c2 = denser
            * motion
            * (axis * (1.0 + 1.5 * eta2 + e_eta * (4.0 + eta2)) + 0.375 * J2 * xi / psi2 * oblate * (8.0 + 3.0 * eta2 * (8.0 + eta2)));
        let c1 = elements.bstar * c2;
        let c3 = if e > 1e-4 { -2.0 * dense * xi * (J3 / J2) * motion * sin / e } else { 0.0 };
        let twice = libm::cos(2.0 * perigee);
        let c4 = 2.0
            * motion
            * denser
            * axis
            * flat
            * (eta * (2.0 + 0.5 * eta2) + e * (0.5 + 2.0 * eta2)
                - J2 * xi / (axis * psi2)
                    * (-3.0 * oblate * (1.0 - 2.0 * e_eta + eta2 * (1.5 - 0.5 * e_eta))
                        + 0.75 * (1.0 - cos2) * (2.0 * eta2 - e_eta * (1.0 + eta2)) * twice));
        let parameter = 1.0 / (axis * axis * flat * flat);
        let first = 1.5 * J2 * parameter * motion;
        let second = 0.5 * first * J2 * parameter;
        let fourth = -0.46875 * J4 * parameter * parameter * motion;
        let of_node = -first * cos;
        let high = (lowest >= 220.0 / RADIUS + 1.0).then(|| {
            let c1_2 = c1 * c1;
            let d2 = 4.0 * axis * xi * c1_2;
            let step = d2 * xi * c1 / 3.0;
            let d3 = (17.0 * axis + s) * step;
            let d4 = 0.5 * step * axis * xi * (221.0 * axis + 31.0 * s) * c1;
            let anomaly = 1.0 + eta * libm::cos(mean_anomaly);
            High {
                eta,
                of_perigee: elements.bstar * c3 * libm::cos(perigee),
                of_anomaly: if e > 1e-4 { -2.0 / 3.0 * dense * elements.bstar / e_eta } else { 0.0 },
                anomaly_0: anomaly * anomaly * anomaly,
                sin_anomaly: libm::sin(mean_anomaly),
                c5: 2.0 * denser * axis * flat * (1.0 + 2.75 * (eta2 + e_eta) + e_eta * eta2),
                d2,
                d3,
                d4,
                t3: d2 + 2.0 * c1_2,
                t4: 0.25 * (3.0 * d3 + c1 * (12.0 * d2 + 10.0 * c1_2)),
                t5: 0.2 * (3.0 * d4 + 12.0 * c1 * d3 + 6.0 * d2 * d2 + 15.0 * c1_2 * (2.0 * d2 + c1_2)),
            }
        });
        Self {
            eccentricity: e,
            inclination,
            node,
            perigee,
            mean_anomaly,
            bstar: elements.bstar,
            motion,
            cos,
            sin,
            mean_anomaly_rate: motion
                + 0.5 * first * libm::sqrt(flat) * oblate
                + 0.0625 * second * libm::sqrt(flat) * (13.0 - 78.0 * cos2 + 137.0 * cos4),
            perigee_rate: -0.5 * first * (1.0 - 5.0 * cos2)
                + 0.0625 * second * (7.0 - 114.0 * cos2 + 395.0 * cos4)
                + fourth * (3.0 - 36.0 * cos2 + 49.0 * cos4),
            node_rate: of_node + (0.5 * second * (4.0 - 19.0 * cos2) + 2.0 * fourth * (3.0 - 7.0 * cos2)) * cos,
            node_drag: 3.5 * flat * of_node * c1,
            c1,
            c4,
            t2: 1.5 * c1,
            high,
        }
    }

    /// Position and velocity `t` minutes after the epoch, in TEME.
    ///
    /// Fails with `NoPosition` where the elements no longer are an orbit, or one within the Earth.
    pub(super) fn at(&self, t: f64) -> Result<State> {
        let t2 = t * t;
        let unperturbed = self.mean_anomaly + self.mean_anomaly_rate * t;
        let (mut anomaly, mut perigee) = (unperturbed, self.perigee + self.perigee_rate * t);
        let node = self.node + self.node_rate * t + self.node_drag * t2;
        let (mut shrink, mut rounder, mut along) = (1.0 - self.c1 * t, self.bstar * self.c4 * t, self.t2 * t2);
        if let Some(high) = &self.high {
            let turned = 1.0 + high.eta * libm::cos(unperturbed);
            let shift = high.of_perigee * t + high.of_anomaly * (turned * turned * turned - high.anomaly_0);
            anomaly += shift;
            perigee -= shift;
            let (t3, t4) = (t2 * t, t2 * t2);
            shrink -= high.d2 * t2 + high.d3 * t3 + high.d4 * t4;
            rounder += self.bstar * high.c5 * (libm::sin(anomaly) - high.sin_anomaly);
            along += high.t3 * t3 + t4 * (high.t4 + t * high.t5);
        }
        let axis = libm::pow(KE / self.motion, 2.0 / 3.0) * shrink * shrink;
        let eccentricity = self.eccentricity - rounder;
        if !(-0.001..1.0).contains(&eccentricity) {
            return Err(SkyError::NoPosition("the elements are no ellipse any more: too far from their epoch"));
        }
        anomaly += self.motion * along;
        let mean = Mean {
            axis,
            eccentricity: eccentricity.max(1e-6),
            inclination: self.inclination,
            node,
            perigee,
            anomaly,
            cos: self.cos,
            sin: self.sin,
        };
        kepler::state(&mean)
    }
}
