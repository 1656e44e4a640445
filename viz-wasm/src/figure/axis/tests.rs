use super::*;
use crate::paint::Theme;
use crate::words::Lang;

#[test]
fn ends_are_pixels_and_beyond_is_the_end() {
    let axis = Axis::new((-1.0, 1.0), 100, 0);
    for (value, pixel) in [(-1.0, 100), (1.0, 0), (0.0, 50), (9.0, 0), (-9.0, 100), (f64::INFINITY, 0), (1e308, 0)] {
        assert_eq!(axis.pixel(value), pixel, "{value}");
    }
    assert_eq!(axis.value(75), -0.5);
    assert!(axis.holds(1.0) && !axis.holds(1.1) && !axis.holds(f64::NAN));
}

#[test]
fn an_axis_always_has_a_length() {
    for range in [(0.0, 0.0), (5.0, 5.0), (2.0, 1.0), (f64::NAN, 1.0), (-f64::MAX, f64::MAX), (1e300, 1e300)] {
        let axis = Axis::new(range, 0, 10);
        let (low, high) = axis.range();
        assert!(high > low && (high - low).is_finite(), "{range:?}");
        axis.pixel(0.0);
    }
    assert!(Axis::new((0.0, 1.0), 5, 5).value(9).is_finite());
}

#[test]
fn ticks_are_round_and_labelled_alike() {
    let look = Look::sheet(500, Theme::Light, Lang::De);
    let labels = |range| Axis::new(range, 0, 100).labels(5, &look).into_iter().map(|(_, label)| label).collect::<Vec<_>>();
    assert_eq!(labels((-10.0, 0.0)), ["−10", "−5", "0"]);
    assert_eq!(labels((-1.0, 1.0)), ["−1,0", "−0,5", "0,0", "0,5", "1,0"]);
    assert_eq!(labels((0.0, 1e-3)).first().map(String::as_str), Some("0,0000"));
    assert!(Axis::new((9.7, 9.9), 0, 100).ticks(5).iter().all(|tick| (9.7..=9.9).contains(tick)));
}
