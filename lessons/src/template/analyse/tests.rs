mod ops;

use super::*;
use crate::physics::{PendulumParams, RestParams, SpringParams, pendulum, rest, spring};
use crate::quantity::ObservedProperty;
use crate::template::{StreamData, builtin};

fn result(template: &str, run: &RunData, step: &str) -> Result<Quantity, Reason> {
    builtin(template).unwrap().analyse(run).into_iter().find(|result| result.name == step).unwrap().result
}

fn near(quantity: &Quantity, expected: f64, unit: &str) {
    assert!((quantity.value - expected).abs() < 4.0 * quantity.uncertainty, "{quantity:?} instead of {expected}");
    assert!(quantity.uncertainty > 0.0 && quantity.uncertainty < 0.02 * expected, "{quantity:?}");
    assert_eq!(quantity.unit, unit);
}

#[test]
fn every_lesson_finds_its_truth() {
    let run = pendulum(&PendulumParams { release_s: 2.0, ..Default::default() }, 20.0, 1);
    near(&result("pendulum", &run, "T").unwrap(), 1.4185, "s");
    near(&result("pendulum", &run, "g").unwrap(), 9.81, "m/s2");
    let run = spring(&SpringParams::default(), 10.0, 1);
    near(&result("spring", &run, "k").unwrap(), 40.0, "N/m");
    let run = rest(&RestParams::default(), 20.0, 1);
    near(&result("rest", &run, "a").unwrap(), 9.81, "m/s2");
    assert_eq!(builtin("rest").unwrap().outcome_of(&run), result("rest", &run, "a"));
}

#[test]
fn either_acceleration_will_do_for_a_spring() {
    let mut run = spring(&SpringParams::default(), 10.0, 1);
    let with_gravity = result("spring", &run, "T").unwrap();
    run.streams.remove(0);
    let without = result("spring", &run, "T").unwrap();
    assert_ne!(with_gravity, without);
    near(&without, with_gravity.value, "s");
}

#[test]
fn what_is_missing_is_named_in_both_languages() {
    let check = |template: &str, run: &RunData, step: &str, kind: &str, de: &str, en: &str| {
        let reason = result(template, run, step).unwrap_err();
        assert_eq!(reason.kind, kind, "{reason:?}");
        assert!(reason.text.de.contains(de) && reason.text.en.contains(en), "{reason:?}");
    };
    let nothing = RunData::default();
    check("pendulum", &nothing, "T", "no_readings", "Gyroskop", "gyroscope");
    check("pendulum", &nothing, "g", "no_readings", "Gyroskop", "gyroscope");
    let params = PendulumParams { entered_m: None, ..Default::default() };
    let mut run = pendulum(&params, 20.0, 1);
    check("pendulum", &run, "g", "input_missing", "Pendellänge", "Length");
    for wrong in [50.0, 0.0, -0.5, f64::NAN] {
        run.inputs.insert("length_m".to_owned(), wrong);
        check("pendulum", &run, "g", "input_out_of_range", "zwischen 0,05 und 2,5 m", "between 0.05 and 2.5 m");
    }
    run.inputs.insert("length_m".to_owned(), 0.5);
    assert!(result("pendulum", &run, "g").is_ok());

    check("pendulum", &pendulum(&params, 3.5, 1), "T", "too_short", "mindestens 5,", "at least 5.");
    check("pendulum", &pendulum(&params, 0.05, 1), "T", "too_few", "zu wenige", "Too few");
    let held = PendulumParams { theta0: 0.0, ..Default::default() };
    check("pendulum", &pendulum(&held, 20.0, 1), "T", "no_oscillation", "loslassen", "let go");
    check("rest", &rest(&RestParams::default(), 3.0, 1), "a", "too_short", "mindestens 10 s", "at least 10 s");
    let shaken = spring(&SpringParams::default(), 10.0, 1);
    check("rest", &shaken, "a", "never_still", "hinlegen", "put it down");
    let mut slow = RestParams::default();
    slow.acc.rate_hz = 1.0;
    check("rest", &rest(&slow, 15.0, 1), "a", "too_few", "15 von 20", "15 of 20");
}

