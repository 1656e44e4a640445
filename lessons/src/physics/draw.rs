//! Random numbers that are the same everywhere.
//!
//! SplitMix64 (Steele, Lea and Flood 2014): a counter and a mixer, 64 bits of state. It is no secret-keeper; it only
//! needs to be even, fast, and the same in every version of every dependency, which a generator of the `rand` family
//! does not promise between releases.

/// A source of numbers for one purpose of one seed.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    state: u64,
    /// The second of a pair of Gaussian numbers.
    spare: Option<f64>,
}

impl Draw {
    /// Sources with different `purpose` are independent, so that one more number drawn for one thing leaves all other
    /// things as they were.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        Self { state: mix(seed ^ mix(purpose.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1))), spare: None }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number to start another source with.
    pub(super) fn seed(&mut self) -> u64 {
        self.next()
    }

    /// Even in 0 (included) to 1 (excluded).
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Even between two numbers.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Gaussian with mean 0 and standard deviation 1 (Box and Muller 1958).
    pub(super) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        let (sin, cos) = libm::sincos(std::f64::consts::TAU * self.unit());
        self.spare = Some(radius * sin);
        radius * cos
    }

    /// One of a list.
    pub(super) fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[(self.unit() * list.len() as f64) as usize]
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
