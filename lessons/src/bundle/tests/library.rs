//! What comes with the hub holds to its own rules.

use std::path::{Path, PathBuf};

use super::*;

/// The files of a folder, with those of its folders.
fn folder(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

pub(super) fn library() -> Vec<Bundle> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("library");
    let folders = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    folders.map(|path| Bundle::from_files(folder(&path)).unwrap()).collect()
}

#[test]
fn every_lesson_of_the_library_is_without_errors() {
    let mut wrong = vec![];
    for bundle in library() {
        let id = bundle.template().unwrap().id;
        // Fixtures are written last.
        let counts = |finding: &&Finding| finding.level == Level::Error && finding.code != "no_fixture";
        wrong.extend(lint(&bundle).iter().filter(counts).map(|finding| format!("{id}/{finding}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A careful simulated group finds what is true, and each mistake that can be made is recognised.
#[test]
fn every_scene_is_analysed_as_it_was_made() {
    for bundle in library() {
        let template = bundle.template().unwrap();
        let Some(name) = template.simulation.as_ref().map(|simulation| simulation.scenario.as_str()) else { continue };
        let seconds = crate::physics::seconds(name).unwrap();
        let scene = crate::physics::scene(name, None, seconds, 7).unwrap();
        let results = template.analyse(&scene.run);
        let outcome = template.outcome_of(&scene.run);
        let found = outcome.unwrap_or_else(|reason| panic!("{name}: {reason:?} of {results:#?}"));
        let off = (found.value - scene.truth).abs() / found.uncertainty;
        // A walker is no clock: the spectrum's peak is sharper than the mean of the steps it is held against.
        assert!(off < 5.0 || (name == "steps" && (found.value / scene.truth - 1.0).abs() < 0.01), "{name}: {found:?}, {}", scene.truth);
        assert!(template.hints(&scene.run, &results).is_empty(), "{name}: {:?}", template.hints(&scene.run, &results));
        for mistake in crate::physics::mistakes(name) {
            let run = crate::physics::scenario(name, Some(mistake), seconds, 7).unwrap();
            let hints: Vec<&str> = template.hints(&run, &template.analyse(&run)).into_iter().map(|hint| hint.name.as_str()).collect();
            assert!(hints.contains(mistake), "{name}: {mistake} is not among {hints:?}");
        }
    }
}
