//! Feeds against services of one's own: what is new, what is not, and everything that a service may do wrong.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use messwerk::feeds::{FeedConfig, OpenDataConfig};
use reqwest::Method;
use serde_json::{Value, json};

use crate::files::{hours, product, zip};
use crate::harness::{PATIENCE, TestHub};

mod robots;

/// What a service was asked.
#[derive(Debug, Clone)]
struct Asked {
    path: String,
    headers: HashMap<String, String>,
}

/// An answer: status line with headers, body, and how much of the body is sent before the line breaks.
struct Said(String, Vec<u8>, usize);

fn said(status: &str, headers: &str, body: &[u8]) -> Said {
    Said(format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len()), body.to_vec(), body.len())
}

/// A service on loopback without rules for programs; its address and what it was asked but for those.
fn service(answer: impl Fn(&Asked, usize) -> Said + Send + 'static) -> (String, Arc<Mutex<Vec<Asked>>>) {
    service_with(|| said("404 Not Found", "", b""), answer)
}

/// The same with what it answers when it is asked for its rules.
fn service_with(
    rules: impl Fn() -> Said + Send + 'static,
    answer: impl Fn(&Asked, usize) -> Said + Send + 'static,
) -> (String, Arc<Mutex<Vec<Asked>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let all: Arc<Mutex<Vec<Asked>>> = Arc::default();
    let log = Arc::clone(&all);
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).is_ok_and(|read| read == 1) {
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap();
            let mut lines = head.lines();
            let Some(path) = lines.next().and_then(|line| line.split(' ').nth(1)) else { continue };
            let headers =
                lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
            let asked = Asked { path: path.to_owned(), headers };
            let Said(head, body, most) = if asked.path == "/robots.txt" {
                rules()
            } else {
                let said = answer(&asked, log.lock().unwrap().len());
                log.lock().unwrap().push(asked);
                said
            };
            let _ = socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(&body[..most]));
        }
    });
    (format!("http://{address}/"), all)
}

fn feed(base: &str, rest: &str) -> FeedConfig {
    toml::from_str(&format!("name = \"A\"\nbase = \"{base}\"\n{rest}")).unwrap()
}

/// A hub with one feed that is never due by itself: its first look has been taken when it is asked.
async fn hub_with(base: &str, rest: &str, open_data: OpenDataConfig) -> TestHub {
    let feed = feed(base, rest);
    TestHub::start_with(tempfile::tempdir().unwrap(), |config| {
        config.feeds = vec![feed];
        config.open_data = open_data;
    })
    .await
}

