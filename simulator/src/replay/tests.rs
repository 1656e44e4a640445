use std::io::Write as _;

use super::*;
use crate::fake_hub::{Behaviour, FakeHub, TEACHER};
use crate::phone::Parcel;
use crate::report::Counted;

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// A pendulum's gyroscope and the light, as a phone exports them: 200 and 20 rows in 2 s.
fn set() -> String {
    let mut text =
        "\"Time (s)\";\"Gyroscope x (rad/s)\";\"Gyroscope y (rad/s)\";\"Gyroscope z (rad/s)\";\"Time (light) (s)\";\"Illuminance (lx)\"\n"
            .to_owned();
    for row in 0..200 {
        let t = f64::from(row) * 0.01;
        let light = if row < 20 { format!("{};{row}", f64::from(row) * 0.1) } else { "NaN;NaN".to_owned() };
        text.push_str(&format!("{t};{};0;0;{light}\n", (4.8 * t).sin()).replace('.', ","));
    }
    text
}

fn options(hub: &FakeHub, file: &tempfile::NamedTempFile) -> ReplayOptions {
    ReplayOptions {
        file: file.path().to_owned(),
        hub: hub.url.clone(),
        code: "123456".to_owned(),
        token: Some(TEACHER.to_owned()),
        lesson: Some("0123456789abc".to_owned()),
        speed: 20.0,
        transport: Transport::Mqtt,
        encoding: Encoding::Phyphox,
        qos: 1,
        batch_ms: 200,
        inputs: BTreeMap::from([("length_m".to_owned(), 0.42)]),
        rename: Vec::new(),
        show_progress: false,
    }
}

#[tokio::test]
async fn an_export_arrives_whole_by_every_way() {
    let file = file(&set());
    async fn check(file: &tempfile::NamedTempFile, transport: Transport, encoding: Encoding) {
        let hub = FakeHub::start(Behaviour::default()).await;
        let report = run(ReplayOptions { transport, encoding, ..options(&hub, file) }, Stop::never()).await.unwrap();
        assert_eq!(report.failure(), None, "{transport:?} {encoding:?}");
        assert_eq!((report.sent, report.acknowledged, report.stored), (220, 220, Some(220)), "{transport:?} {encoding:?}");
        assert_eq!(hub.state().inputs.values().next().unwrap()["length_m"], 0.42);
    }
    check(&file, Transport::Mqtt, Encoding::Phyphox).await;
    check(&file, Transport::Mqtt, Encoding::Csv).await;
    check(&file, Transport::Http, Encoding::Phyphox).await;
    check(&file, Transport::Http, Encoding::Binary).await;
}

#[tokio::test]
async fn recorded_messages_arrive_as_they_were() {
    let line = |at: f64, t: f64| format!(r#"{{"at":{at},"stream":"acc","payload":{{"acc_time":[{t}],"accX":[1],"accY":[2],"accZ":[3]}}}}"#);
    let file = file(&[line(0.0, 0.0), line(0.1, 0.1), line(0.2, 0.1)].join("\n"));
    let hub = FakeHub::start(Behaviour::default()).await;
    let report = run(options(&hub, &file), Stop::never()).await.unwrap();
    // The third message repeats the second: three messages, two readings.
    assert_eq!((report.sent, report.acknowledged, report.failure()), (3, 3, None));
    assert_eq!((report.counted, report.stored), (Counted::Messages, Some(2)));
    assert_eq!(hub.state().rows.len(), 2);
}

#[tokio::test]
async fn payloads_alone_are_posted_and_counted_by_the_hubs_answers() {
    let columns = |t: f64| format!(r#"{{"acc_time":[{t},{}],"accX":[1,2],"accY":[1,2],"accZ":[1,2]}}"#, t + 0.5);
    let senml = r#"[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]"#;
    let push = r#"{"messageId":0,"payload":[{"name":"location","time":1698501145514000000,"values":{"speed":0}}]}"#;
    let file = file(&[columns(0.0), senml.to_owned(), push.to_owned(), columns(1.0)].join("\n"));
    async fn check(file: &tempfile::NamedTempFile, behaviour: Behaviour, token: bool, stored: u64, lost: u64) {
        let hub = FakeHub::start(behaviour).await;
        let token = token.then(|| TEACHER.to_owned());
        let report = run(ReplayOptions { token, ..options(&hub, file) }, Stop::never()).await.unwrap();
        assert_eq!((report.counted, report.sent, report.acknowledged), (Counted::Messages, 4, 4), "{behaviour:?}");
        // The hub knows neither the station nor a location.
        assert_eq!((report.stored, report.lost, report.rejected), (Some(stored), lost, 2), "{behaviour:?}");
        assert_eq!((report.failure().is_some(), &report.error), (lost > 0, &report.failure()), "{behaviour:?}");
        assert_eq!(hub.state().rows.len() as u64, 4 - lost, "{behaviour:?}");
    }
    let fine = Behaviour::default();
    check(&file, fine, true, 4, 0).await;
    check(&file, fine, false, 4, 0).await;
    check(&file, Behaviour { lose_every: Some(4), ..fine }, true, 2, 2).await;
}

#[tokio::test]
async fn what_was_not_asked_is_not_claimed() {
    async fn check(behaviour: Behaviour, token: Option<&str>, error: Option<&str>, told: &str) {
        let (file, hub) = (file(&set()), FakeHub::start(behaviour).await);
        let token = token.map(str::to_owned);
        let report = run(ReplayOptions { token, ..options(&hub, &file) }, Stop::never()).await.unwrap();
        assert_eq!((report.sent, report.acknowledged, report.stored), (220, 220, None));
        assert_eq!(report.error.is_some(), error.is_some(), "{report}");
        assert!(error.is_none_or(|error| report.error.as_ref().is_some_and(|found| found.contains(error))), "{report}");
        assert!(report.to_string().contains(told) && !report.to_string().contains("nothing lost"), "{report}");
    }
    check(Behaviour::default(), None, None, "all 220 readings acknowledged; not compared").await;
    let silent = Behaviour { silent: true, ..Default::default() };
    check(silent, Some(TEACHER), Some("could not be asked"), "FAILED").await;
}

#[tokio::test]
async fn a_stream_can_be_renamed() {
    let text = "\"Time (s)\",\"Acceleration x (m/s^2)\",\"Acceleration y (m/s^2)\",\"Acceleration z (m/s^2)\"\n0,1,2,3\n";
    let (file, hub) = (file(text), FakeHub::start(Behaviour::default()).await);
    let rename = vec![(ObservedProperty::Acceleration, ObservedProperty::LinearAcceleration)];
    run(ReplayOptions { rename, ..options(&hub, &file) }, Stop::never()).await.unwrap();
    assert_eq!(hub.state().rows[0].property, ObservedProperty::LinearAcceleration);
}

#[test]
fn messages_are_due_at_their_times() {
    let message = |at| Message { at, stream: "acc".to_owned(), payload: "1".into() };
    let mut messages = Messages::new([0.0, 0.5, 0.5, 2.0].map(message).to_vec());
    let mut due = Vec::new();
    while !messages.is_done() {
        due.push((
            messages.next_due().as_secs_f64(),
            messages.take().into_iter().map(|parcel: Parcel| parcel.cargo[0].1.clone()).collect(),
        ));
    }
    let expected = [(0.0, 0), (0.5, 1), (0.5, 2), (2.0, 3)].map(|(at, row)| (at, std::iter::once(row..row + 1).collect::<Vec<_>>()));
    assert_eq!(due, expected);
}
