//! The Rejects of one packet, one per reason.

use messwerk_lessons::reject::{Reject, RejectReason};

/// Characters a detail may have.
const DETAIL: usize = 200;

/// Rejects of one packet: at most one per reason, with the first detail and the sum of the counts, so that a packet of a
/// thousand bad values is one line in the log and for the teacher.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rejects(Vec<Reject>);

impl Rejects {
    /// Adds `count` values or records (nothing if it is 0); `detail` is asked only for the first of its reason.
    pub fn add(&mut self, reason: RejectReason, count: usize, detail: impl FnOnce() -> String) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if count == 0 {
            return;
        }
        match self.0.iter_mut().find(|reject| reject.reason == reason) {
            Some(reject) => reject.count = reject.count.saturating_add(count),
            None => {
                let mut detail = detail();
                if let Some((end, _)) = detail.char_indices().nth(DETAIL) {
                    detail.truncate(end);
                }
                self.0.push(Reject { reason, count, detail });
            }
        }
    }

    /// Says of a reason that was added what could be known only behind the last value.
    pub(crate) fn describe(&mut self, reason: RejectReason, detail: String) {
        if let Some(reject) = self.0.iter_mut().find(|reject| reject.reason == reason) {
            reject.detail = detail.chars().take(DETAIL).collect();
        }
    }

    /// Adds what another part of the packet could not use.
    pub fn extend(&mut self, others: Rejects) {
        others.0.into_iter().for_each(|reject| self.add(reject.reason, reject.count as usize, || reject.detail));
    }

    /// Whether everything could be used.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Values or records rejected.
    pub fn count(&self) -> u32 {
        self.0.iter().fold(0, |sum, reject| sum.saturating_add(reject.count))
    }

    /// One per reason, in the order they were met.
    pub fn iter(&self) -> impl Iterator<Item = &Reject> {
        self.0.iter()
    }

    /// The same, for the taking.
    pub fn into_vec(self) -> Vec<Reject> {
        self.0
    }
}

/// A name from a payload as a detail may show it. Names are a sender's own words, so only what looks like a column's
/// name is shown; anything else could be a pupil's.
pub(crate) fn shown(name: &str) -> &str {
    let plain = name.len() <= 24 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    if plain && !name.is_empty() { name } else { "(name not shown)" }
}
