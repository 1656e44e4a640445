use std::f32::consts::TAU;

use super::*;
use crate::testing::{self, Fixture, Row};
use crate::tests::{Class, GYR, LESSON, T0, block_on, class, reading};

/// A pendulum of this period swings for `seconds` at 100 Hz, from `start` seconds on.
fn swing(thing: u64, run: u32, start: f32, seconds: f32, period: f32) -> Vec<Row> {
    let count = (seconds * 100.0) as i64;
    let row = |index: i64| {
        let time = index as f32 / 100.0;
        let value = 0.8 * (TAU * time / period).sin() * (-time / 200.0).exp();
        reading(thing, run, (start * 1e6) as Micros + index * 10_000, [value, 0.01 * (TAU * 3.1 * time).sin(), 0.0])
    };
    (0..count).map(row).collect()
}

/// A lesson `pendulum` with these Things, each with a length in metres if it was entered.
fn lesson(lengths: &[(u64, Option<f64>)]) -> Class {
    let class = class(&[], &[]);
    class.fixture.push_lesson(Lesson::free(LESSON, "pendulum", "123456", "join", T0));
    for &(thing, length) in lengths {
        put(&class.fixture, thing, length);
    }
    class
}

fn put(fixture: &Fixture, thing: u64, length: Option<f64>) {
    let inputs = length.map(|length| ("length_m".to_owned(), length)).into_iter().collect();
    let nickname = format!("Gruppe {thing}");
    fixture.put_thing(Thing { inputs, ..Thing::new(ThingId(thing), LESSON, thing as u32, nickname, T0) });
}

fn send(class: &Class, rows: &[Row]) {
    class.fixture.push_hot(testing::hot(rows).unwrap());
}

fn ask(class: &Class, scope: Scope) -> LessonOutcomes {
    block_on(class.engine.outcomes(&scope)).unwrap()
}

fn all(class: &Class) -> LessonOutcomes {
    ask(class, Scope::lesson(LESSON))
}

/// Thing, run and g to two places of each Outcome.
fn found(outcomes: &LessonOutcomes) -> Vec<(u64, u32, String)> {
    outcomes.outcomes.iter().map(|outcome| (outcome.thing.0, outcome.run, format!("{:.2}", outcome.value))).collect()
}

/// Length of a pendulum with this period where g = 9.81.
fn length(period: f64) -> f64 {
    9.81 * (period / f64::from(TAU)).powi(2)
}

#[test]
fn a_class_finds_g_and_who_did_not_is_told_why() {
    let class = lesson(&[(1, Some(length(1.3))), (2, Some(length(1.5))), (3, None), (4, Some(0.4))]);
    for (thing, period) in [(1, 1.3), (2, 1.5), (3, 1.4)] {
        send(&class, &swing(thing, 1, 0.0, 30.0, period));
    }
    let outcomes = all(&class);
    assert_eq!(found(&outcomes), [(1, 1, "9.81".to_owned()), (2, 1, "9.81".to_owned())]);
    assert_eq!(outcomes.class["g"].n, 2);
    let pending: Vec<_> = outcomes.pending.iter().map(|pending| (pending.number, pending.reason.de.clone())).collect();
    assert_eq!(pending.len(), 2);
    assert!(pending[0].1.contains("eingetragen") && pending[1].1.contains("Messwerte"), "{pending:?}");
    let json = serde_json::to_value(&outcomes).unwrap();
    assert_eq!(json["outcomes"][0]["nickname"], "Gruppe 1");
    assert_eq!(json["class"]["g"]["unit"], "m/s2");
    assert_eq!(json["pending"][0]["thing"], ThingId(3).to_string());
    assert!(json["outcomes"][0].get("excluded").is_none() && json["class"]["g"]["ci95"].is_array());
}

