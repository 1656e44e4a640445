//! The teacher's password and session as a browser meets them, and what other sites and names get.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use reqwest::header::{COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{PATIENCE, TestHub};
use crate::program::Program;

pub(crate) const PASSWORD: &str = "cloud piano seven bridge";

/// A browser: its cookie, and what it says about where a request comes from.
pub(crate) struct Browser {
    pub(crate) cookie: String,
    pub(crate) origin: String,
}

/// Sets the hub's password and is signed in.
pub(crate) async fn signed_in(hub: &TestHub) -> Browser {
    let accounts = hub.running.hub.accounts.clone();
    let secret = tokio::task::spawn_blocking(move || accounts.first_secret()).await.unwrap().unwrap().unwrap();
    let body = json!({"secret": secret, "password": PASSWORD});
    let answer = hub.request(Method::POST, "/api/v1/setup", None).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    Browser { cookie: cookie_of(answer.headers()), origin: hub.url("") }
}

/// `name=value` of the session that an answer sets.
fn cookie_of(headers: &HeaderMap) -> String {
    headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
}

impl Browser {
    async fn ask(&self, hub: &TestHub, method: Method, path: &str, told: &[(&str, &str)], body: Value) -> Response {
        let request = told.iter().fold(hub.request(method, path, None), |request, (name, value)| request.header(*name, *value));
        request.header(COOKIE, &self.cookie).json(&body).send().await.unwrap()
    }

