//! openSenseMap and its kin, SensorThings, SenML.

use super::*;

const TEMPERATURE: &str = "5f2b56f4263635001c1dd1fd";
const PRESSURE: &str = "5f2b56f4263635001c1dd1fe";

/// 2026-01-03 10:43:20 UTC.
const TOLD: Option<Micros> = Some(RECEIVED - 13_000_000);

fn context() -> Context {
    let slot = |channel: &str, property: P, unit: &str| Learned { channel: Channel::new(channel), property, unit: unit.into() };
    let sensors = [
        (TEMPERATURE, slot("", P::Temperature, "Cel")),
        (PRESSURE, slot("", P::Pressure, "Pa")),
        ("7", slot("roof", P::Temperature, "[degF]")),
        ("wind-1", slot("roof", P::WindSpeed, "km/h")),
    ];
    Context { sensors: sensors.map(|(id, slot)| (id.to_owned(), slot)).into(), ..Context::default() }
}

fn decode(format: Format, topic: &str, body: &[u8]) -> Report {
    super::decode(format, &Message { topic, body, received: RECEIVED, ..Message::default() }, &context())
}

#[test]
fn opensensemap_in_every_text_form() {
    let one = [("", P::Temperature, 21.5)];
    let both = [("", P::Temperature, 21.5), ("", P::Pressure, 1006.59)];
    let box_ = "boxes/5f2b56f4263635001c1dd1f0";
    let post = |path: &str, body: String| decode(Format::OpenSenseMap, &format!("{box_}/{path}"), body.as_bytes());
    check(&post(TEMPERATURE, r#"{"value":21.5,"createdAt":"2026-01-03T10:43:20.000Z"}"#.into()), TOLD, &one, &[]);
    check(&post(TEMPERATURE, r#"{"value":"21.5"}"#.into()), None, &one, &[]);
    let list = format!(
        r#"[{{"sensor":"{TEMPERATURE}","value":"21.5","createdAt":"2026-01-03T11:43:20+01:00"}},
            {{"sensor":"{PRESSURE}","value":100659,"createdAt":"2026-01-03T10:43:20Z","location":[7.6,51.9]}}]"#
    );
    let report = post("data", list);
    check(&report, TOLD, &both, &[]);
    assert_eq!(report.dropped, 1, "a position");
    let object =
        format!(r#"{{"{TEMPERATURE}":["21.5","2026-01-03T10:43:20Z",[7.6,51.9]],"{PRESSURE}":["100659.00","2026-01-03T10:43:20Z"]}}"#);
    check(&post("data", object), TOLD, &both, &[]);
    check(&post("data", format!(r#"{{"{TEMPERATURE}":"21.5"}}"#)), None, &one, &[]);
    let csv = format!("{TEMPERATURE},21.5,2026-01-03T10:43:20Z\r\n{PRESSURE},100659,2026-01-03T10:43:20Z,7.6,51.9,60\r\n");
    check(&post("data", csv), TOLD, &both, &[]);
    check(&post("data", format!("{TEMPERATURE},21.5\n")), None, &one, &[]);
}

#[test]
fn opensensemap_counts_what_it_cannot_use() {
    let post = |body: String| decode(Format::OpenSenseMap, "boxes/x/data", body.as_bytes());
    check(
        &post(format!("{TEMPERATURE},---\n{TEMPERATURE},x\nffffffffffffffffffffffff,1\n{TEMPERATURE}\n{TEMPERATURE},1,yesterday\n")),
        None,
        &[],
        &[(R::NoValue, 1), (R::NotFinite, 1), (R::UnknownStream, 1), (R::Undecodable, 1), (R::TimeOutOfRange, 1)],
    );
    check(&post("<!DOCTYPE html><html></html>".into()), None, &[], &[(R::Undecodable, 1)]);
    check(&post(String::new()), None, &[], &[(R::Undecodable, 1)]);
    check(&post("[{\"sensor\":1}]".into()), None, &[], &[(R::Undecodable, 1)]);
    let many: String = (0..2600).map(|_| "ffffffffffffffffffffffff,1\n").collect();
    let rejects: Vec<_> = post(many).rejects.iter().map(|reject| (reject.reason, reject.count)).collect();
    assert_eq!(rejects, [(R::UnknownStream, 2500), (R::TooLarge, 1)]);
}

#[test]
fn opensensemap_binary() {
    let id = |text: &str| -> Vec<u8> { (0..12).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect() };
    let entry = |sensor: &str, value: f32, time: Option<u32>| {
        let mut bytes = id(sensor);
        bytes.extend(value.to_le_bytes());
        time.into_iter().for_each(|time| bytes.extend(time.to_le_bytes()));
        bytes
    };
    let both = [("", P::Temperature, 21.4), ("", P::Pressure, 1006.59)];
    let plain = [entry(TEMPERATURE, 21.4, None), entry(PRESSURE, 100_659.0, None)].concat();
    check(&decode(Format::SbxBytes, "boxes/x/data", &plain), None, &both, &[]);
    let timed = [entry(TEMPERATURE, 21.4, Some(1_767_437_000)), entry(PRESSURE, 100_659.0, Some(1_767_437_000))].concat();
    check(&decode(Format::SbxBytesTs, "boxes/x/data", &timed), TOLD, &both, &[]);
    let typed =
        Message { topic: "boxes/x/data", body: &timed, content_type: "application/sbx-bytes-ts", received: RECEIVED, ..Message::default() };
    check(&super::decode(Format::OpenSenseMap, &typed, &context()), TOLD, &both, &[]);
    check(&decode(Format::SbxBytes, "", &plain[..20]), None, &both[..1], &[(R::Undecodable, 1)]);
    check(&decode(Format::SbxBytes, "", &entry(TEMPERATURE, f32::NAN, None)), None, &[], &[(R::NoValue, 1)]);
    check(&decode(Format::SbxBytes, "", &entry(TEMPERATURE, f32::INFINITY, None)), None, &[], &[(R::NotFinite, 1)]);
    check(&decode(Format::SbxBytes, "", b""), None, &[], &[(R::Undecodable, 1)]);
}

#[test]
fn airrohr_and_hackair() {
    let body = br#"{"esp8266id":"12345678","software_version":"NRZ-2020-133","sensordatavalues":[{"value_type":"SDS_P1","value":"5.38"},
        {"value":"4.98","value_type":"SDS_P2"},{"value_type":"BMP_pressure","value":"100659.00"},{"value_type":"BME280_temperature","value":"26.80"},
        {"value_type":"BME280_humidity","value":"47.5"},{"value_type":"temperature","value":"25.1"},{"value_type":"GPS_lat","value":"51.9"},
        {"value_type":"samples","value":"316274"},{"value_type":"signal","value":"-59 dBm"},{"value_type":"SPS30_P0","value":"3"},{"value_type":"hat","value":"3"}]}"#;
    let report = decode(Format::Luftdaten, "", body);
    check(
        &report,
        None,
        &[
            ("SDS", P::Pm10, 5.38),
            ("SDS", P::Pm2_5, 4.98),
            ("BMP", P::Pressure, 1006.59),
            ("BME280", P::Temperature, 26.8),
            ("BME280", P::RelativeHumidity, 47.5),
            ("", P::Temperature, 25.1),
        ],
        &[(R::UnknownColumn, 1)],
    );
    assert_eq!(report.dropped, 2, "the chip's number and a position");
    assert!(!format!("{report:?}").contains("12345678"));
    let asked = Message { topic: "boxes/x/data", query: "luftdaten=true", body, received: RECEIVED, ..Message::default() };
    assert_eq!(super::decode(Format::OpenSenseMap, &asked, &context()), report);
    check(&decode(Format::Luftdaten, "", b"{\"a\":1}"), None, &[], &[(R::Undecodable, 1)]);
    let hackair =
        br#"{"reading":{"PM2.5_AirPollutantValue":"7.93","PM10_AirPollutantValue":"32.63"},"battery":"5.99","tamper":"0","error":"4"}"#;
    let report = decode(Format::Hackair, "", hackair);
    check(&report, None, &[("", P::Pm2_5, 7.93), ("", P::Pm10, 32.63)], &[]);
    assert_eq!(note(&report, NoteKind::Quality), Some((1, "the device reports error 4")));
    check(&decode(Format::Hackair, "", b"{}"), None, &[], &[(R::Undecodable, 1)]);
}

#[test]
fn sensorthings_observations() {
    let post = |topic: &str, body: &str| decode(Format::SensorThings, topic, body.as_bytes());
    let one = [("roof", P::Temperature, 20.0)];
    let at = "v1.1/Datastreams(7)/Observations";
    check(&post(at, r#"{"phenomenonTime":"2026-01-03T10:43:20.000Z","result":68}"#), TOLD, &one, &[]);
    check(&post(at, r#"{"phenomenonTime":"2026-01-03T10:33:20Z/2026-01-03T10:43:20Z","result":"68"}"#), TOLD, &one, &[]);
    check(&post(at, r#"{"result":68}"#), None, &one, &[]);
    check(&post("v1.1/Observations", r#"{"result":68,"Datastream":{"@iot.id":7}}"#), None, &one, &[]);
    check(&post("v1.1/Datastreams('wind-1')/Observations", r#"{"result":36}"#), None, &[("roof", P::WindSpeed, 10.0)], &[]);
    check(&post(at, r#"{"result":null}"#), None, &[], &[(R::NoValue, 1)]);
    check(&post(at, r#"{"result":{"a":1}}"#), None, &[], &[(R::Undecodable, 1)]);
    check(&post("v1.1/Datastreams(8)/Observations", r#"{"result":1}"#), None, &[], &[(R::UnknownStream, 1)]);
    check(&post(at, r#"{"phenomenonTime":"2026-01-03T10:43:20","result":68}"#), None, &[], &[(R::TimeOutOfRange, 1)]);
    let arrays = r#"[{"Datastream":{"@iot.id":7},"components":["result","FeatureOfInterest/id","phenomenonTime"],"dataArray@iot.count":3,
        "dataArray":[[68,{"x":[1]},"2026-01-03T11:43:20+01:00"],[],[null,1,"2026-01-03T11:43:20+01:00"]]},
        {"Datastream":{"@iot.id":"wind-1"},"components":["phenomenonTime","result"],"dataArray":[["2026-01-03T10:43:20Z",36]]}]"#;
    let expected = [("roof", P::Temperature, 20.0), ("roof", P::WindSpeed, 10.0)];
    check(&post("v1.1/CreateObservations", arrays), TOLD, &expected, &[(R::LengthMismatch, 1), (R::NoValue, 1)]);
    check(&post("", r#"[{"Datastream":{"@iot.id":7},"components":["x"],"dataArray":[[1],[2]]}]"#), None, &[], &[(R::Undecodable, 2)]);
}

#[test]
fn senml_names_are_channels() {
    let post = |body: &str| decode(Format::Senml, "", body.as_bytes());
    check(
        &post(
            r#"[{"bn":"urn:dev:ow:10e2073a01080063:","bt":1767437000,"n":"temp","u":"Cel","v":7.1},{"n":"kitchen/temp","u":"K","v":300.15},{"n":"attic","u":"%RH","v":40},
                {"n":"wind","u":"km/h","v":36},{"n":"dew","u":"Cel","v":3},{"n":"uv","u":"/","v":2},{"u":"W/m2","v":100}]"#,
        ),
        TOLD,
        &[
            ("", P::Temperature, 7.1),
            ("kitchen", P::Temperature, 27.0),
            ("attic", P::RelativeHumidity, 40.0),
            ("", P::WindSpeed, 10.0),
            ("", P::DewPoint, 3.0),
            ("", P::UvIndex, 2.0),
            ("", P::Irradiance, 100.0),
        ],
        &[],
    );
    check(
        &post(r#"[{"n":"accX","u":"m/s2","v":7.1},{"n":"a","u":"%","v":1},{"u":"Cel","v":null}]"#),
        Some(RECEIVED),
        &[],
        &[(R::NoValue, 1), (R::UnknownStream, 2)],
    );
}
