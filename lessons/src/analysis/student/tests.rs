use super::*;

/// Published tables (NIST/SEMATECH e-Handbook 1.3.6.7.2 and Fisher's) to their last digit.
#[test]
fn the_published_table() {
    let check = |probability: f64, table: &[(usize, f64)]| {
        for (degrees_of_freedom, expected) in table {
            let t = student_t(probability, *degrees_of_freedom).unwrap();
            assert!((t - expected).abs() <= 0.000_500_1, "t({probability}, {degrees_of_freedom}) = {t}, not {expected}");
        }
    };
    check(
        0.975,
        &[(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (6, 2.447), (9, 2.262), (10, 2.228), (14, 2.145), (19, 2.093)],
    );
    check(0.975, &[(24, 2.064), (29, 2.045), (30, 2.042), (40, 2.021), (60, 2.000), (100, 1.984), (1000, 1.962)]);
    check(0.95, &[(1, 6.314), (7, 1.895), (29, 1.699)]);
    check(0.995, &[(2, 9.925), (12, 3.055), (29, 2.756)]);
    check(0.5, &[(1, 0.0), (2, 0.0), (31, 0.0)]);
}

#[test]
fn closed_forms_to_the_last_digits() {
    // One degree of freedom: tan(π(p - 1/2)); two: (2p - 1)/√(2p(1 - p)).
    for probability in [0.6, 0.75, 0.9, 0.975, 0.999] {
        let one = libm::tan(std::f64::consts::PI * (probability - 0.5));
        let two = (2.0 * probability - 1.0) / libm::sqrt(2.0 * probability * (1.0 - probability));
        assert!((student_t(probability, 1).unwrap() / one - 1.0).abs() < 1e-12);
        assert!((student_t(probability, 2).unwrap() / two - 1.0).abs() < 1e-12);
    }
}

#[test]
fn outside_its_domain() {
    for (probability, degrees_of_freedom) in [(0.975, 0), (0.3, 5), (1.0, 5), (f64::NAN, 5)] {
        assert_eq!(student_t(probability, degrees_of_freedom), Err(AnalysisError::Domain));
    }
}
