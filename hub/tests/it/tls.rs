//! HTTPS beside HTTP on one port, MQTT over TLS beside it, and certificates that change while the hub runs.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Extension;
use axum::routing::get;
use futures::{SinkExt, StreamExt};
use messwerk::web::{self, Secure, WebLimits, WebRefused, WebStats};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_util::sync::CancellationToken;

use crate::harness::{PATIENCE, TestHub};

/// The name in the certificates.
const NAME: &str = "hub.test";

/// Puts a new certificate and its key into a folder; the certificate.
fn issue(folder: &Path) -> CertificateDer<'static> {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![NAME.to_owned()]).unwrap().self_signed(&key).unwrap();
    for (name, text) in [("key.pem", key.serialize_pem()), ("cert.pem", certificate.pem())] {
        // As renewal programs do: beside, then exchanged.
        let beside = folder.join("new");
        std::fs::write(&beside, text).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&beside, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        std::fs::rename(&beside, folder.join(name)).unwrap();
    }
    certificate.der().clone()
}

/// A hub with certificate files.
async fn secured(files: &Path) -> TestHub {
    TestHub::start_with(tempfile::tempdir().unwrap(), |config| {
        config.hosts = vec![NAME.to_owned()];
        (config.tls.cert, config.tls.key) = (Some(files.join("cert.pem")), Some(files.join("key.pem")));
        config.tls.mqtts = Some("127.0.0.1:0".parse().unwrap());
    })
    .await
}

/// Connects as who trusts only this certificate.
async fn connect(address: SocketAddr, trusted: CertificateDer<'static>, name: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from(name.to_owned()).unwrap();
    timeout(PATIENCE, TlsConnector::from(Arc::new(config)).connect(name, stream)).await.unwrap()
}

async fn exchange(mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The end may come as a reset.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8(answer).unwrap()
}

