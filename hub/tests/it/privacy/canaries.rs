//! A lesson with names, addresses and devices planted wherever a phone could carry them: none of it is stored.

use std::collections::BTreeSet;
use std::path::PathBuf;

use messwerk_lessons::quantity::ObservedProperty;
use messwerk_store::{Clock, SystemClock};
use reqwest::Method;
use serde_json::{Value, json};

use super::holding;
use crate::harness::TestHub;

/// What a phone's requests are full of.
const PLANTED: [&str; 9] = [
    "Planted-Agent",
    "203.0.113.77",
    "198.51.100.78",
    "planted-device",
    "planted-session",
    "planted-message",
    "planted-ssid",
    "planted-name",
    "planted-referer",
];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_names_a_person_or_a_device_is_stored() {
    let hub = TestHub::start().await;
    let lesson = hub.create("rest").await;
    let phone = |request: reqwest::RequestBuilder| {
        request
            .header("user-agent", "Planted-Agent/1.0 (Pixel)")
            .header("x-forwarded-for", "203.0.113.77")
            .header("forwarded", "for=198.51.100.78;proto=http")
            .header("x-device-id", "planted-device")
            .header("referer", "http://planted-referer.example/")
    };
    let join = |body: Value| phone(hub.request(Method::POST, "/api/v1/join", None)).json(&body).send();
    // Nobody is asked for a name; whoever sends one all the same gets a generated one.
    let joined = join(json!({"code": lesson["code"], "name": "planted-name", "lang": "planted-name"})).await.unwrap();
    assert_eq!((joined.status().as_u16(), joined.headers().get("set-cookie")), (201, None), "no cookie");
    let joined: Value = joined.json().await.unwrap();
    let token = joined["token"].as_str().unwrap();
    // A Sensor Logger message with all its identifiers, a position and the name of the network.
    let now = SystemClock.now() * 1_000;
    let body = json!({
        "messageId": "planted-message", "sessionId": "planted-session", "deviceId": "planted-device",
        "payload": [
            {"name": "gravity", "time": now, "values": {"x": 0.0, "y": 0.0, "z": 9.8}},
            {"name": "barometer", "time": now, "values": {"pressure": 1013.25, "relativeAltitude": 0.5}},
            {"name": "location", "time": now, "values": {"latitude": 51.987_654_321, "longitude": 7.623_456_789}},
            {"name": "network", "time": now, "values": {"ssid": "planted-ssid"}},
        ],
    });
    let sent = phone(hub.client.post(hub.url(&format!("/i/{token}")))).json(&body).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    assert!(sent.json::<Value>().await.unwrap()["stored"].as_i64().unwrap() > 0);
    let check = |when: &str| {
        for planted in PLANTED {
            assert_eq!(holding(hub.path(), planted.as_bytes()), Vec::<PathBuf>::new(), "{planted} {when}");
        }
        for position in [51.987_654_321_f64, 7.623_456_789] {
            let text = format!("{position:.4}");
            for bytes in [text.as_bytes(), &position.to_le_bytes(), &(position as f32).to_le_bytes()] {
                assert_eq!(holding(hub.path(), bytes), Vec::<PathBuf>::new(), "a position {when}");
            }
        }
    };
    check("while it is hot");
    hub.end(lesson["id"].as_str().unwrap()).await;
    check("when it is sealed");
    let export = hub.get(&format!("/api/v1/lessons/{}/observations?format=csv", lesson["id"].as_str().unwrap())).await;
    assert!(!export.contains("51.98") && !export.contains("7.62"), "nor exported");
    hub.stop().await;
}

#[test]
fn there_is_no_way_to_send_sound_or_a_coordinate() {
    // The closed list of what can be observed: a level is one number, and of places only the way from where it began.
    let names: BTreeSet<&str> = ObservedProperty::all().map(ObservedProperty::name).collect();
    let known = BTreeSet::from([
        "acceleration",
        "angular_velocity",
        "displacement",
        "electric_current",
        "frequency",
        "illuminance",
        "linear_acceleration",
        "magnetic_flux_density",
        "orientation",
        "pressure",
        "relative_humidity",
        "sound_level",
        "temperature",
        // How long, not what.
        "time_interval",
        "voltage",
        // Of the air and the sky, as weather stations tell it.
        "wind_speed",
        "wind_gust",
        "wind_direction",
        "precipitation",
        "rain_total",
        "rain_rate",
        "irradiance",
        "sunshine",
        "uv_index",
        "sea_level_pressure",
        "dew_point",
        "pm10",
        "pm2_5",
        "carbon_dioxide",
        "soil_moisture",
        "cloud_cover",
        "visibility",
    ]);
    assert_eq!(names, known, "a new property: may it be a person's voice, or where somebody is?");
    assert_eq!((ObservedProperty::SoundLevel.components(), ObservedProperty::SoundLevel.unit()), (1, "dB"));
    assert!(ObservedProperty::Displacement.is_location() && ObservedProperty::Displacement.unit() == "m");
}

/// Ten seconds of a scalar at a rate: how many readings are stored.
async fn stored(hub: &TestHub, template: &str, stream: &str, hz: u32) -> i64 {
    let class = hub.class(template).await;
    let mut stored = 0;
    for part in 0..10 {
        let times: Vec<f64> = (0..hz).map(|row| f64::from(part) + f64::from(row) / f64::from(hz)).collect();
        let values: Vec<f64> = (0..hz).map(|row| -40.0 + f64::from(row % 7)).collect();
        let body = json!({format!("{stream}_time"): times, (stream): values});
        let (status, answer) = hub.post(&class.token, &body.to_string()).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["stored"].as_i64().unwrap() + answer["thinned"].as_i64().unwrap_or(0), i64::from(hz), "{answer}");
        stored += answer["stored"].as_i64().unwrap();
    }
    stored
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_is_never_fast_enough_to_be_speech() {
    let hub = TestHub::start().await;
    for (template, most, why) in [("noise", 10, "as the template says"), ("pendulum", 200, "whatever the template is")] {
        let stored = stored(&hub, template, "sound", 1_000).await;
        // One reading may be ahead.
        assert!(stored <= i64::from(most) * 10 * 6 / 5 && stored >= i64::from(most) * 8, "{template}, {why}: {stored} in 10 s");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn phyphox_is_asked_for_nothing_about_the_device() {
    let hub = TestHub::start().await;
    let mut files = 0;
    for template in messwerk_lessons::template::builtins() {
        let class = hub.class(&template.id).await;
        let answer = hub.request(Method::GET, &format!("/p/{}.phyphox", class.token), None).send().await.unwrap();
        // Not every template is for the app.
        if answer.status() != 200 {
            continue;
        }
        files += 1;
        let file = answer.text().await.unwrap();
        for wanted in [
            "uniqueID",
            "deviceModel",
            "deviceBrand",
            "deviceBoard",
            "deviceManufacturer",
            "type=\"meta\"",
            "<camera",
            "<location",
            "<audio",
        ] {
            assert!(!file.contains(wanted), "{}: {wanted}", template.id);
        }
        let (_, privacy) = file.split_once("privacy=\"").unwrap();
        let privacy = privacy.split('"').next().unwrap();
        assert_eq!(privacy, hub.url("/privacy"), "{}", template.id);
    }
    assert!(files >= 3, "{files} files");
    hub.stop().await;
}