    async fn me(&self, hub: &TestHub) -> (u16, Value) {
        let answer = self.ask(hub, Method::GET, "/api/v1/me", &[], json!({})).await;
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teacher_sets_a_password_works_with_the_cookie_and_signs_out() {
    let hub = TestHub::start().await;
    let nobody = hub.request(Method::GET, "/api/v1/me", None).send().await.unwrap();
    assert_eq!((nobody.status().as_u16(), nobody.headers()["content-type"].to_str().unwrap()), (401, "application/problem+json"));
    let told: Value = nobody.json().await.unwrap();
    assert_eq!((&told["setup_needed"], &told["code"]), (&json!(true), &json!("not_signed_in")));

    let browser = signed_in(&hub).await;
    assert!(browser.cookie.starts_with("__Host-messwerk="), "127.0.0.1 is the hub's own machine: {}", browser.cookie);
    let (status, me) = browser.me(&hub).await;
    assert_eq!((status, &me["role"], &me["secure"], &me["setup_needed"]), (200, &json!("teacher"), &json!(true), &json!(false)));
    // The tests' hub listens on its own machine only.
    assert_eq!((&me["reachable"], &me["phones"]), (&json!(false), &json!(browser.origin)));
    // What devices are told, which speak plain HTTP and MQTT.
    let (host, port) = browser.origin.strip_prefix("http://").and_then(|rest| rest.split_once(':')).unwrap();
    assert_eq!((&me["host"], &me["plain_port"]), (&json!(host), &json!(port.parse::<u16>().unwrap())));
    assert!(me["mqtt_port"].as_u64().is_some_and(|port| port > 0), "{me}");

    let own = [("origin", browser.origin.as_str())];
    let made = browser.ask(&hub, Method::POST, "/api/v1/lessons", &own, json!({"template": "rest"})).await;
    assert_eq!(made.status(), 201);

    let check = async |method: Method, path: &str, body: Value, expected: u16, code: &str| {
        let answer = browser.ask(&hub, method, path, &own, body).await;
        assert_eq!(answer.status(), expected, "{path}");
        assert_eq!(answer.json::<Value>().await.unwrap_or_default()["code"].as_str().unwrap_or_default(), code, "{path}");
    };
    check(Method::POST, "/api/v1/login", json!({"password": "not the password"}), 403, "wrong_password").await;
    check(Method::POST, "/api/v1/setup", json!({"secret": "x", "password": PASSWORD}), 403, "old_secret").await;
    check(Method::POST, "/api/v1/setup", json!({"secret": "x", "password": "short"}), 400, "password_short").await;

    // A second browser, then "sign out everywhere" from the first.
    let plain = json!({"password": PASSWORD, "plain_cookie": true});
    let answer = hub.request(Method::POST, "/api/v1/login", None).json(&plain).send().await.unwrap();
    let second = Browser { cookie: cookie_of(answer.headers()), origin: browser.origin.clone() };
    assert!(second.cookie.starts_with("messwerk="), "for a browser that refuses the other on localhost: {}", second.cookie);
    assert_eq!(second.me(&hub).await.0, 200);
    let out = browser.ask(&hub, Method::POST, "/api/v1/logout", &own, json!({"everywhere": true})).await;
    assert_eq!(out.status(), 204);
    let cleared: Vec<&str> = out.headers().get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert!(cleared.len() == 2 && cleared.iter().all(|cookie| cookie.contains("Max-Age=0")), "{cleared:?}");
    assert_eq!((browser.me(&hub).await.0, second.me(&hub).await.0), (401, 401));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_does_nothing_for_another_sites_page() {
    let hub = TestHub::start().await;
    let browser = signed_in(&hub).await;
    let own = browser.origin.clone();
    let lesson = hub.create("rest").await["id"].as_str().unwrap().to_owned();
    let foreign: [&[(&str, &str)]; 8] = [
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:9")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", &own)],
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
        // A form of an old browser, which says nothing.
        &[],
    ];
    for told in foreign {
        for (path, body) in [
            ("/api/v1/lessons", json!({"template": "rest"})),
            ("/api/v1/logout", json!({"everywhere": true})),
            (&format!("/api/v1/lessons/{lesson}/end"), json!({})),
        ] {
            let answer = browser.ask(&hub, Method::POST, path, told, body).await;
            assert_eq!(answer.status(), 403, "{path} {told:?}");
            assert_eq!(answer.json::<Value>().await.unwrap()["code"], "foreign_origin", "{path} {told:?}");
        }
    }
    for told in [&[("origin", own.as_str())][..], &[("sec-fetch-site", "same-origin")], &[("sec-fetch-site", "none")]] {
        let answer = browser.ask(&hub, Method::POST, "/api/v1/lessons", told, json!({"template": "rest"})).await;
        assert_eq!(answer.status(), 201, "{told:?}");
    }
    assert_eq!(browser.me(&hub).await.0, 200, "nobody was signed out");
    hub.stop().await;
}

/// The status of a WebSocket handshake.
async fn handshake(hub: &TestHub, path: &str, told: &[(&str, &str)]) -> u16 {
    let request = hub
        .request(Method::GET, path, None)
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    let request = told.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_opens_for_a_page_of_the_hub_only() {
    let hub = TestHub::start().await;
    let browser = signed_in(&hub).await;
    let lesson = hub.create("rest").await["id"].as_str().unwrap().to_owned();
    let (console, live) = (format!("/api/v1/lessons/{lesson}/console"), format!("/api/v1/lessons/{lesson}/live"));
    let cookie = ("cookie", browser.cookie.as_str());
    for (path, told, expected) in [
        (&console, &[cookie, ("origin", browser.origin.as_str())][..], 101),
        (&console, &[cookie, ("origin", "http://evil.example")], 403),
        (&console, &[cookie, ("origin", "null")], 403),
        (&console, &[cookie, ("sec-fetch-site", "cross-site")], 403),
        (&console, &[cookie], 403),
        (&console, &[("origin", browser.origin.as_str())], 401),
        (&live, &[("origin", "http://evil.example")], 403),
        (&live, &[("origin", browser.origin.as_str())], 101),
        (&live, &[], 101),
        (&"/api/v1/phone".to_owned(), &[("origin", "http://evil.example")], 403),
        (&"/api/v1/phone".to_owned(), &[], 101),
        (&"/mqtt".to_owned(), &[("origin", "http://evil.example"), ("sec-websocket-protocol", "mqtt")], 403),
    ] {
        assert_eq!(handshake(&hub, path, told).await, expected, "{path} {told:?}");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_somebody_else_that_points_here_is_not_answered() {
    let hub = TestHub::start_with(tempfile::tempdir().unwrap(), |config| config.hosts = vec!["hub.lan".to_owned()]).await;
    let port = hub.running.http.port();
    let ask = async |request: String| {
        let mut stream = TcpStream::connect(hub.running.http).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    for path in ["/", "/api/v1/templates", "/i/AAAAAAAAAAAAAAAAAAAAAA", "/assets/words.js", "/healthz", "/nowhere"] {
        for host in ["evil.example", "127.0.0.1.nip.example", "hub.lan.evil.example"] {
            let answer = ask(format!("GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 421 ") && answer.contains("`public_url`"), "{path} {host}: {answer}");
        }
    }
    for (head, expected) in [
        (format!("GET /healthz HTTP/1.1\r\nHost: HUB.lan:{port}\r\n"), 200),
        (format!("GET /healthz HTTP/1.1\r\nHost: [::1]:{port}\r\n"), 200),
        ("GET /healthz HTTP/1.1\r\nHost: 192.168.1.5\r\n".to_owned(), 200),
        ("GET /healthz HTTP/1.1\r\n".to_owned(), 400),
        ("GET /healthz HTTP/1.0\r\n".to_owned(), 200),
        ("GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n".to_owned(), 400),
        ("GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n".to_owned(), 400),
        ("GET /healthz HTTP/1.1\r\nHost: user@localhost\r\n".to_owned(), 400),
    ] {
        let answer = ask(format!("{head}Connection: close\r\n\r\n")).await;
        let status: u16 = answer.split(' ').nth(1).unwrap_or_default().parse().unwrap_or_default();
        assert_eq!(status, expected, "{head}: {answer}");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_logins_costs_two_hashes_at_a_time() {
    let hub = Program::start("", "warn", Stdio::piped());
    let secret = printed_secret(hub);
    let (hub, secret, _log) = secret;
    let client = Client::builder().timeout(PATIENCE).build().unwrap();
    let set =
        client.post(format!("{}/api/v1/setup", hub.http)).json(&json!({"secret": secret, "password": PASSWORD})).send().await.unwrap();
    assert_eq!(set.status(), 204);
    let memory = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", hub.process.id())).unwrap();
        let line = |what: &str| {
            status.lines().find_map(|line| line.strip_prefix(what)).unwrap().trim().trim_end_matches(" kB").parse::<u64>().unwrap()
        };
        (line("VmRSS:") / 1024, line("VmHWM:") / 1024)
    };
    let (before, _) = memory();
    let login = |password: &'static str| {
        let request = client.post(format!("{}/api/v1/login", hub.http)).json(&json!({ "password": password }));
        async move { request.send().await.unwrap().status() }
    };
    let storm = futures::future::join_all((0..300).map(|_| login("not the password")));
    let health = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let begun = std::time::Instant::now();
        assert_eq!(client.get(format!("{}/healthz", hub.http)).send().await.unwrap().status(), 200);
        begun.elapsed()
    };
    let (answers, prompt) = tokio::join!(storm, health);
    let (_, peak) = memory();
    let looked_at = answers.iter().filter(|status| **status == StatusCode::FORBIDDEN).count();
    eprintln!("RSS {before} MiB before 300 logins at once, {peak} MiB at the most; {looked_at} were looked at; healthz in {prompt:?}");
    assert!(answers.iter().all(|status| [403, 429, 503].contains(&status.as_u16())), "{answers:?}");
    assert!((1..=64).contains(&looked_at), "{looked_at}");
    // Two hashes are 38 MiB, of which the allocator keeps some twice, 300 connections some tens; 300 hashes would be 5,700.
    assert!(peak < before + 256, "{before} MiB before, {peak} MiB at the most");
    assert!(prompt < Duration::from_secs(2), "{prompt:?}");
    // The right one gets in, at the latest when the answers that wait have been given.
    let mut right = login(PASSWORD).await;
    for _ in 0..40 {
        if right == 204 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
        right = login(PASSWORD).await;
    }
    assert_eq!(right, 204);
}

/// The secret of the address that a hub without a password prints.
fn printed_secret(mut hub: Program) -> (Program, String, BufReader<std::process::ChildStderr>) {
    let mut log = BufReader::new(hub.process.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("/setup#") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the log ended");
    }
    let secret = line.trim().split_once("/setup#").unwrap().1.to_owned();
    (hub, secret, log)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_prints_where_to_set_a_password_and_a_reset_works_beside_it() {
    // Nothing is logged, and still it is said.
    let (hub, secret, _log) = printed_secret(Program::start("", "off", Stdio::piped()));
    assert_eq!(secret.len(), 22);
    let client = Client::builder().timeout(PATIENCE).build().unwrap();
    let post = |path: &str, body: Value| {
        let request = client.post(format!("{}/api/v1/{path}", hub.http)).json(&body);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(post("setup", json!({"secret": secret, "password": PASSWORD})).await, 204);
    assert_eq!(post("setup", json!({"secret": secret, "password": PASSWORD})).await, 403);
    let reset =
        Command::new(env!("CARGO_BIN_EXE_messwerk")).args(["password", "reset", "--data-dir"]).arg(hub.data_dir()).output().unwrap();
    let told = String::from_utf8(reset.stdout).unwrap();
    assert!(reset.status.success() && told.contains("/setup#") && told.contains("within an hour"), "{told}");
    let secret = told.lines().last().unwrap().strip_prefix("/setup#").unwrap();
    assert_eq!(post("login", json!({"password": PASSWORD})).await, 204, "until it is used the old one is good");
    assert_eq!(post("setup", json!({"secret": secret, "password": "four other words now"})).await, 204);
    assert_eq!(post("login", json!({"password": PASSWORD})).await, 403);
    assert_eq!(post("login", json!({"password": "four other words now"})).await, 204);
}
