use super::*;
use crate::paint::Theme;

fn look() -> Look {
    Look { theme: Theme::Light, lang: Lang::De, text: 10.0, line: 2.0 }
}

fn chart(x: (f64, f64), y: (f64, f64), log: bool) -> Chart {
    let plot = Rect { left: 0, top: 0, right: 100, bottom: 100 };
    Chart { plot, x: Scale::new(x, (0, 100), log), y: Scale::new(y, (100, 0), log), named: 0 }
}

#[test]
fn logarithmic_ticks_are_round_and_few() {
    let check = |range: (f64, f64), count: usize, expected: &[&str]| {
        let labels = Scale::new(range, (0, 1000), true).labels(count, &look());
        assert_eq!(labels.into_iter().map(|(_, label)| label).collect::<Vec<_>>(), expected, "{range:?}");
    };
    check((0.1, 2.2), 6, &["0,1", "0,2", "0,5", "1", "2"]);
    check((9.0, 9500.0), 6, &["10", "30", "100", "300", "1000", "3000"]);
    check((1e-6, 1e6), 6, &["10⁻⁶", "10⁻⁴", "0,01", "1", "100", "10000", "10⁶"]);
    check((2.0, 9.0), 9, &["2", "3", "4", "5", "6", "7", "8", "9"]);
}

#[test]
fn a_decade_is_as_wide_as_the_next() {
    let scale = Scale::new((1.0, 100.0), (0, 200), true);
    assert_eq!([1.0, 10.0, 100.0].map(|value| scale.pixel(value)), [0, 100, 200]);
    assert!((scale.value(100) - 10.0).abs() < 1e-9);
    assert!(!scale.holds(-1.0) && !scale.holds(0.0));
}

#[test]
fn gaps_stay_gaps_and_peaks_survive() {
    let chart = chart((0.0, 100.0), (0.0, 100.0), false);
    let x: Vec<f64> = (0..6).map(f64::from).collect();
    let runs = chart.runs(&x, &[Some(1.0), Some(2.0), None, Some(f64::NAN), Some(3.0), Some(4.0)]);
    assert_eq!(runs, [vec![(0, 99), (1, 98)], vec![(4, 97), (5, 96)]]);
    // A hundred readings in each pixel column, one of them tall.
    let x: Vec<f64> = (0..10_000).map(|place| f64::from(place) * 0.01).collect();
    let y: Vec<Option<f64>> = (0..10_000).map(|place| Some(if place == 5050 { 90.0 } else { 10.0 })).collect();
    let runs = chart.runs(&x, &y);
    assert_eq!(runs.len(), 1);
    assert!(runs[0].iter().any(|point| point.1 == 10), "the peak is drawn");
    assert!(runs[0].len() < 400);
    assert!(chart.runs(&[], &[]).is_empty());
    assert!(chart.runs(&[500.0], &[Some(1.0)]).is_empty(), "beside the axis");
}

#[test]
fn a_function_is_cut_at_the_plots_edges() {
    let chart = chart((0.0, 10.0), (0.0, 10.0), false);
    let runs = chart.sampled((0.0, 10.0), |x| Some(2.0 * x));
    assert_eq!(runs.len(), 1);
    assert!(runs[0].iter().all(|point| (0..=50).contains(&point.0)));
    assert!(chart.sampled((0.0, 10.0), |_| None).is_empty());
}
