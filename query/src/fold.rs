//! Readings of one Thing and property handed on as two columns: for whoever makes something of years of them.

use std::ops::ControlFlow;

use arrow::datatypes::{Float32Type, TimestampMicrosecondType};
use futures::stream::StreamExt;
use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;

use crate::columns::column;
use crate::engine::Mode;
use crate::error::Result;
use crate::files::{Missing, View};
use crate::plan::{self, Selection};
use crate::scope::Scope;
use crate::{Engine, spec};

/// Which readings of a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Whose.
    pub thing: ThingId,
    /// Of what; of a vector only the first component comes.
    pub property: ObservedProperty,
    /// From this phenomenon time on.
    pub from: Micros,
    /// Before this phenomenon time.
    pub to: Micros,
}

impl Engine {
    /// Gives `take` all readings of a Thing and property, piece by piece by (Run, time), until it breaks off, and returns what it
    /// made of `empty`, with what could not be read. Memory is that of a piece. A file that turns out bad on the way is left out,
    /// and everything is taken again from `empty`.
    ///
    /// A year of 10-minute values out of ten takes 55 ms and all ten 250 ms in a development build on a busy machine, answered over
    /// HTTP (`benches/README.md`): there are no roll-ups of days, for they would have to follow zones and whatever comes late.
    pub async fn fold<A: Clone>(
        &self,
        scope: &Scope,
        spec: &ColumnSpec,
        empty: &A,
        take: impl Fn(&mut A, &[Micros], &[f32]) -> ControlFlow<()>,
    ) -> Result<(A, Vec<Missing>)> {
        spec::check_span(Some(spec.from), Some(spec.to))?;
        let selection = Selection::new(scope, Some(spec.property), Some(spec.thing))?.between(Some(spec.from), Some(spec.to));
        loop {
            let view = self.reader.view(&selection, false).await;
            let folded = self.folded(&view, &selection, empty.clone(), &take).await;
            if self.reader.again(&view, &selection, folded.as_ref().err()).await {
                continue;
            }
            return Ok((folded?, view.missing));
        }
    }

    async fn folded<A>(
        &self,
        view: &View,
        selection: &Selection,
        mut folded: A,
        take: &impl Fn(&mut A, &[Micros], &[f32]) -> ControlFlow<()>,
    ) -> Result<A> {
        let machine = &self.reader.machine;
        let place = machine.place(selection.scope()).await?;
        let plan = plan::columns(selection.scan(&view.snapshot, true)?)?;
        let rows = machine.run(std::sync::Arc::clone(&view.snapshot), plan.into(), Mode::Serial, Some(place)).await?;
        let mut batches = rows.pump.drive(rows.batches);
        while let Some(batch) = batches.next().await.transpose()? {
            let (times, values) = (column::<TimestampMicrosecondType>(&batch, "time")?, column::<Float32Type>(&batch, "x")?);
            if take(&mut folded, times.values(), values.values()).is_break() {
                break;
            }
        }
        Ok(folded)
    }
}
