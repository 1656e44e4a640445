use super::*;
use crate::dice::{Purpose, dice};

#[test]
fn faults_are_written_as_a_list() {
    let check = |text: &str, expected: Option<Faults>| assert_eq!(text.parse::<Faults>().ok(), expected, "{text}");
    check("", Some(Faults::default()));
    check("drop=0.02, skew=120", Some(Faults { drop: 0.02, skew: 120.0, ..Default::default() }));
    check("duplicate=1,reorder=0.5", Some(Faults { duplicate: 1.0, reorder: 0.5, ..Default::default() }));
    check("drop", None);
    check("drop=much", None);
    check("drop=1", None);
    check("reorder=1.5", None);
    check("duplicate=-0.1", None);
    check("duplicate=NaN", None);
    check("explode=0.1", None);
}

#[test]
fn fates_follow_the_seed_and_their_chances() {
    let count = |faults: Faults| {
        let mut mischief = Mischief::new(faults, dice(7, 3, Purpose::Faults));
        (0..1000).map(|_| mischief.next()).collect::<Vec<_>>()
    };
    let some = Faults { drop: 0.1, reconnect: 0.02, ..Default::default() };
    assert_eq!(count(some), count(some));
    let dropped = |fates: &[Fate]| fates.iter().filter(|fate| fate.drop).count();
    assert!((70..130).contains(&dropped(&count(some))));
    let more = Faults { duplicate: 0.5, ..some };
    let positions = |fates: &[Fate]| fates.iter().map(|fate| fate.drop).collect::<Vec<_>>();
    assert_eq!(positions(&count(some)), positions(&count(more)));
    assert_eq!(count(Faults::default()), vec![Fate::default(); 1000]);
}
