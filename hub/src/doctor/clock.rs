//! Whether the hub's clock is right, as far as that can be told without asking the internet: by the files it wrote, the
//! machine's own clock, what keeps it, and the phones that checked.

use std::path::Path;
use std::time::UNIX_EPOCH;

use messwerk_lessons::Micros;

use super::phones::{Report, recent};
use super::{Finding, Level};

const TITLE: (&str, &str) = ("Uhr", "Clock");
/// 1 January 2026: no hub of this kind was there before.
const EARLIEST: i64 = 1_767_225_600;
/// Seconds between two clocks that are nothing to speak of.
const ALIKE: i64 = 60;
/// Seconds that phones may differ: they are set by their networks, so the hub is the one that is wrong.
const PHONES: f64 = 2.0;
const HOUR: i64 = 3_600;

/// What there is to compare with, in seconds.
#[derive(Debug, Clone, Default, PartialEq)]
struct Witnesses {
    /// The newest file the hub wrote.
    newest: Option<i64>,
    /// The machine's clock that runs on a battery.
    battery: Option<i64>,
    /// Whether a time service has set the clock since the start; `None` if nobody says.
    kept: Option<bool>,
    /// How far phones were ahead, the middle of those that checked in the last hour.
    phones: Option<f64>,
}

pub(super) fn examine(folder: &Path, now: Micros, reports: &[Report]) -> Finding {
    let witnesses = Witnesses { newest: newest(folder), battery: battery(), kept: kept(), phones: ahead(reports, now) };
    judge(now.div_euclid(1_000_000), &witnesses)
}

fn judge(now: i64, witnesses: &Witnesses) -> Finding {
    let finding = |level, de: String, en: String| Finding::new("clock", level, TITLE, (de, en));
    let set = (
        "Stellen Sie die Uhr dieses Rechners, am besten durch einen Zeitdienst (NTP).",
        "Set this machine's clock, best by a time service (NTP).",
    );
    let day = crate::tls::day(now);
    if now < EARLIEST {
        return finding(Level::Bad, format!("Sie steht auf {day}."), format!("It says {day}.")).fix(set);
    }
    if let Some(ahead) = witnesses.newest.map(|newest| newest - now).filter(|ahead| *ahead > ALIKE) {
        let (de, en) = (span(ahead, true), span(ahead, false));
        return finding(
            Level::Bad,
            format!("Sie ging zurück: Der Hub hat Dateien geschrieben, die {de} in der Zukunft liegen."),
            format!("It went back: the hub has written files that are {en} in the future."),
        )
        .fix(set);
    }
    if let Some(ahead) = witnesses.phones.filter(|ahead| ahead.abs() > PHONES) {
        return finding(
            Level::Warn,
            format!("Die Handys gehen {ahead:.1} s anders als der Hub; ihre Messungen werden umgerechnet."),
            format!("The phones differ from the hub by {ahead:.1} s; their readings are converted."),
        )
        .fix(set);
    }
    // Some systems let the battery's clock run in local time: whole hours are no mistake.
    let apart = witnesses.battery.map(|battery| battery - now).filter(|apart| {
        let off = apart.rem_euclid(HOUR);
        off.min(HOUR - off) > ALIKE || apart.abs() > 26 * HOUR
    });
    if let Some(apart) = apart {
        return finding(
            Level::Warn,
            format!("Sie weicht {} von der Uhr ab, die ohne Strom weiterläuft.", span(apart.abs(), true)),
            format!("It differs by {} from the clock that runs on without power.", span(apart.abs(), false)),
        )
        .fix(set);
    }
    if witnesses.kept == Some(false) {
        return finding(
            Level::Warn,
            format!("Sie steht auf {day}; seit dem Start hat kein Zeitdienst sie gestellt."),
            format!("It says {day}; no time service has set it since the start."),
        )
        .fix((
            "Ohne Internet: Vergleichen Sie Datum und Uhrzeit mit einem Handy. Mit: Schalten Sie den Zeitdienst ein (timedatectl set-ntp true).",
            "Without internet: compare date and time with a phone. With: turn the time service on (timedatectl set-ntp true).",
        ));
    }
    finding(Level::Ok, format!("Sie steht auf {day}; nichts spricht dagegen."), format!("It says {day}; nothing speaks against it."))
}

