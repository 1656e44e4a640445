//! A template's folder on the disk.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use anyhow::Context as _;
use messwerk_lessons::bundle::{MOST_BYTES, MOST_FILES};

/// A file of at most `most` bytes.
pub(super) fn read_file(path: &Path, most: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = vec![];
    let file = fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    file.take(most + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {}", path.display()))?;
    anyhow::ensure!(bytes.len() as u64 <= most, "{} is too large for a template: {} MB at most", path.display(), most >> 20);
    Ok(bytes)
}

/// The files of a folder and of the folders in it, by their paths with `/`. Hidden ones are nobody's; links are not followed.
pub(super) fn read(folder: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut left = MOST_BYTES as u64 + 1;
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, within)) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read the folder {}", folder.display()))? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let name = entry.file_name().into_string().map_err(|name| anyhow::anyhow!("{} is no plain name", name.display()))?;
            let path = format!("{within}{name}");
            if name.starts_with('.') {
                continue;
            }
            anyhow::ensure!(!kind.is_symlink(), "{} is a link: put the file itself there", entry.path().display());
            if kind.is_dir() {
                anyhow::ensure!(within.matches('/').count() < 2, "{} lies too deep for a template", entry.path().display());
                folders.push((entry.path(), format!("{path}/")));
                continue;
            }
            let bytes = read_file(&entry.path(), left)?;
            left = left.saturating_sub(bytes.len() as u64);
            files.insert(path, bytes);
            anyhow::ensure!(files.len() <= 2 * MOST_FILES, "{} has more files than a template: is it the right folder?", folder.display());
        }
    }
    Ok(files)
}

/// Writes files into a folder that is not there yet.
pub(super) fn write_new(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
    fs::create_dir(folder).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            anyhow::anyhow!("{} is there already: choose another name, or take that away first", folder.display())
        }
        io::ErrorKind::NotFound => anyhow::anyhow!("there is no folder above {}: make that one first", folder.display()),
        _ => anyhow::Error::new(error).context(format!("cannot make the folder {}", folder.display())),
    })?;
    for (path, bytes) in files {
        let path = folder.join(path);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above).with_context(|| format!("cannot make the folder {}", above.display()))?;
        }
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
