use messwerk_store::{Options, SystemClock};

use super::*;

const LESSON: LessonId = LessonId(1);

/// A store with an open lesson and `things` Things whose tokens are their numbers, padded.
fn access(folder: &std::path::Path, things: u64) -> Access {
    let store = Store::open(folder, Options::default(), Arc::new(SystemClock)).unwrap();
    let lesson = Lesson::free(LESSON, "rest", "123456", "join", 0);
    store.catalogue().add_lesson(&lesson).unwrap();
    for thing in 1..=things {
        store.catalogue().add_thing(LESSON, ThingId(thing), &|_, _| "Otter".to_owned(), &token(thing), 0).unwrap();
    }
    let (store, clock) = (Arc::new(store), Arc::new(SystemClock));
    let stations = Arc::new(crate::station::Stations::new(Arc::clone(&store)));
    Access::new(Arc::clone(&store), Arc::new(Flow::new(store, clock, Arc::default())), vec![], stations)
}

fn token(thing: u64) -> String {
    format!("{thing:022}")
}

#[test]
fn what_was_read_before_a_lesson_ended_is_not_remembered_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let access = access(folder.path(), 1);
    // A look-up that reads the open lesson, and is overtaken by the lesson's end before it remembers what it read.
    let forgotten = access.reading().forgotten;
    let read = Arc::new(ThingAccess {
        lesson: LESSON,
        thing: ThingId(1),
        sensors: vec![],
        recording: true,
        gate: Gate::Always,
        location: false,
        station: None,
    });
    access.store.catalogue().end_lesson(LESSON, 1).unwrap();
    access.forget(LESSON);
    assert!(!access.remember(&token(1), &read, forgotten));
    assert_eq!(access.known(&token(1)), None);
    assert!(!access.look_up(&token(1)).unwrap().unwrap().recording);
    assert!(!access.known(&token(1)).unwrap().recording, "and now it is remembered");
}

#[test]
fn what_is_remembered_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let access = access(folder.path(), 1);
    let of = |lesson: u64, recording| {
        Arc::new(ThingAccess {
            lesson: LessonId(lesson),
            thing: ThingId(9),
            sensors: vec![],
            recording,
            gate: Gate::Always,
            location: false,
            station: None,
        })
    };
    let count = || access.reading().things.len();
    (0..REMEMBERED as u64).for_each(|number| assert!(access.remember(&token(number), &of(number, number % 2 == 0), 0)));
    assert_eq!(count(), REMEMBERED);
    assert!(access.remember("one more", &of(0, true), 0));
    assert_eq!(count(), REMEMBERED / 2 + 1, "those whose lessons are over went");
    (0..REMEMBERED as u64).for_each(|number| assert!(access.remember(&token(number), &of(number, true), 0)));
    assert!(count() <= REMEMBERED);
    assert!(access.look_up(&token(1)).unwrap().is_some(), "what was forgotten is looked up again");
}

#[test]
fn only_what_is_there_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let access = access(folder.path(), 2);
    for (token, expected) in [(token(1), Some(1)), (token(2), Some(2)), (token(3), None), ("short".to_owned(), None)] {
        let found = match access.bearer(&token).unwrap() {
            Some(Bearer::Thing(access)) => Some(access.thing.0),
            Some(Bearer::Teacher) => panic!("{token} is no teacher's"),
            None => None,
        };
        assert_eq!(found, expected, "{token}");
    }
}
