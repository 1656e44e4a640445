//! Two Releases of one lesson: what one tells of all and the other of all but one, both together tell of that one.

use std::collections::BTreeSet;

use super::ReleaseError;

/// Whether a Release of the results `new` may stand beside an earlier one of the results `earlier`.
///
/// A member stands for one Thing with its result, under whatever name the hub keeps it. Nobody may be in one Release and not in the
/// other, or at least `k` must be, for each of the two; `k` is the larger of both Releases'. A Thing whose result has
/// changed since is in neither the same: the difference of two means would tell by how much.
///
/// The same results again tell nothing new, but in other cells of the histogram they do: [`ReleaseError::Again`].
pub fn allowed<M: Ord>(new: &BTreeSet<M>, earlier: &BTreeSet<M>, k: u32) -> Result<(), ReleaseError> {
    let (more, fewer) = (new.difference(earlier).count(), earlier.difference(new).count());
    if more == 0 && fewer == 0 {
        return Err(ReleaseError::Again);
    }
    let tells = |count: usize| count > 0 && count < k as usize;
    if tells(more) || tells(fewer) {
        return Err(ReleaseError::Difference { more: more as u32, fewer: fewer as u32, k });
    }
    Ok(())
}
