mod classroom;
mod columns;
mod drafts;
mod migration;
mod releases;
mod sky;
mod stations;
mod templates;

use messwerk_lessons::id::ThingId;
use tempfile::TempDir;

use super::*;
use crate::Erasure;

fn catalogue() -> (TempDir, Catalogue) {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = Catalogue::open(folder.path()).unwrap();
    (folder, catalogue)
}

fn lesson(id: u64, code: &str, created: Micros) -> Lesson {
    Lesson::free(LessonId(id), "pendulum", code, format!("join-token-{id}"), created)
}

#[test]
fn lessons_and_their_codes() {
    let (_folder, catalogue) = catalogue();
    let (first, second) = (lesson(u64::MAX, "123456", 10), lesson(2, "123456", 20));
    catalogue.add_lesson(&first).unwrap();
    assert_eq!(catalogue.lesson(first.id).unwrap().as_ref(), Some(&first));
    assert_eq!(catalogue.lesson_by_code("123456").unwrap().as_ref(), Some(&first));
    assert!(catalogue.add_lesson(&second).is_err(), "the code of an open lesson is taken");
    catalogue.end_lesson(first.id, 15).unwrap();
    catalogue.end_lesson(first.id, 99).unwrap();
    assert_eq!(catalogue.lesson_by_code("123456").unwrap(), None);
    catalogue.add_lesson(&second).unwrap();
    assert_eq!(catalogue.lessons().unwrap(), [second, Lesson { ended: Some(15), ..first }]);
    assert!(matches!(catalogue.end_lesson(LessonId(9), 1), Err(Error::NotFound(_))));
    assert_eq!(catalogue.lesson(LessonId(9)).unwrap(), None);
}

#[test]
fn things_are_numbered_and_found_by_token() {
    let (_folder, catalogue) = catalogue();
    catalogue.add_lesson(&lesson(1, "1", 0)).unwrap();
    catalogue.add_lesson(&lesson(2, "2", 0)).unwrap();
    let add =
        |lesson, thing: u64| catalogue.add_thing(LessonId(lesson), ThingId(thing), &|_, _| "otter".to_owned(), &format!("token{thing}"), 5);
    assert_eq!((1..4).map(|thing| add(1, thing).unwrap().number).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(add(2, 9).unwrap().number, 1);
    assert!(add(1, 1).is_err(), "the id is taken");
    assert!(matches!(add(3, 10), Err(Error::NotFound(_))));
    catalogue.set_input(ThingId(2), "length_m", 0.42).unwrap();
    catalogue.set_input(ThingId(2), "length_m", 0.421).unwrap();
    assert!(matches!(catalogue.set_input(ThingId(99), "length_m", 1.0), Err(Error::NotFound(_))));
    let second = catalogue.thing_by_token("token2").unwrap().unwrap();
    assert_eq!((second.id, second.lesson, second.inputs["length_m"]), (ThingId(2), LessonId(1), 0.421));
    assert_eq!(catalogue.thing(ThingId(2)).unwrap(), Some(second.clone()));
    assert_eq!(catalogue.things(LessonId(1)).unwrap()[1], second);
    catalogue.set_input(ThingId(2), "T", 1.42).unwrap();
    catalogue.clear_input(ThingId(2), "T").unwrap();
    catalogue.clear_input(ThingId(2), "T").unwrap();
    assert_eq!(catalogue.thing(ThingId(2)).unwrap(), Some(second.clone()), "cleared as if it had never been there");
    assert_eq!(catalogue.thing_by_token("token").unwrap(), None);
    assert_eq!([1, 2, 3].map(|lesson| catalogue.count_things(LessonId(lesson)).unwrap()), [3, 1, 0]);
}

#[test]
fn exclusions() {
    let (_folder, catalogue) = catalogue();
    catalogue.add_lesson(&lesson(1, "1", 0)).unwrap();
    catalogue.add_thing(LessonId(1), ThingId(5), &|_, _| "otter".to_owned(), "t", 0).unwrap();
    catalogue.set_exclusion(ThingId(5), 2, Some("dropped")).unwrap();
    catalogue.set_exclusion(ThingId(5), 2, Some("dropped the phone")).unwrap();
    assert_eq!(catalogue.exclusions(LessonId(1)).unwrap(), [(ThingId(5), 2, "dropped the phone".to_owned())]);
    catalogue.set_exclusion(ThingId(5), 2, None).unwrap();
    assert_eq!(catalogue.exclusions(LessonId(1)).unwrap(), []);
    assert!(matches!(catalogue.set_exclusion(ThingId(6), 1, Some("x")), Err(Error::NotFound(_))));
}

#[test]
fn roles_and_a_second_process() {
    let (folder, catalogue) = catalogue();
    let beside = Catalogue::open(folder.path()).unwrap();
    beside.add_token("secret-of-a-teacher", Role::Teacher, 1).unwrap();
    assert_eq!(catalogue.role("secret-of-a-teacher").unwrap(), Some(Role::Teacher));
    assert_eq!(catalogue.role("secret").unwrap(), None);
    assert!(!holds(folder.path(), b"secret-of-a-teacher"), "only the hash is kept");
}

#[test]
fn erased_rows_leave_no_bytes() {
    let (folder, catalogue) = catalogue();
    catalogue.add_lesson(&lesson(1, "1", 0)).unwrap();
    for thing in [5, 6] {
        catalogue.add_thing(LessonId(1), ThingId(thing), &|_, _| format!("planted-nickname-{thing}"), &format!("t{thing}"), 0).unwrap();
        catalogue.set_input(ThingId(thing), &format!("planted-input-{thing}"), 1.0).unwrap();
        catalogue.set_exclusion(ThingId(thing), 1, Some(&format!("planted-reason-{thing}"))).unwrap();
    }
    catalogue.begin_erasure(Erasure::Thing(LessonId(1), ThingId(5))).unwrap();
    assert_eq!(catalogue.erasures().unwrap(), [Erasure::Thing(LessonId(1), ThingId(5))]);
    catalogue.finish_erasure(Erasure::Thing(LessonId(1), ThingId(5))).unwrap();
    assert_eq!(catalogue.erasures().unwrap(), []);
    for (what, there) in [("nickname-5", false), ("input-5", false), ("reason-5", false), ("nickname-6", true), ("reason-6", true)] {
        assert_eq!(holds(folder.path(), format!("planted-{what}").as_bytes()), there, "{what}");
    }
    assert_eq!(catalogue.things(LessonId(1)).unwrap().len(), 1);
    assert_eq!(
        catalogue.add_thing(LessonId(1), ThingId(7), &|_, _| "otter".to_owned(), "t7", 0).unwrap().number,
        3,
        "numbers are not given twice"
    );
    catalogue.begin_erasure(Erasure::Lesson(LessonId(1))).unwrap();
    catalogue.finish_erasure(Erasure::Lesson(LessonId(1))).unwrap();
    assert_eq!((catalogue.lessons().unwrap(), catalogue.things(LessonId(1)).unwrap()), (vec![], vec![]));
}

#[test]
fn a_newer_catalogue_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(Catalogue::open(folder.path()).unwrap());
    let connection = Connection::open(folder.path().join("catalogue.sqlite")).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Catalogue::open(folder.path()), Err(Error::Damaged { .. })));
}

/// Whether any file of the folder holds these bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
    files.into_iter().any(|content| content.windows(bytes.len()).any(|window| window == bytes))
}
