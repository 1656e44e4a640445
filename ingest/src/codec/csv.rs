//! phyphox mqtt/csv: one message per `<send>`, its topic the send id, its body the values of one column: `0.1,0.2,null`,
//! a single number, or nothing at all from an Android phone with an empty buffer.
//!
//! A message alone is no reading; the pipeline joins the columns of a Thing.

use messwerk_lessons::reject::RejectReason;

use super::field::Field;
use super::rejects::shown;
use super::{Column, Decoded};

pub(super) fn decode(stream: &str, payload: &[u8]) -> Decoded {
    let Some(values) = column(payload) else {
        return Decoded::reject(RejectReason::Undecodable, "neither JSON nor a batch nor numbers with commas between them");
    };
    match Field::of(stream) {
        field @ (Field::Time(_) | Field::Component(Some(_), _) | Field::Scalar(_)) => {
            Decoded { column: Some(Column { field, values }), ..Decoded::default() }
        }
        Field::Identifier => Decoded { dropped: 1, ..Decoded::default() },
        _ if values.is_empty() => Decoded::reject(RejectReason::Undecodable, "an empty packet"),
        _ => Decoded::reject(
            RejectReason::UnknownStream,
            format!("no stream has a column {}: name it accX, acc_time or the like (or publish JSON to in/TOKEN/acc)", shown(stream)),
        ),
    }
}

/// The values; `None` if there is something else among them. phyphox writes not-a-number as `null`, `NaN` or `∞`.
fn column(payload: &[u8]) -> Option<Vec<f64>> {
    let text = std::str::from_utf8(payload).ok()?.trim();
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(',')
        .map(|cell| match cell.trim() {
            "null" | "" | "∞" | "-∞" => Some(f64::NAN),
            cell => cell.parse().ok(),
        })
        .collect()
}
