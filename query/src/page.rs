//! The newest or the oldest readings of a span, without reading the span.

use arrow::datatypes::{Float32Type, TimestampMicrosecondType, UInt8Type, UInt64Type};
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;

use crate::columns::column;
use crate::engine::Mode;
use crate::error::Result;
use crate::files::Missing;
use crate::plan::{self, Selection};
use crate::scope::Scope;
use crate::{Engine, spec};

/// How long the first window is that a page is looked for in, and by what factor the next one is longer. A station tells 144 to
/// 1,440 readings of a property a day, so that a page of a hundred is in the first or the second window; of years of hourly values
/// it is in the third. Each window is a question of some milliseconds, and what lies between files is skipped without one.
const WINDOW: (Micros, Micros) = (86_400_000_000, 4);

/// Which readings of scalars, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSpec {
    /// Whose; all visible Things without.
    pub thing: Option<ThingId>,
    /// Of what; everything without. Of a vector only the first component comes.
    pub property: Option<ObservedProperty>,
    /// From this phenomenon time on.
    pub from: Micros,
    /// Before this phenomenon time.
    pub to: Micros,
    /// Whether the newest are wanted, the newest first; else the oldest, the oldest first.
    pub newest: bool,
    /// At most this many.
    pub most: usize,
}

/// A reading of a scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Phenomenon time, µs since 1970 UTC.
    pub time: Micros,
    /// Whose.
    pub thing: ThingId,
    /// Of what.
    pub property: ObservedProperty,
    /// In the property's unit.
    pub value: f32,
}

impl Engine {
    /// A page of readings by (phenomenon time, Thing, code of the property), with what could not be read. It is looked for in
    /// windows that follow one another away from the end that is asked for, each four times as long as the one before, until there
    /// are enough: a page of ten years costs what a page of a week costs, and memory is that of a page. What is stored while it is
    /// looked for may be in it or not; nothing is in it twice.
    pub async fn page(&self, scope: &Scope, spec: &PageSpec) -> Result<(Vec<Reading>, Vec<Missing>)> {
        spec::check_span(Some(spec.from), Some(spec.to))?;
        let whole = Selection::new(scope, spec.property, spec.thing)?.between(Some(spec.from), Some(spec.to));
        let _place = self.reader.machine.place(scope).await?;
        let mut walk = Walk { parts: self.parts(&whole), from: spec.from, to: spec.to, newest: spec.newest };
        let (mut found, mut missing): (Vec<Reading>, Vec<Missing>) = (vec![], vec![]);
        let mut length = WINDOW.0;
        while found.len() < spec.most
            && let Some(window) = walk.next(length)
        {
            let (readings, without) = self.window(whole.clone().within(vec![window]), spec.newest, spec.most - found.len()).await?;
            found.extend(readings);
            missing.extend(without);
            length = length.saturating_mul(WINDOW.1);
        }
        // A file may lie in several windows.
        missing.sort_by_key(|file| (file.from, file.to, file.property));
        missing.dedup();
        Ok((found, missing))
    }

    /// From when until when the parts of a snapshot lie that may hold something of a selection: known without reading any.
    fn parts(&self, selection: &Selection) -> Vec<(Micros, Micros)> {
        let snapshot = self.reader.source.snapshot(selection.lesson());
        let hot = snapshot.hot.iter().filter(|batch| selection.wants_hot(batch)).map(|batch| batch.time);
        let sealed = snapshot.segments.iter().filter(|segment| selection.wants_segment(segment)).map(|segment| segment.time);
        hot.chain(sealed).collect()
    }

    async fn window(&self, selection: Selection, newest: bool, most: usize) -> Result<(Vec<Reading>, Vec<Missing>)> {
        loop {
            let view = self.reader.view(&selection, false).await;
            let plan = plan::page(selection.scan(&view.snapshot, false)?, newest, most)?;
            let batches = self.reader.machine.collect(&view.snapshot, plan.into(), Mode::Serial).await;
            if self.reader.again(&view, &selection, batches.as_ref().err()).await {
                continue;
            }
            let mut found = vec![];
            for batch in batches? {
                let times = column::<TimestampMicrosecondType>(&batch, "time")?.values().iter();
                let things = column::<UInt64Type>(&batch, "thing")?.values().iter();
                let properties = column::<UInt8Type>(&batch, "property")?.values().iter();
                let values = column::<Float32Type>(&batch, "x")?.values().iter();
                found.extend(times.zip(things).zip(properties.zip(values)).filter_map(|((&time, &thing), (&code, &value))| {
                    Some(Reading { time, thing: ThingId(thing), property: ObservedProperty::from_code(code)?, value })
                }));
            }
            return Ok((found, view.missing));
        }
    }
}

/// Windows over what there may be, one after the other.
struct Walk {
    parts: Vec<(Micros, Micros)>,
    from: Micros,
    to: Micros,
    newest: bool,
}

impl Walk {
    /// The next half-open window of a length, which begins where something may be; none when nothing is left.
    fn next(&mut self, length: Micros) -> Option<(Micros, Micros)> {
        let left = self.parts.iter().filter(|(first, last)| *first < self.to && *last >= self.from && self.from < self.to);
        if self.newest {
            let end = left.map(|(_, last)| last.saturating_add(1).min(self.to)).max()?;
            let begin = end.saturating_sub(length).max(self.from);
            self.to = begin;
            Some((begin, end))
        } else {
            let begin = left.map(|(first, _)| *first.max(&self.from)).min()?;
            let end = begin.saturating_add(length).min(self.to);
            self.from = end;
            Some((begin, end))
        }
    }
}
