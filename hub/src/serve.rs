//! Start and stop, in order.
//!
//! Start: store (lock, recovery), rules, pipeline, questions, doors; then the one ready line. Stop, on SIGTERM or
//! Ctrl-C: doors take nothing new and acknowledge what is on its way, long connections end, the store commits and seals.

mod refused;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use messwerk_ingest::mqtt::{self, Door, Fanout, FanoutOptions, Intake, RumqttdFanout};
use messwerk_ingest::pipeline::Pipeline;
use messwerk_ingest::seats::Seats;
use messwerk_query::Engine;
use messwerk_store::{Clock, Store, SystemClock};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::compression::CompressionLayer;

use self::refused::refused;
use crate::access::Access;
use crate::accounts::Accounts;
use crate::address::Addresses;
use crate::api::check;
use crate::api::problem::Problem;
use crate::config::Config;
use crate::doctor::{Patient, card};
use crate::feeds::{self, Feeds};
use crate::flow::Flow;
use crate::joining::JoinDoor;
use crate::release::Sharing;
use crate::results::ResultsBoard;
use crate::shelf::Shelf;
use crate::sky::Sky;
use crate::state::Hub;
use crate::station::Stations;
use crate::telemetry::Log;
use crate::tls::{Tls, mqtts};
use crate::web::{self, WebStats};
use crate::{api, descriptors, flow, pages, publisher, release, results, retention};

/// Requests still running this long after the stop signal are cut.
const GRACE: Duration = Duration::from_secs(10);

/// Runs the hub until it is told to stop.
pub fn run(mut config: Config, log: &Log) -> anyhow::Result<()> {
    descriptors::make_room(&mut config.limits);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start worker threads")?;
    let ended = runtime.block_on(async {
        let stopping = CancellationToken::new();
        // Before anybody is told that the hub is ready: a signal must find somebody who listens.
        let signal = stop_signal()?;
        let running = Running::start(config, stopping.clone()).await?;
        running.say_ready()?;
        running.say_set_up(log).await?;
        signal.await?;
        tracing::info!("stopping: sealing what was measured");
        stopping.cancel();
        running.stop().await
    });
    // Everything of the class is sealed by now. What still waits for a foreign server is not waited for.
    runtime.shutdown_timeout(GRACE);
    ended
}

/// A started hub: its addresses are bound, its doors are open.
pub struct Running {
    /// Where pages and API are.
    pub http: SocketAddr,
    /// Where the MQTT door is.
    pub mqtt: SocketAddr,
    /// Where the MQTT door with TLS is, if there is one.
    pub mqtts: Option<SocketAddr>,
    /// What the routes share.
    pub hub: Hub,
    folder: PathBuf,
    tasks: TaskTracker,
}

impl Running {
    /// Opens the data folder, recovers, binds and starts to serve; cancelling `stopping` makes [`stop`](Self::stop) end.
    pub async fn start(config: Config, stopping: CancellationToken) -> anyhow::Result<Self> {
        Self::start_at(config, stopping, Arc::new(SystemClock), retention::LOOK).await
    }