fn span(seconds: i64, german: bool) -> String {
    match (seconds, german) {
        (..=119, _) => format!("{seconds} s"),
        (..=7_199, _) => format!("{} min", seconds / 60),
        (..=172_799, _) => format!("{} h", seconds / HOUR),
        (_, true) => format!("{} Tage", seconds / 86_400),
        (_, false) => format!("{} days", seconds / 86_400),
    }
}

/// Files that the hub writes all the time lie in its folder and one below.
fn newest(folder: &Path) -> Option<i64> {
    let files = |folder: &Path| -> Vec<_> { std::fs::read_dir(folder).into_iter().flatten().flatten().take(1_000).collect() };
    let (mut newest, mut folders) = (None, vec![]);
    let mut see = |entry: &std::fs::DirEntry| -> bool {
        let Ok(metadata) = entry.metadata() else { return false };
        let written = metadata
            .modified()
            .ok()
            .and_then(|at| at.duration_since(UNIX_EPOCH).ok())
            .and_then(|since| i64::try_from(since.as_secs()).ok());
        newest = newest.max(written);
        metadata.is_dir()
    };
    for entry in files(folder) {
        if see(&entry) {
            folders.push(entry.path());
        }
    }
    for folder in folders {
        for entry in files(&folder) {
            see(&entry);
        }
    }
    newest
}

fn battery() -> Option<i64> {
    std::fs::read_to_string("/sys/class/rtc/rtc0/since_epoch").ok()?.trim().parse().ok()
}

/// systemd's time service leaves a file once it has set the clock.
fn kept() -> Option<bool> {
    let running = Path::new("/run/systemd/timesync");
    running.is_dir().then(|| running.join("synchronized").exists())
}

/// How far phones are ahead of the hub, in seconds.
fn ahead(reports: &[Report], now: Micros) -> Option<f64> {
    let mut offsets: Vec<f64> = recent(reports, now).filter_map(|report| report.clock_offset_ms).collect();
    offsets.sort_by(f64::total_cmp);
    Some(offsets.get(offsets.len() / 2)? / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_judged_by_its_witnesses() {
        const NOW: i64 = 1_795_000_000;
        let check = |now: i64, witnesses: Witnesses, level: Level, words: &str| {
            let finding = judge(now, &witnesses);
            assert_eq!(finding.level, level, "{finding:?}");
            assert!(finding.detail.en.contains(words), "{finding:?}");
            assert_eq!(finding.fix.is_some(), level != Level::Ok);
        };
        let none = Witnesses::default;
        check(NOW, none(), Level::Ok, "2026-11-18");
        check(0, none(), Level::Bad, "1970-01-01");
        check(NOW, Witnesses { newest: Some(NOW + 30), ..none() }, Level::Ok, "");
        check(NOW, Witnesses { newest: Some(NOW + 90_000), ..none() }, Level::Bad, "25 h in the future");
        check(NOW, Witnesses { phones: Some(-1.5), ..none() }, Level::Ok, "");
        check(NOW, Witnesses { phones: Some(-400.0), ..none() }, Level::Warn, "-400.0 s");
        check(NOW, Witnesses { battery: Some(NOW + 2 * HOUR - 5), ..none() }, Level::Ok, "");
        check(NOW, Witnesses { battery: Some(NOW - 1_000), ..none() }, Level::Warn, "16 min");
        check(NOW, Witnesses { battery: Some(NOW - 400 * 86_400), ..none() }, Level::Warn, "400 days");
        check(NOW, Witnesses { kept: Some(true), ..none() }, Level::Ok, "");
        check(NOW, Witnesses { kept: Some(false), ..none() }, Level::Warn, "no time service");
    }
}
