//! ESPHome, Tasmota, Zigbee2MQTT, WeeWX, rtl_433.

use chrono_tz::Tz;

use super::*;

fn decode(format: Format, topic: &str, body: &str, context: &Context) -> Report {
    super::decode(format, &Message { topic, body: body.as_bytes(), received: RECEIVED, ..Message::default() }, context)
}

fn berlin() -> Context {
    Context { zone: Some(Tz::Europe__Berlin), ..Context::default() }
}

/// 2026-01-03 11:43:20 in Berlin.
const TOLD: Option<Micros> = Some(RECEIVED - 13_000_000);

#[test]
fn esphome_learns_what_a_topic_is() {
    let mut context = Context::default();
    let state = "livingroom/sensor/bme280_temperature/state";
    check(&decode(Format::Esphome, state, "68", &context), None, &[], &[(R::UnknownUnit, 1)]);
    let discovery = r#"{"dev_cla":"temperature","unit_of_meas":"°F","stat_cla":"measurement","name":"BME280 Temperature",
        "stat_t":"livingroom/sensor/bme280_temperature/state","uniq_id":"ESPsensorbme280","dev":{"ids":"a0b1c2d3e4f5","name":"livingroom"}}"#;
    let config = "homeassistant/sensor/livingroom/bme280_temperature/config";
    let report = decode(Format::Esphome, config, discovery, &context);
    let (topic, learned) = report.learned.clone().unwrap();
    assert_eq!(
        (topic.as_str(), learned.channel.as_str(), learned.property, learned.unit.as_str()),
        (state, "livingroom bme280", P::Temperature, "[degF]")
    );
    assert_eq!(note(&report, NoteKind::Learned), Some((1, "bme280_temperature: temperature in [degF]")));
    context.learned.insert(topic, learned);
    let report = decode(Format::Esphome, state, "68", &context);
    check(&report, None, &[("livingroom bme280", P::Temperature, 20.0)], &[]);
    check(&decode(Format::Esphome, state, "nan", &context), None, &[], &[(R::NoValue, 1)]);
    check(&decode(Format::Esphome, state, "warm", &context), None, &[], &[(R::NotFinite, 1)]);
    // Somebody changes the unit in the node's configuration.
    let changed = decode(Format::Esphome, config, &discovery.replace("°F", "°C"), &context);
    assert_eq!(note(&changed, NoteKind::UnitChanged), Some((1, "bme280_temperature: Cel and no longer [degF]")));
    context.learned.extend(changed.learned);
    check(&decode(Format::Esphome, state, "20", &context), None, &[("livingroom bme280", P::Temperature, 20.0)], &[]);
}

