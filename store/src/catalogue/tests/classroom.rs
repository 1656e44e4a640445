//! Takes, reserved tokens, channels, accounts and the log.

use messwerk_lessons::quantity::ObservedProperty;

use super::*;

const LESSON: LessonId = LessonId(1);

/// A lesson with two seats.
fn with_lesson() -> (TempDir, Catalogue) {
    let (folder, catalogue) = catalogue();
    catalogue.add_lesson(&Lesson { seats: 2, led: true, ..lesson(1, "1", 0) }).unwrap();
    (folder, catalogue)
}

fn add(catalogue: &Catalogue, thing: u64) -> Result<Thing, Error> {
    catalogue.add_thing(LESSON, ThingId(thing), &|number, _| format!("otter {number}"), &format!("token{thing}"), 5)
}

fn conflict<T: std::fmt::Debug>(result: Result<T, Error>) -> Conflict {
    match result {
        Err(Error::Conflict(conflict)) => conflict,
        other => panic!("no conflict: {other:?}"),
    }
}

#[test]
fn what_a_teacher_sets_of_a_lesson_stays() {
    let (folder, catalogue) = with_lesson();
    assert_eq!(catalogue.lesson_by_token("join-token-1").unwrap().unwrap().id, LESSON);
    catalogue.set_lobby(LESSON, false).unwrap();
    catalogue.set_frozen(LESSON, Some(7)).unwrap();
    catalogue.set_location(LESSON, Some("grid")).unwrap();
    catalogue.keep_until(LESSON, Some(99)).unwrap();
    let set = Lesson {
        seats: 2,
        led: true,
        lobby_open: false,
        frozen: Some(7),
        location: Some("grid".to_owned()),
        kept_until: Some(99),
        ..lesson(1, "1", 0)
    };
    drop(catalogue);
    let catalogue = Catalogue::open(folder.path()).unwrap();
    assert_eq!(catalogue.lesson(LESSON).unwrap(), Some(set));
    catalogue.set_lobby(LESSON, true).unwrap();
    catalogue.set_frozen(LESSON, None).unwrap();
    catalogue.set_location(LESSON, None).unwrap();
    catalogue.keep_until(LESSON, None).unwrap();
    assert_eq!(catalogue.lesson(LESSON).unwrap(), Some(Lesson { seats: 2, led: true, ..lesson(1, "1", 0) }));
    assert!(matches!(catalogue.set_lobby(LessonId(9), true), Err(Error::NotFound(_))));
    catalogue.end_lesson(LESSON, 5).unwrap();
    assert_eq!(catalogue.lesson_by_token("join-token-1").unwrap(), None, "an ended lesson has no lobby");
}

#[test]
fn one_take_after_the_other() {
    let (_folder, catalogue) = with_lesson();
    assert!(matches!(catalogue.end_take(LESSON, 1), Err(Error::NotFound(_))));
    let take = |number, begins, ends, rehearsal| Take { number, begins, ends, rehearsal, undone: false };
    assert_eq!(catalogue.begin_take(LESSON, 10, true).unwrap(), take(1, 10, None, true));
    assert_eq!(conflict(catalogue.begin_take(LESSON, 11, false)), Conflict::TakeOpen);
    assert_eq!(catalogue.end_take(LESSON, 20).unwrap(), take(1, 10, Some(20), true));
    catalogue.forget_take(LESSON, 1).unwrap();
    assert_eq!(catalogue.begin_take(LESSON, 30, false).unwrap(), take(1, 30, None, false), "the first that counts");
    assert_eq!(catalogue.end_take(LESSON, 25).unwrap(), take(1, 30, Some(30), false), "stopped in its countdown");
    catalogue.begin_take(LESSON, 40, false).unwrap();
    catalogue.set_undone(LESSON, 1, true).unwrap();
    assert_eq!(catalogue.takes(LESSON).unwrap(), [Take { undone: true, ..take(1, 30, Some(30), false) }, take(2, 40, None, false)]);
    assert!(matches!(catalogue.set_undone(LESSON, 9, true), Err(Error::NotFound(_))));
    assert!(matches!(catalogue.begin_take(LessonId(9), 1, false), Err(Error::NotFound(_))));
    catalogue.end_take(LESSON, 50).unwrap();
    catalogue.end_lesson(LESSON, 60).unwrap();
    assert_eq!(conflict(catalogue.begin_take(LESSON, 70, false)), Conflict::LessonEnded);
}

