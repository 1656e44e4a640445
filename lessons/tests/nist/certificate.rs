//! A file of the NIST Statistical Reference Datasets: what is certified, and the data.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;

/// What stands in `tests/nist/data/NAME.txt`.
pub(crate) struct Certificate {
    text: String,
    /// The response, then the predictors, of each point.
    pub(crate) rows: Vec<Vec<f64>>,
}

impl Certificate {
    pub(crate) fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nist/data").join(format!("{name}.txt"));
        let text = fs::read_to_string(path).unwrap();
        let rows = text.lines().filter(|line| !line.starts_with(|c: char| c == '#' || c.is_alphabetic())).map(numbers).collect();
        Self { text, rows }
    }

    /// The numbers behind a word at a line's start.
    pub(crate) fn fact(&self, word: &str) -> Vec<f64> {
        self.text.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(' ')).map(numbers).unwrap()
    }
}

fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace().map(|word| word.parse().unwrap()).collect()
}
