//! Rounding to what a number is good for, in decimal steps, so that JSON shows `9.78` and not `9.780000000000001`.

/// Powers of ten are products of tens: exact up to 10²², and the same on every machine.
fn power(exponent: i32) -> f64 {
    (0..exponent).fold(1.0, |product, _| product * 10.0)
}

/// The power of ten of a positive number's first digit.
fn first_place(value: f64) -> i32 {
    let place = libm::floor(libm::log10(value)) as i32;
    // A logarithm just below a whole number may have been rounded up to it.
    if scaled(1, place) > value {
        place - 1
    } else if scaled(1, place + 1) <= value {
        place + 1
    } else {
        place
    }
}

/// `digits` · 10^`place`, as the double that the decimal number is read as.
fn scaled(digits: i64, place: i32) -> f64 {
    if place < 0 { digits as f64 / power(-place) } else { digits as f64 * power(place) }
}

/// A step of 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// 1, 2 or 5.
    digit: i64,
    place: i32,
}

impl Step {
    /// The largest step that is no larger than `size`; `None` where nothing of `size` is left in numbers as large as `near`.
    pub(super) fn at_most(size: f64, near: f64) -> Option<Self> {
        // A double has 15 digits; below that, scatter is rounding. Beyond 10²² powers of ten are not exact any more.
        let told = size > f64::max(libm::fabs(near) * 1e-12, 1e-18) && size < 1e18;
        told.then(|| {
            let place = first_place(size);
            let digit = [5, 2].into_iter().find(|digit| scaled(*digit, place) <= size).unwrap_or(1);
            Self { digit, place }
        })
    }

    /// How wide.
    pub(super) fn value(self) -> f64 {
        scaled(self.digit, self.place)
    }

    /// The `index`-th multiple.
    pub(super) fn multiple(self, index: i64) -> f64 {
        scaled(index.saturating_mul(self.digit), self.place)
    }

    /// The nearest multiple.
    pub(super) fn round(self, value: f64) -> f64 {
        // No negative zero: JSON would show it.
        self.multiple(libm::round(value / self.value()) as i64) + 0.0
    }

    /// The index of the last multiple that is not above a value.
    pub(super) fn index(self, value: f64) -> i64 {
        let mut index = libm::floor(value / self.value()) as i64;
        while self.multiple(index) > value {
            index -= 1;
        }
        while self.multiple(index + 1) <= value {
            index += 1;
        }
        index
    }
}

/// A number rounded to the place of the third digit of `scatter`; as it is where that is zero.
pub(super) fn rounded_like(value: f64, scatter: f64) -> f64 {
    let place = if scatter > 0.0 { first_place(scatter) - 2 } else { return value };
    let step = Step { digit: 1, place };
    // Nothing to round in a double, or a step that is not exact.
    if !(-20..=20).contains(&place) || libm::fabs(value) >= scaled(1_000_000_000_000_000, place) {
        return value;
    }
    step.round(value)
}
