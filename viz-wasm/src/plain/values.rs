//! Results on one axis: what strip, histogram, box and classes share.

use messwerk_lessons::analysis::student_t;
use plotters::prelude::DrawingBackend;

use super::canvas::Canvas;
use super::cells::{Cell, Cells};
use super::data::{Band, Mean, Prediction, Quantity, Value, sane};
use super::stats;
use crate::equivalent::class_text;
use crate::error::VizError;
use crate::figure::axis::Axis;
use crate::figure::layout::Rect;
use crate::figure::value;
use crate::model::results::{Class, Reference};
use crate::order;
use crate::paint::marker::Marker;
use crate::paint::{Anchor, Colour, fit, text_width};
use crate::words::{self, Lang, number};

/// Values a figure takes: three hundred classes.
const MOST: usize = 10_000;

/// Refuses what cannot be drawn.
pub(crate) fn check(
    values: &[Value],
    predictions: &[Prediction],
    (mean, reference): (Option<Mean>, Option<&Band>),
) -> Result<(), VizError> {
    if values.len() > MOST {
        return Err(VizError::Plain(format!("{} values are more than a figure can show; give at most {MOST}, or bins", values.len())));
    }
    let wrong = |value: &Value| !sane(value.value) || value.uncertainty.is_some_and(|sigma| !(sane(sigma) && sigma >= 0.0));
    if let Some(place) = values.iter().position(wrong) {
        let text = format!("value {} is not a number, or its uncertainty is not one that is zero or more", place + 1);
        return Err(VizError::Plain(text));
    }
    for prediction in predictions {
        let (count, numbers) = match prediction {
            Prediction::Number { values, .. } => (values.len(), values.iter().all(|value| sane(*value))),
            Prediction::Sketch { points, .. } => (points.len(), points.iter().all(|point| sane(point.0) && sane(point.1))),
            Prediction::Choice { options, .. } => (options.len(), (1..=12).contains(&options.len())),
        };
        if count > MOST || !numbers {
            return Err(VizError::Plain(format!("a prediction is of at most {MOST} numbers, or a choice of 1 to 12 options")));
        }
    }
    mean.map_or(Ok(()), |mean| mean.check())?;
    reference.map_or(Ok(()), Band::check)
}

/// The values that count.
pub(crate) fn counted(values: &[Value]) -> Vec<f64> {
    values.iter().filter(|value| value.counts()).map(|value| value.value).collect()
}

/// Mean and 95 % interval of the values that count, mean ± t(0.975, n − 1) · s / √n; none without values.
pub(crate) fn mean_of(values: &[Value]) -> Option<Mean> {
    let values = counted(values);
    let n = values.len();
    if n == 0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let half = student_t(0.975, n.saturating_sub(1)).ok().map(|t| t * (squares / (n as f64 - 1.0) / n as f64).sqrt());
    Some(Mean { n: n as u32, mean, ci95: half.map(|half| (mean - half, mean + half)) })
}

/// The given mean or the one of the values.
pub(crate) fn mean(given: Option<Mean>, values: &[Value]) -> Option<Mean> {
    given.or_else(|| mean_of(values))
}

/// As the live model has it.
pub(crate) fn class(mean: Option<Mean>, reference: Option<&Band>, unit: &str) -> Option<Class> {
    let mean = mean?;
    let reference = reference.map(|band| Reference { value: band.value, tolerance: band.tolerance, label: band.label.clone() });
    Some(Class { n: mean.n, mean: Some(mean.mean), sd: None, ci95: mean.ci95, unit: unit.to_owned(), reference })
}

/// `n = 28, mean g = 9.79 ± 0.03 m/s² (95 %), literature 9.81 m/s² lies inside`.
pub(crate) fn told(quantity: &Quantity, mean: Option<Mean>, reference: Option<&Band>, lang: Lang) -> String {
    let Some(class) = class(mean, reference, &quantity.unit) else {
        return lang.pick("noch kein Ergebnis", "no result yet").to_owned();
    };
    let unit = words::unit(&quantity.unit);
    format!("n = {}{}", class.n, class_text(quantity.name.get(lang), &unit, &class, lang))
}

