//! What every figure draws with: a theme, sizes that scale with the screen, and a pen over any plotters backend.

pub mod marker;
pub mod pen;
pub mod recorder;
pub mod theme;

use crate::words::Lang;
pub use pen::{Anchor, Pen};
pub use theme::{Colour, Theme};

/// How a figure is to look; the same figure with the same look has the same pixels on every machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Light or dark.
    pub theme: Theme,
    /// Language and decimal sign.
    pub lang: Lang,
    /// Height of the type in pixels of the backend; on a board at least 1/30 of the screen's height.
    pub text: f64,
    /// Width of a strong line in pixels of the backend; on a board at least 4 at 1080 lines.
    pub line: f64,
}

impl Look {
    /// Type and lines for a sheet of this height, for the SVG that is printed or put into a page.
    pub fn sheet(height: u32, theme: Theme, lang: Lang) -> Self {
        let text = (f64::from(height) / 28.0).clamp(11.0, 64.0);
        Self { theme, lang, text, line: (text / 7.0).max(2.0) }
    }

    /// A line width relative to the strong one, at least one pixel.
    pub fn width(&self, share: f64) -> u32 {
        (self.line * share).round().clamp(1.0, 64.0) as u32
    }

    /// Pixels of a multiple of the type's height.
    pub fn em(&self, count: f64) -> i32 {
        (self.text * count).round().clamp(0.0, 10_000.0) as i32
    }
}

/// Width of a text in pixels, estimated from the shapes of a common sans-serif, a little too wide rather than too
/// narrow. Measured text would differ between browser and server, and the same figure must not.
pub fn text_width(text: &str, size: f64) -> f64 {
    let em = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.33,
        'f' | 't' | 'r' | '(' | ')' | '/' | ' ' | '\u{a0}' => 0.41,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 0.95,
        'A'..='Z' | 'Ä' | 'Ö' | 'Ü' => 0.73,
        '−' | '±' | '+' | '=' | '<' | '>' | '≤' => 0.8,
        _ => 0.62,
    };
    text.chars().map(em).sum::<f64>() * size
}

/// The text, shortened with an ellipsis to a width; nothing if fewer than three letters would be left.
pub fn fit(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.len() > 3 {
        kept.pop();
        let short = format!("{}…", kept.iter().collect::<String>().trim_end());
        if text_width(&short, size) <= width {
            return short;
        }
    }
    String::new()
}

/// A text broken at its blanks into lines of a width; a word that is wider has a line of its own.
pub fn wrap(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), size) <= width => *line += &format!(" {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The nickname if it fits, else what follows the colour (animal and letter), else nothing: a cut name names nobody.
pub fn fit_name(nickname: &str, size: f64, width: f64) -> &str {
    let fits = |name: &&str| text_width(name, size) <= width;
    let short = nickname.split_once(' ').map(|(_, rest)| rest);
    Some(nickname).filter(fits).or(short.filter(fits)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
