//! Start and stop, in order.
//!
//! Start: store (lock, recovery), rules, pipeline, questions, doors; then the one ready line. Stop, on SIGTERM or
//! Ctrl-C: doors take nothing new and acknowledge what is on its way, long connections end, the store commits and seals.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::http::{Method, Uri};
use axum::middleware;
use messwerk_ingest::mqtt::{self, Door, Fanout, FanoutOptions, Intake, RumqttdFanout};
use messwerk_ingest::pipeline::Pipeline;
use messwerk_query::Engine;
use messwerk_store::{Clock, Store, SystemClock};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::compression::CompressionLayer;

use crate::access::Access;
use crate::api::problem::Problem;
use crate::config::Config;
use crate::joining::JoinDoor;
use crate::state::Hub;
use crate::web::{self, WebStats};
use crate::{api, descriptors, pages, publisher, results};

/// Requests still running this long after the stop signal are cut.
const GRACE: Duration = Duration::from_secs(10);

/// Runs the hub until it is told to stop.
pub fn run(mut config: Config) -> anyhow::Result<()> {
    descriptors::make_room(&mut config.limits);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start worker threads")?;
    runtime.block_on(async {
        let stopping = CancellationToken::new();
        // Before anybody is told that the hub is ready: a signal must find somebody who listens.
        let signal = stop_signal()?;
        let running = Running::start(config, stopping.clone()).await?;
        running.say_ready()?;
        signal.await?;
        tracing::info!("stopping: sealing what was measured");
        stopping.cancel();
        running.stop().await
    })
}

/// A started hub: its addresses are bound, its doors are open.
pub struct Running {
    /// Where pages and API are.
    pub http: SocketAddr,
    /// Where the MQTT door is.
    pub mqtt: SocketAddr,
    /// What the routes share.
    pub hub: Hub,
    tasks: TaskTracker,
}

impl Running {
    /// Opens the data folder, recovers, binds and starts to serve; cancelling `stopping` makes [`stop`](Self::stop) end.
    pub async fn start(config: Config, stopping: CancellationToken) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let (directory, options, opening) = (config.data_dir.clone(), config.store_options(), Arc::clone(&clock));
        // Recovery reads files for as long as it takes; the runtime's threads stay free.
        let store = tokio::task::spawn_blocking(move || Store::open(&directory, options, opening)).await?;
        let store = Arc::new(store.with_context(|| format!("cannot open the data folder {}", config.data_dir.display()))?);
        for problem in store.problems() {
            tracing::error!("{problem}");
        }
        let http = mqtt::bind(config.http).with_context(|| in_use("http", config.http))?;
        let mqtt = mqtt::bind(config.mqtt).with_context(|| in_use("mqtt", config.mqtt))?;
        let (http_address, mqtt_address) = (http.local_addr()?, mqtt.local_addr()?);

        let access = Arc::new(Access::new(Arc::clone(&store), config.open_realm.clone()));
        let pipeline = Arc::new(Pipeline::new(Arc::clone(&store), config.thing_limits()));
        let engine = Arc::new(Engine::new(Arc::clone(&store), config.engine_options())?);
        let fanout: Arc<dyn Fanout> = Arc::new(RumqttdFanout::new(FanoutOptions::default()));
        let rules = Arc::clone(&access) as Arc<dyn messwerk_ingest::admission::Admission>;
        let intake = Arc::clone(&pipeline) as Arc<dyn Intake>;
        let door = Door::new(rules, intake, Arc::clone(&fanout), config.mqtt_limits(), Arc::clone(&clock));
        let hub = Hub {
            store,
            access,
            joining: Arc::new(JoinDoor::new(config.joins())),
            things_per_lesson: config.limits.things_per_lesson,
            pipeline,
            engine,
            door,
            fanout,
            results: Arc::default(),
            clock,
            mqtt: mqtt_address,
            packet_bytes: config.limits.packet_bytes,
            web: Arc::new(WebStats::default()),
            web_limits: config.web_limits(),
            stopping,
        };
        let tasks = TaskTracker::new();
        tasks.spawn(results::run(hub.clone()));
        tasks.spawn(publisher::run(hub.clone()));
        let (door, stop) = (hub.door.clone(), hub.stopping.clone());
        tasks.spawn(async move { door.listen(mqtt, stop).await });
        let web = web::listen(http, router(hub.clone()), hub.web_limits.clone(), Arc::clone(&hub.web), hub.stopping.clone());
        tasks.spawn(web);
        tasks.close();
        Ok(Self { http: http_address, mqtt: mqtt_address, hub, tasks })
    }

    /// Prints the ready line, the only thing that ever goes to stdout.
    fn say_ready(&self) -> anyhow::Result<()> {
        let line = format!("{{\"ready\":true,\"http\":\"http://{}\",\"mqtt\":\"{}\"}}", self.http, self.mqtt);
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{line}").and_then(|()| stdout.flush()).context("cannot say on stdout that the hub is ready")?;
        tracing::info!("pages and API at http://{}, MQTT at {}", self.http, self.mqtt);
        tracing::info!("a teacher's token: messwerk token create --role teacher --data-dir <this hub's data folder>");
        Ok(())
    }

    /// Waits for doors and requests to end after `stopping` was cancelled, then commits and seals. On return everything
    /// acknowledged is in Parquet.
    pub async fn stop(self) -> anyhow::Result<()> {
        if tokio::time::timeout(GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!("some connections did not end within {} s and are cut", GRACE.as_secs());
        }
        self.hub
            .store
            .close()
            .await
            .context("not everything could be sealed; it is in the write-ahead log and comes back at the next start")
    }
}

/// All routes with what is wrapped around them.
pub fn router(hub: Hub) -> Router {
    Router::new()
        .merge(api::routes())
        .merge(pages::routes())
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(hub.clone(), web::body::gather))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(pages::guard))
        .with_state(hub)
}

async fn nowhere(address: Uri) -> Problem {
    Problem::not_found(format!("There is nothing at {}. The API is described at /api/v1/openapi.json.", address.path()))
}

async fn wrong_method(method: Method, address: Uri) -> Problem {
    Problem::wrong_method(format!("{} does not take {method}. The API is described at /api/v1/openapi.json.", address.path()))
}

fn in_use(name: &str, address: SocketAddr) -> String {
    format!("cannot listen on {address}; another program may use it: choose another address with --{name}")
}

/// Listens from now on; resolves at SIGTERM or Ctrl-C.
fn stop_signal() -> anyhow::Result<impl Future<Output = anyhow::Result<()>>> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?
    };
    Ok(async move {
        #[cfg(unix)]
        return tokio::select! {
            _ = terminate.recv() => Ok(()),
            pressed = tokio::signal::ctrl_c() => pressed.context("cannot listen for Ctrl-C"),
        };
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await.context("cannot listen for Ctrl-C")
    })
}
