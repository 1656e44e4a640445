//! Every write to the data folder outside SQLite passes here, and every opening of a sealed file: one place for
//! durability, and for the tests' full disk.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// The way to the disk. In tests it can run full, refuse to flush or have no file descriptors left.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    #[cfg(test)]
    pub(crate) faults: std::sync::Arc<faults::Faults>,
}

impl Disk {
    /// Creates a file, or empties the one there.
    pub(crate) fn create(&self, path: &Path) -> io::Result<File> {
        #[cfg(test)]
        self.faults.take_room(0).and_then(|()| self.faults.take_descriptor())?;
        File::create(path)
    }

    /// Opens a file that is there.
    pub(crate) fn open(&self, how: &OpenOptions, path: &Path) -> io::Result<File> {
        #[cfg(test)]
        self.faults.take_descriptor()?;
        how.open(path)
    }

    /// Writes all bytes at the file's position. Not durable.
    pub(crate) fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        #[cfg(test)]
        self.faults.take_room(bytes.len())?;
        file.write_all(bytes)
    }

    /// On return the file's bytes are durable (fdatasync).
    pub(crate) fn sync(&self, file: &File) -> io::Result<()> {
        #[cfg(test)]
        self.faults.flush()?;
        file.sync_data()
    }

    /// On return creations, renames and removals in the folder are durable.
    pub(crate) fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.sync_names(&self.folder(folder)?)
    }

    /// A folder for [`Self::sync_names`]: opened ahead of a change, so that no want of descriptors comes after it.
    pub(crate) fn folder(&self, folder: &Path) -> io::Result<Option<File>> {
        // Windows has no such call and journals names itself.
        if cfg!(unix) { self.open(File::options().read(true), folder).map(Some) } else { Ok(None) }
    }

    /// On return creations, renames and removals in the folder are durable.
    pub(crate) fn sync_names(&self, folder: &Option<File>) -> io::Result<()> {
        #[cfg(test)]
        self.faults.flush()?;
        folder.as_ref().map_or(Ok(()), File::sync_all)
    }

    /// Replaces a file in one step: on return it durably holds `bytes`; after a crash before that, the old content.
    pub(crate) fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let temporary = path.with_extension("tmp");
        let mut file = self.create(&temporary)?;
        self.write(&mut file, bytes)?;
        self.sync(&file)?;
        std::fs::rename(&temporary, path)?;
        path.parent().map_or(Ok(()), |folder| self.sync_folder(folder))
    }
}

/// Whether an error says that too many files are open, in this process or in all: nothing was done, and it goes away by
/// itself. The standard library has no kind for it.
pub(crate) fn is_out_of_files(error: &io::Error) -> bool {
    let codes: &[i32] = if cfg!(windows) { &[4] } else { &[23, 24] };
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

/// Whether an error of opening or reading a file is about this file: it is gone, cut short, or its sectors cannot be read.
/// All others are about the moment (descriptors, memory, permissions) and say nothing against it.
pub(crate) fn is_unreadable(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, IsADirectory, NotADirectory, NotFound, UnexpectedEof};
    // EIO, and what Windows calls it (a checksum of the disk, an I/O error of the device).
    let codes: &[i32] = if cfg!(windows) { &[23, 1117] } else { &[5] };
    matches!(error.kind(), InvalidData | IsADirectory | NotADirectory | NotFound | UnexpectedEof)
        || error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

/// A writer over [`Disk::write`] for encoders that want an [`io::Write`].
#[derive(Debug)]
pub(crate) struct DiskFile {
    disk: Disk,
    file: File,
    checksum: crc32fast::Hasher,
}

impl DiskFile {
    /// Creates the file.
    pub(crate) fn create(disk: &Disk, path: &Path) -> io::Result<Self> {
        Ok(Self { disk: disk.clone(), file: disk.create(path)?, checksum: crc32fast::Hasher::new() })
    }

    /// On return everything written is durable; its CRC-32.
    pub(crate) fn sync(self) -> io::Result<u32> {
        self.disk.sync(&self.file)?;
        Ok(self.checksum.finalize())
    }
}

impl Write for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.write(&mut self.file, bytes)?;
        self.checksum.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod faults {
    use std::io;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

    use crate::sync::lock;

    /// What the tests' disk does wrong.
    #[derive(Debug)]
    pub(crate) struct Faults {
        room: AtomicI64,
        dead: AtomicBool,
        /// Openings that still succeed before one fails, and how many fail then.
        descriptors: Mutex<(usize, usize)>,
        defective: Mutex<Option<&'static str>>,
    }

    impl Default for Faults {
        fn default() -> Self {
            Self {
                room: AtomicI64::new(i64::MAX),
                dead: AtomicBool::new(false),
                descriptors: Mutex::default(),
                defective: Mutex::default(),
            }
        }
    }

    impl Faults {
        /// From now on only so many bytes fit.
        pub(crate) fn set_room(&self, bytes: i64) {
            self.room.store(bytes, Ordering::SeqCst);
        }

        /// From now on nothing can be made durable (or everything again).
        pub(crate) fn set_dead(&self, dead: bool) {
            self.dead.store(dead, Ordering::SeqCst);
        }

        /// So many files can be opened, then so many openings fail for want of descriptors.
        pub(crate) fn fail_opening(&self, after: usize, times: usize) {
            *lock(&self.descriptors) = (after, times);
        }

        pub(super) fn take_descriptor(&self) -> io::Result<()> {
            let mut descriptors = lock(&self.descriptors);
            match &mut *descriptors {
                (_, 0) => Ok(()),
                (0, times) => {
                    *times -= 1;
                    Err(io::Error::from_raw_os_error(if cfg!(windows) { 4 } else { 24 }))
                }
                (after, _) => {
                    *after -= 1;
                    Ok(())
                }
            }
        }

        /// From now on whoever writes in the thread of this name panics.
        pub(crate) fn set_defective(&self, thread: &'static str) {
            *lock(&self.defective) = Some(thread);
        }

        pub(super) fn take_room(&self, bytes: usize) -> io::Result<()> {
            let defective = *lock(&self.defective);
            assert!(defective.is_none() || std::thread::current().name() != defective, "a planted defect");
            let room = self.room.load(Ordering::SeqCst);
            if room == i64::MAX {
                return Ok(());
            }
            self.room.store(room - bytes as i64, Ordering::SeqCst);
            if room < bytes as i64 || room <= 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }

        pub(super) fn flush(&self) -> io::Result<()> {
            if self.dead.load(Ordering::SeqCst) { Err(io::Error::other("the disk does not answer")) } else { Ok(()) }
        }
    }
}
