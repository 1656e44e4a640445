//! Points with fit and residuals.

use plotters::prelude::DrawingBackend;
use serde::Serialize;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::chart::{self, Chart, DASHES, Side, Stroke};
use super::data::{Dot, Fit, Prediction, Quantity, check_ends, sane};
use super::{Place, Plain, stats, values};
use crate::error::VizError;
use crate::figure::layout::Rect;
use crate::order;
use crate::paint::marker::Marker;
use crate::paint::{Colour, text_width};
use crate::words::{self, Bilingual, Lang, number};

mod draw;

/// Points a figure takes.
const MOST: usize = 20_000;
/// Groups that can be told apart.
const GROUPS: usize = 6;

/// One quantity over another.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Scatter {
    /// On the horizontal axis.
    pub x: Quantity,
    /// On the upright axis.
    pub y: Quantity,
    /// Points of one class, or of up to six on the same axes.
    pub groups: Vec<Group>,
    /// Whether both axes are logarithmic; points that are not positive are then named, not drawn.
    pub log: bool,
    /// Whether both axes reach to zero, for a law that goes through the origin.
    pub zero: bool,
    /// Whether a panel below shows how far each point lies from its fit.
    pub residuals: bool,
    /// From where to where both axes reach at least, so that figures of several groups have the same.
    pub reach: Option<[(f64, f64); 2]>,
    /// What was predicted before the start.
    pub predictions: Vec<Prediction>,
}

/// Points that belong together, and the curve through them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Group {
    /// Whose; empty where there is one.
    pub name: Bilingual,
    /// The points.
    pub points: Vec<Dot>,
    /// The curve, if one was fitted.
    pub fit: Option<Fit>,
}

impl Group {
    /// How far a point lies above the fit.
    fn residual(&self, dot: &Dot) -> Option<f64> {
        self.fit.as_ref()?.model.at(dot.x).map(|fitted| dot.y - fitted)
    }
}

impl Scatter {
    /// Whether a point can stand on these axes.
    fn shown(&self, dot: &Dot) -> bool {
        !self.log || (dot.x > 0.0 && dot.y > 0.0)
    }

    fn dots(&self) -> impl Iterator<Item = &Dot> {
        self.groups.iter().flat_map(|group| &group.points)
    }

    /// How far a point lies from its fit, with its uncertainty: in the unit of the upright axis, on logarithmic axes in
    /// percent of the fit, for there equal distances are equal ratios.
    fn off(&self, group: &Group, dot: &Dot) -> Option<(f64, Option<f64>)> {
        let off = group.residual(dot)?;
        if !self.log {
            return Some((off, dot.uy));
        }
        let fitted = (dot.y - off).abs();
        (fitted > 0.0).then(|| (100.0 * off / fitted, dot.uy.map(|sigma| 100.0 * sigma / fitted)))
    }

    fn off_name(&self, lang: Lang) -> String {
        let name = lang.pick("Abweichung von der Kurve", "off the curve");
        words::in_unit(name, &if self.log { "%".to_owned() } else { words::unit(&self.y.unit) })
    }

    /// Root of the mean squared distance of the points that count from their fit.
    fn scatter(&self, group: &Group) -> Option<f64> {
        let counts = group.points.iter().filter(|dot| dot.excluded.is_none() && self.shown(dot));
        let squares: Vec<f64> = counts.filter_map(|dot| self.off(group, dot)).map(|(off, _)| off * off).collect();
        (!squares.is_empty()).then(|| (squares.iter().sum::<f64>() / squares.len() as f64).sqrt())
    }

    /// Places of a group's points from left to right.
    fn ranked(group: &Group) -> Vec<usize> {
        order::ranks(group.points.iter().map(|dot| dot.x))
    }

    /// What a log-log chart cannot show, and what does not count.
    fn notes(&self, lang: Lang) -> Vec<String> {
        let hidden = self.dots().filter(|dot| !self.shown(dot)).count();
        let hidden = (hidden > 0).then(|| match lang {
            Lang::De => format!("{hidden} nicht gezeigt: null oder negativ hat keinen Logarithmus"),
            Lang::En => format!("{hidden} not shown: zero or negative has no logarithm"),
        });
        let out: Vec<String> = self
            .dots()
            .filter_map(|dot| {
                let reason = dot.excluded.as_deref()?;
                let who = if dot.name.is_empty() { self.x.with(&number::plain_short(dot.x, lang)) } else { dot.name.clone() };
                Some(if reason.is_empty() { who } else { format!("{who} ({reason})") })
            })
            .collect();
        let count = out.len();
        let out = (count > 0).then(|| {
            let more = if count > 4 { format!(", +{}", count - 4) } else { String::new() };
            let told = out.into_iter().take(4).collect::<Vec<_>>().join(", ");
            format!("{count} {}: {told}{more}", lang.pick("nicht gezählt", "not counted"))
        });
        [hidden, out].into_iter().flatten().collect()
    }

    /// The groups' equations, one after the other.
    fn equations(&self, lang: Lang) -> String {
        let label = |group: &Group| group.fit.as_ref().map(|fit| fit.label.get(lang).to_owned());
        self.groups.iter().filter_map(label).filter(|label| !label.is_empty()).collect::<Vec<_>>().join("; ")
    }
}

impl Plain for Scatter {
    fn title(&self, lang: Lang) -> String {
        format!("{} {} {}", self.y.name.get(lang), lang.pick("über", "over"), self.x.name.get(lang))
    }

