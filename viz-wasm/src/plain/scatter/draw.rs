//! How points, fits and residuals are drawn.

use super::*;

const SHAPES: [Marker; GROUPS] = [Marker::Circle, Marker::Square, Marker::Up, Marker::Diamond, Marker::Down, Marker::Cross];

/// Points from which on marks are small.
const CROWD: usize = 120;

/// Share of the height that the residuals get.
const BELOW: f64 = 0.32;

/// A point on its chart with everything that decides its look.
struct Spot<'a> {
    dot: &'a Dot,
    y: f64,
    sigma: Option<f64>,
    style: (Colour, Marker),
    /// Half of its mark's width, px.
    size: i32,
}

impl Scatter {
    /// The name of a group; of several without names, their letters.
    pub(super) fn name(&self, place: usize, lang: Lang) -> String {
        let name = self.groups.get(place).map(|group| group.name.get(lang)).unwrap_or_default();
        if name.is_empty() && self.groups.len() > 1 { char::from(b'A' + place as u8).to_string() } else { name.to_owned() }
    }

    /// Hundreds of readings are small marks, or they were one blot.
    fn size(&self, look: &crate::paint::Look) -> i32 {
        let many = self.dots().count() > CROWD;
        if many { look.em(0.14).max(2) } else { look.em(0.3).max(3) }
    }

    fn style(&self, place: usize, canvas_look: &crate::paint::Look) -> (Colour, Marker) {
        (canvas_look.theme.series(place), SHAPES[place % GROUPS])
    }

    /// Ranges of both axes: all points with their bars and what was predicted. A linear axis that nearly reaches zero has
    /// it, for whether a line goes through the origin is what one looks for.
    fn ranges(&self) -> ((f64, f64), (f64, f64)) {
        let shown = || self.dots().filter(|dot| self.shown(dot));
        let ends = |value: f64, sigma: Option<f64>| {
            let sigma = sigma.unwrap_or(0.0);
            // A bar that reaches below zero has no end on a logarithmic axis.
            if self.log && value <= sigma { [value, value + sigma] } else { [value - sigma, value + sigma] }
        };
        let sketched = || {
            self.predictions.iter().flat_map(|prediction| match prediction {
                Prediction::Sketch { points, .. } => points.clone(),
                _ => Vec::new(),
            })
        };
        let numbers = self.predictions.iter().flat_map(|prediction| match prediction {
            Prediction::Number { values, .. } => values.clone(),
            _ => Vec::new(),
        });
        // A logarithmic axis never reaches zero.
        let least = |axis: usize| {
            let ends = self.reach.map(|reach| [reach[axis].0, reach[axis].1]);
            ends.into_iter().flatten().filter(|end| !self.log || *end > 0.0)
        };
        let x = shown().flat_map(|dot| ends(dot.x, dot.ux)).chain(sketched().map(|point| point.0));
        let y = shown().flat_map(|dot| ends(dot.y, dot.uy)).chain(sketched().map(|point| point.1)).chain(numbers);
        let (x, y) = (stats::hull(x.chain(least(0))), stats::hull(y.chain(least(1))));
        let padded = |range: Option<(f64, f64)>| match range {
            Some((low, high)) if self.log && low > 0.0 => {
                let share = (high / low).powf(0.06).max(1.05);
                (low / share, high * share)
            }
            _ if self.log => (0.1, 10.0),
            Some((low, high)) if low >= 0.0 && (self.zero || low < 0.2 * high) => (0.0, high * 1.06),
            Some((low, high)) if high <= 0.0 && (self.zero || high > 0.2 * low) => (low * 1.06, 0.0),
            Some(range) => stats::widened(range, 0.06),
            None => (0.0, 1.0),
        };
        (padded(x), padded(y))
    }

