mod anonymous;
mod refused;
mod weeks;

use super::*;

pub(super) const K: u32 = 5;
const RULES: Rules = Rules { aggregates: true, singles: true, k: K };

pub(super) fn wish(singles: bool) -> Wish {
    let source = Origin { label: "Gymnasium am See, 9b".to_owned(), region: Some("Schleswig-Holstein".to_owned()) };
    Wish { id: "AAAAAAAAAAAAAAAAAAAAAA".to_owned(), source, singles }
}

pub(super) fn measured(results: &[f64]) -> Measured<'_> {
    let template = Plan { id: "pendulum".to_owned(), version: "1.1.0".to_owned(), sha256: "0f".repeat(32) };
    let week = "2026-W48".parse().unwrap();
    Measured { week, template, outcome: "g", unit: "m/s2", results, excluded: 0 }
}

pub(super) fn release(results: &[f64], singles: bool) -> Result<Release, ReleaseError> {
    Release::build(&measured(results), wish(singles), RULES)
}

/// Twelve groups, one of which read the wrong length.
const CLASS: [f64; 12] = [9.78, 9.81, 9.84, 9.79, 9.80, 9.83, 9.77, 9.82, 9.80, 9.85, 9.76, 11.66];

#[test]
fn what_leaves_is_what_is_written_here() {
    let json = serde_json::to_value(release(&CLASS, false).unwrap()).unwrap();
    let expected = serde_json::json!({
        "format": 1,
        "id": "AAAAAAAAAAAAAAAAAAAAAA",
        "source": {"label": "Gymnasium am See, 9b", "region": "Schleswig-Holstein"},
        "week": "2026-W48",
        "template": {"id": "pendulum", "version": "1.1.0", "sha256": "0f".repeat(32)},
        "outcome": "g",
        "unit": "m/s2",
        "k": 5,
        "n": 12,
        "mean": 9.959,
        "sd": 0.536,
        "histogram": {"edges": [], "counts": [12]},
        "resolution": 0.1,
        "excluded": {"from": 0, "to": 0},
    });
    assert_eq!(json, expected);
}

#[test]
fn two_hills_stay_two() {
    let half: Vec<f64> = (0..6).map(|n| 2.45 + 0.01 * f64::from(n)).collect();
    let right: Vec<f64> = (0..7).map(|n| 9.78 + 0.01 * f64::from(n)).collect();
    let both = release(&[half, right].concat(), false).unwrap();
    assert_eq!(both.histogram, Histogram { edges: vec![5.0], counts: vec![6, 7] });
    let wide: Vec<f64> = [0.0, 100.0].iter().flat_map(|middle| (0..30).map(move |n| middle + 0.1 * f64::from(n))).collect();
    let wide = release(&wide, false).unwrap();
    assert_eq!(wide.histogram, Histogram { edges: vec![20.0, 100.0], counts: vec![30, 0, 30] });
}

#[test]
fn a_large_class_has_cells_and_quartiles() {
    let values: Vec<f64> = (0..40).map(|n| 9.6 + 0.01 * f64::from(n)).collect();
    let all = release(&values, true).unwrap();
    assert_eq!((all.resolution, all.mean, all.sd), (0.02, 9.795, 0.117));
    assert_eq!(all.quartiles, Some([9.7, 9.8, 9.9]));
    assert_eq!(all.histogram.edges, [9.7, 9.8, 9.9]);
    assert_eq!(all.histogram.counts.iter().sum::<u32>(), 40);
    let singles = all.singles.unwrap();
    assert_eq!(singles[..4], [9.6, 9.6, 9.62, 9.62]);
    // 5 to 19 results have none, for each quarter must have k.
    assert_eq!(release(&values[..19], false).unwrap().quartiles, None);
    assert!(release(&values[..20], false).unwrap().quartiles.is_some());
}

#[test]
fn a_cell_without_end_is_drawn_to_two_standard_deviations() {
    let cells = Histogram { edges: vec![9.75, 10.25], counts: vec![5, 9, 6] };
    assert_eq!(cells.drawn(10.0, 0.5), Some((vec![9.0, 9.75, 10.25, 11.0], vec![5, 9, 6])));
    assert_eq!(Histogram { edges: vec![], counts: vec![5] }.drawn(9.8, 0.0), None);
    // An edge far out is left half a standard deviation.
    let far = Histogram { edges: vec![9.0], counts: vec![5, 5] };
    assert_eq!(far.drawn(9.75, 0.125), Some((vec![8.9375, 9.0, 10.0], vec![5, 5])));
}

#[test]
fn equal_results_and_those_too_large_to_tell_apart() {
    let equal = release(&[9.81; 7], true).unwrap();
    assert_eq!((equal.mean, equal.sd, equal.resolution, equal.singles), (9.81, 0.0, 0.0, Some(vec![9.81; 7])));
    let huge: Vec<f64> = (0..7).map(|n| 1e17 + f64::from(n) * 16.0).collect();
    let huge = release(&huge, true).unwrap();
    assert_eq!((huge.resolution, huge.histogram.counts), (0.0, vec![7]));
}

#[test]
fn how_many_were_left_out_is_told_as_exactly_as_k_allows() {
    for (count, told) in [(0, (0, 0)), (1, (1, 4)), (4, (1, 4)), (5, (5, 5)), (9, (9, 9))] {
        let told = AboutSoMany { from: told.0, to: told.1 };
        assert_eq!(AboutSoMany::of(count, K), told, "{count}");
        let release = Release::build(&Measured { excluded: count, ..measured(&CLASS) }, wish(false), RULES).unwrap();
        assert_eq!(release.excluded, told);
    }
}

#[test]
fn the_example_of_the_documentation_is_a_release() {
    let page = include_str!("../../../docs/sharing.md");
    let example = page.split("```json").nth(1).unwrap().split("```").next().unwrap();
    let release: Release = serde_json::from_str(example).unwrap();
    assert_eq!(release.check(release.week.begins()), Ok(()));
}
