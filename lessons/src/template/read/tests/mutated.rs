//! Whatever bytes come, there is an answer, and soon.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{EVERYTHING, read};
use crate::template::expr::{Condition, Expression};

/// The file with pieces cut out, doubled and replaced by other pieces of itself or by rubbish.
fn mutated() -> impl Strategy<Value = String> {
    let rubbish = prop_oneof![
        Just("\"".to_owned()),
        Just("[[".to_owned()),
        Just("= nan".to_owned()),
        Just("9999999999999999999999".to_owned()),
        Just("{ de = ".to_owned()),
        Just("\u{0}".to_owned()),
        Just("-1".to_owned()),
        Just("ä".to_owned()),
        "[ -~]{0,12}",
    ];
    let one = (0..EVERYTHING.len(), 0..60usize, 0..EVERYTHING.len(), 0..60usize, rubbish, 0..3u8);
    proptest::collection::vec(one, 1..6).prop_map(|changes| {
        let mut text = EVERYTHING.to_owned();
        for (at, length, from, more, rubbish, what) in changes {
            let at = text.floor_char_boundary(at.min(text.len()));
            let end = text.ceil_char_boundary((at + length).min(text.len()));
            let piece =
                &EVERYTHING[EVERYTHING.floor_char_boundary(from)..EVERYTHING.ceil_char_boundary((from + more).min(EVERYTHING.len()))];
            match what {
                0 => text.replace_range(at..end, ""),
                1 => text.replace_range(at..end, piece),
                _ => text.replace_range(at..end, &rubbish),
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_plan_is_read_or_refused_with_findings(text in mutated()) {
        let start = Instant::now();
        let (template, findings) = read(&text);
        prop_assert!(template.is_some() || !findings.is_empty());
        let lines = text.lines().count() as u32 + 1;
        prop_assert!(findings.iter().all(|finding| finding.line <= lines && !finding.text.de.is_empty() && !finding.fix.en.is_empty()));
        // Whoever holds a template may use it.
        if let Some(template) = template {
            template.analyse(&crate::template::RunData::default());
            template.class_steps(&[]);
        }
        prop_assert!(start.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn any_text_is_refused(text in "\\PC{0,400}") {
        prop_assert!(read(&text).0.is_none());
    }

    #[test]
    fn a_formula_is_read_or_refused(text in "[a-z0-9.+*/^()\\[\\],<>= -]{0,80}") {
        if let Ok(expression) = Expression::parse(&text) {
            prop_assert_eq!(Expression::parse(expression.text()).unwrap(), expression);
        }
        let _ = Condition::parse(&text);
    }
}
