//! The data folder.
//!
//! ```text
//! hub.lock                              held by the one hub that serves this folder
//! catalogue.sqlite                      lessons, Things, token hashes, inputs, exclusions
//! manifest.json                         names every readable segment and checkpoint; replaced in one step
//! wal/00000007.wal                      frames since the last seal; the highest number is being written
//! wal/spare.tmp                         the next WAL file, zeroed ahead of time
//! damaged/00000007.wal.bin              bytes of a WAL file that could not be read, for whoever looks into it
//! damaged/torn                          the torn end that was cut off last: a commit a crash cut short
//! lessons/{lesson}/{property}-{n}.parquet      a sealed segment
//! lessons/{lesson}/{property}-{n}.1s.parquet   its roll-up in windows of one second
//! lessons/{lesson}/checkpoint-{n}.json         counters and duplicate keys of a lesson at the last seal
//! ```
//!
//! What the manifest does not name is left over from a crash and removed at the next start.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use messwerk_lessons::id::LessonId;
use messwerk_lessons::quantity::ObservedProperty;

use crate::Error;

/// How often, and how far apart, a folder that is taken is tried again: whoever asks whether it is [`in_use`] takes it for an instant.
const TRIES: u32 = 10;
const APART: Duration = Duration::from_millis(10);

/// Whether a hub runs on a data folder just now. What one that crashed has left there says nothing about that: its lock went with it.
pub fn in_use(root: &Path) -> bool {
    File::open(lock_file(root)).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

fn lock_file(root: &Path) -> PathBuf {
    root.join("hub.lock")
}

/// Takes a file's lock, or says after a moment that somebody else has it.
fn take(file: &File) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(APART),
            tried => return tried,
        }
    }
    file.try_lock()
}

/// Paths below a data folder.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    root: PathBuf,
}

/// Makes the folder if it is missing, for the hub's own user alone: it holds what pupils measured, and tokens. A folder that
/// is there keeps the rights it was given.
pub(crate) fn make_private(root: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(root)
}

impl Layout {
    /// Makes the folders that are missing. A folder that cannot be written is [`Error::ReadOnly`].
    pub(crate) fn create(root: &Path) -> Result<Self, Error> {
        let layout = Self { root: root.to_owned() };
        make_private(root).map_err(|error| refused(root, &error))?;
        for folder in [layout.wal(), layout.lessons()] {
            std::fs::create_dir_all(folder).map_err(|error| refused(root, &error))?;
        }
        // Readers of sealed files take no path with `..` in it, and whoever is told of a file wants to find it.
        Ok(Self { root: root.canonicalize().map_err(|error| refused(root, &error))? })
    }

    /// Takes the folder for this process; the lock goes with the returned file, also in a crash.
    pub(crate) fn lock(&self) -> Result<File, Error> {
        let path = lock_file(&self.root);
        let mut file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|error| refused(&self.root, &error))?;
        match take(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::InUse(self.root.display().to_string())),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        // A written byte proves that the folder takes data, not only names.
        file.set_len(0).and_then(|()| file.write_all(b"messwerk\n")).map_err(|error| refused(&self.root, &error))?;
        Ok(file)
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The manifest.
    pub(crate) fn manifest(&self) -> PathBuf {
        self.root.join("manifest.json")
    }

    /// The WAL's folder.
    pub(crate) fn wal(&self) -> PathBuf {
        self.root.join("wal")
    }

    /// The folder for what could not be read.
    pub(crate) fn damaged(&self) -> PathBuf {
        self.root.join("damaged")
    }

    /// The folder of all lessons.
    pub(crate) fn lessons(&self) -> PathBuf {
        self.root.join("lessons")
    }

    /// A lesson's folder.
    pub(crate) fn lesson(&self, lesson: LessonId) -> PathBuf {
        self.lessons().join(lesson.to_string())
    }

    /// A segment's file name.
    pub(crate) fn segment(property: ObservedProperty, number: u64) -> String {
        format!("{}-{number:06}.parquet", property.name())
    }

    /// The file name of a segment's roll-up.
    pub(crate) fn rollup(property: ObservedProperty, number: u64) -> String {
        format!("{}-{number:06}.1s.parquet", property.name())
    }

    /// A checkpoint's file name.
    pub(crate) fn checkpoint(number: u64) -> String {
        format!("checkpoint-{number:06}.json")
    }
}

/// What a folder that refuses a write means to the person who started the hub.
pub(crate) fn refused(root: &Path, error: &io::Error) -> Error {
    let hint = match error.kind() {
        _ if crate::disk::is_out_of_files(error) => "too many files are open; let the hub open more (ulimit -n, LimitNOFILE)",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full; free some space",
        io::ErrorKind::PermissionDenied => "this user may not write there; change its owner or name another --data-dir",
        io::ErrorKind::ReadOnlyFilesystem => "it is mounted read-only; name another --data-dir",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "a file stands where a folder must be; name another --data-dir",
        _ => "check the disk, then start again",
    };
    Error::ReadOnly(format!("{}: {hint} ({error})", root.display()))
}
