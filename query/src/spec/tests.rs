use super::*;

#[test]
fn windows_read_back_and_bad_ones_name_the_fix() {
    let check = |text: &str, expected: Option<Micros>| match (text.parse::<Window>(), expected) {
        (Ok(window), Some(length)) => assert_eq!(window.micros(), length, "{text}"),
        (Err(error), None) => assert!(error.to_string().contains("from 100ms to 1d"), "{error}"),
        (found, _) => panic!("{text}: {found:?}"),
    };
    check("100ms", Some(100_000));
    check("1s", Some(1_000_000));
    check("5min", Some(300_000_000));
    check("1h", Some(3_600_000_000));
    check("1d", Some(86_400_000_000));
    check("1440min", Some(86_400_000_000));
    for bad in ["", "s", "1", "0s", "-1s", "99ms", "2d", "1 s", "1s ", "1.5s", "1w", "99999999999999999999s", "9223372036854775807d", "ü"]
    {
        check(bad, None);
    }
    assert_eq!("1500ms".parse::<Window>().unwrap().to_string(), "1500ms");
    assert_eq!("5min".parse::<Window>().unwrap().to_string(), "300s");
}

#[test]
fn windows_begin_at_whole_multiples() {
    let second = Window::SECOND;
    for (time, start, end) in
        [(0, 0, 0), (1, 0, 1_000_000), (999_999, 0, 1_000_000), (1_000_000, 1_000_000, 1_000_000), (-1, -1_000_000, 0)]
    {
        assert_eq!((second.start(time), second.end(time)), (start, end), "{time}");
    }
    assert_eq!(second.start(Micros::MIN), Micros::MIN, "the end of time is no overflow");
}

#[test]
fn wrong_questions_name_the_fix() {
    let check = |spec: ObservationSpec, fix: Option<&str>| match (spec.check(), fix) {
        (Ok(()), None) => {}
        (Err(error), Some(fix)) => assert!(error.to_string().contains(fix), "{error}"),
        (found, _) => panic!("{spec:?}: {found:?}"),
    };
    check(ObservationSpec::default(), None);
    check(ObservationSpec { from: Some(5), to: Some(5), width: Some(1), ..Default::default() }, None);
    check(ObservationSpec { from: Some(5), to: Some(4), ..Default::default() }, Some("exchange"));
    check(ObservationSpec { width: Some(0), ..Default::default() }, Some("write 1 to 16384"));
    check(ObservationSpec { width: Some(16_385), ..Default::default() }, Some("write 1 to 16384"));
}
