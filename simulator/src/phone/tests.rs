use super::*;
use crate::recording::Stream;

fn recording(readings: i64) -> Arc<Recording> {
    let time = (0..readings).map(|row| row * 10_000).collect();
    let x = (0..readings).map(|row| if row == 3 { f32::NAN } else { row as f32 }).collect();
    let stream = Stream::new(ObservedProperty::Pressure, time, [x, vec![], vec![]]).unwrap();
    Arc::new(Recording { streams: vec![stream], inputs: Default::default() })
}

fn feed(readings: i64, keep: bool) -> Feed {
    let packing = Packing { encoding: Encoding::Phyphox, batch: 100_000, keep, by_http: false };
    Feed::new(recording(readings), packing, &Device::new(1, 0, 0.0, 0.0), 0)
}

#[test]
fn a_recording_is_handed_out_interval_by_interval() {
    let check = |keep: bool, expected: &[Range<usize>]| {
        let (mut feed, mut cargo, mut due) = (feed(25, keep), Vec::new(), Vec::new());
        while !feed.is_done() {
            due.push(feed.next_due().as_millis());
            cargo.extend(feed.take().unwrap().into_iter().flat_map(|parcel| parcel.cargo));
        }
        assert_eq!(cargo.into_iter().map(|(_, rows)| rows).collect::<Vec<_>>(), expected);
        assert_eq!(due, [100, 200, 300]);
    };
    check(false, &[0..10, 10..20, 20..25]);
    check(true, &[0..10, 0..20, 0..25]);
}

#[test]
fn a_kept_buffer_has_the_size_of_phyphoxs() {
    let mut feed = feed(1010, true);
    let last = std::iter::from_fn(|| (!feed.is_done()).then(|| feed.take().unwrap())).last().unwrap();
    assert_eq!(last[0].cargo, [(0, 510..1010)]);
}

#[test]
fn each_reading_counts_once() {
    let recording = recording(10);
    let mut ledger = Ledger::new(recording.clone());
    assert_eq!((ledger.sent(&vec![(0, 0..4)]), ledger.resent), (4, 0));
    assert_eq!((ledger.sent(&vec![(0, 2..6)]), ledger.resent), (2, 2));
    assert_eq!((ledger.acknowledged(&vec![(0, 0..5)]), ledger.acknowledged(&vec![(0, 0..6)])), (5, 1));
    // An acknowledged reading that is sent again stays acknowledged.
    assert_eq!(ledger.sent(&vec![(0, 0..7)]), 1);
    let account = ledger.close(true).remove(0);
    assert_eq!((account.sent, account.acknowledged, account.rate_hz), (7, 6, 100.0));
    // Row 3 is no number: the hub rejects it.
    let prints = |rows: Range<usize>| rows.filter(|&row| row != 3).map(|row| recording.streams[0].fingerprint(row)).collect::<Vec<_>>();
    assert_eq!(account.prints, Some(Prints { sent: prints(0..7), acknowledged: prints(0..6) }));
    assert_eq!(ledger.close(false)[0].prints, None);
}

#[test]
fn devices_differ_and_come_back() {
    let id = |phone, collide| Device::new(5, phone, 0.0, collide).client_id;
    assert_eq!(id(0, 0.0), id(0, 0.0));
    assert_ne!(id(0, 0.0), id(1, 0.0));
    assert_eq!((id(0, 1.0).as_str(), id(1, 1.0).as_str()), ("phyphox_c0111d", "phyphox_c0111d"));
    assert_eq!(Device::new(5, 0, 0.0, 0.0).clock(100.0), 100.0);
    let offsets: Vec<f64> = (0..20).map(|phone| Device::new(5, phone, 60.0, 0.0).clock(0.0)).collect();
    assert!(offsets.iter().all(|offset| offset.abs() <= 60.0) && offsets.iter().any(|offset| *offset < -10.0));
    assert!(offsets.iter().any(|offset| *offset > 10.0));
}
