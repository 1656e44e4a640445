//! Curves that are not linear in their unknowns, by least squares.

use super::qr::{Qr, lengths};
use super::{AnalysisError, Result};

/// More steps than any of the hard problems of the NIST takes from its far start.
const MOST_STEPS: usize = 2000;

/// The unknowns at the smallest sum of squares and what is known of them.
pub(super) struct Fit {
    pub(super) unknowns: Vec<f64>,
    /// Standard deviation of each unknown per unit of noise.
    pub(super) errors: Vec<f64>,
    /// Value minus curve, point by point.
    pub(super) residuals: Vec<f64>,
    /// Sum of their squares.
    pub(super) squares: f64,
}

/// What one set of unknowns leaves.
struct State {
    unknowns: Vec<f64>,
    /// Derivatives of the curve by each unknown, column by column.
    slopes: Vec<Vec<f64>>,
    residuals: Vec<f64>,
    squares: f64,
}

/// The unknowns that bring a curve nearest to values, from a start: Levenberg and Marquardt's method with Moré's scaling
/// (Lecture Notes in Mathematics 630, 105 (1978)) and Nielsen's choice of the damping (IMM-REP-1999-05).
///
/// `curve` takes the unknowns and the index of a point, writes its derivatives by the unknowns and returns its value. Each
/// step is solved by reflections of the derivatives themselves, so that unknowns which go together to eight digits still
/// are told apart. Ends at a local minimum. Near it the sum of squares no longer tells one place from another, so the last
/// digits come from a few undamped steps that are judged by their length.
///
/// Fails with `TooFew` unless there are more values than unknowns, `NoFit` if the curve is not finite at the start, the
/// derivatives are dependent at the end, or it takes more than 2000 steps.
pub(super) fn least_squares(values: &[f64], start: &[f64], curve: impl Fn(&[f64], usize, &mut [f64]) -> f64) -> Result<Fit> {
    let n = start.len();
    if values.len() <= n {
        return Err(AnalysisError::TooFew { needed: n + 1, found: values.len() });
    }
    let state = |unknowns: Vec<f64>| {
        let mut slopes = vec![vec![0.0; values.len()]; n];
        let mut at_point = vec![0.0; n];
        let mut residuals = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            residuals.push(value - curve(&unknowns, index, &mut at_point));
            slopes.iter_mut().zip(&at_point).for_each(|(column, slope)| column[index] = *slope);
        }
        let squares: f64 = residuals.iter().map(|residual| residual * residual).sum();
        let fine = squares.is_finite() && slopes.iter().flatten().all(|slope| slope.is_finite());
        fine.then_some(State { unknowns, slopes, residuals, squares })
    };
    let mut here = state(start.to_vec()).ok_or(AnalysisError::NoFit)?;
    let mut scale = vec![0.0; n];
    let (mut damping, mut growth) = (1e-3, 2.0);
    let mut system = linear(&here, &mut scale)?;
    for _ in 0..MOST_STEPS {
        let Some((step, gain)) = damped_step(&system, &scale, damping) else {
            damping *= growth;
            growth *= 2.0;
            continue;
        };
        let small = length(&step, &scale) <= 1e-11 * length(&here.unknowns, &scale);
        let there = state(here.unknowns.iter().zip(&step).map(|(unknown, step)| unknown + step).collect());
        // Below rounding nothing can be gained: this is the minimum, to the last bits.
        let exhausted = gain <= 1e-15 * here.squares;
        match there {
            Some(there) if there.squares < here.squares => {
                let ratio = (here.squares - there.squares) / gain;
                let bend = 2.0 * ratio - 1.0;
                damping *= (1.0 - bend * bend * bend).clamp(1.0 / 3.0, 2.0);
                growth = 2.0;
                here = there;
                if small {
                    return finish(polished(here, &scale, state));
                }
                system = linear(&here, &mut scale)?;
            }
            _ if small || exhausted || here.squares == 0.0 => return finish(polished(here, &scale, state)),
            _ => {
                damping *= growth;
                growth *= 2.0;
            }
        }
    }
    Err(AnalysisError::NoFit)
}

/// The linear system of one state: the triangle of its derivatives and the turned residuals.
struct Linear {
    triangle: Vec<Vec<f64>>,
    right: Vec<f64>,
}

/// Also updates the scale of every unknown: the longest its derivative has been.
fn linear(state: &State, scale: &mut [f64]) -> Result<Linear> {
    for (scale, length) in scale.iter_mut().zip(lengths(&state.slopes)) {
        *scale = length.max(*scale);
    }
    // A derivative that is zero everywhere at the moment may come to life later: a grain of its own keeps it apart.
    let n = state.unknowns.len();
    let columns: Vec<Vec<f64>> = state
        .slopes
        .iter()
        .enumerate()
        .map(|(k, slopes)| {
            let grain = 1e-150 * if scale[k] > 0.0 { scale[k] } else { 1.0 };
            slopes.iter().copied().chain((0..n).map(|row| if row == k { grain } else { 0.0 })).collect()
        })
        .collect();
    let decomposed = Qr::new(columns, 0.0)?;
    let mut right = state.residuals.clone();
    right.resize(right.len() + n, 0.0);
    let mut right = decomposed.turned(right);
    right.truncate(n);
    Ok(Linear { triangle: decomposed.triangle(), right })
}

/// The step for a damping, and by how much the linear system says that the sum of squares falls.
fn damped_step(system: &Linear, scale: &[f64], damping: f64) -> Option<(Vec<f64>, f64)> {
    let n = scale.len();
    let root = libm::sqrt(damping);
    let columns = system.triangle.iter().enumerate().map(|(k, column)| {
        let mut column = column.clone();
        column.resize(2 * n, 0.0);
        column[n + k] = root * scale[k];
        column
    });
    let mut right = system.right.clone();
    right.resize(2 * n, 0.0);
    let step = Qr::new(columns.collect(), 0.0).ok()?.solve(right);
    // ‖r‖² − ‖r − J·s‖², in the triangle's terms.
    let mut gain = 0.0;
    for row in 0..n {
        let change: f64 = (row..n).map(|k| system.triangle[k][row] * step[k]).sum();
        gain += change * (2.0 * system.right[row] - change);
    }
    step.iter().all(|value| value.is_finite()).then_some((step, gain))
}

/// Undamped steps from the minimum as far as the sum of squares shows it, as long as each is shorter than the one before.
fn polished(mut here: State, scale: &[f64], state: impl Fn(Vec<f64>) -> Option<State>) -> State {
    let mut longest = 1e-5 * length(&here.unknowns, scale);
    for _ in 0..20 {
        let step = linear(&here, &mut scale.to_vec()).ok().and_then(|system| damped_step(&system, scale, 0.0));
        let Some((step, _)) = step else { break };
        let there = state(here.unknowns.iter().zip(&step).map(|(unknown, step)| unknown + step).collect());
        match there {
            Some(there) if length(&step, scale) < longest && there.squares <= here.squares * (1.0 + 1e-9) => {
                longest = 0.95 * length(&step, scale);
                here = there;
            }
            _ => break,
        }
    }
    here
}

fn length(vector: &[f64], scale: &[f64]) -> f64 {
    libm::sqrt(vector.iter().zip(scale).map(|(v, s)| v * s * v * s).sum())
}

fn finish(state: State) -> Result<Fit> {
    let inverse = Qr::new(state.slopes, 1e-14)?.inverse();
    Ok(Fit { unknowns: state.unknowns, errors: lengths(&inverse), residuals: state.residuals, squares: state.squares })
}

#[cfg(test)]
mod tests;
