//! Figures from plain data: what a lesson compares, explains and prints, without the live model.
//!
//! A [`PlainFigure`] is JSON in and a drawing, a sentence, a table, a CSV and a melody out; the hub draws it as SVG
//! ([`crate::svg::plain`]), the browser on a canvas, and both with the same calls. Whoever makes the data has computed
//! them; the only numbers made here are those that a picture needs (bins, quartiles, a median curve), and those come
//! from `messwerk_lessons`.

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, DrawingBackend};
use serde::Serialize;

use crate::equivalent::Table;
use crate::error::VizError;
use crate::paint::{Look, Pen};
use crate::words::Lang;

mod canvas;
mod cells;
pub mod data;
pub mod desk;

mod boxplot;
mod chart;
mod classes;
mod differences;
mod histogram;
mod map;
mod motion;
mod overlay;
mod phone;
mod read;
mod rose;
mod rows;
mod scatter;
mod spectrum;
mod stats;
mod strip;
mod trace;
mod values;
mod votes;
mod weather;

pub use boxplot::BoxPlot;
pub use canvas::Mark;
pub use classes::{Class, Classes, Kind};
pub use differences::{Difference, Differences};
pub use histogram::Histogram;
pub use map::{Map, Satellite, School};
pub use motion::{Moment, Motion};
pub use overlay::Overlay;
pub use phone::Phone;
pub use rose::Rose;
pub use scatter::{Group, Scatter};
pub use spectrum::{Peak, Spectrum};
pub use strip::Strip;
pub use trace::Trace;
pub use votes::Votes;
pub use weather::Weather;

use canvas::Canvas;
use cells::Cells;
use data::Prediction;
use read::Read;

/// A figure with its data. As JSON `{"kind": "histogram", …}`; every text may be one string or `{"de": …, "en": …}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PlainFigure {
    /// Every result with its uncertainty, the mean with its interval, the accepted value.
    Strip(Strip),
    /// How many results lie where.
    Histogram(Histogram),
    /// Quartiles, and what they are.
    Box(BoxPlot),
    /// Points with fit and residuals, on linear or logarithmic axes, of one or several groups.
    Scatter(Scatter),
    /// Amplitude over frequency.
    Spectrum(Spectrum),
    /// Acceleration, velocity and way under one time cursor.
    Motion(Motion),
    /// Up to six curves on the same axes.
    Trace(Trace),
    /// Everybody's curve from the trigger on, and the median of all.
    Overlay(Overlay),
    /// The phone with its axes, and where a reading points.
    Phone(Phone),
    /// Two or more classes, years or schools on one axis.
    Classes(Classes),
    /// Differences of means with their intervals.
    Differences(Differences),
    /// How many chose which answer.
    Votes(Votes),
    /// The world with a satellite over it.
    Map(Map),
    /// What a station measured over hours, days or years: means in the band of their extremes, or bars of amounts.
    Weather(Weather),
    /// Where the wind came from, and how strong.
    Rose(Rose),
}

/// Which point is read out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Which of the figure's series, from 0.
    pub series: usize,
    /// Which of its points, from 0.
    pub index: usize,
}

/// What each figure can do.
pub(crate) trait Plain {
    /// What it is called where nobody gave it a heading.
    fn title(&self, lang: Lang) -> String;
    /// Whether it can be drawn, or the sentence that says what to mend.
    fn check(&self) -> Result<(), VizError>;
    /// What was predicted.
    fn predictions(&self) -> &[Prediction] {
        &[]
    }
    /// Draws it.
    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError>;
    /// Its message in a few sentences.
    fn summary(&self, lang: Lang) -> String;
    /// Its numbers.
    fn cells(&self, lang: Lang) -> Cells;
    /// Points of each series, which the arrow keys walk through.
    fn lengths(&self) -> Vec<usize>;
    /// What is said of a point.
    fn readout(&self, place: Place, lang: Lang) -> String;
    /// Name, values from left to right and unit of a series, for the ear.
    fn tune(&self, series: usize, lang: Lang) -> (String, Vec<Option<f64>>, String);
}