#[test]
fn the_period_is_told_with_g_and_before_there_is_a_length() {
    let class = lesson(&[(1, Some(length(1.3))), (2, None), (3, None)]);
    send(&class, &swing(1, 1, 0.0, 30.0, 1.3));
    send(&class, &swing(2, 1, 0.0, 30.0, 1.5));
    let json = serde_json::to_value(all(&class)).unwrap();
    let check = |found: &serde_json::Value, period: f64| {
        let step = &found["steps"][0];
        assert_eq!((step["name"].as_str(), step["unit"].as_str()), (Some("T"), Some("s")), "{found}");
        assert!((step["value"].as_f64().unwrap() - period).abs() < 0.005, "{found}");
        assert!((0.0..0.01).contains(&step["uncertainty"].as_f64().unwrap()), "{found}");
    };
    check(&json["outcomes"][0], 1.3);
    check(&json["pending"][0], 1.5);
    assert!(json["pending"][1].get("steps").is_none(), "nobody has measured");
}

#[test]
fn a_typical_mistake_is_told_to_the_group_and_to_nobody_else() {
    let class = lesson(&[(1, Some(length(1.3))), (2, Some(length(2.6)))]);
    send(&class, &swing(1, 1, 0.0, 30.0, 1.3));
    send(&class, &swing(2, 1, 0.0, 30.0, 1.3));
    let outcomes = all(&class);
    let names = |thing: u64| outcomes.hints_of(ThingId(thing)).iter().map(|hint| hint.name.as_str()).collect::<Vec<_>>();
    assert_eq!((names(1), names(2)), (vec![], vec!["half_period"]));
    let json = serde_json::to_string(&outcomes).unwrap();
    assert!(!json.contains("half_period"), "what is written for everybody has no hints");
}

#[test]
fn the_newest_run_that_works_counts() {
    let class = lesson(&[(1, Some(length(1.3)))]);
    send(&class, &swing(1, 1, 0.0, 30.0, 1.3));
    assert_eq!(found(&all(&class)), [(1, 1, "9.81".to_owned())]);
    send(&class, &swing(1, 2, 60.0, 2.0, 1.3));
    assert_eq!(found(&all(&class)), [(1, 1, "9.81".to_owned())], "two seconds are no measurement");
    send(&class, &swing(1, 2, 62.0, 30.0, 1.3));
    assert_eq!(found(&all(&class))[0].1, 2);
}

#[test]
fn a_run_that_was_taken_back_gives_way_to_an_older_one() {
    let class = lesson(&[(1, Some(length(1.3))), (2, Some(length(1.3)))]);
    send(&class, &swing(1, 1, 0.0, 30.0, 1.3));
    // Their first second was measured before the start and came after it.
    send(&class, &swing(1, 2, 60.0, 30.0, 1.4));
    send(&class, &swing(2, 1, 60.0, 30.0, 1.3));
    assert_eq!(all(&class).outcomes[0].run, 2);
    class.fixture.put_undone(&[(T0 + 61_000_000, T0 + 90_000_000)]);
    let back = all(&class);
    assert_eq!((back.outcomes[0].run, back.outcomes[0].excluded.as_deref()), (1, None));
    assert_eq!((back.outcomes[1].run, back.outcomes[1].excluded.as_deref()), (1, Some(UNDONE)), "there is no older one");
    let json = serde_json::to_value(&back).unwrap();
    assert_eq!((json["outcomes"][0].get("undone"), &json["outcomes"][1]["undone"]), (None, &serde_json::json!(true)));
    assert_eq!(back.class["g"].n, 1);
}

