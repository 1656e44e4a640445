//! A chart whose horizontal axis is a result: grid and ticks, the accepted value's band, what stands below.

use plotters::prelude::DrawingBackend;

use super::axis::Axis;
use super::layout::Rect;
use crate::error::VizError;
use crate::paint::theme::faded;
use crate::paint::{Anchor, Look, Pen, fit, text_width};

/// Grid lines, numbers and the axis itself.
pub(crate) fn ticks<DB: DrawingBackend>(pen: &Pen<'_, DB>, look: &Look, plot: Rect, axis: &Axis) -> Result<(), VizError> {
    let (muted, thin) = (look.theme.muted(), look.width(0.3));
    let count = (plot.width() / look.em(5.0).max(1)).clamp(2, 9) as usize;
    for (tick, label) in axis.labels(count, look) {
        let place = axis.pixel(tick);
        pen.line((place, plot.top), (place, plot.bottom), look.theme.grid(), thin)?;
        pen.text(&label, (place, plot.bottom + look.em(0.9)), Anchor::CENTRE, look.text, muted)?;
    }
    pen.line((plot.left, plot.bottom), (plot.right, plot.bottom), muted, thin)
}

/// Below the axis: its name on the right, the count on the left, between them what marks mean, as long and as large as
/// there is room; a bar without a meaning is worse than a small legend. Meanings come longest first.
pub(crate) fn foot<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    look: &Look,
    plot: Rect,
    (count, name): (&str, &str),
    meanings: &[&str],
) -> Result<(), VizError> {
    let level = plot.bottom + look.em(2.15);
    let name = fit(name, look.text, f64::from(plot.right - look.em(1.2)) - text_width(count, look.text * 1.08));
    pen.text(&name, (plot.right, level), Anchor::RIGHT, look.text, look.theme.ink())?;
    pen.bold(count, (look.em(0.4), level), Anchor::LEFT, look.text, look.theme.ink())?;
    let from = look.em(1.2) + text_width(count, look.text * 1.08) as i32;
    let room = f64::from(plot.right - from) - text_width(&name, look.text) - look.text * 0.6;
    match legend(look, meanings, room) {
        Some((meaning, size)) => pen.text(meaning, (from, level), Anchor::LEFT, size, look.theme.muted()),
        None => Ok(()),
    }
}

/// On a board the full size matters more than the full sentence; in a print so narrow, a small legend is better than none.
fn legend<'a>(look: &Look, meanings: &[&'a str], room: f64) -> Option<(&'a str, f64)> {
    let small = meanings.get(1..).unwrap_or_default().iter().map(|meaning| (*meaning, 0.75));
    let least = meanings.last().map(|meaning| (*meaning, 0.6));
    let ways = meanings.iter().map(|meaning| (*meaning, 1.0)).chain(small).chain(least);
    ways.map(|(meaning, share)| (meaning, look.text * share)).find(|(meaning, size)| text_width(meaning, *size) <= room)
}

/// The accepted value as a dashed line in the band of its tolerance, its name above the plot.
pub(crate) fn band<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    look: &Look,
    (plot, axis): (Rect, &Axis),
    (value, tolerance): (f64, f64),
    label: &str,
) -> Result<(), VizError> {
    let colour = look.theme.reference();
    let at = axis.pixel(value);
    let (low, high) = (axis.pixel(value - tolerance), axis.pixel(value + tolerance));
    if high > low {
        pen.block((low, plot.top), (high, plot.bottom), faded(colour, 0.18))?;
    }
    pen.dashed((at, plot.top - look.em(0.3)), (at, plot.bottom), look.em(0.4).max(3), colour, look.width(0.7))?;
    let text = fit(label, look.text, f64::from(plot.width()));
    let half = text_width(&text, look.text) as i32 / 2;
    let middle = at.clamp((plot.left + half).min(plot.right), (plot.right - half).max(plot.left + half));
    pen.text(&text, (middle, plot.top - look.em(0.9)), Anchor::CENTRE, look.text, colour)
}