/// `g = 9.79 ± 0.03 m/s² (95 %)`, the headline over a class's results.
pub(crate) fn headline(quantity: &Quantity, mean: Option<Mean>, lang: Lang) -> String {
    let name = quantity.name.get(lang);
    match mean {
        Some(Mean { mean, ci95: Some((low, high)), .. }) => {
            let value = number::with_uncertainty(mean, (high - low) / 2.0, lang);
            format!("{} {name} = {} (95\u{a0}%)", lang.pick("Mittel", "mean"), quantity.with(&value))
        }
        Some(Mean { mean, .. }) => format!("{name} = {}", quantity.with(&number::plain(mean, lang))),
        None => format!("{name}: {}", lang.pick("noch kein Ergebnis", "no result yet")),
    }
}

/// Who does not count and why, as notes below a figure.
pub(crate) fn uncounted(values: &[Value], lang: Lang) -> Option<String> {
    // So many are named; more are counted.
    const NAMED: usize = 4;
    let out: Vec<(usize, &Value)> = values.iter().enumerate().filter(|(_, value)| !value.counts()).collect();
    let named = |&(place, value): &(usize, &Value)| {
        let who = format!("{} {}", number_of(value, place), value.name);
        let reason = value.excluded.as_deref().filter(|reason| !reason.is_empty()).map(|reason| format!(" ({reason})"));
        format!("{}{}", who.trim_end(), reason.unwrap_or_default())
    };
    let mut told: Vec<String> = out.iter().take(NAMED).map(named).collect();
    if out.len() > NAMED {
        told.push(format!("+{}", out.len() - NAMED));
    }
    (!out.is_empty()).then(|| format!("{} {}: {}", out.len(), lang.pick("nicht gezählt", "not counted"), told.join(", ")))
}

/// The number of a value: its Thing's, else its place from 1.
pub(crate) fn number_of(value: &Value, place: usize) -> u32 {
    if value.number > 0 { value.number } else { place as u32 + 1 }
}

/// Places of values from the smallest to the largest: the order of the arrow keys.
pub(crate) fn ranked(values: &[Value]) -> Vec<usize> {
    order::ranks(values.iter().map(|value| value.value))
}

/// `7 Otter: g = 9.79 ± 0.03 m/s² (not counted: slipped)`.
pub(crate) fn readout(quantity: &Quantity, values: &[Value], rank: usize, lang: Lang) -> String {
    let Some(&place) = ranked(values).get(rank) else { return String::new() };
    let value = &values[place];
    let who = format!("{} {}", number_of(value, place), value.name);
    let told = quantity.told(value.value, value.uncertainty, lang);
    format!(
        "{}: {} = {told}{}",
        who.trim_end(),
        quantity.name.get(lang),
        note(value, lang).map(|note| format!(" ({note})")).unwrap_or_default()
    )
}

