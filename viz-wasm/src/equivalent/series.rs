//! The charts over time in words and as tables.

use messwerk_lessons::frame::Window;

use super::{MAX_ROWS, Table};
use crate::board::Board;
use crate::figure::Figure;
use crate::model::Grid;
use crate::model::lesson::Thing;
use crate::words::{self, number};

/// What can be seen of one Thing.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Seen {
    count: u64,
    mean: f64,
    min: f64,
    max: f64,
    latest: f64,
    /// Stretches without data between the first and the last window.
    gaps: usize,
}

fn gather<'a>(windows: impl Iterator<Item = &'a Window>) -> Option<Seen> {
    let mut seen: Option<Seen> = None;
    let mut sum = 0.0;
    let mut previous = i32::MIN;
    for window in windows {
        let (count, mean) = (u64::from(window.count), f64::from(window.mean));
        sum += count as f64 * mean;
        let before = seen.unwrap_or(Seen { count: 0, mean, min: f64::INFINITY, max: f64::NEG_INFINITY, latest: mean, gaps: 0 });
        let gap = seen.is_some() && previous.checked_add(1) != Some(window.index);
        previous = window.index;
        let total = before.count.saturating_add(count);
        seen = Some(Seen {
            count: total,
            mean: sum / total.max(1) as f64,
            min: before.min.min(window.min.into()),
            max: before.max.max(window.max.into()),
            latest: mean,
            gaps: before.gaps + usize::from(gap),
        });
    }
    seen
}

fn seen(board: &Board, thing: &Thing) -> Option<Seen> {
    let (from, to) = board.view(Figure::Tiles).of(board.model(), thing.id).windows(board.model());
    gather(board.model().ring(thing.id)?.range(from, to))
}

/// Of less than a second of data mean, smallest and largest say nothing yet.
const YOUNG: f64 = 1.0;

/// Seconds from a Thing's first window that can be seen to the right edge; none without one.
fn age(board: &Board, thing: &Thing) -> Option<f64> {
    let (model, view) = (board.model(), board.view(Figure::Tiles));
    let view = view.of(model, thing.id);
    let (from, to) = view.windows(model);
    let first = model.ring(thing.id)?.range(from, to).next()?;
    Some(view.end - begin(model.grid()?, first.index))
}

/// Whether there are data, and the oldest are so new that there is nothing to say of them.
fn young<'a>(board: &Board, things: impl Iterator<Item = &'a Thing>) -> bool {
    let oldest = things.filter_map(|thing| age(board, thing)).fold(f64::NEG_INFINITY, f64::max);
    board.running() && oldest.is_finite() && oldest < YOUNG
}

impl Board {
    /// Whether curves have begun within the last second: their sentences are then to be said again soon.
    pub fn collecting(&self) -> bool {
        young(self, self.model().things().iter())
    }
}

fn unit(board: &Board) -> String {
    board.model().lesson().map(|lesson| words::unit(&lesson.unit)).unwrap_or_default()
}

/// `7 Otter, last 10 s: mean 0.010, smallest −0.42, largest 0.43 rad/s; 2 gaps.`
pub(super) fn one(board: &Board) -> String {
    let lang = board.lang();
    let view = board.view(Figure::Sweep);
    let Some(thing) = view.subject(board.model()).and_then(|id| board.model().thing(id)) else {
        return lang.pick("Noch niemand dabei.", "Nobody has joined yet.").to_owned();
    };
    let span = number::shortest(view.span, lang);
    let head = format!("{}, {} {span} s", thing.label(), lang.pick("letzte", "last"));
    let Some(seen) = seen(board, thing) else { return format!("{head}: {}.", lang.pick("keine Daten", "no data")) };
    if young(board, std::iter::once(thing)) {
        return format!("{}: {}", thing.label(), lang.pick("Werte werden gesammelt …", "collecting readings …"));
    }
    let decimals = number::decimals_alike(&[seen.min, seen.max]);
    let value = |value: f64| number::fixed(value, decimals, lang);
    let [mean, least, most] = match lang {
        words::Lang::De => ["Mittel", "kleinster Wert", "größter Wert"],
        words::Lang::En => ["mean", "smallest", "largest"],
    };
    let mut text = format!("{head}: {mean} {}, {least} {}, {most} {} {}", value(seen.mean), value(seen.min), value(seen.max), unit(board));
    match seen.gaps {
        0 => {}
        1 => text += lang.pick("; 1 Lücke", "; 1 gap"),
        gaps => text += &format!("; {gaps} {}", lang.pick("Lücken", "gaps")),
    }
    if let Some(wrong) = words::clock(board.model().behind(thing.id), lang) {
        text += &format!("; {wrong}");
    }
    text.push('.');
    text
}

