//! The peers: mosquitto as a broker, DuckDB behind a Python pipeline as the store.
//!
//! A peer that is not installed yields `None`; the table then has a dash. Nothing is downloaded here.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::hub::Programs;
use crate::process::Process;

/// A running mosquitto without persistence and without limits.
pub struct Mosquitto {
    /// The process.
    pub process: Process,
    /// Its listener.
    pub address: SocketAddr,
    _folder: TempDir,
}

impl Mosquitto {
    /// Starts it on a free port; `None` when it is not installed.
    pub fn start() -> Result<Option<Self>> {
        let program =
            ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto"].into_iter().map(Path::new).find(|p| p.exists());
        let Some(program) = program else { return Ok(None) };
        let folder = tempfile::tempdir()?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let config = folder.path().join("mosquitto.conf");
        let text = format!(
            "listener {} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages 0\n\
             set_tcp_nodelay true\nlog_type error\n",
            address.port()
        );
        fs::write(&config, text)?;
        let process =
            Process::start(Command::new(program).arg("-c").arg(config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))?;
        let end = Instant::now() + Duration::from_secs(5);
        while TcpStream::connect(address).is_err() {
            if Instant::now() > end {
                bail!("mosquitto does not listen");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Some(Self { process, address, _folder: folder }))
    }
}

/// What the DuckDB pipeline reports when it has stored everything.
#[derive(Debug, Clone, Copy)]
pub struct Stored {
    /// CPU seconds of the pipeline's process, the checkpoint included.
    pub cpu: f64,
    /// Bytes of the database file.
    pub bytes: f64,
}

/// mosquitto → Python → DuckDB: reads everything published, stores it in a file.
pub struct DuckDb {
    process: Process,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    _folder: TempDir,
}

impl DuckDb {
    /// Starts the pipeline, which ends after so many readings. `None` without Python.
    pub fn start(programs: &Programs, broker: SocketAddr, readings: u64) -> Result<Option<Self>> {
        let Some(python) = &programs.python else { return Ok(None) };
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(python);
        command.arg(programs.peers.join("duckdb_pipeline.py")).arg(broker.to_string()).arg(readings.to_string());
        command.arg(folder.path().join("peer.duckdb")).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Process::start(&mut command)?;
        let mut lines = BufReader::new(process.0.stdout.take().context("no standard output")?).lines();
        let ready = lines.next().context("the DuckDB pipeline ended at once")??;
        if ready != "ready" {
            bail!("the DuckDB pipeline said {ready}");
        }
        Ok(Some(Self { process, lines, _folder: folder }))
    }

    /// Waits until everything is stored.
    pub fn finish(mut self) -> Result<Stored> {
        let line = self.lines.next().context("the DuckDB pipeline ended without a report")??;
        let report: Value = serde_json::from_str(&line)?;
        self.process.0.wait()?;
        let number = |key: &str| report[key].as_f64().with_context(|| format!("no {key} in {line}"));
        Ok(Stored { cpu: number("cpu")?, bytes: number("bytes")? })
    }
}

/// Best wall time in seconds of Q1 (per thing and second: mean, min, max of x, y, z) over a Parquet file by DuckDB.
pub fn duckdb_q1(programs: &Programs, parquet: &PathBuf) -> Result<Option<f64>> {
    let Some(python) = &programs.python else { return Ok(None) };
    let out = Command::new(python).arg(programs.peers.join("duckdb_q1.py")).arg(parquet).output()?;
    let text = String::from_utf8_lossy(&out.stdout);
    let best = text.trim().parse().with_context(|| format!("duckdb_q1.py: {text} {}", String::from_utf8_lossy(&out.stderr)))?;
    Ok(Some(best))
}

/// Best wall times in seconds of a year by days and of ten years by months (count, mean, min, max in local time) over the Parquet
/// files of one station by DuckDB.
pub fn duckdb_years(programs: &Programs, files: &[PathBuf], (from, to): (i64, i64)) -> Result<Option<(f64, f64)>> {
    let Some(python) = &programs.python else { return Ok(None) };
    let mut command = Command::new(python);
    command.arg(programs.peers.join("duckdb_years.py")).args([from.to_string(), to.to_string()]).args(files);
    let out = command.output()?;
    let text = String::from_utf8_lossy(&out.stdout);
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let (Some(Ok(year)), Some(Ok(all))) = (numbers.next(), numbers.next()) else {
        bail!("duckdb_years.py: {text} {}", String::from_utf8_lossy(&out.stderr))
    };
    Ok(Some((year, all)))
}
