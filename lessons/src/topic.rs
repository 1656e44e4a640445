//! MQTT topic names and topic filters (MQTT 3.1.1, section 4.7), and the topics of this house.
//!
//! ```text
//! in/{token}/{stream}                     write only, for everybody; a station's devices have further levels
//! out/{lesson}/thing/{thing}              latest readings and own Outcome of one Thing
//! out/{lesson}/aggregates/{property}      windowed aggregates of the class
//! out/{lesson}/outcomes                   the class's results
//! ```
//! There are no other roots.

use crate::id::{LessonId, ThingId};

/// The longest topic or filter: a length on the wire is 16 bits.
pub const LONGEST: usize = 65_535;

/// Why a text is neither a topic name nor a topic filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TopicError {
    /// No character at all.
    #[error("a topic has at least one character")]
    Empty,
    /// More than [`LONGEST`] bytes.
    #[error("a topic has at most 65,535 bytes")]
    TooLong,
    /// U+0000.
    #[error("a topic does not contain U+0000")]
    Null,
    /// `+` or `#` where it does not stand for a whole level, `#` before the end, or either in a topic name.
    #[error("+ and # stand for whole levels of a filter, # only for the last ones; a topic name has neither")]
    Wildcard,
}

fn text(text: &str) -> Result<(), TopicError> {
    match text.len() {
        0 => Err(TopicError::Empty),
        1..=LONGEST if text.contains('\0') => Err(TopicError::Null),
        1..=LONGEST => Ok(()),
        _ => Err(TopicError::TooLong),
    }
}

/// Whether a message can be published to `topic`.
pub fn check_name(topic: &str) -> Result<(), TopicError> {
    text(topic)?;
    if topic.contains(['+', '#']) { Err(TopicError::Wildcard) } else { Ok(()) }
}

/// Whether `filter` can be subscribed to.
pub fn check_filter(filter: &str) -> Result<(), TopicError> {
    text(filter)?;
    let mut levels = filter.split('/').peekable();
    while let Some(level) = levels.next() {
        let whole = level.len() == 1;
        if (level.contains('+') && !whole) || (level.contains('#') && !(whole && levels.peek().is_none())) {
            return Err(TopicError::Wildcard);
        }
    }
    Ok(())
}

/// Whether `filter` matches `topic`; both valid. A wildcard in the first level does not match a topic that begins
/// with `$`.
pub fn matches(filter: &str, topic: &str) -> bool {
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let mut topic = topic.split('/');
    for level in filter.split('/') {
        match (level, topic.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (level, Some(other)) if level == other => {}
            _ => return false,
        }
    }
    topic.next().is_none()
}

/// Whether everything that `inner` matches is matched by `outer` too; both valid filters (a topic name is a filter).
/// This is how a subscription is held inside what its owner may read.
pub fn covers(outer: &str, inner: &str) -> bool {
    if outer.starts_with(['+', '#']) && inner.starts_with('$') {
        return false;
    }
    let mut inner = inner.split('/');
    for level in outer.split('/') {
        match (level, inner.next()) {
            ("#", _) => return true,
            (_, Some("#")) => return false,
            ("+", Some(_)) => {}
            (level, Some(other)) if level == other => {}
            _ => return false,
        }
    }
    inner.next().is_none()
}

/// The parts of `in/{token}/{stream}`; `None` for any other topic name. Whether somebody has this token is not
/// looked up here.
pub fn ingest(topic: &str) -> Option<(&str, &str)> {
    let (token, stream) = topic.strip_prefix("in/")?.split_once('/')?;
    (is_token(token) && !stream.is_empty() && !stream.contains('/')).then_some((token, stream))
}

/// The parts of `in/{token}/{rest}`, where the rest may have further levels: how a station's devices call their topics.
pub fn ingest_below(topic: &str) -> Option<(&str, &str)> {
    let (token, rest) = topic.strip_prefix("in/")?.split_once('/')?;
    (is_token(token) && !rest.is_empty()).then_some((token, rest))
}

/// Whether a text has a token's shape: 22 characters of base64url.
pub fn is_token(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Everything of all lessons, for programs inside the hub.
pub const ALL_OUT: &str = "out/#";

/// Whether a filter stands for topics of one lesson, which it names: wildcards only behind the lesson.
pub fn is_of_one_lesson(filter: &str) -> bool {
    let lesson = filter.strip_prefix("out/").and_then(|rest| rest.split_once('/'));
    lesson.is_some_and(|(lesson, rest)| !lesson.is_empty() && !lesson.contains(['+', '#']) && !rest.is_empty())
}

/// Everything of one lesson: what its teacher reads.
pub fn lesson_out(lesson: LessonId) -> String {
    format!("out/{lesson}/#")
}

/// What one Thing reads: its own readings and Outcome.
pub fn thing_out(lesson: LessonId, thing: ThingId) -> String {
    format!("out/{lesson}/thing/{thing}")
}

/// The class's windowed aggregates of one property (by its name in the API).
pub fn aggregates_out(lesson: LessonId, property: &str) -> String {
    format!("out/{lesson}/aggregates/{property}")
}

/// The class's results.
pub fn outcomes_out(lesson: LessonId) -> String {
    format!("out/{lesson}/outcomes")
}

#[cfg(test)]
mod tests;
