//! A zip of CSV files with `meta/`, or of a saved state (phyphox 1.3).

use std::io::{Cursor, Read as _};

use anyhow::{Context as _, Result, bail, ensure};
use zip::ZipArchive;

use super::{LARGEST, Table, csv, saved};

/// Most phyphox exports have five sets, none more than a few dozen.
const MOST_ENTRIES: usize = 1000;

/// The tables of all sets, in the archive's order. What is not a set (device data, pictures) is passed over.
///
/// # Errors
/// A damaged archive, one that unpacks to more than 256 MiB, or one without any set.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).context("a damaged zip archive")?;
    ensure!(archive.len() <= MOST_ENTRIES, "{} files in the archive", archive.len());
    let mut tables = Vec::new();
    let mut left = LARGEST;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).context("a damaged zip archive")?;
        let path = String::from_utf8_lossy(entry.name_raw()).into_owned();
        let is_csv = path.to_lowercase().ends_with(".csv");
        if path.starts_with("meta/") || !(is_csv || path.to_lowercase().ends_with(".phyphox")) {
            continue;
        }
        let mut content = Vec::new();
        // The size an archive claims is no promise: what comes out is counted.
        entry.take(left + 1).read_to_end(&mut content).with_context(|| format!("{path} in the archive"))?;
        left = left.checked_sub(content.len() as u64).context("the archive unpacks to more than 256 MiB")?;
        if is_csv {
            let name = path.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map_or(path.as_str(), |(stem, _)| stem);
            tables.push(csv::read(name, &content).with_context(|| format!("{path} in the archive"))?);
        } else {
            tables.extend(saved::read(&content).with_context(|| format!("{path} in the archive"))?);
        }
    }
    if tables.is_empty() {
        bail!("no CSV file and no saved state in the archive");
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn sets_are_read_and_device_data_is_not() {
        let set = "\"Time (s)\",\"Pressure (hPa)\"\n0,939.8\n";
        let bytes =
            archive(&[("meta/device.csv", "\"property\",\"value\"\n"), ("Raw Data.csv", set), ("readme.txt", "hello"), ("More.csv", set)]);
        let tables = super::super::tables("export", &bytes).unwrap();
        assert_eq!(tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>(), ["Raw Data", "More"]);
    }

    #[test]
    fn an_archive_without_a_set_is_refused() {
        let error = |bytes: &[u8]| format!("{:#}", read(bytes).unwrap_err());
        assert!(error(&archive(&[("meta/time.csv", "x")])).contains("no CSV file"));
        let whole = archive(&[("Raw Data.csv", "\"Time (s)\"\n0\n")]);
        assert!(error(&whole[..whole.len() / 2]).contains("damaged"));
    }
}
