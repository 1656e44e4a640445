//! What became of joins whose answer may have been lost: a page draws a key for each attempt, and the same key is answered with
//! the Thing that it made. In memory only, and for a short while: the answer has a token in it.

use std::collections::HashMap;

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};

/// For how long: a page that tries again, also after it slept in a pocket.
const KEPT: Micros = 600_000_000;
/// Keys remembered; beyond it the oldest is forgotten.
const MOST: usize = 4096;

/// What a key made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The Thing.
    pub thing: ThingId,
    /// Its token.
    pub token: String,
    /// The Thing that was handed over for it.
    pub after: Option<ThingId>,
}

/// The keys of the last minutes.
#[derive(Debug, Default)]
pub(super) struct Keys(HashMap<(LessonId, String), (Micros, Made)>);

impl Keys {
    /// What a key made in a lesson lately.
    pub(super) fn made(&self, lesson: LessonId, key: &str, now: Micros) -> Option<Made> {
        let (at, made) = self.0.get(&(lesson, key.to_owned()))?;
        (now.abs_diff(*at) < KEPT.unsigned_abs()).then(|| made.clone())
    }

    /// Remembers what a key made.
    pub(super) fn remember(&mut self, lesson: LessonId, key: &str, made: Made, now: Micros) {
        let keys = &mut self.0;
        keys.retain(|_, (at, _)| now.abs_diff(*at) < KEPT.unsigned_abs());
        if keys.len() >= MOST {
            let oldest = keys.iter().min_by_key(|(_, (at, _))| *at).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| keys.remove(&oldest));
        }
        keys.insert((lesson, key.to_owned()), (now, made));
    }
}

/// Whether a text is a key: 16 lower-case hexadecimal digits.
pub fn is_key(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Micros = 1_767_437_012_000_000;

    #[test]
    fn a_key_is_good_for_its_lesson_and_ten_minutes() {
        let mut keys = Keys::default();
        let made = |thing| Made { thing: ThingId(thing), token: format!("token{thing}"), after: None };
        keys.remember(LessonId(1), "a", made(1), NOW);
        assert_eq!(keys.made(LessonId(1), "a", NOW + KEPT - 1), Some(made(1)));
        for (lesson, key, now) in [(1, "a", NOW + KEPT), (2, "a", NOW), (1, "b", NOW)] {
            assert_eq!(keys.made(LessonId(lesson), key, now), None, "{lesson} {key}");
        }
        (0..2 * MOST as u64).for_each(|thing| keys.remember(LessonId(1), &format!("{thing:016x}"), made(thing), NOW + thing as Micros));
        assert_eq!(keys.0.len(), MOST);
        keys.remember(LessonId(1), "b", made(2), NOW + 2 * KEPT);
        assert_eq!(keys.0.len(), 1, "what is old is forgotten");
    }

    #[test]
    fn a_key_is_sixteen_hexadecimal_digits() {
        for (text, expected) in [("0123456789abcdef", true), ("0123456789abcde", false), ("0123456789ABCDEF", false), ("", false)] {
            assert_eq!(is_key(text), expected, "{text}");
        }
    }
}