fn note(value: &Value, lang: Lang) -> Option<String> {
    let out = value.excluded.as_ref().map(|reason| match reason.as_str() {
        "" => lang.pick("zählt nicht", "not counted").to_owned(),
        reason => format!("{}: {reason}", lang.pick("zählt nicht", "not counted")),
    });
    let hand = value.by_hand.then(|| lang.pick("von Hand gemessen", "measured by hand").to_owned());
    let own = value.own.then(|| lang.pick("eigener Wert", "own value").to_owned());
    let all: Vec<String> = [own, out, hand].into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Every value, then the mean and the accepted value.
pub(crate) fn cells(quantity: &Quantity, values: &[Value], mean: Option<Mean>, reference: Option<&Band>, lang: Lang) -> Cells {
    let columns = vec![
        lang.pick("Nr.", "no.").to_owned(),
        lang.pick("Name", "name").to_owned(),
        quantity.axis(lang),
        words::in_unit(lang.pick("Unsicherheit", "uncertainty"), &words::unit(&quantity.unit)),
        lang.pick("Bemerkung", "note").to_owned(),
    ];
    let decimals = number::decimals_alike(&values.iter().map(|value| value.value * 0.1).collect::<Vec<_>>());
    let row = |(place, value): (usize, &Value)| {
        let sigma = value.uncertainty.filter(|sigma| *sigma > 0.0);
        let decimals = sigma.map_or(decimals, number::decimals_of_uncertainty);
        vec![
            Cell::Number(f64::from(number_of(value, place)), 0),
            Cell::text(&value.name),
            Cell::Number(value.value, decimals),
            Cell::maybe(sigma, decimals),
            Cell::text(note(value, lang).unwrap_or_default()),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = values.iter().enumerate().map(row).collect();
    rows.extend(mean.map(|mean| mean_row(mean, lang)));
    rows.extend(reference.map(|band| {
        let decimals = number::decimals_of_step(band.value).min(6);
        let tolerance = Cell::Number(band.tolerance, number::decimals_of_step(band.tolerance).min(6));
        vec![Cell::None, Cell::text(band.name(lang)), Cell::Number(band.value, decimals), tolerance, Cell::text("")]
    }));
    Cells { columns, rows }
}

/// `n = 28 | mean | 9.79 | 0.03 | 95 % interval`.
pub(crate) fn mean_row(mean: Mean, lang: Lang) -> Vec<Cell> {
    let half = mean.ci95.map(|(low, high)| (high - low) / 2.0);
    let decimals = half.map_or(3, number::decimals_of_uncertainty);
    let note = half.map_or("", |_| lang.pick("Mittel ± halbes 95-%-Intervall", "mean ± half of the 95 % interval"));
    vec![
        Cell::text(format!("n = {}", mean.n)),
        Cell::text(lang.pick("Mittel", "mean")),
        Cell::Number(mean.mean, decimals),
        Cell::maybe(half, decimals),
        Cell::text(note),
    ]
}

/// The axis that shows all of these values but those far from the rest, the means' intervals, and the accepted value.
pub(crate) fn range(values: &[f64], means: &[Mean], reference: Option<&Band>) -> (f64, f64) {
    let near = stats::near(values).into_iter().flat_map(|(low, high)| [low, high]);
    let means = means.iter().flat_map(|mean| mean.ci95.map_or([mean.mean, mean.mean], |(low, high)| [low, high]));
    let band = reference.into_iter().flat_map(|band| [band.value - band.tolerance, band.value + band.tolerance]);
    stats::hull(near.chain(means).chain(band)).map_or((0.0, 1.0), |range| stats::widened(range, 0.06))
}

/// The accepted value's band with its name above the plot.
pub(crate) fn band<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (plot, axis): (Rect, &Axis),
    (reference, quantity): (Option<&Band>, &Quantity),
) -> Result<(), VizError> {
    let (look, Some(band)) = (&canvas.look, reference) else { return Ok(()) };
    let text = format!("{} {}", band.name(look.lang), quantity.with(&number::shortest(band.value, look.lang)));
    value::band(&canvas.pen, look, (plot, axis), (band.value, band.tolerance), &text)
}

/// The mean as a diamond on its 95 % interval.
pub(crate) fn interval<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    axis: &Axis,
    mean: Mean,
    level: i32,
    colour: Colour,
) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    if let Some((low, high)) = mean.ci95 {
        let (from, to, cap) = (axis.pixel(low), axis.pixel(high), look.em(0.35));
        pen.line((from, level), (to, level), colour, look.width(1.2))?;
        pen.line((from, level - cap), (from, level + cap), colour, look.width(0.7))?;
        pen.line((to, level - cap), (to, level + cap), colour, look.width(0.7))?;
    }
    Marker::Diamond.draw(pen, (axis.pixel(mean.mean), level), look.em(0.32), colour, look.theme.ink(), look.width(0.4))
}

