//! The strip in words and as a table.

use super::Table;
use crate::board::Board;
use crate::figure::strip::{Content, notes};
use crate::model::results::Class;
use crate::words::{Lang, in_unit, number, with_unit};

/// `30 phones, mean g = 9.79 ± 0.03 m/s² (95 %), literature 9.81 m/s² lies inside.`
pub(super) fn summary(board: &Board) -> String {
    let lang = board.lang();
    let Some(content) = Content::of(board.model()) else { return lang.pick("Noch kein Ergebnis.", "No result yet.").to_owned() };
    let n = content.counted();
    let mut text = match (lang, n) {
        (Lang::De, 1) => "1 Handy".to_owned(),
        (Lang::De, _) => format!("{n} Handys"),
        (Lang::En, 1) => "1 phone".to_owned(),
        (Lang::En, _) => format!("{n} phones"),
    };
    if let Some(class) = content.class {
        text += &class_text(content.name, &content.unit, class, lang);
    }
    text.push('.');
    for note in notes::all(&content, lang) {
        text += &format!(" {note}.");
    }
    let pending = board.model().results().pending.len();
    if pending > 0 {
        text += &match lang {
            Lang::De => format!(" {pending} noch ohne Ergebnis."),
            Lang::En => format!(" {pending} without a result yet."),
        };
    }
    text
}

/// The mean with its interval and how it stands to the value in books, from a comma on.
pub(crate) fn class_text(name: &str, unit: &str, class: &Class, lang: Lang) -> String {
    let Some(mean) = class.mean else { return String::new() };
    let Some((low, high)) = class.ci95 else {
        let few = lang.pick("für ein Intervall braucht es mindestens zwei", "an interval needs at least two");
        return format!(", {name} = {}; {few}", with_unit(&number::plain(mean, lang), unit));
    };
    let half = (high - low) / 2.0;
    let mean_text = number::with_uncertainty(mean, half, lang);
    let mut text = format!(", {} {name} = {} (95 %)", lang.pick("Mittel", "mean"), with_unit(&mean_text, unit));
    if let Some(reference) = &class.reference {
        let label = match reference.label.get(lang) {
            "" => lang.pick("Literatur", "literature"),
            label => label,
        };
        let value = number::shortest(reference.value, lang);
        // Compared by the interval of the difference, with the reference's own tolerance in it.
        let reach = half.hypot(reference.tolerance);
        let verdict = if (low..=high).contains(&reference.value) {
            lang.pick("liegt darin", "lies inside").to_owned()
        } else {
            let difference = number::with_uncertainty(mean - reference.value, reach, lang);
            let compatible = (mean - reference.value).abs() <= reach;
            let word = if compatible { lang.pick("verträglich", "compatible") } else { lang.pick("nicht verträglich", "not compatible") };
            format!(
                "{}: {} {}, {word}",
                lang.pick("liegt außerhalb", "lies outside"),
                lang.pick("Differenz", "difference"),
                with_unit(&difference, unit)
            )
        };
        text += &format!(", {label} {} {verdict}", with_unit(&value, unit));
    }
    text
}

/// Every answer, then the class's and the reference, then who has none.
pub(super) fn table(board: &Board) -> Table {
    let lang = board.lang();
    let Some(content) = Content::of(board.model()) else { return Table::default() };
    let columns = vec![
        lang.pick("Nr.", "no.").to_owned(),
        lang.pick("Handy", "phone").to_owned(),
        in_unit(content.name, &content.unit),
        in_unit(lang.pick("Unsicherheit", "uncertainty"), &content.unit),
        lang.pick("Bemerkung", "note").to_owned(),
    ];
    let row = |value: f64, uncertainty: f64| {
        let decimals = number::decimals_of_uncertainty(uncertainty);
        [number::fixed(value, decimals, lang), number::fixed(uncertainty, decimals, lang)]
    };
    let mut rows: Vec<Vec<String>> = content
        .answers
        .iter()
        .map(|answer| {
            let [value, uncertainty] = row(answer.value, answer.uncertainty);
            vec![answer.number.to_string(), answer.nickname.clone(), value, uncertainty, answer.note(lang)]
        })
        .collect();
    if let Some(class) = content.class {
        let head = lang.pick("Klasse", "class").to_owned();
        if let (Some(mean), Some((low, high))) = (class.mean, class.ci95) {
            let [value, half] = row(mean, (high - low) / 2.0);
            let note = lang.pick("Mittel mit 95-%-Intervall", "mean with 95 % interval").to_owned();
            rows.push(vec![format!("n = {}", class.n), head, value, half, note]);
        }
        if let Some(reference) = &class.reference {
            let tolerance = number::shortest(reference.tolerance, lang);
            let value = number::shortest(reference.value, lang);
            rows.push(vec!["–".to_owned(), reference.label.get(lang).to_owned(), value, tolerance, String::new()]);
        }
    }
    rows.extend(board.model().results().pending.iter().map(|pending| {
        let dash = || "–".to_owned();
        vec![pending.number.to_string(), pending.nickname.clone(), dash(), dash(), pending.reason.get(lang).to_owned()]
    }));
    Table { caption: String::new(), columns, rows }
}
