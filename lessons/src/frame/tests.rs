use super::*;

fn frame(windows: i32) -> Frame {
    let windows = (0..windows).map(|index| Window { index, count: 5, mean: index as f32, min: -1.5, max: 2.5 }).collect();
    let series = Series { thing: ThingId(7), property: ObservedProperty::AngularVelocity, component: Component::Abs, windows };
    Frame { origin: -5, window: 100_000, series: vec![series] }
}

#[test]
fn what_is_encoded_is_decoded() {
    assert_eq!(Frame::decode(&frame(3).encode()), Ok(frame(3)));
    let empty = Frame { origin: 0, window: 1, series: vec![] };
    assert_eq!(Frame::decode(&empty.encode()), Ok(empty));
}

#[test]
fn a_long_series_travels_in_parts() {
    let decoded = Frame::decode(&frame(70_000).encode()).unwrap();
    assert_eq!(decoded.series.len(), 2);
    assert_eq!(decoded.series[1].windows[0].index, 65_535);
}

#[test]
fn truncated_or_foreign_bytes_are_refused() {
    let bytes = frame(2).encode();
    for length in 0..bytes.len() {
        assert!(Frame::decode(&bytes[..length]).is_err(), "{length} bytes");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(Frame::decode(&longer), Err(FrameError::Length));
    let mut foreign = bytes.clone();
    foreign[3] = b'2';
    assert_eq!(Frame::decode(&foreign), Err(FrameError::Magic));
    let mut unknown = bytes;
    unknown[HEADER + 8] = 200;
    assert_eq!(Frame::decode(&unknown), Err(FrameError::Code));
}