#[test]
fn what_was_measured_in_a_take_that_was_taken_back_does_not_count_however_late_it_comes() {
    let class = lesson(&[(1, Some(length(1.3))), (2, Some(length(1.3)))]);
    let take = (T0 + 60_000_000, T0 + 100_000_000);
    send(&class, &swing(1, 1, 0.0, 30.0, 1.3));
    class.fixture.put_undone(&[take]);
    assert_eq!(found(&all(&class)), [(1, 1, "9.81".to_owned())]);
    // They come after it was taken back, and nobody excluded them.
    send(&class, &swing(1, 2, 60.0, 30.0, 1.4));
    send(&class, &swing(2, 1, 60.0, 30.0, 1.3));
    let late = all(&class);
    let seen =
        |outcomes: &LessonOutcomes| outcomes.outcomes.iter().map(|outcome| (outcome.run, outcome.excluded.clone())).collect::<Vec<_>>();
    assert_eq!(seen(&late), [(1, None), (1, Some(UNDONE.to_owned()))]);
    assert_eq!((late.class["g"].n, &late), (1, &afresh(&class)));
    class.fixture.exclude(LESSON, ThingId(2), 1, "held in the hand");
    assert_eq!(seen(&all(&class))[1].1.as_deref(), Some("held in the hand"), "a teacher's reason stays");
    assert!(!all(&class).outcomes[1].undone, "and is the one to be shown");
    // The Take before.
    class.fixture.put_undone(&[(take.0 - 60_000_000, take.0)]);
    assert_eq!(seen(&all(&class))[0], (2, None));
    class.fixture.put_undone(&[]);
    assert_eq!((seen(&all(&class))[0].clone(), all(&class)), ((2, None), afresh(&class)), "let count again");
}

fn enter(class: &Class, thing: u64, inputs: &[(&str, f64)]) {
    let inputs = inputs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    class.fixture.put_thing(Thing { inputs, ..Thing::new(ThingId(thing), LESSON, thing as u32, format!("Gruppe {thing}"), T0) });
}

#[test]
fn a_stopwatch_makes_a_result_that_counts_like_any_other() {
    let class = lesson(&[(1, None), (2, Some(length(1.3)))]);
    send(&class, &swing(2, 1, 0.0, 30.0, 1.3));
    let by_hand = [("length_m", length(1.5)), ("T", 1.5)];
    enter(&class, 1, &by_hand);
    let json = serde_json::to_value(all(&class)).unwrap();
    let (own, other) = (&json["outcomes"][0], &json["outcomes"][1]);
    assert_eq!((&own["run"], &own["by_hand"]), (&0.into(), &true.into()), "{own}");
    assert!((own["value"].as_f64().unwrap() - 9.81).abs() < 1e-5 && (0.1..0.3).contains(&own["uncertainty"].as_f64().unwrap()), "{own}");
    assert_eq!((&own["steps"][0]["name"], &own["steps"][0]["uncertainty"]), (&"T".into(), &0.014.into()));
    assert_eq!((&other["run"], other.get("by_hand"), &json["class"]["g"]["n"]), (&1.into(), None, &2.into()));
    class.fixture.exclude(LESSON, ThingId(1), 0, "counted wrong");
    let excluded = all(&class);
    assert_eq!((excluded.outcomes[0].excluded.as_deref(), excluded.class["g"].n), (Some("counted wrong"), 1));
    // Cleared again.
    enter(&class, 1, &by_hand[..1]);
    let cleared = all(&class);
    assert_eq!((found(&cleared).len(), cleared.pending.len()), (1, 1));
    assert!(cleared.pending[0].reason.de.contains("Messwerte"), "{:?}", cleared.pending);
    // What is missing is the length, never the period.
    enter(&class, 1, &by_hand[1..]);
    let pending = &all(&class).pending[0];
    assert!(pending.reason.de.contains("Pendellänge") && pending.steps[0].name == "T", "{pending:?}");
}

#[test]
fn a_stopwatch_stands_before_no_recording_that_yields_a_result() {
    let class = lesson(&[]);
    enter(&class, 1, &[("length_m", length(1.3)), ("T", 2.0)]);
    let hand = vec![(1, 0, "4.14".to_owned())];
    assert_eq!(found(&all(&class)), hand);
    send(&class, &swing(1, 1, 0.0, 2.0, 1.3));
    assert_eq!((found(&all(&class)), &all(&class)), (hand.clone(), &afresh(&class)), "two seconds are no measurement");
    send(&class, &swing(1, 2, 60.0, 30.0, 1.3));
    assert_eq!((found(&all(&class)), &all(&class)), (vec![(1, 2, "9.81".to_owned())], &afresh(&class)));
    // A newer attempt that fails leaves the older recording before the stopwatch.
    send(&class, &swing(1, 3, 120.0, 2.0, 1.3));
    assert_eq!(found(&all(&class)), [(1, 2, "9.81".to_owned())]);
    // One that was taken back does not count, so it stands before nothing.
    class.fixture.put_undone(&[(T0 + 60_000_000, T0 + 200_000_000)]);
    assert_eq!((found(&all(&class)), all(&class).outcomes[0].undone), (hand, false));
}

