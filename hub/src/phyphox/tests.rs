use messwerk_lessons::template;

use super::*;

fn destination(mqtt: Option<&str>) -> Destination {
    Destination { origin: "http://192.168.1.5:8080".to_owned(), token: "AbCdEfGhIjKlMnOpQrStUv".to_owned(), mqtt: mqtt.map(str::to_owned) }
}

#[test]
fn a_file_is_offered_where_a_sensor_may_come_from_the_app() {
    for (name, offered) in [("pendulum", true), ("rest", true), ("spring", true), ("noise", false), ("standstill", false)] {
        let template = template::builtin(name).unwrap();
        assert_eq!(offers(template), offered, "{name}");
        assert_eq!(experiment(template, &destination(None)).is_some(), offered, "{name}");
    }
}

#[test]
fn a_file_sends_what_the_template_asks_for_and_nothing_about_the_phone() {
    for template in template::builtins().iter().filter(|template| offers(template)) {
        let file = experiment(template, &destination(None)).unwrap();
        let has = |part: &str| assert!(file.contains(part), "{}: no {part} in\n{file}", template.id);
        has("<phyphox version=\"1.12\" locale=\"en\">");
        has("address=\"http://192.168.1.5:8080/i/AbCdEfGhIjKlMnOpQrStUv\"");
        has("privacy=\"http://192.168.1.5:8080/privacy\"");
        has("<send id=\"clock\" type=\"time\"/>");
        has("<receive id=\"lists.mean\" append=\"false\" clear=\"true\">result_mean</receive>");
        for sensor in &template.sensors {
            has(&format!("<send id=\"{}_time\" type=\"buffer\" datatype=\"array\" keep=\"false\" clear=\"true\">", sensor.stream));
        }
        for identity in ["meta", "uniqueID", "device", "camera", "location", "audio"] {
            assert!(!file.contains(identity), "{}: {identity}", template.id);
        }
        // A tenth faster than is kept, and 100 Hz are enough.
        let rates: Vec<String> = template.sensors.iter().map(|sensor| format!("rate=\"{:.1}\"", 1.1 * sensor.max_hz.min(100.0))).collect();
        let mut asked = file.lines().filter(|line| line.contains("rate="));
        assert!(asked.all(|line| rates.iter().any(|rate| line.contains(rate))), "{file}");
    }
}

#[test]
fn by_mqtt_nothing_comes_back() {
    let template = template::builtin("pendulum").unwrap();
    let file = experiment(template, &destination(Some("192.168.1.5:1883"))).unwrap();
    for part in
        ["service=\"mqtt/json\"", "address=\"192.168.1.5:1883\"", "sendTopic=\"in/AbCdEfGhIjKlMnOpQrStUv/gyr\"", "conversion=\"none\""]
    {
        assert!(file.contains(part), "{part}: {file}");
    }
    assert!(!file.contains("receive") && !file.contains("result_") && !file.contains("http/post"), "{file}");
}

#[test]
fn what_waits_to_be_sent_fits_into_a_packet() {
    for template in template::builtins() {
        let plan = Plan::of(template);
        let numbers: usize = plan.streams.iter().map(|stream| plan.waiting(stream) * stream.columns().len()).sum();
        // 22 characters and a comma each, and the names.
        assert!(numbers * 23 + 4096 <= 64 * 1024, "{}: {numbers} numbers", template.id);
        assert!(plan.streams.iter().all(|stream| plan.waiting(stream) as f64 >= stream.rate * 2.0), "{}: two seconds", template.id);
    }
}
