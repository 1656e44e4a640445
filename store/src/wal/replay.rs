//! Reading the log after a start.
//!
//! Acknowledged means stored, so nothing readable is given up: bytes that cannot be read are skipped, told, and copied
//! aside, and the frames behind them are kept. A file that is not there at all is an error, because it may only have been
//! moved: whoever starts the hub decides, and can still put it back.

use std::path::Path;

use super::damage::{self, Damage};
use super::{HEADER, MAGIC, frame, numbers, path};
use crate::disk::Disk;
use crate::group::Group;
use crate::{Error, Lsn};

/// What the manifest knows of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Known {
    /// The log went up to this commit at least.
    pub(crate) lsn: Lsn,
    /// The first file that is needed; those before it are not read.
    pub(crate) first: u64,
    /// The last file that was there; below `first` if none is needed.
    pub(crate) last: u64,
}

/// What replay found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replayed {
    /// The last group in the log, or what was asked for as the least.
    pub(crate) lsn: Lsn,
    /// The number for the next file: the log goes on in a new one.
    pub(crate) next: u64,
    /// Bytes of a torn end that were cut off.
    pub(crate) torn: u64,
    /// What an administrator should know of it.
    pub(crate) torn_sentence: Option<String>,
    /// Damaged files, in the order of their numbers.
    pub(crate) damage: Vec<Damage>,
}

/// Hands every frame to `apply` (one frame in the group each time, with its LSN and file number), in order.
///
/// The end of the last file may be torn: a crash while a group was being written. Behind such an end no whole frame
/// follows, and it is cut off and told ([`Tail`]). Everything else that cannot be read is [`Damage`]. Copies of both go to `aside` before
/// anything is cut off.
pub(crate) fn replay(
    disk: &Disk,
    folder: &Path,
    aside: &Path,
    known: Known,
    mut apply: impl FnMut(&mut Group, Lsn, u64) -> Result<(), Error>,
) -> Result<Replayed, Error> {
    let files: Vec<u64> = numbers(folder)?.into_iter().filter(|&number| number >= known.first).collect();
    complete(folder, known, &files)?;
    let next = files.last().copied().unwrap_or(0).max(known.last).max(known.first.saturating_sub(1)) + 1;
    let mut found = Replayed { lsn: known.lsn, next, torn: 0, torn_sentence: None, damage: Vec::new() };
    // The last commit in the file before.
    let mut previous: Option<Lsn> = None;
    for (index, &number) in files.iter().enumerate() {
        let name = path(folder, number);
        let last = index + 1 == files.len();
        let mut file = LogFile { bytes: std::fs::read(&name)?, seen: previous.unwrap_or(0), continued: false, damage: Damage::new(&name) };
        let position = match file.first_group(number) {
            Header::Own(first) => {
                match previous {
                    Some(previous) if first <= previous => {
                        return Err(foreign(&name, &format!("it begins with commit {first}, which is in the file before it")));
                    }
                    Some(previous) if first > previous + 1 => {
                        damage_of(&mut found.damage, &path(folder, number - 1)).lost(previous + 1, first - 1);
                    }
                    _ => {}
                }
                file.seen = first.saturating_sub(1);
                HEADER
            }
            Header::Other(other) => return Err(foreign(&name, &format!("it is a copy of file {other:08}.wal"))),
            Header::Unreadable => {
                let end = HEADER.min(file.bytes.len());
                file.damage.add(&file.bytes, 0..end, file.seen, None);
                end
            }
        };
        let end = file.frames(position, |group, lsn| apply(group, lsn, number))?;
        let used = file.used().max(end);
        let tail = file.tail(end, used);
        let torn = last && file.seen >= known.lsn && tail != Tail::Damaged;
        if used > end && !torn {
            file.damage.add(&file.bytes, end..used, file.seen, None);
        }
        if last && file.seen < known.lsn {
            file.damage.lost(file.seen + 1, known.lsn);
        }
        if last && file.continued {
            return Err(missing(&path(folder, number + 1)));
        }
        file.damage.copy(disk, aside)?;
        if last {
            if used > end && torn {
                found.torn = (used - end) as u64;
                found.torn_sentence = Some(tail.sentence(&name, found.torn, aside));
                damage::keep_torn(disk, aside, &file.bytes[end..used])?;
            }
            // Never write behind a torn end, and let the file no longer be torn when it is not the last any more.
            let file = std::fs::File::options().write(true).open(&name)?;
            file.set_len(end as u64)?;
            disk.sync(&file)?;
        }
        if file.damage.is_some() {
            found.damage.push(file.damage);
        }
        previous = Some(file.seen);
        found.lsn = found.lsn.max(file.seen);
    }
    Ok(found)
}

