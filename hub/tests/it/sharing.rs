//! Releases between hubs: seen before they leave, fetched by subscription or carried by hand, withdrawn; and everything that is
//! refused, each with a sentence that says why (`refused`).

mod compared;
mod exchange;
mod offered;
mod refused;
mod relayed;
mod singles;
mod space;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestHub;

/// A hub that publishes, and is called so.
async fn school(label: &str) -> TestHub {
    let label = label.to_owned();
    TestHub::start_with(tempfile::tempdir().unwrap(), |config| {
        config.sharing.publish = true;
        config.sharing.label = label;
    })
    .await
}

/// The public key of a hub.
fn key(hub: &TestHub) -> String {
    hub.running.hub.sharing.key.get().unwrap().public()
}

/// A pendulum lesson of `groups` that timed their periods by hand; the lesson and its Things.
async fn class(hub: &TestHub, groups: usize) -> (String, Vec<String>) {
    class_of(hub, "pendulum", groups).await
}

/// The same of another template with a pendulum's entries.
async fn class_of(hub: &TestHub, template: &str, groups: usize) -> (String, Vec<String>) {
    let lesson = hub.create(template).await;
    let code = lesson["code"].as_str().unwrap();
    let mut things = vec![];
    for group in 0..groups {
        let joined = hub.join(code).await;
        let (thing, token) = (joined["thing"].as_str().unwrap().to_owned(), joined["token"].as_str().unwrap());
        let period = 1.419 + 0.002 * (group % 7) as f64 + 0.000_1 * group as f64;
        let body = json!({"length_m": 0.5, "T": period});
        let path = format!("/api/v1/things/{thing}");
        let answer = hub.request(Method::PATCH, &path, Some(token)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        things.push(thing);
    }
    (lesson["id"].as_str().unwrap().to_owned(), things)
}

/// The same, ended: it can be released.
async fn ended(hub: &TestHub, groups: usize) -> (String, Vec<String>) {
    ended_of(hub, "pendulum", groups).await
}

async fn ended_of(hub: &TestHub, template: &str, groups: usize) -> (String, Vec<String>) {
    let (lesson, things) = class_of(hub, template, groups).await;
    let end = hub.request(Method::POST, &format!("/api/v1/lessons/{lesson}/end"), Some(&hub.teacher)).send().await.unwrap();
    assert_eq!(end.status(), 204);
    (lesson, things)
}

/// A teacher's request with a JSON body; its status and answer.
async fn ask(hub: &TestHub, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let mut request = hub.request(method, path, Some(&hub.teacher));
    if !body.is_null() {
        request = request.json(body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

fn wanted(public: bool) -> Value {
    json!({"label": "Gymnasium am See, 9b", "region": "Schleswig-Holstein", "public": public})
}

async fn preview(hub: &TestHub, lesson: &str, wanted: &Value) -> (u16, Value) {
    ask(hub, Method::POST, &format!("/api/v1/lessons/{lesson}/releases/preview"), wanted).await
}

/// Looks at what would leave, and releases it.
async fn release(hub: &TestHub, lesson: &str, public: bool) -> Value {
    let (status, seen) = preview(hub, lesson, &wanted(public)).await;
    assert_eq!(status, 200, "{seen}");
    let body = json!({"wanted": wanted(public), "id": seen["id"], "sha256": seen["sha256"]});
    let (status, own) = ask(hub, Method::POST, &format!("/api/v1/lessons/{lesson}/releases"), &body).await;
    assert_eq!((status, &own["release"]), (201, &seen["release"]), "{own}");
    own
}

/// The signed file, as the teacher downloads it.
async fn download(hub: &TestHub, id: &str) -> Vec<u8> {
    let answer = hub.request(Method::GET, &format!("/api/v1/releases/{id}/file"), Some(&hub.teacher)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-disposition"], format!("attachment; filename=\"{id}.release\"").as_str());
    answer.bytes().await.unwrap().to_vec()
}

/// Hands a file in.
async fn import(hub: &TestHub, file: Vec<u8>) -> (u16, Value) {
    let answer = hub.request(Method::POST, "/api/v1/releases", Some(&hub.teacher)).body(file).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn withdraw(hub: &TestHub, id: &str) -> Value {
    let (status, gone) = ask(hub, Method::DELETE, &format!("/api/v1/releases/{id}"), &Value::Null).await;
    assert_eq!(status, 200, "{gone}");
    gone
}

/// What asking the only subscription brought: new, withdrawn, and what is wrong.
async fn pull(hub: &TestHub) -> (Option<u64>, Option<u64>, String) {
    let (status, looks) = ask(hub, Method::POST, "/api/v1/releases/pull", &Value::Null).await;
    assert_eq!((status, looks.as_array().unwrap().len()), (200, 1), "{looks}");
    let state = hub.get_json("/api/v1/releases").await["subscriptions"][0]["error"].as_str().unwrap_or_default().to_owned();
    let (brought, error) = (&looks[0]["brought"], &looks[0]["error"]);
    if let Some(error) = error.as_str() {
        assert_eq!(state, error, "the page shows what is wrong");
    }
    (brought["new"].as_u64(), brought["withdrawn"].as_u64(), state)
}

/// The ids of the foreign releases.
async fn foreign(hub: &TestHub) -> Vec<String> {
    let all = hub.get_json("/api/v1/releases").await;
    all["foreign"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// A hub that subscribes to an address.
async fn subscriber(url: String, key: String) -> TestHub {
    TestHub::start_with(tempfile::tempdir().unwrap(), |config| {
        config.sharing.subscribe = vec![messwerk::release::config::SubscriptionConfig { url, key }];
    })
    .await
}
