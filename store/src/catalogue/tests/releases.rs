//! Releases: kept beyond their lesson, the sets they were made of not.

use super::*;
use crate::catalogue::releases::{ForeignRelease, OwnRelease, ReleaseSet, Source, Subscription, Tombstone};

fn release(id: &str, lesson: u64) -> OwnRelease {
    let file = format!("signed-file-of-{id}").into_bytes();
    OwnRelease { id: id.to_owned(), lesson: Some(LessonId(lesson)), made: 7, public: true, given: None, file }
}

fn set(id: &str) -> ReleaseSet {
    let members = b"planted-member-1planted-member-2".to_vec();
    ReleaseSet { release: id.to_owned(), k: 5, withdrawn: false, salt: b"salt".to_vec(), members }
}

fn tombstone(id: &str, own: bool) -> Tombstone {
    let (statement, signature) = (format!("withdrawn: {id}"), "signature".to_owned());
    Tombstone { release: id.to_owned(), key: "key".to_owned(), statement, signature, at: 9, own }
}

fn add(catalogue: &Catalogue, id: &str, lesson: u64) {
    let refused = catalogue.add_release(LessonId(lesson), &release(id, lesson), &set(id), |_| None::<()>).unwrap();
    assert_eq!(refused, None);
}

#[test]
fn a_release_stays_when_its_lesson_goes_and_its_set_does_not() {
    let (folder, catalogue) = catalogue();
    catalogue.add_lesson(&lesson(1, "1", 0)).unwrap();
    add(&catalogue, "a", 1);
    assert_eq!(catalogue.release_sets(LessonId(1)).unwrap(), [set("a")]);
    assert_eq!(catalogue.releases().unwrap(), [release("a", 1)]);
    let whole = Erasure::Lesson(LessonId(1));
    catalogue.begin_erasure(whole).unwrap();
    catalogue.finish_erasure(whole).unwrap();
    assert_eq!(catalogue.release("a").unwrap(), Some(OwnRelease { lesson: None, ..release("a", 1) }));
    assert_eq!(catalogue.release_sets(LessonId(1)).unwrap(), []);
    drop(catalogue);
    assert!(!holds(folder.path(), b"planted-member"), "of which results a release was made goes with the lesson");
    assert!(holds(folder.path(), b"signed-file-of-a"));
}

#[test]
fn what_speaks_against_a_release_keeps_it_out() {
    let (_folder, catalogue) = catalogue();
    catalogue.add_lesson(&lesson(1, "1", 0)).unwrap();
    add(&catalogue, "a", 1);
    let refused = catalogue.add_release(LessonId(1), &release("b", 1), &set("b"), |earlier| Some(earlier.len())).unwrap();
    assert_eq!((refused, catalogue.releases().unwrap().len()), (Some(1), 1));
    assert!(matches!(catalogue.add_release(LessonId(2), &release("b", 2), &set("b"), |_| None::<()>), Err(Error::NotFound(_))));
    assert!(catalogue.add_release(LessonId(1), &release("a", 1), &set("a"), |_| None::<()>).is_err(), "an id is given once");
}

#[test]
fn withdrawn_before_and_after_somebody_had_it() {
    let (_folder, catalogue) = catalogue();
    catalogue.add_lesson(&lesson(1, "1", 0)).unwrap();
    add(&catalogue, "secret", 1);
    add(&catalogue, "fetched", 1);
    assert!(catalogue.give_release("fetched", 8).unwrap());
    assert!(catalogue.give_release("fetched", 99).unwrap());
    assert!(!catalogue.give_release("never made", 99).unwrap(), "what is not here is given to nobody");
    assert_eq!(catalogue.release("fetched").unwrap().unwrap().given, Some(8), "the first time counts");
    assert!(!catalogue.withdraw_release("secret", || unreachable!("nobody had it")).unwrap());
    assert!(catalogue.withdraw_release("fetched", || tombstone("fetched", true)).unwrap());
    assert_eq!(catalogue.releases().unwrap(), []);
    assert_eq!(catalogue.tombstones(true).unwrap(), [tombstone("fetched", true)]);
    assert_eq!(catalogue.release_sets(LessonId(1)).unwrap(), [ReleaseSet { withdrawn: true, ..set("fetched") }]);
    assert!(matches!(catalogue.withdraw_release("fetched", || tombstone("fetched", true)), Err(Error::NotFound(_))));
}

