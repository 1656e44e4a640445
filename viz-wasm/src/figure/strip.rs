//! The class's answers: every Thing's value with its uncertainty, the mean with its 95 % interval, the value in books
//! with its tolerance. Nobody's value is hidden: one far away stands at the edge with an arrow and its number.

use plotters::prelude::DrawingBackend;

use super::axis::Axis;
use super::dodge;
use super::layout::Rect;
use super::sweep::tag;
use super::{Cursor, View, value};
use crate::error::VizError;
use crate::model::Model;
use crate::model::results::{Answer, Class};
use crate::paint::marker::Marker;
use crate::paint::theme::faded;
use crate::paint::{Anchor, Look, Pen, fit, text_width};
use crate::words::{self, number};

pub(crate) mod notes;
pub mod place;

use place::Placed;

/// What the strip shows.
pub(crate) struct Content<'a> {
    pub(crate) name: &'a str,
    pub(crate) unit: String,
    pub(crate) answers: Vec<&'a Answer>,
    pub(crate) class: Option<&'a Class>,
}

impl<'a> Content<'a> {
    pub(crate) fn of(model: &'a Model) -> Option<Self> {
        let results = model.results();
        let name = results.name()?;
        let (answers, class) = (results.of(name), results.class.get(name));
        let unit = class.map(|class| &class.unit).or_else(|| answers.first().map(|answer| &answer.unit))?;
        Some(Self { name, unit: words::unit(unit), answers, class })
    }

    /// How many answers count: where none does, the hub sends no class.
    pub(crate) fn counted(&self) -> u32 {
        self.class.map_or_else(|| self.answers.iter().filter(|answer| answer.counts()).count() as u32, |class| class.n)
    }
}

/// Height of a line of notes in heights of type.
const NOTE: f64 = 1.15;

/// Where dots and mean stand: below the two lines of text, above the axis and its notes.
pub(crate) fn plot(content: &Content<'_>, sheet: Rect, look: &Look) -> Rect {
    let notes = notes::lines(content, sheet, look).len();
    sheet.inset(look.em(2.9), look.em(1.2), look.em(2.9 + NOTE * notes as f64), look.em(1.2))
}

pub(crate) fn draw<DB: DrawingBackend>(pen: &Pen<'_, DB>, model: &Model, view: &View, look: &Look) -> Result<(), VizError> {
    draw_on(pen, model, view, look, Rect::sheet(pen.size()))
}

/// Draws on a sheet that may leave the lower part of the area free.
pub(crate) fn draw_on<DB: DrawingBackend>(pen: &Pen<'_, DB>, model: &Model, view: &View, look: &Look, sheet: Rect) -> Result<(), VizError> {
    let content = Content::of(model).filter(|content| !content.answers.is_empty());
    let Some(content) = content else {
        let text = look.lang.pick("noch kein Ergebnis", "no result yet");
        return pen.text(text, (sheet.width() / 2, sheet.height() / 2), Anchor::CENTRE, look.text, look.theme.muted());
    };
    let plot = plot(&content, sheet, look);
    let placed = place::place(&content, plot, look);
    axis(pen, look, &content, plot, &placed.axis)?;
    reference(pen, look, &content, plot, &placed.axis)?;
    dots(pen, look, view, &content, &placed)?;
    class(pen, look, &content, plot, &placed)?;
    for (place, line) in notes::lines(&content, sheet, look).iter().enumerate() {
        let level = plot.bottom + look.em(2.15 + NOTE * (place + 1) as f64);
        pen.text(line, (look.em(0.4), level), Anchor::LEFT, look.text, look.theme.ink())?;
    }
    read(pen, look, &content, plot, &placed, view.cursor)
}

fn axis<DB: DrawingBackend>(pen: &Pen<'_, DB>, look: &Look, content: &Content<'_>, plot: Rect, axis: &Axis) -> Result<(), VizError> {
    value::ticks(pen, look, plot, axis)?;
    let long = look.lang.pick("Balken: Unsicherheit, ◆ Mittel der Klasse", "bars: uncertainty, ◆ mean of the class");
    let short = look.lang.pick("Balken: Unsicherheit, ◆ Mittel", "bars: uncertainty, ◆ mean");
    let least = look.lang.pick("Balken: Unsicherheit", "bars: uncertainty");
    let (count, name) = (format!("n = {}", content.counted()), words::in_unit(content.name, &content.unit));
    value::foot(pen, look, plot, (&count, &name), &[long, short, least])
}

