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
fn nicknames_of_a_lesson_differ_whatever_their_language() {
    for lesson in [0, 1, 4095, u64::MAX] {
        let names = |language| (1..=1000).map(move |number| (nickname(LessonId(lesson), number, language), number));
        let both = names(Language::German).chain(names(Language::English));
        let mut owners = std::collections::BTreeMap::new();
        for (name, number) in both {
            // "Orange Tiger A" is the same in both languages; then it is the same Thing's.
            assert_eq!(*owners.entry(name.clone()).or_insert(number), number, "lesson {lesson}: {name}");
        }
        assert!(owners.len() > 1900, "lesson {lesson}: {} names", owners.len());
    }
}

#[test]
fn whoever_asks_for_english_gets_english() {
    for (tag, expected) in [
        ("en", "Grey Fox A"),
        ("en-GB", "Grey Fox A"),
        ("EN", "Grey Fox A"),
        ("de", "Grau Fuchs A"),
        ("", "Grau Fuchs A"),
        ("fr", "Grau Fuchs A"),
    ] {
        assert_eq!(nickname(LessonId(0), 1 + 24 * 6, Language::from_tag(tag)), expected, "{tag}");
    }
}
