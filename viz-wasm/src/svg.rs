//! The same figures as SVG text, for the server: pages without scripts, and print.

use plotters::prelude::{IntoDrawingArea, SVGBackend};

use crate::board::Board;
use crate::error::VizError;
use crate::figure::{self, Figure};
use crate::paint::{Look, Theme};
use crate::plain::PlainFigure;
use crate::words::Lang;

/// What a figure is drawn on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    /// Width in pixels, at least 160.
    pub width: u32,
    /// Height in pixels, at least 120; the type is 1/28 of it.
    pub height: u32,
    /// Language of labels and of the text equivalent.
    pub lang: Lang,
    /// Light for paper.
    pub theme: Theme,
}

impl Default for Sheet {
    /// 960 x 540, English, light.
    fn default() -> Self {
        Self { width: 960, height: 540, lang: Lang::En, theme: Theme::Light }
    }
}

/// Largest side of a sheet: beyond it nobody looks at one figure.
const MAX_SIDE: u32 = 8192;

/// Draws a figure from the hub's own messages: the `lesson` message of the live WebSocket, a live frame (empty where
/// there is none: a strip needs no frame) and the `/outcomes` body (`{}` where there is none).
///
/// The answer is one `<svg>` element with title and description, so that it may stand in a page as it is.
pub fn render(figure: Figure, lesson: &str, frame: &[u8], outcomes: &str, sheet: Sheet) -> Result<String, VizError> {
    let mut board = Board::default();
    board.set_language(sheet.lang);
    board.set_theme(sheet.theme);
    board.lesson(lesson, None)?;
    if !frame.is_empty() {
        board.frame(frame)?;
    }
    board.outcomes(outcomes)?;
    draw(figure, &board, sheet)
}

/// Draws a figure of a board that has been fed.
pub fn draw(figure: Figure, board: &Board, sheet: Sheet) -> Result<String, VizError> {
    let size = (sheet.width.clamp(160, MAX_SIDE), sheet.height.clamp(120, MAX_SIDE));
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        let look = Look::sheet(size.1, sheet.theme, sheet.lang);
        figure::draw(figure, board.model(), &board.view(figure), &look, &area)?;
        area.present().map_err(|error| VizError::Drawing(error.to_string()))?;
    }
    Ok(labelled(&text, &board.title(figure), &board.summary(figure)))
}

/// Draws a figure from plain data. Like every figure the answer is one `<svg>` element with title and description.
pub fn plain(figure: &PlainFigure, sheet: Sheet) -> Result<String, VizError> {
    let size = (sheet.width.clamp(160, MAX_SIDE), sheet.height.clamp(120, MAX_SIDE));
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        let look = Look::sheet(size.1, sheet.theme, sheet.lang);
        figure.draw(None, &look, &area)?;
        area.present().map_err(|error| VizError::Drawing(error.to_string()))?;
    }
    Ok(labelled(&text, &figure.title(sheet.lang), &figure.summary(sheet.lang)))
}

/// Puts title and description behind the opening tag, for readers who do not see the picture, and rounds line joins.
fn labelled(svg: &str, title: &str, summary: &str) -> String {
    let Some((open, rest)) = svg.split_once('>') else { return svg.to_owned() };
    let (title, summary) = (escaped(title), escaped(summary));
    format!("{open} role=\"img\" stroke-linejoin=\"round\">\n<title>{title}</title>\n<desc>{summary}</desc>{rest}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests;