    pub(super) fn paint<DB: DrawingBackend>(&self, canvas: &Canvas<'_, DB>) -> Result<(), VizError> {
        let look = &canvas.look;
        if self.dots().next().is_none() {
            return canvas.empty(canvas.sheet(), look.lang.pick("noch keine Punkte", "no points yet"));
        }
        let rect = canvas.headline(&self.equations(look.lang))?;
        let rect = canvas.notes(rect, &self.notes(look.lang), 2)?;
        let fitted = self.groups.iter().any(|group| group.fit.is_some());
        // Residuals need room to be seen.
        let below = self.residuals && fitted && rect.height() > look.em(16.0);
        let split = rect.bottom - if below { (f64::from(rect.height()) * BELOW) as i32 + look.em(1.3) } else { 0 };
        let (upper, lower) = (Rect { bottom: split, ..rect }, Rect { top: split, ..rect });
        let (x_range, y_range) = self.ranges();
        let residuals = self.residual_range();
        let (x_name, y_name) = (self.x.axis(look.lang), self.y.axis(look.lang));
        let off = self.off_name(look.lang);
        let x = |name| Side { range: x_range, log: self.log, name };
        let y = Side { range: y_range, log: self.log, name: &y_name };
        let rest = Side { range: residuals, log: false, name: &off };
        let wide = chart::numbers(y, upper.height(), look);
        let left = if below { wide.max(chart::numbers(rest, lower.height(), look)) } else { wide };
        let names: Vec<String> = (0..self.groups.len()).map(|place| self.name(place, look.lang)).collect();
        let several = names.len() > 1;
        let right = if several { chart::room(rect.width(), names.iter().map(String::as_str), look) } else { 0 };
        let main = Chart::draw(canvas, upper, (x(if below { "" } else { &x_name }), y), (left, right))?;
        let mut ends = Vec::new();
        for (place, group) in self.groups.iter().enumerate() {
            ends.extend(self.group(canvas, &main, (place, group))?.map(|level| (level, names[place].clone(), look.theme.series(place))));
        }
        if several {
            chart::ends(canvas, main.plot, right, ends)?;
        }
        super::super::trace::predicted(canvas, &main, &self.predictions, &self.y)?;
        let last = if below { self.residual_panel(canvas, lower, (x(&x_name), rest), (left, right))? } else { main };
        let bars = self.dots().any(|dot| dot.ux.or(dot.uy).is_some_and(|sigma| sigma > 0.0));
        let hollow = self.dots().any(|dot| dot.excluded.is_some());
        let meaning = [
            bars.then_some(look.lang.pick("Balken: Unsicherheit", "bars: uncertainty")),
            hollow.then_some(look.lang.pick("hohl: zählt nicht", "hollow: not counted")),
        ];
        let meaning: Vec<&str> = meaning.into_iter().flatten().collect();
        last.legend(canvas, &x_name, &[&meaning.join(", "), meaning.first().copied().unwrap_or_default()])
    }

