//! From the live view's changes to messages: each window once it is complete, and again when a late reading changes it.

use std::collections::BTreeMap;

use messwerk_lessons::Micros;
use messwerk_lessons::frame::{Component, Frame, Series, Window};
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_query::LiveView;
use serde::Serialize;

use crate::api::questions::rfc3339;

/// Windows in one message: some 8 kB, below the packet limits that MQTT clients come with (rumqttc's is 10 kB).
const WINDOWS: usize = 50;
/// How far before a Thing's newest window the first message after a subscription reaches, µs.
const FIRST_LOOK: Micros = 10_000_000;

/// One window of one component, as `/aggregates` names its columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Row {
    thing: ThingId,
    property: &'static str,
    component: &'static str,
    window_start: String,
    count: u32,
    mean: f32,
    min: f32,
    max: f32,
    unit: &'static str,
}

/// Whose, of what, which number, from when.
type Key = (ThingId, ObservedProperty, Component, Micros);

/// Holds a Thing's newest window back until the Thing has sent one after it, or nothing more for a round. By the Things'
/// own windows and not by a clock: phones' clocks are wrong.
#[derive(Debug, Default)]
pub(super) struct Closing {
    version: u64,
    held: BTreeMap<Key, Window>,
    newest: BTreeMap<ThingId, Micros>,
}

impl Closing {
    /// The messages of one round: JSON arrays, none of them empty.
    pub(super) fn round(&mut self, view: &LiveView) -> anyhow::Result<Vec<String>> {
        let first = self.version == 0;
        let (version, bytes) = view.changes_since(self.version);
        let changed = if version == self.version { BTreeMap::new() } else { windows(&Frame::decode(&bytes)?) };
        self.version = version;
        let rows = self.close(changed, first);
        Ok(rows.chunks(WINDOWS).map(serde_json::to_string).collect::<Result<_, _>>()?)
    }

    /// What can be told after a round in which these windows changed.
    fn close(&mut self, changed: BTreeMap<Key, Window>, first: bool) -> Vec<Row> {
        for (thing, .., start) in changed.keys() {
            let newest = self.newest.entry(*thing).or_insert(*start);
            *newest = (*newest).max(*start);
        }
        // Held through a round without a change, or overtaken: complete. Changed again: held or told as it is now.
        let mut complete = std::mem::take(&mut self.held);
        complete.retain(|key, _| !changed.contains_key(key));
        for (key, window) in changed {
            let behind = self.newest.get(&key.0).map_or(0, |newest| newest - key.3);
            if behind == 0 {
                self.held.insert(key, window);
            } else if !first || behind <= FIRST_LOOK {
                complete.insert(key, window);
            }
        }
        complete.into_iter().map(row).collect()
    }
}

fn windows(frame: &Frame) -> BTreeMap<Key, Window> {
    let start = |window: &Window| frame.origin + i64::from(window.index) * i64::from(frame.window);
    let key = |series: &Series, window: &Window| (series.thing, series.property, series.component, start(window));
    frame.series.iter().flat_map(|series| series.windows.iter().map(move |window| (key(series, window), *window))).collect()
}

fn row(((thing, property, component, start), window): (Key, Window)) -> Row {
    Row {
        thing,
        property: property.name(),
        component: component.name(property),
        window_start: rfc3339(start),
        count: window.count,
        mean: window.mean,
        min: window.min,
        max: window.max,
        unit: property.unit(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Micros = 1_767_437_012_000_000;

    /// Windows as `(thing, second, count)`.
    type Windows<'a, Second> = &'a [(u64, Second, u32)];

    /// Rounds of changed windows, and what is told after each.
    fn check(rounds: &[(Windows<'_, i32>, Windows<'_, i64>)]) {
        let mut closing = Closing::default();
        for (number, (changed, expected)) in rounds.iter().enumerate() {
            let series = changed.iter().map(|&(thing, index, count)| Series {
                thing: ThingId(thing),
                property: ObservedProperty::AngularVelocity,
                component: Component::Z,
                windows: vec![Window { index, count, mean: 0.5, min: 0.25, max: 1.0 }],
            });
            let frame = Frame { origin: T0, window: 1_000_000, series: series.collect() };
            let told = closing.close(windows(&frame), number == 0);
            let expected: Vec<_> =
                expected.iter().map(|(thing, second, count)| (*thing, rfc3339(T0 + second * 1_000_000), *count)).collect();
            let told: Vec<_> = told.into_iter().map(|row| (row.thing.0, row.window_start, row.count)).collect();
            assert_eq!(told, expected, "round {number}");
        }
    }

    #[test]
    fn a_window_is_told_once_it_is_complete() {
        check(&[(&[(1, 0, 30)], &[]), (&[(1, 0, 100), (1, 1, 20)], &[(1, 0, 100)]), (&[(1, 1, 100), (1, 2, 5)], &[(1, 1, 100)])]);
    }

    #[test]
    fn a_thing_that_falls_silent_is_told_to_its_end_and_then_no_more() {
        check(&[(&[(1, 7, 30)], &[]), (&[], &[(1, 7, 30)]), (&[], &[]), (&[(1, 8, 1)], &[]), (&[], &[(1, 8, 1)])]);
    }

    #[test]
    fn late_readings_correct_what_was_told() {
        check(&[
            (&[(1, 0, 90), (1, 1, 100), (1, 2, 50)], &[(1, 0, 90), (1, 1, 100)]),
            (&[(1, 0, 100), (1, 2, 100), (1, 3, 9)], &[(1, 0, 100), (1, 2, 100)]),
        ]);
    }

    #[test]
    fn each_thing_has_its_own_clock_and_the_past_is_not_told_to_a_new_subscriber() {
        check(&[(&[(1, 0, 1), (1, 89, 2), (1, 90, 3), (1, 100, 4), (2, 5, 5), (2, 6, 6)], &[(1, 90, 3), (2, 5, 5)])]);
    }

    #[test]
    fn a_message_has_the_columns_of_aggregates() {
        let key = (ThingId(1), ObservedProperty::AngularVelocity, Component::Z, T0);
        let window = Window { index: 0, count: 3, mean: 0.1, min: -1.5, max: 2.0 };
        let told = serde_json::to_string(&[row((key, window))]).unwrap();
        let expected =
            r#"[{"thing":"0000000000001","property":"angular_velocity","component":"z","window_start":"2026-01-03T10:43:32.000000Z","#;
        assert_eq!(told, format!(r#"{expected}"count":3,"mean":0.1,"min":-1.5,"max":2.0,"unit":"rad/s"}}]"#));
    }
}
