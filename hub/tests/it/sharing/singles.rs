//! Single results, of a lesson whose template lets them go: released, carried by hand, drawn one by one at another school.

use super::*;

/// A school's own pendulum, which lets single results go; on `hub`'s shelf, and its file.
async fn open_pendulum(hub: &TestHub) -> (String, Vec<u8>) {
    let (status, draft) = ask(hub, Method::POST, "/api/v1/templates/pendulum/fork", &json!({"authors": ["Gymnasium am See"]})).await;
    assert!(status < 300, "{draft}");
    let whole = hub.get_json(&format!("/api/v1/drafts/{}", draft["id"].as_str().unwrap())).await;
    let files = crate::shelf::with(&whole["files"], "lesson.toml", "singles = false", "singles = true");
    let (status, made) = ask(hub, Method::POST, "/api/v1/templates", &json!({"files": files})).await;
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().unwrap().to_owned();
    let file = hub.request(Method::GET, &format!("/api/v1/templates/{id}/download"), Some(&hub.teacher)).send().await.unwrap();
    (id, file.bytes().await.unwrap().to_vec())
}

fn singles(public: bool) -> Value {
    let mut wish = wanted(public);
    wish["singles"] = json!(true);
    wish
}

#[tokio::test(flavor = "multi_thread")]
async fn single_results_leave_where_the_template_allows_it_and_nowhere_else() {
    let (a, b) = (school("Gymnasium am See").await, TestHub::start().await);
    let (template, file) = open_pendulum(&a).await;
    let taken = b.request(Method::POST, "/api/v1/templates", Some(&b.teacher)).body(file).send().await.unwrap();
    assert_eq!(taken.status(), 201, "{}", taken.text().await.unwrap());

    // The library's own pendulum keeps them.
    let (kept, _) = ended(&a, 12).await;
    let (status, problem) = preview(&a, &kept, &singles(true)).await;
    assert_eq!((status, &problem["code"]), (409, &json!("release_not_allowed")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("share.singles = false"), "{problem}");

    let (theirs, _) = ended_of(&a, &template, 12).await;
    let (status, seen) = preview(&a, &theirs, &singles(true)).await;
    assert_eq!(status, 200, "{seen}");
    let results: Vec<f64> = seen["release"]["singles"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
    assert!(results.len() == 12 && results.windows(2).all(|pair| pair[0] <= pair[1]), "in order, so that none is anybody's: {results:?}");
    let outcomes = a.get_json(&format!("/api/v1/lessons/{theirs}/outcomes")).await;
    let resolution = seen["release"]["resolution"].as_f64().unwrap();
    let mut measured: Vec<f64> =
        outcomes["outcomes"].as_array().unwrap().iter().map(|outcome| outcome["value"].as_f64().unwrap()).collect();
    measured.sort_by(f64::total_cmp);
    for (single, measured) in results.iter().zip(&measured) {
        assert!((single - measured).abs() <= resolution, "{single} for {measured}, to {resolution}");
    }
    let body = json!({"wanted": singles(true), "id": seen["id"], "sha256": seen["sha256"]});
    let (status, own) = ask(&a, Method::POST, &format!("/api/v1/lessons/{theirs}/releases"), &body).await;
    assert_eq!(status, 201, "{own}");
    let id = own["release"]["id"].as_str().unwrap().to_owned();

    let (status, imported) = import(&b, download(&a, &id).await).await;
    assert_eq!(status, 201, "{imported}");
    let used = ask(&b, Method::PUT, &format!("/api/v1/releases/{id}/use"), &json!({"used": true})).await;
    assert_eq!(used.0, 204, "{}", used.1);
    let (ours, _) = class_of(&b, &template, 6).await;
    let sources = json!([{"kind": "lesson", "id": ours, "label": "8b"}, {"kind": "release", "id": id}]);
    let (status, answer) = ask(&b, Method::POST, "/api/v1/compare?lang=de", &json!({"sources": sources})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["origins"][1]["singles"], true, "{answer}");
    let values: Vec<f64> =
        answer["comparison"]["classes"][1]["values"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
    assert_eq!(values, results, "one by one");
    for name in ["strip", "box"] {
        let request = b.request(Method::GET, &format!("/api/v1/compare/{name}.svg"), Some(&b.teacher));
        let svg = request.query(&[("sources", sources.to_string().as_str()), ("lang", "de")]).send().await.unwrap().text().await.unwrap();
        assert!(svg.starts_with("<svg") && !svg.contains("nur das Mittel"), "{name}: {svg}");
    }
    for hub in [a, b] {
        hub.stop().await;
    }
}
