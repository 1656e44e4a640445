use super::*;
use crate::fake_hub::{Behaviour, FakeHub, TEACHER};

/// Two seconds of a class of four, ten times as fast.
fn options(hub: &FakeHub) -> ClassOptions {
    ClassOptions { hub: hub.url.clone(), token: Some(TEACHER.to_owned()), things: 4, seconds: 2.0, speed: 10.0, ..Default::default() }
}

async fn report(hub: &FakeHub, options: ClassOptions) -> Report {
    let report = run(options, Stop::never(), |_| {}).await.unwrap();
    assert_eq!(report.stored, Some(hub.state().rows.len() as u64));
    report
}

#[tokio::test]
async fn nothing_is_lost_whatever_the_way_and_the_spelling() {
    use Encoding::{Binary, Csv, Json, Phyphox};
    use Transport::{Http, Mixed, Mqtt};
    async fn check(transport: Transport, encoding: Encoding, qos: u8, keep: bool) {
        let hub = FakeHub::start(Behaviour::default()).await;
        let report = report(&hub, ClassOptions { transport, encoding, qos, keep, ..options(&hub) }).await;
        assert_eq!(report.failure(), None, "{transport:?} {encoding:?} QoS {qos}");
        assert_eq!((report.things, report.stored), (4, Some(report.sent)), "{transport:?} {encoding:?} QoS {qos}");
        assert!(report.sent > 4 * 2 * 40, "{report:?}");
        assert_eq!(report.resent > 0, keep, "{report:?}");
        assert_eq!(report.outcomes["g"].n, 4);
        assert!(hub.state().inputs.values().all(|inputs| (0.2..1.1).contains(&inputs["length_m"])));
    }
    check(Mqtt, Json, 1, false).await;
    check(Mqtt, Binary, 2, false).await;
    check(Mqtt, Phyphox, 0, false).await;
    check(Mqtt, Phyphox, 1, true).await;
    check(Mqtt, Csv, 1, false).await;
    check(Http, Json, 1, false).await;
    check(Http, Phyphox, 1, true).await;
    check(Mixed, Binary, 1, false).await;
}

#[tokio::test]
async fn every_lesson_of_the_library_has_a_class() {
    for template in messwerk_lessons::template::builtins() {
        let hub = FakeHub::start(Behaviour::default()).await;
        let report = report(&hub, ClassOptions { template: template.id.clone(), things: 2, ..options(&hub) }).await;
        assert_eq!((report.failure(), report.truth.contains_key(&template.outcome)), (None, true), "{}", template.id);
        let asked = template.inputs.iter().filter(|input| !input.by_hand && !input.optional);
        let entered = |name: &str| hub.state().inputs.values().all(|inputs| inputs.keys().any(|key| key.split('.').next() == Some(name)));
        asked.for_each(|input| assert!(entered(&input.name), "{}: {}", template.id, input.name));
        let known = hub
            .state()
            .inputs
            .values()
            .all(|inputs| inputs.keys().all(|key| template.inputs.iter().any(|input| input.entry_names().contains(key))));
        assert!(known, "{}", template.id);
        assert_eq!(hub.state().location, template.sensors.iter().any(|sensor| sensor.quantity.is_location()), "{}", template.id);
    }
}

#[tokio::test]
async fn a_mistake_is_made_by_the_first_of_five() {
    let hub = FakeHub::start(Behaviour::default()).await;
    let mistaken = ClassOptions { template: "free-fall".to_owned(), mistake: Some("centimetres".to_owned()), things: 6, ..options(&hub) };
    let report = report(&hub, mistaken).await;
    assert_eq!(report.failure(), None);
    let hinted = ["echo".to_owned()];
    // The stand-in for a hub tells everybody who asks with a token of its own.
    let seen: Vec<_> = report.hints.iter().map(|told| (told.mistaken, told.hints == hinted)).collect();
    assert_eq!(seen, [(true, true), (false, true), (false, true), (false, true), (false, true), (true, true)]);
    let heights = hub.state().inputs.values().filter(|inputs| inputs["h.1"] > 10.0).count();
    assert_eq!(heights, 2);
}

#[tokio::test]
async fn with_an_acknowledgement_faults_lose_nothing() {
    async fn check(transport: Transport, encoding: Encoding, qos: u8, faults: &str) {
        let hub = FakeHub::start(Behaviour::default()).await;
        let faults = faults.parse().unwrap();
        let report = report(&hub, ClassOptions { transport, encoding, qos, faults, ..options(&hub) }).await;
        assert_eq!(report.failure(), None, "{transport:?} {encoding:?} QoS {qos} {faults:?}: {report:?}");
        assert!(report.resent > 0, "{faults:?}");
    }
    check(Transport::Mqtt, Encoding::Json, 1, "drop=0.1,reorder=0.1,duplicate=0.1").await;
    check(Transport::Mqtt, Encoding::Phyphox, 1, "reconnect=0.1,skew=100").await;
    check(Transport::Mqtt, Encoding::Binary, 2, "takeover=0.1,reorder=0.1,drop=0.02").await;
    check(Transport::Http, Encoding::Json, 1, "reorder=0.1,duplicate=0.1,reconnect=0.1,drop=0.05").await;
}

#[tokio::test]
async fn a_takeover_is_one_and_equal_ids_are_none() {
    async fn check(faults: &str, takeovers: bool) {
        let hub = FakeHub::start(Behaviour::default()).await;
        let report = report(&hub, ClassOptions { faults: faults.parse().unwrap(), ..options(&hub) }).await;
        assert_eq!((report.failure(), hub.state().takeovers > 0), (None, takeovers), "{faults}");
    }
    check("takeover=0.2", true).await;
    check("collide=1", false).await;
}

