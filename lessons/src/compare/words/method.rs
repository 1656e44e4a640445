//! How a verdict came about, and what must hold for it.

use super::Digits;
use crate::compare::{Comparison, LEAST, Method, Numbers, Verdict};
use crate::template::Text;

/// Results below which the shape of their distribution matters.
const SHAPELESS: usize = 15;

fn text(de: impl Into<String>, en: impl Into<String>) -> Text {
    Text { de: de.into(), en: en.into() }
}

/// The way from the results to the verdict.
pub(super) fn decided(comparison: &Comparison) -> Vec<Text> {
    let mut said = vec![];
    let has = |method: Method| comparison.pairs.iter().any(|pair| pair.method == method && pair.numbers.is_some());
    if has(Method::Welch) {
        said.push(text(
            "Die Ergebnisse einer Klasse streuen um ihren Mittelwert. Aus dieser Streuung und der Zahl der Ergebnisse folgt, wie weit der Unterschied der Mittelwerte vom wahren Unterschied abliegen kann: das ist der Spielraum (Konfidenzintervall nach Welch).",
            "The results of a class scatter about their mean. From this scatter and the number of results follows how far the difference of the means may be off the true one: that is the leeway (Welch's confidence interval).",
        ));
    }
    let unpaired = comparison.pairs.iter().filter(|pair| pair.method == Method::Welch && pair.numbers.is_some());
    if let Some(pairs) = unpaired.filter_map(|pair| pair.pairs).max() {
        said.push(if pairs == 0 {
            text(
                "Die Vorlage vergleicht paarweise, was am selben Ort zur selben Zeit gemessen wurde. Hier ist kein Paar bekannt: Nicht beide Klassen haben vom selben Ort zur selben Zeit ein Ergebnis eingetragen, und in einer Freigabe stehen Ort und Zeit nie. Darum werden die Mittelwerte verglichen: Das sieht kleine Unterschiede viel schlechter.",
                "The template compares by pairs what was measured at the same place and time. Here no pair is known: not both classes entered a result of the same place and time, and a release never tells places and times. So the means are compared, which sees small differences much worse.",
            )
        } else {
            text(
            format!("Vom selben Ort zur selben Zeit gibt es nur {pairs} Messungen aus beiden Klassen; um paarweise zu vergleichen, braucht es {LEAST}. Darum werden die Mittelwerte verglichen."),
            format!("Of the same place and time there are only {pairs} measurements of both classes; to compare by pairs it takes {LEAST}. So the means are compared."),
            )
        });
    }
    if has(Method::Paired) {
        said.push(text(
            "Verglichen wird paarweise: nur Messungen vom selben Ort zur selben Zeit, jede mit ihrer Partnerin. Aus der Streuung dieser Unterschiede folgt, wie weit ihr Mittelwert vom wahren Unterschied abliegen kann: das ist der Spielraum (Konfidenzintervall für Paare).",
            "The comparison goes by pairs: only measurements of the same place and time, each with its partner. From the scatter of these differences follows how far their mean may be off the true one: that is the leeway (paired confidence interval).",
        ));
    }
    if said.is_empty() {
        return said;
    }
    if comparison.corrected {
        let pairs = comparison.pairs.iter().filter(|pair| pair.numbers.is_some()).count();
        said.push(text(
            format!("Hier werden {pairs} Paare verglichen. Wer oft vergleicht, findet leichter durch Zufall einen Unterschied. Darum sind die Spielräume breiter (Korrektur nach Holm, Intervalle nach Bonferroni): Wären alle Klassen gleich, würde in höchstens 5 von 100 solchen Vergleichen irgendein Paar fälschlich „unterscheiden sich“ ergeben."),
            format!("Here {pairs} pairs are compared. Whoever compares often finds a difference by chance more easily. So the leeways are wider (Holm's correction, Bonferroni's intervals): if all classes were equal, at most 5 of 100 such comparisons would wrongly say “differ” of any pair."),
        ));
    } else {
        said.push(text(
            "So ein Spielraum enthält in 95 von 100 Fällen den wahren Unterschied.",
            "Such a leeway holds the true difference in 95 of 100 cases.",
        ));
    }
    said.push(match comparison.margin.as_ref().zip(first_numbers(comparison)) {
        Some((margin, numbers)) => {
            let digits = Digits::of(&numbers, Some(margin.value), &comparison.unit);
            let (de, en) = (digits.margin(margin.value, "de"), digits.margin(margin.value, "en"));
            let why = margin.why.clone().map_or_else(|| text("", ""), |why| text(format!(" {}", why.de), format!(" {}", why.en)));
            text(
                format!("Liegt die Null nicht im Spielraum, unterscheiden sich die Klassen. Liegt sie darin und der ganze Spielraum zwischen −{de} und +{de}, stimmen sie überein. Sonst lässt sich noch nichts sagen. {de} ist der kleinste Unterschied, der etwas ausmacht.{}", why.de),
                format!("If zero is not within the leeway, the classes differ. If it is, and all of the leeway lies between −{en} and +{en}, they agree. Otherwise nobody can tell yet. {en} is the least difference that matters.{}", why.en),
            )
        }
        None => text(
            "Liegt die Null nicht im Spielraum, unterscheiden sich die Klassen; sonst lässt sich noch nichts sagen. „Stimmen überein“ kann hier nie herauskommen, denn die Vorlage nennt keinen Unterschied, ab dem es etwas ausmacht.",
            "If zero is not within the leeway, the classes differ; otherwise nobody can tell yet. “Agree” can never come out here, for the template does not state from which difference on it would matter.",
        ),
    });
    said
}

