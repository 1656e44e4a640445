//! Devices that publish.

use serde_json::{Value, json};

use super::{Device, Message, Station, Truth, fahrenheit, truth};
use crate::climate::{Civil, Weather, civil};

/// Topics a device publishes to, and what the hub has to know.
pub(super) fn settings(device: Device) -> Option<(Value, Value)> {
    Some(match device {
        Device::Weewx => (json!(["weather/#"]), json!({})),
        Device::Rtl433 => (json!(["rtl_433/#"]), json!({"zone": "UTC", "own": [{"model": "Nexus-TH", "id": "42"}]})),
        Device::Tasmota => (json!(["tele/roof/#"]), json!({"zone": "UTC"})),
        Device::Esphome => (json!(["roof/#", "homeassistant/#"]), json!({})),
        Device::Zigbee2mqtt => (json!(["zigbee2mqtt/#"]), json!({})),
        _ => return None,
    })
}

fn publish(topic: &str, payload: &Value) -> Message {
    Message::Mqtt { topic: topic.to_owned(), payload: payload.to_string(), retain: false }
}

/// A time as such devices write it: without a zone. The simulated ones keep UTC, as their settings say.
fn local(now: &Weather, between: char) -> String {
    let Civil { year, month, day, hour, minute, second } = civil(now.time);
    format!("{year:04}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}")
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// What a device that publishes sends; `first`: it has just been switched on.
pub(super) fn messages(station: &Station, now: &Weather, first: bool) -> (Vec<Message>, Vec<Truth>) {
    let at = Some(now.time);
    let (t, rh, hpa) = (tenth(now.temperature), now.humidity.round(), tenth(now.pressure));
    match station.device {
        Device::Weewx => {
            let text = |value: f64| value.to_string();
            let body = json!({
                "dateTime": format!("{}.0", now.time / 1_000_000), "usUnits": "16.0", "outTemp_C": text(now.temperature),
                "outHumidity": text(now.humidity), "barometer_mbar": text(now.sea_level), "pressure_mbar": text(now.pressure),
                "windSpeed_kph": text(now.wind * 3.6), "windDir": text(now.direction), "radiation_Wpm2": text(now.sun),
                "dayRain_cm": text(station.today / 10.0), "inDewpoint": "45.1", "txBatteryStatus": "0.0"
            });
            let truths = vec![
                truth("", "temperature", now.temperature, 1e-4, at),
                truth("", "relative_humidity", now.humidity, 1e-4, at),
                truth("", "sea_level_pressure", now.sea_level, 1e-4, at),
                truth("", "pressure", now.pressure, 1e-4, at),
                truth("", "wind_speed", now.wind, 1e-4, at),
                truth("", "wind_direction", now.direction, 1e-4, at),
                truth("", "irradiance", now.sun, 1e-3, at),
            ];
            (vec![publish("weather/loop", &body)], truths)
        }
        Device::Rtl433 => {
            let event = |id: u32, t: f64, rh: f64| json!({"time": local(now, ' '), "model": "Nexus-TH", "id": id, "channel": 2, "battery_ok": 1, "temperature_C": t, "humidity": rh});
            let own = publish("rtl_433/pi/events", &event(42, t, rh));
            let neighbour = publish("rtl_433/pi/events", &event(77, 99.0, 1.0));
            let truths = vec![
                truth("Nexus-TH 42 ch2", "temperature", now.temperature, 0.051, at),
                truth("Nexus-TH 42 ch2", "relative_humidity", now.humidity, 0.51, at),
            ];
            // A sensor sends everything several times, and the receiver hears it as often.
            (vec![own.clone(), neighbour, own], truths)
        }
        Device::Tasmota => {
            let body = json!({"Time": local(now, 'T'), "BME280": {"Temperature": tenth(fahrenheit(now.temperature)), "Humidity": rh, "Pressure": hpa},
                "DS18B20": {"Temperature": null}, "PressureUnit": "hPa", "TempUnit": "F"});
            let truths = vec![
                truth("roof BME280", "temperature", now.temperature, 0.03, at),
                truth("roof BME280", "relative_humidity", now.humidity, 0.51, at),
                truth("roof BME280", "pressure", now.pressure, 0.051, at),
            ];
            let mut messages = vec![publish("tele/roof/SENSOR", &body)];
            if first {
                messages.insert(0, Message::Mqtt { topic: "tele/roof/LWT".to_owned(), payload: "Online".to_owned(), retain: true });
            }
            (messages, truths)
        }
        Device::Esphome => {
            let objects = [
                ("bme280_temperature", "temperature", "°C", t),
                ("bme280_humidity", "humidity", "%", rh),
                ("bme280_pressure", "pressure", "hPa", hpa),
            ];
            let mut messages = vec![];
            if first {
                for (object, class, unit, _) in objects {
                    let body = json!({"dev_cla": class, "unit_of_meas": unit, "stat_cla": "measurement", "name": object,
                        "stat_t": format!("roof/sensor/{object}/state"), "uniq_id": format!("ESPsensor{object}"), "dev": {"ids": "a0b1c2d3e4f5", "name": "roof"}});
                    let topic = format!("homeassistant/sensor/roof/{object}/config");
                    messages.push(Message::Mqtt { topic, payload: body.to_string(), retain: true });
                }
            }
            let state = |(object, _, _, value): (&str, &str, &str, f64)| Message::Mqtt {
                topic: format!("roof/sensor/{object}/state"),
                payload: value.to_string(),
                retain: false,
            };
            messages.extend(objects.map(state));
            let truths = vec![
                truth("roof bme280", "temperature", now.temperature, 0.051, None),
                truth("roof bme280", "relative_humidity", now.humidity, 0.51, None),
                truth("roof bme280", "pressure", now.pressure, 0.051, None),
            ];
            (messages, truths)
        }
        _ => {
            let seen = |rh: Value| json!({"temperature": t, "humidity": rh, "pressure": hpa, "linkquality": 97, "battery": "87", "voltage": 2985, "last_seen": format!("{}Z", local(now, 'T'))});
            // First what has changed, with the old of the rest; then the whole again.
            let truths = vec![
                truth("garden/shed", "temperature", now.temperature, 0.051, at),
                truth("garden/shed", "relative_humidity", now.humidity, 0.51, at),
                truth("garden/shed", "pressure", now.pressure, 0.051, at),
            ];
            (vec![publish("zigbee2mqtt/garden/shed", &seen(Value::Null)), publish("zigbee2mqtt/garden/shed", &seen(json!(rh)))], truths)
        }
    }
}
