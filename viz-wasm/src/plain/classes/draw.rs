//! How the rows of classes are drawn.

use super::*;
use crate::figure::axis::Axis;
use crate::figure::layout::Rect;
use crate::figure::value;
use crate::paint::marker::Marker;
use crate::paint::theme::faded;
use crate::paint::{Anchor, Look, fit, text_width};
use crate::plain::rows::{self, Style};

const SHAPES: [Marker; 5] = [Marker::Circle, Marker::Square, Marker::Up, Marker::Diamond, Marker::Down];
/// The least height of a row in heights of type: its label and something below it.
const LEAST: f64 = 2.7;

impl Classes {
    /// Which classes stand on a sheet with room for so many: the first ones, and the own one among them.
    fn shown(&self, room: usize) -> Vec<usize> {
        let mut shown: Vec<usize> = (0..self.classes.len().min(room.max(1))).collect();
        let own = self.classes.iter().position(|class| class.own);
        if let (Some(own), Some(last)) = (own.filter(|own| *own >= shown.len()), shown.last_mut()) {
            *last = own;
        }
        shown
    }

    fn range(&self) -> (f64, f64) {
        let all: Vec<f64> = self.classes.iter().flat_map(|class| values::counted(&class.values)).collect();
        let means: Vec<Mean> = self.classes.iter().filter_map(Class::mean).collect();
        // Of single means only intervals count; where results are known they say how far the axis reaches.
        let kept: Vec<f64> = if self.view == Kind::Mean { Vec::new() } else { all };
        let range = values::range(&kept, &means, self.reference.as_ref());
        let rows = self.classes.iter().map(|class| self.row(class));
        let edges = rows.flat_map(|row| match row {
            Row::Bars(counted) => counted.edges,
            _ => Vec::new(),
        });
        stats::hull(edges.chain([range.0, range.1])).unwrap_or(range)
    }

    /// The tallest bar of all: share of a class's results per width, and that width, the narrowest of all.
    fn tallest(&self) -> (f64, f64) {
        let counted = || {
            self.classes.iter().filter_map(|class| match self.row(class) {
                Row::Bars(counted) => Some(counted),
                _ => None,
            })
        };
        let width = counted().map(|counted| counted.width().0).fold(f64::INFINITY, f64::min);
        (counted().flat_map(|counted| shares(&counted, width)).fold(0.0, f64::max), width)
    }