fn reference<DB: DrawingBackend>(pen: &Pen<'_, DB>, look: &Look, content: &Content<'_>, plot: Rect, axis: &Axis) -> Result<(), VizError> {
    let Some(reference) = content.class.and_then(|class| class.reference.as_ref()) else { return Ok(()) };
    let label = match reference.label.get(look.lang) {
        "" => look.lang.pick("Literatur", "literature"),
        label => label,
    };
    let text = format!("{label} {}", words::with_unit(&number::shortest(reference.value, look.lang), &content.unit));
    value::band(pen, look, (plot, axis), (reference.value, reference.tolerance), &text)
}

fn dots<DB: DrawingBackend>(pen: &Pen<'_, DB>, look: &Look, view: &View, content: &Content<'_>, placed: &Placed) -> Result<(), VizError> {
    let (ink, paper) = (look.theme.ink(), look.theme.paper());
    // The strong one last: no other may cover it or its number.
    let strong = |answer: &Answer| view.highlight == Some(answer.thing);
    let all = content.answers.iter().zip(&placed.dots).zip(&placed.labels);
    let (front, back): (Vec<_>, Vec<_>) = all.partition(|((answer, _), _)| strong(answer));
    for ((answer, &at), label) in back.into_iter().chain(front) {
        let colour = look.theme.thing(answer.number, &answer.nickname);
        let (strong, inside) = (strong(answer), placed.axis.holds(answer.value));
        let (low, high) = placed.bar(answer);
        let bar = if answer.counts() { faded(colour, 0.75) } else { look.theme.muted() };
        let level = at.1 + if placed.marked { 0 } else { look.em(place::UNDER) };
        pen.line((low, level), (high, level), bar, look.width(if strong { 1.0 } else { 0.5 }))?;
        if !placed.marked && inside {
            number_as_mark(pen, look, answer, at, strong)?;
            continue;
        }
        let fill = if answer.counts() { colour } else { paper };
        let outline = if strong {
            ink
        } else if answer.counts() {
            paper
        } else {
            colour
        };
        let radius = if strong { placed.radius * 4 / 3 } else { placed.radius };
        let shape = if answer.by_hand { Marker::Cross } else { Marker::of(answer.number) };
        shape.draw(pen, at, radius, fill, outline, look.width(if answer.counts() { 0.3 } else { 0.5 }))?;
        let above = (at.0, at.1 - radius - look.em(0.55));
        let label = if strong { Some(above) } else { *label };
        if let Some(at) = label.filter(|_| inside) {
            let text = answer.number.to_string();
            // Bars of others may pass behind.
            let (half, high) = (text_width(&text, look.text) as i32 / 2, look.em(0.4));
            pen.block((at.0 - half, at.1 - high), (at.0 + half, at.1 + high), faded(paper, 0.6))?;
            pen.bold(&text, at, Anchor::CENTRE, look.text, ink)?;
        }
    }
    let levels = place::far_levels(content, &placed.axis, &placed.dots, look);
    for ((answer, &(x, _)), level) in content.answers.iter().zip(&placed.dots).zip(levels) {
        if let Some(level) = level {
            off_scale(pen, look, answer, (x, level), placed)?;
        }
    }
    Ok(())
}

/// Where marks and numbers do not both fit, the number is the mark; a stroke at the bar says where the value is.
fn number_as_mark<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    look: &Look,
    answer: &Answer,
    at: (i32, i32),
    strong: bool,
) -> Result<(), VizError> {
    let colour = look.theme.thing(answer.number, &answer.nickname);
    let text = place::number_of(answer);
    if strong {
        let (half, high) = (text_width(&text, look.text * 1.08) as i32 / 2, look.em(0.45));
        pen.block((at.0 - half, at.1 - high), (at.0 + half, at.1 + high), faded(colour, 0.25))?;
    }
    let under = at.1 + look.em(place::UNDER);
    pen.line((at.0, under - look.em(0.12)), (at.0, under + look.em(0.12)), colour, look.width(0.7))?;
    pen.bold(&text, at, Anchor::CENTRE, look.text, if answer.counts() { look.theme.ink() } else { look.theme.muted() })
}

