mod mutated;
mod schema;

use super::*;

/// Every key and every operation.
pub(in crate::template) const EVERYTHING: &str = include_str!("tests/everything.toml");

#[test]
fn a_template_with_everything_is_read_without_a_word() {
    let (template, findings) = read(EVERYTHING);
    assert_eq!(findings, []);
    let template = template.unwrap();
    let ops: BTreeSet<String> =
        template.steps.iter().map(|step| serde_json::to_value(step).unwrap()["op"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ops, crate::template::Op::NAMES.iter().map(|name| (*name).to_owned()).collect());
    let kinds: BTreeSet<&str> = template.figures.iter().map(|figure| figure.kind()).collect();
    assert_eq!(kinds, crate::template::Figure::KINDS.into_iter().collect());
    let units: Vec<String> = template.steps.iter().map(|step| format!("{} {} {}", step.name, step.output.kind(), step.unit())).collect();
    let has = |line: &str| assert!(units.iter().any(|unit| unit == line), "{line} is not in {units:?}");
    for line in [
        "T number s",
        "rest number m/s2",
        "p number hPa",
        "leq number dB",
        "mid number s",
        "most number m",
        "wide number K",
        "dp number hPa",
        "fell number s",
        "claps number 1",
        "f number Hz",
        "soft signal m/s2",
        "ramp signal hPa/s",
        "v signal m/s",
        "up signal m",
        "dts list s",
        "gain number m",
        "fall fit m/s2",
        "law fit 1",
        "cool fit s",
        "bow fit m/s2",
        "w signal 1/s2",
        "turn fit m",
        "hs list cm",
        "g number m/s2",
        "k number N/m",
        "twice number 1",
    ] {
        has(line);
    }
    assert_eq!(template.unit_of("cool.offset"), Some("Cel"));
    assert_eq!(template.unit_of("cool.amplitude"), Some("K"));
    assert_eq!(template.unit_of("bow.b"), Some("m/s"));
    assert_eq!(template.class_step("squares").unwrap().output.number("slope"), Some("s2/m"));
    assert_eq!(template.unit_of("dts"), None);
}

/// What only the larger template can get wrong.
#[test]
fn references_and_units_are_checked_everywhere() {
    let mut failed = vec![];
    let mut check = |from: &str, to: &str, key: &str, code: &str| {
        assert!(EVERYTHING.contains(from), "{from}");
        let (template, findings) = read(&EVERYTHING.replacen(from, to, 1));
        let told: Vec<String> = findings.iter().map(|finding| format!("{} {}", finding.key, finding.code)).collect();
        if !told.contains(&format!("{key} {code}")) || template.is_some() || told.len() > 3 {
            failed.push(format!("{from} -> {to}: {told:?} instead of {key} {code}"));
        }
    };
    check("unit = \"cm/s2\"\nmin", "unit = \"cm\"\nmin", "predict.p_g.unit", "unit");
    check("of = \"g\"\n\n[[predict]]", "of = \"gg\"\n\n[[predict]]", "predict.p_g.of", "no_such");
    check("of = \"acceleration.abs\"\n\n[[analysis]]", "of = \"linear_acceleration.abs\"\n\n[[analysis]]", "predict.p_s.of", "no_such");
    check(
        "options = [{ de = \"a\", en = \"a\" }, { de = \"b\", en = \"b\" }]",
        "options = [{ de = \"a\", en = \"a\" }]",
        "predict.p_c.options",
        "outside",
    );
    check("of = \"dts\"\n\n[[analysis]]\nname = \"least\"", "of = \"dt\"\n\n[[analysis]]\nname = \"least\"", "analysis.mid.of", "no_such");
    check("of = \"dts\"\n\n[[analysis]]\nname = \"least\"", "of = \"soft\"\n\n[[analysis]]\nname = \"least\"", "analysis.mid.of", "later");
    check("of = \"dts\"\n\n[[analysis]]\nname = \"least\"", "of = \"p\"\n\n[[analysis]]\nname = \"least\"", "analysis.mid.of", "not_a");
    check("of = \"soft\"\ndrift", "of = \"acceleration.q\"\ndrift", "analysis.v.of", "component");
    check("of = \"soft\"\ndrift", "of = \"acceleration\"\ndrift", "analysis.v.of", "component");
    check(
        "of = \"pressure\"\n\n[[analysis]]\nname = \"leq\"",
        "of = [\"pressure\", \"temperature\"]\n\n[[analysis]]\nname = \"leq\"",
        "analysis.p.of",
        "one_unit",
    );
    check("op = \"energy_mean\"\nof = \"sound_level\"", "op = \"energy_mean\"\nof = \"pressure\"", "analysis.leq.of", "unit");
    check("op = \"height\"\nof = \"pressure\"", "op = \"height\"\nof = \"temperature\"", "analysis.up.of", "unit");
    check("op = \"derivative\"\nof = \"pressure\"", "op = \"derivative\"\nof = \"sound_level\"", "analysis.ramp.of", "unit_level");
    check("unit = \"cm/s2\"\n\n", "unit = \"cm\"\n\n", "analysis.fell.unit", "unit");
    check("below = 200\n", "below = 200\nabove = 300\n", "analysis.fell.above", "outside");
    check("below = 200\n", "", "analysis.fell.below", "missing");
    check("percent = 10", "percent = 100", "analysis.l10.percent", "outside");
    check("window_s = 0.2", "window_s = 0", "analysis.soft.window_s", "outside");
    check("b = \"h2\"", "b = \"mass\"", "analysis.gain.b", "not_a");
    check("x = \"dts^2 / 2\"", "x = \"length\"", "analysis.fall.x", "not_a");
    check("x = \"dts^2 / 2\"", "x = \"dts^2 / 2 +\"", "analysis.fall.x", "formula_end");
    check("x = \"dts^2 / 2\"", "x = \"dts + h\"", "analysis.fall.x", "unit_sum");
    check("x = \"dts^2 / 2\"", "x = \"dtss^2\"", "analysis.fall.x", "no_such");
    check("y = \"acceleration.abs\"", "y = \"h\"", "analysis.turn.y", "not_a");
    check("expr = \"h - 0.1[m]\"", "expr = \"h * h\"", "analysis.hs.expr", "unit");
    check("expr = \"h - 0.1[m]\"", "expr = \"h - fall\"", "analysis.hs.expr", "kind");
    check("expr = \"h - 0.1[m]\"", "expr = \"h - fall.slop\"", "analysis.hs.expr", "no_such");
    check("expr = \"h - 0.1[m]\"", "expr = \"h - T\"", "analysis.hs.expr", "unit_sum");
    check("outcome = \"fall.slope\"", "outcome = \"fall\"", "outcome", "not_a");
    check("outcome = \"fall.slope\"", "outcome = \"dts\"", "outcome", "not_a");
    check("y = \"T^2\"", "y = \"dts\"", "class.squares.y", "no_such");
    check("y = \"T^2\"", "y = \"h\"", "class.squares.y", "kind");
    check("4*pi^2 / squares.slope", "4*pi^2 * squares.slope", "class.g_class.expr", "unit");
    check("op = \"average_of\"\nof = \"g\"", "op = \"average_of\"\nof = \"squares\"", "class.mean_g.of", "kind");
    check("g < 5[m/s2]", "g < 5", "hint.half.when", "unit_sum");
    check("g < 5[m/s2]", "g_class < 5", "hint.half.when", "no_such");
    check("kind = \"scatter\"\nof = \"fall\"", "kind = \"scatter\"\nof = \"g\"", "figure.5.of", "not_a");
    check("v = \"v\"", "v = \"up\"", "figure.8.v", "unit");
    check("k = 6", "k = 4", "share.k", "outside");
    check("sha256 = \"0123", "sha256 = \"", "origin.sha256", "outside");
    check("margin = 0.1", "margin = 0", "comparison.margin", "outside");
    check("name = \"h2\"", "name = \"h\"", "input.h.name", "twice");
    check("name = \"h2\"", "name = \"sqrt\"", "input.sqrt.name", "name");
    check("repeat = 6", "repeat = 13", "input.h.repeat", "outside");
    check("window_s = 0.2", "window_s = 500", "analysis.soft.window_s", "outside");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn numbers_are_read_as_toml_has_them() {
    let check = |written: &str, expected: f64| {
        let text = EVERYTHING.replacen("margin = 0.1", &format!("margin = {written}"), 1);
        assert_eq!(read(&text).0.unwrap().comparison.unwrap().margin, expected, "{written}");
    };
    check("1_000", 1000.0);
    check("0x1F", 31.0);
    check("0b101", 5.0);
    check("1_0.5e-1", 1.05);
    check("+3", 3.0);
    for wrong in ["inf", "nan", "-1", "true", "\"1\"", "1979-05-27"] {
        assert!(read(&EVERYTHING.replacen("margin = 0.1", &format!("margin = {wrong}"), 1)).0.is_none(), "{wrong}");
    }
}

#[test]
fn what_is_no_toml_is_told_in_full() {
    let findings = read("id = \"a\nversion = \"1.0.0\"\n[title\nde = 1\n").1;
    assert!(findings.len() > 1 && findings.iter().all(|finding| finding.code == "syntax"), "{findings:#?}");
    assert_eq!(findings[0].line, 1);
    let long = format!("# {}\n", "x".repeat(LARGEST));
    assert_eq!(read(&long).1[0].code, "too_long");
    let many: String = (0..1000).map(|index| format!("key_{index} = 1\n")).collect();
    assert!(read(&many).1.len() <= MOST_FINDINGS);
}
