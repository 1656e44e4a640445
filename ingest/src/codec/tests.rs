//! What each family of senders says, asserted value by value. The payloads are written here by hand (from the clients'
//! sources and the formats' documents); `tests/it/samples.rs` does the same to captured ones where they are at hand.

use ObservedProperty as P;
use RejectReason as R;
use messwerk_lessons::observation::SenderClock;
use messwerk_lessons::wire::Values;
use proptest::prelude::*;

use super::*;

/// Hub time of arrival in these tests: 2026-01-03 10:43:33 UTC.
const RECEIVED: Micros = 1_767_437_013_000_000;

/// Decodes and compares records as (property, times, columns) and rejects as (reason, count).
fn check(stream: &str, payload: &str, records: &[(P, Times, &[&[f64]])], rejects: &[(R, u32)]) -> Decoded {
    let decoded = decode(stream, payload.as_bytes(), RECEIVED);
    let seen: Vec<_> = decoded.rejects.iter().map(|reject| (reject.reason, reject.count)).collect();
    assert_eq!(seen, rejects, "{payload}: {:?}", decoded.rejects);
    assert_eq!(decoded.records.len(), records.len(), "{payload}: {:?}", decoded.records);
    for (record, (property, times, columns)) in decoded.records.iter().zip(records) {
        assert_eq!((record.property, &record.times), (*property, times), "{payload}");
        for (component, column) in record.values.iter().enumerate() {
            let expected = columns.get(component).unwrap_or(&&[][..]).iter().map(|&value| (value as f32).to_bits());
            let bits: Vec<_> = column.iter().map(|value| value.to_bits()).collect();
            assert_eq!(bits, expected.collect::<Vec<_>>(), "{payload} {component}");
        }
    }
    decoded
}

fn seconds(times: &[f64]) -> Times {
    Times::Seconds(times.to_vec())
}

fn micros(times: &[Micros]) -> Times {
    Times::Micros(times.to_vec())
}

const NAN: f64 = f64::NAN;

#[test]
fn phyphox_android_posts_json() {
    let decoded = check(
        "",
        r#"{"accZ":[9.81,9.8,1.0E-4],"acc_time":[0.005,0.01,0.015],"accX":[0.0612,null,3],"accY":[0,-1,2.5E1],
            "id":"5f4dcc3b5aa765d61d8327deb882cf99",
            "clock":{"now":1767437012.314,"events":[{"event":"START","experimentTime":0,"systemTime":1767437002.3},
                {"event":"PAUSE","experimentTime":4.5,"systemTime":1767437006.8},{"systemTime":1767437008.3,"experimentTime":4.5,"event":"START"}]}}"#,
        &[(P::Acceleration, seconds(&[0.005, 0.01, 0.015]), &[&[0.0612, NAN, 3.0], &[0.0, -1.0, 25.0], &[9.81, 9.8, 1e-4]])],
        &[],
    );
    assert_eq!(decoded.dropped, 1, "the identifier is left out, and no Reject");
    let starts = vec![(0.0, 1767437002.3), (4.5, 1767437008.3)];
    assert_eq!(decoded.clock, Clock::Phone(PhoneClock { now: 1767437012.314, starts }));
}

