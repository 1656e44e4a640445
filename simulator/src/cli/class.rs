//! `messwerk-sim class`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use messwerk_lessons::physics::Truth;
use messwerk_simulator::class::{self, ClassOptions};
use messwerk_simulator::faults::Faults;
use messwerk_simulator::payload::{Encoding, Transport};
use messwerk_simulator::report::Report;

use super::{HubArgs, finish, say, until_signal};

#[derive(Debug, Args)]
pub(super) struct ClassArgs {
    #[command(flatten)]
    hub: HubArgs,
    /// The lesson's template: any of the library, or with a teacher's token of the school's own.
    #[arg(long, default_value = "pendulum")]
    template: String,
    /// The physics that stands in for the class, for a template that names none.
    #[arg(long)]
    scenario: Option<String>,
    /// What the first of every five groups does wrong: half_period, echo, …; a wrong name lists those of the lesson.
    #[arg(long)]
    mistake: Option<String>,
    /// Number of phones.
    #[arg(long, default_value_t = 30)]
    things: usize,
    /// Length of a run, s of experiment time; without it as long as a good run of the lesson takes (20 for a pendulum, 1200 for a
    /// cup that cools, 43200 for a day of weather).
    #[arg(long)]
    seconds: Option<f64>,
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
    /// What the class looks for where it is not 9.81 m/s² and 40 N/m: g=9.9 or k=35.
    #[arg(long, value_name = "NAME=NUMBER", value_parser = one_truth)]
    truth: Vec<(bool, f64)>,
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

/// Whether it is gravity (else the spring constant), and how large.
fn one_truth(text: &str) -> Result<(bool, f64), String> {
    let known = || format!("{text:?} is neither g=NUMBER (m/s²) nor k=NUMBER (N/m), with a number above 0");
    let (name, number) = text.split_once('=').ok_or_else(known)?;
    let number: f64 = number.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0).ok_or_else(known)?;
    match name {
        "g" => Ok((true, number)),
        "k" => Ok((false, number)),
        _ => Err(known()),
    }
}

/// Runs the class; whether all went well.
pub(super) async fn run(args: ClassArgs) -> Result<bool> {
    let mut truth = Truth::default();
    for (is_gravity, number) in args.truth {
        *(if is_gravity { &mut truth.g } else { &mut truth.k }) = number;
    }
    let asked = args.seconds;
    let options = ClassOptions {
        hub: args.hub.hub,
        token: args.hub.token,
        template: args.template,
        scenario: args.scenario,
        mistake: args.mistake,
        code: args.code,
        lesson: args.lesson,
        things: args.things,
        speed: args.speed,
        transport: args.transport,
        encoding: args.encoding,
        seed: args.seed,
        truth,
        qos: args.qos,
        batch_ms: args.batch_ms,
        keep: args.keep,
        faults: args.faults,
        stagger: args.stagger,
        forever: args.forever,
        stay: args.stay,
        show_progress: true,
        ..ClassOptions::default()
    };
    let things = options.things;
    let mut options = match options.of_shelf().await {
        Ok(options) => options,
        Err(error) => return finish(Err(error), Report { things, ..Default::default() }, args.report.as_deref()),
    };
    options.seconds = asked.unwrap_or_else(|| options.usual_seconds());
    let known = Report { things: options.things, truth: options.known_truth(), ..Default::default() };
    let outcome = class::run(options, until_signal()?, |place| say(&place.to_string())).await;
    finish(outcome, known, args.report.as_deref())
}
