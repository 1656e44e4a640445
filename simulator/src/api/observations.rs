//! The hub's export, read as it streams in and boiled down to what a report compares.

use std::collections::HashMap;

use anyhow::{Context as _, Result, ensure};
use messwerk_lessons::quantity::ObservedProperty;
use reqwest::Response;

use crate::recording::fingerprint;

/// The fingerprints of all stored readings of a lesson, by Thing and property.
pub(crate) type Stored = HashMap<(String, ObservedProperty), Vec<u64>>;

/// Reads the whole answer.
///
/// # Errors
/// A broken stream, no header, or a row that is no observation: a hub that answers so is a finding.
pub(crate) async fn read(mut response: Response) -> Result<Stored> {
    let mut reader = Reader::default();
    let mut rest: Vec<u8> = Vec::new();
    while let Some(chunk) = response.chunk().await.context("the observations broke off")? {
        rest.extend_from_slice(&chunk);
        // Whole lines only; the rest waits for the next chunk.
        if let Some(end) = rest.iter().rposition(|&byte| byte == b'\n') {
            reader.lines(&rest[..end])?;
            rest.drain(..=end);
        }
    }
    reader.lines(&rest)?;
    ensure!(reader.columns.is_some(), "the observations came without a header");
    Ok(reader.stored)
}

/// Where the columns are that count.
#[derive(Debug, Clone, Copy)]
struct Columns {
    thing: usize,
    property: usize,
    values: [usize; 3],
}

#[derive(Debug, Default)]
struct Reader {
    columns: Option<Columns>,
    stored: Stored,
}

impl Reader {
    fn lines(&mut self, bytes: &[u8]) -> Result<()> {
        let text = std::str::from_utf8(bytes).context("the observations are not UTF-8")?;
        text.lines().filter(|line| !line.is_empty()).try_for_each(|line| self.line(line))
    }

    fn line(&mut self, line: &str) -> Result<()> {
        let cells: Vec<&str> = line.split(',').map(|cell| cell.trim_matches('"')).collect();
        let Some(columns) = self.columns else {
            let find = |name: &str| cells.iter().position(|cell| *cell == name).with_context(|| format!("no column {name:?} in {line:?}"));
            self.columns =
                Some(Columns { thing: find("thing")?, property: find("property")?, values: [find("x")?, find("y")?, find("z")?] });
            return Ok(());
        };
        let cell = |index: usize| cells.get(index).copied().with_context(|| format!("a short row: {line:?}"));
        let property = cell(columns.property)?;
        let property = ObservedProperty::from_name(property).with_context(|| format!("unknown property {property:?}"))?;
        let mut value = [None; 3];
        for (slot, index) in value.iter_mut().zip(columns.values) {
            let text = cell(index)?;
            if !text.is_empty() {
                *slot = Some(text.parse::<f32>().with_context(|| format!("no number: {text:?}"))?);
            }
        }
        self.stored.entry((cell(columns.thing)?.to_owned(), property)).or_default().push(fingerprint(property, value));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
