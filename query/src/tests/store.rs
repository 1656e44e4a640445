//! Over the real store: hot, sealed and both; raw readings and roll-ups.

use std::collections::{BTreeMap, HashMap};

use messwerk_lessons::observation::{BatchKey, Readings, SenderClock};
use messwerk_store::{Clock, Entry, Options, Store, Submission, SystemClock};

use super::*;
use crate::plan::Selection;
use crate::windowed::{Measures, Windowed};
use crate::{AggregateSpec, ErrorKind, ObservationSpec, Scope, Window};

fn open(directory: &TempDir) -> (Arc<Store>, Engine) {
    let store = Arc::new(Store::open(directory.path(), Options::default(), Arc::new(SystemClock) as Arc<dyn Clock>).unwrap());
    let engine = Engine::new(Arc::clone(&store), EngineOptions::default()).unwrap();
    (store, engine)
}

fn swing(thing: u64, from: i64, to: i64) -> Entry {
    let column = |phase: f32| (from..to).map(|row| (row as f32 / 20.0 + phase).sin()).collect::<Vec<f32>>();
    let times = (from..to).map(|row| row * 10_000).collect();
    let readings = Readings::new(GYR, times, column(0.0), column(1.0), column(2.0)).unwrap();
    let clock = SenderClock::Offset { offset: T0, uncertainty: 1_000 };
    Entry::Readings(Submission {
        lesson: LESSON,
        thing: ThingId(thing),
        readings,
        key: None,
        clock,
        received: T0 + to * 10_000,
        max_hz: 0.0,
        since: None,
    })
}

#[test]
fn sealing_changes_no_answer() {
    let directory = tempfile::tempdir().unwrap();
    let (store, engine) = open(&directory);
    let scope = Scope::lesson(LESSON);
    let all = || async {
        let wide = ObservationSpec { width: Some(50), ..Default::default() };
        [
            csv(engine.observations(&scope, &Default::default()).await).await,
            csv(engine.observations(&scope, &wide).await).await,
            csv(engine.aggregates(&scope, &AggregateSpec::new(GYR, Window::SHORTEST)).await).await,
        ]
    };
    block_on(async {
        for part in 0..4 {
            let entries = (1..4).map(|thing| swing(thing, part * 250, part * 250 + 250)).collect();
            store.append(entries).await.unwrap().committed().await.unwrap();
        }
        let hot = all().await;
        assert_eq!(hot[0].lines().count(), 1 + 3 * 1000);
        assert_eq!(hot[2].lines().count(), 1 + 3 * 100 * 4);
        store.seal(None).await.unwrap();
        assert!(store.snapshot().hot.is_empty());
        assert_eq!(all().await, hot);
        store.append(vec![swing(2, 1000, 1100)]).await.unwrap().committed().await.unwrap();
        let both = all().await;
        assert_eq!(both[0].lines().count(), 1 + 3 * 1000 + 100);
        store.seal(None).await.unwrap();
        assert_eq!(all().await, both);
        assert_eq!(engine.latest(&Scope::thing(LESSON, ThingId(2))).len(), 1);
        store.erase(messwerk_store::Erasure::Thing(LESSON, ThingId(2))).await.unwrap();
        let left = all().await;
        assert!(left.iter().all(|answer| !answer.contains(&ThingId(2).to_string())), "an erased thing is in no answer");
        assert_eq!(left[0].lines().count(), 1 + 2 * 1000);
        store.close().await.unwrap();
    });
}

/// Windows as they are computed, by Thing and start: count, and per component mean, min, max, sd.
type Computed = BTreeMap<(u64, Micros), (i64, Vec<[Option<f64>; 4]>)>;

