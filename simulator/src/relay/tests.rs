use rand::RngExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::weather::{Direction, Weather, cut};
use super::*;
use crate::dice::{Purpose, dice};
use crate::run_time::{Stopper, stopper};

const PATIENCE: Duration = Duration::from_secs(30);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn bad(to: &str) -> RelayOptions {
    RelayOptions {
        delay: ms(200),
        jitter: ms(100),
        rate: Some(1_000_000),
        stall_every: Some(ms(4_000)),
        cut_every: Some(ms(10_000)),
        seed: 7,
        ..RelayOptions::perfect(to)
    }
}

#[test]
fn weather_is_a_function_of_the_seed() {
    let ages = || (0..2_000).map(|step| ms(step * 10));
    let arrivals = |options: &RelayOptions, connection, direction| -> Vec<Duration> {
        let mut weather = Weather::new(options, connection, direction);
        ages().map(|age| weather.arrival(age).0).collect()
    };
    let options = bad("hub");
    let base = arrivals(&options, 3, Direction::Up);
    assert_eq!(base, arrivals(&options, 3, Direction::Up));
    let other = RelayOptions { seed: 8, ..options.clone() };
    for different in [arrivals(&other, 3, Direction::Up), arrivals(&options, 4, Direction::Up), arrivals(&options, 3, Direction::Down)] {
        assert_ne!(base, different);
    }
    // However the bytes are cut into pieces: every second age sees the same weather where nothing stalls.
    let calm = RelayOptions { stall_every: None, ..options.clone() };
    let all = arrivals(&calm, 3, Direction::Up);
    let mut weather = Weather::new(&calm, 3, Direction::Up);
    let half: Vec<_> = ages().step_by(2).map(|age| weather.arrival(age).0).collect();
    assert_eq!(half, all.iter().copied().step_by(2).collect::<Vec<_>>());
    assert_eq!(cut(&options, 3), cut(&options, 3));
    assert_ne!(cut(&options, 3), cut(&options, 4));
    assert_eq!(cut(&calm, 3).is_some(), cut(&RelayOptions { cut_every: None, ..calm }, 3).is_none());
}

#[test]
fn delays_are_what_was_asked_and_keep_the_order() {
    let calm = RelayOptions { stall_every: None, ..bad("hub") };
    let mut weather = Weather::new(&calm, 0, Direction::Up);
    let (mut last, mut sum) = (Duration::ZERO, Duration::ZERO);
    for step in 0..10_000_u64 {
        let left = ms(step * 10);
        let (at, held) = weather.arrival(left);
        assert!((ms(100)..=ms(300)).contains(&(at - left)) && at >= last && held == 0, "{left:?}: {at:?}");
        (last, sum) = (at, sum + (at - left));
    }
    let mean = sum / 10_000;
    assert!((ms(185)..=ms(215)).contains(&mean), "{mean:?}");
    // Stalls: about as often as asked, each holding what falls into it for its length at most.
    let mut weather = Weather::new(&bad("hub"), 0, Direction::Up);
    let stalls: u64 = (0..40_000_u64).map(|step| weather.arrival(ms(step * 10)).1).sum();
    assert!((50..=130).contains(&stalls), "{stalls} stalls in 400 s, one every 4 s asked for");
}

#[test]
fn a_rate_is_kept() {
    let mut rate = Rate::new(Some(1_000_000));
    assert_eq!(rate.take(ms(0), 12_500), ms(100));
    assert_eq!(rate.take(ms(50), 12_500), ms(200));
    assert_eq!(rate.take(ms(1_000), 12_500), ms(1_100), "an idle line saves nothing up");
    assert_eq!(Rate::new(None).take(ms(7), 1 << 30), ms(7));
}

#[tokio::test]
async fn a_mistake_is_named() {
    let check = async |change: fn(&mut RelayOptions), expected: &str| {
        let mut options = bad("hub");
        change(&mut options);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let error = run(listener, options, Stop::never()).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    check(|options| options.jitter = ms(201), "jitter").await;
    check(|options| options.rate = Some(0), "rate of 0").await;
    check(|options| options.cut_every = Some(ms(0)), "cuts need time").await;
}

struct Running {
    address: String,
    stopper: Stopper,
    task: JoinHandle<Result<RelayReport>>,
}

async fn relay(options: RelayOptions) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stopper, stop) = stopper();
    Running { address, stopper, task: tokio::spawn(run(listener, options, stop)) }
}

impl Running {
    async fn end(self) -> RelayReport {
        self.stopper.stop();
        timeout(PATIENCE, self.task).await.unwrap().unwrap().unwrap()
    }
}

