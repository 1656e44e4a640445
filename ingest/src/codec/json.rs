//! The pieces of JSON that several codecs read: a cell, a column, phyphox's time object. Each is a visitor that takes
//! what it knows and skips the rest without building it.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Start and pause events a time object may have; a pupil presses the button a few times.
const MAX_EVENTS: usize = 256;

/// phyphox's time object: the phone's clock when the message was made and whenever the measurement was started.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PhoneClock {
    /// Seconds since 1970 by the phone's clock when the message was made.
    pub now: f64,
    /// (experiment time, phone's clock) in seconds of each start, in order. Experiment time stands still while paused.
    pub starts: Vec<(f64, f64)>,
}

/// A number, or NaN for whatever else stands in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell(pub(super) f64);

/// A text, borrowed from the document where it has no escapes. (A plain `Option<Cow>` is always copied.)
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// A number of a column: times need 64 bits, values become 32 as they are read.
pub(super) trait Number: Copy {
    fn of(number: f64) -> Self;
}

impl Number for f64 {
    fn of(number: f64) -> Self {
        number
    }
}

impl Number for f32 {
    fn of(number: f64) -> Self {
        number as f32
    }
}

/// The value of a key of which nothing but the kind of its numbers is known before it is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cells<T = f64> {
    Null,
    Integer(i64),
    Number(f64),
    Column(Vec<T>),
    /// Kept only up to 32 characters: longer than any text a known key has.
    Text(String),
    Clock(PhoneClock),
    Other,
}

impl<T: Number> Cells<T> {
    /// The cells as a column: a lone number is a column of one, what is no number NaN.
    pub(super) fn into_column(self) -> Vec<T> {
        match self {
            Self::Column(column) => column,
            Self::Number(number) => vec![T::of(number)],
            Self::Integer(number) => vec![T::of(number as f64)],
            _ => vec![T::of(f64::NAN)],
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Cells;
        impl<'de> Visitor<'de> for Cells {
            type Value = Cell;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or null")
            }
            fn visit_f64<E>(self, number: f64) -> Result<Cell, E> {
                Ok(Cell(number))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
                Ok(Cell(number as f64))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Cell, E> {
                Ok(Cell(number as f64))
            }
            fn visit_unit<E>(self) -> Result<Cell, E> {
                Ok(Cell(f64::NAN))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Cell, E> {
                Ok(Cell(f64::NAN))
            }
            fn visit_str<E>(self, _: &str) -> Result<Cell, E> {
                Ok(Cell(f64::NAN))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Cell, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Cell(f64::NAN))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Cell(f64::NAN))
            }
        }
        deserializer.deserialize_any(Cells)
    }
}

impl<'de, T: Number> Deserialize<'de> for Cells<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<T>(PhantomData<T>);
        impl<'de, T: Number> Visitor<'de> for Any<T> {
            type Value = Cells<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_f64<E>(self, number: f64) -> Result<Cells<T>, E> {
                Ok(Cells::Number(number))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Cells<T>, E> {
                Ok(Cells::Integer(number))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Cells<T>, E> {
                Ok(i64::try_from(number).map_or(Cells::Number(number as f64), Cells::Integer))
            }
            fn visit_unit<E>(self) -> Result<Cells<T>, E> {
                Ok(Cells::Null)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Cells<T>, E> {
                Ok(Cells::Other)
            }
            fn visit_str<E>(self, text: &str) -> Result<Cells<T>, E> {
                Ok(if text.len() <= 32 { Cells::Text(text.to_owned()) } else { Cells::Other })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Cells<T>, A::Error> {
                // Most columns have 10 to 50 values; doubling from 4 would copy them four times.
                let mut column = Vec::with_capacity(32);
                while let Some(Cell(number)) = seq.next_element()? {
                    column.push(T::of(number));
                }
                Ok(Cells::Column(column))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cells<T>, A::Error> {
                let (mut clock, mut told) = (PhoneClock::default(), false);
                while let Some(key) = map.next_key::<Key>()? {
                    match key {
                        Key::Now => {
                            clock.now = map.next_value::<Cell>()?.0;
                            told = clock.now.is_finite();
                        }
                        Key::Events => clock.starts = map.next_value::<Events>()?.0,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(if told { Cells::Clock(clock) } else { Cells::Other })
            }
        }
        deserializer.deserialize_any(Any(PhantomData))
    }
}

/// Keys of the time object and of its events.
#[derive(Deserialize)]
#[serde(field_identifier)]
enum Key {
    #[serde(rename = "now")]
    Now,
    #[serde(rename = "events")]
    Events,
    #[serde(rename = "event")]
    Event,
    #[serde(rename = "experimentTime")]
    Experiment,
    #[serde(rename = "systemTime")]
    System,
    #[serde(other)]
    Other,
}

struct Events(Vec<(f64, f64)>);

impl<'de> Deserialize<'de> for Events {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Events;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of events")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Events, A::Error> {
                let mut starts = Vec::new();
                while let Some(event) = seq.next_element::<Event>()? {
                    if event.start && event.experiment.is_finite() && event.system.is_finite() && starts.len() < MAX_EVENTS {
                        starts.push((event.experiment, event.system));
                    }
                }
                Ok(Events(starts))
            }
        }
        deserializer.deserialize_seq(List)
    }
}

struct Event {
    start: bool,
    experiment: f64,
    system: f64,
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Event;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
                let mut event = Event { start: false, experiment: f64::NAN, system: f64::NAN };
                while let Some(key) = map.next_key::<Key>()? {
                    match key {
                        Key::Event => event.start = map.next_value::<Cells>()? == Cells::Text("START".to_owned()),
                        Key::Experiment => event.experiment = map.next_value::<Cell>()?.0,
                        Key::System => event.system = map.next_value::<Cell>()?.0,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(event)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// What is wrong with a document, without quoting it.
pub(crate) fn complaint(error: &serde_json::Error) -> String {
    format!("not valid JSON of a known shape at line {} column {}", error.line(), error.column())
}
