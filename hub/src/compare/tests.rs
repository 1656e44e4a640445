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
    let found = sample(builtin("pendulum").unwrap(), &of, None);
    assert_eq!(found.evidence, Evidence::Singles(vec![9.8, 9.7]));
    assert_eq!(found.excluded, [Excluded::exactly(1, "9 swings"), Excluded::exactly(2, "bumped")]);
    assert_eq!((found.template.as_str(), found.outcome.as_str(), found.unit.as_str()), ("pendulum", "g", "m/s2"));
    let empty = sample(builtin("pendulum").unwrap(), &LessonOutcomes::none(mint::lesson_id(), "pendulum"), None);
    assert_eq!((empty.evidence, empty.unit.as_str()), (Evidence::Singles(vec![]), "m/s2"));
}

#[test]
fn a_group_that_did_not_say_where_is_nobodys_partner() {
    let values = [(ThingId(1), 0.5), (ThingId(2), 0.6), (ThingId(3), 0.7)];
    let named = [(ThingId(1), "3 10".to_owned()), (ThingId(3), "4 10".to_owned())].into();
    let Evidence::Named(found) = evidence(&values, Some(&named)) else { panic!("the template asks for pairs") };
    assert_eq!((found[0].clone(), found[2].clone()), (("3 10".to_owned(), 0.5), ("4 10".to_owned(), 0.7)));
    let Evidence::Named(others) = evidence(&[(ThingId(9), 0.6)], Some(&BTreeMap::new())) else { panic!("as above") };
    assert!(found[1].0 != others[0].0, "two that said nothing are no pair");
    assert_eq!(evidence(&values, None), Evidence::Singles(vec![0.5, 0.6, 0.7]));
}
