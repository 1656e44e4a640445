//! When a measurement was started, by the phone's clock: `meta/time.csv` of an archive, the sheet
//! `Metadata Time` of a workbook (spelled the same).

use super::{Start, number};
use crate::Micros;

/// Starts that are kept; a pupil presses the button a few times.
pub(super) const MOST: usize = 256;

/// Seconds beyond which a time is no time: 10,000 years of experiment, or of the Common Era.
const PLAIN: f64 = 1e11;

impl Start {
    /// From seconds of experiment time and seconds since 1970; `None` for what is no time.
    pub(super) fn new(experiment: f64, system: f64) -> Option<Self> {
        let plain = |seconds: f64| seconds.is_finite() && seconds.abs() < PLAIN;
        let us = |seconds: f64| (seconds * 1e6).round() as Micros;
        (plain(experiment) && plain(system) && system > 0.0).then(|| Self { experiment: us(experiment), system: us(system) })
    }
}

/// The starts of the text of `meta/time.csv`: rows of event, experiment time, system time and the same as text. Rows that
/// are none are passed over: without a start the readings are placed by their arrival.
pub(super) fn of_csv(text: &str) -> Vec<Start> {
    text.lines().filter_map(of_row).take(MOST).collect()
}

fn of_row(line: &str) -> Option<Start> {
    // The separator and the decimal sign are those of the export's dialect; only a comma may be both.
    let separator = ['\t', ';'].into_iter().find(|&separator| line.contains(separator)).unwrap_or(',');
    let mut cells = line.split(separator).map(|cell| cell.trim().trim_matches('"'));
    let is_start = cells.next()?.eq_ignore_ascii_case("start");
    let mut seconds = || cells.next().map(|cell| if separator == ',' { number(cell) } else { number(&cell.replace(',', ".")) });
    let (experiment, system) = (seconds()?, seconds()?);
    if is_start { Start::new(experiment, system) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_read_in_every_dialect() {
        let check = |text: &str, expected: &[(Micros, Micros)]| {
            let starts: Vec<_> = of_csv(text).into_iter().map(|start| (start.experiment, start.system)).collect();
            assert_eq!(starts, expected, "{text}");
        };
        let android = "\"event\",\"experiment time\",\"system time\",\"system time text\"\n\
            \"START\",0.000000000E0,1767437012.314,\"2026-01-03 12:43:32.314 UTC+02:00\"\n\
            \"PAUSE\",1.929267924E2,1767437205.241,\"2026-01-03 12:46:45.241 UTC+02:00\"\n";
        check(android, &[(0, 1_767_437_012_314_000)]);
        check("\"START\",0.000000000000000E0,1.685389948528049E9,\"x\"", &[(0, 1_685_389_948_528_049)]);
        check(
            "\"START\";1,5E0;1,685389948528049E9;\"x\"\n\"START\"\t2.5\t1685389949\t\"x\"",
            &[(1_500_000, 1_685_389_948_528_049), (2_500_000, 1_685_389_949_000_000)],
        );
        check("\"START\",NaN,1\n\"START\",0\n\"START\",0,1E300\n\"PAUSE\",0,1\n", &[]);
        check("", &[]);
    }
}