fn ask(method: &str, host: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_port_speaks_both_and_plain_http_only_what_phyphox_needs() {
    let files = tempfile::tempdir().unwrap();
    let trusted = issue(files.path());
    let hub = secured(files.path()).await;
    let http = hub.running.http;
    let secure = async |request: &str| exchange(connect(http, trusted.clone(), NAME).await.unwrap(), request).await;
    let plain = async |request: &str| exchange(TcpStream::connect(http).await.unwrap(), request).await;
    assert!(secure(&ask("GET", NAME, "/healthz")).await.starts_with("HTTP/1.1 200"));
    assert!(secure(&ask("GET", NAME, "/")).await.contains("<html"));
    let class = hub.class("rest").await;
    let check = async |method: &str, path: &str, expected: &str| {
        let answer = plain(&ask(method, NAME, path)).await;
        assert!(answer.to_lowercase().contains(&expected.to_lowercase()), "{method} {path}: {answer}");
    };
    check("GET", "/j?lang=de", &format!("location: https://{NAME}/j?lang=de")).await;
    check("GET", "/j", "HTTP/1.1 307").await;
    check("POST", "/api/v1/join", "HTTP/1.1 403").await;
    check("POST", "/api/v1/join", "https://").await;
    check("GET", "/api/v1/lessons", "HTTP/1.1 307").await;
    check("GET", "/healthz", "HTTP/1.1 200").await;
    // No authority of its own.
    check("GET", "/tls/ca.pem", "HTTP/1.1 404").await;
    let body = r#"{"t":[1],"accX":[1],"accY":[2],"accZ":[3]}"#;
    let post =
        format!("POST /i/{} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", class.token, body.len());
    assert!(plain(&post).await.contains(r#""stored":1"#));
    assert!(secure(&post).await.contains(r#""duplicates":1"#));
    // The hub's own machine is served as before.
    assert!(plain(&ask("GET", "localhost", "/")).await.contains("<html"));
    hub.stop().await;
}

/// Whoever is on the way can write a page of `http://` and the hub's own host and port; what it asks over TLS is refused although the
/// browser adds the cookie.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_came_without_tls_is_another_sites() {
    let files = tempfile::tempdir().unwrap();
    let trusted = issue(files.path());
    let hub = secured(files.path()).await;
    let http = hub.running.http;
    let host = format!("{NAME}:{}", http.port());
    let secret = {
        let accounts = hub.running.hub.accounts.clone();
        tokio::task::spawn_blocking(move || accounts.first_secret()).await.unwrap().unwrap().unwrap()
    };
    let post = async |path: &str, more: &str, body: Value| {
        let body = body.to_string();
        let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n");
        let request = format!("{head}{more}Content-Length: {}\r\n\r\n{body}", body.len());
        exchange(connect(http, trusted.clone(), NAME).await.unwrap(), &request).await
    };
    let password = json!({"secret": secret, "password": crate::accounts::PASSWORD});
    let refused = post("/api/v1/setup", &format!("Origin: http://{host}\r\n"), password.clone()).await;
    assert!(refused.starts_with("HTTP/1.1 403") && refused.contains("foreign_origin"), "{refused}");
    let answer = post("/api/v1/setup", &format!("Origin: https://{host}\r\n"), password).await;
    let cookie = answer.split("set-cookie: ").nth(1).and_then(|rest| rest.split(';').next()).unwrap_or_else(|| panic!("{answer}"));
    assert!(cookie.starts_with("__Host-"), "{cookie}");
    for (origin, expected) in [
        (format!("https://{host}"), "HTTP/1.1 201"),
        (format!("http://{host}"), "HTTP/1.1 403"),
        (format!("http://{NAME}"), "HTTP/1.1 403"),
        (format!("http://{NAME}:80"), "HTTP/1.1 403"),
    ] {
        let told = format!("Cookie: {cookie}\r\nOrigin: {origin}\r\n");
        let answer = post("/api/v1/lessons", &told, json!({"template": "rest"})).await;
        assert!(answer.starts_with(expected), "{origin}: {answer}");
        // The same rule opens sockets.
        let told = format!("{told}Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        let request = format!("GET /api/v1/phone HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\n{told}\r\n");
        let mut stream = connect(http, trusted.clone(), NAME).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        timeout(PATIENCE, stream.read_exact(&mut status)).await.unwrap().unwrap();
        let socket = if expected.ends_with("201") { b"HTTP/1.1 101" } else { b"HTTP/1.1 403" };
        assert_eq!(&status, socket, "{origin}");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn websockets_and_mqtt_go_through_tls() {
    let files = tempfile::tempdir().unwrap();
    let trusted = issue(files.path());
    let hub = secured(files.path()).await;
    let (http, mqtts) = (hub.running.http, hub.running.mqtts.unwrap());
    // MQTT: CONNECT and PINGREQ are answered by CONNACK and PINGRESP, in a WebSocket and on the port of its own.
    let (hello, welcome) = (b"\x10\x0d\0\x04MQTT\x04\x02\0\x3c\0\x01c\xc0\0".to_vec(), [0x20, 2, 0, 0, 0xd0, 0]);
    let mut request = format!("wss://{NAME}/mqtt").into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "mqtt".parse().unwrap());
    let stream = connect(http, trusted.clone(), NAME).await.unwrap();
    let (mut socket, _) = timeout(PATIENCE, tokio_tungstenite::client_async(request, stream)).await.unwrap().unwrap();
    socket.send(Message::Binary(hello.clone().into())).await.unwrap();
    let mut answer = Vec::new();
    while answer.len() < 6 {
        answer.extend(timeout(PATIENCE, socket.next()).await.unwrap().unwrap().unwrap().into_data());
    }
    assert_eq!(answer, welcome);
    let mut stream = connect(mqtts, trusted.clone(), NAME).await.unwrap();
    stream.write_all(&hello).await.unwrap();
    let mut answer = [0; 6];
    timeout(PATIENCE, stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(answer, welcome);
    // The doctor's socket, over wss and, because it asks for localhost, over ws.
    let stream = connect(http, trusted.clone(), NAME).await.unwrap();
    let (mut secure, _) = tokio_tungstenite::client_async(format!("wss://{NAME}/api/v1/check/socket"), stream).await.unwrap();
    secure.send(Message::text("7")).await.unwrap();
    let echo: Value = serde_json::from_str(secure.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
    assert_eq!(echo["echo"], "7");
    assert!(echo["hub"].as_i64().unwrap() > 1_767_225_600_000_000);
    // Who speaks plainly to the port with TLS is not understood, and does not hurt.
    let answer = exchange(TcpStream::connect(mqtts).await.unwrap(), std::str::from_utf8(&hello[..15]).unwrap()).await;
    assert!(!answer.contains("MQTT"));
    drop((socket, secure));
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_needs_no_restart() {
    let files = tempfile::tempdir().unwrap();
    let first = issue(files.path());
    let hub = secured(files.path()).await;
    let http = hub.running.http;
    let mut open = connect(http, first.clone(), NAME).await.unwrap();
    let problems = async || hub.get_json("/readyz").await["problems"].as_array().unwrap().len();
    std::fs::write(files.path().join("cert.pem"), "broken").unwrap();
    let told = async {
        while problems().await == 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, told).await.unwrap();
    connect(http, first.clone(), NAME).await.unwrap();
    let second = issue(files.path());
    let taken = async {
        while connect(http, second.clone(), NAME).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, taken).await.unwrap();
    assert_eq!(problems().await, 0);
    assert!(connect(http, first, NAME).await.is_err());
    // A connection that was open goes on.
    open.write_all(ask("GET", NAME, "/healthz").as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    open.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_without_a_certificate_closes_a_tls_hello_at_once() {
    let hub = TestHub::start().await;
    let trusted = issue(tempfile::tempdir().unwrap().path());
    let mut slowest = Duration::ZERO;
    for _ in 0..10 {
        let begun = Instant::now();
        assert!(connect(hub.running.http, trusted.clone(), NAME).await.is_err());
        slowest = slowest.max(begun.elapsed());
    }
    // Some milliseconds; phyphox would wait ten seconds for an answer before it tries http.
    assert!(slowest < Duration::from_millis(500), "{slowest:?}");
    assert_eq!(hub.running.hub.web.refused(WebRefused::NoTls), 10);
    assert_eq!(hub.client.get(hub.url("/healthz")).send().await.unwrap().status(), 200);
    hub.stop().await;
}

/// A web port with routes of its own and short times.
struct Port {
    address: SocketAddr,
    stats: Arc<WebStats>,
    stop: CancellationToken,
    listening: tokio::task::JoinHandle<()>,
    trusted: CertificateDer<'static>,
    _files: TempDir,
}

async fn port(limits: WebLimits) -> Port {
    let files = tempfile::tempdir().unwrap();
    let trusted = issue(files.path());
    let config = messwerk::tls::TlsConfig {
        cert: Some(files.path().join("cert.pem")),
        key: Some(files.path().join("key.pem")),
        ..Default::default()
    };
    let tls = messwerk::tls::Tls::open(&config, files.path(), &[], 1_795_000_000_000_000).unwrap().unwrap();
    let app = Router::new().route("/", get(|Extension(Secure(secure)): Extension<Secure>| async move { format!("secure: {secure}") }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, stop, stats) = (listener.local_addr().unwrap(), CancellationToken::new(), Arc::<WebStats>::default());
    let listening = tokio::spawn(web::listen(listener, app, limits, Arc::clone(&stats), Some(tls.web().unwrap()), stop.clone()));
    Port { address, stats, stop, listening, trusted, _files: files }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limits_of_the_web_port_hold_for_tls() {
    let short = Duration::from_millis(300);
    let port = port(WebLimits { handshake_time: short, head_time: short, connections_per_address: 2, ..WebLimits::default() }).await;
    let secure = async || connect(port.address, port.trusted.clone(), NAME).await;
    assert!(exchange(secure().await.unwrap(), &ask("GET", NAME, "/")).await.ends_with("secure: true"));
    assert!(exchange(TcpStream::connect(port.address).await.unwrap(), &ask("GET", NAME, "/")).await.ends_with("secure: false"));
    let places = async |count: u64| {
        let reached = async {
            while port.stats.connections() != count {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, reached).await.unwrap();
    };
    places(0).await;
    // A handshake that does not go on, a head that does not come, and nonsense.
    assert_eq!(exchange(TcpStream::connect(port.address).await.unwrap(), "\x16").await, "");
    assert_eq!(port.stats.refused(WebRefused::Handshake), 1);
    assert_eq!(exchange(secure().await.unwrap(), "GET / HTTP/1.1\r\nX-Slow: ").await, "");
    assert_eq!(port.stats.refused(WebRefused::HeadTimeout), 1);
    assert!(!exchange(TcpStream::connect(port.address).await.unwrap(), "\x16\x03\x01\0\x04junk").await.starts_with("HTTP"));
    assert_eq!(port.stats.refused(WebRefused::Handshake), 2);
    places(0).await;
    // One too many: a browser that speaks TLS is not answered in plain text.
    let (first, second) = (TcpStream::connect(port.address).await.unwrap(), TcpStream::connect(port.address).await.unwrap());
    places(2).await;
    assert!(secure().await.is_err());
    assert_eq!(port.stats.refused(WebRefused::TooManyConnections), 1);
    drop((first, second));
    places(0).await;
    // Somebody in the middle of a handshake does not hold up the end.
    let mut half = TcpStream::connect(port.address).await.unwrap();
    half.write_all(b"\x16").await.unwrap();
    places(1).await;
    port.stop.cancel();
    timeout(Duration::from_secs(5), port.listening).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_authority_is_handed_out_and_its_hub_examined() {
    let folder = tempfile::tempdir().unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let hub = TestHub::start_with(folder, |config| config.tls.local = true).await;
    let answer = exchange(TcpStream::connect(hub.running.http).await.unwrap(), &ask("GET", "localhost", "/tls/ca.pem")).await;
    let (head, pem) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("application/x-x509-ca-cert"), "{head}");
    let authority = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    for name in ["localhost", "127.0.0.1"] {
        let stream = connect(hub.running.http, authority.clone(), name).await.unwrap();
        assert!(exchange(stream, &ask("GET", name, "/healthz")).await.starts_with("HTTP/1.1 200"));
    }
    let report = json!({"secure": true, "websocket": true, "clock_offset_ms": 3.5, "rtt_ms": null, "indexeddb": true, "motion_api": true});
    let post = async |body: &Value| hub.client.post(hub.url("/api/v1/check")).json(body).send().await.unwrap().status().as_u16();
    assert_eq!(post(&report).await, 204);
    assert_eq!(post(&json!({"secure": true})).await, 400);
    assert_eq!(hub.client.get(hub.url("/api/v1/check")).send().await.unwrap().status(), 401);
    assert_eq!(hub.client.get(hub.url("/api/v1/doctor")).send().await.unwrap().status(), 401);
    let reports = hub.get_json("/api/v1/check").await;
    assert_eq!((&reports[0]["clock_offset_ms"], &reports[0]["rtt_ms"]), (&json!(3.5), &Value::Null));
    assert!(reports[0]["at"].is_i64() && reports.as_array().unwrap().len() == 1);
    let findings = hub.get_json("/api/v1/doctor").await;
    let level = |id: &str| {
        let found = findings["findings"].as_array().unwrap().iter().find(|finding| finding["id"] == id);
        found.unwrap_or_else(|| panic!("{id}: {findings}"))["level"].as_str().unwrap().to_owned()
    };
    // It listens on the loopback, which no phone reaches.
    assert_eq!((findings["worst"].as_str().unwrap(), level("ports").as_str()), ("bad", "bad"));
    assert_eq!((level("phones").as_str(), level("folder").as_str(), level("name").as_str()), ("ok", "ok", "ok"));
    assert!(["clock", "disk", "space", "certificate"].iter().all(|id| !level(id).is_empty()));
    hub.stop().await;
}

#[test]
fn the_ready_line_names_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_messwerk"))
        .args(["serve", "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0", "--mqtts", "127.0.0.1:0", "--tls", "local", "--data-dir"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    let ready: Value = serde_json::from_str(&ready).unwrap();
    let doctor = |more: &[&str]| {
        let hub = ready["https"].as_str().unwrap();
        let made =
            Command::new(env!("CARGO_BIN_EXE_messwerk")).args(["doctor", "--hub", hub]).args(more).env("LANG", "de_DE").output().unwrap();
        (made.status.code().unwrap(), String::from_utf8(made.stdout).unwrap())
    };
    let (german, json) = (doctor(&[]), doctor(&["--json"]));
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(ready["http"].as_str().unwrap().replace("http", "https"), ready["https"].as_str().unwrap());
    assert!(ready["mqtts"].as_str().unwrap().starts_with("127.0.0.1:"));
    // Only its own machine reaches it.
    assert_eq!((german.0, json.0), (2, 2));
    assert!(german.1.contains("Erreichbarkeit: Der Hub lauscht nur auf") && german.1.contains("-> Starten Sie ihn mit"), "{}", german.1);
    let findings: Value = serde_json::from_str(&json.1).unwrap();
    assert_eq!(findings["worst"], "bad");
}
