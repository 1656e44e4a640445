//! Charts of a class: plotters on canvas in the browser, the same figures as SVG on the server.
//!
//! [`model`] is what is known, [`figure`] draws it on any plotters backend, [`equivalent`] says the same in words and
//! tables, [`board`] holds what the reader asked for; [`plain`] are the figures that need no live model. Only `web` knows
//! the browser, only `svg` plotters' SVG backend.
//! Nothing here does I/O, reads a clock or panics on bad input.

pub mod board;
mod equivalent;
pub mod error;
pub mod figure;
pub mod model;
mod order;
pub mod paint;
pub mod plain;
#[cfg(feature = "svg")]
pub mod svg;
#[cfg(all(target_arch = "wasm32", any(feature = "web-live", feature = "web-plain", feature = "web-sky")))]
mod web;
pub mod words;

pub use equivalent::{MAX_ROWS, Melody, Table};
