use proptest::prelude::*;

use super::*;

mod anything;
mod coverage;
mod random;

pub(super) use random::Random;

/// The same number must come out in the browser; it changes only when an analysis changes on purpose.
#[test]
fn the_digest_is_what_it_was() {
    assert_eq!(self_test(), 0x939f_f3ff_ee79_5e98, "{:#x}", self_test());
}

/// Anything a phone might send: ordinary values, huge ones, equal ones, and what is no number.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        20 => -10.0..10.0f64,
        2 => Just(0.0),
        1 => Just(3.4e38),
        1 => Just(-1e300),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
    ]
}

fn steps() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(prop_oneof![30 => 0.0..0.03f64, 1 => Just(0.0), 1 => 0.0..5.0f64, 1 => -1.0..0.0f64], 0..400)
}

fn is_fine(estimate: Estimate) -> bool {
    estimate.value.is_finite() && estimate.uncertainty.is_finite() && estimate.uncertainty >= 0.0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_comes_in_nothing_panics_and_only_finite_numbers_come_out(
        steps in steps(),
        rows in proptest::collection::vec((value(), value(), value()), 0..400),
        omega in 2.0..20.0f64,
        strength in prop_oneof![Just(0.0), Just(30.0)],
        limits in (value(), value()),
    ) {
        let time: Vec<f64> = steps.iter().scan(0.0, |time, step| { *time += step; Some(*time) }).collect();
        // Unequal lengths now and then, and something that really swings now and then.
        let cut = if omega < 3.0 { rows.len() } else { rows.len().min(time.len()) };
        let time = &time[..if omega < 3.0 { time.len() } else { cut }];
        let columns: [Vec<f64>; 3] = [
            rows[..cut].iter().zip(time.iter().chain(std::iter::repeat(&0.0))).map(|(row, t)| row.0 + strength * libm::sin(omega * t)).collect(),
            rows[..cut].iter().map(|row| row.1).collect(),
            rows[..cut].iter().map(|row| row.2).collect(),
        ];
        let components = [&columns[0][..], &columns[1], &columns[2]];
        let x = components[0];
        let range = PeriodRange { min_s: 0.3, max_s: 3.0 };

        if let Ok(mean) = mean(x, limits.0) {
            prop_assert!([mean.mean, mean.sd, mean.se, mean.uncertainty].iter().all(|value| value.is_finite()));
        }
        prop_assert!(resolution(x).is_finite());
        if let Ok(line) = line(time, x) {
            prop_assert!(is_fine(line.slope) && is_fine(line.intercept) && (0.0..=1.0).contains(&line.r_squared));
        }
        if let Ok(ratio) = line_through_origin(time, x) {
            prop_assert!(is_fine(ratio.slope));
        }
        if let Ok(still) = longest_still(time, x, limits.0) {
            prop_assert!(still.first < still.end && still.end <= x.len());
        }
        if let Ok(axis) = principal_axis(components) {
            prop_assert!((axis.iter().map(|value| value * value).sum::<f64>() - 1.0).abs() < 1e-9);
        }
        if let Ok(swing) = longest_swing(time, components, range) {
            prop_assert!(swing.first < swing.end && swing.end <= x.len());
            prop_assert!(swing.period_s >= range.min_s && swing.period_s <= range.max_s);
        }
        if let Ok(period) = period(time, x, range) {
            prop_assert!(is_fine(period.period) && (0.7..=1.0).contains(&period.periodicity));
        }
        let _ = longest_swing(time, components, PeriodRange { min_s: limits.0, max_s: limits.1 });
        if let Ok(fit) = damped_sinusoid(time, x, if strength > 0.0 { std::f64::consts::TAU / omega } else { limits.1 }) {
            prop_assert!(is_fine(fit.period) && is_fine(fit.amplitude) && is_fine(fit.damping) && is_fine(fit.offset));
        }
        let (one, other) = (Estimate { value: limits.0, uncertainty: 0.1 }, Estimate { value: limits.1, uncertainty: 0.1 });
        for estimate in [gravity_of_pendulum(one, other), spring_constant(one, other), small_angle_period(one, other)].into_iter().flatten() {
            prop_assert!(is_fine(estimate));
        }
        if let Ok(t) = student_t(limits.0, rows.len()) {
            prop_assert!(t.is_finite());
        }
    }
}
