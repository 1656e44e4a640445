//! CSV of any kind as leaves.

use super::super::MAX_VALUES;
use super::super::json::Scalar;

/// The cells of a table with the number of their row and the name of their column as a path: `*.temp`, and `*.2` for the second column
/// of a table without a header. A single cell is a bare value, with an empty path. Semicolons and tabs separate before commas
/// do, so that decimal commas stay.
pub(super) fn leaves(text: &str) -> (Vec<(String, Scalar)>, usize) {
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t', b','].into_iter().find(|sign| first.bytes().any(|byte| byte == *sign));
    let Some(delimiter) = delimiter.or_else(|| text.contains('\n').then_some(b',')) else {
        return (vec![(String::new(), Scalar::Text(text.trim().chars().take(128).collect()))], 0);
    };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let (mut leaves, mut left, mut names, mut row) = (Vec::new(), 0, None, 0_usize);
    for record in reader.records() {
        let Ok(record) = record else {
            left += 1;
            continue;
        };
        let is_number = |cell: &str| cell.replace(',', ".").parse::<f64>().is_ok();
        if names.is_none() {
            let header = !record.iter().any(is_number);
            names = Some(if header { record.iter().map(|name| name.chars().take(80).collect()).collect() } else { Vec::<String>::new() });
            if header {
                continue;
            }
        }
        for (column, cell) in record.iter().enumerate() {
            let name = names.as_ref().and_then(|names| names.get(column)).filter(|name| !name.is_empty());
            if leaves.len() >= MAX_VALUES {
                left += 1;
                continue;
            }
            let path = match name {
                Some(name) => format!("{row}.{name}"),
                None => format!("{row}.{}", column + 1),
            };
            leaves.push((path, Scalar::Text(cell.chars().take(128).collect())));
        }
        row += 1;
    }
    (leaves, left)
}
