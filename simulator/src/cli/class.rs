//! `messwerk-sim class`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use messwerk_simulator::class::{self, ClassOptions};
use messwerk_simulator::faults::Faults;
use messwerk_simulator::payload::{Encoding, Transport};
use messwerk_simulator::report::Report;

use super::{HubArgs, finish, say, until_signal};

#[derive(Debug, Args)]
pub(super) struct ClassArgs {
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
    /// Writes the report as JSON, also of a run that failed.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Runs the class; whether all went well.
pub(super) async fn run(args: ClassArgs) -> Result<bool> {
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
    let known = Report { things: options.things, truth: class::truth(&options.template), ..Default::default() };
    let outcome = class::run(options, until_signal()?, |place| say(&place.to_string())).await;
    finish(outcome, known, args.report.as_deref())
}
