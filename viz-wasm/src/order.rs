//! One sort for everything that is put in order here: in the browser each further type that the standard library sorts
//! weighs 6 kB.

/// Places from the least key to the greatest; equal keys keep their order. The second number decides between equal first ones.
pub(crate) fn places(keys: impl Iterator<Item = (f64, f64)>) -> Vec<usize> {
    let mut keys: Vec<(f64, f64, usize)> = keys.enumerate().map(|(place, (first, second))| (first, second, place)).collect();
    sort(&mut keys);
    keys.into_iter().map(|(.., place)| place).collect()
}

/// The same for single numbers.
pub(crate) fn ranks(keys: impl Iterator<Item = f64>) -> Vec<usize> {
    places(keys.map(|key| (key, 0.0)))
}

/// Numbers from the least to the greatest.
pub(crate) fn numbers(values: &[f64]) -> Vec<f64> {
    ranks(values.iter().copied()).into_iter().map(|place| values[place]).collect()
}

#[inline(never)]
fn sort(keys: &mut [(f64, f64, usize)]) {
    keys.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_keep_their_order() {
        assert_eq!(ranks([3.0, 1.0, 2.0, 1.0].into_iter()), [1, 3, 2, 0]);
        assert_eq!(places([(1.0, 2.0), (1.0, 1.0), (0.0, 9.0)].into_iter()), [2, 1, 0]);
        assert_eq!(numbers(&[2.0, -1.0, 0.5]), [-1.0, 0.5, 2.0]);
        assert!(numbers(&[]).is_empty());
    }
}
