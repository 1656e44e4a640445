use messwerk_lessons::frame::{Component, Frame, Series, Window};
use messwerk_lessons::id::ThingId;
use messwerk_lessons::quantity::ObservedProperty;

use super::*;
use crate::words::Lang;

fn class(n: u32, mean: f64, ci95: &str, reference: &str) -> Board {
    let mut board = Board::default();
    board.outcomes(&format!(
        r#"{{"outcomes":[{{"thing":"0000000000001","number":1,"nickname":"Otter","name":"g","value":9.74,"uncertainty":0.05,"unit":"m/s2"}}],
        "class":{{"g":{{"n":{n},"mean":{mean},"sd":null,"ci95":{ci95},"unit":"m/s2","reference":{reference}}}}},
        "pending":[{{"thing":"0000000000002","number":2,"nickname":"Fuchs","reason":{{"de":"Länge fehlt","en":"length missing"}}}}]}}"#
    ))
    .unwrap();
    board
}

const BOOK: &str = r#"{"value":9.81,"tolerance":0.01,"label":{"de":"Literaturwert","en":"literature"}}"#;

#[test]
fn the_strip_says_its_message() {
    let check = |mut board: Board, lang, expected: &str| {
        board.set_language(lang);
        let said = board.summary(Figure::Strip);
        assert!(said.starts_with(expected), "{said}");
    };
    check(
        class(30, 9.791, "[9.761,9.821]", BOOK),
        Lang::En,
        "30 phones, mean g = 9.79 ± 0.03 m/s² (95 %), literature 9.81 m/s² lies inside. 1 without a result yet.",
    );
    check(
        class(30, 9.791, "[9.761,9.821]", BOOK),
        Lang::De,
        "30 Handys, Mittel g = 9,79 ± 0,03 m/s² (95 %), Literaturwert 9,81 m/s² liegt darin. 1 noch ohne Ergebnis.",
    );
    check(
        class(30, 9.9, "[9.87,9.93]", BOOK),
        Lang::En,
        "30 phones, mean g = 9.90 ± 0.03 m/s² (95 %), literature 9.81 m/s² lies outside: difference 0.09 ± 0.03 m/s², not compatible.",
    );
    check(
        class(30, 9.841, "[9.811,9.871]", BOOK),
        Lang::En,
        "30 phones, mean g = 9.84 ± 0.03 m/s² (95 %), literature 9.81 m/s² lies outside: difference 0.03 ± 0.03 m/s², compatible.",
    );
    check(class(1, 9.74, "null", "null"), Lang::En, "1 phone, g = 9.740 m/s²; an interval needs at least two.");
    check(Board::default(), Lang::De, "Noch kein Ergebnis.");
}

#[test]
fn the_strips_table_has_answers_class_reference_and_who_waits() {
    let table = class(2, 9.791, "[9.761,9.821]", BOOK).table(Figure::Strip);
    let rows: Vec<String> = table.rows.iter().map(|row| row.join("|")).collect();
    assert_eq!(table.columns[2], "g in m/s²");
    assert_eq!(
        rows,
        ["1|Otter|9.74|0.05|", "n = 2|class|9.79|0.03|mean with 95 % interval", "–|literature|9.81|0.01|", "2|Fuchs|–|–|length missing",]
    );
}

