//! Workbooks of today (`.xlsx`): an archive of XML, one file per sheet.
//!
//! Own code, because the readers there are believe what a file says of itself (how many texts it has, in how many styles)
//! before they have seen it, and read a sheet as often as the workbook names it. Here every file of the archive is paid
//! for each time it is unpacked, and every cell and text when it is kept.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::archive::{Archive, unpacked};
use super::sheet::{self, Sheet};
use super::{Budget, Content, ExportError, number};

/// The file that names the sheets.
pub(super) const WORKBOOK: &str = "xl/workbook.xml";
/// The file that says where they are.
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
/// Rows of the largest sheet.
const ROWS: u32 = 1 << 20;
/// Its columns.
const COLUMNS: u32 = 1 << 14;

fn damaged() -> ExportError {
    ExportError::Damaged("a damaged workbook: export it again, and send it whole".to_owned())
}

/// The tables and starts of all sheets.
///
/// # Errors
/// A damaged workbook, or one beyond the budget.
pub(super) fn read(archive: &mut Archive<'_>, budget: &mut Budget<'_>) -> Result<Content, ExportError> {
    let mut named: Vec<(String, String)> = Vec::new();
    each(&part(archive, WORKBOOK, budget)?, |event| {
        if let Found::Open("sheet", element) = event {
            budget.entries(named.len() + 1, "sheets in the workbook")?;
            named.push((attribute(element, "name")?, attribute(element, "id")?));
        }
        Ok(())
    })?;
    let mut places: Vec<(String, String)> = Vec::new();
    let mut texts = None;
    each(&part(archive, RELATIONS, budget)?, |event| {
        if let Found::Open("Relationship", element) = event {
            let target = attribute(element, "Target")?;
            let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            if attribute(element, "Type")?.ends_with("/sharedStrings") {
                texts = Some(target.clone());
            }
            budget.text(&target)?;
            places.push((attribute(element, "Id")?, target));
        }
        Ok(())
    })?;
    let texts = match texts {
        Some(place) => shared(&part(archive, &place, budget)?, budget)?,
        None => Vec::new(),
    };
    let mut sheets = Vec::new();
    for (name, id) in named {
        let (_, place) = places.iter().find(|(other, _)| *other == id).ok_or_else(damaged)?;
        let mut sheet = Sheet::new(&name, budget)?;
        cells(&part(archive, place, budget)?, &texts, &mut sheet, budget)?;
        sheets.push(sheet);
    }
    sheet::content(sheets, budget)
}

/// A file of the archive as text; it is looked up by name, never opened as a path.
fn part(archive: &mut Archive<'_>, name: &str, budget: &mut Budget<'_>) -> Result<String, ExportError> {
    let index = archive.index_for_name(name).ok_or_else(damaged)?;
    String::from_utf8(unpacked(archive, index, budget)?).map_err(|_| damaged())
}

/// The texts that cells share; one may be in several parts with different looks.
fn shared(text: &str, budget: &mut Budget<'_>) -> Result<Vec<String>, ExportError> {
    let mut texts = Vec::new();
    let (mut content, mut inside) = (String::new(), false);
    each(text, |event| {
        match event {
            Found::Open("si", _) => content.clear(),
            Found::Open("t", _) => inside = true,
            Found::Text(text) if inside => content.push_str(text),
            Found::Close("t") => inside = false,
            Found::Close("si") => {
                budget.text(&content)?;
                texts.push(content.clone());
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(texts)
}

/// Puts the cells of a sheet's file into the sheet. A cell without a place follows the one before it.
fn cells(text: &str, texts: &[String], sheet: &mut Sheet, budget: &mut Budget<'_>) -> Result<(), ExportError> {
    budget.rows(text.matches("<row").count() + text.matches(":row").count())?;
    let (mut row, mut column) = (0, 0);
    let (mut kind, mut value, mut inside) = (String::new(), String::new(), false);
    each(text, |event| {
        match event {
            Found::Open("row", element) => {
                let number = attribute(element, "r")?;
                if !number.is_empty() {
                    row = number.parse::<u32>().ok().and_then(|number| number.checked_sub(1)).ok_or_else(damaged)?;
                }
            }
            Found::Open("c", element) => {
                let at = attribute(element, "r")?;
                if !at.is_empty() {
                    (row, column) = place(&at).ok_or_else(damaged)?;
                }
                if row >= ROWS || column >= COLUMNS {
                    return Err(damaged());
                }
                kind = attribute(element, "t")?;
                value.clear();
            }
            Found::Open("v" | "t", _) => inside = true,
            Found::Text(text) if inside => value.push_str(text),
            Found::Close("v" | "t") => inside = false,
            Found::Close("c") => {
                match kind.as_str() {
                    _ if value.is_empty() => {}
                    "" | "n" => sheet.number(row, column, number(&value), budget)?,
                    "s" => {
                        let text = value.trim().parse().ok().and_then(|index: usize| texts.get(index)).ok_or_else(damaged)?;
                        sheet.text(row, column, text, budget)?;
                    }
                    "str" | "inlineStr" => sheet.text(row, column, &value, budget)?,
                    // Truths, errors and dates are nothing that phyphox writes.
                    _ => {}
                }
                column += 1;
            }
            Found::Close("row") => (row, column) = (row.saturating_add(1), 0),
            _ => {}
        }
        Ok(())
    })
}

/// Row and column, counted from 0, of a place such as `B12`.
fn place(text: &str) -> Option<(u32, u32)> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at(digits);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let letter = letter.is_ascii_alphabetic().then(|| u32::from(letter.to_ascii_uppercase() - b'A') + 1)?;
        column.checked_mul(26)?.checked_add(letter)
    })?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

/// What matters of a file of XML, by local names.
enum Found<'a> {
    Open(&'a str, &'a BytesStart<'a>),
    Text(&'a str),
    Close(&'a str),
}

/// Tells `take` each event; an empty element opens and closes.
fn each(text: &str, mut take: impl FnMut(Found<'_>) -> Result<(), ExportError>) -> Result<(), ExportError> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut depth = 0_u32;
    loop {
        match reader.read_event().map_err(|_| damaged())? {
            Event::DocType(_) => return Err(ExportError::Unknown("a workbook has no document type".to_owned())),
            Event::Start(element) => {
                depth += 1;
                if depth > super::DEEPEST {
                    return Err(damaged());
                }
                take(Found::Open(element.local_name().as_ref(), &element))?;
            }
            Event::Empty(element) => {
                take(Found::Open(element.local_name().as_ref(), &element))?;
                take(Found::Close(element.local_name().as_ref()))?;
            }
            Event::Text(text) => take(Found::Text(&text.xml10_content()))?,
            Event::CData(text) => take(Found::Text(&text.xml10_content()))?,
            Event::GeneralRef(name) => match name.resolve_char_ref().map_err(|_| damaged())? {
                Some(c) => take(Found::Text(c.encode_utf8(&mut [0; 4])))?,
                None => take(Found::Text(resolve_predefined_entity(&name.xml10_content()).unwrap_or_default()))?,
            },
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                take(Found::Close(element.local_name().as_ref()))?;
            }
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(damaged()),
            _ => {}
        }
    }
}

/// An attribute's value by its local name; empty if it is not there.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<String, ExportError> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| damaged())?;
        if attribute.key.local_name().as_ref() == name {
            return Ok(attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|_| damaged())?.into_owned());
        }
    }
    Ok(String::new())
}

#[cfg(test)]
mod tests;
