//! A static web space between two hubs, and the commands that write it and ask it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use messwerk::release::catalog::Catalog;

use super::*;

/// Serves a folder's files on loopback, and nothing else, until the test ends; its address.
pub(super) fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut request = [0; 4096];
            let read = socket.read(&mut request).unwrap_or(0);
            let path = String::from_utf8_lossy(&request[..read]).split(' ').nth(1).unwrap_or("/").trim_start_matches('/').to_owned();
            let (status, body) = std::fs::read(folder.join(path)).map_or(("404 Not Found", vec![]), |body| ("200 OK", body));
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = socket.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    format!("http://{address}/catalog.json")
}

/// Runs `messwerk catalog …` on a hub's folder; whether it succeeded, and what it said.
pub(super) fn command(arguments: &[&str], data: &Path) -> (bool, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_messwerk"));
    let output = program.arg("catalog").args(arguments).arg("--data-dir").arg(data).env_remove("MESSWERK_CONFIG").output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

/// Changes the catalogue of a web space.
pub(super) fn change(space: &Path, change: impl FnOnce(&mut Catalog)) {
    let path = space.join("catalog.json");
    let mut list: Catalog = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(&mut list);
    std::fs::write(path, serde_json::to_vec(&list).unwrap()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_static_web_space_serves_as_well() {
    let a = TestHub::start().await;
    let space = tempfile::tempdir().unwrap();
    let export = || command(&["export", space.path().to_str().unwrap()], a.path());
    let (good, said) = command(&["key"], a.path());
    assert!(good && said.trim() == key(&a), "{said}");
    let b = subscriber(serve(space.path().to_owned()), key(&a)).await;
    let (_, _, error) = pull(&b).await;
    assert!(error.contains("answers 404") && error.contains("sharing.publish"), "{error}");

    let (lesson, _) = ended(&a, 12).await;
    let own = release(&a, &lesson, true).await;
    let id = own["id"].as_str().unwrap();
    let (good, said) = export();
    assert!(good && said.contains("lists 1 releases"), "{said}");
    assert!(!a.get_json("/api/v1/releases").await["own"][0]["given"].is_null(), "what was exported is given");
    assert_eq!(pull(&b).await, (Some(1), Some(0), String::new()));
    assert_eq!(foreign(&b).await, [id]);

    withdraw(&a, id).await;
    assert!(export().0);
    assert_eq!(std::fs::read_dir(space.path().join("catalog/releases")).unwrap().count(), 0);
    assert_eq!(pull(&b).await, (Some(0), Some(1), String::new()));
    for hub in [a, b] {
        hub.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_that_somebody_changed() {
    let a = TestHub::start().await;
    let space = tempfile::tempdir().unwrap();
    let url = serve(space.path().to_owned());
    let b = subscriber(url.clone(), key(&a)).await;
    let (lesson, _) = ended(&a, 12).await;
    let own = release(&a, &lesson, true).await;
    let id = own["id"].as_str().unwrap().to_owned();
    let export = || assert!(command(&["export", space.path().to_str().unwrap()], a.path()).0);
    let stranger = tempfile::tempdir().unwrap();
    let stranger = messwerk::release::HubKey::open(stranger.path()).unwrap();
    type Change = Box<dyn FnOnce(&mut Catalog)>;
    let other = stranger.public();
    let said = messwerk::release::catalog::Withdrawal::sign(&id, 0, &stranger).unwrap();
    let cases: Vec<(&str, Change)> = vec![
        ("it is another hub", Box::new(move |list| list.hub.key = other)),
        ("format 9", Box::new(|list| list.format = 9)),
        ("SHA-256", Box::new(|list| list.releases[0].sha256 = "0".repeat(64))),
        ("SHA-256", Box::new(|list| list.releases[0].bytes += 1)),
        ("larger than any release", Box::new(|list| list.releases[0].bytes = u64::MAX)),
        ("none below the catalogue's own", Box::new(|list| list.releases[0].url = "http://10.0.0.1/x".to_owned())),
        ("none below the catalogue's own", Box::new(|list| list.releases[0].url = "../secret".to_owned())),
        ("answers 404", Box::new(|list| list.releases[0].url = "elsewhere.release".to_owned())),
    ];
    for (told, by) in cases {
        export();
        change(space.path(), by);
        let (_, _, error) = pull(&b).await;
        assert!(error.contains(told), "{told}: {error}");
        assert_eq!(foreign(&b).await, Vec::<String>::new(), "{told}");
    }
    std::fs::write(space.path().join("catalog.json"), "<html>").unwrap();
    assert!(pull(&b).await.2.contains("no catalogue"));
    // A stranger's withdrawal withdraws nothing, and what is in order comes all the same.
    export();
    let buried = messwerk::release::catalog::Buried { statement: said.statement, signature: said.signature, key: None };
    change(space.path(), move |list| list.withdrawn.push(buried));
    let (new, gone, error) = pull(&b).await;
    assert_eq!((new, gone), (Some(1), Some(0)));
    assert!(error.contains("not signed with its key"), "{error}");
    assert_eq!(foreign(&b).await, std::slice::from_ref(&id));

    // The command asks as the button does, beside the running hub.
    let config = b.path().join("messwerk.toml");
    std::fs::write(&config, format!("[[sharing.subscribe]]\nurl = \"{url}\"\nkey = \"{}\"\n", key(&a))).unwrap();
    withdraw(&a, &id).await;
    export();
    let (good, said) = command(&["pull"], b.path());
    assert!(good && said.contains("0 new, 1 withdrawn"), "{said}");
    assert_eq!(foreign(&b).await, Vec::<String>::new());
    std::fs::remove_file(&config).unwrap();
    let (good, said) = command(&["pull"], b.path());
    assert!(!good && said.contains("no subscriptions"), "{said}");
    for hub in [a, b] {
        hub.stop().await;
    }
}