#[test]
fn a_lesson_takes_in_whom_it_has_a_seat_for() {
    let (_folder, catalogue) = with_lesson();
    add(&catalogue, 1).unwrap();
    catalogue.set_lobby(LESSON, false).unwrap();
    assert_eq!(conflict(add(&catalogue, 2)), Conflict::LobbyLocked);
    catalogue.set_lobby(LESSON, true).unwrap();
    add(&catalogue, 2).unwrap();
    assert_eq!(conflict(add(&catalogue, 3)), Conflict::LessonFull);
    catalogue.set_removed(ThingId(1), true).unwrap();
    assert_eq!(add(&catalogue, 3).unwrap().number, 3, "a seat is free again, its number is not");
    catalogue.end_lesson(LESSON, 9).unwrap();
    assert_eq!(conflict(add(&catalogue, 4)), Conflict::LessonEnded);
}

#[test]
fn what_a_teacher_sets_of_a_thing_stays() {
    let (_folder, catalogue) = with_lesson();
    add(&catalogue, 1).unwrap();
    catalogue.set_paused(ThingId(1), true).unwrap();
    catalogue.set_hidden(ThingId(1), true).unwrap();
    let name = |number: u32, names: &[String]| format!("fox {number} {}", names.join(" "));
    assert_eq!(catalogue.rename(ThingId(1), &name).unwrap(), "fox 2 otter 1");
    let thing = catalogue.thing_by_token("token1").unwrap().unwrap();
    assert_eq!((thing.paused, thing.hidden, thing.removed, thing.nickname.as_str()), (true, true, false, "fox 2 otter 1"));
    catalogue.set_removed(ThingId(1), true).unwrap();
    assert_eq!((catalogue.thing_by_token("token1").unwrap(), catalogue.count_things(LESSON).unwrap()), (None, 0));
    assert!(catalogue.things(LESSON).unwrap()[0].removed && catalogue.thing(ThingId(1)).unwrap().unwrap().removed);
    catalogue.set_removed(ThingId(1), false).unwrap();
    assert_eq!(catalogue.thing_by_token("token1").unwrap(), Some(thing));
    assert!(matches!(catalogue.set_paused(ThingId(9), true), Err(Error::NotFound(_))));
}

#[test]
fn a_name_that_was_given_is_never_given_again() {
    let (_folder, catalogue) = with_lesson();
    let name = |number: u32, names: &[String]| (number..).map(|n| format!("otter {n}")).find(|name| !names.contains(name)).unwrap();
    let mut given = Vec::new();
    let join = |thing: u64| catalogue.add_thing(LESSON, ThingId(thing), &name, &format!("token{thing}"), 7).unwrap();
    let first = join(1);
    given.push(first.nickname);
    for _ in 0..3 {
        given.push(catalogue.rename(ThingId(1), &name).unwrap());
    }
    let second = join(2);
    assert_eq!((first.number, second.number), (1, 2), "nobody more has joined");
    given.push(second.nickname);
    assert_eq!(given, [1, 2, 3, 4, 5].map(|n| format!("otter {n}")));
    assert!(matches!(catalogue.rename(ThingId(9), &name), Err(Error::NotFound(_))));
}

#[test]
fn a_reserved_token_becomes_one_thing() {
    let (_folder, catalogue) = with_lesson();
    let claim = |token: &str, thing| catalogue.claim(token, ThingId(thing), &|lesson, number, _| format!("{lesson} {number}"), 9);
    assert_eq!(claim("nobody", 1).unwrap(), None);
    catalogue.reserve(LESSON, "reserved", 5).unwrap();
    assert_eq!((catalogue.reserved("reserved").unwrap(), catalogue.thing_by_token("reserved").unwrap()), (Some(LESSON), None));
    let thing = claim("reserved", 1).unwrap().unwrap();
    assert_eq!((thing.id, thing.number, thing.joined), (ThingId(1), 1, 9));
    assert_eq!(thing.nickname, format!("{LESSON} 1"));
    assert_eq!(claim("reserved", 2).unwrap(), Some(thing.clone()), "claimed twice at the same time");
    assert_eq!(catalogue.thing_by_token("reserved").unwrap(), Some(thing));
    assert_eq!(catalogue.reserved("reserved").unwrap(), None);
    catalogue.reserve(LESSON, "second", 5).unwrap();
    catalogue.set_lobby(LESSON, false).unwrap();
    assert_eq!(conflict(claim("second", 3)), Conflict::LobbyLocked);
    catalogue.set_lobby(LESSON, true).unwrap();
    add(&catalogue, 4).unwrap();
    assert_eq!(conflict(claim("second", 3)), Conflict::LessonFull);
    catalogue.set_removed(ThingId(4), true).unwrap();
    assert_eq!(claim("second", 3).unwrap().unwrap().number, 3, "it stayed reserved");
    assert!(matches!(catalogue.reserve(LessonId(9), "x", 1), Err(Error::NotFound(_))));
}

