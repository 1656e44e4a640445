//! Where a Thing is in its own time, whatever the hub's clock says.

use std::collections::VecDeque;

use messwerk_lessons::Micros;

/// How long after its arrival a packet says what its Thing measures now. Resent and overtaken packets arrive between newer
/// ones, so the newest of this time counts; and one packet from a wrong year is forgotten after it.
const RECENT: Micros = 10_000_000;

/// The newest time of a Thing's newest Run, by its own clock.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    run: u32,
    /// Arrival and time of packets, arrivals ascending, times descending: a packet that is followed by a newer one counts
    /// no more. At most the packets of [`RECENT`], and in practice one or two.
    packets: VecDeque<(Micros, Micros)>,
}

impl Edge {
    /// The edge of a Thing whose packets nobody saw arrive; the first one that does arrive replaces it.
    pub(super) fn stored(time: Micros) -> Self {
        Self { run: 0, packets: VecDeque::from([(Micros::MIN, time)]) }
    }

    /// Takes the times of a packet, which arrived at `received`. Their median counts: a reading or two with a wrong time
    /// do not carry the others off.
    pub(super) fn arrive(&mut self, run: u32, received: Micros, times: &[Micros]) {
        if run < self.run || times.is_empty() {
            return;
        }
        if run > self.run {
            *self = Self { run, packets: VecDeque::new() };
        }
        let mut sorted = times.to_vec();
        let middle = sorted.len() / 2;
        let (_, time, _) = sorted.select_nth_unstable(middle);
        let time = *time;
        while self.packets.back().is_some_and(|(_, known)| *known <= time) {
            self.packets.pop_back();
        }
        self.packets.push_back((received, time));
        while self.packets.front().is_some_and(|(arrived, _)| arrived.saturating_add(RECENT) < received) {
            self.packets.pop_front();
        }
    }

    /// The newest time; none before the first packet.
    pub(super) fn time(&self) -> Option<Micros> {
        self.packets.front().map(|(_, time)| *time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Micros = 1_000_000;

    fn check(packets: &[(u32, Micros, &[Micros])], expected: Option<Micros>) {
        let mut edge = Edge::default();
        for (run, received, times) in packets {
            let times: Vec<_> = times.iter().map(|time| time * SECOND).collect();
            edge.arrive(*run, received * SECOND, &times);
        }
        assert_eq!(edge.time().map(|time| time / SECOND), expected, "{packets:?}");
    }

    #[test]
    fn the_newest_packet_of_the_newest_run_counts() {
        check(&[], None);
        check(&[(1, 0, &[500, 501, 502])], Some(501));
        check(&[(1, 0, &[500]), (1, 1, &[501])], Some(501));
        check(&[(1, 0, &[500]), (1, 1, &[400])], Some(500));
        check(&[(1, 0, &[500]), (2, 1, &[10])], Some(10));
        check(&[(1, 0, &[500]), (2, 1, &[10]), (1, 2, &[502])], Some(10));
    }

    #[test]
    fn wrong_times_do_not_last() {
        check(&[(1, 0, &[3, 1_000_000, 4])], Some(4));
        check(&[(1, 0, &[1_000_000]), (1, 1, &[1])], Some(1_000_000));
        check(&[(1, 0, &[1_000_000]), (1, 1, &[1]), (1, 11, &[11])], Some(11));
    }

    #[test]
    fn what_was_stored_counts_until_something_arrives() {
        let mut edge = Edge::stored(7);
        assert_eq!(edge.time(), Some(7));
        edge.arrive(1, SECOND, &[3]);
        assert_eq!(edge.time(), Some(3));
    }
}
