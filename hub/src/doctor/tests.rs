use std::net::Ipv4Addr;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use super::phones::{Check, Checks};
use super::*;

const NOW: Micros = 1_795_000_000_000_000;
const FINE: Check =
    Check { secure: true, websocket: true, clock_offset_ms: Some(12.0), rtt_ms: Some(8.0), indexeddb: true, motion_api: true };

fn patient(web: SocketAddr) -> Patient {
    Patient { data_dir: None, public_url: None, behind_proxy: false, web, mqtt: None, mqtts: None, secure: false, from_files: false }
}

#[test]
fn an_address_is_taken_apart() {
    let check = |url: Option<&str>, expected: Option<(&str, u16, bool)>| {
        let patient = Patient { public_url: url.map(str::to_owned), ..patient((Ipv4Addr::LOCALHOST, 1).into()) };
        assert_eq!(patient.public(), expected.map(|(host, port, secure)| (host.to_owned(), port, secure)), "{url:?}");
    };
    check(None, None);
    check(Some("https://hub.example"), Some(("hub.example", 443, true)));
    check(Some("http://hub.example/"), Some(("hub.example", 80, false)));
    check(Some("https://hub.example:8443"), Some(("hub.example", 8443, true)));
    check(Some("https://[fd00::1]:8443"), Some(("fd00::1", 8443, true)));
    check(Some("https://[fd00::1]"), Some(("fd00::1", 443, true)));
}

#[tokio::test]
async fn who_listens_on_the_loopback_only_is_told_so_and_who_is_not_there_too() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let ports = async || {
        let findings = patient(address).examine(NOW, vec![], Some(&[])).await;
        findings.findings.into_iter().find(|finding| finding.id == "ports").unwrap()
    };
    let found = ports().await;
    assert!(found.level == Level::Bad && found.fix.as_ref().is_some_and(|fix| fix.de.contains("--http 0.0.0.0")), "{found:?}");
    drop(listener);
    let found = ports().await;
    assert!(found.level == Level::Bad && found.detail.en.contains("No hub answers"), "{found:?}");
}

#[tokio::test]
async fn another_program_on_the_port_is_no_hub() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"HTTP/1.0 404 Not Found\r\n\r\nno such file").await.ok();
        }
    });
    let findings = patient(address).examine(NOW, vec![], Some(&[])).await.findings;
    let found = findings.iter().find(|finding| finding.id == "ports").unwrap();
    assert!(found.level == Level::Bad && found.detail.en.contains("Another program answers"), "{found:?}");
    assert!(findings.iter().all(|finding| finding.id != "pages"), "{findings:?}");
}

#[test]
fn phones_are_what_they_reported() {
    let check = |reports: Option<&[(Check, Micros)]>, level: Level, words: &str| {
        let checks = Checks::default();
        for (check, minutes_ago) in reports.unwrap_or_default() {
            checks.take(*check, NOW - minutes_ago * 60_000_000).unwrap();
        }
        let kept = reports.map(|_| checks.newest_first());
        let finding = phones::examine(&patient("192.168.1.5:8080".parse().unwrap()), NOW, kept.as_deref());
        assert_eq!(finding.level, level, "{finding:?}");
        assert!(format!("{finding:?}").contains(words), "{finding:?}");
    };
    check(None, Level::Ok, "http://192.168.1.5:8080/check");
    check(Some(&[]), Level::Warn, "client isolation");
    check(Some(&[(FINE, 1)]), Level::Ok, "reached the hub: 1 (8 ms)");
    check(Some(&[(FINE, 120)]), Level::Warn, "no phone has checked");
    check(Some(&[(FINE, 1), (Check { websocket: false, ..FINE }, 2)]), Level::Bad, "1 of 2 checks");
    check(Some(&[(FINE, 1), (Check { secure: false, ..FINE }, 2)]), Level::Warn, "without motion sensors in the browser: 1");
}

#[test]
fn the_worst_decides_and_is_told_in_both_languages() {
    let finding = |level| Finding::new("x", level, ("Uhr", "Clock"), ("geht vor", "is fast")).fix(("stellen", "set it"));
    assert_eq!(Findings::new(vec![]).worst, Level::Ok);
    let findings = Findings::new(vec![finding(Level::Warn), finding(Level::Bad), finding(Level::Ok)]);
    assert_eq!(findings.worst, Level::Bad);
    let (german, english) = (findings.to_text(true), findings.to_text(false));
    assert!(german.contains("Fehler   Uhr: geht vor\n         -> stellen"), "{german}");
    assert!(english.contains("error    Clock: is fast\n         -> set it"), "{english}");
    let json = serde_json::to_value(&findings).unwrap();
    assert_eq!((&json["worst"], &json["findings"][0]["title"]["de"]), (&"bad".into(), &"Uhr".into()));
}
