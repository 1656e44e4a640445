//! What a plain figure draws on: pen and look, the point that is read out, and where its points came to lie.

use std::cell::RefCell;

use plotters::prelude::DrawingBackend;

use super::Place;
use crate::error::VizError;
use crate::figure::layout::Rect;
use crate::paint::pen::Point;
use crate::paint::{Anchor, Colour, Look, Pen, fit, text_width, wrap};

/// Where a point of a figure lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Which point.
    pub place: Place,
    /// Its pixel.
    pub at: (i32, i32),
}

/// Pen, look and the marks made so far.
pub(crate) struct Canvas<'a, DB: DrawingBackend> {
    pub(crate) pen: Pen<'a, DB>,
    pub(crate) look: Look,
    sheet: Rect,
    place: Option<Place>,
    marks: RefCell<Vec<Mark>>,
}

impl<'a, DB: DrawingBackend> Canvas<'a, DB> {
    pub(crate) fn new(pen: Pen<'a, DB>, look: Look, place: Option<Place>) -> Self {
        let sheet = Rect::sheet(pen.size());
        Self { pen, look, sheet, place, marks: RefCell::default() }
    }

    /// What a figure may fill: from the area's upper left corner on, mostly all of it.
    pub(crate) fn sheet(&self) -> Rect {
        self.sheet
    }

    /// Keeps the lowest pixels from the figure, at most half of them, and returns them.
    pub(crate) fn reserve(&mut self, height: i32) -> Rect {
        let top = self.sheet.bottom - height.min(self.sheet.height() / 2);
        let kept = Rect { top, ..self.sheet };
        self.sheet.bottom = top;
        kept
    }

    /// The point that is read out, if it is of this series.
    pub(crate) fn place(&self) -> Option<Place> {
        self.place
    }

    /// Remembers where a point lies.
    pub(crate) fn mark(&self, series: usize, index: usize, at: Point) {
        self.marks.borrow_mut().push(Mark { place: Place { series, index }, at });
    }

    /// All that were remembered.
    pub(crate) fn marks(&self) -> Vec<Mark> {
        self.marks.borrow().clone()
    }

    /// Rings the point that is read out and says beside it what it is.
    pub(crate) fn read(&self, label: Option<String>) -> Result<(), VizError> {
        let marks = self.marks.borrow();
        let Some(mark) = marks.iter().find(|mark| Some(mark.place) == self.place) else { return Ok(()) };
        let look = &self.look;
        self.pen.ring(mark.at, look.em(0.55), look.theme.ink(), look.width(0.6))?;
        let Some(label) = label.filter(|label| !label.is_empty()) else { return Ok(()) };
        let sheet = self.sheet();
        let lines = wrap(&label, look.text, f64::from(sheet.width() - look.em(2.0)).min(look.text * 22.0));
        let widest = lines.iter().map(|line| text_width(line, look.text)).fold(0.0, f64::max) as i32 + look.em(0.8);
        let height = look.em(1.2 * lines.len() as f64 + 0.4);
        let beside = mark.at.0 + look.em(0.8);
        let left = if beside + widest <= sheet.right { beside } else { mark.at.0 - look.em(0.8) - widest }.max(sheet.left);
        // Never over the point itself: where there is no room beside it, above or below.
        let over = left < mark.at.0 && left + widest > mark.at.0;
        let top = match over {
            false => mark.at.1 - height / 2,
            true if mark.at.1 - look.em(0.9) - height >= sheet.top => mark.at.1 - look.em(0.9) - height,
            true => mark.at.1 + look.em(0.9),
        };
        let top = top.clamp(sheet.top, (sheet.bottom - height).max(sheet.top));
        self.pen.block((left, top), (left + widest, top + height), look.theme.paper())?;
        self.pen.frame((left, top), (left + widest, top + height), look.theme.ink(), look.width(0.3))?;
        for (place, line) in lines.iter().enumerate() {
            let level = top + look.em(1.2 * place as f64 + 0.8);
            self.pen.text(line, (left + look.em(0.4), level), Anchor::LEFT, look.text, look.theme.ink())?;
        }
        Ok(())
    }

