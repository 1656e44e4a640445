use messwerk_lessons::quantity::ObservedProperty;

use super::*;
use crate::phone::Prints;

const PRESSURE: ObservedProperty = ObservedProperty::Pressure;

fn account(rate_hz: f64, sent: &[u64], acknowledged: &[u64]) -> Account {
    Account {
        property: PRESSURE,
        rate_hz,
        sent: sent.len() as u64,
        acknowledged: acknowledged.len() as u64,
        prints: Some(Prints { sent: sent.to_vec(), acknowledged: acknowledged.to_vec() }),
    }
}

#[test]
fn lost_is_acknowledged_and_not_there() {
    /// Sent, acknowledged, stored -> lost, unexpected.
    fn check(sent: &[u64], acknowledged: &[u64], stored: &[u64], lost: u64, unexpected: u64) {
        let stored = Stored::from([(("a".to_owned(), PRESSURE), stored.to_vec())]);
        let mut report = Report::default();
        report.add_phone("a", &[account(100.0, sent, acknowledged)], Some(&stored));
        assert_eq!((report.lost, report.unexpected), (lost, unexpected), "{sent:?} {acknowledged:?} {stored:?}");
    }
    check(&[1, 2, 3], &[1, 2, 3], &[3, 2, 1], 0, 0);
    check(&[1, 2, 3], &[1, 2], &[1, 2, 3], 0, 0);
    check(&[1, 2, 3], &[1, 2, 3], &[1, 2], 1, 0);
    check(&[1, 2, 3], &[1, 2, 3], &[1, 2, 2], 1, 1);
    check(&[1, 2, 3], &[1, 2, 3], &[1, 2, 3, 3], 0, 1);
    check(&[7, 7, 7], &[7, 7, 7], &[7, 7], 1, 0);
    check(&[7, 7], &[7, 7], &[], 2, 0);
}

#[test]
fn a_stream_too_fast_may_be_thinned_but_not_emptied() {
    fn check(rate_hz: f64, kept: u64, lost: u64, thinned: u64) {
        let all: Vec<u64> = (0..400).collect();
        let stored = Stored::from([(("a".to_owned(), PRESSURE), (0..kept).collect())]);
        let mut report = Report::default();
        report.add_phone("a", &[account(rate_hz, &all, &all)], Some(&stored));
        assert_eq!((report.lost, report.thinned), (lost, thinned), "{rate_hz} Hz, {kept} kept");
    }
    check(100.0, 399, 1, 0);
    check(411.6, 134, 0, 266);
    check(411.6, 100, 300, 0);
    check(200.0, 200, 200, 0);
    check(206.0, 399, 1, 0);
}

#[test]
fn runs_of_a_phone_are_counted_together() {
    let stored = Stored::from([(("a".to_owned(), PRESSURE), vec![1, 2, 1])]);
    let mut report = Report::default();
    report.add_phone("a", &[account(1.0, &[1, 2], &[1, 2]), account(1.0, &[1], &[1])], Some(&stored));
    report.add_phone("b", &[account(1.0, &[5], &[])], Some(&stored));
    assert_eq!((report.sent, report.acknowledged, report.stored), (4, 3, Some(3)));
    assert_eq!((report.lost, report.unexpected), (0, 0));
    // Five acknowledged, four of them finite: the hub rejects the fifth, and does not lose it.
    let finite = account(1.0, &[1, 1, 2, 2], &[1, 1, 2, 2]);
    let mut rejecting = Report::default();
    let four = Stored::from([(("a".to_owned(), PRESSURE), vec![2, 1, 2, 1])]);
    rejecting.add_phone("a", &[Account { sent: 5, acknowledged: 5, ..finite }], Some(&four));
    assert_eq!((rejecting.rejected, rejecting.lost, rejecting.failure()), (1, 0, None));
    let mut blind = Report::default();
    blind.add_phone("a", &[account(1.0, &[1], &[1])], None);
    assert_eq!((blind.stored, blind.lost), (None, 0));
}

#[test]
fn what_is_not_remembered_is_compared_by_number() {
    let check = |acknowledged: &[u64], stored: u64, lost: u64, unexpected: u64| {
        let stored = Stored::from([(("a".to_owned(), PRESSURE), (0..stored).collect())]);
        let mut report = Report::default();
        let run = |prints: bool| {
            let account = account(1.0, &[1, 2, 3], acknowledged);
            Account { prints: account.prints.filter(|_| prints), ..account }
        };
        report.add_phone("a", &[run(true), run(false)], Some(&stored));
        assert_eq!((report.lost, report.unexpected), (lost, unexpected));
    };
    check(&[1, 2, 3], 6, 0, 0);
    check(&[1, 2, 3], 4, 2, 0);
    check(&[1, 2, 3], 7, 0, 1);
    check(&[1], 4, 0, 0);
}

