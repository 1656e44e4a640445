//! From mean elements at a time to position and velocity: the periodic part of SGP4.

use std::f64::consts::TAU;

use super::near::{J2, J3, KE, RADIUS};
use super::{Result, SkyError, State};

/// Mean elements at a time; radians, earth radii.
pub(super) struct Mean {
    pub(super) axis: f64,
    pub(super) eccentricity: f64,
    pub(super) inclination: f64,
    pub(super) node: f64,
    pub(super) perigee: f64,
    pub(super) anomaly: f64,
    /// cos and sin of the inclination.
    pub(super) cos: f64,
    pub(super) sin: f64,
}

/// An angle within one turn either way.
fn turn(angle: f64) -> f64 {
    libm::fmod(angle, TAU)
}

/// Position and velocity in TEME.
///
/// Long-period terms of J3, Kepler's equation, short-period terms of J2 (Spacetrack Report #3, sections 6 and 12). Fails with
/// `NoPosition` where there is no ellipse, or one that lies within the Earth.
pub(super) fn state(mean: &Mean) -> Result<State> {
    let Mean { axis, eccentricity: e, cos, sin, .. } = *mean;
    let motion = KE / (axis * libm::sqrt(axis));
    let longitude = turn(mean.anomaly + mean.perigee + mean.node);
    let (node, perigee) = (turn(mean.node), turn(mean.perigee));
    let anomaly = turn(longitude - perigee - node);
    // Long-period: the pear shape of the Earth.
    let pear = J3 / J2;
    // Straight backwards above the equator the term has no value; close by it is cut.
    let backwards = if libm::fabs(cos + 1.0) > 1.5e-12 { 1.0 + cos } else { 1.5e-12 };
    let (sin_perigee, cos_perigee) = libm::sincos(perigee);
    let inverse = 1.0 / (axis * (1.0 - e * e));
    let a_x = e * cos_perigee;
    let a_y = e * sin_perigee - 0.5 * inverse * pear * sin;
    let u = turn(anomaly + perigee - 0.25 * inverse * pear * sin * (3.0 + 5.0 * cos) / backwards * a_x);
    // Kepler's equation for the eccentric anomaly plus the perigee; ten steps, none wider than 0.95.
    let mut eccentric = u;
    let (mut sin_e, mut cos_e) = libm::sincos(eccentric);
    for _ in 0..10 {
        (sin_e, cos_e) = libm::sincos(eccentric);
        let step = (u - a_y * cos_e + a_x * sin_e - eccentric) / (1.0 - cos_e * a_x - sin_e * a_y);
        eccentric += step.clamp(-0.95, 0.95);
        if libm::fabs(step) < 1e-12 {
            break;
        }
    }
    let (e_cos, e_sin) = (a_x * cos_e + a_y * sin_e, a_x * sin_e - a_y * cos_e);
    let e2 = a_x * a_x + a_y * a_y;
    let parameter = axis * (1.0 - e2);
    if parameter.is_nan() || parameter < 0.0 {
        return Err(SkyError::NoPosition("the elements are no ellipse any more: too far from their epoch"));
    }
    let radius = axis * (1.0 - e_cos);
    let beta = libm::sqrt(1.0 - e2);
    let share = e_sin / (1.0 + beta);
    let sin_u = axis / radius * (sin_e - a_y - a_x * share);
    let cos_u = axis / radius * (cos_e - a_x + a_y * share);
    let (sin_2u, cos_2u) = ((cos_u + cos_u) * sin_u, 1.0 - 2.0 * sin_u * sin_u);
    // Short-period: the flattened Earth.
    let once = 0.5 * J2 / parameter;
    let twice = once / parameter;
    let (oblate, tilted, seven) = (3.0 * cos * cos - 1.0, 1.0 - cos * cos, 7.0 * cos * cos - 1.0);
    let distance = radius * (1.0 - 1.5 * twice * beta * oblate) + 0.5 * once * tilted * cos_2u;
    let along = libm::atan2(sin_u, cos_u) - 0.25 * twice * seven * sin_2u;
    let node = node + 1.5 * twice * cos * sin_2u;
    let inclination = mean.inclination + 1.5 * twice * cos * sin * cos_2u;
    let outward = libm::sqrt(axis) * e_sin / radius - motion * once * tilted * sin_2u / KE;
    let onward = libm::sqrt(parameter) / radius + motion * once * (tilted * cos_2u + 1.5 * oblate) / KE;
    if distance.is_nan() || distance < 1.0 {
        return Err(SkyError::NoPosition("it would be within the Earth: it has fallen, or the elements are too old"));
    }
    let (sin_i, cos_i) = libm::sincos(inclination);
    let (sin_n, cos_n) = libm::sincos(node);
    let (sin_a, cos_a) = libm::sincos(along);
    let out = [cos_n * cos_a - sin_n * cos_i * sin_a, sin_n * cos_a + cos_n * cos_i * sin_a, sin_i * sin_a];
    let on = [-sin_n * cos_i * cos_a - cos_n * sin_a, cos_n * cos_i * cos_a - sin_n * sin_a, sin_i * cos_a];
    let speed = RADIUS * KE / 60.0;
    Ok(State {
        position: out.map(|out| distance * RADIUS * out),
        velocity: std::array::from_fn(|i| (outward * out[i] + onward * on[i]) * speed),
    })
}
