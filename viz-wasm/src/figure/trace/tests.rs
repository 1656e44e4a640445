use super::*;

const GRID: Grid = Grid { origin: 0, window: 1_000_000 };

/// Windows `(index, mean)` on an axis of `seconds` over `pixels`, values 0 to 100 on 100 pixels upwards.
fn traced(points: &[(i32, f32)], seconds: f64, pixels: i32) -> Vec<Run> {
    let windows: Vec<_> = points.iter().map(|&(index, mean)| Window { index, count: 1, mean, min: mean - 5.0, max: mean + 5.0 }).collect();
    runs(windows.iter(), GRID, &Axis::new((0.0, seconds), 0, pixels), &Axis::new((0.0, 100.0), 100, 0), true)
}

fn lines(points: &[(i32, f32)], seconds: f64, pixels: i32) -> Vec<Vec<(i32, i32)>> {
    traced(points, seconds, pixels).into_iter().map(|run| run.line).collect()
}

#[test]
fn a_missing_index_parts_the_line() {
    let check = |indexes: &[i32], lengths: &[usize]| {
        let points: Vec<_> = indexes.iter().map(|&index| (index, 50.0)).collect();
        assert_eq!(lines(&points, 10.0, 100).iter().map(Vec::len).collect::<Vec<_>>(), lengths, "{indexes:?}");
    };
    check(&[], &[]);
    check(&[3], &[1]);
    check(&[0, 1, 2], &[3]);
    check(&[0, 1, 3, 4, 5], &[2, 3]);
    check(&[0, 2, 4], &[1, 1, 1]);
    check(&[i32::MAX], &[1]);
}

#[test]
fn a_gap_inside_one_pixel_column_is_a_gap_too() {
    assert_eq!(lines(&[(0, 10.0), (2, 20.0)], 1000.0, 10).len(), 2);
}

#[test]
fn peaks_survive_and_no_column_has_more_than_four_points() {
    let mut points: Vec<_> = (0..1000).map(|index| (index, 50.0)).collect();
    points[537].1 = 99.0;
    points[538].1 = 1.0;
    let run = &lines(&points, 1000.0, 100)[0];
    assert!(run.iter().any(|&(x, y)| (x, y) == (54, 1)) && run.iter().any(|&(x, y)| (x, y) == (54, 99)));
    for column in 0..=100 {
        assert!(run.iter().filter(|&&(x, _)| x == column).count() <= 4);
    }
}

#[test]
fn a_column_is_drawn_from_its_first_to_its_last_value() {
    assert_eq!(lines(&[(0, 40.0), (1, 90.0), (2, 10.0), (3, 60.0)], 100.0, 1), [[(0, 60), (0, 90), (0, 10), (0, 40)]]);
    assert_eq!(lines(&[(0, 10.0), (1, 50.0), (2, 90.0)], 100.0, 1), [[(0, 90), (0, 10)]]);
    assert_eq!(lines(&[(0, 40.0), (1, 40.0)], 100.0, 1), [[(0, 60)]]);
}

#[test]
fn the_band_holds_every_reading() {
    let run = &traced(&[(0, 40.0), (1, 90.0), (10, 99.0)], 100.0, 10)[0];
    assert_eq!(run.band, [(0, 5, 65)]);
    assert_eq!(run.outline(), [(0, 5), (0, 65)]);
}

#[test]
fn values_beyond_the_axis_lie_on_its_edge() {
    assert_eq!(lines(&[(0, 1e30), (1, -1e30)], 2.0, 2), [[(1, 0), (2, 100)]]);
}
