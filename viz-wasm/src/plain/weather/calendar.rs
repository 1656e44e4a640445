//! Dates of a local clock given in seconds: ticks and words. Days are counted as in Howard Hinnant's "chrono-Compatible Low-Level
//! Date Algorithms" (`civil_from_days`, `days_from_civil`), proleptic Gregorian.

use crate::words::Lang;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

const MONTHS: [(&str, &str); 12] = [
    ("Jan.", "Jan"),
    ("Feb.", "Feb"),
    ("März", "Mar"),
    ("Apr.", "Apr"),
    ("Mai", "May"),
    ("Juni", "Jun"),
    ("Juli", "Jul"),
    ("Aug.", "Aug"),
    ("Sept.", "Sep"),
    ("Okt.", "Oct"),
    ("Nov.", "Nov"),
    ("Dez.", "Dec"),
];

/// Year, month from 1 and day of a day since 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// The day since 1970 of the first of a month; months may run beyond 12.
fn first_of(year: i64, month: i64) -> i64 {
    let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn month(number: i64, lang: Lang) -> &'static str {
    let (de, en) = MONTHS.get(usize::try_from(number - 1).unwrap_or(0)).copied().unwrap_or_default();
    lang.pick(de, en)
}

fn parts(seconds: f64) -> (i64, i64, (i64, i64, i64)) {
    let seconds = seconds.floor() as i64;
    let (day, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    (rest / HOUR, rest % HOUR / 60, civil(day))
}

/// `2026-11-23 14:00`, for tables that programs read.
pub(super) fn sortable(seconds: f64) -> String {
    let (hour, minute, (year, month, day)) = parts(seconds);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
}

/// `23.11.2026 14:00`; of a day without the time, of a month without the day.
pub(super) fn told(seconds: f64, by: &str, lang: Lang) -> String {
    let (hour, minute, (year, number, day)) = parts(seconds);
    let date = match lang {
        _ if by == "month" => format!("{} {year}", month(number, lang)),
        Lang::De => format!("{day}. {} {year}", month(number, lang)),
        Lang::En => format!("{day} {} {year}", month(number, lang)),
    };
    if matches!(by, "month" | "day") { date } else { format!("{date} {hour:02}:{minute:02}") }
}

/// About `count` ticks at round times, with their labels: a larger unit's beginning names that unit.
pub(super) fn ticks((low, high): (f64, f64), count: usize, lang: Lang) -> Vec<(f64, String)> {
    let span = (high - low) / count.max(1) as f64;
    let fixed = [60, 300, 600, 1_800, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY];
    if let Some(step) = fixed.into_iter().find(|step| *step as f64 >= span) {
        // Weeks begin on Mondays; 1970 began with a Thursday.
        let shift = if step == 7 * DAY { 4 * DAY } else { 0 };
        let mut at = ((low - shift as f64) / step as f64).ceil() as i64 * step + shift;
        let mut found = vec![];
        while at as f64 <= high && found.len() < 60 {
            found.push((at as f64, label(at, lang)));
            at += step;
        }
        return found;
    }
    let months = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 6_000, 24_000, 120_000];
    let step = months.into_iter().find(|step| (*step * 30 * DAY) as f64 >= span * 0.9).unwrap_or(120_000);
    let (_, _, (year, number, _)) = parts(low);
    let mut at = ((year * 12 + number - 1).div_euclid(step)) * step;
    let mut found = vec![];
    while found.len() < 60 {
        let seconds = (first_of(at.div_euclid(12), at.rem_euclid(12) + 1) * DAY) as f64;
        if seconds > high {
            break;
        }
        if seconds >= low {
            let name = if at.rem_euclid(12) == 0 { at.div_euclid(12).to_string() } else { month(at.rem_euclid(12) + 1, lang).to_owned() };
            found.push((seconds, name));
        }
        at += step;
    }
    found
}

fn label(at: i64, lang: Lang) -> String {
    let (hour, minute, (_, number, day)) = parts(at as f64);
    match lang {
        _ if hour != 0 || minute != 0 => format!("{hour:02}:{minute:02}"),
        Lang::De => format!("{day}.{number}."),
        Lang::En => format!("{day} {}", month(number, lang)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (days, date) in
            [(0, (1970, 1, 1)), (-1, (1969, 12, 31)), (20_515, (2026, 3, 3)), (11_016, (2000, 2, 29)), (-719_162, (1, 1, 1))]
        {
            assert_eq!(civil(days), date);
        }
        for day in (-800_000..2_900_000).step_by(17) {
            let (year, month, of_month) = civil(day);
            assert_eq!(first_of(year, month) + of_month - 1, day);
        }
        assert_eq!(first_of(2025, 13), first_of(2026, 1));
    }

    #[test]
    fn ticks_stand_at_round_times_and_name_what_begins() {
        let names = |low: i64, length: i64, count| {
            ticks((low as f64, (low + length) as f64), count, Lang::De).into_iter().map(|tick| tick.1).collect::<Vec<_>>()
        };
        // 2026-11-23T18:00.
        let at = 20_780 * DAY + 18 * HOUR;
        assert_eq!(names(at, DAY / 2, 4), ["18:00", "21:00", "24.11.", "03:00", "06:00"]);
        assert_eq!(names(at, 4 * DAY, 6), ["24.11.", "25.11.", "26.11.", "27.11."]);
        assert_eq!(names(at, 365 * DAY, 6), ["2027", "März", "Mai", "Juli", "Sept.", "Nov."]);
        assert_eq!(names(at, 3650 * DAY, 6), ["2028", "2030", "2032", "2034", "2036"]);
        assert_eq!(sortable(at as f64), "2026-11-23 18:00");
        assert_eq!(told(at as f64, "day", Lang::En), "23 Nov 2026");
        assert!(ticks((0.0, 0.0), 5, Lang::En).len() < 61 && ticks((-6e10, 2.5e11), 5, Lang::En).len() < 61);
    }
}
