use super::*;

fn swinging(axis: [f64; 3], offset: [f64; 3]) -> [Vec<f64>; 3] {
    std::array::from_fn(|k| {
        (0..200).map(|i| offset[k] + axis[k] * libm::sin(0.1 * f64::from(i)) + 0.01 * libm::sin(f64::from(i * (7 + k as i32)))).collect()
    })
}

#[test]
fn the_axis_is_found_however_the_phone_hangs() {
    let check = |axis: [f64; 3], expected: [f64; 3]| {
        let columns = swinging(axis, [3.0, -1.0, 9.81]);
        let components = [&columns[0][..], &columns[1], &columns[2]];
        let found = principal_axis(components).unwrap();
        (0..3).for_each(|k| assert!((found[k] - expected[k]).abs() < 0.01, "{found:?} instead of {expected:?}"));
        let signal = project(components, found);
        let amplitude = signal.iter().fold(f64::MIN, |a, b| a.max(*b)) - average(&signal);
        assert!((amplitude - 1.0).abs() < 0.1, "{amplitude}");
    };
    check([0.0, 0.0, 1.0], [0.0, 0.0, 1.0]);
    check([0.6, 0.0, 0.8], [0.6, 0.0, 0.8]);
    // The sum of the components would be zero here.
    check([0.48, 0.36, -0.8], [-0.48, -0.36, 0.8]);
    check([-1.0, 0.0, 0.0], [1.0, 0.0, 0.0]);
}

#[test]
fn what_has_no_axis_says_why() {
    let check = |x: &[f64], y: &[f64], kind: &str| assert_eq!(principal_axis([x, y, y]).unwrap_err().kind(), kind);
    check(&[], &[], "too_few");
    check(&[1.0; 5], &[2.0; 5], "constant");
    check(&[1.0; 5], &[2.0; 4], "shape");
    check(&[1.0, 2.0, f64::NAN], &[2.0; 3], "not_finite");
    check(&[1e200, -1e200, 1e200], &[2.0; 3], "not_finite");
}
