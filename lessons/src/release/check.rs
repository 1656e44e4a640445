//! Whether a Release can be true and is anonymous; the same for one's own and for a stranger's.

use super::{AboutSoMany, FORMAT, LABEL, LEAST_K, MOST, Release, ReleaseError, moments};
use crate::Micros;

/// How far a hub's clock may be ahead.
const TOLERANCE: Micros = 24 * 3_600 * 1_000_000;

type Check = Result<(), ReleaseError>;

impl Release {
    /// Checks one that came from elsewhere at `now`: format, k, week, names, and whether its numbers can be those of one class.
    pub fn check(&self, now: Micros) -> Check {
        if self.format != FORMAT {
            return Err(ReleaseError::Format { found: self.format });
        }
        if self.k < LEAST_K {
            return Err(ReleaseError::SmallK { k: self.k });
        }
        if self.week.begins() > now.saturating_add(TOLERANCE) {
            return Err(ReleaseError::Future { week: self.week });
        }
        self.check_itself()
    }

    /// Everything that needs no clock.
    pub(super) fn check_itself(&self) -> Check {
        self.check_names()?;
        self.check_counts()?;
        self.check_numbers()?;
        self.check_singles()
    }

    fn check_names(&self) -> Check {
        name("label", &self.source.label)?;
        self.source.region.iter().try_for_each(|region| name("region", region))?;
        written(self.id.len() == 22 && self.id.bytes().all(is_url_safe), "id", "22 characters of A-Z, a-z, 0-9, - and _")?;
        written(is_word(&self.template.id), "template.id", "a template's name: lower-case letters, digits, - and _")?;
        written(self.template.major().is_some(), "template.version", "three numbers: 1.0.0")?;
        written(is_sha256(&self.template.sha256), "template.sha256", "64 hexadecimal digits")?;
        written(is_word(&self.outcome), "outcome", "a step's name: letters, digits, - and _")?;
        let unit = (1..=32).contains(&self.unit.len()) && self.unit.bytes().all(|byte| byte.is_ascii_graphic());
        written(unit, "unit", "a unit's symbol, such as m/s2")?;
        match &self.table {
            None => Ok(()),
            Some(table) => {
                let plain = !table.file.is_empty() && table.file.len() <= 64 && table.file.bytes().all(|b| is_url_safe(b) || b == b'.');
                written(plain && is_sha256(&table.sha256), "table", "a file's name, its SHA-256 and its size")
            }
        }
    }

    fn check_counts(&self) -> Check {
        holds((self.k..=MOST).contains(&self.n), "n is below k, or larger than any class")?;
        let histogram = &self.histogram;
        let total = histogram.counts.iter().try_fold(0u32, |sum, count| sum.checked_add(*count));
        holds(total == Some(self.n), "the counts of the histogram do not add up to n")?;
        holds(histogram.counts.len() == histogram.edges.len() + 1, "the histogram has not one count more than edges")?;
        let anonymous = histogram.counts.iter().all(|count| *count == 0 || *count >= self.k);
        holds(anonymous, "a cell of the histogram has fewer results than k")?;
        let open = [histogram.counts.first(), histogram.counts.last()].iter().flatten().all(|count| **count > 0);
        holds(open, "an open cell at the end of the histogram is empty")?;
        let AboutSoMany { from, to } = self.excluded;
        let told = if from == to { from == 0 || from >= self.k } else { from == 1 && to == self.k - 1 };
        holds(told && to <= MOST, "the number of results left out is told more exactly than k allows")?;
        let enough = self.quartiles.is_none() || self.n >= self.k.saturating_mul(4);
        holds(enough, "there are quartiles, but fewer results than 4 k")
    }

    fn check_numbers(&self) -> Check {
        let squares = self.mean * self.mean + self.sd * self.sd;
        let spread = squares.is_finite() && self.sd >= 0.0;
        holds(spread, "mean or standard deviation is no number, or the latter is negative")?;
        let edges = &self.histogram.edges;
        let rising = edges.iter().all(|edge| edge.is_finite()) && edges.windows(2).all(|pair| pair[0] < pair[1]);
        holds(rising, "the edges of the histogram do not rise")?;
        holds(edges.is_empty() || self.sd > 0.0, "there is no scatter, but more than one cell")?;
        // Nobody is farther from the mean than sd (n - 1)/√n (Samuelson 1968), and every edge has results on both sides of it.
        // Rounding to a quarter of sd moves edges by less than one sd.
        let n = f64::from(self.n);
        let farthest = self.sd * ((n - 1.0) / libm::sqrt(n) + 1.0);
        let near = |value: f64| libm::fabs(value - self.mean) <= farthest;
        holds(edges.iter().all(|edge| near(*edge)), "an edge of the histogram lies farther from the mean than results can")?;
        let fits = self.resolution.is_finite() && self.resolution >= 0.0 && self.resolution <= self.sd;
        holds(fits, "the resolution is no step, or larger than the standard deviation")?;
        if let Some([low, middle, high]) = self.quartiles {
            holds(low <= middle && middle <= high, "the quartiles do not rise, or are no numbers")?;
            holds(near(low) && near(high), "a quartile lies farther from the mean than results can")?;
        }
        Ok(())
    }

    fn check_singles(&self) -> Check {
        let Some(singles) = &self.singles else { return Ok(()) };
        holds(singles.len() == self.n as usize, "there are not n single results")?;
        let rising = singles.iter().all(|value| value.is_finite()) && singles.windows(2).all(|pair| pair[0] <= pair[1]);
        holds(rising, "the single results do not rise, or are no numbers")?;
        let mut counts = vec![0; self.histogram.counts.len()];
        for value in singles {
            let cell = self.histogram.edges.partition_point(|edge| edge <= value);
            if let Some(count) = counts.get_mut(cell) {
                *count += 1;
            }
        }
        holds(counts == self.histogram.counts, "the single results lie in other cells than the histogram says")?;
        // Each was rounded by half a step at most, and so was their mean; the mean itself to far less.
        let (mean, sd) = moments(singles);
        let slack = self.resolution + self.sd * 0.01 + libm::fabs(self.mean) * 1e-9;
        let same = libm::fabs(mean - self.mean) <= slack && libm::fabs(sd - self.sd) <= slack;
        holds(same, "mean or standard deviation is not that of the single results")
    }
}

fn holds(good: bool, wrong: &'static str) -> Check {
    if good { Ok(()) } else { Err(ReleaseError::Contradiction(wrong)) }
}

fn written(good: bool, field: &'static str, fix: &'static str) -> Check {
    if good { Ok(()) } else { Err(ReleaseError::Written { field, fix }) }
}

/// A name of a person's choice: short, nothing that changes how the rest of a line is read.
fn name(field: &'static str, text: &str) -> Check {
    let turns = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let good = text.trim() == text && (1..=LABEL).contains(&text.chars().count()) && !text.chars().any(|c| c.is_control() || turns(c));
    if good { Ok(()) } else { Err(ReleaseError::Name { field }) }
}

fn is_url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn is_word(text: &str) -> bool {
    (1..=65).contains(&text.len()) && text.bytes().all(|byte| is_url_safe(byte) || byte == b'.')
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}
