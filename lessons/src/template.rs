//! Lesson templates: what a lesson measures, asks for and computes.

mod run;

pub use run::{RunData, StreamData};
