use super::*;

const SIZE: (u32, u32) = (600, 400);

fn desk(json: &str) -> Desk {
    Desk::parse(json).unwrap()
}

fn trace() -> Desk {
    desk(
        r#"{"kind":"trace","x":{"name":"t","unit":"s"},"y":{"name":"v","unit":"m/s"},"curves":[
            {"name":"A","x":[0,1,2,3],"y":[1,2,null,4]},{"name":"empty","x":[],"y":[]},{"name":"B","x":[0,1],"y":[5,6]}]}"#,
    )
}

#[test]
fn keys_walk_through_points_and_series() {
    let mut desk = trace();
    for (key, expected) in [
        ("ArrowRight", "A, 0.00 s: 1.00 m/s"),
        ("ArrowRight", "A, 1.00 s: 2.00 m/s"),
        ("ArrowRight", "A, 2.00 s: no data"),
        ("End", "A, 3.00 s: 4.00 m/s"),
        ("ArrowRight", "A, 3.00 s: 4.00 m/s"),
        ("ArrowDown", "B, 1.00 s: 6.00 m/s"),
        ("ArrowDown", "B, 1.00 s: 6.00 m/s"),
        ("ArrowUp", "A, 1.00 s: 2.00 m/s"),
        ("Home", "A, 0.00 s: 1.00 m/s"),
        ("ArrowLeft", "A, 0.00 s: 1.00 m/s"),
    ] {
        assert_eq!(desk.key(key).as_deref(), Some(expected), "{key}");
    }
    assert_eq!(desk.key("x"), None);
    assert!(desk.key("Escape").unwrap().starts_with("v over t."));
    assert_eq!(desk.readout(), "");
}

#[test]
fn where_nothing_is_no_key_means_anything() {
    let mut empty = desk(r#"{"kind":"strip","quantity":{"name":"g","unit":"m/s2"},"values":[]}"#);
    assert_eq!(empty.key("ArrowRight"), None);
    assert_eq!(empty.point((10, 10), SIZE, 14.0, 2.0), "");
    assert!(empty.melody().values.is_empty());
}

#[test]
fn a_finger_finds_the_nearest_point_and_nothing_far_away() {
    let mut strip = desk(r#"{"kind":"strip","quantity":{"name":"g","unit":"m/s2"},"values":[9.7,9.8,9.9]}"#);
    let (_, marks) = strip.drawn(SIZE, 14.0, 2.0).unwrap();
    assert_eq!(marks.len(), 3);
    for mark in &marks {
        let said = strip.point(mark.at, SIZE, 14.0, 2.0);
        assert_eq!(said, strip.figure.readout(mark.place, Lang::En));
        assert!(said.contains("g = 9."), "{said}");
    }
    assert_eq!(strip.point((2, 2), SIZE, 14.0, 2.0), "");
}

#[test]
fn what_is_read_out_is_seen() {
    let mut desk = trace();
    let before = desk.draw(SIZE, 14.0, 2.0).unwrap();
    desk.key("End");
    let after = desk.draw(SIZE, 14.0, 2.0).unwrap();
    assert!(!before.texts.contains("4.00 m/s") && after.texts.contains("4.00 m/s"));
}

#[test]
fn newer_data_keep_the_place_while_it_exists() {
    let mut desk = trace();
    desk.key("End");
    assert!(desk.replace("{}").is_err());
    assert!(desk.readout().starts_with("A, 3"), "an error changes nothing");
    desk.replace(r#"{"kind":"trace","x":{"name":"t"},"y":{"name":"v"},"curves":[{"x":[0],"y":[1]}]}"#).unwrap();
    assert_eq!(desk.readout(), "");
}

#[test]
fn a_melody_is_short_and_keeps_gaps() {
    let mut desk = trace();
    assert_eq!(desk.melody().values, [Some(1.0), Some(2.0), None, Some(4.0)]);
    desk.key("ArrowRight");
    desk.key("ArrowDown");
    assert_eq!((desk.melody().low, desk.melody().high), (5.0, 6.0));
    let long: Vec<String> = (0..5000).map(|place| place.to_string()).collect();
    let long = format!(r#"{{"kind":"trace","x":{{"name":"t"}},"y":{{"name":"v"}},"curves":[{{"x":[{0}],"y":[{0}]}}]}}"#, long.join(","));
    assert!(self::desk(&long).melody().values.len() <= TONES as usize);
}
