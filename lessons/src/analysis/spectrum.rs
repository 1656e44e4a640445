//! Which frequencies a recording is made of.

use std::f64::consts::{PI, TAU};

use super::fourier::transform;
use super::gap::sections;
use super::{AnalysisError, Estimate, Result, check_columns, finite, resample};

/// How the ends of a recording are faded, so that a tone which does not end where it began does not smear over everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Not at all: the sharpest lines, the most smear.
    Rectangle,
    /// sin²: lines twice as wide, smear a thousand times weaker after three line widths.
    Hann,
}

/// Amplitudes by frequency.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    /// From 0 to half the sampling rate, evenly, Hz.
    pub freq: Vec<f64>,
    /// What a sinusoid of this frequency would have as its amplitude, unit of the values.
    pub amplitude: Vec<f64>,
}

/// A peak must carry sixteen times the power of its neighbourhood: of a thousand recordings of noise with a thousand
/// frequencies each, one has such a peak by chance.
const STANDS_OUT: f64 = 16.0;

/// The amplitude spectrum of the longest part of a recording that has no [gap](super::GAP).
///
/// The readings are interpolated linearly to an even grid of as many points (which weakens what is near half the sampling
/// rate), their mean as the window weighs it is taken away, the window is laid over them, and zeros are added up to the first
/// power of two that is at least twice as many: the frequencies are then spaced by a half to a quarter of what the length of
/// the recording resolves. Press et al., Numerical Recipes, 12.1 and 13.4. No uncertainties; [`spectral_peak`] has one.
///
/// Outliers lift the whole spectrum. Fails with `TooFew` below 8 readings without a gap, `Constant`, `TooShort` without
/// duration, `Unsorted`, `Shape`, `NotFinite`.
pub fn spectrum(time: &[f64], values: &[f64], window: Window) -> Result<Spectrum> {
    let even = Even::new(time, values, window)?;
    let powers = even.powers();
    let total: f64 = even.weights.iter().sum();
    let n = powers.len();
    let amplitude = powers.iter().enumerate().map(|(k, power)| {
        let sides = if k == 0 || k + 1 == n { 1.0 } else { 2.0 };
        sides * libm::sqrt(*power) / total
    });
    let amplitude: Vec<f64> = amplitude.collect();
    if amplitude.iter().any(|amplitude| !amplitude.is_finite()) {
        return Err(AnalysisError::NotFinite);
    }
    Ok(Spectrum { freq: (0..n).map(|k| k as f64 * even.spacing()).collect(), amplitude })
}

/// The frequency of the highest peak between two frequencies, Hz.
///
/// The peak of the spectrum (as [`spectrum`] makes it) is refined by parabolas through the logarithm of the power at three
/// close frequencies; for one tone this is the maximum of its likelihood. Uncertainty: noise of the strength found beside
/// the peak (4 to 20 resolvable frequencies away) shifts it by this much (Rife and Boorstyn, IEEE Trans. Inf. Theory 20, 591
/// (1974), with the window's weights). A second tone nearer than 4/duration pulls the peak and is not in the uncertainty; a
/// tone above half the sampling rate shows up at a wrong place.
///
/// Fails with `NoOscillation` if no peak in the range stands out of its neighbourhood by a factor of 16 in power,
/// `TooShort` if the recording holds fewer than 4 periods of it, `TooSlow` if half the sampling rate is below `max_hz`,
/// `Domain` unless 0 <= `min_hz` < `max_hz`, and as [`spectrum`] does.
pub fn spectral_peak(time: &[f64], values: &[f64], window: Window, min_hz: f64, max_hz: f64) -> Result<Estimate> {
    if !(min_hz.is_finite() && max_hz.is_finite() && 0.0 <= min_hz && min_hz < max_hz) {
        return Err(AnalysisError::Domain);
    }
    let even = Even::new(time, values, window)?;
    if 2.0 * max_hz * even.step > 1.0 + 1e-9 {
        return Err(AnalysisError::TooSlow { needed_hz: 2.0 * max_hz, found_hz: 1.0 / even.step });
    }
    let powers = even.powers();
    let spacing = even.spacing();
    let inside = |k: &usize| (min_hz..=max_hz).contains(&(*k as f64 * spacing));
    let is_peak = |k: &usize| powers[*k] >= powers[k - 1] && powers[*k] > powers[k + 1];
    let highest = (1..powers.len() - 1).filter(|k| inside(k) && is_peak(k)).fold(None, |best: Option<usize>, k| match best {
        Some(best) if powers[best] >= powers[k] => Some(best),
        _ => Some(k),
    });
    let highest = highest.ok_or(AnalysisError::NoOscillation)?;
    let duration = even.values.len() as f64 * even.step;
    let (frequency, power) = even.refined(highest as f64 * spacing, 0.25 / duration);
    if frequency * duration < 4.0 {
        return Err(AnalysisError::TooShort { needed_s: 4.0 / frequency, found_s: duration });
    }

    let beside = |k: &usize| (4.0..=20.0).contains(&((*k as f64 * spacing - frequency).abs() * duration));
    let (total, count) = (1..powers.len()).filter(beside).fold((0.0, 0.0), |(sum, n), k| (sum + powers[k], n + 1.0));
    let noise = if count > 0.0 { total / count } else { 0.0 };
    if power < STANDS_OUT * noise {
        return Err(AnalysisError::NoOscillation);
    }
    let middle = 0.5 * (even.weights.len() - 1) as f64;
    let (mut sum, mut squares, mut second, mut noisy) = (0.0, 0.0, 0.0, 0.0);
    for (index, weight) in even.weights.iter().enumerate() {
        let from_middle = index as f64 - middle;
        sum += weight;
        squares += weight * weight;
        second += weight * from_middle * from_middle;
        noisy += weight * weight * from_middle * from_middle;
    }
    let amplitude_squared = 4.0 * power / (sum * sum);
    let per_sample = libm::sqrt(2.0 * noise / squares * noisy / amplitude_squared) / second;
    finite(frequency, per_sample / (TAU * even.step))
}

