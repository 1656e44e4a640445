//! The hub under measurement, and what a teacher and a board ask of it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures::StreamExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::process::Process;

/// Limits per Thing lifted, since one connection plays a hundred; everything else as delivered.
const CONFIG: &str = "[limits]\nreadings_per_second = 1e9\nmessages_per_second = 1e9\nthings_per_lesson = 4000\n";

/// Where the programs are.
#[derive(Debug, Clone)]
pub struct Programs {
    /// `messwerk` and `messwerk-sim`, release builds.
    pub folder: PathBuf,
    /// A Python with `benches/requirements.txt`.
    pub python: Option<PathBuf>,
    /// `benches/peers`.
    pub peers: PathBuf,
    /// The charts as built for the browser and what draws them beside uPlot; none without Node and Chromium.
    pub charts: Option<Charts>,
}

/// What the drawing is measured with.
#[derive(Debug, Clone)]
pub struct Charts {
    /// The folder of `bench.mjs`, its Node packages installed.
    pub bench: PathBuf,
    /// The module that browsers load.
    pub module: PathBuf,
}

/// A running hub with one lesson.
pub struct Hub {
    /// The process, for CPU and memory.
    pub process: Process,
    /// The MQTT door.
    pub mqtt: SocketAddr,
    /// The web port.
    pub http: String,
    /// The lesson.
    pub lesson: String,
    /// Where it keeps everything.
    pub data: TempDir,
    code: String,
    token: String,
    web: reqwest::Client,
}

impl Hub {
    /// Starts a hub on a fresh folder and makes a lesson.
    pub async fn start(programs: &Programs) -> Result<Self> {
        let data = tempfile::Builder::new().prefix("messwerk-bench-").tempdir()?;
        let config = data.path().join("bench.toml");
        fs::write(&config, CONFIG)?;
        let folder = data.path().join("data");
        let program = programs.folder.join("messwerk");
        let mut command = Command::new(&program);
        command.arg("serve").arg("--data-dir").arg(&folder).arg("--config").arg(&config);
        command.args(["--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"]).env("RUST_LOG", "error");
        let mut process = Process::start(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let mut line = String::new();
        BufReader::new(process.0.stdout.take().context("no standard output")?).read_line(&mut line)?;
        let ready: Value = serde_json::from_str(&line).context("no ready line")?;
        let out = Command::new(program).args(["token", "create", "--role", "teacher", "--data-dir"]).arg(&folder).output()?;
        let token = String::from_utf8(out.stdout)?.lines().next_back().context("no token")?.to_owned();
        let http = ready["http"].as_str().context("no web address")?.to_owned();
        let mqtt = ready["mqtt"].as_str().context("no MQTT address")?.parse()?;
        let mut hub = Self { process, mqtt, http, lesson: String::new(), data, code: String::new(), token, web: reqwest::Client::new() };
        let made = hub.post("/api/v1/lessons", &json!({"template": "rest"})).await?;
        hub.lesson = made["id"].as_str().context("no lesson")?.to_owned();
        hub.code = made["code"].as_str().context("no code")?.to_owned();
        Ok(hub)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let answer = self.web.post(format!("{}{path}", self.http)).bearer_auth(&self.token).json(body).send().await?;
        ensure!(answer.status().is_success(), "POST {path}: {}", answer.status());
        Ok(answer.json().await?)
    }

    /// Makes a weather station that sends SenML; its id and key.
    pub async fn station(&self, name: &str) -> Result<(String, String)> {
        let made = self.post("/api/v1/stations", &json!({"name": name, "format": "senml"})).await?;
        let text = |member: &str| made[member].as_str().map(str::to_owned).with_context(|| format!("no {member} of a station"));
        Ok((text("id")?, text("key")?))
    }

    /// Sends a message of a station; on return it is stored.
    pub async fn send(&self, key: &str, body: String) -> Result<()> {
        let request = self.web.post(format!("{}/s/{key}", self.http)).header("content-type", "application/senml+json").body(body);
        let answer = request.send().await?;
        ensure!(answer.status().is_success(), "POST /s/…: {} {}", answer.status(), answer.text().await.unwrap_or_default());
        Ok(())
    }

    /// The body of a question, complete.
    pub async fn get(&self, path: &str) -> Result<Vec<u8>> {
        let answer = self.web.get(format!("{}{path}", self.http)).bearer_auth(&self.token).send().await?;
        ensure!(answer.status().is_success(), "GET {path}: {}", answer.status());
        Ok(answer.bytes().await?.to_vec())
    }

    /// A path below this lesson.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/lessons/{}/{rest}", self.lesson)
    }

    /// The topics of so many new Things.
    pub async fn join(&self, things: usize) -> Result<Vec<String>> {
        let mut topics = Vec::with_capacity(things);
        for _ in 0..things {
            let joined = self.post("/api/v1/join", &json!({"code": self.code})).await?;
            topics.push(joined["mqtt"]["topic"].as_str().context("no topic")?.to_owned());
        }
        Ok(topics)
    }

    /// A number of `/metrics`.
    pub async fn metric(&self, name: &str) -> Result<f64> {
        let text = String::from_utf8(self.get("/metrics").await?)?;
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Ok(line.with_context(|| format!("no metric {name}"))?.parse()?)
    }

    /// Waits until so many readings are stored and visible.
    pub async fn stored(&self, readings: u64, patience: Duration) -> Result<()> {
        let end = Instant::now() + patience;
        loop {
            // A row moves from the one to the other when it is sealed, in one step of the manifest.
            let now = self.metric("messwerk_hot_rows").await? + self.metric("messwerk_segment_rows").await?;
            if now >= readings as f64 {
                return Ok(());
            }
            if Instant::now() > end {
                bail!("{now} of {readings} readings stored after {} s", patience.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Ends the lesson, which seals it into Parquet.
    pub async fn seal(&self) -> Result<()> {
        let path = self.path("end");
        let answer = self.web.post(format!("{}{path}", self.http)).bearer_auth(&self.token).send().await?;
        ensure!(answer.status().is_success(), "POST {path}: {}", answer.status());
        Ok(())
    }

    /// A board that watches and hands on each binary frame's moment; ends with the hub.
    pub async fn watch(&self, property: &str, frames: tokio::sync::mpsc::Sender<Instant>) -> Result<JoinHandle<()>> {
        let address =
            format!("ws{}{}", self.http.trim_start_matches("http"), self.path(&format!("live?property={property}&window_ms=100")));
        let (mut socket, _) = tokio_tungstenite::connect_async(address).await.context("the live view does not open")?;
        Ok(tokio::spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                // Nobody may be counting; the board still has to read.
                if message.is_binary() {
                    frames.try_send(Instant::now()).ok();
                }
            }
        }))
    }
}
