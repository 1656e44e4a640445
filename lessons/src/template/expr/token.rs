//! From text to words and signs.

use super::ExpressionError;
use crate::unit::Unit;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'t> {
    Number(f64),
    /// Behind a number, in square brackets.
    Unit(Unit),
    Name(&'t str),
    /// One or two characters.
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: [&str; 14] = ["<=", ">=", "==", "<", ">", "+", "-", "*", "/", "^", "(", ")", ",", ";"];

/// A token and where it begins, in bytes.
pub(super) type Placed<'t> = (Token<'t>, usize);

pub(super) fn tokens(text: &str) -> Result<Vec<Placed<'_>>, ExpressionError> {
    let mut found = vec![];
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = match first {
            _ if first.is_whitespace() => {
                at += first.len_utf8();
                continue;
            }
            '0'..='9' => number(rest).ok_or_else(|| unexpected(text, at))?,
            'a'..='z' | 'A'..='Z' => name(rest),
            '[' => {
                let end = rest.find(']').ok_or_else(|| unexpected(text, at))?;
                (Token::Unit(Unit::parse(&rest[1..end])?), end + 1)
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign)).ok_or_else(|| unexpected(text, at))?;
                (Token::Sign(sign), sign.len())
            }
        };
        found.push((token, at));
        at += length;
    }
    Ok(found)
}

/// Digits, a point with digits behind it, an exponent.
fn number(text: &str) -> Option<(Token<'static>, usize)> {
    let digits = |from: usize| from + text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    if text[end..].starts_with('.') {
        let fraction = digits(end + 1);
        if fraction == end + 1 {
            return None;
        }
        end = fraction;
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    let value: f64 = text[..end].parse().ok()?;
    // `2h` is no product; `2e` is no number.
    let glued = text[end..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_' || next == '.');
    (value.is_finite() && !glued).then_some((Token::Number(value), end))
}

/// A name, with what stands behind its point: `fit.slope`, `acceleration.abs`.
fn name(text: &str) -> (Token<'_>, usize) {
    let word = |from: usize| from + text[from..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let mut end = word(0);
    if text[end..].starts_with('.') && word(end + 1) > end + 1 {
        end = word(end + 1);
    }
    (Token::Name(&text[..end]), end)
}

pub(super) fn unexpected(text: &str, at: usize) -> ExpressionError {
    let found = text.get(at..).and_then(|rest| rest.chars().next()).map(String::from).unwrap_or_default();
    let before = text.get(..at).unwrap_or(text);
    ExpressionError::Unexpected { found, at: before.chars().count() + 1 }
}
