//! What works: by subscription, by hand, and what stays of it.

use messwerk_store::catalogue::ForeignRelease;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn two_hubs_exchange_and_take_back() {
    let a = school("Gymnasium am See").await;
    let b = subscriber(a.url("/catalog.json"), key(&a)).await;
    let (lesson, things) = ended(&a, 12).await;
    let own = release(&a, &lesson, true).await;
    let id = own["id"].as_str().unwrap().to_owned();
    assert_eq!((&own["given"], &own["release"]["n"], &own["release"]["k"]), (&Value::Null, &json!(12), &json!(10)));

    // Before anybody asks, whoever looks sees nothing of the pupils in what left.
    let (status, list) = ask(&a, Method::GET, "/catalog.json", &Value::Null).await;
    assert_eq!((status, &list["releases"][0]["id"], &list["hub"]["key"]), (200, &json!(id), &json!(key(&a))));
    let file = a.request(Method::GET, &format!("/{}", list["releases"][0]["url"].as_str().unwrap()), None).send().await.unwrap();
    let file = messwerk::release::signed::read(&file.bytes().await.unwrap()).unwrap();
    let (said, shown) = (String::from_utf8(file.json).unwrap(), list.to_string());
    for thing in a.get_json(&format!("/api/v1/lessons/{lesson}/outcomes")).await["outcomes"].as_array().unwrap() {
        let value = thing["value"].as_f64().unwrap().to_string();
        for secret in [thing["nickname"].as_str().unwrap(), &value, &things[0], &lesson] {
            assert!(!said.contains(secret) && !shown.contains(secret), "{secret} is in {said}");
        }
    }

    // B was told nothing so far but asks when it starts; by now it has it or gets it.
    pull(&b).await;
    assert_eq!(foreign(&b).await, std::slice::from_ref(&id));
    let kept = &b.get_json("/api/v1/releases").await["foreign"][0];
    assert_eq!((&kept["used"], &kept["comparable"], &kept["release"]), (&json!(true), &json!(true), &own["release"]));
    assert_eq!(pull(&b).await, (Some(0), Some(0), String::new()), "nothing new");
    let rules = b.get_json("/api/v1/privacy").await;
    assert_eq!(rules["outbound"], json!(["127.0.0.1"]), "whom the hub calls is told");

    assert_eq!(withdraw(&a, &id).await, json!({"withdrawn": true, "told": true}));
    let carried = pull_file(&b, &id).await;
    assert_eq!(pull(&b).await, (Some(0), Some(1), String::new()));
    assert_eq!(foreign(&b).await, Vec::<String>::new());
    let (status, refused) = import(&b, carried).await;
    assert_eq!((status, &refused["code"]), (409, &json!("release_withdrawn")), "not by hand either: {refused}");
    assert_eq!(ask(&a, Method::GET, &format!("/catalog/releases/{id}.release"), &Value::Null).await.0, 404);
    for hub in [a, b] {
        hub.stop().await;
    }
}

