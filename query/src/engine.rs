//! Carries plans out: on threads of its own, within memory and time of its own.

use std::sync::Arc;
use std::time::Duration;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SessionState;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::SessionConfig;
use futures::stream::{BoxStream, StreamExt};
use messwerk_store::snapshot::Snapshot;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::mpsc::error::SendTimeoutError;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinError;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use crate::error::{Error, Result};
use crate::scope::Scope;
use crate::windowed::Windowed;

/// Limits, each with a default that suits a class on a small machine.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// Threads that compute answers. They are not the threads that take readings in, so that no question can stop those;
    /// the kernel shares the cores fairly between both. Default: half the cores, but two (with one thread a question
    /// over 5.4 million samples takes twice as long, and ingest of a class needs a tenth of a core).
    pub threads: usize,
    /// Bytes that all questions together may hold. Full: the question that wants more fails with
    /// [`Error::Memory`]. Nothing is ever spilled to disk: readings stay inside the data folder. Default 256 MiB.
    pub memory: usize,
    /// Longest time from one piece of an answer to the next. Default 30 s.
    pub deadline: Duration,
    /// Longest time a reader may let a streamed answer wait before it is dropped. Default 60 s.
    pub stall: Duration,
    /// Questions at once, half of them of Things. One more waits for `patience`, then gets [`Error::Busy`]. Default 16.
    pub questions: usize,
    /// How long a question waits for another one to end. Default 2 s: an answer takes some 50 ms.
    pub patience: Duration,
}

impl Default for EngineOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            threads: (cores / 2).max(2),
            memory: 256 << 20,
            deadline: Duration::from_secs(30),
            stall: Duration::from_secs(60),
            questions: 16,
            patience: Duration::from_secs(2),
        }
    }
}

/// Rows of a batch between operators: DataFusion's own default.
const BATCH: usize = 8192;

/// The machine below [`crate::Engine`].
#[derive(Debug)]
pub(crate) struct Machine {
    options: EngineOptions,
    /// Taken by `drop`.
    runtime: Option<Runtime>,
    handle: Handle,
    questions: Arc<Semaphore>,
    /// Of these, what Things may have: half. A pupil whose downloads stand still holds up other pupils, no teacher.
    of_things: Arc<Semaphore>,
    /// For results, beside the questions: whoever downloads does not hold up what the class is waiting for.
    results: Arc<Semaphore>,
    /// For whole histories: as many partitions as threads.
    parallel: SessionState,
    /// For small plans, where planning for several partitions costs more than it brings.
    serial: SessionState,
}

/// Results that are computed at once; each may use all threads.
const RESULTS: usize = 2;

/// A place among the questions; free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _place: OwnedSemaphorePermit,
    _of_things: Option<OwnedSemaphorePermit>,
}

/// How a plan is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// On all threads.
    Parallel,
    /// On one.
    Serial,
}

/// What is carried out.
#[derive(Debug)]
pub(crate) enum Question {
    /// As planned by DataFusion.
    Rows(LogicalPlan),
    /// Windowed statistics.
    Windows(Box<Windowed>),
}

impl From<LogicalPlan> for Question {
    fn from(plan: LogicalPlan) -> Self {
        Self::Rows(plan)
    }
}

impl From<Windowed> for Question {
    fn from(windows: Windowed) -> Self {
        Self::Windows(Box::new(windows))
    }
}

/// Rows on their way, held within the machine's limits. Dropping it stops the work.
pub(crate) struct Rows {
    pub(crate) schema: SchemaRef,
    pub(crate) batches: BoxStream<'static, Result<RecordBatch>>,
    pub(crate) pump: Pump,
}

/// What keeps a running question going: its place among the questions and the view it reads.
pub(crate) struct Pump {
    pub(crate) handle: Handle,
    pub(crate) deadline: Duration,
    pub(crate) stall: Duration,
    _place: Option<Place>,
    /// Keeps the files readable until the last row is out.
    _snapshot: Arc<Snapshot>,
}

