//! Frames on disk, little endian:
//!
//! ```text
//! u32 length of the body | u32 CRC-32 of the body | body
//! body: u8 kind | u8 property or reason | u8 layout bits | u8 0 | u32 rows or count | u64 LSN | u64 lesson | u64 thing
//!       i64 received | then by kind
//! kind 1, readings: u32 run | u32 thinned | i64 offset | [u64 boot | u64 sequence] | i64 first time
//!       times − first time: rows × i32 (or i64) | flags: one u16 (or rows × u16) | x: rows × f32 | [y | z]
//! kind 2, Reject:   u16 length | detail in UTF-8
//! kind 3, the log goes on in the next file: nothing more; all else but the LSN is 0
//! ```
//!
//! Binary columns, not the sender's JSON: a third of the bytes, and replay runs at the speed of the disk.

use messwerk_lessons::id::{LessonId, ThingId};
use messwerk_lessons::observation::BatchKey;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::reject::{Reject, RejectReason};

use crate::Lsn;
use crate::group::{Frame, Group, RejectFrame, StreamId};

const READINGS: u8 = 1;
const REJECT: u8 = 2;
const CONTINUED: u8 = 3;

/// The batch is numbered by its sender.
const KEYED: u8 = 1;
/// All times lie within ±35 minutes of the first and take 32 bits.
const NARROW: u8 = 1 << 1;
/// All rows have the same flags.
const ONE_FLAG: u8 = 1 << 2;

/// Bytes before the body.
pub(crate) const HEAD: usize = 8;

/// Bytes every body begins with, up to the time of arrival.
const COMMON: usize = 40;

/// Bytes of a frame that tell its length at most: a Reject's stands last, before its detail.
pub(super) const HEAD_MOST: usize = HEAD + COMMON + 2;

/// Bytes of a frame of readings beside its rows: run, thinned, offset, key, first time.
const READINGS_BESIDE: usize = 40;

/// Bytes of a reading at most: time 8, flags 2, three components of 4.
const ROW_MOST: usize = 22;

/// Bytes a batch of so many readings takes at most.
pub(crate) fn most_of_readings(rows: usize) -> usize {
    HEAD + COMMON + READINGS_BESIDE + 2 + rows * ROW_MOST
}

/// Bytes a Reject with so long a detail takes at most.
pub(crate) fn most_of_reject(detail: usize) -> usize {
    HEAD + COMMON + 2 + detail.min(usize::from(u16::MAX))
}

/// Writes all frames of a group.
pub(super) fn encode(group: &Group, lsn: Lsn, out: &mut Vec<u8>) {
    for frame in &group.frames {
        let start = begin(out);
        readings(group, frame, lsn, out);
        finish(out, start);
    }
    for reject in &group.rejects {
        let start = begin(out);
        rejected(reject, lsn, out);
        finish(out, start);
    }
}

fn begin(out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&[0; HEAD]);
    start
}

fn finish(out: &mut [u8], start: usize) {
    let length = (out.len() - start - HEAD) as u32;
    let crc = crc32fast::hash(&out[start + HEAD..]);
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    out[start + 4..start + HEAD].copy_from_slice(&crc.to_le_bytes());
}

fn readings(group: &Group, frame: &Frame, lsn: Lsn, out: &mut Vec<u8>) {
    let rows = frame.rows.clone();
    let (times, flags) = (&group.time[rows.clone()], &group.flags[rows.clone()]);
    let first = times.first().copied().unwrap_or(0);
    let narrow = times.iter().all(|&time| i32::try_from(time.wrapping_sub(first)).is_ok());
    let one_flag = flags.iter().all(|&bits| Some(&bits) == flags.first());
    let bits = if frame.key.is_some() { KEYED } else { 0 } | if narrow { NARROW } else { 0 } | if one_flag { ONE_FLAG } else { 0 };
    out.extend_from_slice(&[READINGS, frame.stream.property.code(), bits, 0]);
    out.extend_from_slice(&(times.len() as u32).to_le_bytes());
    for number in [lsn, frame.stream.lesson.0, frame.stream.thing.0, frame.received.cast_unsigned()] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out.extend_from_slice(&frame.run.to_le_bytes());
    out.extend_from_slice(&frame.thinned.to_le_bytes());
    out.extend_from_slice(&frame.offset.to_le_bytes());
    if let Some(key) = frame.key {
        out.extend_from_slice(&key.boot.to_le_bytes());
        out.extend_from_slice(&key.sequence.to_le_bytes());
    }
    out.extend_from_slice(&first.to_le_bytes());
    for time in times {
        let since = time.wrapping_sub(first);
        if narrow { out.extend_from_slice(&(since as i32).to_le_bytes()) } else { out.extend_from_slice(&since.to_le_bytes()) }
    }
    for bits in &flags[..if one_flag { flags.len().min(1) } else { flags.len() }] {
        out.extend_from_slice(&bits.to_le_bytes());
    }
    for column in &group.values[..frame.stream.property.components()] {
        for value in &column[rows.clone()] {
            out.extend_from_slice(&value.to_le_bytes());
        }
    }
}

