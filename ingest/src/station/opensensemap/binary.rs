//! openSenseMap's binary forms: 12 bytes of the sensor's id and a 32-bit float, little-endian; with times 4 bytes of seconds since 1970
//! behind them, unsigned and little-endian (its API documentation, `application/sbx-bytes` and `-ts`).

use messwerk_lessons::Micros;
use messwerk_lessons::reject::RejectReason;

use super::super::collect::{Collector, Place};
use super::super::{Context, Message, Report, number};
use super::MOST;

pub(in super::super) fn decode(message: &Message<'_>, context: &Context, timed: bool) -> Report {
    let mut collector = Collector::new(message.received);
    let size = if timed { 20 } else { 16 };
    let entries = message.body.chunks_exact(size);
    if message.body.is_empty() {
        return Report::reject(RejectReason::Undecodable, "an empty body");
    }
    if !entries.remainder().is_empty() {
        collector
            .reject(RejectReason::Undecodable, || format!("{} bytes behind the last whole value of {size}", entries.remainder().len()));
    }
    let count = entries.len();
    if count > MOST {
        collector.reject_many(RejectReason::TooLarge, count - MOST, || format!("more than {MOST} values in a request"));
    }
    for entry in entries.take(MOST) {
        let Some((id, rest)) = entry.split_first_chunk::<12>() else { continue };
        let Some((value, rest)) = rest.split_first_chunk::<4>() else { continue };
        let seconds = rest.first_chunk::<4>().map(|seconds| u32::from_le_bytes(*seconds));
        let sensor: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        let Some(known) = context.sensors.get(&sensor) else {
            collector.reject(RejectReason::UnknownStream, || format!("{sensor}: the station's settings know no such sensor"));
            continue;
        };
        if collector.at(seconds.map(|seconds| Micros::from(seconds) * 1_000_000)) {
            // As the device's 32 bits say it in decimals: 21.4 and not 21.399999618530273.
            let value = f32::from_le_bytes(*value);
            let decimal = value.to_string().parse().unwrap_or(f64::from(value));
            let value = if value.is_infinite() { number::Value::NoNumber } else { number::number(decimal) };
            collector.put(Place { channel: known.channel.as_str(), property: known.property, unit: &known.unit }, &sensor, value);
        }
    }
    collector.finish()
}
