use super::*;

#[test]
fn lines_are_broken_at_the_date_line() {
    let parts = broken(&[(170.0, 0.0), (176.0, 6.0), (-176.0, 14.0), (-170.0, 20.0)]);
    assert_eq!(parts, [vec![(170.0, 0.0), (176.0, 6.0), (180.0, 10.0)], vec![(-180.0, 10.0), (-176.0, 14.0), (-170.0, 20.0)]]);
    let back = broken(&[(-179.0, 1.0), (179.0, 3.0)]);
    assert_eq!(back, [vec![(-179.0, 1.0), (-180.0, 2.0)], vec![(180.0, 2.0), (179.0, 3.0)]]);
    assert!(broken(&[]).is_empty() && broken(&[(1.0, 1.0)]).is_empty());
    assert_eq!(broken(&[(0.0, 0.0), (10.0, 5.0)]).len(), 1);
}

#[test]
fn places_in_words() {
    assert_eq!(spot((-86.39, 50.24), Lang::En), "50.2° N, 86.4° W");
    assert_eq!(spot((13.4, -33.92), Lang::De), "33,9° S, 13,4° O");
    assert_eq!((course(50.0, Lang::De), course(50.0, Lang::En)), ("NO", "NE"));
}

#[test]
fn the_night_is_where_the_sun_is_not() {
    for sun in [(0.0, 23.4), (120.0, -10.0), (-170.0, 0.0)] {
        let outline = night(sun);
        assert_eq!(outline.len(), 93);
        assert!(outline[..91].iter().all(|place| (apart(*place, sun) - 90.0).abs() < 0.05));
        assert!(apart((sun.0, outline[92].1 * 0.99), sun) > 85.0, "the pole in the night");
    }
}
