//! What is wrong and what to do, in both languages.

use super::{ByHand, Issue, Wanted, What};
use crate::template::Text;
use crate::template::expr::ExpressionError;
use crate::unit::{UnitError, symbols};

/// German, English.
type Pair = (String, String);

fn pair(de: impl Into<String>, en: impl Into<String>) -> Pair {
    (de.into(), en.into())
}

fn both(same: &str) -> Pair {
    pair(same, same)
}

/// "did you mean", or the whole list.
fn did_you_mean(near: Option<&String>, otherwise: Pair) -> Pair {
    near.map_or(otherwise, |near| pair(format!("Ist „{near}“ gemeint?"), format!("Did you mean “{near}”?")))
}

impl Issue {
    /// The name for programs, what is wrong, and what to do.
    pub(in crate::template) fn words(&self) -> (&'static str, Text, Text) {
        let (code, text, fix) = self.pairs();
        (code, Text { de: text.0, en: text.1 }, Text { de: fix.0, en: fix.1 })
    }

    fn pairs(&self) -> (&'static str, Pair, Pair) {
        match self {
            Self::Syntax(words) => (
                "syntax",
                pair(format!("Das ist kein TOML: {words}."), format!("This is no TOML: {words}.")),
                pair(
                    "Fehlt ein Anführungszeichen oder eine Klammer? Zahlen haben hier einen Punkt statt des Kommas (20.5), ja und nein sind true und false.",
                    "Is a quote or a bracket missing? Numbers have a point and no comma here (20.5), yes and no are true and false.",
                ),
            ),
            Self::Missing(key) => (
                "missing",
                pair(format!("Der Schlüssel „{key}“ fehlt."), format!("The key “{key}” is missing.")),
                pair(format!("Ergänze {key} = …"), format!("Add {key} = …")),
            ),
            Self::UnknownKey { key, near } => (
                "unknown_key",
                pair(format!("Den Schlüssel „{key}“ gibt es hier nicht."), format!("There is no key “{key}” here.")),
                did_you_mean(near.as_ref(), pair("Lass ihn weg.", "Leave it out.")),
            ),
            Self::WrongType { wanted } => {
                let (de, en) = wanted.words();
                (
                    "type",
                    pair(format!("Hier muss {de} stehen."), format!("This must be {en}.")),
                    pair(format!("Zum Beispiel: {}", wanted.example()), format!("For example: {}", wanted.example())),
                )
            }
            Self::Unknown { found, near, known } => (
                "unknown",
                pair(format!("„{found}“ ist hier nicht bekannt."), format!("“{found}” is not known here.")),
                did_you_mean(
                    near.as_ref(),
                    pair(format!("Möglich sind: {}.", known.join(", ")), format!("Possible are: {}.", known.join(", "))),
                ),
            ),
            Self::Format => {
                ("format", pair("Dieses Format kennt der Hub nicht.", "This hub does not know the format."), both("format = 1"))
            }
            Self::Version => {
                ("version", pair("Eine Version besteht aus drei Zahlen.", "A version is three numbers."), both("version = \"1.0.0\""))
            }
            Self::Empty => ("empty", pair("Hier steht nichts.", "Nothing is written here."), pair("Schreibe etwas.", "Write something.")),
            Self::TooLong { most } => (
                "too_long",
                pair(format!("Mehr als {most} Zeichen."), format!("More than {most} characters.")),
                pair("Kürze den Text.", "Shorten the text."),
            ),
            Self::TooMany { most } => (
                "too_many",
                pair(format!("Mehr als {most} Einträge."), format!("More than {most} entries.")),
                pair("Lass welche weg.", "Leave some out."),
            ),
            Self::Name(name) => (
                "name",
                pair(format!("„{name}“ ist kein Name."), format!("“{name}” is no name.")),
                pair(
                    "Ein Buchstabe, dann Buchstaben, Ziffern und _, höchstens 32; keine Funktion der Formeln.",
                    "A letter, then letters, digits and _, 32 at most; no function of formulas.",
                ),
            ),
            Self::Id(id) => (
                "id",
                pair(format!("„{id}“ ist keine Kennung."), format!("“{id}” is no id.")),
                pair(
                    "Ein Kleinbuchstabe, dann Kleinbuchstaben, Ziffern, - und _, höchstens 32.",
                    "A lower-case letter, then lower-case letters, digits, - and _, 32 at most.",
                ),
            ),
            Self::Twice(name) => (
                "twice",
                pair(format!("„{name}“ steht zweimal da."), format!("“{name}” stands twice.")),
                pair("Gib einem davon einen anderen Namen oder lass es weg.", "Give one of them another name or leave it out."),
            ),
            Self::Outside(range) => (
                "outside",
                pair("Diese Zahl ist hier nicht möglich.", "This number is not possible here."),
                pair(format!("Es muss gelten: {range}."), format!("It must hold: {range}.")),
            ),
            Self::LicenseUnknown(license) => (
                "license",
                pair(
                    format!("„{license}“ ist keine Lizenz der SPDX-Liste, die Unterrichtsmaterial trägt."),
                    format!("“{license}” is no licence of the SPDX list that teaching material has."),
                ),
                both("license = \"CC-BY-SA-4.0\""),
            ),
            Self::Stream { quantity, stream } => (
                "stream",
                pair(format!("Der Strom von {quantity} heißt {stream}."), format!("The stream of {quantity} is called {stream}.")),
                both(&format!("stream = \"{stream}\"")),
            ),
            Self::NoSuch { what, name, near, later } => {
                let (de, en) = what.words();
                let text =
                    pair(format!("„{name}“: {de} dieses Namens gibt es nicht."), format!("“{name}”: there is no {en} of that name."));
                let later_fix = pair(
                    "Er steht erst weiter unten: Ein Schritt kann nur benutzen, was vor ihm steht. Tausche die Reihenfolge.",
                    "It comes only further down: a step may only use what stands before it. Change their order.",
                );
                let fix = if *later {
                    later_fix
                } else {
                    did_you_mean(near.as_ref(), pair("Ergänze es oder ändere den Namen.", "Add it or change the name."))
                };
                (if *later { "later" } else { "no_such" }, text, fix)
            }
            Self::NotA { name, what } => {
                let (de, en) = what.words();
                (
                    "not_a",
                    pair(
                        format!("„{name}“ gibt es, aber hier wird gebraucht: {de}."),
                        format!("“{name}” exists, but what is needed here is: {en}."),
                    ),
                    pair("Nimm etwas anderes.", "Take something else."),
                )
            }
            Self::UnitIs { found, wanted } => (
                "unit",
                pair(
                    format!("Das ist in {found}, passt also nicht zu {wanted}."),
                    format!("This is in {found}, which does not fit {wanted}."),
                ),
                pair(
                    format!("Rechne so, dass {wanted} herauskommt, oder ändere die Einheit."),
                    format!("Compute something in {wanted}, or change the unit."),
                ),
            ),
            Self::Unit(error) => unit(error),
            Self::Expression(error) => expression(error),
            Self::Component { property, scalar } => {
                let fix = if *scalar { property.to_string() } else { format!("{property}.x, {property}.y, {property}.z, {property}.abs") };
                (
                    "component",
                    pair(format!("Diese Komponente hat {property} nicht."), format!("{property} has no such component.")),
                    pair(format!("Möglich: {fix}."), format!("Possible: {fix}.")),
                )
            }
            Self::OneUnit => (
                "one_unit",
                pair("Was für einander einspringt, muss dieselbe Einheit haben.", "What stands in for each other must have one unit."),
                pair("Lass weg, was nicht passt.", "Leave out what does not fit."),
            ),
            Self::ByHand(why) => by_hand(*why),
            Self::Positive(name) => (
                "positive",
                pair(format!("{name} darf nicht null oder negativ werden."), format!("{name} must not become zero or negative.")),
                pair(format!("Gib {name} ein positives min."), format!("Give {name} a positive min.")),
            ),
            Self::NothingMeasured => (
                "nothing_measured",
                pair(
                    "Das Ergebnis kommt aus nichts, was gemessen oder eingetragen wird.",
                    "The outcome comes from nothing that is measured or entered.",
                ),
                pair("Ergänze [[sensor]] oder [[input]].", "Add [[sensor]] or [[input]]."),
            ),
            Self::NoMargin => (
                "no_margin",
                pair(
                    "Ohne [comparison] kann der Hub nie sagen, dass zwei Klassen übereinstimmen.",
                    "Without [comparison] the hub can never say that two classes agree.",
                ),
                both("[comparison] margin, why"),
            ),
            Self::NoSimulation => (
                "no_simulation",
                pair(
                    "Ohne [simulation] gibt es keine Vorschau mit simulierten Handys.",
                    "Without [simulation] there is no preview with simulated phones.",
                ),
                both("[simulation] scenario"),
            ),
        }
    }
}