#[tokio::test]
async fn a_hub_that_breaks_its_word_is_found_out() {
    async fn check(behaviour: Behaviour, transport: Transport, failure: Option<&str>) {
        let hub = FakeHub::start(behaviour).await;
        let report = report(&hub, ClassOptions { transport, ..options(&hub) }).await;
        let found = report.failure();
        let fits = match (&found, failure) {
            (Some(found), Some(expected)) => found.contains(expected),
            (found, expected) => found.is_none() && expected.is_none(),
        };
        assert!(fits, "{behaviour:?} by {transport:?}: {found:?}, expected {failure:?}");
    }
    let fine = Behaviour::default();
    check(Behaviour { lose_every: Some(7), ..fine }, Transport::Mqtt, Some("are not on the hub")).await;
    check(Behaviour { lose_every: Some(7), ..fine }, Transport::Http, Some("are not on the hub")).await;
    check(Behaviour { double_every: Some(7), ..fine }, Transport::Mqtt, Some("twice")).await;
    check(Behaviour { break_every: Some(9), busy_joins: 3, ..fine }, Transport::Mqtt, None).await;
    check(Behaviour { break_every: Some(9), ..fine }, Transport::Http, None).await;
    check(Behaviour { delay: Duration::from_millis(60), ..fine }, Transport::Mixed, None).await;
    check(Behaviour { refuse: Some(403), ..fine }, Transport::Http, Some("not acknowledged")).await;
}

#[tokio::test]
async fn a_class_without_end_measures_until_it_is_stopped() {
    let hub = FakeHub::start(Behaviour::default()).await;
    let (stopper, stop) = stopper();
    let endless = ClassOptions { forever: true, seconds: 1.0, speed: 20.0, ..options(&hub) };
    let class = tokio::spawn(run(endless, stop, |_| {}));
    // 5 packets of 2 streams make a run: the third run of each phone has begun.
    hub.packets(4 * 2 * 11).await;
    stopper.stop();
    let report = class.await.unwrap().unwrap();
    assert_eq!((report.failure(), report.stored), (None, Some(report.acknowledged)));
}

#[tokio::test]
async fn who_joins_by_code_without_a_token_reports_what_it_knows() {
    let hub = FakeHub::start(Behaviour::default()).await;
    let by_code = ClassOptions { token: None, code: Some("123456".to_owned()), ..options(&hub) };
    let report = run(by_code.clone(), Stop::never(), |place| assert_eq!(place.board_url, None)).await.unwrap();
    assert_eq!((report.stored, report.failure()), (None, None));
    assert_eq!(report.acknowledged, hub.state().rows.len() as u64);
    let wrong = ClassOptions { code: Some("654321".to_owned()), ..by_code };
    let error = run(wrong, Stop::never(), |_| {}).await.unwrap_err();
    assert!(format!("{error:#}").contains("no lesson has this code"), "{error:#}");
}

#[tokio::test]
async fn a_hub_that_is_gone_at_the_end_costs_only_what_it_was_to_say() {
    let hub = FakeHub::start(Behaviour { silent: true, ..Default::default() }).await;
    let report = run(options(&hub), Stop::never(), |_| {}).await.unwrap();
    assert_eq!((report.stored, report.lost, report.outcomes.len()), (None, 0, 0));
    let there = hub.state().rows.len() as u64;
    assert_eq!((report.sent, report.acknowledged), (there, there));
    assert_eq!((report.truth, report.failed), (ClassOptions::default().known_truth(), Failed::default()));
    assert!(report.error.as_ref().unwrap().contains("could not be asked what it stored"), "{:?}", report.error);
}

#[tokio::test]
async fn options_that_fit_no_class_are_refused_before_anything_is_sent() {
    async fn check(change: impl FnOnce(&mut ClassOptions), expected: &str) {
        let mut options = ClassOptions { token: Some(TEACHER.to_owned()), ..Default::default() };
        change(&mut options);
        let error = format!("{:#}", run(options, Stop::never(), |_| panic!("no lesson")).await.unwrap_err());
        assert!(error.contains(expected), "{error}");
    }
    check(|options| options.things = 0, "at least one phone").await;
    check(|options| options.seconds = f64::NAN, "more than 0 seconds").await;
    check(|options| options.speed = 0.0, "speed").await;
    check(|options| options.batch_ms = 0, "at least 1 ms").await;
    check(|options| options.keep = true, "phyphox").await;
    check(|options| (options.encoding, options.transport) = (Encoding::Csv, Transport::Http), "--transport mqtt").await;
    check(|options| options.template = "hurricane".to_owned(), "no physics").await;
    check(|options| options.mistake = Some("sneezed".to_owned()), "half_period").await;
    check(|options| options.token = None, "MESSWERK_TOKEN").await;
}

#[tokio::test]
async fn the_same_seed_sends_the_same_readings() {
    async fn sent(seed: u64) -> Vec<String> {
        let hub = FakeHub::start(Behaviour::default()).await;
        report(&hub, ClassOptions { things: 1, seconds: 0.5, seed, ..options(&hub) }).await;
        let rows: Vec<String> = hub.state().rows.iter().map(|row| format!("{row:?}")).collect();
        rows
    }
    let first = sent(3).await;
    assert_eq!(first, sent(3).await);
    assert_ne!(first, sent(4).await);
}
