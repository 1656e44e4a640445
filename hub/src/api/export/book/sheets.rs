//! The sheets of a workbook that are not readings.

use std::collections::BTreeMap;

use messwerk_lessons::Micros;
use messwerk_lessons::quantity::ObservedProperty;
use messwerk_lessons::template::{Input, Template};
use messwerk_query::{Cell, LessonOutcomes, Missing, ThingOutcome, Workbook};
use messwerk_store::catalogue::{Lesson, Thing};
use messwerk_viz_wasm::words::{Lang, in_unit, property_name, unit};

use crate::api::export::names::day;
use crate::api::problem::Problem;
use crate::api::questions::rfc3339;
use crate::discuss::words::part;

/// One row a result, with what was found on the way and what was entered.
pub(super) fn results(
    book: &mut Workbook,
    template: &Template,
    outcomes: &LessonOutcomes,
    things: &[Thing],
    language: &str,
) -> Result<(), Problem> {
    let lang = Lang::from_tag(language);
    let word = |de: &str, en: &str| lang.pick(de, en).to_owned();
    let mut steps: Vec<(&str, &str)> = vec![];
    for step in outcomes.outcomes.iter().flat_map(|outcome| &outcome.steps) {
        if !steps.iter().any(|(name, _)| *name == step.name) {
            steps.push((&step.name, &step.quantity.unit));
        }
    }
    let entered = entries(template, things.iter().map(|thing| &thing.inputs));
    let result = outcomes.outcomes.first().map_or("", |outcome| &outcome.unit);
    let name = &template.outcome;
    let both = |name: &str, of: &str| [(in_unit(name, &unit(of)), 14), (in_unit(&format!("u({name})"), &unit(of)), 14)];
    let mut headings = vec![
        (word("Nr.", "no."), 6),
        (word("Gruppe", "group"), 20),
        (word("Aufnahme", "recording"), 10),
        (word("von Hand", "by hand"), 10),
    ];
    headings.extend(both(name, result));
    headings.push((word("zählt", "counts"), 8));
    headings.push((word("Grund, wenn nicht", "reason if not"), 30));
    headings.extend(steps.iter().flat_map(|(name, unit)| both(name, unit)));
    headings.extend(entered.iter().map(|(name, input)| {
        let known = input.map_or((name.as_str(), ""), |input| (input.name.as_str(), input.unit.as_str()));
        let label = input.map_or(name.as_str(), |input| input.label.in_language(language));
        let label = if known.0 == name { label.to_owned() } else { format!("{label} ({name})") };
        (in_unit(&label, &unit(known.1)), 18)
    }));
    book.sheet(&word("Ergebnisse", "Results"), &headings)?;
    for outcome in &outcomes.outcomes {
        let ThingOutcome { thing, number, nickname, run, by_hand, value, uncertainty, excluded, .. } = outcome;
        let mut cells: Vec<Cell> = vec![
            (*number).into(),
            nickname.as_str().into(),
            (!by_hand).then_some(*run).into(),
            u32::from(*by_hand).into(),
            (*value).into(),
            (*uncertainty).into(),
            u32::from(excluded.is_none()).into(),
            excluded.as_deref().into(),
        ];
        for (wanted, _) in &steps {
            let found = outcome.steps.iter().find(|step| step.name == *wanted).map(|step| &step.quantity);
            cells.push(found.map(|found| found.value).into());
            cells.push(found.map(|found| found.uncertainty).into());
        }
        let inputs = things.iter().find(|one| one.id == *thing).map(|one| &one.inputs);
        cells.extend(entered.iter().map(|(name, _)| Cell::from(inputs.and_then(|inputs| inputs.get(name)).copied())));
        book.row(&cells)?;
    }
    Ok(())
}

/// What somebody entered, with the input it belongs to; lists are entered as `h.1`, `h.2`.
pub(crate) fn entries<'a, 'e>(
    template: &'a Template,
    entered: impl IntoIterator<Item = &'e BTreeMap<String, f64>>,
) -> Vec<(String, Option<&'a Input>)> {
    let mut names: Vec<&String> = entered.into_iter().flat_map(BTreeMap::keys).collect();
    names.sort();
    names.dedup();
    let of = |name: &str| name.split('.').next().and_then(|list| template.input(name).or_else(|| template.input(list)));
    let mut entries: Vec<_> = names.into_iter().map(|name| (name.clone(), of(name))).collect();
    let place = |input: &Option<&Input>| template.inputs.iter().position(|one| input.is_some_and(|input| input.name == one.name));
    entries.sort_by_key(|(name, input)| (place(input).unwrap_or(usize::MAX), list_place(name), name.clone()));
    entries
}

