use messwerk_lessons::frame::{Series, Window};

use super::*;

const THING: ThingId = ThingId(1);

fn lesson(id: &str) -> Lesson {
    Lesson::parse(&format!(
        r#"{{"id":"{id}","property":"angular_velocity","component":"y","things":[{{"id":"0000000000001","number":1}}]}}"#
    ))
    .unwrap()
}

fn frame(origin: Micros, window: u32, indexes: &[i32]) -> Frame {
    let windows = indexes.iter().map(|&index| Window { index, count: 1, mean: 0.5, min: 0.0, max: 1.0 }).collect();
    let series = Series { thing: THING, property: ObservedProperty::AngularVelocity, component: Component::Y, windows };
    Frame { origin, window, series: vec![series] }
}

fn indexes(model: &Model) -> Vec<i32> {
    model.ring(THING).into_iter().flat_map(|ring| ring.range(i32::MIN, i32::MAX)).map(|window| window.index).collect()
}

#[test]
fn frames_before_the_lesson_message_are_kept() {
    let mut model = Model::default();
    model.frame(&frame(0, 100_000, &[0, 1, 5]).encode()).unwrap();
    assert_eq!(indexes(&model), [0; 0]);
    model.set_lesson(lesson("a"));
    assert_eq!(indexes(&model), [0, 1, 5]);
    assert_eq!(model.newest(), Some(5));
    assert_eq!(model.seconds(2_000_000), Some(2.0));
}

#[test]
fn another_time_axis_or_another_lesson_starts_anew() {
    let mut model = Model::default();
    model.set_lesson(lesson("a"));
    model.apply(&frame(0, 100_000, &[7]));
    model.set_lesson(lesson("a"));
    assert_eq!(indexes(&model), [7]);
    model.apply(&frame(5, 100_000, &[1]));
    assert_eq!(indexes(&model), [1]);
    assert_eq!(model.newest(), Some(1));
    model.set_lesson(lesson("b"));
    assert_eq!(indexes(&model), [0; 0]);
    assert_eq!(model.grid(), None);
}

#[test]
fn two_minutes_are_kept_and_no_more_than_the_memory_allows() {
    let mut model = Model::default();
    model.set_lesson(lesson("a"));
    model.apply(&frame(0, 100_000, &(0..2000).collect::<Vec<_>>()));
    assert_eq!(indexes(&model).len(), 1200);
    model.apply(&frame(0, 0, &(0..20_000).collect::<Vec<_>>()));
    assert_eq!(indexes(&model).len(), MAX_WINDOWS);
    assert_eq!(model.grid(), Some(Grid { origin: 0, window: 1 }));
}

#[test]
fn a_broken_frame_changes_nothing() {
    let mut model = Model::default();
    model.set_lesson(lesson("a"));
    model.apply(&frame(0, 100_000, &[1]));
    assert!(model.frame(&frame(0, 100_000, &[2]).encode()[1..]).is_err());
    assert!(model.frame(b"").is_err());
    assert_eq!(indexes(&model), [1]);
}

#[test]
fn a_hub_that_names_ever_new_things_fills_no_memory() {
    let mut model = Model::default();
    let mut many = frame(0, 100_000, &[0]);
    let template = many.series.remove(0);
    many.series = (0..2000).map(|id| Series { thing: ThingId(id), ..template.clone() }).collect();
    model.apply(&many);
    assert_eq!(model.series.len(), MAX_SERIES);
}
