//! The templates that come with the program, with all their files.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use messwerk_lessons::bundle::Bundle;
use messwerk_store::catalogue::{Origin, ShelfEntry};
use rust_embed::RustEmbed;

use super::Known;
use super::trust::Signed;

#[derive(RustEmbed)]
#[folder = "../lessons/library"]
struct Library;

/// A built-in template and its files.
pub(super) struct Builtin {
    pub(super) known: Arc<Known>,
    pub(super) bundle: Bundle,
}

/// The built-in templates; one that cannot be read is left out here and found by the test.
pub(super) static BUILTINS: LazyLock<Vec<Builtin>> = LazyLock::new(|| folders().into_values().filter_map(builtin).collect());

/// The files of each folder of the library.
fn folders() -> BTreeMap<String, BTreeMap<String, Vec<u8>>> {
    let mut folders: BTreeMap<String, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    for path in Library::iter() {
        if let (Some((folder, file)), Some(content)) = (path.split_once('/'), Library::get(&path)) {
            folders.entry(folder.to_owned()).or_default().insert(file.to_owned(), content.data.into_owned());
        }
    }
    folders
}

fn builtin(files: BTreeMap<String, Vec<u8>>) -> Option<Builtin> {
    let bundle = Bundle::from_files(files).ok()?;
    let template = bundle.template().ok()?;
    let (id, version) = (template.id.clone(), template.version.to_string());
    let entry = ShelfEntry { hash: bundle.sha256().parse().ok()?, id, version, origin: Origin::Builtin, published: 0, withdrawn: None };
    Some(Builtin { known: Arc::new(Known { entry, template: Arc::new(template), signed: Signed::No }), bundle })
}

#[cfg(test)]
mod tests {
    use messwerk_lessons::template::builtins;

    use super::*;

    #[test]
    fn the_whole_library_is_there() {
        let here: Vec<&str> = BUILTINS.iter().map(|builtin| builtin.known.entry.id.as_str()).collect();
        let mut known: Vec<&str> = builtins().iter().map(|template| template.id.as_str()).collect();
        known.sort_unstable();
        assert_eq!(here, known);
    }
}
