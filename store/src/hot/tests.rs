use messwerk_lessons::id::ThingId;

use super::*;
use crate::group::StreamId;

/// A group of one frame with `rows` rows from `first` on.
fn group(first: usize, rows: usize) -> Group {
    let mut group = Group::default();
    (first..first + rows).for_each(|row| group.push(row as Micros, 0, [row as f32, 0.0, 0.0]));
    let stream = StreamId { lesson: LessonId(1), thing: ThingId(2), property: ObservedProperty::Pressure };
    group.frames.push(Frame { stream, slot: 0, run: 1, thinned: 0, received: 0, offset: 0, key: None, rows: 0..rows });
    group
}

#[test]
fn rows_come_back_in_order_in_chunks_of_one_size() {
    for packets in [vec![10], vec![CHUNK], vec![CHUNK - 1, 1, 1], vec![3 * CHUNK + 5], vec![5_000; 5]] {
        let mut table = Table::new(LessonId(1), ObservedProperty::Pressure);
        let mut rows = 0;
        for packet in &packets {
            let group = group(rows, *packet);
            table.push(&group.frames[0], &group, 3).unwrap();
            rows += packet;
            assert_eq!(table.rows(), rows);
            assert_eq!(table.batches().unwrap(), table.batches().unwrap(), "a snapshot changes nothing");
        }
        let batches = table.batches().unwrap();
        assert!(batches[..batches.len() - 1].iter().all(|batch| batch.rows.num_rows() == CHUNK), "{packets:?}");
        let mut next = 0;
        for batch in &batches {
            assert_eq!(batch.time, (next, next + batch.rows.num_rows() as Micros - 1), "{packets:?}");
            next = batch.time.1 + 1;
        }
        assert_eq!(next as usize, rows);
        table.freeze().unwrap();
        assert_eq!((table.rows(), table.oldest_wal), (rows, Some(3)));
    }
}