#[test]
fn esphome_objects_by_class_or_by_name() {
    let learned = |object: &str, rest: &str| {
        let body = format!(r#"{{"~":"weather/node","state_topic":"~/sensor/{object}/state","name":"x",{rest}}}"#);
        let report = decode(Format::Esphome, &format!("homeassistant/sensor/node/{object}/config"), &body, &Context::default());
        report.learned.map(|(topic, learned)| (topic, learned.channel.as_str().to_owned(), learned.property, learned.unit))
    };
    let expected = |object: &str, channel: &str, property: P, unit: &str| {
        Some((format!("weather/node/sensor/{object}/state"), channel.to_owned(), property, unit.to_owned()))
    };
    assert_eq!(
        learned("pressure", r#""device_class":"pressure","unit_of_measurement":"hPa""#),
        expected("pressure", "node", P::Pressure, "hPa")
    );
    assert_eq!(
        learned("dew_point", r#""device_class":"temperature","unit_of_measurement":"°C""#),
        expected("dew_point", "node dew_point", P::DewPoint, "Cel")
    );
    assert_eq!(
        learned("wind_gust", r#""device_class":"wind_speed","unit_of_measurement":"km/h""#),
        expected("wind_gust", "node gust", P::WindGust, "km/h")
    );
    assert_eq!(learned("uv_index", r#""unit_of_measurement":"UV index""#), expected("uv_index", "node uv_index", P::UvIndex, "1"));
    assert_eq!(
        learned("pm_2_5", r#""device_class":"pm25","unit_of_measurement":"µg/m³""#),
        expected("pm_2_5", "node pm_2_5", P::Pm2_5, "ug/m3")
    );
    for (object, rest) in [
        ("wifi_signal", r#""device_class":"signal_strength","unit_of_measurement":"dBm""#),
        ("uptime", r#""device_class":"duration","unit_of_measurement":"s""#),
        ("temperature", r#""device_class":"temperature","unit_of_measurement":"hPa""#),
        ("state", r#""device_class":"temperature""#),
    ] {
        assert_eq!(learned(object, rest), None, "{object}");
    }
    let online = decode(Format::Esphome, "livingroom/status", "offline", &Context::default());
    assert_eq!((online.online, online.rejects.count()), (Some(false), 0));
    for (topic, body) in
        [("livingroom/debug", "[D] x"), ("livingroom/binary_sensor/door/state", "ON"), ("homeassistant/sensor/a/b/config", "")]
    {
        let report = decode(Format::Esphome, topic, body, &Context::default());
        assert_eq!((report.rejects.count(), report.readings.len()), (0, 0), "{topic}");
    }
}

#[test]
fn tasmota_is_of_its_arrival_unless_a_zone_is_set() {
    let body = r#"{"Time":"2026-01-03T11:43:20","DS18B20-1":{"Id":"01131B123456","Temperature":21.5},"SI7021":{"Temperature":null,"Humidity":40.5},
        "BME280":{"Temperature":70.7,"Humidity":46.9,"DewPoint":50.0,"Pressure":750.0,"SeaPressure":760.0},"MHZ19B":{"Model":"B","CarbonDioxide":424},
        "BH1750":{"Illuminance":12},"ENERGY":{"Total":1.2,"Voltage":230,"Current":0.5},"VEML6075":{"UvIndex":3.1},"TempUnit":"F","PressureUnit":"mmHg"}"#;
    let expected = [
        ("wemos1 DS18B20-1", P::Temperature, (21.5 - 32.0) / 1.8),
        ("wemos1 SI7021", P::RelativeHumidity, 40.5),
        ("wemos1 BME280", P::Temperature, 21.5),
        ("wemos1 BME280", P::RelativeHumidity, 46.9),
        ("wemos1 BME280", P::DewPoint, 10.0),
        ("wemos1 BME280", P::Pressure, 999.917_905_612_5),
        ("wemos1 BME280", P::SeaLevelPressure, 1_013.250_144_354),
        ("wemos1 MHZ19B", P::CarbonDioxide, 424.0),
        ("wemos1 BH1750", P::Illuminance, 12.0),
        ("wemos1 ENERGY", P::Voltage, 230.0),
        ("wemos1 ENERGY", P::ElectricCurrent, 0.5),
        ("wemos1 VEML6075", P::UvIndex, 3.1),
    ];
    let report = decode(Format::Tasmota, "tele/wemos1/SENSOR", body, &Context::default());
    check(&report, None, &expected, &[(R::NoValue, 1)]);
    assert_eq!(report.dropped, 1, "the probe's id");
    let local = decode(Format::Tasmota, "wemos1/tele/SENSOR", body, &berlin());
    check(&local, TOLD, &expected, &[(R::NoValue, 1)]);
    assert_eq!(note(&local, NoteKind::LocalTime), Some((1, "Europe/Berlin")));
    let status = decode(
        Format::Tasmota,
        "stat/wemos1/STATUS10",
        r#"{"StatusSNS":{"Time":"2026-01-03T11:43:20","BH1750":{"Illuminance":12}}}"#,
        &berlin(),
    );
    check(&status, TOLD, &[("wemos1 BH1750", P::Illuminance, 12.0)], &[]);
    assert_eq!(decode(Format::Tasmota, "tele/wemos1/LWT", "Offline", &berlin()).online, Some(false));
    let unit = decode(Format::Tasmota, "tele/a/SENSOR", r#"{"B":{"Temperature":1,"Newness":3},"TempUnit":"R"}"#, &berlin());
    check(&unit, None, &[], &[(R::UnknownUnit, 1), (R::UnknownColumn, 1)]);
}

#[test]
fn an_hour_that_comes_twice_is_told() {
    // 2025-10-26 02:30 in Berlin is 0:30 and 1:30 UTC; it arrives at 1:30:05 UTC.
    let received = time::with_offset("2025-10-26T01:30:05Z").unwrap();
    let message = Message {
        topic: "tele/a/SENSOR",
        body: br#"{"Time":"2025-10-26T02:30:00","B":{"Temperature":1}}"#,
        received,
        ..Message::default()
    };
    let report = super::decode(Format::Tasmota, &message, &berlin());
    assert_eq!(report.readings[0].time, time::with_offset("2025-10-26T01:30:00Z"));
    assert!(note(&report, NoteKind::ClockChange).unwrap().1.contains("twice"));
}

#[test]
fn zigbee2mqtt_names_may_have_levels() {
    let body = r#"{"temperature":27.34,"humidity":"44.72","pressure":1013.2,"illuminance":14000,"illuminance_lux":25,"battery":"100.00","voltage":3045,
        "linkquality":99,"water_leak":false,"co2":612,"soil_moisture":31,"update":{"state":"idle"},"hat":7}"#;
    let expected = [
        ("attic/window", P::Temperature, 27.34),
        ("attic/window", P::RelativeHumidity, 44.72),
        ("attic/window", P::Pressure, 1013.2),
        ("attic/window", P::Illuminance, 25.0),
        ("attic/window", P::CarbonDioxide, 612.0),
        ("attic/window", P::SoilMoisture, 31.0),
    ];
    check(&decode(Format::Zigbee2Mqtt, "zigbee2mqtt/attic/window", body, &Context::default()), None, &expected, &[(R::UnknownColumn, 1)]);
    let seen = |seen: &str| {
        decode(Format::Zigbee2Mqtt, "zigbee2mqtt/a", &format!(r#"{{"temperature":1,"last_seen":{seen}}}"#), &Context::default())
    };
    let one = [("a", P::Temperature, 1.0)];
    check(&seen(r#""2026-01-03T11:43:20+01:00""#), TOLD, &one, &[]);
    check(&seen("1767437000000"), TOLD, &one, &[]);
    check(&seen("null"), None, &one, &[]);
    for body in ["offline", r#"{"state":"offline"}"#] {
        let report = decode(Format::Zigbee2Mqtt, "zigbee2mqtt/attic/window/availability", body, &Context::default());
        assert_eq!((report.online, report.channel), (Some(false), Some(Channel::new("attic/window"))));
    }
    check(&decode(Format::Zigbee2Mqtt, "zigbee2mqtt/bridge/state", r#"{"state":"online"}"#, &Context::default()), None, &[], &[]);
}

#[test]
fn weewx_has_units_in_its_names() {
    let body = r#"{"outTemp_C":"3.5","outTemp":"38.3","barometer_mbar":"1018.25","pressure_mbar":"948.0","windSpeed_kph":"3.6","windGust_mph":"10","rain_cm":"0.02",
        "yearRain_cm":"17.2","dayRain_cm":"0.5","rainRate_cm_per_hour":"0.1","outHumidity":"90.0","windDir":"283.5","UV":"1.5","radiation_Wpm2":"100.0","inTemp_C":"21.0",
        "inDewpoint":"45.1","extraTemp2_C":"7.0","soilTemp1_F":"50.0","usUnits":"16.0","dateTime":"1767437000.0","maxSolarRad_Wpm2":"200","windrun_km":"1","hat_C":"1"}"#;
    let expected = [
        ("", P::Temperature, 3.5),
        ("", P::SeaLevelPressure, 1018.25),
        ("", P::Pressure, 948.0),
        ("", P::WindSpeed, 1.0),
        ("", P::WindGust, 4.4704),
        ("", P::Precipitation, 0.2),
        ("", P::RainTotal, 172.0),
        ("", P::RainRate, 1.0),
        ("", P::RelativeHumidity, 90.0),
        ("", P::WindDirection, 283.5),
        ("", P::UvIndex, 1.5),
        ("", P::Irradiance, 100.0),
        ("indoor", P::Temperature, 21.0),
        ("2", P::Temperature, 7.0),
        ("soil1", P::Temperature, 10.0),
    ];
    let report = decode(Format::Weewx, "weather/loop", body, &Context::default());
    // outTemp and inDewpoint come without a unit among names that carry theirs.
    check(&report, TOLD, &expected, &[(R::UnknownUnit, 2), (R::UnknownColumn, 1)]);
    let bare = |system: u8| {
        let body =
            format!(r#"{{"outTemp":"50","windSpeed":"36","rain":"1","barometer":"30","usUnits":"{system}","dateTime":"1767437000"}}"#);
        decode(Format::Weewx, "weather/loop", &body, &Context::default())
            .readings
            .iter()
            .map(|reading| (reading.value * 1e6).round() / 1e6)
            .collect::<Vec<_>>()
    };
    assert_eq!(bare(1), [10.0, 16.09344, 25.4, 1015.916592]);
    // 30 hPa is no pressure of the air.
    assert_eq!(bare(16), [50.0, 10.0, 10.0]);
    assert_eq!(bare(17), [50.0, 36.0, 1.0]);
    assert_eq!(bare(5), Vec::<f64>::new());
    check(&decode(Format::Weewx, "weather/outTemp_F", "50.0", &Context::default()), None, &[("", P::Temperature, 10.0)], &[]);
    check(&decode(Format::Weewx, "weather/outTemp", "50.0", &Context::default()), None, &[], &[(R::UnknownUnit, 1)]);
    check(
        &decode(Format::Weewx, "weather/loop", r#"{"outTemp_C":"1","dateTime":"now"}"#, &Context::default()),
        None,
        &[],
        &[(R::TimeOutOfRange, 1)],
    );
}

#[test]
fn rtl_433_hears_the_neighbours() {
    let event =
        r#"{"time":"2026-01-03 11:43:20","model":"Nexus-TH","id":42,"channel":2,"battery_ok":1,"temperature_C":20.5,"humidity":83}"#;
    let foreign = decode(Format::Rtl433, "rtl_433/pi/events", event, &Context::default());
    check(&foreign, None, &[], &[(R::NotOurs, 1)]);
    let detail = &foreign.rejects.iter().next().unwrap().detail;
    assert_eq!(detail, "Nexus-TH 42 ch2 (temperature_C, humidity) is none of the station's own sensors");
    let own = |model: &str, id: &str| OwnSensor { model: model.into(), id: id.into() };
    let mut context = Context { own: vec![own("Nexus-TH", "42"), own("Bresser-5in1", "176")], ..Context::default() };
    let expected = [("Nexus-TH 42 ch2", P::Temperature, 20.5), ("Nexus-TH 42 ch2", P::RelativeHumidity, 83.0)];
    check(&decode(Format::Rtl433, "rtl_433/pi/events", event, &context), None, &expected, &[]);
    for stamp in ["2026-01-03T11:43:20+0100", "2026-01-03T10:43:20Z", "1767437000.000"] {
        check(&decode(Format::Rtl433, "", &event.replace("2026-01-03 11:43:20", stamp), &context), TOLD, &expected, &[]);
    }
    let bresser = r#"{"time":"2026-01-03 11:43:20","model":"Bresser-5in1","id":176,"temperature_F":50,"wind_max_km_h":7.2,"wind_avg_m_s":1.1,"wind_dir_deg":180.0,
        "rain_mm":20.0,"uv":3,"light_klx":1.5,"mic":"CHECKSUM","mystery":1}"#;
    context.zone = Some(Tz::Europe__Berlin);
    let expected = [
        ("Bresser-5in1 176", P::Temperature, 10.0),
        ("Bresser-5in1 176", P::WindGust, 2.0),
        ("Bresser-5in1 176", P::WindSpeed, 1.1),
        ("Bresser-5in1 176", P::WindDirection, 180.0),
        ("Bresser-5in1 176", P::RainTotal, 20.0),
        ("Bresser-5in1 176", P::Illuminance, 1500.0),
    ];
    check(&decode(Format::Rtl433, "rtl_433/pi/events", bresser, &context), TOLD, &expected, &[(R::UnknownColumn, 1)]);
    let single = |topic: &str, body: &str| decode(Format::Rtl433, topic, body, &context);
    check(&single("rtl_433/pi/devices/Nexus-TH/2/42/temperature_C", "20.5"), None, &[("Nexus-TH 42 ch2", P::Temperature, 20.5)], &[]);
    check(&single("rtl_433/pi/devices/Bresser-5in1/176/rain_mm", "20.0"), None, &[("Bresser-5in1 176", P::RainTotal, 20.0)], &[]);
    check(&single("rtl_433/pi/devices/Bresser-5in1/176/time", "2026-01-03 11:43:20"), None, &[], &[]);
    check(&single("rtl_433/pi/devices/Acurite/9/temperature_C", "20.5"), None, &[], &[(R::NotOurs, 1)]);
    check(&single("rtl_433/pi/events", "hello"), None, &[], &[(R::Undecodable, 1)]);
}
