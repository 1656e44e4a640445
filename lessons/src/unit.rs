//! Units: symbols of the SenML registry, else UCUM; their algebra and conversion.
//!
//! A unit is a product of known symbols with whole exponents: `m/s2`, `kg.m2`, `1`. Everything behind the one `/` divides. Angles
//! and percentages are plain numbers (GUM and SI: dimension one), decibels go with nothing but themselves. Only a lone `Cel`
//! or `[degF]` has an offset; within a product it is a difference, as kelvin are.

mod canonical;
mod dimension;
mod spelling;
mod table;

pub use canonical::{Linear, to_canonical};
pub use dimension::Dimension;
pub use spelling::symbol;

use std::fmt;

use table::{SYMBOLS, Symbol};

/// A product of symbols, each with its exponent; the empty product is the plain number `1`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unit {
    /// In the order they are written; no symbol twice, no exponent 0.
    factors: Vec<(&'static str, i8)>,
}

/// A unit that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// Nothing is written.
    #[error("a unit is missing; write 1 for a plain number")]
    Empty,
    /// A symbol that is not in the table.
    #[error("the unit symbol {0:?} is not known")]
    Unknown(String),
    /// More than one `/`, a dangling `.`, an exponent beyond 9, more than eight symbols, `dB` in a product.
    #[error("{0:?} is no unit: write products with a dot, one / for everything below, and whole exponents up to 9, as in kg.m2/s2")]
    Syntax(String),
}

/// As many symbols as a unit may have.
const LONGEST: usize = 8;

impl Unit {
    /// The plain number, `1`.
    pub fn one() -> Self {
        Self::default()
    }

