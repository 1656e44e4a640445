//! Templates of strangers: each is refused with the sentence that says why, the same to whoever publishes and to whoever has it
//! checked.

use std::io::{Cursor, Write as _};

use minisign::KeyPair;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::TestHub;
use crate::shelf::{files, teacher, with};

/// A zip file of entries as they are named.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(vec![]));
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

async fn send(hub: &TestHub, path: &str, body: Vec<u8>) -> (u16, Value) {
    let answer = hub.request(Method::POST, path, Some(&hub.teacher)).body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// What publishing refuses, and what the check says of the same bytes: the first error's sentence.
async fn refused(hub: &TestHub, what: &str, body: Vec<u8>) -> (String, String) {
    let (status, problem) = send(hub, "/api/v1/templates", body.clone()).await;
    assert!([400, 413].contains(&status), "{what}: {status} {problem}");
    let (status, lint) = send(hub, "/api/v1/templates/lint", body).await;
    assert_eq!(status, 200, "{what}: {lint}");
    let error = lint["findings"].as_array().unwrap().iter().find(|finding| finding["level"] == "error");
    let sentence = error.unwrap_or_else(|| panic!("{what}: {lint}"))["text"]["en"].as_str().unwrap().to_owned();
    assert_eq!(hub.running.hub.store.catalogue().shelf().unwrap(), [], "{what}");
    (problem["detail"].as_str().unwrap().to_owned(), sentence)
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_template_are_refused() {
    let hub = TestHub::start().await;
    let plan: &[u8] = b"format = 1";
    let picture = vec![0; 3 << 20];
    let many: Vec<(String, &[u8])> = (0..300).map(|number| (format!("assets/{number}.png"), &b"x"[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).chain([("lesson.toml", plan)]).collect();
    let noise: Vec<u8> = (0..3 << 20).map(|at: u32| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (what, body, expected) in [
        ("no zip", b"hello".to_vec(), "zip file"),
        ("nothing", vec![], "zip file"),
        ("a zip cut short", zip(&[("lesson.toml", plan)])[..60].to_vec(), "zip file"),
        ("no plan", zip(&[("de.md", b"x")]), "lesson.toml is missing"),
        ("zip-slip", zip(&[("lesson.toml", plan), ("../../evil.png", b"x")]), "leads out"),
        ("an absolute path", zip(&[("lesson.toml", plan), ("/etc/passwd", b"x")]), "leads out"),
        ("a path of another system", zip(&[("lesson.toml", plan), ("assets\\..\\a.png", b"x")]), "leads out"),
        ("a bomb", zip(&[("lesson.toml", plan), ("assets/a.png", &picture)]), "unpacks to"),
        ("a huge picture", zip(&[("lesson.toml", plan), ("assets/a.png", &noise)]), "larger than 2 mb"),
        ("very many files", zip(&many), "more than 200"),
        ("one name twice", zip(&[("lesson.toml", plan), ("assets/a.png", b"x"), ("assets/A.png", b"y")]), "twice"),
    ] {
        let (told, checked) = refused(&hub, what, body).await;
        assert!(told.to_lowercase().contains(expected), "{what}: {told}");
        assert_eq!(told, checked, "{what}: both say the same");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_with_mistakes_are_refused_with_line_and_fix() {
    let hub = TestHub::start().await;
    let good = files(&hub, "mine").await;
    let plan = |before: &str, after: &str| with(&good, "lesson.toml", before, after);
    let without = |file: &str| {
        let mut files = good.clone();
        files.as_object_mut().unwrap().remove(file);
        files
    };
    let mut painted = with(&good, "de.md", "- ein Handy", "![Ein Bild](assets/a.png)\n\n- ein Handy");
    painted["assets/a.png"] = json!({"base64": "bm8gcGljdHVyZQ=="});
    for (what, files, expected) in [
        ("an unknown step", plan("op = \"mean\"", "op = \"shell\""), "lesson.toml:"),
        ("a unit that does not fit", plan("of = [\"acceleration\"]", "of = [\"acceleration\", \"angular_velocity\"]"), "lesson.toml:"),
        ("a name that leads nowhere", plan("outcome = \"a\"", "outcome = \"b\""), "outcome"),
        ("an unknown key", plan("minutes = 45", "minutes = 45\nscript = \"rm\""), "script"),
        ("no licence", plan("license = \"CC-BY-SA-4.0\"\n", ""), "license"),
        ("a missing language", without("en.md"), "en.md"),
        ("no fixture", without("fixtures/good.toml"), "fixture"),
        ("a fixture that contradicts", with(&good, "fixtures/good.toml", "value = 9.81", "value = 12.0"), "fixtures/good.toml:"),
        ("markup", with(&good, "de.md", "Geschwindigkeit", "<script>alert(1)</script> Geschwindigkeit"), "de.md:"),
        ("a picture without words", with(&painted, "de.md", "![Ein Bild]", "![]"), "de.md:"),
        ("a picture that is none", painted.clone(), "assets/a.png"),
        ("a picture from elsewhere", with(&painted, "de.md", "assets/a.png", "https://evil.example/a.png"), "de.md:"),
    ] {
        let body = json!({"files": files}).to_string().into_bytes();
        let (status, problem) = send(&hub, "/api/v1/templates", body.clone()).await;
        assert_eq!((status, &problem["code"]), (400, &json!("template_mistakes")), "{what}: {problem}");
        let found: Vec<&str> = problem["found"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(found.iter().any(|said| said.contains(expected)), "{what}: {found:?}");
        let (_, lint) = send(&hub, "/api/v1/templates/lint", body).await;
        let errors = lint["findings"].as_array().unwrap().iter().filter(|finding| finding["level"] == "error").count();
        assert_eq!(errors, found.len(), "{what}: both find the same");
        let fixes = lint["findings"].as_array().unwrap();
        assert!(fixes.iter().all(|finding| !finding["fix"]["de"].as_str().unwrap().is_empty()), "{what}: {lint}");
    }
    let nothing = with(&good, "lesson.toml", "Meine Stunde", "Meine  Stunde");
    let (status, made) = send(&hub, "/api/v1/templates", json!({"files": nothing}).to_string().into_bytes()).await;
    assert_eq!(status, 201, "what is right is taken: {made}");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_is_shown_for_what_it_is_and_a_broken_one_refused() {
    let (ours, other) = (KeyPair::generate_unencrypted_keypair().unwrap(), KeyPair::generate_unencrypted_keypair().unwrap());
    let trusted = ours.pk.to_base64();
    let hub = TestHub::start_with(tempfile::tempdir().unwrap(), |config| config.templates.trusted_keys = vec![trusted]).await;
    let signed = async |id: &str, keys: &KeyPair| {
        let mut files = files(&hub, id).await;
        let texts = files.as_object().unwrap().iter().map(|(path, text)| (path.clone(), text.as_str().unwrap().as_bytes().to_vec()));
        let bundle = messwerk_lessons::bundle::Bundle::from_files(texts.collect()).unwrap();
        let listing = messwerk::shelf::trust::listing(&bundle);
        let signature = minisign::sign(Some(&keys.pk), &keys.sk, Cursor::new(listing), None, None).unwrap();
        files["lesson.minisig"] = json!(signature.to_string());
        files
    };
    let publish = async |files: &Value| {
        let answer = teacher(&hub, Method::POST, "/api/v1/templates", &json!({"files": files})).await;
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let good = signed("known", &ours).await;
    let (code, made) = publish(&good).await;
    assert_eq!((code, &made["trust"]), (201, &json!("trusted")), "{made}");
    let (code, made) = publish(&signed("strange", &other).await).await;
    assert_eq!((code, &made["trust"]), (201, &json!("unknown")), "usable all the same: {made}");
    assert_eq!(made["signer"].as_str().unwrap().len(), 16);
    hub.create("strange").await;
    let changed = with(&signed("broken", &ours).await, "de.md", "Die Klasse", "Eine Klasse");
    let (code, refused) = publish(&changed).await;
    assert_eq!((code, &refused["code"]), (400, &json!("template_signature")), "{refused}");
    assert!(refused["detail"].as_str().unwrap().contains("does not belong to these files"));
    // A key that is trusted may bring a newer version of what comes with the hub.
    assert_eq!(publish(&signed("pendulum", &other).await).await.1["code"], "template_id_taken");
    hub.stop().await;
}
