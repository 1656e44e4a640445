use messwerk_lessons::reject::RejectReason;
use proptest::prelude::*;

use super::*;

fn stream(property: ObservedProperty) -> StreamId {
    StreamId { lesson: LessonId(u64::MAX), thing: ThingId(3), property }
}

/// A group of one frame; scalars have zeros in y and z.
fn group(property: ObservedProperty, rows: &[(i64, u16, [f32; 3])], key: Option<BatchKey>) -> Group {
    let mut group = Group::default();
    for &(time, flags, value) in rows {
        group.push(time, flags, std::array::from_fn(|axis| if axis < property.components() { value[axis] } else { 0.0 }));
    }
    let frame = Frame { stream: stream(property), slot: 0, run: 9, thinned: 4, received: -5, offset: i64::MAX, key, rows: 0..rows.len() };
    group.frames.push(frame);
    group
}

fn check(group: &Group) {
    let mut bytes = Vec::new();
    encode(group, 77, &mut bytes);
    let mut read = Group::default();
    assert_eq!(decode(&bytes[HEAD..], &mut read), Some(77));
    let bits = |group: &Group| group.values.clone().map(|column| column.into_iter().map(f32::to_bits).collect::<Vec<_>>());
    assert_eq!((&read.frames, &read.rejects), (&group.frames, &group.rejects));
    assert_eq!((&read.time, &read.flags, bits(&read)), (&group.time, &group.flags, bits(group)));
    assert_eq!((length_of(&bytes[HEAD..]), lsn_of(&bytes[HEAD..])), (Some(bytes.len() - HEAD), Some(77)));
    let most = group.rejects.first().map_or(most_of_readings(group.rows()), |reject| most_of_reject(reject.reject.detail.len()));
    assert!(bytes.len() <= most, "{} of at most {most} bytes", bytes.len());
    for end in HEAD..bytes.len() {
        assert_eq!(decode(&bytes[HEAD..end], &mut Group::default()), None, "cut at {end}");
    }
}

#[test]
fn frames_come_back_as_they_were() {
    let key = Some(BatchKey { boot: 1, sequence: u64::MAX });
    check(&group(ObservedProperty::Acceleration, &[(1, 0, [1.0, -0.0, 3.5]), (-1, 0, [f32::MAX, 0.1, f32::MIN_POSITIVE])], key));
    check(&group(ObservedProperty::Pressure, &[(0, 3, [1013.25; 3]), (i64::MAX, 4, [990.0; 3]), (i64::MIN, 4, [990.0; 3])], None));
    check(&group(ObservedProperty::Pressure, &[(17, 3, [1013.25; 3])], None));
}

#[test]
fn rejects_come_back_as_they_were() {
    let reject = Reject { reason: RejectReason::UnknownColumn, count: 12, detail: "„näh“ is no column".to_owned() };
    let mut group = Group::default();
    group.rejects.push(RejectFrame { lesson: LessonId(1), thing: ThingId(2), received: 3, reject });
    check(&group);
}

proptest! {
    #[test]
    fn any_frame_comes_back(
        rows in prop::collection::vec((any::<i64>(), any::<u16>(), prop::array::uniform3(any::<f32>())), 1..20),
        vector in any::<bool>(),
    ) {
        check(&group(if vector { ObservedProperty::Acceleration } else { ObservedProperty::Voltage }, &rows, None));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        decode(&bytes, &mut Group::default());
        length_of(&bytes);
        lsn_of(&bytes);
    }
}
