//! How many boards are open. Whoever knows a lesson's id may look without saying who he is, and each look costs memory and a
//! connection; so there is a bound by lesson and address, and one in all.
//!
//! A school may share one address. So beyond the bound of an address the board that was opened there first is closed, not the new
//! one refused: somebody who holds all places keeps nobody out. A teacher's own browser is not counted.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use messwerk_lessons::id::LessonId;
use tokio_util::sync::CancellationToken;

use crate::guessing::network_of;

/// Of one lesson from one address: projector, a few tablets, and a class that looks at the board on its phones.
const HERE: usize = 64;
/// In all: a school's lessons, each with some boards; an eighth of the connections that the web port takes.
const ALL: usize = 512;

/// The boards that are open.
#[derive(Debug, Default)]
pub struct Watchers(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    next: u64,
    all: usize,
    of: HashMap<(IpAddr, LessonId), VecDeque<(u64, CancellationToken)>>,
}

/// A board's place, given back on drop.
#[derive(Debug)]
pub struct Place {
    watchers: Arc<Watchers>,
    whose: (IpAddr, LessonId),
    number: u64,
    /// Fires when the place is needed for a newer board.
    pub over: CancellationToken,
}

impl Watchers {
    /// A place for a board; `None` if there are too many in all.
    pub fn enter(self: &Arc<Self>, from: IpAddr, lesson: LessonId) -> Option<Place> {
        let whose = (network_of(from), lesson);
        let mut open = self.open();
        let here = open.of.get(&whose).map_or(0, VecDeque::len);
        if here >= HERE {
            // It gives its place back itself, in a moment.
            if let Some((_, over)) = open.of.get_mut(&whose).and_then(VecDeque::pop_front) {
                over.cancel();
                open.all -= 1;
            }
        } else if open.all >= ALL {
            return None;
        }
        let (number, over) = (open.next, CancellationToken::new());
        open.next += 1;
        open.all += 1;
        open.of.entry(whose).or_default().push_back((number, over.clone()));
        drop(open);
        Some(Place { watchers: Arc::clone(self), whose, number, over })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.watchers.open();
        let Some(here) = open.of.get_mut(&self.whose) else { return };
        let before = here.len();
        here.retain(|(number, _)| *number != self.number);
        let left = here.len();
        if left == 0 {
            open.of.remove(&self.whose);
        }
        open.all -= before - left;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_an_address_makes_room_and_all_are_bounded() {
        let watchers = Arc::new(Watchers::default());
        let from = |last: u8| IpAddr::from([192, 0, 2, last]);
        let mut here: Vec<Place> = (0..HERE).map(|_| watchers.enter(from(1), LessonId(1)).unwrap()).collect();
        let newest = watchers.enter(from(1), LessonId(1)).unwrap();
        let over: Vec<usize> = (0..HERE).filter(|index| here[*index].over.is_cancelled()).collect();
        assert_eq!((over, newest.over.is_cancelled()), (vec![0], false));
        // Whoever closes an old board does not give its place back a second time.
        here.clear();
        drop(newest);
        assert!(watchers.open().of.is_empty() && watchers.open().all == 0);
        let all: Vec<Place> = (0..ALL).map(|number| watchers.enter(from((number / HERE) as u8), LessonId(1)).unwrap()).collect();
        assert!(watchers.enter(from(200), LessonId(1)).is_none() && watchers.enter(from(0), LessonId(2)).is_none());
        assert!(watchers.enter(from(0), LessonId(1)).is_some(), "who has many changes one for another");
        drop(all);
        assert_eq!(watchers.open().all, 0);
    }
}