    /// The same with a clock and how often what is over is looked for: a test cannot wait for a day.
    pub async fn start_at(config: Config, stopping: CancellationToken, clock: Arc<dyn Clock>, look: Duration) -> anyhow::Result<Self> {
        config.check()?;
        let (directory, options, opening) = (config.data_dir.clone(), config.store_options(), Arc::clone(&clock));
        // Recovery reads files for as long as it takes; the runtime's threads stay free.
        let open = move || {
            let store = Store::open(&directory, options, opening)?;
            // Of a hub that crashed here: from now on the folder is held again, and that card would be believed.
            card::remove(&directory);
            Ok::<_, messwerk_store::Error>(store)
        };
        let store = tokio::task::spawn_blocking(open).await?;
        let store = Arc::new(store.with_context(|| format!("cannot open the data folder {}", config.data_dir.display()))?);
        for problem in store.problems().into_iter().chain(pages::problem()) {
            tracing::error!("{problem}");
        }
        let http = mqtt::bind(config.http).map_err(|error| refused("http", config.http, &error))?;
        let mqtt = mqtt::bind(config.mqtt).map_err(|error| refused("mqtt", config.mqtt, &error))?;
        let (http_address, mqtt_address) = (http.local_addr()?, mqtt.local_addr()?);
        let bind = |address| mqtt::bind(address).map_err(|error| refused("mqtts", address, &error));
        let mqtts = config.tls.mqtts.map(bind).transpose()?;
        let mqtts_address = mqtts.as_ref().map(|listener| listener.local_addr()).transpose()?;
        let addresses = Arc::new(Addresses::new(&config, http_address));
        let (settings, folder, names, now) = (config.tls.clone(), config.data_dir.clone(), addresses.names(), clock.now());
        let tls = tokio::task::spawn_blocking(move || Tls::open(&settings, &folder, &names, now)).await??;
        let web_tls = tls.as_ref().map(|tls| tls.web()).transpose()?;
        let mqtt_tls = tls.as_ref().map(|tls| tls.mqtt()).transpose()?;

        let results = Arc::new(ResultsBoard::default());
        let flow = Arc::new(Flow::new(Arc::clone(&store), Arc::clone(&clock), Arc::clone(&results)));
        let stations = Arc::new(Stations::new(Arc::clone(&store)));
        let access = Arc::new(Access::new(Arc::clone(&store), Arc::clone(&flow), config.open_realm.clone(), Arc::clone(&stations)));
        let heard = Arc::clone(flow.presence()) as Arc<dyn messwerk_ingest::pipeline::Heard>;
        let pipeline = Arc::new(Pipeline::new(Arc::clone(&store), config.thing_limits()).telling(heard));
        let engine = Arc::new(Engine::new(Arc::clone(&store), config.engine_options())?);
        let fanout: Arc<dyn Fanout> = Arc::new(RumqttdFanout::new(FanoutOptions::default()));
        let rules = Arc::clone(&access) as Arc<dyn messwerk_ingest::admission::Admission>;
        let intake = Arc::clone(&pipeline) as Arc<dyn Intake>;
        let door = Door::new(rules, intake, Arc::clone(&fanout), config.mqtt_limits(), Arc::clone(&clock));
        let patient = Patient::new(&config, http_address, mqtt_address, mqtts_address);
        let shelf = Arc::new(Shelf::new(Arc::clone(&store), config.templates.keys()?));
        let hub = Hub {
            accounts: Arc::new(Accounts::new(Arc::clone(&store), Arc::clone(&clock))),
            store,
            access,
            addresses,
            joining: Arc::new(JoinDoor::new(config.joins())),
            code_length: config.code_length,
            things_per_lesson: config.limits.things_per_lesson,
            pipeline,
            engine,
            door,
            fanout,
            results,
            groups: Arc::default(),
            flow,
            clock,
            wifi: Arc::new(config.wifi.clone()),
            phyphox: config.phyphox,
            privacy: config.privacy,
            sharing: Arc::new(Sharing::new(config.sharing.clone(), &config.data_dir)),
            shelf,
            sky: Arc::new(Sky::new(config.school.clone())),
            stations,
            feeds: Arc::new(Feeds::new(config.feeds.clone(), config.open_data.clone())),
            uploads: Arc::default(),
            exports: Arc::default(),
            mqtt: mqtt_address,
            tls,
            checking: Seats::new(check::AT_ONCE.0, check::AT_ONCE.1, |_| {}),
            checks: Arc::default(),
            patient: Arc::new(patient.clone().into()),
            packet_bytes: config.limits.packet_bytes,
            watchers: Arc::default(),
            web: Arc::new(WebStats::default()),
            web_limits: config.web_limits(),
            stopping,
        };
        let tasks = TaskTracker::new();
        tasks.spawn(results::run(hub.clone()));
        // Before the doors open: nothing new comes between a rehearsal's readings and their erasure.
        flow::rehearsal::recover(&hub).await;
        tasks.spawn(publisher::run(hub.clone()));
        tasks.spawn(retention::run(hub.clone(), look));
        tasks.spawn(release::pull::run(hub.clone()));
        // What the hub before this one was reading when it stopped.
        let cut = Arc::clone(&hub.store);
        tokio::task::spawn_blocking(move || cut.catalogue().cut_files()).await??;
        tasks.spawn(feeds::look::run(hub.clone()));
        tasks.spawn(Arc::clone(&hub.stations).keep_payloads(hub.stopping.clone()));
        let (door, stop) = (hub.door.clone(), hub.stopping.clone());
        tasks.spawn(async move { door.listen(mqtt, stop).await });
        if let Some((listener, acceptor)) = mqtts.zip(mqtt_tls) {
            tasks.spawn(mqtts::listen(listener, hub.door.clone(), acceptor, hub.stopping.clone()));
        }
        if let Some(tls) = &hub.tls {
            tasks.spawn(Arc::clone(tls).watch(Arc::clone(&hub.clock), hub.stopping.clone()));
        }
        let (routes, limits, counters) = (router(hub.clone()), hub.web_limits.clone(), Arc::clone(&hub.web));
        tasks.spawn(web::listen(http, routes, limits, counters, web_tls, hub.stopping.clone()));
        tasks.close();
        let folder = config.data_dir;
        let left = folder.clone();
        tokio::task::spawn_blocking(move || card::leave(&left, &patient)).await?;
        Ok(Self { http: http_address, mqtt: mqtt_address, mqtts: mqtts_address, hub, folder, tasks })
    }

