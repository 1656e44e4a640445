use super::*;

const MINUTE: i64 = 60_000_000;

/// Amounts of a counter read once a minute as (index, amount, reset).
fn amounts(counter: &[f64]) -> Vec<(usize, f64, bool)> {
    let times: Vec<i64> = (0..counter.len() as i64).map(|minute| minute * MINUTE).collect();
    let found = rain_amounts(&times, counter, 10 * MINUTE, 0.2).unwrap();
    found.into_iter().map(|amount| (amount.at, (amount.amount * 1e9).round() / 1e9, amount.reset)).collect()
}

#[test]
fn differences_of_a_counter() {
    assert_eq!(amounts(&[1.0, 1.0, 1.3, 2.5]), [(1, 0.0, false), (2, 0.3, false), (3, 1.2, false)]);
    assert_eq!(amounts(&[]), []);
    assert_eq!(amounts(&[7.0]), []);
}

#[test]
fn a_reset_begins_at_zero_again() {
    // 0.6 mm have fallen since midnight when it is first read after it.
    assert_eq!(amounts(&[12.0, 12.4, 0.6, 0.9]), [(1, 0.4, false), (2, 0.6, true), (3, 0.3, false)]);
    assert_eq!(amounts(&[12.0, 0.0, 0.0]), [(1, 0.0, true), (2, 0.0, false)]);
}

#[test]
fn rounding_is_no_reset() {
    assert_eq!(amounts(&[5.08, 5.0, 5.1]), [(1, 0.0, false), (2, 0.1, false)]);
}

#[test]
fn a_gap_stays_a_gap() {
    let times = [0, MINUTE, 60 * MINUTE, 61 * MINUTE];
    let found = rain_amounts(&times, &[1.0, 1.2, 9.0, 9.5], 10 * MINUTE, 0.2).unwrap();
    assert_eq!(found.iter().map(|amount| amount.at).collect::<Vec<_>>(), [1, 3]);
    assert!((found.iter().map(|amount| amount.amount).sum::<f64>() - 0.7).abs() < 1e-12, "what fell in the gap has no time");
}

#[test]
fn what_is_no_counter_says_why() {
    let of = |times: &[i64], counter: &[f64]| rain_amounts(times, counter, MINUTE, 0.2).map(|amounts| amounts.len());
    assert_eq!(of(&[0], &[]), Err(AnalysisError::Shape));
    assert_eq!(of(&[1, 1], &[0.0, 0.0]), Err(AnalysisError::Shape));
    assert_eq!(of(&[2, 1], &[0.0, 0.0]), Err(AnalysisError::Shape));
    assert_eq!(of(&[1, 2], &[0.0, f64::NAN]), Err(AnalysisError::NotFinite));
    assert_eq!(of(&[1, 2], &[0.0, -1.0]), Err(AnalysisError::Domain));
    assert_eq!(of(&[i64::MIN, i64::MAX], &[0.0, 1.0]), Ok(0));
}
