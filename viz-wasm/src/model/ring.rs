//! The windows of one series, newest kept, by index.

use std::collections::VecDeque;

use messwerk_lessons::frame::Window;

/// At most `capacity` windows ascending by index; when full the oldest go.
#[derive(Debug, Clone)]
pub struct Ring {
    windows: VecDeque<Window>,
    capacity: usize,
}

impl Ring {
    /// An empty ring that spans `capacity` indexes (at least 1).
    pub fn new(capacity: usize) -> Self {
        Self { windows: VecDeque::new(), capacity: capacity.max(1) }
    }

    /// Takes a window: one with the same index is replaced, one older than the ring's span is ignored. A window with a
    /// value that is not finite would be a fault of the hub; it counts as missing.
    pub fn put(&mut self, window: Window) {
        if ![window.mean, window.min, window.max].iter().all(|value| value.is_finite()) {
            return;
        }
        match self.newest() {
            Some(newest) if window.index > newest => self.windows.push_back(window),
            None => self.windows.push_back(window),
            Some(newest) if i64::from(newest) - i64::from(window.index) >= self.capacity as i64 => return,
            Some(_) => match self.windows.binary_search_by_key(&window.index, |kept| kept.index) {
                Ok(place) => self.windows[place] = window,
                Err(place) => self.windows.insert(place, window),
            },
        }
        let newest = self.newest().map_or(0, i64::from);
        while self.windows.front().is_some_and(|oldest| newest - i64::from(oldest.index) >= self.capacity as i64) {
            self.windows.pop_front();
        }
    }

    /// The newest index.
    pub fn newest(&self) -> Option<i32> {
        self.windows.back().map(|window| window.index)
    }

    /// The windows with `from <= index < to`, ascending.
    pub fn range(&self, from: i32, to: i32) -> impl DoubleEndedIterator<Item = &Window> + Clone {
        let first = self.windows.partition_point(|window| window.index < from);
        let last = self.windows.partition_point(|window| window.index < to).max(first);
        self.windows.range(first..last)
    }

    /// Smallest and largest reading in `from <= index < to`.
    pub fn extent(&self, from: i32, to: i32) -> Option<(f64, f64)> {
        self.range(from, to).fold(None, |extent, window| {
            let (low, high) = extent.unwrap_or((f64::INFINITY, f64::NEG_INFINITY));
            Some((f64::min(low, window.min.into()), f64::max(high, window.max.into())))
        })
    }
}

#[cfg(test)]
mod tests;
