//! What could not be read of the log: counted, copied aside, told.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::frame;
use crate::disk::Disk;
use crate::group::Group;
use crate::{Error, Lsn};

/// Bytes copied aside of one file at most: enough to look into, and no second log.
const COPY: usize = 1 << 20;

/// Copies kept at most. More damaged files than this are a broken disk, of which copies on it are of no use.
const COPIES: usize = 64;

/// Frames described in a sentence.
const DESCRIBED: usize = 3;

/// The unreadable places of one WAL file. What lies before, between and behind them was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Damage {
    /// The file.
    pub(crate) file: PathBuf,
    /// How many places.
    pub(crate) places: u64,
    /// The byte at which the first begins.
    pub(crate) first: usize,
    /// Where the last one ends.
    end: usize,
    /// Bytes of all places.
    pub(crate) bytes: u64,
    /// The first and the last commit of which something may be missing.
    pub(crate) commits: (Lsn, Lsn),
    /// What the damaged frames seem to hold; their checksums are wrong, so this is a hint.
    seems: Vec<String>,
    copied: Vec<u8>,
    aside: Option<PathBuf>,
}

impl Damage {
    /// No place yet.
    pub(super) fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            places: 0,
            first: 0,
            end: 0,
            bytes: 0,
            commits: (Lsn::MAX, 0),
            seems: Vec::new(),
            copied: Vec::new(),
            aside: None,
        }
    }

    /// Adds bytes of the file that cannot be read, between the commits `before` and `after` (where that is known).
    pub(super) fn add(&mut self, content: &[u8], place: Range<usize>, before: Lsn, after: Option<Lsn>) {
        if self.places == 0 {
            self.first = place.start;
        }
        if self.places == 0 || self.end != place.start {
            self.places += 1;
        }
        self.end = place.end;
        self.bytes += place.len() as u64;
        // Part of the commit before may be missing, too: a commit is several frames.
        self.lost(before.max(1), after.unwrap_or(before.saturating_add(1)));
        let bytes = &content[place];
        self.copied.extend_from_slice(&bytes[..bytes.len().min(COPY - self.copied.len())]);
        if self.seems.len() < DESCRIBED {
            self.seems.extend(describe(bytes));
        }
    }

    /// Widens the range of commits of which something may be missing.
    pub(super) fn lost(&mut self, from: Lsn, to: Lsn) {
        self.commits = (self.commits.0.min(from), self.commits.1.max(to));
    }

    /// Whether anything is missing.
    pub(super) fn is_some(&self) -> bool {
        self.commits.0 <= self.commits.1
    }

    /// Copies the bytes to the folder `aside`. On return the copy is durable.
    pub(super) fn copy(&mut self, disk: &Disk, aside: &Path) -> std::io::Result<()> {
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let copy = aside.join(format!("{name}.bin"));
        if self.copied.is_empty() || (!copy.exists() && kept_copies(aside).len() >= COPIES) {
            return Ok(());
        }
        std::fs::create_dir_all(aside)?;
        disk.replace(&copy, &std::mem::take(&mut self.copied))?;
        self.aside = Some(copy);
        Ok(())
    }

    /// What an administrator should know.
    pub(crate) fn sentence(&self) -> String {
        let file = self.file.display();
        let found = match (self.places, self.bytes) {
            (0, _) => format!("{file} ends too early"),
            (_, 0) => format!("{file} is empty"),
            (1, bytes) => format!("{file} is damaged at byte {}: {bytes} bytes cannot be read", self.first),
            (places, bytes) => {
                format!("{file} is damaged: {bytes} bytes in {places} places, the first at byte {}, cannot be read", self.first)
            }
        };
        let seems = if self.seems.is_empty() { String::new() } else { format!(" (it seems: {})", self.seems.join("; ")) };
        let copy = self.aside.as_ref().map_or_else(String::new, |copy| format!(" The damaged bytes are copied to {}.", copy.display()));
        let (from, to) = self.commits;
        // Of a file without a byte nobody knows how far it went.
        let least = if self.places > 0 && self.bytes == 0 { "at least " } else { "" };
        format!(
            "{found}{seems}; of the commits {from} to {least}{to} readings not yet sealed are missing, all others were kept.{copy} Check the \
             disk; what is missing comes back only if its senders send it again or with a copy of the whole data folder"
        )
    }
}

/// What the frame seems to hold, if these bytes are just one that decodes in spite of its checksum.
fn describe(bytes: &[u8]) -> Option<String> {
    let body = bytes.get(frame::HEAD..)?;
    let mut group = Group::default();
    frame::decode(body, &mut group)?;
    let readings = group.frames.first().map(|frame| {
        let stream = frame.stream;
        format!("{} {} readings of Thing {} in lesson {}", frame.rows.len(), stream.property.name(), stream.thing, stream.lesson)
    });
    readings.or_else(|| group.rejects.first().map(|reject| format!("a Reject of Thing {} in lesson {}", reject.thing, reject.lesson)))
}

/// Keeps the bytes of a torn end, in place of those of the last one: nobody was promised them, but nothing is cut off
/// without a copy. On return the copy is durable.
pub(super) fn keep_torn(disk: &Disk, aside: &Path, bytes: &[u8]) -> Result<(), Error> {
    std::fs::create_dir_all(aside)?;
    Ok(disk.replace(&aside.join("torn"), &bytes[..bytes.len().min(COPY)])?)
}

/// The copies of damaged bytes that nobody has removed yet, by name.
pub(crate) fn kept_copies(aside: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(aside).into_iter().flatten().flatten().map(|file| file.path());
    let mut copies: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|extension| extension == "bin")).collect();
    copies.sort_unstable();
    copies
}

/// Removes all copies: whose bytes they hold cannot be told, and somebody is to be erased. On return they are gone.
pub(crate) fn forget_copies(disk: &Disk, aside: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(aside) {
        Ok(()) => aside.parent().map_or(Ok(()), |root| disk.sync_folder(root)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
