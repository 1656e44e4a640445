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
    for us in [1000, 2000, 3000] {
        tally.puback.record(us).unwrap();
    }
    let report = report(&tally, &LoadOptions { batch: 10, ..Default::default() }, 0.6);
    assert_eq!((report.readings, report.acknowledged, report.readings_per_second), (10_000, 9_000, 3000.0));
    assert_eq!(report.own_cpu_per_million_samples, Some(20.0));
    let puback = report.puback_ms.unwrap();
    assert!((puback.p50 - 2.0).abs() < 0.05 && (puback.p99 - 3.0).abs() < 0.05, "{puback:?}");
    assert!(report.to_string().contains("3000 readings/s for 3.00 s"), "{report}");
    assert_eq!(report.connack_ms, None);
}
