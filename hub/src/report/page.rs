//! The pages of a report: the class's, and one for each group.

use messwerk_lessons::outcome::unit_text;
use messwerk_lessons::template::{Answer, is_prediction};
use messwerk_query::ThingOutcome;
use messwerk_store::catalogue::Thing;
use messwerk_viz_wasm::words::{property_name, unit};

use super::figures::Drawn;
use super::html::Html;
use super::material::Material;
use super::method::{self, Told};
use crate::api::export::book::entries;

/// How many groups a table of the class names.
const GROUPS: usize = 250;

impl Material {
    /// The title, what kind of report it is, and when it was.
    fn head(&self, page: &mut Html, kind: &str, facts: &[(&str, String)]) {
        page.element("header", &[], |head| {
            head.styled("p", "kind", kind);
            head.line("h1", self.template.title.in_language(self.language()));
            head.element("dl", &[("class", "facts")], |list| {
                for (name, fact) in facts {
                    list.element("div", &[], |one| {
                        one.line("dt", name);
                        one.line("dd", fact);
                    });
                }
            });
        });
    }

    fn section(&self, page: &mut Html, de: &str, en: &str, inside: impl FnOnce(&mut Html)) {
        page.element("section", &[], |section| {
            section.line("h2", self.word(de, en));
            inside(section);
        });
    }

    fn task(&self, page: &mut Html) {
        self.section(page, "Aufgabe", "Task", |section| section.line("p", self.template.task.in_language(self.language())));
    }

    /// What was recorded, and what was done with it.
    fn method(&self, page: &mut Html) {
        let (own, class) = method::steps(&self.template, self.lang);
        self.section(page, "So wurde ausgewertet", "How it was evaluated", |section| {
            let recorded = self.template.sensors.iter().map(|sensor| {
                let name = property_name(sensor.quantity, self.lang);
                format!("{name} ({})", unit(sensor.quantity.unit()))
            });
            let recorded = recorded.collect::<Vec<_>>().join(", ");
            if !recorded.is_empty() {
                section.line("p", &format!("{}: {recorded}.", self.word("Aufgezeichnet", "Recorded")));
            }
            told(section, &own);
            if !class.is_empty() {
                section.line("p", self.word("Mit den Ergebnissen aller Gruppen:", "With the results of all groups:"));
                told(section, &class);
            }
        });
    }

    fn figures(&self, page: &mut Html, drawn: &[Drawn]) {
        for Drawn { title, svg } in drawn {
            page.element("figure", &[], |figure| {
                figure.line("figcaption", title);
                figure.drawing(svg);
            });
        }
    }

    /// Where the accepted value lies and who says so.
    fn reference(&self, page: &mut Html, ends: Option<[f64; 2]>) {
        let (Some(reference), Some(unit)) = (&self.template.reference, self.outcomes.outcomes.first().map(|outcome| &outcome.unit)) else {
            return;
        };
        let (language, value) = (self.language(), self.exact(reference.value, unit));
        let tolerance = self.exact(reference.tolerance, unit);
        let label = reference.label.in_language(language);
        page.line("p", &format!("{label}: {value} (± {tolerance}). {}", reference.source.in_language(language)));
        if let Some([low, high]) = ends {
            let inside = (low..=high).contains(&reference.value);
            let said = match inside {
                true => self.word("Er liegt in dem Intervall der Klasse.", "It lies within the class's interval."),
                false => self.word(
                    "Er liegt nicht in dem Intervall der Klasse: Woran kann das liegen?",
                    "It does not lie within the class's interval: what may be the reason?",
                ),
            };
            page.line("p", said);
        }
    }

