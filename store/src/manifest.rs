//! `manifest.json`: the one file that says which others count. Replaced in one step (written aside, flushed, renamed).

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use messwerk_lessons::Micros;
use messwerk_lessons::id::{LessonId, ThingId};
use serde::{Deserialize, Serialize};

use crate::checksum::Checksums;
use crate::disk::Disk;
use crate::layout::Layout;
use crate::{Error, Lsn};

const VERSION: u32 = 1;

/// A segment as the manifest names it; file names are below the lesson's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentEntry {
    pub(crate) lesson: LessonId,
    pub(crate) property: u8,
    pub(crate) file: String,
    pub(crate) rollup: Option<String>,
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
    pub(crate) time: (Micros, Micros),
    pub(crate) things: Vec<ThingId>,
    #[serde(default)]
    pub(crate) rollup_in_order: bool,
    #[serde(default)]
    pub(crate) checksums: Checksums,
}

/// Up to which commit the rows of a lesson and property are in segments: replay leaves them out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SealedEntry {
    pub(crate) lesson: LessonId,
    pub(crate) property: u8,
    pub(crate) lsn: Lsn,
}

/// The checkpoint of a lesson and its commit: replay leaves out what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CheckpointEntry {
    pub(crate) lesson: LessonId,
    pub(crate) file: String,
    pub(crate) lsn: Lsn,
}

/// The content of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    version: u32,
    /// The last commit when it was written; numbers go on above it although the WAL may be empty.
    pub(crate) lsn: Lsn,
    /// The first WAL file that is needed: those before it hold nothing that is not sealed. 0 if a hub that did not keep
    /// it wrote the manifest.
    #[serde(default)]
    pub(crate) wal_first: u64,
    /// The last WAL file there was; below `wal_first` if none is needed.
    #[serde(default)]
    pub(crate) wal_last: u64,
    /// The next number for a file name.
    pub(crate) next: u64,
    pub(crate) segments: Vec<SegmentEntry>,
    pub(crate) sealed: Vec<SealedEntry>,
    pub(crate) checkpoints: Vec<CheckpointEntry>,
}

impl Manifest {
    /// Reads the manifest of a data folder, or begins one for a new folder. A folder that has data but no manifest is
    /// damaged: taking it for new would sweep all of it away.
    pub(crate) fn begin(layout: &Layout, disk: &Disk) -> Result<Self, Error> {
        if layout.manifest().exists() {
            return Self::read(layout);
        }
        for folder in [layout.lessons(), layout.wal()] {
            if std::fs::read_dir(&folder)?.next().is_some() {
                let what = format!("it is missing, though {} holds data; restore it from a copy of the data folder", folder.display());
                return Err(Error::Damaged { file: layout.manifest().display().to_string(), what });
            }
        }
        let manifest = Self { version: VERSION, next: 1, ..Self::default() };
        manifest.write(disk, layout)?;
        Ok(manifest)
    }

    /// Reads the manifest; an empty one for a new folder.
    pub(crate) fn read(layout: &Layout) -> Result<Self, Error> {
        let path = layout.manifest();
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self { version: VERSION, next: 1, ..Self::default() }),
            Err(error) => return Err(error.into()),
        };
        let damaged = |what: String| Error::Damaged { file: path.display().to_string(), what };
        let manifest: Self = serde_json::from_slice(&bytes)
            .map_err(|error| damaged(format!("it cannot be read ({error}); restore it from a copy of the data folder")))?;
        if manifest.version != VERSION {
            return Err(damaged(format!(
                "it has version {}, this hub knows version {VERSION}; start the newer hub that made it",
                manifest.version
            )));
        }
        Ok(manifest)
    }

    /// On return the manifest is durable and the one that counts.
    pub(crate) fn write(&self, disk: &Disk, layout: &Layout) -> Result<(), Error> {
        let bytes = serde_json::to_vec(self).map_err(std::io::Error::from)?;
        Ok(disk.replace(&layout.manifest(), &bytes)?)
    }

    /// A number no file has.
    pub(crate) fn number(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        number
    }

    /// Removes what the manifest does not name: files a crash left half-made or not yet removed.
    pub(crate) fn sweep(&self, layout: &Layout) -> Result<(), Error> {
        let mut named: HashSet<PathBuf> = HashSet::new();
        for segment in &self.segments {
            let folder = layout.lesson(segment.lesson);
            named.extend(segment.rollup.iter().chain([&segment.file]).map(|file| folder.join(file)));
        }
        named.extend(self.checkpoints.iter().map(|checkpoint| layout.lesson(checkpoint.lesson).join(&checkpoint.file)));
        for folder in std::fs::read_dir(layout.lessons())? {
            sweep_folder(&folder?.path(), &named)?;
        }
        Ok(())
    }
}

fn sweep_folder(folder: &Path, named: &HashSet<PathBuf>) -> Result<(), Error> {
    let mut left = false;
    for file in std::fs::read_dir(folder)? {
        let file = file?.path();
        let ours = file.extension().is_some_and(|extension| extension == "parquet" || extension == "tmp" || extension == "json");
        if ours && !named.contains(&file) {
            tracing::debug!(file = %file.display(), "removed: the manifest does not name it");
            std::fs::remove_file(&file)?;
        } else {
            left = true;
        }
    }
    if !left {
        std::fs::remove_dir(folder)?;
    }
    Ok(())
}
