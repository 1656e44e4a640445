//! The school's shelf over real HTTP: templates come, are found, looked at, used by lessons, and go.

use messwerk_store::catalogue::Origin;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::harness::TestHub;

/// The files of the small template that every new one begins with, under an id.
pub(crate) async fn files(hub: &TestHub, id: &str) -> Value {
    let draft = teacher(hub, Method::POST, "/api/v1/drafts", &json!({"files": {}})).await;
    let draft: Value = draft.json().await.unwrap();
    let whole = hub.get_json(&format!("/api/v1/drafts/{}", draft["id"].as_str().unwrap())).await;
    let plan = whole["files"]["lesson.toml"].as_str().unwrap().replace("my-lesson", id);
    let mut files = whole["files"].clone();
    files["lesson.toml"] = json!(plan);
    files
}

/// The same with something in a file replaced.
pub(crate) fn with(files: &Value, file: &str, before: &str, after: &str) -> Value {
    let mut files = files.clone();
    let text = files[file].as_str().unwrap();
    assert!(text.contains(before), "{file} has no {before}");
    files[file] = json!(text.replace(before, after));
    files
}

pub(crate) async fn teacher(hub: &TestHub, method: Method, path: &str, body: &Value) -> Response {
    hub.request(method, path, Some(&hub.teacher)).json(body).send().await.unwrap()
}