/// The 10 of `h.10`, which comes after the 9.
fn list_place(name: &str) -> u32 {
    name.rsplit_once('.').and_then(|(_, place)| place.parse().ok()).unwrap_or(0)
}

/// What the class made of them, and who is not in it.
pub(super) fn class(book: &mut Workbook, template: &Template, outcomes: &LessonOutcomes, language: &str) -> Result<(), Problem> {
    let lang = Lang::from_tag(language);
    let word = |de: &str, en: &str| lang.pick(de, en).to_owned();
    book.sheet(&word("Klasse", "Class"), &[(word("Was", "what"), 44), (word("Zahl", "number"), 16), (word("Anmerkung", "note"), 60)])?;
    for (name, class) in &outcomes.class {
        let of = |what: String| in_unit(&what, &unit(&class.unit));
        let mut row =
            |label: String, cell: Cell, note: &str| book.row(&[Cell::Text(label), cell, Cell::from((!note.is_empty()).then_some(note))]);
        let count = u32::try_from(class.n).unwrap_or(u32::MAX);
        row(format!("{name}: {}", lang.pick("Ergebnisse, die zählen", "results that count")), count.into(), "")?;
        let unweighted = lang.pick("ungewichtet: jede Gruppe zählt gleich", "unweighted: every group counts the same");
        row(of(format!("{name}: {}", lang.pick("Mittelwert", "mean"))), class.mean.into(), unweighted)?;
        row(of(format!("{name}: {}", lang.pick("Standardabweichung", "standard deviation"))), class.sd.into(), "n − 1")?;
        row(of(format!("{name}: {}", lang.pick("Standardfehler des Mittelwerts", "standard error of the mean"))), class.se.into(), "")?;
        let student = lang.pick("95-%-Intervall des Mittelwerts, Student-t", "95 % interval of the mean, Student's t");
        let ends = class.ci95.map_or([None, None], |[low, high]| [Some(low), Some(high)]);
        row(of(format!("{name}: {}", lang.pick("Intervall von", "interval from"))), ends[0].into(), student)?;
        row(of(format!("{name}: {}", lang.pick("Intervall bis", "interval to"))), ends[1].into(), student)?;
        if let Some(reference) = &template.reference {
            let source = reference.source.in_language(language);
            row(of(reference.label.in_language(language).to_owned()), reference.value.into(), source)?;
            row(of(word("Toleranz", "tolerance")), reference.tolerance.into(), "±")?;
        }
    }
    for step in &outcomes.class_steps {
        let name = step.part.as_deref().map_or(String::new(), |name| format!(": {}", part(name, lang)));
        let label = format!("{}{name}", step.label.in_language(language));
        let in_its_unit = |name: &str| in_unit(name, &unit(&step.quantity.unit));
        let note = lang.pick("aus allen Gruppen gemeinsam", "of all groups together");
        book.row(&[Cell::Text(in_its_unit(&label)), step.quantity.value.into(), note.into()])?;
        book.row(&[Cell::Text(in_its_unit(&format!("u({label})"))), step.quantity.uncertainty.into(), note.into()])?;
    }
    for outcome in &outcomes.outcomes {
        if let Some(reason) = &outcome.excluded {
            let label = format!("{}: {} {}", lang.pick("zählt nicht", "does not count"), outcome.number, outcome.nickname);
            book.row(&[label.into(), outcome.value.into(), reason.as_str().into()])?;
        }
    }
    for pending in &outcomes.pending {
        let label = format!("{}: {} {}", lang.pick("ohne Ergebnis", "without a result"), pending.number, pending.nickname);
        book.row(&[label.into(), Cell::Empty, pending.reason.in_language(language).into()])?;
    }
    Ok(())
}

/// What all of it is: the last sheet.
#[derive(Debug)]
pub(super) struct About {
    lang: Lang,
    lesson: String,
    rows: Vec<(String, String)>,
}

