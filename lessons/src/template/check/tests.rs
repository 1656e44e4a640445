use super::*;
use crate::template::Finding;

const PENDULUM: &str = include_str!("tests/pendulum.toml");

/// What is wrong with a file in which one text is replaced.
fn wrong(good: &str, from: &str, to: &str) -> Vec<Finding> {
    assert!(good.contains(from), "{from}");
    Template::parse(&good.replacen(from, to, 1)).unwrap_err().findings
}

/// The pendulum's file with one text replaced must be refused with this key and code, and the fix must name this.
fn check(from: &str, to: &str, key: &str, code: &str, fix: &str) {
    assert_eq!(check_among(from, to, key, code, fix), 1, "one mistake, one finding");
}

/// As `check`, where one mistake leads to another; the number of findings.
fn check_among(from: &str, to: &str, key: &str, code: &str, fix: &str) -> usize {
    let findings = wrong(PENDULUM, from, to);
    let found = findings.iter().find(|finding| finding.key == key && finding.code == code);
    let found = found.unwrap_or_else(|| panic!("{key} {code} is not among {findings:?}"));
    assert!(found.fix.en.contains(fix) || found.text.en.contains(fix), "{found}");
    assert!(!found.fix.de.is_empty() && found.line > 0 || key == "format" || found.column == 1, "{found:?}");
    findings.len()
}

#[test]
fn what_cannot_be_read_names_the_key() {
    check("format = 1", "format = 2", "format", "format", "format = 1");
    check("format = 1", "", "format", "missing", "format");
    check("format = 1", "format = 1\ncolour = \"red\"", "colour", "unknown_key", "Leave it out");
    check("min_hz = 20\n", "min_hz = 20\nrate = 3\n", "sensor.1.rate", "unknown_key", "rate");
    check("min_hz = 20\n", "min_hz = 20\nmax_hertz = 3\n", "sensor.1.max_hertz", "unknown_key", "max_hertz");
    check("sources = [\"web\"", "sources = [\"fax\"", "sensor.1.sources", "unknown", "sensor_logger");
    check("op = \"period\"", "op = \"peroid\"", "analysis.T.op", "unknown", "“period”");
    check("op = \"period\"\n", "", "analysis.T.op", "missing", "op");
    check("min_periods = 4\n", "", "analysis.T.min_periods", "missing", "min_periods");
    check("min_periods = 4\n", "min_periods = 4\nguess = 1.0\n", "analysis.T.guess", "unknown_key", "guess");
    check("method = \"fit\"", "method = \"feeling\"", "analysis.T.method", "unknown", "autocorrelation");
    check("component = \"z\"", "component = \"w\"", "figure.1.component", "unknown", "x, y, z, abs");
    check("kind = \"strip\"", "kind = \"pie\"", "figure.2.kind", "unknown", "histogram");
    check("de = \"Literaturwert\", ", "", "reference.label.de", "missing", "de");
    check("minutes = 45", "minutes = \"45\"", "minutes", "type", "whole number");
    check("minutes = 45", "minutes = 0", "minutes", "outside", "1 <= minutes");
    check("languages = [\"de\", \"en\"]", "languages = [\"de\", \"en\", \"fr\"]", "languages", "unknown", "fr");
    check("languages = [\"de\", \"en\"]", "languages = []", "languages", "empty", "Write");
    check("authors = [\"Messwerk\"]", "authors = []", "authors", "empty", "Write");
    check("grades = [8, 11]", "grades = [11, 8]", "grades", "outside", "from <= to");
    check("subject = \"physics\"", "subject = \"phisics\"", "subject", "unknown", "“physics”");
    check("license = \"CC-BY-SA-4.0\"", "license = \"CC-BY-SA\"", "license", "license", "CC-BY-SA-4.0");
    check("license = \"CC-BY-SA-4.0\"", "license = \"CC-BY-SA-4\"", "license", "unknown", "CC-BY-SA-4.0");
    check("version = \"1.1.0\"", "version = \"1.1.0", "", "syntax", "quote");
}

#[test]
fn what_makes_no_sense_names_the_key_and_the_fix() {
    check("version = \"1.1.0\"", "version = \"1.0\"", "version", "version", "1.0.0");
    check("version = \"1.1.0\"", "version = \"01.0.0\"", "version", "version", "1.0.0");
    check("id = \"pendulum\"", "id = \"../etc\"", "id", "id", "lower-case");
    check("outcome = \"g\"", "outcome = \"h\"", "outcome", "no_such", "h");
    check("en = \"Pendulum: gravity with the phone\"", "en = \" \"", "title.en", "empty", "Nothing");
    check("stream = \"gyr\"", "stream = \"acc\"", "sensor.1.stream", "stream", "gyr");
    check("min_hz = 20", "min_hz = 200", "sensor.1.min_hz", "outside", "max_hz");
    check("min_hz = 20", "min_hz = nan", "sensor.1.min_hz", "outside", "max_hz");
    check("min = 0.05\n", "min = 3.0\n", "input.length_m.min", "outside", "min < max");
    check("min = 0.05\n", "min = -0.05\n", "analysis.g.length", "positive", "positive");
    check("unit = \"m\"\n", "unit = \"cm\"\n", "analysis.g.length", "unit", "cm");
    check("unit = \"m\"\n", "unit = \"ell\"\n", "input.length_m.unit", "unit_unknown", "ell");
    check("uncertainty = 0.003", "uncertainty = -1.0", "input.length_m.uncertainty", "outside", "uncertainty");
    check("min_s = 0.45", "min_s = 3.0", "analysis.T.min_s", "outside", "max_s");
    check("min_periods = 4", "min_periods = 1", "analysis.T.min_periods", "outside", "2");
    check("period = \"T\"", "period = \"t\"", "analysis.g.period", "no_such", "“T”");
    check("period = \"T\"", "period = \"g\"", "analysis.g.period", "later", "before");
    check("length = \"length_m\"", "length = \"L\"", "analysis.g.length", "no_such", "[[input]]");
    check("tolerance = 0.1", "tolerance = 0.0", "reference.tolerance", "outside", "tolerance > 0");
    check("min = -1.0", "min = 1.0", "figure.1.min", "outside", "min < max");
    check("of = \"g\"\nmin = 9.0", "of = \"g\"", "figure.2.min", "outside", "min < max");
    check("of = \"g\"\n", "of = \"x\"\n", "figure.2.of", "no_such", "x");
    check_among("name = \"g\"\nlabel", "name = \"g-1\"\nlabel", "analysis.g-1.name", "name", "letter");
}

