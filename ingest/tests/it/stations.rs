//! Captured payloads of real stations, asserted value by value against what was worked out by hand (°F: (x - 32)/1.8; inHg: x·33.863886;
//! mph: x·0.44704; inch: x·25.4; mmHg: x·1.33322387). They are not part of the repository; without them the tests say so, and fail where CI
//! says they must be there.

use chrono_tz::Tz;
use messwerk_ingest::station::{Channel, Context, Format, Learned, Message, NoteKind, OwnSensor, Report, decode, guess};
use messwerk_lessons::quantity::ObservedProperty as P;
use messwerk_lessons::reject::RejectReason as R;

use crate::sample::text as sample;

const RECEIVED: i64 = 1_767_437_013_000_000;

fn message<'a>(topic: &'a str, body: &'a str) -> Message<'a> {
    Message { topic, body: body.as_bytes(), received: RECEIVED, ..Message::default() }
}

/// Compares readings of one time (seconds since 1970) and rejects.
#[track_caller]
fn check(report: &Report, seconds: Option<i64>, readings: &[(&str, P, f64)], rejects: &[(R, u32)]) {
    let found: Vec<_> = report.readings.iter().map(|reading| (reading.channel.as_str(), reading.property)).collect();
    let expected: Vec<_> = readings.iter().map(|(channel, property, _)| (*channel, *property)).collect();
    assert_eq!(found, expected, "{report:#?}");
    for (reading, (channel, property, value)) in report.readings.iter().zip(readings) {
        assert!((reading.value - value).abs() < 1e-4, "{channel} {property:?}: {} is not {value}", reading.value);
        assert_eq!(reading.time, seconds.map(|seconds| seconds * 1_000_000), "{channel} {property:?}");
    }
    let rejected: Vec<_> = report.rejects.iter().map(|reject| (reject.reason, reject.count)).collect();
    assert_eq!(rejected, rejects, "{report:#?}");
}

#[test]
fn ecowitt() {
    let Some(text) = sample("ecowitt/posts.txt") else { return };
    let posts: Vec<&str> = text.lines().collect();
    assert_eq!(posts.len(), 2);
    assert_eq!(guess(&message("data/report", posts[0])), Some(Format::Ecowitt));
    let [first, second] = [posts[0], posts[1]].map(|post| decode(Format::Ecowitt, &message("data/report", post), &Context::default()));
    check(
        &first,
        Some(1_588_602_866),
        &[
            ("indoor", P::Temperature, 26.1111),
            ("indoor", P::RelativeHumidity, 33.0),
            ("", P::SeaLevelPressure, 967.9315),
            ("", P::Pressure, 967.9315),
            ("", P::Temperature, 21.2778),
            ("", P::RelativeHumidity, 32.0),
            ("", P::WindDirection, 200.0),
            ("", P::WindSpeed, 0.1788),
            ("", P::WindGust, 0.4917),
            ("", P::RainRate, 0.0),
            ("", P::RainTotal, 2.0066),
            ("", P::Irradiance, 205.52),
            ("", P::UvIndex, 2.0),
        ],
        &[],
    );
    assert_eq!(first.dropped, 1);
    assert!(!format!("{first:?}").contains("34271334"));
    check(
        &second,
        Some(1_706_287_811),
        &[
            ("indoor", P::Temperature, 20.8),
            ("indoor", P::RelativeHumidity, 47.0),
            ("", P::SeaLevelPressure, 1023.1973),
            ("", P::Pressure, 985.8116),
            ("", P::Temperature, 17.3),
            ("", P::RelativeHumidity, 93.0),
            ("", P::WindDirection, 56.0),
            ("", P::WindSpeed, 0.2012),
            ("", P::WindGust, 0.5007),
            ("", P::Irradiance, 171.59),
            ("", P::UvIndex, 1.0),
            ("", P::RainRate, 0.0),
            ("", P::RainTotal, 125.603),
            ("1", P::Temperature, 18.2),
            ("1", P::RelativeHumidity, 59.0),
            ("co2", P::Temperature, 21.3),
            ("co2", P::RelativeHumidity, 51.0),
            ("co2", P::Pm2_5, 6.6),
            ("co2", P::Pm10, 6.6),
            ("co2", P::CarbonDioxide, 882.0),
        ],
        &[],
    );
}

