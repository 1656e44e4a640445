use super::*;

#[test]
fn a_text_is_fitted_or_left_out() {
    let check = |text: &str, width: f64, expected: &str| assert_eq!(fit(text, 10.0, width), expected);
    check("Otter", 100.0, "Otter");
    check("Blauer Otter", 52.0, "Blauer…");
    check("Otter", 10.0, "");
    check("", 0.0, "");
}

#[test]
fn sizes_follow_the_sheet() {
    for height in [0, 200, 1080, 4320] {
        let look = Look::sheet(height, Theme::Light, Lang::De);
        assert!(look.text >= 11.0 && look.text >= f64::from(height.min(1792)) / 30.0, "{height}");
        assert!(look.width(0.1) >= 1 && look.em(1.0) >= 11);
    }
    assert!(Look::sheet(1080, Theme::Dark, Lang::En).line >= 4.0);
}

#[test]
fn a_nickname_is_whole_or_its_animal_or_nothing() {
    for (width, expected) in [(100.0, "Blauer Otter"), (40.0, "Otter"), (5.0, "")] {
        assert_eq!(fit_name("Blauer Otter", 10.0, width), expected);
    }
    let room = |text: &str| text_width(text, 10.0) + 0.1;
    assert_eq!(fit_name("Blauer Otter A", 10.0, room("Otter A")), "Otter A");
    assert_eq!(fit_name("Blauer Otter A", 10.0, room("A")), "", "a letter alone names nobody");
}
