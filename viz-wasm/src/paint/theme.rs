//! Colours. Okabe and Ito's palette tells eight colours apart under every common colour blindness; where one is too
//! pale for a line on white (or too dark on black), its hue is kept and its lightness moved until it stands out at 3:1.

use plotters::style::{RGBAColor, RGBColor};

/// A colour with opacity.
pub type Colour = RGBAColor;

/// Light or dark surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark ink on white: paper, bright rooms.
    #[default]
    Light,
    /// Light ink on near black: dim rooms.
    Dark,
}

/// Line colours on white: blue, vermillion, green, purple, orange, sky, yellow, grey.
const LIGHT: [RGBColor; 8] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x8A, 0x64),
    RGBColor(0xB3, 0x58, 0x8B),
    RGBColor(0xA8, 0x72, 0x00),
    RGBColor(0x1E, 0x85, 0xC4),
    RGBColor(0x86, 0x7A, 0x00),
    RGBColor(0x6B, 0x74, 0x7E),
];
/// Line colours on near black: the palette itself, its blue lightened.
const DARK: [RGBColor; 8] = [
    RGBColor(0x3D, 0xA5, 0xE0),
    RGBColor(0xFF, 0x83, 0x2B),
    RGBColor(0x00, 0xB8, 0x87),
    RGBColor(0xE0, 0x92, 0xBE),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x62, 0xCB, 0xE8),
    RGBColor(0xF0, 0xE4, 0x42),
    RGBColor(0xA9, 0xB2, 0xBC),
];

/// Colours that Things without a colour in their name share.
const UNNAMED: usize = 6;

/// How nicknames begin (`hub/src/mint.rs`), in the order of the colours; German adjectives too.
const NAMES: [(&str, &str); 8] = [
    ("Blau", "Blue"),
    ("Rot", "Red"),
    ("Grün", "Green"),
    ("Lila", "Purple"),
    ("Orange", "Orange"),
    ("Türkis", "Teal"),
    ("Gelb", "Yellow"),
    ("Grau", "Grey"),
];

/// The place of the colour that a nickname begins with.
fn named(nickname: &str) -> Option<usize> {
    let first = nickname.split(' ').next()?;
    NAMES.iter().position(|(german, english)| {
        first == *english || first.strip_prefix(german).is_some_and(|end| matches!(end, "" | "er" | "e" | "es"))
    })
}

impl Theme {
    /// `dark` is dark, everything else light.
    pub fn from_name(name: &str) -> Self {
        if name == "dark" { Self::Dark } else { Self::Light }
    }

    fn choose(self, light: RGBColor, dark: RGBColor) -> Colour {
        match self {
            Self::Light => light.into(),
            Self::Dark => dark.into(),
        }
    }

    /// What figures stand on.
    pub fn paper(self) -> Colour {
        self.choose(RGBColor(0xFF, 0xFF, 0xFF), RGBColor(0x14, 0x17, 0x1C))
    }

    /// Text, and lines that must be seen.
    pub fn ink(self) -> Colour {
        self.choose(RGBColor(0x16, 0x1A, 0x20), RGBColor(0xF2, 0xF4, 0xF7))
    }

    /// Text of second rank, and thin lines of many Things; still 4.5:1.
    pub fn muted(self) -> Colour {
        self.choose(RGBColor(0x5B, 0x64, 0x70), RGBColor(0xA9, 0xB2, 0xBD))
    }

    /// Grid lines and tile frames; decoration, so fainter than 3:1.
    pub fn grid(self) -> Colour {
        self.choose(RGBColor(0xD9, 0xDE, 0xE4), RGBColor(0x36, 0x3D, 0x47))
    }

    /// The class's own result.
    pub fn accent(self) -> Colour {
        self.choose(LIGHT[1], DARK[1])
    }

    /// Everybody, where nobody is told apart.
    pub fn class(self) -> Colour {
        self.choose(LIGHT[0], DARK[0])
    }

    /// The value in books.
    pub fn reference(self) -> Colour {
        self.choose(LIGHT[2], DARK[2])
    }

    /// What was predicted.
    pub fn predicted(self) -> Colour {
        self.choose(LIGHT[3], DARK[3])
    }

    /// The colour of a series by its place from 0; with marker, dash and letter beside it.
    pub fn series(self, place: usize) -> Colour {
        self.choose(LIGHT[place % UNNAMED], DARK[place % UNNAMED])
    }

    /// The colour of a Thing: the one that its nickname names (`Rot Fuchs A` in blue would be read wrongly), else one of six
    /// by its number from 1. Colours repeat; marker and number tell those apart.
    pub fn thing(self, number: u32, nickname: &str) -> Colour {
        let place = named(nickname).unwrap_or((number.max(1) - 1) as usize % UNNAMED);
        self.choose(LIGHT[place], DARK[place])
    }
}

/// The same colour at another opacity.
pub fn faded(colour: Colour, opacity: f64) -> Colour {
    RGBAColor(colour.0, colour.1, colour.2, opacity)
}

/// The colour thinned with paper but opaque: a pale line that costs a third of a transparent one to draw.
pub fn pale(colour: Colour, paper: Colour, share: f64) -> Colour {
    let mix = |own: u8, other: u8| (f64::from(own) * share + f64::from(other) * (1.0 - share)).round() as u8;
    RGBAColor(mix(colour.0, paper.0), mix(colour.1, paper.1), mix(colour.2, paper.2), 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: Colour) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
    }

    fn contrast(one: Colour, other: Colour) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn lines_and_text_stand_out_from_the_paper() {
        for theme in [Theme::Light, Theme::Dark] {
            let check = |colour: Colour, least: f64| {
                let found = contrast(colour, theme.paper());
                assert!(found >= least, "{theme:?} {colour:?}: {found:.2} < {least}");
            };
            check(theme.ink(), 7.0);
            check(theme.muted(), 4.5);
            (1..=6).for_each(|number| check(theme.thing(number, ""), 3.0));
            NAMES.iter().for_each(|(german, _)| check(theme.thing(1, german), 3.0));
            // The labels of these two are text.
            check(theme.reference(), 3.0);
            check(theme.accent(), 3.0);
        }
    }

    #[test]
    fn a_name_with_a_colour_has_it() {
        let check = |nickname: &str, expected: usize| {
            assert_eq!(Theme::Light.thing(2, nickname), Colour::from(LIGHT[expected]), "{nickname}");
        };
        check("Rot Fuchs A", 1);
        check("Yellow Fox B", 6);
        check("Grüner Luchs", 2);
        check("Rotkehlchen", 1); // by its number: the word only begins like a colour
        check("", 1);
        check("Grey Owl C", 7);
    }
}