    /// The points and the fit of a group; returns where at the right end its name may stand.
    fn group<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        main: &Chart,
        (place, group): (usize, &Group),
    ) -> Result<Option<i32>, VizError> {
        let look = &canvas.look;
        let (style, size) = (self.style(place, look), self.size(look));
        let mut end = None;
        if let Some(fit) = &group.fit {
            let (from, to) = (main.x.value(main.plot.left), main.x.value(main.plot.right));
            let runs = main.sampled((from, to), |x| fit.model.at(x));
            end = runs.last().and_then(|run| run.last()).map(|point| point.1);
            let colour = if self.groups.len() == 1 { look.theme.accent() } else { style.0 };
            let dash = if self.groups.len() == 1 { 0.0 } else { DASHES[place % DASHES.len()] };
            chart::lines(canvas, runs, Stroke { colour, width: look.width(0.8), dash })?;
        }
        for (rank, index) in Self::ranked(group).into_iter().enumerate() {
            let dot = &group.points[index];
            if self.shown(dot) {
                spot(canvas, main, &Spot { dot, y: dot.y, sigma: dot.uy, style, size })?;
                let at = main.pixel(dot.x, dot.y);
                canvas.mark(place, rank, at);
                end = end.or(Some(at.1));
            }
        }
        Ok(end)
    }

    /// Symmetrical about zero, without the points that do not count.
    fn residual_range(&self) -> (f64, f64) {
        let far = self.groups.iter().flat_map(|group| {
            let counts = group.points.iter().filter(|dot| dot.excluded.is_none());
            counts.filter_map(|dot| self.off(group, dot)).map(|(off, sigma)| off.abs() + sigma.unwrap_or(0.0))
        });
        let most = far.filter(|far| far.is_finite()).fold(0.0, f64::max);
        let most = if most > 0.0 { most * 1.15 } else { 1.0 };
        (-most, most)
    }

    fn residual_panel<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<'_, DB>,
        rect: Rect,
        sides: (Side<'_>, Side<'_>),
        margins: (i32, i32),
    ) -> Result<Chart, VizError> {
        let look = &canvas.look;
        let (panel, size) = (Chart::draw(canvas, rect, sides, margins)?, self.size(look));
        for (place, group) in self.groups.iter().enumerate() {
            let style = self.style(place, look);
            for dot in group.points.iter().filter(|dot| self.shown(dot)) {
                let Some((y, sigma)) = self.off(group, dot) else { continue };
                if panel.y.holds(y) {
                    spot(canvas, &panel, &Spot { dot, y, sigma, style, size })?;
                } else if dot.excluded.is_none() || y.is_finite() {
                    // Beyond the panel an arrow says on which side.
                    let (sign, edge) =
                        if y > 0.0 { ("▲", panel.plot.top + look.em(0.5)) } else { ("▼", panel.plot.bottom - look.em(0.5)) };
                    let half = text_width(sign, look.text) as i32 / 2;
                    let at = (panel.x.pixel(dot.x).min(panel.plot.right - half).max(panel.plot.left + half), edge);
                    canvas.pen.text(sign, at, crate::paint::Anchor::CENTRE, look.text, look.theme.muted())?;
                }
            }
        }
        Ok(panel)
    }
}

/// A mark with bars of its uncertainties; hollow if it does not count.
fn spot<DB: DrawingBackend>(canvas: &Canvas<'_, DB>, chart: &Chart, spot: &Spot<'_>) -> Result<(), VizError> {
    let (pen, look) = (&canvas.pen, &canvas.look);
    let (dot, (colour, marker)) = (spot.dot, spot.style);
    if !chart.holds(dot.x, spot.y) {
        return Ok(());
    }
    let at = chart.pixel(dot.x, spot.y);
    let ink = if dot.excluded.is_some() { look.theme.muted() } else { colour };
    let (width, cap) = (look.width(0.4), look.em(0.2));
    if let Some(sigma) = spot.sigma.filter(|sigma| *sigma > 0.0) {
        // On a logarithmic axis a bar may reach below zero: it ends at the frame.
        let (low, high) = (lower_end(chart.y, spot.y - sigma, chart.plot.bottom), chart.y.pixel(spot.y + sigma));
        pen.line((at.0, low), (at.0, high), ink, width)?;
        pen.line((at.0 - cap, low), (at.0 + cap, low), ink, width)?;
        pen.line((at.0 - cap, high), (at.0 + cap, high), ink, width)?;
    }
    if let Some(sigma) = dot.ux.filter(|sigma| *sigma > 0.0) {
        let (low, high) = (lower_end(chart.x, dot.x - sigma, chart.plot.left), chart.x.pixel(dot.x + sigma));
        pen.line((low, at.1), (high, at.1), ink, width)?;
        pen.line((low, at.1 - cap), (low, at.1 + cap), ink, width)?;
        pen.line((high, at.1 - cap), (high, at.1 + cap), ink, width)?;
    }
    let (fill, outline) = if dot.excluded.is_some() { (look.theme.paper(), ink) } else { (colour, look.theme.paper()) };
    marker.draw(pen, at, spot.size, fill, outline, look.width(if dot.excluded.is_some() { 0.45 } else { 0.25 }))
}

fn lower_end(scale: chart::Scale, value: f64, edge: i32) -> i32 {
    let pixel = scale.pixel(value);
    // The logarithm of a negative number is none, and its pixel says nothing.
    if scale.holds(value) { pixel } else { edge }
}
