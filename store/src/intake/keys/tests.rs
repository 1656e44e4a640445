use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn check(inserted: &[u64], ranges: &[(u64, u64)]) {
    let mut sequences = Sequences::default();
    inserted.iter().for_each(|&sequence| sequences.insert(sequence));
    assert_eq!(sequences.0, ranges, "after {inserted:?}");
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
    assert!(!sequences.contains(150));
    sequences.insert(150);
    assert!(sequences.contains(150) && !sequences.contains(151));
}

#[test]
fn beyond_the_limit_the_oldest_gap_counts_as_stored() {
    let mut sequences = Sequences::default();
    (0..10_000).map(|step| step * 2).for_each(|sequence| sequences.insert(sequence));
    assert_eq!(sequences.0.len(), GAPS + 1);
    assert!(sequences.contains(1), "the oldest gap is closed");
    assert!(!sequences.contains(19_997), "the newest is open");
}

proptest! {
    #[test]
    fn ranges_are_a_set(inserted in prop::collection::vec(0_u64..200, 0..300)) {
        let mut sequences = Sequences::default();
        let mut set = BTreeSet::new();
        for sequence in inserted {
            prop_assert_eq!(sequences.contains(sequence), set.contains(&sequence));
            sequences.insert(sequence);
            set.insert(sequence);
        }
        for sequence in 0..200 {
            prop_assert_eq!(sequences.contains(sequence), set.contains(&sequence));
        }
    }
}