#[test]
fn reserved_tokens_are_bounded_and_forgotten() {
    let (_folder, catalogue) = with_lesson();
    for number in 0..2000 {
        catalogue.reserve(LESSON, &format!("r{number}"), number).unwrap();
    }
    catalogue.reserve(LESSON, "r2000", 2000).unwrap();
    let there = |number: i64| catalogue.reserved(&format!("r{number}")).unwrap().is_some();
    assert_eq!([0, 1, 1999, 2000].map(there), [false, true, true, true], "the oldest makes room");
    assert_eq!(catalogue.forget_reserved(11).unwrap(), 10);
    assert_eq!([10, 11].map(there), [false, true]);
    catalogue.end_lesson(LESSON, 9).unwrap();
    assert_eq!(conflict(catalogue.reserve(LESSON, "late", 9)), Conflict::LessonEnded);
    assert_eq!(catalogue.forget_reserved(0).unwrap(), 1990, "nobody joins an ended lesson");
}

#[test]
fn the_next_group_takes_the_seat_of_the_last_one() {
    let (_folder, catalogue) = with_lesson();
    let hand = |from, to: u64| {
        let name = |number: u32, names: &[String]| format!("otter {number} after {}", names.len());
        catalogue.hand_over(ThingId(from), ThingId(to), &name, &format!("token{to}"), 7)
    };
    add(&catalogue, 1).unwrap();
    add(&catalogue, 2).unwrap();
    catalogue.set_input(ThingId(1), "length_m", 0.5).unwrap();
    // Full and locked: nobody more is in the room.
    catalogue.set_lobby(LESSON, false).unwrap();
    let next = hand(1, 3).unwrap();
    assert_eq!((next.number, next.nickname.as_str(), next.present()), (3, "otter 3 after 2", true));
    assert_eq!((catalogue.count_things(LESSON).unwrap(), catalogue.things(LESSON).unwrap().len()), (2, 3));
    assert_eq!((catalogue.thing_by_token("token1").unwrap(), catalogue.thing_by_token("token3").unwrap()), (None, Some(next)));
    let before = catalogue.thing_handed_over("token1").unwrap().unwrap();
    assert!(before.handed_over && before.inputs["length_m"] == 0.5, "{before:?}");
    assert_eq!(catalogue.thing_handed_over("token3").unwrap(), None);
    assert!(matches!(hand(1, 4), Err(Error::NotFound(_))), "once");
    catalogue.set_removed(ThingId(2), true).unwrap();
    assert!(matches!(hand(2, 4), Err(Error::NotFound(_))), "whoever was removed has no seat");
    // From one seat come many groups, and not any number.
    let groups = (4..200).take_while(|to| hand(to - 1, *to).is_ok()).count();
    assert_eq!(groups, 58);
    assert_eq!(conflict(hand(61, 62)), Conflict::SeatUsedUp);
    assert!(catalogue.thing_by_token("token61").unwrap().is_some(), "who could not hand over is what it was");
    catalogue.end_lesson(LESSON, 9).unwrap();
    assert_eq!(conflict(hand(61, 62)), Conflict::LessonEnded);
}

#[test]
fn channels() {
    let (_folder, catalogue) = with_lesson();
    add(&catalogue, 1).unwrap();
    let channel = Channel { resolution: 0.1, max_hz: 60.0, sign_fixed: true, source: "web".to_owned(), alignment_us: None };
    catalogue.set_channel(ThingId(1), ObservedProperty::Acceleration, &channel).unwrap();
    let exact = Channel { alignment_us: Some(8_500), ..channel };
    catalogue.set_channel(ThingId(1), ObservedProperty::Acceleration, &exact).unwrap();
    assert_eq!(catalogue.channels(LESSON).unwrap(), [(ThingId(1), ObservedProperty::Acceleration, exact.clone())]);
    assert!(matches!(catalogue.set_channel(ThingId(9), ObservedProperty::Acceleration, &exact), Err(Error::NotFound(_))));
}

