use std::collections::BTreeSet;

use super::*;

#[test]
fn tokens_are_22_characters_and_never_the_same() {
    let tokens: BTreeSet<String> = (0..1000).map(|_| token()).collect();
    assert_eq!(tokens.len(), 1000);
    assert!(tokens.iter().all(|token| is_token(token)));
    for text in ["", "short", "aaaaaaaaaaaaaaaaaaaaa+", "aaaaaaaaaaaaaaaaaaaaaaa"] {
        assert!(!is_token(text), "{text}");
    }
}

#[test]
fn join_codes_have_six_digits() {
    for _ in 0..1000 {
        let code = join_code();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    }
}

#[test]
fn nicknames_of_a_lesson_differ() {
    for lesson in [0, 1, 4095, u64::MAX] {
        let names: BTreeSet<String> = (1..=1000).map(|number| nickname(LessonId(lesson), number)).collect();
        assert_eq!(names.len(), 1000, "lesson {lesson}");
    }
}