/// Predicted numbers on a value axis: the line at their median, a stroke for each below the upper edge, the name beside.
pub(crate) fn predicted<DB: DrawingBackend>(
    canvas: &Canvas<'_, DB>,
    (plot, axis): (Rect, &Axis),
    (predictions, quantity): (&[Prediction], &Quantity),
) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let colour = look.theme.predicted();
    let mut level = plot.top + look.em(0.8);
    for prediction in predictions {
        let Prediction::Number { values, label } = prediction else { continue };
        let sorted = stats::sorted(values);
        let Some(middle) = stats::quantile(&sorted, 0.5) else { continue };
        if sorted.len() > 1 {
            for value in sorted.iter().filter(|value| axis.holds(**value)) {
                let at = axis.pixel(*value);
                pen.line((at, plot.top), (at, plot.top + look.em(0.4)), colour, look.width(0.4))?;
            }
            level = level.max(plot.top + look.em(1.1));
        }
        let told = prediction_told(label.get(look.lang), &sorted, quantity, look.lang);
        let (low, high) = axis.range();
        let at = axis.pixel(middle);
        if (low..=high).contains(&middle) {
            pen.dashed((at, plot.top), (at, plot.bottom), look.em(0.55).max(4), colour, look.width(0.9))?;
            let (right, left) = (plot.right - at - look.em(0.6), at - plot.left - look.em(0.6));
            let widest = f64::from(right.max(left));
            let short = format!("Median {}", quantity.with(&number::plain_short(middle, look.lang)));
            let text = if text_width(&told, look.text) > widest && sorted.len() > 1 { short } else { told };
            let text = fit(&text, look.text, widest);
            let fits = text_width(&text, look.text) <= f64::from(right);
            let (anchor, from) = if fits { (Anchor::LEFT, at + look.em(0.4)) } else { (Anchor::RIGHT, at - look.em(0.4)) };
            canvas.on_paper(&text, (from, level), anchor, colour)?;
        } else {
            let text = fit(&told, look.text, f64::from(plot.width() - look.em(1.6)));
            let (text, anchor, from) = match middle < low {
                true => (format!("◀ {text}"), Anchor::LEFT, plot.left + look.em(0.2)),
                false => (format!("{text} ▶"), Anchor::RIGHT, plot.right - look.em(0.2)),
            };
            canvas.on_paper(&text, (from, level), anchor, colour)?;
        }
        level += look.em(1.3);
    }
    Ok(())
}

/// What a prediction is called.
pub(crate) fn prediction_name(label: &str, lang: Lang) -> &str {
    if label.is_empty() { lang.pick("Vorhersage", "prediction") } else { label }
}

/// `prediction: 9.5 m/s²`, `median of 20 predictions: 9.9 m/s²`; `sorted` is not empty.
pub(crate) fn prediction_told(label: &str, sorted: &[f64], quantity: &Quantity, lang: Lang) -> String {
    let middle = stats::quantile(sorted, 0.5).unwrap_or(f64::NAN);
    let value = quantity.with(&number::plain_short(middle, lang));
    match (sorted.len(), label, lang) {
        (0 | 1, ..) => format!("{}: {value}", prediction_name(label, lang)),
        (n, "", Lang::De) => format!("Median von {n} Vorhersagen: {value}"),
        (n, "", Lang::En) => format!("median of {n} predictions: {value}"),
        (n, label, _) => format!("{label} (Median, n = {n}): {value}"),
    }
}

/// With a capital at its beginning, for a sentence.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What was predicted, as a sentence for those who do not see the dashes; empty if nothing was.
pub(crate) fn predictions_told(predictions: &[Prediction], quantity: &Quantity, lang: Lang) -> String {
    let mut text = String::new();
    for prediction in predictions {
        match prediction {
            Prediction::Number { values, label } => {
                let sorted = stats::sorted(values);
                if !sorted.is_empty() {
                    text += &format!(" {}.", capital(&prediction_told(label.get(lang), &sorted, quantity, lang)));
                }
            }
            Prediction::Sketch { points, label } => {
                let ends = points.first().zip(points.last());
                let Some((first, last)) = ends else { continue };
                let name = capital(prediction_name(label.get(lang), lang));
                let (from, to) = (number::plain_short(first.1, lang), quantity.with(&number::plain_short(last.1, lang)));
                text += &match lang {
                    Lang::De => format!(" {name}: Kurve von {from} bis {to}."),
                    Lang::En => format!(" {name}: a curve from {from} to {to}."),
                };
            }
            Prediction::Choice { question, options } => text += &format!(" {}", super::votes::told(question.get(lang), options, lang)),
        }
    }
    text
}
