//! A weather figure's picture.

use plotters::prelude::DrawingBackend;

use super::super::canvas::Canvas;
use super::super::chart::{self, Chart, Side, Stroke};
use super::super::stats;
use super::super::trace::{STEPS, stepped};
use super::{Weather, calendar, upright};
use crate::error::VizError;
use crate::paint::pen::Point;
use crate::paint::theme::faded;

pub(super) fn draw<DB: DrawingBackend>(figure: &Weather, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
    let (look, rect) = (&canvas.look, canvas.sheet());
    let values = figure.values();
    if values.iter().flatten().next().is_none() {
        return canvas.empty(rect, look.lang.pick("keine Daten", "no data"));
    }
    let spans = (0..figure.begin.len()).map(|index| figure.span(index));
    let range = stats::hull(spans.flat_map(|(begin, end)| [begin, end])).unwrap_or((0.0, 1.0));
    let name = match figure.zone.as_str() {
        "" => look.lang.pick("Ortszeit", "local time").to_owned(),
        zone => format!("{} ({zone})", look.lang.pick("Ortszeit", "local time")),
    };
    let y_name = figure.quantity.axis(look.lang);
    let (x, y) = (Side { range, log: false, name: &name }, Side { range: upright(figure), log: false, name: &y_name });
    let left = chart::numbers(y, rect.height(), look);
    let ticks = |scale: &chart::Scale, count: usize| calendar::ticks(scale.ends(), count, look.lang);
    let chart = Chart::ticked(canvas, rect, (x, y), (left, look.em(1.7)), &ticks)?;
    let colour = look.theme.class();
    if !figure.sum.is_empty() {
        bars(figure, canvas, &chart)?;
    } else {
        band(figure, canvas, &chart)?;
        let middles: Vec<f64> = (0..figure.begin.len()).map(|index| figure.middle(index)).collect();
        if figure.circular {
            for (at, value) in middles.iter().zip(values) {
                if let Some(value) = value {
                    canvas.pen.disc(chart.pixel(*at, *value), look.em(0.14).max(1), colour)?;
                }
            }
        } else {
            chart::lines(canvas, chart.runs(&middles, values), Stroke { colour, width: look.width(0.8), dash: 0.0 })?;
        }
    }
    for step in 0..figure.begin.len().min(STEPS) {
        let index = stepped(step, figure.begin.len());
        if let Some(value) = values.get(index).copied().flatten() {
            canvas.mark(0, step, chart.pixel(figure.middle(index), value));
        }
    }
    Ok(())
}

/// The area between least and largest values, one for each stretch without a gap. A single bucket is as wide as it lasts.
fn band<DB: DrawingBackend>(figure: &Weather, canvas: &Canvas<'_, DB>, chart: &Chart) -> Result<(), VizError> {
    let shade = faded(canvas.look.theme.class(), 0.22);
    let mut upper: Vec<Point> = vec![];
    let mut lower: Vec<Point> = vec![];
    for index in 0..=figure.begin.len() {
        let ends = figure.min.get(index).copied().flatten().zip(figure.max.get(index).copied().flatten());
        if let Some((low, high)) = ends {
            let (begin, end) = figure.span(index);
            if upper.is_empty() {
                upper.push(chart.pixel(begin, high));
                lower.push(chart.pixel(begin, low));
            }
            upper.push(chart.pixel(figure.middle(index), high));
            lower.push(chart.pixel(figure.middle(index), low));
            let follows = figure.min.get(index + 1).is_some_and(Option::is_some);
            if !follows {
                upper.push(chart.pixel(end, high));
                lower.push(chart.pixel(end, low));
            }
        } else if !upper.is_empty() {
            lower.reverse();
            upper.append(&mut lower);
            canvas.pen.polygon(std::mem::take(&mut upper), shade)?;
        }
    }
    Ok(())
}

fn bars<DB: DrawingBackend>(figure: &Weather, canvas: &Canvas<'_, DB>, chart: &Chart) -> Result<(), VizError> {
    let colour = canvas.look.theme.class();
    let ground = chart.y.pixel(0.0);
    for (index, value) in figure.sum.iter().enumerate() {
        let Some(value) = value.filter(|value| *value > 0.0) else { continue };
        let (begin, end) = figure.span(index);
        let (from, to) = (chart.x.pixel(begin), chart.x.pixel(end));
        // Air between bars where there is room for it.
        let air = i32::from(to - from > 4);
        canvas.pen.block((from + air, chart.y.pixel(value)), ((to - air).max(from + air + 1), ground), faded(colour, 0.75))?;
    }
    Ok(())
}
