//! Zip archives: CSV files with `meta/`, a saved state (phyphox 1.3), or a workbook.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::{Budget, Content, ExportError, csv, saved, times, xlsx};

pub(super) type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn damaged() -> ExportError {
    ExportError::Damaged("a damaged zip archive: export it again, and send it whole".to_owned())
}

/// The tables of all sets, in the archive's order, and the starts of its `meta/time.csv`. What is no set (device data,
/// pictures) is passed over.
///
/// # Errors
/// A damaged archive, one beyond the budget, or one without any set.
pub(super) fn read(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Content, ExportError> {
    // The directory is counted by its headers before it is read: an entry of 46 bytes becomes several hundred.
    let files = bytes.windows(4).filter(|window| window == b"PK\x01\x02").count();
    budget.entries(files, "files in the archive")?;
    let mut archive = Archive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    budget.entries(archive.len(), "files in the archive")?;
    if archive.index_for_name(xlsx::WORKBOOK).is_some() {
        return xlsx::read(&mut archive, budget);
    }
    let mut content = Content::default();
    for index in 0..archive.len() {
        let name = String::from_utf8_lossy(archive.by_index_raw(index).map_err(|_| damaged())?.name_raw()).into_owned();
        let stem = name.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map_or(name.as_str(), |(stem, _)| stem);
        let path = name.to_lowercase();
        let mut parts = path.rsplit('/');
        let (file, folder) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if folder == "meta" && file == "time.csv" {
            content.starts = times::of_csv(&String::from_utf8_lossy(&unpacked(&mut archive, index, budget)?));
        } else if folder == "meta" || path.starts_with("__macosx/") {
            // The phone's data sheet: who measured is nobody's business.
        } else if file.ends_with(".csv") {
            let text = unpacked(&mut archive, index, budget)?;
            content.tables.push(csv::read(stem, &text, budget).map_err(|error| error.at(file))?);
        } else if file.ends_with(".phyphox") {
            let state = saved::read(&unpacked(&mut archive, index, budget)?, budget).map_err(|error| error.at(file))?;
            content.tables.extend(state.tables);
            content.starts.extend(state.starts);
        }
    }
    if content.tables.is_empty() {
        return Err(ExportError::Unknown("no CSV file and no saved state in the archive".to_owned()));
    }
    Ok(content)
}

/// One file of the archive. The size it claims is no promise: what comes out is counted.
pub(super) fn unpacked(archive: &mut Archive<'_>, index: usize, budget: &mut Budget<'_>) -> Result<Vec<u8>, ExportError> {
    let entry = archive.by_index(index).map_err(|_| damaged())?;
    let mut content = Vec::new();
    entry.take(budget.left() + 1).read_to_end(&mut content).map_err(|_| damaged())?;
    budget.unpack(content.len() as u64)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::Bounds;
    use super::*;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn content(bytes: &[u8], bounds: &Bounds) -> Result<Content, ExportError> {
        super::super::content("export", bytes, bounds)
    }

    const SET: &str = "\"Time (s)\",\"Pressure (hPa)\"\n0,939.8\n";

    #[test]
    fn sets_are_read_and_device_data_is_not() {
        let files = [
            ("meta/device.csv", "\"property\",\"value\"\n"),
            ("meta/time.csv", "\"event\",\"experiment time\",\"system time\"\n\"START\",0.0,1767437012.314\n"),
            ("Raw Data.csv", SET),
            ("readme.txt", "hello"),
            ("../../More.csv", SET),
        ];
        let content = content(&archive(&files), &Bounds::default()).unwrap();
        assert_eq!(content.tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>(), ["Raw Data", "More"]);
        assert_eq!(content.starts.iter().map(|start| start.system).collect::<Vec<_>>(), [1_767_437_012_314_000]);
    }

    #[test]
    fn an_archive_that_is_none_or_too_much_is_refused() {
        let check = |bytes: &[u8], bounds: Bounds, expected: &str| {
            let error = content(bytes, &bounds).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        let own = Bounds::default;
        check(&archive(&[("meta/time.csv", "x")]), own(), "no CSV file");
        let whole = archive(&[("Raw Data.csv", SET)]);
        check(&whole[..whole.len() / 2], own(), "damaged");
        check(&whole, Bounds { packed: 10, ..own() }, "more than an experiment has");
        check(&archive(&[("a.csv", SET), ("b.csv", SET)]), Bounds { entries: 1, ..own() }, "2 files in the archive");
        check(&archive(&[("a.csv", SET), ("b.csv", SET)]), Bounds { cells: 3, ..own() }, "more than 3 numbers");
        // 4 MB of the same line are a few kB packed: a bomb by its ratio, and by its size. Also inside a workbook.
        let line = "0,939.8\n".repeat(500_000);
        for files in [vec![("a.csv", line.as_str())], vec![("xl/workbook.xml", line.as_str())]] {
            let bomb = archive(&files);
            check(&bomb, own(), "unpacks to more");
            check(&bomb, Bounds { ratio: 1000, unpacked: 3_000_000, ..own() }, "unpacks to more");
        }
    }
}
