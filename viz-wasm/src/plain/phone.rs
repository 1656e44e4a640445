//! The phone with its axes.

use std::f64::consts::FRAC_1_SQRT_2;

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::data::{Quantity, sane};
use super::{Place, Plain};
use crate::error::VizError;
use crate::figure::layout::Rect;
use crate::paint::pen::Point;
use crate::paint::theme::pale;
use crate::paint::{Anchor, Colour, text_width};
use crate::words::{self, Bilingual, Lang, number};

/// A phone, its axes x, y and z, and where a reading points.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Phone {
    /// What the sensor measures.
    pub quantity: Quantity,
    /// A reading along x, y and z; without one, the axes alone.
    pub reading: Option<[f64; 3]>,
    /// What is to be known of it: "at rest the phone measures 9.81 m/s² upwards".
    pub note: Bilingual,
}

/// Where the phone's axes point in the picture, y downwards: the phone stands and is seen from its upper left.
const AXES: [(f64, f64); 3] = [(0.93, 0.16), (0.0, -1.0), (-0.58, 0.5)];
/// Half of the phone's width, height and thickness; 1 is the length of the longest axis.
const HALF: [f64; 3] = [0.36, 0.7, 0.05];
/// How long the axes are drawn.
const LENGTHS: [f64; 3] = [0.86, 1.0, 0.86];

/// A point in the phone's own coordinates as a point of the picture.
fn projected([x, y, z]: [f64; 3]) -> (f64, f64) {
    let along = |pick: fn((f64, f64)) -> f64| x * pick(AXES[0]) + y * pick(AXES[1]) + z * pick(AXES[2]);
    (along(|axis| axis.0), along(|axis| axis.1))
}

fn meaning(axis: usize, lang: Lang) -> &'static str {
    match axis {
        0 => lang.pick("nach rechts", "to the right"),
        1 => lang.pick("nach oben", "upwards"),
        _ => lang.pick("aus dem Bildschirm heraus", "out of the screen"),
    }
}

const LETTERS: [&str; 3] = ["x", "y", "z"];

impl Phone {
    fn size(&self) -> Option<f64> {
        self.reading.map(|[x, y, z]| (x * x + y * y + z * z).sqrt())
    }

    /// Decimals with which all components are written.
    fn decimals(&self) -> usize {
        self.size().map_or(1, |size| number::decimals_alike(&[size]))
    }

    /// `x = 2.4 m/s²`, or without a reading `x: to the right`.
    fn line(&self, axis: usize, lang: Lang) -> String {
        match self.reading {
            Some(reading) => {
                let value = number::fixed(reading[axis], self.decimals(), lang);
                format!("{} = {}", LETTERS[axis], self.quantity.with(&value))
            }
            None => format!("{}: {}", LETTERS[axis], meaning(axis, lang)),
        }
    }

    fn total(&self, lang: Lang) -> Option<String> {
        let value = number::fixed(self.size()?, self.decimals(), lang);
        Some(format!("{} = {}", lang.pick("Betrag", "size"), self.quantity.with(&value)))
    }
}

impl Plain for Phone {
    fn title(&self, lang: Lang) -> String {
        let name = self.quantity.name.get(lang);
        match lang {
            Lang::De => format!("{name}: die Achsen des Handys"),
            Lang::En => format!("{name}: the axes of the phone"),
        }
    }

