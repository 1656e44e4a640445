//! Checksums: of a template as it is, and of what decides its outcome.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Bundle, SIGNATURE};
use crate::template::Template;

impl Bundle {
    /// The template's checksum, 64 hexadecimal digits: SHA-256 of a listing with a line `sha256 path` per file, by path. How it is packed
    /// and who signed it do not count.
    pub fn sha256(&self) -> String {
        let mut listing = String::new();
        for (path, bytes) in self.files().filter(|(path, _)| *path != SIGNATURE) {
            let _ = writeln!(listing, "{} {path}", hexadecimal(bytes));
        }
        hexadecimal(listing.as_bytes())
    }

    /// The checksum of the method; see [`method_hash`]. `None` for a plan that cannot be read.
    pub fn method_hash(&self) -> Option<String> {
        method_hash(&self.template().ok()?)
    }
}

/// The checksum of what decides a template's outcome: sensors, inputs, analysis and class, without their labels. Two versions with the
/// same one compute the same from the same readings. `None` never happens for a template that was read.
pub fn method_hash(template: &Template) -> Option<String> {
    let parts = [
        toml::Value::try_from(&template.outcome),
        toml::Value::try_from(&template.sensors),
        toml::Value::try_from(&template.inputs),
        toml::Value::try_from(&template.steps),
        toml::Value::try_from(&template.class_steps),
    ];
    let mut written = String::new();
    for part in parts {
        write_plainly(&part.ok()?, &mut written);
        written.push('\n');
    }
    Some(hexadecimal(written.as_bytes()))
}

/// A value in one way only: keys sorted, numbers in their shortest form, no labels.
fn write_plainly(value: &toml::Value, out: &mut String) {
    let _ = match value {
        toml::Value::String(text) => write!(out, "{text:?}"),
        toml::Value::Integer(number) => write!(out, "{number}"),
        toml::Value::Float(number) => write!(out, "{number}"),
        toml::Value::Boolean(flag) => write!(out, "{flag}"),
        toml::Value::Datetime(time) => write!(out, "{time}"),
        toml::Value::Array(items) => {
            out.push('[');
            items.iter().for_each(|item| {
                write_plainly(item, out);
                out.push(',');
            });
            write!(out, "]")
        }
        toml::Value::Table(table) => {
            let mut keys: Vec<&String> = table.keys().filter(|key| *key != "label").collect();
            keys.sort();
            out.push('{');
            for key in keys {
                let _ = write!(out, "{key}=");
                write_plainly(&table[key], out);
                out.push(',');
            }
            write!(out, "}}")
        }
    };
}

fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
