//! Templates on the shelf, and those that lessons were made with.

use messwerk_lessons::bundle::Bundle;

use super::*;

fn entry(byte: u8, id: &str, version: &str, origin: Origin) -> ShelfEntry {
    ShelfEntry { hash: TemplateHash([byte; 32]), id: id.to_owned(), version: version.to_owned(), origin, published: 5, withdrawn: None }
}

const PENDULUM: &str = include_str!("../../../../lessons/library/pendulum/lesson.toml");

/// A template's file with only its plan.
fn file(plan: &str) -> Vec<u8> {
    Bundle::from_files([("lesson.toml".to_owned(), plan.as_bytes().to_vec())].into()).unwrap().to_zip().unwrap()
}

#[test]
fn a_hash_is_written_and_read() {
    let hash = TemplateHash(std::array::from_fn(|at| at as u8));
    assert!(hash.to_string().starts_with("000102030405") && hash.to_string().ends_with("1e1f"));
    assert_eq!(hash.to_string().parse(), Ok(hash));
    assert_eq!("AB".repeat(32).parse(), Ok(TemplateHash([0xab; 32])));
    for bad in ["", "00", &"0".repeat(63), &"g".repeat(64), &"+1".repeat(32), &"ä".repeat(32)] {
        assert!(bad.parse::<TemplateHash>().is_err(), "{bad}");
    }
}

#[test]
fn a_lesson_keeps_the_template_it_was_made_with() {
    let (folder, catalogue) = catalogue();
    let mine = Lesson { template_hash: Some(TemplateHash([1; 32])), ..lesson(1, "1", 0) };
    assert!(catalogue.add_lesson(&mine).is_err(), "of a template that is not there");
    catalogue.add_lesson_with(&mine, &entry(1, "pendulum", "1.0.0", Origin::Builtin), &file(PENDULUM)).unwrap();
    let newer = PENDULUM.replace("Fadenpendel", "Neues Pendel");
    catalogue.add_template(&entry(2, "pendulum", "1.2.0", Origin::Made), &file(&newer)).unwrap();
    let title = |catalogue: &Catalogue| {
        let lesson = catalogue.lesson(LessonId(1)).unwrap().unwrap();
        assert_eq!(lesson, mine);
        catalogue.template_of(&lesson).unwrap().title.de.clone()
    };
    assert!(title(&catalogue).starts_with("Fadenpendel"), "whatever the shelf has");
    assert_eq!(catalogue.forget_templates(Micros::MAX).unwrap(), 0, "it is in use");
    drop(catalogue);
    let catalogue = Catalogue::open(folder.path()).unwrap();
    assert!(title(&catalogue).starts_with("Fadenpendel"), "after a restart too");
    let before = lesson(2, "2", 0);
    catalogue.add_lesson(&before).unwrap();
    assert_eq!(catalogue.template_of(&before).unwrap().id, "pendulum", "the built-in one of a lesson without a hash");
    let unknown = Lesson { template: "walk".to_owned(), ..before };
    assert!(matches!(catalogue.template_of(&unknown), Err(Error::NotFound(_))));
    let whole = Erasure::Lesson(LessonId(1));
    catalogue.begin_erasure(whole).unwrap();
    catalogue.finish_erasure(whole).unwrap();
    assert_eq!(catalogue.forget_templates(0).unwrap(), 1, "a built-in one that no lesson uses is in the program anyway");
    assert_eq!(catalogue.template_bundle(TemplateHash([1; 32])).unwrap(), None);
}

#[test]
fn what_is_taken_off_the_shelf_comes_back_until_it_is_forgotten() {
    let (_folder, catalogue) = catalogue();
    let made = entry(3, "fall", "1.0.0", Origin::Made);
    catalogue.add_template(&made, b"bundle").unwrap();
    catalogue.add_template(&entry(4, "fall", "1.1.0", Origin::Imported), b"other").unwrap();
    assert_eq!(catalogue.shelf().unwrap().len(), 2);
    assert_eq!(catalogue.template_bundle(made.hash).unwrap().unwrap(), b"bundle");
    catalogue.withdraw_template(made.hash, Some(10)).unwrap();
    let withdrawn = ShelfEntry { withdrawn: Some(10), ..made.clone() };
    assert_eq!(catalogue.template_entry(made.hash).unwrap(), Some(withdrawn));
    assert_eq!(catalogue.forget_templates(10).unwrap(), 0, "not yet");
    catalogue.withdraw_template(made.hash, None).unwrap();
    assert_eq!(catalogue.template_entry(made.hash).unwrap(), Some(made.clone()));
    catalogue.withdraw_template(made.hash, Some(10)).unwrap();
    catalogue.add_template(&ShelfEntry { published: 12, ..made.clone() }, b"bundle").unwrap();
    assert_eq!(catalogue.template_entry(made.hash).unwrap().unwrap().withdrawn, None, "published once more");
    catalogue.withdraw_template(made.hash, Some(20)).unwrap();
    assert_eq!(catalogue.forget_templates(21).unwrap(), 1);
    assert!(matches!(catalogue.withdraw_template(made.hash, None), Err(Error::NotFound(_))));
    catalogue.add_template(&entry(5, "pendulum", "1.0.0", Origin::Builtin), &file(PENDULUM)).unwrap();
    assert!(matches!(catalogue.withdraw_template(TemplateHash([5; 32]), Some(1)), Err(Error::NotFound(_))), "it is on no shelf");
}

#[test]
fn a_template_that_cannot_be_read_says_so() {
    let (_folder, catalogue) = catalogue();
    catalogue.add_template(&entry(6, "pendulum", "9.0.0", Origin::Made), &file("format = 99")).unwrap();
    let error = catalogue.template(TemplateHash([6; 32])).unwrap_err().to_string();
    assert!(error.contains("newer"), "{error}");
    assert!(matches!(catalogue.template(TemplateHash([7; 32])), Err(Error::NotFound(_))));
}
