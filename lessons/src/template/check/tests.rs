use super::*;

/// The pendulum's file with one text replaced must be refused with this key, and the fix must name this.
fn check(from: &str, to: &str, key: &str, fix: &str) {
    let good = include_str!("../../../library/pendulum/lesson.toml");
    assert!(good.contains(from), "{from}");
    let error = Template::parse(&good.replacen(from, to, 1)).unwrap_err();
    assert_eq!(error.key, key, "{error}");
    assert!(error.fix.contains(fix), "{error}");
}

#[test]
fn what_cannot_be_read_names_the_key() {
    check("format = 1", "format = 2", "format", "format = 1");
    check("format = 1", "", "syntax", "format");
    check("format = 1", "format = 1\ncolour = \"red\"", "syntax", "colour");
    check("min_hz = 20\n", "min_hz = 20\nrate = 3\n", "syntax", "rate");
    check("quantity = \"angular_velocity\"", "quantity = \"omega\"", "syntax", "omega");
    check("sources = [\"web\"", "sources = [\"fax\"", "syntax", "fax");
    check("op = \"period\"", "op = \"fourier\"", "syntax", "fourier");
    check("op = \"period\"\n", "", "syntax", "op");
    check("min_periods = 4\n", "", "syntax", "min_periods");
    check("min_periods = 4\n", "min_periods = 4\nguess = 1.0\n", "syntax", "guess");
    check("method = \"fit\"", "method = \"feeling\"", "syntax", "feeling");
    check("component = \"z\"", "component = \"w\"", "syntax", "x, y, z or abs");
    check("kind = \"strip\"", "kind = \"pie\"", "syntax", "pie");
    check("de = \"Literaturwert\", ", "", "syntax", "de");
    check("name = \"T\"\n", "", "syntax", "name");
}

#[test]
fn what_makes_no_sense_names_the_key_and_the_fix() {
    check("version = \"1.1.0\"", "version = \"1.0\"", "version", "1.0.0");
    check("version = \"1.1.0\"", "version = \"01.0.0\"", "version", "1.0.0");
    check("id = \"pendulum\"", "id = \"../etc\"", "id", "begins with a letter");
    check("outcome = \"g\"", "outcome = \"h\"", "outcome", "h");
    check("en = \"Pendulum: gravity with the phone\"", "en = \" \"", "title.en", "empty");
    check("stream = \"gyr\"", "stream = \"acc\"", "sensor.stream", "gyr");
    check("stream = \"acc\"", "stream = \"gyr\"", "sensor.stream", "acc");
    check("quantity = \"acceleration\"\nstream = \"acc\"", "quantity = \"angular_velocity\"\nstream = \"gyr\"", "sensor.stream", "twice");
    check("min_hz = 20", "min_hz = 200", "sensor.gyr.min_hz", "max_hz");
    check("min_hz = 20", "min_hz = nan", "sensor.gyr.min_hz", "max_hz");
    check("min = 0.05\n", "min = 3.0\n", "input.length_m.min", "min < max");
    check("min = 0.05\n", "min = -0.05\n", "analysis.g.length", "positive");
    check("unit = \"m\"\n", "unit = \"cm\"\n", "analysis.g.length", "must be in m");
    check("uncertainty = 0.003", "uncertainty = -1.0", "input.length_m.uncertainty", "not negative");
    check("of = [\"angular_velocity\"]", "of = [\"pressure\"]", "analysis.T.of", "pressure");
    check("of = [\"angular_velocity\"]", "of = []", "analysis.T.of", "at least one");
    check("min_s = 0.45", "min_s = 3.0", "analysis.T.min_s", "max_s");
    check("min_periods = 4", "min_periods = 1", "analysis.T.min_periods", "2");
    check("period = \"T\"", "period = \"t\"", "analysis.g.period", "no earlier step");
    check("period = \"T\"", "period = \"g\"", "analysis.g.period", "no earlier step");
    check("length = \"length_m\"", "length = \"L\"", "analysis.g.length", "no [[input]]");
    check("name = \"g\"", "name = \"T\"", "analysis.name", "twice");
    check("tolerance = 0.1", "tolerance = 0.0", "reference.tolerance", "positive");
    check("min = -1.0", "min = 1.0", "figure.min", "min < max");
    check("of = \"g\"\nmin = 9.0", "of = \"g\"", "figure.min", "both");
    check("of = \"g\"\n", "of = \"x\"\n", "figure.of", "x");
}

#[test]
fn what_stands_for_a_recording_fits_its_step() {
    let (by_hand, key) = ("by_hand = true", "input.T.by_hand");
    check(by_hand, "by_hand = 1", "syntax", "by_hand");
    check("name = \"T\"\nunit", "name = \"P\"\nunit", "input.P.by_hand", "called P");
    check("name = \"T\"\nunit", "name = \"g\"\nunit", "input.g.by_hand", "called g");
    check("name = \"T\"\nunit = \"s\"", "name = \"T\"\nunit = \"min\"", key, "must be in s");
    check("min = 0.45\n", "min = 0.0\n", key, "positive min");
    check("uncertainty = 0.014", "uncertainty = 0.0", key, "positive uncertainty");
    check(by_hand, "", "analysis.name", "twice");
    check("name = \"length_m\"", "name = \"u_T\"", "input.name", "u_T stands twice");
    check("uncertainty = 0.003", "uncertainty = 0.003\nby_hand = true", "analysis.g.length", "by_hand");
}

#[test]
fn a_mean_and_a_scalar_are_checked_too() {
    let check = |from: &str, to: &str, key: &str| {
        let good = include_str!("../../../library/rest/lesson.toml");
        assert!(good.contains(from), "{from}");
        assert_eq!(Template::parse(&good.replacen(from, to, 1)).unwrap_err().key, key);
    };
    check("still_sd = 0.1", "still_sd = 0.0", "analysis.a.still_sd");
    check("min_s = 10", "min_s = 0", "analysis.a.min_s");
    check("of = [\"acceleration\"]", "of = []", "analysis.a.of");
    let pressure =
        include_str!("../../../library/rest/lesson.toml").replace("\"acceleration\"", "\"pressure\"").replace("\"acc\"", "\"pres\"");
    assert_eq!(Template::parse(&pressure).unwrap_err().key, "analysis.a.component");
    let scalar = pressure.replace("component = \"abs\"", "component = \"x\"");
    assert_eq!(Template::parse(&scalar).unwrap().step("a").unwrap().op.unit(), "hPa");
}