impl About {
    pub(super) fn new(lesson: &Lesson, template: &Template, language: &str) -> Self {
        let lang = Lang::from_tag(language);
        let mut about = Self { lang, lesson: lesson.id.to_string(), rows: vec![] };
        about.say("Stunde", "Lesson", template.title.in_language(language));
        about.say("Aufgabe", "Task", template.task.in_language(language));
        about.say("Tag", "Day", &day(lesson.created));
        about.say("Kennung", "Id", &lesson.id.to_string());
        about.say("Vorlage", "Template", &format!("{} {}", template.id, template.version));
        if let Some(hash) = lesson.template_hash {
            about.say("Prüfsumme der Vorlage (SHA-256)", "Checksum of the template (SHA-256)", &hash.to_string());
        }
        about.say("Lizenz der Vorlage", "Licence of the template", &template.license);
        about.units(template);
        about.notes();
        about
    }

    fn say(&mut self, de: &str, en: &str, text: &str) {
        self.rows.push((self.lang.pick(de, en).to_owned(), text.to_owned()));
    }

    fn note(&mut self, de: &str, en: &str) {
        self.rows.push((self.lang.pick("Hinweis", "Note").to_owned(), self.lang.pick(de, en).to_owned()));
    }

    fn units(&mut self, template: &Template) {
        for sensor in &template.sensors {
            let name = property_name(sensor.quantity, self.lang);
            let axes = if sensor.quantity.is_vector() {
                self.lang.pick(" (Achsen x, y, z des Handys)", " (axes x, y, z of the phone)")
            } else {
                ""
            };
            self.say("Einheit", "Unit", &format!("{name}: {}{axes}", unit(sensor.quantity.unit())));
        }
    }

    fn notes(&mut self) {
        self.note(
            "u(…) ist die Standardunsicherheit (1 σ): Mit etwa 68 % liegt der wahre Wert höchstens so weit weg. Die Zahlen sind nicht gerundet; \
             so viele Stellen, wie dastehen, sind nicht bekannt.",
            "u(…) is the standard uncertainty (1 σ): with some 68 % the true value is at most that far away. The numbers are not rounded; \
             not as many digits are known as are written.",
        );
        self.note(
            "Eine leere Zelle heißt: nicht bekannt. Sie ist keine Null, und nichts ist ergänzt.",
            "An empty cell means: not known. It is no zero, and nothing was filled in.",
        );
        self.note(
            "t zählt ab der ersten Messung einer Aufnahme; Zeiten sind in UTC.",
            "t counts from the first reading of a recording; times are in UTC.",
        );
    }

    /// Of a property only each Thing's first readings are there.
    pub(super) fn cut(&mut self, property: ObservedProperty, share: u32) {
        let (name, lesson) = (property_name(property, self.lang), &self.lesson);
        let rest = format!("/api/v1/lessons/{lesson}/observations?format=csv&property={}", property.name());
        let text = match self.lang {
            Lang::De => format!(
                "{name}: Es sind mehr Messwerte, als in diese Datei passen. Von jeder Gruppe stehen die ersten {share} hier; alle gibt es als CSV oder \
                 Parquet unter „Herunterladen“ oder unter {rest}"
            ),
            Lang::En => format!(
                "{name}: there are more readings than fit into this file. Of each group the first {share} are here; all of them come as CSV or Parquet \
                 under “Download” or at {rest}"
            ),
        };
        self.rows.push((self.lang.pick("Gekürzt", "Cut").to_owned(), text));
    }

    /// What cannot be read.
    pub(super) fn missing(&mut self, missing: &[Missing]) {
        for Missing { property, readings, from, to } in missing {
            let (name, span) = (property_name(*property, self.lang), [*from, *to].map(|time: Micros| rfc3339(time)).join(" – "));
            let text = match self.lang {
                Lang::De => format!("{name}: {readings} Messwerte ({span}) liegen in einer Datei, die nicht lesbar ist. Sie fehlen hier."),
                Lang::En => format!("{name}: {readings} readings ({span}) are in a file that cannot be read. They are missing here."),
            };
            self.rows.push((self.lang.pick("Unvollständig", "Incomplete").to_owned(), text));
        }
    }

    pub(super) fn write(&self, book: &mut Workbook) -> Result<(), Problem> {
        book.sheet(self.lang.pick("Info", "About"), &[(String::new(), 24), (String::new(), 100)])?;
        for (label, text) in &self.rows {
            book.row(&[label.as_str().into(), text.as_str().into()])?;
        }
        Ok(())
    }
}