fn unit(error: &UnitError) -> (&'static str, Pair, Pair) {
    let known = || symbols().collect::<Vec<_>>().join(" ");
    match error {
        UnitError::Unknown(symbol) => {
            let near = super::nearest(symbol, symbols()).map(str::to_owned);
            (
                "unit_unknown",
                pair(format!("Die Einheit „{symbol}“ ist nicht bekannt."), format!("The unit “{symbol}” is not known.")),
                did_you_mean(near.as_ref(), pair(format!("Bekannt sind: {}.", known()), format!("Known are: {}.", known()))),
            )
        }
        UnitError::Empty | UnitError::Syntax(_) => (
            "unit_syntax",
            pair("Das ist keine Einheit.", "This is no unit."),
            pair(
                "Produkte mit Punkt, ein / für alles darunter: kg.m2/s2; ohne Einheit: 1.",
                "Products with a dot, one / for all below: kg.m2/s2; without unit: 1.",
            ),
        ),
    }
}

fn expression(error: &ExpressionError) -> (&'static str, Pair, Pair) {
    let check = || pair("Prüfe die Formel.", "Check the formula.");
    match error {
        ExpressionError::TooLong => (
            "formula_long",
            pair("Die Formel ist zu lang oder zu verschachtelt.", "The formula is too long or too deeply nested."),
            pair("Teile sie auf mehrere Schritte auf.", "Split it into several steps."),
        ),
        ExpressionError::Unexpected { found, at } if found.is_empty() => {
            let at = at.saturating_sub(1);
            (
                "formula_end",
                pair(
                    format!("Die Formel hört nach Zeichen {at} zu früh auf."),
                    format!("The formula stops too early, after character {at}."),
                ),
                check(),
            )
        }
        ExpressionError::Unexpected { found, at } => (
            "formula_syntax",
            pair(format!("„{found}“ (Zeichen {at}) kann hier nicht stehen."), format!("“{found}” (character {at}) cannot stand here.")),
            pair("Fehlt ein Rechenzeichen oder eine Klammer? Kommazahlen schreibt man mit Punkt.", "Is an operator or a bracket missing?"),
        ),
        ExpressionError::Function(name) => (
            "function",
            pair(format!("Die Funktion „{name}“ gibt es nicht."), format!("There is no function “{name}”.")),
            both("sqrt exp ln log10 sin cos tan asin acos atan abs min max"),
        ),
        ExpressionError::Unit(error) => unit(error),
        ExpressionError::Exponent => (
            "exponent",
            pair("Hinter ^ muss eine Zahl ohne Einheit stehen.", "Behind ^ there must be a number without unit."),
            both("x^2, x^(1/3), x^-1"),
        ),
        ExpressionError::Name(name) => (
            "no_such",
            pair(format!("„{name}“ gibt es nicht."), format!("There is no “{name}”.")),
            pair("Ergänze es oder ändere den Namen.", "Add it or change the name."),
        ),
        ExpressionError::Dimensions { left, right } => (
            "unit_sum",
            pair(
                format!("Etwas in {left} und etwas in {right} kann man nicht addieren oder vergleichen."),
                format!("Something in {left} and something in {right} cannot be added or compared."),
            ),
            pair("Gib Zahlen ihre Einheit, etwa 9.81[m/s2].", "Give numbers their unit, as in 9.81[m/s2]."),
        ),
        ExpressionError::Argument { function, unit } => (
            "unit_argument",
            pair(
                format!("{function} kann man von etwas in {unit} nicht bilden."),
                format!("{function} cannot be taken of something in {unit}."),
            ),
            pair("Teile vorher durch die Einheit, etwa x/1[m].", "Divide by the unit before, as in x/1[m]."),
        ),
        ExpressionError::Level => (
            "unit_level",
            pair("Dezibel gehen mit nichts als Dezibel zusammen.", "Decibels go with nothing but decibels."),
            pair("Nimm energy_mean für mittlere Pegel.", "Use energy_mean for mean levels."),
        ),
        ExpressionError::Kind(what) => (
            "kind",
            pair(format!("So passt das nicht zusammen: {what}."), format!("This does not go together: {what}.")),
            pair(
                "Zahlen gehen mit allem, Listen mit Listen, Signale mit Signalen.",
                "Numbers go with all, lists with lists, signals with signals.",
            ),
        ),
    }
}