impl Machine {
    pub(crate) fn new(options: EngineOptions) -> Result<Self> {
        let threads = options.threads.max(1);
        let runtime = Builder::new_multi_thread().worker_threads(threads).thread_name("messwerk-query").enable_all().build();
        let runtime = runtime.map_err(messwerk_store::Error::Io)?;
        let environment = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(GreedyMemoryPool::new(options.memory)))
            .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
            .build_arc()?;
        let session = |partitions| {
            let mut config = SessionConfig::new().with_target_partitions(partitions).with_batch_size(BATCH);
            let options = config.options_mut();
            // A sorted part stays sorted: exports merge, they never sort.
            options.optimizer.prefer_existing_sort = true;
            // A segment of a class is 8 MB and has some ten row groups: worth two threads from 1 MB on.
            options.optimizer.repartition_file_min_size = 1 << 20;
            // Room kept for merging what was spilled; nothing is.
            options.execution.sort_spill_reservation_bytes = 0;
            let builder = SessionStateBuilder::new().with_config(config).with_runtime_env(Arc::clone(&environment));
            builder.with_default_features().build()
        };
        let (parallel, serial) = (session(threads), session(1));
        let places = |count: usize| Arc::new(Semaphore::new(count.max(1)));
        let (questions, of_things, results) = (places(options.questions), places(options.questions / 2), places(RESULTS));
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime), questions, of_things, results, parallel, serial, options })
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Bytes that questions hold now.
    #[cfg(test)]
    pub(crate) fn reserved(&self) -> usize {
        self.serial.runtime_env().memory_pool.reserved()
    }

    /// Threads that compute.
    pub(crate) fn threads(&self) -> usize {
        self.options.threads.max(1)
    }

    /// A place for a question; waits for it, but not for long.
    pub(crate) async fn place(&self, scope: &Scope) -> Result<Place> {
        let places = async {
            let of_things = match scope.thing_id() {
                Some(_) => Some(Arc::clone(&self.of_things).acquire_owned().await?),
                None => None,
            };
            Ok(Place { _place: Arc::clone(&self.questions).acquire_owned().await?, _of_things: of_things })
        };
        self.patiently(places).await
    }

    /// A place for the computation of results.
    pub(crate) async fn place_for_results(&self) -> Result<Place> {
        self.patiently(async { Ok(Place { _place: Arc::clone(&self.results).acquire_owned().await?, _of_things: None }) }).await
    }

    async fn patiently(&self, place: impl Future<Output = std::result::Result<Place, AcquireError>>) -> Result<Place> {
        timeout(self.options.patience, place).await.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)
    }

    pub(crate) async fn physical(&self, question: &Question, mode: Mode) -> Result<Arc<dyn ExecutionPlan>> {
        let session = self.session(mode);
        Ok(match question {
            Question::Rows(plan) => session.create_physical_plan(plan).await?,
            Question::Windows(windows) => windows.physical(session).await?,
        })
    }

    fn session(&self, mode: Mode) -> &SessionState {
        match mode {
            Mode::Parallel => &self.parallel,
            Mode::Serial => &self.serial,
        }
    }

    /// Starts a plan over `snapshot` and waits for its first rows, so that what fails early fails here.
    pub(crate) async fn run(
        self: &Arc<Self>,
        snapshot: Arc<Snapshot>,
        question: Question,
        mode: Mode,
        place: Option<Place>,
    ) -> Result<Rows> {
        let machine = Arc::clone(self);
        let start = async move {
            let plan = machine.physical(&question, mode).await?;
            let mut stream = execute_stream(plan, machine.session(mode).task_ctx())?;
            let first = stream.next().await.transpose()?;
            Ok::<_, Error>((stream, first))
        };
        let task = AbortOnDropHandle::new(self.handle.spawn(timeout(self.options.deadline, start)));
        let (stream, first) = task.await.map_err(crashed)?.map_err(|_| Error::Deadline(self.options.deadline))??;
        let schema = stream.schema();
        let batches = futures::stream::iter(first.map(Ok)).chain(stream.map(|batch| Ok(batch?))).boxed();
        let EngineOptions { deadline, stall, .. } = self.options;
        let pump = Pump { handle: self.handle.clone(), deadline, stall, _place: place, _snapshot: snapshot };
        Ok(Rows { schema, batches, pump })
    }

    /// All rows of a small plan, computed on the machine's threads.
    pub(crate) async fn collect(self: &Arc<Self>, snapshot: &Arc<Snapshot>, question: Question, mode: Mode) -> Result<Vec<RecordBatch>> {
        let rows = self.run(Arc::clone(snapshot), question, mode, None).await?;
        rows.pump.drive(rows.batches).collect::<Vec<_>>().await.into_iter().collect()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // A runtime must not be dropped where one may not block, and the last owner may well be an async task.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Pump {
    /// Computes `items` on the machine's threads, at most two ahead of the reader. Too long a pause on either side ends
    /// the stream with an error; dropping it ends the work.
    pub(crate) fn drive<T: Send + 'static>(self, mut items: BoxStream<'static, Result<T>>) -> BoxStream<'static, Result<T>> {
        let (sender, receiver) = tokio::sync::mpsc::channel(2);
        let handle = self.handle.clone();
        let task = async move {
            loop {
                let item = match timeout(self.deadline, items.next()).await {
                    Ok(Some(item)) => item?,
                    Ok(None) => return Ok(()),
                    Err(_) => return Err(Error::Deadline(self.deadline)),
                };
                match sender.send_timeout(item, self.stall).await {
                    Ok(()) => {}
                    Err(SendTimeoutError::Timeout(_)) => return Err(Error::Stalled(self.stall)),
                    Err(SendTimeoutError::Closed(_)) => return Ok(()),
                }
            }
        };
        let task = AbortOnDropHandle::new(handle.spawn(task));
        let items = futures::stream::unfold(Some((receiver, task)), |running| async move {
            let (mut receiver, task) = running?;
            match receiver.recv().await {
                Some(item) => Some((Ok(item), Some((receiver, task)))),
                // The task has ended: only its result tells whether this was all.
                None => task.await.unwrap_or_else(|error| Err(crashed(error))).err().map(|error| (Err(error), None)),
            }
        });
        items.boxed()
    }
}

/// A query thread panicked: a defect, or a file that makes no sense; told to the caller instead of a short answer.
pub(crate) fn crashed(error: JoinError) -> Error {
    Error::Engine(DataFusionError::External(Box::new(error)).context("a query task ended early"))
}
