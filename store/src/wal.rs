//! The write-ahead log: numbered files of fixed size, zeroed ahead of time, one being written.
//!
//! A file begins with a header (magic, its number, the LSN of its first group, CRC-32) and holds whole group commits,
//! frame after frame; zeros are the end. A group never spans two files. When the log goes on in the next file, a mark at
//! the end of this one says so, and the manifest says which files there must be at least: no file can vanish unnoticed.

mod damage;
mod frame;
mod replay;

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

pub(crate) use damage::{forget_copies, kept_copies};
pub(crate) use frame::{most_of_readings, most_of_reject};
pub(crate) use replay::{Known, replay};

use crate::Lsn;
use crate::disk::{self, Disk};
use crate::group::Group;

const MAGIC: [u8; 8] = *b"MWWAL\0\0\x01";

/// Bytes of a file's header.
const HEADER: usize = 32;

/// Default size of a WAL file. A preallocated, zeroed file halves the flush (4 KiB appended: p50 0.10 against 0.20 ms when
/// the file grows, measured on ext4), because the flush need not write the file's new length. 16 MiB are half a minute
/// of a whole school, 10 ms to zero in the background, and small enough that a seal gives disk back soon.
pub(crate) const FILE: u64 = 16 << 20;

/// The file being written.
#[derive(Debug)]
pub(crate) struct Wal {
    disk: Disk,
    folder: PathBuf,
    size: u64,
    file: File,
    number: u64,
    position: u64,
    /// Bytes of the file on disk.
    length: u64,
    /// The last group in the file, or before it.
    last: Lsn,
    /// The disk had no room for the next file.
    full: bool,
    buffer: Vec<u8>,
}

/// The path of a numbered file.
fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:08}.wal"))
}

fn spare(folder: &Path) -> PathBuf {
    folder.join("spare.tmp")
}

fn header(number: u64, first: Lsn) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..8].copy_from_slice(&MAGIC);
    header[8..16].copy_from_slice(&number.to_le_bytes());
    header[16..24].copy_from_slice(&first.to_le_bytes());
    let crc = crc32fast::hash(&header[..24]);
    header[24..28].copy_from_slice(&crc.to_le_bytes());
    header
}

/// Zeroes the next file ahead of time, so that changing over costs the writer a rename. On return it is durable.
pub(crate) fn prepare_spare(disk: &Disk, folder: &Path, size: u64) -> std::io::Result<()> {
    let ready = spare(folder);
    if is_spare_ready(folder, size) {
        return Ok(());
    }
    let making = folder.join("zeroing.tmp");
    let written = zeroed(disk, &making, size).and_then(|file| disk.sync(&file)).and_then(|()| std::fs::rename(&making, &ready));
    if written.is_err() {
        // A half-made file on a full disk only takes room; the next attempt makes its own.
        std::fs::remove_file(&making).ok();
    }
    written
}

fn is_spare_ready(folder: &Path, size: u64) -> bool {
    std::fs::metadata(spare(folder)).is_ok_and(|file| file.len() == size)
}

/// Gives the room of the spare file back to a full disk.
pub(crate) fn drop_spare(folder: &Path) {
    // Without one there is nothing to give back.
    std::fs::remove_file(spare(folder)).ok();
}

fn zeroed(disk: &Disk, path: &Path, size: u64) -> std::io::Result<File> {
    static ZEROS: [u8; 1 << 16] = [0; 1 << 16];
    let mut file = disk.create(path)?;
    let mut left = size;
    while left > 0 {
        let chunk = left.min(ZEROS.len() as u64);
        disk.write(&mut file, &ZEROS[..chunk as usize])?;
        left -= chunk;
    }
    Ok(file)
}

impl Wal {
    /// Starts file `number`, whose first group will be `first`. On return the file is durable.
    pub(crate) fn start(disk: &Disk, folder: &Path, size: u64, number: u64, first: Lsn) -> std::io::Result<Self> {
        let (file, length) = Self::next_file(disk, folder, size, number, first, size)?;
        let (position, last) = (HEADER as u64, first.saturating_sub(1));
        let folder = folder.to_owned();
        Ok(Self { disk: disk.clone(), folder, size, file, number, position, length, last, full: false, buffer: Vec::new() })
    }

    /// Takes the spare file (or makes one, if none is ready or it is too small) as file `number`.
    ///
    /// The spare is claimed by renaming it, and what is made here has a name of its own: the other thread may be
    /// zeroing the next spare at the same moment.
    fn next_file(disk: &Disk, folder: &Path, size: u64, number: u64, first: Lsn, need: u64) -> std::io::Result<(File, u64)> {
        let claimed = folder.join(format!("{number:08}.tmp"));
        let length = need.max(size);
        let made = Self::make(disk, folder, &claimed, length, &header(number, first));
        if made.is_err() {
            // A half-made file on a full disk only takes room.
            std::fs::remove_file(&claimed).ok();
        }
        let (file, names) = made?;
        std::fs::rename(&claimed, path(folder, number))?;
        disk.sync_names(&names)?;
        Ok((file, length))
    }

