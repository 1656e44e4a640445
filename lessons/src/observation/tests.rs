use super::*;

#[test]
fn only_matching_finite_columns_become_readings() {
    let check = |property, t: usize, x: &[f32], y: &[f32], expected: Result<usize, ReadingsError>| {
        let readings = Readings::new(property, (0..t as i64).collect(), x.to_vec(), y.to_vec(), y.to_vec());
        assert_eq!(readings.map(|readings| readings.len()), expected);
    };
    check(ObservedProperty::Acceleration, 2, &[1.0, 2.0], &[3.0, 4.0], Ok(2));
    check(ObservedProperty::Pressure, 2, &[1.0, 2.0], &[], Ok(2));
    check(ObservedProperty::Pressure, 1, &[1.0], &[1.0], Err(ReadingsError::Shape));
    check(ObservedProperty::Acceleration, 1, &[1.0], &[], Err(ReadingsError::Shape));
    check(ObservedProperty::Pressure, 2, &[1.0], &[], Err(ReadingsError::Shape));
    check(ObservedProperty::Pressure, 1, &[f32::NAN], &[], Err(ReadingsError::NotFinite));
    check(ObservedProperty::Pressure, 1, &[f32::INFINITY], &[], Err(ReadingsError::NotFinite));
}

#[test]
fn only_readings_of_the_same_property_are_appended() {
    let readings = |property, time| Readings::new(property, vec![time], vec![time as f32], vec![], vec![]).unwrap();
    let mut pressure = readings(ObservedProperty::Pressure, 1);
    assert_eq!(pressure.append(&readings(ObservedProperty::Illuminance, 2)), Err(ReadingsError::Shape));
    assert_eq!(pressure.append(&readings(ObservedProperty::Pressure, 2)), Ok(()));
    assert_eq!((pressure.raw_time(), pressure.x(), pressure.y()), (&[1, 2][..], &[1.0, 2.0][..], &[][..]));
}
