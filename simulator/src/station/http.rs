//! Devices that post.

use serde_json::{Value, json};

use super::{Device, Message, Station, Truth, fahrenheit, truth};
use crate::climate::{Civil, Weather, civil};

/// Ids of a box's sensors: of openSenseMap 24 hexadecimal digits, of SensorThings a number.
const BOX: &str = "de0000000000000000000001";
const SENSORS: [(&str, &str, &str, &str); 3] = [
    ("de0000000000000000000011", "7", "temperature", "Cel"),
    ("de0000000000000000000012", "8", "relative_humidity", "%RH"),
    ("de0000000000000000000013", "9", "pressure", "hPa"),
];

/// What the hub has to know of a device's sensors.
pub(super) fn context(device: Device) -> Option<Value> {
    let table = |number: bool| {
        let entry = |(id, of, property, unit): &(&str, &str, &str, &str)| {
            ((if number { *of } else { *id }).to_owned(), json!({"channel": "", "property": property, "unit": unit}))
        };
        json!({"sensors": SENSORS.iter().map(entry).collect::<serde_json::Map<_, _>>()})
    };
    match device {
        Device::Opensensemap | Device::OpensensemapCsv | Device::SbxBytes | Device::SbxBytesTs => Some(table(false)),
        Device::Sensorthings => Some(table(true)),
        Device::Mapping => Some(json!({"mapping": {"comma": true, "time": {"path": "at", "kind": "seconds"}, "fields": [
            {"path": "outside.t", "channel": "", "property": "temperature", "unit": "Cel"},
            {"path": "outside.rh", "channel": "", "property": "relative_humidity", "unit": "%RH"},
        ]}})),
        _ => None,
    }
}

fn post(path: &str, content_type: &'static str, body: impl Into<Vec<u8>>) -> Message {
    Message::Http { method: "POST", path: path.to_owned(), authorization: "", content_type, body: body.into() }
}

fn with_key(path: String, authorization: &'static str, content_type: &'static str, body: impl Into<Vec<u8>>) -> Message {
    Message::Http { method: "POST", path, authorization, content_type, body: body.into() }
}

