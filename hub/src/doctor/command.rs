//! `messwerk doctor`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use messwerk_store::{Clock, SystemClock};

use super::phones::Report;
use super::{Level, Patient, card, probe};
use crate::address;
use crate::config::{Config, Overrides};

/// What is examined, and how it is told.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The hub's data folder; with it this machine's disk and clock are examined, too, and the running hub's addresses are known.
    #[arg(long, env = "MESSWERK_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Configuration file; without it `messwerk.toml` in the data folder is read if there is one.
    #[arg(long, env = "MESSWERK_CONFIG")]
    config: Option<PathBuf>,
    /// Address of the hub, for example http://192.168.1.5:8080; without it the one in the file of --config, else the running one of the
    /// data folder, else the one in messwerk.toml, on this machine.
    #[arg(long, value_name = "URL")]
    hub: Option<String>,
    /// A teacher's token: with it the hub's own problems and what phones reported are shown.
    #[arg(long, env = "MESSWERK_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// As JSON, in both languages.
    #[arg(long)]
    json: bool,
}

/// Examines and tells; the exit code is 0 if all is well, 1 after a warning, 2 if a lesson would not work.
pub fn run(args: DoctorArgs) -> anyhow::Result<ExitCode> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().context("cannot start worker threads")?;
    let now = SystemClock.now();
    let findings = runtime.block_on(async {
        let (patient, host) = patient(&args).await?;
        let told = match &args.token {
            Some(token) => Some(ask(&patient, &host, token).await?),
            None => None,
        };
        let (problems, reports) = told.map_or((vec![], None), |(problems, reports)| (problems, Some(reports)));
        anyhow::Ok(patient.examine(now, problems, reports.as_deref()).await)
    })?;
    let german = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let german = german.is_some_and(|language| language.to_lowercase().starts_with("de"));
    let text = if args.json { format!("{}\n", serde_json::to_string_pretty(&findings)?) } else { findings.to_text(german) };
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).context("cannot write the findings to stdout")?;
    Ok(ExitCode::from(match findings.worst {
        Level::Ok => 0,
        Level::Warn => 1,
        Level::Bad => 2,
    }))
}

/// Who is examined, and what it is called.
async fn patient(args: &DoctorArgs) -> anyhow::Result<(Patient, String)> {
    let overrides = Overrides { data_dir: args.data_dir.clone(), ..Overrides::default() };
    let config = Config::load(args.config.as_deref(), overrides)?;
    // What the running hub left knows more than its configuration: flags, variables, free ports. Who names a file asks about that one.
    let running = if args.config.is_none() { card::read(&config.data_dir) } else { None };
    let mut patient = running.unwrap_or_else(|| Patient::new(&config, config.http, config.mqtt, config.tls.mqtts));
    let Some(url) = &args.hub else { return Ok((patient, "localhost".to_owned())) };
    let asked = address::parse_url(url).map_err(|_| anyhow::anyhow!("--hub {url}: write http://host:port or https://host:port"))?;
    let name = asked.name().trim_start_matches('[').trim_end_matches(']').to_owned();
    let given = Patient { public_url: Some(url.clone()), ..patient.clone() };
    let (_, port, secure) = given.public().with_context(|| format!("--hub {url}: the port is no number"))?;
    let found = tokio::net::lookup_host((name.as_str(), port)).await.ok().and_then(|mut found| found.next());
    let reached = found.with_context(|| {
        format!("--hub {url}: no answer for the name {name}. Is it written right, is this machine in the hub's network?")
    })?;
    if args.data_dir.is_none() && args.config.is_none() {
        patient = Patient {
            data_dir: None,
            public_url: Some(url.clone()),
            behind_proxy: false,
            mqtt: None,
            mqtts: None,
            from_files: false,
            ..patient
        };
    }
    (patient.web, patient.secure) = (reached_or_bound(reached, patient.web), secure);
    Ok((patient, name))
}

/// A loopback address of a hub that listens everywhere does not mean that it listens there only.
fn reached_or_bound(reached: SocketAddr, bound: SocketAddr) -> SocketAddr {
    let same = reached.ip().is_loopback() && bound.ip().is_unspecified() && reached.port() == bound.port();
    if same { bound } else { reached }
}

/// What the running hub says of itself, and what phones told it.
async fn ask(patient: &Patient, host: &str, token: &str) -> anyhow::Result<(Vec<String>, Vec<Report>)> {
    let ip = patient.web.ip();
    let ip = if ip.is_unspecified() { std::net::Ipv4Addr::LOCALHOST.into() } else { ip };
    // Over an unchecked connection, and perhaps a plain one.
    let own = ip.is_loopback() || address::in_network().contains(&ip);
    anyhow::ensure!(
        own,
        "--token: a token is not sent over the network to a hub whose certificate nobody checked. Run this on the hub's machine"
    );
    let address = SocketAddr::new(ip, patient.web.port());
    let get = async |path: &str| {
        let answer = probe::ask(address, patient.secure, host, path, Some(token))
            .await
            .with_context(|| format!("no answer from the hub at {address}"))?;
        anyhow::ensure!(answer.status == 200, "{path}: the hub answers {}: {}", answer.status, answer.body.trim());
        anyhow::Ok(answer.body)
    };
    let reports = serde_json::from_str(&get("/api/v1/check").await?)?;
    let ready: serde_json::Value = serde_json::from_str(&get("/readyz").await?)?;
    let problems = ready["problems"].as_array().into_iter().flatten().filter_map(|problem| problem.as_str().map(str::to_owned)).collect();
    Ok((problems, reports))
}
