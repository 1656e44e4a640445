//! The last message of each topic, for those who subscribe late.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use messwerk_lessons::topic;

use super::Message;

/// Bytes counted for a kept message besides topic and payload.
const OVERHEAD: usize = 128;

/// Kept messages, oldest first, within a number of bytes; full: the longest unchanged go.
#[derive(Debug)]
pub(super) struct Latest {
    by_age: BTreeMap<u64, Message>,
    ages: HashMap<Arc<str>, u64>,
    bytes: usize,
    most: usize,
    sequence: u64,
}

fn cost(message: &Message) -> usize {
    message.topic.len() + message.payload.len() + OVERHEAD
}

impl Latest {
    /// Keeps at most `most` bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { by_age: BTreeMap::new(), ages: HashMap::new(), bytes: 0, most, sequence: 0 }
    }

    /// The number of the newest message, kept or not.
    pub(super) fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Numbers a message, and keeps it if asked to; an empty payload only removes what was kept.
    pub(super) fn number(&mut self, topic: &Arc<str>, payload: &Bytes, keep: bool) -> u64 {
        self.sequence += 1;
        if keep {
            self.remove(topic);
            let message = Message { topic: topic.clone(), payload: payload.clone(), retained: true };
            if !payload.is_empty() && cost(&message) <= self.most {
                self.bytes += cost(&message);
                self.ages.insert(topic.clone(), self.sequence);
                self.by_age.insert(self.sequence, message);
            }
            while self.bytes > self.most {
                let Some((_, oldest)) = self.by_age.pop_first() else { break };
                self.bytes -= cost(&oldest);
                self.ages.remove(&oldest.topic);
            }
        }
        self.sequence
    }

    /// Kept messages that a filter matches and that are newer than `after`, with their numbers, oldest first.
    pub(super) fn matching(&self, filters: &[String], after: u64) -> Vec<(u64, Message)> {
        let newer = self.by_age.range(after.saturating_add(1)..);
        let matches = |message: &Message| filters.iter().any(|filter| topic::matches(filter, &message.topic));
        newer.filter(|(_, message)| matches(message)).map(|(&age, message)| (age, message.clone())).collect()
    }

    /// Forgets what a filter matches.
    pub(super) fn forget(&mut self, filter: &str) {
        let topics: Vec<_> = self.ages.keys().filter(|name| topic::matches(filter, name)).cloned().collect();
        for name in topics {
            self.remove(&name);
        }
    }

    fn remove(&mut self, topic: &Arc<str>) {
        if let Some(message) = self.ages.remove(topic).and_then(|age| self.by_age.remove(&age)) {
            self.bytes -= cost(&message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(latest: &Latest, filter: &str, after: u64) -> Vec<String> {
        let text = |(_, message): (u64, Message)| format!("{}={}", message.topic, String::from_utf8_lossy(&message.payload));
        latest.matching(&[filter.to_owned()], after).into_iter().map(text).collect()
    }

    fn filled(most: usize, messages: &[(&str, &'static str, bool)]) -> Latest {
        let mut latest = Latest::new(most);
        for (topic, payload, keep) in messages {
            latest.number(&Arc::from(*topic), &Bytes::from_static(payload.as_bytes()), *keep);
        }
        latest
    }

    #[test]
    fn the_last_of_each_topic_is_kept() {
        let latest = filled(10_000, &[("a/x", "1", true), ("a/y", "2", true), ("a/x", "3", true), ("a/z", "4", false)]);
        assert_eq!(kept(&latest, "a/#", 0), ["a/y=2", "a/x=3"]);
        assert_eq!(kept(&latest, "a/#", 2), ["a/x=3"]);
        assert_eq!(kept(&latest, "+/y", 0), ["a/y=2"]);
        assert_eq!(latest.sequence(), 4);
    }

    #[test]
    fn an_empty_payload_removes() {
        let latest = filled(10_000, &[("a", "1", true), ("a", "", false), ("b", "2", true), ("b", "", true)]);
        assert_eq!(kept(&latest, "#", 0), ["a=1"]);
        assert_eq!(latest.bytes, 2 + OVERHEAD);
    }

    #[test]
    fn beyond_its_bytes_the_oldest_go() {
        let latest = filled(2 * (2 + OVERHEAD), &[("a", "1", true), ("b", "2", true), ("c", "3", true)]);
        assert_eq!(kept(&latest, "#", 0), ["b=2", "c=3"]);
        let latest = filled(OVERHEAD, &[("a", "1", true)]);
        assert_eq!((kept(&latest, "#", 0).len(), latest.bytes), (0, 0), "one too large is not kept");
    }

    #[test]
    fn forgetting_leaves_nothing() {
        let mut latest = filled(10_000, &[("out/a/thing/x", "1", true), ("out/b/thing/x", "2", true)]);
        latest.forget("out/a/#");
        assert_eq!(kept(&latest, "#", 0), ["out/b/thing/x=2"]);
        latest.forget("#");
        assert_eq!((latest.bytes, latest.ages.len(), latest.by_age.len()), (0, 0, 0));
    }
}
