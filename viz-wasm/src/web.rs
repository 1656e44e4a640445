//! What JavaScript sees: one class for the live charts, one for figures from data, one for the sky. Thin on purpose; every decision is made,
//! and tested, outside. Each has a module of its own for the browser (`cargo xtask wasm`): a phone that shows its own signal
//! loads nothing that only a comparison needs.
//!
//! Errors become JavaScript `Error`s with the sentence the page shows.

#[cfg(any(feature = "web-live", feature = "web-plain"))]
use wasm_bindgen::prelude::*;

#[cfg(any(feature = "web-live", feature = "web-plain"))]
use crate::error::VizError;

#[cfg(feature = "web-live")]
mod live;
#[cfg(feature = "web-plain")]
mod plain;
#[cfg(feature = "web-sky")]
mod sky;

#[cfg(any(feature = "web-live", feature = "web-plain"))]
#[wasm_bindgen(raw_module = "../paint.js")]
extern "C" {
    /// Draws a list of operations (`paint::recorder`) on a 2d context.
    fn paint(context: &JsValue, operations: &[i32], texts: &str);
}

#[cfg(any(feature = "web-live", feature = "web-plain"))]
fn refused(error: VizError) -> JsError {
    JsError::new(&error.to_string())
}