/// The queries of the comments in a driver's source: wrapped lines behind `# `, with empty ones between.
fn queries(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for line in text.lines().take_while(|line| line.starts_with('#')) {
        match (line.strip_prefix("# "), found.last_mut()) {
            (Some(part), Some(query)) => query.push_str(part),
            _ => found.push(String::new()),
        }
    }
    let query = |text: &String| Some(text.rsplit('?').next()?.split(" HTTP/").next()?.to_owned());
    found.iter().filter(|text| text.contains('&')).filter_map(query).collect()
}

#[test]
fn wunderground_and_ambient() {
    let Some(text) = sample("wunderground/interceptor_comment_samples.txt") else { return };
    let queries = queries(&text);
    assert_eq!(queries.len(), 7);
    let read = |index: usize, format| {
        let message = Message { query: &queries[index], received: RECEIVED, ..Message::default() };
        assert_eq!(guess(&message), Some(format));
        decode(format, &message, &Context::default())
    };
    check(
        &read(0, Format::Wunderground),
        Some(1_451_941_355),
        &[
            ("", P::Temperature, 6.2778),
            ("", P::RelativeHumidity, 98.0),
            ("", P::DewPoint, 6.0),
            ("", P::WindDirection, 129.0),
            ("", P::WindSpeed, 0.0),
            ("", P::WindGust, 0.0),
            ("", P::RainTotal, 23.114),
            ("", P::Irradiance, 0.0),
            ("", P::UvIndex, 0.0),
            ("indoor", P::Temperature, 24.7222),
            ("indoor", P::RelativeHumidity, 49.0),
            ("", P::SeaLevelPressure, 983.7459),
        ],
        &[],
    );
    let metric = |[inside, outside, dew, wet_in, wet_out, direction, station, sea, rain, light]: [f64; 10]| {
        [
            ("indoor", P::Temperature, inside),
            ("", P::Temperature, outside),
            ("", P::DewPoint, dew),
            ("indoor", P::RelativeHumidity, wet_in),
            ("", P::RelativeHumidity, wet_out),
            ("", P::WindSpeed, 0.0),
            ("", P::WindGust, 0.0),
            ("", P::WindDirection, direction),
            ("", P::Pressure, station),
            ("", P::SeaLevelPressure, sea),
            ("", P::RainRate, 0.0),
            ("", P::RainTotal, rain),
            ("", P::Illuminance, light),
        ]
    };
    let first = metric([22.8, 1.4, 1.1, 36.0, 98.0, 193.0, 1009.5, 1033.4, 10.5, 1724.9]);
    check(&read(1, Format::Wunderground), Some(1_461_040_955), &first, &[]);
    let second = metric([23.2, 10.1, 2.0, 32.0, 57.0, 212.0, 1010.1, 1034.0, 10.5, 31_892.0]);
    check(&read(2, Format::Wunderground), Some(1_461_052_444), &second, &[]);
    check(
        &read(3, Format::Wunderground),
        Some(1_462_050_301),
        &[
            ("", P::Temperature, 6.3),
            ("", P::RelativeHumidity, 80.0),
            ("", P::DewPoint, 3.1),
            ("", P::WindDirection, 197.0),
            ("", P::WindSpeed, 0.0),
            ("", P::WindGust, 0.0),
            ("", P::RainRate, 0.0),
            ("", P::RainTotal, 0.0),
            ("", P::Illuminance, 0.0),
            ("indoor", P::Temperature, 19.8),
            ("indoor", P::RelativeHumidity, 46.0),
            ("", P::Pressure, 1018.3),
            ("", P::SeaLevelPressure, 1018.3),
        ],
        &[],
    );
    check(
        &read(4, Format::Wunderground),
        Some(1_462_847_655),
        &[
            ("", P::RainTotal, 0.0),
            ("indoor", P::Temperature, 19.0),
            ("indoor", P::RelativeHumidity, 47.0),
            ("", P::SeaLevelPressure, 1013.8848),
        ],
        // tempf, humidity, dewptf, winddir, windspeedmph, windgustmph, solarradiation and UV are -9999; windchillf is not kept anyway.
        &[(R::NoValue, 8)],
    );
    check(
        &read(5, Format::Ambient),
        Some(1_529_501_940),
        &[
            ("", P::WindDirection, 169.0),
            ("", P::WindSpeed, 0.8047),
            ("", P::WindGust, 0.9835),
            ("", P::Temperature, 20.6111),
            ("", P::RainTotal, 22.098),
            ("", P::SeaLevelPressure, 1012.1916),
            ("", P::Pressure, 998.3074),
            ("", P::RelativeHumidity, 61.0),
            ("indoor", P::Temperature, 23.0),
            ("indoor", P::RelativeHumidity, 51.0),
            ("", P::UvIndex, 3.0),
            ("", P::Irradiance, 299.23),
        ],
        &[],
    );
    check(
        &read(6, Format::Wunderground),
        Some(1_560_647_139),
        &[
            ("indoor", P::Temperature, 22.0),
            ("", P::Temperature, 12.8889),
            ("", P::DewPoint, 10.8889),
            ("indoor", P::RelativeHumidity, 64.0),
            ("", P::RelativeHumidity, 88.0),
            ("", P::WindSpeed, 0.8941),
            ("", P::WindGust, 0.9835),
            ("", P::WindDirection, 25.0),
            ("", P::Pressure, 1006.7395),
            ("", P::SeaLevelPressure, 1006.7395),
            ("", P::RainTotal, 2.3114),
            ("", P::Irradiance, 0.0),
            ("", P::UvIndex, 0.0),
            ("soil1", P::SoilMoisture, 52.0),
            ("", P::Pm2_5, 309.0),
        ],
        &[],
    );
}