/// Evenly spaced, windowed readings without their mean.
struct Even {
    values: Vec<f64>,
    weights: Vec<f64>,
    step: f64,
}

impl Even {
    fn new(time: &[f64], values: &[f64], window: Window) -> Result<Self> {
        check_columns(&[time, values], 8)?;
        let length = |range: &std::ops::Range<usize>| time[range.end - 1] - time[range.start];
        let longest =
            sections(time)?.into_iter().reduce(|best, next| if length(&next) > length(&best) { next } else { best }).unwrap_or(0..0);
        let (time, values) = (&time[longest.clone()], &values[longest]);
        let n = time.len();
        if n < 8 {
            return Err(AnalysisError::TooFew { needed: 8, found: n });
        }
        if values.iter().all(|value| *value == values[0]) {
            return Err(AnalysisError::Constant);
        }
        let step = (time[n - 1] - time[0]) / (n - 1) as f64;
        if step <= 0.0 {
            return Err(AnalysisError::TooShort { needed_s: f64::MIN_POSITIVE, found_s: 0.0 });
        }
        let grid: Vec<f64> = (0..n).map(|k| (time[0] + k as f64 * step).min(time[n - 1])).collect();
        let mut even: Vec<f64> = resample(time, values, &grid)?.into_iter().flatten().collect();
        let weight = |k: usize| match window {
            Window::Rectangle => 1.0,
            Window::Hann => {
                let sin = libm::sin(PI * k as f64 / n as f64);
                sin * sin
            }
        };
        let weights: Vec<f64> = (0..n).map(weight).collect();
        let mean = even.iter().zip(&weights).map(|(value, weight)| value * weight).sum::<f64>() / weights.iter().sum::<f64>();
        even.iter_mut().zip(&weights).for_each(|(value, weight)| *value = (*value - mean) * weight);
        Ok(Self { values: even, weights, step })
    }

    /// Length of the transform.
    fn padded(&self) -> usize {
        (2 * self.values.len()).next_power_of_two()
    }

    fn spacing(&self) -> f64 {
        1.0 / (self.padded() as f64 * self.step)
    }

    /// |X|² from frequency 0 to half the sampling rate.
    fn powers(&self) -> Vec<f64> {
        let n = self.padded();
        let mut real = self.values.clone();
        real.resize(n, 0.0);
        let mut imaginary = vec![0.0; n];
        transform(&mut real, &mut imaginary);
        real.iter().zip(&imaginary).take(n / 2 + 1).map(|(re, im)| re * re + im * im).collect()
    }

    /// |X|² at any frequency.
    fn power(&self, frequency: f64) -> f64 {
        let angle = TAU * frequency * self.step;
        let (sin_step, cos_step) = libm::sincos(angle);
        let (mut re, mut im) = (0.0, 0.0);
        // Within a piece the angle is multiplied up, from piece to piece computed: a sine per reading would take ten times as long.
        for (piece, values) in self.values.chunks(64).enumerate() {
            let (mut sin, mut cos) = libm::sincos(angle * (64 * piece) as f64);
            for value in values {
                re += value * cos;
                im -= value * sin;
                (sin, cos) = (sin * cos_step + cos * sin_step, cos * cos_step - sin * sin_step);
            }
        }
        re * re + im * im
    }

    /// The top near a frequency and the power there.
    fn refined(&self, mut frequency: f64, mut reach: f64) -> (f64, f64) {
        for _ in 0..4 {
            let [left, middle, right] = [-reach, 0.0, reach].map(|offset| libm::log(self.power(frequency + offset)));
            let curvature = left - 2.0 * middle + right;
            if curvature < 0.0 {
                frequency += (0.5 * (left - right) / curvature).clamp(-1.5, 1.5) * reach;
            }
            reach *= 0.3;
        }
        (frequency, self.power(frequency))
    }
}

#[cfg(test)]
mod tests;
