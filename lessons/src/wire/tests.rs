use proptest::prelude::*;

use super::*;

fn batch(property: ObservedProperty, clock: SenderClock, time: &[Micros], columns: [&[f32]; 3]) -> Batch {
    Batch::new(property, BatchKey { boot: 0xa1b2, sequence: 12 }, clock, time.to_vec(), columns.map(<[f32]>::to_vec)).unwrap()
}

fn gyroscope() -> Batch {
    let clock = SenderClock::Offset { offset: 1_767_437_007_314_000, uncertainty: 2_500 };
    batch(
        ObservedProperty::AngularVelocity,
        clock,
        &[5_000_000, 5_010_000, 5_020_010],
        [&[0.5, -0.25, 9.81], &[0.0, 1e-4, -3.0], &[0.01; 3]],
    )
}

#[test]
fn json_is_what_the_documentation_shows() {
    assert_eq!(
        gyroscope().to_json(),
        r#"{"stream":"gyr","boot":"000000000000a1b2","seq":12,"t0":5000000,"dt":[0,10000,20010],"x":[0.5,-0.25,9.81],"y":[0,0.0001,-3],"z":[0.01,0.01,0.01],"offset":1767437007314000,"uncertainty":2500}"#
    );
    let scalar = batch(ObservedProperty::Pressure, SenderClock::Unknown, &[7], [&[f32::NAN], &[], &[]]);
    assert_eq!(scalar.to_json(), r#"{"stream":"pres","boot":"000000000000a1b2","seq":12,"t0":7,"dt":[0],"x":[null]}"#);
}

#[test]
fn bytes_are_what_the_documentation_shows() {
    let bytes = gyroscope().to_bytes(Values::Steps(100.0));
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex.join(" "),
        "4d 57 01 03 03 03 03 00 b2 a1 00 00 00 00 00 00 0c 00 00 00 40 4b 4c 00 00 00 00 00 00 00 c8 42 \
         50 dc fb 7e 79 47 06 00 c4 09 00 00 10 27 1a 27 32 00 e7 ff d5 03 00 00 00 00 d4 fe 01 00 01 00 01 00"
    );
}

#[test]
fn twelve_vectors_in_steps_fit_into_130_bytes() {
    let time: Vec<Micros> = (0..12).map(|row| 1_767_437_012_314_000 + row * 10_000).collect();
    let column: Vec<f32> = (0..12).map(|row| 9.0 + 0.07 * row as f32).collect();
    let batch = batch(ObservedProperty::Acceleration, SenderClock::Unknown, &time, [&column, &column, &column]);
    assert_eq!(batch.to_bytes(Values::Steps(100.0)).len(), 28 + 4 + 22 + 72);
}

#[test]
fn steps_give_back_the_nearest_float_of_the_decimal() {
    for steps in -32_767i16..=32_767 {
        let value: f32 = format!("{}e-2", steps).parse().unwrap();
        let one = batch(ObservedProperty::Temperature, SenderClock::Unknown, &[0], [&[value], &[], &[]]);
        let back = Batch::from_bytes(&one.to_bytes(Values::Steps(100.0))).unwrap();
        assert_eq!(back.values()[0][0], value, "{steps}");
    }
}

#[test]
fn what_does_not_fit_into_steps_travels_as_it_is() {
    for value in [328.0, -400.0, f32::INFINITY] {
        let one = batch(ObservedProperty::Temperature, SenderClock::Unknown, &[0], [&[value], &[], &[]]);
        let bytes = one.to_bytes(Values::Steps(100.0));
        assert_eq!(bytes.len(), 28 + 4, "{value}");
        assert_eq!(Batch::from_bytes(&bytes).unwrap(), one);
    }
}