#[test]
fn acurites_hub() {
    let Some(text) = sample("wunderground/tcpdump-test-1.txt") else { return };
    let requests = text.split("GET ").skip(1).filter_map(|request| request.split(" HTTP/1.1").next());
    let queries: Vec<String> = requests.filter_map(|request| Some(request.replace('\n', "").split_once('?')?.1.to_owned())).collect();
    assert_eq!(queries.len(), 4);
    let read = |index: usize| {
        let topic = "weatherstation/updateweatherstation";
        decode(
            Format::Wunderground,
            &Message { topic, query: &queries[index], received: RECEIVED, ..Message::default() },
            &Context::default(),
        )
    };
    let sea = ("", P::SeaLevelPressure, 991.8732);
    check(&read(0), None, &[("tower 00008384", P::RelativeHumidity, 30.0), ("tower 00008384", P::Temperature, 26.2778), sea], &[]);
    check(&read(1), None, &[("tower 00012694", P::RelativeHumidity, 46.0), ("tower 00012694", P::Temperature, 21.9444), sea], &[]);
    for index in [2, 3] {
        check(
            &read(index),
            None,
            &[
                ("", P::WindSpeed, 0.447),
                ("", P::WindDirection, 113.0),
                ("", P::RainTotal, 5.08),
                ("", P::RelativeHumidity, 37.0),
                ("", P::Temperature, 26.3333),
                ("", P::DewPoint, 10.0),
                sea,
            ],
            &[],
        );
        assert!(!format!("{:?}", read(index)).contains("24C86E"));
    }
}

#[test]
fn weewx() {
    let Some(text) = sample("weewx_mqtt/loop.jsonl") else { return };
    let message = message("weather/loop", text.trim());
    assert_eq!(guess(&message), Some(Format::Weewx));
    let report = decode(Format::Weewx, &message, &Context::default());
    check(
        &report,
        Some(1_492_467_300),
        &[
            ("leaf1", P::Temperature, 8.3333),
            ("", P::Pressure, 948.0463),
            ("", P::Precipitation, 0.0),
            ("", P::SeaLevelPressure, 1018.3546),
            ("", P::RainTotal, 172.0),
            ("", P::DewPoint, 2.0709),
            ("indoor", P::RelativeHumidity, 29.0),
            ("", P::WindGust, 2.6822),
            ("", P::WindSpeed, 1.0984),
            ("", P::RelativeHumidity, 90.0),
            ("", P::Temperature, 3.5556),
            ("indoor", P::Temperature, 26.8333),
            ("", P::RainRate, 0.0),
            ("", P::WindDirection, 283.5544),
            ("", P::UvIndex, 0.0),
            ("", P::Irradiance, 0.0),
        ],
        // inDewpoint has no unit (it is °F, among names in °C).
        &[(R::UnknownUnit, 1)],
    );
}

