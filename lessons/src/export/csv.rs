//! CSV in phyphox's five dialects, told apart by the header and the first numbers.

use std::borrow::Cow;

use super::{Budget, ExportError, Table, number};

/// How cells are separated and decimals written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dialect {
    separator: char,
    decimal_comma: bool,
}

/// Bytes of the longest row. Own code splits them: a reader that knows every CSV takes a whole file for one row if it is
/// quoted so, and notes where each of its cells ends.
const ROW: usize = 1 << 20;

/// Reads one table.
///
/// # Errors
/// No header, bytes that are no rows of cells, or more of them than the budget has.
pub(super) fn read(name: &str, bytes: &[u8], budget: &mut Budget<'_>) -> Result<Table, ExportError> {
    // Excel saves UTF-8 with a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = || bytes.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty());
    let first = lines().next().unwrap_or_default();
    let start = String::from_utf8_lossy(first.get(..ROW).unwrap_or(first));
    let dialect = dialect(&start, lines().skip(1));
    if first.len() > ROW || !cells(&start, dialect.separator).any(|cell| cell.contains('(')) {
        let start: String = cells(&start, dialect.separator).take(40).collect::<Vec<_>>().join(", ").chars().take(120).collect();
        return Err(ExportError::Unknown(format!("no header with units such as \"Time (s)\": {start:?}")));
    }
    let mut columns: Vec<(String, Vec<f64>)> = Vec::new();
    for cell in cells(&start, dialect.separator) {
        let header = cell.trim();
        budget.header(header)?;
        columns.push((header.to_owned(), Vec::new()));
    }
    for (row, line) in lines().enumerate().skip(1) {
        if line.len() > ROW {
            return Err(ExportError::Damaged(format!("row {} is no row of cells", row + 1)));
        }
        // Short rows are filled up: a wide header over empty rows would be a table of any size.
        budget.cells(columns.len())?;
        let line = String::from_utf8_lossy(line);
        let mut row = cells(&line, dialect.separator);
        for (_, values) in &mut columns {
            let cell = row.next().unwrap_or_default();
            values.push(if dialect.decimal_comma { number(&cell.replace(',', ".")) } else { number(&cell) });
        }
    }
    Ok(Table { name: name.to_owned(), columns })
}

/// The cells of a row: in quotes a cell may hold separators, and a quote twice.
fn cells(line: &str, separator: char) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let (cell, behind) = match line.strip_prefix('"') {
            Some(quoted) => {
                let mut quotes = quoted.match_indices('"').map(|(at, _)| at);
                let mut end = quotes.next();
                while end.is_some_and(|at| quoted[at + 1..].starts_with('"')) {
                    quotes.next();
                    end = quotes.next();
                }
                let end = end.unwrap_or(quoted.len());
                let cell = &quoted[..end];
                let cell = if cell.contains('"') { Cow::Owned(cell.replace("\"\"", "\"")) } else { Cow::Borrowed(cell) };
                (cell, quoted.get(end + 1..).unwrap_or_default())
            }
            None => (Cow::Borrowed(""), line),
        };
        let (more, next) = match behind.split_once(separator) {
            Some((more, next)) => (more, Some(next)),
            None => (behind, None),
        };
        rest = next;
        Some(if more.is_empty() {
            cell
        } else if cell.is_empty() {
            Cow::Borrowed(more)
        } else {
            cell + more
        })
    })
}

fn dialect<'a>(header: &str, rows: impl Iterator<Item = &'a [u8]>) -> Dialect {
    let header = outside_quotes(header);
    let separator = ['\t', ';'].into_iter().find(|&separator| header.contains(separator)).unwrap_or(',');
    // A cell with a comma can only be a decimal one; cells without decimals say nothing, so a few rows are looked at.
    let decimal_comma = separator != ',' && rows.take(20).any(|row| row.contains(&b','));
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
    fn a_row_is_split_outside_quotes() {
        let check = |line: &str, expected: &[&str]| {
            let found: Vec<String> = cells(line, ',').map(Cow::into_owned).collect();
            assert_eq!(found, expected, "{line}");
        };
        check("", &[""]);
        check("a,,b,", &["a", "", "b", ""]);
        check("\"a,b\",\"\",c", &["a,b", "", "c"]);
        check("\"a\"\"b\",\"\"\"\"", &["a\"b", "\""]);
        check("\"a\"x,\"open,b", &["ax", "open,b"]);
        check("a\"b,c\"", &["a\"b", "c\""]);
    }

    #[test]
    fn a_wide_row_is_refused_before_it_is_split() {
        let check = |text: String, expected: &str| {
            let error = read("x", text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected) && error.len() < 300, "{error}");
        };
        check("Time (s)".to_owned() + &",".repeat(1 << 21), "no header");
        check("Time (s)".to_owned() + &",".repeat(100_000), "names and texts");
        check(format!("Time (s),{} (m)\n0,1\n", "x".repeat(300)), "more than 200 characters");
        check("Time (s),a (m)\n".to_owned() + &",".repeat(1 << 21), "row 2 is no row");
    }

    #[test]
    fn text_is_no_table() {
        assert!(read("x", b"").is_err());
        assert!(read("x", b"Dear diary,\ntoday we measured\n").is_err());
    }
}
