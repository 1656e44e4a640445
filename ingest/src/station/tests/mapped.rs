//! Mappings, the guesser, and whatever comes in.

use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

fn mapped(path: &str, channel: &str, property: P, unit: &str) -> Mapped {
    Mapped { topic: String::new(), path: path.into(), channel: Channel::new(channel), property, unit: unit.into() }
}

fn decode(body: &str, fields: Vec<Mapped>, time: Option<(&str, TimeKind)>) -> Report {
    let time = time.map(|(path, kind)| TimeField { path: path.into(), kind });
    let mapping = Mapping { fields, time, comma: body.contains(';') };
    let context = Context { mapping: Some(mapping), zone: Some(Tz::Europe__Berlin), ..Context::default() };
    super::decode(
        Format::Mapping,
        &Message { topic: "own/garden", body: body.as_bytes(), received: RECEIVED, ..Message::default() },
        &context,
    )
}

fn listed(body: &str, query: &str) -> Vec<(String, String)> {
    let found = fields(&Message { body: body.as_bytes(), query, ..Message::default() });
    found.into_iter().map(|field| (field.path, field.example)).collect()
}

/// 2026-01-03 10:43:20 UTC.
const TOLD: Option<Micros> = Some(RECEIVED - 13_000_000);

#[test]
fn fields_are_shown_to_be_clicked_on() {
    let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(path, example)| (path.to_string(), example.to_string())).collect::<Vec<_>>();
    let json = r#"{"id":"abc","out":{"t":[21.5,"x"]},"when":1767437000,"password":"geheim"}"#;
    assert_eq!(listed(json, ""), pairs(&[("out.t.0", "21.5"), ("out.t.1", "x"), ("when", "1767437000")]));
    assert_eq!(listed(r#"[{"t":1},{"t":2,"h":3}]"#, ""), pairs(&[("*.t", "1"), ("*.h", "3")]));
    assert_eq!(listed("", "PASSKEY=1&temp=3.5&at=now"), pairs(&[("temp", "3.5"), ("at", "now")]));
    assert_eq!(listed("time;temp\n2026-01-03 11:43;3,5\n", ""), pairs(&[("*.time", "2026-01-03 11:43"), ("*.temp", "3,5")]));
    assert_eq!(listed("1767437000,3.5\n1767437060,3.6\n", ""), pairs(&[("*.1", "1767437000"), ("*.2", "3.5")]));
    assert_eq!(listed("23.4", ""), pairs(&[("", "23.4")]));
    assert_eq!(listed("<html>", ""), pairs(&[]));
}

#[test]
fn a_mapping_says_what_fields_are() {
    let out = || vec![mapped("out.t", "garden", P::Temperature, "[degF]")];
    let expected = [("garden", P::Temperature, 10.0)];
    check(&decode(r#"{"out":{"t":50},"x":1}"#, out(), None), None, &expected, &[]);
    check(&decode(r#"{"out":{"t":"50.0"},"when":1767437000}"#, out(), Some(("when", TimeKind::Seconds))), TOLD, &expected, &[]);
    for (when, kind) in [
        ("1767437000000", TimeKind::Milliseconds),
        ("1767437000000000000", TimeKind::Nanoseconds),
        ("\"2026-01-03T11:43:20+01:00\"", TimeKind::Offset),
        ("\"2026-01-03 10:43:20\"", TimeKind::Utc),
        ("\"03.01.2026 11:43:20\"", TimeKind::Local),
    ] {
        let report = decode(&format!(r#"{{"out":{{"t":50}},"when":{when}}}"#), out(), Some(("when", kind)));
        if kind == TimeKind::Local {
            // Day, month, year is another order than the one that is read.
            check(&report, None, &[], &[(R::TimeOutOfRange, 1)]);
        } else {
            check(&report, TOLD, &expected, &[]);
        }
    }
    let local = decode(r#"{"out":{"t":50},"when":"2026-01-03 11:43:20"}"#, out(), Some(("when", TimeKind::Local)));
    check(&local, TOLD, &expected, &[]);
    assert_eq!(note(&local, NoteKind::LocalTime), Some((1, "Europe/Berlin")));
    check(&decode(r#"{"out":{"t":50}}"#, out(), Some(("when", TimeKind::Utc))), None, &[], &[(R::MissingTime, 1)]);
    check(&decode(r#"{"in":{"t":50}}"#, out(), None), None, &[], &[(R::UnknownStream, 1)]);
    check(&decode(r#"{"out":{"t":50}}"#, vec![mapped("out.t", "", P::Temperature, "hPa")], None), None, &[], &[(R::UnknownUnit, 1)]);
    let both = vec![mapped("t", "", P::Temperature, "Cel"), mapped("h", "", P::RelativeHumidity, "%")];
    let report = decode(r#"{"t":5}"#, both, None);
    check(&report, None, &[("", P::Temperature, 5.0)], &[]);
    assert_eq!(note(&report, NoteKind::Absent), Some((1, "h")));
}

#[test]
fn lists_and_tables_have_a_time_for_each_row() {
    let rows = || vec![mapped("*.temp", "", P::Temperature, "Cel")];
    let times =
        |report: &Report| report.readings.iter().map(|reading| (reading.time.unwrap() - RECEIVED, reading.value)).collect::<Vec<_>>();
    let expected = [(-13_000_000, 3.5), (47_000_000, 3.6)];
    let json = r#"[{"at":1767437000,"temp":3.5},{"temp":3.6,"at":1767437060}]"#;
    assert_eq!(times(&decode(json, rows(), Some(("*.at", TimeKind::Seconds)))), expected);
    let csv = "at;temp\n2026-01-03 11:43:20;3,5\n2026-01-03 11:44:20;3,6\n";
    assert_eq!(times(&decode(csv, rows(), Some(("*.at", TimeKind::Local)))), expected);
    let bare = "1767437000,3.5\n1767437060,3.6\n";
    assert_eq!(times(&decode(bare, vec![mapped("*.2", "", P::Temperature, "Cel")], Some(("*.1", TimeKind::Seconds)))), expected);
}

#[test]
fn bare_numbers_are_told_apart_by_their_topic() {
    let of = |topic: &str| Mapped { topic: topic.into(), ..mapped("", "", P::Temperature, "Cel") };
    check(&decode("23.4", vec![of("own/garden")], None), None, &[("", P::Temperature, 23.4)], &[]);
    check(&decode("23.4", vec![of("own/house")], None), None, &[], &[(R::UnknownStream, 1)]);
}

#[test]
fn a_payload_is_guessed() {
    let of = |topic: &str, query: &str, body: &str| guess(&Message { topic, query, body: body.as_bytes(), ..Message::default() });
    for (expected, topic, query, body) in [
        (Some(Format::Ecowitt), "data/report", "", "PASSKEY=1&stationtype=GW2000A&tempf=1"),
        (Some(Format::Ambient), "data/report", "stationtype=AMBWeatherV4.0.2&PASSKEY=1&tempf=1", ""),
        (Some(Format::Wunderground), "weatherstation/updateweatherstation.php", "tempf=1", ""),
        (Some(Format::Wunderground), "", "ID=a&PASSWORD=b&tempf=1&action=updateraw", ""),
        (Some(Format::OpenSenseMap), "boxes/1/data", "", "x"),
        (Some(Format::OpenSenseMap), "", "", "5f2b56f4263635001c1dd1fd,1\n"),
        (Some(Format::OpenSenseMap), "", "", r#"[{"sensor":"a","value":1}]"#),
        (Some(Format::Luftdaten), "", "", r#"{"sensordatavalues":[{"value_type":"a","value":"1"}]}"#),
        (Some(Format::Hackair), "", "", r#"{"reading":{"PM10_AirPollutantValue":"1"}}"#),
        (Some(Format::Weewx), "", "", r#"{"usUnits":"1","dateTime":"1"}"#),
        (Some(Format::Rtl433), "", "", r#"{"time":"x","model":"Nexus-TH","id":1}"#),
        (Some(Format::Tasmota), "", "", r#"{"Time":"x","BME280":{"Temperature":1}}"#),
        (Some(Format::Tasmota), "tele/x/SENSOR", "", "{}"),
        (Some(Format::Esphome), "a/sensor/b/state", "", "1"),
        (Some(Format::Zigbee2Mqtt), "zigbee2mqtt/a", "", "{}"),
        (Some(Format::Zigbee2Mqtt), "other/a", "", r#"{"temperature":1,"linkquality":3}"#),
        (Some(Format::SensorThings), "v1.1/Datastreams(1)/Observations", "", r#"{"result":1}"#),
        (Some(Format::Senml), "", "", r#"[{"n":"a","u":"Cel","v":1}]"#),
        (Some(Format::Mapping), "", "", r#"{"t":1}"#),
        (Some(Format::Mapping), "", "", "23.4"),
        (None, "", "", "<html>"),
        (None, "", "", ""),
    ] {
        assert_eq!(of(topic, query, body), expected, "{topic} {query} {body}");
    }
}

/// Bodies that are nearly right.
const SEEDS: [&str; 8] = [
    r#"{"Time":"2025-10-26T02:30:00","BME280":{"Temperature":21.4,"Humidity":null},"TempUnit":"C","result":1,"value":"3"}"#,
    r#"[{"sensor":"5f2b56f4263635001c1dd1fd","value":"21.5","createdAt":"2026-01-03T11:43:20+01:00","bn":"a","u":"Cel","v":1,"t":-5}]"#,
    r#"{"sensordatavalues":[{"value_type":"SDS_P1","value":"5.38"}],"reading":{"PM10_AirPollutantValue":"32.63"},"model":"Nexus-TH","id":42,"temperature_C":20.5}"#,
    "PASSKEY=1&dateutc=2026-01-03+10:43:33&tempf=50&temp1f=1&yearlyrainin=3&winddir=370&humidity=%C3%A4",
    "at;temp;x\n2026-01-03 11:43:20;3,5;\n;;\n",
    "5f2b56f4263635001c1dd1fd,21.5,2026-01-03T10:43:20Z,7.6,51.9\n",
    r#"[{"Datastream":{"@iot.id":7},"components":["phenomenonTime","result"],"dataArray":[["2026-01-03T10:43:20Z",36]]}]"#,
    "23.4",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_panics_and_what_comes_out_is_finite(
        seed in 0..SEEDS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
        raw in proptest::collection::vec(any::<u8>(), 0..80),
        topic in "(tele/a/SENSOR|zigbee2mqtt/ä/b|a/sensor/b/(state|config)|rtl_433/p/devices/[a-z/]{0,9}|boxes/[0-9a-f]{0,24}/data|Datastreams\\(7\\)|\\PC{0,12})",
        received in prop_oneof![Just(RECEIVED), any::<i64>()],
    ) {
        let mut body = SEEDS[seed].as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        body.truncate(cut.index(body.len()) + 1);
        let fields = vec![mapped("*.temp", "", P::Temperature, "Cel"), mapped("value", "", P::Pressure, "Pa"), mapped("", "", P::Temperature, "[degF]")];
        let context = Context {
            zone: Some(Tz::Europe__Berlin),
            own: vec![OwnSensor { model: "Nexus-TH".into(), id: "42".into() }],
            mapping: Some(Mapping { fields, time: Some(TimeField { path: "*.at".into(), kind: TimeKind::Local }), comma: true }),
            ..Context::default()
        };
        for body in [&body, &raw] {
            let message = Message { topic: &topic, query: std::str::from_utf8(&raw).unwrap_or_default(), body, received, ..Message::default() };
            for format in Format::ALL {
                let report = super::decode(format, &message, &context);
                prop_assert!(report.readings.iter().all(|reading| (reading.value as f32).is_finite()));
                prop_assert!(report.readings.iter().all(|reading| reading.time.is_none_or(|time| (0..7_258_118_400_000_000).contains(&time))));
                prop_assert!(report.rejects.iter().all(|reject| reject.detail.chars().count() <= 200));
                prop_assert!(report.notes.iter().all(|note| note.detail.chars().count() <= 400));
            }
            guess(&message);
            fields_are_short(&super::fields(&message))?;
        }
    }
}

fn fields_are_short(found: &[Found]) -> Result<(), TestCaseError> {
    prop_assert!(found.len() <= 300 && found.iter().all(|field| field.example.chars().count() <= 60));
    Ok(())
}