/// Asks the feed; status and what is told.
async fn ask(hub: &TestHub) -> (u16, Value) {
    let answer = hub.request(Method::POST, "/api/v1/feeds/A/ask", Some(&hub.teacher)).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

const POI: &str = "kind = \"dwd-poi\"\nstation = \"10315\"";
const AIR: &str = "kind = \"dwd-hourly\"\nstation = \"01766\"\nproducts = [\"air_temperature\"]";
const REPORT: &[u8] = include_bytes!("../../../ingest/tests/fixtures/dwd/poi.csv");

#[tokio::test(flavor = "multi_thread")]
async fn what_is_new_comes_once_and_lands_in_a_station() {
    let (base, asked) = service(|asked, _| match asked.headers.get("if-none-match").map(String::as_str) {
        Some("\"7\"") => said("304 Not Modified", "", b""),
        _ => said("200 OK", "etag: \"7\"\r\nlast-modified: Mon, 23 Nov 2026 06:00:00 GMT\r\n", REPORT),
    });
    let contact = OpenDataConfig { contact: "physics@school.example".to_owned(), ..OpenDataConfig::default() };
    let hub = hub_with(&base, POI, contact).await;
    let (status, view) = ask(&hub).await;
    assert_eq!((status, &view["error"], &view["failures"]), (200, &Value::Null, &json!(0)), "{view}");
    let (_, view) = ask(&hub).await;
    let again = asked.lock().unwrap().clone();
    assert!(again.len() >= 2 && again.iter().all(|one| one.path == "/weather/weather_reports/poi/10315-BEOB.csv"), "{again:?}");
    assert!(
        again[0].headers["user-agent"].starts_with("Messwerk/") && again[0].headers["user-agent"].ends_with("(physics@school.example)")
    );
    assert_eq!(again.last().unwrap().headers["if-modified-since"], "Mon, 23 Nov 2026 06:00:00 GMT");
    assert_eq!(view["files"], 1, "it came once: {view}");
    assert!(view["news"].is_i64() && view["next"].as_i64() > view["asked"].as_i64(), "{view}");
    let id = view["station"].as_str().unwrap();
    let station = hub.get_json(&format!("/api/v1/stations/{id}")).await;
    assert_eq!((&station["name"], &station["note"]), (&json!("A"), &json!("Deutscher Wetterdienst (DWD), CC BY 4.0")));
    let files = hub.get_json(&format!("/api/v1/stations/{id}/files")).await;
    assert_eq!((&files[0]["source"], &files[0]["state"], &files[0]["stored"]), (&json!("A"), &json!("done"), &json!(7)), "{files}");
    let rules: Value = hub.get_json("/api/v1/privacy").await;
    assert_eq!(rules["outbound"], json!(["127.0.0.1"]), "and everybody is told whom the hub asks");
    // After its station is erased all of it comes again, into another one.
    let erased = hub.request(Method::DELETE, &format!("/api/v1/stations/{id}"), Some(&hub.teacher)).send().await.unwrap();
    assert_eq!(erased.status(), 204);
    let (_, view) = ask(&hub).await;
    assert!(view["files"] == 2 && view["station"].is_string() && view["station"] != id, "{view}");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_broke_off_is_gone_on_with() {
    let file = zip(&[("produkt_tu_stunde_x.txt", product(3_000).as_bytes())]);
    let whole = file.clone();
    let (base, asked) = service(move |asked, number| {
        let etag = "etag: \"z\"\r\n";
        match asked.headers.get("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok()) {
            Some(from) => {
                assert_eq!(asked.headers["if-range"], "\"z\"");
                let range = format!("{etag}content-range: bytes {from}-{}/{}\r\n", whole.len() - 1, whole.len());
                said("206 Partial Content", &range, &whole[from..])
            }
            None if number == 0 => Said { 2: whole.len() / 3, ..said("200 OK", etag, &whole) },
            None => said("304 Not Modified", "", b""),
        }
    });
    let hub = hub_with(&base, AIR, OpenDataConfig::default()).await;
    let (_, view) = ask(&hub).await;
    assert_eq!((&view["files"], &view["error"]), (&json!(1), &Value::Null), "{view}");
    let id = view["station"].as_str().unwrap();
    let files = hub.get_json(&format!("/api/v1/stations/{id}/files")).await;
    assert_eq!((&files[0]["bytes"], &files[0]["rows"]), (&json!(file.len()), &json!(3_000)), "the bytes are those of the whole: {files}");
    assert!(asked.lock().unwrap().iter().any(|one| one.headers.contains_key("range")));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_services_do_wrong_is_told_and_harms_nothing() {
    for (status, headers, body, told) in [
        ("200 OK", "", &b"<html>an error page</html>"[..], "web page"),
        ("302 Found", "location: https://10.0.0.1/x\r\n", b"", "private network"),
        ("302 Found", "location: http://169.254.169.254/latest\r\n", b"", "private network or not encrypted"),
        ("404 Not Found", "", b"", "answers 404"),
        ("403 Forbidden", "", b"", "answers 403"),
        ("200 OK", "", b"PK\x03\x04half", "damaged or cut off"),
    ] {
        let (base, _) = service(move |_, _| said(status, headers, body));
        let hub = hub_with(&base, AIR, OpenDataConfig::default()).await;
        let (_, view) = ask(&hub).await;
        assert!(view["error"].as_str().unwrap_or_default().contains(told), "{told}: {view}");
        assert!(view["failures"].as_u64() >= Some(1) && view["next"].as_i64() > view["asked"].as_i64(), "{view}");
        let stations = hub.get_json("/api/v1/stations").await;
        let made = told == "damaged or cut off";
        assert_eq!(stations.as_array().unwrap().len(), usize::from(made), "what is no data makes no station: {told} {stations}");
        hub.stop().await;
    }
    // 200 MB: by what it says, and by what it sends.
    for head in ["content-length: 209715200\r\n", ""] {
        let (base, _) = service(move |_, _| {
            let body = if head.is_empty() { vec![b'x'; 70 << 20] } else { vec![b'x'; 1024] };
            Said(format!("HTTP/1.1 200 OK\r\n{head}connection: close\r\n\r\n"), body.clone(), body.len())
        });
        let hub = hub_with(&base, AIR, OpenDataConfig::default()).await;
        let (_, view) = ask(&hub).await;
        assert!(view["error"].as_str().unwrap_or_default().contains("larger than 65536 KiB"), "{view}");
        hub.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_wants_to_be_left_alone_is() {
    let (base, asked) = service(|_, _| said("429 Too Many Requests", "retry-after: 7200\r\n", b""));
    let hub = hub_with(&base, POI, OpenDataConfig::default()).await;
    let mut last = ask(&hub).await;
    if last.0 == 200 {
        assert!(last.1["error"].as_str().unwrap().contains("come later"), "{}", last.1);
        assert!(last.1["next"].as_i64().unwrap() - last.1["asked"].as_i64().unwrap() >= 7_200_000_000);
        last = ask(&hub).await;
    }
    assert_eq!(last.0, 429, "not even by hand: {}", last.1);
    assert_eq!(asked.lock().unwrap().len(), 1);
    assert_eq!(hub.request(Method::POST, "/api/v1/feeds/B/ask", Some(&hub.teacher)).send().await.unwrap().status(), 404);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_fails_does_not_starve_those_behind_it() {
    let (base, asked) = service(|asked, _| match asked.path.split('/').nth(6) {
        Some("air_temperature") => said("500 Internal Server Error", "", b""),
        Some("wind") => said("200 OK", "", &zip(&[("produkt_tu_stunde_x.txt", product(10).as_bytes())])),
        Some("precipitation") => said("429 Too Many Requests", "retry-after: 7200\r\n", b""),
        _ => said("404 Not Found", "", b""),
    });
    let products = |names: &str| format!("kind = \"dwd-hourly\"\nstation = \"01766\"\nproducts = [{names}]");
    let hub = hub_with(&base, &products("\"air_temperature\", \"wind\", \"sun\""), OpenDataConfig::default()).await;
    let (_, view) = ask(&hub).await;
    assert!(view["error"].as_str().unwrap().contains("answers 500") && view["files"].as_u64() >= Some(1), "{view}");
    assert_eq!(asked.lock().unwrap().len() % 3, 0, "each address once a look, answers with an error too");
    hub.stop().await;
    asked.lock().unwrap().clear();
    let hub = hub_with(&base, &products("\"air_temperature\", \"precipitation\", \"sun\""), OpenDataConfig::default()).await;
    ask(&hub).await;
    let view = hub.request(Method::GET, "/api/v1/feeds", Some(&hub.teacher)).send().await.unwrap().json::<Value>().await.unwrap();
    assert!(view[0]["error"].as_str().unwrap().contains("come later"), "{view}");
    assert_eq!(asked.lock().unwrap().len(), 2, "who wants to be left alone is not asked for the rest");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_cancelled_is_asked_for_again() {
    let (base, asked) = service(|_, number| {
        let rows = if number == 0 { 300_000 } else { 10 };
        said("200 OK", "etag: \"c\"\r\n", &zip(&[("produkt_tu_stunde_x.txt", product(rows).as_bytes())]))
    });
    let hub = hub_with(&base, AIR, OpenDataConfig::default()).await;
    let feeds = async || hub.request(Method::GET, "/api/v1/feeds", Some(&hub.teacher)).send().await.unwrap().json::<Value>().await.unwrap();
    let cancelled = async {
        loop {
            let view = feeds().await[0].clone();
            if view["error"].is_string() {
                return view;
            }
            if let Some(id) = view["station"].as_str() {
                let files = format!("/api/v1/stations/{id}/files");
                if let Some(number) = hub.get_json(&files).await[0]["id"].as_i64() {
                    hub.request(Method::DELETE, &format!("{files}/{number}"), Some(&hub.teacher)).send().await.unwrap();
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let view = tokio::time::timeout(PATIENCE, cancelled).await.unwrap();
    assert!(view["error"].as_str().unwrap().contains("cancelled") && view["files"] == 0, "{view}");
    let (_, view) = ask(&hub).await;
    assert_eq!((&view["error"], &view["files"]), (&Value::Null, &json!(1)), "{view}");
    assert!(!asked.lock().unwrap().last().unwrap().headers.contains_key("if-none-match"));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_a_stop_does_not_come_again() {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (base, asked) = service(move |asked, _| {
        if asked.path.contains("/wind/") {
            let _ = held.recv();
            return said("404 Not Found", "", b"");
        }
        match asked.headers.get("if-none-match") {
            Some(_) => said("304 Not Modified", "", b""),
            None => said("200 OK", "etag: \"s\"\r\n", &zip(&[("produkt_tu_stunde_x.txt", product(10).as_bytes())])),
        }
    });
    let both = "kind = \"dwd-hourly\"\nstation = \"01766\"\nproducts = [\"air_temperature\", \"wind\"]";
    let hub = hub_with(&base, both, OpenDataConfig::default()).await;
    let first = async {
        loop {
            let view: Value = hub.request(Method::GET, "/api/v1/feeds", Some(&hub.teacher)).send().await.unwrap().json().await.unwrap();
            if view[0]["files"] == 1 {
                return view[0].clone();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let view = tokio::time::timeout(PATIENCE, first).await.unwrap();
    assert!(view["asked"].is_i64() && view["station"].is_string() && view["answered"].is_null(), "it is still being asked: {view}");
    let again = feed(&base, both);
    let hub = TestHub::start_with(hub.stop().await, |config| config.feeds = vec![again]).await;
    drop(release);
    let (_, after) = ask(&hub).await;
    assert_eq!((&after["files"], &after["station"], &after["error"]), (&json!(1), &view["station"], &Value::Null), "{after}");
    let air: Vec<_> = asked.lock().unwrap().iter().filter(|one| one.path.contains("/air_temperature/")).cloned().collect();
    assert_eq!(air.len(), 2, "it does not ask by itself as soon as it starts: {air:?}");
    assert_eq!(air[1].headers["if-none-match"], "\"s\"");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn elements_go_to_the_sky_and_a_proxy_is_used() {
    let omm = r#"[{"OBJECT_NAME":"DEMO","OBJECT_ID":"1998-067A","EPOCH":"2026-11-20T12:00:00.000000","MEAN_MOTION":15.5,"ECCENTRICITY":0.0004,
        "INCLINATION":51.64,"RA_OF_ASC_NODE":160.4,"ARG_OF_PERICENTER":140.6,"MEAN_ANOMALY":205.7,"EPHEMERIS_TYPE":0,"CLASSIFICATION_TYPE":"U",
        "NORAD_CAT_ID":99001,"ELEMENT_SET_NO":999,"REV_AT_EPOCH":1,"BSTAR":0.0001,"MEAN_MOTION_DOT":0.0001,"MEAN_MOTION_DDOT":0}]"#;
    let (base, asked) = service(move |_, _| said("200 OK", "content-type: application/json\r\n", omm.as_bytes()));
    let hub = hub_with(&base, "kind = \"celestrak\"\nsatellites = [99001]", OpenDataConfig::default()).await;
    // The hub may have asked by itself already; nobody asks CelesTrak twice within two hours, nor two at once.
    let (first, second) = tokio::join!(ask(&hub), ask(&hub));
    assert!([200, 429].contains(&first.0) && [200, 429].contains(&second.0) && first.0 + second.0 > 400, "{first:?} {second:?}");
    assert_eq!(ask(&hub).await.0, 429);
    assert_eq!(asked.lock().unwrap().len(), 1);
    let sky: Value = hub.get_json("/api/v1/sky/satellites").await;
    assert_eq!(sky["satellites"][0]["norad"], 99001, "{sky}");
    assert_eq!(asked.lock().unwrap()[0].path, "/NORAD/elements/gp.php?CATNR=99001&FORMAT=json");
    hub.stop().await;

    let (proxy, seen) = service(|_, _| said("200 OK", "", REPORT));
    let through = OpenDataConfig { proxy, ..OpenDataConfig::default() };
    let hub = hub_with("http://127.0.0.1:9/", POI, through).await;
    let (_, view) = ask(&hub).await;
    let seen = seen.lock().unwrap().clone();
    // Plain or by CONNECT, as the client does it: the proxy was asked, and not the address.
    assert!(!seen.is_empty() && seen[0].path.contains("127.0.0.1:9"), "{seen:?} {view}");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_do_not_come_into_a_station_of_ten_minutes() {
    let (base, _) = service(|_, number| {
        let text = if number == 0 { product(20) } else { hours(20) };
        said("200 OK", "", &zip(&[("produkt_x.txt", text.as_bytes())]))
    });
    let hub = hub_with(&base, AIR, OpenDataConfig::default()).await;
    ask(&hub).await;
    let (_, view) = ask(&hub).await;
    assert_eq!((&view["code"], &view["files"]), (&json!("file_interval"), &json!(1)), "{view}");
    assert!(view["error"].as_str().unwrap().contains("Make a second station"), "{view}");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_stands_where_the_operator_says() {
    let (base, _) = service(|_, _| said("200 OK", "", REPORT));
    let hub = hub_with(&base, POI, OpenDataConfig::default()).await;
    let (_, view) = ask(&hub).await;
    let path = format!("/api/v1/stations/{}", view["station"].as_str().unwrap());
    assert_eq!(hub.get_json(&path).await["latitude"], Value::Null, "the report does not say it");
    // The operator names it afterwards.
    let placed = feed(&base, &format!("{POI}\nlatitude = 52.13\nlongitude = 7.7\nelevation_m = 48.0"));
    let named = placed.clone();
    let hub = TestHub::start_with(hub.stop().await, |config| config.feeds = vec![named]).await;
    ask(&hub).await;
    let place = |station: &Value| ["latitude", "longitude", "elevation_m"].map(|name| station[name].as_f64());
    assert_eq!(place(&hub.get_json(&path).await), [Some(52.13), Some(7.7), Some(48.0)]);
    // What a teacher sets there counts from then on.
    let mut settings = hub.get_json(&path).await["settings"].clone();
    settings["latitude"] = json!(50.0);
    let put = hub.request(Method::PUT, &path, Some(&hub.teacher)).json(&settings).send().await.unwrap();
    assert_eq!(put.status(), 200);
    ask(&hub).await;
    assert_eq!(place(&hub.get_json(&path).await), [Some(50.0), Some(7.7), Some(48.0)]);
    hub.stop().await;
    // And from the first file on.
    let hub = TestHub::start_with(tempfile::tempdir().unwrap(), |config| config.feeds = vec![placed]).await;
    let (_, view) = ask(&hub).await;
    let path = format!("/api/v1/stations/{}", view["station"].as_str().unwrap());
    assert_eq!(place(&hub.get_json(&path).await), [Some(52.13), Some(7.7), Some(48.0)]);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_without_internet_has_weather_to_look_at() {
    let hub = TestHub::start().await;
    let load = async || hub.request(Method::POST, "/api/v1/stations/demo", Some(&hub.teacher)).send().await.unwrap();
    // Two clicks.
    let (made, twin) = tokio::join!(load(), load());
    assert_eq!(twin.status(), 200, "{}", twin.text().await.unwrap());
    assert_eq!(made.status(), 200, "{}", made.text().await.unwrap());
    let stations = hub.get_json("/api/v1/stations").await;
    let count = |at: usize, property: &str| {
        let streams = stations[at]["channels"].as_array().unwrap().iter().flat_map(|channel| channel["streams"].as_array().unwrap());
        streams.filter(|stream| stream["property"] == property).filter_map(|stream| stream["count"].as_u64()).max().unwrap_or(0)
    };
    // A year of hours and 30 days of ten minutes, without the values that a sensor missed.
    assert!((8_600..=8_760).contains(&count(0, "temperature")), "{}", count(0, "temperature"));
    assert!((4_200..=4_320).contains(&count(1, "temperature")) && count(1, "irradiance") > 4_000);
    assert_eq!([count(2, "sea_level_pressure"), count(3, "sea_level_pressure"), count(4, "temperature")], [47, 23, 144]);
    assert!(stations.as_array().unwrap().iter().all(|station| station["latitude"] == 51.96), "each says where it is");
    let again = load().await.json::<Value>().await.unwrap();
    let all = hub.get_json("/api/v1/stations").await;
    let measured = |all: &Value| all.as_array().unwrap().iter().map(|station| station["channels"].clone()).collect::<Vec<_>>();
    assert_eq!((again.as_array().unwrap().len(), measured(&all)), (5, measured(&stations)), "again it changes nothing");
    let conflicts = |station: &Value| station["rejections"].as_array().unwrap().iter().any(|one| one["reason"] == "conflicting");
    assert!(!all.as_array().unwrap().iter().any(conflicts), "{all}");
    assert_eq!(hub.get_json("/api/v1/sky/satellites").await["satellites"].as_array().unwrap().len(), 2);
    hub.stop().await;
}
