//! The few strokes figures are made of, over any plotters backend, in pixels of its drawing area.

use plotters::coord::Shift;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, DrawingBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform, ShapeStyle, TextStyle};

use super::theme::Colour;
use crate::error::VizError;

/// A point in pixels, y downwards.
pub type Point = (i32, i32);

/// plotters' SVG backend divides font sizes by this (points to pixels of its own); we give it pixels times this, and
/// the recorder divides as well, so that both mean the same pixels.
pub const FONT_SCALE: f64 = 1.24;

/// Where a text stands relative to its point.
#[derive(Clone, Copy)]
pub struct Anchor(pub HPos, pub VPos);

impl Anchor {
    /// Begins at the point, centred on its height.
    pub const LEFT: Self = Self(HPos::Left, VPos::Center);
    /// Ends at the point, centred on its height.
    pub const RIGHT: Self = Self(HPos::Right, VPos::Center);
    /// Centred on the point.
    pub const CENTRE: Self = Self(HPos::Center, VPos::Center);
    /// Centred below the point.
    pub const BELOW: Self = Self(HPos::Center, VPos::Top);
}

/// Draws on an area; coordinates are the area's own.
pub struct Pen<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
}

impl<'a, DB: DrawingBackend> Pen<'a, DB> {
    /// A pen for this area.
    pub fn new(area: &'a DrawingArea<DB, Shift>) -> Self {
        Self { area }
    }

    fn done<E: std::fmt::Display>(result: Result<(), E>) -> Result<(), VizError> {
        result.map_err(|error| VizError::Drawing(error.to_string()))
    }

    /// Width and height of the area.
    pub fn size(&self) -> (i32, i32) {
        let (width, height) = self.area.dim_in_pixel();
        (width as i32, height as i32)
    }

    /// Covers the area.
    pub fn fill(&self, colour: Colour) -> Result<(), VizError> {
        Self::done(self.area.fill(&colour))
    }

    /// An open path.
    pub fn path(&self, points: Vec<Point>, colour: Colour, width: u32) -> Result<(), VizError> {
        Self::done(self.area.draw(&PathElement::new(points, stroke(colour, width))))
    }

    /// A straight line.
    pub fn line(&self, from: Point, to: Point, colour: Colour, width: u32) -> Result<(), VizError> {
        self.path(vec![from, to], colour, width)
    }

    /// A straight dashed line, horizontal or vertical or slanted; `dash` is the length of a dash and of a space.
    pub fn dashed(&self, from: Point, to: Point, dash: i32, colour: Colour, width: u32) -> Result<(), VizError> {
        let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
        let length = dx.hypot(dy);
        let count = (length / f64::from(2 * dash.max(1))).floor().clamp(0.0, 2000.0) as i32;
        let at = |distance: f64| {
            let share = if length > 0.0 { (distance / length).min(1.0) } else { 0.0 };
            (from.0 + (dx * share).round() as i32, from.1 + (dy * share).round() as i32)
        };
        (0..=count).try_for_each(|index| {
            let begin = f64::from(2 * index * dash.max(1));
            if begin >= length { Ok(()) } else { self.line(at(begin), at(begin + f64::from(dash)), colour, width) }
        })
    }

    /// A dashed line through points: dashes and the spaces between them run on around the corners.
    pub fn dashed_path(&self, points: &[Point], dash: i32, colour: Colour, width: u32) -> Result<(), VizError> {
        // More dashes than that are no pattern any more, on the largest sheet.
        const MOST: usize = 4000;
        let dash = f64::from(dash.max(1));
        let (mut left, mut inked, mut dashes) = (dash, true, 0);
        let mut stroke: Vec<Point> = points.first().copied().into_iter().collect();
        for pair in points.windows(2) {
            let (mut from, to) = ((f64::from(pair[0].0), f64::from(pair[0].1)), (f64::from(pair[1].0), f64::from(pair[1].1)));
            loop {
                let (dx, dy) = (to.0 - from.0, to.1 - from.1);
                let length = dx.hypot(dy);
                if length <= left || dashes >= MOST {
                    left -= length.min(left);
                    stroke.push(pair[1]);
                    break;
                }
                from = (from.0 + dx * left / length, from.1 + dy * left / length);
                let corner = (from.0.round() as i32, from.1.round() as i32);
                stroke.push(corner);
                if inked {
                    self.path(std::mem::take(&mut stroke), colour, width)?;
                }
                stroke = vec![corner];
                (left, inked, dashes) = (dash, !inked, dashes + 1);
            }
        }
        if inked && stroke.len() > 1 { self.path(stroke, colour, width) } else { Ok(()) }
    }

    /// A filled polygon.
    pub fn polygon(&self, points: Vec<Point>, colour: Colour) -> Result<(), VizError> {
        Self::done(self.area.draw(&Polygon::new(points, colour.filled())))
    }

    /// A filled rectangle between two corners.
    pub fn block(&self, from: Point, to: Point, colour: Colour) -> Result<(), VizError> {
        Self::done(self.area.draw(&Rectangle::new([from, to], colour.filled())))
    }

    /// The outline of a rectangle between two corners.
    pub fn frame(&self, (x0, y0): Point, (x1, y1): Point, colour: Colour, width: u32) -> Result<(), VizError> {
        self.path(vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0), (x1, y0)], colour, width)
    }

    /// A filled circle.
    pub fn disc(&self, at: Point, radius: i32, colour: Colour) -> Result<(), VizError> {
        Self::done(self.area.draw(&Circle::new(at, radius, colour.filled())))
    }

    /// The outline of a circle.
    pub fn ring(&self, at: Point, radius: i32, colour: Colour, width: u32) -> Result<(), VizError> {
        Self::done(self.area.draw(&Circle::new(at, radius, stroke(colour, width))))
    }

    /// A text; `size` is the height of the type in pixels.
    pub fn text(&self, text: &str, at: Point, anchor: Anchor, size: f64, colour: Colour) -> Result<(), VizError> {
        self.write(text, at, anchor, FontDesc::new(FontFamily::SansSerif, size * FONT_SCALE, FontStyle::Normal), colour)
    }

    /// A text in bold.
    pub fn bold(&self, text: &str, at: Point, anchor: Anchor, size: f64, colour: Colour) -> Result<(), VizError> {
        self.write(text, at, anchor, FontDesc::new(FontFamily::SansSerif, size * FONT_SCALE, FontStyle::Bold), colour)
    }

    /// A text from bottom to top, centred on the point.
    pub fn upwards(&self, text: &str, at: Point, size: f64, colour: Colour) -> Result<(), VizError> {
        let font = FontDesc::new(FontFamily::SansSerif, size * FONT_SCALE, FontStyle::Normal).transform(FontTransform::Rotate270);
        self.write(text, at, Anchor::CENTRE, font, colour)
    }

    fn write(&self, text: &str, at: Point, anchor: Anchor, font: FontDesc<'_>, colour: Colour) -> Result<(), VizError> {
        if text.is_empty() {
            return Ok(());
        }
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(anchor.0, anchor.1));
        Self::done(self.area.draw(&Text::new(text, at, style)))
    }
}

fn stroke(colour: Colour, width: u32) -> ShapeStyle {
    ShapeStyle { color: colour, filled: false, stroke_width: width }
}
