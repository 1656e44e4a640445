//! A town's hub passes on what its schools released: unchanged, with their signatures, and their withdrawals.

use messwerk::release::catalog::Catalog;
use messwerk::release::config::SubscriptionConfig;

use super::space::command;
use super::*;

/// A hub that subscribes to others, and publishes with what they shared.
async fn town(schools: &[&TestHub]) -> TestHub {
    let subscribe = schools.iter().map(|hub| SubscriptionConfig { url: hub.url("/catalog.json"), key: key(hub) }).collect();
    TestHub::start_with(tempfile::tempdir().unwrap(), |config| {
        config.sharing.publish = true;
        config.sharing.republish = true;
        config.sharing.subscribe = subscribe;
    })
    .await
}

async fn catalog(hub: &TestHub) -> Catalog {
    let (status, list) = ask(hub, Method::GET, "/catalog.json", &Value::Null).await;
    assert_eq!(status, 200, "{list}");
    serde_json::from_value(list).unwrap()
}

/// The file that everybody may fetch.
async fn public(hub: &TestHub, id: &str) -> (u16, Vec<u8>) {
    let answer = hub.request(Method::GET, &format!("/catalog/releases/{id}.release"), None).send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
}

async fn compared(hub: &TestHub, own: &str, id: &str) -> (u16, Value) {
    let sources = json!([{"kind": "lesson", "id": own, "label": "8b"}, {"kind": "release", "id": id}]);
    ask(hub, Method::POST, "/api/v1/compare", &json!({"sources": sources})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_and_its_withdrawal_go_through_a_third_hub() {
    let a = school("Gymnasium am See").await;
    let town = town(&[&a]).await;
    let c = subscriber(town.url("/catalog.json"), key(&town)).await;
    // A hub asks by itself as soon as it starts; after this it does so in an hour.
    for hub in [&town, &c] {
        pull(hub).await;
    }
    let (lesson, _) = ended(&a, 12).await;
    let id = release(&a, &lesson, true).await["id"].as_str().unwrap().to_owned();
    // What came as a file was perhaps told in confidence.
    let (other, _) = ended(&a, 14).await;
    let quiet = release(&a, &other, false).await["id"].as_str().unwrap().to_owned();
    assert_eq!(import(&town, download(&a, &quiet).await).await.1["used"], json!(false));
    ask(&town, Method::PUT, &format!("/api/v1/releases/{quiet}/use"), &json!({"used": true})).await;

    assert_eq!(pull(&town).await, (Some(1), Some(0), String::new()));
    let list = catalog(&town).await;
    let listed: Vec<_> = list.releases.iter().map(|entry| (entry.id.as_str(), entry.key.as_deref())).collect();
    assert_eq!((listed, list.hub.key), (vec![(id.as_str(), Some(key(&a).as_str()))], key(&town)));
    assert_eq!(public(&town, &id).await, public(&a, &id).await, "not a byte is changed");
    assert_eq!(public(&town, &quiet).await.0, 404);
    let passed = town.get_json("/api/v1/releases").await;
    let passed: Vec<_> = passed["foreign"].as_array().unwrap().iter().map(|one| (&one["id"], one["passed_on"] == json!(true))).collect();
    assert!(passed.contains(&(&json!(id), true)) && passed.contains(&(&json!(quiet), false)), "{passed:?}");

    // C knows the town's key and not the school's: a teacher says whether it is believed.
    assert_eq!(pull(&c).await, (Some(1), Some(0), String::new()));
    let kept = c.get_json("/api/v1/releases").await["foreign"][0].clone();
    assert_eq!((&kept["key"], &kept["used"], &kept["trust"]), (&json!(key(&a)), &json!(false), &json!("unknown")), "{kept}");
    assert_eq!(pull(&c).await, (Some(0), Some(0), String::new()), "nothing new");
    let (own, _) = class(&c, 6).await;
    assert_eq!(compared(&c, &own, &id).await.1["code"], "release_unused");
    let believed = json!({"used": true, "source": "Gymnasium am See"});
    assert_eq!(ask(&c, Method::PUT, &format!("/api/v1/releases/{id}/use"), &believed).await.0, 204);
    let (status, answer) = compared(&c, &own, &id).await;
    assert_eq!((status, &answer["origins"][1]["trust"]), (200, &json!("known")), "{answer}");

    withdraw(&a, &id).await;
    assert_eq!(pull(&town).await, (Some(0), Some(1), String::new()));
    let list = catalog(&town).await;
    assert_eq!((list.releases.len(), list.withdrawn.len(), list.withdrawn[0].key.clone()), (0, 1, Some(key(&a))));
    assert_eq!(public(&town, &id).await.0, 404);
    assert_eq!(pull(&c).await, (Some(0), Some(1), String::new()));
    assert_eq!((foreign(&c).await, compared(&c, &own, &id).await.1["code"].clone()), (Vec::<String>::new(), json!("release_withdrawn")));
    for hub in [a, town, c] {
        hub.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_withdraw_for_another_or_speak_in_his_name() {
    let (a, stranger) = (school("Gymnasium am See").await, school("Irgendwo").await);
    let town = town(&[&a]).await;
    let (lesson, _) = ended(&a, 12).await;
    let id = release(&a, &lesson, true).await["id"].as_str().unwrap().to_owned();
    pull(&town).await;
    // Who subscribes to school and town has the school's word, on whichever way it came.
    let both = TestHub::start_with(tempfile::tempdir().unwrap(), |config| {
        let of = |hub: &TestHub| SubscriptionConfig { url: hub.url("/catalog.json"), key: key(hub) };
        config.sharing.subscribe = vec![of(&town), of(&a)];
    })
    .await;
    ask(&both, Method::POST, "/api/v1/releases/pull", &Value::Null).await;
    let kept = both.get_json("/api/v1/releases").await["foreign"][0].clone();
    assert_eq!((&kept["used"], &kept["trust"]), (&json!(true), &json!("subscribed")), "{kept}");

    // The same files on a web space, with a withdrawal and a key that are not the school's.
    let space = tempfile::tempdir().unwrap();
    let named = format!("url = \"{}\"\nkey = \"{}\"", a.url("/catalog.json"), key(&a));
    std::fs::write(town.path().join("messwerk.toml"), format!("[sharing]\nrepublish = true\n[[sharing.subscribe]]\n{named}\n")).unwrap();
    let (good, said) = command(&["export", space.path().to_str().unwrap()], town.path());
    assert!(good && said.contains("lists 1 releases and 0 templates"), "{said}");
    let file = space.path().join(format!("catalog/releases/{id}.release"));
    assert_eq!(std::fs::read(&file).unwrap(), public(&a, &id).await.1);
    let forged = messwerk::release::catalog::Withdrawal::sign(&id, 0, &stranger.running.hub.sharing.key.get().unwrap()).unwrap();
    let (by_stranger, by_school) = (key(&stranger), key(&a));
    super::space::change(space.path(), |list| {
        list.releases[0].key = Some(by_stranger.clone());
        // The stranger's word about his own key counts, and it is about nothing that the school has shared.
        for key in [by_stranger, by_school] {
            let (statement, signature) = (forged.statement.clone(), forged.signature.clone());
            list.withdrawn.push(messwerk::release::catalog::Buried { statement, signature, key: Some(key) });
        }
    });
    // It asks by itself as soon as it starts.
    let c = subscriber(super::space::serve(space.path().to_owned()), key(&town)).await;
    let (new, gone, error) = pull(&c).await;
    assert_eq!((new, gone), (Some(0), Some(0)));
    assert!(error.contains("not signed with its key"), "{error}");
    let nobody = key(&both);
    super::space::change(space.path(), |list| (list.withdrawn, list.releases[0].key) = (vec![], Some(nobody)));
    let (new, _, error) = pull(&c).await;
    assert!(new == Some(0) && error.contains("another key than the catalogue says"), "{error}");
    assert!(command(&["export", space.path().to_str().unwrap()], town.path()).0);
    assert_eq!(pull(&c).await, (Some(1), Some(0), String::new()), "a stranger withdrew what nobody of that key had shared");
    for hub in [a, stranger, town, both, c] {
        hub.stop().await;
    }
}
