//! The write-ahead log: numbered files of fixed size, zeroed ahead of time, one being written.
//!
//! A file begins with a header (magic, its number, the LSN of its first group, CRC-32) and holds whole group commits,
//! frame after frame; a length of zero is the end. A group never spans two files.

mod frame;
mod replay;

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

pub(crate) use replay::replay;

use crate::Lsn;
use crate::disk::Disk;
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
    if std::fs::metadata(&ready).is_ok_and(|file| file.len() == size) {
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
        let position = HEADER as u64;
        Ok(Self { disk: disk.clone(), folder: folder.to_owned(), size, file, number, position, length, buffer: Vec::new() })
    }

    /// Takes the spare file (or makes one, if none is ready or it is too small) as file `number`.
    ///
    /// The spare is claimed by renaming it, and what is made here has a name of its own: the other thread may be
    /// zeroing the next spare at the same moment.
    fn next_file(disk: &Disk, folder: &Path, size: u64, number: u64, first: Lsn, need: u64) -> std::io::Result<(File, u64)> {
        let claimed = folder.join(format!("{number:08}.tmp"));
        let length = need.max(size);
        let ready = std::fs::rename(spare(folder), &claimed).is_ok() && std::fs::metadata(&claimed)?.len() == length;
        let mut file = if ready { File::options().write(true).open(&claimed)? } else { zeroed(disk, &claimed, length)? };
        file.seek(SeekFrom::Start(0))?;
        disk.write(&mut file, &header(number, first))?;
        disk.sync(&file)?;
        std::fs::rename(&claimed, path(folder, number))?;
        disk.sync_folder(folder)?;
        Ok((file, length))
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
        Ok(())
    }

    /// Changes over to the next file, whose first group will be `lsn` and surely fits.
    pub(crate) fn rotate(&mut self, lsn: Lsn) -> std::io::Result<()> {
        let need = (HEADER + self.buffer.len()) as u64;
        let (file, length) = Self::next_file(&self.disk, &self.folder, self.size, self.number + 1, lsn, need)?;
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
