//! Chance, by seed: everything random in a simulation comes from here, so that a run can be repeated.

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// What a stream of chance is for. A purpose of its own for each use: one more draw in one place then changes nothing
/// in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum Purpose {
    /// Client ids, boot ids, clocks and starting times.
    Device = 1,
    /// Faults on the way.
    Faults = 2,
    /// The readings of a run (the seed handed to `messwerk_lessons::physics`).
    Readings = 3,
    /// How a relay's delay strays.
    RelayDelay = 4,
    /// When a relay stalls.
    RelayStalls = 5,
    /// The weather of a simulated year.
    Weather = 7,
    /// When a relay cuts a connection.
    RelayCut = 6,
}

/// The chance of one phone for one purpose.
pub(crate) fn dice(seed: u64, phone: usize, purpose: Purpose) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream((phone as u64) << 8 | purpose as u64);
    rng
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::*;

    #[test]
    fn phones_and_purposes_have_chances_of_their_own() {
        let first = |seed, phone, purpose| dice(seed, phone, purpose).random::<u64>();
        let base = first(1, 0, Purpose::Device);
        assert_eq!(base, first(1, 0, Purpose::Device));
        for other in [first(2, 0, Purpose::Device), first(1, 1, Purpose::Device), first(1, 0, Purpose::Faults)] {
            assert_ne!(base, other);
        }
    }
}
