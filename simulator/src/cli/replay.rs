//! `messwerk-sim replay`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_simulator::export::{PAYLOAD_LINE, RECORDED_LINE};
use messwerk_simulator::payload::{Encoding, Transport};
use messwerk_simulator::replay::{self, ReplayOptions};
use messwerk_simulator::report::Report;

use super::{HubArgs, finish, until_signal};

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// The recording; its kind is told by its content.
    file: PathBuf,
    #[command(flatten)]
    hub: HubArgs,
    /// The lesson's join code.
    #[arg(long)]
    code: String,
    /// The lesson's id, to ask what was stored.
    #[arg(long)]
    lesson: Option<String>,
    /// Experiment seconds per second.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// How readings travel; payloads alone go by HTTP.
    #[arg(long, value_enum, default_value_t)]
    transport: Transport,
    /// How readings are spelled; recorded messages travel as they are.
    #[arg(long, value_enum, default_value_t = Encoding::Phyphox)]
    encoding: Encoding,
    /// MQTT quality of service.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=2))]
    qos: u8,
    /// Experiment time between two packets, or between two payloads without times.
    #[arg(long, default_value_t = 200, value_name = "MS")]
    batch_ms: u64,
    /// What the pupil enters, such as length_m=0.42; repeatable.
    #[arg(long, value_name = "NAME=VALUE", value_parser = input)]
    input: Vec<(String, f64)>,
    /// Sends a stream as another one, such as acc=lin; repeatable.
    #[arg(long, value_name = "STREAM=STREAM", value_parser = streams)]
    rename: Vec<(ObservedProperty, ObservedProperty)>,
    /// Writes the report as JSON, also of a run that failed.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Which files there are, for `--help`.
pub(super) fn files() -> String {
    format!(
        "Files:
  phyphox's exports and saved states: readings, packed and spelled as the options say.

  JSONL, one JSON value a line; the first line tells which of two kinds. Both travel as they are.

  Recorded messages, each at its time `at` (s from the start) to the stream that was the last level of its topic;
  a payload in quotes travels as that text:
    {RECORDED_LINE}

  Payloads alone, each as it goes over the wire (columns, a SenML list, a Sensor Logger push; docs/wire.md): posted to
  the phone's ingest_url in the order of the file, one every --batch-ms, and counted by the hub's answers:
    {PAYLOAD_LINE}

Of JSONL the report counts messages in sent and acknowledged, readings in stored. With a teacher's token in MESSWERK_TOKEN
and the lesson's id the hub is asked what it stored."
    )
}

fn input(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("write name=value")?;
    let value: f64 = value.parse().map_err(|_| format!("{value:?} is no number"))?;
    if value.is_finite() { Ok((name.to_owned(), value)) } else { Err("an input is finite".to_owned()) }
}

fn streams(text: &str) -> Result<(ObservedProperty, ObservedProperty), String> {
    let (from, to) = text.split_once('=').ok_or("write stream=stream")?;
    let stream = |name: &str| ObservedProperty::from_stream(name).ok_or(format!("{name:?} is no stream: acc, lin, gyr, mag, pres …"));
    Ok((stream(from)?, stream(to)?))
}

/// Replays the file; whether all went well.
pub(super) async fn run(args: ReplayArgs) -> Result<bool> {
    let options = ReplayOptions {
        file: args.file,
        hub: args.hub.hub,
        code: args.code,
        token: args.hub.token,
        lesson: args.lesson,
        speed: args.speed,
        transport: args.transport,
        encoding: args.encoding,
        qos: args.qos,
        batch_ms: args.batch_ms,
        inputs: args.input.into_iter().collect(),
        rename: args.rename,
        show_progress: true,
    };
    let outcome = replay::run(options, until_signal()?).await;
    finish(outcome, Report { things: 1, ..Default::default() }, args.report.as_deref())
}
