//! All Things in one chart: up to six in their colours with their names at the line's end, more as thin lines of one
//! colour behind the highlighted one. More than six colours at once nobody can follow, and one colour that five lines
//! share would say that they belong together.

use plotters::prelude::DrawingBackend;

use super::View;
use super::axis::Frame;
use super::layout::Rect;
use super::sweep::{cursor, lines, runs, time_axis, time_name, value_name};
use crate::error::VizError;
use crate::model::Model;
use crate::model::lesson::Thing;
use crate::paint::theme::pale;
use crate::paint::{Anchor, Look, Pen, fit_name, text_width};

/// Colours that can be told apart and followed at once.
const COLOURS: usize = 6;

pub(crate) fn draw<DB: DrawingBackend>(pen: &Pen<'_, DB>, model: &Model, view: &View, look: &Look) -> Result<(), VizError> {
    let sheet = Rect::sheet(pen.size());
    let things = model.things();
    let few = things.len() <= COLOURS;
    let right = margin(model, view, look, sheet);
    let name = value_name(model, look, sheet.width() - look.em(1.0));
    let frame = Frame::draw(pen, look, sheet, ((-view.span, 0.0), time_name(model, look.lang)), (view.range, &name), right)?;
    let drawn = |thing: &Thing| {
        let view = view.of(model, thing.id);
        runs(model, &view, thing.id, &time_axis(frame.plot, &view), &frame.y, false)
    };
    let mut ends = Vec::new();
    for thing in things {
        let strong = view.highlight == Some(thing.id);
        if strong {
            continue;
        }
        let runs = drawn(thing);
        if few {
            ends.extend(end(thing, &runs));
            lines(pen, runs, look.theme.thing(thing.number, &thing.nickname), look.width(0.9))?;
        } else {
            lines(pen, runs, pale(look.theme.class(), look.theme.paper(), 0.6), look.width(0.35))?;
        }
    }
    if let Some(thing) = view.highlight.and_then(|id| model.thing(id)) {
        let runs = drawn(thing);
        ends.extend(end(thing, &runs));
        // A margin of paper lifts the strong line off the others.
        lines(pen, runs.clone(), look.theme.paper(), look.width(1.8))?;
        lines(pen, runs, look.theme.thing(thing.number, &thing.nickname), look.width(1.0))?;
    }
    labels(pen, look, &frame, right, ends)?;
    let x = time_axis(frame.plot, &view.cursor.map_or(*view, |cursor| view.of(model, cursor.thing)));
    cursor(pen, model, look, (frame.plot, &x, &frame.y), view.cursor)
}

/// The room that names at the right end need.
pub(crate) fn margin(model: &Model, view: &View, look: &Look, sheet: Rect) -> i32 {
    let things = model.things();
    let named = things.iter().filter(|thing| things.len() <= COLOURS || view.highlight == Some(thing.id));
    let widest = named.map(|thing| text_width(&thing.label(), look.text * 1.08) as i32).max();
    widest.map_or(0, |widest| (widest + look.em(1.0)).min(sheet.width() / 4))
}

fn end<'a>(thing: &'a Thing, runs: &[super::trace::Run]) -> Option<(i32, &'a Thing)> {
    runs.last()?.line.last().map(|&(_, y)| (y, thing))
}

/// Names at the right end of the lines, pushed apart so that none covers another.
fn labels<DB: DrawingBackend>(pen: &Pen<'_, DB>, look: &Look, frame: &Frame, right: i32, ends: Vec<(i32, &Thing)>) -> Result<(), VizError> {
    let order = crate::order::places(ends.iter().map(|&(y, thing)| (f64::from(y), f64::from(thing.number))));
    let pitch = look.em(1.15);
    let mut free = frame.plot.top;
    let count = ends.len() as i32;
    for (place, (y, thing)) in order.into_iter().map(|place| ends[place]).enumerate() {
        let last = frame.plot.bottom - pitch * (count - 1 - place as i32);
        let level = y.min(last).max(free);
        free = level + pitch;
        let number = thing.number.to_string();
        let room = f64::from(right - look.em(0.9)) - text_width(&number, look.text * 1.08);
        let label = format!("{number} {}", fit_name(&thing.nickname, look.text * 1.08, room));
        let at = (frame.plot.right + look.em(0.4), level);
        pen.bold(label.trim_end(), at, Anchor::LEFT, look.text, look.theme.thing(thing.number, &thing.nickname))?;
    }
    Ok(())
}
