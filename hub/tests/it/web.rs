//! The web port's limits: what is too slow, too many or broken is refused with the reason that is true, and counted.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get, post};
use futures::{SinkExt, StreamExt, stream};
use messwerk::serve::router;
use messwerk::web::{self, WebLimits, WebRefused, WebStats};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_util::sync::CancellationToken;

use crate::harness::{Class, PATIENCE, TestHub};

/// The routes of a hub behind a second web port with limits of its own.
struct Port {
    hub: TestHub,
    class: Class,
    address: SocketAddr,
    stats: Arc<WebStats>,
    stop: CancellationToken,
    listening: tokio::task::JoinHandle<()>,
}

/// Short enough to be waited out, long enough for whoever does not dawdle.
const SHORT: Duration = Duration::from_millis(300);

async fn port(limits: WebLimits) -> Port {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let mut routes = hub.running.hub.clone();
    let stats = Arc::new(WebStats::default());
    (routes.web, routes.web_limits) = (Arc::clone(&stats), limits.clone());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let listening = tokio::spawn(web::listen(listener, router(routes), limits, Arc::clone(&stats), None, stop.clone()));
    Port { hub, class, address, stats, stop, listening }
}

impl Port {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes and reads what comes until the port closes.
    async fn answer(&self, bytes: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        rest(stream).await
    }

    /// Waits until so many places are taken.
    async fn connections(&self, count: u64) {
        let reached = async {
            while self.stats.connections() != count {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, reached).await.unwrap();
    }

    fn post(&self, head: &str, body: &str) -> String {
        format!("POST /i/{} HTTP/1.1\r\nHost: {}\r\n{head}\r\n\r\n{body}", self.class.token, self.address)
    }

    async fn end(mut self) {
        self.stop.cancel();
        timeout(PATIENCE, &mut self.listening).await.unwrap().unwrap();
        // An upgraded connection gives its place back when its session has ended.
        self.connections(0).await;
        self.hub.stop().await;
    }
}

async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset ends it as well; what was said before it counts.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("closed in time");
    String::from_utf8(answer).unwrap()
}