/// A hub that reads to the end and only then sends everything back, and ends: what a half-closed connection is for.
async fn echo(listener: TcpListener) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::spawn(async move {
            let mut all = Vec::new();
            stream.read_to_end(&mut all).await?;
            stream.write_all(&all).await?;
            stream.shutdown().await
        });
    }
}

async fn exchange(address: &str, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(bytes).await?;
    stream.shutdown().await?;
    let mut back = Vec::new();
    stream.read_to_end(&mut back).await?;
    Ok(back)
}

fn noise(seed: usize, length: usize) -> Vec<u8> {
    let mut chance = dice(1, seed, Purpose::Device);
    (0..length).map(|_| chance.random::<u8>()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_connections_lose_no_byte() {
    let hub = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = hub.local_addr().unwrap().to_string();
    let echoing = tokio::spawn(echo(hub));
    let options = RelayOptions {
        delay: ms(20),
        jitter: ms(10),
        rate: Some(4_000_000),
        stall_every: Some(ms(100)),
        stall: ms(30),
        ..RelayOptions::perfect(to)
    };
    let relay = relay(options).await;
    let mut phones = JoinSet::new();
    for number in 0..60 {
        let address = relay.address.clone();
        phones.spawn(async move {
            let bytes = noise(number, 20_000 + number);
            assert!(exchange(&address, &bytes).await.unwrap() == bytes, "connection {number}");
        });
    }
    timeout(PATIENCE, phones.join_all()).await.unwrap();
    let report = relay.end().await;
    let all: u64 = (0..60).map(|number| 20_000 + number).sum();
    assert_eq!((report.connections, report.refused, report.cuts), (60, 0, 0), "{report}");
    assert_eq!((report.bytes_up, report.bytes_down), (all, all), "{report}");
    assert!(report.stalls > 0 && report.most_at_once > 30, "{report}");
    echoing.abort();
}

#[tokio::test]
async fn a_hub_that_is_not_there_costs_a_connection_and_no_more() {
    let hub = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = hub.local_addr().unwrap();
    drop(hub);
    let relay = relay(RelayOptions::perfect(to.to_string())).await;
    // Closed or reset, at once.
    let gone = timeout(PATIENCE, exchange(&relay.address, b"hello")).await.unwrap();
    assert!(gone.is_err() || gone.is_ok_and(|back| back.is_empty()));
    let echoing = tokio::spawn(echo(TcpListener::bind(to).await.unwrap()));
    assert_eq!(timeout(PATIENCE, exchange(&relay.address, b"hello")).await.unwrap().unwrap(), b"hello");
    echoing.abort();
    let report = relay.end().await;
    assert_eq!((report.connections, report.refused, report.bytes_up), (2, 1, 5));
}

#[tokio::test]
async fn a_connection_is_cut_on_both_sides_and_the_next_one_works() {
    let hub = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = hub.local_addr().unwrap().to_string();
    let relay = relay(RelayOptions { cut_every: Some(ms(100)), ..RelayOptions::perfect(to) }).await;
    let mut phone = TcpStream::connect(&relay.address).await.unwrap();
    let (mut other, _) = hub.accept().await.unwrap();
    let read = async |stream: &mut TcpStream| timeout(PATIENCE, stream.read(&mut [0; 8])).await.unwrap();
    // Reset, so that nobody takes it for the end of what was sent.
    assert!(read(&mut phone).await.is_err());
    assert!(read(&mut other).await.is_err());
    // The next ones live as short; on a busy machine one is over before it is read.
    let mut again = false;
    for _ in 0..50 {
        let mut phone = TcpStream::connect(&relay.address).await.unwrap();
        let _ = phone.write_all(b"again").await;
        let (mut other, _) = timeout(PATIENCE, hub.accept()).await.unwrap().unwrap();
        if read(&mut other).await.is_ok_and(|bytes| bytes == 5) {
            again = true;
            break;
        }
    }
    assert!(again);
    let report = relay.end().await;
    assert!(report.cuts >= 1, "{report}");
}

#[tokio::test]
async fn who_goes_away_without_a_word_is_told_to_the_other() {
    let hub = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let relay = relay(RelayOptions::perfect(hub.local_addr().unwrap().to_string())).await;
    let phone = TcpStream::connect(&relay.address).await.unwrap();
    let (mut other, _) = hub.accept().await.unwrap();
    let (told, told_at) = oneshot::channel();
    tokio::spawn(async move {
        let _ = told.send(other.read(&mut [0; 8]).await);
    });
    phone.set_zero_linger().unwrap();
    drop(phone);
    assert!(timeout(PATIENCE, told_at).await.unwrap().unwrap().is_err());
    assert_eq!(relay.end().await.cuts, 0);
}
