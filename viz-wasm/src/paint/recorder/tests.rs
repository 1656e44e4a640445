use plotters::drawing::IntoDrawingArea;
use plotters::style::RGBAColor;

use super::*;
use crate::error::VizError;
use crate::paint::{Anchor, Pen};

const INK: RGBAColor = RGBAColor(1, 2, 3, 1.0);
const RGB: i32 = 0x01_02_03;

/// Draws with a pen and expects operations and texts.
fn check(draw: impl FnOnce(&Pen<'_, Recorder>) -> Result<(), VizError>, operations: &[i32], texts: &str) {
    let drawing = Rc::new(RefCell::new(Drawing::default()));
    let area = Recorder::new((100, 50), Rc::clone(&drawing)).into_drawing_area();
    let pen = Pen::new(&area);
    assert_eq!(pen.size(), (100, 50));
    draw(&pen).unwrap();
    assert_eq!(*drawing.borrow(), Drawing { operations: operations.to_vec(), texts: texts.to_owned() });
}

#[test]
fn every_stroke_is_written_down_once() {
    check(|pen| pen.fill(INK), &[2, RGB, 255, 0, 0, 0, 100, 50], "");
    check(|pen| pen.path(vec![(1, 2), (3, 4)], INK, 5), &[0, RGB, 255, 5, 2, 1, 2, 3, 4], "");
    check(|pen| pen.path(vec![], INK, 5), &[0, RGB, 255, 5, 0], "");
    check(|pen| pen.disc((1, 2), 3, INK), &[3, RGB, 255, 0, 1, 2, 3], "");
    check(|pen| pen.ring((1, 2), 3, INK, 4), &[3, RGB, 255, 4, 1, 2, 3], "");
    check(|pen| pen.polygon(vec![(0, 0), (1, 0), (1, 1)], INK), &[1, RGB, 255, 0, 3, 0, 0, 1, 0, 1, 1], "");
    check(|pen| pen.dashed((0, 0), (9, 0), 3, INK, 1), &[0, RGB, 255, 1, 2, 0, 0, 3, 0, 0, RGB, 255, 1, 2, 6, 0, 9, 0], "");
}

#[test]
fn texts_travel_beside_the_operations() {
    check(|pen| pen.text("a\u{1}b", (10, 20), Anchor::LEFT, 16.0, INK), &[4, RGB, 255, 256, 0, 0, 10, 24, 0], "ab\u{1}");
    check(|pen| pen.bold("c", (10, 20), Anchor::RIGHT, 16.0, INK), &[4, RGB, 255, 256, 1, 2, 10, 24, 0], "c\u{1}");
    check(|pen| pen.upwards("ω", (10, 20), 16.0, INK), &[4, RGB, 255, 256, 0, 1, 14, 20, 3], "ω\u{1}");
    check(|pen| pen.text("", (0, 0), Anchor::LEFT, 16.0, INK), &[], "");
}

#[test]
fn what_cannot_be_seen_is_not_written() {
    let glass = RGBAColor(1, 2, 3, 0.0);
    check(|pen| pen.path(vec![(1, 2), (3, 4)], glass, 5), &[], "");
    check(|pen| pen.disc((1, 2), 3, glass), &[], "");
}
