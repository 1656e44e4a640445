use super::*;

#[test]
fn a_reading_is_in_the_sector_around_its_direction_and_the_class_of_its_speed() {
    let check = |speed: f64, direction: f64, sector: usize, class: usize| {
        let mut rose = Rose::default();
        rose.push(speed, Some(direction));
        assert_eq!(rose.sectors[sector][class], 1, "{speed} m/s from {direction}°: {rose:?}");
        assert_eq!(rose.total(), 1);
    };
    check(1.0, 0.0, 0, 0);
    check(1.0, 360.0, 0, 0);
    check(1.0, 11.24, 0, 0);
    check(1.6, 11.25, 1, 1);
    check(3.4, 348.74, 15, 2);
    check(5.5, 348.75, 0, 3);
    check(8.0, 90.0, 4, 4);
    check(10.8, 180.0, 8, 5);
    check(40.0, -90.0, 12, 5);
    check(0.3, 270.0, 12, 0);
}

#[test]
fn calm_has_no_direction_and_wind_without_one_is_told_apart() {
    let mut rose = Rose::default();
    rose.push(0.29, Some(10.0));
    rose.push(0.0, None);
    rose.push(3.0, None);
    rose.push(f64::NAN, Some(1.0));
    rose.push(-1.0, Some(1.0));
    rose.push(2.0, Some(f64::NAN));
    assert_eq!((rose.calm, rose.undirected, rose.total()), (2, 2, 2));
}
