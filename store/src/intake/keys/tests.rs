use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn check(inserted: &[u64], ranges: &[(u64, u64)]) {
    let mut sequences = Sequences::default();
    inserted.iter().for_each(|&sequence| sequences.insert(sequence));
    assert_eq!(sequences.ranges, ranges, "after {inserted:?}");
}

#[test]
fn numbers_join_to_ranges() {
    check(&[], &[]);
    check(&[0, 1, 2], &[(0, 2)]);
    check(&[2, 1, 0], &[(0, 2)]);
    check(&[5, 5, 5], &[(5, 5)]);
    check(&[1, 3, 2], &[(1, 3)]);
    check(&[1, 3, 5], &[(1, 1), (3, 3), (5, 5)]);
    check(&[u64::MAX, 0, u64::MAX - 1], &[(0, 0), (u64::MAX - 1, u64::MAX)]);
}

#[test]
fn what_was_lost_can_be_filled_up_however_long_ago() {
    let mut sequences = Sequences::default();
    (0..100).chain(200..100_000).for_each(|sequence| sequences.insert(sequence));
    assert_eq!(sequences.known(150), Known::New);
    sequences.insert(150);
    assert_eq!((sequences.known(150), sequences.known(151)), (Known::Stored, Known::New));
}

#[test]
fn beyond_the_limit_the_oldest_numbers_are_unsure_and_never_taken_for_stored() {
    let mut sequences = Sequences::default();
    (0..10_000).map(|step| step * 2).for_each(|sequence| sequences.insert(sequence));
    assert_eq!(sequences.ranges.len(), GAPS + 1);
    for sequence in 0..20_000 {
        let known = sequences.known(sequence);
        assert_ne!(known, if sequence % 2 == 0 { Known::New } else { Known::Stored }, "{sequence}");
        assert_eq!(known == Known::Unsure, sequence < 2 * (10_000 - GAPS as u64 - 1) - 1, "{sequence}");
    }
    assert!(!sequences.is_exact());
    sequences.insert(0);
    assert_eq!(sequences.known(0), Known::Unsure, "what is below stays unsure: it need not be kept");
}

#[test]
fn checkpoints_of_before_are_read() {
    let read = |json: &str| serde_json::from_str::<Sequences>(json).unwrap();
    assert_eq!(read("[[0,2],[5,5]]"), Sequences { floor: 0, ranges: vec![(0, 2), (5, 5)] });
    let forgotten = Sequences::forgotten();
    assert_eq!(read(&serde_json::to_string(&forgotten).unwrap()), forgotten);
}

proptest! {
    #[test]
    fn ranges_are_a_set(inserted in prop::collection::vec(0_u64..200, 0..300)) {
        let mut sequences = Sequences::default();
        let mut set = BTreeSet::new();
        for sequence in inserted {
            prop_assert_eq!(sequences.known(sequence) == Known::Stored, set.contains(&sequence));
            sequences.insert(sequence);
            set.insert(sequence);
        }
        for sequence in 0..200 {
            prop_assert_eq!(sequences.known(sequence) == Known::Stored, set.contains(&sequence));
        }
    }
}
