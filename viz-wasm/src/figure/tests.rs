use super::*;

#[test]
fn figures_have_names() {
    for figure in Figure::ALL {
        assert_eq!(Figure::from_name(figure.name()).unwrap(), figure);
    }
    assert_eq!(Figure::from_name("pie").unwrap_err().kind(), crate::error::ErrorKind::NotFound);
}

#[test]
fn a_view_shows_the_windows_it_touches() {
    let mut model = Model::default();
    let view = |end, span| View { end, span, range: (0.0, 1.0), highlight: None, cursor: None, page: 0 };
    assert_eq!(view(10.0, 5.0).windows(&model), (0, 0));
    model.apply(&messwerk_lessons::frame::Frame { origin: 0, window: 500_000, series: vec![] });
    assert_eq!(view(10.0, 5.0).windows(&model), (10, 20));
    assert_eq!(view(10.2, 5.0).windows(&model), (10, 21));
    let (from, to) = view(1e300, 5.0).windows(&model);
    assert!(from <= to);
}
