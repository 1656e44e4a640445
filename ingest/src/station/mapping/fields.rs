//! The fields of any payload: JSON, a form or query, CSV, a bare number.

use serde::{Deserialize, Serialize};

use super::super::json::{self, Flat, Scalar};
use super::super::{Message, Report, is_secret_in_form, query};
use super::table;

/// Fields that are shown at most.
const SHOWN: usize = 300;
/// Characters of an example.
const EXAMPLE: usize = 60;

/// A field of a payload, to be clicked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its path, as a [`Mapped`](super::Mapped) names it.
    pub path: String,
    /// What stands there, cut to 60 characters.
    pub example: String,
}

/// Every field of a payload with an example, for somebody to say what it is. Entries of a list on top are one field with `*`. What
/// says who the sender is (PASSKEY, PASSWORD, ID and the like) is not shown. Empty if the payload is nothing that can be read.
pub fn fields(message: &Message<'_>) -> Vec<Found> {
    let Ok(Flat { leaves, .. }) = leaves(message) else { return Vec::new() };
    let mut found: Vec<Found> = Vec::new();
    for (path, value) in leaves {
        let path = match path.split_once('.') {
            Some((first, rest)) if first.bytes().all(|byte| byte.is_ascii_digit()) => format!("*.{rest}"),
            _ => path,
        };
        let last = path.rsplit('.').next().unwrap_or_default();
        if found.len() < SHOWN && !is_secret_in_form(last) && found.iter().all(|field| field.path != path) {
            found.push(Found { path, example: value.text().chars().take(EXAMPLE).collect() });
        }
    }
    found
}

/// The leaves of a payload of any kind, and how many values were left out; a report where it is none.
pub(super) fn leaves(message: &Message<'_>) -> Result<Flat, Box<Report>> {
    let body = message.body.trim_ascii();
    match body.first() {
        Some(b'{' | b'[' | b'<') => json::leaves(body),
        None => Ok(Flat { leaves: form(message), left: 0 }),
        Some(_) => {
            let text = String::from_utf8_lossy(body);
            if !text.contains('\n') && text.contains('=') {
                return Ok(Flat { leaves: form(message), left: 0 });
            }
            let (leaves, left) = table::leaves(&text);
            Ok(Flat { leaves, left })
        }
    }
}

fn form(message: &Message<'_>) -> Vec<(String, Scalar)> {
    query::fields(message).into_iter().map(|(name, value)| (name.into_owned(), Scalar::Text(value.into_owned()))).collect()
}
