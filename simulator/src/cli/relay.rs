//! `messwerk-sim relay`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use messwerk_simulator::relay::{self, RelayOptions};
use tokio::net::TcpListener;

use super::{say, until_signal, write_json};

#[derive(Debug, Args)]
pub(super) struct RelayArgs {
    /// Where phones connect; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Where the hub is.
    #[arg(long, value_name = "HOST:PORT")]
    to: String,
    /// Time from one side to the other, each way.
    #[arg(long, default_value_t = 200)]
    delay_ms: u64,
    /// How far the delay strays, up and down.
    #[arg(long, default_value_t = 100)]
    jitter_ms: u64,
    /// Kilobits per second, direction and connection; 0 for as fast as it goes.
    #[arg(long, default_value_t = 1000)]
    rate_kbit: u64,
    /// The rate is that of all connections together.
    #[arg(long)]
    shared_rate: bool,
    /// Mean seconds between two stalls of a direction, as lost segments cause them.
    #[arg(long, value_name = "SECONDS")]
    stall_every: Option<f64>,
    /// How long a stall lasts.
    #[arg(long, default_value_t = 800)]
    stall_ms: u64,
    /// Mean age in seconds at which a connection is cut, give or take half of it.
    #[arg(long, value_name = "SECONDS")]
    cut_every: Option<f64>,
    /// Chance; the same seed makes the same weather.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Writes the report as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Says on stdout where it listens, relays until SIGTERM or Ctrl-C, and says what went through; both as one line of JSON.
pub(super) async fn run(args: RelayArgs) -> Result<bool> {
    let seconds = |name: &str, every: Option<f64>| {
        every
            .map(|every| Duration::try_from_secs_f64(every).with_context(|| format!("--{name} {every}: write seconds above 0")))
            .transpose()
    };
    let options = RelayOptions {
        to: args.to,
        delay: Duration::from_millis(args.delay_ms),
        jitter: Duration::from_millis(args.jitter_ms),
        rate: (args.rate_kbit > 0).then(|| args.rate_kbit.saturating_mul(1_000)),
        shared_rate: args.shared_rate,
        stall_every: seconds("stall-every", args.stall_every)?,
        stall: Duration::from_millis(args.stall_ms),
        cut_every: seconds("cut-every", args.cut_every)?,
        seed: args.seed,
    };
    let stop = until_signal()?;
    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}; another program may use it: choose another address with --listen", args.listen))?;
    say(&format!("{{\"ready\":true,\"listen\":\"{}\"}}", listener.local_addr()?));
    let report = relay::run(listener, options, stop).await?;
    say(&serde_json::to_string(&report)?);
    write_json(args.report.as_deref(), &report)?;
    Ok(true)
}
