//! A plain figure on a page: which language and colours, which point is read out, what keys and fingers do.

use std::cell::RefCell;
use std::rc::Rc;

use plotters::prelude::IntoDrawingArea;

use super::{Place, PlainFigure, stats};
use crate::equivalent::{Melody, TONES, Table};
use crate::error::VizError;
use crate::paint::recorder::{Drawing, Recorder};
use crate::paint::{Look, Theme};
use crate::words::Lang;

/// A figure and what the reader asked for.
#[derive(Debug, Clone)]
pub struct Desk {
    figure: PlainFigure,
    place: Option<Place>,
    lang: Lang,
    theme: Theme,
}

impl Desk {
    /// A figure from its JSON.
    pub fn parse(json: &str) -> Result<Self, VizError> {
        Ok(Self { figure: PlainFigure::parse(json)?, place: None, lang: Lang::default(), theme: Theme::default() })
    }

    /// Newer data; what is read out stays where it still exists. On error nothing has changed.
    pub fn replace(&mut self, json: &str) -> Result<(), VizError> {
        self.figure = PlainFigure::parse(json)?;
        self.place = self.place.filter(|place| self.figure.lengths().get(place.series).is_some_and(|length| place.index < *length));
        Ok(())
    }

    /// Sets the language of labels and texts.
    pub fn set_language(&mut self, lang: Lang) {
        self.lang = lang;
    }

    /// Sets the colours.
    pub fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
    }

    /// A heading.
    pub fn title(&self) -> String {
        self.figure.title(self.lang)
    }

    /// The figure's message in a few sentences.
    pub fn summary(&self) -> String {
        self.figure.summary(self.lang)
    }

    /// The figure's numbers, at most [`crate::MAX_ROWS`] rows.
    pub fn table(&self) -> Table {
        self.figure.table(self.lang)
    }

    /// All numbers as CSV.
    pub fn csv(&self) -> String {
        self.figure.csv()
    }

    /// Draws the figure in this size in pixels, with type and strong lines in pixels, as a list for the canvas.
    pub fn draw(&self, size: (u32, u32), text: f64, line: f64) -> Result<Drawing, VizError> {
        Ok(self.drawn(size, text, line)?.0)
    }

    fn drawn(&self, size: (u32, u32), text: f64, line: f64) -> Result<(Drawing, Vec<super::Mark>), VizError> {
        let look = Look { theme: self.theme, lang: self.lang, text, line };
        let drawing = Rc::new(RefCell::new(Drawing::default()));
        let area = Recorder::new(size, Rc::clone(&drawing)).into_drawing_area();
        let marks = self.figure.draw(self.place, &look, &area)?;
        drop(area);
        Ok((drawing.take(), marks))
    }

    /// A key; the answer is what is to be said, none if the key means nothing here. Left and right go through the points,
    /// up and down through the series, Home and End to the ends, Escape leaves and says the message again.
    pub fn key(&mut self, key: &str) -> Option<String> {
        if key == "Escape" {
            self.place = None;
            return Some(self.summary());
        }
        let lengths = self.figure.lengths();
        let filled = |series: &usize| lengths.get(*series).is_some_and(|length| *length > 0);
        let Place { series, index } = match self.place {
            Some(place) => place,
            None => Place { series: (0..lengths.len()).find(filled)?, index: usize::MAX },
        };
        let last = lengths.get(series)?.checked_sub(1)?;
        let start = self.place.is_none();
        let place = match key {
            "Home" => Place { series, index: 0 },
            "End" => Place { series, index: last },
            "ArrowRight" if start => Place { series, index: 0 },
            "ArrowLeft" if start => Place { series, index: last },
            "ArrowRight" => Place { series, index: (index + 1).min(last) },
            "ArrowLeft" => Place { series, index: index.saturating_sub(1) },
            "ArrowUp" | "ArrowDown" if start => Place { series, index: 0 },
            "ArrowUp" => self.beside((0..series).rev().find(filled).unwrap_or(series), index, &lengths),
            "ArrowDown" => self.beside((series + 1..lengths.len()).find(filled).unwrap_or(series), index, &lengths),
            _ => return None,
        };
        self.place = Some(place);
        Some(self.readout())
    }

    /// The same point of another series, or its last.
    fn beside(&self, series: usize, index: usize, lengths: &[usize]) -> Place {
        Place { series, index: index.min(lengths[series].saturating_sub(1)) }
    }

    /// Reads out the point nearest to (x, y) of the figure drawn with this size, type and line; the answer is what is to be
    /// said, empty where nothing is near.
    pub fn point(&mut self, (x, y): (i32, i32), size: (u32, u32), text: f64, line: f64) -> String {
        let marks = self.drawn(size, text, line).map(|(_, marks)| marks).unwrap_or_default();
        // Under one time cursor only the time counts.
        let time = matches!(self.figure, PlainFigure::Motion(_));
        let distance = |at: (i32, i32)| i64::from(at.0 - x).pow(2) + if time { 0 } else { i64::from(at.1 - y).pow(2) };
        let near = ((text * 3.0) as i64).pow(2);
        let nearest = marks.into_iter().min_by_key(|mark| distance(mark.at)).filter(|mark| distance(mark.at) <= near);
        self.place = nearest.map(|mark| mark.place);
        self.readout()
    }

    /// What is said of the point that is read out; empty if none is.
    pub fn readout(&self) -> String {
        self.place.map(|place| self.figure.readout(place, self.lang)).unwrap_or_default()
    }

    /// The series that is read out, else the first, as tones.
    pub fn melody(&self) -> Melody {
        let (name, values, unit) = self.figure.tune(self.place.map_or(0, |place| place.series), self.lang);
        let (low, high) = stats::hull(values.iter().flatten().copied()).unwrap_or((0.0, 0.0));
        let stride = values.len().div_ceil(TONES as usize).max(1);
        let mean = |some: &[Option<f64>]| {
            let known: Vec<f64> = some.iter().flatten().copied().collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        };
        Melody { name, values: values.chunks(stride).map(mean).collect(), low, high, unit }
    }
}

#[cfg(test)]
mod tests;
