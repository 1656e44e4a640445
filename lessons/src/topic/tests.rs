use super::*;
use proptest::prelude::*;

#[test]
fn names() {
    let check = |topic: &str, expected| assert_eq!(check_name(topic), expected, "{topic:?}");
    check("a", Ok(()));
    check("/", Ok(()));
    check("//", Ok(()));
    check(" a b /\u{feff}Ü", Ok(()));
    check("$SYS/x", Ok(()));
    check("", Err(TopicError::Empty));
    check("a\0", Err(TopicError::Null));
    check("a/+", Err(TopicError::Wildcard));
    check("a#", Err(TopicError::Wildcard));
    check(&"x".repeat(LONGEST), Ok(()));
    check(&"x".repeat(LONGEST + 1), Err(TopicError::TooLong));
}

#[test]
fn filters() {
    let check = |filter: &str, expected| assert_eq!(check_filter(filter), expected, "{filter:?}");
    for valid in ["#", "+", "a/#", "+/a/#", "+/+", "/+", "/#", "a//b", "$SYS/#", "Ü/+"] {
        check(valid, Ok(()));
    }
    for wildcard in ["a#", "a/#/b", "#/", "a+", "+a/b", "a/b+/c", "##", "++", "a/+#"] {
        check(wildcard, Err(TopicError::Wildcard));
    }
    check("", Err(TopicError::Empty));
    check("a\0/#", Err(TopicError::Null));
}

#[test]
fn matching() {
    let check = |filter, topic, expected| assert_eq!(matches(filter, topic), expected, "{filter:?} {topic:?}");
    check("a/b", "a/b", true);
    check("a/b", "A/b", false);
    check("a/b", "a/b/", false);
    check("a/#", "a", true);
    check("a/#", "a/b/c", true);
    check("a/#", "ab", false);
    check("a/+", "a", false);
    check("a/+", "a/", true);
    check("a/+", "a/b/c", false);
    check("+", "/a", false);
    check("+/+", "/a", true);
    check("/+", "/a", true);
    check("a/+/c", "a/b/c", true);
    check("#", "Ü/x", true);
    check("#", "$SYS/x", false);
    check("+/x", "$SYS/x", false);
    check("$SYS/#", "$SYS/x", true);
    check("$SYS/+", "$SYS/x", true);
    check("a/#", "a/$b", true);
}

#[test]
fn covering() {
    let check = |outer, inner, expected| assert_eq!(covers(outer, inner), expected, "{outer:?} {inner:?}");
    check("out/#", "out/+/outcomes", true);
    check("out/#", "out", true);
    check("out/#", "#", false);
    check("out/#", "+/x", false);
    check("out/a/#", "out/+/#", false);
    check("out/a/#", "out/a/#", true);
    check("out/a/#", "out/a/+/b", true);
    check("out/+/x", "out/+/x", true);
    check("out/+/x", "out/#", false);
    check("out/a/thing/t", "out/a/thing/t", true);
    check("out/a/thing/t", "out/a/thing/+", false);
    check("out/a/thing/t", "out/a/thing/t/#", false);
    check("#", "$SYS/x", false);
    check("#", "a/b", true);
}

#[test]
fn ingest_topics() {
    let token = "AbCdEfGhIjKlMnOpQrSt-_";
    let check = |topic: String, expected: Option<&str>| assert_eq!(ingest(&topic).map(|parts| parts.1), expected, "{topic:?}");
    check(format!("in/{token}/acc"), Some("acc"));
    check(format!("in/{token}/Ü"), Some("Ü"));
    check(format!("in/{token}/"), None);
    check(format!("in/{token}"), None);
    check(format!("in/{token}/a/b"), None);
    check(format!("in/{token}x/acc"), None);
    check(format!("in/{}/acc", token.replace('-', "+")), None);
    check(format!("/in/{token}/acc"), None);
    check(format!("out/{token}/acc"), None);
}

#[test]
fn topics_of_the_house_lie_inside_what_their_readers_may_read() {
    let (lesson, thing) = (LessonId(1), ThingId(2));
    for topic in [thing_out(lesson, thing), aggregates_out(lesson, "acceleration"), outcomes_out(lesson)] {
        assert_eq!(check_name(&topic), Ok(()));
        assert!(matches(ALL_OUT, &topic) && matches(&lesson_out(lesson), &topic), "{topic}");
        assert!(!matches(&lesson_out(LessonId(3)), &topic), "{topic}");
    }
}

proptest! {
    /// `covers` is what it says: whatever an inner filter matches, a covering filter matches.
    #[test]
    fn covering_is_sound(outer in "[ab+$]{1,2}(/[ab+]){0,2}(/#)?", inner in "[ab+$]{1,2}(/[ab+]){0,2}(/#)?", topic in "[ab$]{1,2}(/[ab]){0,3}") {
        prop_assume!(check_filter(&outer).is_ok() && check_filter(&inner).is_ok());
        if covers(&outer, &inner) && matches(&inner, &topic) {
            prop_assert!(matches(&outer, &topic));
        }
    }
}

#[test]
fn a_filter_of_one_lesson_names_it() {
    for (filter, expected) in [
        ("out/a/#", true),
        ("out/a/thing/+", true),
        ("out/a/outcomes", true),
        ("out/a", false),
        ("out/a/", false),
        ("out/#", false),
        ("out/+/#", false),
        ("out/+/outcomes", false),
        ("out//x", false),
        ("out", false),
        ("in/a/#", false),
        ("#", false),
        ("$share/g/out/a/#", false),
    ] {
        assert_eq!(is_of_one_lesson(filter), expected, "{filter}");
    }
}
