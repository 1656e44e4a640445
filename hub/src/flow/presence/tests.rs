use messwerk_store::SystemClock;
use messwerk_store::catalogue::{Lesson, Take};

use super::*;

const NOW: Micros = 1_767_437_012_000_000;
const S: Micros = 1_000_000;

fn state(led: bool, takes: &[(Micros, Option<Micros>)]) -> LessonState {
    let lesson = Lesson { led, ..Lesson::free(LessonId(1), "rest", "123456", "A".repeat(22), NOW - 600 * S) };
    let take = |&(begins, ends): &(Micros, Option<Micros>)| Take { number: 1, begins, ends, rehearsal: false, undone: false };
    LessonState::new(1, lesson, takes.iter().map(take).collect(), vec![], NOW)
}

#[test]
fn where_a_thing_stands_is_said_in_one_word() {
    let lobby = state(true, &[]);
    let measuring = state(true, &[(NOW - 60 * S, None)]);
    let stopped = state(true, &[(NOW - 60 * S, Some(NOW - 20 * S))]);
    let begun = state(true, &[(NOW - S, None)]);
    let free = state(false, &[]);
    let check = |state: &LessonState, sockets: u32, heard: Option<Micros>, data: Option<Micros>, paused: bool, expected: Standing| {
        let ago = |time: Option<Micros>| time.map(|time| NOW - time * S);
        let seen = Seen { sockets, heard: ago(heard), data: ago(data), ..Seen::default() };
        assert_eq!(seen.standing(state, paused, None, NOW), expected, "{:?} {seen:?}", state.phase);
    };
    check(&lobby, 0, None, None, false, Standing::Joined);
    check(&lobby, 1, Some(1), None, false, Standing::Joined);
    check(&lobby, 0, Some(1), Some(1), false, Standing::Sending);
    check(&lobby, 0, Some(10), Some(10), false, Standing::Joined);
    check(&lobby, 0, Some(60), None, false, Standing::Away);
    check(&measuring, 1, Some(1), None, false, Standing::Joined);
    check(&measuring, 1, Some(1), Some(61), false, Standing::Joined);
    check(&measuring, 1, Some(1), Some(60), true, Standing::Joined);
    check(&measuring, 1, Some(1), Some(60), false, Standing::Silent);
    check(&stopped, 1, Some(1), Some(50), false, Standing::Joined);
    check(&measuring, 1, Some(1), Some(4), false, Standing::Sending);
    check(&measuring, 0, Some(10), Some(10), false, Standing::Silent);
    check(&measuring, 0, Some(40), Some(40), false, Standing::Away);
    check(&measuring, 0, None, None, false, Standing::Joined);
    check(&begun, 1, Some(1), None, false, Standing::Joined);
    check(&free, 1, Some(1), None, false, Standing::Joined);
    check(&free, 1, Some(1), Some(9), false, Standing::Silent);
    // Before a restart something was stored; since then nothing was heard.
    assert_eq!(Seen::default().standing(&measuring, false, Some(NOW - 300 * S), NOW), Standing::Away);
}

#[test]
fn what_is_remembered_is_bounded() {
    let presences = Presences::new(Arc::new(SystemClock));
    (0..LESSONS as u64 + 5).for_each(|lesson| presences.heard(LessonId(lesson), ThingId(1), |_| {}));
    assert_eq!(presences.lessons().len(), LESSONS);
    (0..THINGS as u64 + 5).for_each(|thing| presences.heard(LessonId(200), ThingId(thing), |_| {}));
    assert_eq!(presences.of(LessonId(200)).len(), THINGS);
    presences.forget(LessonId(200));
    assert!(presences.of(LessonId(200)).is_empty());
}
