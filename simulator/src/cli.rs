//! The command line.

mod class;
mod load;
mod relay;
mod replay;
mod station;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use messwerk_simulator::class::{Stop, stopper};
use messwerk_simulator::report::Report;
use serde::Serialize;
use tokio::runtime;
use tracing_subscriber::EnvFilter;

use class::ClassArgs;
use load::LoadArgs;
use relay::RelayArgs;
use replay::ReplayArgs;
use station::{StationArgs, YearArgs};

/// Simulated phones for a Messwerk hub: whole classes with known truth, recorded experiments, load.
#[derive(Debug, Parser)]
#[command(name = "messwerk-sim", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// N phones do a lesson; exits with 1 if the hub lost a reading it acknowledged.
    Class(Box<ClassArgs>),
    /// Sends a recorded experiment: a phyphox export (CSV, zip, xls, xlsx), a saved state, or recorded messages (JSONL).
    #[command(after_long_help = replay::files())]
    Replay(Box<ReplayArgs>),
    /// Opens many connections, paced or flat out, and measures; this machine only unless told otherwise.
    Load(Box<LoadArgs>),
    /// Carries connections to a hub as bad Wi-Fi does: late, slowly, with stalls, and now and then not at all.
    Relay(Box<RelayArgs>),
    /// One weather station of any make, with the quirks of its format.
    Station(Box<StationArgs>),
    /// A year of weather as files of the DWD's, written or handed in.
    WeatherYear(Box<YearArgs>),
}

/// Where the hub is and who asks.
#[derive(Debug, Args)]
struct HubArgs {
    /// Address of the hub.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    hub: String,
    /// A teacher's token: makes the lesson and asks what was stored.
    #[arg(long, env = "MESSWERK_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

/// Runs the command line; 0 if all went well, 1 after a loss or an error, 2 for a mistake in the arguments.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    // One thread is the cheapest generator: a load must leave the other cores to the hub it measures.
    let mut runtime = match cli.command {
        Command::Load(_) => runtime::Builder::new_current_thread(),
        _ => runtime::Builder::new_multi_thread(),
    };
    let outcome = runtime.enable_all().build().map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(run(cli)));
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "messwerk-sim: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<bool> {
    match cli.command {
        Command::Class(args) => class::run(*args).await,
        Command::Replay(args) => replay::run(*args).await,
        Command::Load(args) => load::run(*args).await,
        Command::Relay(args) => relay::run(*args).await,
        Command::Station(args) => station::run(*args).await,
        Command::WeatherYear(args) => station::year(*args).await,
    }
}

/// Tells and writes the report; whether all went well. A run that broke off leaves a file too, with what is `known` without
/// it: who waits for the file learns why.
fn finish(outcome: Result<Report>, known: Report, file: Option<&Path>) -> Result<bool> {
    match outcome {
        Ok(report) => {
            say(report.to_string().trim_end());
            write_json(file, &report)?;
            Ok(report.failure().is_none())
        }
        Err(error) => {
            let report = Report { error: Some(format!("{error:#}")), ..known };
            write_json(file, &report).with_context(|| format!("{error:#}"))?;
            Err(error)
        }
    }
}

fn write_json(file: Option<&Path>, report: &impl Serialize) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    let text = format!("{}\n", serde_json::to_string_pretty(report)?);
    std::fs::write(file, text).with_context(|| format!("writing {}", file.display()))
}

/// What came of it goes to stdout (progress to stderr); a closed one is no reason to stop.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Asked at the first Ctrl-C or SIGTERM; the second one ends the process at once.
fn until_signal() -> Result<Stop> {
    let (stopper, stop) = stopper();
    let mut terminate = terminations()?;
    tokio::spawn(async move {
        terminate.recv().await;
        stopper.stop();
        terminate.recv().await;
        std::process::exit(130);
    });
    Ok(stop)
}

/// Ctrl-C and SIGTERM as one.
struct Terminations {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

fn terminations() -> Result<Terminations> {
    Ok(Terminations {
        #[cfg(unix)]
        terminate: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?,
    })
}

impl Terminations {
    async fn recv(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    }
}

#[cfg(test)]
mod tests;