fn iso(now: &Weather) -> String {
    let Civil { year, month, day, hour, minute, second } = civil(now.time);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The fields that consoles of Fine Offset send, in imperial units, and what they are of.
fn console(station: &Station, now: &Weather) -> (String, Vec<Truth>) {
    let mph = |speed: f64| speed / 0.447_04;
    let inch = |mm: f64| mm / 25.4;
    let hg = |pressure: f64| pressure / 33.863_886;
    let fields = format!(
        "tempinf={:.1}&humidityin=45&baromrelin={:.3}&baromabsin={:.3}&tempf={:.1}&humidity={:.0}&winddir={:.0}&windspeedmph={:.2}&windgustmph={:.2}\
         &rainratein=0.000&dailyrainin={:.3}&yearlyrainin={:.3}&solarradiation={:.2}&uv=0",
        fahrenheit(21.0),
        hg(now.sea_level),
        hg(now.pressure),
        fahrenheit(now.temperature),
        now.humidity,
        now.direction,
        mph(now.wind),
        mph(now.gust),
        inch(station.today),
        inch(station.year),
        now.sun
    );
    let at = Some(now.time);
    let truths = vec![
        truth("", "temperature", now.temperature, 0.03, at),
        truth("", "relative_humidity", now.humidity, 0.51, at),
        truth("", "pressure", now.pressure, 0.02, at),
        truth("", "sea_level_pressure", now.sea_level, 0.02, at),
        truth("", "wind_speed", now.wind, 0.003, at),
        truth("", "wind_gust", now.gust, 0.003, at),
        truth("", "wind_direction", now.direction, 0.51, at),
        truth("", "rain_total", station.year, 0.013, at),
        truth("", "irradiance", now.sun, 0.006, at),
        truth("indoor", "temperature", 21.0, 0.03, at),
    ];
    (fields, truths)
}

/// `2026-1-4 21:2:35`, as old firmware does not fill up its numbers.
fn unpadded(now: &Weather, blank: &str) -> String {
    let Civil { year, month, day, hour, minute, second } = civil(now.time);
    format!("{year}-{month}-{day}{blank}{hour}:{minute}:{second}")
}

/// What a device that posts sends; `None` of one that publishes.
pub(super) fn messages(station: &Station, now: &Weather) -> Option<(Vec<Message>, Vec<Truth>)> {
    let at = Some(now.time);
    let air = |within: f64, at| {
        vec![
            truth("", "temperature", now.temperature, within, at),
            truth("", "relative_humidity", now.humidity, within, at),
            truth("", "pressure", now.pressure, within, at),
        ]
    };
    let values = [now.temperature, now.humidity, now.pressure];
    Some(match station.device {
        Device::Ecowitt => {
            let (fields, truths) = console(station, now);
            let body = format!(
                "PASSKEY=34271334ED1FADA6D8B988B14267E55D&stationtype=EasyWeatherV1.6&dateutc={}&{fields}&model=HP2551",
                unpadded(now, "+")
            );
            (vec![post("/s/{key}/data/report/", "application/x-www-form-urlencoded", body)], truths)
        }
        Device::Ambient => {
            let (fields, mut truths) = console(station, now);
            truths.retain(|truth| truth.property != "rain_total");
            let path =
                format!("/s/{{key}}/report?PASSKEY=00:11:22:33:44:55&stationtype=AMBWeatherV4.0.2&dateutc={}&{fields}", unpadded(now, "+"));
            (vec![Message::Http { method: "GET", path, authorization: "", content_type: "", body: vec![] }], truths)
        }
        Device::Wunderground => {
            // `now` is a time, too, and a station without an anemometer says -9999.
            let time = if station.sent.is_multiple_of(3) { "now".to_owned() } else { unpadded(now, "%20") };
            let path = format!(
                "/weatherstation/updateweatherstation.php?ID=DEMO&PASSWORD={{key}}&dateutc={time}&tempf={:.1}&humidity={:.0}&winddir=-9999\
                 &windspeedmph=-9999&baromin={:.3}&rainin=0.00&dailyrainin={:.3}&softwaretype=simulated&action=updateraw&realtime=1&rtfreq=5",
                fahrenheit(now.temperature),
                now.humidity,
                now.sea_level / 33.863_886,
                station.today / 25.4
            );
            let at = at.filter(|_| time != "now");
            let truths = vec![
                truth("", "temperature", now.temperature, 0.03, at),
                truth("", "relative_humidity", now.humidity, 0.51, at),
                truth("", "sea_level_pressure", now.sea_level, 0.02, at),
                truth("", "rain_total", station.today, 0.013, at),
            ];
            (vec![Message::Http { method: "GET", path, authorization: "", content_type: "", body: vec![] }], truths)
        }
        Device::Opensensemap => {
            let one = |((id, ..), value): (&(&str, &str, &str, &str), f64)| json!({"sensor": id, "value": format!("{value:.2}"), "createdAt": iso(now)});
            let list: Vec<_> = SENSORS.iter().zip(values).map(one).collect();
            let body = Value::from(list).to_string();
            (vec![with_key(format!("/boxes/{BOX}/data"), "{key}", "application/json", body)], air(0.006, at))
        }
        Device::OpensensemapCsv => {
            let rows: String = SENSORS.iter().zip(values).map(|((id, ..), value)| format!("{id},{value:.2},{}\n", iso(now))).collect();
            (vec![with_key(format!("/boxes/{BOX}/data"), "{key}", "text/csv", rows)], air(0.006, at))
        }
        Device::SbxBytes | Device::SbxBytesTs => {
            let timed = station.device == Device::SbxBytesTs;
            let mut body = vec![];
            for ((id, ..), value) in SENSORS.iter().zip(values) {
                let digits = (0..12).filter_map(|index| u8::from_str_radix(id.get(2 * index..2 * index + 2)?, 16).ok());
                body.extend(digits);
                body.extend((value as f32).to_le_bytes());
                if timed {
                    body.extend(((now.time / 1_000_000) as u32).to_le_bytes());
                }
            }
            let kind = if timed { "application/sbx-bytes-ts" } else { "application/sbx-bytes" };
            (vec![with_key(format!("/boxes/{BOX}/data"), "{key}", kind, body)], air(0.001, at.filter(|_| timed)))
        }
        Device::Luftdaten => {
            let text = |name: &str, value: String| json!({"value_type": name, "value": value});
            let body = json!({"software_version": "NRZ-2020-133", "esp8266id": "12345678", "sensordatavalues": [
                text("SDS_P1", "5.37".to_owned()), text("SDS_P2", "3.20".to_owned()),
                text("BME280_temperature", format!("{:.2}", now.temperature)), text("BME280_pressure", format!("{:.2}", now.pressure * 100.0)),
                text("BME280_humidity", format!("{:.2}", now.humidity)), text("signal", "-67".to_owned()),
            ]});
            let truths = vec![
                truth("SDS", "pm10", 5.37, 1e-6, None),
                truth("SDS", "pm2_5", 3.2, 1e-6, None),
                truth("BME280", "temperature", now.temperature, 0.006, None),
                truth("BME280", "pressure", now.pressure, 0.001, None),
                truth("BME280", "relative_humidity", now.humidity, 0.006, None),
            ];
            (vec![post("/s/{key}", "application/json", body.to_string())], truths)
        }
        Device::Hackair => {
            let body = json!({"reading": {"PM2.5_AirPollutantValue": "7.93", "PM10_AirPollutantValue": "32.63"}, "battery": "99", "tamper": "0", "error": "0"});
            let truths = vec![truth("", "pm2_5", 7.93, 1e-6, None), truth("", "pm10", 32.63, 1e-6, None)];
            (vec![post("/s/{key}", "application/json", body.to_string())], truths)
        }
        Device::Sensorthings => {
            let one = |((_, number, ..), value): (&(&str, &str, &str, &str), f64)| {
                let body = json!({"phenomenonTime": iso(now), "result": (value * 100.0).round() / 100.0});
                with_key(format!("/v1.1/Datastreams({number})/Observations"), "Bearer {key}", "application/json", body.to_string())
            };
            (SENSORS.iter().zip(values).map(one).collect(), air(0.006, at))
        }
        Device::Senml => {
            let seconds = now.time / 1_000_000;
            let body = json!([
                {"bn": "urn:dev:mac:0024befffe804ff1:", "bt": seconds, "n": "temperature", "u": "Cel", "v": (now.temperature * 100.0).round() / 100.0},
                {"n": "humidity", "u": "%RH", "t": 0, "v": (now.humidity * 100.0).round() / 100.0},
                {"n": "open", "vb": false},
            ]);
            let truths = air(0.006, at).into_iter().take(2).collect();
            (vec![post("/s/{key}", "application/senml+json", body.to_string())], truths)
        }
        Device::Mapping => {
            // Nothing to say of the second field every other time.
            let humidity = if station.sent.is_multiple_of(2) { "---".to_owned() } else { format!("{:.1}", now.humidity).replace('.', ",") };
            let comma = format!("{:.1}", now.temperature).replace('.', ",");
            let body = json!({"at": now.time / 1_000_000, "outside": {"t": comma, "rh": humidity}, "firmware": "3"});
            let mut truths = vec![truth("", "temperature", now.temperature, 0.051, at)];
            truths.extend((!station.sent.is_multiple_of(2)).then(|| truth("", "relative_humidity", now.humidity, 0.051, at)));
            (vec![post("/s/{key}", "application/json", body.to_string())], truths)
        }
        _ => return None,
    })
}
