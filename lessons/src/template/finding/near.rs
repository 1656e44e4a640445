//! "Did you mean …?"

/// The nearest of `known` to what was written, if it is near enough to be meant: two letters wrong, one in short words, none but
/// the case of a single one.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // What is much longer than any name of ours is not worth the walk.
    if written.len() > 64 {
        return None;
    }
    let most = match written.chars().count() {
        0 | 1 => 0,
        2..5 => 1,
        _ => 2,
    };
    let far = |known: &str| distance(&written.to_lowercase(), &known.to_lowercase());
    known.into_iter().map(|known| (far(known), known)).filter(|(far, _)| *far <= most).min_by_key(|(far, _)| *far).map(|(_, known)| known)
}

/// How many letters are to be changed, added, left out or swapped with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = vec![];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(letter != other)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == b[j - 1] && a[i - 1] == *other {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(a.len())
}
