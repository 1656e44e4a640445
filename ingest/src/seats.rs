//! How many connections a door has, in all and from where. Both doors, MQTT's and the web port's, seat people here.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All places of a door.
pub struct Seats {
    taken: Mutex<Taken>,
    most: usize,
    most_per_address: usize,
    tell: Box<dyn Fn(usize) + Send + Sync>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One connection's place; given back on drop.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    address: IpAddr,
}

impl Seats {
    /// So many places in all and for one address; `tell` hears how many are taken, in order, whenever that changes.
    pub fn new(most: usize, most_per_address: usize, tell: impl Fn(usize) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { taken: Mutex::default(), most, most_per_address, tell: Box::new(tell) })
    }

    /// The map is valid after every step, so a poisoned lock is still good.
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more connection; `None` when the door or this address has none left.
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Seat> {
        let mut taken = self.lock();
        let here = taken.by_address.get(&address).copied().unwrap_or(0);
        if taken.all >= self.most || here >= self.most_per_address {
            return None;
        }
        taken.all += 1;
        taken.by_address.insert(address, here + 1);
        (self.tell)(taken.all);
        Some(Seat { seats: Arc::clone(self), address })
    }
}

impl fmt::Debug for Seats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seats").field("taken", &self.taken).field("most", &self.most).finish_non_exhaustive()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        taken.all -= 1;
        (self.seats.tell)(taken.all);
        if let Some(here) = taken.by_address.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn places_are_counted_in_all_and_by_address_and_given_back() {
        let told = Arc::new(AtomicUsize::new(0));
        let hears = Arc::clone(&told);
        let seats = Seats::new(3, 2, move |open| hears.store(open, Ordering::Relaxed));
        let enter = |last: u8| seats.enter(IpAddr::from([127, 0, 0, last]));
        let (first, second) = (enter(1), enter(1));
        assert!(first.is_some() && second.is_some() && enter(1).is_none(), "two from one address");
        let third = enter(2);
        assert!(third.is_some() && enter(3).is_none(), "three in all");
        assert_eq!(told.load(Ordering::Relaxed), 3);
        drop((first, second, third));
        assert_eq!(told.load(Ordering::Relaxed), 0);
        assert!(seats.lock().by_address.is_empty(), "an address that left is forgotten");
    }
}
