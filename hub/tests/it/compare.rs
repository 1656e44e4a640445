//! Classes side by side, asked over HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestHub;

/// A lesson in which each group timed its pendulum by hand: lengths and periods that give these values of g.
async fn lesson(hub: &TestHub, found: &[f64]) -> (String, Vec<String>) {
    let made = hub.create("pendulum").await;
    let mut things = vec![];
    for g in found {
        let joined = hub.join(made["code"].as_str().unwrap()).await;
        let period = 2.0 * std::f64::consts::PI * (0.5 / g).sqrt();
        let path = format!("/api/v1/things/{}", joined["thing"].as_str().unwrap());
        let entered = json!({"length_m": 0.5, "T": period});
        assert_eq!(hub.request(Method::PATCH, &path, joined["token"].as_str()).json(&entered).send().await.unwrap().status(), 200);
        things.push(joined["thing"].as_str().unwrap().to_owned());
    }
    (made["id"].as_str().unwrap().to_owned(), things)
}

async fn ask(hub: &TestHub, sources: Value, language: &str) -> (u16, Value) {
    let path = format!("/api/v1/compare?lang={language}");
    let answer = hub.request(Method::POST, &path, Some(&hub.teacher)).json(&json!({"sources": sources})).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn source(id: &str, label: &str) -> Value {
    json!({"kind": "lesson", "id": id, "label": label})
}

#[tokio::test(flavor = "multi_thread")]
async fn lessons_are_compared_as_they_are_now() {
    let hub = TestHub::start().await;
    let (first, things) = lesson(&hub, &[9.70, 9.78, 9.82, 9.88, 9.79, 12.0]).await;
    let (second, _) = lesson(&hub, &[10.22, 10.31, 10.27, 10.18, 10.25]).await;
    let path = format!("/api/v1/things/{}/runs/0/exclusion", things[5]);
    let excluded = hub.request(Method::PUT, &path, Some(&hub.teacher)).json(&json!({"reason": "9 swings counted"})).send().await.unwrap();
    assert_eq!(excluded.status(), 204);
    let (status, answer) = ask(&hub, json!([source(&first, "8a"), source(&second, " 8b ")]), "de").await;
    assert_eq!(status, 200, "{answer}");
    let pair = &answer["comparison"]["pairs"][0];
    assert_eq!((&pair["verdict"], &pair["method"]), (&json!("differ"), &json!("welch")), "{answer}");
    assert!((pair["numbers"]["difference"].as_f64().unwrap() + 0.452).abs() < 1e-3, "{pair}");
    let headline = answer["words"]["headline"]["de"].as_str().unwrap();
    assert!(headline.starts_with("„8b“ und „8a“ unterscheiden sich: „8b“ liegt im Mittel um 0,45"), "{headline}");
    assert_eq!(answer["words"]["excluded"][0]["en"], "In “8a” these do not count: 1 (reason: 9 swings counted).");
    assert_eq!(
        (&answer["template"]["id"], &answer["outcome"]["name"], &answer["waiting"]),
        (&json!("pendulum"), &json!("g"), &json!([0, 0]))
    );
    // Whose lesson is still open may find something else tomorrow.
    assert_eq!(answer["origins"], json!([{"kind": "lesson", "open": true}, {"kind": "lesson", "open": true}]));
    let ended = hub.request(Method::POST, &format!("/api/v1/lessons/{first}/end"), Some(&hub.teacher)).send().await.unwrap();
    assert!(ended.status().is_success());
    let (_, answer) = ask(&hub, json!([source(&first, ""), source(&second, "")]), "de").await;
    assert_eq!((&answer["origins"][0]["open"], &answer["origins"][1]["open"]), (&json!(false), &json!(true)));
    // A third class turns the verdicts into corrected ones; without names the classes have letters.
    let (third, _) = lesson(&hub, &[9.8, 9.9]).await;
    let (_, answer) = ask(&hub, json!([source(&first, ""), source(&second, ""), {"kind": "lesson", "id": third}]), "en").await;
    let verdicts: Vec<&str> =
        answer["comparison"]["pairs"].as_array().unwrap().iter().map(|pair| pair["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["differ", "too_few", "too_few"]);
    assert_eq!(answer["comparison"]["classes"][2]["label"], "C");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_compare_is_refused_with_its_reason() {
    let hub = TestHub::start().await;
    let (first, _) = lesson(&hub, &[9.8]).await;
    let (second, _) = lesson(&hub, &[9.8]).await;
    let spring = hub.create("spring").await["id"].as_str().unwrap().to_owned();
    let check = async |sources: Value, status: u16, code: &str, told: &str| {
        let (found, answer) = ask(&hub, sources, "de").await;
        assert_eq!((found, answer["code"].as_str().unwrap()), (status, code), "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains(told), "{answer}");
    };
    let both = |a: &str, b: &str| json!([source(&first, a), source(&second, b)]);
    check(json!([source(&first, "8a"), source(&spring, "8b")]), 409, "not_comparable", "nur Ergebnisse derselben Vorlage").await;
    check(json!([source(&first, "8a")]), 409, "not_comparable", "2 bis 12").await;
    check(json!([]), 409, "not_comparable", "2 bis 12").await;
    check(both("8a", "8a"), 409, "not_comparable", "„8a“ steht zweimal da").await;
    check(both("B", ""), 409, "not_comparable", "„B“ steht zweimal da").await;
    check(json!([source(&first, "8a"), source(&first, "8b")]), 400, "bad_request", "stands there twice").await;
    check(both(&"x".repeat(41), ""), 400, "bad_request", "at most 40 characters").await;
    check(both("8\n9", ""), 400, "bad_request", "one line").await;
    check(json!([source(&first, "8a"), source("nobody", "8b")]), 404, "not_found", "no lesson nobody").await;
    check(json!([source(&first, "8a"), {"kind": "school", "id": "x"}]), 400, "bad_request", "does not fit").await;
    check(json!([source(&first, "8a"), {"kind": "lesson", "id": second, "name": "8b"}]), 400, "bad_request", "does not fit").await;
    hub.stop().await;
}

/// A noise map: by place what was measured there in the tenth hour, so many decibels above a common minute of -40 dB.
async fn noise_map(hub: &TestHub, levels: &[(u32, f64)]) -> String {
    let made = hub.create("noise").await;
    for (place, above) in levels {
        let joined = hub.join(made["code"].as_str().unwrap()).await;
        let (thing, token) = (joined["thing"].as_str().unwrap(), joined["token"].as_str().unwrap());
        let mut entered = json!({"common": -40});
        if *place > 0 {
            entered["place"] = json!(place);
            entered["hour"] = json!(10);
        }
        let answer = hub.request(Method::PATCH, &format!("/api/v1/things/{thing}"), Some(token)).json(&entered).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
        let (times, level) = ((0..480).map(|n| n * 125_000).collect::<Vec<_>>(), vec![above - 40.0; 480]);
        let batch = json!({"stream": "sound", "boot": "00000000000000b1", "seq": 1, "t0": 0, "dt": times, "x": level});
        assert_eq!(hub.request(Method::POST, &format!("/i/{token}"), None).json(&batch).send().await.unwrap().status(), 200);
    }
    made["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn same_places_at_the_same_hour_are_pairs() {
    let hub = TestHub::start().await;
    // Places differ by 30 dB, classes by four: the means cannot tell, the pairs can.
    let quiet = [(1, 0.0), (2, 10.0), (3, 20.0), (4, 30.0), (5, 15.0)];
    let loud = [(1, 4.1), (2, 13.9), (3, 24.2), (4, 33.8), (9, 60.0)];
    let (first, second) = (noise_map(&hub, &quiet).await, noise_map(&hub, &loud).await);
    let (status, answer) = ask(&hub, json!([source(&first, "8a"), source(&second, "8b")]), "de").await;
    assert_eq!(status, 200, "{answer}");
    let pair = &answer["comparison"]["pairs"][0];
    assert_eq!((&pair["method"], &pair["verdict"], &pair["pairs"]), (&json!("paired"), &json!("differ"), &json!(4)), "{answer}");
    assert!((pair["numbers"]["difference"].as_f64().unwrap() + 4.0).abs() < 0.01, "{pair}");
    // One group that did not say where it was is nobody's partner; the pairs of the others decide.
    let unsaid = noise_map(&hub, &[(1, 4.1), (2, 13.9), (3, 24.2), (4, 33.8), (0, 19.0)]).await;
    let (_, answer) = ask(&hub, json!([source(&first, "8a"), source(&unsaid, "8b")]), "de").await;
    let pair = &answer["comparison"]["pairs"][0];
    assert_eq!((&pair["method"], &pair["verdict"], &pair["pairs"]), (&json!("paired"), &json!("differ"), &json!(4)), "{answer}");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn compared_classes_are_drawn() {
    let hub = TestHub::start().await;
    let (first, _) = lesson(&hub, &[9.70, 9.78, 9.82, 9.88, 9.79]).await;
    let (second, _) = lesson(&hub, &[10.22, 10.31, 10.27, 10.18, 10.25]).await;
    let sources = json!([source(&first, "8a <b>"), source(&second, "8b")]).to_string();
    let draw = async |figure: &str, more: &[(&str, &str)]| {
        let path = format!("/api/v1/compare/{figure}");
        let asked = hub.request(Method::GET, &path, Some(&hub.teacher)).query(&[("sources", sources.as_str())]).query(more);
        let answer = asked.send().await.unwrap();
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        (answer.status().as_u16(), kind, answer.text().await.unwrap())
    };
    for figure in ["strip.svg", "box.svg", "histogram.svg", "difference.svg"] {
        let (status, kind, svg) = draw(figure, &[("lang", "de"), ("width", "390"), ("height", "400"), ("theme", "dark")]).await;
        assert_eq!((status, kind.as_str()), (200, "image/svg+xml"), "{svg}");
        assert!(svg.starts_with("<svg width=\"390\" height=\"400\"") && svg.contains("8b") && !svg.contains("<b>"), "{figure}: {svg}");
        assert!(svg.contains("Fallbeschleunigung"), "{figure} in German: {svg}");
    }
    assert_eq!(draw("pie.svg", &[]).await.0, 404);
    assert_eq!(draw("strip", &[]).await.0, 404);
    let wrong = hub.request(Method::GET, "/api/v1/compare/strip.svg?sources=8a", Some(&hub.teacher)).send().await.unwrap();
    assert_eq!(wrong.status(), 400);
    assert!(wrong.text().await.unwrap().contains("write [{"));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn class_means_over_a_number_of_each() {
    let hub = TestHub::start().await;
    let mut sources = vec![];
    for (index, g) in [9.78, 9.80, 9.83, 9.84].into_iter().enumerate() {
        let (id, _) = lesson(&hub, &[g - 0.02, g, g + 0.02]).await;
        sources.push(source(&id, &format!("8{index}")));
    }
    let post = async |across: Value| {
        let body = json!({"sources": sources, "across": across});
        let answer = hub.request(Method::POST, "/api/v1/compare?lang=de", Some(&hub.teacher)).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let latitude = json!({"name": "Breite", "unit": "°", "values": [40, 47, 54, 60]});
    let (status, answer) = post(latitude.clone()).await;
    let across = &answer["across"];
    assert_eq!((status, &across["verdict"], &across["line"]["n"]), (200, &json!("rises"), &json!(4)), "{answer}");
    let slope = across["line"]["slope"].as_f64().unwrap();
    let [low, high] = [0, 1].map(|end| across["line"]["slope_ci95"][end].as_f64().unwrap());
    assert!((slope - 0.0032).abs() < 2e-4 && 0.0 < low && low < slope && slope < high, "{across}");
    let headline = across["words"]["headline"]["de"].as_str().unwrap();
    assert!(headline.starts_with("Je größer „Breite“, desto größer das Ergebnis: Es nimmt um 0,003"), "{headline}");
    assert!(across["words"]["assumptions"].to_string().contains("nur 4 Klassen"), "{across}");
    assert_eq!(answer["comparison"]["pairs"].as_array().unwrap().len(), 6, "the classes are compared all the same");
    let (_, answer) = post(json!({"name": "Breite", "values": [40, null, 54, 60]})).await;
    assert_eq!((&answer["across"]["verdict"], &answer["across"]["line"]), (&json!("too_few"), &Value::Null));
    let said = answer["across"]["words"]["left_out"][0]["en"].as_str().unwrap();
    assert!(said.contains("“81”") && said.contains("no number"), "{said}");
    for (wrong, told) in [
        (json!({"name": "Breite", "values": [40, 47, 54]}), "3 values for 4 sources"),
        (json!({"name": " ", "values": [1, 2, 3, 4]}), "1 to 40 characters"),
        (json!({"name": "h", "unit": "Meter über dem Meer", "values": [1, 2, 3, 4]}), "at most 16"),
        (json!({"name": "h", "values": [1, 2, 3, 1e13]}), "larger unit"),
    ] {
        let (status, answer) = post(wrong).await;
        assert!(status == 400 && answer["detail"].as_str().unwrap().contains(told), "{answer}");
    }
    let draw = async |more: &[(&str, String)]| {
        let asked = hub.request(Method::GET, "/api/v1/compare/across.svg", Some(&hub.teacher));
        let answer = asked.query(&[("sources", json!(sources).to_string())]).query(more).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, svg) = draw(&[("across", latitude.to_string()), ("lang", "de".to_owned())]).await;
    assert!(status == 200 && svg.contains("Breite in °") && svg.contains("Steigung 0,003"), "{svg}");
    let (status, told) = draw(&[]).await;
    assert!(status == 400 && told.contains("write {"), "{told}");
    hub.stop().await;
}