/// An error if a file is missing between those there and those that must be there.
fn complete(folder: &Path, known: Known, files: &[u64]) -> Result<(), Error> {
    let needed = (known.first > 0).then_some(known.first).into_iter().chain(files.first().copied()).min().unwrap_or(1);
    let last = files.last().copied().unwrap_or(0).max(known.last);
    let gone = (needed..=last).find(|number| files.binary_search(number).is_err());
    gone.map_or(Ok(()), |number| Err(missing(&path(folder, number))))
}

fn missing(file: &Path) -> Error {
    let what = "it is missing, and readings in it are not sealed yet. Put it back from a copy and start again. If it is lost for good, \
                create an empty file of this name: the hub then starts without these readings and keeps all others";
    Error::Damaged { file: file.display().to_string(), what: what.to_owned() }
}

fn foreign(file: &Path, why: &str) -> Error {
    let what = format!(
        "{why}. Put the right one in its place and start again. If that is lost for good, put an empty file in its place: the hub then \
         starts without these readings and keeps all others"
    );
    Error::Damaged { file: file.display().to_string(), what }
}

fn damage_of<'a>(all: &'a mut Vec<Damage>, file: &Path) -> &'a mut Damage {
    let at = all.iter().position(|damage| damage.file == file).unwrap_or_else(|| {
        all.push(Damage::new(file));
        all.len() - 1
    });
    &mut all[at]
}

/// The longest end without a readable head that is taken for one group: four times what a group commit usually takes at
/// most, and far less than a file.
const LONGEST: usize = 4 << 20;

/// What disks write at once: of a frame that was being written, whole sectors are missing.
const SECTOR: usize = 512;

/// What the bytes behind the last whole frame look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    /// The beginning of a frame and then zeros, as a power cut or a killed hub leaves it. It is acknowledged only when it
    /// is on disk whole.
    Unfinished,
    /// A cut file, sectors out of order, noise: most likely a torn commit, too.
    Unknown,
    /// A frame that was written to its end, or more than one group can be.
    Damaged,
}

impl Tail {
    fn sentence(self, file: &Path, bytes: u64, aside: &Path) -> String {
        let file = file.display();
        if self == Self::Unfinished {
            return format!(
                "{bytes} bytes of an unfinished commit at the end of {file} were cut off: normal after a power cut or when the hub was \
                 killed. As long as the disk keeps what it says it has written, nothing acknowledged is missing"
            );
        }
        format!(
            "{bytes} bytes at the end of {file} cannot be read and were cut off. Most likely a power cut left a commit unfinished, but \
             whether it was acknowledged cannot be known: compare the latest readings with their senders. A copy is {}",
            aside.join("torn").display()
        )
    }
}

enum Header {
    /// This file's; the commit of its first group.
    Own(Lsn),
    /// That of another number.
    Other(u64),
    Unreadable,
}

/// A file being read.
struct LogFile {
    bytes: Vec<u8>,
    /// The last commit seen in it, or before it.
    seen: Lsn,
    /// The mark that another file follows was seen.
    continued: bool,
    damage: Damage,
}