    fn check(&self) -> Result<(), VizError> {
        match self.reading {
            Some(reading) if reading.iter().any(|part| !sane(*part)) => {
                Err(VizError::Plain("a reading of a phone is three numbers".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let look = &canvas.look;
        let rect = canvas.headline(&self.title(look.lang))?;
        let rect = canvas.notes(rect, &[self.note.get(look.lang).to_owned()], 5)?;
        let mut lines: Vec<(String, Colour)> = (0..3).map(|axis| (self.line(axis, look.lang), look.theme.series(axis))).collect();
        lines.extend(self.total(look.lang).map(|total| (total, look.theme.ink())));
        // Beside the phone, or on an upright sheet below it.
        let beside = rect.width() > rect.height() * 5 / 4;
        let widest = lines.iter().map(|(line, _)| text_width(line, look.text * 1.08)).fold(0.0, f64::max) as i32;
        let (picture, list) = if beside {
            let left = rect.right - (widest + look.em(2.0)).min(rect.width() / 2);
            (Rect { right: left, ..rect }, Rect { left, ..rect })
        } else {
            let top = rect.bottom - look.em(1.4 * lines.len() as f64 + 0.4).min(rect.height() / 2);
            (Rect { bottom: top, ..rect }, Rect { top, ..rect })
        };
        let spots = self.picture(canvas, picture)?;
        spots.into_iter().enumerate().for_each(|(place, at)| canvas.mark(0, place, at));
        let height = look.em(1.4) * lines.len() as i32;
        let top = if beside { (list.top + list.bottom - height) / 2 } else { list.top };
        for (place, (line, colour)) in lines.iter().enumerate() {
            let at = (list.left + look.em(0.8), top + look.em(1.4) * place as i32 + look.em(0.7));
            canvas.pen.bold(line, at, Anchor::LEFT, look.text, *colour)?;
        }
        Ok(())
    }

    fn summary(&self, lang: Lang) -> String {
        let axes: Vec<String> = (0..3).map(|axis| format!("{} {}", LETTERS[axis], meaning(axis, lang))).collect();
        let mut text = match lang {
            Lang::De => format!("Ein Handy hochkant, Bildschirm zum Betrachter: {}.", axes.join(", ")),
            Lang::En => format!("A phone upright, its screen towards you: {}.", axes.join(", ")),
        };
        if let Some(total) = self.total(lang) {
            let parts: Vec<String> = (0..3).map(|axis| self.line(axis, lang)).collect();
            text += &format!(" {}: {}; {total}.", self.quantity.name.get(lang), parts.join(", "));
        }
        let note = self.note.get(lang).trim_end_matches('.');
        if note.is_empty() { text } else { format!("{text} {note}.") }
    }

    fn cells(&self, lang: Lang) -> Cells {
        let columns = vec![lang.pick("Achse", "axis").to_owned(), lang.pick("zeigt", "points").to_owned(), self.quantity.axis(lang)];
        let part = |axis: usize| self.reading.map(|reading| reading[axis]);
        let row = |axis: usize| vec![Cell::text(LETTERS[axis]), Cell::text(meaning(axis, lang)), Cell::maybe(part(axis), self.decimals())];
        let total =
            self.size().map(|size| vec![Cell::text(lang.pick("Betrag", "size")), Cell::text(""), Cell::Number(size, self.decimals())]);
        Cells { columns, rows: (0..3).map(row).chain(total).collect() }
    }

    fn lengths(&self) -> Vec<usize> {
        vec![if self.reading.is_some() { 4 } else { 3 }]
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        match place.index {
            axis @ 0..3 if self.reading.is_some() => format!("{} ({})", self.line(axis, lang), meaning(axis, lang)),
            axis @ 0..3 => self.line(axis, lang),
            _ => self.total(lang).unwrap_or_default(),
        }
    }

    fn tune(&self, _: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let values = self.reading.map(|reading| reading.map(Some).to_vec()).unwrap_or_default();
        (self.quantity.name.get(lang).to_owned(), values, words::unit(&self.quantity.unit))
    }
}

impl Phone {
    /// The phone and what points out of it; returns the tips of the axes and of the reading.
    fn picture<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>, rect: Rect) -> Result<Vec<Point>, VizError> {
        let (pen, look) = (&canvas.pen, &canvas.look);
        // From the tip of z on the left to the tip of x on the right, from y above to the phone's lower edge.
        let unit = (f64::from(rect.width() - look.em(3.0)) / 1.75).min(f64::from(rect.height() - look.em(2.2)) / 1.95).max(1.0);
        let middle = (f64::from(rect.left + rect.right) / 2.0 - 0.1 * unit, f64::from(rect.top + rect.bottom) / 2.0 + 0.12 * unit);
        let at = |place: [f64; 3]| {
            let (x, y) = projected(place);
            ((middle.0 + unit * x).round() as i32, (middle.1 + unit * y).round() as i32)
        };
        let [w, h, d] = HALF;
        let face = |z: f64, inset: f64| {
            let (w, h) = (w - inset, h - inset);
            rounded(w, h, 0.07 - inset / 2.0).into_iter().map(|(x, y)| at([x, y, z])).collect::<Vec<Point>>()
        };
        let (body, glass) = (pale(look.theme.ink(), look.theme.paper(), 0.75), pale(look.theme.class(), look.theme.paper(), 0.16));
        // From the back to the front; a few faces one behind the other make the sides.
        for layer in 0..=8 {
            pen.polygon(face(-d + 2.0 * d * f64::from(layer) / 8.0, 0.0), body)?;
        }
        pen.polygon(face(d, 0.035), glass)?;
        let mut edge = face(d, 0.0);
        edge.extend_from_within(..2);
        pen.path(edge, look.theme.ink(), look.width(0.35))?;
        pen.disc(at([0.0, h - 0.09, d]), (unit * 0.022) as i32 + 1, look.theme.ink())?;
        pen.line(at([-0.1, -h + 0.08, d]), at([0.1, -h + 0.08, d]), look.theme.muted(), look.width(0.7))?;
        let origin = at([0.0, 0.0, d]);
        let mut tips = Vec::new();
        for axis in 0..3 {
            let mut tip = [0.0, 0.0, d];
            tip[axis] += LENGTHS[axis];
            let (end, colour) = (at(tip), look.theme.series(axis));
            arrow(canvas, origin, end, colour, 0.7)?;
            let (dx, dy) = AXES[axis];
            let beyond = (end.0 + (dx * look.text * 0.8) as i32, end.1 + (dy * look.text * 0.8) as i32);
            pen.bold(LETTERS[axis], beyond, Anchor::CENTRE, look.text * 1.1, colour)?;
            tips.push(end);
        }
        tips.extend(self.vector(canvas, &at, origin)?);
        pen.disc(origin, look.em(0.2).max(2), look.theme.ink())?;
        Ok(tips)
    }

    /// The reading as an arrow, with the way to its tip along x, then y, then z.
    fn vector<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        at: &dyn Fn([f64; 3]) -> Point,
        origin: Point,
    ) -> Result<Option<Point>, VizError> {
        let (pen, look, d) = (&canvas.pen, &canvas.look, HALF[2]);
        let (Some(reading), Some(size)) = (self.reading, self.size().filter(|size| *size > 0.0)) else { return Ok(None) };
        let [x, y, z] = reading.map(|part| part / size * 0.95);
        let way = [[0.0, 0.0, d], [x, 0.0, d], [x, y, d], [x, y, z + d]].map(at);
        for (axis, pair) in way.windows(2).enumerate() {
            pen.dashed(pair[0], pair[1], look.em(0.3).max(2), look.theme.series(axis), look.width(0.6))?;
        }
        let tip = way[3];
        pen.line(origin, tip, look.theme.paper(), look.width(2.2))?;
        arrow(canvas, origin, tip, look.theme.ink(), 1.2)?;
        Ok(Some(tip))
    }
}

/// A line with a head; a very short one is a dot.
fn arrow<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, from: Point, to: Point, colour: Colour, share: f64) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
    let (length, head) = (dx.hypot(dy), look.text * 0.55 * (0.6 + 0.5 * share));
    if length < head {
        return pen.disc(to, look.em(0.2).max(2), colour);
    }
    let (ux, uy) = (dx / length, dy / length);
    let back = (f64::from(to.0) - ux * head, f64::from(to.1) - uy * head);
    let side = |sign: f64| ((back.0 - sign * uy * head * 0.45).round() as i32, (back.1 + sign * ux * head * 0.45).round() as i32);
    pen.line(from, (back.0.round() as i32, back.1.round() as i32), colour, look.width(share))?;
    pen.polygon(vec![to, side(1.0), side(-1.0)], colour)
}

/// Cosine and sine of 0°, 22.5° … 90°.
const ARC: [(f64, f64); 5] =
    [(1.0, 0.0), (0.923_879_533, 0.382_683_432), (FRAC_1_SQRT_2, FRAC_1_SQRT_2), (0.382_683_432, 0.923_879_533), (0.0, 1.0)];

/// The outline of a rectangle about the origin with rounded corners.
fn rounded(w: f64, h: f64, radius: f64) -> Vec<(f64, f64)> {
    let radius = radius.max(0.0);
    let corners = [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)];
    let mut outline = Vec::new();
    for (place, (x, y)) in corners.into_iter().enumerate() {
        // From the first quarter's end points on, every corner turned by a quarter more.
        for (cos, sin) in ARC {
            let (cos, sin) = [(cos, sin), (-sin, cos), (-cos, -sin), (sin, -cos)][place];
            outline.push((x * (w - radius) + radius * cos, y * (h - radius) + radius * sin));
        }
    }
    outline
}