/// An arrow to where the value would be, and which it is.
fn off_scale<DB: DrawingBackend>(pen: &Pen<'_, DB>, look: &Look, answer: &Answer, at: (i32, i32), placed: &Placed) -> Result<(), VizError> {
    let (low, _) = placed.axis.range();
    let value = number::fixed(answer.value, number::decimals_of_uncertainty(answer.uncertainty), look.lang);
    let (text, anchor, shift) = if answer.value < low {
        (format!("◀ {}: {value}", answer.number), Anchor::LEFT, placed.radius + look.em(0.3))
    } else {
        (format!("{}: {value} ▶", answer.number), Anchor::RIGHT, -placed.radius - look.em(0.3))
    };
    // On paper of its own: bars of others may pass behind.
    let (from, width) = (at.0 + shift, text_width(&text, look.text) as i32);
    let left = if shift > 0 { from } else { from - width };
    let half = look.em(0.55);
    pen.block((left, at.1 - half), (left + width, at.1 + half), faded(look.theme.paper(), 0.85))?;
    pen.text(&text, (from, at.1), anchor, look.text, look.theme.ink())
}

fn class<DB: DrawingBackend>(pen: &Pen<'_, DB>, look: &Look, content: &Content<'_>, plot: Rect, placed: &Placed) -> Result<(), VizError> {
    let (ink, accent) = (look.theme.ink(), look.theme.accent());
    let mut title = format!("{}: {}", content.name, look.lang.pick("noch kein Klassenwert", "no class value yet"));
    if let Some((class, mean)) = content.class.and_then(|class| Some((class, class.mean?))) {
        let at = (placed.axis.pixel(mean), placed.mean);
        match class.ci95 {
            Some((low, high)) => {
                let (from, to) = (placed.axis.pixel(low), placed.axis.pixel(high));
                pen.line((from, at.1), (to, at.1), accent, look.width(1.3))?;
                let cap = look.em(0.35);
                pen.line((from, at.1 - cap), (from, at.1 + cap), accent, look.width(0.7))?;
                pen.line((to, at.1 - cap), (to, at.1 + cap), accent, look.width(0.7))?;
                let value = number::with_uncertainty(mean, (high - low) / 2.0, look.lang);
                title = format!("{} = {}", content.name, words::with_unit(&value, &content.unit));
                let meant = format!("{title} (95 %)");
                let named = format!("{} {meant}", look.lang.pick("Klasse:", "class:"));
                let room = f64::from(plot.width() + look.em(0.8));
                let fits = |text: &String| text_width(text, look.text * 1.05) < room;
                title = [named, meant].into_iter().find(fits).unwrap_or(title);
            }
            None => title = format!("{} = {}", content.name, words::with_unit(&number::plain(mean, look.lang), &content.unit)),
        }
        Marker::Diamond.draw(pen, at, look.em(0.32), accent, ink, look.width(0.4))?;
    }
    let title = fit(&title, look.text * 1.08, f64::from(plot.width() + look.em(1.5)));
    pen.bold(&title, (look.em(0.4), look.em(0.8)), Anchor::LEFT, look.text, ink)
}

fn read<DB: DrawingBackend>(
    pen: &Pen<'_, DB>,
    look: &Look,
    content: &Content<'_>,
    plot: Rect,
    placed: &Placed,
    cursor: Option<Cursor>,
) -> Result<(), VizError> {
    let Some(cursor) = cursor else { return Ok(()) };
    let mut own = content.answers.iter().zip(&placed.dots).filter(|(answer, _)| answer.thing == cursor.thing);
    let Some((answer, &at)) = own.nth(usize::try_from(cursor.index).unwrap_or(0)) else { return Ok(()) };
    pen.ring(at, placed.radius + look.em(0.25), look.theme.ink(), look.width(0.6))?;
    let value = number::with_uncertainty(answer.value, answer.uncertainty, look.lang);
    tag(pen, look, plot, at, &format!("{}: {}", answer.number, words::with_unit(&value, &content.unit)))
}
