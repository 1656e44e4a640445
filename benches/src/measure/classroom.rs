//! How fast a class sees itself: thirty phones of the page's own sending module, one of them a real page, and the board, in one
//! Chromium on the machine of the hub.

use anyhow::{Context, Result};

use super::drawing::node;
use crate::hub::Programs;
use crate::table::Row;

/// From the start to the first curves, and how far charts are behind.
pub(super) async fn measure(programs: &Programs) -> Result<Vec<Row>> {
    let Some(charts) = &programs.charts else {
        return Ok(vec![Row::missing("a class sees itself, ms", "needs Node, Chromium and `cargo xtask wasm`")]);
    };
    let hub = std::path::absolute(programs.folder.join("messwerk"))?;
    let report = node(&charts.bench, "latency.mjs", Some(&hub)).await?;
    let number = |path: &str| report.pointer(path).and_then(|found| found.as_f64()).with_context(|| format!("no {path} in {report}"));
    Ok(vec![
        Row::new("from the tap on start to curves on the board, 30 phones, ms", number("/start_ms")?).target(1000.0),
        Row::new("a phone's own chart behind its sensor, p95, ms", number("/own_ms/p95")?).target(100.0),
        Row::new("the board behind the phones, 30 phones, p95, ms", number("/board_ms/p95")?).target(300.0),
    ])
}