/// From the roll-ups, or with `rolled` false from the readings.
async fn windows(engine: &Engine, window: Window, run: Option<u32>, between: (Option<Micros>, Option<Micros>), rolled: bool) -> Computed {
    use arrow::array::Array;
    use arrow::datatypes::{Float64Type, Int64Type, UInt64Type};

    let selection = Selection::new(&Scope::lesson(LESSON), Some(GYR), None).unwrap().run(run).between(between.0, between.1);
    let view = engine.reader.view(&selection, rolled).await;
    let segments = view.snapshot.segments.iter().filter(|segment| selection.wants_segment(segment)).count();
    assert_eq!(view.rollups.len(), if rolled { segments } else { 0 });
    let plan = Windowed::new(&view, &selection, GYR, window, Measures::WithSd).unwrap();
    let mut found = Computed::new();
    for batch in engine.reader.windows(&view, plan).await.unwrap() {
        let number = |name: &str| crate::columns::column::<Float64Type>(&batch, name).unwrap();
        for row in 0..batch.num_rows() {
            let thing = crate::columns::column::<UInt64Type>(&batch, "thing").unwrap().value(row);
            let int = |name: &str| crate::columns::column::<Int64Type>(&batch, name).unwrap().value(row);
            let figures = ["x", "y", "z", "abs"].map(|name| {
                ["mean", "min", "max", "sd"]
                    .map(|of| number(&format!("{name}_{of}")))
                    .map(|column| column.is_valid(row).then(|| column.value(row)))
            });
            assert_eq!(found.insert((thing, int("window")), (int("count"), figures.to_vec())), None, "a window twice");
        }
    }
    found
}

/// Relative error of a standard deviation from roll-ups, whose squares are kept to 5e-7.
const SD: f64 = 3e-7;

fn assert_alike(rolled: &Computed, raw: &Computed) {
    assert!(rolled.keys().eq(raw.keys()), "{rolled:#?}\n{raw:#?}");
    for (key, (count, figures)) in rolled {
        assert_eq!(*count, raw[key].0, "{key:?}");
        for ([mean, min, max, sd], [raw_mean, raw_min, raw_max, raw_sd]) in figures.iter().zip(&raw[key].1) {
            assert_eq!((min, max, sd.is_some()), (raw_min, raw_max, raw_sd.is_some()), "{key:?}");
            let near = |a: Option<f64>, b: Option<f64>, by: f64| (a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() <= by;
            assert!(near(*mean, *raw_mean, 1e-12 * raw_mean.unwrap().abs().max(1.0)), "mean of {key:?}: {mean:?} {raw_mean:?}");
            assert!(near(*sd, *raw_sd, SD * raw_sd.unwrap_or(0.0) + 1e-9), "sd of {key:?}: {sd:?} {raw_sd:?}");
        }
    }
}

/// A reading: Thing, boot (each opens a Run), time in ms, value in sixteenths.
type Reading = (u64, u64, i64, i16);

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn rolled_up_windows_are_those_of_the_readings(
        readings in prop::collection::vec((1_u64..4, 1_u64..4, -3_000_i64..9_000, -300_i16..300), 140..200),
        offset in prop::sample::select(vec![0.0_f32, 1013.25]),
        cut in (-3_i64..9, 0_i64..9),
    ) {
        let directory = tempfile::tempdir().unwrap();
        let (store, engine) = open(&directory);
        let mut sequences: HashMap<(u64, u64), u64> = HashMap::new();
        let mut entry = |&(thing, boot, time, value): &Reading| {
            let sequence = sequences.entry((thing, boot)).or_default();
            *sequence += 1;
            let value = f32::from(value) / 16.0 + offset;
            let readings = Readings::new(GYR, vec![time * 1_000], vec![value], vec![-value], vec![1.0]).unwrap();
            let clock = SenderClock::Offset { offset: T0, uncertainty: 1_000 };
            let key = Some(BatchKey { boot, sequence: *sequence });
            Entry::Readings(Submission { lesson: LESSON, thing: ThingId(thing), readings, key, clock, received: T0, max_hz: 0.0, since: None })
        };
        block_on(async {
            // A seal takes older files along that are not larger than twice its own rows: these stay apart, in any order of
            // time, so that Runs go on from one to the next and windows lie in several.
            let (first, rest) = readings.split_at(100);
            let (second, rest) = rest.split_at(32);
            let (third, hot) = rest.split_at(8);
            for (part, sealed) in [(first, true), (second, true), (third, true), (hot, false)] {
                store.append(part.iter().map(&mut entry).collect()).await.unwrap().committed().await.unwrap();
                if sealed {
                    store.seal(None).await.unwrap();
                }
            }
            assert_eq!(store.snapshot().segments.len(), 3);
            for window in ["1s", "3s", "1h"] {
                let window: Window = window.parse().unwrap();
                let border = |seconds: i64| Some(window.start(T0 + seconds * 1_000_000));
                let spans = [(None, None), (border(cut.0), None), (border(cut.0), border(cut.0 + cut.1))];
                for (run, between) in [(None, spans[0]), (None, spans[1]), (None, spans[2]), (Some(2), spans[0]), (Some(1), spans[2])] {
                    let rolled = windows(&engine, window, run, between, true).await;
                    assert_alike(&rolled, &windows(&engine, window, run, between, false).await);
                    let counted: i64 = rolled.values().map(|(count, _)| count).sum();
                    assert!(run.is_some() || between.0.is_some() || counted == readings.len() as i64, "{counted}");
                }
            }
            store.close().await.unwrap();
        });
    }
}