    pub(super) fn paint<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let (pen, look, sheet) = (&canvas.pen, &canvas.look, canvas.sheet());
        if self.classes.is_empty() {
            return canvas.empty(sheet, look.lang.pick("noch keine Klasse", "no class yet"));
        }
        let least = look.em(LEAST);
        let mut notes = self.notes(look.lang);
        // Without the notes there would be so many rows.
        let room = ((sheet.height() - look.em(4.6)) / least.max(1)).max(1) as usize;
        let shown = self.shown(room);
        if shown.len() < self.classes.len() {
            let more = self.classes.len() - shown.len();
            let text = look.lang.pick("weitere in der Tabelle", "more in the table");
            notes.insert(0, format!("+{more} {text}"));
        }
        // Notes may take what the rows do not need.
        let free = (sheet.height() - look.em(4.6) - look.em(LEAST + 0.9) * shown.len() as i32).max(0);
        let most = (free / look.em(1.2).max(1)).clamp(i32::from(shown.len() < self.classes.len()), 5) as usize;
        let rect = canvas.notes(sheet, &notes, most)?;
        let above = if self.reference.is_some() { 1.7 } else { 0.5 };
        let plot = rect.inset(look.em(above), look.em(1.2), look.em(2.9), look.em(1.2));
        let axis = Axis::new(self.range(), plot.left, plot.right);
        value::ticks(pen, look, plot, &axis)?;
        values::band(canvas, (plot, &axis), (self.reference.as_ref(), &self.quantity))?;
        let tallest = self.tallest();
        let pitch = plot.height() / shown.len() as i32;
        for (line, &place) in shown.iter().enumerate() {
            let top = plot.top + pitch * line as i32;
            let row = Rect { top, bottom: top + pitch, ..plot };
            if line > 0 {
                pen.line((sheet.left, top), (sheet.right, top), look.theme.grid(), look.width(0.4))?;
            }
            self.class(canvas, (row, &axis), place, tallest)?;
        }
        let meanings = self.meanings(look, tallest);
        let meanings: Vec<&str> = meanings.iter().map(String::as_str).collect();
        value::foot(pen, look, plot, ("", &self.quantity.axis(look.lang)), &meanings)
    }

    fn meanings(&self, look: &Look, (tallest, width): (f64, f64)) -> Vec<String> {
        let mean = look.lang.pick("◆ Mittel mit 95-%-Intervall", "◆ mean with 95 % interval").to_owned();
        match self.view {
            Kind::Histogram if tallest > 0.0 => {
                let share = number::fixed(tallest * 100.0, 0, look.lang);
                let width = self.quantity.with(&number::plain_short(width, look.lang));
                let long = match look.lang {
                    Lang::De => format!("Balken: Anteil je {width}, höchster {share} %"),
                    Lang::En => format!("bars: share per {width}, highest {share} %"),
                };
                let short = format!("{} {share} %", look.lang.pick("höchster Balken", "highest bar"));
                vec![format!("{long}; {mean}"), long, short]
            }
            Kind::Box => vec![look.lang.pick("Kasten: mittlere Hälfte", "box: middle half").to_owned()],
            _ => vec![mean, look.lang.pick("◆ Mittel, 95 %", "◆ mean, 95 %").to_owned()],
        }
    }

    /// A class: its label, and below it what is known of it.
    fn class<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        (row, axis): (Rect, &Axis),
        place: usize,
        (tallest, width): (f64, f64),
    ) -> Result<(), VizError> {
        let (pen, look, class) = (&canvas.pen, &canvas.look, &self.classes[place]);
        let style = Style { colour: look.theme.series(place), marker: SHAPES[place % SHAPES.len()] };
        let sheet = canvas.sheet();
        if class.own {
            pen.block((sheet.left, row.top + 1), (sheet.right, row.bottom), faded(style.colour, 0.1))?;
        }
        let level = row.top + look.em(0.75);
        let mark = (sheet.left + look.em(0.7), level);
        let own = if class.own { look.lang.pick(" (eigene)", " (own)") } else { "" };
        let name = format!("{}{own}", class.name.get(look.lang));
        let message = self.message(class, look.lang);
        let all = f64::from(sheet.width() - look.em(1.9));
        let bare = message.replace(look.lang.pick(", Mittel ", ", mean "), ": ");
        let unit = format!(" {}", words::unit(&self.quantity.unit));
        let (least, short) = (bare.replace(&unit, ""), format!("n = {}", class.n()));
        let room = |name: &str| all - text_width(name, look.text * 1.08) - look.text * 0.6;
        let message =
            [message, bare, least, short].into_iter().find(|message| text_width(message, look.text) <= room(&name)).unwrap_or_default();
        let name = fit(&name, look.text * 1.08, all - text_width(&message, look.text) - look.text * 0.6);
        let after = sheet.left + look.em(1.7) + text_width(&name, look.text * 1.08) as i32;
        // Band and grid must not run through the words.
        let end = after + text_width(&message, look.text) as i32;
        pen.block((sheet.left, row.top + 1), (end, row.top + look.em(1.4)), faded(look.theme.paper(), 0.8))?;
        style.marker.draw(pen, mark, look.em(0.32), style.colour, look.theme.paper(), look.width(0.25))?;
        pen.bold(&name, (sheet.left + look.em(1.3), level), Anchor::LEFT, look.text, look.theme.ink())?;
        pen.text(&message, (after, level), Anchor::LEFT, look.text, look.theme.muted())?;
        let body = Rect { top: row.top + look.em(1.4), bottom: row.bottom - look.em(0.25), ..row };
        let body = Rect { bottom: body.bottom.max(body.top + 1), ..body };
        let middle = (body.top + body.bottom) / 2;
        // The mean's row, where something else is drawn too: above bars, below dots.
        let strip = look.em(0.9).min(body.height() / 2);
        match self.row(class) {
            Row::Nothing => Ok(()),
            Row::Mean => {
                let Some(mean) = class.mean() else { return Ok(()) };
                canvas.mark(place, 0, (axis.pixel(mean.mean), middle));
                values::interval(canvas, axis, mean, middle, style.colour)
            }
            Row::Dots => {
                let dots = Rect { bottom: (body.bottom - strip).max(body.top + 1), ..body };
                rows::dots(canvas, (dots, axis), (&class.values, place), style)?;
                let level = body.bottom - strip / 2;
                class.mean().map_or(Ok(()), |mean| values::interval(canvas, axis, mean, level, look.theme.ink()))
            }
            Row::Box(quartiles) => {
                let half = (body.height() / 2).min(look.em(1.6)).max(2);
                let box_ = Rect { top: middle - half, bottom: middle + half, ..body };
                rows::boxed(canvas, (box_, axis), &quartiles, style.colour)?;
                for value in values::counted(&class.values).into_iter().filter(|value| quartiles.outside(*value)) {
                    outlier(canvas, (body, axis), value, style)?;
                }
                canvas.mark(place, 0, (axis.pixel(quartiles.median), middle));
                Ok(())
            }
            Row::Bars(counted) => {
                let bars = Rect { top: (body.top + strip).min(body.bottom - 1), ..body };
                let heights = shares(&counted, width);
                rows::bars(canvas, (bars, axis), (&counted.edges, &heights, tallest), style.colour)?;
                pen.line((bars.left, bars.bottom), (bars.right, bars.bottom), look.theme.muted(), look.width(0.3))?;
                let Some(mean) = class.mean() else { return Ok(()) };
                canvas.mark(place, 0, (axis.pixel(mean.mean), body.top + strip / 2));
                values::interval(canvas, axis, mean, body.top + strip / 2, look.theme.ink())
            }
        }
    }
}

/// A value that the arms of the box do not reach: a ring, and beyond the axis an arrow with the value.
fn outlier<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, (row, axis): (Rect, &Axis), value: f64, style: Style) -> Result<(), VizError> {
    let (look, middle, (low, high)) = (&canvas.look, (row.top + row.bottom) / 2, axis.range());
    let told = number::plain_short(value, look.lang);
    if value < low {
        canvas.on_paper(&format!("◀ {told}"), (row.left, middle), Anchor::LEFT, look.theme.ink())
    } else if value > high {
        canvas.on_paper(&format!("{told} ▶"), (row.right, middle), Anchor::RIGHT, look.theme.ink())
    } else {
        canvas.pen.ring((axis.pixel(value), middle), look.em(0.25), style.colour, look.width(0.5))
    }
}

/// Shares of a class's results per `width` in each of its bins.
fn shares(counted: &Counted, width: f64) -> Vec<f64> {
    let total = f64::from(counted.total().max(1));
    let share = |(pair, count): (&[f64], &u32)| f64::from(*count) / total * width / (pair[1] - pair[0]);
    counted.edges.windows(2).zip(&counted.counts).map(share).collect()
}