fn rejected(frame: &RejectFrame, lsn: Lsn, out: &mut Vec<u8>) {
    out.extend_from_slice(&[REJECT, frame.reject.reason.code(), 0, 0]);
    out.extend_from_slice(&frame.reject.count.to_le_bytes());
    for number in [lsn, frame.lesson.0, frame.thing.0, frame.received.cast_unsigned()] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    let detail = &frame.reject.detail.as_bytes()[..frame.reject.detail.floor_char_boundary(usize::from(u16::MAX))];
    out.extend_from_slice(&(detail.len() as u16).to_le_bytes());
    out.extend_from_slice(detail);
}

/// Writes the mark that another file follows; `lsn` is the last commit of this one.
pub(super) fn encode_continued(lsn: Lsn, out: &mut Vec<u8>) {
    let start = begin(out);
    out.extend_from_slice(&[CONTINUED, 0, 0, 0, 0, 0, 0, 0]);
    out.extend_from_slice(&lsn.to_le_bytes());
    out.resize(start + HEAD + COMMON, 0);
    finish(out, start);
}

/// Whether a body is the mark that another file follows.
pub(super) fn is_continued(body: &[u8]) -> bool {
    body.first() == Some(&CONTINUED) && body.len() == COMMON
}

/// The commit a body belongs to.
pub(super) fn lsn_of(body: &[u8]) -> Option<Lsn> {
    let mut input = Input(body);
    input.take(8)?;
    input.array().map(u64::from_le_bytes)
}

/// The length of the body that begins here, by what it says of itself; `None` if no body we write begins so. Finds a
/// frame again behind damage, and tells the length where only the length is damaged.
pub(super) fn length_of(bytes: &[u8]) -> Option<usize> {
    let mut input = Input(bytes);
    let [kind, code, bits, zero] = input.array::<4>()?;
    let count = u32::from_le_bytes(input.array()?) as usize;
    match kind {
        _ if zero != 0 => None,
        READINGS => {
            let components = ObservedProperty::from_code(code)?.components();
            let time = if bits & NARROW == 0 { 8 } else { 4 };
            let flags = 2 * if bits & ONE_FLAG == 0 { count } else { count.min(1) };
            let key = if bits & KEYED == 0 { 0 } else { 16 };
            Some(COMMON + READINGS_BESIDE - 16 + key + flags + count.saturating_mul(time + 4 * components))
        }
        REJECT => {
            RejectReason::from_code(code)?;
            input.take(COMMON - 8)?;
            Some(COMMON + 2 + usize::from(u16::from_le_bytes(input.array()?)))
        }
        CONTINUED => Some(COMMON),
        _ => None,
    }
}

/// Reads one body into the group and returns its LSN; `None` if it is not one we wrote. Slots are left 0: only the
/// intake knows them.
pub(super) fn decode(body: &[u8], group: &mut Group) -> Option<Lsn> {
    let mut input = Input(body);
    let [kind, code, bits, _] = input.array::<4>()?;
    let count = u32::from_le_bytes(input.array()?);
    let lsn = u64::from_le_bytes(input.array()?);
    let lesson = LessonId(u64::from_le_bytes(input.array()?));
    let thing = ThingId(u64::from_le_bytes(input.array()?));
    let received = i64::from_le_bytes(input.array()?);
    match kind {
        READINGS => {
            let stream = StreamId { lesson, thing, property: ObservedProperty::from_code(code)? };
            let run = u32::from_le_bytes(input.array()?);
            let thinned = u32::from_le_bytes(input.array()?);
            let offset = i64::from_le_bytes(input.array()?);
            let key = if bits & KEYED == 0 {
                None
            } else {
                Some(BatchKey { boot: u64::from_le_bytes(input.array()?), sequence: u64::from_le_bytes(input.array()?) })
            };
            let start = group.rows();
            columns(&mut input, count as usize, bits, stream.property.components(), group)?;
            group.frames.push(Frame { stream, slot: 0, run, thinned, received, offset, key, rows: start..group.rows() });
        }
        REJECT => {
            let length = u16::from_le_bytes(input.array()?);
            let detail = std::str::from_utf8(input.take(usize::from(length))?).ok()?.to_owned();
            let reject = Reject { reason: RejectReason::from_code(code)?, count, detail };
            group.rejects.push(RejectFrame { lesson, thing, received, reject });
        }
        _ => return None,
    }
    input.0.is_empty().then_some(lsn)
}

fn columns(input: &mut Input<'_>, rows: usize, bits: u8, components: usize, group: &mut Group) -> Option<()> {
    let first = i64::from_le_bytes(input.array()?);
    for _ in 0..rows {
        let since = if bits & NARROW == 0 { i64::from_le_bytes(input.array()?) } else { i64::from(i32::from_le_bytes(input.array()?)) };
        group.time.push(first.wrapping_add(since));
    }
    if bits & ONE_FLAG == 0 {
        for _ in 0..rows {
            group.flags.push(u16::from_le_bytes(input.array()?));
        }
    } else if rows > 0 {
        let flags = u16::from_le_bytes(input.array()?);
        group.flags.resize(group.flags.len() + rows, flags);
    }
    for column in &mut group.values[..components] {
        for _ in 0..rows {
            column.push(f32::from_le_bytes(input.array()?));
        }
    }
    for column in &mut group.values[components..] {
        column.resize(column.len() + rows, 0.0);
    }
    Some(())
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }
}

#[cfg(test)]
mod tests;
