//! Reading the log after a start.

use std::path::Path;

use super::{HEADER, MAGIC, frame, numbers, path};
use crate::disk::Disk;
use crate::group::Group;
use crate::{Error, Lsn};

/// What replay found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Replayed {
    /// The last group in the log, or what was asked for as the least.
    pub(crate) lsn: Lsn,
    /// The number for the next file: the log goes on in a new one.
    pub(crate) next: u64,
    /// Bytes of a torn last group that were cut off. They had not been acknowledged.
    pub(crate) torn: u64,
}

/// Hands every frame to `apply` (one frame in the group each time, with its LSN and file number), in order.
///
/// The end of the last file may be torn: a crash while a group was being written. It is cut off there. Damage anywhere
/// else is an error, because acknowledged readings would be missing without a trace.
pub(crate) fn replay(
    disk: &Disk,
    folder: &Path,
    least: Lsn,
    mut apply: impl FnMut(&mut Group, Lsn, u64) -> Result<(), Error>,
) -> Result<Replayed, Error> {
    let mut found = Replayed { lsn: least, next: 1, torn: 0 };
    let files = numbers(folder)?;
    let mut group = Group::default();
    let mut previous: Option<Lsn> = None;
    for (index, &number) in files.iter().enumerate() {
        let file = path(folder, number);
        let last = index + 1 == files.len();
        found.next = number + 1;
        let bytes = std::fs::read(&file)?;
        let damaged = |what: String| Error::Damaged {
            file: file.display().to_string(),
            what: format!("{what}. Readings in it and after it would be missing; restore the file from a copy, or move the folder wal/ away to start without them"),
        };
        let Some(first) = first_group(&bytes, number) else {
            // The header is flushed before the name exists; only an empty last file can lack it.
            if last && bytes.iter().all(|&byte| byte == 0) {
                continue;
            }
            return Err(damaged("its header is not one of this hub".to_owned()));
        };
        if let Some(previous) = previous.filter(|&previous| previous + 1 != first) {
            return Err(damaged(format!("it begins with commit {first}, but the file before it ends with {previous}")));
        }
        let mut position = HEADER;
        let mut seen = first.saturating_sub(1);
        loop {
            match next_body(&bytes[position..]) {
                Next::End => break,
                Next::Body(body) => {
                    group.clear();
                    let Some(lsn) = frame::decode(body, &mut group) else {
                        return Err(damaged(format!("the frame at byte {position} has a right checksum and a wrong content")));
                    };
                    apply(&mut group, lsn, number)?;
                    seen = seen.max(lsn);
                    position += frame::HEAD + body.len();
                }
                Next::Bad if last => {
                    let used = bytes.iter().rposition(|&byte| byte != 0).map_or(0, |end| end + 1);
                    found.torn = (used.saturating_sub(position)).max(1) as u64;
                    tracing::warn!(file = %file.display(), position, bytes = found.torn, "the end of the WAL is torn and was cut off");
                    break;
                }
                Next::Bad => return Err(damaged(format!("the frame at byte {position} has a wrong checksum"))),
            }
        }
        if last {
            // Never write behind a torn end, and let the file no longer be torn when it is not the last any more.
            let file = std::fs::File::options().write(true).open(&file)?;
            file.set_len(position as u64)?;
            disk.sync(&file)?;
        }
        previous = Some(seen);
        found.lsn = found.lsn.max(seen);
    }
    Ok(found)
}

fn first_group(bytes: &[u8], number: u64) -> Option<Lsn> {
    let header = bytes.get(..HEADER)?;
    let (&checked, crc) = header.split_first_chunk::<24>()?;
    let right = crc.starts_with(&crc32fast::hash(&checked).to_le_bytes()) && checked.starts_with(&MAGIC);
    let (_, numbers) = checked.split_first_chunk::<8>()?;
    let (&own, first) = numbers.split_first_chunk::<8>()?;
    let first = first.try_into().ok().map(u64::from_le_bytes)?;
    (right && u64::from_le_bytes(own) == number).then_some(first)
}

enum Next<'a> {
    End,
    Body(&'a [u8]),
    Bad,
}

fn next_body(bytes: &[u8]) -> Next<'_> {
    let Some((head, rest)) = bytes.split_first_chunk::<{ frame::HEAD }>() else {
        return if bytes.iter().all(|&byte| byte == 0) { Next::End } else { Next::Bad };
    };
    let [a, b, c, d, e, f, g, h] = *head;
    let (length, crc) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
    if length == 0 && crc == 0 {
        return Next::End;
    }
    match rest.get(..length as usize) {
        Some(body) if crc32fast::hash(body) == crc => Next::Body(body),
        _ => Next::Bad,
    }
}