    /// The figure's message in one or two lines of bold type at the top; returns what is left below.
    pub(crate) fn headline(&self, text: &str) -> Result<Rect, VizError> {
        let (look, sheet) = (&self.look, self.sheet());
        if text.is_empty() {
            return Ok(sheet);
        }
        let room = f64::from(sheet.width() - look.em(0.8));
        // A little smaller is better than broken.
        let share = [1.0, 0.9, 0.82].into_iter().find(|share| text_width(text, look.text * 1.08 * share) <= room);
        if let Some(share) = share {
            self.pen.bold(text, (look.em(0.4), look.em(0.85)), Anchor::LEFT, look.text * share, look.theme.ink())?;
            return Ok(sheet.inset(look.em(1.45), 0, 0, 0));
        }
        // Two lines at most, and on a flat sheet one: the picture is what matters.
        let most = if sheet.height() < look.em(14.0) { 1 } else { 2 };
        let mut lines = wrap(text, look.text * 1.08, room);
        if lines.len() > most {
            let rest = lines.split_off(most - 1).join(" ");
            lines.push(fit(&rest, look.text * 1.08, room));
        }
        for (place, line) in lines.iter().enumerate() {
            let at = (look.em(0.4), look.em(0.85 + 1.25 * place as f64));
            self.pen.bold(line, at, Anchor::LEFT, look.text, look.theme.ink())?;
        }
        Ok(sheet.inset(look.em(0.2 + 1.25 * lines.len() as f64), 0, 0, 0))
    }

    /// Notes at the lower edge of a rectangle, in at most `most` lines; returns what is left above.
    pub(crate) fn notes(&self, rect: Rect, notes: &[String], most: usize) -> Result<Rect, VizError> {
        let look = &self.look;
        let room = f64::from(rect.width() - look.em(0.8));
        let text = notes.iter().filter(|note| !note.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" · ");
        let mut lines = wrap(&text, look.text, room);
        if most == 0 || lines.is_empty() {
            return Ok(rect);
        }
        if lines.len() > most {
            let rest = lines.split_off(most - 1).join(" ");
            lines.push(fit(&rest, look.text, room));
        }
        let top = rect.bottom - look.em(1.2 * lines.len() as f64 + 0.2);
        for (place, line) in lines.iter().enumerate() {
            let at = (rect.left + look.em(0.4), top + look.em(0.6 + 1.2 * place as f64));
            self.pen.text(line, at, Anchor::LEFT, look.text, look.theme.ink())?;
        }
        Ok(Rect { bottom: top.max(rect.top + 1), ..rect })
    }

    /// A text on paper of its own, so that lines may pass behind it.
    pub(crate) fn on_paper(&self, text: &str, at: Point, anchor: Anchor, colour: Colour) -> Result<(), VizError> {
        let look = &self.look;
        let (width, half) = (text_width(text, look.text) as i32, look.em(0.6));
        let left = match anchor.0 {
            plotters::style::text_anchor::HPos::Left => at.0,
            plotters::style::text_anchor::HPos::Center => at.0 - width / 2,
            plotters::style::text_anchor::HPos::Right => at.0 - width,
        };
        let edge = look.em(0.15);
        self.pen.block(
            (left - edge, at.1 - half),
            (left + width + edge, at.1 + half),
            crate::paint::theme::faded(look.theme.paper(), 0.85),
        )?;
        self.pen.text(text, at, anchor, look.text, colour)
    }

    /// Says in the middle why there is nothing to see.
    pub(crate) fn empty(&self, rect: Rect, text: &str) -> Result<(), VizError> {
        let look = &self.look;
        let lines = wrap(text, look.text, f64::from(rect.width() - look.em(1.0)));
        let middle = (rect.top + rect.bottom) / 2;
        for (place, line) in lines.iter().enumerate() {
            let level = middle + look.em(1.2 * place as f64) - look.em(0.6 * (lines.len() as f64 - 1.0));
            self.pen.text(line, ((rect.left + rect.right) / 2, level), Anchor::CENTRE, look.text, look.theme.muted())?;
        }
        Ok(())
    }
}