    /// Prints the ready line, the only thing that ever goes to stdout.
    fn say_ready(&self) -> anyhow::Result<()> {
        let https = self.hub.tls.as_ref().map(|_| format!(",\"https\":\"https://{}\"", self.http)).unwrap_or_default();
        let mqtts = self.mqtts.map(|address| format!(",\"mqtts\":\"{address}\"")).unwrap_or_default();
        let line = format!("{{\"ready\":true,\"http\":\"http://{}\",\"mqtt\":\"{}\"{https}{mqtts}}}", self.http, self.mqtt);
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{line}").and_then(|()| stdout.flush()).context("cannot say on stdout that the hub is ready")?;
        tracing::info!("pages and API at http://{}, MQTT at {}", self.http, self.mqtt);
        tracing::info!("a teacher's token: messwerk token create --role teacher --data-dir <this hub's data folder>");
        Ok(())
    }

    /// Says where to set the password, as long as there is none.
    async fn say_set_up(&self, log: &Log) -> anyhow::Result<()> {
        let accounts = Arc::clone(&self.hub.accounts);
        let Some(secret) = tokio::task::spawn_blocking(move || accounts.first_secret()).await?? else { return Ok(()) };
        let (addresses, secure) = (&self.hub.addresses, self.hub.tls.is_some());
        let mut text = "messwerk: no password is set yet. Open one of these addresses in a browser and choose one\n\
                        messwerk: (noch kein Passwort: eine dieser Adressen im Browser öffnen und eines wählen):"
            .to_owned();
        for address in addresses.all(secure) {
            text.push_str(&format!("\n    {}", address.url(&format!("/setup#{secret}"))));
        }
        // Said and not logged: whatever level is logged, nobody gets in without it.
        log.say(&text);
        Ok(())
    }

    /// Waits for doors and requests to end after `stopping` was cancelled, then commits and seals. On return everything
    /// acknowledged is in Parquet.
    pub async fn stop(self) -> anyhow::Result<()> {
        if tokio::time::timeout(GRACE, self.tasks.wait()).await.is_err() {
            tracing::warn!("some connections did not end within {} s and are cut", GRACE.as_secs());
        }
        // Before the lock on the folder is given back: the next hub leaves its own.
        card::remove(&self.folder);
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
        .layer(middleware::from_fn_with_state(hub.clone(), web::plain::rule))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(hub.clone(), pages::guard))
        .with_state(hub)
}

async fn nowhere(method: Method, address: Uri, headers: HeaderMap) -> Response {
    if pages::is_for_a_person(&method, address.path(), &headers) {
        return pages::missing().await;
    }
    Problem::not_found(format!("There is nothing at {}. The API is described at /api/v1/openapi.json.", address.path())).into_response()
}

async fn wrong_method(method: Method, address: Uri) -> Problem {
    Problem::wrong_method(format!("{} does not take {method}. The API is described at /api/v1/openapi.json.", address.path()))
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
