//! One channel's readings of one property, read through.

use std::ops::ControlFlow;

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::weather::{Buckets, Found, ends};
use messwerk_query::{ColumnSpec, Missing, Scope};
use messwerk_store::catalogue::Station;

use super::edges::By;
use super::too_many;
use crate::api::problem::Problem;
use crate::api::questions::property;
use crate::state::Hub;

/// What a counter's difference may span where hours are asked for, and where days or months are, µs. Longer ones are gaps: what
/// fell is known, and when is not.
const LONGEST: (Micros, Micros) = (3_600_000_000, 6 * 3_600_000_000);

/// A property of a channel.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    /// The station's log.
    pub log: LessonId,
    /// The channel's Thing.
    pub thing: ThingId,
    /// What.
    pub property: ObservedProperty,
}

impl Stream {
    /// That of these names, or the Problem that the station has none.
    pub fn named(hub: &Hub, station: &Station, channel: &str, name: &str) -> Result<Self, Problem> {
        let property = property(name)?;
        let channels = hub.store.catalogue().station_channels(station.log)?;
        let found = channels.iter().find(|(known, _)| known == channel);
        let Some((_, thing)) = found else {
            let names: Vec<&str> = channels.iter().map(|(name, _)| name.as_str()).collect();
            return Err(Problem::not_found(format!("The station has no channel {channel:?}; it has {names:?}.")).coded("unknown_channel"));
        };
        Ok(Self { log: station.log, thing: *thing, property })
    }

    fn spec(&self, from: Micros, to: Micros) -> ColumnSpec {
        ColumnSpec { thing: self.thing, property: self.property, from, to }
    }

    fn scope(&self) -> Scope {
        Scope::lesson(self.log)
    }

    /// From when to when: as asked for, else from the first reading and to behind the latest.
    pub async fn extent(&self, hub: &Hub, from: Option<Micros>, to: Option<Micros>) -> Result<(Micros, Micros), Problem> {
        let now = hub.clock.now();
        let latest = hub.store.latest(self.log).into_iter().find(|last| last.thing == self.thing && last.property == self.property);
        // Of a station that has been silent since `from` there is nothing, which is no mistake.
        // What belongs to the interval before its time is all there when that time is the end.
        let (behind, before) = if ends(self.property) { (0, 1) } else { (1, 0) };
        let end = || latest.map_or(now, |latest| latest.time.saturating_add(behind)).max(from.unwrap_or(Micros::MIN));
        let to = to.unwrap_or_else(end);
        let from = match from {
            Some(from) => from,
            None => {
                let first = |first: &mut Option<Micros>, times: &[Micros], _: &[f32]| {
                    *first = times.first().copied();
                    if first.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                };
                let spec = self.spec(Micros::MIN, to.saturating_add(before));
                hub.engine.fold(&self.scope(), &spec, &None, first).await?.0.map_or(to, |first| first.saturating_sub(before))
            }
        };
        if from > to {
            return Err(exchanged());
        }
        Ok((from, to))
    }

    /// All readings of a span, at most `most`, and how many could not be read.
    pub async fn raw(&self, hub: &Hub, from: Micros, to: Micros, most: usize) -> Result<(Vec<(Micros, f32)>, u64), Problem> {
        let take = |found: &mut Vec<(Micros, f32)>, times: &[Micros], values: &[f32]| {
            found.extend(times.iter().copied().zip(values.iter().copied()));
            if found.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let shift = Micros::from(ends(self.property));
        let spec = self.spec(from.saturating_add(shift), to.saturating_add(shift));
        let (found, missing) = hub.engine.fold(&self.scope(), &spec, &vec![], take).await?;
        if found.len() > most { Err(too_many()) } else { Ok((found, count(&missing))) }
    }

    /// What lies between edges, and how many readings could not be read.
    pub async fn buckets(&self, hub: &Hub, edges: Vec<Micros>, by: By) -> Result<(Found, u64), Problem> {
        let buckets = Buckets::new(self.property, edges, if by == By::Hour { LONGEST.0 } else { LONGEST.1 });
        let (from, to) = buckets.span();
        let take = |buckets: &mut Buckets, times: &[Micros], values: &[f32]| {
            buckets.push(times, values);
            ControlFlow::Continue(())
        };
        let (buckets, missing) = hub.engine.fold(&self.scope(), &self.spec(from, to), &buckets, take).await?;
        Ok((buckets.finish(hub.clock.now()), count(&missing)))
    }
}

/// The Problem that an end lies before its beginning.
pub fn exchanged() -> Problem {
    Problem::bad_request("'to' lies before 'from'; exchange them.").coded("span_exchanged")
}

fn count(missing: &[Missing]) -> u64 {
    missing.iter().map(|file| file.readings).sum()
}

/// The usual time between readings, µs.
pub fn median_step(readings: &[(Micros, f32)]) -> Option<Micros> {
    let mut steps: Vec<Micros> = readings.iter().zip(readings.iter().skip(1)).map(|(one, next)| next.0 - one.0).collect();
    let middle = steps.len().checked_sub(1)? / 2;
    Some(*steps.select_nth_unstable(middle).1)
}

/// A stored value as it was sent: the shortest decimals that mean the same 32 bits, 21.3 and not 21.299999237060547.
pub fn shown(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}

/// A computed value without digits that nobody measured.
pub fn rounded(value: f64) -> f64 {
    (value * 1e5).round() / 1e5
}
