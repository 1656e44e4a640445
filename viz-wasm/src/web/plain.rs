//! Figures from plain data.

use wasm_bindgen::prelude::*;

use super::{paint, refused};
use crate::paint::Theme;
use crate::plain::desk::Desk;
use crate::words::Lang;

/// A figure from plain data (`plain::PlainFigure` as JSON).
#[wasm_bindgen]
pub struct Plain(Desk);

#[wasm_bindgen]
impl Plain {
    /// A figure from its JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str) -> Result<Self, JsError> {
        Ok(Self(Desk::parse(json).map_err(refused)?))
    }

    /// Takes newer data; on error nothing has changed.
    pub fn replace(&mut self, json: &str) -> Result<(), JsError> {
        self.0.replace(json).map_err(refused)
    }

    /// Sets the language of labels and texts.
    pub fn language(&mut self, tag: &str) {
        self.0.set_language(Lang::from_tag(tag));
    }

    /// Sets the colours: `light` or `dark`.
    pub fn theme(&mut self, name: &str) {
        self.0.set_theme(Theme::from_name(name));
    }

    /// Draws on a 2d context whose canvas has this size; type and strong lines in pixels of the canvas.
    pub fn draw(&self, context: &JsValue, width: u32, height: u32, text: f64, line: f64) -> Result<(), JsError> {
        let drawing = self.0.draw((width, height), text, line).map_err(refused)?;
        paint(context, &drawing.operations, &drawing.texts);
        Ok(())
    }

    /// A heading.
    pub fn title(&self) -> String {
        self.0.title()
    }

    /// The figure's message in a few sentences.
    pub fn summary(&self) -> String {
        self.0.summary()
    }

    /// The figure's numbers as JSON: `{"caption","columns":[…],"rows":[[…]]}`.
    pub fn table(&self) -> Result<String, JsError> {
        serde_json::to_string(&self.0.table()).map_err(|error| refused(error.into()))
    }

    /// All numbers as CSV, with a point for the decimals.
    pub fn csv(&self) -> String {
        self.0.csv()
    }

    /// The figure as a melody: `{"name","values":[number|null…],"low","high","unit"}`.
    pub fn melody(&self) -> Result<String, JsError> {
        serde_json::to_string(&self.0.melody()).map_err(|error| refused(error.into()))
    }

    /// Takes a key; the readout, or undefined if the key means nothing here.
    pub fn key(&mut self, key: &str) -> Option<String> {
        self.0.key(key)
    }

    /// Reads out the point nearest to (x, y) of the figure in this size; empty if none is near.
    pub fn point(&mut self, x: i32, y: i32, width: u32, height: u32, text: f64, line: f64) -> String {
        self.0.point((x, y), (width, height), text, line)
    }
}
