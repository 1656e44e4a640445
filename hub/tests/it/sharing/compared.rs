//! Releases beside lessons: compared while they are there, refused once they are withdrawn, and only what means the same.

use messwerk::release::{HubKey, signed};
use messwerk_lessons::release::{Measured, Origin, Plan, Release, Rules, Week, Wish};

use super::*;

/// Asks for a comparison in German.
async fn compare(hub: &TestHub, sources: Value) -> (u16, Value) {
    ask(hub, Method::POST, "/api/v1/compare?lang=de", &json!({"sources": sources})).await
}

fn lesson(id: &str, label: &str) -> Value {
    json!({"kind": "lesson", "id": id, "label": label})
}

fn shared(id: &str) -> Value {
    json!({"kind": "release", "id": id})
}

/// What was refused: status, code and sentence.
async fn refused(hub: &TestHub, sources: Value) -> (u16, String, String) {
    let (status, answer) = compare(hub, sources).await;
    let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
    (status, text("code"), text("detail"))
}

/// A figure of a comparison.
async fn figure(hub: &TestHub, name: &str, sources: &Value) -> String {
    let request = hub.request(Method::GET, &format!("/api/v1/compare/{name}.svg"), Some(&hub.teacher));
    let answer = request.query(&[("sources", sources.to_string().as_str()), ("lang", "de")]).send().await.unwrap();
    let (status, svg) = (answer.status(), answer.text().await.unwrap());
    assert!(status == 200 && svg.starts_with("<svg"), "{name}: {status} {svg}");
    svg
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hubs_compare_until_the_release_is_withdrawn() {
    let a = school("Gymnasium am See").await;
    let b = subscriber(a.url("/catalog.json"), key(&a)).await;
    let (theirs, _) = ended(&a, 12).await;
    let id = release(&a, &theirs, true).await["id"].as_str().unwrap().to_owned();
    pull(&b).await;
    let (own, _) = class(&b, 6).await;

    let sources = json!([lesson(&own, "8b"), shared(&id)]);
    let (status, answer) = compare(&b, sources.clone()).await;
    assert_eq!(status, 200, "{answer}");
    let classes = &answer["comparison"]["classes"];
    assert_eq!((&classes[1]["label"], &classes[1]["n"]), (&json!("Gymnasium am See, 9b"), &json!(12)), "{answer}");
    assert_eq!((&classes[1]["values"], &classes[1]["histogram"]["counts"]), (&json!([]), &json!([12])), "aggregates only");
    let origin = &answer["origins"][1];
    assert_eq!(
        (&answer["origins"][0]["kind"], &origin["kind"], &origin["trust"], &origin["region"], &origin["k"]),
        (&json!("lesson"), &json!("release"), &json!("subscribed"), &json!("Schleswig-Holstein"), &json!(10)),
        "{answer}"
    );
    assert!(answer["comparison"]["pairs"][0]["numbers"]["difference"].is_f64(), "{answer}");
    let said = answer["words"]["assumptions"].to_string();
    assert!(said.contains("nur Anzahl, Mittelwert und Streuung bekannt"), "{said}");
    for name in ["strip", "box"] {
        assert!(figure(&b, name, &sources).await.contains("nur das Mittel ist freigegeben"), "{name}");
    }
    assert!(figure(&b, "histogram", &sources).await.contains("See, 9b"));
    figure(&b, "difference", &sources).await;
    // Beside the lesson that it was made of it would always agree.
    let (status, code, detail) = refused(&a, json!([lesson(&theirs, "9b"), shared(&id)])).await;
    assert_eq!((status, code.as_str()), (409, "not_comparable"));
    assert!(detail.contains("dieselben Gruppen"), "{detail}");
    let (status, _, detail) = refused(&a, json!([shared(&id), shared(&id)])).await;
    assert!(status == 400 && detail.contains("stands there twice"), "{detail}");

    withdraw(&a, &id).await;
    pull(&b).await;
    let (status, code, detail) = refused(&b, sources).await;
    assert_eq!((status, code.as_str()), (409, "release_withdrawn"));
    assert!(detail.contains("zurückgezogen"), "{detail}");
    let nobody = refused(&b, json!([lesson(&own, "8b"), shared("AAAAAAAAAAAAAAAAAAAAAA")])).await;
    assert_eq!((nobody.0, nobody.1.as_str()), (404, "release_gone"));
    for hub in [a, b] {
        hub.stop().await;
    }
}

/// The release of a class of twelve somewhere, with single results in `unit`, changed by `change`.
fn elsewhere(id: char, key: &HubKey, unit: &str, change: impl FnOnce(&mut Measured<'_>)) -> Vec<u8> {
    let size = if unit == "cm/s2" { 100.0 } else { 1.0 };
    let results: Vec<f64> = (0..12).map(|group| size * (9.7 + 0.02 * f64::from(group))).collect();
    let template = Plan { id: "pendulum".to_owned(), version: "1.0.0".to_owned(), sha256: "0".repeat(64) };
    let mut measured = Measured { week: Week::of(0), template, outcome: "g", unit, results: &results, excluded: 0 };
    change(&mut measured);
    let source = Origin { label: format!("Schule {id}"), region: None };
    let wish = Wish { id: id.to_string().repeat(22), source, singles: true };
    let release = Release::build(&measured, wish, Rules { aggregates: true, singles: true, k: 5 }).unwrap();
    let (_, json, parquet) = signed::complete(release).unwrap();
    signed::write(&json, &parquet, key).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_believed_and_means_the_same_is_compared() {
    let hub = TestHub::start().await;
    let stranger = tempfile::tempdir().unwrap();
    let stranger = HubKey::open(stranger.path()).unwrap();
    let (own, _) = class(&hub, 6).await;
    for file in [
        elsewhere('A', &stranger, "m/s2", |_| {}),
        elsewhere('B', &stranger, "cm/s2", |_| {}),
        elsewhere('C', &stranger, "m/s2", |other| other.template.id = "spring".to_owned()),
        elsewhere('D', &stranger, "m/s2", |other| other.template.version = "7.0.0".to_owned()),
        elsewhere('E', &stranger, "m/s2", |other| other.template.id = "walk".to_owned()),
        elsewhere('F', &stranger, "m/s2", |other| other.template.id = "walk".to_owned()),
        elsewhere('G', &stranger, "kg", |_| {}),
    ] {
        assert_eq!(import(&hub, file).await.0, 201);
    }
    let id = |letter: char| letter.to_string().repeat(22);
    let with = |letter: char| json!([lesson(&own, "8b"), shared(&id(letter))]);
    let check = async |sources: Value, code: &str, told: &str| {
        let (status, found, detail) = refused(&hub, sources).await;
        assert_eq!((status, found.as_str()), (409, code), "{detail}");
        assert!(detail.contains(told), "{told}: {detail}");
    };
    check(with('A'), "release_unused", "Auf der Seite „Freigaben“").await;
    for letter in 'A'..='G' {
        let path = format!("/api/v1/releases/{}/use", id(letter));
        assert_eq!(ask(&hub, Method::PUT, &path, &json!({"used": true})).await.0, 204);
    }
    check(with('C'), "not_comparable", "nur Ergebnisse derselben Vorlage").await;
    check(with('D'), "not_comparable", "die erste Zahl der Version").await;
    check(with('G'), "not_comparable", "nicht in m/s² umrechnen").await;
    check(json!([shared(&id('E')), shared(&id('F'))]), "not_comparable", "fehlt die Vorlage „walk“").await;

    // Of single results every point is drawn; other units are converted.
    let sources = json!([shared(&id('A')), shared(&id('B')), lesson(&own, "8b")]);
    let (status, answer) = compare(&hub, sources.clone()).await;
    assert_eq!(status, 200, "{answer}");
    let classes = &answer["comparison"]["classes"];
    let mean = |class: usize| classes[class]["mean"].as_f64().unwrap();
    assert!((mean(0) - mean(1)).abs() < 1e-9 && (mean(0) - 9.81).abs() < 0.01, "{answer}");
    assert_eq!((&classes[1]["recorded_unit"], &answer["comparison"]["unit"]), (&json!("cm/s2"), &json!("m/s2")));
    assert_eq!((classes[0]["values"].as_array().unwrap().len(), &answer["origins"][0]["trust"]), (12, &json!("accepted")));
    let boxes = figure(&hub, "box", &sources).await;
    assert!(!boxes.contains("nur das Mittel"), "{boxes}");
    hub.stop().await;
}
