//! One small chart per Thing. All share both axes, so a glance compares them; the ticks stand once per row and column.

use std::ops::Range;

use plotters::prelude::DrawingBackend;

use super::View;
use super::axis::Axis;
use super::layout::{Rect, arrange, cells};
use super::sweep::{cursor, lines, runs, time_axis, time_name, value_name};
use crate::error::VizError;
use crate::model::Model;
use crate::model::lesson::Thing;
use crate::paint::theme::faded;
use crate::paint::{Anchor, Look, Pen, fit_name, text_width};
use crate::words;

/// The smallest tile in heights of type: a number beside a curve that can still be read. On a projector a full class
/// (35 Things) stands on one sheet.
const SMALLEST: (f64, f64) = (3.4, 2.1);

/// The Things whose tiles stand on the sheet, and how many sheets all take.
pub(crate) struct Shown {
    /// Which sheet, from 0.
    pub(crate) page: usize,
    /// How many there are, at least 1.
    pub(crate) pages: usize,
    /// Places among the model's Things.
    pub(crate) things: Range<usize>,
    /// A tile for each of them. On every sheet they stand alike.
    pub(crate) tiles: Vec<Rect>,
}

/// What stands on the sheet: everybody if they fit, else as many as can be read, in the order of the Things. The Thing that
/// is read out is always among them. Also for finding the one under a finger.
pub(crate) fn shown(sheet: Rect, model: &Model, view: &View, look: &Look) -> Shown {
    // As `end_ticks` writes them.
    let labels = Axis::new(view.range, 0, 100).labels(4, look);
    let widest = labels.iter().map(|(_, label)| text_width(label, look.text)).fold(0.0, f64::max);
    let inner = sheet.inset(look.em(1.7), look.em(0.5), look.em(2.9), widest as i32 + look.em(0.9));
    let gap = look.em(0.3).max(2);
    let most = |length: i32, smallest: f64| usize::try_from((length + gap) / (look.em(smallest) + gap).max(1)).unwrap_or(0).max(1);
    let (columns, rows) = (most(inner.width(), SMALLEST.0), most(inner.height(), SMALLEST.1));
    let all = model.things();
    let room = columns.saturating_mul(rows).min(all.len().max(1));
    let pages = all.len().div_ceil(room).max(1);
    let read = view.cursor.and_then(|cursor| all.iter().position(|thing| thing.id == cursor.thing));
    let page = read.map_or(view.page, |place| place / room).min(pages - 1);
    let best = arrange(room, inner.width(), inner.height());
    // The arrangement that looks best may have rows too flat.
    let arranged = if best.1 > rows { (room.div_ceil(rows), rows) } else { best };
    let mut tiles = cells(inner, arranged, gap);
    let things = page * room..((page + 1) * room).min(all.len());
    tiles.truncate(things.len());
    Shown { page, pages, things, tiles }
}

/// The room of a number beside its curve, in heights of type.
const BESIDE: f64 = 2.0;

/// Whether a tile has room for a line of text above its curve; else its number stands beside it.
fn headed(tile: Rect, look: &Look) -> bool {
    tile.height() > look.em(3.6)
}

/// The part of a tile in which the curve runs: below its name, or beside its number.
pub(crate) fn plot(tile: Rect, look: &Look) -> Rect {
    let edge = look.em(0.15);
    if headed(tile, look) {
        return tile.inset(look.em(1.35), edge, edge, edge);
    }
    // A tile so narrow that the number would take half of it keeps the curve and lets the number overlap.
    let beside = look.em(BESIDE);
    let left = if tile.width() > 2 * beside { beside } else { edge };
    tile.inset(edge, edge, edge, left)
}

pub(crate) fn draw<DB: DrawingBackend>(pen: &Pen<'_, DB>, model: &Model, view: &View, look: &Look) -> Result<(), VizError> {
    let sheet = Rect::sheet(pen.size());
    let Shown { things, tiles, .. } = shown(sheet, model, view, look);
    let things = model.things().get(things).unwrap_or_default();
    let (ink, muted) = (look.theme.ink(), look.theme.muted());
    let name = value_name(model, look, sheet.width() - look.em(1.0));
    pen.text(&name, (look.em(0.3), look.em(0.8)), Anchor::LEFT, look.text, ink)?;
    for (thing, tile) in things.iter().zip(&tiles) {
        draw_tile(pen, model, view, look, thing, *tile)?;
    }
    let Some((first, last)) = tiles.first().zip(tiles.iter().map(|tile| tile.bottom).max()) else { return Ok(()) };
    for tile in tiles.iter().filter(|tile| tile.left == first.left) {
        let plot = plot(*tile, look);
        let y = Axis::new(view.range, plot.bottom, plot.top);
        for (tick, label) in end_ticks(&y, plot, look) {
            let lowest = tile.bottom - look.em(0.45);
            let level = y.pixel(tick).clamp((tile.top + look.em(0.5)).min(lowest), lowest);
            pen.text(&label, (tile.left - look.em(0.4), level), Anchor::RIGHT, look.text, muted)?;
        }
    }
    let row: Vec<&Rect> = tiles.iter().filter(|tile| tile.top == first.top).collect();
    for tile in &row {
        let plot = plot(**tile, look);
        let labels = Axis::new((-view.span, 0.0), plot.left, plot.right).labels(2, look);
        let Some(((_, from), (_, to))) = labels.first().zip(labels.last()) else { continue };
        let level = last + look.em(0.8);
        pen.text(to, (plot.right, level), Anchor::RIGHT, look.text, muted)?;
        let half = (text_width(from, look.text) / 2.0) as i32;
        let middle = plot.left.max(tile.left + half);
        if middle + half + look.em(0.5) + (text_width(to, look.text) as i32) < plot.right {
            pen.text(from, (middle, level), Anchor::CENTRE, look.text, muted)?;
        }
    }
    let right = row.last().map_or(sheet.right, |tile| tile.right);
    pen.text(time_name(model, look.lang), (right, last + look.em(2.05)), Anchor::RIGHT, look.text, ink)
}

