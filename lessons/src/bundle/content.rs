//! Which files a template has.

use super::{BundleError, PLAN, SIGNATURE};
use crate::template::Language;

/// The longest path.
const LONGEST: usize = 100;

/// Endings of pictures.
pub(super) const PICTURES: [&str; 4] = ["png", "jpg", "jpeg", "webp"];

/// Holds on return: the path is relative, has no empty, hidden or upward part, and is short and printable.
///
/// # Errors
/// `Path` with what is shown of it.
pub(super) fn check_path(path: &str) -> Result<(), BundleError> {
    let part =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':']) && !part.chars().any(char::is_control);
    if path.len() <= LONGEST && path.split('/').all(part) {
        return Ok(());
    }
    let shown = path.chars().take(60).map(|sign| if sign.is_control() { '?' } else { sign }).collect();
    Err(BundleError::Path(shown))
}

/// Whether a file of that path belongs to a template.
pub(super) fn belongs(path: &str) -> bool {
    let plain = |stem: &str| {
        !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') && stem.len() <= 64
    };
    match path.split_once('/') {
        None => path == PLAN || path == SIGNATURE || Language::ALL.iter().any(|language| path.strip_suffix(".md") == Some(language.name())),
        Some((folder, file)) => file.rsplit_once('.').is_some_and(|(stem, ending)| match folder {
            "assets" => plain(stem) && PICTURES.contains(&ending),
            "fixtures" => plain(stem) && ["toml", "csv"].contains(&ending),
            _ => false,
        }),
    }
}

/// What systems leave in folders by themselves; nobody need be told.
pub(super) fn is_litter(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("__MACOSX/") || file.starts_with('.') || ["Thumbs.db", "desktop.ini"].contains(&file) || file.ends_with('~')
}