#[test]
fn what_stands_for_a_recording_fits_its_step() {
    let (by_hand, key) = ("by_hand = true", "input.T.by_hand");
    check_among(by_hand, "by_hand = 1", key, "type", "true or false");
    check_among("name = \"T\"\nunit", "name = \"P\"\nunit", "input.P.by_hand", "by_hand", "as the step");
    check("name = \"T\"\nunit = \"s\"", "name = \"T\"\nunit = \"min\"", key, "unit", "min");
    check("min = 0.45\n", "min = 0.0\n", key, "positive", "positive min");
    check("uncertainty = 0.014", "uncertainty = 0.0", key, "by_hand", "positive uncertainty");
    check(by_hand, "by_hand = true\nrepeat = 3", key, "by_hand", "repeat");
    check_among("name = \"length_m\"", "name = \"u_T\"", "input.T.name", "twice", "u_T");
    check_among("uncertainty = 0.003", "uncertainty = 0.003\nby_hand = true", "input.length_m.by_hand", "by_hand", "input");
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let bad = PENDULUM
        .replacen("minutes = 45", "minuets = 45", 1)
        .replacen("min_hz = 20", "min_hz = -1", 1)
        .replacen("unit = \"m\"", "unit = \"feet\"", 1)
        .replacen("period = \"T\"", "period = \"S\"", 1)
        .replacen("kind = \"strip\"\nof = \"g\"", "kind = \"strip\"\nof = \"q\"", 1);
    let findings = Template::parse(&bad).unwrap_err().findings;
    let keys: Vec<&str> = findings.iter().map(|finding| finding.key.as_str()).collect();
    let expected = ["minuets", "minutes", "sensor.1.min_hz", "input.length_m.unit", "analysis.g.period", "figure.2.of"];
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    let mut wanted = expected.to_vec();
    wanted.sort_unstable();
    assert_eq!(sorted, wanted, "{findings:#?}");
    assert!(findings.is_sorted_by_key(|finding| (finding.line, finding.column)));
    let at = |key: &str| findings.iter().find(|finding| finding.key == key).map(|finding| (finding.line, finding.column)).unwrap();
    let line = |text: &str| bad.lines().position(|line| line.contains(text)).unwrap() as u32 + 1;
    assert_eq!(at("minuets"), (line("minuets"), 1));
    assert_eq!(at("input.length_m.unit"), (line("feet"), 8));
    assert_eq!(at("analysis.g.period"), (line("period = \"S\""), 10));
}

#[test]
fn one_language_is_enough_and_stands_for_the_other() {
    let only = PENDULUM.replace("languages = [\"de\", \"en\"]", "languages = [\"de\"]");
    let without: String = only.lines().filter(|line| !line.starts_with("en = ")).map(|line| format!("{line}\n")).collect();
    let template = Template::parse(&without).unwrap();
    assert_eq!(template.title.en, template.title.de);
    let english = PENDULUM.replace("languages = [\"de\", \"en\"]", "languages = [\"en\"]");
    assert_eq!(Template::parse(&english).unwrap().title.in_language("de"), Template::parse(PENDULUM).unwrap().title.de);
}

#[test]
fn a_mean_and_a_scalar_are_checked_too() {
    let rest = include_str!("tests/rest.toml");
    let check = |from: &str, to: &str, key: &str| assert_eq!(wrong(rest, from, to)[0].key, key);
    check("still_sd = 0.1", "still_sd = 0.0", "analysis.a.still_sd");
    check("min_s = 10", "min_s = 0", "analysis.a.min_s");
    check("of = [\"acceleration\"]", "of = []", "analysis.a.of");
    check("of = [\"acceleration\"]", "of = [\"pressure\"]", "analysis.a.of");
    let pressure = rest.replace("\"acceleration\"", "\"pressure\"").replace("\"acc\"", "\"pres\"");
    assert_eq!(wrong(&pressure, "format = 1", "format = 1")[0].key, "analysis.a.component");
    let scalar = pressure.replace("component = \"abs\"", "component = \"x\"");
    assert_eq!(Template::parse(&scalar).unwrap().step("a").unwrap().unit(), "hPa");
}
