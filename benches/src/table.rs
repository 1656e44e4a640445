//! The table of `benches/README.md`.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// Between these lines the table stands in the document.
const MARKS: [&str; 2] = ["<!-- table -->", "<!-- end of table -->"];

/// One figure beside a peer's.
#[derive(Debug, Clone)]
pub struct Row {
    /// What was measured, with its unit.
    pub what: String,
    /// Ours.
    pub ours: Option<f64>,
    /// What we aim at; smaller is better.
    pub target: Option<f64>,
    /// The peer's name and figure on the same load in the same run.
    pub peer: Option<(&'static str, f64)>,
    /// What a reader must know about this row.
    pub note: String,
}

impl Row {
    /// A figure of ours.
    pub fn new(what: impl Into<String>, ours: f64) -> Self {
        Self { what: what.into(), ours: Some(ours), target: None, peer: None, note: String::new() }
    }

    /// With what we aim at.
    pub fn target(self, target: f64) -> Self {
        Self { target: Some(target), ..self }
    }

    /// With a peer, if it could run.
    pub fn peer(self, name: &'static str, figure: Option<f64>) -> Self {
        Self { peer: figure.map(|figure| (name, figure)), ..self }
    }

    /// With a remark.
    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// A measurement that did not come to its end: it stays in the table.
    pub fn failed(what: &str, error: &anyhow::Error) -> Self {
        Self::missing(what, format!("failed: {error}"))
    }

    /// A measurement that could not be taken here: it stays in the table.
    pub fn missing(what: &str, reason: impl Into<String>) -> Self {
        Self { what: what.to_owned(), ours: None, target: None, peer: None, note: reason.into() }
    }

    fn cells(&self) -> [String; 6] {
        let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), short);
        let met = match (self.ours, self.target) {
            (Some(ours), Some(target)) if ours > target => format!("missed by {:.0} %", (ours / target - 1.0) * 100.0),
            (Some(_), Some(_)) => "met".to_owned(),
            _ => "–".to_owned(),
        };
        let peer = self.peer.map_or_else(|| "–".to_owned(), |(name, figure)| format!("{} ({name})", short(figure)));
        let ratio = self.ours.zip(self.peer).map(|(ours, (_, figure))| format!("{} ×", short(figure / ours)));
        let what = if self.note.is_empty() { self.what.clone() } else { format!("{}; {}", self.what, self.note) };
        [what, number(self.ours), number(self.target), met, peer, ratio.unwrap_or_else(|| "–".to_owned())]
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [what, ours, target, met, peer, ratio] = self.cells();
        write!(f, "{what}: {ours} (target {target}: {met}; peer {peer}, ratio {ratio})")
    }
}

/// Three significant digits.
fn short(value: f64) -> String {
    let digits = if value == 0.0 { 0 } else { (2 - value.abs().log10().floor() as i32).clamp(0, 6) };
    format!("{value:.*}", digits as usize)
}

/// The table with machine and date; `stolen` is the part of the time that neighbours had the processor.
pub fn render(rows: &[Row], stolen: Option<f64>) -> String {
    let stolen = stolen.map_or_else(String::new, |part| {
        format!("; {:.0} % of the processor's time went to other machines on the same host", part * 100.0)
    });
    let mut text = format!("{}{stolen}\n\n| what | Messwerk | target | | peer | peer / Messwerk |\n|---|---|---|---|---|---|\n", machine());
    for row in rows {
        text.push_str(&format!("| {} |\n", row.cells().join(" | ")));
    }
    text
}

/// Processor, cores, memory, kernel and date, as the system tells them.
fn machine() -> String {
    let field = |file: &str, key: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key)).and_then(|line| line.split_once(':'));
        line.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let first_line = |program: &str, argument: &str| {
        let out = Command::new(program).arg(argument).output().map(|out| out.stdout).unwrap_or_default();
        String::from_utf8_lossy(&out).lines().next().unwrap_or_default().to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory =
        field("/proc/meminfo", "MemTotal").split(' ').next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or_default() / 1_048_576.0;
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(
        "{}, {cores} cores, {memory:.0} GiB, Linux {}, {}; {}; load average at the end {}",
        field("/proc/cpuinfo", "model name"),
        first_line("uname", "-r"),
        first_line("rustc", "--version"),
        first_line("date", "+%F"),
        load.split(' ').next().unwrap_or_default()
    )
}

/// Puts the table between the marks of a document.
pub fn replace(path: &Path, table: &str) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let (before, rest) = text.split_once(MARKS[0]).context("the document has no place for the table")?;
    let (_, after) = rest.split_once(MARKS[1]).context("the place for the table has no end")?;
    Ok(fs::write(path, format!("{before}{}\n{table}{}{after}", MARKS[0], MARKS[1]))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits() {
        for (value, text) in [(0.0, "0"), (0.12345, "0.123"), (1.845, "1.84"), (42.26, "42.3"), (270_000.0, "270000")] {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn a_row_says_whether_the_target_was_met() {
        let check = |row: Row, parts: &[&str]| {
            let text = render(&[row], Some(0.25));
            assert!(text.contains("; 25 % of"));
            for part in parts {
                assert!(text.contains(part), "{part} not in {text}");
            }
        };
        check(Row::new("a", 0.5).target(0.6).peer("DuckDB", Some(4.2)), &["| met |", "4.20 (DuckDB)", "8.40 ×"]);
        check(Row::new("a", 0.75).target(0.6).peer("DuckDB", None), &["missed by 25 %", "| – | – |"]);
        check(Row::failed("b", &anyhow::anyhow!("no disk")), &["failed: no disk"]);
    }

    #[test]
    fn the_table_takes_its_place_in_the_document() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        fs::write(&path, "# A\n<!-- table -->\nold\n<!-- end of table -->\nrest\n").unwrap();
        replace(&path, "new\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "# A\n<!-- table -->\nnew\n<!-- end of table -->\nrest\n");
    }
}
