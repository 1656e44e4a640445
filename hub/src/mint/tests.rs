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
fn join_codes_have_six_digits_or_eight_characters() {
    for _ in 0..1000 {
        let (six, eight) = (join_code(6), join_code(8));
        assert!(six.len() == 6 && six.bytes().all(|byte| byte.is_ascii_digit()), "{six}");
        assert!(eight.len() == 8 && eight.bytes().all(|byte| CODE.contains(&byte)), "{eight}");
        assert_eq!(typed_code(&format!(" {}-{} ", eight[..4].to_lowercase(), &eight[4..])), eight);
    }
    assert!("ILOU01".bytes().all(|byte| !CODE.contains(&byte)));
    for (typed, expected) in [("571 042", "571042"), ("571\u{2013}042", "571042"), ("k7mf 2qxd", "K7MF2QXD"), ("", "")] {
        assert_eq!(typed_code(typed), expected);
    }
}

#[test]
fn the_look_fits_the_name_in_both_languages() {
    for number in 1..=500 {
        let [german, english] = [Language::German, Language::English].map(|language| look(&nickname(LessonId(7), number, &[], language)));
        assert_eq!(german, english);
        assert_eq!(COLOURS[german.colour as usize].2.to_lowercase(), german.colour_word);
        assert_eq!(ANIMALS[german.animal as usize].2.to_lowercase(), german.animal_word);
    }
    let strange = look("Somebody");
    assert_eq!((strange.colour, strange.animal, strange.letter), (-1, -1, 'A'));
}

#[test]
fn two_words_stand_for_a_lesson() {
    assert_eq!(words("a lesson"), words("a lesson"));
    let different: BTreeSet<_> = (0..10_000).map(|_| words(&token())).inspect(|[one, other]| assert_ne!(one, other)).collect();
    assert!(different.len() > 3_000, "{}", different.len());
    let mut sorted: Vec<&str> = WORDS.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted, WORDS, "in order, and none twice");
    let names: BTreeSet<&str> = ANIMALS.iter().flat_map(|(german, _, english)| [*german, *english]).collect();
    let colours: BTreeSet<&str> = COLOURS.iter().flat_map(|(german, _, english)| [*german, *english]).collect();
    assert!(WORDS.iter().all(|word| !names.contains(word) && !colours.contains(word)));
}

#[test]
fn nicknames_of_a_lesson_differ_whatever_their_language() {
    for lesson in [0, 1, 4095, u64::MAX] {
        let names = |language| (1..=1000).map(move |number| (nickname(LessonId(lesson), number, &[], language), number));
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
        ("de", "Grauer Fuchs A"),
        ("", "Grauer Fuchs A"),
        ("fr", "Grauer Fuchs A"),
    ] {
        assert_eq!(nickname(LessonId(0), 1 + 24 * 6, &[], Language::from_tag(tag)), expected, "{tag}");
    }
}

#[test]
fn german_names_have_the_endings_of_their_animals() {
    let written = |colour: &str, animal: &str| {
        let colour = COLOURS.iter().position(|(_, _, english)| *english == colour).unwrap();
        let animal = ANIMALS.iter().position(|(_, _, english)| *english == animal).unwrap();
        written((colour, animal, 'B'), Language::German)
    };
    for (colour, animal, expected) in [
        ("Red", "Pike", "Roter Hecht B"),
        ("Green", "Tiger", "Grüner Tiger B"),
        ("Blue", "Llama", "Blaues Lama B"),
        ("Purple", "Llama", "Lila Lama B"),
        ("Orange", "Otter", "Orange Otter B"),
        ("Teal", "Owl", "Türkis Uhu B"),
    ] {
        assert_eq!(written(colour, animal), expected);
    }
}

#[test]
fn no_name_is_given_twice_whatever_became_of_the_first_and_whatever_its_language() {
    let [german, english] = [Language::German, Language::English]
        .map(|language| move |number, given: &[String]| nickname(LessonId(3), number, given, language));
    let mut given = vec![german(1, &[]), german(2, &[])];
    // Renamed with the next number, then somebody joins with that number.
    given.push(german(3, &given));
    let joined = english(3, &given);
    assert_eq!(look(&joined), look(&german(4, &[])));
    given.push(joined);
    for number in 4..300 {
        let name = if number % 2 == 0 { german(number, &given) } else { english(number, &given) };
        given.push(name);
    }
    let looks: BTreeSet<_> = given.iter().map(|name| look(name)).map(|look| (look.colour, look.animal, look.letter)).collect();
    assert_eq!(looks.len(), given.len());
    // A name of another hub's is nobody's look here.
    assert_eq!(german(1, &["Somebody".to_owned()]), german(1, &[]));
}

#[test]
fn the_language_of_a_name_can_be_told() {
    for (name, expected) in [
        ("Roter Hecht A", Some(Language::German)),
        ("Lila Pinguin A", Some(Language::German)),
        ("Purple Penguin C", Some(Language::English)),
        ("Orange Otter A", None),
        ("Rotes Hecht A", None),
        ("Somebody", None),
    ] {
        assert_eq!(Language::of_nickname(name), expected, "{name}");
    }
}
