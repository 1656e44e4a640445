//! CSV in phyphox's five dialects, told apart by the header and the first numbers.

use super::{Budget, ExportError, Table, number};

/// How cells are separated and decimals written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dialect {
    separator: u8,
    decimal_comma: bool,
}

/// Reads one table.
///
/// # Errors
/// No header, bytes that are no rows of cells, or more of them than the budget has.
pub(super) fn read(name: &str, bytes: &[u8], budget: &mut Budget<'_>) -> Result<Table, ExportError> {
    let text = String::from_utf8_lossy(bytes);
    // Excel saves UTF-8 with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    let dialect = dialect(text);
    let mut reader = csv::ReaderBuilder::new().delimiter(dialect.separator).flexible(true).has_headers(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|_| ExportError::Unknown("no header".to_owned()))?;
    let header: Vec<String> = header.iter().map(|cell| cell.trim().to_owned()).collect();
    if !header.iter().any(|cell| cell.contains('(')) {
        let start: String = header.join(", ").chars().take(120).collect();
        return Err(ExportError::Unknown(format!("no header with units such as \"Time (s)\": {start:?}")));
    }
    let mut columns: Vec<(String, Vec<f64>)> = header.into_iter().map(|cell| (cell, Vec::new())).collect();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|_| ExportError::Damaged(format!("row {} is no row of cells", row + 2)))?;
        // Short rows are filled up: a wide header over empty rows would be a table of any size.
        budget.cells(columns.len())?;
        for (index, (_, values)) in columns.iter_mut().enumerate() {
            let cell = record.get(index).unwrap_or_default();
            values.push(if dialect.decimal_comma { number(&cell.replace(',', ".")) } else { number(cell) });
        }
    }
    Ok(Table { name: name.to_owned(), columns })
}

fn dialect(text: &str) -> Dialect {
    let mut lines = text.lines();
    let header = outside_quotes(lines.next().unwrap_or_default());
    let separator = [b'\t', b';'].into_iter().find(|&separator| header.contains(char::from(separator))).unwrap_or(b',');
    // A cell with a comma can only be a decimal one; cells without decimals say nothing, so a few rows are looked at.
    let decimal_comma = separator != b',' && lines.take(20).any(|line| line.contains(','));
    Dialect { separator, decimal_comma }
}

/// A line without what stands in quotes: names may contain anything.
fn outside_quotes(line: &str) -> String {
    line.split('"').step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Bounds;
    use super::*;

    fn read(name: &str, bytes: &[u8]) -> Result<Table, ExportError> {
        super::read(name, bytes, &mut Budget::new(&Bounds::default()))
    }

    fn check(text: &str, expected: &[(&str, &[f64])]) {
        let table = read("Raw Data", text.as_bytes()).unwrap();
        let columns: Vec<(&str, &[f64])> = table.columns.iter().map(|(name, values)| (name.as_str(), values.as_slice())).collect();
        assert_eq!(format!("{columns:?}"), format!("{expected:?}"), "{text:?}");
    }

    #[test]
    fn five_dialects_say_the_same() {
        let expected: [(&str, &[f64]); 2] = [("Time (s)", &[0.5, 1.25]), ("Pressure (hPa)", &[939.8, -12.0])];
        check("\"Time (s)\",\"Pressure (hPa)\"\n5.0E-1,9.398E2\n1.25E0,-1.2E1\n", &expected);
        check("\"Time (s)\"\t\"Pressure (hPa)\"\n5.0E-1\t9.398E2\n1.25E0\t-1.2E1\n", &expected);
        check("\"Time (s)\";\"Pressure (hPa)\"\n5.0E-1;9.398E2\n1.25E0;-1.2E1\n", &expected);
        check("\"Time (s)\"\t\"Pressure (hPa)\"\n5,0E-1\t9,398E2\n1,25E0\t-1,2E1\n", &expected);
        check("\"Time (s)\";\"Pressure (hPa)\"\n5,0E-1;9,398E2\n1,25E0;-1,2E1\n", &expected);
    }

    #[test]
    fn excel_saves_with_a_mark_and_without_quotes() {
        check("\u{feff}Time (s);Pressure (hPa)\r\n0.5;1\r\n", &[("Time (s)", &[0.5]), ("Pressure (hPa)", &[1.0])]);
        check("Time (s);Height; unit (m)\r\n0;1;2\r\n", &[("Time (s)", &[0.0]), ("Height", &[1.0]), ("unit (m)", &[2.0])]);
        check("\"Time, all (s)\";\"a;b (m)\"\n0,5;1\n", &[("Time, all (s)", &[0.5]), ("a;b (m)", &[1.0])]);
    }

    #[test]
    fn what_is_missing_is_no_number() {
        let nan = f64::NAN;
        check("\"Time (s)\",\"a (m)\"\n0,NaN\n1,\"\"\n2,\u{fffd}\n3\n", &[("Time (s)", &[0.0, 1.0, 2.0, 3.0]), ("a (m)", &[nan; 4])]);
        check("\"Time (s)\";\"a (m)\"\n0,5;∞\n1,5;-∞\n", &[("Time (s)", &[0.5, 1.5]), ("a (m)", &[f64::INFINITY, f64::NEG_INFINITY])]);
    }

    #[test]
    fn text_is_no_table() {
        assert!(read("x", b"").is_err());
        assert!(read("x", b"Dear diary,\ntoday we measured\n").is_err());
    }
}
