use super::*;
use crate::analysis::student_t;

#[test]
fn whole_degrees_of_freedom_are_the_ones_of_the_sum() {
    for df in [1, 2, 3, 4, 5, 7, 10, 19, 30, 51, 100, 1000] {
        for probability in [0.5, 0.6, 0.75, 0.9, 0.975, 0.995, 0.9999] {
            let (whole, real) = (student_t(probability, df).unwrap(), student_quantile(probability, df as f64).unwrap());
            assert!((whole - real).abs() < 1e-10 * (1.0 + whole), "{df} {probability}: {whole} {real}");
            let p = student_p(real, df as f64).unwrap();
            assert!((p / (2.0 * (1.0 - probability)) - 1.0).abs() < 1e-9, "{df} {probability}: {p}");
        }
    }
}

/// One degree of freedom is Cauchy's, two have a closed form, infinitely many are normal.
#[test]
fn closed_forms() {
    let check = |t: f64, df: f64, expected: f64, tolerance: f64| {
        let p = student_p(t, df).unwrap();
        assert!((p / expected - 1.0).abs() < tolerance, "{t} {df}: {p} instead of {expected}");
    };
    for t in [1e-9, 0.1, 1.0, 3.0, 50.0, 1e6] {
        check(t, 1.0, 1.0 - 2.0 / PI * libm::atan(t), if t > 1e5 { 1e-8 } else { 1e-12 });
        check(-t, 2.0, 2.0 / ((t * t + 2.0) + t * libm::sqrt(t * t + 2.0)), 1e-12);
    }
    for t in [0.5, 1.96, 3.0] {
        check(t, 1e8, libm::erfc(t / std::f64::consts::SQRT_2), 1e-6);
    }
    assert_eq!(student_p(0.0, 3.3).unwrap(), 1.0);
    assert_eq!(student_p(f64::INFINITY, 3.3).unwrap(), 0.0);
}

#[test]
fn what_has_no_probability_says_why() {
    for (t, df) in [(1.0, 0.0), (1.0, -1.0), (1.0, f64::NAN), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
        assert_eq!(student_p(t, df).unwrap_err().kind(), "domain");
    }
    for (probability, df) in [(0.4, 3.0), (1.0, 3.0), (0.9, 0.0), (f64::NAN, 3.0), (0.999, 1e-4)] {
        assert_eq!(student_quantile(probability, df).unwrap_err().kind(), "domain");
    }
}