#[test]
fn results_are_a_table_that_a_spreadsheet_reads_and_never_runs() {
    let class = lesson(&[(1, Some(length(1.3))), (3, Some(0.4))]);
    enter(&class, 2, &[("length_m", 1.0), ("T", 2.0), ("u_T", 0.5)]);
    send(&class, &swing(1, 1, 0.0, 30.0, 1.3));
    class.fixture.exclude(LESSON, ThingId(2), 0, "+49, \"no\"");
    let outcomes = all(&class);
    let table = |dialect| String::from_utf8(outcomes.csv(dialect)).unwrap();
    let standard = table(crate::Dialect::Standard);
    let lines: Vec<_> = standard.lines().collect();
    assert_eq!(lines[0], "number,nickname,thing,run,by_hand,name,value,uncertainty,unit,counts,excluded,T,T_uncertainty,T_unit");
    assert!(lines[1].starts_with("1,Gruppe 1,0000000000001,1,0,g,9.8") && lines[1].ends_with(",s"), "{standard}");
    assert!(lines[1].contains(",m/s2,1,,1."), "{standard}");
    assert!(lines[2].starts_with("2,Gruppe 2,0000000000002,0,1,g,9.869"), "{standard}");
    assert!(lines[2].ends_with(",m/s2,0,\"'+49, \"\"no\"\"\",2,0.5,s"), "{standard}");
    assert_eq!(lines.len(), 3, "who has no result stands in no row");
    let german = table(crate::Dialect::German);
    assert!(german.starts_with("\u{feff}number;nickname;") && german.contains(";g;9,869"), "{german}");
    assert!(german.contains("\"'+49, \"\"no\"\"\";2;0,5;s"), "{german}");
    let mut hostile = outcomes.clone();
    hostile.outcomes[0].nickname = "=cmd;1".to_owned();
    assert!(String::from_utf8(hostile.csv(crate::Dialect::German)).unwrap().contains("\n1;\"'=cmd;1\";"));
    let nobody = LessonOutcomes::none(LESSON, "pendulum").csv(crate::Dialect::Standard);
    assert_eq!(String::from_utf8(nobody).unwrap(), format!("{}\n", lines[0].trim_end_matches(",T,T_uncertainty,T_unit")));
}

#[test]
fn taps_on_start_push_no_good_run_out() {
    let class = lesson(&[(1, Some(length(1.3)))]);
    send(&class, &swing(1, 1, 0.0, 20.0, 1.3));
    let good = vec![(1, 1, "9.81".to_owned())];
    assert_eq!(found(&all(&class)), good);
    for run in 2..8 {
        send(&class, &swing(1, run, run as f32 * 30.0, 0.02, 1.3));
        assert_eq!(found(&all(&class)), good, "after tap {run}");
        assert_eq!(found(&afresh(&class)), good, "after tap {run}, by somebody who asks the first time");
    }
    // Attempts do: a group that fails three times has no result.
    for run in 8..11 {
        send(&class, &swing(1, run, run as f32 * 30.0, 0.5, 1.3));
    }
    assert_eq!(found(&all(&class)), []);
}

#[test]
fn inputs_and_exclusions_count_at_once() {
    let class = lesson(&[(1, None), (2, Some(length(1.3)))]);
    send(&class, &swing(1, 1, 0.0, 30.0, 1.3));
    send(&class, &swing(2, 1, 0.0, 30.0, 1.3));
    assert_eq!(all(&class).outcomes.len(), 1);
    put(&class.fixture, 1, Some(length(1.3)));
    assert_eq!(all(&class).class["g"].n, 2);
    class.fixture.exclude(LESSON, ThingId(1), 1, "held in the hand");
    let outcomes = all(&class);
    assert_eq!((outcomes.class["g"].n, outcomes.outcomes.len()), (1, 2));
    assert_eq!(outcomes.outcomes[0].excluded.as_deref(), Some("held in the hand"));
}

