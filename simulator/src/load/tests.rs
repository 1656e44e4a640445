use super::connection::record;
use super::*;
use crate::fake_hub::{Behaviour, FakeHub, TEACHER};

fn options(hub: &FakeHub) -> LoadOptions {
    LoadOptions {
        hub: Some(hub.url.clone()),
        token: Some(TEACHER.to_owned()),
        connections: 8,
        batch: 5,
        seconds: 0.3,
        ..Default::default()
    }
}

#[tokio::test]
async fn what_is_acknowledged_is_there() {
    async fn check(change: impl FnOnce(&mut LoadOptions)) -> LoadReport {
        let hub = FakeHub::start(Behaviour::default()).await;
        let mut options = options(&hub);
        change(&mut options);
        let report = run(options.clone(), Stop::never()).await.unwrap();
        assert_eq!((report.connections, report.failed), (8, 0), "{options:?}: {report:?}");
        assert_eq!((report.readings, report.readings), (report.acknowledged, report.packets * 5), "{options:?}");
        assert_eq!(hub.state().rows.len() as u64, report.acknowledged, "{options:?}");
        assert_eq!(report.puback_ms.is_some(), options.qos > 0 && !options.login_storm);
        report
    }
    assert!(check(|_| {}).await.packets > 8);
    assert!(check(|options| options.qos = 2).await.packets > 8);
    assert!(check(|options| options.shape = Shape::Json).await.packets > 8);
    // A paced load of 8 connections at 20 packets/s for 0.3 s: 6 each at the most, plus the one at the start.
    let paced = check(|options| options.rate = Some(20.0)).await;
    assert!((8..=56).contains(&paced.packets), "{paced:?}");
    let storm = check(|options| (options.login_storm, options.silent) = (true, 5)).await;
    assert_eq!((storm.packets, storm.connack_ms.is_some()), (0, true));
}

#[tokio::test]
async fn a_school_is_more_than_one_lesson() {
    async fn check(connections: usize, code: Option<&str>, lessons: u32) {
        let hub = FakeHub::start(Behaviour::default()).await;
        let options = LoadOptions { connections, code: code.map(str::to_owned), login_storm: true, ..options(&hub) };
        assert_eq!(run(options, Stop::never()).await.unwrap().connections, connections);
        assert_eq!(hub.state().lessons, lessons);
    }
    check(IN_A_LESSON, None, 1).await;
    check(IN_A_LESSON + 1, None, 2).await;
    check(IN_A_LESSON + 1, Some("123456"), 0).await;
}

#[tokio::test]
async fn qos_0_is_counted_by_the_ping_after_it() {
    let hub = FakeHub::start(Behaviour::default()).await;
    let report = run(LoadOptions { qos: 0, rate: Some(50.0), ..options(&hub) }, Stop::never()).await.unwrap();
    assert_eq!((report.acknowledged, report.puback_ms), (report.readings, None));
    assert_eq!(hub.state().rows.len() as u64, report.readings);
}

#[tokio::test]
async fn failures_are_counted_and_a_dead_target_is_an_error() {
    let refusing = FakeHub::start(Behaviour { refuse: Some(401), ..Default::default() }).await;
    let error = run(options(&refusing), Stop::never()).await.unwrap_err();
    assert!(error.to_string().contains("NotAuthorized"), "{error:#}");
    let breaking = FakeHub::start(Behaviour { break_every: Some(50), ..Default::default() }).await;
    let report = run(options(&breaking), Stop::never()).await.unwrap();
    assert!(report.failed > 0 && report.failure.is_some(), "{report:?}");
    assert!(report.acknowledged <= breaking.state().rows.len() as u64);
}