#[test]
fn phyphox_sends_numbers_and_leaves_out_or_nulls_what_it_has_not() {
    check("acc", r#"{"t":3,"x":1,"y":2,"z":-3}"#, &[(P::Acceleration, seconds(&[3.0]), &[&[1.0], &[2.0], &[-3.0]])], &[]);
    check("acc", r#"{"t":3,"x":null,"y":2,"z":3}"#, &[(P::Acceleration, seconds(&[3.0]), &[&[NAN], &[2.0], &[3.0]])], &[]);
    check("acc", r#"{"t":3,"y":2,"z":3}"#, &[], &[(R::MissingComponent, 1)]);
    check("acc", r#"{"x":1,"y":2,"z":3}"#, &[], &[(R::MissingTime, 1)]);
    check("pres", r#"{"t":[1,2],"pressure":[1013.25,1013.5]}"#, &[(P::Pressure, seconds(&[1.0, 2.0]), &[&[1013.25, 1013.5]])], &[]);
    check("pres", r#"{"t":[1],"x":[1013.25]}"#, &[(P::Pressure, seconds(&[1.0]), &[&[1013.25]])], &[]);
    check("pres", r#"{"t":[1,2],"x":[-1e39,1e308]}"#, &[(P::Pressure, seconds(&[1.0, 2.0]), &[&[f64::NEG_INFINITY, f64::INFINITY]])], &[]);
    check("", r#"{"t":[1,2],"accX":[],"accY":[],"accZ":[]}"#, &[], &[(R::LengthMismatch, 2)]);
    check("", r#"{"acc_time":[],"accX":[],"accY":[],"accZ":[]}"#, &[], &[]);
}

#[test]
fn one_body_holds_several_streams_with_their_own_or_shared_times() {
    check(
        "",
        r#"{"t":[1,2],"gyrX":[1,2],"gyrY":[3,4],"gyrZ":[5,6],"light_time":[1.5],"light":[300],"temp":[20,21]}"#,
        &[
            (P::AngularVelocity, seconds(&[1.0, 2.0]), &[&[1.0, 2.0], &[3.0, 4.0], &[5.0, 6.0]]),
            (P::Illuminance, seconds(&[1.5]), &[&[300.0]]),
            (P::Temperature, seconds(&[1.0, 2.0]), &[&[20.0, 21.0]]),
        ],
        &[],
    );
}

#[test]
fn a_stream_is_named_by_topic_body_prefix_or_time() {
    let pressure = (P::Pressure, seconds(&[2.0]), &[&[1000.0][..]][..]);
    let check = |stream, payload| check(stream, payload, std::slice::from_ref(&pressure), &[]);
    check("pres", r#"{"t":2,"x":1000}"#);
    check("pres", r#"{"pres_time":[2],"presX":[1000]}"#);
    check("", r#"{"pres_time":[2],"presX":[1000]}"#);
    check("", r#"{"pres_time":2,"pres":1000}"#);
    check("", r#"{"x":[1000],"pres_time":[2]}"#);
    check("", "\u{feff}{\"stream\":\"pres\",\"t\":2,\"x\":1000}");
}

#[test]
fn a_column_too_long_loses_its_surplus_alone() {
    check(
        "acc",
        r#"{"t":[1,2,3],"x":[1,2],"y":[3,4],"z":[5,6,7,8]}"#,
        &[(P::Acceleration, seconds(&[1.0, 2.0]), &[&[1.0, 2.0], &[3.0, 4.0], &[5.0, 6.0]])],
        &[(R::LengthMismatch, 2)],
    );
}

#[test]
fn nobody_guesses_the_stream() {
    check("", r#"{"t":[1,2],"x":[1,2],"y":[3,4],"z":[5,6]}"#, &[], &[(R::UnknownStream, 2)]);
    check("phyphox", r#"{"t":1,"x":1,"y":3,"z":5}"#, &[], &[(R::UnknownStream, 1)]);
    check("acc", r#"{"stream":"gyr","t":1,"x":1,"y":3,"z":5}"#, &[], &[(R::UnknownStream, 1)]);
    check(
        "",
        r#"{"acc_time":1,"accX":1,"accY":2,"accZ":3,"x":7,"y":8,"z":9}"#,
        &[(P::Acceleration, seconds(&[1.0]), &[&[1.0], &[2.0], &[3.0]])],
        &[(R::UnknownStream, 1)],
    );
    check("", r#"{"stream":"foo","acc_time":1,"x":7,"y":8,"z":9}"#, &[], &[(R::UnknownStream, 1), (R::MissingComponent, 1)]);
    check("", r#"{"acc_time":1,"gyr_time":1,"x":1,"y":3,"z":5}"#, &[], &[(R::UnknownStream, 1), (R::MissingComponent, 2)]);
    check("", r#"{"stream":"gyr","t":1,"x":1,"y":3,"z":5}"#, &[(P::AngularVelocity, seconds(&[1.0]), &[&[1.0], &[3.0], &[5.0]])], &[]);
    check("pres", r#"{"t":1,"x":1013,"y":3}"#, &[(P::Pressure, seconds(&[1.0]), &[&[1013.0]])], &[(R::UnknownColumn, 1)]);
    check("acc", r#"{"abc":[0,3,42],"def":"Fancy Company"}"#, &[], &[(R::UnknownColumn, 2)]);
}

#[test]
fn our_own_columns_come_with_number_and_clock() {
    let decoded = check(
        "",
        r#"{"stream":"gyr","boot":"000000000000a1b2","seq":12,"t0":5000000,"dt":[0,10000,20010],
            "x":[0.5,-0.25,9.81],"y":[0,0.0001,-3],"z":[0.01,0.01,0.01],"offset":1000000,"uncertainty":2500}"#,
        &[(P::AngularVelocity, micros(&[5_000_000, 5_010_000, 5_020_010]), &[&[0.5, -0.25, 9.81], &[0.0, 0.0001, -3.0], &[0.01; 3]])],
        &[],
    );
    assert_eq!(decoded.records[0].key, Some(BatchKey { boot: 0xa1b2, sequence: 12 }));
    assert_eq!(decoded.clock, Clock::Offset(1_000_000, 2_500));
    let whole = (P::Pressure, micros(&[7]), &[&[1.0][..]][..]);
    let check = |payload, records: &[_], rejects| assert_eq!(check("pres", payload, records, rejects).clock, Clock::Unknown);
    check(r#"{"seq":1,"t0":7,"dt":[0],"x":[1]}"#, std::slice::from_ref(&whole), &[]);
    check(r#"{"boot":"a1b2","seq":1,"t0":7,"dt":[0],"x":[1]}"#, std::slice::from_ref(&whole), &[(R::UnknownColumn, 1)]);
    check(r#"{"t0":7.5,"dt":[0],"x":[1]}"#, &[], &[(R::UnknownColumn, 1), (R::MissingTime, 1)]);
    check(r#"{"t0":7,"dt":[null,1e300],"x":[1,2]}"#, &[(P::Pressure, micros(&[Micros::MAX; 2]), &[&[1.0, 2.0]])], &[]);
}

#[test]
fn what_the_encoder_writes_is_read_back_in_both_spellings() {
    let clock = SenderClock::Offset { offset: -5, uncertainty: 7 };
    let key = BatchKey { boot: 0xfedc_ba98_7654_3210, sequence: 9 };
    let columns = [vec![9.81f32, f32::NAN], vec![1e-7, -0.0], vec![3e38, 16_777_216.0]];
    let batch = Batch::new(P::Acceleration, key, clock, vec![-3, 1_767_437_012_314_000], columns.clone()).unwrap();
    for payload in [batch.to_json().into_bytes(), batch.to_bytes(Values::Float)] {
        let decoded = decode("acc", &payload, RECEIVED);
        let record = &decoded.records[0];
        assert_eq!((record.property, record.key, decoded.clock), (P::Acceleration, Some(key), Clock::Offset(-5, 7)));
        assert_eq!(record.times, micros(&[-3, 1_767_437_012_314_000]));
        for (read, written) in record.values.iter().flatten().zip(columns.iter().flatten()) {
            assert!(read.to_bits() == written.to_bits() || read.is_nan() && written.is_nan(), "{read} {written}");
        }
    }
}

#[test]
fn csv_is_a_column_by_its_topic() {
    let check = |stream: &str, payload: &str, field: Field, values: &[f64]| {
        let column = decode(stream, payload.as_bytes(), RECEIVED).column.unwrap();
        assert_eq!(column.field, field);
        assert_eq!(format!("{:?}", column.values), format!("{values:?}"));
    };
    check("accX", "0.1,-2,null,1.0E-4", Field::Component(Some(P::Acceleration), 0), &[0.1, -2.0, NAN, 1e-4]);
    check("acc_time", "5\n", Field::Time(Some(P::Acceleration)), &[5.0]);
    check("pres", "", Field::Scalar(P::Pressure), &[]);
    check("pres", "1,∞,-∞,NaN", Field::Scalar(P::Pressure), &[1.0, NAN, NAN, NAN]);
}

#[test]
fn sensor_logger_pushes_readings_with_utc() {
    let decoded = check(
        "sensor-logger",
        r#"{"messageId":0,"sessionId":"identifier","deviceId":"identifier","payload":[
            {"name":"accelerometer","time":1698501144401773000,"values":{"x":0.06,"y":-0.0009,"z":-0.1038}},
            {"time":1698501144501773499,"name":"accelerometer","z":3,"y":2,"x":1,"accuracy":3},
            {"name":"barometer","time":"1698501144401773500","values":{"pressure":1013.25,"relativeAltitude":0.5}},
            {"name":"gyroscope","time":1.698501144401773e18,"values":{"x":1,"y":2,"z":3}},
            {"name":"magnetometer","time":1698501144401773000,"values":{"x":1,"y":2}},
            {"name":"accelerometeruncalibrated","time":1698501144401773000,"values":{"x":0,"y":0,"z":1}},
            {"name":"location","time":1698501145514000000,"values":{"latitude":51.96,"longitude":7.62}},
            {"name":"network","time":1698501145514000000,"values":{"ssid":"school"}}]}"#,
        &[
            (
                P::LinearAcceleration,
                micros(&[1_698_501_144_401_773, 1_698_501_144_501_773]),
                &[&[0.06, 1.0], &[-0.0009, 2.0], &[-0.1038, 3.0]],
            ),
            (P::Pressure, micros(&[1_698_501_144_401_774]), &[&[1013.25]]),
        ],
        &[(R::UnknownColumn, 1), (R::MissingTime, 1), (R::MissingComponent, 1), (R::UnknownUnit, 1), (R::Private, 2)],
    );
    assert_eq!(decoded.clock, Clock::Utc);
}

#[test]
fn senml_base_values_carry_on_and_units_are_converted() {
    let decoded = check(
        "",
        r#"[{"bn":"urn:dev:ow:10e2073a01080063:","bt":1.320067464e+09,"bu":"%RH","v":20},{"u":"lon","v":24.30621},
            {"t":60,"v":20.3},{"u":"%EL","t":150,"v":98},{"n":"open","vb":false},{"n":"k","u":"K","bv":100,"v":193.15},
            {"u":"Pa","bv":0,"v":101325,"bt":0,"t":-5},{"u":"mV","v":1500,"t":null}]"#,
        &[
            (P::RelativeHumidity, micros(&[1_320_067_464_000_000, 1_320_067_524_000_000]), &[&[20.0, 20.3]]),
            (P::Temperature, micros(&[1_320_067_464_000_000]), &[&[293.15 - 273.15]]),
            (P::Pressure, micros(&[RECEIVED - 5_000_000]), &[&[1013.25]]),
            (P::Voltage, micros(&[Micros::MAX]), &[&[1.5]]),
        ],
        &[(R::Private, 1), (R::UnknownUnit, 1), (R::UnknownColumn, 1)],
    );
    assert_eq!(decoded.clock, Clock::Utc);
}

#[test]
fn senml_vectors_are_joined_by_time() {
    let records = r#"[{"bt":1e9,"bu":"m/s2","n":"x","v":1},{"n":"y","v":2},{"n":"z","v":3},{"n":"x","t":1,"v":4},{"n":"z","t":1,"v":6},
        {"n":"y","t":1,"v":5},{"n":"x","t":2,"v":7}]"#;
    let row =
        (P::LinearAcceleration, micros(&[1_000_000_000_000_000, 1_000_000_001_000_000]), &[&[1.0, 4.0][..], &[2.0, 5.0], &[3.0, 6.0]][..]);
    check("lin", records, &[row], &[(R::MissingComponent, 1)]);
    check("", records, &[], &[(R::UnknownStream, 7)]);
    check("", r#"[{"bn":"dev1:accX","u":"m/s2","v":1}]"#, &[], &[(R::MissingComponent, 1)]);
    check("", r#"[{"n":"speed","u":"rad/s","v":1}]"#, &[], &[(R::MissingComponent, 1)]);
    check("", r#"[{"u":"Cel","v":1,"bver":11}]"#, &[], &[(R::Undecodable, 1)]);
}

#[test]
fn what_is_no_packet_is_undecodable() {
    for payload in [
        "",
        " ",
        "{",
        "{}",
        "{\"stream\":\"gyr\"}",
        "[]",
        "[1]",
        "{\"t\":NaN}",
        "{\"t\":[1}",
        "hello",
        "MW",
        "MW\u{1}\u{1}",
        "{\"t\":1}x",
        "<xml>",
        "{\"a\":1e999}",
    ] {
        assert_eq!(decode("acc", payload.as_bytes(), RECEIVED).rejects.into_vec()[0].reason, R::Undecodable, "{payload}");
    }
    assert_eq!(decode("acc", b"\xff\xfe{}", RECEIVED).rejects.into_vec()[0].reason, R::Undecodable);
}

#[test]
fn json_bombs_are_refused_without_building_them() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    let objects = format!("{{\"a\":{}1{}}}", "{\"a\":".repeat(9_000), "}".repeat(9_000));
    for payload in [&deep, &objects] {
        check("acc", payload, &[], &[(R::UnknownColumn, 1)]);
        check("acc", &format!("[{payload}]"), &[], &[]);
        check("acc", &payload[5..], &[], &[(R::Undecodable, 1)]);
    }
    let wide: Vec<String> = (0..5_000).map(|key| format!("\"k{key}\":0")).collect();
    assert_eq!(decode("acc", format!("{{{}}}", wide.join(",")).as_bytes(), RECEIVED).rejects.into_vec()[0].reason, R::TooLarge);
}

#[test]
fn nothing_personal_comes_out() {
    let payloads = [
        r#"{"id":"CANARY","uniqueID":"CANARY","deviceModel":"CANARY","CANARY CANARY":[1],"CANÄRY":1,"def":"CANARY","boot":"CANARY","stream":"CANARY","t":"CANARY","x":["CANARY"]}"#,
        r#"{"sessionId":"CANARY","deviceId":"CANARY","payload":[{"name":"network","time":1,"values":{"ssid":"CANARY","bssid":"CANARY"}},{"name":"CANARY CANARY"},
            {"name":"accelerometer","time":1,"values":{"x":1,"y":2,"z":3,"CANARY":"CANARY"}}]}"#,
        r#"[{"bn":"urn:dev:mac:CANARY:","n":"CANARY","u":"Cel","v":1,"vs":"CANARY"},{"u":"CANARY CANARY","v":1},{"n":"CANARY","vs":"CANARY"}]"#,
        "CANARY,CANARY",
        r#"{"t":"CANARY"#,
        r#"[{"n":7,"CANARY":"CANARY"}]"#,
    ];
    for payload in payloads {
        for stream in ["acc", "", "CANARY CANARY"] {
            let decoded = format!("{:?}", decode(stream, payload.as_bytes(), RECEIVED));
            assert!(!decoded.contains("CANARY") && !decoded.contains("CAN"), "{decoded}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(stream in "(acc|pres|accX|t|)", payload in prop::collection::vec(any::<u8>(), 0..300)) {
        decode(&stream, &payload, RECEIVED);
    }

    #[test]
    fn no_mutation_panics(sample in 0usize..5, at: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
        let samples: [&[u8]; 5] = [
            br#"{"accX":[0.0612,null,3],"accY":[1,2,3],"accZ":[1,2,3],"t":{"now":1767437012.314,"events":[{"event":"START","experimentTime":0,"systemTime":1767437012.314}]},"acc_time":[1,2,3]}"#,
            br#"{"boot":"000000000000a1b2","seq":12,"t0":5000000,"dt":[0,10000],"x":[0.5,-0.25],"y":[0,1],"z":[0,1]}"#,
            br#"{"payload":[{"name":"accelerometer","time":1698501144401773000,"values":{"x":0.06,"y":-0.0009,"z":-0.1038}}]}"#,
            br#"[{"bn":"a","bt":1.3e9,"bu":"m/s2","n":"accX","v":20},{"n":"accY","v":3},{"n":"accZ","t":-1,"v":3}]"#,
            b"1,2,null,3.5",
        ];
        let mut payload = samples[sample].to_vec();
        *at.get_mut(&mut payload) = byte;
        for end in [payload.len(), cut.index(payload.len())] {
            let decoded = decode("acc", &payload[..end], RECEIVED);
            for record in &decoded.records {
                let rows = record.times.len();
                for (component, column) in record.values.iter().enumerate() {
                    prop_assert_eq!(column.len(), if component < record.property.components() { rows } else { 0 });
                }
            }
        }
    }
}
