//! Which page speaks for a phone: the newest one. A phone opens its page a second time by scanning again, by going back, by
//! a restored tab; both would measure, and both would number batches.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use messwerk_lessons::id::ThingId;
use tokio_util::sync::CancellationToken;

use super::lock;

/// The pages that speak now: one a Thing, gone with its socket.
#[derive(Debug, Default)]
pub struct Pages(Mutex<Speakers>);

#[derive(Debug, Default)]
struct Speakers {
    next: u64,
    of: HashMap<ThingId, Speaker>,
}

#[derive(Debug)]
struct Speaker {
    place: u64,
    page: String,
    other: CancellationToken,
    again: CancellationToken,
}

/// A socket's turn to speak for its Thing; [`Pages::leave`] gives it back.
#[derive(Debug)]
pub struct Turn {
    thing: ThingId,
    place: u64,
    /// Fires when another page takes over.
    pub other: CancellationToken,
    /// Fires when the same page has connected once more: this socket is dead.
    pub again: CancellationToken,
}

impl Pages {
    fn speakers(&self) -> MutexGuard<'_, Speakers> {
        lock(&self.0)
    }

    /// Lets a page speak for a Thing; who spoke before is told.
    pub fn speak(&self, thing: ThingId, page: &str) -> Turn {
        let mut speakers = self.speakers();
        speakers.next += 1;
        let place = speakers.next;
        let (other, again) = (CancellationToken::new(), CancellationToken::new());
        let speaker = Speaker { place, page: page.to_owned(), other: other.clone(), again: again.clone() };
        if let Some(before) = speakers.of.insert(thing, speaker) {
            if before.page == page { before.again.cancel() } else { before.other.cancel() }
        }
        Turn { thing, place, other, again }
    }

    /// Gives a turn back.
    pub fn leave(&self, turn: &Turn) {
        let mut speakers = self.speakers();
        if speakers.of.get(&turn.thing).is_some_and(|speaker| speaker.place == turn.place) {
            speakers.of.remove(&turn.thing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_page_speaks() {
        let pages = Pages::default();
        let first = pages.speak(ThingId(1), "aa");
        let other_thing = pages.speak(ThingId(2), "aa");
        let again = pages.speak(ThingId(1), "aa");
        assert!(first.again.is_cancelled() && !first.other.is_cancelled());
        let second = pages.speak(ThingId(1), "bb");
        assert!(again.other.is_cancelled() && !again.again.is_cancelled());
        assert!(!other_thing.other.is_cancelled() && !other_thing.again.is_cancelled());
        pages.leave(&first);
        pages.leave(&again);
        assert_eq!(pages.speakers().of.len(), 2, "who was told to go takes nobody's place along");
        pages.leave(&second);
        pages.leave(&other_thing);
        assert!(pages.speakers().of.is_empty());
    }
}
