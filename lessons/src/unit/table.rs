//! The symbols that are known.

use super::Dimension;

/// One symbol of the table.
pub(super) struct Symbol {
    pub(super) name: &'static str,
    /// As people write it.
    pub(super) written: &'static str,
    /// How many SI units it is.
    pub(super) size: f64,
    pub(super) dimension: Dimension,
    /// Whether it names its dimension's SI unit.
    pub(super) named: bool,
}

/// The SI base units in the order of a dimension's exponents; the decibel keeps to itself.
pub(super) const BASES: [&str; 8] = ["m", "kg", "s", "A", "K", "mol", "cd", "dB"];

const fn row(name: &'static str, written: &'static str, size: f64, exponents: [i16; 8]) -> Symbol {
    Symbol { name, written, size, dimension: Dimension::new(exponents), named: false }
}

const fn named(name: &'static str, written: &'static str, exponents: [i16; 8]) -> Symbol {
    Symbol { name, written, size: 1.0, dimension: Dimension::new(exponents), named: true }
}

/// Mercury at 0 °C, 13 595.1 kg/m³, under standard gravity, 9.806 65 m/s² (ISO 80000-4 and NIST SP 811, B.8: "conventional").
const MM_OF_MERCURY: f64 = 133.322_387_415;

/// Sizes are exact by definition (BIPM, The International System of Units, 9th edition; inch, foot, mile and degree Fahrenheit:
/// NIST SP 811, B.8; knot: BIPM, 8th edition, table 8). Their symbols in square brackets are UCUM's.
pub(super) const SYMBOLS: [Symbol; 57] = [
    row("1", "1", 1.0, [0; 8]),
    row("%", "%", 0.01, [0; 8]),
    row("%RH", "%", 0.01, [0; 8]),
    row("rad", "rad", 1.0, [0; 8]),
    row("deg", "°", std::f64::consts::PI / 180.0, [0; 8]),
    row("m", "m", 1.0, [1, 0, 0, 0, 0, 0, 0, 0]),
    row("cm", "cm", 0.01, [1, 0, 0, 0, 0, 0, 0, 0]),
    row("mm", "mm", 0.001, [1, 0, 0, 0, 0, 0, 0, 0]),
    row("km", "km", 1000.0, [1, 0, 0, 0, 0, 0, 0, 0]),
    row("kg", "kg", 1.0, [0, 1, 0, 0, 0, 0, 0, 0]),
    row("g", "g", 0.001, [0, 1, 0, 0, 0, 0, 0, 0]),
    row("s", "s", 1.0, [0, 0, 1, 0, 0, 0, 0, 0]),
    row("ms", "ms", 0.001, [0, 0, 1, 0, 0, 0, 0, 0]),
    row("min", "min", 60.0, [0, 0, 1, 0, 0, 0, 0, 0]),
    row("h", "h", 3600.0, [0, 0, 1, 0, 0, 0, 0, 0]),
    row("A", "A", 1.0, [0, 0, 0, 1, 0, 0, 0, 0]),
    row("K", "K", 1.0, [0, 0, 0, 0, 1, 0, 0, 0]),
    row("Cel", "°C", 1.0, [0, 0, 0, 0, 1, 0, 0, 0]),
    row("mol", "mol", 1.0, [0, 0, 0, 0, 0, 1, 0, 0]),
    row("cd", "cd", 1.0, [0, 0, 0, 0, 0, 0, 1, 0]),
    row("lm", "lm", 1.0, [0, 0, 0, 0, 0, 0, 1, 0]),
    row("dB", "dB", 1.0, [0, 0, 0, 0, 0, 0, 0, 1]),
    row("Hz", "Hz", 1.0, [0, 0, -1, 0, 0, 0, 0, 0]),
    row("hPa", "hPa", 100.0, [-1, 1, -2, 0, 0, 0, 0, 0]),
    row("uT", "µT", 1e-6, [0, 1, -2, -1, 0, 0, 0, 0]),
    row("l", "l", 0.001, [3, 0, 0, 0, 0, 0, 0, 0]),
    row("ml", "ml", 1e-6, [3, 0, 0, 0, 0, 0, 0, 0]),
    row("ug", "µg", 1e-9, [0, 1, 0, 0, 0, 0, 0, 0]),
    row("mg", "mg", 1e-6, [0, 1, 0, 0, 0, 0, 0, 0]),
    row("mV", "mV", 1e-3, [2, 1, -3, -1, 0, 0, 0, 0]),
    row("mA", "mA", 1e-3, [0, 0, 0, 1, 0, 0, 0, 0]),
    row("kW", "kW", 1000.0, [2, 1, -3, 0, 0, 0, 0, 0]),
    row("kJ", "kJ", 1000.0, [2, 1, -2, 0, 0, 0, 0, 0]),
    row("kWh", "kWh", 3.6e6, [2, 1, -2, 0, 0, 0, 0, 0]),
    row("T", "T", 1.0, [0, 1, -2, -1, 0, 0, 0, 0]),
    row("klx", "klx", 1000.0, [-2, 0, 0, 0, 0, 0, 1, 0]),
    row("ppm", "ppm", 1e-6, [0; 8]),
    row("ppb", "ppb", 1e-9, [0; 8]),
    row("kPa", "kPa", 1000.0, [-1, 1, -2, 0, 0, 0, 0, 0]),
    row("mbar", "mbar", 100.0, [-1, 1, -2, 0, 0, 0, 0, 0]),
    row("mm[Hg]", "mmHg", MM_OF_MERCURY, [-1, 1, -2, 0, 0, 0, 0, 0]),
    row("[in_i'Hg]", "inHg", MM_OF_MERCURY * 25.4, [-1, 1, -2, 0, 0, 0, 0, 0]),
    row("[in_i]", "in", 0.0254, [1, 0, 0, 0, 0, 0, 0, 0]),
    row("[ft_i]", "ft", 0.3048, [1, 0, 0, 0, 0, 0, 0, 0]),
    row("[mi_i]", "mi", 1609.344, [1, 0, 0, 0, 0, 0, 0, 0]),
    row("[nmi_i]", "nmi", 1852.0, [1, 0, 0, 0, 0, 0, 0, 0]),
    row("[kn_i]", "kn", 1852.0 / 3600.0, [1, 0, -1, 0, 0, 0, 0, 0]),
    row("[degF]", "°F", 5.0 / 9.0, [0, 0, 0, 0, 1, 0, 0, 0]),
    row("[degR]", "°R", 5.0 / 9.0, [0, 0, 0, 0, 1, 0, 0, 0]),
    named("lx", "lx", [-2, 0, 0, 0, 0, 0, 1, 0]),
    named("N", "N", [1, 1, -2, 0, 0, 0, 0, 0]),
    named("Pa", "Pa", [-1, 1, -2, 0, 0, 0, 0, 0]),
    named("J", "J", [2, 1, -2, 0, 0, 0, 0, 0]),
    named("W", "W", [2, 1, -3, 0, 0, 0, 0, 0]),
    named("V", "V", [2, 1, -3, -1, 0, 0, 0, 0]),
    named("Ohm", "Ω", [2, 1, -3, -2, 0, 0, 0, 0]),
    named("C", "C", [0, 0, 1, 1, 0, 0, 0, 0]),
];

pub(super) fn find(name: &str) -> Option<&'static Symbol> {
    SYMBOLS.iter().find(|symbol| symbol.name == name)
}

pub(super) fn known(name: &str) -> bool {
    find(name).is_some()
}
