//! Where the running hub listens, left in its data folder for the commands beside it: flags, variables and free ports are known to
//! nobody else.
//!
//! Written when the doors are open and removed at the stop. What a crash or a copy of the folder leaves behind is believed by nobody:
//! only a hub that holds the folder's lock is running.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::Patient;

fn path(folder: &Path) -> PathBuf {
    folder.join("running.json")
}

/// Leaves it. Nothing depends on it but the commands' convenience, so a folder that takes no more stops no hub.
pub fn leave(folder: &Path, patient: &Patient) {
    let written = serde_json::to_vec(patient).map_err(std::io::Error::from).and_then(|text| write(folder, &text));
    if let Err(error) = written {
        tracing::warn!(%error, "the hub's addresses are not in its data folder: doctor and password reset go by the configuration");
    }
}

fn write(folder: &Path, text: &[u8]) -> std::io::Result<()> {
    let beside = folder.join("running.json.tmp");
    // With the rights of its own, whatever was left there.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&beside)?.write_all(text)?;
    fs::rename(&beside, path(folder))
}

/// The hub that runs on this folder.
pub fn read(folder: &Path) -> Option<Patient> {
    if !messwerk_store::in_use(folder) {
        return None;
    }
    let patient: Patient = serde_json::from_slice(&fs::read(path(folder)).ok()?).ok()?;
    Some(Patient { data_dir: Some(folder.to_path_buf()), ..patient })
}

/// Takes it away.
pub fn remove(folder: &Path) {
    // Not there, or not to be removed: then the next start replaces it.
    let _ = fs::remove_file(path(folder));
}

/// Holds a folder as a hub does that runs there.
#[cfg(test)]
pub(crate) fn run_on(folder: &Path) -> fs::File {
    let file = fs::File::create(folder.join("hub.lock")).unwrap();
    file.lock().unwrap();
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn what_is_left_is_read_and_is_nobody_elses() {
        let folder = tempfile::tempdir().unwrap();
        let running = run_on(folder.path());
        assert!(read(folder.path()).is_none());
        let config =
            Config { data_dir: folder.path().to_path_buf(), public_url: Some("https://hub.example".to_owned()), ..Config::default() };
        let address = |text: &str| text.parse().unwrap();
        let patient = Patient::new(&config, address("0.0.0.0:18080"), address("127.0.0.1:11883"), Some(address("[::]:8883")));
        // Twice: the second start finds what the first left.
        for _ in 0..2 {
            leave(folder.path(), &patient);
            let found = read(folder.path()).unwrap();
            assert_eq!((found.web, found.mqtt, found.mqtts), (patient.web, patient.mqtt, patient.mqtts));
            assert_eq!((found.data_dir, found.public_url, found.secure), (patient.data_dir.clone(), patient.public_url.clone(), false));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(path(folder.path())).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(path(folder.path()), "half").unwrap();
        assert!(read(folder.path()).is_none());
        leave(folder.path(), &patient);
        assert!(read(folder.path()).is_some());
        drop(running);
        assert!(read(folder.path()).is_none(), "nobody runs here any more");
        remove(folder.path());
        remove(folder.path());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the lock and nothing else");
    }
}
