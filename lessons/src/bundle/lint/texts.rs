//! The texts: whether every language has one, with every section, and without markup.

use std::collections::BTreeSet;

use super::{no_text, say};
use crate::bundle::Bundle;
use crate::bundle::fixture::whole_file;
use crate::bundle::markdown::{SECTIONS, Trouble, read};
use crate::template::read::Lines;
use crate::template::{Finding, Language, Level, Template, Text, nearest};

/// Looks at the texts; the pictures they show.
pub(super) fn lint(bundle: &Bundle, template: Option<&Template>, findings: &mut Vec<Finding>) -> BTreeSet<String> {
    let mut pictures = BTreeSet::new();
    for language in Language::ALL {
        let file = format!("{}.md", language.name());
        let wanted = template.map(|template| template.languages.contains(&language));
        match (bundle.file(&file), wanted) {
            (None, Some(true)) => {
                let text = say("Diese Datei fehlt; languages nennt die Sprache.", "This file is missing; languages names the language.");
                let fix = say("Schreibe sie oder nimm die Sprache aus languages.", "Write it, or take the language out of languages.");
                findings.push(whole_file(&file, Level::Error, "missing_file", text, fix));
            }
            (Some(_), Some(false)) => {
                let text = say("languages nennt diese Sprache nicht.", "languages does not name this language.");
                let fix = say("Ergänze sie dort oder lass die Datei weg.", "Add it there, or leave out the file.");
                findings.push(whole_file(&file, Level::Warning, "unused", text, fix));
            }
            _ => {}
        }
        if bundle.file(&file).is_none() {
            continue;
        }
        let Some(text) = bundle.text(&file) else {
            findings.push(no_text(&file));
            continue;
        };
        let lines = Lines::of(text);
        let found = read(text, language, "");
        for (place, trouble) in found.troubles {
            let (level, code, what, fix) = words(&trouble, language);
            let (line, column) = lines.position(text, place);
            findings.push(Finding { line, column, ..whole_file(&file, level, code, what, fix) });
        }
        for picture in &found.pictures {
            if bundle.file(picture).is_none() {
                let line = text.lines().position(|line| line.contains(picture.as_str())).map_or(0, |line| line as u32 + 1);
                let what = say(format!("Das Bild {picture} fehlt."), format!("The picture {picture} is missing."));
                let fix = say("Lege es in den Ordner assets.", "Put it into the folder assets.");
                findings.push(Finding { line, column: 1, ..whole_file(&file, Level::Error, "missing_picture", what, fix) });
            }
        }
        pictures.extend(found.pictures);
    }
    pictures
}

fn words(trouble: &Trouble, language: Language) -> (Level, &'static str, Text, Text) {
    let headings = || {
        let of = |(_, de, en): &(&str, &'static str, &'static str)| if language == Language::De { *de } else { *en };
        SECTIONS.iter().map(of).collect::<Vec<_>>()
    };
    let error = |code, text, fix| (Level::Error, code, text, fix);
    match trouble {
        Trouble::UnknownHeading(found) => {
            let fix = match nearest(found, headings()) {
                Some(near) => say(format!("Ist „{near}“ gemeint?"), format!("Did you mean “{near}”?")),
                None => say(format!("Möglich: {}.", headings().join(", ")), format!("Possible: {}.", headings().join(", "))),
            };
            error(
                "heading",
                say(format!("Die Überschrift „{found}“ kennt das Format nicht."), format!("The format has no heading “{found}”.")),
                fix,
            )
        }
        Trouble::Twice(heading) => error(
            "twice",
            say(format!("„{heading}“ steht zweimal da."), format!("“{heading}” stands twice.")),
            say("Fasse beides zusammen.", "Put both together."),
        ),
        Trouble::Order(heading) => error(
            "order",
            say(format!("„{heading}“ steht zu weit hinten."), format!("“{heading}” stands too far down.")),
            say(format!("Die Reihenfolge ist: {}.", headings().join(", ")), format!("The order is: {}.", headings().join(", "))),
        ),
        Trouble::Missing(heading) => error(
            "missing",
            say(format!("Der Abschnitt „{heading}“ fehlt."), format!("The section “{heading}” is missing.")),
            say(format!("Ergänze ## {heading}"), format!("Add ## {heading}")),
        ),
        Trouble::Empty(heading) => error(
            "empty",
            say(format!("Der Abschnitt „{heading}“ ist leer."), format!("The section “{heading}” is empty.")),
            say("Schreibe etwas.", "Write something."),
        ),
        Trouble::Outside => error(
            "outside",
            say("Dieser Text steht in keinem Abschnitt.", "This text stands in no section."),
            say(
                "Der Titel steht in lesson.toml; alles andere unter einer ##-Überschrift.",
                "The title stands in lesson.toml; all else below a ## heading.",
            ),
        ),
        Trouble::Html => error(
            "html",
            say("HTML ist nicht erlaubt.", "HTML is not allowed."),
            say("Schreibe Markdown; ein < als \\<.", "Write Markdown; a < as \\<."),
        ),
        Trouble::Link(address) => error(
            "link",
            say(format!("„{address}“ ist keine https-Adresse."), format!("“{address}” is no https address.")),
            say("Verweise beginnen mit https://.", "Links begin with https://."),
        ),
        Trouble::Picture(path) => error(
            "picture_path",
            say(format!("Das Bild „{path}“ liegt nicht in assets."), format!("The picture “{path}” is not in assets.")),
            say("![Beschreibung](assets/name.png)", "![description](assets/name.png)"),
        ),
        Trouble::NoAlt(path) => error(
            "alt",
            say(format!("Das Bild „{path}“ ist nicht beschrieben."), format!("The picture “{path}” is not described.")),
            say(
                format!("Sage in den eckigen Klammern, was zu sehen ist: ![…]({path})"),
                format!("Say in the square brackets what it shows: ![…]({path})"),
            ),
        ),
        Trouble::Deep => error(
            "deep",
            say("Zu viele Listen ineinander.", "Too many lists within lists."),
            say("Schreibe es flacher.", "Write it flatter."),
        ),
        Trouble::Hard(index) => (
            Level::Hint,
            "hard",
            say(format!("Für Schülerinnen und Schüler schwer zu lesen (LIX {index})."), format!("Hard to read for pupils (LIX {index}).")),
            say("Kürzere Sätze, kürzere Wörter.", "Shorter sentences, shorter words."),
        ),
    }
}