/// `28 of 30 phones with data in the last 10 s, from −0.5 to 0.6 rad/s. No data: 3, 17.`
pub(super) fn all(board: &Board) -> String {
    let lang = board.lang();
    let things = board.model().things();
    if things.is_empty() {
        return lang.pick("Noch niemand dabei.", "Nobody has joined yet.").to_owned();
    }
    let found: Vec<(&Thing, Option<Seen>)> = things.iter().map(|thing| (thing, seen(board, thing))).collect();
    let with: Vec<Seen> = found.iter().filter_map(|(_, seen)| *seen).collect();
    if board.collecting() {
        return match lang {
            words::Lang::De => format!("{} von {} Handys senden. Werte werden gesammelt …", with.len(), things.len()),
            words::Lang::En => format!("{} of {} phones send. Collecting readings …", with.len(), things.len()),
        };
    }
    let span = number::shortest(board.view(Figure::Tiles).span, lang);
    let mut text = match lang {
        words::Lang::De => format!("{} von {} Handys mit Daten in den letzten {span} s", with.len(), things.len()),
        words::Lang::En => format!("{} of {} phones with data in the last {span} s", with.len(), things.len()),
    };
    if let Some(first) = with.first() {
        let (low, high) = with.iter().fold((first.min, first.max), |(low, high), seen| (low.min(seen.min), high.max(seen.max)));
        let (from, to) = (lang.pick("von", "from"), lang.pick("bis", "to"));
        let decimals = number::decimals_alike(&[low, high]);
        text += &format!(", {from} {} {to} {} {}", number::fixed(low, decimals, lang), number::fixed(high, decimals, lang), unit(board));
    }
    text.push('.');
    let silent: Vec<String> = found.iter().filter(|(_, seen)| seen.is_none()).map(|(thing, _)| thing.number.to_string()).collect();
    if !silent.is_empty() && !with.is_empty() {
        text += &format!(" {}: {}.", lang.pick("Ohne Daten", "No data"), silent.join(", "));
    }
    let wrong = |thing: &Thing| Some(format!("{} ({})", thing.number, words::clock(board.model().behind(thing.id), lang)?));
    let wrong: Vec<String> = things.iter().filter_map(wrong).collect();
    if !wrong.is_empty() {
        text += &format!(" {}: {}.", lang.pick("Uhr falsch", "Clock off"), wrong.join(", "));
    }
    text
}

/// One row per Thing: what can be seen of it.
pub(super) fn things(board: &Board) -> Table {
    let lang = board.lang();
    let unit = unit(board);
    let head = |de, en| words::in_unit(lang.pick(de, en), &unit);
    let columns = vec![
        lang.pick("Nr.", "no.").to_owned(),
        lang.pick("Handy", "phone").to_owned(),
        head("zuletzt", "latest"),
        head("Mittel", "mean"),
        head("kleinster", "smallest"),
        head("größter", "largest"),
        lang.pick("Messwerte", "readings").to_owned(),
        lang.pick("Lücken", "gaps").to_owned(),
    ];
    let row = |thing: &Thing| {
        let mut cells = vec![thing.number.to_string(), thing.nickname.clone()];
        match seen(board, thing) {
            Some(seen) => {
                let decimals = number::decimals_alike(&[seen.min, seen.max]);
                cells.extend([seen.latest, seen.mean, seen.min, seen.max].map(|value| number::fixed(value, decimals, lang)));
                cells.extend([seen.count.to_string(), seen.gaps.to_string()]);
            }
            None => cells.extend(std::iter::repeat_n("–".to_owned(), 6)),
        }
        cells
    };
    Table { caption: String::new(), columns, rows: board.model().things().iter().map(row).collect() }
}

/// One row per stretch of time of the sweep's Thing; so many windows a row that all fit. A stretch without data says so.
pub(super) fn windows(board: &Board) -> Table {
    let lang = board.lang();
    let unit = unit(board);
    let head = |de, en| words::in_unit(lang.pick(de, en), &unit);
    let columns = vec![
        lang.pick("Zeit in s", "time in s").to_owned(),
        head("Mittel", "mean"),
        head("kleinster", "smallest"),
        head("größter", "largest"),
        lang.pick("Messwerte", "readings").to_owned(),
    ];
    let view = board.view(Figure::Sweep);
    let subject = view.subject(board.model());
    let view = subject.map_or(view, |subject| view.of(board.model(), subject));
    let ring = subject.and_then(|id| board.model().ring(id));
    let (Some(grid), Some(ring)) = (board.model().grid(), ring) else { return Table { columns, ..Table::default() } };
    let (from, to) = view.windows(board.model());
    let stride = stride(from, to);
    let decimals_of_value = ring.extent(from, to).map_or(0, |(low, high)| number::decimals_alike(&[low, high]));
    let decimals = number::decimals_of_step(grid.seconds()).min(3);
    let starts = (0..MAX_ROWS as i32).map(|row| from.saturating_add(row.saturating_mul(stride))).take_while(|start| *start < to);
    let rows = starts.map(|start| {
        let next = start.saturating_add(stride).min(to);
        let time = number::fixed(begin(grid, start) - view.end, decimals, lang);
        match gather(ring.range(start, next)) {
            Some(seen) => {
                let [mean, min, max] = [seen.mean, seen.min, seen.max].map(|value| number::fixed(value, decimals_of_value, lang));
                vec![time, mean, min, max, seen.count.to_string()]
            }
            None => vec![time, "–".to_owned(), "–".to_owned(), "–".to_owned(), lang.pick("keine", "none").to_owned()],
        }
    });
    Table { caption: String::new(), columns, rows: rows.collect() }
}

fn begin(grid: Grid, index: i32) -> f64 {
    f64::from(index) * grid.seconds()
}

/// Windows per row, so that there are at most [`MAX_ROWS`] rows.
fn stride(from: i32, to: i32) -> i32 {
    let count = i64::from(to) - i64::from(from);
    i32::try_from((count.max(0) as u64).div_ceil(MAX_ROWS as u64).max(1)).unwrap_or(i32::MAX)
}