fn by_hand(why: ByHand) -> (&'static str, Pair, Pair) {
    let (text, fix) = match why {
        ByHand::NoStep => (
            pair("Kein Schritt dieses Namens liest einen Sensor.", "No step of that name reads a sensor."),
            pair("Nenne die Eingabe wie den Schritt, für den sie steht.", "Call the input as the step it stands for."),
        ),
        ByHand::Certain => (
            pair("Von Hand Gemessenes ist nie genau.", "What is measured by hand is never exact."),
            pair("Gib eine positive uncertainty an.", "Give a positive uncertainty."),
        ),
        ByHand::Optional => (
            pair("Diese Eingabe ist by_hand; niemand muss sie machen.", "This input is by_hand; nobody need enter it."),
            pair("Nimm den Schritt, für den sie steht, oder eine andere Eingabe.", "Use the step it stands for, or another input."),
        ),
        ByHand::Repeated => (
            pair("Eine Liste kann nicht für einen Schritt stehen.", "A list cannot stand for a step."),
            pair("Lass repeat oder by_hand weg.", "Leave out repeat or by_hand."),
        ),
    };
    ("by_hand", text, fix)
}

impl Wanted {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("ein Text in Anführungszeichen", "a text in quotes"),
            Self::Number => ("eine Zahl", "a number"),
            Self::Whole => ("eine ganze Zahl", "a whole number"),
            Self::Flag => ("true oder false", "true or false"),
            Self::List => ("eine Liste in eckigen Klammern", "a list in square brackets"),
            Self::Table => ("eine Tabelle", "a table"),
            Self::Tables => ("eine Liste von Tabellen", "a list of tables"),
            Self::Words => ("ein Text je Sprache", "a text per language"),
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Text => "\"…\"",
            Self::Number => "1.5",
            Self::Whole => "3",
            Self::Flag => "true",
            Self::List => "[\"…\", \"…\"]",
            Self::Table => "[name]",
            Self::Tables => "[[name]]",
            Self::Words => "{ de = \"…\", en = \"…\" }",
        }
    }
}

impl What {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Sensor => ("ein [[sensor]]", "[[sensor]]"),
            Self::Input => ("eine Eingabe ([[input]])", "[[input]]"),
            Self::Step => ("ein Schritt ([[analysis]])", "step ([[analysis]])"),
            Self::Number => ("eine Zahl", "number"),
            Self::List => ("eine Liste", "list"),
            Self::Signal => ("ein Signal", "signal"),
            Self::ListOrSignal => ("eine Liste oder ein Signal", "list or signal"),
            Self::Fit => ("ein Fit (line, power_law, exponential, parabola)", "fit (line, power_law, exponential, parabola)"),
            Self::Period => ("eine Periodendauer in s", "period in s"),
        }
    }
}
