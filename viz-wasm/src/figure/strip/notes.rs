//! What stands below the strip: who does not count and why, and who measured by hand. A hollow mark alone explains nothing.

use super::Content;
use crate::figure::layout::Rect;
use crate::model::results::Answer;
use crate::paint::{Look, fit, wrap};
use crate::words::Lang;

/// So many who share a reason are named; more are counted.
const NAMED: usize = 3;
/// Lines of notes at most, in a figure of at least so many heights of type; else one. What they take the marks lack.
const LINES: (usize, f64) = (2, 12.0);

/// Every note as a sentence without its full stop.
pub(crate) fn all(content: &Content<'_>, lang: Lang) -> Vec<String> {
    uncounted(content, lang, true).into_iter().chain(by_hand(content, lang)).collect()
}

/// `2 nicht gezählt: 7 Otter (verrutscht), 9 Fuchs (verrutscht)`.
fn uncounted(content: &Content<'_>, lang: Lang, names: bool) -> Option<String> {
    let mut reasons: Vec<(&str, Vec<&Answer>)> = Vec::new();
    let mut count = 0;
    for answer in content.answers.iter().filter(|answer| !answer.counts()) {
        count += 1;
        let reason = answer.reason(lang).unwrap_or_default();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            // A Thing with several Runs is named once.
            Some((_, whose)) if whose.iter().any(|other| other.thing == answer.thing) => {}
            Some((_, whose)) => whose.push(answer),
            None => reasons.push((reason, vec![answer])),
        }
    }
    let name = |answer: &&Answer| {
        let nickname = if names { answer.nickname.as_str() } else { "" };
        format!("{} {nickname}", answer.number).trim_end().to_owned()
    };
    let told = |(reason, whose): (&str, Vec<&Answer>)| {
        let who = if whose.len() > NAMED {
            format!("{} {}", whose.len(), lang.pick("Handys", "phones"))
        } else {
            whose.iter().map(name).collect::<Vec<_>>().join(", ")
        };
        if reason.is_empty() { who } else { format!("{who} ({reason})") }
    };
    let told: Vec<String> = reasons.into_iter().map(told).collect();
    (count > 0).then(|| format!("{count} {}: {}", lang.pick("nicht gezählt", "not counted"), told.join(", ")))
}

fn by_hand(content: &Content<'_>, lang: Lang) -> Option<String> {
    let count = content.answers.iter().filter(|answer| answer.by_hand).count();
    (count > 0).then(|| format!("{count} {} (+)", lang.pick("von Hand gemessen", "measured by hand")))
}

/// The notes in lines that fit the sheet: with names, or with numbers alone where those need less. What does not fit even so
/// ends with an ellipsis and stands in the table.
pub(crate) fn lines(content: &Content<'_>, sheet: Rect, look: &Look) -> Vec<String> {
    let room = f64::from(sheet.width() - look.em(0.8));
    let most = if sheet.height() < look.em(LINES.1) { 1 } else { LINES.0 };
    let [long, short] = [true, false].map(|names| {
        let notes = uncounted(content, look.lang, names).into_iter().chain(by_hand(content, look.lang));
        wrap(&notes.collect::<Vec<_>>().join(" · "), look.text, room)
    });
    let mut lines = if long.len() > 1 && short.len() < long.len() { short } else { long };
    if lines.len() > most {
        let rest = lines.split_off(most - 1).join(" ");
        lines.push(fit(&rest, look.text, room));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::model::results::Results;
    use crate::paint::Theme;

    fn check(answers: &str, lang: Lang, width: i32, expected: &[&str]) {
        let mut model = Model::default();
        model.set_results(Results::parse(&format!(r#"{{"outcomes":[{answers}]}}"#)).unwrap());
        let look = Look { theme: Theme::Light, lang, text: 10.0, line: 2.0 };
        let content = Content::of(&model).unwrap();
        assert_eq!(lines(&content, Rect::sheet((width, 300)), &look), expected);
    }

    fn answer(number: u32, more: &str) -> String {
        let thing = messwerk_lessons::id::ThingId(number.into());
        format!(r#"{{"thing":"{thing}","number":{number},"nickname":"N","name":"g","value":9.8,"uncertainty":0.1,"unit":"m/s2"{more}}}"#)
    }

    #[test]
    fn every_reason_stands_below_the_plot_in_the_readers_language() {
        let slipped = r#","excluded":"verrutscht""#;
        let undone = r#","excluded":"zurückgenommen · taken back","undone":true"#;
        check(&answer(1, ""), Lang::De, 1000, &[]);
        check(&answer(7, slipped), Lang::De, 1000, &["1 nicht gezählt: 7 N (verrutscht)"]);
        check(&answer(7, undone), Lang::De, 1000, &["1 nicht gezählt: 7 N (Messung zurückgenommen)"]);
        let all: Vec<String> = (1..=5).map(|number| answer(number, undone)).chain([answer(6, slipped)]).collect();
        check(&all.join(","), Lang::En, 1000, &["6 not counted: 5 phones (measurement taken back), 6 N (verrutscht)"]);
        check(&answer(2, r#","run":0,"by_hand":true"#), Lang::En, 1000, &["1 measured by hand (+)"]);
    }

    #[test]
    fn they_take_two_lines_at_most_and_numbers_alone_where_that_saves_one() {
        let slipped = r#","excluded":"weit verrutscht""#;
        let one = answer(7, slipped).replace(r#""N""#, r#""Gelber Wolf""#);
        check(&one, Lang::De, 240, &["1 nicht gezählt: 7 (weit verrutscht)"]);
        let many: Vec<String> = (1..=3).map(|number| answer(number, slipped)).collect();
        let mut model = Model::default();
        model.set_results(Results::parse(&format!(r#"{{"outcomes":[{}]}}"#, many.join(","))).unwrap());
        let look = Look { theme: Theme::Light, lang: Lang::De, text: 10.0, line: 2.0 };
        let content = Content::of(&model).unwrap();
        let told = |width, height| lines(&content, Rect::sheet((width, height)), &look);
        assert_eq!(told(110, 300).len(), 2);
        assert!(told(110, 300)[1].ends_with('…'), "{:?}", told(110, 300));
        assert_eq!(told(110, 100).len(), 1, "a flat figure has one line");
    }
}