    fn check(&self) -> Result<(), VizError> {
        let refuse = |text: String| Err(VizError::Plain(text));
        if self.groups.len() > GROUPS {
            return refuse(format!("{} groups are more than can be told apart; give at most {GROUPS}", self.groups.len()));
        }
        if self.dots().count() > MOST {
            return refuse(format!("more than {MOST} points; thin them out"));
        }
        let sigma = |sigma: Option<f64>| sigma.is_none_or(|sigma| sane(sigma) && sigma >= 0.0);
        let right = |dot: &Dot| sane(dot.x) && sane(dot.y) && sigma(dot.ux) && sigma(dot.uy);
        if let Some(place) = self.dots().position(|dot| !right(dot)) {
            return refuse(format!("point {} is not two numbers, or an uncertainty is not zero or more", place + 1));
        }
        check_ends(self.reach.as_ref().map_or(&[], |reach| reach))?;
        values::check(&[], &self.predictions, (None, None))
    }

    fn predictions(&self) -> &[Prediction] {
        &self.predictions
    }

    fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        self.paint(canvas)
    }

    fn summary(&self, lang: Lang) -> String {
        let shown = self.dots().filter(|dot| dot.excluded.is_none()).count();
        let mut text = match lang {
            Lang::De => format!("{}, {shown} Punkte", self.title(lang)),
            Lang::En => format!("{}, {shown} points", self.title(lang)),
        };
        if self.log {
            text += lang.pick(", beide Achsen logarithmisch", ", both axes logarithmic");
        }
        text.push('.');
        let equations = self.equations(lang);
        if !equations.is_empty() {
            text += &format!(" {}: {equations}.", lang.pick("Ausgleichskurve", "Fit"));
        }
        for group in &self.groups {
            let Some(scatter) = self.scatter(group).filter(|_| self.residuals) else { continue };
            let of = match group.name.get(lang) {
                "" => String::new(),
                name => format!("{name}: "),
            };
            let value = number::fixed(scatter, number::decimals_of_uncertainty(scatter), lang);
            let value = if self.log { format!("{value} %") } else { self.y.with(&value) };
            text += &match lang {
                Lang::De => format!(" {of}Die Punkte liegen im Mittel {value} daneben."),
                Lang::En => format!(" {of}The points lie {value} off on average."),
            };
        }
        for note in self.notes(lang) {
            text += &format!(" {note}.");
        }
        text + &values::predictions_told(&self.predictions, &self.y, lang)
    }

    fn cells(&self, lang: Lang) -> Cells {
        let named = self.groups.len() > 1;
        let fitted = self.groups.iter().any(|group| group.fit.is_some());
        let sigma = |quantity: &Quantity| words::in_unit(&format!("u({})", quantity.name.get(lang)), &words::unit(&quantity.unit));
        let mut columns =
            vec![lang.pick("Punkt", "point").to_owned(), self.x.axis(lang), sigma(&self.x), self.y.axis(lang), sigma(&self.y)];
        if fitted {
            columns.push(self.off_name(lang));
        }
        columns.push(lang.pick("Bemerkung", "note").to_owned());
        let mut rows = Vec::new();
        for (place, group) in self.groups.iter().enumerate() {
            let decimals = |values: Vec<f64>| number::decimals_alike(&values.iter().map(|value| value * 0.1).collect::<Vec<_>>());
            let x = decimals(group.points.iter().map(|dot| dot.x).collect());
            let y = decimals(group.points.iter().map(|dot| dot.y).collect());
            for (index, dot) in group.points.iter().enumerate() {
                let name = if dot.name.is_empty() { (index + 1).to_string() } else { dot.name.clone() };
                let name = if named { format!("{} {name}", self.name(place, lang)) } else { name };
                let digits = |sigma: Option<f64>, other: usize| sigma.filter(|s| *s > 0.0).map_or(other, number::decimals_of_uncertainty);
                let (x, y) = (digits(dot.ux, x), digits(dot.uy, y));
                let mut row =
                    vec![Cell::text(name), Cell::Number(dot.x, x), Cell::maybe(dot.ux, x), Cell::Number(dot.y, y), Cell::maybe(dot.uy, y)];
                if fitted {
                    row.push(Cell::maybe(self.off(group, dot).map(|(off, _)| off), if self.log { 1 } else { y }));
                }
                row.push(Cell::text(
                    dot.excluded
                        .as_ref()
                        .map(|reason| format!("{}: {reason}", lang.pick("zählt nicht", "not counted")))
                        .unwrap_or_default(),
                ));
                rows.push(row);
            }
        }
        Cells { columns, rows }
    }

    fn lengths(&self) -> Vec<usize> {
        self.groups.iter().map(|group| group.points.len()).collect()
    }

    fn readout(&self, place: Place, lang: Lang) -> String {
        let Some(group) = self.groups.get(place.series) else { return String::new() };
        let Some(dot) = Self::ranked(group).get(place.index).map(|&index| &group.points[index]) else { return String::new() };
        let who =
            [self.name(place.series, lang), dot.name.clone()].into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
        let head = if who.is_empty() { who } else { format!("{who}: ") };
        let (x, y) = (self.x.told(dot.x, dot.ux, lang), self.y.told(dot.y, dot.uy, lang));
        let mut text = format!("{head}{} = {x}, {} = {y}", self.x.name.get(lang), self.y.name.get(lang));
        if let Some(reason) = &dot.excluded {
            text += &format!(" ({}: {reason})", lang.pick("zählt nicht", "not counted"));
        }
        text
    }

    fn tune(&self, series: usize, lang: Lang) -> (String, Vec<Option<f64>>, String) {
        let Some(group) = self.groups.get(series) else { return Default::default() };
        let values = Self::ranked(group).into_iter().map(|index| Some(group.points[index].y)).collect();
        (format!("{} {}", self.title(lang), self.name(series, lang)).trim_end().to_owned(), values, words::unit(&self.y.unit))
    }
}