/// The same call on whichever figure it is.
macro_rules! each {
    ($figure:expr, $inner:ident => $call:expr) => {
        match $figure {
            PlainFigure::Strip($inner) => $call,
            PlainFigure::Histogram($inner) => $call,
            PlainFigure::Box($inner) => $call,
            PlainFigure::Scatter($inner) => $call,
            PlainFigure::Spectrum($inner) => $call,
            PlainFigure::Motion($inner) => $call,
            PlainFigure::Trace($inner) => $call,
            PlainFigure::Overlay($inner) => $call,
            PlainFigure::Phone($inner) => $call,
            PlainFigure::Classes($inner) => $call,
            PlainFigure::Differences($inner) => $call,
            PlainFigure::Votes($inner) => $call,
            PlainFigure::Map($inner) => $call,
            PlainFigure::Weather($inner) => $call,
            PlainFigure::Rose($inner) => $call,
        }
    };
}

impl PlainFigure {
    /// Reads a figure from JSON and checks it, so that whatever was read can be drawn.
    pub fn parse(json: &str) -> Result<Self, VizError> {
        let json = serde_json::from_str(json).map_err(|error| VizError::Plain(error.to_string()))?;
        let figure = Self::read(&json).map_err(VizError::Plain)?;
        figure.check()?;
        Ok(figure)
    }

    /// Whether the figure can be drawn; else the error says what to mend.
    pub fn check(&self) -> Result<(), VizError> {
        each!(self, figure => figure.check())
    }

    /// A heading.
    pub fn title(&self, lang: Lang) -> String {
        each!(self, figure => figure.title(lang))
    }

    /// The figure's message in a few sentences.
    pub fn summary(&self, lang: Lang) -> String {
        each!(self, figure => figure.summary(lang))
    }

    /// The figure's numbers, at most [`crate::MAX_ROWS`] rows; what was left out is said in the caption and stands in
    /// the CSV.
    pub fn table(&self, lang: Lang) -> Table {
        each!(self, figure => figure.cells(lang)).table(self.title(lang), lang)
    }

    /// All numbers as CSV (RFC 4180) with decimal points and an English heading line.
    pub fn csv(&self) -> String {
        each!(self, figure => figure.cells(Lang::En)).csv()
    }

    /// Draws the figure over the whole area, with the point that is read out marked, and says where its points lie.
    pub fn draw<DB: DrawingBackend>(
        &self,
        place: Option<Place>,
        look: &Look,
        area: &DrawingArea<DB, Shift>,
    ) -> Result<Vec<Mark>, VizError> {
        self.check()?;
        let pen = Pen::new(area);
        pen.fill(look.theme.paper())?;
        let mut canvas = Canvas::new(pen, *look, place);
        let predictions = each!(self, figure => figure.predictions());
        let choice = predictions.iter().find_map(|prediction| match prediction {
            Prediction::Choice { question, options } => Some((question.get(look.lang), options)),
            _ => None,
        });
        if let Some((question, options)) = choice {
            let rect = canvas.reserve(votes::height(&canvas, question, options));
            votes::draw(&canvas, rect, question, options)?;
        }
        each!(self, figure => figure.draw(&canvas))?;
        // Under one time cursor the values stand where it meets the curves.
        if !matches!(self, Self::Motion(_)) {
            canvas.read(place.map(|place| self.readout(place, look.lang)))?;
        }
        Ok(canvas.marks())
    }

    /// What is said of a point; empty if there is none.
    pub fn readout(&self, place: Place, lang: Lang) -> String {
        let there = self.lengths().get(place.series).is_some_and(|length| place.index < *length);
        if there { each!(self, figure => figure.readout(place, lang)) } else { String::new() }
    }

    fn lengths(&self) -> Vec<usize> {
        each!(self, figure => figure.lengths())
    }

    fn tune(&self, series: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        each!(self, figure => figure.tune(series, lang))
    }
}

#[cfg(test)]
mod tests;
