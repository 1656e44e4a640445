//! What is not released, and what is not taken.

use std::io::Write as _;

use messwerk::release::HubKey;
use messwerk::release::signed;
use messwerk_lessons::release::{Release, Week};
use messwerk_store::{Clock as _, SystemClock};
use zip::write::SimpleFileOptions;

use super::*;

/// The code of a refused preview.
async fn code(hub: &TestHub, lesson: &str, wanted: Value) -> String {
    let (status, refused) = preview(hub, lesson, &wanted).await;
    assert!(status == 409 || status == 400, "{status} {refused}");
    assert!(refused["detail"].as_str().unwrap().ends_with('.'), "{refused}");
    refused["code"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_leave() {
    let hub = school("Gymnasium am See").await;
    let (open, _) = class(&hub, 6).await;
    assert_eq!(code(&hub, &open, wanted(false)).await, "lesson_open");
    let (small, _) = ended(&hub, 4).await;
    assert_eq!(code(&hub, &small, wanted(false)).await, "release_too_few");
    let (lesson, _) = ended(&hub, 12).await;
    assert_eq!(code(&hub, &lesson, json!({"label": "9b", "singles": true})).await, "release_not_allowed");
    assert_eq!(code(&hub, &lesson, json!({"label": " "})).await, "release_name");
    let (status, _) = preview(&hub, &lesson, &json!({"label": "9b", "names": true})).await;
    assert_eq!(status, 400, "nothing else can be asked for");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_releases_that_tell_of_one_group() {
    let hub = school("Gymnasium am See").await;
    let (lesson, things) = ended(&hub, 12).await;
    let exclude = async |reason: Value| {
        let path = format!("/api/v1/things/{}/runs/0/exclusion", things[3]);
        assert_eq!(ask(&hub, Method::PUT, &path, &json!({"reason": reason})).await.0, 204);
    };
    // What was seen is what leaves: a change in between is noticed.
    let (_, seen) = preview(&hub, &lesson, &wanted(false)).await;
    exclude(json!("dropped")).await;
    let body = json!({"wanted": wanted(false), "id": seen["id"], "sha256": seen["sha256"]});
    let (status, refused) = ask(&hub, Method::POST, &format!("/api/v1/lessons/{lesson}/releases"), &body).await;
    assert_eq!((status, &refused["code"]), (409, &json!("release_changed")), "{refused}");

    exclude(Value::Null).await;
    let first = release(&hub, &lesson, false).await;
    assert_eq!(code(&hub, &lesson, wanted(false)).await, "release_again");
    assert_eq!(code(&hub, &lesson, wanted(true)).await, "release_again", "for others in other cells neither");
    exclude(json!("dropped")).await;
    assert_eq!(code(&hub, &lesson, wanted(false)).await, "release_difference");
    // Nobody has had the first: without it the second tells nothing.
    withdraw(&hub, first["id"].as_str().unwrap()).await;
    let second = release(&hub, &lesson, false).await;
    assert_eq!((&second["release"]["n"], &second["release"]["excluded"]), (&json!(11), &json!({"from": 1, "to": 4})));
    // Somebody has it now, and still has it when it is withdrawn.
    download(&hub, second["id"].as_str().unwrap()).await;
    assert_eq!(withdraw(&hub, second["id"].as_str().unwrap()).await["told"], json!(true));
    exclude(Value::Null).await;
    let (_, refused) = preview(&hub, &lesson, &wanted(false)).await;
    assert_eq!(refused["code"], "release_difference");
    assert!(refused["detail"].as_str().unwrap().contains("1 more, 0 fewer"), "{refused}");
    hub.stop().await;
}

/// A signed file of a release that `change` has changed.
fn forged(good: &Release, key: &HubKey, change: impl FnOnce(&mut Release)) -> Vec<u8> {
    let mut release = good.clone();
    release.table = None;
    change(&mut release);
    let (_, json, parquet) = signed::complete(release).unwrap();
    signed::write(&json, &parquet, key).unwrap()
}

/// The same zip file with one of its files replaced.
fn replaced(file: &[u8], name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    for index in 0..from.len() {
        let mut entry = from.by_index(index).unwrap();
        let is = entry.name().unwrap().into_owned();
        to.start_file(is.as_str(), SimpleFileOptions::default()).unwrap();
        let mut old = vec![];
        std::io::Read::read_to_end(&mut entry, &mut old).unwrap();
        to.write_all(if is == name { bytes } else { &old }).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_not_believed() {
    let (a, b) = (TestHub::start().await, TestHub::start().await);
    let (lesson, _) = ended(&a, 12).await;
    let own = release(&a, &lesson, false).await;
    let file = download(&a, own["id"].as_str().unwrap()).await;
    let key = a.running.hub.sharing.key.get().unwrap();
    let good = signed::read(&file).unwrap();
    let (release, json) = (good.release, String::from_utf8(good.json).unwrap());
    let other = tempfile::tempdir().unwrap();
    let (stranger, now) = (HubKey::open(other.path()).unwrap(), SystemClock.now());
    let zeros = vec![0u8; 40 << 20];
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("release_unreadable", b"PK\x03\x04 nothing".to_vec(), 400, "damaged on its way"),
        ("release_unreadable", file[..file.len() / 2].to_vec(), 400, "damaged on its way"),
        ("release_too_large", vec![b'x'; (1 << 20) + 1], 413, "larger than any release"),
        ("release_too_large", replaced(&file, "release.json", &zeros), 413, "larger than any release"),
        (
            "release_signature",
            replaced(&file, "release.json", json.replace("\"n\": 12", "\"n\": 13").as_bytes()),
            400,
            "changed after it was signed",
        ),
        ("release_signature", replaced(&file, "hub.pub", stranger.public_file().unwrap().as_bytes()), 400, "changed after it was signed"),
        ("release_signature", replaced(&file, "outcomes.parquet", b"PAR1"), 400, "outcomes.parquet"),
        ("release_future", forged(&release, &key, |release| release.week = Week::of(now + 16 * 86_400_000_000)), 400, "clock"),
        ("release_small_k", forged(&release, &key, |release| release.k = 3), 400, "k = 3"),
        ("release_contradiction", forged(&release, &key, |release| release.n = 11), 400, "do not add up"),
        ("release_contradiction", forged(&release, &key, |release| release.sd = -0.1), 400, "negative"),
        ("release_format", forged(&release, &key, |release| release.format = 2), 400, "format 2"),
        ("release_name", forged(&release, &key, |release| release.source.label = "\u{202e}b9".to_owned()), 400, "label"),
    ];
    for (code, file, status, told) in cases {
        let (found, refused) = import(&b, file).await;
        let detail = refused["detail"].as_str().unwrap();
        assert_eq!((found, refused["code"].as_str().unwrap()), (status, code), "{detail}");
        assert!(detail.contains(told), "{code}: {detail}");
    }
    // Something else that is signed with the key is no release: what is signed is signed under its name.
    let signature = key.sign(json.as_bytes(), "withdrawal.json").unwrap();
    let (_, refused) = import(&b, replaced(&file, "release.json.minisig", signature.as_bytes())).await;
    assert_eq!(refused["code"], "release_signature");
    assert_eq!(foreign(&b).await, Vec::<String>::new());

    // Replayed: bit by bit it is nothing new, with other numbers it is refused, whoever signs.
    assert_eq!(import(&b, file.clone()).await.0, 201);
    assert_eq!(import(&b, forged(&release, &key, |_| {})).await.0, 200, "signed once more it is still the same");
    for by in [&*key, &stranger] {
        let (status, refused) = import(&b, forged(&release, by, |release| release.mean += 0.001)).await;
        assert_eq!((status, &refused["code"]), (409, &json!("release_other_content")), "{refused}");
    }
    // One of a template that this hub does not have is kept, and nothing here compares with it.
    let (status, taken) = import(
        &b,
        forged(&release, &key, |release| {
            release.id = "BBBBBBBBBBBBBBBBBBBBBB".to_owned();
            release.template.id = "walk".to_owned();
        }),
    )
    .await;
    assert_eq!((status, &taken["comparable"]), (201, &json!(false)));
    for hub in [a, b] {
        hub.stop().await;
    }
}
