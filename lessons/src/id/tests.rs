use super::*;

#[test]
fn text_and_number_are_the_same_id() {
    for value in [0, 1, 31, 32, u64::MAX, 0x0123_4567_89ab_cdef] {
        assert_eq!(ThingId(value).to_string().parse(), Ok(ThingId(value)));
    }
    assert_eq!(LessonId(0).to_string(), "0000000000000");
}

#[test]
fn what_is_no_id_is_refused() {
    for text in ["", "000000000000", "00000000000000", "000000000000i", "000000000000U", "zzzzzzzzzzzzz", "ü00000000000"] {
        assert_eq!(text.parse::<ThingId>(), Err(ParseIdError), "{text}");
    }
}
