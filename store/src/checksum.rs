//! Checksums of sealed files: taken while they are written, kept in the manifest, compared before the first reading after
//! a start.
//!
//! A bit that flips on a disk mostly leaves a Parquet file that can be decoded, with other numbers in it: the writer has no
//! checksums for pages. A whole lesson's file is read in some milliseconds, so its bytes are compared as a whole.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Mutex;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::disk::Disk;
use crate::sync::lock;

/// CRC-32 of a segment's files; `None` for a file of a hub that kept none, and for none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checksums {
    #[serde(default)]
    pub(crate) rows: Option<u32>,
    #[serde(default)]
    pub(crate) rollup: Option<u32>,
}

/// What tells a file from one put in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Its length.
    pub bytes: u64,
    /// Its time of change, where the system keeps one.
    pub changed: Option<SystemTime>,
}

impl Stamp {
    /// As the file is now.
    pub fn of(found: &Metadata) -> Self {
        Self { bytes: found.len(), changed: found.modified().ok() }
    }
}

/// What the last comparison of a file found.
#[derive(Debug, Default)]
pub(crate) struct Compared(Mutex<Option<(Stamp, bool)>>);

impl Compared {
    /// Whether the file has been compared since it was last changed.
    pub(crate) fn is_done(&self, path: &Path) -> bool {
        let Some((stamp, _)) = *lock(&self.0) else { return false };
        std::fs::metadata(path).is_ok_and(|found| Stamp::of(&found) == stamp)
    }

    /// Whether its bytes are those that were written, as last compared; before that nothing speaks against it.
    pub(crate) fn is_intact(&self) -> bool {
        lock(&self.0).is_none_or(|(_, intact)| intact)
    }

    /// Compares its bytes with the checksum, unless that has been done; blocks while it reads. An error says nothing
    /// against its bytes.
    pub(crate) fn compare(&self, disk: &Disk, path: &Path, checksum: u32) -> io::Result<bool> {
        let mut file = disk.open(File::options().read(true), path)?;
        let stamp = Stamp::of(&file.metadata()?);
        if let Some((_, intact)) = lock(&self.0).filter(|(compared, _)| *compared == stamp) {
            return Ok(intact);
        }
        let intact = of(&mut file)? == checksum;
        *lock(&self.0) = Some((stamp, intact));
        Ok(intact)
    }
}

/// The checksum of all that is left to read.
fn of(file: &mut impl Read) -> io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize()),
            Ok(bytes) => hasher.update(&buffer[..bytes]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_compared_once_until_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let (path, disk, compared) = (folder.path().join("file"), Disk::default(), Compared::default());
        assert!(!compared.is_done(&path) && compared.is_intact(), "nothing to compare");
        assert!(compared.compare(&disk, &path, 0).is_err() && compared.is_intact());
        std::fs::write(&path, "readings").unwrap();
        assert!(!compared.is_done(&path));
        let checksum = crc32fast::hash(b"readings");
        assert!(!compared.compare(&disk, &path, checksum + 1).unwrap());
        assert!(compared.is_done(&path) && !compared.is_intact());
        assert!(!compared.compare(&disk, &path, checksum).unwrap(), "as found before");
        std::fs::write(&path, "readings, put back").unwrap();
        assert!(!compared.is_done(&path));
        assert!(compared.compare(&disk, &path, crc32fast::hash(b"readings, put back")).unwrap() && compared.is_intact());
    }
}
