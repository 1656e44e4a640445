//! One class in a row over a value axis: its results as marks, as a box, as bars, or only its mean.

use plotters::prelude::DrawingBackend;

use super::canvas::Canvas;
use super::data::Value;
use super::stats::Quartiles;
use super::values;
use crate::error::VizError;
use crate::figure::axis::Axis;
use crate::figure::dodge;
use crate::figure::layout::Rect;
use crate::paint::marker::Marker;
use crate::paint::theme::faded;
use crate::paint::{Anchor, Colour, text_width};
use crate::words::number;

/// What a row looks like: colour and mark together, so that either tells it from its neighbours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) colour: Colour,
    pub(crate) marker: Marker,
}

/// The marks of all results, from the bottom up where they would touch; hollow where one does not count. Who lies beyond
/// the axis stands at its edge with an arrow and the value. Remembers each as a point of `series`.
pub(crate) fn dots<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (row, axis): (Rect, &Axis),
    (given, series): (&[Value], usize),
    style: Style,
) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let ranked = values::ranked(given);
    let far = |value: f64| {
        let (low, high) = axis.range();
        if value < low { Some(true) } else { (value > high).then_some(false) }
    };
    let told = |value: f64| number::plain_short(value, look.lang);
    let mut radius = look.em(0.34).max(3);
    let lanes_of = |radius: i32| {
        let interval = |&place: &usize| {
            let value = given[place].value;
            let at = axis.pixel(value);
            let text = text_width(&format!("◀ {}", told(value)), look.text) as i32 + look.em(0.4);
            match far(value) {
                Some(true) => (row.left, row.left + text),
                Some(false) => (row.right - text, row.right),
                None => (at - radius, at + radius),
            }
        };
        dodge::lanes(&ranked.iter().map(interval).collect::<Vec<_>>(), 1)
    };
    let mut lanes = lanes_of(radius);
    let count = |lanes: &[usize]| lanes.iter().max().map_or(1, |lane| *lane as i32 + 1);
    // As small as needed for the lanes to fit, then lanes overlap.
    while count(&lanes) * (2 * radius + 1) > row.height() && radius > look.em(0.2).max(2) {
        radius -= 1;
        lanes = lanes_of(radius);
    }
    let pitch = (row.height() / count(&lanes)).clamp(1, 2 * radius + 2);
    for (rank, (&place, &lane)) in ranked.iter().zip(&lanes).enumerate() {
        let value = &given[place];
        let level = (row.bottom - radius - pitch * lane as i32).max(row.top);
        if let Some(below) = far(value.value) {
            let text = if below { format!("◀ {}", told(value.value)) } else { format!("{} ▶", told(value.value)) };
            let (at, anchor) = if below { (row.left, Anchor::LEFT) } else { (row.right, Anchor::RIGHT) };
            canvas.on_paper(&text, (at, level), anchor, look.theme.ink())?;
            canvas.mark(series, rank, (at, level));
            continue;
        }
        let at = (axis.pixel(value.value), level);
        let marker = if value.by_hand { Marker::Cross } else { style.marker };
        let fill = if value.counts() { style.colour } else { look.theme.paper() };
        let (outline, width) = if value.own {
            (look.theme.ink(), 0.6)
        } else if value.counts() {
            (look.theme.paper(), 0.25)
        } else {
            (style.colour, 0.45)
        };
        marker.draw(pen, at, if value.own { radius * 4 / 3 } else { radius }, fill, outline, look.width(width))?;
        canvas.mark(series, rank, at);
    }
    Ok(())
}

/// The box of the quartiles with its whiskers, in the whole height of the row.
pub(crate) fn boxed<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (row, axis): (Rect, &Axis),
    quartiles: &Quartiles,
    colour: Colour,
) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let middle = (row.top + row.bottom) / 2;
    let [low, first, median, third, high] =
        [quartiles.low, quartiles.first, quartiles.median, quartiles.third, quartiles.high].map(|value| axis.pixel(value));
    let (thin, cap) = (look.width(0.5), row.height() / 4);
    pen.line((low, middle), (first, middle), colour, thin)?;
    pen.line((third, middle), (high, middle), colour, thin)?;
    pen.line((low, middle - cap), (low, middle + cap), colour, thin)?;
    pen.line((high, middle - cap), (high, middle + cap), colour, thin)?;
    pen.block((first, row.top), (third.max(first + 1), row.bottom), faded(colour, 0.22))?;
    pen.frame((first, row.top), (third.max(first + 1), row.bottom), colour, thin)?;
    pen.line((median, row.top), (median, row.bottom), colour, look.width(1.3))
}

/// Bars between edges; `tall` is the height that reaches to the row's top.
pub(crate) fn bars<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (row, axis): (Rect, &Axis),
    (edges, heights, tall): (&[f64], &[f64], f64),
    colour: Colour,
) -> Result<Vec<(i32, i32)>, VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let mut tops = Vec::new();
    for (pair, height) in edges.windows(2).zip(heights) {
        let (from, to) = (axis.pixel(pair[0]), axis.pixel(pair[1]));
        let share = if tall > 0.0 { (height / tall).clamp(0.0, 1.0) } else { 0.0 };
        let top = row.bottom - (f64::from(row.height()) * share).round() as i32;
        tops.push(((from + to) / 2, top));
        if *height > 0.0 && to > from {
            pen.block((from, top), (to, row.bottom), faded(colour, 0.35))?;
            pen.frame((from, top), (to, row.bottom), colour, look.width(0.35))?;
        }
    }
    Ok(tops)
}