/// Overwrites a file with as many bytes of nothing.
fn spoil(path: &std::path::Path) {
    std::fs::write(path, vec![0x5a; std::fs::metadata(path).unwrap().len() as usize]).unwrap();
}

#[test]
fn whole_seconds_need_only_the_roll_up_and_live_views_see_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let (store, engine) = open(&directory);
    let scope = Scope::lesson(LESSON);
    block_on(async {
        store.append(vec![swing(1, 0, 1000), swing(2, 0, 1000)]).await.unwrap().committed().await.unwrap();
        let spec = AggregateSpec { limit: Some(7), run: Some(1), ..AggregateSpec::new(GYR, Window::SECOND) };
        let raw = windows(&engine, Window::SECOND, None, (None, None), false).await;
        store.seal(None).await.unwrap();
        let path = store.snapshot().segments[0].path.clone();
        spoil(&path);
        assert_alike(&windows(&engine, Window::SECOND, None, (None, None), true).await, &raw);
        std::fs::remove_file(&path).unwrap();
        assert_alike(&windows(&engine, Window::SECOND, None, (None, None), true).await, &raw);
        let answer = engine.aggregates(&scope, &spec).await.unwrap();
        assert_eq!(answer.missing(), []);
        assert_eq!(csv(Ok(answer)).await.lines().count(), 1 + 7);
        let view = engine.live(&scope, crate::LiveSpec { property: GYR, window: Window::SECOND });
        view.changed().wait_for(|version| *version > 0).await.unwrap();
        let live: BTreeMap<_, _> = view.snapshot().into_iter().map(|entry| ((entry.thing.0, entry.start), entry)).collect();
        assert!(live.keys().eq(raw.keys()));
        for (key, entry) in live {
            let (count, figures) = &raw[&key];
            assert_eq!(entry.count, *count as u64);
            for ([mean, min, max], [raw_mean, raw_min, raw_max, _]) in entry.values.iter().zip(figures) {
                assert_eq!((Some(*min), Some(*max)), (*raw_min, *raw_max));
                assert!((mean - raw_mean.unwrap()).abs() <= 1e-12);
            }
        }
        // What needs the readings themselves says that they are missing.
        let answer = engine.aggregates(&scope, &AggregateSpec::new(GYR, Window::SHORTEST)).await.unwrap();
        assert_eq!(answer.missing()[0].readings, 2000);
        store.close().await.unwrap();
    });
}

