use messwerk_lessons::id::LessonId;

use super::*;

fn lesson(ended: Option<Micros>, kept_until: Option<Micros>) -> Lesson {
    Lesson { ended, kept_until, ..Lesson::free(LessonId(1), "pendulum", "123456", "token", 0) }
}

#[test]
fn when_a_lesson_is_erased() {
    let rules = PrivacyConfig { kept_days_most: 10, ..PrivacyConfig::default() };
    let check = |ended: Option<Micros>, kept: Option<Micros>, expected: Option<Micros>, why: &str| {
        assert_eq!(rules.erased(&lesson(ended, kept)), expected, "{why}");
    };
    check(None, None, None, "not while it runs");
    check(None, Some(DAY), None, "whatever was said before");
    check(Some(HOUR), None, Some(25 * HOUR), "a day after its end");
    check(Some(HOUR), Some(5 * DAY), Some(5 * DAY), "as long as its teacher keeps it");
    check(Some(HOUR), Some(2 * HOUR), Some(25 * HOUR), "never shorter than by default");
    check(Some(HOUR), Some(0), Some(25 * HOUR), "whatever was said");
    check(Some(HOUR), Some(50 * DAY), Some(10 * DAY + HOUR), "up to the bound");
    assert_eq!(rules.ends(&lesson(None, None)), 12 * HOUR);
}

#[test]
fn settings_have_bounds() {
    let check = |set: fn(&mut PrivacyConfig), expected: Option<&str>| {
        let mut rules = PrivacyConfig::default();
        set(&mut rules);
        let found = rules.check().err().map(|error| error.to_string());
        assert_eq!(found.as_deref(), expected);
    };
    check(|_| {}, None);
    check(|rules| rules.lesson_hours = 0, Some("privacy.lesson_hours = 0: must be 1 to 8760"));
    check(|rules| rules.kept_days_most = 4_000, Some("privacy.kept_days_most = 4000: must be 1 to 3650"));
    check(|rules| rules.log_days = 181, Some("privacy.log_days = 181: must be 1 to 180"));
    check(|rules| rules.open_hours = 0, Some("privacy.open_hours = 0: must be 1 to 8760"));
}
