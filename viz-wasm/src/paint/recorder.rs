//! A plotters backend that writes down what is to be drawn, for the browser to draw in one go.
//!
//! plotters-canvas crosses from wasm to JavaScript for every point of a path, every style and every text; here a whole
//! figure crosses once, as one array of integers and one text. Against uPlot on the same data a frame takes 0.67 to 0.84
//! of its time (`tests/browser/bench.mjs`, three runs on a busy machine). `www/paint.js` reads the list back; both sides' operations are:
//!
//! | operation | integers |
//! |---|---|
//! | path | 0, colour, opacity, width, n, then n times x, y |
//! | polygon | 1, colour, opacity, 0, n, then n times x, y |
//! | rectangle, filled | 2, colour, opacity, 0, x, y, width, height |
//! | circle | 3, colour, opacity, width (0: filled), x, y, radius |
//! | text | 4, colour, opacity, size in 1/16 px, bold, align (0 left, 1 centre, 2 right), x, y of the baseline, quarter turns |
//!
//! Colours are 0xRRGGBB, opacity is 0 to 255. The texts stand in the order of their operations, parted by U+0001.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{FontStyle, FontTransform};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::pen::FONT_SCALE;
use super::text_width;

/// Parts the texts of a list; no nickname or label holds it.
pub const SEPARATOR: char = '\u{1}';

/// A drawing as data.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The operations, one after the other.
    pub operations: Vec<i32>,
    /// The texts, parted by [`SEPARATOR`].
    pub texts: String,
}

/// The backend; clones of `drawing` see what was drawn.
pub struct Recorder {
    size: (u32, u32),
    drawing: Rc<RefCell<Drawing>>,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl Recorder {
    /// Records a drawing of this size in pixels into `drawing`.
    pub fn new(size: (u32, u32), drawing: Rc<RefCell<Drawing>>) -> Self {
        Self { size, drawing }
    }

    fn points<I: IntoIterator<Item = BackendCoord>>(&mut self, operation: i32, colour: BackendColor, width: u32, points: I) -> Drawn {
        if colour.alpha <= 0.0 {
            return Ok(());
        }
        let out = &mut self.drawing.borrow_mut().operations;
        let [rgb, alpha] = packed(colour);
        out.extend([operation, rgb, alpha, width as i32, 0]);
        let start = out.len();
        points.into_iter().for_each(|(x, y)| out.extend([x, y]));
        out[start - 1] = ((out.len() - start) / 2) as i32;
        Ok(())
    }
}

fn packed(colour: BackendColor) -> [i32; 2] {
    let (red, green, blue) = colour.rgb;
    let alpha = (colour.alpha.clamp(0.0, 1.0) * 255.0).round() as i32;
    [i32::from(red) << 16 | i32::from(green) << 8 | i32::from(blue), alpha]
}

impl DrawingBackend for Recorder {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Drawn {
        self.draw_rect((x, y), (x + 1, y + 1), &Filled(colour), true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.points(0, style.color(), style.stroke_width(), [from, to])
    }

    fn draw_rect<S: BackendStyle>(&mut self, (x0, y0): BackendCoord, (x1, y1): BackendCoord, style: &S, fill: bool) -> Drawn {
        if !fill {
            return self.points(0, style.color(), style.stroke_width(), [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]);
        }
        if style.color().alpha > 0.0 {
            let [rgb, alpha] = packed(style.color());
            let (width, height) = (x1.saturating_sub(x0), y1.saturating_sub(y0));
            self.drawing.borrow_mut().operations.extend([2, rgb, alpha, 0, x0, y0, width, height]);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.points(0, style.color(), style.stroke_width(), path)
    }

    fn draw_circle<S: BackendStyle>(&mut self, (x, y): BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        if style.color().alpha > 0.0 {
            let [rgb, alpha] = packed(style.color());
            let width = if fill { 0 } else { style.stroke_width() as i32 };
            self.drawing.borrow_mut().operations.extend([3, rgb, alpha, width, x, y, radius as i32]);
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, points: I, style: &S) -> Drawn {
        self.points(1, style.color(), 0, points)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let [rgb, alpha] = packed(style.color());
        let size = style.size() / FONT_SCALE;
        let align = match style.anchor().h_pos {
            HPos::Left => 0,
            HPos::Center => 1,
            HPos::Right => 2,
        };
        // The same shifts from the anchor to the baseline as plotters' SVG backend makes.
        let shift = match style.anchor().v_pos {
            VPos::Top => 0.76,
            VPos::Center => 0.27,
            VPos::Bottom => -0.27,
        };
        let shift = (size * shift).round() as i32;
        let turns = match style.transform() {
            FontTransform::None => 0,
            FontTransform::Rotate90 => 1,
            FontTransform::Rotate180 => 2,
            FontTransform::Rotate270 => 3,
        };
        let (x, y) = match turns {
            1 => (x - shift, y),
            2 => (x, y - shift),
            3 => (x + shift, y),
            _ => (x, y + shift),
        };
        let bold = i32::from(matches!(style.style(), FontStyle::Bold));
        let mut drawing = self.drawing.borrow_mut();
        drawing.operations.extend([4, rgb, alpha, (size * 16.0).round() as i32, bold, align, x, y, turns]);
        drawing.texts.extend(text.chars().filter(|&letter| letter != SEPARATOR));
        drawing.texts.push(SEPARATOR);
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(&self, text: &str, style: &S) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = style.size() / FONT_SCALE;
        Ok((text_width(text, size).ceil() as u32, (size * 1.2).ceil() as u32))
    }
}

struct Filled(BackendColor);

impl BackendStyle for Filled {
    fn color(&self) -> BackendColor {
        self.0
    }
}

#[cfg(test)]
mod tests;
