//! Values as devices write them.

/// What stands in the place of a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value {
    /// A finite number.
    Number(f64),
    /// The device says that it has none.
    Missing,
    /// Something else, or more than 32 bits hold.
    NoNumber,
}

/// A number as a value. -999 and -9999 stand for "none" with Fine Offset's consoles, the DWD and others; no property of the
/// hub's comes near them.
pub(crate) fn number(number: f64) -> Value {
    match number {
        -999.0 | -9999.0 => Value::Missing,
        number if number.is_nan() => Value::Missing,
        number if (number as f32).is_finite() => Value::Number(number),
        _ => Value::NoNumber,
    }
}

/// A text as a value: a number with a decimal point, or one of the ways to say "none".
pub(crate) fn text(text: &str) -> Value {
    let text = text.trim();
    let none = ["", "-", "--", "---", "null", "none", "nan", "n/a", "unavailable", "unknown"];
    if none.iter().any(|none| text.eq_ignore_ascii_case(none)) {
        return Value::Missing;
    }
    // `parse` also takes "infinity".
    text.parse().map_or(Value::NoNumber, number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_says() {
        for none in ["", " ", "---", "-999", "-9999", "-9999.0", "-999.00", "NaN", "null", "None", "unavailable"] {
            assert_eq!(text(none), Value::Missing, "{none}");
        }
        for bad in ["abc", "-59 dBm", "1,5", "inf", "-Infinity", "1e39", "0x1F"] {
            assert_eq!(text(bad), Value::NoNumber, "{bad}");
        }
        for (good, value) in [("21.4", 21.4), ("-0.5", -0.5), (" 7 ", 7.0), ("1.2e1", 12.0), ("-99.9", -99.9), ("-999.1", -999.1)] {
            assert_eq!(text(good), Value::Number(value), "{good}");
        }
    }
}