#[test]
fn a_roll_up_that_cannot_be_read_costs_time_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let (store, engine) = open(&directory);
    let scope = Scope::lesson(LESSON);
    let spec = AggregateSpec::new(GYR, Window::SECOND);
    block_on(async {
        store.append(vec![swing(1, 0, 1000)]).await.unwrap().committed().await.unwrap();
        store.seal(None).await.unwrap();
        let rollup = store.snapshot().segments[0].rollup.clone().unwrap();
        for spoilt in [true, false] {
            if spoilt {
                spoil(&rollup)
            } else {
                std::fs::remove_file(&rollup).unwrap()
            }
            let answer = engine.aggregates(&scope, &spec).await.unwrap();
            assert_eq!(answer.missing(), []);
            assert_eq!(csv(Ok(answer)).await.lines().count(), 1 + 4 * 10);
            assert_eq!(engine.problems().len(), 1);
            assert!(engine.problems()[0].contains("loses nothing"), "{:?}", engine.problems());
        }
        store.close().await.unwrap();
    });
}

#[test]
fn a_folder_may_be_named_with_dots() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("here")).unwrap();
    let dotted = directory.path().join("here").join("..").join("data");
    let store = Arc::new(Store::open(&dotted, Options::default(), Arc::new(SystemClock) as Arc<dyn Clock>).unwrap());
    let engine = Engine::new(Arc::clone(&store), EngineOptions::default()).unwrap();
    block_on(async {
        store.append(vec![swing(1, 0, 10)]).await.unwrap().committed().await.unwrap();
        store.seal(None).await.unwrap();
        assert_eq!(csv(engine.observations(&Scope::lesson(LESSON), &ObservationSpec::default()).await).await.lines().count(), 1 + 10);
        store.close().await.unwrap();
    });
}

#[test]
fn windows_that_need_no_merging_are_read_as_they_stand() {
    let directory = tempfile::tempdir().unwrap();
    let (store, engine) = open(&directory);
    let scope = Scope::lesson(LESSON);
    let merges = async |window| {
        let selection = Selection::new(&scope, Some(GYR), None).unwrap();
        let view = engine.reader.view(&selection, true).await;
        let plan = Windowed::new(&view, &selection, GYR, window, Measures::WithSd).unwrap();
        let plan = engine.reader.machine.physical(&plan.into(), crate::engine::Mode::Serial).await.unwrap();
        datafusion::physical_plan::displayable(plan.as_ref()).indent(false).to_string().contains("AggregateExec")
    };
    let ask = async |limit| csv(engine.aggregates(&scope, &AggregateSpec { limit, ..AggregateSpec::new(GYR, Window::SECOND) }).await).await;
    let again = |boot, thing, from, to| match swing(thing, from, to) {
        Entry::Readings(batch) => Entry::Readings(Submission { key: Some(BatchKey { boot, sequence: 1 }), ..batch }),
        reject => reject,
    };
    block_on(async {
        // Two Runs of a Thing, one after the other, and another Thing; the first of its last window is alone in it.
        store.append(vec![again(1, 1, 0, 1000), again(2, 1, 1000, 2001), again(1, 2, 500, 1500)]).await.unwrap().committed().await.unwrap();
        assert!(merges(Window::SECOND).await, "from memory");
        let hot = ask(None).await;
        store.seal(Some(LESSON)).await.unwrap();
        assert!(!merges(Window::SECOND).await);
        assert!(merges("10s".parse().unwrap()).await);
        let sealed = ask(None).await;
        let exact = |text: &str| -> Vec<String> {
            let cells = |line: &str| {
                line.split(',').enumerate().filter(|(at, _)| ![5, 8].contains(at)).map(|(_, cell)| cell.to_owned()).collect::<Vec<_>>()
            };
            text.lines().map(|line| cells(line).join(",")).collect()
        };
        assert_eq!(exact(&sealed), exact(&hot), "all but mean and deviation, which have tolerances of their own");
        assert_eq!(ask(Some(6)).await.lines().collect::<Vec<_>>(), sealed.lines().take(7).collect::<Vec<_>>());
        // A third Run in the same windows.
        store.append(vec![again(3, 1, 0, 100)]).await.unwrap().committed().await.unwrap();
        store.seal(Some(LESSON)).await.unwrap();
        assert!(merges(Window::SECOND).await);
        assert_eq!(ask(None).await.lines().count(), sealed.lines().count());
        store.close().await.unwrap();
    });
}