fn swinging(indexes: &[i32]) -> Board {
    let mut board = Board::default();
    let things = r#"{"id":"0000000000001","number":1,"nickname":"Otter"},{"id":"0000000000002","number":2,"nickname":"Fuchs"}"#;
    board.lesson(&format!(r#"{{"id":"a","property":"angular_velocity","component":"y","things":[{things}]}}"#), None).unwrap();
    let window = |&index: &i32| Window { index, count: 2, mean: index as f32, min: index as f32 - 0.5, max: index as f32 + 0.5 };
    let windows = indexes.iter().map(window).collect();
    let series = Series { thing: ThingId(1), property: ObservedProperty::AngularVelocity, component: Component::Y, windows };
    board.frame(&Frame { origin: 0, window: 100_000, series: vec![series] }.encode()).unwrap();
    board
}

#[test]
fn curves_are_told_in_a_sentence() {
    let board = swinging(&[1, 2, 15]);
    assert_eq!(board.summary(Figure::Sweep), "1 Otter, last 10 s: mean 6.0, smallest 0.5, largest 15.5 rad/s; 1 gap.");
    assert_eq!(board.summary(Figure::Tiles), "1 of 2 phones with data in the last 10 s, from 0.5 to 15.5 rad/s. No data: 2.");
    assert_eq!(swinging(&[]).summary(Figure::Overlay), "0 of 2 phones with data in the last 10 s.");
    assert_eq!(Board::default().summary(Figure::Overlay), "Nobody has joined yet.");
}

#[test]
fn the_first_second_has_no_numbers_yet() {
    let mut board = swinging(&[1, 2, 5]);
    assert!(board.collecting());
    assert_eq!(board.summary(Figure::Sweep), "1 Otter: collecting readings …");
    assert_eq!(board.summary(Figure::Tiles), "1 of 2 phones send. Collecting readings …");
    // What stands will not grow older: it is told as it is.
    board.set_paused(true);
    assert!(board.summary(Figure::Sweep).contains("smallest 0.50"));
    assert!(!swinging(&[]).collecting());
    assert!(!swinging(&[1, 15]).collecting());
}

#[test]
fn what_does_not_count_is_not_counted() {
    let mut board = Board::default();
    let answer = |number: u32, more: &str| {
        let thing = ThingId(number.into());
        format!(r#"{{"thing":"{thing}","number":{number},"nickname":"N","name":"g","value":9.7,"uncertainty":0.1,"unit":"m/s2"{more}}}"#)
    };
    let undone = r#","excluded":"zurück · back","undone":true"#;
    board.outcomes(&format!(r#"{{"outcomes":[{},{}]}}"#, answer(1, undone), answer(2, undone))).unwrap();
    assert_eq!(board.summary(Figure::Strip), "0 phones. 2 not counted: 1 N, 2 N (measurement taken back).");
    let drawn = crate::svg::draw(Figure::Strip, &board, crate::svg::Sheet::default()).unwrap();
    assert!(drawn.contains("n = 0") && !drawn.contains("n = 2"), "picture and sentence agree");
    assert!(drawn.contains("2 not counted: 1 N, 2 N (measurement taken back)"), "the reason stands in the picture");
    assert_eq!(board.table(Figure::Strip).rows[0][4], "not counted: measurement taken back");
}

#[test]
fn what_was_measured_by_hand_says_so() {
    let mut board = Board::default();
    let answer = r#"{"thing":"0000000000001","number":1,"nickname":"N","run":0,"name":"g","value":9.7,"uncertainty":0.1,"unit":"m/s2","by_hand":true}"#;
    board.outcomes(&format!(r#"{{"outcomes":[{answer}]}}"#)).unwrap();
    assert_eq!(board.table(Figure::Strip).rows[0][4], "measured by hand");
    assert_eq!(board.key(Figure::Strip, "Home").unwrap(), "1 N: g = 9.70 ± 0.10 m/s² (measured by hand)");
    assert!(board.csv(Figure::Strip).ends_with("1,N,9.7,0.1,,yes\r\n"));
}

#[test]
fn a_gap_in_the_table_is_said_to_be_one() {
    let table = swinging(&[97, 99]).table(Figure::Sweep);
    let last: Vec<String> = table.rows.iter().rev().take(3).map(|row| row.join("|")).collect();
    assert_eq!(last, ["−0.1|99.0|98.5|99.5|2", "−0.2|–|–|–|none", "−0.3|97.0|96.5|97.5|2"]);
}

#[test]
fn tables_stay_readable_and_lose_no_peak() {
    let mut board = swinging(&(0..600).collect::<Vec<_>>());
    board.set_span(60.0);
    let table = board.table(Figure::Sweep);
    assert_eq!(table.rows.len(), MAX_ROWS);
    assert_eq!(table.rows[MAX_ROWS - 1][3], "600");
    let things = board.table(Figure::Tiles);
    assert_eq!(things.rows[0][2..].join("|"), "599|300|0|600|1200|0");
    assert_eq!(things.rows[1][2], "–");
}

/// Two Things; the first's nickname would be a formula in a spreadsheet.
fn curves() -> Board {
    let mut board = Board::default();
    let things = r#"{"id":"0000000000001","number":1,"nickname":"=1,\"2\""},{"id":"0000000000002","number":2,"nickname":"Fuchs"}"#;
    let lesson = format!(r#"{{"id":"a","property":"angular_velocity","component":"y","unit":"rad/s","range":[-1,1],"things":[{things}]}}"#);
    let window = |index: i32, mean: f32| Window { index, count: 2, mean, min: mean - 0.5, max: mean + 0.5 };
    let series =
        |id: u64, windows| Series { thing: ThingId(id), property: ObservedProperty::AngularVelocity, component: Component::Y, windows };
    let series = vec![series(1, vec![window(97, 0.25), window(99, 0.5)]), series(2, vec![window(99, -0.5)])];
    board.lesson(&lesson, None).unwrap();
    board.frame(&Frame { origin: 0, window: 100_000, series }.encode()).unwrap();
    board
}

#[test]
fn csv_holds_every_window_and_no_formula() {
    let csv = curves().csv(Figure::Overlay);
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "number,nickname,time in s,mean in rad/s,smallest in rad/s,largest in rad/s,readings",
            r#"1,"'=1,""2""",-0.2500,0.25,-0.25,0.75,2"#,
            r#"1,"'=1,""2""",-0.0500,0.5,0,1,2"#,
            "2,Fuchs,-0.0500,-0.5,-1,0,2",
            "",
        ]
    );
    assert_eq!(curves().csv(Figure::Sweep).lines().count(), 3, "one Thing alone");
    let strip = class(2, 9.79, "null", "null").csv(Figure::Strip);
    assert_eq!(strip, "number,nickname,g in m/s²,uncertainty in m/s²,not counted because,by hand\r\n1,Otter,9.74,0.05,,\r\n");
    assert_eq!(Board::default().csv(Figure::Strip), "");
}

#[test]
fn a_melody_keeps_gaps_silent() {
    let mut board = curves();
    let melody = board.melody(Figure::Overlay);
    assert_eq!((melody.low, melody.high, melody.values.len()), (-1.0, 1.0, 100));
    assert_eq!(melody.values[96..], [None, Some(0.25), None, Some(0.5)]);
    board.key(Figure::Overlay, "End");
    board.key(Figure::Overlay, "ArrowDown");
    assert_eq!(board.melody(Figure::Overlay).name, "2 Fuchs", "what is read out is played");
    assert_eq!(class(2, 9.79, "null", "null").melody(Figure::Strip).values, [Some(9.74)]);
    assert!(Board::default().melody(Figure::Sweep).values.is_empty());
}
