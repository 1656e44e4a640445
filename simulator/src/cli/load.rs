//! `messwerk-sim load`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use messwerk_simulator::load::{self, LoadOptions, Shape};

use super::{say, until_signal, write_json};

#[derive(Debug, Args)]
pub(super) struct LoadArgs {
    /// Address of the hub; its Things are joined through the API.
    #[arg(long, value_name = "URL", required_unless_present = "mqtt")]
    hub: Option<String>,
    /// A teacher's token, to make the lessons: one for every 200 connections.
    #[arg(long, env = "MESSWERK_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Joins this lesson instead. A hub takes 250 Things in one unless its configuration says otherwise.
    #[arg(long)]
    code: Option<String>,
    /// Another broker to load instead, without joining.
    #[arg(long, value_name = "HOST:PORT", conflicts_with = "hub")]
    mqtt: Option<String>,
    /// Topic of connection {n} at such a broker.
    #[arg(long, default_value = "load/{n}")]
    topic: String,
    /// How many connections.
    #[arg(long, default_value_t = 30)]
    connections: usize,
    /// Connections that are opened beforehand and say nothing.
    #[arg(long, default_value_t = 0)]
    silent: usize,
    /// Packets per second and connection; without it as fast as acknowledgements come.
    #[arg(long)]
    rate: Option<f64>,
    /// Readings per packet.
    #[arg(long, default_value_t = 50)]
    batch: usize,
    /// Spelling of a packet.
    #[arg(long, value_enum, default_value_t)]
    shape: Shape,
    /// MQTT quality of service.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=2))]
    qos: u8,
    /// Packets a connection may have unacknowledged.
    #[arg(long, default_value_t = 20)]
    window: usize,
    /// How long to send, s.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Only logs in, all connections at once.
    #[arg(long)]
    login_storm: bool,
    /// Allows addresses beyond this machine.
    #[arg(long = "i-own-this-hub")]
    own_hub: bool,
    /// Writes the report as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Loads the hub; whether no connection failed.
pub(super) async fn run(args: LoadArgs) -> Result<bool> {
    let options = LoadOptions {
        hub: args.hub,
        token: args.token,
        code: args.code,
        mqtt: args.mqtt,
        topic: args.topic,
        connections: args.connections,
        silent: args.silent,
        rate: args.rate,
        batch: args.batch,
        shape: args.shape,
        qos: args.qos,
        window: args.window,
        seconds: args.seconds,
        login_storm: args.login_storm,
        own_hub: args.own_hub,
    };
    let report = load::run(options, until_signal()?).await?;
    say(&report.to_string());
    write_json(args.report.as_deref(), &report)?;
    Ok(report.failed == 0)
}
