//! A figure's numbers in full, for a spreadsheet: what the table thins to two hundred rows. RFC 4180, decimal points, one
//! heading line in English, because programs read it.

use std::fmt::Write as _;

use messwerk_lessons::id::ThingId;

use crate::board::Board;
use crate::figure::Figure;
use crate::figure::strip::Content;
use crate::words::{self, Lang};

/// A cell that may hold commas, quotes or lines. A sign at its start would be a formula in a spreadsheet, so it is kept
/// from being one; only texts come here, never numbers.
pub(crate) fn harmless(text: &str) -> String {
    let tamed = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if tamed.contains([',', '"', '\n', '\r']) { format!("\"{}\"", tamed.replace('"', "\"\"")) } else { tamed }
}

impl Board {
    /// A figure's numbers as CSV: of charts over time every window that can be seen, of results every answer.
    pub fn csv(&self, figure: Figure) -> String {
        match figure {
            Figure::Strip => self.answers(),
            Figure::Sweep => self.windows(self.view(figure).subject(self.model()).as_slice()),
            Figure::Tiles | Figure::Overlay => {
                let all: Vec<ThingId> = self.model().things().iter().map(|thing| thing.id).collect();
                self.windows(&all)
            }
        }
    }

    /// Times are seconds before the right edge, on the hub's clock.
    fn windows(&self, things: &[ThingId]) -> String {
        let unit = self.model().lesson().map(|lesson| words::unit(&lesson.unit)).unwrap_or_default();
        let unit = harmless(&unit);
        let mut csv = format!("number,nickname,time in s,mean in {unit},smallest in {unit},largest in {unit},readings\r\n");
        let Some(grid) = self.model().grid() else { return csv };
        let view = self.view(Figure::Tiles);
        for thing in things.iter().filter_map(|&id| self.model().thing(id)) {
            let (from, to) = view.of(self.model(), thing.id).windows(self.model());
            let Some(ring) = self.model().ring(thing.id) else { continue };
            for window in ring.range(from, to) {
                let time = grid.middle(window.index) + self.model().behind(thing.id) - view.end;
                let (number, name) = (thing.number, harmless(&thing.nickname));
                // Writing to a string cannot fail.
                let _ = write!(csv, "{number},{name},{time:.4},{},{},{},{}\r\n", window.mean, window.min, window.max, window.count);
            }
        }
        csv
    }

    fn answers(&self) -> String {
        let Some(content) = Content::of(self.model()) else { return String::new() };
        let (name, unit) = (harmless(content.name), harmless(&content.unit));
        let mut csv = format!("number,nickname,{name} in {unit},uncertainty in {unit},not counted because,by hand\r\n");
        for answer in &content.answers {
            let reason = answer.reason(Lang::En).map(harmless).unwrap_or_default();
            let (nickname, hand) = (harmless(&answer.nickname), if answer.by_hand { "yes" } else { "" });
            let _ = write!(csv, "{},{nickname},{},{},{reason},{hand}\r\n", answer.number, answer.value, answer.uncertainty);
        }
        csv
    }
}
