//! Workbooks of Excel 97 (`.xls`), as phyphox writes them: cells of numbers and texts, nothing else.
//!
//! Own code, because the readers there are lay every sheet out as a full rectangle: two cells in opposite corners of a few
//! hundred sheets would be gigabytes. Here a cell costs what it has in the file.

use super::sheet::Sheet;
use super::{Budget, ExportError};

/// Sector numbers from here on mean "no sector".
const NO_SECTOR: u32 = 0xffff_fffa;

fn damaged() -> ExportError {
    ExportError::Damaged("a damaged workbook: export it again, and send it whole".to_owned())
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The sheets of a workbook.
///
/// # Errors
/// Bytes that are no such file, or more cells or texts than the budget has.
pub(super) fn sheets(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Vec<Sheet>, ExportError> {
    let stream = workbook(bytes).ok_or_else(damaged)?;
    cells(&stream, budget)
}

/// The stream named `Workbook` of a compound file. Chains are followed at most as far as the file is long.
fn workbook(file: &[u8]) -> Option<Vec<u8>> {
    let shift = u32::from(u16_at(file, 0x1e)?);
    let size = [9, 12].contains(&shift).then(|| 1_usize << shift)?;
    let sector = |number: u32| {
        let start = (number as usize).checked_add(1)?.checked_mul(size)?;
        file.get(start..(start + size).min(file.len())).filter(|sector| !sector.is_empty())
    };
    let entries = |sector: &[u8]| sector.chunks_exact(4).map(|entry| u32_at(entry, 0).unwrap_or(NO_SECTOR)).collect::<Vec<_>>();
    let most = file.len() / size + 1;
    let mut tables: Vec<u32> = entries(file.get(0x4c..0x200)?);
    let mut next = u32_at(file, 0x44)?;
    while next < NO_SECTOR && tables.len() <= most + 109 {
        let mut more = entries(sector(next)?);
        next = more.pop()?;
        tables.extend(more);
    }
    let mut table = Vec::new();
    for number in tables.into_iter().filter(|&number| number < NO_SECTOR).take(most) {
        table.extend(entries(sector(number)?));
    }
    let chain = |table: &[u32], mut at: u32, part: &dyn Fn(u32) -> Option<Vec<u8>>, most: usize| {
        let mut stream = Vec::new();
        for _ in 0..most {
            if at >= NO_SECTOR {
                break;
            }
            stream.extend(part(at)?);
            at = *table.get(at as usize)?;
        }
        Some(stream)
    };
    let large = |number: u32| sector(number).map(<[u8]>::to_vec);
    let directory = chain(&table, u32_at(file, 0x30)?, &large, most)?;
    let wanted: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let entry = directory.chunks_exact(128).find(|entry| entry.starts_with(&wanted) && u16_at(entry, 0x40) == Some(18))?;
    let (start, length) = (u32_at(entry, 0x74)?, u32_at(entry, 0x78)? as usize);
    let mut stream = if length < u32_at(file, 0x38)? as usize {
        // A short stream lies in sectors of 64 bytes inside the root's.
        let small = chain(&table, u32_at(&directory, 0x74)?, &large, most)?;
        let short = entries(&chain(&table, u32_at(file, 0x3c)?, &large, most)?);
        let part = |number: u32| small.get(number as usize * 64..number as usize * 64 + 64).map(<[u8]>::to_vec);
        chain(&short, start, &part, small.len() / 64 + 1)?
    } else {
        chain(&table, start, &large, most)?
    };
    (stream.len() >= length).then(|| stream.truncate(length))?;
    Some(stream)
}

/// The cells of all sheets of a stream of records. What ends in the middle has the cells before it.
fn cells(stream: &[u8], budget: &mut Budget<'_>) -> Result<Vec<Sheet>, ExportError> {
    let mut names: Vec<(usize, String)> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut inside = false;
    let mut records = Records { stream, at: 0 };
    while let Some((at, kind, body)) = records.next() {
        match kind {
            // The beginning of a part; 0x10 is a sheet of cells.
            0x0809 => {
                inside = u16_at(body, 2) == Some(0x10);
                if inside {
                    budget.entries(sheets.len() + 1, "sheets in the workbook")?;
                    let name = names.iter().find(|(start, _)| *start == at).map_or("", |(_, name)| name);
                    sheets.push(Sheet::new(name, budget)?);
                }
            }
            0x000a => inside = false,
            0x0085 => {
                budget.entries(names.len() + 1, "sheets in the workbook")?;
                let name = text(body.get(6..).unwrap_or_default(), 1).map(|(name, _)| name);
                names.extend(u32_at(body, 0).map(|start| start as usize).zip(name));
            }
            0x00fc => texts = shared(&records.continued(body), budget)?,
            _ if inside => {
                if let Some(sheet) = sheets.last_mut() {
                    cell(kind, body, &texts, sheet, budget).transpose()?;
                }
            }
            _ => {}
        }
    }
    Ok(sheets)
}

/// Puts the cell or cells of a record into the sheet; other records, and those that are too short, say nothing.
fn cell(kind: u16, body: &[u8], texts: &[String], sheet: &mut Sheet, budget: &mut Budget<'_>) -> Option<Result<(), ExportError>> {
    let (row, column) = (u32::from(u16_at(body, 0)?), u32::from(u16_at(body, 2)?));
    Some(match kind {
        0x0203 => sheet.number(row, column, f64::from_le_bytes(body.get(6..14)?.try_into().ok()?), budget),
        0x027e => sheet.number(row, column, packed(u32_at(body, 6)?), budget),
        0x00bd => {
            let values = body.get(4..body.len().checked_sub(2)?)?.chunks_exact(6);
            let values = values.map(|value| packed(u32_at(value, 2).unwrap_or_default()));
            (column..).zip(values).try_for_each(|(column, value)| sheet.number(row, column, value, budget))
        }
        0x00fd => sheet.text(row, column, texts.get(u32_at(body, 6)? as usize)?, budget),
        0x0204 => sheet.text(row, column, &text(body.get(6..)?, 2)?.0, budget),
        _ => return None,
    })
}

/// A number in four bytes: a whole one, or the upper half of a float; perhaps in hundredths.
fn packed(bits: u32) -> f64 {
    let value = if bits & 2 == 0 { f64::from_bits(u64::from(bits & !3) << 32) } else { f64::from((bits as i32) >> 2) };
    if bits & 1 == 0 { value } else { value / 100.0 }
}

/// A text behind its length of one or two bytes, and how many bytes it takes.
fn text(bytes: &[u8], width: usize) -> Option<(String, usize)> {
    let length = if width == 1 { usize::from(*bytes.first()?) } else { usize::from(u16_at(bytes, 0)?) };
    let flags = *bytes.get(width)?;
    // Formatting behind the text, which nobody needs: runs of 4 bytes, and an extension.
    let mut start = width + 1;
    let mut behind = 0;
    if width == 2 && flags & 8 != 0 {
        behind += usize::from(u16_at(bytes, start)?) * 4;
        start += 2;
    }
    if width == 2 && flags & 4 != 0 {
        behind += u32_at(bytes, start)? as usize;
        start += 4;
    }
    let end = start + if flags & 1 == 0 { length } else { length * 2 };
    let bytes = bytes.get(start..end)?;
    let text = if flags & 1 == 0 {
        bytes.iter().map(|&byte| char::from(byte)).collect()
    } else {
        let units: Vec<u16> = bytes.chunks_exact(2).filter_map(|unit| u16_at(unit, 0)).collect();
        String::from_utf16_lossy(&units)
    };
    Some((text, end.checked_add(behind)?))
}

/// The texts that cells share. One that a record boundary cuts in two ends the list: phyphox has a few dozen short ones.
fn shared(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Vec<String>, ExportError> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    let mut texts = Vec::new();
    while let Some((text, taken)) = text(rest, 2) {
        budget.text(&text)?;
        texts.push(text);
        rest = rest.get(taken..).unwrap_or_default();
    }
    Ok(texts)
}

struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn peek(&self) -> Option<(u16, &'a [u8])> {
        let (kind, length) = (u16_at(self.stream, self.at)?, u16_at(self.stream, self.at + 2)?);
        Some((kind, self.stream.get(self.at + 4..self.at + 4 + usize::from(length))?))
    }

    /// Position, kind and body of the next record.
    fn next(&mut self) -> Option<(usize, u16, &'a [u8])> {
        let (kind, body) = self.peek()?;
        let at = self.at;
        self.at += 4 + body.len();
        Some((at, kind, body))
    }

    /// A body with what follows it in continuation records.
    fn continued(&mut self, body: &[u8]) -> Vec<u8> {
        let mut whole = body.to_vec();
        while let Some((0x003c, more)) = self.peek() {
            whole.extend_from_slice(more);
            self.at += 4 + more.len();
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::super::Bounds;
    use super::*;

    #[test]
    fn packed_numbers_and_texts_are_unpacked() {
        for (bits, expected) in [(0x3ff0_0000, 1.0), (0x3ff0_0001, 0.01), (2 | 7 << 2, 7.0), (0xffff_fff6 | 1, -0.03)] {
            assert_eq!(packed(bits), expected, "{bits:#x}");
        }
        assert_eq!(text(b"\x02\x00\x00abX", 2), Some(("ab".to_owned(), 5)));
        assert_eq!(text(b"\x01\x01\xb5\x00X", 1), Some(("µ".to_owned(), 4)));
        assert_eq!(text(b"\x02\x00\x08\x01\x00ab1234X", 2), Some(("ab".to_owned(), 11)));
        assert_eq!(text(b"\x09\x00\x00ab", 2), None);
    }

    #[test]
    fn what_is_no_workbook_is_damaged() {
        let bounds = Bounds::default();
        let sheets = |bytes: &[u8]| sheets(bytes, &mut Budget::new(&bounds));
        let header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        for length in [8, 100, 0x200, 0x400, 0x2000] {
            let mut bytes = header.clone();
            bytes.resize(length, 0);
            assert!(sheets(&bytes).is_err(), "{length}");
            // A chain that leads round in a circle ends.
            bytes.resize(length.max(0x400), 0);
            bytes[0x1e] = 9;
            assert!(sheets(&bytes).is_err(), "{length}");
        }
    }
    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(body.len() as u16).to_le_bytes(), body].concat()
    }

    #[test]
    fn what_a_record_names_is_paid_each_time_it_is_kept() {
        let check = |records: &[Vec<u8>], expected: &str| {
            let error = cells(&records.concat(), &mut Budget::new(&Bounds::default())).unwrap_err();
            assert!(matches!(&error, ExportError::TooLarge(text) if text.contains(expected)), "{error}");
        };
        let sheet = record(0x0809, &[0, 6, 0x10, 0]);
        let shared = |text: &str| record(0x00fc, &[&[0; 8][..], &(text.len() as u16).to_le_bytes(), &[0], text.as_bytes()].concat());
        let naming = |column: u16| record(0x00fd, &[&[0, 0][..], &column.to_le_bytes(), &[0; 6]].concat());
        let columns: Vec<u8> = (0..u16::MAX).flat_map(naming).collect();
        check(&[shared(&"x".repeat(8000)), sheet.clone(), columns.clone()], "more than 200 characters");
        check(&[shared(&"x".repeat(199)), sheet.clone(), columns], "names and texts");
        check(&vec![sheet; 201], "201 sheets");
        check(&vec![record(0x0085, &[0; 9]); 201], "201 sheets");
        check(&vec![shared(""); 100_000], "names and texts");
    }
}
