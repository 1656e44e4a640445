//! Identifiers. Random 64-bit numbers, written as 13 characters of Crockford's base 32 in lower case
//! (`0-9a-hjkmnp-tv-z`), so that an id can be read aloud, typed and put into an address unescaped.
//!
//! ```
//! use messwerk_lessons::id::ThingId;
//! assert_eq!(ThingId(1).to_string(), "0000000000001");
//! assert_eq!("0000000000001".parse(), Ok(ThingId(1)));
//! ```
//!
//! An id names, it never authorises: tokens do that. The one exception is a [`LessonId`] in a board's address, which
//! opens the read-only board and is therefore as long as it is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 13;

/// A text that is not an id: wrong length, a character outside the alphabet, or a value above 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id has 13 characters of 0-9 and a-z without i, l, o and u")]
pub struct ParseIdError;

fn encode(value: u64) -> String {
    (0..LENGTH).rev().map(|digit| char::from(ALPHABET[((value >> (5 * digit)) & 31) as usize])).collect()
}

fn decode(text: &str) -> Result<u64, ParseIdError> {
    if text.len() != LENGTH {
        return Err(ParseIdError);
    }
    let mut value: u64 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|&letter| letter == byte).ok_or(ParseIdError)?;
        value = value.checked_mul(32).ok_or(ParseIdError)? | digit as u64;
    }
    Ok(value)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                decode(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id! {
    /// One class's sitting with one template; owns the join code.
    LessonId
}
id! {
    /// A phone or a station in one lesson. The same phone in the next lesson is another Thing: nothing links them.
    ThingId
}

#[cfg(test)]
mod tests;