#[test]
fn failure_names_the_worst_first() {
    let check = |report: Report, expected: Option<&str>| assert_eq!(report.failure().as_deref(), expected);
    let fine = Report { sent: 5, acknowledged: 5, stored: Some(5), ..Default::default() };
    check(fine.clone(), None);
    check(Report { acknowledged: 3, ..fine.clone() }, Some("2 of 5 readings were not acknowledged"));
    let failed = Failed { phones: 1, reason: Some("no CONNACK".to_owned()) };
    check(Report { acknowledged: 3, failed: failed.clone(), ..fine.clone() }, Some("1 phones gave up: no CONNACK"));
    check(Report { unexpected: 2, failed: failed.clone(), ..fine.clone() }, Some("the hub has 2 readings twice or that nobody sent"));
    check(Report { counted: Counted::Messages, acknowledged: 3, ..fine.clone() }, Some("2 of 5 messages were not acknowledged"));
    let gone = Report { error: Some("the hub is gone".to_owned()), acknowledged: 3, failed: failed.clone(), ..fine.clone() };
    check(gone, Some("the hub is gone"));
    check(Report { lost: 1, unexpected: 2, ..fine }, Some(&format!("1 acknowledged readings are not on the hub. {IDLE}")));
}

#[test]
fn the_file_has_the_agreed_names() {
    let outcome = ClassOutcome { n: 30, mean: Some(9.79), se: Some(0.02), ci95: Some([9.75, 9.83]), unit: "m/s2".to_owned() };
    let report = Report {
        things: 30,
        sent: 5,
        acknowledged: 5,
        stored: Some(5),
        truth: BTreeMap::from([("g".to_owned(), 9.81)]),
        outcomes: BTreeMap::from([("g".to_owned(), outcome)]),
        ..Default::default()
    };
    let json = serde_json::to_value(&report).unwrap();
    for (name, expected) in [("things", 30), ("sent", 5), ("acknowledged", 5), ("stored", 5), ("lost", 0), ("rejected", 0)] {
        assert_eq!(json[name], expected, "{name}");
    }
    assert_eq!(json["truth"], serde_json::json!({"g": 9.81}));
    let expected = serde_json::json!({"n": 30, "mean": 9.79, "se": 0.02, "ci95": [9.75, 9.83], "unit": "m/s2"});
    assert_eq!(json["outcomes"]["g"], expected);
    assert_eq!(json.get("error"), None);
    let text = report.to_string();
    assert!(text.contains("9.790 ± 0.020 m/s2, 95 % interval 9.750 to 9.830, n = 30 (truth 9.81)"), "{text}");
    assert!(text.ends_with("nothing lost\n"), "{text}");
}

#[test]
fn nothing_is_claimed_that_was_not_compared() {
    let ends = |report: &Report, end: &str| assert!(report.to_string().trim_end().ends_with(end), "{report}");
    let compared = Report { sent: 5, acknowledged: 5, stored: Some(5), ..Default::default() };
    ends(&compared, "nothing lost");
    let blind = Report { stored: None, ..compared.clone() };
    ends(&blind, &format!("with a teacher's token in MESSWERK_TOKEN and the lesson's id it would be. {IDLE}"));
    assert!(blind.to_string().contains("all 5 readings acknowledged; not compared") && !blind.to_string().contains("lost"), "{blind}");
    ends(&Report { counted: Counted::Messages, stored: Some(9), ..compared.clone() }, "all 5 messages acknowledged");
    let mut gone = blind;
    gone.not_answered(&anyhow::anyhow!("no answer"));
    ends(&gone, "FAILED: the hub could not be asked what it stored, so losses are unknown: no answer");
    let json = serde_json::to_value(&gone).unwrap();
    let counts = ["acknowledged", "stored", "lost"].map(|key| json[key].as_u64());
    assert_eq!(counts, [Some(5), None, Some(0)]);
    assert!(json["error"].as_str().unwrap().contains("no answer"), "{json}");
}

#[test]
fn of_messages_the_hubs_own_word_is_held_against_what_it_has() {
    let check = |answered: Option<u64>, there: Option<u64>, stored: Option<u64>, lost: u64| {
        let mut report = Report::default();
        let answered = answered.map(|stored| Receipt { stored, rejected: 2 });
        report.add_messages((3, 3), answered, there);
        assert_eq!((report.sent, report.acknowledged, report.stored, report.lost), (3, 3, stored, lost), "{answered:?} {there:?}");
        assert_eq!(report.rejected, if answered.is_some() { 2 } else { 0 });
    };
    check(Some(7), Some(7), Some(7), 0);
    check(Some(7), Some(5), Some(5), 2);
    check(Some(7), None, Some(7), 0);
    check(None, Some(5), Some(5), 0);
    check(None, None, None, 0);
}
