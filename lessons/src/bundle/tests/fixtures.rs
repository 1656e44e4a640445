use super::*;

fn fixture(text: &str) -> Bundle {
    with("fixtures/good.toml", Some(text.as_bytes()))
}

#[test]
fn a_fixture_that_agrees_passes() {
    let report = run_fixture(&bundle(), "good");
    assert!(report.passed, "{report:#?}");
    assert_eq!(report.checks.iter().map(|check| check.of.as_str()).collect::<Vec<_>>(), ["g", "hints"]);
    let reason = fixture("simulate = { seed = 7, seconds = 3 }\n[expect.g]\nreason = \"no_oscillation\"\n");
    assert!(run_fixture(&reason, "good").passed, "{:#?}", run_fixture(&reason, "good"));
}

#[test]
fn a_fixture_that_contradicts_the_template_is_told_where() {
    let check = |text: &str, expected: &[&str]| {
        let bundle = fixture(text);
        assert_eq!(told(&lint(&bundle), Level::Error), expected, "{text}: {:#?}", run_fixture(&bundle, "good"));
        assert!(!run_fixture(&bundle, "good").passed);
    };
    let simulated = "simulate = { seed = 7, seconds = 20 }\n";
    check(&format!("{simulated}[expect.g]\nvalue = 9.0\nwithin = 0.1\n"), &["fixtures/good.toml:2 contradiction"]);
    check(&format!("{simulated}[expect.g]\nreason = \"too_short\"\n"), &["fixtures/good.toml:2 contradiction"]);
    check(&format!("hints = [\"half_period\"]\n{GOOD}"), &["fixtures/good.toml:1 contradiction"]);
    check(&format!("hints = [\"half_priod\"]\n{GOOD}"), &["fixtures/good.toml:1 unknown"]);
    check(&format!("{simulated}[expect.h]\nvalue = 9.0\nwithin = 0.1\n"), &["fixtures/good.toml:2 unknown"]);
    check(&format!("{simulated}[expect.g]\nvalue = 9.0\n"), &["fixtures/good.toml:2 missing"]);
    check(simulated, &["fixtures/good.toml:1 missing"]);
    check(&format!("{GOOD}[inputs]\nlength_cm = 50\n"), &["fixtures/good.toml:6 unknown"]);
    check(&format!("{GOOD}colour = \"red\"\n"), &["fixtures/good.toml:5 unknown_key"]);
    check(
        "simulate = { seed = 7, seconds = 20, mistake = \"sleepy\" }\n[expect.g]\nvalue = 9.81\nwithin = 0.3",
        &["fixtures/good.toml:0 no_scenario"],
    );
    check("csv = \"none.csv\"\n[expect.g]\nvalue = 9.81\nwithin = 0.3", &["fixtures/none.csv:0 missing_file"]);
    check("no toml", &["fixtures/good.toml:1 syntax"]);
    let none: Vec<(String, Vec<u8>)> = files().into_iter().filter(|(path, _)| !path.starts_with("fixtures")).collect();
    assert_eq!(told(&lint(&Bundle::from_files(none.into_iter().collect()).unwrap()), Level::Error), ["fixtures:0 no_fixture"]);
    let plan = plan().replace("scenario = \"pendulum\"", "scenario = \"pendulm\"");
    let line = plan.lines().position(|line| line.contains("pendulm")).unwrap() + 1;
    let found = told(&lint(&with(PLAN, Some(plan.as_bytes()))), Level::Error);
    assert!(found.contains(&format!("{PLAN}:{line} no_scenario")), "{found:?}");
}

#[test]
fn a_recording_is_read_from_a_table() {
    let run = crate::physics::scenario("pendulum", None, 20.0, 7).unwrap();
    let stream = run.stream(crate::quantity::ObservedProperty::AngularVelocity).unwrap();
    let mut table = "stream,t,x,y,z\n".to_owned();
    for row in 0..stream.time.len() {
        table.push_str(&format!("gyr,{},{},{},{}\n", stream.time[row], stream.x[row], stream.y[row], stream.z[row]));
    }
    let length = run.inputs["length_m"];
    let plan = format!("csv = \"swing.csv\"\n[inputs]\nlength_m = {length}\n[expect.g]\nvalue = 9.81\nwithin = 0.3\n");
    let bundle = |table: &str| {
        let mut files = files();
        files.insert("fixtures/good.toml".to_owned(), plan.clone().into_bytes());
        files.insert("fixtures/swing.csv".to_owned(), table.as_bytes().to_vec());
        Bundle::from_files(files).unwrap()
    };
    assert!(run_fixture(&bundle(&table), "good").passed);
    let check = |table: &str, expected: &str| assert_eq!(told(&lint(&bundle(table)), Level::Error), [expected]);
    check(&table.replacen("stream,t", "time,t", 1), "fixtures/swing.csv:1 csv");
    check(&table.replacen("gyr,", "acc,", 1), "fixtures/swing.csv:2 csv");
    check("stream,t,x,y,z\ngyr,0,1,2\n", "fixtures/swing.csv:2 csv");
    check("stream,t,x,y,z\ngyr,0,1,2,nan\n", "fixtures/swing.csv:2 csv");
    check("", "fixtures/swing.csv:1 csv");
}
