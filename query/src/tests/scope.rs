use super::*;
use crate::{AggregateSpec, ErrorKind, ObservationSpec, Scope, Window};

/// Two lessons with two Things each, half sealed and half hot; every value names its owner: 10 · lesson + thing.
fn school() -> Class {
    let of = |lesson: u64, time: Micros| {
        let row = move |thing: u64| Row { lesson: LessonId(lesson), ..scalar(10 * lesson + thing, time, (10 * lesson + thing) as f32) };
        vec![row(1), row(2)]
    };
    class(&[of(7, 0), of(8, 0)], &[of(7, 1_000), of(8, 1_000)])
}

#[test]
fn nobody_sees_anothers_rows() {
    let class = school();
    let check = |scope: Scope, thing: Option<u64>, expected: Option<&[u64]>| {
        let thing = thing.map(ThingId);
        let spec = ObservationSpec { thing, ..Default::default() };
        let sums = AggregateSpec { thing, ..AggregateSpec::new(PRES, Window::SECOND) };
        let wide = ObservationSpec { width: Some(10), ..spec };
        block_on(async {
            let answers = [
                class.engine.observations(&scope, &spec).await,
                class.engine.observations(&scope, &wide).await,
                class.engine.aggregates(&scope, &sums).await,
            ];
            for (answer, column) in answers.into_iter().zip([6, 6, 5]) {
                let Some(expected) = expected else {
                    assert_eq!(answer.unwrap_err().kind(), ErrorKind::NotFound);
                    continue;
                };
                let mut found: Vec<u64> =
                    csv(answer).await.lines().skip(1).map(|line| line.split(',').nth(column).unwrap().parse().unwrap()).collect();
                found.dedup();
                assert_eq!(found, expected, "{scope:?} {thing:?}");
            }
        });
        let mut latest: Vec<_> = class.engine.latest(&scope).iter().map(|latest| latest.value[0] as u64).collect();
        latest.retain(|value| thing.is_none_or(|thing| thing.0 == *value));
        assert_eq!(latest, expected.unwrap_or_default());
    };
    let (lesson, thing) = (|id| Scope::lesson(LessonId(id)), |id, thing| Scope::thing(LessonId(id), ThingId(thing)));
    check(lesson(7), None, Some(&[71, 72]));
    check(lesson(8), None, Some(&[81, 82]));
    check(lesson(9), None, Some(&[]));
    check(lesson(7), Some(72), Some(&[72]));
    check(lesson(7), Some(81), Some(&[]));
    check(thing(7, 71), None, Some(&[71]));
    check(thing(7, 71), Some(71), Some(&[71]));
    check(thing(7, 71), Some(72), None);
    check(thing(7, 71), Some(81), None);
    check(thing(8, 71), None, Some(&[]));
}

#[test]
fn a_row_in_the_wrong_file_stays_invisible() {
    let class = class(&[], &[]);
    let mut stray = testing::hot(&[scalar(1, 0, 1.0)]).unwrap();
    stray.lesson = LessonId(8);
    class.fixture.push_hot(stray);
    let answer = block_on(async { csv(class.engine.observations(&Scope::lesson(LessonId(8)), &Default::default()).await).await });
    assert_eq!(answer.lines().count(), 1, "{answer}");
}