    /// Mean, interval and reference of the class.
    fn class_result(&self, page: &mut Html) {
        self.section(page, "Ergebnis der Klasse", "Result of the class", |section| {
            let Some(class) = self.class() else {
                return section.line("p", self.word("Noch kein Ergebnis zählt.", "No result counts yet."));
            };
            let name = &self.template.outcome;
            match class.ci95 {
                Some(ends) => {
                    let half = (ends[1] - ends[0]) / 2.0;
                    section.styled("p", "result", &format!("{name} = {}", self.told(class.mean, half, &class.unit)));
                    let interval = self.interval(ends, &class.unit);
                    let text = match self.word("de", "en") {
                        "de" => format!(
                            "Mittelwert aus {} Ergebnissen; hinter ± steht die halbe Breite des 95-%-Intervalls: {interval}. Jede Gruppe zählt gleich.",
                            class.n
                        ),
                        _ => format!(
                            "Mean of {} results; behind ± stands half the width of the 95 % interval: {interval}. Every group counts the same.",
                            class.n
                        ),
                    };
                    section.line("p", &text);
                }
                None => {
                    section.styled("p", "result", &format!("{name} = {}", self.exact(class.mean, &class.unit)));
                    section.line("p", self.word("Ein einziges Ergebnis; wie gut es ist, sagt erst die Streuung mehrerer.", "One single result; how good it is only the scatter of several tells."));
                }
            }
            if let Some(sd) = class.sd {
                let spread = self.spread(sd, &class.unit);
                section.line("p", &format!("{}: {spread}", self.word("Einzelne Ergebnisse streuen um (Standardabweichung)", "Single results scatter by (standard deviation)")));
            }
            self.reference(section, class.ci95);
        });
    }

    /// A standard deviation with two digits: more of them nobody knows.
    fn spread(&self, sd: f64, of: &str) -> String {
        use messwerk_viz_wasm::words::number::fixed;
        let place = if sd > 0.0 { 1.0 - sd.log10().floor() } else { 0.0 };
        format!("{} {}", fixed(sd, place.clamp(0.0, 9.0) as usize, self.lang), unit_text(of)).trim_end().to_owned()
    }

    /// Every result in a table.
    fn table(&self, page: &mut Html) {
        if self.outcomes.outcomes.is_empty() {
            return;
        }
        let mut steps: Vec<&str> = vec![];
        for step in self.outcomes.outcomes.iter().flat_map(|outcome| &outcome.steps) {
            // More columns than these do not fit on a page; the files have all of them.
            if !steps.contains(&step.name.as_str()) && steps.len() < 4 {
                steps.push(&step.name);
            }
        }
        self.section(page, "Ergebnisse der Gruppen", "Results of the groups", |section| {
            // On a narrow screen it is moved by itself, also by keyboard.
            let label = self.word("Ergebnisse der Gruppen", "Results of the groups");
            section.element("div", &[("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", label)], |place| {
                place.element("table", &[], |table| {
                    table.element("thead", &[], |head| {
                        head.element("tr", &[], |row| {
                            row.line("th", self.word("Nr.", "no."));
                            row.line("th", self.word("Gruppe", "group"));
                            row.line("th", &self.template.outcome);
                            steps.iter().for_each(|step| row.line("th", step));
                            row.line("th", self.word("zählt", "counts"));
                        });
                    });
                    table.element("tbody", &[], |body| {
                        for outcome in self.outcomes.outcomes.iter().take(GROUPS) {
                            self.row(body, outcome, &steps);
                        }
                    });
                });
            });
            let left = self.outcomes.outcomes.len().saturating_sub(GROUPS);
            if left > 0 {
                section.line("p", &format!("{left} {}", self.word("weitere stehen in den Dateien.", "more are in the files.")));
            }
        });
    }

    fn row(&self, body: &mut Html, outcome: &ThingOutcome, steps: &[&str]) {
        body.element("tr", &[], |row| {
            row.styled("td", "number", &outcome.number.to_string());
            let by_hand = if outcome.by_hand { self.word(" (von Hand)", " (by hand)") } else { "" };
            row.line("td", &format!("{}{by_hand}", outcome.nickname));
            row.styled("td", "number", &self.told(outcome.value, outcome.uncertainty, &outcome.unit));
            for name in steps {
                let step = outcome.steps.iter().find(|step| step.name == *name).map(|step| &step.quantity);
                row.styled("td", "number", &step.map_or("–".to_owned(), |step| self.told(step.value, step.uncertainty, &step.unit)));
            }
            row.line("td", if outcome.excluded.is_none() { self.word("ja", "yes") } else { self.word("nein", "no") });
        });
    }

