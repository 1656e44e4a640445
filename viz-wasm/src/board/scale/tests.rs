use messwerk_lessons::frame::{Frame, Series, Window};
use messwerk_lessons::id::ThingId;

use super::*;

fn lesson(things: u64, range: &str) -> Lesson {
    let things: Vec<_> = (0..things).map(|id| format!(r#"{{"id":"{}","number":{id}}}"#, ThingId(id))).collect();
    let json = format!(r#"{{"id":"a","property":"angular_velocity","component":"y","range":{range},"things":[{}]}}"#, things.join(","));
    Lesson::parse(&json).unwrap()
}

/// The axis after Things with these extents were seen.
fn check(range: &str, extents: &[(f32, f32)], expected: (f64, f64)) {
    let lesson = lesson(extents.len() as u64, range);
    let mut model = Model::default();
    let series = |(id, &(min, max)): (usize, &(f32, f32))| Series {
        thing: ThingId(id as u64),
        property: lesson.property.unwrap(),
        component: lesson.component,
        windows: vec![Window { index: 0, count: 1, mean: min, min, max }],
    };
    model.apply(&Frame { origin: 0, window: 1, series: extents.iter().enumerate().map(series).collect() });
    let mut scale = Scale::default();
    scale.choose(&lesson);
    model.set_lesson(lesson);
    let view = View { end: 1e-6, span: 1e-6, range: (0.0, 1.0), highlight: None, cursor: None, page: 0 };
    scale.grow(&model, &view);
    assert_eq!(scale.range(), expected, "{extents:?}");
    scale.fit(true, &model, &view);
    assert!(extents.is_empty() || scale.range().0 < extents[0].0.into());
    scale.fit(false, &model, &view);
    assert_eq!(scale.range(), expected);
}

#[test]
fn the_axis_grows_in_round_steps_about_zero() {
    check("null", &[], (-1.0, 1.0));
    check("null", &[(-0.3, 0.4)], (-0.5, 0.5));
    check("null", &[(-0.3, 1.4)], (-1.5, 1.5));
    check("null", &[(-3.0, 1.4)], (-3.0, 3.0));
    check("null", &[(-0.3, 6.0)], (-7.0, 7.0));
    check("null", &[(-0.01, 0.01)], (-0.2, 0.2)); // at rest: noise stays small
}

#[test]
fn one_stray_phone_in_ten_does_not_flatten_the_class() {
    let mut extents = vec![(-0.5, 0.5); 9];
    extents.push((-40.0, 40.0));
    check("null", &extents, (-0.5, 0.5));
    extents.pop();
    extents.push((-4.0, 4.0));
    extents.pop();
    extents[0] = (-4.0, 4.0);
    check("null", &extents, (-5.0, 5.0));
}

#[test]
fn a_templates_range_is_fixed() {
    check("[-3,3]", &[(-40.0, 40.0)], (-3.0, 3.0));
}

#[test]
fn growth_survives_the_next_lesson_message() {
    let mut scale = Scale::default();
    scale.choose(&lesson(1, "null"));
    scale.range = (-5.0, 5.0);
    scale.choose(&lesson(2, "null"));
    assert_eq!(scale.range(), (-5.0, 5.0));
    scale.choose(&lesson(2, "[-1,1]"));
    assert_eq!(scale.range(), (-1.0, 1.0));
}

#[test]
fn the_next_take_chooses_its_axis_anew() {
    let of = |take: u32| {
        Lesson::parse(&format!(r#"{{"id":"a","property":"angular_velocity","component":"y","take":{{"number":{take}}}}}"#)).unwrap()
    };
    let mut scale = Scale::default();
    scale.choose(&of(1));
    scale.range = (-5.0, 5.0);
    scale.choose(&of(1));
    assert_eq!(scale.range(), (-5.0, 5.0));
    scale.choose(&of(2));
    assert_eq!(scale.range(), (-1.0, 1.0));
}

#[test]
fn rounding_up_is_round() {
    for (value, round) in [(0.11, 0.15), (1.0, 1.0), (1.6, 2.0), (2.1, 3.0), (3.1, 5.0), (5.1, 7.0), (7.1, 10.0), (-3.0, 0.0)] {
        assert!((round_up(value) - round).abs() < 1e-12, "{value}");
    }
}
