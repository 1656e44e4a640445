//! What an administrator is told.

use reqwest::Method;
use serde_json::Value;

use crate::harness::TestHub;

#[tokio::test(flavor = "multi_thread")]
async fn where_a_hub_listens_is_left_for_the_commands_and_gone_with_it() {
    let hub = TestHub::start().await;
    let left = messwerk::doctor::card::read(hub.path()).unwrap();
    assert_eq!((left.web, left.mqtt), (hub.running.http, Some(hub.running.mqtt)));
    let folder = hub.stop().await;
    assert!(messwerk::doctor::card::read(folder.path()).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_is_named_and_the_rest_works() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let body = r#"{"acc_time":[0.01,0.02],"accX":[1,2],"accY":[1,2],"accZ":[9.8,9.7]}"#;
    assert_eq!(hub.post(&class.token, body).await.0, 200);
    let ready = hub.get_json("/readyz").await;
    assert_eq!((&ready["ready"], ready["problems"].as_array().unwrap().len()), (&Value::Bool(true), 0));
    let folder = hub.stop().await;
    let files = std::fs::read_dir(folder.path().join("lessons").join(&class.lesson)).unwrap().map(|entry| entry.unwrap().path());
    let segment =
        files.filter(|path| path.extension().is_some_and(|kind| kind == "parquet")).find(|path| !path.to_string_lossy().contains(".1s."));
    std::fs::remove_file(segment.unwrap()).unwrap();

    let hub = TestHub::start_in(folder).await;
    let ready = hub.get_json("/readyz").await;
    let problem = ready["problems"][0].as_str().unwrap();
    assert!(problem.contains("2 acceleration readings") && problem.contains(&class.lesson), "{problem}");
    let response = hub.request(Method::GET, "/readyz", None).send().await.unwrap();
    assert_eq!(response.status(), 200, "readings are still taken");
    let public = response.text().await.unwrap();
    assert!(public.contains("hub's log") && !public.contains(&class.lesson) && !public.contains(".parquet"), "{public}");
    let metrics = hub.get("/metrics").await;
    assert!(metrics.contains("\nmesswerk_problems 1\n") && metrics.contains("\nmesswerk_read_only 0\n"), "{metrics}");
    let watch = hub.running.hub.results.watch(class.lesson.parse().unwrap()).wait_for(Option::is_some).await.unwrap().clone();
    assert_eq!(serde_json::to_value(&watch.unwrap().counters.notices).unwrap(), serde_json::json!(["problems"]));
    hub.stop().await;
}
