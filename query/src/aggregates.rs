//! Windowed statistics as the API and the exports show them.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, Float64Array, TimestampMicrosecondArray, UInt64Array};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef, TimeUnit, UInt64Type};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::frame::Component;
use messwerk_lessons::quantity::ObservedProperty;

use crate::columns::column;
use crate::error::Result;
use crate::labels::{self, Labels, Things};
use crate::observations::with_unit;
use crate::windowed::{max_of, mean_of, min_of, sd_of};

/// `thing, property, component, window_start, count, mean, min, max, sd, unit`.
pub(crate) fn schema(property: ObservedProperty) -> SchemaRef {
    static ANY: LazyLock<SchemaRef> = LazyLock::new(|| {
        let text = |name| Field::new(name, labels::text(), false);
        let number = |name| Field::new(name, DataType::Float64, false);
        Arc::new(Schema::new(vec![
            text("thing"),
            text("property"),
            text("component"),
            Field::new("window_start", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false),
            Field::new("count", DataType::UInt64, false),
            number("mean"),
            number("min"),
            number("max"),
            Field::new("sd", DataType::Float64, true),
            text("unit"),
        ]))
    });
    with_unit(&ANY, property, &["mean", "min", "max", "sd"])
}

/// Turns rows of [`crate::windowed::Windowed`] (one per window) into one per window and component, by (thing, window,
/// component).
pub(crate) struct Presenter {
    schema: SchemaRef,
    property: ObservedProperty,
    things: Things,
    name: Labels,
    unit: Labels,
    components: Labels,
}

impl Presenter {
    pub(crate) fn new(schema: SchemaRef, property: ObservedProperty, things: Things) -> Self {
        let components = Component::of(property).iter().map(|component| component.name(property));
        let (name, unit) = (Labels::new([property.name()]), Labels::new([property.unit()]));
        Self { schema, property, things, name, unit, components: Labels::new(components) }
    }

    pub(crate) fn present(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let components = Component::of(self.property);
        let (windows, parts) = (batch.num_rows(), components.len());
        let rows = windows * parts;
        // Output row r is component r mod parts of window r / parts.
        let things = column::<UInt64Type>(batch, "thing")?.values();
        let starts = column::<Int64Type>(batch, "window")?.values();
        let counts = column::<Int64Type>(batch, "count")?.values();
        let columns: Vec<ArrayRef> = vec![
            self.things.column((0..rows).map(|row| things[row / parts]))?,
            self.name.constant(rows)?,
            self.components.column((0..rows).map(|row| (row % parts) as i32))?,
            Arc::new(TimestampMicrosecondArray::from_iter_values((0..rows).map(|row| starts[row / parts])).with_timezone("UTC")),
            Arc::new(UInt64Array::from_iter_values((0..rows).map(|row| counts[row / parts] as u64))),
            self.interleave(batch, mean_of)?,
            self.interleave(batch, min_of)?,
            self.interleave(batch, max_of)?,
            self.interleave(batch, sd_of)?,
            self.unit.constant(rows)?,
        ];
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }

    /// The statistic `of` of all components, window by window. What is no number any more (squares beyond what a roll-up
    /// holds) is missing, for JSON and spreadsheets know no infinity.
    fn interleave(&self, batch: &RecordBatch, of: impl Fn(&str) -> String) -> Result<ArrayRef> {
        let components = Component::of(self.property);
        let mut values = vec![0.0; batch.num_rows() * components.len()];
        let mut missing = false;
        for (part, component) in components.iter().enumerate() {
            let column = column::<Float64Type>(batch, &of(component.name(self.property)))?;
            let places = values[part..].iter_mut().step_by(components.len());
            if column.null_count() == 0 {
                places.zip(column.values()).for_each(|(place, value)| *place = *value);
            } else {
                places.zip(column).for_each(|(place, value)| *place = value.unwrap_or(f64::NAN));
            }
            missing |= column.null_count() > 0 || !column.values().iter().all(|value| value.is_finite());
        }
        if !missing {
            return Ok(Arc::new(Float64Array::from(values)));
        }
        let valid: NullBuffer = values.iter().map(|value| value.is_finite()).collect();
        Ok(Arc::new(Float64Array::new(values.into(), Some(valid))))
    }
}