#[test]
fn a_stopwatch_stands_for_a_recording_and_never_beside_one() {
    let entered = |inputs: &[(&str, f64)]| RunData {
        inputs: inputs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
        ..RunData::default()
    };
    // 4π² · 0.5 / 1.42²; ten swings, so ± 0.014 s, and ± 3 mm.
    let run = entered(&[("length_m", 0.5), ("T", 1.42)]);
    assert_eq!(result("pendulum", &run, "T"), Ok(Quantity { value: 1.42, uncertainty: 0.014, unit: "s".to_owned() }));
    let g = result("pendulum", &run, "g").unwrap();
    assert!((g.value - 9.7893).abs() < 1e-3 && (g.uncertainty - 0.2018).abs() < 1e-3, "{g:?}");
    let k = result("spring", &entered(&[("mass_kg", 0.2), ("T", 0.5)]), "k").unwrap();
    assert!((k.value - 31.58).abs() < 0.01 && (k.uncertainty / k.value - 0.0569).abs() < 1e-3, "{k:?}");
    // As well as whoever timed it says, but better than a tenth of the usual nobody is.
    let told = |told: f64| result("pendulum", &entered(&[("length_m", 0.5), ("T", 1.42), ("u_T", told)]), "T").unwrap().uncertainty;
    assert_eq!([0.14, 0.03, 0.0, -1.0, f64::NAN, 9.0].map(told), [0.14, 0.03, 0.1 * 0.014, 0.014, 0.014, 0.014]);

    let kind = |run: &RunData| result("pendulum", run, "g").unwrap_err().kind;
    assert_eq!(kind(&entered(&[("T", 1.42)])), "input_missing");
    assert_eq!(kind(&entered(&[("T", 14.2), ("length_m", 0.5)])), "input_out_of_range");
    assert_eq!(kind(&entered(&[("u_T", 0.1), ("length_m", 0.5)])), "no_readings", "the period itself is never missing");
    let mut short = pendulum(&PendulumParams::default(), 3.5, 1);
    short.inputs.insert("T".to_owned(), 1.42);
    assert_eq!(kind(&short), "too_short", "a recording is analysed as it is");
    let mut whole = pendulum(&PendulumParams::default(), 20.0, 1);
    let recorded = result("pendulum", &whole, "g").unwrap();
    whole.inputs.insert("T".to_owned(), 2.0);
    assert_eq!(result("pendulum", &whole, "g").unwrap(), recorded);
}

/// As a pupil sees it: handling, then nothing, then a result that settles while the pendulum swings.
#[test]
fn a_live_result_appears_and_settles() {
    let whole = pendulum(&PendulumParams { release_s: 3.0, ..Default::default() }, 30.0, 5);
    let until = |seconds: f64| {
        let mut run = whole.clone();
        for stream in &mut run.streams {
            let rows = stream.time.partition_point(|t| *t < seconds);
            [&mut stream.time, &mut stream.x, &mut stream.y, &mut stream.z].into_iter().for_each(|column| column.truncate(rows));
        }
        result("pendulum", &run, "g")
    };
    assert!(until(3.0).is_err());
    assert!(until(6.0).is_err());
    let (early, late) = (until(14.0).unwrap(), until(30.0).unwrap());
    near(&early, 9.81, "m/s2");
    near(&late, 9.81, "m/s2");
    assert!(late.uncertainty <= early.uncertainty);
}

/// Lessons without a law: everything that was measured counts, however it moves and however seldom it comes.
#[test]
fn what_is_only_averaged_takes_every_reading() {
    let check =
        |template: &str, property: ObservedProperty, hz: f64, seconds: f64, at: fn(f64) -> [f64; 3], expected: Result<f64, &str>| {
            let rows = (hz * seconds) as usize + 1;
            let time: Vec<f64> = (0..rows).map(|row| row as f64 / hz).collect();
            let column = |axis: usize| time.iter().map(|t| at(*t)[axis]).collect::<Vec<_>>();
            let (x, y, z) = (column(0), column(1), column(2));
            let (y, z) = if property.is_vector() { (y, z) } else { (vec![], vec![]) };
            let stream = StreamData { property, time: time.clone(), x, y, z };
            let template = builtin(template).unwrap();
            let found = template.outcome_of(&RunData { streams: vec![stream], ..RunData::default() });
            match expected {
                Ok(expected) => near_value(&found.unwrap(), expected),
                Err(kind) => assert_eq!(found.unwrap_err().kind, kind),
            }
        };
    fn near_value(quantity: &Quantity, expected: f64) {
        assert!((quantity.value - expected).abs() <= 3.0 * quantity.uncertainty + 1e-9, "{quantity:?} instead of {expected}");
    }
    let wandering = |t: f64| [3.0 * libm::cos(t), 3.0 * libm::sin(t), 4.0];
    check("standstill", ObservedProperty::Displacement, 1.0, 40.0, wandering, Ok(5.0));
    check("standstill", ObservedProperty::Displacement, 1.0, 25.0, wandering, Err("too_short"));
    check("standstill", ObservedProperty::Displacement, 0.2, 60.0, wandering, Err("too_few"));
}
