//! The state behind a page: the model, and what the reader asked for (pause, zoom, highlight, readout). Knows no
//! browser; `web` hands it messages, keys and sizes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use messwerk_lessons::Micros;
use messwerk_lessons::id::ThingId;
use plotters::drawing::IntoDrawingArea;

use crate::error::VizError;
use crate::figure::layout::Rect;
use crate::figure::{self, Cursor, Figure, View};
use crate::model::Model;
use crate::model::lesson::Lesson;
use crate::model::results::Results;
use crate::paint::recorder::{Drawing, Recorder};
use crate::paint::{Look, Theme};
use crate::words::Lang;

mod clocks;
mod pick;
mod reader;
mod scale;

use clocks::Clocks;
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
    /// The page's clock when it was last told, in µs.
    page_time: Option<Micros>,
    clocks: Clocks,
    end: f64,
    paused: bool,
    /// Hub time at which the time axis stands, if it does.
    still: Option<Micros>,
    page: usize,
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
            page_time: None,
            clocks: Clocks::default(),
            end: 0.0,
            paused: false,
            still: None,
            page: 0,
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

    /// Whether the time axis runs: neither the reader nor the teacher stopped it, and the lesson goes on.
    pub fn running(&self) -> bool {
        !self.paused && self.still.is_none() && self.model.lesson().is_none_or(|lesson| lesson.ended.is_none())
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

    /// Lets the time axis stand at this hub time, as a frozen or stopped lesson asks for; `None` lets it run.
    pub fn set_still(&mut self, at: Option<Micros>) {
        self.still = at;
        self.follow(None);
    }

    /// Turns to a sheet of tiles, from 0, where they do not fit on one; what is read out there goes, for it would turn back.
    pub fn turn(&mut self, page: usize) {
        self.page = page;
        self.cursors.remove(&Figure::Tiles);
    }

    /// Whether the reader stopped the time axis.
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
        let before = self.model.grid();
        let frame = self.model.frame(bytes)?;
        // The first frame is history: it says nothing about when its windows arrived.
        if let Some(now) = self.now().filter(|_| before.is_some() && before == self.model.grid()) {
            self.clocks.arrived(&mut self.model, &frame, now);
        }
        self.follow(None);
        if !self.paused {
            self.scale.grow(&self.model, &self.view(Figure::Tiles));
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
        self.page_time = Some(page_time);
        self.follow(Some(page_time));
        self.end != before
    }

    /// The hub's clock in seconds after the grid's origin, as far as the page knows it.
    fn now(&self) -> Option<f64> {
        let (clock, page) = self.clock.zip(self.page_time)?;
        self.model.seconds(page.saturating_add(clock))
    }

    /// The right edge is now, in whole windows: so all points move alike and no peak flickers between two columns.
    fn follow(&mut self, page_time: Option<Micros>) {
        if self.paused {
            return;
        }
        let Some(grid) = self.model.grid() else { return };
        if let Some(still) = self.still.and_then(|still| self.model.seconds(still)) {
            self.end = (still / grid.seconds()).floor() * grid.seconds();
            return;
        }
        let newest = self.model.newest().map(|index| (f64::from(index) + 1.0) * grid.seconds());
        // A lesson that is over stands at its last reading.
        if let Some(ended) = self.model.lesson().and_then(|lesson| lesson.ended).and_then(|ended| self.model.seconds(ended)) {
            self.end = newest.filter(|newest| *newest <= ended + AHEAD).unwrap_or(ended);
            return;
        }
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
        let view = self.view(Figure::Tiles);
        self.scale.fit(fitted, &self.model, &view);
    }

    /// What a figure shows at the moment.
    pub fn view(&self, figure: Figure) -> View {
        View {
            end: self.end,
            span: self.span,
            range: self.scale.range(),
            highlight: self.highlight,
            cursor: self.cursors.get(&figure).copied(),
            page: self.page,
        }
    }

    /// Which sheet of tiles is shown, from 0, and how many there are, in a figure of this size.
    pub fn sheets(&self, size: (u32, u32), text: f64, line: f64) -> (usize, usize) {
        let look = Look { theme: self.theme, lang: self.lang, text, line };
        let sheet = Rect::sheet((size.0 as i32, size.1 as i32));
        let shown = figure::tiles::shown(sheet, &self.model, &self.view(Figure::Tiles), &look);
        (shown.page, shown.pages)
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
