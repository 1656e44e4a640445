//! The windows of a view, each with the version in which it last changed.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use messwerk_lessons::Micros;
use messwerk_lessons::frame::{Component, Frame, Series, Window};
use messwerk_lessons::id::ThingId;

use super::LiveSpec;
use super::touched::Touched;

/// Mean, smallest and largest value of a component.
pub(crate) type Values = [f64; 3];

/// A window as it was computed; `values` has one entry per component of the property.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) thing: ThingId,
    /// When it begins.
    pub(crate) start: Micros,
    pub(crate) count: u64,
    pub(crate) values: Vec<Values>,
}

impl Entry {
    /// Whether a frame shows both alike: a mean that was added up in another order after a seal is no news.
    fn looks_like(&self, other: &Self) -> bool {
        let shown = |entry: &Self| entry.values.iter().flatten().map(|value| *value as f32).collect::<Vec<_>>();
        self.count == other.count && shown(self) == shown(other)
    }
}

/// Different `since` whose frames are kept for one version: the common one, the newcomer's 0, and a straggler or two.
const FRAMES: usize = 4;

pub(crate) struct Windows {
    spec: LiveSpec,
    /// Start of window 0 of every frame; fixed by the first reading.
    origin: Option<Micros>,
    version: u64,
    known: BTreeMap<(ThingId, Micros), (u64, Entry)>,
    /// Frames of the current version by the version they begin after.
    frames: Vec<(u64, Bytes)>,
}

impl Windows {
    pub(crate) fn new(spec: LiveSpec) -> Self {
        Self { spec, origin: None, version: 0, known: BTreeMap::new(), frames: vec![] }
    }

    /// Takes windows computed anew: those of the touched spans are replaced, those outside their Thing's horizon and of
    /// Things that are not `alive` forgotten. Returns the new version if anything changed.
    pub(crate) fn replace(&mut self, mut entries: Vec<Entry>, touched: &Touched, alive: impl Fn(ThingId) -> bool) -> Option<u64> {
        let version = self.version + 1;
        let shown = |thing: ThingId, start| touched.horizons.get(&thing).is_some_and(|(from, to)| (from..to).contains(&&start));
        // One Thing's span may hold windows of another one that are not shown.
        entries.retain(|entry| shown(entry.thing, entry.start));
        if !entries.is_empty() {
            self.origin.get_or_insert(touched.origin);
        }
        let before = self.known.len();
        let computed: BTreeSet<_> = entries.iter().map(|entry| (entry.thing, entry.start)).collect();
        let inside = |start: Micros| touched.spans.iter().any(|&(from, to)| (from..to).contains(&start));
        self.known.retain(|key, _| alive(key.0) && shown(key.0, key.1) && (computed.contains(key) || !inside(key.1)));
        let mut changed = self.version == 0 || self.known.len() != before;
        for entry in entries {
            let key = (entry.thing, entry.start);
            if self.known.get(&key).is_none_or(|(_, known)| !known.looks_like(&entry)) {
                self.known.insert(key, (version, entry));
                changed = true;
            }
        }
        changed.then(|| {
            self.frames.clear();
            self.version = version;
            version
        })
    }

    pub(crate) fn changes_since(&mut self, since: u64, thing: Option<ThingId>) -> (u64, Bytes) {
        if let Some((_, frame)) = self.frames.iter().find(|(known, _)| thing.is_none() && *known == since) {
            return (self.version, frame.clone());
        }
        let frame = Bytes::from(self.frame(since, thing).encode());
        if thing.is_none() {
            self.frames.truncate(FRAMES - 1);
            self.frames.insert(0, (since, frame.clone()));
        }
        (self.version, frame)
    }

    fn frame(&self, since: u64, only: Option<ThingId>) -> Frame {
        let LiveSpec { property, window } = self.spec;
        let origin = self.origin.unwrap_or(0);
        let mut series: Vec<Series> = vec![];
        let components = Component::of(property);
        let changed = self.known.values().filter(|(version, entry)| *version > since && only.is_none_or(|only| only == entry.thing));
        for (_, entry) in changed {
            // Windows are numbered in 32 bits: at 100 ms a phone whose clock is wrong by seven years cannot be shown.
            let Ok(index) = i32::try_from((entry.start - origin) / window.micros()) else { continue };
            if series.last().is_none_or(|last| last.thing != entry.thing) {
                series.extend(components.iter().map(|component| Series {
                    thing: entry.thing,
                    property,
                    component: *component,
                    windows: vec![],
                }));
            }
            let first = series.len() - components.len();
            for (series, [mean, min, max]) in series[first..].iter_mut().zip(&entry.values) {
                let [mean, min, max] = [*mean as f32, *min as f32, *max as f32];
                series.windows.push(Window { index, count: entry.count.min(u64::from(u32::MAX)) as u32, mean, min, max });
            }
        }
        Frame { origin, window: u32::try_from(window.micros()).unwrap_or(u32::MAX), series }
    }

    #[cfg(test)]
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.known.values().map(|(_, entry)| entry.clone()).collect()
    }
}
