//! Every route with every kind of asker: what is not allowed is refused, and the refusal says what to do.

use reqwest::Method;
use serde_json::Value;

use crate::harness::TestHub;

#[tokio::test(flavor = "multi_thread")]
async fn every_route_opens_for_whom_it_should() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    let stranger = hub.class("pendulum").await;
    let lesson = |rest: &str| format!("/api/v1/lessons/{}{rest}", class.lesson);
    // path, then the status for nobody, a teacher, the lesson's Thing, another lesson's Thing, an unknown token
    let table = [
        ("/api/v1/lessons".to_owned(), [401, 200, 403, 403, 401]),
        (lesson(""), [200, 200, 200, 200, 401]),
        (lesson("/observations"), [401, 200, 200, 403, 401]),
        (lesson("/aggregates"), [401, 200, 200, 403, 401]),
        (lesson("/latest"), [401, 200, 200, 403, 401]),
        (lesson("/rejections"), [401, 200, 200, 403, 401]),
        (lesson("/outcomes"), [200, 200, 200, 200, 200]),
        (lesson("/figures/strip.svg"), [200, 200, 200, 200, 200]),
        (lesson("/figures/none.svg"), [404, 404, 404, 404, 404]),
        ("/api/v1/lessons/0000000000000/observations".to_owned(), [401, 404, 404, 404, 401]),
        ("/api/v1/lessons/nonsense/outcomes".to_owned(), [404, 404, 404, 404, 404]),
        ("/api/v1/openapi.json".to_owned(), [200, 200, 200, 200, 200]),
        ("/healthz".to_owned(), [200, 200, 200, 200, 200]),
        ("/readyz".to_owned(), [200, 200, 200, 200, 200]),
        ("/metrics".to_owned(), [200, 200, 200, 200, 200]),
        ("/".to_owned(), [200, 200, 200, 200, 200]),
        (format!("/b/{}", class.lesson), [200, 200, 200, 200, 200]),
        ("/j".to_owned(), [200, 200, 200, 200, 200]),
    ];
    let unknown = "A".repeat(22);
    let askers = [None, Some(hub.teacher.as_str()), Some(class.token.as_str()), Some(stranger.token.as_str()), Some(unknown.as_str())];
    for (path, expected) in &table {
        for (asker, status) in askers.iter().zip(expected) {
            let response = hub.request(Method::GET, path, *asker).send().await.unwrap();
            assert_eq!(response.status(), *status, "{path} for {asker:?}");
            if *status >= 400 {
                assert_eq!(response.headers()["content-type"], "application/problem+json");
                let problem: Value = response.json().await.unwrap();
                assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{path}: {problem}");
            }
        }
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thing_sees_its_own_readings_only() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let other = hub.join(&class.code).await;
    let other = other["token"].as_str().unwrap();
    let body = r#"{"t":[0.01],"accX":[1],"accY":[2],"accZ":[3]}"#;
    hub.post(&class.token, body).await;
    hub.post(other, body).await;
    let path = format!("/api/v1/lessons/{}/observations?format=csv", class.lesson);
    let own = hub.request(Method::GET, &path, Some(&class.token)).send().await.unwrap().text().await.unwrap();
    assert_eq!(own.lines().count(), 2, "{own}");
    assert!(own.lines().nth(1).unwrap().contains(&class.thing));
    assert_eq!(hub.rows(&class.lesson).await.len(), 2);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_that_make_no_sense_name_the_fix() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    for (query, expected) in [
        ("aggregates?window=1ms", "100ms"),
        ("aggregates?window=soon", "100ms"),
        ("aggregates?property=mass", "angular_velocity"),
        ("observations?format=xml", "csv"),
        ("observations?dialect=fr", "de"),
        ("observations?from=yesterday", "2026-01-03T12:43:32Z"),
        ("observations?width=0", "width"),
        ("observations?colour=red", "colour"),
        ("observations?window=1s", "/aggregates"),
        ("observations?dialect=de&format=json", "format=csv"),
        ("observations?run=second", "run"),
        ("aggregates?width=800", "/observations"),
        ("aggregates?limit=-1", "limit"),
        ("aggregates?colour=red", "window"),
        ("figures/strip.svg?colour=red", "lang"),
        ("observations?thing=me", "13 characters"),
        ("observations?limit=abc", "limit: not a whole number"),
        ("observations?run=", "run: not a whole number"),
        ("aggregates?limit=99999999999999999999", "limit: too large"),
        ("observations?limit=abc", "/api/v1/openapi.json"),
    ] {
        let path = format!("/api/v1/lessons/{}/{query}", class.lesson);
        let response = hub.request(Method::GET, &path, Some(&hub.teacher)).send().await.unwrap();
        let (status, problem) = (response.status(), response.json::<Value>().await.unwrap());
        assert_eq!(status, 400, "{query}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(expected), "{query}: {problem}");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn aggregates_keep_to_run_and_limit_and_say_when_a_file_is_gone() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    hub.post(&class.token, r#"{"t":[0.01,0.02],"accX":[1,2],"accY":[2,3],"accZ":[3,4]}"#).await;
    let ask = async |query: &str| {
        let path = format!("/api/v1/lessons/{}/{query}", class.lesson);
        let response = hub.request(Method::GET, &path, Some(&hub.teacher)).send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (missing, file) = (header("messwerk-missing"), header("content-disposition").unwrap());
        (response.text().await.unwrap().lines().count() - 1, missing, file)
    };
    let aggregates = "aggregates?property=acceleration&window=1h&format=csv";
    for (more, rows) in [("", 4), ("&run=1", 4), ("&run=2", 0), ("&limit=3", 3), ("&limit=0", 0)] {
        assert_eq!(ask(&format!("{aggregates}{more}")).await.0, rows, "{more}");
    }
    let (_, missing, file) = ask("observations?format=csv").await;
    assert!(missing.is_none() && file.ends_with("-readings.csv\""), "{missing:?} {file}");
    let end = format!("/api/v1/lessons/{}/end", class.lesson);
    hub.request(Method::POST, &end, Some(&hub.teacher)).send().await.unwrap().error_for_status().unwrap();
    for segment in hub.running.hub.store.snapshot().segments {
        std::fs::remove_file(&segment.path).unwrap();
        std::fs::remove_file(segment.rollup.as_ref().unwrap()).unwrap();
    }
    for (name, word) in [("observations", "readings"), ("aggregates", "windows")] {
        let (rows, missing, file) = ask(&format!("{name}?property=acceleration&format=csv")).await;
        assert!(rows == 0 && file.ends_with(&format!("-{word}-incomplete.csv\"")), "{rows} {file}");
        assert!(missing.unwrap().starts_with("acceleration;readings=2;from="));
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_is_turned_away() {
    let hub = TestHub::start().await;
    let own = format!("http://{}", hub.running.http);
    for (origin, expected) in [("http://evil.example", 403), ("null", 403), (own.as_str(), 200)] {
        let response = hub.request(Method::GET, "/healthz", None).header("origin", origin).send().await.unwrap();
        assert_eq!(response.status(), expected, "{origin}");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_answered_with_a_problem_document() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let lesson = |rest: &str| format!("/api/v1/lessons/{}{rest}", class.lesson);
    for (method, path, body, expected) in [
        (Method::GET, lesson("/live"), "", "WebSocket"),
        (Method::GET, lesson("/live?window_ms=soon"), "", "window_ms"),
        (Method::GET, lesson("/live?colour=red"), "", "colour"),
        (Method::GET, "/mqtt".to_owned(), "", "WebSocket"),
        (Method::GET, "/assets/%FF".to_owned(), "", "address"),
        (Method::POST, "/api/v1/lessons".to_owned(), "{", "body"),
        (Method::POST, "/api/v1/lessons".to_owned(), r#"{"template":7}"#, "body"),
        (Method::POST, "/api/v1/join".to_owned(), "[]", "JSON object"),
        (Method::POST, "/api/v1/join".to_owned(), r#"{"code":true}"#, "six digits"),
        (Method::PATCH, format!("/api/v1/things/{}", class.thing), r#"{"length_m":"long"}"#, "body"),
    ] {
        let request = hub.request(method, &path, Some(&hub.teacher)).header("content-type", "application/json");
        let response = request.body(body).send().await.unwrap();
        assert_eq!(response.status(), 400, "{path} {body}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{path} {body}");
        let problem: Value = response.json().await.unwrap();
        assert!(problem["detail"].as_str().unwrap().contains(expected), "{path} {body}: {problem}");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_json_body_is_read_whatever_its_content_type_says_and_no_other_sites_form() {
    let hub = TestHub::start().await;
    let class = hub.class("pendulum").await;
    let kinds = [None, Some("application/json; utf-8"), Some("application/x-www-form-urlencoded"), Some("text/plain")];
    let thing = format!("/api/v1/things/{}", class.thing);
    let (code, number) = (format!(r#"{{"code":"{}"}}"#, class.code), format!("\u{feff}{{\"code\":{}}}", class.code));
    for kind in kinds {
        let check = async |method: Method, path: &str, body: &str, origin: Option<&str>, expected: u16| {
            let mut request = hub.client.request(method, hub.url(path)).header("authorization", format!("bearer {}", hub.teacher));
            if let Some(kind) = kind {
                request = request.header("content-type", kind);
            }
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            let response = request.body(body.to_owned()).send().await.unwrap();
            assert_eq!(response.status(), expected, "{path} {body} as {kind:?} from {origin:?}");
        };
        check(Method::POST, "/api/v1/lessons", r#"{"template":"pendulum"}"#, None, 201).await;
        check(Method::POST, "/api/v1/join", &code, None, 201).await;
        check(Method::POST, "/api/v1/join", &number, None, 201).await;
        check(Method::PATCH, &thing, r#"{"length_m":0.4}"#, None, 200).await;
        check(Method::PATCH, &thing, r#"{"length_m":1e308}"#, None, 400).await;
        check(Method::POST, "/api/v1/join", &code, Some("http://evil.example"), 403).await;
        check(Method::POST, "/api/v1/join", &code, Some("null"), 403).await;
    }
    hub.stop().await;
}