/// The file that a hub has of another's release.
async fn pull_file(hub: &TestHub, id: &str) -> Vec<u8> {
    download(hub, id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn by_hand_an_unknown_source_waits_for_a_teachers_word() {
    let (a, b) = (TestHub::start().await, TestHub::start().await);
    // By hand six groups are enough; for everybody they are not.
    let (lesson, _) = ended(&a, 6).await;
    let (status, refused) = preview(&a, &lesson, &wanted(true)).await;
    assert_eq!((status, &refused["code"]), (409, &json!("release_too_few")), "{refused}");
    let own = release(&a, &lesson, false).await;
    let (status, list) = ask(&a, Method::GET, "/catalog.json", &Value::Null).await;
    assert_eq!((status, &list["code"]), (404, &json!("not_published")));
    let file = download(&a, own["id"].as_str().unwrap()).await;

    let (status, taken) = import(&b, file.clone()).await;
    assert_eq!((status, &taken["new"], &taken["used"], &taken["comparable"]), (201, &json!(true), &json!(false), &json!(true)));
    let (status, again) = import(&b, file.clone()).await;
    assert_eq!((status, &again["new"], &again["used"]), (200, &json!(false), &json!(false)), "the same again is nothing new");
    assert_eq!(import(&a, file).await.0, 200, "nor is one's own");
    let say = format!("/api/v1/releases/{}/use", own["id"].as_str().unwrap());
    assert_eq!(ask(&b, Method::PUT, &say, &json!({"used": true, "source": "Seeschule"})).await.0, 204);
    let all = b.get_json("/api/v1/releases").await;
    assert_eq!((&all["foreign"][0]["used"], &all["foreign"][0]["source"]), (&json!(true), &json!("Seeschule")));
    assert_eq!(all["sources"][0]["key"], json!(key(&a)));

    // The next of the same source needs no word.
    let (lesson, _) = ended(&a, 5).await;
    let next = release(&a, &lesson, false).await;
    let (_, taken) = import(&b, download(&a, next["id"].as_str().unwrap()).await).await;
    assert_eq!(taken["used"], json!(true));
    let gone = withdraw(&b, next["id"].as_str().unwrap()).await;
    assert_eq!(gone, json!({"withdrawn": false, "told": false}), "another hub's is only not here any more");
    let forget = b.client.delete(b.url("/api/v1/releases/sources")).query(&[("key", key(&a))]).bearer_auth(&b.teacher);
    assert_eq!(forget.send().await.unwrap().status(), 204);
    assert_eq!(b.get_json("/api/v1/releases").await["foreign"][0]["source"], Value::Null);
    for hub in [a, b] {
        hub.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_outlives_its_lesson_until_it_is_withdrawn() {
    let hub = school("Gymnasium am See").await;
    let (lesson, _) = ended(&hub, 12).await;
    let own = release(&hub, &lesson, true).await;
    let id = lesson.parse().unwrap();
    assert_eq!(hub.running.hub.store.catalogue().release_sets(id).unwrap().len(), 1);
    assert_eq!(ask(&hub, Method::DELETE, &format!("/api/v1/lessons/{lesson}"), &Value::Null).await.0, 204);
    assert_eq!(hub.running.hub.store.catalogue().release_sets(id).unwrap(), [], "of which results goes with the lesson");
    let left = hub.get_json("/api/v1/releases").await;
    assert_eq!((&left["own"][0]["lesson"], &left["own"][0]["release"]), (&Value::Null, &own["release"]));
    assert_eq!(ask(&hub, Method::GET, "/catalog.json", &Value::Null).await.1["releases"][0]["id"], own["id"]);
    // Nobody has fetched it: it goes without a trace.
    assert_eq!(withdraw(&hub, own["id"].as_str().unwrap()).await, json!({"withdrawn": true, "told": false}));
    let (_, list) = ask(&hub, Method::GET, "/catalog.json", &Value::Null).await;
    assert_eq!((&list["releases"], &list["withdrawn"]), (&json!([]), &json!([])));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_others_that_cannot_be_read_any_more_hides_no_other() {
    let (sender, receiver) = (school("Seeschule").await, school("Bergschule").await);
    let (lesson, _) = ended(&sender, 6).await;
    let good = release(&sender, &lesson, false).await["id"].as_str().unwrap().to_owned();
    assert_eq!(import(&receiver, download(&sender, &good).await).await.0, 201);
    let broken = ForeignRelease { id: "broken".into(), key: "RWkey".into(), subscription: None, came: 1, used: true, file: vec![0; 9] };
    assert!(receiver.running.hub.store.catalogue().add_foreign_release(&broken).unwrap());
    assert_eq!(foreign(&receiver).await, [good]);
    for hub in [sender, receiver] {
        hub.stop().await;
    }
}
