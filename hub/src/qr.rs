//! QR codes as SVG: joining, the experiment for phyphox, the Wi-Fi.

use std::fmt::Write as _;

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;
use serde::Deserialize;

/// `[wifi]` of messwerk.toml: the network of which the board shows a code.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WifiConfig {
    /// Its name; without one there is no code.
    pub ssid: String,
    /// Its password (WPA); empty for an open network.
    pub password: String,
    /// Whether it hides its name.
    pub hidden: bool,
}

impl WifiConfig {
    /// What cameras read, if a network is configured.
    pub fn text(&self) -> Option<String> {
        if self.ssid.is_empty() {
            return None;
        }
        let ssid = escaped(&self.ssid);
        let key = match self.password.as_str() {
            "" => "T:nopass;".to_owned(),
            password => format!("T:WPA;P:{};", escaped(password)),
        };
        Some(format!("WIFI:S:{ssid};{key}{};", if self.hidden { "H:true;" } else { "" }))
    }
}

/// A backslash before what has a meaning of its own.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if ['\\', ';', ',', ':', '"'].contains(&character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Modules of light around the code: with fewer, cameras do not find it (ISO/IEC 18004).
const QUIET: usize = 4;

/// How a code looks. It is dark on light in both: many cameras do not read the opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Black on white.
    #[default]
    Light,
    /// Less glaring on a dark board.
    Dark,
}

/// A code of a text, with medium error correction and a name for those who do not see it. `None` for a text of more than two
/// thousand characters, which no camera would read off a wall.
pub fn svg(text: &str, title: &str, theme: Theme) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let whole = code.size + 2 * QUIET;
    let (dark, light) = match theme {
        Theme::Light => ("#000000", "#ffffff"),
        Theme::Dark => ("#111111", "#e8e8e8"),
    };
    let mut path = String::new();
    for row in 0..code.size {
        let mut column = 0;
        while column < code.size {
            let run = (column..code.size).take_while(|&column| code[row][column].value()).count();
            if run > 0 {
                // Writing to a String does not fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", column + QUIET, row + QUIET);
            }
            column += run.max(1);
        }
    }
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" role=\"img\" shape-rendering=\"crispEdges\">\
         <title>{title}</title><path fill=\"{light}\" d=\"M0 0h{whole}v{whole}h-{whole}z\"/><path fill=\"{dark}\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_networks_name_and_password_are_escaped() {
        let check = |ssid: &str, password: &str, hidden, expected: Option<&str>| {
            let wifi = WifiConfig { ssid: ssid.to_owned(), password: password.to_owned(), hidden };
            assert_eq!(wifi.text().as_deref(), expected);
        };
        check("", "", false, None);
        check("Schule", "geheim", false, Some("WIFI:S:Schule;T:WPA;P:geheim;;"));
        check("Gäste", "", false, Some("WIFI:S:Gäste;T:nopass;;"));
        check("a;b:c", "x\\y,\"z\"", true, Some("WIFI:S:a\\;b\\:c;T:WPA;P:x\\\\y\\,\\\"z\\\";H:true;;"));
    }

    #[test]
    fn a_code_has_a_quiet_zone_and_a_name() {
        let svg = svg("http://192.168.1.5:8080/j#t=abc", "Join <now> & here", Theme::Light).unwrap();
        assert!(svg.contains("role=\"img\"") && svg.contains("<title>Join &lt;now&gt; &amp; here</title>"), "{svg}");
        // The finder pattern's upper edge: seven dark modules behind four light ones.
        assert!(svg.contains("M4 4h7v1h-7z"), "{svg}");
        assert!(!svg.contains("M3 ") && !svg.contains("M0 3"), "{svg}");
        assert_eq!(super::svg(&"x".repeat(4000), "too long", Theme::Dark), None);
    }
}