#[test]
fn a_pupil_sees_its_own_result_and_the_class() {
    let class = lesson(&[(1, Some(length(1.3))), (2, Some(length(1.3))), (3, None)]);
    send(&class, &swing(1, 1, 0.0, 30.0, 1.3));
    send(&class, &swing(2, 1, 0.0, 30.0, 1.3));
    let own = ask(&class, Scope::thing(LESSON, ThingId(2)));
    assert_eq!(found(&own), [(2, 1, "9.81".to_owned())]);
    assert_eq!((own.pending.len(), own.class["g"].n), (0, 2));
}

#[test]
fn only_who_changed_is_computed_again() {
    let class = lesson(&[(1, Some(length(1.3))), (2, Some(length(1.3)))]);
    send(&class, &swing(1, 1, 0.0, 30.0, 1.3));
    all(&class);
    let known = |thing| {
        block_on(async {
            let cache = Arc::clone(&class.engine.outcomes.lessons.lock().unwrap()[&LESSON]);
            cache.lock().await[&ThingId(thing)].clone()
        })
    };
    let before = known(1);
    // A result that can only come from the cache.
    block_on(async {
        let cache = Arc::clone(&class.engine.outcomes.lessons.lock().unwrap()[&LESSON]);
        let mut cache = cache.lock().await;
        let known = cache.get_mut(&ThingId(1)).unwrap();
        (known.run, known.result) = (7, Ok(Quantity { value: 1.0, uncertainty: 0.5, unit: "m/s2".to_owned() }));
    });
    send(&class, &swing(2, 1, 0.0, 30.0, 1.3));
    assert_eq!(found(&all(&class)), [(1, 7, "1.00".to_owned()), (2, 1, "9.81".to_owned())]);
    send(&class, &swing(1, 1, 30.0, 1.0, 1.3));
    assert_eq!(found(&all(&class))[0].1, 1);
    assert_ne!(before.key, known(1).key);
    assert_eq!(class.fixture.count(LESSON, ThingId(1), GYR), 3100);
}

#[test]
fn unknown_lessons_are_not_found() {
    let class = lesson(&[]);
    let error = block_on(class.engine.outcomes(&Scope::lesson(LessonId(404)))).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::NotFound);
    assert!(class.engine.outcomes.lessons.lock().unwrap().is_empty());
    assert_eq!(all(&class).outcomes, []);
}

/// What an engine that has never looked before finds.
fn afresh(class: &Class) -> LessonOutcomes {
    block_on(crate::Engine::over(Arc::clone(&class.fixture) as _, Default::default()).unwrap().outcomes(&Scope::lesson(LESSON))).unwrap()
}

#[test]
fn a_file_put_back_makes_the_run_whole_again() {
    let class = lesson(&[(1, Some(length(1.3)))]);
    // The beginning of the Run is sealed; what follows swings slower, so that the result says what it is over.
    let path = class.directory.path().join("sealed.parquet");
    class.fixture.push_segment(testing::seal(&path, &swing(1, 1, 0.0, 300.0, 1.3)).unwrap());
    send(&class, &swing(1, 1, 300.0, 30.0, 1.4));
    let whole = all(&class);
    class.fixture.leave_out(&path);
    let rest = all(&class);
    assert_eq!((&rest, rest.missing[0].readings), (&afresh(&class), 30_000));
    assert_ne!(found(&rest), found(&whole));
    class.fixture.take_up();
    let again = all(&class);
    assert_eq!((&again, again == whole), (&afresh(&class), true));
}

