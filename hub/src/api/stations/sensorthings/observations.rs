//! Readings as Observations, page by page.

use std::ops::ControlFlow;

use axum::response::Response;
use messwerk_lessons::Micros;
use messwerk_query::{ColumnSpec, Scope};
use serde_json::{Value, json};

use super::entities::{Datastream, Kind, World};
use super::not_here;
use super::options::Options;
use crate::api::problem::Problem;
use crate::api::questions::rfc3339;
use crate::api::stations::series::read::{Stream, shown};
use crate::state::Hub;

/// A part of a stream's readings in the making.
#[derive(Debug, Clone, Default)]
struct Part {
    seen: usize,
    found: Vec<(Micros, f32)>,
}

/// Readings of a span: those from `skip` on, at most `most`. Unless `all` are to be counted it ends with the last that is wanted.
async fn part(hub: &Hub, stream: Stream, (from, to): (Micros, Micros), (skip, most, all): (usize, usize, bool)) -> Result<Part, Problem> {
    let spec = ColumnSpec { thing: stream.thing, property: stream.property, from, to };
    let take = |part: &mut Part, times: &[Micros], values: &[f32]| {
        let begin = skip.saturating_sub(part.seen).min(times.len());
        let rest = times.iter().copied().zip(values.iter().copied()).skip(begin);
        part.found.extend(rest.take(most - part.found.len()));
        part.seen += times.len();
        if !all && part.found.len() >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    Ok(hub.engine.fold(&Scope::lesson(stream.log), &spec, &Part::default(), take).await?.0)
}

impl World {
    fn told(&self, stream: &Datastream, (time, value): (Micros, f32)) -> Value {
        let id = format!("{}.{time}", stream.id);
        self.addressed(Kind::Observations, &id, json!({"phenomenonTime": rfc3339(time), "resultTime": null, "result": shown(value)}))
    }

    /// One reading by its id.
    pub(super) async fn observation(&self, hub: &Hub, id: &str) -> Result<Option<Value>, Problem> {
        let found = id.rsplit_once('.').and_then(|(stream, time)| Some((self.stream(stream)?, time.parse::<Micros>().ok()?)));
        let Some((stream, time)) = found else { return Ok(None) };
        let part = part(hub, stream.stream, (time, time.saturating_add(1)), (0, 1, false)).await?;
        Ok(part.found.first().map(|reading| self.told(stream, *reading)))
    }

    /// A page of the readings of one Datastream, or of all, one after the other.
    pub(super) async fn observations(
        &self,
        hub: &Hub,
        only: Option<&Datastream>,
        options: &Options,
        path: &str,
    ) -> Result<Response, Problem> {
        let span = options.span()?;
        let streams: Vec<&Datastream> = only.map_or_else(|| self.streams.iter().collect(), |only| vec![only]);
        if only.is_none() && options.ordered {
            return Err(not_here("$orderby over several Datastreams"));
        }
        let (mut skip, mut total, mut value) = (options.skip, 0, vec![]);
        // One more than is told says whether there is a next page.
        let mut left = options.top + 1;
        for stream in streams {
            let all = options.count || options.newest;
            let mut found = if options.newest {
                let count = part(hub, stream.stream, span, (usize::MAX, 0, true)).await?.seen;
                let end = count.saturating_sub(skip);
                let begin = end.saturating_sub(left);
                let mut newest = part(hub, stream.stream, span, (begin, end - begin, false)).await?;
                newest.found.reverse();
                Part { seen: count, ..newest }
            } else {
                part(hub, stream.stream, span, (skip, left, all)).await?
            };
            left -= found.found.len().min(left);
            skip = skip.saturating_sub(found.seen);
            total += found.seen;
            value.extend(found.found.drain(..).map(|reading| self.told(stream, reading)));
            if left == 0 && !options.count {
                break;
            }
        }
        let more = value.len() > options.top;
        value.truncate(options.top);
        Ok(self.page(value, options, path, more, options.count.then_some(total)))
    }
}
