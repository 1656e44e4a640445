use super::*;

fn index(times: &[Micros]) -> Index {
    let mut index = Index::empty();
    times.iter().for_each(|&time| index.insert(time, [time as f32, 0.0, 0.0]));
    index
}

#[test]
fn is_sorted_whatever_the_order_of_arrival() {
    for times in [[1, 2, 3], [3, 2, 1], [2, 3, 1]] {
        let index = index(&times);
        assert_eq!(index.times, [1, 2, 3], "{times:?}");
        assert_eq!(index.values.iter().map(|value| value[0]).collect::<Vec<_>>(), [1.0, 2.0, 3.0], "{times:?}");
    }
}

#[test]
fn contains_means_the_same_time_and_the_same_bits() {
    let mut index = index(&[10, 20]);
    index.insert(20, [0.0, 0.0, 0.0]);
    for (time, value, expected) in [
        (10, [10.0, 0.0, 0.0], true),
        (11, [10.0, 0.0, 0.0], false),
        (10, [10.0, 0.0, -0.0], false),
        (20, [20.0, 0.0, 0.0], true),
        (20, [0.0, 0.0, 0.0], true),
        (20, [-0.0, 0.0, 0.0], false),
    ] {
        assert_eq!(index.contains(time, value), expected, "{time} {value:?}");
    }
}

#[test]
fn neighbours_and_counts() {
    let index = index(&[10, 20, 20, 30]);
    for (time, expected) in
        [(5, (None, Some(10))), (10, (Some(10), Some(20))), (15, (Some(10), Some(20))), (20, (Some(20), Some(30))), (31, (Some(30), None))]
    {
        assert_eq!(index.neighbours(time), expected, "{time}");
    }
    for (low, high, expected) in [(10, 30, 4), (11, 19, 0), (20, 20, 2), (0, 9, 0), (30, 10, 0)] {
        assert_eq!(index.count(low, high), expected, "{low}..={high}");
    }
}

#[test]
fn the_usual_interval_leaves_the_gap_out() {
    let regular: Vec<Micros> = (0..20).filter(|&step| step != 10).map(|step| step * 10).collect();
    assert_eq!(index(&regular).interval(100), Some(10));
    assert_eq!(index(&regular).interval(-5), Some(10));
    assert_eq!(index(&[0, 10, 40]).interval(20), None, "too few to tell");
}

#[test]
fn what_is_forgotten_can_be_completed() {
    let mut index = index(&[1, 2, 3, 3, 4, 5]);
    index.forget(3);
    assert_eq!((index.first(), index.complete_from(), index.len()), (Some(4), 4, 2), "equal times go together");
    index.complete(vec![(3, [0.0; 3]), (1, [0.0; 3]), (2, [0.0; 3]), (3, [1.0; 3])]);
    assert_eq!(index.times, [1, 2, 3, 3, 4, 5]);
    assert_eq!(index.complete_from(), Micros::MIN);
    index.forget(0);
    assert_eq!((index.len(), index.complete_from()), (0, 6));
}
