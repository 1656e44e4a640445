//! The one logical Arrow schema of an Observation, in memory and on disk (one file per lesson and property, wide).

use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

/// | column | type | meaning |
/// |---|---|---|
/// | lesson | u64 | LessonId |
/// | thing | u64 | ThingId |
/// | property | u8 | code of the ObservedProperty |
/// | run | u32 | recording of the Thing and stream, from 1 |
/// | time | timestamp µs UTC | phenomenon time = raw time + offset |
/// | received | timestamp µs UTC | arrival at the hub |
/// | offset | i64 µs | hub time − raw time; raw time = time − offset |
/// | flags | u16 | bits of `messwerk_lessons::observation::flag` |
/// | x, y, z | f32 | canonical unit; y and z null for scalars |
pub fn observations() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        let time = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        Arc::new(Schema::new(vec![
            Field::new("lesson", DataType::UInt64, false),
            Field::new("thing", DataType::UInt64, false),
            Field::new("property", DataType::UInt8, false),
            Field::new("run", DataType::UInt32, false),
            Field::new("time", time(), false),
            Field::new("received", time(), false),
            Field::new("offset", DataType::Int64, false),
            Field::new("flags", DataType::UInt16, false),
            Field::new("x", DataType::Float32, false),
            Field::new("y", DataType::Float32, true),
            Field::new("z", DataType::Float32, true),
        ]))
    });
    Arc::clone(&SCHEMA)
}

/// The roll-up beside a segment: one row a Thing, Run and second that holds readings. A window that lies in two segments
/// has a row in each.
///
/// | column | type | meaning |
/// |---|---|---|
/// | thing | u64 | ThingId |
/// | run | u32 | recording |
/// | window_start | timestamp µs UTC | a whole second; the window is `[start, start + 1 s)` of phenomenon time |
/// | count | u32 | readings in it |
/// | {c}_sum | f64 | sum; of abs to 2.3e-13 of itself |
/// | {c}_m2 | f32 | sum of squared distances from this row's mean, to 5e-7 of itself; rows merge by Chan's formula |
/// | {c}_min, {c}_max | f32 (f64 for abs) | exact |
///
/// for c in x, y, z, abs; abs is √(x²+y²+z²). A scalar has x alone, the others are null.
pub fn rollups() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        let mut fields = vec![
            Field::new("thing", DataType::UInt64, false),
            Field::new("run", DataType::UInt32, false),
            Field::new("window_start", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false),
            Field::new("count", DataType::UInt32, false),
        ];
        for component in ["x", "y", "z", "abs"] {
            let bound = if component == "abs" { DataType::Float64 } else { DataType::Float32 };
            for (figure, kind) in [("sum", &DataType::Float64), ("m2", &DataType::Float32), ("min", &bound), ("max", &bound)] {
                fields.push(Field::new(format!("{component}_{figure}"), kind.clone(), component != "x"));
            }
        }
        Arc::new(Schema::new(fields))
    });
    Arc::clone(&SCHEMA)
}

/// Positions in [`observations`].
pub mod column {
    /// Lesson.
    pub const LESSON: usize = 0;
    /// Thing.
    pub const THING: usize = 1;
    /// Code of the ObservedProperty.
    pub const PROPERTY: usize = 2;
    /// Run.
    pub const RUN: usize = 3;
    /// Phenomenon time.
    pub const TIME: usize = 4;
    /// Arrival.
    pub const RECEIVED: usize = 5;
    /// Hub time − raw time.
    pub const OFFSET: usize = 6;
    /// Flags.
    pub const FLAGS: usize = 7;
    /// First component or scalar.
    pub const X: usize = 8;
    /// Second component.
    pub const Y: usize = 9;
    /// Third component.
    pub const Z: usize = 10;
}
