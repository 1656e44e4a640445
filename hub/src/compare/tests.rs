use messwerk_lessons::id::ThingId;
use messwerk_lessons::template::builtin;
use messwerk_query::ThingOutcome;

use super::*;
use crate::mint;

fn outcome(value: f64, excluded: Option<&str>) -> ThingOutcome {
    let thing: ThingId = mint::thing_id();
    let (name, unit) = ("g".to_owned(), "m/s2".to_owned());
    ThingOutcome {
        thing,
        number: 1,
        nickname: "Fuchs".to_owned(),
        run: 1,
        by_hand: false,
        name,
        value,
        uncertainty: 0.1,
        unit,
        steps: vec![],
        excluded: excluded.map(str::to_owned),
        undone: false,
        entered: Default::default(),
        hints: vec![],
    }
}

#[test]
fn what_is_excluded_is_counted_by_its_reason_and_nothing_else() {
    let outcomes = [(9.8, None), (9.9, Some("bumped")), (7.0, Some("9 swings")), (9.7, None), (5.0, Some("bumped"))];
    let outcomes = outcomes.map(|(value, excluded)| outcome(value, excluded)).to_vec();
    let of = LessonOutcomes { outcomes, ..LessonOutcomes::none(mint::lesson_id(), "pendulum") };
    let found = sample(builtin("pendulum").unwrap(), &of, &Default::default());
    assert_eq!(found.evidence, Evidence::Singles(vec![9.8, 9.7]));
    assert_eq!(found.excluded, [Excluded::exactly(1, "9 swings"), Excluded::exactly(2, "bumped")]);
    assert_eq!((found.template.as_str(), found.outcome.as_str(), found.unit.as_str()), ("pendulum", "g", "m/s2"));
    let empty = sample(builtin("pendulum").unwrap(), &LessonOutcomes::none(mint::lesson_id(), "pendulum"), &Default::default());
    assert_eq!((empty.evidence, empty.unit.as_str()), (Evidence::Singles(vec![]), "m/s2"));
}