    /// Reads a symbol: `m/s2`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let syntax = || UnitError::Syntax(text.to_owned());
        if text.is_empty() {
            return Err(UnitError::Empty);
        }
        let mut unit = Self::one();
        let mut halves = text.split('/');
        for (half, sign) in halves.by_ref().take(2).zip([1, -1]) {
            for (count, part) in half.split('.').enumerate() {
                if count == LONGEST {
                    return Err(syntax());
                }
                let (symbol, exponent) = Self::factor(part).ok_or_else(|| {
                    let letters = part.trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == '-');
                    if letters.is_empty() || table::known(letters) { syntax() } else { UnitError::Unknown(letters.to_owned()) }
                })?;
                if symbol != "1" {
                    unit = unit.times_symbol(symbol, sign * exponent).ok_or_else(syntax)?;
                }
            }
        }
        let levels = unit.factors.iter().any(|(symbol, _)| *symbol == "dB");
        if halves.next().is_some() || (levels && unit.factors != [("dB", 1)]) {
            return Err(syntax());
        }
        Ok(unit)
    }

    /// `s2` is s to the 2.
    fn factor(part: &str) -> Option<(&'static str, i8)> {
        if let Some(symbol) = table::find(part) {
            return Some((symbol.name, 1));
        }
        let split = part.find(|sign: char| sign.is_ascii_digit() || sign == '-')?;
        let (name, exponent) = part.split_at(split);
        let exponent: i8 = exponent.parse().ok().filter(|number: &i8| (1..=9).contains(&number.abs()) && number.to_string() == exponent)?;
        table::find(name).filter(|symbol| symbol.name != "1").map(|symbol| (symbol.name, exponent))
    }

    fn times_symbol(mut self, symbol: &'static str, exponent: i8) -> Option<Self> {
        match self.factors.iter_mut().find(|(name, _)| *name == symbol) {
            Some(factor) => factor.1 = factor.1.checked_add(exponent).filter(|sum| sum.abs() <= 9)?,
            None => self.factors.push((symbol, exponent)),
        }
        self.factors.retain(|(_, exponent)| *exponent != 0);
        (self.factors.len() <= LONGEST).then_some(self)
    }

    fn symbols(&self) -> impl Iterator<Item = (&'static Symbol, i8)> {
        self.factors.iter().filter_map(|(name, exponent)| Some((table::find(name)?, *exponent)))
    }

    /// What it measures, whatever its size: that of `cm` and of `m` is a length.
    pub fn dimension(&self) -> Dimension {
        self.symbols().fold(Dimension::ONE, |product, (symbol, exponent)| product.times(symbol.dimension.whole_power(exponent)))
    }

    /// How many SI units it is: 0.01 for `cm`, 1 for `N`.
    pub fn size(&self) -> f64 {
        // Powers of ten are multiplied out on their own side, so that `hPa/hPa` is 1 and no rounding piles up.
        let (mut above, mut below) = (1.0, 1.0);
        for (symbol, exponent) in self.symbols() {
            let side = if exponent > 0 { &mut above } else { &mut below };
            (0..exponent.unsigned_abs()).for_each(|_| *side *= symbol.size);
        }
        above / below
    }

    /// What is added to a value in SI units that it may count from this unit's zero: 273.15 for `Cel`.
    fn zero(&self) -> f64 {
        match self.factors[..] {
            [("Cel", 1)] => 273.15,
            // 32 °F is 0 °C, and a degree Fahrenheit 5/9 K (NIST SP 811, B.8).
            [("[degF]", 1)] => 459.67 * 5.0 / 9.0,
            _ => 0.0,
        }
    }

    /// A value in this unit, in SI units.
    pub fn to_si(&self, value: f64) -> f64 {
        value * self.size() + self.zero()
    }

    /// A value in SI units, in this unit.
    pub fn from_si(&self, value: f64) -> f64 {
        (value - self.zero()) / self.size()
    }

    /// The unit of differences: that of `Cel` is `K`, that of `[degF]` is `[degR]`, any other's is itself.
    pub fn of_difference(&self) -> Self {
        match self.factors[..] {
            [("Cel", 1)] => Self { factors: vec![("K", 1)] },
            [("[degF]", 1)] => Self { factors: vec![("[degR]", 1)] },
            _ => self.clone(),
        }
    }

    /// This unit times another to the power `exponent`, in the symbols of both; `None` where that cannot be written.
    pub fn times(&self, other: &Self, exponent: i8) -> Option<Self> {
        let other = other.of_difference();
        let product = other
            .factors
            .iter()
            .try_fold(self.of_difference(), |product, (symbol, power)| product.times_symbol(symbol, power.checked_mul(exponent)?))?;
        (product.factors.iter().all(|(symbol, _)| *symbol != "dB") || product.factors == [("dB", 1)]).then_some(product)
    }

    /// The SI unit of a dimension, with a name of its own where it has one: `N`, `m/s2`. `None` for broken exponents.
    pub fn si(dimension: Dimension) -> Option<Self> {
        let named = SYMBOLS.iter().find(|symbol| symbol.named && symbol.dimension == dimension);
        if let Some(symbol) = named {
            return Some(Self { factors: vec![(symbol.name, 1)] });
        }
        let mut unit = Self::one();
        for (base, exponent) in table::BASES.iter().zip(dimension.whole()?) {
            unit = if exponent == 0 { unit } else { unit.times_symbol(base, exponent)? };
        }
        Some(unit)
    }

    /// As one writes it for people: `m/s²`, `°C`; nothing for the plain number.
    pub fn written(&self) -> String {
        self.join(
            "·",
            |symbol| table::find(symbol).map_or(symbol, |symbol| symbol.written),
            |exponent| {
                let raised = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
                raised.get(usize::from(exponent.unsigned_abs())).map(char::to_string).unwrap_or_default()
            },
        )
        .unwrap_or_default()
    }

    /// The factors with positive exponents, then `/` and the others; `None` without any.
    fn join<'a>(&'a self, dot: &str, symbol: impl Fn(&'a str) -> &'a str, power: impl Fn(i8) -> String) -> Option<String> {
        let side = |sign: i8| {
            let factors = self.factors.iter().filter(move |(_, exponent)| exponent.signum() == sign);
            let parts: Vec<String> = factors
                .map(|(name, exponent)| {
                    format!("{}{}", symbol(name), if exponent.abs() > 1 { power(exponent.abs()) } else { String::new() })
                })
                .collect();
            (!parts.is_empty()).then(|| parts.join(dot))
        };
        match (side(1), side(-1)) {
            (above, None) => above,
            (above, Some(below)) => Some(format!("{}/{below}", above.unwrap_or_else(|| "1".to_owned()))),
        }
    }
}

/// As it is written in a template: `m/s2`.
impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.join(".", |symbol| symbol, |exponent| exponent.to_string()).unwrap_or_else(|| "1".to_owned()))
    }
}

/// A unit symbol as people write it; what is no unit of ours stays as it is.
pub fn written(symbol: &str) -> String {
    Unit::parse(symbol).map_or_else(|_| symbol.to_owned(), |unit| unit.written())
}

/// Every symbol that may stand in a unit.
pub fn symbols() -> impl Iterator<Item = &'static str> {
    SYMBOLS.iter().map(|symbol| symbol.name)
}

#[cfg(test)]
mod tests;
