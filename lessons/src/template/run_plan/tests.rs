use super::*;
use crate::frame::Component;
use crate::physics::{RestParams, rest};
use crate::quantity::ObservedProperty;
use crate::template::{Level, Template, builtin};

/// A lesson of a phone at rest that runs as `run` says.
fn lesson(run: &str) -> Result<Template, Vec<String>> {
    let plain = include_str!("../../../library/rest/lesson.toml");
    let (template, findings) = Template::read(&plain.replacen("[share]", &format!("[run]\n{run}\n\n[share]"), 1));
    let wrong: Vec<_> = findings.iter().filter(|finding| finding.level == Level::Error).collect();
    template.ok_or_else(|| wrong.iter().map(|finding| format!("{} {}", finding.key, finding.code)).collect())
}

#[test]
fn a_lesson_says_how_it_runs_and_may_leave_it_out() {
    assert_eq!(builtin("rest").unwrap().run, RunPlan::default());
    assert_eq!(lesson("mode = \"open\"\ncountdown_s = 10").unwrap().run, RunPlan { countdown_s: 10, length_s: None, trigger: None });
    assert_eq!(lesson("mode = \"timed\"\nlength_s = 20").unwrap().run, RunPlan { countdown_s: 3, length_s: Some(20), trigger: None });
    let run = lesson("mode = \"trigger\"\nlength_s = 30\nof = \"acceleration.x\"\nlevel = 2\nafter_s = 4").unwrap().run;
    let of = Channel { property: ObservedProperty::Acceleration, component: Component::X };
    assert_eq!(run.trigger, Some(Trigger { of, level: 2.0, edge: Edge::Rising, before_s: 0.0, after_s: 4.0 }));
    assert_eq!(run.length_s, Some(30));
}

#[test]
fn what_does_not_fit_is_named() {
    let check = |run: &str, expected: &str| assert_eq!(lesson(run).unwrap_err(), [expected], "{run}");
    check("countdown_s = 3", "run.mode missing");
    check("mode = \"timer\"", "run.mode unknown");
    check("mode = \"timed\"", "run.length_s missing");
    check("mode = \"timed\"\nlength_s = 0", "run.length_s outside");
    check("mode = \"open\"\nlength_s = 20", "run.length_s unknown_key");
    check("mode = \"open\"\ncountdown_s = 11", "run.countdown_s outside");
    check("mode = \"trigger\"\nlength_s = 30\nlevel = 2\nafter_s = 4", "run.of missing");
    check("mode = \"trigger\"\nof = \"acceleration.x\"\nlevel = 2\nafter_s = 4", "run.length_s missing");
    check("mode = \"trigger\"\nlength_s = 30\nof = \"pressure\"\nlevel = 2\nafter_s = 4", "run.of no_such");
    check("mode = \"trigger\"\nlength_s = 30\nof = \"acceleration.x\"\nlevel = 2\nafter_s = 0", "run.after_s outside");
}

/// A second of rest at 0, then a ramp of 1 per second along x; every 0.1 s.
fn ramp() -> RunData {
    let time: Vec<f64> = (0..80).map(|index| f64::from(index) / 10.0).collect();
    let x: Vec<f64> = time.iter().map(|time| (time - 1.0).max(0.0)).collect();
    let zero = vec![0.0; time.len()];
    RunData {
        streams: vec![StreamData { property: ObservedProperty::Acceleration, time, x, y: zero.clone(), z: zero }],
        inputs: [("h".to_owned(), 1.0)].into(),
    }
}

#[test]
fn what_counts_lies_around_the_moment() {
    let of = Channel { property: ObservedProperty::Acceleration, component: Component::Abs };
    let trigger = Trigger { of, level: 2.05, edge: Edge::Rising, before_s: 0.5, after_s: 1.0 };
    let run = ramp();
    let at = trigger.moment(&run).unwrap();
    assert!((at - 3.05).abs() < 1e-9, "{at}");
    let cut = trigger.cut(&run).unwrap();
    let stream = &cut.streams[0];
    assert_eq!((stream.time[0], stream.time.len(), *stream.time.last().unwrap()), (2.6, 15, 4.0));
    assert_eq!((stream.x.len(), stream.y.len(), stream.z.len(), &cut.inputs), (15, 15, 15, &run.inputs));
    let never = Trigger { edge: Edge::Falling, ..trigger }.cut(&run).unwrap_err();
    assert_eq!(never.kind, "not_triggered");
    assert!(never.text.de.contains("2,05 m/s²") && never.text.de.contains("unterschritten"), "{never:?}");
    assert!(never.text.en.contains("2.05 m/s²") && never.text.en.contains("fallen below"), "{never:?}");
}

#[test]
fn the_analysis_sees_what_counts_and_waits_for_it() {
    // A phone that is lifted onto a table after ten seconds of shaking: the mean of all is not that of rest.
    let mut run = rest(&RestParams::default(), 30.0, 1);
    let stream = &mut run.streams[0];
    let shaken = stream.time.iter().take_while(|time| **time < 10.0).count();
    stream.z[..shaken].iter_mut().enumerate().for_each(|(index, z)| *z *= if index % 2 == 0 { 1.3 } else { 2.0 });
    let kind = |run_plan: &str| match lesson(run_plan).unwrap().outcome_of(&run) {
        Ok(found) => format!("{:.1}", found.value),
        Err(reason) => reason.kind.to_owned(),
    };
    let trigger = "mode = \"trigger\"\nlength_s = 60\nof = \"acceleration.abs\"\nedge = \"falling\"\nafter_s = 60";
    assert_eq!(kind(&format!("{trigger}\nlevel = 11")), "9.8");
    assert_eq!(kind(&format!("{trigger}\nlevel = 2")), "not_triggered");
    // Nothing recorded yet is another thing than nothing triggered.
    let template = lesson(&format!("{trigger}\nlevel = 11")).unwrap();
    assert_eq!(template.outcome_of(&RunData::default()).unwrap_err().kind, "no_readings");
}