/// Lowest and highest tick, and zero between them if there is room for three.
fn end_ticks(axis: &Axis, plot: Rect, look: &Look) -> Vec<(f64, String)> {
    let labels = axis.labels(4, look);
    let room = plot.height() / look.em(1.05).max(1);
    let zero = labels.iter().find(|(tick, _)| *tick == 0.0).filter(|_| room >= 3).cloned();
    let mut ends: Vec<_> = if room >= 2 { vec![labels.first().cloned(), labels.last().cloned()] } else { vec![labels.last().cloned()] };
    ends.push(zero);
    let mut ends: Vec<_> = ends.into_iter().flatten().collect();
    ends = crate::order::ranks(ends.iter().map(|end| end.0)).into_iter().map(|place| ends[place].clone()).collect();
    ends.dedup_by(|one, other| one.0 == other.0);
    ends
}

fn draw_tile<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    model: &Model,
    view: &View,
    look: &Look,
    thing: &Thing,
    tile: Rect,
) -> Result<(), VizError> {
    let strong = view.highlight == Some(thing.id);
    let colour = look.theme.thing(thing.number, &thing.nickname);
    let plot = plot(tile, look);
    let y = Axis::new(view.range, plot.bottom, plot.top);
    let view = &view.of(model, thing.id);
    let x = time_axis(plot, view);
    let (corner, end) = ((tile.left, tile.top), (tile.right, tile.bottom));
    if strong {
        pen.block(corner, end, faded(colour, 0.12))?;
    }
    if view.range.0 < 0.0 && view.range.1 > 0.0 {
        pen.line((tile.left, y.pixel(0.0)), (tile.right, y.pixel(0.0)), look.theme.grid(), look.width(0.3))?;
    }
    let (border, width) = if strong { (colour, look.width(0.8)) } else { (look.theme.grid(), look.width(0.25)) };
    pen.frame(corner, end, border, width)?;
    let runs = runs(model, view, thing.id, &x, &y, true);
    let silent = runs.is_empty();
    for run in &runs {
        if run.band.len() > 1 {
            pen.polygon(run.outline(), faded(colour, 0.25))?;
        }
    }
    lines(pen, runs, colour, look.width(0.9))?;
    let number = thing.number.to_string();
    let wrong = words::clock(model.behind(thing.id), look.lang);
    let level = if headed(tile, look) { tile.top + look.em(0.75) } else { (tile.top + tile.bottom) / 2 };
    let size = if headed(tile, look) { look.text } else { shrunk(&number, look.text, f64::from(look.em(BESIDE - 0.5))) };
    pen.bold(&number, (tile.left + look.em(0.25), level), Anchor::LEFT, size, look.theme.ink())?;
    if headed(tile, look) {
        let after = look.em(0.7) + text_width(&number, look.text * 1.08) as i32;
        let room = f64::from(tile.width() - after - look.em(0.1));
        // Whose clock is wrong needs to know that more than its name; the number stays.
        match &wrong {
            Some(wrong) => {
                let at = (tile.left + after, level);
                pen.text(wrong, at, Anchor::LEFT, shrunk(wrong, look.text, room), look.theme.accent())?;
            }
            None => {
                let name = fit_name(&thing.nickname, look.text, room);
                pen.text(name, (tile.left + after, level), Anchor::LEFT, look.text, look.theme.muted())?;
            }
        }
    }
    if let Some(wrong) = wrong.filter(|_| !headed(tile, look)) {
        // Over the curve, on paper of its own: there is no line of text in so flat a tile.
        let size = shrunk(&wrong, look.text * 0.7, f64::from(tile.width() - look.em(0.4)));
        let (width, level) = (text_width(&wrong, size) as i32, plot.bottom - look.em(0.4));
        pen.block((plot.right - width - look.em(0.2), level - look.em(0.4)), (plot.right, plot.bottom), look.theme.paper())?;
        pen.text(&wrong, (plot.right, level), Anchor::RIGHT, size, look.theme.accent())?;
    }
    if silent {
        let words = look.lang.pick("keine Daten", "no data");
        let words = if text_width(words, look.text) < f64::from(plot.width()) { words } else { "–" };
        let middle = ((plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2);
        pen.text(words, middle, Anchor::CENTRE, look.text, look.theme.muted())?;
    }
    cursor(pen, model, look, (plot, &x, &y), view.cursor.filter(|cursor| cursor.thing == thing.id))
}

/// The size at which a text fits into a room: a number cut off would be another number. Never below half.
fn shrunk(text: &str, size: f64, room: f64) -> f64 {
    size * (room / text_width(text, size).max(1.0)).clamp(0.5, 1.0)
}
