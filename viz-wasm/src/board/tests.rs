use messwerk_lessons::frame::{Component, Frame, Series, Window};
use messwerk_lessons::quantity::ObservedProperty;

use super::*;

/// Two Things at windows of 100 ms; the first has a gap, the hub's clock stands at 10 s after the origin.
fn board() -> Board {
    let mut board = Board::default();
    let things = r#"{"id":"0000000000001","number":1,"nickname":"Otter"},{"id":"0000000000002","number":2,"nickname":"Fuchs"}"#;
    let lesson = format!(r#"{{"id":"a","property":"angular_velocity","component":"y","unit":"rad/s","now":10000000,"things":[{things}]}}"#);
    let series = |id: u64, indexes: Vec<i32>| Series {
        thing: ThingId(id),
        property: ObservedProperty::AngularVelocity,
        component: Component::Y,
        windows: indexes.into_iter().map(|index| Window { index, count: 2, mean: index as f32 / 100.0, min: 0.0, max: 1.0 }).collect(),
    };
    let frame = Frame { origin: 0, window: 100_000, series: vec![series(1, vec![95, 96, 99]), series(2, vec![90, 99])] };
    board.frame(&frame.encode()).unwrap();
    board.lesson(&lesson, Some(0)).unwrap();
    board.advance(0);
    board
}

/// Presses keys and expects the last readout.
fn check(figure: Figure, keys: &[&str], expected: Option<&str>) {
    let mut board = board();
    let outcome = |number: u32, value: f64| {
        format!(
            r#"{{"thing":"{}","number":{number},"nickname":"N","name":"g","value":{value},"uncertainty":0.1,"unit":"m/s2"}}"#,
            ThingId(number.into())
        )
    };
    board.outcomes(&format!(r#"{{"outcomes":[{},{}]}}"#, outcome(1, 9.9), outcome(2, 9.7))).unwrap();
    let mut said = None;
    for key in keys {
        said = board.key(figure, key);
    }
    assert_eq!(said.as_deref(), expected, "{keys:?}");
}

#[test]
fn arrows_walk_the_points_and_say_them() {
    check(Figure::Overlay, &["ArrowLeft"], Some("1 Otter, −0.1 s: 0.9900 rad/s (0 to 1.000)"));
    check(Figure::Overlay, &["Home"], Some("1 Otter, −0.5 s: 0.9500 rad/s (0 to 1.000)"));
    check(Figure::Overlay, &["Home", "ArrowRight", "ArrowRight"], Some("1 Otter, −0.1 s: 0.9900 rad/s (0 to 1.000)"));
    check(Figure::Overlay, &["End", "ArrowRight"], Some("1 Otter, −0.1 s: 0.9900 rad/s (0 to 1.000)"));
    check(Figure::Tiles, &["Home", "ArrowDown"], Some("2 Fuchs, −0.5 s: no data"));
    check(Figure::Tiles, &["Home", "ArrowDown", "Home"], Some("2 Fuchs, −1.0 s: 0.9000 rad/s (0 to 1.000)"));
    check(Figure::Tiles, &["Home", "ArrowUp"], None);
    check(Figure::Sweep, &["End", "ArrowDown", "End"], Some("2 Fuchs, −0.1 s: 0.9900 rad/s (0 to 1.000)"));
}

#[test]
fn the_strip_is_walked_by_value_and_by_number() {
    check(Figure::Strip, &["Home"], Some("2 N: g = 9.70 ± 0.10 m/s²"));
    check(Figure::Strip, &["Home", "ArrowRight"], Some("1 N: g = 9.90 ± 0.10 m/s²"));
    check(Figure::Strip, &["End", "ArrowDown"], Some("2 N: g = 9.70 ± 0.10 m/s²"));
    check(Figure::Strip, &["+"], None);
}

#[test]
fn keys_without_a_meaning_are_the_pages() {
    for figure in Figure::ALL {
        check(figure, &["Tab"], None);
        check(figure, &["a"], None);
        check(figure, &["Enter"], None);
        assert!(Board::default().key(figure, "ArrowLeft").is_none());
    }
}

#[test]
fn zoom_has_limits_and_escape_undoes_it() {
    let mut board = board();
    (0..9).for_each(|_| assert!(board.key(Figure::Sweep, "+").is_some()));
    assert_eq!(board.view(Figure::Sweep).span, 2.5);
    (0..9).for_each(|_| assert!(board.key(Figure::Sweep, "-").is_some()));
    assert_eq!(board.view(Figure::Sweep).span, 60.0);
    board.key(Figure::Sweep, "Home");
    board.key(Figure::Sweep, "Escape");
    assert_eq!((board.view(Figure::Sweep).span, board.view(Figure::Sweep).cursor), (SPAN, None));
    board.set_span(f64::NAN);
    assert_eq!(board.view(Figure::Sweep).span, SPAN);
}

#[test]
fn enter_highlights_and_lets_go() {
    let mut board = board();
    board.key(Figure::Tiles, "End");
    board.key(Figure::Tiles, "Enter");
    assert_eq!(board.view(Figure::Overlay).highlight, Some(ThingId(1)));
    board.key(Figure::Tiles, "Enter");
    assert_eq!(board.view(Figure::Overlay).highlight, None);
}

#[test]
fn the_time_axis_follows_the_hubs_clock_in_whole_windows() {
    let mut board = board();
    let mut check = |page: Micros, moved: bool, end: f64| {
        assert_eq!(board.advance(page), moved, "{page}");
        assert!((board.view(Figure::Sweep).end - end).abs() < 1e-9, "{page}: {}", board.view(Figure::Sweep).end);
    };
    check(0, false, 10.0);
    check(50_000, false, 10.0);
    check(130_000, true, 10.1);
    check(5_000_000, true, 15.0);
    board.set_paused(true);
    assert!(board.paused() && !board.advance(9_000_000));
    board.set_paused(false);
    assert!(board.advance(9_000_000));
}

#[test]
fn a_phone_whose_clock_runs_fast_does_not_drag_the_axis() {
    let mut board = board();
    let far = Series {
        thing: ThingId(1),
        property: ObservedProperty::AngularVelocity,
        component: Component::Y,
        windows: vec![Window { index: 90_000, count: 1, mean: 0.0, min: 0.0, max: 0.0 }],
    };
    board.frame(&Frame { origin: 0, window: 100_000, series: vec![far] }.encode()).unwrap();
    board.advance(100_000);
    assert!(board.view(Figure::Sweep).end < 10.2);
}

#[test]
fn a_finger_finds_the_nearest_point() {
    let size = (800, 400);
    let mut board = board();
    assert!(board.point(Figure::Overlay, (790, 10), size, 16.0, 3.0).contains(", −0.1 s"));
    assert!(board.point(Figure::Tiles, (150, 200), size, 16.0, 3.0).starts_with("1 Otter"));
    assert!(board.point(Figure::Tiles, (-5, -5), size, 16.0, 3.0).is_empty());
    assert!(board.point(Figure::Strip, (5, 5), size, 16.0, 3.0).is_empty());
    assert!(Board::default().point(Figure::Sweep, (5, 5), (0, 0), 0.0, 0.0).is_empty());
}

#[test]
fn drawing_is_the_same_twice_and_never_fails_for_its_size() {
    let board = board();
    for figure in Figure::ALL {
        for size in [(0, 0), (1, 1), (390, 300), (4000, 2000)] {
            let one = board.draw(figure, size, 16.0, 3.0).unwrap();
            assert_eq!(one, board.draw(figure, size, 16.0, 3.0).unwrap());
            assert!(!one.operations.is_empty());
        }
        assert!(board.draw(figure, (100, 100), f64::NAN, f64::INFINITY).is_ok());
    }
}

/// A frame with the newest window of each Thing ending at `end` seconds, of 100 ms.
fn frame(ends: &[(u64, f64)]) -> Vec<u8> {
    let series = ends.iter().map(|&(thing, end)| {
        let newest = (end * 10.0).round() as i32 - 1;
        let windows = (newest - 20..=newest).map(|index| Window { index, count: 1, mean: 0.5, min: 0.5, max: 0.5 }).collect();
        Series { thing: ThingId(thing), property: ObservedProperty::AngularVelocity, component: Component::Y, windows }
    });
    Frame { origin: 0, window: 100_000, series: series.collect() }.encode()
}

#[test]
fn a_thing_with_a_wrong_clock_is_drawn_on_its_own_and_said_to_be_off() {
    let mut board = board();
    for tenth in 0..50 {
        let now = 10.0 + f64::from(tenth) / 10.0;
        board.advance((now * 1e6) as Micros - 10_000_000);
        board.frame(&frame(&[(1, now), (2, now - 60.0)])).unwrap();
    }
    assert_eq!(
        board.summary(Figure::Tiles),
        "2 of 2 phones with data in the last 10 s, from 0.500 to 0.500 rad/s. Clock off: 2 (clock −60 s)."
    );
    let own = board.key(Figure::Tiles, "End").unwrap();
    assert!(own.starts_with("1 Otter, ") && own.ends_with(" s: 0.5000 rad/s"), "{own}");
    // The same moment, on its own clock: there is a reading.
    let other = board.key(Figure::Tiles, "ArrowDown").unwrap();
    assert!(other.starts_with("2 Fuchs, ") && other.ends_with(" s: 0.5000 rad/s; clock −60 s"), "{other}");
    let texts = board.draw(Figure::Tiles, (800, 400), 20.0, 3.0).unwrap().texts;
    assert!(texts.contains("clock −60 s") && !texts.contains("no data"), "{texts}");
}

#[test]
fn a_lesson_that_ended_stands_at_its_last_reading() {
    let mut board = board();
    let over = r#"{"id":"a","property":"angular_velocity","component":"y","unit":"rad/s","now":900000000,"ended":30000000,
        "things":[{"id":"0000000000001","number":1}]}"#;
    board.lesson(over, Some(0)).unwrap();
    assert_eq!(board.view(Figure::Tiles).end, 10.0);
    assert!(!board.advance(1_000_000_000), "and does not move on");
    let texts = board.draw(Figure::Overlay, (800, 400), 20.0, 3.0).unwrap().texts;
    assert!(texts.contains("0 = end"), "{texts}");
}

#[test]
fn a_time_axis_that_stands_moves_on_when_it_may() {
    let mut board = board();
    board.set_still(Some(9_250_000));
    board.advance(5_000_000);
    assert_eq!(board.view(Figure::Tiles).end, 9.2, "in whole windows");
    board.set_still(None);
    assert!(board.advance(5_000_000));
    assert!((board.view(Figure::Tiles).end - 15.0).abs() < 0.1);
}

/// A class of so many on a board of this size: tiles on the first sheet, sheets in all.
fn check_sheets(things: u32, size: (u32, u32), text: f64, expected: (usize, usize)) {
    let mut board = Board::default();
    let list: Vec<_> = (1..=things).map(|number| format!(r#"{{"id":"{}","number":{number}}}"#, ThingId(number.into()))).collect();
    board.lesson(&format!(r#"{{"id":"a","property":"angular_velocity","component":"y","things":[{}]}}"#, list.join(",")), None).unwrap();
    let look = Look { theme: board.theme, lang: board.lang, text, line: 4.0 };
    let sheet = Rect::sheet((size.0 as i32, size.1 as i32));
    let shown = figure::tiles::shown(sheet, &board.model, &board.view(Figure::Tiles), &look);
    assert_eq!((shown.tiles.len(), shown.pages), expected, "{things} on {size:?}");
    for (place, one) in shown.tiles.iter().enumerate() {
        assert!(f64::from(one.height()) >= 2.0 * text || things == 5, "room for a number: {one:?}");
        let apart = |other: &Rect| one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
        assert!(shown.tiles.iter().skip(place + 1).all(apart), "{things} on {size:?}: {one:?} overlaps");
    }
    board.turn(usize::MAX);
    let last = board.sheets(size, text, 4.0);
    assert_eq!(last, (expected.1 - 1, expected.1), "turning too far ends at the last");
    let shown = figure::tiles::shown(sheet, &board.model, &board.view(Figure::Tiles), &look);
    assert_eq!(shown.things.end, things as usize);
}

#[test]
fn tiles_that_do_not_fit_stand_on_further_sheets() {
    check_sheets(0, (1040, 900), 36.0, (0, 1));
    check_sheets(1, (1040, 900), 36.0, (1, 1));
    check_sheets(35, (1040, 900), 36.0, (35, 1));
    check_sheets(250, (1040, 900), 36.0, (56, 5));
    check_sheets(250, (350, 940), 14.0, (156, 2));
    check_sheets(5, (20, 20), 36.0, (1, 5));
}

#[test]
fn the_thing_that_is_read_out_is_on_the_sheet() {
    let mut board = board();
    assert_eq!(board.sheets((200, 200), 36.0, 4.0), (0, 2));
    board.key(Figure::Tiles, "Home");
    board.key(Figure::Tiles, "ArrowDown");
    assert_eq!(board.sheets((200, 200), 36.0, 4.0), (1, 2));
    board.turn(0);
    assert_eq!(board.sheets((200, 200), 36.0, 4.0), (0, 2));
}
