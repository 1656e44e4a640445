use super::*;

#[test]
fn the_message_of_the_hub_is_read() {
    let json = r#"{"type":"lesson","id":"abc","code":"482913","template":"pendulum","title":{"de":"Pendel","en":"Pendulum"},
        "created":1,"now":2,"property":"angular_velocity","component":"y","unit":"rad/s","future":[1],
        "things":[{"id":"0000000000002","number":2,"nickname":"Otter"},{"id":"0000000000001","number":1,"nickname":""}]}"#;
    let lesson = Lesson::parse(json).unwrap();
    assert_eq!(lesson.property, Some(ObservedProperty::AngularVelocity));
    assert_eq!(lesson.component, Component::Y);
    assert_eq!(lesson.things.iter().map(Thing::label).collect::<Vec<_>>(), ["1", "2 Otter"]);
    assert_eq!(lesson.range, None);
}

#[test]
fn a_message_of_another_version_is_an_error_with_a_sentence() {
    let check = |json: &str, says: &str| {
        let error = Lesson::parse(json).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    };
    check("", "message from the hub");
    check("{}", "missing field");
    check(r#"{"id":"a","property":"mood"}"#, "unknown property `mood`");
    check(r#"{"id":"a","property":"pressure","component":"y"}"#, "unknown component `y`");
    check(r#"{"id":"a","property":"acceleration","component":"up"}"#, "unknown component `up`");
    check(r#"{"id":"a","property":"pressure","things":[{"id":"??","number":1}]}"#, "13 characters");
}

#[test]
fn a_range_that_is_none_is_left_out() {
    let range = |range: &str| Lesson::parse(&format!(r#"{{"id":"a","property":"pressure","range":{range}}}"#)).map(|lesson| lesson.range);
    assert_eq!(range("[1,2]").unwrap(), Some((1.0, 2.0)));
    assert_eq!(range("[2,1]").unwrap(), None);
    assert_eq!(range("null").unwrap(), None);
}

#[test]
fn a_lesson_in_which_everything_is_entered_has_no_live_chart() {
    let lesson = Lesson::parse(r#"{"id":"a","property":null,"component":null,"unit":null,"range":null,"things":[]}"#).unwrap();
    assert_eq!((lesson.property, lesson.unit.as_str()), (None, ""));
}
