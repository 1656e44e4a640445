//! The browser's part: time per frame beside uPlot in the same Chromium, and what a phone has to load.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tokio::process::Command;

use crate::hub::Programs;
use crate::table::Row;

/// Median time per frame, and the size of the module.
pub(super) async fn measure(programs: &Programs) -> Result<Vec<Row>> {
    let Some(charts) = &programs.charts else {
        return Ok(vec![Row::missing("time per frame, ms", "needs Node, Chromium and `cargo xtask wasm`")]);
    };
    let report = frames(&charts.bench).await?;
    let median = |of: &str| report[of]["median_ms"].as_f64().with_context(|| format!("no {of} in {report}"));
    let (ours, peer) = (median("ours")?, median("uplot")?);
    Ok(vec![
        Row::new("time per frame, 30 phones × 60 s at 100 Hz, median, ms", ours).target(peer).peer("uPlot", Some(peer)),
        Row::new("charts as WebAssembly, gzip, kB", gzip(&charts.module)? / 1000.0).target(230.0),
    ])
}

async fn frames(folder: &Path) -> Result<Value> {
    node(folder, "bench.mjs", None).await
}

/// What a script of the browser tests prints as JSON; `hub` is the program it starts, if it starts one.
pub(super) async fn node(folder: &Path, script: &str, hub: Option<&Path>) -> Result<Value> {
    let mut command = Command::new("node");
    command.arg(script).current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
    if let Some(hub) = hub {
        command.env("MESSWERK_HUB", hub);
    }
    let out = command.output().await?;
    ensure!(out.status.success(), "{script}: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).with_context(|| format!("{script} said {}", String::from_utf8_lossy(&out.stdout)))
}

/// Bytes of the file as a web server sends it.
fn gzip(path: &Path) -> Result<f64> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&fs::read(path).with_context(|| format!("{} is not readable", path.display()))?)?;
    Ok(packed.finish()?.len() as f64)
}