#[test]
fn flags_say_what_is_remarkable_about_a_reading() {
    let directory = tempfile::tempdir().unwrap();
    let (store, engine) = open(&directory);
    let batch = |clock, readings: &[(i64, f32)], max_hz| {
        let (times, values) = (readings.iter().map(|reading| reading.0).collect(), readings.iter().map(|reading| reading.1).collect());
        let readings = Readings::new(ObservedProperty::Pressure, times, values, vec![], vec![]).unwrap();
        Entry::Readings(Submission { lesson: LESSON, thing: ThingId(1), readings, key: None, clock, received: T0, max_hz, since: None })
    };
    let told = SenderClock::Offset { offset: T0, uncertainty: 1_000 };
    let (range, high) = (ObservedProperty::Pressure.range(), 1e30);
    assert!(!range.contains(&high));
    block_on(async {
        let entries = vec![
            batch(SenderClock::Unknown, &[(0, 1000.0), (1_000_000, 1001.0)], 0.0),
            batch(told, &[(2_000_000, high), (9_000_000, 1002.0), (8_999_999, 1003.0)], 0.0),
            batch(told, &[(10_000_000, 1004.0), (10_001_000, 1005.0)], 10.0),
        ];
        store.append(entries).await.unwrap().committed().await.unwrap();
        let spec = ObservationSpec { flags: true, ..Default::default() };
        let hot = csv(engine.observations(&Scope::lesson(LESSON), &spec).await).await;
        assert!(hot.starts_with("lesson,run,thing,property,phenomenon_time,received_time,x,y,z,unit,flags\n"), "{hot}");
        // Behind the header, which was just compared.
        let mut flags: Vec<_> = hot.lines().skip(1).map(|line| line.rsplit(',').next().unwrap()).collect();
        flags.sort_unstable();
        let expected = ["clock=arrival", "clock=arrival", "out_of_range", "time_fast", "time_fast late", "time_fast thinned"];
        assert_eq!(flags, expected, "{hot}");
        store.seal(None).await.unwrap();
        assert_eq!(csv(engine.observations(&Scope::lesson(LESSON), &spec).await).await, hot);
        store.close().await.unwrap();
    });
}

