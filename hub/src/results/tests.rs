use std::cell::Cell;

use super::*;

/// Results that were computed while a lesson was frozen since then, or not.
fn results(frozen: Option<Micros>) -> Arc<Results> {
    let lesson = Lesson { frozen, ..Lesson::free(ONE, "rest", "123456", "A".repeat(22), 0) };
    let outcomes = Arc::new(LessonOutcomes::none(ONE, "rest"));
    let counters = Counters {
        joined: 0,
        sending: 0,
        silent: 0,
        waiting: 0,
        readings: 0,
        lost: 0,
        idle: 0,
        alignment_ms: None,
        rejected: Default::default(),
        notices: vec![],
    };
    Arc::new(Results { lesson, things: [].into(), outcomes, json: "{}".into(), counters })
}

#[test]
fn what_was_there_when_a_lesson_was_frozen_is_kept_until_it_goes_on() {
    let held = Held::default();
    let same = |found: Option<Arc<Results>>, expected: Option<&Arc<Results>>| match (found, expected) {
        (Some(found), Some(expected)) => Arc::ptr_eq(&found, expected),
        (None, None) => true,
        _ => false,
    };
    let (before, after, newer) = (results(None), results(Some(5)), results(Some(5)));
    assert!(same(held.of(ONE, 5, None), None), "nobody has looked");
    assert!(same(held.of(OTHER, 5, Some(&after)), None), "what is newer is not shown");
    held.replaced(ONE, Some(&before), &after);
    held.replaced(ONE, Some(&after), &newer);
    assert!(same(held.of(ONE, 5, Some(&newer)), Some(&before)));
    assert!(same(held.of(ONE, 9, Some(&newer)), Some(&newer)), "frozen once more");
    held.erased(ONE);
    assert!(same(held.of(ONE, 9, Some(&results(None))), None), "what was erased is not kept");
    held.replaced(ONE, Some(&newer), &results(None));
    assert!(same(held.of(ONE, 9, Some(&before)), Some(&before)), "it went on");
}

const ONE: LessonId = LessonId(1);
const OTHER: LessonId = LessonId(2);

fn due(board: &ResultsBoard, room: usize, changed: &dyn Fn(LessonId) -> Lsn) -> Vec<(LessonId, Job)> {
    board.due(room, changed)
}

/// The lessons that are due, each at once said to be done.
fn finish(board: &ResultsBoard, changed: &dyn Fn(LessonId) -> Lsn) -> Vec<(LessonId, Job)> {
    let due = due(board, AT_ONCE, changed);
    due.iter().for_each(|(lesson, _)| {
        if let Some(entry) = board.lessons().get_mut(lesson) {
            entry.running = false
        }
    });
    due
}

#[tokio::test(start_paused = true)]
async fn only_a_lesson_in_which_something_happened_is_computed() {
    let board = ResultsBoard::default();
    let _watchers = (board.watch(ONE), board.watch(OTHER));
    let commits = Cell::new(0);
    let changed = |lesson| if lesson == ONE { commits.get() } else { 0 };
    let mut first = finish(&board, &changed);
    first.sort();
    assert_eq!(first, [(ONE, Job::All), (OTHER, Job::All)]);
    commits.set(1);
    assert_eq!(finish(&board, &changed), [], "not twice a second");
    tokio::time::advance(INTERVAL).await;
    assert_eq!(finish(&board, &changed), [(ONE, Job::All)]);
    tokio::time::advance(INTERVAL).await;
    assert_eq!(finish(&board, &changed), []);
    board.touch(OTHER, false);
    assert_eq!(finish(&board, &changed), [(OTHER, Job::All)]);
    tokio::time::advance(HEARTBEAT).await;
    let mut beat = finish(&board, &changed);
    beat.sort();
    assert_eq!(beat, [(ONE, Job::Counters), (OTHER, Job::Counters)], "the counters live on when nothing arrives");
}

#[tokio::test(start_paused = true)]
async fn what_is_committed_during_a_computation_is_computed_once_more() {
    let board = ResultsBoard::default();
    let _watcher = board.watch(ONE);
    assert_eq!(due(&board, 1, &|_| 1), [(ONE, Job::All)]);
    tokio::time::advance(INTERVAL).await;
    assert_eq!(due(&board, 1, &|_| 2), [], "it is being computed");
    board.done(ONE, None);
    assert_eq!(due(&board, 1, &|_| 2), [(ONE, Job::All)]);
}

#[tokio::test(start_paused = true)]
async fn who_waited_longest_comes_first_and_nobody_watches_for_ever() {
    let board = ResultsBoard::default();
    let watcher = board.watch(ONE);
    assert_eq!(finish(&board, &|_| 1), [(ONE, Job::All)]);
    tokio::time::advance(INTERVAL).await;
    drop(board.watch(OTHER));
    assert_eq!(due(&board, 1, &|_| 2), [(OTHER, Job::All)], "whoever has nothing yet");
    assert_eq!(due(&board, 1, &|_| 2), [(ONE, Job::All)]);
    board.done(ONE, None);
    board.done(OTHER, None);
    tokio::time::advance(FORGET).await;
    assert_eq!(due(&board, 0, &|_| 2), []);
    assert!(board.lessons().contains_key(&ONE) && !board.lessons().contains_key(&OTHER));
    drop(watcher);
    due(&board, 0, &|_| 2);
    assert!(board.lessons().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_computation_that_panics_ends_its_turn() {
    let board = Arc::new(ResultsBoard::default());
    let _watcher = board.watch(ONE);
    assert_eq!(due(&board, 1, &|_| 1), [(ONE, Job::All)]);
    let turn = Turn { board: Arc::clone(&board), lesson: ONE, results: None };
    let computation = tokio::spawn(async move {
        let _turn = turn;
        panic!("a defect of an analysis");
    });
    assert!(computation.await.is_err());
    tokio::time::advance(INTERVAL).await;
    assert_eq!(due(&board, 1, &|_| 1), [(ONE, Job::All)]);
}

#[tokio::test(start_paused = true)]
async fn a_quiet_lesson_is_not_kept_but_what_is_entered_counts() {
    let board = ResultsBoard::default();
    drop(board.watch(ONE));
    finish(&board, &|_| 1);
    tokio::time::advance(FORGET).await;
    assert!(board.known(ONE).is_none());
    assert_eq!(finish(&board, &|_| 1), [], "looking does not keep it");
    board.touch(ONE, false);
    assert_eq!(finish(&board, &|_| 1), [], "nobody looks");
    board.touch(ONE, true);
    assert_eq!(finish(&board, &|_| 1), [(ONE, Job::All)]);
}
