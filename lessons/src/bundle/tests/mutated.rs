//! Whatever bytes come, there is an answer, and soon.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// What a file is changed by: where, how much is cut out, and what is put there.
fn changes() -> impl Strategy<Value = Vec<(Index, usize, Vec<u8>)>> {
    let rubbish = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..8),
        Just(b"<script>".to_vec()),
        Just(b"## Goals\n".to_vec()),
        Just(b"![](../x)".to_vec()),
        Just(b"\n[[analysis]]\n".to_vec()),
        Just(b"1e308".to_vec()),
        Just(b"-1".to_vec()),
    ];
    proptest::collection::vec((any::<Index>(), 0..40usize, rubbish), 1..5)
}

fn changed(bytes: &[u8], changes: &[(Index, usize, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, length, rubbish) in changes {
        let at = at.index(bytes.len() + 1);
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, rubbish.iter().copied());
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_lesson_is_answered_with_findings(which in any::<Index>(), file in any::<Index>(), changes in changes()) {
        let library = library::library();
        let bundle = which.get(&library);
        let mut files: BTreeMap<String, Vec<u8>> = bundle.files().map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
        let path = file.get(&files.keys().cloned().collect::<Vec<_>>()).clone();
        let mutant = changed(&files[&path], &changes);
        files.insert(path, mutant);
        let start = Instant::now();
        let mutant = Bundle::from_files(files).unwrap();
        let findings = lint(&mutant);
        prop_assert!(mutant.template().is_ok() || findings.iter().any(|finding| finding.level == Level::Error));
        for language in Language::ALL {
            for section in mutant.texts(language).into_iter().flat_map(|sections| sections.0) {
                prop_assert!(!section.html.to_lowercase().contains("<script"), "{}", section.html);
            }
        }
        prop_assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    }

    #[test]
    fn a_mutated_zip_file_is_read_or_refused(changes in changes()) {
        let packed = changed(&bundle().to_zip().unwrap(), &changes);
        match Bundle::from_zip(&packed) {
            Ok(bundle) => prop_assert!(bundle.files().all(|(path, _)| !path.contains(".."))),
            Err(error) => prop_assert!(!error.text().de.is_empty()),
        }
    }

    #[test]
    fn any_text_is_shown_safely(text in "\\PC{0,200}") {
        let whole = super::text(Language::En).replace("Ein Satz. One sentence.", &text);
        let bundle = with("en.md", Some(whole.as_bytes()));
        for section in bundle.texts(Language::En).unwrap().0 {
            let html = section.html.to_lowercase();
            prop_assert!(!html.contains("<script") && !html.contains("<a ") && !html.contains("<iframe"), "{html}");
        }
    }
}
