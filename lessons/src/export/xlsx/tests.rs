use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::Bounds;
use super::*;

/// A workbook of one sheet file that `names` sheets point at.
fn workbook(names: &[&str], texts: &str, sheet: &str) -> Vec<u8> {
    let named: String = names.iter().map(|name| format!(r#"<sheet name="{name}" sheetId="1" r:id="s"/>"#)).collect();
    let files = [
        (WORKBOOK, format!("<workbook><sheets>{named}</sheets></workbook>")),
        (
            RELATIONS,
            r#"<Relationships><Relationship Id="s" Type="x/worksheet" Target="worksheets/a.xml"/>
            <Relationship Id="t" Type="x/sharedStrings" Target="/xl/texts.xml"/></Relationships>"#
                .to_owned(),
        ),
        ("xl/texts.xml", format!(r#"<sst uniqueCount="4000000000000">{texts}</sst>"#)),
        ("xl/worksheets/a.xml", format!("<x:worksheet><x:sheetData>{sheet}</x:sheetData></x:worksheet>")),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn content(bytes: &[u8]) -> Result<Content, ExportError> {
    super::super::content("export", bytes, &Bounds::default())
}

const TEXTS: &str = "<si><t>Time (s)</t></si><si><r><t>Pressure</t></r><r><t> (&#104;Pa&gt;</t></r></si>";

#[test]
fn cells_lie_where_they_say_or_behind_the_one_before() {
    let sheet = r#"<x:row r="1"><x:c t="s"><x:v>0</x:v></x:c><c r="B1" t="s"><v>1</v></c><c t="inlineStr"><is><t>a</t></is></c></x:row>
        <row><c><v>0.5</v></c><c t="n"><f>1+1</f><v>2</v></c><c t="b"><v>1</v></c></row>
        <row r="4"><c r="A4"><v>1.5E0</v></c><c r="C4" t="str"><v>∞</v></c><c/></row>"#;
    let tables = content(&workbook(&["Raw"], TEXTS, sheet)).unwrap().tables;
    let nan = f64::NAN;
    let expected = [("Time (s)", [0.5, nan, 1.5]), ("Pressure (hPa>", [2.0, nan, nan]), ("a", [nan, nan, f64::INFINITY])];
    let found: Vec<(&str, &[f64])> = tables[0].columns.iter().map(|(name, values)| (name.as_str(), values.as_slice())).collect();
    assert_eq!(format!("{found:?}"), format!("{expected:?}"));
}

#[test]
fn places_are_read() {
    for (text, expected) in [
        ("A1", Some((0, 0))),
        ("b12", Some((11, 1))),
        ("XFD1048576", Some((ROWS - 1, COLUMNS - 1))),
        ("A0", None),
        ("1", None),
        ("A", None),
        ("Ä1", None),
        ("ZZZZZZZZZ1", None),
    ] {
        assert_eq!(place(text), expected, "{text}");
    }
}

#[test]
fn the_times_are_read_and_the_phones_data_is_not() {
    let sheet = r#"<row><c t="str"><v>event</v></c></row>
        <row><c t="str"><v>START</v></c><c><v>1.5</v></c><c><v>1767437012.25</v></c><c t="str"><v>in words</v></c></row>"#;
    let found = content(&workbook(&["Metadata Device", "Metadata Time"], "", sheet)).unwrap();
    let starts: Vec<_> = found.starts.iter().map(|start| (start.experiment, start.system)).collect();
    assert_eq!((starts, found.tables.len()), (vec![(1_500_000, 1_767_437_012_250_000)], 0));
}

#[test]
fn what_a_few_bytes_name_again_and_again_is_refused() {
    let check = |names: &[&str], texts: &str, sheet: &str, expected: &str| {
        let bytes = workbook(names, texts, sheet);
        let error = content(&bytes).unwrap_err();
        assert!(matches!(&error, ExportError::TooLarge(text) if text.contains(expected) && text.len() < 400), "{error}");
    };
    let naming = |row: u32, cells: u32| format!(r#"<row r="{row}">{}</row>"#, r#"<c t="s"><v>0</v></c>"#.repeat(cells as usize));
    let text = |letters: usize| format!("<si><t>{}</t></si>", "x".repeat(letters));
    // Cells of the first row that all name one long text, a text that is too long for any, and as many short ones as fit.
    check(&["Raw"], &text(400_000), &naming(1, 9000), "more than 200 characters");
    check(&["Raw"], &text(200), &naming(1, 16_000), "names and texts");
    check(&["Raw"], &text(5 << 20), "", "unpacks to more");
    // A sheet that many names point at is unpacked for each of them, and paid for.
    check(&["Raw"; 150], "", &naming(1, 0).repeat(1000), "unpacks to more");
    check(&["Raw"; 201], "", "", "201 sheets");
    // One column takes one text, however often it is named.
    let one = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#.repeat(15_000);
    assert_eq!(content(&workbook(&["Raw"], &text(200), &one)).unwrap().tables[0].columns.len(), 1);
    // Below the header it is no number, and is not read for each cell.
    let below = naming(2, 15_000);
    assert_eq!(content(&workbook(&["Raw"], &text(400_000), &below)).unwrap().tables[0].columns.len(), 0);
}

#[test]
fn what_is_no_workbook_is_damaged() {
    let damaged = |bytes: Vec<u8>| assert!(matches!(content(&bytes).unwrap_err(), ExportError::Damaged(_)));
    damaged(workbook(&["Raw"], "", r#"<row><c r="A0"><v>1</v></c></row>"#));
    damaged(workbook(&["Raw"], "", r#"<row><c r="XFE1"><v>1</v></c></row>"#));
    damaged(workbook(&["Raw"], "", r#"<row><c t="s"><v>7</v></c></row>"#));
    damaged(workbook(&["Raw"], "", "<row>"));
    damaged(workbook(&["Raw"], "", &"<a>".repeat(1000)));
}