    /// Who does not count, and who has nothing yet, each with the reason.
    fn left_out(&self, page: &mut Html) {
        let excluded: Vec<_> = self.outcomes.outcomes.iter().filter_map(|one| Some((one, one.excluded.as_ref()?))).collect();
        if !excluded.is_empty() {
            self.section(page, "Nicht gezählt", "Not counted", |section| {
                section.element("ul", &[], |list| {
                    for (one, reason) in &excluded {
                        let told = self.told(one.value, one.uncertainty, &one.unit);
                        list.line("li", &format!("{} {}: {told}; {}: {reason}", one.number, one.nickname, self.word("Grund", "reason")));
                    }
                });
            });
        }
        if !self.outcomes.pending.is_empty() {
            self.section(page, "Ohne Ergebnis", "Without a result", |section| {
                section.element("ul", &[], |list| {
                    for one in self.outcomes.pending.iter().take(GROUPS) {
                        list.line("li", &format!("{} {}: {}", one.number, one.nickname, one.reason.in_language(self.language())));
                    }
                });
            });
        }
        if !self.outcomes.missing.is_empty() {
            let readings: u64 = self.outcomes.missing.iter().map(|missing| missing.readings).sum();
            let text = match self.word("de", "en") {
                "de" => format!("Unvollständig: {readings} Messwerte liegen in Dateien, die der Hub nicht lesen kann."),
                _ => format!("Incomplete: {readings} readings are in files that the hub cannot read."),
            };
            page.styled("p", "notice", &text);
        }
    }

    /// What ± means, and where all of it comes from.
    fn foot(&self, page: &mut Html) {
        page.element("footer", &[], |foot| {
            foot.line(
                "p",
                self.word(
                    "Hinter ± steht bei einer Gruppe die Standardunsicherheit (1 σ): Mit etwa 68 % liegt der wahre Wert höchstens so weit weg. So viele Stellen wie nach DIN 1333.",
                    "Behind ± stands, for a group, the standard uncertainty (1 σ): with some 68 % the true value is at most that far away. As many digits as by DIN 1333.",
                ),
            );
            let license = format!("{} {}", self.word("Lizenz", "licence"), self.template.license);
            let template = format!("{} {} {}, {license}", self.word("Vorlage", "Template"), self.template.id, self.template.version);
            // Enough of it to tell two editions apart.
            let hash = self.lesson.template_hash.map(|hash| format!(", SHA-256 {:.12}…", hash.to_string())).unwrap_or_default();
            let lesson = format!("{} {}", self.word("Stunde", "Lesson"), self.lesson.id);
            foot.line("p", &format!("{template}{hash} · {lesson} · Messwerk {}", env!("CARGO_PKG_VERSION")));
        });
    }

    /// The class's report.
    pub(super) fn class_report(&self, page: &mut Html, drawn: &[Drawn]) {
        let groups = self.things.iter().filter(|thing| self.outcome_of(thing.id).is_some()).count();
        page.element("article", &[("class", "class-report")], |page| {
            let facts =
                [(self.word("Wann", "When"), self.when()), (self.word("Gruppen mit Ergebnis", "Groups with a result"), groups.to_string())];
            self.head(page, self.word("Bericht der Klasse", "Report of the class"), &facts);
            self.task(page);
            self.class_result(page);
            self.figures(page, drawn);
            self.table(page);
            self.left_out(page);
            self.method(page);
            self.foot(page);
        });
    }

    /// A group's report. `traces` are of its recording, `class` of everybody.
    pub(super) fn group_report(&self, page: &mut Html, thing: &Thing, begun: Option<String>, traces: &[Drawn], class: &[Drawn]) {
        page.element("article", &[("class", "group-report")], |page| {
            let when =
                begun.map_or_else(|| self.when(), |begun| format!("{} · {} {begun}", self.when(), self.word("Aufnahme um", "recorded at")));
            let facts = [
                (self.word("Gruppe", "Group"), format!("{} · {}", thing.number, thing.nickname)),
                (self.word("Wann", "When"), when),
                (self.word("Namen (von Hand)", "Names (by hand)"), String::new()),
            ];
            self.head(page, self.word("Bericht einer Gruppe", "Report of a group"), &facts);
            self.task(page);
            self.predictions(page, thing);
            self.entered(page, thing);
            self.own_result(page, thing);
            self.figures(page, traces);
            self.method(page);
            self.compared(page, class);
            self.foot(page);
        });
    }