#[test]
fn a_file_found_damaged_while_computing_is_said_to_be_missing_at_once() {
    let class = lesson(&[(1, Some(length(1.3)))]);
    let path = class.directory.path().join("sealed.parquet");
    class.fixture.push_segment(testing::seal(&path, &swing(1, 1, 0.0, 30.0, 1.3)).unwrap());
    send(&class, &swing(1, 1, 30.0, 30.0, 1.3));
    let copy = std::fs::read(&path).unwrap();
    std::fs::write(&path, vec![0x5a; copy.len()]).unwrap();
    assert_eq!(all(&class).missing[0].readings, 3000);
    std::fs::write(&path, copy).unwrap();
    class.fixture.take_up();
    assert_eq!(all(&class), afresh(&class));
}

#[test]
fn a_newer_run_that_lies_earlier_in_time_counts() {
    let class = lesson(&[(1, Some(length(1.3)))]);
    send(&class, &swing(1, 1, 7200.0, 30.0, 1.3));
    assert_eq!(found(&all(&class))[0].1, 1);
    for run in 2..6 {
        // Each an hour before the last one: the phone's clock was set.
        send(&class, &swing(1, run, 3600.0 * -(run as f32), 30.0, 1.3));
        let outcomes = all(&class);
        assert_eq!((found(&outcomes)[0].1, &outcomes), (run, &afresh(&class)));
    }
}

#[test]
fn only_what_can_change_the_result_is_read_again() {
    let class = lesson(&[(1, Some(length(1.3)))]);
    let since = || {
        block_on(async {
            let cache = Arc::clone(&class.engine.outcomes.lessons.lock().unwrap()[&LESSON]);
            cache.lock().await[&ThingId(1)].since
        })
    };
    send(&class, &swing(1, 1, 0.0, 2.0, 1.3));
    all(&class);
    assert_eq!(since(), Some((1, Micros::MIN)));
    // Eleven minutes: the newest ten are looked at.
    send(&class, &swing(1, 1, 2.0, 660.0, 1.3));
    all(&class);
    assert_eq!(since(), Some((1, T0 + 62_000_000)));
    for run in 2..5 {
        send(&class, &swing(1, run, 1000.0 * run as f32, 2.0, 1.3));
        all(&class);
    }
    assert_eq!(since(), Some((2, Micros::MIN)));
    assert_eq!(all(&class), afresh(&class));
}

/// The lessons in which a group fills in tables, with what their physics was made with.
#[test]
fn tables_alone_make_a_result_in_every_lesson_that_asks_for_no_more() {
    for (name, within) in [
        ("free-fall", 0.5),
        ("sound-speed", 20.0),
        ("tube", 10.0),
        ("light", 0.2),
        ("reaction", 0.1),
        ("weather", 0.6),
        ("iss", 0.05),
        ("day-length", 1.0),
        ("spring-masses", 2.0),
    ] {
        let class = class(&[], &[]);
        class.fixture.push_lesson(Lesson::free(LESSON, name, "123456", "join", T0));
        let template = messwerk_lessons::template::builtin(name).unwrap();
        let scenario = &template.simulation.as_ref().unwrap().scenario;
        let run = messwerk_lessons::physics::scenario(scenario, None, 10.0, 5).unwrap();
        let truth = messwerk_lessons::physics::truth(scenario).unwrap();
        let entered: Vec<_> = run.inputs.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        enter(&class, 1, &entered);
        enter(&class, 2, &[]);
        let outcomes = all(&class);
        let found = outcomes.outcomes.first().unwrap_or_else(|| panic!("{name}: {:?}", outcomes.pending));
        assert_eq!((found.run, found.by_hand, found.name.as_str(), outcomes.pending.len()), (0, false, truth.0, 1), "{name}");
        assert!((found.value - truth.1).abs() < within && found.uncertainty > 0.0, "{name}: {} of {}", found.value, truth.1);
        assert!(outcomes.pending[0].reason.de.contains("eingetragen"), "{name}: {:?}", outcomes.pending[0].reason);
        // A teacher may exclude it, and what is recorded beside it, or taken back, is another thing.
        class.fixture.exclude(LESSON, ThingId(1), 0, "copied");
        assert_eq!(all(&class).outcomes[0].excluded.as_deref(), Some("copied"), "{name}");
    }
}