async fn publish(hub: &TestHub, files: &Value) -> (u16, Value) {
    let answer = teacher(hub, Method::POST, "/api/v1/templates", &json!({"files": files})).await;
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn status(hub: &TestHub, method: Method, path: &str) -> u16 {
    teacher(hub, method, path, &json!({})).await.status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_published_used_changed_and_taken_off() {
    let hub = TestHub::start().await;
    let first = files(&hub, "mine").await;
    let (code, made) = publish(&hub, &first).await;
    assert_eq!((code, &made["id"], &made["source"], &made["trust"]), (201, &json!("mine"), &json!("made"), &json!("made")), "{made}");
    assert_eq!(publish(&hub, &first).await.0, 200, "the same once more");

    // A lesson keeps what it was made with.
    let lesson = hub.create("mine").await;
    let path = format!("/api/v1/lessons/{}", lesson["id"].as_str().unwrap());
    let second =
        with(&with(&first, "lesson.toml", "version = \"1.0.0\"", "version = \"1.1.0\""), "lesson.toml", "Meine Stunde", "Unsere Stunde");
    assert_eq!(publish(&hub, &second).await.0, 201);
    let shown = hub.get_json(&path).await;
    assert_eq!((&shown["template_version"], &shown["template_sha256"]), (&json!("1.0.0"), &made["sha256"]));
    assert!(shown["title"]["de"].as_str().unwrap().starts_with("Meine Stunde"), "{shown}");
    let newest = hub.get_json("/api/v1/templates/mine").await;
    assert_eq!((&newest["version"], &newest["texts"]["de"][0]["key"]), (&json!("1.1.0"), &json!("goals")));
    assert_eq!(newest["texts"]["en"][3]["body"][0]["tag"], "p");
    let of_old = json!({"template": "mine", "version": "1.0.0"});
    assert_eq!(teacher(&hub, Method::POST, "/api/v1/lessons", &of_old).await.status(), 201);

    // Other bytes under a version that is there are refused, and what is off the shelf can be put back.
    let (code, refused) = publish(&hub, &with(&second, "de.md", "Die Klasse", "Eine Klasse")).await;
    assert_eq!((code, &refused["code"]), (409, &json!("template_version_taken")), "{refused}");
    assert!(refused["detail"].as_str().unwrap().contains("Raise the version"));
    assert_eq!(status(&hub, Method::DELETE, "/api/v1/templates/mine?version=1.1.0").await, 204);
    assert_eq!(hub.get_json("/api/v1/templates/mine").await["version"], "1.0.0");
    assert_eq!(status(&hub, Method::GET, "/api/v1/templates/mine?version=1.1.0").await, 404);
    let (code, refused) = publish(&hub, &with(&second, "de.md", "Die Klasse", "Eine Klasse")).await;
    assert_eq!((code, &refused["code"]), (409, &json!("template_version_taken")), "taken off is not free: {refused}");
    assert_eq!(status(&hub, Method::POST, "/api/v1/templates/mine/restore?version=1.1.0").await, 204);
    assert_eq!(hub.get_json("/api/v1/templates/mine").await["version"], "1.1.0");
    for version in ["1.0.0", "1.1.0"] {
        assert_eq!(status(&hub, Method::DELETE, &format!("/api/v1/templates/mine?version={version}")).await, 204);
    }
    assert_eq!(status(&hub, Method::GET, "/api/v1/templates/mine").await, 404);
    assert_eq!(hub.get_json(&path).await["template_version"], "1.0.0", "the lesson has it still");
    hub.get(&format!("{path}/outcomes")).await;

    // After a restart, too.
    let folder = hub.stop().await;
    let hub = TestHub::start_in(folder).await;
    assert!(hub.get_json(&path).await["title"]["de"].as_str().unwrap().starts_with("Meine Stunde"));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn built_in_templates_are_listed_and_keep_their_names() {
    let hub = TestHub::start().await;
    let list = hub.get_json("/api/v1/templates").await;
    let pendulum = list.as_array().unwrap().iter().find(|template| template["id"] == "pendulum").unwrap();
    assert_eq!((&pendulum["trust"], &pendulum["source"], &pendulum["subject"]), (&json!("builtin"), &json!("builtin"), &json!("physics")));
    assert!(pendulum["summary"]["de"].is_string() && pendulum["minutes"].is_u64() && pendulum["authors"][0].is_string(), "{pendulum}");
    let lesson = hub.create("pendulum").await;
    let shown = hub.get_json(&format!("/api/v1/lessons/{}", lesson["id"].as_str().unwrap())).await;
    assert_eq!(shown["template_sha256"], pendulum["sha256"], "the built-in one is kept as well");
    assert_eq!(
        status(&hub, Method::DELETE, &format!("/api/v1/templates/pendulum?version={}", pendulum["version"].as_str().unwrap())).await,
        404
    );
    let (code, refused) = publish(&hub, &files(&hub, "pendulum").await).await;
    assert_eq!((code, &refused["code"]), (409, &json!("template_id_taken")), "{refused}");
    let unknown = teacher(&hub, Method::POST, "/api/v1/lessons", &json!({"template": "walk"})).await;
    assert_eq!(unknown.status(), 400);
    let unknown: Value = unknown.json().await.unwrap();
    assert_eq!(unknown["code"], "unknown_template");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_from_hub_to_hub_and_its_metadata_with_it() {
    let (one, other) = (TestHub::start().await, TestHub::start().await);
    publish(&one, &files(&one, "mine").await).await;
    let file = one.request(Method::GET, "/api/v1/templates/mine/download", None).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "application/zip");
    assert!(file.headers()["content-disposition"].to_str().unwrap().contains("mine-1.0.0.lesson"));
    let bytes = file.bytes().await.unwrap();
    let taken = other.request(Method::POST, "/api/v1/templates", Some(&other.teacher)).body(bytes).send().await.unwrap();
    assert_eq!(taken.status(), 201);
    let taken: Value = taken.json().await.unwrap();
    assert_eq!((&taken["source"], &taken["trust"]), (&json!("imported"), &json!("unsigned")));
    assert_eq!(taken["sha256"], one.get_json("/api/v1/templates/mine").await["sha256"]);
    assert_eq!(other.running.hub.store.catalogue().shelf().unwrap()[0].origin, Origin::Imported);
    let told = other.get_json("/api/v1/templates/mine/amb.json").await;
    assert_eq!((&told["type"], &told["@context"][0]), (&json!(["LearningResource"]), &json!("https://w3id.org/kim/amb/context.jsonld")));
    let address = told["encoding"][0]["contentUrl"].as_str().unwrap();
    assert_eq!(other.client.get(address).send().await.unwrap().status(), 200, "what it names is there");
    one.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_says_whose_it_was() {
    let hub = TestHub::start().await;
    let body = json!({"authors": ["B. Beispiel"]});
    let draft: Value = teacher(&hub, Method::POST, "/api/v1/templates/pendulum/fork", &body).await.json().await.unwrap();
    let whole = hub.get_json(&format!("/api/v1/drafts/{}", draft["id"].as_str().unwrap())).await;
    let plan = whole["files"]["lesson.toml"].as_str().unwrap();
    assert!(plan.contains("id = \"pendulum-2\"") && plan.contains("[origin]") && plan.contains("B. Beispiel"), "{plan}");
    let (code, made) = publish(&hub, &whole["files"]).await;
    assert_eq!((code, &made["origin"]["id"]), (201, &json!("pendulum")), "{made}");
    assert_eq!(made["origin"]["sha256"], hub.get_json("/api/v1/templates/pendulum").await["sha256"]);
    let next: Value = teacher(&hub, Method::POST, "/api/v1/templates/pendulum/fork", &json!({})).await.json().await.unwrap();
    let next = hub.get_json(&format!("/api/v1/drafts/{}", next["id"].as_str().unwrap())).await;
    assert!(next["files"]["lesson.toml"].as_str().unwrap().contains("id = \"pendulum-3\""));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_may_be_wrong_is_saved_and_overwrites_nobody() {
    let hub = TestHub::start().await;
    let draft: Value =
        teacher(&hub, Method::POST, "/api/v1/drafts", &json!({"files": {"lesson.toml": "id = "}})).await.json().await.unwrap();
    let path = format!("/api/v1/drafts/{}", draft["id"].as_str().unwrap());
    let save = json!({"changed": draft["changed"], "files": {"lesson.toml": "id = \"fall\"", "assets/a.png": {"base64": "iVBORw0KGgo="}}});
    let saved: Value = teacher(&hub, Method::PUT, &path, &save).await.json().await.unwrap();
    assert_eq!(saved["title"], "fall");
    let refused = teacher(&hub, Method::PUT, &path, &save).await;
    assert_eq!(refused.status(), 409);
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["code"], "draft_changed");
    let whole = hub.get_json(&path).await;
    assert_eq!((&whole["files"], &whole["changed"]), (&save["files"], &saved["changed"]));
    assert_eq!(status(&hub, Method::DELETE, &path).await, 204);
    assert_eq!((status(&hub, Method::GET, &path).await, hub.get_json("/api/v1/drafts").await), (404, json!([])));
    assert_eq!(status(&hub, Method::POST, &format!("{path}/restore")).await, 204);
    assert_eq!(hub.get_json("/api/v1/drafts").await.as_array().unwrap().len(), 1);
    let file = hub.request(Method::GET, &format!("{path}/download"), Some(&hub.teacher)).send().await.unwrap();
    assert!(file.bytes().await.unwrap().starts_with(b"PK"));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_tried_with_a_class() {
    let hub = TestHub::start().await;
    let files = files(&hub, "mine").await;
    let told = teacher(&hub, Method::POST, "/api/v1/templates/preview?lang=de", &json!({"files": files})).await;
    assert_eq!(told.status(), 200);
    let told: Value = told.json().await.unwrap();
    assert_eq!((told["groups"].as_array().unwrap().len(), &told["fixtures"][0]["passed"]), (8, &json!(true)));
    assert!(told["figures"][1]["svg"].as_str().unwrap().starts_with("<svg"), "{}", told["figures"]);
    let contradicting = with(&files, "fixtures/good.toml", "value = 9.81", "value = 12.0");
    let told: Value =
        teacher(&hub, Method::POST, "/api/v1/templates/preview", &json!({"files": contradicting})).await.json().await.unwrap();
    assert_eq!(told["fixtures"][0]["passed"], false);
    hub.stop().await;
}
