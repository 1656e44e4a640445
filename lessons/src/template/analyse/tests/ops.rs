//! Every operation against numbers one can work out by hand.

use std::collections::BTreeMap;

use super::*;
use crate::template::read::tests::EVERYTHING;
use crate::template::{StreamData, Template, Worked};

fn template() -> Template {
    Template::parse(EVERYTHING).unwrap()
}

fn stream(property: ObservedProperty, hz: f64, seconds: f64, at: impl Fn(f64) -> [f64; 3]) -> StreamData {
    let time: Vec<f64> = (0..=(hz * seconds) as usize).map(|row| row as f64 / hz).collect();
    let column = |axis: usize| time.iter().map(|t| at(*t)[axis]).collect::<Vec<_>>();
    let (x, y, z) = (column(0), column(1), column(2));
    let (y, z) = if property.is_vector() { (y, z) } else { (vec![], vec![]) };
    StreamData { property, time, x, y, z }
}

/// A recording in which every number is known: a swing of 1 s, gravity along y with 2 Hz upon it from 10 s on, pressure falling by 0.1 hPa/s,
/// a tone that is loud every other second, tea that cools from 80 to 20 °C with 25 s, and falls from known heights.
fn run() -> RunData {
    use std::f64::consts::TAU;
    let swing = |t: f64| [0.0, 0.0, libm::sin(TAU * t)];
    let shaken = |t: f64| if t < 10.0 { 0.001 * libm::sin(40.0 * t) } else { 2.0 * libm::sin(2.0 * TAU * (t - 10.0)) };
    let heights = [0.5, 1.0, 1.5, 2.0];
    let fall: Vec<f64> = heights.iter().map(|h| libm::sqrt(2.0 * h / 9.81)).collect();
    let count = fall.len();
    let mut inputs: BTreeMap<String, f64> = BTreeMap::from([("length".to_owned(), 0.25), ("mass".to_owned(), 0.2)]);
    for (index, height) in heights.iter().enumerate() {
        inputs.insert(format!("h.{}", index + 1), *height);
        inputs.insert(format!("h2.{}", index + 1), 100.0 * height - [9.0, 10.0, 11.0, 10.0][index]);
    }
    let streams = vec![
        stream(ObservedProperty::AngularVelocity, 50.0, 20.0, swing),
        stream(ObservedProperty::Acceleration, 50.0, 20.0, |t| [0.0, 9.81 + shaken(t), 0.0]),
        stream(ObservedProperty::Pressure, 10.0, 20.0, |t| [1001.0 - 0.1 * t, 0.0, 0.0]),
        stream(ObservedProperty::SoundLevel, 10.0, 20.0, |t| [if libm::fmod(t, 2.0) < 0.95 { -60.0 } else { -20.0 }, 0.0, 0.0]),
        stream(ObservedProperty::Temperature, 1.0, 60.0, |t| [20.0 + 60.0 * libm::exp(-t / 25.0), 0.0, 0.0]),
        StreamData {
            property: ObservedProperty::TimeInterval,
            time: (0..count).map(|index| 5.0 * index as f64).collect(),
            x: fall,
            y: vec![],
            z: vec![],
        },
    ];
    RunData { streams, inputs }
}

#[test]
fn every_operation_finds_what_is_known() {
    let (template, run) = (template(), run());
    let results = template.analyse(&run);
    let names: Vec<&str> = results.iter().map(|result| result.name.as_str()).collect();
    assert!(names.contains(&"fall.slope") && !names.contains(&"dts") && !names.contains(&"soft"), "{names:?}");
    let check = |name: &str, expected: f64, within: f64, unit: &str| {
        let found = results.iter().find(|result| result.name == name).unwrap_or_else(|| panic!("{name} is missing"));
        let quantity = found.result.clone().unwrap_or_else(|reason| panic!("{name}: {reason:?}"));
        assert!((quantity.value - expected).abs() <= within, "{name}: {quantity:?} instead of {expected}");
        assert_eq!(quantity.unit, unit, "{name}");
        assert!(quantity.uncertainty.is_finite() && quantity.uncertainty >= 0.0, "{name}: {quantity:?}");
    };
    check("T", 1.0, 1e-3, "s");
    check("rest", 9.81, 1e-3, "m/s2");
    check("p", 1000.0, 0.02, "hPa");
    // Half of the time at -20 dB: 3 dB below it.
    check("leq", -23.0, 0.3, "dB");
    check("l10", -20.0, 1e-9, "dB");
    let fall = |h: f64| libm::sqrt(2.0 * h / 9.81);
    check("mid", (fall(1.0) + fall(1.5)) / 2.0, 1e-9, "s");
    check("least", fall(0.5), 1e-12, "s");
    check("most", 2.0, 1e-12, "m");
    check("wide", 60.0 * (1.0 - libm::exp(-60.0 / 25.0)), 1e-9, "K");
    check("sd", 2.0 / libm::sqrt(12.0), 0.01, "hPa");
    check("dp", -1.8, 1e-9, "hPa");
    // Below 2 m/s² never; see the next test.
    check("long", 10.0, 1e-6, "s");
    check("claps", 19.0, 1.0, "1");
    check("f", 2.0, 0.02, "Hz");
    check("mean_dt", (fall(0.5) + fall(1.0) + fall(1.5) + fall(2.0)) / 4.0, 1e-12, "s");
    check("gain", 0.1, 1e-12, "m");
    check("fall.slope", 9.81, 1e-9, "m/s2");
    check("fall.r2", 1.0, 1e-12, "1");
    check("law.exponent", 0.5, 1e-9, "1");
    check("law.factor", libm::sqrt(2.0 / 9.81), 1e-9, "s");
    check("cool.tau", 25.0, 1e-3, "s");
    check("cool.half_life", 25.0 * std::f64::consts::LN_2, 1e-3, "s");
    check("cool.offset", 20.0, 1e-2, "Cel");
    check("cool.amplitude", 60.0, 1e-2, "K");
    check("bow.a", 9.81 / 2.0, 1e-6, "m/s2");
    check("bow.b", 0.0, 1e-6, "m/s");
    check("g", 4.0 * 9.869_604_401 * 0.25, 0.02, "m/s2");
    check("k", 4.0 * 9.869_604_401 * 0.2, 0.02, "N/m");
    // The same twice: T and length cancel, and so do their uncertainties.
    check("twice", 1.0, 1e-12, "1");
    let twice = results.iter().find(|result| result.name == "twice").unwrap().result.clone().unwrap();
    assert!(twice.uncertainty < 1e-12, "{twice:?}");
    let fell = results.iter().find(|result| result.name == "fell").unwrap().result.clone().unwrap_err();
    assert_eq!(fell.kind, "no_crossing");
    assert_eq!(template.outcome_of(&run).unwrap().unit, "m/s2");
}

