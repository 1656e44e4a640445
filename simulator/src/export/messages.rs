//! JSONL: one message a line, recorded with its time and stream or a payload alone.

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// A recorded message as a line of JSONL.
pub const RECORDED_LINE: &str =
    r#"{"at":1.25,"stream":"acc","payload":{"acc_time":[0.01,0.02],"accX":[0.1,0.1],"accY":[0.2,0.2],"accZ":[9.8,9.8]}}"#;

/// A payload as a line of JSONL: what a phone posts, and nothing around it.
pub const PAYLOAD_LINE: &str = r#"{"acc_time":[0.01,0.02],"accX":[0.1,0.1],"accY":[0.2,0.2],"accZ":[9.8,9.8]}"#;

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

/// What the lines of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// [`Message`]s.
    Recorded,
    /// Payloads alone.
    Payloads,
}

/// What the first line says all lines are; `None` for a file that does not begin like JSON.
///
/// # Errors
/// A first line that begins like JSON and is none.
pub(super) fn kind(bytes: &[u8]) -> Result<Option<Lines>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if !bytes.starts_with(b"{") && !bytes.starts_with(b"[") {
        return Ok(None);
    }
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let first: Value = serde_json::from_slice(first).with_context(|| format!("the first line is no JSON; {}", expected()))?;
    // Sensor Logger's pushes have a payload too, the hub's own batches a stream: two of the three say what is meant.
    let keys = ["at", "stream", "payload"].into_iter().filter(|key| first.get(key).is_some()).count();
    Ok(Some(if keys >= 2 { Lines::Recorded } else { Lines::Payloads }))
}

/// All messages, ordered by their times.
///
/// # Errors
/// A line that is no such object (named by its number), a time that is none, or no line at all.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Message>> {
    let mut messages = Vec::new();
    for (number, line) in lines(bytes)? {
        let message = serde_json::from_str(line).with_context(|| format!("line {number} is no recorded message such as {RECORDED_LINE}"));
        let Line { at, stream, payload } = message?;
        ensure!(at.is_finite() && at >= 0.0, "line {number}: a message has a time from 0 on");
        let json = payload.get();
        let payload = if json.starts_with('"') { serde_json::from_str::<String>(json)?.into() } else { Bytes::from(json.to_owned()) };
        messages.push(Message { at, stream, payload });
    }
    messages.sort_by(|a, b| a.at.total_cmp(&b.at));
    Ok(messages)
}

/// All payloads as they stand in the file: whether one is any good the hub says.
///
/// # Errors
/// Bytes that are no text.
pub(super) fn payloads(bytes: &[u8]) -> Result<Vec<Bytes>> {
    Ok(lines(bytes)?.map(|(_, line)| Bytes::from(line.to_owned())).collect())
}

/// The lines with something in them, numbered from 1.
fn lines(bytes: &[u8]) -> Result<impl Iterator<Item = (usize, &str)>> {
    let text = std::str::from_utf8(bytes).context("recorded messages are UTF-8")?;
    let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
    Ok(lines.map(|(line, number)| (number, line.trim())).filter(|(_, line)| !line.is_empty()))
}

/// What a file of messages looks like, for those who have another one.
pub(super) fn expected() -> String {
    format!("a JSONL file has one message a line, recorded such as {RECORDED_LINE}, or its payload alone such as {PAYLOAD_LINE}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_travel_as_they_were() {
        let text = r#"{"at":1.5,"stream":"acc","payload":{"t":[1],"x":[0.10]}}

{"at":0,"stream":"accX","payload":"0.1,0.2,null"}"#;
        assert_eq!(kind(text.as_bytes()).unwrap(), Some(Lines::Recorded));
        let messages = read(text.as_bytes()).unwrap();
        let shown: Vec<_> = messages.iter().map(|message| (message.at, message.stream.as_str(), &message.payload[..])).collect();
        assert_eq!(shown, [(0.0, "accX", &b"0.1,0.2,null"[..]), (1.5, "acc", br#"{"t":[1],"x":[0.10]}"#)]);
        let text = "\u{feff}{\"t\":[1], \"x\":[0.10]}\r\n\nno JSON\n";
        assert_eq!(payloads(text.as_bytes()).unwrap(), [r#"{"t":[1], "x":[0.10]}"#, "no JSON"]);
    }

    #[test]
    fn lines_are_told_by_the_first_one() {
        let check = |text: &str, expected: Option<Lines>| assert_eq!(kind(text.as_bytes()).unwrap(), expected, "{text}");
        check(RECORDED_LINE, Some(Lines::Recorded));
        check("\u{feff}\n{\"at\":0,\"stream\":\"acc\"}\n[", Some(Lines::Recorded));
        check(PAYLOAD_LINE, Some(Lines::Payloads));
        check(r#"{"stream":"gyr","t":[0],"x":[0],"y":[0],"z":[0]}"#, Some(Lines::Payloads));
        check(r#"{"messageId":0,"payload":[{"name":"accelerometer"}]}"#, Some(Lines::Payloads));
        check(r#"[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]"#, Some(Lines::Payloads));
        check("\"Time (s)\",\"Pressure (hPa)\"", None);
        check("", None);
        let error = format!("{:#}", kind(b"{\n  \"at\": 0\n}").unwrap_err());
        assert!(error.contains(RECORDED_LINE) && error.contains(PAYLOAD_LINE), "{error}");
    }

    #[test]
    fn the_examples_are_what_they_show() {
        let message = read(RECORDED_LINE.as_bytes()).unwrap().remove(0);
        assert_eq!((message.at, message.stream.as_str(), &message.payload[..]), (1.25, "acc", PAYLOAD_LINE.as_bytes()));
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
