//! Readings as Observations, page by page: from the end that is asked for, and never more than the page.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::{DateTime, SecondsFormat};
use messwerk_lessons::Micros;
use messwerk_query::{ColumnSpec, PageSpec, Scope};
use serde_json::{Map, Value, json};

use super::answer::{Page, Source, Teller};
use super::entities::{Datastream, Kind, World};
use super::options::Options;
use crate::api::problem::Problem;
use crate::api::stations::series::read::shown;
use crate::state::Hub;

/// Readings that `$count` goes over where only a span of time is counted: a second's work.
const COUNTED: u64 = 2_000_000;

/// When, the number of the Datastream, how much.
type Reading = (Micros, usize, f32);

/// Which readings.
struct Wanted<'a> {
    streams: &'a [usize],
    span: (Micros, Micros),
    newest: bool,
    /// Behind which reading they begin: its time and the number of its Datastream.
    after: Option<(Micros, usize)>,
    /// How many of them are passed over, and how many are told.
    skip: usize,
    most: usize,
}

/// With as many digits as there are, for some clients know milliseconds only.
fn iso(time: Micros) -> String {
    DateTime::from_timestamp_micros(time).unwrap_or_default().to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

impl World {
    fn told(&self, stream: &Datastream, time: Micros, value: f32) -> Map<String, Value> {
        let id = format!("{}.{time}", stream.id);
        self.addressed(Kind::Observations, &id, json!({"phenomenonTime": iso(time), "resultTime": null, "result": shown(value)}))
    }

    /// One reading by its id.
    pub(super) async fn observation(&self, hub: &Hub, id: &str) -> Result<Option<Map<String, Value>>, Problem> {
        let found = id.rsplit_once('.').and_then(|(stream, time)| Some((self.number(stream)?, time.parse::<Micros>().ok()?)));
        let Some((number, time)) = found else { return Ok(None) };
        let span = (time, time.saturating_add(1));
        let wanted = Wanted { streams: &[number], span, newest: false, after: None, skip: 0, most: 1 };
        let readings = self.found(hub, &wanted).await?.0;
        Ok(readings.first().and_then(|&(time, number, value)| Some(self.told(self.streams.get(number)?, time, value))))
    }

    /// Readings in the order of their times, those of one time by the numbers of their Datastreams, and how many questions that
    /// took: one for each station that may have any of them, the one that sent last at first.
    async fn found(&self, hub: &Hub, wanted: &Wanted<'_>) -> Result<(Vec<Reading>, usize), Problem> {
        let Wanted { streams, span: (mut from, mut to), newest, after, skip, most } = *wanted;
        match after {
            Some((time, _)) if newest => to = to.min(time.saturating_add(1)),
            Some((time, _)) => from = from.max(time),
            None => {}
        }
        let mut stations: BTreeMap<usize, Vec<(usize, &Datastream)>> = BTreeMap::new();
        for &number in streams {
            if let Some(stream) = self.streams.get(number) {
                stations.entry(stream.station).or_default().push((number, stream));
            }
        }
        let latest = |streams: &[(usize, &Datastream)]| streams.iter().map(|(_, stream)| stream.latest).max().unwrap_or(Micros::MIN);
        let mut stations: Vec<_> = stations.into_values().collect();
        stations.sort_by_key(|streams| Reverse(latest(streams)));
        let total = skip.saturating_add(most);
        let (mut found, mut asked): (Vec<Reading>, usize) = (vec![], 0);
        for station in stations {
            let (mut from, mut to) = (from, to.min(latest(&station).saturating_add(1)));
            // What is beyond the last that is wanted so far is not looked for in further stations.
            if let Some((edge, ..)) = total.checked_sub(1).and_then(|last| found.get(last)) {
                if newest { from = from.max(*edge) } else { to = to.min(edge.saturating_add(1)) }
            }
            let Some((_, first)) = station.first().filter(|_| from < to) else { continue };
            let only = (station.len() == 1).then_some(first.stream);
            // Readings of one time come in an order of the store's own, and some of the first time were told before.
            let most = total.saturating_add(2 * station.len());
            let spec =
                PageSpec { thing: only.map(|stream| stream.thing), property: only.map(|stream| stream.property), from, to, newest, most };
            let (readings, _) = hub.engine.page(&Scope::lesson(first.stream.log), &spec).await?;
            asked += 1;
            found.extend(readings.iter().filter_map(|reading| {
                let of = |stream: &Datastream| stream.stream.thing == reading.thing && stream.stream.property == reading.property;
                let (number, _) = station.iter().find(|(_, stream)| of(stream))?;
                Some((reading.time, *number, reading.value))
            }));
            if let Some((at, of)) = after {
                found.retain(|&(time, number, _)| if time == at { number > of } else { newest == (time < at) });
            }
            found.sort_by_key(
                |&(time, number, _)| if newest { (Reverse(Some(time)), None, number) } else { (Reverse(None), Some(time), number) },
            );
            found.truncate(total);
        }
        Ok((found.split_off(skip.min(found.len())), asked))
    }

    /// How many readings lie in a span. Of all times it is known; else they are counted, and only the span is read.
    async fn counted(&self, hub: &Hub, streams: &[usize], span: (Micros, Micros)) -> Result<(u64, usize), Problem> {
        let (mut count, mut asked) = (0, 0);
        let known: u64 = streams.iter().filter_map(|number| self.streams.get(*number)).map(|stream| stream.count).sum();
        if span != (Micros::MIN, Micros::MAX) && known > COUNTED {
            let detail =
                format!("$count of a span of time goes over at most {COUNTED} readings, and these are {known}. Ask one Datastream.");
            return Err(Problem::bad_request(detail));
        }
        for stream in streams.iter().filter_map(|number| self.streams.get(*number)) {
            if span == (Micros::MIN, Micros::MAX) {
                count += stream.count;
            } else if span.0 <= stream.latest {
                let spec = ColumnSpec { thing: stream.stream.thing, property: stream.stream.property, from: span.0, to: span.1 };
                let take = |count: &mut u64, times: &[Micros], _: &[f32]| {
                    *count += times.len() as u64;
                    ControlFlow::Continue(())
                };
                count += hub.engine.fold(&Scope::lesson(stream.stream.log), &spec, &0, take).await?.0;
                asked += 1;
            }
        }
        Ok((count, asked))
    }
}

impl Teller<'_> {
    /// The newest reading of a Datastream, and behind it one more if there is: what maps ask of every Datastream, known without a
    /// question.
    fn latest(&self, source: &Source, options: &Options, newest: bool) -> Option<Vec<Reading>> {
        let plain = newest && options.top == 1 && options.skip == 0 && options.filter.is_none() && options.after.is_none();
        let [number] = source.streams[..] else { return None };
        let stream = self.world.streams.get(number).filter(|_| plain)?;
        let reading = (stream.latest, number, stream.value);
        // The second one only says that there is a next page.
        Some(vec![reading; if stream.count > 1 { 2 } else { 1 }])
    }

    /// A page of readings.
    pub(super) async fn readings(&mut self, source: &Source, options: &Options, inner: bool) -> Result<Page, Problem> {
        let span = options.filter.as_ref().map_or(Ok((Micros::MIN, Micros::MAX)), |filter| filter.span())?;
        let newest = options.order.first().map_or(source.newest, |(_, down)| *down);
        let mut page = Page::default();
        if inner && (self.rows == 0 || self.asks == 0) {
            self.cut = true;
            page.next = Some(format!("{}?{}", source.base, options.from(options.skip)));
            return Ok(page);
        }
        if options.count {
            let (count, asked) = self.world.counted(self.hub, &source.streams, span).await?;
            page.count = Some(count);
            self.asks = if inner { self.asks.saturating_sub(asked) } else { self.asks };
        }
        if options.top == 0 {
            return Ok(page);
        }
        let top = if inner { options.top.min(self.rows) } else { options.top };
        let after = options.after.as_ref().map(|(time, stream)| (*time, self.world.number(stream).unwrap_or(usize::MAX)));
        // One more than is told says whether there is a next page.
        let wanted = Wanted { streams: &source.streams, span, newest, after, skip: options.skip, most: top + 1 };
        let (mut found, asked) = match self.latest(source, options, newest) {
            Some(latest) => (latest, 0),
            None => self.world.found(self.hub, &wanted).await?,
        };
        let more = found.len() > top;
        found.truncate(top);
        if inner {
            self.rows -= found.len();
            self.asks = self.asks.saturating_sub(asked);
            self.cut |= more && top < options.top;
        }
        let last = found.last().filter(|_| more).and_then(|(time, number, _)| Some((*time, self.world.streams.get(*number)?)));
        page.next = last.map(|(time, stream)| format!("{}?{}", source.base, options.behind(time, &stream.id)));
        for (time, number, value) in found {
            if let Some(stream) = self.world.streams.get(number) {
                let entity = self.world.told(stream, time, value);
                page.value.push(self.tell(Kind::Observations, entity, options).await?);
            }
        }
        Ok(page)
    }
}
