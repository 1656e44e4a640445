use super::*;

fn exact(value: f64) -> Estimate {
    Estimate { value, uncertainty: 0.0 }
}

#[test]
fn heights_in_the_standard_atmosphere() {
    let check = |p0: f64, p1: f64, expected: f64, tolerance: f64| {
        let height = barometric_height(exact(p0), exact(p1), None).unwrap();
        assert!((height.value - expected).abs() < tolerance, "{height:?}");
        height
    };
    // The highest and the lowest reading of a real ride of 21.8 m, noise included.
    check(939.839, 942.329, -22.0, 0.1);
    let bogota = check(754.5, 752.9, 16.55, 0.5);
    assert!((bogota.uncertainty / bogota.value - 0.055).abs() < 0.001, "{bogota:?}");
    check(1013.25, 1012.25, 8.33, 0.01);
    check(1000.0, 1000.0, 0.0, 1e-12);
    // The ICAO table: 1000 m of geopotential height at 898.746 hPa.
    check(1013.25, 898.746, 1000.0, 0.2);
}

#[test]
fn real_air_is_thinner_where_it_is_warm() {
    let (p0, p1) = (Estimate { value: 754.5, uncertainty: 0.02 }, Estimate { value: 752.9, uncertainty: 0.02 });
    let standard = barometric_height(exact(754.5), exact(752.9), None).unwrap();
    let warm = barometric_height(p0, p1, Some(Estimate { value: 290.0, uncertainty: 3.0 })).unwrap();
    assert!((warm.value / standard.value - 290.0 / 272.4).abs() < 1e-3, "{warm:?}");
    // Two sensors of 0.02 hPa at 11 m/hPa, and 1 % of the height.
    let expected = libm::sqrt(2.0 * (11.25 * 0.02) * (11.25 * 0.02) + (0.01 * 18.0) * (0.01 * 18.0));
    assert!((warm.uncertainty / expected - 1.0).abs() < 0.05, "{warm:?} {expected}");
}

#[test]
fn what_has_no_height_says_why() {
    let check = |p0: f64, p1: f64, temperature: Option<f64>, kind: &str| {
        assert_eq!(barometric_height(exact(p0), exact(p1), temperature.map(exact)).unwrap_err().kind(), kind);
    };
    check(0.0, 1000.0, None, "domain");
    check(1000.0, -1.0, None, "domain");
    check(1000.0, f64::NAN, None, "domain");
    check(1000.0, 999.0, Some(0.0), "domain");
    check(f64::INFINITY, 999.0, None, "not_finite");
}