#[tokio::test]
async fn only_this_machine_is_loaded_unless_its_owner_says_so() {
    async fn check(address: &str, own: bool, allowed: bool) {
        assert_eq!(resolve(address, own).await.is_ok(), allowed, "{address} {own}");
    }
    check("127.0.0.1:1883", false, true).await;
    check("[::1]:1883", false, true).await;
    check("192.0.2.1:1883", false, false).await;
    check("192.0.2.1:1883", true, true).await;
    check("no address", true, false).await;
    let error = run(LoadOptions { hub: Some("http://192.0.2.1/".to_owned()), ..Default::default() }, Stop::never()).await.unwrap_err();
    assert!(error.to_string().contains("--i-own-this-hub"), "{error:#}");
}

#[test]
fn a_report_divides_by_what_was_measured() {
    let mut tally = Tally::new().unwrap();
    (tally.connections, tally.packets, tally.acknowledged, tally.seconds) = (2, 1000, 900, Duration::from_secs(3));
    for ms in [1, 2, 3] {
        record(&mut tally.puback, Duration::from_millis(ms)).unwrap();
    }
    let report = report(&tally, &LoadOptions { batch: 10, ..Default::default() }, 0.6);
    assert_eq!((report.readings, report.acknowledged, report.readings_per_second), (10_000, 9_000, 3000.0));
    assert_eq!(report.own_cpu_per_million_samples, Some(20.0));
    let puback = report.puback_ms.unwrap();
    assert!((puback.p50 - 2.0).abs() < 0.05 && (puback.p99 - 3.0).abs() < 0.05, "{puback:?}");
    assert!(report.to_string().contains("3000 readings/s for 3.00 s"), "{report}");
    assert_eq!(report.connack_ms, None);
}

#[test]
fn known_waits_come_out_as_they_were() {
    let check = |found: Quantiles, expected: [f64; 3]| {
        // Two digits: a wait is told to within 1 %.
        let fits = [found.p50, found.p99, found.max].iter().zip(expected).all(|(found, expected)| (found / expected - 1.0).abs() < 0.01);
        assert!(fits, "{found:?}, expected {expected:?}");
    };
    let mut tally = Tally::new().unwrap();
    tally.connections = 2;
    for _ in 0..2 {
        let mut one = Tally::new().unwrap();
        for (ms, times) in [(5, 98), (80, 1), (2000, 1)] {
            for _ in 0..times {
                record(&mut one.puback, Duration::from_millis(ms)).unwrap();
                record(&mut one.connack, Duration::from_micros(100 * ms)).unwrap();
            }
        }
        tally.add(one).unwrap();
    }
    let report = report(&tally, &LoadOptions::default(), 0.0);
    let (connack, puback) = (report.connack_ms.unwrap(), report.puback_ms.unwrap());
    check(puback, [5.0, 80.0, 2000.0]);
    check(connack, [0.5, 8.0, 200.0]);
    let json = serde_json::to_value(&report).unwrap();
    let shown = |of: Quantiles| format!("p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms", of.p50, of.p99, of.max);
    for (key, name, of) in [("puback_ms", "PUBACK:  ", puback), ("connack_ms", "CONNACK: ", connack)] {
        let written = ["p50", "p99", "max"].map(|quantile| json[key][quantile].as_f64());
        assert_eq!(written, [of.p50, of.p99, of.max].map(Some), "{key}");
        assert!(report.to_string().contains(&format!("{name}{}", shown(of))), "{report}");
    }
}

#[tokio::test]
async fn a_hub_that_takes_its_time_is_reported_so() {
    let hub = FakeHub::start(Behaviour { delay: Duration::from_millis(30), ..Default::default() }).await;
    let report = run(LoadOptions { rate: Some(10.0), ..options(&hub) }, Stop::never()).await.unwrap();
    let (connack, puback) = (report.connack_ms.unwrap(), report.puback_ms.unwrap());
    assert!(puback.p50 >= 30.0 && puback.max >= puback.p99 && puback.p99 >= puback.p50, "{report:?}");
    assert!(puback.max <= 1010.0 * report.seconds && connack.max <= 1010.0 * report.login_seconds, "{report:?}");
}
