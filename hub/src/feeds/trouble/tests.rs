use std::io::Error;

use super::*;

/// Everything that a page is told has a sentence there, in both languages, that names no more than it is told.
#[test]
fn pages_have_words_for_every_trouble() {
    let day = Duration::from_secs(86_400);
    let (host, path, why) = ("a.example".to_owned(), "/x".to_owned(), "it answers 500".to_owned());
    let loads = [
        LoadError::BrokeOff { bytes: 5, error: Error::other("x") },
        LoadError::Later { status: 429, wait: None },
        LoadError::Robots { host: host.clone(), path, again: day },
        LoadError::NoRules { host: host.clone(), why: why.clone(), status: None, wait: None },
        LoadError::NoRules { host, why, status: Some(500), wait: None },
        LoadError::Disk(Error::other("x")),
        FetchError::Address("x").into(),
        FetchError::SentOn("x".to_owned()).into(),
        FetchError::Forbidden("x".to_owned()).into(),
        FetchError::Hops.into(),
        FetchError::Status(500).into(),
        FetchError::TooLarge(65_536).into(),
        FetchError::Unreachable("x".to_owned()).into(),
    ];
    let others = [SkyError::Format("x".to_owned()).into(), LookError::from(Undone { code: "internal".to_owned(), said: String::new() })];
    let all: Vec<LookError> = loads.into_iter().map(LookError::Load).chain(others).collect();
    for language in ["de", "en"] {
        let file = format!("{}/../viz-wasm/www/words/{language}/station.ftl", env!("CARGO_MANIFEST_DIR"));
        let words = std::fs::read_to_string(&file).unwrap();
        for (code, about) in all.iter().map(LookError::told) {
            let more = if code == NO_RULES && about.contains_key("status") { "-status" } else { "" };
            let key = format!("feeds-why-{}{more} = ", code.replace('_', "-"));
            let sentence = words.lines().find_map(|line| line.strip_prefix(&key)).unwrap_or_else(|| panic!("{file}: {key}"));
            for name in sentence.split("{ $").skip(1).filter_map(|rest| rest.split(' ').next()) {
                assert!(about.contains_key(name), "{key}{name} is not told: {about:?}");
            }
        }
    }
}