#[test]
fn rtl_433() {
    let Some(text) = sample("rtl_433/events.jsonl") else { return };
    let events: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(events.len(), 2);
    let own = |model: &str, id: &str| OwnSensor { model: model.into(), id: id.into() };
    let context =
        Context { zone: Some(Tz::Europe__Berlin), own: vec![own("Nexus-TH", "42"), own("Bresser-5in1", "176")], ..Context::default() };
    let read = |index: usize, context: &Context| decode(Format::Rtl433, &message("rtl_433/pi/events", events[index]), context);
    // 8:38:19 of a summer's day in Berlin is 6:38:19 UTC.
    check(
        &read(0, &context),
        Some(1_567_060_699),
        &[("Nexus-TH 42 ch2", P::Temperature, 20.5), ("Nexus-TH 42 ch2", P::RelativeHumidity, 83.0)],
        &[],
    );
    check(
        &read(1, &context),
        Some(1_690_065_640),
        &[
            ("Bresser-5in1 176", P::Temperature, 14.6),
            ("Bresser-5in1 176", P::RelativeHumidity, 91.0),
            ("Bresser-5in1 176", P::WindGust, 0.8),
            ("Bresser-5in1 176", P::WindSpeed, 1.1),
            ("Bresser-5in1 176", P::WindDirection, 180.0),
            ("Bresser-5in1 176", P::RainTotal, 20.0),
        ],
        &[],
    );
    check(
        &read(0, &Context { zone: None, ..context.clone() }),
        None,
        &[("Nexus-TH 42 ch2", P::Temperature, 20.5), ("Nexus-TH 42 ch2", P::RelativeHumidity, 83.0)],
        &[],
    );
    check(&read(1, &Context { own: vec![own("Nexus-TH", "42")], ..Context::default() }), None, &[], &[(R::NotOurs, 1)]);
}

#[test]
fn tasmota() {
    let Some(text) = sample("tasmota/tele_SENSOR.txt") else { return };
    let read = |index: usize| {
        let (topic, body) = text.lines().nth(index).and_then(|line| line.split_once(' ')).unwrap();
        decode(Format::Tasmota, &message(topic.trim_matches('-'), body), &Context::default())
    };
    check(
        &read(0),
        None,
        &[
            ("wemos1 BME280", P::Temperature, 21.4),
            ("wemos1 BME280", P::RelativeHumidity, 33.7),
            ("wemos1 BME280", P::Pressure, 1021.9),
            ("wemos1 BH1750", P::Illuminance, 0.0),
            ("wemos1 MHZ19B", P::CarbonDioxide, 424.0),
            ("wemos1 MHZ19B", P::Temperature, 19.0),
        ],
        &[],
    );
    check(
        &read(1),
        None,
        &[("sonoff6 BME280", P::Temperature, 16.6), ("sonoff6 BME280", P::RelativeHumidity, 63.9), ("sonoff6 BME280", P::Pressure, 1001.8)],
        &[],
    );
    check(
        &read(2),
        None,
        &[
            ("DS18B20", P::Temperature, 21.5),
            ("BME280", P::Temperature, 21.1),
            ("BME280", P::RelativeHumidity, 46.9),
            ("BME280", P::Pressure, 1014.4),
        ],
        &[(R::NoValue, 2)],
    );
    // The message says °F and mmHg, so that is what its numbers are; a pressure of 1350.8 hPa there is not.
    check(
        &read(3),
        None,
        &[("tasmota_BME280 BME280", P::Temperature, -3.8333), ("tasmota_BME280 BME280", P::RelativeHumidity, 65.5)],
        &[(R::OutOfRange, 1)],
    );
    let (topic, body) = text.lines().next().and_then(|line| line.split_once(' ')).unwrap();
    let local = decode(Format::Tasmota, &message(topic, body), &Context { zone: Some(Tz::Europe__Berlin), ..Context::default() });
    assert!(local.readings.iter().all(|reading| reading.time == Some(1_746_783_710_000_000)), "11:41:50 in summer is 9:41:50 UTC");
}

#[test]
fn zigbee2mqtt() {
    let Some(text) = sample("zigbee2mqtt/payloads.txt") else { return };
    let read = |index: usize| {
        let (topic, body) = text.lines().nth(index).and_then(|line| line.split_once(' ')).unwrap();
        decode(Format::Zigbee2Mqtt, &message(topic.trim_matches('-'), body), &Context::default())
    };
    check(&read(0), None, &[("FRIENDLY_NAME", P::Temperature, 27.34), ("FRIENDLY_NAME", P::RelativeHumidity, 44.72)], &[]);
    check(&read(1), None, &[], &[]);
    check(&read(2), Some(1_582_746_249), &[("", P::Temperature, 16.0)], &[]);
}

