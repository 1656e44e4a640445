//! The JSON spelling.

use std::fmt::{self, Write as _};

use super::Batch;
use crate::observation::SenderClock;

impl Batch {
    /// The batch as JSON: `{"stream":"gyr","boot":"…","seq":12,"t0":µs,"dt":[µs from t0],"x":[…],"y":[…],"z":[…]}`, with
    /// `"offset"` and `"uncertainty"` (µs) if the clock is known. Values in their shortest form, NaN and infinite as
    /// `null`.
    pub fn to_json(&self) -> String {
        // 10 characters a number are what a sensor's readings take with their comma.
        let mut out = String::with_capacity(160 + self.time.len() * (1 + self.property.components()) * 10);
        let _ = write!(
            out,
            r#"{{"stream":"{}","boot":"{:016x}","seq":{},"t0":{},"dt":["#,
            self.property.stream(),
            self.key.boot,
            self.key.sequence,
            self.time[0]
        );
        list(&mut out, &self.time, |out, at| write!(out, "{}", at - self.time[0]));
        for (name, column) in ["x", "y", "z"].into_iter().zip(&self.values).take(self.property.components()) {
            let _ = write!(out, r#","{name}":["#);
            list(&mut out, column, |out, value| if value.is_finite() { write!(out, "{value}") } else { out.write_str("null") });
        }
        if let SenderClock::Offset { offset, uncertainty } = self.clock {
            let _ = write!(out, r#","offset":{offset},"uncertainty":{uncertainty}"#);
        }
        out.push('}');
        out
    }
}

/// Appends the members of an open list and closes it.
fn list<T: Copy>(out: &mut String, members: &[T], mut one: impl FnMut(&mut String, T) -> fmt::Result) {
    for (index, &member) in members.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        // Writing to a String cannot fail.
        let _ = one(out, member);
    }
    out.push(']');
}