    /// The file under its name of before, and the folder, open: after this nothing of the change-over wants a descriptor,
    /// so a file of the next number that is there is the one written to.
    fn make(disk: &Disk, folder: &Path, claimed: &Path, length: u64, header: &[u8]) -> std::io::Result<(File, Option<File>)> {
        let names = disk.folder(folder)?;
        let ready = std::fs::rename(spare(folder), claimed).is_ok() && std::fs::metadata(claimed)?.len() == length;
        let mut file = if ready { disk.open(File::options().write(true), claimed)? } else { zeroed(disk, claimed, length)? };
        file.seek(SeekFrom::Start(0))?;
        disk.write(&mut file, header)?;
        disk.sync(&file)?;
        Ok((file, names))
    }

    /// Sees to it that a group of at most so many bytes, commit `lsn`, fits. An error leaves the log as it was; of one
    /// that [`passes`] it may be asked again, and costs next to nothing until there is a spare file.
    pub(crate) fn make_room(&mut self, bytes: usize, lsn: Lsn) -> std::io::Result<()> {
        let need = bytes as u64;
        if self.position + need <= self.length {
            return Ok(());
        }
        let spare_would_do = HEADER as u64 + need <= self.size;
        if self.full && spare_would_do && !is_spare_ready(&self.folder, self.size) {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        let changed = self.change_over(lsn, HEADER as u64 + need);
        self.full = changed.as_ref().is_err_and(is_full);
        changed
    }

    /// Writes a group. On return it is durable; after an error nothing may be written to this log again, because what
    /// the kernel did with the bytes is unknown.
    pub(crate) fn append(&mut self, group: &Group, lsn: Lsn) -> std::io::Result<()> {
        self.buffer.clear();
        frame::encode(group, lsn, &mut self.buffer);
        if self.position + self.buffer.len() as u64 > self.length {
            self.rotate(lsn)?;
        }
        self.disk.write(&mut self.file, &self.buffer)?;
        self.disk.sync(&self.file)?;
        self.position += self.buffer.len() as u64;
        self.last = lsn;
        Ok(())
    }

    /// Changes over to the next file, whose first group will be `lsn` and surely fits.
    pub(crate) fn rotate(&mut self, lsn: Lsn) -> std::io::Result<()> {
        self.change_over(lsn, (HEADER + self.buffer.len()) as u64)
    }

    fn change_over(&mut self, lsn: Lsn, need: u64) -> std::io::Result<()> {
        let (file, length) = Self::next_file(&self.disk, &self.folder, self.size, self.number + 1, lsn, need)?;
        let mut mark = Vec::new();
        frame::encode_continued(self.last, &mut mark);
        match self.disk.write(&mut self.file, &mark).and_then(|()| self.disk.sync(&self.file)) {
            // The mark may lie beyond what was allocated. Without it all groups are there all the same, but half of one
            // would look like damage.
            Err(error) if is_full(&error) => self.file.set_len(self.position)?,
            written => written?,
        }
        self.file = file;
        self.number += 1;
        self.position = HEADER as u64;
        self.length = length;
        Ok(())
    }

    /// The number of the file being written.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the file being written holds any group.
    pub(crate) fn is_fresh(&self) -> bool {
        self.position == HEADER as u64
    }
}

/// Whether an error goes away by itself and leaves nothing behind: no room on the disk, no descriptors.
pub(crate) fn passes(error: &std::io::Error) -> bool {
    is_full(error) || disk::is_out_of_files(error)
}

/// Whether an error says that the disk has no room.
pub(crate) fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}

/// The numbers of the files there, ascending.
pub(crate) fn numbers(folder: &Path) -> std::io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        if let Some(number) = name.to_str().and_then(|name| name.strip_suffix(".wal")).and_then(|number| number.parse().ok()) {
            numbers.push(number);
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Removes the files below `number`. On return the removal is durable.
pub(crate) fn remove_below(disk: &Disk, folder: &Path, number: u64) -> std::io::Result<()> {
    let old: Vec<u64> = numbers(folder)?.into_iter().filter(|&old| old < number).collect();
    for old in &old {
        std::fs::remove_file(path(folder, *old))?;
    }
    if old.is_empty() { Ok(()) } else { disk.sync_folder(folder) }
}

/// Bytes of all files.
pub(crate) fn bytes(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

#[cfg(test)]
mod tests;
