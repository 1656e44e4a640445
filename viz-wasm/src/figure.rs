//! The figures: pure functions of model, view and look, over any plotters backend. The browser's canvas and the
//! server's SVG are the same calls.

use messwerk_lessons::id::ThingId;
use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend};

use crate::error::VizError;
use crate::model::Model;
use crate::paint::{Look, Pen};

pub mod axis;
pub mod dodge;
pub mod layout;
pub mod overlay;
pub mod strip;
pub mod sweep;
pub mod tiles;
pub mod trace;
pub(crate) mod value;

/// Which figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// One Thing over the last seconds, with the band from smallest to largest reading.
    Sweep,
    /// One small chart per Thing, all with the same axes.
    Tiles,
    /// All Things in one chart.
    Overlay,
    /// Every Thing's answer with its uncertainty, the class's, and the value in books.
    Strip,
}

impl Figure {
    /// Every figure.
    pub const ALL: [Self; 4] = [Self::Sweep, Self::Tiles, Self::Overlay, Self::Strip];

    /// The name in addresses and in the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sweep => "sweep",
            Self::Tiles => "tiles",
            Self::Overlay => "overlay",
            Self::Strip => "strip",
        }
    }

    /// The figure of a name.
    pub fn from_name(name: &str) -> Result<Self, VizError> {
        Self::ALL.into_iter().find(|figure| figure.name() == name).ok_or_else(|| VizError::Figure(name.to_owned()))
    }
}

/// Which point is read out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Of this Thing.
    pub thing: ThingId,
    /// In a chart over time the window; in the strip the place among the Thing's answers.
    pub index: i32,
}

/// What part of the model a figure shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Right edge of the time axis, in seconds after the grid's origin.
    pub end: f64,
    /// Length of the time axis in seconds.
    pub span: f64,
    /// Lower and upper end of the value axis of the charts over time.
    pub range: (f64, f64),
    /// The Thing drawn strong; the sweep shows it alone.
    pub highlight: Option<ThingId>,
    /// The point that is read out.
    pub cursor: Option<Cursor>,
    /// Of tiles that do not fit on one sheet: which sheet, from 0.
    pub page: usize,
}

impl View {
    /// Indexes of the windows that can be seen: from the first to one past the last.
    pub fn windows(&self, model: &Model) -> (i32, i32) {
        let Some(grid) = model.grid() else { return (0, 0) };
        let index = |seconds: f64| (seconds / grid.seconds()).clamp(-2e9, 2e9);
        // An edge that is a window's edge but for rounding touches no further window.
        const ROUNDING: f64 = 1e-6;
        ((index(self.end - self.span) + ROUNDING).floor() as i32, (index(self.end) - ROUNDING).ceil() as i32)
    }

    /// The same stretch of time on a Thing's own clock.
    pub fn of(&self, model: &Model, thing: ThingId) -> Self {
        Self { end: self.end - model.behind(thing), ..*self }
    }

    /// The Thing the sweep shows: the highlighted one, else the first.
    pub fn subject(&self, model: &Model) -> Option<ThingId> {
        self.highlight.filter(|&id| model.thing(id).is_some()).or_else(|| model.things().first().map(|thing| thing.id))
    }
}

/// Draws a figure over the whole area.
pub fn draw<DB: DrawingBackend>(
    figure: Figure,
    model: &Model,
    view: &View,
    look: &Look,
    area: &DrawingArea<DB, Shift>,
) -> Result<(), VizError> {
    let pen = Pen::new(area);
    pen.fill(look.theme.paper())?;
    match figure {
        Figure::Sweep => sweep::draw(&pen, model, view, look),
        Figure::Tiles => tiles::draw(&pen, model, view, look),
        Figure::Overlay => overlay::draw(&pen, model, view, look),
        Figure::Strip => strip::draw(&pen, model, view, look),
    }
}

#[cfg(test)]
mod tests;
