use super::*;

/// Against the sum that defines it.
#[test]
fn the_fast_transform_is_the_slow_one() {
    for n in [1, 2, 4, 8, 64, 256] {
        let values: Vec<f64> = (0..n).map(|k| libm::sin(1.7 * k as f64 * k as f64) + 0.3).collect();
        let (mut real, mut imaginary) = (values.clone(), vec![0.0; n]);
        transform(&mut real, &mut imaginary);
        for k in 0..n {
            let angle = |index: usize| -TAU * ((k * index) % n) as f64 / n as f64;
            let re: f64 = values.iter().enumerate().map(|(index, value)| value * libm::cos(angle(index))).sum();
            let im: f64 = values.iter().enumerate().map(|(index, value)| value * libm::sin(angle(index))).sum();
            assert!((real[k] - re).abs() < 1e-11 && (imaginary[k] - im).abs() < 1e-11, "{n} {k}: {} {re}", real[k]);
        }
    }
}
