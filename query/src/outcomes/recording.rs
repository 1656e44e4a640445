//! The recording that a result was made of, once more.

use std::sync::Arc;

use futures::stream::StreamExt;
use messwerk_lessons::Micros;
use messwerk_lessons::template::RunData;

use super::collect::{Collector, Recorded};
use super::{ThingOutcome, properties, rows};
use crate::error::{Error, Result};
use crate::plan::Selection;
use crate::reader::Reader;
use crate::scope::Scope;

/// What the analysis of a result has read: the readings of its Run before `until`, and what was entered then. Nothing is read of a
/// Thing that the scope does not see.
pub(crate) async fn recording(reader: &Reader, scope: &Scope, outcome: &ThingOutcome, until: Option<Micros>) -> Result<RunData> {
    let entered = RunData { streams: vec![], inputs: outcome.entered.clone() };
    if !scope.sees(outcome.thing) || outcome.by_hand {
        return Ok(entered);
    }
    let (source, id) = (Arc::clone(&reader.source), scope.lesson_id());
    // SQLite blocks for a moment.
    let template = reader.machine.handle().spawn_blocking(move || {
        let lesson = source.lesson(id)?.ok_or_else(|| Error::NotFound(format!("there is no lesson {id}")))?;
        source.template(&lesson)
    });
    let template = template.await.map_err(crate::engine::crashed)??;
    // A result of entries alone has no Run; what was recorded beside it last is shown with it.
    let run = (outcome.run > 0).then_some(outcome.run);
    let selection = Selection::some(id, vec![outcome.thing], properties(&template)).run(run).between(None, until);
    loop {
        let view = reader.view(&selection, false).await;
        let read = newest(&reader.machine, &view, &selection).await;
        if !reader.again(&view, &selection, read.as_ref().err()).await {
            return Ok(read?.map_or(entered, |run| run.data(outcome.entered.clone())));
        }
    }
}

async fn newest(machine: &Arc<crate::engine::Machine>, view: &crate::files::View, selection: &Selection) -> Result<Option<Recorded>> {
    let mut batches = rows(machine, view, selection).await?;
    let mut collector = Collector::default();
    while let Some(batch) = batches.next().await {
        collector.push(&batch?)?;
    }
    Ok(collector.finish().and_then(|(_, mut runs)| runs.pop()))
}
