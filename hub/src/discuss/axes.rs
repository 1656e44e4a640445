//! The same axes for the figures of all groups, so that a steeper line looks steeper.

use messwerk_viz_wasm::plain::PlainFigure;

use super::Drawn;

/// How far the axes of one figure reach: pairs of least and largest, of which each kind has its own number.
type Reach = Vec<(f64, f64)>;

/// An extent this many times the usual one is somebody's mistake: in centimetres instead of metres everybody else's points would
/// shrink to a dot. That group keeps wider axes of its own.
const FAR: f64 = 5.0;

/// A group's figures on the axes of everybody's.
pub fn with_common_axes<'d>(of: &Drawn, all: impl Iterator<Item = &'d Drawn> + Clone) -> Drawn {
    let mut drawn = of.clone();
    for (place, figure) in &mut drawn.figures {
        if let Ok(figure) = figure {
            let others = all.clone().filter_map(|drawn| drawn.figures.get(place)?.as_ref().ok());
            share(figure, &common(others));
        }
    }
    drawn
}

/// How far the axes must reach for everybody's figure of one kind; empty where there is nothing to share.
fn common<'f>(figures: impl Iterator<Item = &'f PlainFigure>) -> Reach {
    let all: Vec<Reach> = figures.map(reach).filter(|reach| !reach.is_empty()).collect();
    let axes = all.iter().map(Vec::len).min().unwrap_or(0);
    (0..axes).filter_map(|axis| typical(all.iter().map(|reach| reach[axis]).collect())).collect()
}

/// From the least to the largest of what is not far beyond everybody else's.
fn typical(spans: Vec<(f64, f64)>) -> Option<(f64, f64)> {
    let size = |span: &(f64, f64)| span.0.abs().max(span.1.abs());
    let mut sizes: Vec<f64> = spans.iter().map(size).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let usual = *sizes.get(sizes.len() / 2)?;
    let near = spans.into_iter().filter(|span| size(span) <= FAR * usual);
    near.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

/// Widens a figure's axes to what everybody's share.
fn share(figure: &mut PlainFigure, reach: &[(f64, f64)]) {
    match (figure, reach) {
        (PlainFigure::Scatter(scatter), &[x, y]) => scatter.reach = Some([x, y]),
        (PlainFigure::Spectrum(spectrum), &[amplitude]) => spectrum.top = Some(amplitude.1),
        (PlainFigure::Motion(motion), &[time, a, v, s]) => motion.reach = Some([time, a, v, s]),
        (PlainFigure::Trace(trace), &[y]) => trace.range = Some(y),
        _ => {}
    }
}

fn reach(figure: &PlainFigure) -> Reach {
    let spans: Vec<Option<(f64, f64)>> = match figure {
        PlainFigure::Scatter(scatter) => {
            let dots = || scatter.groups.iter().flat_map(|group| &group.points);
            let shown = || dots().filter(|dot| !scatter.log || (dot.x > 0.0 && dot.y > 0.0));
            vec![hull(shown().map(|dot| dot.x)), hull(shown().map(|dot| dot.y))]
        }
        PlainFigure::Spectrum(spectrum) => vec![hull(spectrum.amplitudes.iter().copied())],
        PlainFigure::Motion(motion) => {
            let panels = [&motion.a, &motion.v, &motion.s].map(|panel| hull(panel.iter().flatten().copied()));
            [hull(motion.time.iter().copied())].into_iter().chain(panels).collect()
        }
        PlainFigure::Trace(trace) => vec![trace.range],
        _ => vec![],
    };
    spans.into_iter().collect::<Option<Reach>>().unwrap_or_default()
}

fn hull(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|value| value.is_finite()).map(|value| (value, value)).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

#[cfg(test)]
mod tests {
    use messwerk_viz_wasm::plain::data::Dot;
    use messwerk_viz_wasm::plain::{Group, Scatter};

    use super::*;

    fn scatter(points: &[(f64, f64)]) -> PlainFigure {
        let points = points.iter().map(|(x, y)| Dot { x: *x, y: *y, ..Dot::default() }).collect();
        PlainFigure::Scatter(Scatter { groups: vec![Group { points, ..Group::default() }], ..Scatter::default() })
    }

    #[test]
    fn axes_hold_what_everybody_found_but_for_who_is_far_off() {
        let mut figures =
            [scatter(&[(0.1, 1.0), (0.5, 2.0)]), scatter(&[(0.2, 1.5), (0.6, 3.0)]), scatter(&[(20.0, 1.0), (60.0, 2.0)]), scatter(&[])];
        let reach = common(figures.iter());
        assert_eq!(reach, [(0.1, 0.6), (1.0, 3.0)]);
        figures.iter_mut().for_each(|figure| share(figure, &reach));
        let shared = |figure: &PlainFigure| matches!(figure, PlainFigure::Scatter(Scatter { reach: Some([x, _]), .. }) if *x == (0.1, 0.6));
        assert!(figures.iter().all(shared));
        assert!(common([].iter()).is_empty());
    }
}