fn first_numbers(comparison: &Comparison) -> Option<Numbers> {
    comparison.pairs.iter().find_map(|pair| pair.numbers)
}

/// What the verdict takes for granted.
pub(super) fn assumptions(comparison: &Comparison) -> Vec<Text> {
    let judged: Vec<_> = comparison.pairs.iter().filter(|pair| pair.numbers.is_some()).collect();
    if judged.is_empty() {
        return vec![];
    }
    let used = |index: usize| judged.iter().any(|pair| pair.a == index || pair.b == index);
    let classes: Vec<_> = comparison.classes.iter().enumerate().filter(|(index, _)| used(*index)).map(|(_, class)| class).collect();
    let mut said = vec![text(
        "Die Gruppen haben unabhängig voneinander gemessen: Niemand hat abgeschrieben oder nach fremden Ergebnissen verbessert.",
        "The groups measured independently: nobody copied, or corrected by others' results.",
    )];
    said.push(text(
        "Ein Fehler, den eine ganze Klasse macht (dasselbe falsch abgelesene Maßband), sieht hier aus wie ein Unterschied. Das kann keine Rechnung erkennen.",
        "A mistake that a whole class makes (the same tape measure, read wrongly) looks like a difference here. No calculation can see that.",
    ));
    if judged.iter().any(|pair| pair.method == Method::Paired) {
        said.push(text(
            "Die Paare sind unabhängig voneinander. Benachbarte Stunden ähneln sich aber meist: Dann ist der wahre Spielraum breiter.",
            "The pairs are independent of each other. Hours in a row mostly resemble each other, though: then the true leeway is wider.",
        ));
    }
    if classes.iter().any(|class| class.n < SHAPELESS) {
        said.push(text(
            format!("In einer Klasse sind es weniger als {SHAPELESS} Ergebnisse. Dann gilt der Spielraum nur, wenn keines weit abseits der anderen liegt; das zeigt ein Blick auf die Punkte."),
            format!("A class has fewer than {SHAPELESS} results. Then the leeway holds only if none lies far off the others; a look at the points shows it."),
        ));
    }
    if judged.iter().any(|pair| pair.method == Method::Welch) {
        said.push(text(
            "Die Klassen dürfen verschieden stark streuen und verschieden groß sein.",
            "The classes may scatter differently and differ in size.",
        ));
    }
    for class in classes.iter().filter(|class| class.sd == Some(0.0)) {
        let label = &class.label;
        said.push(text(
            format!("In „{label}“ sind alle Ergebnisse gleich: Diese Klasse sieht genauer aus, als sie vielleicht ist."),
            format!("In “{label}” all results are equal: this class looks better known than it may be."),
        ));
    }
    for class in classes.iter().filter(|class| class.values.is_empty()) {
        let label = &class.label;
        said.push(text(
            format!("Von „{label}“ sind nur Anzahl, Mittelwert und Streuung bekannt; ob einzelne Ergebnisse abseits liegen, lässt sich nicht sehen."),
            format!("Of “{label}” only number, mean and scatter are known; whether single results lie far off cannot be seen."),
        ));
    }
    if judged.iter().any(|pair| matches!(pair.verdict, Verdict::CannotTell { .. })) {
        said.push(text("„Noch nicht zu sagen“ heißt nicht „kein Unterschied“.", "“Nobody can tell yet” does not mean “no difference”."));
    }
    said
}
