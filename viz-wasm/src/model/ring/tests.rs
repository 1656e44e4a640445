use super::*;

fn window(index: i32, mean: f32) -> Window {
    Window { index, count: 1, mean, min: mean - 1.0, max: mean + 1.0 }
}

/// Puts `(index, mean)` into a ring of 4 and expects what is left.
fn check(put: &[(i32, f32)], left: &[(i32, f32)]) {
    let mut ring = Ring::new(4);
    put.iter().for_each(|&(index, mean)| ring.put(window(index, mean)));
    let kept: Vec<_> = ring.windows.iter().map(|window| (window.index, window.mean)).collect();
    assert_eq!(kept, left, "{put:?}");
}

#[test]
fn windows_come_in_any_order_and_stay_sorted() {
    check(&[], &[]);
    check(&[(0, 1.0), (1, 2.0)], &[(0, 1.0), (1, 2.0)]);
    check(&[(3, 1.0), (1, 2.0), (2, 3.0)], &[(1, 2.0), (2, 3.0), (3, 1.0)]);
    check(&[(1, 1.0), (2, 2.0), (1, 9.0)], &[(1, 9.0), (2, 2.0)]);
    check(&[(-2, 1.0), (-1, 2.0)], &[(-2, 1.0), (-1, 2.0)]);
}

#[test]
fn the_span_is_bounded_and_gaps_count() {
    check(&[(0, 0.0), (1, 1.0), (2, 2.0), (3, 3.0), (4, 4.0)], &[(1, 1.0), (2, 2.0), (3, 3.0), (4, 4.0)]);
    check(&[(0, 0.0), (100, 1.0)], &[(100, 1.0)]);
    check(&[(100, 1.0), (0, 0.0)], &[(100, 1.0)]);
    check(&[(i32::MIN, 0.0), (i32::MAX, 1.0)], &[(i32::MAX, 1.0)]);
    check(&[(i32::MAX, 1.0), (i32::MIN, 0.0)], &[(i32::MAX, 1.0)]);
}

#[test]
fn a_window_that_is_not_finite_is_missing() {
    check(&[(0, f32::NAN), (1, f32::INFINITY), (2, 1.0)], &[(2, 1.0)]);
}

#[test]
fn ranges_and_extents_are_half_open() {
    let mut ring = Ring::new(10);
    (0..5).for_each(|index| ring.put(window(index, index as f32)));
    assert_eq!(ring.range(1, 3).count(), 2);
    assert_eq!(ring.range(3, 1).count(), 0);
    assert_eq!(ring.extent(1, 3), Some((0.0, 3.0)));
    assert_eq!(ring.extent(7, 9), None);
}
