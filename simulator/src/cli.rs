//! The command line.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use messwerk_simulator::class::{self, ClassOptions, Stop, stopper};
use messwerk_simulator::faults::Faults;
use messwerk_simulator::payload::{Encoding, Transport};
use messwerk_simulator::report::Report;
use tracing_subscriber::EnvFilter;

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

#[derive(Debug, Args)]
struct ClassArgs {
    #[command(flatten)]
    hub: HubArgs,
    /// pendulum, spring or rest.
    #[arg(long, default_value = "pendulum")]
    template: String,
    /// Number of phones.
    #[arg(long, default_value_t = 30)]
    things: usize,
    /// Length of a run, s of experiment time.
    #[arg(long, default_value_t = 20.0)]
    seconds: f64,
    /// Experiment seconds per second.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// How readings travel.
    #[arg(long, value_enum, default_value_t)]
    transport: Transport,
    /// How readings are spelled.
    #[arg(long, value_enum, default_value_t)]
    encoding: Encoding,
    /// Everything random follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// MQTT quality of service.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=2))]
    qos: u8,
    /// Experiment time between two packets of a phone.
    #[arg(long, default_value_t = 200, value_name = "MS")]
    batch_ms: u64,
    /// Each packet repeats the phone's buffer (phyphox keep=true).
    #[arg(long)]
    keep: bool,
    /// Joins this lesson instead of making one.
    #[arg(long)]
    code: Option<String>,
    /// The lesson of --code, to ask what was stored.
    #[arg(long, requires = "code")]
    lesson: Option<String>,
    /// Chances per packet: drop=0.02,duplicate=,reorder=,reconnect=,takeover=, of phones: collide=, seconds: skew=.
    #[arg(long, default_value = "", hide_default_value = true)]
    faults: Faults,
    /// The phones begin within so many seconds.
    #[arg(long, default_value_t = 1.0, value_name = "SECONDS")]
    stagger: f64,
    /// Pause and measure again until Ctrl-C or SIGTERM.
    #[arg(long)]
    forever: bool,
    /// Stay connected after the last run until Ctrl-C or SIGTERM.
    #[arg(long)]
    stay: bool,
    /// Writes the report as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Runs the command line; 0 if all went well, 1 after a loss or an error, 2 for a mistake in the arguments.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let outcome = tokio::runtime::Runtime::new().map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(run(cli)));
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
        Command::Class(args) => run_class(*args).await,
    }
}

async fn run_class(args: ClassArgs) -> Result<bool> {
    let options = ClassOptions {
        hub: args.hub.hub,
        token: args.hub.token,
        template: args.template,
        code: args.code,
        lesson: args.lesson,
        things: args.things,
        seconds: args.seconds,
        speed: args.speed,
        transport: args.transport,
        encoding: args.encoding,
        seed: args.seed,
        qos: args.qos,
        batch_ms: args.batch_ms,
        keep: args.keep,
        faults: args.faults,
        stagger: args.stagger,
        forever: args.forever,
        stay: args.stay,
        show_progress: true,
    };
    let report = class::run(options, until_signal()?, |place| say(&place.to_string())).await?;
    finish(&report, args.report.as_deref())
}

/// Tells and writes the report; whether all went well.
fn finish(report: &Report, file: Option<&Path>) -> Result<bool> {
    say(report.to_string().trim_end());
    if let Some(file) = file {
        let text = format!("{}\n", serde_json::to_string_pretty(report)?);
        std::fs::write(file, text).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(report.failure().is_none())
}

/// Everything a person reads goes to stderr; a closed one is no reason to stop.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
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
