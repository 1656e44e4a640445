use super::*;

#[test]
fn the_picture_carries_its_words_and_nothing_else_gets_in() {
    let svg = labelled("<svg width=\"1\"><g/></svg>", "a<b", "c & d");
    assert!(svg.starts_with("<svg width=\"1\" role=\"img\""));
    assert!(svg.contains("<title>a&lt;b</title>") && svg.contains("<desc>c &amp; d</desc>") && svg.ends_with("<g/></svg>"));
    assert_eq!(labelled("", "a", "b"), "");
}

#[test]
fn a_nickname_cannot_break_out_of_the_picture() {
    let lesson = r#"{"id":"a","property":"pressure","things":[{"id":"0000000000001","number":1,"nickname":"</text><script>"}]}"#;
    for figure in Figure::ALL {
        let svg = render(figure, lesson, &[], "{}", Sheet::default()).unwrap();
        assert!(!svg.contains("<script>"), "{figure:?}");
    }
}