/// Turns one bit of a file.
fn flip(path: &std::path::Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 4;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_flipped_bit_in_a_sealed_file_is_never_part_of_an_answer() {
    let directory = tempfile::tempdir().unwrap();
    let scope = Scope::lesson(LESSON);
    let seconds = AggregateSpec::new(GYR, Window::SECOND);
    let (store, engine) = open(&directory);
    block_on(async {
        store.append(vec![swing(1, 0, 1000)]).await.unwrap().committed().await.unwrap();
        store.seal(None).await.unwrap();
        let (segment, observations) = (Arc::clone(&store.snapshot().segments[0]), ObservationSpec::default());
        let (path, rollup) = (segment.path.clone(), segment.rollup.clone().unwrap());
        let whole = csv(engine.aggregates(&scope, &seconds).await).await;
        for at in (4..std::fs::metadata(&rollup).unwrap().len() as usize).step_by(211) {
            flip(&rollup, at);
            assert_eq!(csv(engine.aggregates(&scope, &seconds).await).await.lines().count(), whole.lines().count());
            assert_eq!(engine.problems().len(), 1, "the roll-up at {at}: {:?}", engine.problems());
            flip(&rollup, at);
            assert_eq!(csv(engine.aggregates(&scope, &seconds).await).await, whole);
            assert_eq!((engine.problems(), store.problems()), (vec![], vec![]));
        }
        flip(&path, 400);
        let answer = engine.observations(&scope, &observations).await.unwrap();
        assert_eq!(answer.missing()[0].readings, 1000);
        assert!(store.problems()[0].contains("its bytes are not those that were written"), "{:?}", store.problems());
        flip(&path, 400);
        store.maintain().await.unwrap();
        assert_eq!(store.problems(), Vec::<String>::new(), "put back");
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        store.maintain().await.unwrap();
        assert_eq!(store.problems().len(), 1, "gone");
        std::fs::write(&path, &bytes).unwrap();
        flip(&path, 500);
        for _ in 0..2 {
            store.maintain().await.unwrap();
            assert!(store.problems()[0].contains("its bytes are not"), "a copy that is damaged, too: {:?}", store.problems());
            assert_eq!(engine.observations(&scope, &observations).await.unwrap().missing().len(), 1);
        }
        flip(&path, 500);
        store.maintain().await.unwrap();
        assert_eq!(store.problems(), Vec::<String>::new(), "put back whole");
        assert_eq!(csv(engine.observations(&scope, &observations).await).await.lines().count(), 1 + 1000);
        store.close().await.unwrap();
    });
    drop((store, engine));
    let (store, engine) = open(&directory);
    block_on(async {
        let answer = engine.observations(&scope, &ObservationSpec::default()).await.unwrap();
        assert_eq!(answer.missing(), []);
        assert_eq!(csv(Ok(answer)).await.lines().count(), 1 + 1000);
        let path = store.snapshot().segments[0].path.clone();
        flip(&path, 400);
        store.maintain().await.unwrap();
        assert_eq!((store.snapshot().segments.len(), store.problems().len()), (0, 1), "told before anybody asks");
        store.append(vec![swing(1, 1000, 1100)]).await.unwrap().committed().await.unwrap();
        store.seal(Some(LESSON)).await.unwrap();
        assert_eq!(store.unreadable(LESSON).len(), 1, "and no part of another file");
        store.close().await.unwrap();
    });
}

#[test]
fn results_go_on_without_a_file_that_is_gone_and_say_so() {
    let directory = tempfile::tempdir().unwrap();
    let (store, engine) = open(&directory);
    let lesson = messwerk_store::catalogue::Lesson::free(LESSON, "pendulum", "123456", "join", T0);
    store.catalogue().add_lesson(&lesson).unwrap();
    store.catalogue().add_thing(LESSON, ThingId(1), &|number, _| format!("Gruppe {number}"), "token", T0).unwrap();
    let scope = Scope::lesson(LESSON);
    block_on(async {
        store.append(vec![swing(1, 0, 1000)]).await.unwrap().committed().await.unwrap();
        store.seal(None).await.unwrap();
        let path = store.snapshot().segments[0].path.clone();
        let copy = directory.path().join("copy");
        std::fs::copy(&path, &copy).unwrap();
        let whole = engine.outcomes(&scope).await.unwrap();
        assert_eq!(whole.missing, []);
        // The rest of the Run is in memory: a Thing's result is over what can be read, and the question names what is not.
        store.append(vec![swing(1, 1000, 1100)]).await.unwrap().committed().await.unwrap();
        std::fs::remove_file(&path).unwrap();
        let outcomes = engine.outcomes(&scope).await.unwrap();
        assert_eq!(outcomes.missing[0].readings, 1000);
        let problems = store.problems();
        assert!(problems.len() == 1 && problems[0].contains("1000 angular_velocity readings"), "{problems:?}");
        assert_eq!(serde_json::to_value(&outcomes).unwrap()["missing"][0]["property"], "angular_velocity");
        std::fs::rename(&copy, &path).unwrap();
        store.maintain().await.unwrap();
        assert_eq!(engine.outcomes(&scope).await.unwrap().missing, []);
        assert_eq!((engine.problems(), store.problems()), (vec![], vec![]));
        let error = engine.outcomes(&Scope::lesson(LessonId(404))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        store.close().await.unwrap();
    });
}
