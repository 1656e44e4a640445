use super::files::{self, Tree};
use super::graph::{self, Graph};
use super::*;

#[test]
fn this_repository_keeps_the_rules() {
    let workspace = Workspace::locate().unwrap();
    assert_eq!(breaches(&workspace).unwrap(), Vec::<String>::new());
}

/// A graph from lines such as `messwerk-store: rumqttd, proptest?` (a question mark: only in tests).
fn graph(text: &str) -> Graph {
    let mut graph = Graph::default();
    for line in text.lines() {
        let (name, rest) = line.trim().split_once(':').unwrap();
        let dependencies: Vec<(String, bool)> = rest
            .split(',')
            .map(str::trim)
            .filter(|d| !d.is_empty())
            .map(|d| (d.trim_end_matches('?').to_owned(), d.ends_with('?')))
            .collect();
        graph.built_with.insert(name.to_owned(), dependencies.iter().filter(|(_, test)| !test).map(|(d, _)| d.clone()).collect());
        graph.members.insert(name.to_owned(), dependencies);
    }
    graph
}

fn check_graph(text: &str, expected: &[&str]) {
    let found = graph::breaches(&graph(text));
    assert_eq!(found.len(), expected.len(), "{text}: {found:?}");
    for (breach, part) in found.iter().zip(expected) {
        assert!(breach.contains(part), "{text}: {breach}");
    }
}

#[test]
fn rooms_know_only_whom_they_may() {
    check_graph("messwerk-store: messwerk-lessons", &[]);
    check_graph("messwerk-lessons: messwerk-store", &["messwerk-lessons may not know messwerk-store"]);
    check_graph("messwerk-query: messwerk-ingest", &["messwerk-query may not know messwerk-ingest"]);
    check_graph("messwerk: messwerk-simulator", &["may not know messwerk-simulator"]);
    check_graph("messwerk: messwerk-simulator?", &[]);
    check_graph("messwerk-store: messwerk-store?", &[]);
    check_graph("messwerk-garden: serde", &["not on the plan"]);
}

#[test]
fn keepers_keep() {
    check_graph("messwerk-ingest: rumqttd, rumqttc", &[]);
    check_graph("messwerk: rumqttd", &["only messwerk-ingest may"]);
    check_graph("messwerk-store: datafusion", &["only messwerk-query may"]);
    check_graph("messwerk-simulator: axum", &["only messwerk may"]);
    check_graph("messwerk-simulator: axum?", &[]);
    check_graph("messwerk-benches: datafusion, axum", &[]);
}

#[test]
fn the_browser_stays_light_also_through_others() {
    let mut heavy = graph("messwerk-lessons: helper");
    heavy.built_with.insert("helper".to_owned(), ["tokio".to_owned()].into());
    let found = graph::breaches(&heavy);
    assert!(found.iter().any(|breach| breach.contains("messwerk-lessons is built with tokio")), "{found:?}");
}

#[test]
fn the_browser_is_built_without_the_readers_of_files() {
    let of = |member: &str| Graph { features: vec![(member.into(), "messwerk-lessons".into(), "exports".into())], ..Graph::default() };
    assert!(graph::breaches(&of("messwerk-viz-wasm"))[0].contains("may not switch on exports"));
    assert_eq!(graph::breaches(&of("messwerk")), Vec::<String>::new());
}

#[test]
fn there_is_one_arrow() {
    let mut two = graph("messwerk-store: arrow");
    two.versions.insert("arrow".to_owned(), ["59.3.2".to_owned(), "60.0.0".to_owned()].into());
    assert!(graph::breaches(&two)[0].contains("59.3.2 and 60.0.0"));
}

/// The breaches of one file in an otherwise empty repository, without those about files that are missing there.
fn check_files(files: &[(&str, &str)], expected: &[&str]) {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.paths.push((*path).to_owned());
        tree.files.insert((*path).to_owned(), (*text).to_owned());
    }
    let found: Vec<_> = files::breaches(&tree).into_iter().filter(|breach| !breach.ends_with(" is missing")).collect();
    assert_eq!(found.len(), expected.len(), "{files:?}: {found:?}");
    for (breach, part) in found.iter().zip(expected) {
        assert!(breach.contains(part), "{breach}");
    }
}

#[test]
fn files_are_short_and_clean() {
    check_files(&[("a/src/lib.rs", &"//\n".repeat(600))], &[]);
    check_files(&[("a/src/lib.rs", &"//\n".repeat(601))], &["has 601 lines"]);
    check_files(&[("a/src/b/mod.rs", "")], &["name it after its folder"]);
    check_files(&[("a.md", concat!("ok\nsee /ro", "ot/x"))], &["a.md:2"]);
    check_files(&[("a.txt", concat!("pypi", ".org"))], &["one network"]);
    check_files(&[("Cargo.lock", concat!("index.crates", ".io"))], &[]);
}

#[test]
fn manifests_take_the_shared_lints() {
    check_files(&[("a/Cargo.toml", "[package]\n\n[lints]\nworkspace = true\n")], &[]);
    check_files(&[("a/Cargo.toml", "[package]\nname = \"a\"\n")], &["lacks `[lints]"]);
    check_files(&[("Cargo.toml", "[workspace]\n")], &[]);
}

#[test]
fn a_rooms_clippy_file_repeats_the_shared_part() {
    check_files(&[("clippy.toml", "# why\nx = 1\n"), ("a/clippy.toml", "y = 2\nx = 1\n")], &[]);
    check_files(&[("clippy.toml", "x = 1\n"), ("a/clippy.toml", "y = 2\n")], &["does not repeat `x = 1`"]);
}

#[test]
fn every_library_folder_is_a_template() {
    let lesson = ("lessons/library/rest/lesson.toml", "");
    check_files(&[lesson, ("lessons/src/template.rs", "include_str!(\"../library/rest/lesson.toml\")")], &[]);
    check_files(&[lesson], &["not among the built-in"]);
    check_files(&[("lessons/library/rest/expected.json", "")], &["no lesson.toml"]);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let docs = ("docs/wire.md", "");
    check_files(&[docs, ("README.md", "[a](docs/wire.md) [b](docs/) [c](docs/wire.md#x) [d](https://example.org) [e](#top)")], &[]);
    check_files(&[docs, ("README.md", "[a](docs/wires.md)")], &["links to docs/wires.md"]);
}

#[test]
fn a_configuration_file_has_an_example() {
    let config = ("hub/src/config.rs", "toml::from_str");
    check_files(&[config], &["example messwerk.toml"]);
    check_files(&[config, ("hub/messwerk.toml", "")], &[]);
}
