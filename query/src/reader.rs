//! What every question needs: where rows come from, which files can be read, who computes.

use std::sync::Arc;

use arrow::record_batch::RecordBatch;

use crate::engine::{Machine, Mode};
use crate::error::{Error, Result};
use crate::files::{Files, View};
use crate::plan::Selection;
use crate::source::Source;
use crate::windowed::Windowed;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) source: Arc<dyn Source>,
    pub(crate) files: Arc<Files>,
    pub(crate) machine: Arc<Machine>,
}

impl Reader {
    /// What can be read of a selection now. Files that nobody has read since the start are compared with their checksums
    /// before.
    pub(crate) async fn view(&self, selection: &Selection, rolled: bool) -> View {
        let mut new = self.source.snapshot(selection.lesson()).segments;
        new.retain(|segment| selection.wants_segment(segment) && !segment.is_compared(rolled));
        if !new.is_empty() {
            let source = Arc::clone(&self.source);
            // A panic would leave them as they are: read without comparison.
            let _ = self.machine.handle().spawn_blocking(move || new.iter().for_each(|segment| source.compare(segment, rolled))).await;
        }
        self.files.view(&*self.source, selection, rolled)
    }

    /// Whether asking again makes sense after a question over a view failed: because of a file that the next view leaves
    /// out. Ends, because every round leaves out one more.
    pub(crate) async fn again(&self, view: &View, selection: &Selection, failed: Option<&Error>) -> bool {
        match failed {
            Some(error) => self.files.explain(self, view, selection, error).await,
            None => false,
        }
    }

    /// All windows of a plan over a view.
    pub(crate) async fn windows(&self, view: &View, plan: Windowed) -> Result<Vec<RecordBatch>> {
        self.machine.collect(&view.snapshot, plan.into(), Mode::Serial).await
    }
}
