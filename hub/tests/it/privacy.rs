//! What is promised about pupils, each promise held by a test: nothing of the person is stored (`canaries`), what is over is
//! gone from the disk (`expiry`), a pupil gets the own readings and takes them away (`rights`), and the page `/privacy` says
//! what is in force (`stated`). The columns of the catalogue are held in `store/src/catalogue/tests/columns.rs`.

mod canaries;
mod expiry;
mod rights;
mod stated;

use std::path::{Path, PathBuf};

/// The files below a folder that hold these bytes, and whatever is named so.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().windows(bytes.len()).any(|window| window == bytes)) {
            found.push(path.clone());
        }
        if path.is_dir() {
            found.extend(holding(&path, bytes));
        } else if std::fs::read(&path).is_ok_and(|content| content.windows(bytes.len()).any(|window| window == bytes)) {
            found.push(path);
        }
    }
    found
}