#[test]
fn what_is_recorded_beside_a_table_changes_nothing() {
    let class = class(&[], &[]);
    class.fixture.push_lesson(Lesson::free(LESSON, "free-fall", "123456", "join", T0));
    let entered: Vec<(String, f64)> = (1..=4)
        .flat_map(|place| [(format!("h.{place}"), 0.4 * f64::from(place)), (format!("t.{place}"), (0.8 * f64::from(place) / 9.81).sqrt())])
        .collect();
    let entered: Vec<_> = entered.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    enter(&class, 1, &entered);
    let table = all(&class);
    let interval = messwerk_lessons::quantity::ObservedProperty::TimeInterval;
    let row = |run, second: i64| Row { property: interval, ..reading(1, run, second * 1_000_000, [0.3, 0.0, 0.0]) };
    for run in 1..4 {
        send(&class, &[row(run, 60 * i64::from(run)), row(run, 60 * i64::from(run) + 5)]);
        assert_eq!(all(&class).outcomes, table.outcomes, "after run {run}");
    }
    class.fixture.put_undone(&[(T0, T0 + 600_000_000)]);
    assert_eq!((&all(&class).outcomes, all(&class).outcomes[0].undone), (&table.outcomes, false), "a table stays when a Take goes");
}

#[test]
fn the_class_finds_together_what_no_group_does() {
    let lengths = [1.0, 1.3, 1.5, 1.7].map(|period: f64| (period, length(period)));
    let class = lesson(&[]);
    for (thing, (period, length)) in (1..).zip(lengths) {
        enter(&class, thing, &[("length_m", length), ("T", period)]);
    }
    let outcomes = all(&class);
    let template = messwerk_lessons::template::builtin("pendulum").unwrap();
    let names: Vec<_> = outcomes.class_steps.iter().map(|step| (step.name.as_str(), step.part.as_deref())).collect();
    assert_eq!(names[0], ("lengths.slope", Some("slope")));
    let g = outcomes.class_steps.iter().find(|step| step.part.is_none()).unwrap();
    assert!((g.quantity.value - 9.81).abs() < 0.02 && g.quantity.unit == "m/s2", "{g:?}");
    assert_eq!(g.label, template.class_step(&g.name).unwrap().label);
    let json = serde_json::to_value(&outcomes).unwrap();
    assert_eq!(
        (&json["class_steps"][0]["part"], &json["class_steps"][0]["label"]["de"]),
        (&"slope".into(), &template.class_steps[0].label.de.as_str().into())
    );
    assert!(json["outcomes"][0].get("entered").is_none(), "what a group entered is not for everybody");
    // Who does not count is not in it, and of one group nothing can be fitted.
    class.fixture.exclude(LESSON, ThingId(1), 0, "counted wrong");
    assert_ne!(all(&class).class_steps, outcomes.class_steps);
    for thing in 2..=3 {
        class.fixture.exclude(LESSON, ThingId(thing), 0, "counted wrong");
    }
    assert_eq!(all(&class).class_steps, []);
}

#[test]
fn the_recording_of_a_result_is_what_was_analysed() {
    let class = lesson(&[(1, Some(length(1.3)))]);
    send(&class, &swing(1, 1, 0.0, 30.0, 1.3));
    send(&class, &swing(1, 2, 60.0, 2.0, 1.3));
    let result = all(&class).outcomes.remove(0);
    let ask = |scope: Scope, until| block_on(class.engine.recording(&scope, &result, until)).unwrap();
    let data = ask(Scope::lesson(LESSON), None);
    assert_eq!((data.streams[0].time.len(), data.inputs["length_m"]), (3000, length(1.3)));
    let template = messwerk_lessons::template::builtin("pendulum").unwrap();
    assert_eq!(template.outcome_of(&data).unwrap().value, result.value);
    assert_eq!(ask(Scope::lesson(LESSON), Some(T0 + 10_000_000)).streams[0].time.len(), 1000, "of a frozen board only what was there");
    assert!(ask(Scope::thing(LESSON, ThingId(2)), None).streams.is_empty(), "of another group nothing");
}
