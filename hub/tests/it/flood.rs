//! Floods. Of readings: the one memory budget holds, senders are held back, and what was acknowledged is there once. Of joins: who
//! measures does not notice.
//!
//! For the first the hub runs as a program of its own, because its memory is what is asked about.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::time::Duration;

use bytes::{Buf, BufMut, BytesMut};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, ToSocketAddrs};
use tokio::time::{interval, timeout};

use crate::harness::TestHub;
use crate::program::Program;

/// Longer than the flood takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);
/// The smallest budget there is.
const BUDGET_MIB: usize = 16;
/// What the whole process may grow by. The budget itself is asked of the hub while the flood lasts; this bound is for what
/// the budget does not count: 1,030 connections with their buffers and tasks, a seal at work, what the allocator keeps.
/// Measured: 75 to 100 MiB, most of it connections.
const GROWTH_MIB: usize = 160;
/// Posts at once, each of a body as large as it may be. They bring few readings, so that memory is taken by bodies.
const POSTS: usize = 1_000;
const POST_READINGS: usize = 5;
/// Phones that publish without waiting for acknowledgements, their packets full of readings.
const PHONES: usize = 30;
const PACKETS: usize = 20;
const PACKET_READINGS: usize = 300;
/// How often the hub is asked meanwhile how much it holds.
const LOOK: Duration = Duration::from_millis(20);
/// Senders that stop in the middle of a large packet, over each door.
const STALLED: usize = 20;
/// Bytes that each of them announces.
const ANNOUNCED: usize = 60_000;
/// Well above what a small packet takes, well below the time a large one has.
const PROMPT: Duration = Duration::from_secs(5);

/// A hub whose memory is as small as it may be. No Thing is held back by its own rate: it is the memory that has to do it.
fn small_hub() -> Program {
    let limits = "[limits]\nreadings_per_second = 1e9\nmessages_per_second = 1e9\n";
    Program::start(&format!("{limits}[store]\nmemory_mib = {BUDGET_MIB}\n"), "warn", Stdio::inherit())
}

/// A line of `/proc/…/status` in MiB.
fn memory_mib(hub: &Program, what: &str) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", hub.process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
}

/// Readings 10 ms apart from number `first` on; the number is spelled in x, so that each reading names itself.
fn readings(first: usize, count: usize) -> String {
    let rows = first..first + count;
    let column = |of: &dyn Fn(usize) -> f64| rows.clone().map(of).collect::<Vec<_>>();
    json!({
        "acc_time": column(&|row| row as f64 / 100.0),
        "accX": column(&|row| row as f64),
        "accY": vec![0; count],
        "accZ": vec![9.81; count],
    })
    .to_string()
}

/// Posts until it is taken; how often it was told to wait.
async fn post(client: Client, address: String, body: String) -> usize {
    let mut refused = 0;
    loop {
        let answer = client.post(&address).body(body.clone()).send().await.unwrap();
        match answer.status().as_u16() {
            200 => {
                let stored: Value = answer.json().await.unwrap();
                assert_eq!((&stored["stored"], &stored["rejected"]), (&json!(POST_READINGS), &json!(0)));
                return refused;
            }
            503 => {
                assert!(answer.headers().contains_key("retry-after"));
                refused += 1;
            }
            other => panic!("{other}: {}", answer.text().await.unwrap()),
        }
    }
}

/// An MQTT connection without a name.
async fn mqtt(address: impl ToSocketAddrs) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0").await.unwrap();
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, [0x20, 2, 0, 0]);
    stream
}

/// A PUBLISH at QoS 1.
fn publish(topic: &str, pkid: u16, body: &str) -> BytesMut {
    let mut packet = BytesMut::new();
    let mut length = 2 + topic.len() + 2 + body.len();
    packet.put_u8(0x32);
    while length >= 128 {
        packet.put_u8((length & 127) as u8 | 128);
        length >>= 7;
    }
    packet.put_u8(length as u8);
    packet.put_u16(topic.len() as u16);
    packet.put_slice(topic.as_bytes());
    packet.put_u16(pkid);
    packet.put_slice(body.as_bytes());
    packet
}

