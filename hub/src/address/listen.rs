//! Where a door listens, as it is written on the command line and in messwerk.toml.

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Deserializer};

/// Reads an address with its port; what is missing is named, with an example that can be copied.
pub(crate) fn listening(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    text.parse().map_err(|_| {
        let (address, port) = text.rsplit_once(':').unwrap_or((text, ""));
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        match (bare.parse::<IpAddr>(), port.parse::<u16>()) {
            (Ok(ip), _) => format!("{text:?} has no port: write {}", SocketAddr::new(ip, 8080)),
            (_, Ok(port)) if address.is_empty() => format!("{text:?} has no address: write 0.0.0.0:{port}"),
            _ if text.parse::<u16>().is_ok() => format!("{text:?} has no address: write 0.0.0.0:{text}"),
            _ => format!(
                "{text:?} is no address with a port: write it in figures, 0.0.0.0:8080 for all networks of this machine or 127.0.0.1:8080 \
                 for this machine only"
            ),
        }
    })
}

/// A setting that is an address.
pub(crate) fn socket<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    listening(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

/// A setting that may be an address.
pub(crate) fn optional_socket<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
    socket(from).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_an_example() {
        for (text, expected) in [
            ("0.0.0.0", "write 0.0.0.0:8080"),
            ("192.168.1.5", "write 192.168.1.5:8080"),
            ("::", "write [::]:8080"),
            ("[fd00::1]", "write [fd00::1]:8080"),
            ("8080", "write 0.0.0.0:8080"),
            (":18080", "write 0.0.0.0:18080"),
            ("localhost:8080", "in figures"),
            ("hub", "in figures"),
            ("0.0.0.0:99999", "in figures"),
            ("", "in figures"),
        ] {
            let told = listening(text).unwrap_err();
            assert!(told.contains(expected), "{text}: {told}");
            if let Some((_, written)) = expected.split_once("write ") {
                assert!(listening(written).is_ok(), "{written}");
            }
        }
        assert_eq!(listening(" 127.0.0.1:0 ").unwrap(), SocketAddr::from(([127, 0, 0, 1], 0)));
    }
}
