//! Ids and names as dictionary columns, one dictionary for all batches of an answer.
//!
//! A text column of one lesson has few different values: a dictionary costs 4 bytes a row instead of 17, and because
//! every batch shares the same one, an Arrow stream carries it once.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Int32Array, StringArray};
use arrow::datatypes::{DataType, Int32Type, UInt64Type};
use arrow::error::ArrowError;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::observation::flag;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_store::snapshot::Snapshot;

use crate::columns::column;
use crate::error::{Error, Result};
use crate::plan::Selection;

/// The type of every text column.
pub(crate) fn text() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// One dictionary.
#[derive(Debug, Clone)]
pub(crate) struct Labels {
    values: Arc<StringArray>,
}

impl Labels {
    /// A dictionary of these values.
    pub(crate) fn new<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> Self {
        Self { values: Arc::new(StringArray::from_iter_values(values)) }
    }

    /// A column of these values by number.
    pub(crate) fn column(&self, keys: impl IntoIterator<Item = i32>) -> Result<ArrayRef> {
        let column = DictionaryArray::<Int32Type>::try_new(Int32Array::from_iter_values(keys), Arc::clone(&self.values) as ArrayRef)?;
        Ok(Arc::new(column))
    }

    /// A column of these values by number, with gaps.
    pub(crate) fn some(&self, keys: impl IntoIterator<Item = Option<i32>>) -> Result<ArrayRef> {
        let keys: Int32Array = keys.into_iter().collect();
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(&self.values) as ArrayRef)?))
    }

    /// A column of `rows` times the first value.
    pub(crate) fn constant(&self, rows: usize) -> Result<ArrayRef> {
        self.column(std::iter::repeat_n(0, rows))
    }
}

/// The names of all properties by code − 1.
pub(crate) fn properties() -> Labels {
    Labels::new(ObservedProperty::all().map(ObservedProperty::name))
}

/// The units of all properties by code − 1.
pub(crate) fn units() -> Labels {
    Labels::new(ObservedProperty::all().map(ObservedProperty::unit))
}

/// What the bits of `flags` say, by their value: words with blanks between them, nothing for nothing.
pub(crate) fn flags() -> Labels {
    const WORDS: [(u16, &str); 5] = [
        (flag::CLOCK_ARRIVAL, "clock=arrival"),
        (flag::OUT_OF_RANGE, "out_of_range"),
        (flag::TIME_FAST, "time_fast"),
        (flag::THINNED, "thinned"),
        (flag::LATE, "late"),
    ];
    let all = WORDS.iter().fold(0, |all, (bit, _)| all | bit);
    let words = |bits: u16| WORDS.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, word)| *word).collect::<Vec<_>>().join(" ");
    Labels::new((0..=all).map(words))
}

/// The Things that may occur in a selection, ascending.
#[derive(Debug, Clone)]
pub(crate) struct Things {
    ids: Vec<u64>,
    labels: Labels,
}

impl Things {
    /// Looks them up: in the manifest for sealed rows, in the rows for hot ones.
    pub(crate) fn of(snapshot: &Snapshot, selection: &Selection) -> Result<Self> {
        let mut ids = BTreeSet::new();
        for segment in snapshot.segments.iter().filter(|segment| selection.wants_segment(segment)) {
            ids.extend(segment.things.iter().map(|thing| thing.0));
        }
        for batch in snapshot.hot.iter().filter(|batch| selection.wants_hot(batch)) {
            // A packet's rows stand together, so most are like their neighbour.
            let things = column::<UInt64Type>(&batch.rows, "thing")?.values();
            ids.extend(things.chunk_by(|a, b| a == b).map(|same| same[0]));
        }
        let ids: Vec<_> = ids.into_iter().filter(|id| selection.wants_thing(ThingId(*id))).collect();
        let labels = Labels::new(ids.iter().map(|id| ThingId(*id).to_string()));
        Ok(Self { ids, labels })
    }

    /// Whether a Thing is among them.
    pub(crate) fn contains(&self, thing: ThingId) -> bool {
        self.ids.binary_search(&thing.0).is_ok()
    }

    /// A column of these Things.
    pub(crate) fn column(&self, things: impl IntoIterator<Item = u64>) -> Result<ArrayRef> {
        let mut last = None;
        let keys: Result<Vec<i32>, ArrowError> = things
            .into_iter()
            .map(|thing| match last {
                Some((same, key)) if same == thing => Ok(key),
                _ => {
                    let found = self.ids.binary_search(&thing);
                    let key = found.map_err(|_| ArrowError::ComputeError("a thing the manifest does not name".to_owned()))? as i32;
                    last = Some((thing, key));
                    Ok(key)
                }
            })
            .collect();
        self.labels.column(keys.map_err(Error::from)?)
    }
}