impl LogFile {
    /// Where the zeros begin; the last frame may end in some of them.
    fn used(&self) -> usize {
        self.bytes.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1)
    }

    /// What the bytes from the end of the last whole frame to the zeros are.
    fn tail(&self, end: usize, used: usize) -> Tail {
        // A whole frame of an earlier commit is none that was being written, nor one that is missing.
        let bytes = self.bytes.get(end..).unwrap_or_default();
        if used <= end || body_at(bytes, 0).is_some() {
            return Tail::Unknown;
        }
        let sector = (end / SECTOR + 1) * SECTOR;
        if used <= sector && sector < end + frame::HEAD_MOST && sector < self.bytes.len() {
            // Only the sector with the beginning of its head.
            return Tail::Unfinished;
        }
        let fits = |length: &usize| *length > 0 && *length <= bytes.len() - frame::HEAD;
        let stated = bytes.first_chunk::<4>().map(|length| u32::from_le_bytes(*length) as usize);
        let stated = stated.filter(|_| bytes.len() > frame::HEAD);
        let Some(length) = stated.filter(fits).or_else(|| frame::length_of(bytes.get(frame::HEAD..)?).filter(fits)) else {
            return if used - end > LONGEST { Tail::Damaged } else { Tail::Unknown };
        };
        let close = end + frame::HEAD + length;
        let mut starts = std::iter::once(end).chain((sector..close).step_by(SECTOR));
        let empty = |start: &usize| self.bytes[*start..((*start / SECTOR + 1) * SECTOR).min(close)].iter().all(|&byte| byte == 0);
        match starts.find(empty) {
            None => Tail::Damaged,
            Some(start) if used <= start => Tail::Unfinished,
            Some(_) => Tail::Unknown,
        }
    }

    fn first_group(&self, number: u64) -> Header {
        let header = || {
            let header = self.bytes.get(..HEADER)?;
            let (&checked, crc) = header.split_first_chunk::<24>()?;
            let right = crc.starts_with(&crc32fast::hash(&checked).to_le_bytes()) && checked.starts_with(&MAGIC);
            let (_, numbers) = checked.split_first_chunk::<8>()?;
            let (&own, first) = numbers.split_first_chunk::<8>()?;
            let first = first.try_into().ok().map(u64::from_le_bytes)?;
            right.then_some((u64::from_le_bytes(own), first))
        };
        match header() {
            Some((own, first)) if own == number => Header::Own(first),
            Some((other, _)) => Header::Other(other),
            None => Header::Unreadable,
        }
    }

    /// Applies all frames from `position` on; returns where the last one ends.
    fn frames(&mut self, mut position: usize, mut apply: impl FnMut(&mut Group, Lsn) -> Result<(), Error>) -> Result<usize, Error> {
        let mut group = Group::default();
        let used = self.used();
        loop {
            let Some(body) = body_at(&self.bytes, position).filter(|body| frame::lsn_of(body).is_none_or(|lsn| lsn >= self.seen)) else {
                let Some(next) = resume(&self.bytes[..], used, position, self.seen) else { return Ok(position) };
                let after = body_at(&self.bytes, next).and_then(frame::lsn_of);
                self.damage.add(&self.bytes, position..next, self.seen, after);
                position = next;
                continue;
            };
            let end = position + frame::HEAD + body.len();
            if frame::is_continued(body) {
                self.continued = true;
            } else {
                group.clear();
                let Some(lsn) = frame::decode(body, &mut group) else {
                    let what =
                        format!("the frame at byte {position} is of a kind this hub does not know; start the newer hub that made it");
                    return Err(Error::Damaged { file: self.damage.file.display().to_string(), what });
                };
                apply(&mut group, lsn)?;
                self.seen = self.seen.max(lsn);
            }
            position = end;
        }
    }
}

/// The body of the whole frame that begins here. If only its length is damaged, the content tells it.
fn body_at(bytes: &[u8], position: usize) -> Option<&[u8]> {
    let (head, rest) = bytes.get(position..)?.split_first_chunk::<{ frame::HEAD }>()?;
    let [a, b, c, d, e, f, g, h] = *head;
    let (length, crc) = (u32::from_le_bytes([a, b, c, d]) as usize, u32::from_le_bytes([e, f, g, h]));
    let whole = |length: usize| rest.get(..length).filter(|body| !body.is_empty() && crc32fast::hash(body) == crc);
    whole(length).or_else(|| whole(frame::length_of(rest)?))
}

/// Where the next whole frame begins behind one that cannot be read: of a commit not before `seen`, so that old frames
/// in a file used before, if there ever are such files, count as the zeros they should be.
fn resume(bytes: &[u8], used: usize, bad: usize, seen: Lsn) -> Option<usize> {
    let whole = |&at: &usize| {
        let body = || bytes.get(at + frame::HEAD..);
        // By far most places fail here, before any checksum is made.
        let length = body().and_then(frame::length_of)?;
        (body()?.get(..length).and_then(frame::lsn_of)? >= seen && body_at(bytes, at)?.len() == length).then_some(at)
    };
    // Mostly the content is hit and the length is right. Going there first also means that bytes a sender chose are
    // hardly ever searched for frames.
    let length = bytes.get(bad..)?.first_chunk::<4>().map(|length| u32::from_le_bytes(*length) as usize);
    let stated = length.and_then(|length| bad.checked_add(frame::HEAD)?.checked_add(length));
    stated.filter(|&at| at > bad + frame::HEAD).as_ref().and_then(whole).or_else(|| (bad + 1..used).find_map(|at| whole(&at)))
}