    fn entered(&self, page: &mut Html, thing: &Thing) {
        if thing.inputs.keys().all(|name| is_prediction(name)) {
            return;
        }
        self.section(page, "Eingetragen", "Entered", |section| {
            section.element("dl", &[("class", "values")], |list| {
                for (name, input) in entries(&self.template, [&thing.inputs]) {
                    let Some(value) = thing.inputs.get(&name).filter(|_| !is_prediction(&name)) else { continue };
                    let label = input.map_or(name.as_str(), |input| input.label.in_language(self.language()));
                    let place = name.rsplit_once('.').map(|(_, place)| format!(" {place}")).unwrap_or_default();
                    let unit = input.map_or("", |input| input.unit.as_str());
                    let about = input
                        .filter(|input| input.uncertainty > 0.0)
                        .map(|input| format!(" (u = {})", self.exact(input.uncertainty, unit)));
                    list.element("div", &[], |one| {
                        one.line("dt", &format!("{label}{place}"));
                        one.line("dd", &format!("{}{}", self.exact(*value, unit), about.unwrap_or_default()));
                    });
                }
            });
        });
    }

    /// What the group said before it measured; a drawn curve lies over the measurement.
    fn predictions(&self, page: &mut Html, thing: &Thing) {
        let said = self.template.predictions.iter().filter_map(|prediction| {
            let value = *thing.inputs.get(&format!("predict.{}", prediction.name))?;
            let answer = match &prediction.answer {
                Answer::Number { unit, .. } => self.exact(value, unit),
                Answer::Choice { options } => options.get((value as usize).checked_sub(1)?)?.in_language(self.language()).to_owned(),
                _ => return None,
            };
            Some((prediction.question.in_language(self.language()), answer))
        });
        let said: Vec<_> = said.collect();
        if said.is_empty() {
            return;
        }
        self.section(page, "Vorhergesagt, vor der Messung", "Predicted, before measuring", |section| {
            section.element("ul", &[], |list| said.iter().for_each(|(question, answer)| list.line("li", &format!("{question} {answer}"))));
        });
    }

    fn own_result(&self, page: &mut Html, thing: &Thing) {
        self.section(page, "Euer Ergebnis", "Your result", |section| {
            let Some(own) = self.outcome_of(thing.id) else {
                let pending = self.outcomes.pending.iter().find(|pending| pending.thing == thing.id);
                let reason = pending
                    .map_or(self.word("Noch kein Ergebnis.", "No result yet."), |pending| pending.reason.in_language(self.language()));
                return section.line("p", reason);
            };
            section.styled("p", "result", &format!("{} = {}", own.name, self.told(own.value, own.uncertainty, &own.unit)));
            if !own.steps.is_empty() {
                let steps = own.steps.iter().map(|step| {
                    let quantity = &step.quantity;
                    format!("{} = {}", step.name, self.told(quantity.value, quantity.uncertainty, &quantity.unit))
                });
                section.line("p", &format!("{}: {}", self.word("Auf dem Weg dorthin", "On the way"), steps.collect::<Vec<_>>().join("; ")));
            }
            if own.by_hand {
                section.line("p", self.word("Von Hand gemessen, ohne Aufnahme.", "Measured by hand, without a recording."));
            }
            if let Some(reason) = &own.excluded {
                section.styled(
                    "p",
                    "notice",
                    &format!("{} {reason}", self.word("Zählt nicht für die Klasse. Grund:", "Does not count for the class. Reason:")),
                );
            }
        });
    }

    fn compared(&self, page: &mut Html, drawn: &[Drawn]) {
        let Some(class) = self.class() else { return };
        self.section(page, "Zum Vergleich: die Klasse", "To compare: the class", |section| {
            let told = match class.ci95 {
                Some(ends) => {
                    let interval = self.interval(ends, &class.unit);
                    match self.word("de", "en") {
                        "de" => format!(
                            "{} Ergebnisse, Mittelwert {}; 95-%-Intervall {interval}.",
                            class.n,
                            self.told(class.mean, (ends[1] - ends[0]) / 2.0, &class.unit)
                        ),
                        _ => format!(
                            "{} results, mean {}; 95 % interval {interval}.",
                            class.n,
                            self.told(class.mean, (ends[1] - ends[0]) / 2.0, &class.unit)
                        ),
                    }
                }
                None => format!("{} {}.", class.n, self.word("Ergebnis, noch kein Intervall", "result, no interval yet")),
            };
            section.line("p", &told);
            self.reference(section, None);
            self.figures(section, drawn);
        });
    }
}

fn told(page: &mut Html, steps: &[Told]) {
    page.element("ol", &[], |list| {
        for Told { name, label, how } in steps {
            list.element("li", &[], |one| {
                one.line("strong", &format!("{label} {name}:"));
                one.text(&format!("{how}."));
            });
        }
    });
}