/// Publishes everything at QoS 1 and waits for every PUBACK, in order.
async fn publish_all(address: String, topic: String) {
    let (mut reader, mut writer) = mqtt(address).await.into_split();
    let sending = async {
        for number in 0..PACKETS {
            let body = readings(number * PACKET_READINGS, PACKET_READINGS);
            writer.write_all(&publish(&topic, number as u16 + 1, &body)).await.unwrap();
        }
    };
    let hearing = async {
        for number in 0..PACKETS {
            let mut answer = BytesMut::zeroed(4);
            reader.read_exact(&mut answer).await.unwrap();
            assert_eq!((answer.get_u16(), answer.get_u16()), (0x4002, number as u16 + 1));
        }
    };
    tokio::join!(sending, hearing);
}

fn metric(metrics: &str, name: &str) -> f64 {
    metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_fills_the_budget_and_nothing_more() {
    timeout(PATIENCE, flood()).await.expect("the flood is over in time");
}

async fn flood() {
    let hub = small_hub();
    let teacher = hub.teacher();
    // A connection for each post, as phones make it.
    let client = Client::builder().timeout(PATIENCE).pool_max_idle_per_host(0).build().unwrap();
    let api = format!("{}/api/v1", hub.http);
    let lesson: Value = client
        .post(format!("{api}/lessons"))
        .bearer_auth(&teacher)
        .json(&json!({"template": "rest"}))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let mut things = Vec::new();
    for _ in 0..2 * PHONES {
        let joined = client.post(format!("{api}/join")).json(&json!({"code": lesson["code"]})).send().await.unwrap();
        things.push(joined.json::<Value>().await.unwrap());
    }
    let (posting, publishing) = things.split_at(PHONES);
    let before = memory_mib(&hub, "VmRSS");

    let mut flood = tokio::task::JoinSet::new();
    for number in 0..POSTS {
        let address = posting[number % PHONES]["ingest_url"].as_str().unwrap().to_owned();
        let mut body = readings(number / PHONES * POST_READINGS, POST_READINGS);
        body.push_str(&" ".repeat(62_000 - body.len()));
        flood.spawn(post(client.clone(), address, body));
    }
    for thing in publishing {
        let topic = thing["mqtt"]["topic"].as_str().unwrap().to_owned();
        let address = hub.mqtt.clone();
        flood.spawn(async move {
            publish_all(address, topic).await;
            0
        });
    }
    let metrics = async || client.get(format!("{}/metrics", hub.http)).send().await.unwrap().text().await.unwrap();
    let (mut refused, mut looks, mut fullest, mut look) = (0, 0, 0.0, interval(LOOK));
    loop {
        tokio::select! {
            ended = flood.join_next() => match ended {
                Some(told_to_wait) => refused += told_to_wait.unwrap(),
                None => break,
            },
            _ = look.tick() => {
                let metrics = metrics().await;
                let in_flight = metric(&metrics, "messwerk_in_flight_bytes");
                assert!(in_flight <= metric(&metrics, "messwerk_in_flight_budget_bytes"), "{metrics}");
                let memory = metric(&metrics, "messwerk_memory_bytes") + in_flight;
                // The two are read one after the other: what changes hands in between is in both.
                assert!(memory <= (BUDGET_MIB << 20) as f64 + 4.0 * 62_000.0, "{memory} in the flood");
                (looks, fullest) = (looks + 1, in_flight.max(fullest));
            }
        }
    }

    let metrics = metrics().await;
    let (peak, waits) = (memory_mib(&hub, "VmHWM"), metric(&metrics, "messwerk_in_flight_waits_total"));
    eprintln!("RSS {before} MiB before, {peak} MiB at the most; {waits} packets waited for memory, {refused} posts were told to wait");
    eprintln!("in {looks} looks at most {fullest} bytes in flight");
    assert!(waits > 0.0, "nobody was held back: this was no flood");
    assert!(looks > 3, "the bounds were looked at {looks} times only");
    assert!(peak < before + GROWTH_MIB, "{before} MiB before the flood, {peak} MiB in it");

    // Everything was acknowledged in the end, so everything is there: each reading once, and none that nobody sent.
    let table = client.get(format!("{api}/lessons/{}/observations?format=csv", lesson["id"].as_str().unwrap())).bearer_auth(&teacher);
    let table = table.send().await.unwrap().text().await.unwrap();
    let mut stored: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        stored.entry(cells[2]).or_default().push(cells[6].parse().unwrap());
    }
    for (index, thing) in things.iter().enumerate() {
        let mut rows = stored.remove(thing["thing"].as_str().unwrap()).unwrap();
        rows.sort_unstable();
        let posts = POSTS / PHONES + usize::from(index < POSTS % PHONES);
        let sent = if index < PHONES { posts * POST_READINGS } else { PACKETS * PACKET_READINGS };
        assert_eq!(rows, (0..sent).collect::<Vec<_>>(), "thing {index}");
    }
    assert!(stored.is_empty());
    assert!(client.get(format!("{}/readyz", hub.http)).send().await.unwrap().status().is_success());
    drop(hub);
}