#[track_caller]
fn is_problem(answer: &str, status: u16, words: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    assert!(answer.contains("content-type: application/problem+json") && answer.contains(words), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_come_ends_the_connection_and_a_websocket_stays() {
    let port = port(WebLimits { head_time: SHORT, ..WebLimits::default() }).await;
    let mut request = format!("ws://{}/mqtt", port.address).into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "mqtt".parse().unwrap());
    let (mut socket, _) = timeout(PATIENCE, tokio_tungstenite::connect_async(request)).await.unwrap().unwrap();
    assert_eq!(port.answer("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await, "");
    assert_eq!(port.stats.refused(WebRefused::HeadTimeout), 1);
    // Said nothing, or nothing after an answer: closed as well, but nobody was refused.
    assert_eq!(port.answer("").await, "");
    assert!(port.answer("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    assert_eq!(port.stats.refused(WebRefused::HeadTimeout), 1);
    // Three times as long, the WebSocket has said nothing and is served, in the place it came with.
    port.connections(1).await;
    socket.send(Message::Binary(b"\x10\x0d\0\x04MQTT\x04\x02\0\x3c\0\x01c\xc0\0".to_vec().into())).await.unwrap();
    let mut answer = Vec::new();
    while answer.len() < 6 {
        answer.extend(timeout(PATIENCE, socket.next()).await.unwrap().unwrap().unwrap().into_data());
    }
    assert_eq!(answer, [0x20, 2, 0, 0, 0xd0, 0]);
    drop(socket);
    port.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_refused_with_the_reason_that_is_true() {
    let port = port(WebLimits { body_time: SHORT, ..WebLimits::default() }).await;
    let whole = r#"{"t":[1],"accX":[1],"accY":[2],"accZ":[3]}"#;
    let sized = |size: usize| format!("Connection: close\r\nContent-Length: {size}");
    let chunked = "Connection: close\r\nTransfer-Encoding: chunked";
    let stored = port.answer(&port.post(&sized(whole.len()), whole)).await;
    assert!(stored.starts_with("HTTP/1.1 200") && stored.contains(r#""stored":1"#), "{stored}");
    let again = port.answer(&port.post(chunked, &format!("2a\r\n{whole}\r\n0\r\n\r\n"))).await;
    assert!(again.starts_with("HTTP/1.1 200") && again.contains(r#""duplicates":1"#), "{again}");
    // Slow: 408. Announced too large, or growing too large: 413. Broken off or wrongly framed: 400.
    is_problem(&port.answer(&port.post(&sized(100), whole)).await, 408, "smaller batches");
    is_problem(&port.answer(&port.post(&sized(65_537), "")).await, 413, "65536 bytes");
    is_problem(&port.answer(&port.post(chunked, &format!("10001\r\n{}", "x".repeat(65_537)))).await, 413, "65536 bytes");
    is_problem(&port.answer(&port.post(chunked, "no number\r\n")).await, 400, "broke off");
    let mut short = port.connect().await;
    short.write_all(port.post(&sized(100), whole).as_bytes()).await.unwrap();
    short.shutdown().await.unwrap();
    is_problem(&rest(short).await, 400, "broke off");
    // The same for every other route, and an address that is no address names the fix too.
    let join = format!("POST /api/v1/join HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n", port.address);
    is_problem(&port.answer(&format!("{join}{}\r\n\r\n{{", sized(100))).await, 408, "in time");
    is_problem(&port.answer(&format!("{join}{}\r\n\r\n", sized(1 << 20))).await, 413, "65536 bytes");
    let crooked = format!("POST /i/%ff HTTP/1.1\r\nHost: {}\r\n{}\r\n\r\n{{}}", port.address, sized(2));
    is_problem(&port.answer(&crooked).await, 400, "ingest_url");
    let counted = [(WebRefused::BodyTimeout, 2), (WebRefused::BodyTooLarge, 3), (WebRefused::BodyBroken, 2)];
    for (reason, times) in counted {
        assert_eq!(port.stats.refused(reason), times, "{reason:?}");
    }
    assert_eq!(port.hub.rows(&port.class.lesson).await.len(), 1, "nothing of all that was stored");
    port.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_too_many_is_told_so_and_the_next_is_served() {
    let port = port(WebLimits { connections_per_address: 2, ..WebLimits::default() }).await;
    let ask = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let (first, second) = (port.connect().await, port.connect().await);
    port.connections(2).await;
    let refused = port.answer(ask).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("Retry-After: 5"), "{refused}");
    let (head, body) = refused.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("Content-Length: {}", body.len())), "{refused}");
    let problem: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["status"], 503);
    assert_eq!(port.stats.refused(WebRefused::TooManyConnections), 1);
    drop(first);
    port.connections(1).await;
    assert!(port.answer(ask).await.starts_with("HTTP/1.1 200"));
    drop(second);
    port.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_for_which_there_is_no_memory_are_answered_503_and_not_lost() {
    let port = port(WebLimits { patience: SHORT, ..WebLimits::default() }).await;
    let body = r#"{"t":[1],"accX":[1],"accY":[2],"accZ":[3]}"#;
    let post = port.post(&format!("Connection: close\r\nContent-Length: {}", body.len()), body);
    let pipeline = &port.hub.running.hub.pipeline;
    let everything = pipeline.room(None, pipeline.in_flight().limit()).await;
    let refused = port.answer(&post).await;
    is_problem(&refused, 503, "again in a moment");
    assert!(refused.contains("retry-after: 5"), "{refused}");
    assert_eq!((port.stats.refused(WebRefused::Busy), pipeline.in_flight().waits()), (1, 1));
    assert!(port.answer("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    drop(everything);
    assert!(port.answer(&post).await.contains(r#""stored":1"#));
    assert_eq!(pipeline.in_flight().used(), 0);
    port.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_dawdles_does_not_hold_up_the_end() {
    let endless = || async { Body::from_stream(stream::repeat(Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 65_536])))) };
    let later = || async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        "done"
    };
    let app = Router::new()
        .route("/endless", get(endless))
        .route("/later", get(later))
        .route("/read", post(|body: Bytes| async move { body.len().to_string() }));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
    let listening = tokio::spawn(web::listen(listener, app, WebLimits::default(), Arc::default(), None, stop.clone()));
    let say = async |bytes: &str| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        stream
    };
    let head = |method: &str, path: &str| format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
    // Half a head, half a body, nothing at all; a download that is not read; and one who is answered after the stop.
    let half_head = say("GET /later HTTP/1.1\r\nX-Slow: ").await;
    let half_body = say(&format!("{}Content-Length: 9\r\n\r\n123", head("POST", "/read"))).await;
    let silent = say("").await;
    let unread = say(&format!("{}\r\n", head("GET", "/endless"))).await;
    let answered = say(&format!("{}\r\n", head("GET", "/later"))).await;
    // Time for the heads to be read and the download to fill what buffers there are.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let begun = tokio::time::Instant::now();
    stop.cancel();
    let (half_head, half_body, silent, answered) = tokio::join!(rest(half_head), rest(half_body), rest(silent), rest(answered));
    assert_eq!((half_head.as_str(), half_body.as_str(), silent.as_str()), ("", "", ""));
    assert!(answered.starts_with("HTTP/1.1 200") && answered.ends_with("done"), "{answered}");
    timeout(PATIENCE, listening).await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    drop(unread);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packed_body_is_refused_and_nothing_of_it_stored() {
    let port = port(WebLimits::default()).await;
    let body = r#"{"t":[1],"accX":[1],"accY":[2],"accZ":[3]}"#;
    let head = |coding: &str| format!("Connection: close\r\nContent-Encoding: {coding}\r\nContent-Length: {}", body.len());
    is_problem(&port.answer(&port.post(&head("gzip"), body)).await, 415, "Send it plain");
    assert!(port.hub.rows(&port.class.lesson).await.is_empty());
    let rejections = port.hub.get_json(&format!("/api/v1/lessons/{}/rejections", port.class.lesson)).await;
    assert_eq!(rejections, serde_json::json!([]), "no Reject either");
    assert!(port.answer(&port.post(&head("identity"), body)).await.contains(r#""stored":1"#));
    port.end().await;
}
