//! Raw readings as the API and the exports show them.

use std::sync::{Arc, LazyLock};

use arrow::array::Array;
use arrow::datatypes::{
    DataType, Field, Float32Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::record_batch::RecordBatch;
use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;

use crate::columns::column;
use crate::error::Result;
use crate::labels::{self, Labels, Things};
use crate::named::{self, Named};

/// `lesson, run, thing, property, phenomenon_time, received_time, x, y, z, unit`, and `number, nickname, t_s` or `flags` if they
/// are wanted. With one property its unit is also in the metadata of x, y and z.
pub(crate) fn schema(property: Option<ObservedProperty>, named: bool, flags: bool) -> SchemaRef {
    static ANY: LazyLock<SchemaRef> = LazyLock::new(|| {
        let text = |name| Field::new(name, labels::text(), false);
        let time = |name| Field::new(name, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false);
        Arc::new(Schema::new(vec![
            text("lesson"),
            Field::new("run", DataType::UInt32, false),
            text("thing"),
            text("property"),
            time("phenomenon_time"),
            time("received_time"),
            Field::new("x", DataType::Float32, false),
            Field::new("y", DataType::Float32, true),
            Field::new("z", DataType::Float32, true),
            text("unit"),
        ]))
    });
    let schema = match property {
        Some(property) => with_unit(&ANY, property, &["x", "y", "z"]),
        None => Arc::clone(&ANY),
    };
    if !named && !flags {
        return schema;
    }
    let names = named.then(named::fields).into_iter().flatten();
    let flags = flags.then(|| Field::new("flags", labels::text(), false));
    Arc::new(Schema::new(schema.fields().iter().cloned().chain(names.chain(flags).map(Arc::new)).collect::<Vec<_>>()))
}

/// `schema` with the unit of `property` in the metadata of `columns`.
pub(crate) fn with_unit(schema: &Schema, property: ObservedProperty, columns: &[&str]) -> SchemaRef {
    let unit = || [("unit".to_owned(), property.unit().to_owned())].into();
    let fields = schema.fields().iter().map(|field| {
        if columns.contains(&field.name().as_str()) { field.as_ref().clone().with_metadata(unit()) } else { field.as_ref().clone() }
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Turns rows of [`crate::plan::rows`] into what [`schema`] says.
pub(crate) struct Presenter {
    schema: SchemaRef,
    lesson: Labels,
    things: Things,
    properties: Labels,
    units: Labels,
    flags: Labels,
    named: Option<Named>,
}

impl Presenter {
    pub(crate) fn new(schema: SchemaRef, lesson: LessonId, things: Things, named: Option<Named>) -> Self {
        let lesson = Labels::new([lesson.to_string()]);
        Self { schema, lesson, things, properties: labels::properties(), units: labels::units(), flags: labels::flags(), named }
    }

    pub(crate) fn present(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let rows = batch.num_rows();
        let code = column::<UInt8Type>(batch, "property")?.values();
        let codes = || code.iter().map(|code| i32::from(*code) - 1);
        let mut columns = vec![
            self.lesson.constant(rows)?,
            Arc::new(column::<UInt32Type>(batch, "run")?.clone()),
            self.things.column(column::<UInt64Type>(batch, "thing")?.values().iter().copied())?,
            self.properties.column(codes())?,
            Arc::new(column::<TimestampMicrosecondType>(batch, "time")?.clone()),
            Arc::new(column::<TimestampMicrosecondType>(batch, "received")?.clone()),
            Arc::new(column::<Float32Type>(batch, "x")?.clone()) as Arc<dyn Array>,
            Arc::new(column::<Float32Type>(batch, "y")?.clone()),
            Arc::new(column::<Float32Type>(batch, "z")?.clone()),
            self.units.column(codes())?,
        ];
        if let Some(named) = &self.named {
            columns.extend(named.columns(batch)?);
        }
        if self.schema.fields().len() > columns.len() {
            let flags = column::<UInt16Type>(batch, "flags")?.values();
            columns.push(self.flags.column(flags.iter().map(|&bits| i32::from(bits)))?);
        }
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }
}
