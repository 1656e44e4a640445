use messwerk_lessons::id::ThingId;
use messwerk_store::catalogue::Thing;
use messwerk_store::{Options, SystemClock};
use tempfile::TempDir;

use super::*;

const LESSON: LessonId = LessonId(1);

fn flows(led: bool) -> (Arc<Flow>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(folder.path(), Options::default(), Arc::new(SystemClock)).unwrap());
    let lesson = Lesson { led, ..Lesson::free(LESSON, "rest", "123456", "A".repeat(22), SystemClock.now()) };
    store.catalogue().add_lesson(&lesson).unwrap();
    (Arc::new(Flow::new(store, Arc::new(SystemClock), Arc::default())), folder)
}

fn join(flow: &Flow, number: u64) -> Thing {
    let token = format!("{number:022}");
    flow.store.catalogue().add_thing(LESSON, ThingId(number), &|number, _| format!("Otter {number}"), &token, 0).unwrap()
}

#[test]
fn a_change_is_told_once_and_versions_only_grow() {
    let (flows, _folder) = flows(true);
    let flow = flows.of(LESSON).unwrap().unwrap();
    let mut told = flow.watch();
    let first = told.borrow_and_update().version;
    join(&flows, 7);
    flows.touch(LESSON);
    assert!(told.has_changed().unwrap());
    let second = told.borrow_and_update().clone();
    assert!(second.version > first && second.thing(ThingId(7)).is_some());
    flows.touch(LESSON);
    assert!(!told.has_changed().unwrap(), "nothing changed");
    flows.store.catalogue().set_removed(ThingId(7), true).unwrap();
    flows.touch(LESSON);
    let third = told.borrow_and_update().clone();
    assert_eq!((third.things.len(), third.removed.len()), (0, 1));
    assert!(flows.of(LessonId(2)).unwrap().is_none());
}

#[test]
fn only_a_led_lesson_has_a_gate() {
    for led in [false, true] {
        let (flows, _folder) = flows(led);
        let gate = flows.of(LESSON).unwrap().unwrap().gate();
        assert_eq!(matches!(gate, Gate::Takes(_)), led);
        assert_eq!(gate, flows.of(LESSON).unwrap().unwrap().gate(), "all doors share it");
    }
}

#[tokio::test]
async fn the_end_of_a_countdown_is_told_by_the_hubs_clock() {
    let (flows, _folder) = flows(true);
    let flow = flows.of(LESSON).unwrap().unwrap();
    let mut told = flow.watch();
    let begins = SystemClock.now() + 100_000;
    flows.store.catalogue().begin_take(LESSON, begins, false).unwrap();
    flows.touch(LESSON);
    let phases = async {
        let countdown = told.wait_for(|state| state.phase == Phase::Countdown).await.unwrap().version;
        told.wait_for(|state| state.phase == Phase::Measuring && state.version > countdown).await.unwrap();
    };
    tokio::time::timeout(Duration::from_secs(10), phases).await.unwrap();
    assert!(SystemClock.now() >= begins);
}

#[test]
fn the_log_is_told_from_where_one_was() {
    let (flows, _folder) = flows(true);
    let flow = flows.of(LESSON).unwrap().unwrap();
    let lesson = flow.now().lesson.clone();
    (0..LOGGED + 3).for_each(|number| flows.log(&lesson, "teacher", "keep", number.to_string()).unwrap());
    let newest = *flow.logged().borrow();
    assert_eq!(newest, LOGGED as u64 + 3);
    assert_eq!(flow.log_since(0).len(), LOGGED, "the oldest are in the catalogue only");
    assert_eq!(flow.log_since(newest - 1).iter().map(|entry| entry.detail.as_str()).collect::<Vec<_>>(), ["102"]);
    assert_eq!(flows.store.catalogue().log_of(LESSON, 1_000).unwrap().len(), LOGGED + 3);
}

#[test]
fn a_lesson_that_was_erased_is_gone_for_whoever_watches() {
    let (flows, _folder) = flows(true);
    let told = flows.of(LESSON).unwrap().unwrap().watch();
    tokio::runtime::Runtime::new().unwrap().block_on(flows.store.erase(messwerk_store::Erasure::Lesson(LESSON))).unwrap();
    flows.touch(LESSON);
    assert!(told.borrow().gone);
    assert!(flows.of(LESSON).unwrap().is_none());
}

#[test]
fn ended_lessons_that_nobody_watches_are_forgotten() {
    let (flows, _folder) = flows(true);
    let watched = flows.of(LESSON).unwrap().unwrap();
    let _watcher = watched.watch();
    for number in 2..=2 * ENDED as u64 + 2 {
        let id = LessonId(number);
        let lesson = Lesson::free(id, "rest", number.to_string(), number.to_string(), 0);
        flows.store.catalogue().add_lesson(&lesson).unwrap();
        flows.store.catalogue().end_lesson(id, 1).unwrap();
        flows.of(id).unwrap().unwrap();
    }
    let known = lock(&flows.lessons);
    assert!(known.len() <= ENDED + 2 && known.contains_key(&LESSON), "{}", known.len());
}
