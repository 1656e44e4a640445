use super::*;

const LESSON: LessonId = LessonId(1);

fn made(links: &Links, now: Micros) -> Link {
    links.make(LESSON, Shared::Results, None, 1, now).unwrap()
}

#[test]
fn a_link_opens_until_it_ends_or_is_revoked() {
    let links = Links::default();
    let (first, second) = (made(&links, 0), made(&links, 0));
    assert!(mint::is_token(&first.key) && first.key != second.key && first.number != second.number);
    assert_eq!(links.open(&first.key, 5).unwrap().opened, 1);
    assert_eq!(links.open("A", 5).unwrap_err(), Shut::Unknown);
    assert_eq!(links.revoke(LessonId(2), first.number, 5).map(|link| link.number), None, "of another lesson");
    assert_eq!(links.revoke(LESSON, first.number, 5).map(|link| link.number), Some(first.number));
    assert_eq!(links.open(&first.key, 6).unwrap_err(), Shut::Unknown);
    assert_eq!(links.open(&second.key, HOUR - 1).unwrap().last, Some(HOUR - 1));
    assert_eq!(links.open(&second.key, HOUR).unwrap_err(), Shut::Unknown);
    assert!(links.of(LESSON, HOUR).is_empty());
}

#[test]
fn a_link_that_is_opened_too_often_rests() {
    let links = Links::default();
    let link = made(&links, 0);
    for _ in 0..BURST {
        links.open(&link.key, 0).unwrap();
    }
    assert_eq!(links.open(&link.key, 0).unwrap_err(), Shut::Tired(EACH));
    assert_eq!(links.open(&link.key, EACH / 2).unwrap_err(), Shut::Tired(EACH / 2));
    assert_eq!(links.open(&link.key, EACH).unwrap().opened, u64::from(BURST) + 1);
    assert!(links.open(&link.key, EACH).is_err());
    // Another one has its own patience.
    links.open(&made(&links, EACH).key, EACH).unwrap();
}

#[test]
fn links_are_bounded_and_go_with_their_lesson() {
    let links = Links::default();
    (0..OF_A_LESSON).for_each(|_| drop(made(&links, 0)));
    assert_eq!(links.make(LESSON, Shared::Results, None, 1, 0).unwrap_err().status, 409);
    links.make(LessonId(2), Shared::Results, None, 1, 0).unwrap();
    links.make(LESSON, Shared::Results, None, 1, HOUR).unwrap();
    links.forget(LESSON);
    assert!(links.of(LESSON, HOUR).is_empty());
}

#[test]
fn names_are_plain_and_have_their_units() {
    let heading = |property| String::from_utf8(table::heading(property)).unwrap();
    assert_eq!(heading(ObservedProperty::Acceleration), "group,recording,t (s),x (m/s2),y (m/s2),z (m/s2)\n");
    assert_eq!(heading(ObservedProperty::Pressure), "group,recording,t (s),pressure (hPa)\n");
}
