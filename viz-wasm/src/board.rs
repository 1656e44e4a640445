//! The state behind a page: the model, and what the reader asked for (pause, zoom, highlight, readout). Knows no
//! browser; `web` hands it messages, keys and sizes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use plotters::drawing::IntoDrawingArea;

use crate::error::VizError;
use crate::figure::{self, Cursor, Figure, View};
use crate::model::Model;
use crate::model::lesson::Lesson;
use crate::model::results::Results;
use crate::paint::recorder::{Drawing, Recorder};
use crate::paint::{Look, Theme};
use crate::words::Lang;

mod pick;
mod reader;
mod scale;

use scale::Scale;

/// Length of the time axis at first, in seconds: three to ten swings of the pendulums schools have.
const SPAN: f64 = 10.0;
/// Shortest and longest time axis.
const SPANS: (f64, f64) = (2.5, 60.0);
/// A window that ends this much later than the hub's clock, in seconds, comes from a clock that runs fast; it does not
/// drag everybody's time axis along.
const AHEAD: f64 = 2.0;

/// Everything a page shows, drawn on request.
#[derive(Debug)]
pub struct Board {
    model: Model,
    lang: Lang,
    theme: Theme,
    highlight: Option<ThingId>,
    cursors: BTreeMap<Figure, Cursor>,
    span: f64,
    scale: Scale,
    /// Hub time minus page time in µs.
    clock: Option<Micros>,
    end: f64,
    paused: bool,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            model: Model::default(),
            lang: Lang::default(),
            theme: Theme::default(),
            highlight: None,
            cursors: BTreeMap::new(),
            span: SPAN,
            scale: Scale::default(),
            clock: None,
            end: 0.0,
            paused: false,
        }
    }
}

impl Board {
    /// What is known of the lesson.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Sets the language of labels and texts.
    pub fn set_language(&mut self, lang: Lang) {
        self.lang = lang;
    }

    /// The language of labels and texts.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Sets light or dark.
    pub fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
    }

    /// Draws a Thing strong, or none.
    pub fn set_highlight(&mut self, thing: Option<ThingId>) {
        self.highlight = thing;
    }

    /// Sets the length of the time axis in seconds, within 2.5 to 60.
    pub fn set_span(&mut self, seconds: f64) {
        if seconds.is_finite() {
            self.span = seconds.clamp(SPANS.0, SPANS.1);
        }
    }

    /// Stops and continues the time axis. Data are taken meanwhile.
    pub fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Whether the time axis stands.
    pub fn paused(&self) -> bool {
        self.paused
    }

    /// Takes the `lesson` message. `page_time` is the page's own clock in µs; with it the time axis follows the hub's
    /// clock also while nobody sends.
    pub fn lesson(&mut self, json: &str, page_time: Option<Micros>) -> Result<(), VizError> {
        let lesson = Lesson::parse(json)?;
        self.clock = lesson.now.zip(page_time).map(|(hub, page)| hub.saturating_sub(page));
        self.scale.choose(&lesson);
        self.model.set_lesson(lesson);
        self.follow(page_time);
        Ok(())
    }

    /// Takes a live frame.
    pub fn frame(&mut self, bytes: &[u8]) -> Result<(), VizError> {
        self.model.frame(bytes)?;
        self.follow(None);
        if !self.paused {
            self.scale.grow(&self.model, self.view(Figure::Tiles).windows(&self.model));
        }
        Ok(())
    }

    /// Takes the `/outcomes` body.
    pub fn outcomes(&mut self, json: &str) -> Result<(), VizError> {
        self.model.set_results(Results::parse(json)?);
        Ok(())
    }

    /// Moves the time axis to the page's clock in µs; true if it moved.
    pub fn advance(&mut self, page_time: Micros) -> bool {
        let before = self.end;
        self.follow(Some(page_time));
        self.end != before
    }

    /// The right edge is now, in whole windows: so all points move alike and no peak flickers between two columns.
    fn follow(&mut self, page_time: Option<Micros>) {
        if self.paused {
            return;
        }
        let Some(grid) = self.model.grid() else { return };
        let newest = self.model.newest().map(|index| (f64::from(index) + 1.0) * grid.seconds());
        let now = self.clock.zip(page_time).and_then(|(clock, page)| self.model.seconds(page.saturating_add(clock)));
        self.end = match (newest, now) {
            (_, Some(now)) => {
                let whole = (now / grid.seconds()).floor() * grid.seconds();
                newest.filter(|newest| *newest <= now + AHEAD).map_or(whole, |newest| newest.max(whole))
            }
            // Between two ticks of the page's clock a frame only ever moves the axis on.
            (Some(newest), None) if self.clock.is_none() => newest,
            _ => self.end,
        };
    }

    /// Fits the value axis to what can be seen now, or goes back to the fixed one.
    pub fn set_fitted(&mut self, fitted: bool) {
        let windows = self.view(Figure::Tiles).windows(&self.model);
        self.scale.fit(fitted, &self.model, windows);
    }

    /// What a figure shows at the moment.
    pub fn view(&self, figure: Figure) -> View {
        View {
            end: self.end,
            span: self.span,
            range: self.scale.range(),
            highlight: self.highlight,
            cursor: self.cursors.get(&figure).copied(),
        }
    }

    /// Draws a figure of `size` pixels with type and strong lines of these heights in pixels.
    pub fn draw(&self, figure: Figure, size: (u32, u32), text: f64, line: f64) -> Result<Drawing, VizError> {
        let look = Look { theme: self.theme, lang: self.lang, text, line };
        let drawing = Rc::new(RefCell::new(Drawing::default()));
        let area = Recorder::new(size, Rc::clone(&drawing)).into_drawing_area();
        figure::draw(figure, &self.model, &self.view(figure), &look, &area)?;
        drop(area);
        Ok(drawing.take())
    }
}

#[cfg(test)]
mod tests;
