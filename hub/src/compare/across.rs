//! Class means over a number that belongs to each class: as the teacher enters it, and as a figure.

use messwerk_lessons::compare::{Attribute, OnTrend, Trend};
use messwerk_viz_wasm::plain::data::{Dot, Fit, Law, Quantity};
use messwerk_viz_wasm::plain::{Group, PlainFigure, Scatter};
use messwerk_viz_wasm::words::{Bilingual, Lang};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Compared, figure};
use crate::api::problem::Problem;

/// Most characters of the number's name and of its unit: they stand at an axis.
const NAME: usize = 40;
const UNIT: usize = 16;
/// Squares of larger numbers leave nothing of a latitude's digits.
const LARGEST: f64 = 1e12;

/// A number of each class that the teacher knows, to look whether the results go with it.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Across {
    /// What it is: 1 to 40 characters.
    #[schema(example = "geographische Breite")]
    pub name: String,
    /// Its unit as it is to be read, at most 16 characters; empty for a pure number.
    #[serde(default)]
    #[schema(example = "°")]
    pub unit: String,
    /// One for each source, in their order; `null` where it is not known. Such a class is no point of the line.
    pub values: Vec<Option<f64>>,
}

impl Across {
    /// The line through the classes of a comparison, or what was entered wrongly.
    pub fn of(&self, compared: &Compared) -> Result<Trend, Problem> {
        let (name, unit) = (self.name.trim(), self.unit.trim());
        let plain =
            |text: &str, least: usize, most: usize| (least..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if !plain(name, 1, NAME) || !plain(unit, 0, UNIT) {
            return Err(Problem::bad_request(format!(
                "across: name has 1 to {NAME} characters, unit at most {UNIT}; each stands in one line."
            )));
        }
        let classes = compared.comparison.classes.len();
        if self.values.len() != classes {
            let found = self.values.len();
            return Err(Problem::bad_request(format!(
                "across: there are {found} values for {classes} sources. Give one for each, in their order, and null where there is none."
            )));
        }
        if self.values.iter().flatten().any(|value| value.abs() > LARGEST) {
            return Err(Problem::bad_request(format!("across: values lie between -{LARGEST:e} and {LARGEST:e}; take a larger unit.")));
        }
        let (name, unit, values) = (name.to_owned(), unit.to_owned(), self.values.clone());
        Ok(compared.comparison.over(&Attribute { name, unit, values }))
    }
}

/// The classes and their line: each mean with its standard error over its number.
pub fn drawn(compared: &Compared, trend: &Trend, lang: Lang) -> PlainFigure {
    let words = trend.words();
    let point = |(index, at): (usize, &OnTrend)| {
        let class = compared.comparison.classes.get(index)?;
        let excluded = (!at.counts).then(|| lang.pick("zu wenige Ergebnisse", "too few results").to_owned());
        Some(Dot { x: at.x?, y: class.mean?, ux: None, uy: class.se, name: class.label.clone(), excluded })
    };
    let label = words.label.map(|label| Bilingual { de: format!("Steigung {}", label.de), en: format!("slope {}", label.en) });
    let fit = trend.line.zip(label).map(|(line, label)| {
        let model = Law::Polynomial { coefficients: vec![line.intercept, line.slope] };
        Fit { label, model }
    });
    let points = trend.classes.iter().enumerate().filter_map(point).collect();
    PlainFigure::Scatter(Scatter {
        x: Quantity { name: Bilingual::same(&trend.name), unit: trend.unit.clone() },
        y: figure::quantity(compared),
        groups: vec![Group { points, fit, ..Group::default() }],
        ..Scatter::default()
    })
}
