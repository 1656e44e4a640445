//! The promises, for random classes.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::release::differencing::allowed;

/// A class: normal, with outliers, in two hills, rounded by hand, all on one value.
fn classes() -> impl Strategy<Value = Vec<f64>> {
    let scale = prop_oneof![Just(1e-6), Just(0.02), Just(1.0), Just(340.0), Just(1e7)];
    let value = prop_oneof![8 => -3.0..3.0f64, 1 => -300.0..300.0f64, 3 => Just(0.0), 2 => (-5i32..5).prop_map(f64::from)];
    let offset = prop_oneof![Just(0.0), Just(9.81), Just(-1000.0)];
    (prop::collection::vec(value, 0..80), scale, offset)
        .prop_map(|(values, scale, offset)| values.into_iter().map(|value| offset + value * scale).collect())
}

proptest! {
    #[test]
    fn no_published_number_has_fewer_than_k_behind_it(values in classes(), k in 0u32..14, singles: bool, excluded in 0u32..20) {
        let rules = Rules { k, ..RULES };
        let k = k.max(LEAST_K);
        let n = values.len() as u32;
        let built = Release::build(&Measured { excluded, ..measured(&values) }, wish(singles), rules);
        if n < k {
            prop_assert_eq!(built, Err(ReleaseError::TooFew { n, k }));
            return Ok(());
        }
        let release = built.unwrap();
        prop_assert_eq!((release.n, release.k), (n, k));
        let Histogram { edges, counts } = &release.histogram;
        prop_assert_eq!(counts.iter().sum::<u32>(), n, "merging loses and invents nobody");
        prop_assert!(counts.iter().all(|count| *count == 0 || *count >= k), "{:?}", counts);
        // An edge is a cut through the class with k on each side: none tells where the extremes are.
        let slack = if singles { release.resolution / 2.0 } else { 0.0 };
        for edge in edges {
            let below = values.iter().filter(|value| **value < *edge + slack).count();
            let above = values.iter().filter(|value| **value >= *edge - slack).count();
            prop_assert!(below >= k as usize && above >= k as usize, "{} of {:?}", edge, values);
        }
        prop_assert_eq!(release.quartiles.is_some(), n >= 4 * k);
        prop_assert!(release.excluded.from == 0 || release.excluded.from >= k || release.excluded.to == k - 1);
        prop_assert_eq!(release.singles.is_some(), singles);
        if let Some(shared) = &release.singles {
            let step = release.resolution;
            let rounded = |value: &f64| step == 0.0 || (value / step - libm::round(value / step)).abs() < 1e-6;
            prop_assert!(shared.len() == values.len() && shared.iter().all(rounded));
        }
        prop_assert_eq!(release.check(release.week.begins()), Ok(()), "a hub believes its own");
        let json = serde_json::to_string(&release).unwrap();
        prop_assert_eq!(serde_json::from_str::<Release>(&json).unwrap(), release, "the same after a journey");
    }

    #[test]
    fn the_order_of_the_groups_is_not_to_be_seen(values in classes()) {
        let mut other = values.clone();
        other.reverse();
        let json = |values: &[f64]| release(values, true).map(|mut release| {
            // Sums in another order differ in their last bit, and so may what is rounded.
            (release.mean, release.sd) = (0.0, 0.0);
            release
        });
        if let (Ok(one), Ok(two)) = (json(&values), json(&other)) && one.resolution == two.resolution {
            prop_assert_eq!(one.singles, two.singles);
        }
    }

    #[test]
    fn releases_that_differ_by_few_are_refused(
        shared in prop::collection::btree_set(0u32..1000, 0..40),
        more in prop::collection::btree_set(1000u32..2000, 0..12),
        fewer in prop::collection::btree_set(2000u32..3000, 0..12),
        k in 5u32..11,
    ) {
        let new: BTreeSet<u32> = shared.union(&more).copied().collect();
        let earlier: BTreeSet<u32> = shared.union(&fewer).copied().collect();
        let verdict = allowed(&new, &earlier, k);
        let tells = |count: usize| count > 0 && count < k as usize;
        prop_assert_eq!(verdict == Err(ReleaseError::Again), more.is_empty() && fewer.is_empty());
        prop_assert_eq!(matches!(verdict, Err(ReleaseError::Difference { .. })), tells(more.len()) || tells(fewer.len()));
    }
}

#[test]
fn one_device_more_or_less_is_refused_both_ways() {
    let class: BTreeSet<u32> = (0..12).collect();
    let one_more: BTreeSet<u32> = (0..13).collect();
    assert_eq!(allowed(&one_more, &class, K), Err(ReleaseError::Difference { more: 1, fewer: 0, k: K }));
    assert_eq!(allowed(&class, &one_more, K), Err(ReleaseError::Difference { more: 0, fewer: 1, k: K }));
    // One whose result has changed is another member: mean minus mean would tell by how much.
    let changed: BTreeSet<u32> = (1..12).chain([99]).collect();
    assert_eq!(allowed(&changed, &class, K), Err(ReleaseError::Difference { more: 1, fewer: 1, k: K }));
    assert_eq!(allowed(&(0..17).collect(), &class, K), Ok(()));
}
