//! Templates as zip files.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{Bundle, BundleError, MOST_BYTES, MOST_FILE_BYTES, MOST_FILES, content};

/// Deflate makes of nothing but one letter a thousandth of it; of texts, tables and pictures never a hundredth.
const MOST_RATIO: u64 = 100;
/// Below this a file may be packed as tightly as it likes.
const SMALL: u64 = 64 << 10;

/// What every entry of the directory begins with.
const HEADER: &[u8; 4] = b"PK\x01\x02";
/// What the end of the directory begins with.
const END: &[u8; 4] = b"PK\x05\x06";

pub(super) fn unpack(bytes: &[u8]) -> Result<Bundle, BundleError> {
    // A template cannot be larger packed than unpacked, but for the names.
    if bytes.len() > MOST_BYTES + (1 << 20) {
        return Err(BundleError::Large);
    }
    // Counted before the directory is read, because each entry of 46 bytes becomes several hundred.
    if bytes.windows(4).filter(|window| window == HEADER).take(4 * MOST_FILES + 1).count() > 4 * MOST_FILES {
        return Err(BundleError::ManyFiles);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BundleError::NoZip)?;
    if archive.len() > 4 * MOST_FILES {
        return Err(BundleError::ManyFiles);
    }
    // The reader keeps one entry of each name; the directory itself tells of others.
    let mut names = BTreeSet::new();
    for name in directory(bytes).ok_or(BundleError::NoZip)? {
        if !names.insert(name) {
            return Err(BundleError::Twice(shown(name)));
        }
    }
    if names.len() != archive.len() {
        return Err(BundleError::NoZip);
    }

    let mut entries = vec![];
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| BundleError::NoZip)?;
        let name = String::from_utf8(entry.name_raw().to_vec()).map_err(|error| BundleError::Path(shown(error.as_bytes())))?;
        if entry.is_symlink() {
            return Err(BundleError::Link(shown(name.as_bytes())));
        }
        if entry.encrypted() {
            return Err(BundleError::Encrypted(shown(name.as_bytes())));
        }
        let path = if entry.is_dir() { name.trim_end_matches('/') } else { name.as_str() };
        content::check_path(path)?;
        if !entry.is_dir() && !content::is_litter(&name) {
            entries.push((index, name, entry.compressed_size()));
        }
    }

    let folder = common_folder(entries.iter().map(|(_, name, _)| name.as_str()));
    let mut bundle = Bundle { files: BTreeMap::new(), left_out: vec![] };
    let mut left = MOST_BYTES;
    for (index, name, packed) in entries {
        let path = name[folder..].to_owned();
        if !content::belongs(&path) {
            bundle.add(&path, vec![])?;
            continue;
        }
        let entry = archive.by_index(index).map_err(|_| BundleError::NoZip)?;
        let mut unpacked = vec![];
        // The size an entry claims is no promise: what comes out is counted.
        entry.take(MOST_FILE_BYTES.min(left) as u64 + 1).read_to_end(&mut unpacked).map_err(|_| BundleError::NoZip)?;
        let size = unpacked.len() as u64;
        if size > SMALL && size / packed.max(1) > MOST_RATIO {
            return Err(BundleError::Bomb(path));
        }
        if unpacked.len() > MOST_FILE_BYTES {
            return Err(BundleError::LargeFile(path));
        }
        left = left.checked_sub(unpacked.len()).ok_or(BundleError::Large)?;
        bundle.add(&path, unpacked)?;
    }
    Ok(bundle)
}

/// The names in the directory, in its order (PKWARE APPNOTE 4.3.12, 4.3.16). `None` where it is none.
fn directory(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let number = |at: usize, count: usize| {
        let bytes = bytes.get(at..)?.get(..count)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    };
    let end = bytes.windows(4).rposition(|window| window == END)?;
    let (count, mut at) = (number(end + 10, 2)?, number(end + 16, 4)?);
    let mut names = vec![];
    for _ in 0..count {
        let entry = bytes.get(at..)?;
        (entry.get(..4)? == HEADER && entry.len() >= 46).then_some(())?;
        let [name, extra, comment] = [number(at + 28, 2)?, number(at + 30, 2)?, number(at + 32, 2)?];
        names.push(entry[46..].get(..name)?);
        at += 46 + name + extra + comment;
    }
    Some(names)
}

/// How many bytes at the start of every name are the one folder in which everything lies.
fn common_folder<'a>(mut names: impl Iterator<Item = &'a str>) -> usize {
    let Some(folder) = names.next().and_then(|first| first.split_once('/')).map(|(folder, _)| folder) else { return 0 };
    let within = |name: &str| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    // A template whose only files lie in `assets` is no template in a folder of that name.
    if !["assets", "fixtures"].contains(&folder) && names.all(within) { folder.len() + 1 } else { 0 }
}

fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().take(60).map(|sign| if sign.is_control() { '?' } else { sign }).collect()
}

pub(super) fn pack(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, BundleError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    // Nothing of the machine or the moment goes in.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (path, bytes) in files {
        writer.start_file(path.as_str(), options).map_err(|_| BundleError::NoZip)?;
        writer.write_all(bytes).map_err(|_| BundleError::NoZip)?;
    }
    Ok(writer.finish().map_err(|_| BundleError::NoZip)?.into_inner())
}
