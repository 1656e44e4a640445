//! `messwerk-sim station` and `messwerk-sim weather-year`.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use messwerk_simulator::climate::files::{self, Written};
use messwerk_simulator::climate::{Climate, STEP, Weather};
use messwerk_simulator::station::{Device, StationOptions, run as simulate};

use super::{HubArgs, say, write_json};

/// A day, µs.
const DAY: i64 = 86_400_000_000;

#[derive(Debug, Args)]
pub(super) struct StationArgs {
    #[command(flatten)]
    hub: HubArgs,
    /// The make of the station.
    #[arg(long, value_enum)]
    format: Device,
    /// The station's key; without it the teacher's token makes a station.
    #[arg(long, env = "MESSWERK_STATION_KEY", hide_env_values = true)]
    key: Option<String>,
    /// The hub's MQTT door.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:1883")]
    mqtt: String,
    /// How often it sends.
    #[arg(long, default_value_t = 6)]
    count: u32,
    /// Seconds between two sendings; 0: at once, and its clock goes ten minutes each time.
    #[arg(long, default_value_t = 0.0)]
    every: f64,
    /// Seconds since 1970 of the first sending; without it so that the last is now.
    #[arg(long)]
    from: Option<i64>,
    /// Chance; the same seed makes the same weather.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Prints the settings a hub needs for it, and sends nothing.
    #[arg(long)]
    settings: bool,
    /// Writes the report as JSON: what was sent, and what should be stored.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Simulates a station; whether everything was acknowledged.
pub(super) async fn run(args: StationArgs) -> Result<bool> {
    if args.settings {
        say(&args.format.settings(args.format.format()).to_string());
        return Ok(true);
    }
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?;
    let back = if args.every > 0.0 { 0 } else { STEP * i64::from(args.count) };
    let from = args.from.map_or((now - back) / 1_000_000 * 1_000_000, |seconds| seconds.saturating_mul(1_000_000));
    let HubArgs { hub, token } = args.hub;
    let options = StationOptions {
        device: args.format,
        hub,
        mqtt: args.mqtt,
        key: args.key,
        token,
        count: args.count,
        every: args.every,
        from,
        seed: args.seed,
    };
    let report = simulate(options).await?;
    write_json(args.report.as_deref(), &report)?;
    say(&serde_json::json!({"station": report.station, "acknowledged": report.acknowledged, "refused": report.refused, "error": report.error}).to_string());
    Ok(report.refused == 0)
}

#[derive(Debug, Args)]
pub(super) struct YearArgs {
    /// Where the files are written; made if it is not there.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// The first day.
    #[arg(long, default_value = "2025-01-01")]
    begin: String,
    /// How many days.
    #[arg(long, default_value_t = 365)]
    days: u32,
    /// Chance; the same seed makes the same year.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A small set for lessons without internet instead: hours of all days, ten minutes of the last 30, POI, Bright Sky, openSenseMap.
    #[arg(long)]
    demo: bool,
    /// Hands the files in to a station of this id, as a teacher. Those of --demo belong to several, which the hub makes by itself.
    #[arg(long, value_name = "ID", conflicts_with = "demo")]
    station: Option<String>,
    #[command(flatten)]
    hub: HubArgs,
}

/// Writes or hands in a year of weather.
pub(super) async fn year(args: YearArgs) -> Result<bool> {
    let begin =
        chrono::NaiveDate::parse_from_str(&args.begin, "%Y-%m-%d").with_context(|| format!("--begin {}: write 2025-01-01", args.begin))?;
    let begin = begin.and_hms_opt(0, 0, 0).context("a day begins at 0:00")?.and_utc().timestamp_micros();
    ensure!((1..=3_660).contains(&args.days), "--days {}: 1 to 3660", args.days);
    let steps = (i64::from(args.days) * DAY / STEP) as usize;
    let weather: Vec<Weather> = Climate::new(args.seed, begin).take(steps).collect();
    let files = if args.demo { demo(&weather)? } else { files::ten_minutes(&weather)? };
    if let Some(folder) = &args.out {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        for Written { name, bytes } in &files {
            let path = folder.join(name);
            std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
            say(&format!("{} {} bytes", path.display(), bytes.len()));
        }
    }
    if let Some(station) = &args.station {
        let token = args.hub.token.as_deref().context("--token of a teacher hands files in")?;
        for Written { name, bytes } in files {
            let url = format!("{}/api/v1/stations/{station}/files", args.hub.hub);
            let answer = reqwest::Client::new().post(url).bearer_auth(token).body(bytes).send().await?;
            let status = answer.status();
            ensure!(status.is_success(), "{name}: {status} {}", answer.text().await?);
            say(&format!("{name} handed in"));
        }
    }
    ensure!(args.out.is_some() || args.station.is_some(), "--out FOLDER, or --station ID of a hub");
    Ok(true)
}

fn demo(weather: &[Weather]) -> Result<Vec<Written>> {
    let last = weather.get(weather.len().saturating_sub(30 * 144)..).unwrap_or(weather);
    let mut all = files::hourly(weather)?;
    all.extend(files::ten_minutes(last)?);
    all.push(files::poi(weather)?);
    all.push(files::brightsky(weather)?);
    all.extend(files::sense_box(weather)?);
    Ok(all)
}
