//! Series, roses, comparisons and SensorThings over stations that send as devices do.

use std::fmt::Write as _;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestHub;

/// Makes a station of SenML; its id and key.
async fn station(hub: &TestHub, settings: Value) -> (String, String) {
    let mut whole = json!({"format": "senml", "time_zone": "Europe/Berlin"});
    whole.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    let answer = hub.request(Method::POST, "/api/v1/stations", Some(&hub.teacher)).json(&whole).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let made: Value = answer.json().await.unwrap();
    (made["id"].as_str().unwrap().to_owned(), made["key"].as_str().unwrap().to_owned())
}

/// Sends records `(name, unit, seconds since 1970, value)` as one SenML pack.
async fn send(hub: &TestHub, key: &str, records: &[(&str, &str, i64, f64)]) {
    let mut pack = String::from("[");
    for (place, (name, unit, at, value)) in records.iter().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        write!(pack, r#"{comma}{{"n":"{name}","u":"{unit}","t":{at},"v":{value}}}"#).unwrap();
    }
    let answer = hub.request(Method::POST, &format!("/s/{key}"), None).header("content-type", "application/senml+json").body(pack + "]");
    let answer = answer.send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 200, "{text}");
}

async fn get(hub: &TestHub, path: &str) -> (u16, Value) {
    let answer = hub.request(Method::GET, path, None).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// 2026-03-29T00:00:00 in Berlin; the clocks go on at 2:00.
const MIDNIGHT: i64 = 1_774_738_800;

#[tokio::test(flavor = "multi_thread")]
async fn a_series_is_summed_up_by_the_stations_own_days_and_gaps_are_gaps() {
    let hub = TestHub::start().await;
    let (id, key) = station(&hub, json!({"name": "Roof"})).await;
    let hours: Vec<_> = (-24..47)
        .filter(|hour| !(0..3).contains(hour))
        .map(|hour| ("temperature", "Cel", MIDNIGHT + 3600 * hour, hour as f64 / 2.0))
        .collect();
    send(&hub, &key, &hours).await;
    let path = format!("/api/v1/stations/{id}/series?property=temperature");
    let (status, days) = get(&hub, &format!("{path}&by=day&from=2026-03-28&to=2026-03-31")).await;
    assert_eq!(status, 200, "{days}");
    let micros = |seconds: i64| json!(seconds * 1_000_000);
    // The 28th has 24 hours, the 29th 23, of which 3 are missing, and the 30th again 24.
    let day = 86_400;
    assert_eq!(days["begin"], json!([micros(MIDNIGHT - day), micros(MIDNIGHT), micros(MIDNIGHT + day - 3600)]));
    assert_eq!(days["offset"], json!([3600, 3600, 7200]));
    assert_eq!(days["count"], json!([24, 20, 24]));
    assert_eq!((&days["min"][0], &days["max"][0], &days["mean"][0]), (&json!(-12.0), &json!(-0.5), &json!(-6.25)));
    assert_eq!((&days["min"][1], &days["mean"][1]), (&json!(1.5), &json!(6.25)));
    assert_eq!((&days["coverage"][0], &days["coverage"][1], &days["step"]), (&json!(1.0), &json!(0.8696), &micros(3600)));
    let (_, hours) = get(&hub, &format!("{path}&by=hour&from=2026-03-29&to=2026-03-30")).await;
    assert_eq!((hours["count"].as_array().unwrap().len(), &hours["mean"][2], &hours["mean"][3]), (23, &Value::Null, &json!(1.5)));
    let (_, raw) = get(&hub, &format!("{path}&from=2026-03-29")).await;
    assert_eq!((&raw["by"], &raw["mean"][0], &raw["begin"][0]), (&json!("raw"), &json!(1.5), &micros(MIDNIGHT + 3 * 3600)));

    let (status, none) = get(&hub, &format!("{path}&from=2026-10-01")).await;
    assert_eq!((status, &none["begin"]), (200, &json!([])), "silent since then");

    for (query, status) in [
        ("property=warmth", 400),
        ("property=temperature&channel=x", 404),
        ("property=temperature&by=week", 400),
        ("", 400),
        ("property=temperature&from=soon", 400),
        ("property=temperature&from=2026-03-30&to=2026-03-29", 400),
        ("property=temperature&by=hour&from=1990-01-01", 422),
    ] {
        assert_eq!(get(&hub, &format!("/api/v1/stations/{id}/series?{query}")).await.0, status, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stations_are_compared_over_the_hours_both_have() {
    let hub = TestHub::start().await;
    let (school, key) = station(&hub, json!({"name": "School"})).await;
    let day = |hour: i64| 10.0 + 5.0 * (hour as f64 * std::f64::consts::TAU / 24.0).sin();
    let series = |late: i64, more: f64, skip: i64| {
        (0..240)
            .filter(move |hour| hour % 10 != skip)
            .map(move |hour| ("temperature", "Cel", MIDNIGHT + 3600 * hour, day(hour - late) + more))
            .collect::<Vec<_>>()
    };
    send(&hub, &key, &series(0, 0.0, 3)).await;
    let (office, key) = station(&hub, json!({"name": "Office", "public": false})).await;
    send(&hub, &key, &series(2, 1.5, 4)).await;
    let path = format!("/api/v1/stations/compare?a={school}&b={office}&property=temperature");
    assert_eq!(get(&hub, &path).await.0, 404, "one of them is not public");
    let found = hub.get_json(&path).await;
    assert_eq!((&found["n"], &found["lag_hours"], &found["unit"], &found["every"]), (&json!(192), &json!(2), &json!("Cel"), &json!(1)));
    assert!(found["lag_correlation"].as_f64().unwrap() > 0.9999, "{found}");
    assert!((found["bias"].as_f64().unwrap() - 1.5).abs() < 0.2, "{found}");
    assert_eq!(found["value_a"].as_array().unwrap().len(), 192);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rose_counts_wind_by_where_it_comes_from() {
    let hub = TestHub::start().await;
    let (id, key) = station(&hub, json!({"name": "Mast"})).await;
    let wind = [(2.0, Some(0.0)), (2.0, Some(359.0)), (9.0, Some(90.0)), (0.1, Some(45.0)), (3.0, None)];
    let mut records = vec![];
    for (minute, (speed, direction)) in wind.into_iter().enumerate() {
        let at = MIDNIGHT + 60 * minute as i64;
        records.push(("wind_speed", "m/s", at, speed));
        records.extend(direction.map(|direction| ("wind_direction", "deg", at, direction)));
    }
    send(&hub, &key, &records).await;
    let (status, rose) = get(&hub, &format!("/api/v1/stations/{id}/rose")).await;
    assert_eq!(status, 200, "{rose}");
    assert_eq!((&rose["calm"], &rose["undirected"], &rose["total"]), (&json!(1), &json!(1), &json!(4)));
    assert_eq!((&rose["sectors"][0][1], &rose["sectors"][4][4]), (&json!(2), &json!(1)));

    // Before and behind what there is, with or without an end, there is no wind, which is no mistake.
    for span in ["from=2026-04-01", "from=2026-04-01&to=2026-04-02", "from=2026-01-01&to=2026-02-01", "to=2026-02-01"] {
        let (status, none) = get(&hub, &format!("/api/v1/stations/{id}/rose?{span}")).await;
        assert_eq!((status, &none["total"], none["sectors"].as_array().map(Vec::len)), (200, &json!(0), Some(16)), "{span}: {none}");
    }
    assert_eq!(get(&hub, &format!("/api/v1/stations/{id}/rose?from=2026-04-02&to=2026-04-01")).await.0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_station_without_a_format_it_is_told_that_something_arrived() {
    let hub = TestHub::start().await;
    let (id, key) = station(&hub, json!({"name": "Open", "format": null})).await;
    assert_eq!(get(&hub, &format!("/api/v1/stations/{id}")).await.1.get("arrived"), None);
    for count in 0..3 {
        let sent = hub.request(Method::POST, &format!("/s/{key}"), None).body(format!("{{\"t\": {count}}}")).send().await.unwrap();
        assert!(sent.status().is_success(), "{}", sent.status());
    }
    // What arrived is written behind the answer.
    let mut shown = Value::Null;
    for _ in 0..100 {
        shown = get(&hub, &format!("/api/v1/stations/{id}")).await.1;
        if shown["arrived"].is_i64() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(shown["arrived"].is_i64() && shown["latest"].is_null(), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sensorthings_clients_read_public_stations_page_by_page() {
    let hub = TestHub::start().await;
    let (id, key) = station(&hub, json!({"name": "Roof", "latitude": 54.3, "longitude": 10.1, "elevation_m": 12.0})).await;
    let (hidden, _) = station(&hub, json!({"name": "Cellar", "public": false})).await;
    let readings: Vec<_> = (0..5).map(|minute| ("temperature", "Cel", MIDNIGHT + 60 * minute, 20.0 + minute as f64 / 10.0)).collect();
    send(&hub, &key, &readings).await;

    let (status, root) = get(&hub, "/v1.1").await;
    assert_eq!((status, root["value"].as_array().unwrap().len()), (200, 8));
    let follow = async |link: &Value| {
        let link = link.as_str().unwrap();
        let (_, path) = link.split_once("/v1.1").unwrap();
        let (status, body) = get(&hub, &format!("/v1.1{path}")).await;
        assert_eq!(status, 200, "{link}: {body}");
        body
    };
    let things = follow(&root["value"][0]["url"]).await;
    assert_eq!(things["value"].as_array().unwrap().len(), 1, "{things}");
    let thing = &things["value"][0];
    assert_eq!((&thing["@iot.id"], &thing["name"]), (&json!(id), &json!("Roof")));
    assert_eq!(follow(&thing["@iot.selfLink"]).await, *thing);
    let places = follow(&thing["Locations@iot.navigationLink"]).await;
    assert_eq!(places["value"][0]["location"], json!({"type": "Point", "coordinates": [10.1, 54.3, 12.0]}));
    let streams = follow(&thing["Datastreams@iot.navigationLink"]).await;
    let stream = &streams["value"][0];
    assert_eq!(stream["unitOfMeasurement"]["symbol"], "Cel");
    assert_eq!(follow(&stream["ObservedProperty@iot.navigationLink"]).await["name"], "temperature");
    assert_eq!(follow(&stream["Thing@iot.navigationLink"]).await["name"], "Roof");
    assert_eq!(follow(&stream["Sensor@iot.navigationLink"]).await["name"], "senml");

    let link = stream["Observations@iot.navigationLink"].as_str().unwrap();
    let ask = async |query: &str| follow(&json!(format!("{link}?{query}"))).await;
    let results = |page: &Value| page["value"].as_array().unwrap().iter().map(|one| one["result"].as_f64().unwrap()).collect::<Vec<_>>();
    let first = ask("$top=2&$count=true").await;
    assert_eq!((results(&first), &first["@iot.count"]), (vec![20.0, 20.1], &json!(5)));
    assert_eq!(first["value"][1]["phenomenonTime"], "2026-03-28T23:01:00Z");
    let second = follow(&first["@iot.nextLink"]).await;
    let third = follow(&second["@iot.nextLink"]).await;
    assert_eq!((results(&second), results(&third), third.get("@iot.nextLink")), (vec![20.2, 20.3], vec![20.4], None));
    assert_eq!(results(&ask("$orderby=phenomenonTime%20desc&$top=2").await), [20.4, 20.3]);
    assert_eq!(results(&ask("$orderby=phenomenonTime%20desc&$top=2&$skip=4").await), [20.0]);
    let span = "$filter=phenomenonTime%20ge%202026-03-28T23:01:00Z%20and%20phenomenonTime%20lt%202026-03-28T23:03:00Z";
    assert_eq!(results(&ask(span).await), [20.1, 20.2]);
    let one = &second["value"][0];
    assert_eq!(follow(&one["@iot.selfLink"]).await, *one);
    assert_eq!(follow(&one["Datastream@iot.navigationLink"]).await, *stream);
    assert_eq!(get(&hub, "/v1.1/Observations?$top=0&$count=true").await.1, json!({"@iot.count": 5, "value": []}));

    for (path, status) in [
        (format!("/v1.1/Things('{hidden}')"), 404),
        ("/v1.1/Things('x')/Datastreams".to_owned(), 404),
        ("/v1.1/Tasks".to_owned(), 404),
        (format!("/v1.1/Things('{id}')/Observations"), 404),
        ("/v1.1/Things?$expand=Sensors".to_owned(), 400),
        ("/v1.1/Things?$filter=substringof('oo',%20name)".to_owned(), 501),
        (format!("/v1.1/Things('{id}')/Datastreams/Observations"), 501),
        ("/v1.1/Locations?$filter=location/type%20eq%20'Point'".to_owned(), 200),
    ] {
        assert_eq!(get(&hub, &path).await.0, status, "{path}");
    }
}
