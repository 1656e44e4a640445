//! Recorded messages: one JSON object a line, `{"at":1.25,"stream":"acc","payload":…}`.

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A message as it was published.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// When, s from the start of the recording.
    pub at: f64,
    /// The last level of its topic.
    pub stream: String,
    /// Its payload. What stands as a text in the file travels as that text, anything else as JSON.
    pub payload: Bytes,
}

#[derive(Deserialize)]
struct Line {
    at: f64,
    stream: String,
    payload: Box<RawValue>,
}

/// Whether bytes begin like a recording of messages.
pub(super) fn is_messages(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    start.trim_start().starts_with('{') && start.contains("\"payload\"")
}

/// All messages, ordered by their times.
///
/// # Errors
/// A line that is no such object (named by its number), a time that is none, or no line at all.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Message>> {
    let text = std::str::from_utf8(bytes).context("recorded messages are UTF-8")?;
    let mut messages = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let Line { at, stream, payload } = serde_json::from_str(line).with_context(|| format!("line {}", number + 1))?;
        ensure!(at.is_finite() && at >= 0.0, "line {}: a message has a time from 0 on", number + 1);
        let json = payload.get();
        let payload = if json.starts_with('"') { serde_json::from_str::<String>(json)?.into() } else { Bytes::from(json.to_owned()) };
        messages.push(Message { at, stream, payload });
    }
    messages.sort_by(|a, b| a.at.total_cmp(&b.at));
    Ok(messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_travel_as_they_were() {
        let text = r#"{"at":1.5,"stream":"acc","payload":{"t":[1],"x":[0.10]}}

{"at":0,"stream":"accX","payload":"0.1,0.2,null"}"#;
        assert!(is_messages(text.as_bytes()) && !is_messages(b"\"Time (s)\""));
        let messages = read(text.as_bytes()).unwrap();
        let shown: Vec<_> = messages.iter().map(|message| (message.at, message.stream.as_str(), &message.payload[..])).collect();
        assert_eq!(shown, [(0.0, "accX", &b"0.1,0.2,null"[..]), (1.5, "acc", br#"{"t":[1],"x":[0.10]}"#)]);
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let check = |line: &str| {
            let text = format!("{{\"at\":0,\"stream\":\"acc\",\"payload\":1}}\n{line}");
            assert!(format!("{:#}", read(text.as_bytes()).unwrap_err()).contains("line 2"), "{line}");
        };
        check("{\"at\":0,\"stream\":\"acc\"}");
        check("{\"at\":-1,\"stream\":\"acc\",\"payload\":1}");
        check("at 5 o'clock");
    }
}
