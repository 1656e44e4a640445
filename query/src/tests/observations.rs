use std::collections::BTreeSet;

use super::*;
use crate::{ObservationSpec, Scope};

const HEADER: &str = "lesson,run,thing,property,phenomenon_time,received_time,x,y,z,unit\n";

async fn ask(class: &Class, spec: &ObservationSpec) -> String {
    csv(class.engine.observations(&Scope::lesson(LESSON), spec).await).await
}

/// Thing, run, time and values of each row of a CSV answer, as text.
fn cells(csv: &str) -> Vec<(String, u32, String, Vec<f32>)> {
    assert!(csv.starts_with(HEADER), "{csv}");
    let row = |line: &str| {
        let cells: Vec<_> = line.split(',').collect();
        let values = cells[6..9].iter().map(|cell| cell.parse().unwrap()).collect();
        (cells[2].to_owned(), cells[1].parse().unwrap(), cells[4].to_owned(), values)
    };
    csv.lines().skip(1).map(row).collect()
}

fn time(time: Micros) -> String {
    chrono::DateTime::from_timestamp_micros(time).unwrap().format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn hot_and_sealed_rows_come_complete_and_in_order(rows in any_rows()) {
        let (sealed, hot) = dealt(&rows);
        let found = cells(&block_on(ask(&class(&sealed, &hot), &ObservationSpec::default())));
        let place = |(thing, run, time, _): &(String, u32, String, Vec<f32>)| (thing.clone(), *run, time.clone());
        prop_assert!(found.is_sorted_by_key(place));
        let mut found: Vec<_> = found.into_iter().map(|row| format!("{row:?}")).collect();
        let mut expected: Vec<_> = rows.iter().map(|row| format!("{:?}", (row.thing.to_string(), row.run, time(row.time), row.value.to_vec()))).collect();
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_chart_of_some_width_keeps_first_last_and_every_peak(rows in any_rows(), width in 1_u32..40) {
        let (sealed, hot) = dealt(&rows);
        let (from, to) = (Some(T0), Some(T0 + 10_000_000));
        let thinned = cells(&block_on(ask(&class(&sealed, &hot), &ObservationSpec { width: Some(width), from, to, ..Default::default() })));
        let mut columns: std::collections::BTreeMap<_, Vec<&Row>> = Default::default();
        let step = (10_000_000 - 1) / i64::from(width) + 1;
        for row in &rows {
            columns.entry((row.thing, row.run, (row.time - T0) / step)).or_default().push(row);
        }
        let mut left: BTreeSet<_> = thinned.iter().map(|(thing, run, time, values)| format!("{thing} {run} {time} {values:?}")).collect();
        for rows in columns.values() {
            let (thing, run) = (rows[0].thing.to_string(), rows[0].run);
            let times = || rows.iter().map(|row| row.time);
            let here: Vec<_> = thinned.iter().filter(|row| (&row.0, row.1) == (&thing, run)).filter(|row| times().any(|at| time(at) == row.2)).collect();
            prop_assert!(here.len() <= 8);
            prop_assert_eq!(&here[0].2, &time(times().min().unwrap()));
            prop_assert_eq!(&here[here.len() - 1].2, &time(times().max().unwrap()));
            for component in 0..3 {
                let all = || rows.iter().map(|row| row.value[component]);
                let kept = || here.iter().map(|row| row.3[component]);
                prop_assert_eq!(kept().reduce(f32::min), all().reduce(f32::min));
                prop_assert_eq!(kept().reduce(f32::max), all().reduce(f32::max));
            }
            for row in rows.iter() {
                left.remove(&format!("{thing} {run} {} {:?}", time(row.time), row.value));
            }
        }
        prop_assert!(left.is_empty(), "rows nobody measured: {left:?}");
    }
}

#[test]
fn the_columns_are_the_contract() {
    let check = |rows: Vec<Row>, expected: &str| {
        let class = class(&[], &[rows]);
        assert_eq!(block_on(ask(&class, &ObservationSpec::default())), format!("{HEADER}{expected}"));
    };
    check(vec![], "");
    check(
        vec![reading(2, 3, 314_000, [9.81, -0.5, 1e-7])],
        "0000000000007,3,0000000000002,angular_velocity,2026-01-03T12:43:32.314000Z,2026-01-03T12:43:33.000000Z,9.81,-0.5,1e-7,rad/s\n",
    );
    check(
        vec![scalar(2, 1, 1013.25)],
        "0000000000007,1,0000000000002,pressure,2026-01-03T12:43:32.000001Z,2026-01-03T12:43:33.000000Z,1013.25,,,hPa\n",
    );
}

#[test]
fn a_spreadsheet_is_told_whose_readings_they_are_and_when_they_began() {
    let gyr = (0..4).map(|index| reading(1 + index / 2, 1 + index as u32 % 2, 10_000 * index as i64, [0.5, 0.0, 0.0]));
    // Run 1 of Thing 1 began with another property, half a second before.
    let class = class(&[gyr.collect()], &[vec![Row { run: 1, ..scalar(1, -500_000, 6.0) }, Row { run: 1, ..scalar(1, 1_234_567, 7.0) }]]);
    let named = |thing: u64, nickname: &str| {
        class.fixture.put_thing(messwerk_store::catalogue::Thing::new(ThingId(thing), LESSON, 10 + thing as u32, nickname, T0));
    };
    named(1, "Blau Otter A");
    let check = |spec: ObservationSpec, expected: &[&str]| {
        let answer = block_on(ask(&class, &spec));
        assert!(answer.starts_with("lesson,run,thing,property,phenomenon_time,received_time,x,y,z,unit,number,nickname,t_s"), "{answer}");
        let ends: Vec<_> = answer.lines().skip(1).map(|line| line.splitn(11, ',').last().unwrap().to_owned()).collect();
        assert_eq!(ends, expected, "{spec:?}");
    };
    let all = || ObservationSpec { named: true, ..Default::default() };
    // Thing 2 is not known any more.
    let gyr = ["11,Blau Otter A,0.5", "11,Blau Otter A,0", ",,0", ",,0"];
    check(all(), &["11,Blau Otter A,0.5", "11,Blau Otter A,0", "11,Blau Otter A,0", "11,Blau Otter A,1.734567", ",,0", ",,0"]);
    check(ObservationSpec { property: Some(GYR), ..all() }, &gyr);
    check(ObservationSpec { from: Some(T0 + 1_000_000), ..all() }, &["11,Blau Otter A,1.734567"]);
    check(ObservationSpec { property: Some(GYR), run: Some(1), limit: Some(1), ..all() }, &gyr[..1]);
    check(ObservationSpec { property: Some(GYR), width: Some(10), thing: Some(ThingId(1)), ..all() }, &gyr[..2]);
    check(ObservationSpec { property: Some(GYR), thing: Some(ThingId(2)), flags: true, ..all() }, &[",,0,", ",,0,"]);
    named(1, "=1+1");
    check(ObservationSpec { property: Some(GYR), limit: Some(1), ..all() }, &["11,'=1+1,0.5"]);
}

#[test]
fn restrictions_restrict() {
    let gyr: Vec<_> =
        (0..6).map(|index| reading(1 + index % 2, 1 + index as u32 / 4, index as i64 * 1_000, [index as f32, 0.0, 0.0])).collect();
    let class = class(&[gyr], &[vec![scalar(1, 0, 6.0), scalar(1, 1_000, 7.0)]]);
    let check = |spec: ObservationSpec, expected: &[u32]| {
        let answer = block_on(ask(&class, &spec));
        let found: Vec<u32> = answer.lines().skip(1).map(|line| line.split(',').nth(6).unwrap().parse().unwrap()).collect();
        assert_eq!(found, expected, "{spec:?}");
    };
    let all = ObservationSpec::default;
    check(all(), &[0, 2, 4, 6, 7, 1, 3, 5]);
    check(ObservationSpec { property: Some(PRES), ..all() }, &[6, 7]);
    check(ObservationSpec { thing: Some(ThingId(2)), ..all() }, &[1, 3, 5]);
    check(ObservationSpec { run: Some(2), ..all() }, &[4, 5]);
    check(ObservationSpec { from: Some(T0 + 3_000), ..all() }, &[4, 3, 5]);
    check(ObservationSpec { to: Some(T0 + 1_000), ..all() }, &[0, 6]);
    check(ObservationSpec { from: Some(T0 + 1_000), to: Some(T0 + 2_000), ..all() }, &[7, 1]);
    check(ObservationSpec { limit: Some(4), ..all() }, &[0, 2, 4, 6]);
    check(ObservationSpec { limit: Some(0), ..all() }, &[]);
    check(ObservationSpec { limit: Some(2), width: Some(1), ..all() }, &[0, 2]);
    check(ObservationSpec { run: Some(9), width: Some(100), ..all() }, &[]);
}

#[test]
fn exports_merge_and_never_sort() {
    let rows: Vec<_> = (0..100).map(|index| reading(index % 5, 1, index as i64 * 10_000, [0.0; 3])).collect();
    let (sealed, hot) = dealt(&rows);
    let class = class(&sealed, &[hot, vec![vec![scalar(1, 0, 1.0)]]].concat());
    let selection = crate::plan::Selection::new(&Scope::lesson(LESSON), None, None).unwrap();
    let snapshot = Arc::new(crate::Source::snapshot(&*class.fixture, LESSON));
    let plan = crate::plan::rows(selection.scan(&snapshot, true).unwrap(), None, false).unwrap();
    let plan = block_on(class.engine.reader.machine.physical(&plan.into(), crate::engine::Mode::Serial)).unwrap();
    let text = datafusion::physical_plan::displayable(plan.as_ref()).indent(false).to_string();
    assert!(!text.contains("SortExec"), "{text}");
    assert!(text.contains("SortPreservingMergeExec"), "{text}");
}