#[test]
fn wrong_columns_are_no_batch() {
    let key = BatchKey { boot: 1, sequence: 1 };
    let check = |property, key, time: &[Micros], columns: [usize; 3], error| {
        let made = Batch::new(property, key, SenderClock::Unknown, time.to_vec(), columns.map(|rows| vec![0.0; rows]));
        assert_eq!(made.unwrap_err(), error);
    };
    check(ObservedProperty::Pressure, key, &[], [0, 0, 0], WireError::Count);
    check(ObservedProperty::Pressure, key, &[0; 65_536], [65_536, 0, 0], WireError::Count);
    check(ObservedProperty::Pressure, key, &[0], [1, 1, 1], WireError::Shape);
    check(ObservedProperty::Acceleration, key, &[0, 1], [2, 2, 1], WireError::Shape);
    check(ObservedProperty::Pressure, key, &[-2, i64::MAX], [2, 0, 0], WireError::Range);
    check(ObservedProperty::Pressure, BatchKey { boot: 1, sequence: 1 << 32 }, &[0], [1, 0, 0], WireError::Range);
}

#[test]
fn damaged_bytes_say_what_is_wrong() {
    let good = gyroscope().to_bytes(Values::Float);
    let check = |change: fn(&mut Vec<u8>), error| {
        let mut bytes = good.clone();
        change(&mut bytes);
        assert_eq!(Batch::from_bytes(&bytes), Err(error));
    };
    check(|bytes| bytes[0] = b'm', WireError::Magic);
    check(|bytes| bytes[2] = 2, WireError::Magic);
    check(|bytes| bytes[3] = 200, WireError::Code);
    check(|bytes| bytes[4] |= 0x80, WireError::Code);
    check(|bytes| bytes[5] = 1, WireError::Shape);
    check(|bytes| bytes[6] = 0, WireError::Count);
    check(|bytes| bytes[6] = 200, WireError::Length);
    check(|bytes| bytes.push(0), WireError::Length);
    check(|bytes| bytes.truncate(20), WireError::Length);
    check(Vec::clear, WireError::Length);
}

prop_compose! {
    fn any_batch()(code in 1u8..=11, rows in 1usize..40)(
        code in Just(code), boot in any::<u64>(), sequence in any::<u32>(), clock in prop::option::of((any::<i64>(), any::<u32>())),
        start in -1i64 << 60..1 << 60,
        steps in prop::collection::vec(prop_oneof![0i64..70_000, 0i64..1 << 33, -1i64 << 50..1 << 50], rows),
        values in prop::collection::vec(-500.0f32..500.0, 3 * rows),
    ) -> Batch {
        let property = ObservedProperty::from_code(code).unwrap();
        let clock = clock.map_or(SenderClock::Unknown, |(offset, uncertainty)| SenderClock::Offset { offset, uncertainty: uncertainty.into() });
        let time = steps.iter().scan(start, |at, step| { *at += step; Some(*at) }).collect();
        let mut columns = values.chunks(steps.len()).map(<[f32]>::to_vec);
        let values = std::array::from_fn(|component| columns.next().filter(|_| component < property.components()).unwrap_or_default());
        Batch::new(property, BatchKey { boot, sequence: sequence.into() }, clock, time, values).unwrap()
    }
}

proptest! {
    #[test]
    fn bytes_come_back_as_they_went(batch in any_batch()) {
        prop_assert_eq!(Batch::from_bytes(&batch.to_bytes(Values::Float)).unwrap(), batch);
    }

    #[test]
    fn steps_round_to_half_a_step(batch in any_batch(), per_unit in 1.0f32..60.0) {
        let back = Batch::from_bytes(&batch.to_bytes(Values::Steps(per_unit))).unwrap();
        prop_assert_eq!(back.time(), batch.time());
        for (back, value) in back.values().iter().flatten().zip(batch.values().iter().flatten()) {
            prop_assert!((back - value).abs() <= 0.5001 / per_unit + 1e-4);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Batch::from_bytes(&bytes);
    }

    #[test]
    fn no_mutation_panics(batch in any_batch(), at: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
        let mut bytes = batch.to_bytes(Values::Steps(50.0));
        *at.get_mut(&mut bytes) = byte;
        let _ = Batch::from_bytes(&bytes);
        let _ = Batch::from_bytes(&bytes[..cut.index(bytes.len())]);
    }
}