#[test]
fn esphome() {
    let Some(text) = sample("esphome/topics.txt") else { return };
    let topic = text.split_whitespace().find(|word| word.ends_with("bme280_temperature/state")).unwrap();
    let body = text.split("payload: ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    let learned = Learned { channel: Channel::new("livingroom bme280"), property: P::Temperature, unit: "Cel".into() };
    let context = Context { learned: [(topic.to_owned(), learned)].into(), ..Context::default() };
    assert_eq!(guess(&message(topic, body)), Some(Format::Esphome));
    check(&decode(Format::Esphome, &message(topic, body), &context), None, &[("livingroom bme280", P::Temperature, 23.4)], &[]);
}

#[test]
fn opensensemap() {
    let (Some(first), Some(second), Some(hackair)) =
        (sample("opensensemap/luftdaten.json"), sample("opensensemap/luftdaten_NRZ-2018-121.json"), sample("opensensemap/hackair.json"))
    else {
        return;
    };
    assert_eq!(guess(&message("", &first)), Some(Format::Luftdaten));
    assert_eq!(guess(&message("", &hackair)), Some(Format::Hackair));
    let read = |format, body: &str| decode(format, &message("", body), &Context::default());
    check(&read(Format::Luftdaten, &first), None, &[("SDS", P::Pm10, 5.38), ("SDS", P::Pm2_5, 4.98)], &[]);
    check(
        &read(Format::Luftdaten, &second),
        None,
        &[("SDS", P::Pm10, 1.87), ("SDS", P::Pm2_5, 1.05), ("BMP", P::Pressure, 1006.59), ("BMP", P::Temperature, 26.8)],
        &[],
    );
    let report = read(Format::Hackair, &hackair);
    check(&report, None, &[("", P::Pm2_5, 7.93), ("", P::Pm10, 32.63)], &[]);
    assert_eq!(report.noted(NoteKind::Quality).unwrap().detail, "the device reports error 4");
}

#[test]
fn sensorthings() {
    let Some(text) = sample("sensorthings/create_observations_dataarray.json") else { return };
    let slot = |channel: &str, property: P, unit: &str| Learned { channel: Channel::new(channel), property, unit: unit.into() };
    let sensors = [("1".to_owned(), slot("roof", P::Temperature, "Cel")), ("2".to_owned(), slot("roof", P::RelativeHumidity, "%"))];
    let report = decode(
        Format::SensorThings,
        &message("v1.1/CreateObservations", &text),
        &Context { sensors: sensors.into(), ..Context::default() },
    );
    let found: Vec<_> =
        report.readings.iter().map(|reading| (reading.property, reading.time.unwrap() / 1_000_000, reading.value)).collect();
    // 10:20 and 10:21 at UTC - 7 h.
    let (first, second) = (1_293_124_800, 1_293_124_860);
    let (t, rh) = (P::Temperature, P::RelativeHumidity);
    assert_eq!(found, [(t, first, 20.0), (t, second, 30.0), (rh, first, 65.0), (rh, second, 60.0)]);
    assert!(report.rejects.is_empty());
}

#[test]
fn senml() {
    let Some(text) = sample("senml/rfc8428.jsonl") else { return };
    let read = |index: usize| decode(Format::Senml, &message("", text.lines().nth(index).unwrap()), &Context::default());
    let now = Some(RECEIVED / 1_000_000);
    check(&read(0), now, &[("", P::Temperature, 23.1)], &[]);
    check(&read(1), now, &[("", P::Voltage, 120.1), ("", P::ElectricCurrent, 1.2)], &[]);
    let third = read(2);
    let found: Vec<_> = third.readings.iter().map(|reading| (reading.property, reading.time.unwrap() / 1_000_000, reading.value)).collect();
    let rh = P::RelativeHumidity;
    assert_eq!(found, [(rh, 1_320_067_464, 20.0), (rh, 1_320_067_524, 20.3), (rh, 1_320_067_584, 20.7), (rh, 1_320_067_644, 21.2)]);
    let rejects: Vec<_> = third.rejects.iter().map(|reject| (reject.reason, reject.count)).collect();
    assert_eq!(rejects, [(R::Private, 8), (R::UnknownUnit, 1)], "positions, and a battery's %EL");
    check(&read(3), now, &[("", P::Temperature, 7.1)], &[(R::UnknownColumn, 2)]);
}