#[test]
fn another_hubs_release_comes_and_goes() {
    let (_folder, catalogue) = catalogue();
    let foreign = |id: &str, key: &str| ForeignRelease {
        id: id.to_owned(),
        key: key.to_owned(),
        subscription: None,
        came: 5,
        used: false,
        file: b"file".to_vec(),
    };
    assert!(catalogue.add_foreign_release(&foreign("a", "key")).unwrap());
    assert!(!catalogue.add_foreign_release(&foreign("a", "another key")).unwrap(), "an id is one release's");
    catalogue.use_foreign_release("a", true).unwrap();
    assert_eq!(catalogue.foreign_release("a").unwrap(), Some(ForeignRelease { used: true, ..foreign("a", "key") }));
    // Only who signed it can withdraw it.
    assert!(catalogue.bury(&Tombstone { key: "another key".to_owned(), ..tombstone("a", false) }).unwrap());
    assert_eq!(catalogue.foreign_releases().unwrap().len(), 1);
    assert!(catalogue.bury(&tombstone("a", false)).unwrap());
    assert!(!catalogue.bury(&tombstone("a", false)).unwrap(), "no news");
    assert_eq!(catalogue.foreign_releases().unwrap(), []);
    assert!(catalogue.is_withdrawn("a", "key").unwrap() && !catalogue.is_withdrawn("b", "key").unwrap());
    assert!(catalogue.is_buried("a").unwrap() && !catalogue.is_buried("b").unwrap());
    assert_eq!((catalogue.tombstones(true).unwrap().len(), catalogue.tombstones(false).unwrap().len()), (0, 2));
    assert!(matches!(catalogue.remove_foreign_release("a"), Err(Error::NotFound(_))));
}

#[test]
fn a_known_source_is_used_with_what_is_there() {
    let (_folder, catalogue) = catalogue();
    let file = ForeignRelease { id: "a".into(), key: "key".into(), subscription: None, came: 5, used: false, file: vec![] };
    catalogue.add_foreign_release(&file).unwrap();
    let source = Source { key: "key".to_owned(), name: "Seeschule".to_owned(), known: 6 };
    catalogue.add_source(&source).unwrap();
    assert!(catalogue.foreign_release("a").unwrap().unwrap().used);
    assert_eq!(catalogue.sources().unwrap(), [source]);
    catalogue.remove_source("key").unwrap();
    assert!(matches!(catalogue.remove_source("key"), Err(Error::NotFound(_))));
}

#[test]
fn subscriptions_are_forgotten_with_their_address() {
    let (_folder, catalogue) = catalogue();
    let state = |url: &str| Subscription {
        url: url.to_owned(),
        etag: Some("\"1\"".to_owned()),
        failures: 2,
        offers: Some("[]".to_owned()),
        ..Subscription::default()
    };
    catalogue.set_subscription(&Subscription::default()).unwrap();
    for url in ["https://a.example/catalog.json", "https://b.example/catalog.json"] {
        catalogue.set_subscription(&state(url)).unwrap();
    }
    catalogue.keep_subscriptions(&["https://a.example/catalog.json".to_owned()]).unwrap();
    let known = |url| catalogue.subscription(url).unwrap();
    assert_eq!(known("https://a.example/catalog.json"), Some(state("https://a.example/catalog.json")));
    assert_eq!((known("https://b.example/catalog.json"), known("")), (None, None));
}

#[test]
fn the_bytes_of_others_are_bounded() {
    let (_folder, catalogue) = catalogue();
    let large = |number: u32, size: usize| {
        let (id, key) = (format!("r{number}"), "key".to_owned());
        ForeignRelease { id, key, subscription: None, came: 5, used: false, file: vec![7; size] }
    };
    // In 16 pieces to be quick: the bound counts bytes.
    for number in 0..16 {
        assert!(catalogue.add_foreign_release(&large(number, 4 << 20)).unwrap(), "{number}");
    }
    assert!(!catalogue.add_foreign_release(&large(16, 1)).unwrap());
    catalogue.remove_foreign_release("r3").unwrap();
    assert!(catalogue.add_foreign_release(&large(17, 1)).unwrap());
}
