//! What a unit measures, whatever its size.

/// The parts into which an exponent may be broken: a square root of a cube root can still be said.
const PARTS: i16 = 12;

/// Exponents of metre, kilogram, second, ampere, kelvin, mole, candela and decibel. Broken exponents come up within formulas (the root
/// of a length) and never in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimension([i16; 8]);

impl Dimension {
    /// Of a plain number.
    pub const ONE: Self = Self([0; 8]);

    /// From whole exponents.
    pub(super) const fn new(mut exponents: [i16; 8]) -> Self {
        let mut index = 0;
        while index < exponents.len() {
            exponents[index] *= PARTS;
            index += 1;
        }
        Self(exponents)
    }

    /// Of a product.
    pub fn times(self, other: Self) -> Self {
        Self(std::array::from_fn(|index| self.0[index].saturating_add(other.0[index])))
    }

    /// Of a quotient.
    pub fn over(self, other: Self) -> Self {
        Self(std::array::from_fn(|index| self.0[index].saturating_sub(other.0[index])))
    }

    pub(super) fn whole_power(self, exponent: i8) -> Self {
        Self(self.0.map(|part| part.saturating_mul(i16::from(exponent))))
    }

    /// Of a power; `None` where an exponent would be no twelfth, or absurd.
    pub fn power(self, exponent: f64) -> Option<Self> {
        let mut raised = [0; 8];
        for (raised, part) in raised.iter_mut().zip(self.0) {
            let exact = f64::from(part) * exponent;
            let near = libm::round(exact);
            if !(libm::fabs(exact - near) < 1e-9 && libm::fabs(near) <= f64::from(36 * PARTS)) {
                return None;
            }
            *raised = near as i16;
        }
        Some(Self(raised))
    }

    /// The exponents, if all are whole and can be written.
    pub(super) fn whole(self) -> Option<[i8; 8]> {
        let good = self.0.iter().all(|part| part % PARTS == 0 && part.abs() <= 9 * PARTS);
        good.then(|| self.0.map(|part| (part / PARTS) as i8))
    }

    /// Whether it is that of a level in decibels, which goes with nothing but itself.
    pub fn is_level(self) -> bool {
        self.0[7] != 0
    }
}