#[test]
fn workings_have_what_figures_draw() {
    let (template, run) = (template(), run());
    let workings = template.workings(&run);
    let worked = |name: &str| workings.step(name).unwrap().result.clone().unwrap();
    let Worked::List(heights) = worked("hs") else { panic!() };
    let values: Vec<Option<f64>> = heights.iter().map(|item| item.as_ref().map(|item| libm::round(item.value))).collect();
    assert_eq!(values, [Some(40.0), Some(90.0), Some(140.0), Some(190.0), None, None]);
    assert!((heights[0].as_ref().unwrap().uncertainty - 0.2).abs() < 1e-12, "2 mm are 0.2 cm");
    let Worked::Signal { time, values, unit } = worked("ramp") else { panic!() };
    assert_eq!((time.len(), unit.as_str()), (values.len(), "hPa/s"));
    assert!(values.iter().all(|slope| (slope + 0.1).abs() < 1e-9));
    let Worked::Signal { values, .. } = worked("v") else { panic!() };
    assert!(values[0].abs() < 1e-12 && values[values.len() - 1].abs() < 1e-9, "from rest to rest");
    let Worked::Signal { values, unit, .. } = worked("up") else { panic!() };
    assert_eq!(unit, "m");
    assert!((values[values.len() - 1] - 16.0).abs() < 1.0, "2 hPa are some 16 m: {}", values[values.len() - 1]);
    let Worked::Fit(fit) = worked("fall") else { panic!() };
    assert_eq!((fit.of.as_slice(), fit.x_unit.as_str(), fit.y_unit.as_str()), (&[0, 1, 2, 3][..], "s2", "m"));
    assert!(fit.residuals().iter().all(|residual| residual.abs() < 1e-9));
    assert!(fit.y_uncertainty.iter().all(|u| (u - 0.002).abs() < 1e-12));
    let Worked::Fit(fit) = worked("cool") else { panic!() };
    assert!(fit.residuals().iter().all(|residual| residual.abs() < 1e-3) && fit.y_unit == "Cel");
    let Worked::Fit(fit) = worked("turn") else { panic!() };
    assert_eq!((fit.x_unit.as_str(), fit.y_unit.as_str(), fit.x.len()), ("1/s2", "m/s2", 1001));
}

#[test]
fn what_is_missing_is_handed_on() {
    let template = template();
    let kind =
        |run: &RunData, name: &str| template.analyse(run).into_iter().find(|result| result.name == name).unwrap().result.unwrap_err().kind;
    let nothing = RunData::default();
    assert_eq!(kind(&nothing, "T"), "no_readings");
    assert_eq!(kind(&nothing, "twice"), "no_readings", "of T, which it needs");
    assert_eq!(kind(&nothing, "fall.slope"), "no_readings");
    assert_eq!(kind(&nothing, "most"), "input_missing");
    let mut few = run();
    few.inputs.retain(|name, _| !name.starts_with("h.") || name == "h.1");
    assert_eq!(kind(&few, "fall.slope"), "too_few");
    assert_eq!(kind(&few, "gain"), "too_few");
    let mut wrong = run();
    wrong.inputs.insert("h.2".to_owned(), 5000.0);
    assert_eq!(kind(&wrong, "most"), "input_out_of_range");
    // A gap in a list is no mistake.
    let mut gap = run();
    gap.inputs.remove("h.2");
    let slope = template.analyse(&gap).into_iter().find(|result| result.name == "fall.slope").unwrap().result.unwrap();
    assert!((slope.value - 9.81).abs() < 1e-9);
    assert_eq!(template.numbers(&run(), &template.analyse(&run())).keys().filter(|name| name.starts_with('h')).count(), 0);
}

