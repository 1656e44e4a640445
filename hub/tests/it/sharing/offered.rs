//! Templates in the catalogue: seen beside their source, taken onto the shelf when a teacher says so, and only as they were offered.

use std::collections::BTreeMap;
use std::io::Cursor;

use messwerk::shelf::trust::listing;
use messwerk_lessons::bundle::Bundle;
use minisign::KeyPair;

use super::space::{change, command, serve};
use super::*;
use crate::shelf::{files, teacher};

/// Puts a template on a hub's shelf, signed with `author`'s key if there is one; its SHA-256.
async fn shelved(hub: &TestHub, id: &str, author: Option<&KeyPair>) -> String {
    let mut files = files(hub, id).await;
    if let Some(author) = author {
        let bytes: BTreeMap<String, Vec<u8>> =
            files.as_object().unwrap().iter().map(|(path, text)| (path.clone(), text.as_str().unwrap().as_bytes().to_vec())).collect();
        let listing = listing(&Bundle::from_files(bytes).unwrap());
        let signature = minisign::sign(Some(&author.pk), &author.sk, Cursor::new(listing), None, None).unwrap();
        files["lesson.minisig"] = json!(signature.to_string());
    }
    let made: Value = teacher(hub, Method::POST, "/api/v1/templates", &json!({"files": files})).await.json().await.unwrap();
    made["sha256"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

/// What the only subscription offers, by id.
async fn offers(hub: &TestHub) -> Vec<Value> {
    hub.get_json("/api/v1/releases").await["subscriptions"][0]["templates"].as_array().unwrap().clone()
}

async fn take(hub: &TestHub, sha256: &str) -> (u16, Value) {
    ask(hub, Method::POST, &format!("/api/v1/offers/{sha256}"), &Value::Null).await
}

/// The trust that a teacher sees of each offer, and whether it is on the shelf.
fn seen(offers: &[Value]) -> Vec<(&str, &str, bool)> {
    offers.iter().map(|offer| (offer["id"].as_str().unwrap(), offer["trust"].as_str().unwrap(), offer["here"] == json!(true))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_goes_from_shelf_to_shelf_when_a_teacher_says_so() {
    let a = school("Gymnasium am See").await;
    let (known, other) = (KeyPair::generate_unencrypted_keypair().unwrap(), KeyPair::generate_unencrypted_keypair().unwrap());
    let b = {
        let subscribe = vec![messwerk::release::config::SubscriptionConfig { url: a.url("/catalog.json"), key: key(&a) }];
        let trusted = known.pk.to_base64();
        TestHub::start_with(tempfile::tempdir().unwrap(), |config| {
            config.sharing.subscribe = subscribe;
            config.templates.trusted_keys = vec![trusted];
        })
        .await
    };
    let plain = shelved(&a, "mine", None).await;
    let signed = shelved(&a, "ours", Some(&known)).await;
    shelved(&a, "theirs", Some(&other)).await;
    a.running.hub.sharing.shelf.changed();
    assert_eq!(pull(&b).await, (Some(0), Some(0), String::new()));
    let all = offers(&b).await;
    assert_eq!(seen(&all), [("mine", "unsigned", false), ("ours", "trusted", false), ("theirs", "unknown", false)]);
    assert_eq!((&all[0]["sha256"], &all[0]["version"], all[0]["title"]["de"].is_string()), (&json!(plain), &json!("1.0.0"), true));
    assert!(all[0]["license"].as_str().is_some_and(|license| !license.is_empty()) && all[1]["signer"].is_string(), "{all:?}");
    assert_eq!(ask(&b, Method::GET, "/api/v1/templates/mine", &Value::Null).await.0, 404, "nothing comes by itself");

    let (status, taken) = take(&b, &plain).await;
    assert_eq!((status, &taken["source"], &taken["trust"]), (201, &json!("imported"), &json!("unsigned")), "{taken}");
    assert_eq!(take(&b, &plain).await.0, 200, "once more is nothing new");
    let (status, taken) = take(&b, &signed).await;
    assert_eq!((status, &taken["trust"], &taken["sha256"]), (201, &json!("trusted"), &json!(signed)), "{taken}");
    assert_eq!(seen(&offers(&b).await), [("mine", "unsigned", true), ("ours", "trusted", true), ("theirs", "unknown", false)]);

    // Off the other's shelf it is not offered any more; who has it keeps it.
    assert_eq!(ask(&a, Method::DELETE, "/api/v1/templates/mine?version=1.0.0", &Value::Null).await.0, 204);
    assert_eq!(ask(&a, Method::GET, "/catalog/templates/mine-1.0.0.lesson", &Value::Null).await.0, 404);
    a.running.hub.sharing.shelf.changed();
    pull(&b).await;
    assert_eq!(offers(&b).await.len(), 2);
    assert_eq!(take(&b, &plain).await.1["code"], "unknown_template");
    assert_eq!(ask(&b, Method::GET, "/api/v1/templates/mine", &Value::Null).await.0, 200);
    for hub in [a, b] {
        hub.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_may_keep_the_shelf_to_the_school() {
    let hub = TestHub::start_with(tempfile::tempdir().unwrap(), |config| {
        (config.sharing.publish, config.sharing.templates) = (true, false);
    })
    .await;
    shelved(&hub, "mine", None).await;
    let (status, list) = ask(&hub, Method::GET, "/catalog.json", &Value::Null).await;
    assert_eq!((status, &list["templates"]), (200, &json!([])));
    assert_eq!(ask(&hub, Method::GET, "/catalog/templates/mine-1.0.0.lesson", &Value::Null).await.0, 404);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_space_offers_templates_and_a_changed_one_is_refused() {
    let a = TestHub::start().await;
    let space = tempfile::tempdir().unwrap();
    let author = KeyPair::generate_unencrypted_keypair().unwrap();
    let sha256 = shelved(&a, "mine", Some(&author)).await;
    let export = || command(&["export", space.path().to_str().unwrap()], a.path());
    let (good, said) = export();
    assert!(good && said.contains("lists 0 releases and 1 templates"), "{said}");
    let b = subscriber(serve(space.path().to_owned()), key(&a)).await;
    assert_eq!(pull(&b).await.2, "");
    assert_eq!(offers(&b).await.len(), 1);

    let file = space.path().join("catalog/templates/mine-1.0.0.lesson");
    let good = std::fs::read(&file).unwrap();
    let mut unsigned = messwerk::shelf::files::Files::of(&Bundle::from_zip(&good).unwrap());
    unsigned.files.remove("lesson.minisig");
    let unsigned = Bundle::from_files(unsigned.bytes().unwrap()).unwrap();
    assert_eq!(unsigned.sha256(), sha256, "a signature is no part of what it signs");
    let other = messwerk::shelf::starter::files("mine").unwrap().bytes().unwrap();
    for (what, bytes, status, code) in [
        ("without its signature", Some(unsigned.to_zip().unwrap()), 409, "offer_changed"),
        ("another one", Some(Bundle::from_files(other).unwrap().to_zip().unwrap()), 409, "offer_changed"),
        ("no template", Some(b"hello".to_vec()), 400, "template_no_zip"),
        ("gone", None, 503, "offer_unreachable"),
    ] {
        bytes.map_or_else(|| std::fs::remove_file(&file).unwrap(), |bytes| std::fs::write(&file, bytes).unwrap());
        let (found, refused) = take(&b, &sha256).await;
        assert_eq!((found, refused["code"].as_str().unwrap()), (status, code), "{what}: {refused}");
        assert_eq!(b.running.hub.store.catalogue().shelf().unwrap(), [], "{what}");
    }
    // In the list, too, only what the hub has signed counts.
    change(space.path(), |list| list.templates[0].sha256 = "0".repeat(64));
    let (_, _, error) = pull(&b).await;
    assert!(error.contains("not signed with its key") && offers(&b).await.is_empty(), "{error}");
    assert!(export().0);
    assert_eq!(pull(&b).await.2, "");
    assert_eq!(take(&b, &sha256).await.0, 201);
    assert_eq!(ask(&a, Method::DELETE, "/api/v1/templates/mine?version=1.0.0", &Value::Null).await.0, 204);
    assert!(export().0 && !file.exists());
    for hub in [a, b] {
        hub.stop().await;
    }
}
