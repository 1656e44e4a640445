//! When a satellite passes over a place.

use super::earth::EARTH_RADIUS;
use super::look::{Look, Observer};
use super::search::{crossings, extremum};
use super::{DAY, Fixed, MINUTE, Orbit, Result, SECOND, SkyError, TWILIGHT, sun};
use crate::Micros;

/// Passes given at once.
pub const MOST_PASSES: usize = 200;
/// The longest span that is searched.
const LONGEST: Micros = 30 * DAY;
/// A pass that is under way is searched for its beginning this far back.
const BACK: Micros = 40 * MINUTE;
/// How often a pass is asked whether an eye sees it.
const GLANCE: Micros = 5 * SECOND;

/// A time and where to look then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Hub time.
    pub time: Micros,
    /// Where it stands.
    pub look: Look,
}

/// One passage over a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pass {
    /// Comes above the least elevation.
    pub rise: Moment,
    /// Stands highest.
    pub culmination: Moment,
    /// Sinks below the least elevation.
    pub set: Moment,
    /// From when to when it can be seen by eye: lit by the Sun while the Sun is 6° below the observer's horizon (civil
    /// twilight is over). The first and the last such moment to 5 s, clouds left out.
    pub visible: Option<(Micros, Micros)>,
    /// Why no eye sees it, if none does.
    pub unseen: Option<Unseen>,
}

/// Why a pass cannot be seen by eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// The sky is bright all the while.
    Bright,
    /// As long as the sky is dark, the satellite flies in the Earth's shadow.
    Shadow,
}

/// The passes between two times that reach `least` degrees over the horizon, in order; one that is under way at the start is
/// among them whole if it began less than 40 minutes before, one that goes on behind the end is not. A satellite that never
/// rises or never sets has none.
///
/// Times are those of the model to a millisecond; the elements are good to seconds at best. Fails with `NoPosition`, and with `Question`
/// for more than 30 days or an elevation not between 0 and 89°.
pub fn passes(orbit: &Orbit, observer: &Observer, from: Micros, to: Micros, least: f64) -> Result<Vec<Pass>> {
    if from >= to || to - from > LONGEST {
        return Err(SkyError::Question("passes are searched for at most 30 days"));
    }
    if !(0.0..=89.0).contains(&least) {
        return Err(SkyError::Question("the least elevation lies between 0 and 89 degrees"));
    }
    // A ninetieth of a turn: the elevation of one turn has one summit for an observer, who sees it a tenth of the time.
    let step = ((orbit.elements().period_s() / 90.0) as Micros).clamp(20, 300) * SECOND;
    let height = |time| Ok(observer.satellite(orbit, time)?.elevation);
    let found = crossings(from - BACK, to, step, least, height)?;
    let mut passes = vec![];
    for pair in found.windows(2) {
        let [rise, set] = pair else { continue };
        if !rise.rising || set.rising || set.time < from {
            continue;
        }
        if passes.len() == MOST_PASSES {
            break;
        }
        passes.push(pass(orbit, observer, rise.time, set.time, step)?);
    }
    Ok(passes)
}

fn pass(orbit: &Orbit, observer: &Observer, rise: Micros, set: Micros, step: Micros) -> Result<Pass> {
    let moment = |time| Ok(Moment { time, look: observer.satellite(orbit, time)? });
    let height = |time| Ok(observer.satellite(orbit, time)?.elevation);
    // The highest sample first: distant satellites may have more than one summit.
    let (mut best, mut time) = ((rise, height(rise)?), rise);
    while time < set {
        time = (time + step / 4).min(set);
        let now = height(time)?;
        if now > best.1 {
            best = (time, now);
        }
    }
    let (highest, _) = extremum((best.0 - step / 4).max(rise), (best.0 + step / 4).min(set), height)?;
    let (visible, unseen) = sight(orbit, observer, rise, set)?;
    Ok(Pass { rise: moment(rise)?, culmination: moment(highest)?, set: moment(set)?, visible, unseen })
}

/// From when to when an eye sees it, or why it never does.
type Sight = (Option<(Micros, Micros)>, Option<Unseen>);

/// The first and last moment at which it is lit and the sky is dark, or why there is none.
fn sight(orbit: &Orbit, observer: &Observer, rise: Micros, set: Micros) -> Result<Sight> {
    let mut seen: Option<(Micros, Micros)> = None;
    let mut unseen = Unseen::Bright;
    let mut time = rise;
    // A pass of hours is no light that moves over the sky; its glances get wider, not more.
    let glance = GLANCE.max((set - rise) / 500);
    while time <= set {
        let dark = observer.sun(time).elevation < TWILIGHT;
        if dark && is_lit(orbit, time)? {
            seen = Some(seen.map_or((time, time), |(first, _)| (first, time)));
        } else if dark {
            unseen = Unseen::Shadow;
        }
        time += glance;
    }
    Ok((seen, seen.is_none().then_some(unseen)))
}

/// Whether the Sun shines on a satellite, rather than that it flies through the Earth's shadow. Fails with `NoPosition`.
pub fn is_lit(orbit: &Orbit, time: Micros) -> Result<bool> {
    Ok(shines_on(Fixed::of(&orbit.at(time)?, time).position, time))
}

/// Whether the Sun shines on a point in Earth-fixed coordinates, km: not behind the Earth, whose shadow is taken as a cylinder.
fn shines_on(point: [f64; 3], time: Micros) -> bool {
    let sun = sun(time);
    let towards = sun.fixed().map(|part| part / sun.distance_km);
    let along: f64 = point.iter().zip(&towards).map(|(a, b)| a * b).sum();
    let squared: f64 = point.iter().map(|part| part * part).sum();
    along > 0.0 || squared - along * along > EARTH_RADIUS * EARTH_RADIUS
}