#[tokio::test(flavor = "multi_thread")]
async fn senders_that_stop_in_the_middle_hold_up_nobody_else() {
    let hub = TestHub::start_with(tempfile::tempdir().unwrap(), |config| config.store.memory_mib = BUDGET_MIB).await;
    let class = hub.class("rest").await;
    let (mut stalled, blanks) = (Vec::new(), " ".repeat(ANNOUNCED));
    for _ in 0..STALLED {
        // One announces a packet and says nothing more, one says whose it is.
        let joined = hub.join(&class.code).await;
        let packet = publish(joined["mqtt"]["topic"].as_str().unwrap(), 1, &blanks);
        for said in [4, 100] {
            let mut stream = mqtt(hub.running.hub.mqtt).await;
            stream.write_all(&packet[..said]).await.unwrap();
            stalled.push(stream);
        }
        let token = hub.join(&class.code).await["token"].as_str().unwrap().to_owned();
        let mut stream = TcpStream::connect(hub.running.http).await.unwrap();
        let head = format!("POST /i/{token} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {ANNOUNCED}\r\n\r\n{{");
        stream.write_all(head.as_bytes()).await.unwrap();
        stalled.push(stream);
    }
    // As many as fit into their half are waited for; the others wait.
    let in_flight = hub.running.hub.pipeline.in_flight();
    let fit = in_flight.limit() / 2 / (4 * ANNOUNCED);
    let all_there = async {
        while (in_flight.waits() as usize) < 2 * STALLED - fit {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, all_there).await.unwrap();
    let used = in_flight.used();
    assert!(used > 4 * ANNOUNCED && used <= in_flight.limit() / 2, "{used}");

    let prompt = async {
        let mut phone = mqtt(hub.running.hub.mqtt).await;
        phone.write_all(&publish(&class.topic, 7, r#"{"t":1,"x":1,"y":2,"z":3}"#)).await.unwrap();
        let mut answer = [0; 4];
        phone.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, [0x40, 2, 0, 7]);
        let (status, stored) = hub.post(&class.token, r#"{"t":[2],"accX":[1],"accY":[2],"accZ":[3]}"#).await;
        assert_eq!((status, &stored["stored"]), (200, &json!(1)));
    };
    timeout(PROMPT, prompt).await.expect("small packets get through");
    drop(stalled);
    hub.stop().await;
}

/// Phones of the class that the bot disturbs, and how often each sends.
const CLASS: usize = 30;
const ROUNDS: usize = 25;
const BEAT: Duration = Duration::from_millis(200);
/// What the bot asks in the time the class measures, 5 s: twelve times the thousand a minute it is said to manage.
const ATTEMPTS: usize = 1_000;
/// A sender that waits longer than this for its answer falls behind; a busy machine of two cores, bot and class on it, comes near.
const SMOOTH: Duration = Duration::from_secs(2);

/// Asks to join from an address that is not the hub's own machine, which has no allowance; the status, once it is answered.
async fn try_to_join(routes: axum::Router, address: &str, code: String) -> u16 {
    let peer = std::net::SocketAddr::new(address.parse().unwrap(), 50_000);
    let request = axum::http::Request::post("/api/v1/join").header("host", "localhost").extension(axum::extract::ConnectInfo(peer));
    let request = request.body(axum::body::Body::from(json!({ "code": code }).to_string())).unwrap();
    tower::ServiceExt::oneshot(routes, request).await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_joins_or_guesses_disturbs_no_phone_that_measures() {
    let hub = TestHub::start().await;
    let lesson = hub.create("rest").await;
    let (id, code) = (lesson["id"].as_str().unwrap().to_owned(), lesson["code"].as_str().unwrap().to_owned());
    let mut class = Vec::new();
    for _ in 0..CLASS {
        class.push(hub.join(&code).await["token"].as_str().unwrap().to_owned());
    }
    let routes = messwerk::serve::router(hub.running.hub.clone());
    let phone = async |token: &str| {
        let (mut waits, mut beat) = (Vec::new(), interval(BEAT));
        for round in 0..ROUNDS {
            beat.tick().await;
            let begun = tokio::time::Instant::now();
            let (status, stored) = hub.post(token, &readings(round * 10, 10)).await;
            assert_eq!((status, &stored["stored"]), (200, &json!(10)), "{stored}");
            waits.push(begun.elapsed());
        }
        waits
    };
    // One knows the code, one guesses, each from a network of its own.
    let bots = async {
        let (mut asked, mut beat) = (tokio::task::JoinSet::new(), interval(BEAT * ROUNDS as u32 / ATTEMPTS as u32));
        for attempt in 0..ATTEMPTS {
            beat.tick().await;
            asked.spawn({
                let (routes, code) = (routes.clone(), code.clone());
                async move { ("knows", try_to_join(routes, "192.0.2.66", code).await) }
            });
            let guess = format!("{:06}", attempt % 100_000);
            let routes = routes.clone();
            asked.spawn(async move { ("guesses", try_to_join(routes, "198.51.100.66", guess).await) });
        }
        asked
    };
    let measuring = futures::future::join_all(class.iter().map(|token| phone(token)));
    let (waits, mut asked) = tokio::join!(measuring, bots);
    let mut waits: Vec<Duration> = waits.into_iter().flatten().collect();
    waits.sort_unstable();
    let (median, p95) = (waits[waits.len() / 2], waits[waits.len() * 95 / 100]);
    let mut answers: BTreeMap<(&str, u16), usize> = BTreeMap::new();
    // A wrong code beyond the allowance waits up to 8 s for its answer; nobody has to wait for that here.
    hub.running.hub.stopping.cancel();
    while let Some(answer) = asked.join_next().await {
        *answers.entry(answer.unwrap()).or_default() += 1;
    }
    eprintln!("answers: median {median:?}, p95 {p95:?}; the bots got {answers:?}");
    assert!(p95 < SMOOTH, "p95 {p95:?}");
    // The lesson has 250 seats, of which the class has 30: so many more Things the bot is, and no more.
    assert_eq!(answers.get(&("knows", 201)), Some(&(250 - CLASS)), "{answers:?}");
    assert_eq!(answers.get(&("guesses", 201)), None, "{answers:?}");
    // How many depends on how many a busy machine had asked by the time the hub stopped.
    assert!(answers.contains_key(&("guesses", 429)), "{answers:?}");
    let now = messwerk_store::Clock::now(&messwerk_store::SystemClock);
    assert!(hub.running.hub.joining.alarm(now), "the teacher is told that somebody is guessing");
    let catalogue = hub.running.hub.store.catalogue();
    assert_eq!(catalogue.count_things(id.parse().unwrap()).unwrap(), 250);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_lobby_takes_in_no_bot_and_uses_up_no_allowance() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let id = class.lesson.parse().unwrap();
    hub.running.hub.store.catalogue().set_lobby(id, false).unwrap();
    let routes = messwerk::serve::router(hub.running.hub.clone());
    let asked = (0..500).map(|_| try_to_join(routes.clone(), "192.0.2.66", class.code.clone()));
    let answers = futures::future::join_all(asked).await;
    assert!(answers.iter().all(|status| *status == 409), "{answers:?}");
    assert_eq!(hub.running.hub.store.catalogue().count_things(id).unwrap(), 1);
    let (status, stored) = hub.post(&class.token, &readings(0, 5)).await;
    assert_eq!((status, &stored["stored"]), (200, &json!(5)), "who is in goes on");
    assert!(hub.get("/metrics").await.contains("messwerk_join_refusals_total{reason=\"lobby_locked\"} 500\n"));
    // Opened again, nothing of the network's allowance is used up.
    hub.running.hub.store.catalogue().set_lobby(id, true).unwrap();
    assert_eq!(try_to_join(routes, "192.0.2.66", class.code.clone()).await, 201);
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn boards_and_checks_that_nobody_closes_keep_nobody_out() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let address = |path: &str| format!("ws://{}/api/v1/{path}", hub.running.http);
    let live = address(&format!("lessons/{}/live", class.lesson));
    let mut boards = Vec::new();
    for _ in 0..70 {
        boards.push(tokio_tungstenite::connect_async(live.as_str()).await.unwrap().0);
    }
    // The oldest made room for the newest, and was told to come again.
    let closed = async |board: &mut tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<TcpStream>>| {
        use futures::StreamExt as _;
        loop {
            match board.next().await {
                Some(Ok(tokio_tungstenite::tungstenite::Message::Close(Some(frame)))) => return u16::from(frame.code),
                Some(Ok(_)) => {}
                end => panic!("no close: {end:?}"),
            }
        }
    };
    for board in &mut boards[..6] {
        assert_eq!(timeout(PATIENCE, closed(board)).await.unwrap(), 1013);
    }
    assert!(timeout(Duration::from_millis(300), closed(&mut boards[6])).await.is_err(), "the others stay");
    // A teacher's is not counted: it makes nobody's room.
    let mut request = tokio_tungstenite::tungstenite::client::IntoClientRequest::into_client_request(live.as_str()).unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {}", hub.teacher).parse().unwrap());
    let _teachers = tokio_tungstenite::connect_async(request).await.unwrap();
    assert!(timeout(Duration::from_millis(300), closed(&mut boards[7])).await.is_err());
    // Checks end by themselves; until then there are so many and no more.
    let mut checks = Vec::new();
    for _ in 0..64 {
        checks.push(tokio_tungstenite::connect_async(address("check/socket")).await.unwrap());
    }
    let refused = tokio_tungstenite::connect_async(address("check/socket")).await;
    assert!(matches!(refused, Err(tokio_tungstenite::tungstenite::Error::Http(answer)) if answer.status() == 429));
    let (status, stored) = hub.post(&class.token, &readings(0, 5)).await;
    assert_eq!((status, &stored["stored"]), (200, &json!(5)));
    hub.stop().await;
}

/// The head of a binary frame of so many bytes, masked, as it comes from a browser.
fn head_of_frame(bytes: u64) -> Vec<u8> {
    [&[0x82, 0xff][..], &bytes.to_be_bytes(), &[1, 2, 3, 4]].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_is_refused_by_the_length_it_announces() {
    const MIB: u64 = 1 << 20;
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    for path in ["live", "console", "/api/v1/check/socket", "/api/v1/phone", "/mqtt"] {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/api/v1/lessons/{}/{path}", class.lesson) };
        let mut socket = TcpStream::connect(hub.running.http).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n",
            hub.running.http, hub.teacher
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        socket.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 101", "{path}");
        socket.write_all(&head_of_frame(MIB)).await.unwrap();
        // At once: sooner than a check or a phone that says nothing is closed.
        let closed = timeout(Duration::from_secs(4), socket.read_to_end(&mut Vec::new())).await;
        assert!(closed.is_ok(), "{path} waits for the rest");
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_fetches_files_leaves_some_for_the_class() {
    let hub = TestHub::start().await;
    let class = hub.class("rest").await;
    let token = hub.running.hub.store.catalogue().lesson(class.lesson.parse().unwrap()).unwrap().unwrap().token;
    let routes = messwerk::serve::router(hub.running.hub.clone());
    let fetch = async || {
        let peer = std::net::SocketAddr::new("192.0.2.66".parse().unwrap(), 50_000);
        let request = axum::http::Request::get(format!("/p/{token}")).header("host", "localhost");
        let request = request.extension(axum::extract::ConnectInfo(peer)).body(axum::body::Body::empty()).unwrap();
        tower::ServiceExt::oneshot(routes.clone(), request).await.unwrap().status().as_u16()
    };
    for number in 0..205 {
        assert_eq!(fetch().await, 200, "{number}");
    }
    let crowd = futures::future::join_all((0..100).map(|_| fetch()));
    let pupil = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let begun = tokio::time::Instant::now();
        (fetch().await, begun.elapsed())
    };
    let (answers, (status, took)) = tokio::join!(crowd, pupil);
    eprintln!("a pupil's file took {took:?} beside a bot");
    assert_eq!(status, 200);
    assert!(answers.iter().all(|status| [200, 429].contains(status)), "{answers:?}");
    hub.stop().await;
}
