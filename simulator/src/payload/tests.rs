use messwerk_lessons::quantity::ObservedProperty;

use super::*;

const SILENT: SenderTime = SenderTime { start: None, now: 0.0 };
const KEY: BatchKey = BatchKey { boot: 0xa1, sequence: 12 };

fn stream(property: ObservedProperty) -> Stream {
    let y = if property.is_vector() { vec![3.0, f32::NAN] } else { vec![] };
    let z = if property.is_vector() { vec![0.0001, -9.81] } else { vec![] };
    Stream::new(property, vec![5_000, 10_000], [vec![0.0612, -0.5], y, z]).unwrap()
}

fn texts(encoding: Encoding, property: ObservedProperty, clock: SenderTime) -> Vec<(String, String)> {
    let stream = stream(property);
    let rows = Rows { stream: &stream, rows: 0..2, key: KEY };
    let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
    messages(encoding, &rows, clock).unwrap().into_iter().map(|message| (message.level, text(&message.body))).collect()
}

#[test]
fn phyphox_spells_columns_with_prefixes() {
    let id = r#""id":"5f4dcc3b5aa765d61d8327deb882cf99""#;
    let columns = r#""gyr_time":[0.005,0.01],"gyrX":[0.0612,-0.5],"gyrY":[3,null],"gyrZ":[1.0E-4,-9.81]"#;
    let check = |clock, expected: String| {
        assert_eq!(texts(Encoding::Phyphox, ObservedProperty::AngularVelocity, clock), [("gyr".to_owned(), expected)]);
    };
    check(SILENT, format!("{{{columns},{id}}}"));
    let clock = r#""clock":{"now":1767437012.314,"events":[{"event":"START","experimentTime":0,"systemTime":1767437010}]}"#;
    check(SenderTime { start: Some(1767437010.0), now: 1767437012.314 }, format!("{{{columns},{clock},{id}}}"));
}

#[test]
fn csv_is_a_message_per_column() {
    let expected = [("pres_time", "0.005,0.01"), ("pres", "0.0612,-0.5")].map(|(level, body)| (level.to_owned(), body.to_owned()));
    assert_eq!(texts(Encoding::Csv, ObservedProperty::Pressure, SILENT), expected);
    let levels: Vec<_> = texts(Encoding::Csv, ObservedProperty::Acceleration, SILENT).into_iter().map(|(level, _)| level).collect();
    assert_eq!(levels, ["acc_time", "accX", "accY", "accZ"]);
}

#[test]
fn own_batches_come_back_bit_by_bit() {
    let stream = stream(ObservedProperty::AngularVelocity);
    let rows = Rows { stream: &stream, rows: 1..2, key: KEY };
    let clock = SenderTime { start: Some(100.0), now: 0.0 };
    let message = messages(Encoding::Binary, &rows, clock).unwrap().remove(0);
    let batch = Batch::from_bytes(&message.body).unwrap();
    assert_eq!((batch.key(), batch.time()), (KEY, &[10_000][..]));
    assert_eq!(batch.clock(), SenderClock::Offset { offset: 100_000_000, uncertainty: 5_000 });
    assert_eq!(batch.values()[2], [-9.81]);
    let message = messages(Encoding::Json, &rows, SILENT).unwrap().remove(0);
    let json: serde_json::Value = serde_json::from_slice(&message.body).unwrap();
    assert_eq!((&json["stream"], &json["seq"], &json["z"]), (&"gyr".into(), &12.into(), &serde_json::json!([-9.81])));
}

#[test]
fn a_post_of_phyphox_holds_all_streams() {
    let (gyr, acc) = (stream(ObservedProperty::AngularVelocity), stream(ObservedProperty::Acceleration));
    let rows = [&gyr, &acc].map(|stream| Rows { stream, rows: 0..2, key: KEY });
    let check = |encoding, expected: &[&[usize]]| {
        let posts = bodies(encoding, &rows, SILENT).unwrap();
        assert_eq!(posts.iter().map(|(_, _, rows)| rows.as_slice()).collect::<Vec<_>>(), expected);
    };
    check(Encoding::Phyphox, &[&[0, 1]]);
    check(Encoding::Json, &[&[0], &[1]]);
    check(Encoding::Binary, &[&[0], &[1]]);
    assert!(bodies(Encoding::Csv, &rows, SILENT).is_err());
}