#[test]
fn heights_know_that_air_is_warm_or_cold() {
    let text = EVERYTHING.replacen(
        "[[class]]",
        "[[analysis]]\nname = \"climb\"\nlabel = { de = \"c\", en = \"c\" }\nop = \"change\"\nof = \"up\"\nedge_s = 2\n\n[[class]]",
        1,
    );
    let template = Template::parse(&text).unwrap();
    let climb = template.analyse(&run()).into_iter().find(|result| result.name == "climb").unwrap().result.unwrap();
    let share = climb.uncertainty / climb.value;
    assert!((0.04..0.08).contains(&share), "{climb:?}");
}

#[test]
fn a_class_is_fitted_over_its_groups() {
    let template = template();
    let group = |length: f64, g: f64, scatter: f64| {
        let period = 2.0 * std::f64::consts::PI * libm::sqrt(length / g) * (1.0 + scatter);
        let quantity = |value: f64, unit: &str| Quantity { value, uncertainty: 0.01, unit: unit.to_owned() };
        BTreeMap::from([
            ("length".to_owned(), quantity(length, "m")),
            ("T".to_owned(), quantity(period, "s")),
            ("g".to_owned(), quantity(g, "m/s2")),
        ])
    };
    let mut groups: Vec<BTreeMap<String, Quantity>> = [(0.2, 0.001), (0.4, -0.001), (0.6, 0.0), (0.8, 0.001), (1.0, -0.0005)]
        .map(|(length, scatter)| group(length, 9.81, scatter))
        .to_vec();
    // A group that only entered its length is no point.
    groups.insert(1, BTreeMap::from([("length".to_owned(), groups[0]["length"].clone())]));
    let result = |name: &str| template.class_steps(&groups).into_iter().find(|result| result.name == name).unwrap().result.unwrap();
    let slope = result("squares.slope");
    assert_eq!(slope.unit, "s2/m");
    let g = result("g_class");
    assert!((g.value - 9.81).abs() < 0.1 && g.uncertainty > 0.0 && g.unit == "m/s2", "{g:?}");
    assert!((g.uncertainty / g.value - slope.uncertainty / slope.value).abs() < 1e-12, "4π²/slope");
    assert!((result("power.exponent").value - 0.5).abs() < 0.01);
    // Five equal values are not surer than each of them allows: 0.01/√5.
    assert!((result("mean_g").uncertainty - 0.01 / libm::sqrt(5.0)).abs() < 1e-12);
    let workings = template.class_workings(&groups);
    let Worked::Fit(fit) = workings.step("squares").unwrap().result.clone().unwrap() else { panic!() };
    assert_eq!(fit.of, [0, 2, 3, 4, 5]);
    assert_eq!(template.class_steps(&groups[..2])[0].result.clone().unwrap_err().kind, "too_few");
    assert!(template.class_steps(&[]).iter().all(|result| result.result.is_err()));
}

#[test]
fn what_all_points_have_in_common_is_not_averaged_away() {
    // Heights read with one ruler that may be off, expressed by one input for all: h/length.
    let text = EVERYTHING.replacen("x = \"dts^2 / 2\"\ny = \"h\"", "x = \"dts^2 / 2\"\ny = \"h * length / 0.25[m]\"", 1);
    let template = Template::parse(&text).unwrap();
    let slope = template.analyse(&run()).into_iter().find(|result| result.name == "fall.slope").unwrap().result.unwrap();
    // 2 mm of 25 cm are 0.8 %, in every point alike.
    assert!((slope.uncertainty / slope.value - 0.008).abs() < 1e-4, "{slope:?}");
}

#[test]
fn steps_in_a_gap_are_nobodys() {
    let steps = crate::template::builtin("steps").unwrap();
    let beat = |t: f64| [0.0, 9.81 + 2.0 * libm::sin(1.85 * std::f64::consts::TAU * t), 0.0];
    let mut walk = stream(ObservedProperty::Acceleration, 50.0, 30.0, beat);
    // Eight seconds that the phone slept.
    let kept: Vec<bool> = walk.time.iter().map(|t| !(11.0..19.0).contains(t)).collect();
    for column in [&mut walk.time, &mut walk.x, &mut walk.y, &mut walk.z] {
        let mut kept = kept.iter();
        column.retain(|_| *kept.next().unwrap());
    }
    let run = RunData { streams: vec![walk], inputs: BTreeMap::new() };
    let rate = steps.analyse(&run).into_iter().find(|step| step.name == "f").unwrap().result.unwrap();
    assert!((rate.value - 1.85).abs() < 0.01, "{rate:?}");
}
