//! phyphox's spellings, as its Android and iOS sources write them.

use std::fmt::Write as _;

use super::{Message, Rows, SenderTime};

const COMPONENTS: [&str; 3] = ["X", "Y", "Z"];

/// `{"gyr_time":[…],"gyrX":[…],…,"clock":{"now":…,"events":[…]}}` for any number of streams. A missing value is `null`.
pub(super) fn json(all: &[Rows<'_>], clock: SenderTime) -> String {
    let mut out = String::from("{");
    for rows in all {
        for (name, cells) in columns(rows) {
            let cells = cells.join(",");
            let _ = write!(out, r#""{name}":[{cells}],"#);
        }
    }
    if let Some(start) = clock.start {
        let start = decimal(start);
        let _ = write!(
            out,
            r#""clock":{{"now":{},"events":[{{"event":"START","experimentTime":0,"systemTime":{start}}}]}},"#,
            decimal(clock.now)
        );
    }
    // An identifier no hub may store: it is what phones send.
    out.push_str(r#""id":"5f4dcc3b5aa765d61d8327deb882cf99"}"#);
    out
}

/// One message per column, the column's name being the last level of the topic.
pub(super) fn csv(rows: &Rows<'_>) -> Vec<Message> {
    columns(rows).map(|(name, cells)| Message { level: name, body: cells.join(",").into() }).collect()
}

/// The columns under phyphox's names, time first.
fn columns<'a>(rows: &'a Rows<'_>) -> impl Iterator<Item = (String, Vec<String>)> + 'a {
    let (stream, range) = (rows.stream, rows.rows.clone());
    let name = stream.property().stream();
    let time = stream.time()[range.clone()].iter().map(|&us| decimal(us as f64 / 1e6)).collect();
    let values = stream.values().iter().zip(COMPONENTS).take(stream.property().components()).map(move |(column, component)| {
        let suffix = if stream.property().is_vector() { component } else { "" };
        (format!("{name}{suffix}"), column[range.clone()].iter().map(|&value| cell(value)).collect())
    });
    std::iter::once((format!("{name}_time"), time)).chain(values)
}

/// Android writes 3.0 as `3` and small numbers as `1.0E-4`.
fn cell(value: f32) -> String {
    if !value.is_finite() {
        "null".to_owned()
    } else if value != 0.0 && value.abs() < 1e-3 {
        let text = format!("{value:E}");
        if text.contains('.') { text } else { text.replacen('E', ".0E", 1) }
    } else {
        value.to_string()
    }
}

/// Seconds with at most six decimals.
fn decimal(seconds: f64) -> String {
    let text = format!("{seconds:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
