//! One Thing over the last seconds: mean line, and behind it the band from smallest to largest reading.

use messwerk_lessons::id::ThingId;
use plotters::prelude::DrawingBackend;

use super::axis::{Axis, Frame};
use super::layout::Rect;
use super::trace::{self, Run};
use super::{Cursor, Figure, View, overlay};
use crate::error::VizError;
use crate::model::{Model, lesson::Thing};
use crate::paint::marker::Marker;
use crate::paint::pen::Point;
use crate::paint::theme::faded;
use crate::paint::{Anchor, Colour, Look, Pen, text_width};
use crate::words::{self, Lang, number};

/// The name on the time axis of every chart over time.
pub(crate) fn time_name(model: &Model, lang: Lang) -> &'static str {
    if model.lesson().is_some_and(|lesson| lesson.ended.is_some()) {
        lang.pick("Zeit in s (0 = Ende)", "time in s (0 = end)")
    } else {
        lang.pick("Zeit in s (0 = jetzt)", "time in s (0 = now)")
    }
}

/// The name on the value axis: `angular velocity |ω| in rad/s`, without the words where they do not fit.
pub(crate) fn value_name(model: &Model, look: &Look, width: i32) -> String {
    let Some((lesson, property)) = model.lesson().and_then(|lesson| Some((lesson, lesson.property?))) else { return String::new() };
    let short = words::in_unit(&words::symbol(property, lesson.component), &words::unit(&lesson.unit));
    let long = format!("{} {short}", words::property_name(property, look.lang));
    if text_width(&long, look.text) <= f64::from(width) { long } else { short }
}

/// The runs of a Thing's windows; `view` and `x` are on its own clock.
pub(crate) fn runs(model: &Model, view: &View, thing: ThingId, x: &Axis, y: &Axis, band: bool) -> Vec<Run> {
    let (Some(grid), Some(ring)) = (model.grid(), model.ring(thing)) else { return Vec::new() };
    let (from, to) = view.windows(model);
    trace::runs(ring.range(from, to), grid, x, y, band)
}

/// Draws runs as lines; a window between two gaps is a dot, for a line needs two.
pub(crate) fn lines<DB: DrawingBackend>(pen: &Pen<'_, DB>, runs: Vec<Run>, colour: Colour, width: u32) -> Result<(), VizError> {
    runs.into_iter().try_for_each(|run| match run.line[..] {
        [] => Ok(()),
        [only] => pen.disc(only, (width as i32).max(1), colour),
        _ => pen.path(run.line, colour, width),
    })
}

/// Marks the point that is read out, with its value beside it; `x` is on its Thing's own clock.
pub(crate) fn cursor<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    model: &Model,
    look: &Look,
    (plot, x, y): (Rect, &Axis, &Axis),
    cursor: Option<Cursor>,
) -> Result<(), VizError> {
    let point = cursor.and_then(|cursor| {
        let window = *model.ring(cursor.thing)?.range(cursor.index, cursor.index.saturating_add(1)).next()?;
        Some((model.thing(cursor.thing)?, model.grid()?.middle(window.index), window))
    });
    let Some((thing, time, window)) = point.filter(|(_, time, _)| x.holds(*time)) else { return Ok(()) };
    let at = (x.pixel(time), y.pixel(window.mean.into()));
    let colour = look.theme.thing(thing.number, &thing.nickname);
    pen.line((at.0, plot.top), (at.0, plot.bottom), look.theme.ink(), look.width(0.3))?;
    Marker::of(thing.number).draw(pen, at, look.em(0.4), colour, look.theme.ink(), look.width(0.4))?;
    let lesson_unit = model.lesson().map(|lesson| words::unit(&lesson.unit)).unwrap_or_default();
    let label = format!("{}: {} {lesson_unit}", thing.number, number::plain(window.mean.into(), look.lang));
    tag(pen, look, plot, at, &label)
}

/// A label in a box beside a point, within the plot.
pub(crate) fn tag<DB: DrawingBackend>(pen: &Pen<'_, DB>, look: &Look, plot: Rect, at: Point, label: &str) -> Result<(), VizError> {
    let width = text_width(label, look.text) as i32 + look.em(0.8);
    let left = if at.0 + look.em(0.6) + width < plot.right { at.0 + look.em(0.6) } else { at.0 - look.em(0.6) - width }.max(plot.left);
    let top = (at.1 - look.em(0.8)).clamp(plot.top, (plot.bottom - look.em(1.6)).max(plot.top));
    let (from, to) = ((left, top), (left + width, top + look.em(1.6)));
    pen.block(from, to, look.theme.paper())?;
    pen.frame(from, to, look.theme.ink(), look.width(0.3))?;
    pen.text(label, (left + look.em(0.4), top + look.em(0.8)), Anchor::LEFT, look.text, look.theme.ink())
}

/// Where the curves of a chart over time lie on a sheet of this size, for finding the point under a finger.
pub(crate) fn time_axis(plot: Rect, view: &View) -> Axis {
    Axis::new((view.end - view.span, view.end), plot.left, plot.right)
}

/// Where the curves of sweep and overlay run.
pub(crate) fn plot(model: &Model, view: &View, figure: Figure, sheet: Rect, look: &Look) -> Rect {
    let right = if figure == Figure::Overlay { overlay::margin(model, view, look, sheet) } else { 0 };
    Frame::plot(look, sheet, view.range, right)
}

pub(crate) fn draw<DB: DrawingBackend>(pen: &Pen<'_, DB>, model: &Model, view: &View, look: &Look) -> Result<(), VizError> {
    let sheet = Rect::sheet(pen.size());
    let subject = view.subject(model).and_then(|id| model.thing(id));
    let label = subject.map(Thing::label).unwrap_or_default();
    let name = value_name(model, look, sheet.width() - text_width(&label, look.text * 1.08) as i32 - look.em(2.0));
    let frame = Frame::draw(pen, look, sheet, ((-view.span, 0.0), time_name(model, look.lang)), (view.range, &name), 0)?;
    let Some(thing) = subject else { return Ok(()) };
    let colour = look.theme.thing(thing.number, &thing.nickname);
    let view = &view.of(model, thing.id);
    let x = time_axis(frame.plot, view);
    let runs = runs(model, view, thing.id, &x, &frame.y, true);
    for run in &runs {
        if run.band.len() > 1 {
            pen.polygon(run.outline(), faded(colour, 0.28))?;
        }
    }
    lines(pen, runs, colour, look.width(1.0))?;
    pen.bold(&label, (frame.plot.right, sheet.top + look.em(0.8)), Anchor::RIGHT, look.text, colour)?;
    cursor(pen, model, look, (frame.plot, &x, &frame.y), view.cursor.filter(|cursor| cursor.thing == thing.id))
}