#[test]
fn a_password_and_its_sessions() {
    let (folder, catalogue) = catalogue();
    assert_eq!(catalogue.password().unwrap(), None);
    catalogue.set_password("$argon2id$one", 1).unwrap();
    catalogue.set_password("$argon2id$two", 2).unwrap();
    assert_eq!(catalogue.password().unwrap().as_deref(), Some("$argon2id$two"));
    for (number, expires) in [(1, 100), (2, 200), (3, 200)] {
        catalogue.add_session(&format!("secret-session-{number}"), 10, expires).unwrap();
    }
    let session = |number| catalogue.session(&format!("secret-session-{number}")).unwrap();
    catalogue.see_session("secret-session-2", 50).unwrap();
    assert_eq!(session(2), Some(Session { made: 10, seen: 50, expires: 200 }));
    assert!(matches!(catalogue.see_session("secret-session-9", 50), Err(Error::NotFound(_))));
    assert_eq!(catalogue.forget_sessions(100, 20).unwrap(), 2, "one has expired, one was idle");
    assert_eq!([1, 2, 3].map(|number| session(number).is_some()), [false, true, false]);
    catalogue.end_session("secret-session-2").unwrap();
    assert_eq!(session(2), None);
    catalogue.add_session("secret-session-4", 10, 100).unwrap();
    catalogue.end_sessions().unwrap();
    assert_eq!(session(4), None);
    assert!(!holds(folder.path(), b"secret-session"), "only hashes are kept");
}

#[test]
fn the_log_outlives_its_lesson_and_names_nobody_then() {
    let (folder, catalogue) = with_lesson();
    let thing = add(&catalogue, 1).unwrap();
    let entry = |at, what: &str, detail: &str, lesson| LogEntry {
        at,
        who: "teacher".to_owned(),
        lesson,
        what: what.to_owned(),
        detail: detail.to_owned(),
    };
    let entries = [
        entry(1, "take.start", "planted-number 1", Some(LESSON)),
        entry(2, "thing.pause", &format!("planted-thing {}", thing.id), Some(LESSON)),
        entry(3, "login", "", None),
        entry(4, "thing.rename", "planted-name otter 1", Some(LESSON)),
    ];
    entries.iter().for_each(|entry| catalogue.log(entry).unwrap());
    let [start, pause, _, rename] = entries;
    assert_eq!(catalogue.log_of(LESSON, 2).unwrap(), [rename.clone(), pause.clone()], "newest first");
    let thing = Erasure::Thing(LESSON, thing.id);
    catalogue.begin_erasure(thing).unwrap();
    catalogue.finish_erasure(thing).unwrap();
    let blank = |entry: LogEntry| LogEntry { detail: String::new(), ..entry };
    assert_eq!(catalogue.log_of(LESSON, 9).unwrap(), [blank(rename), blank(pause), start]);
    assert_eq!(["planted-thing", "planted-name", "planted-number"].map(|text| holds(folder.path(), text.as_bytes())), [false, false, true]);
    let whole = Erasure::Lesson(LESSON);
    catalogue.begin_erasure(whole).unwrap();
    catalogue.finish_erasure(whole).unwrap();
    assert_eq!(catalogue.log_of(LESSON, 9).unwrap(), []);
    assert!(holds(folder.path(), b"take.start") && !holds(folder.path(), b"planted"), "that it was done stays");
    assert_eq!((catalogue.forget_log(4).unwrap(), catalogue.forget_log(9).unwrap()), (3, 1));
}

#[test]
fn a_larger_erasure_ends_those_of_its_parts() {
    let (_folder, catalogue) = with_lesson();
    let all = [
        Erasure::Run(LESSON, ThingId(1), 3),
        Erasure::Run(LESSON, ThingId(2), 3),
        Erasure::Readings(LESSON),
        Erasure::Thing(LESSON, ThingId(1)),
        Erasure::Run(LessonId(8), ThingId(1), 3),
        Erasure::Lesson(LESSON),
    ];
    all.iter().for_each(|what| catalogue.begin_erasure(*what).unwrap());
    assert_eq!(catalogue.erasures().unwrap(), all);
    catalogue.finish_erasure(Erasure::Readings(LESSON)).unwrap();
    catalogue.finish_erasure(Erasure::Thing(LESSON, ThingId(1))).unwrap();
    assert_eq!(catalogue.erasures().unwrap(), [all[1], all[4], all[5]]);
    catalogue.finish_erasure(Erasure::Lesson(LESSON)).unwrap();
    assert_eq!(catalogue.erasures().unwrap(), [all[4]]);
}
