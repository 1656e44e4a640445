//! Numbers that carry their derivatives by the unknowns, so that a model is written once, as the certificate prints it.

#![allow(clippy::suspicious_arithmetic_impl, reason = "the rules of differentiation mix the operations")]

use std::ops::{Add, Div, Mul, Neg, Sub};

/// More unknowns than any problem has.
pub(super) const MOST: usize = 9;

#[derive(Clone, Copy)]
pub(super) struct Dual {
    pub(super) value: f64,
    pub(super) slopes: [f64; MOST],
}

impl Dual {
    pub(super) fn unknown(value: f64, index: usize) -> Self {
        Self { value, slopes: std::array::from_fn(|k| if k == index { 1.0 } else { 0.0 }) }
    }

    /// A function's value and its derivative at this number.
    fn through(self, value: f64, slope: f64) -> Self {
        Self { value, slopes: self.slopes.map(|own| own * slope) }
    }

    pub(super) fn exp(self) -> Self {
        let value = libm::exp(self.value);
        self.through(value, value)
    }

    pub(super) fn sin(self) -> Self {
        self.through(libm::sin(self.value), libm::cos(self.value))
    }

    pub(super) fn cos(self) -> Self {
        self.through(libm::cos(self.value), -libm::sin(self.value))
    }

    pub(super) fn atan(self) -> Self {
        self.through(libm::atan(self.value), 1.0 / (1.0 + self.value * self.value))
    }

    fn ln(self) -> Self {
        self.through(libm::log(self.value), 1.0 / self.value)
    }

    pub(super) fn pow(self, exponent: Self) -> Self {
        (exponent * self.ln()).exp()
    }
}

impl From<f64> for Dual {
    fn from(value: f64) -> Self {
        Self { value, slopes: [0.0; MOST] }
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        self.through(-self.value, -1.0)
    }
}

/// One operation in all its spellings: between two of them, and with a plain number on either side.
macro_rules! operation {
    ($name:ident, $method:ident, |$a:ident, $b:ident| $value:expr, $by_a:expr, $by_b:expr) => {
        impl $name for Dual {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                let ($a, $b) = (self.value, other.value);
                let (by_a, by_b): (f64, f64) = ($by_a, $by_b);
                Self { value: $value, slopes: std::array::from_fn(|k| by_a * self.slopes[k] + by_b * other.slopes[k]) }
            }
        }
        impl $name<f64> for Dual {
            type Output = Self;
            fn $method(self, other: f64) -> Self {
                $name::$method(self, Self::from(other))
            }
        }
        impl $name<Dual> for f64 {
            type Output = Dual;
            fn $method(self, other: Dual) -> Dual {
                $name::$method(Dual::from(self), other)
            }
        }
    };
}

operation!(Add, add, |a, b| a + b, 1.0, 1.0);
operation!(Sub, sub, |a, b| a - b, 1.0, -1.0);
operation!(Mul, mul, |a, b| a * b, b, a);
operation!(Div, div, |a, b| a / b, 1.0 / b, -a / (b * b));
