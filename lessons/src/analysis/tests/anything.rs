//! Whatever comes in: nothing panics, and only finite numbers come out.

use proptest::prelude::*;

use super::{is_fine, steps, value};
use crate::analysis::*;

fn all_finite<'a>(values: impl IntoIterator<Item = &'a f64>) -> bool {
    values.into_iter().all(|value| value.is_finite())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn fits(x in proptest::collection::vec(value(), 0..40), y in proptest::collection::vec(value(), 0..40), tame in any::<bool>(), degree in 0..12usize) {
        let n = if tame { x.len().min(y.len()) } else { usize::MAX };
        let tamed = |column: &[f64]| -> Vec<f64> {
            column.iter().take(n).map(|value| if tame && !(value.is_finite() && value.abs() < 1e6) { 0.5 } else { *value }).collect()
        };
        let (x, y) = (tamed(&x), tamed(&y));
        let positive: Vec<f64> = x.iter().map(|x| x.abs() + 1e-3).collect();
        for line in [weighted_line(&x, &y, &positive), weighted_line(&x, &y, &x)].into_iter().flatten() {
            prop_assert!(is_fine(line.slope) && is_fine(line.intercept) && (0.0..=1.0).contains(&line.r_squared));
        }
        for law in [log_log(&positive, &y), power_law_with_background(&positive, &y), log_log(&x, &y)].into_iter().flatten() {
            prop_assert!(is_fine(law.factor) && is_fine(law.exponent) && law.offset.is_none_or(is_fine) && (0.0..=1.0).contains(&law.r_squared));
        }
        let mut time = x.clone();
        time.sort_by(f64::total_cmp);
        if let Ok(fit) = exponential(&time, &y) {
            prop_assert!(is_fine(fit.amplitude) && is_fine(fit.tau) && is_fine(fit.offset) && is_fine(fit.half_life()));
        }
        if let Ok(curve) = polynomial(&x, &y, degree) {
            prop_assert!(curve.coefficients.iter().all(|coefficient| is_fine(*coefficient)) && (0.0..=1.0).contains(&curve.r_squared));
        }
        if let Ok(plane) = multiple_regression(&[&x, &positive], &y) {
            prop_assert!(is_fine(plane.intercept) && plane.slopes.iter().all(|slope| is_fine(*slope)) && (0.0..=1.0).contains(&plane.r_squared));
        }
        for found in [welch(&x, &y), paired(&x, &y)].into_iter().flatten() {
            prop_assert!(all_finite(&[found.difference, found.se, found.df, found.ci95.0, found.ci95.1]) && found.se > 0.0);
            prop_assert!((0.0..=1.0).contains(&found.p_value().unwrap()));
        }
        if let Ok(found) = holm(&x) {
            prop_assert!(found.iter().all(|p| (0.0..=1.0).contains(p)));
        }
    }

    #[test]
    fn signals(steps in steps(), values in proptest::collection::vec(value(), 0..400), tame in any::<bool>(), limits in (value(), value())) {
        let time: Vec<f64> = steps.iter().scan(0.0, |time, step| { *time += if tame { step.abs() } else { *step }; Some(*time) }).collect();
        let n = time.len().min(values.len());
        let values: Vec<f64> = values.iter().map(|value| if tame && !(value.is_finite() && value.abs() < 1e6) { 0.5 } else { *value }).collect();
        let (time, values) = (&time[..n], &values[..if limits.0 == 0.0 { values.len() } else { n }]);
        for window in [Window::Hann, Window::Rectangle] {
            if let Ok(found) = spectrum(time, values, window) {
                prop_assert!(all_finite(&found.freq) && all_finite(&found.amplitude));
            }
            if let Ok(peak) = spectral_peak(time, values, window, limits.0, limits.1.abs()) {
                prop_assert!(is_fine(peak));
            }
        }
        if let Ok(found) = peaks(time, values, limits.0, limits.1) {
            prop_assert!(found.iter().all(|peak| *peak > 0 && peak + 1 < n));
        }
        if let Ok(found) = crossings(time, values, limits.0, limits.1, Direction::Both) {
            prop_assert!(all_finite(&found) && found.is_sorted());
        }
        for found in [longest_below(time, values, limits.0), longest_above(time, values, limits.0)].into_iter().flatten() {
            prop_assert!(is_fine(found.duration) && found.start_s.is_finite() && found.duration.value >= 0.0);
        }
        if let Ok(found) = derivative(time, values, limits.0) {
            prop_assert!(all_finite(&found.slope) && all_finite(&found.uncertainty) && found.time.len() == found.slope.len());
        }
        if let Ok(found) = integrate_without_drift(time, values) {
            prop_assert!(all_finite(&found.values) && found.bias.is_finite() && found.values.len() == n);
        }
        if let Ok(found) = resample(time, values, &[limits.0, limits.1, 0.1, 0.2]) {
            prop_assert!(all_finite(found.iter().flatten()));
        }
        for smooth in [smooth_mean, smooth_gauss, moving_median] {
            if let Ok(found) = smooth(time, values, limits.0) {
                prop_assert!(all_finite(&found) && found.len() == n);
            }
        }
        for found in [energy_mean(values), percentile_level(values, limits.0), time_weighted_mean(time, values), step_rate(time, values)].into_iter().flatten() {
            prop_assert!(is_fine(found));
        }
        if let Ok(found) = circular_mean(values) {
            prop_assert!(is_fine(found.mean) && (0.0..=1.0).contains(&found.resultant));
        }
        if let Ok(found) = box_plot(values) {
            prop_assert!(found.low_whisker <= found.quartiles.q1 && found.quartiles.q3 <= found.high_whisker && all_finite(&[found.low_whisker, found.high_whisker]));
        }
        for bins in [Bins::Automatic, Bins::Count(12), Bins::Width(limits.0), Bins::Edges(vec![-1.0, 0.0, 5.0])] {
            if let Ok(found) = histogram(values, &bins) {
                prop_assert_eq!(found.counts.iter().sum::<usize>() + found.below + found.above, values.len());
                prop_assert!(all_finite(&found.edges) && found.edges.is_sorted());
            }
        }
        let (one, other) = (Estimate { value: limits.0, uncertainty: 0.1 }, Estimate { value: limits.1, uncertainty: 0.1 });
        for found in [barometric_height(one, other, None), barometric_height(one, other, Some(one))].into_iter().flatten() {
            prop_assert!(is_fine(found));
        }
        if let Ok(p) = student_p(limits.0, limits.1) {
            prop_assert!((0.0..=1.0).contains(&p));
        }
    }
}
