//! The live charts.

use messwerk_lessons::Micros;
use wasm_bindgen::prelude::*;

use super::{paint, refused};
use crate::board::Board as State;
use crate::figure::Figure;
use crate::paint::Theme;
use crate::words::Lang;

fn micros(milliseconds: f64) -> Micros {
    // Saturates; NaN becomes 0.
    (milliseconds * 1000.0) as Micros
}

/// Everything a page shows.
#[wasm_bindgen]
#[derive(Default)]
pub struct Board(State);

#[wasm_bindgen]
impl Board {
    /// An empty board in the language of a tag (`de`, `en-GB`).
    #[wasm_bindgen(constructor)]
    pub fn new(language: &str) -> Self {
        let mut board = Self::default();
        board.language(language);
        board
    }

    /// A digest of the shared analysis over fixed input: the same bits as on the hub, or results made here must not be
    /// compared with the hub's.
    pub fn self_test() -> u64 {
        messwerk_lessons::analysis::self_test()
    }

    /// Sets the language of labels and texts.
    pub fn language(&mut self, tag: &str) {
        self.0.set_language(Lang::from_tag(tag));
    }

    /// Sets the colours: `light` or `dark`.
    pub fn theme(&mut self, name: &str) {
        self.0.set_theme(Theme::from_name(name));
    }

    /// Draws a Thing strong; an empty id draws none so.
    pub fn highlight(&mut self, thing: &str) {
        self.0.set_highlight(thing.parse().ok());
    }

    /// Stops or continues the time axis.
    pub fn pause(&mut self, paused: bool) {
        self.0.set_paused(paused);
    }

    /// Lets the time axis stand at a hub time in milliseconds, or run again.
    pub fn still(&mut self, at: Option<f64>) {
        self.0.set_still(at.map(micros));
    }

    /// Turns to a sheet of tiles, from 0.
    pub fn turn(&mut self, page: u32) {
        self.0.turn(page as usize);
    }

    /// Which sheet of tiles is shown, from 0, and how many there are.
    pub fn sheets(&self, width: u32, height: u32, text: f64, line: f64) -> Vec<u32> {
        let (page, pages) = self.0.sheets((width, height), text, line);
        vec![page as u32, pages as u32]
    }

    /// Sets the length of the time axis in seconds.
    pub fn span(&mut self, seconds: f64) {
        self.0.set_span(seconds);
    }

    /// Fits the value axis to what can be seen, or goes back to the fixed one.
    pub fn fit(&mut self, fitted: bool) {
        self.0.set_fitted(fitted);
    }

    /// Takes the hub's `lesson` message; `now` is the page's clock in milliseconds.
    pub fn lesson(&mut self, json: &str, now: f64) -> Result<(), JsError> {
        self.0.lesson(json, Some(micros(now))).map_err(refused)
    }

    /// Takes a live frame.
    pub fn frame(&mut self, bytes: &[u8]) -> Result<(), JsError> {
        self.0.frame(bytes).map_err(refused)
    }

    /// Takes the hub's `outcomes` message.
    pub fn outcomes(&mut self, json: &str) -> Result<(), JsError> {
        self.0.outcomes(json).map_err(refused)
    }

    /// Moves the time axis to the page's clock in milliseconds; true if the charts over time need drawing.
    pub fn advance(&mut self, now: f64) -> bool {
        self.0.advance(micros(now))
    }

    /// Draws a figure on a 2d context whose canvas has this size; type and strong lines in pixels of the canvas.
    pub fn draw(&self, figure: &str, context: &JsValue, width: u32, height: u32, text: f64, line: f64) -> Result<(), JsError> {
        let figure = Figure::from_name(figure).map_err(refused)?;
        let drawing = self.0.draw(figure, (width, height), text, line).map_err(refused)?;
        paint(context, &drawing.operations, &drawing.texts);
        Ok(())
    }

    /// A figure's heading.
    pub fn title(&self, figure: &str) -> Result<String, JsError> {
        Ok(self.0.title(Figure::from_name(figure).map_err(refused)?))
    }

    /// A figure's message in a sentence.
    pub fn summary(&self, figure: &str) -> Result<String, JsError> {
        Ok(self.0.summary(Figure::from_name(figure).map_err(refused)?))
    }

    /// Whether curves have begun within the last second: their sentences are to be said again soon.
    pub fn collecting(&self) -> bool {
        self.0.collecting()
    }

    /// A figure's numbers as JSON: `{"caption","columns":[…],"rows":[[…]]}`.
    pub fn table(&self, figure: &str) -> Result<String, JsError> {
        let table = self.0.table(Figure::from_name(figure).map_err(refused)?);
        serde_json::to_string(&table).map_err(|error| refused(error.into()))
    }

    /// A figure's numbers in full as CSV, with a point for the decimals.
    pub fn csv(&self, figure: &str) -> Result<String, JsError> {
        Ok(self.0.csv(Figure::from_name(figure).map_err(refused)?))
    }

    /// A figure as a melody: `{"name","values":[number|null…],"low","high","unit"}`.
    pub fn melody(&self, figure: &str) -> Result<String, JsError> {
        let melody = self.0.melody(Figure::from_name(figure).map_err(refused)?);
        serde_json::to_string(&melody).map_err(|error| refused(error.into()))
    }

    /// Takes a key in a figure; the readout, or undefined if the key means nothing there.
    pub fn key(&mut self, figure: &str, key: &str) -> Result<Option<String>, JsError> {
        Ok(self.0.key(Figure::from_name(figure).map_err(refused)?, key))
    }

    /// Reads out the point nearest to (x, y) of a figure of this size; empty if none is near.
    #[allow(clippy::too_many_arguments, reason = "two points and two sizes; an object would cost a crossing each")]
    pub fn point(&mut self, figure: &str, x: i32, y: i32, width: u32, height: u32, text: f64, line: f64) -> Result<String, JsError> {
        let figure = Figure::from_name(figure).map_err(refused)?;
        Ok(self.0.point(figure, (x, y), (width, height), text, line))
    }
}
