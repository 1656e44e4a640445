//! How many connections the web port has, and from where.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{WebLimits, WebStats};

/// All places of the port.
pub(super) struct Seats {
    taken: Mutex<Taken>,
    most: usize,
    most_per_address: usize,
    stats: Arc<WebStats>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One connection's place; given back on drop.
pub(super) struct Seat {
    seats: Arc<Seats>,
    address: IpAddr,
}

impl Seats {
    pub(super) fn new(limits: &WebLimits, stats: Arc<WebStats>) -> Self {
        Self { taken: Mutex::default(), most: limits.connections, most_per_address: limits.connections_per_address, stats }
    }

    /// The map is valid after every step, so a poisoned lock is still good.
    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more connection; `None` when the port or this address has none left.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Seat> {
        let mut taken = self.lock();
        let here = taken.by_address.get(&address).copied().unwrap_or(0);
        if taken.all >= self.most || here >= self.most_per_address {
            return None;
        }
        taken.all += 1;
        taken.by_address.insert(address, here + 1);
        self.stats.connected(taken.all);
        Some(Seat { seats: Arc::clone(self), address })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        taken.all -= 1;
        self.seats.stats.connected(taken.all);
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
    use super::*;

    #[test]
    fn places_are_counted_in_all_and_by_address_and_given_back() {
        let limits = WebLimits { connections: 3, connections_per_address: 2, ..WebLimits::default() };
        let stats = Arc::new(WebStats::default());
        let seats = Arc::new(Seats::new(&limits, Arc::clone(&stats)));
        let enter = |last: u8| seats.enter(IpAddr::from([127, 0, 0, last]));
        let (first, second) = (enter(1), enter(1));
        assert!(first.is_some() && second.is_some() && enter(1).is_none(), "two from one address");
        let third = enter(2);
        assert!(third.is_some() && enter(3).is_none(), "three in all");
        assert_eq!(stats.connections(), 3);
        drop((first, second, third));
        assert_eq!(stats.connections(), 0);
        assert!(seats.lock().by_address.is_empty(), "an address that left is forgotten");
    }
}
