use super::*;

#[test]
fn gaps_part_a_recording() {
    let check = |time: &[f64], expected: &[(usize, usize)]| {
        let expected: Vec<Range<usize>> = expected.iter().map(|&(from, to)| from..to).collect();
        assert_eq!(sections(time).unwrap(), expected);
    };
    check(&[0.0], &[(0, 1)]);
    check(&[0.0, 1.0, 2.0, 3.0], &[(0, 4)]);
    check(&[0.0, 1.0, 2.0, 3.0, 7.9, 8.9], &[(0, 6)]);
    check(&[0.0, 1.0, 2.0, 3.0, 8.1, 9.1, 10.1], &[(0, 4), (4, 7)]);
    // A batch with one time stamp is neither a gap nor what is usual.
    check(&[0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0], &[(0, 8)]);
    check(&[5.0, 5.0, 5.0], &[(0, 3)]);
}

#[test]
fn what_has_no_sections_says_why() {
    assert_eq!(sections(&[]).unwrap_err().kind(), "too_few");
    assert_eq!(sections(&[1.0, 0.0]).unwrap_err().kind(), "unsorted");
    assert_eq!(sections(&[1.0, f64::NAN]).unwrap_err().kind(), "not_finite");
    assert_eq!(check_gaps(&[0.0, 1.0, 2.0, 9.0]), Err(AnalysisError::Gap { at_s: 2.0, length_s: 7.0 }));
    assert_eq!(check_gaps(&[0.0, 1.0, 2.0]), Ok(()));
}
