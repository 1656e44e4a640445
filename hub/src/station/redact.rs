//! What arrived, for looking at: without passwords, keys and what names a device.

use messwerk_ingest::station::{is_secret, is_secret_in_form};
use serde_json::Value;

/// What stands in the place of what is taken out.
const TAKEN: &str = "[taken out]";
/// Bytes beyond which no payload is looked through: it is cut off long before.
const MOST: usize = 64 * 1024;

/// A query or form without what authorises.
pub fn form(text: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if is_secret_in_form(name.trim()) => format!("{name}={TAKEN}"),
        _ => pair.to_owned(),
    };
    text.split('&').map(pair).collect::<Vec<_>>().join("&")
}

/// A payload without what authorises: JSON by its names, a form by its names, anything else as it is.
pub fn payload(bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.get(..MOST).unwrap_or(bytes);
    if let Ok(mut value) = serde_json::from_slice::<Value>(bytes) {
        // Written again only where something was taken out: a teacher is to see what was sent.
        return if take_out(&mut value) { value.to_string().into_bytes() } else { bytes.to_vec() };
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('=') && !text.trim_start().starts_with(['{', '[']) => form(text).into_bytes(),
        _ => bytes.to_vec(),
    }
}

/// Takes out what is to be taken out; whether there was anything. serde_json bounds how deep a document goes.
fn take_out(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut any = false;
            for (name, member) in members {
                if is_secret(name) {
                    *member = Value::String(TAKEN.to_owned());
                    any = true;
                } else {
                    any |= take_out(member);
                }
            }
            any
        }
        Value::Array(items) => {
            let mut any = false;
            for item in items {
                any |= take_out(item);
            }
            any
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_authorises_is_taken_out_and_the_rest_stays() {
        let check = |sent: &str, kept: &str| assert_eq!(String::from_utf8(payload(sent.as_bytes())).unwrap(), kept);
        check("PASSKEY=3427&tempf=70.3", "PASSKEY=[taken out]&tempf=70.3");
        check("ID=KX&PASSWORD=secret&tempf=43.3", "ID=[taken out]&PASSWORD=[taken out]&tempf=43.3");
        check("{\"model\":\"Nexus-TH\",\"id\":42}", "{\"model\":\"Nexus-TH\",\"id\":42}");
        check("{\"a\":[{\"mac\":\"00:11\",\"t\":1}]}", "{\"a\":[{\"mac\":\"[taken out]\",\"t\":1}]}");
        check("21.5", "21.5");
        check("", "");
        assert_eq!(payload(&[0xff, 0x3d]), [0xff, 0x3d]);
    }
}
