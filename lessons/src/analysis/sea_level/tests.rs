use super::*;

fn exact(value: f64) -> Estimate {
    Estimate { value, uncertainty: 0.0 }
}

#[test]
fn the_standard_atmosphere_has_1013_25_hpa_at_sea_level() {
    // ICAO Standard Atmosphere (Doc 7488, ISO 2533): height in m, pressure in hPa, temperature in K as printed.
    for (height, pressure, temperature) in
        [(0.0, 1013.25, 288.15), (100.0, 1001.29, 287.5), (500.0, 954.61, 284.9), (1000.0, 898.75, 281.65), (-100.0, 1025.32, 288.8)]
    {
        let found = sea_level_pressure(exact(pressure), height, exact(temperature), 0.0).unwrap();
        assert!((found.value - 1013.25).abs() < 0.02, "{height} m: {found:?}");
    }
}

#[test]
fn warm_and_moist_air_is_lighter() {
    // Worked by hand for 400 m, 970 hPa, 20 °C and 12 hPa of vapour: 293.15 + 1.44 + 1.3 = 295.89 K;
    // 0.034163560·400/295.89 = 0.04618414; exp is 1.04726725; times 970 hPa.
    let found = sea_level_pressure(exact(970.0), 400.0, exact(293.15), 12.0).unwrap();
    assert!((found.value - 1015.849).abs() < 0.001, "{found:?}");
    let dry = sea_level_pressure(exact(970.0), 400.0, exact(293.15), 0.0).unwrap();
    assert!((dry.value - found.value - 0.23).abs() < 0.01, "{dry:?}");
    // One kelvin is 0.16 hPa there, and a sensor's 0.5 hPa grow with the pressure.
    let unsure = Estimate { value: 293.15, uncertainty: 1.0 };
    let found = sea_level_pressure(Estimate { value: 970.0, uncertainty: 0.5 }, 400.0, unsure, 12.0).unwrap();
    assert!((found.uncertainty - libm::sqrt(0.27416 + 0.02515)).abs() < 1e-3, "{found:?}");
}

#[test]
fn vapour_saturates_as_tables_say() {
    // Smithsonian Meteorological Tables, 6th edition, table 94 (over water), hPa.
    for (celsius, expected) in [(0.0, 6.1078), (10.0, 12.272), (20.0, 23.373), (30.0, 42.430), (-20.0, 1.2540)] {
        let found = vapour_pressure(celsius + 273.15, 100.0).unwrap();
        assert!((found / expected - 1.0).abs() < 0.006, "{celsius} °C: {found}");
    }
    assert!((vapour_pressure(293.15, 50.0).unwrap() - 11.66).abs() < 0.01);
}

#[test]
fn what_cannot_be_reduced_says_why() {
    let of = |pressure: f64, height: f64, temperature: f64, vapour: f64| {
        sea_level_pressure(exact(pressure), height, exact(temperature), vapour).map_err(|error| error.kind()).err()
    };
    assert_eq!(of(0.0, 100.0, 288.0, 0.0), Some("domain"));
    assert_eq!(of(1000.0, 100.0, 0.0, 0.0), Some("domain"));
    assert_eq!(of(1000.0, f64::NAN, 288.0, 0.0), Some("domain"));
    assert_eq!(of(1000.0, 100.0, 288.0, -1.0), Some("domain"));
    assert_eq!(of(f64::INFINITY, 100.0, 288.0, 0.0), Some("not_finite"));
    assert_eq!(vapour_pressure(100.0, 50.0), Err(AnalysisError::Domain));
    assert_eq!(vapour_pressure(293.15, f64::NAN), Err(AnalysisError::Domain));
}
