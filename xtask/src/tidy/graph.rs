//! Rules over the dependency graph.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata};

/// Which rooms each room may know. What is not listed is forbidden.
const ROOMS: &[(&str, &[&str])] = &[
    ("messwerk-lessons", &[]),
    ("messwerk-store", &["messwerk-lessons"]),
    ("messwerk-ingest", &["messwerk-lessons", "messwerk-store"]),
    ("messwerk-query", &["messwerk-lessons", "messwerk-store"]),
    ("messwerk-viz-wasm", &["messwerk-lessons"]),
    ("messwerk-simulator", &["messwerk-lessons"]),
    ("messwerk", &["messwerk-lessons", "messwerk-store", "messwerk-ingest", "messwerk-query", "messwerk-viz-wasm"]),
    (
        "messwerk-benches",
        &["messwerk", "messwerk-lessons", "messwerk-store", "messwerk-ingest", "messwerk-query", "messwerk-viz-wasm", "messwerk-simulator"],
    ),
    ("xtask", &[]),
];

/// Additional rooms that only a room's tests may know.
const ROOMS_IN_TESTS: &[(&str, &[&str])] = &[("messwerk", &["messwerk-simulator"])];

/// Packages that only some rooms may name, benches aside: each is a decision that could not be taken back elsewhere.
const KEEPERS: &[(&str, &[&str])] = &[
    ("rumqttd", &["messwerk-ingest"]),
    ("rumqttc", &["messwerk-ingest", "messwerk-simulator"]),
    ("datafusion", &["messwerk-query"]),
    ("object_store", &["messwerk-store", "messwerk-query"]),
    ("rusqlite", &["messwerk-store"]),
    ("parquet", &["messwerk-store", "messwerk-query"]),
    ("arrow", &["messwerk-store", "messwerk-query", "messwerk"]),
    ("axum", &["messwerk"]),
    // The simulator writes the files of services.
    ("zip", &["messwerk-lessons", "messwerk-ingest", "messwerk", "messwerk-simulator"]),
    ("plotters", &["messwerk-viz-wasm"]),
    ("plotters-canvas", &["messwerk-viz-wasm"]),
    ("wasm-bindgen", &["messwerk-viz-wasm"]),
    ("web-sys", &["messwerk-viz-wasm"]),
    ("js-sys", &["messwerk-viz-wasm"]),
    ("wasm-bindgen-cli-support", &["xtask"]),
];

/// The same for tests: a pretended hub for the simulator's, real clients for the hub's.
const KEEPERS_IN_TESTS: &[(&str, &[&str])] =
    &[("axum", &["messwerk-simulator"]), ("rumqttc", &["messwerk"]), ("arrow", &["messwerk-ingest"]), ("parquet", &["messwerk"])];

/// What runs on a phone and in the browser stays free of these, directly or through others.
const PURE: &[&str] = &["messwerk-lessons", "messwerk-viz-wasm"];
const NOT_PURE: &[&str] = &["tokio", "arrow", "arrow-array", "parquet", "datafusion", "rusqlite", "chrono", "reqwest", "axum"];

/// Package and what it names without our asking it for it: dates that nobody hands it, and built without its clock.
const IDLE: &[(&str, &str)] = &[("sgp4", "chrono")];

/// Features of rooms that only some rooms may switch on: the readers of exported files are no part of the browser's pages.
const FEATURES: &[(&str, &str, &[&str])] = &[("messwerk-lessons", "exports", &["messwerk", "messwerk-simulator"])];

/// Two versions of one of these would not understand each other's values.
const ONE_VERSION: &[&str] =
    &["arrow", "arrow-array", "arrow-schema", "arrow-ipc", "parquet", "datafusion", "object_store", "rumqttc", "wasm-bindgen"];

/// What the rules look at.
#[derive(Default)]
pub(super) struct Graph {
    /// Workspace member -> (its dependency, only in tests).
    pub(super) members: BTreeMap<String, Vec<(String, bool)>>,
    /// Workspace member, its dependency, and a feature of it that the member switches on.
    pub(super) features: Vec<(String, String, String)>,
    /// Every resolved package with its versions.
    pub(super) versions: BTreeMap<String, BTreeSet<String>>,
    /// Package -> packages it is built with (no tests), by name.
    pub(super) built_with: BTreeMap<String, BTreeSet<String>>,
}

impl From<&Metadata> for Graph {
    fn from(metadata: &Metadata) -> Self {
        let mut graph = Self::default();
        for package in &metadata.packages {
            graph.versions.entry(package.name.to_string()).or_default().insert(package.version.to_string());
        }
        for package in metadata.workspace_packages() {
            for dependency in &package.dependencies {
                let named = |feature: &String| (package.name.to_string(), dependency.name.clone(), feature.clone());
                graph.features.extend(dependency.features.iter().map(named));
            }
            let dependencies = package.dependencies.iter();
            let dependencies = dependencies.map(|d| (d.name.clone(), d.kind == DependencyKind::Development));
            graph.members.insert(package.name.to_string(), dependencies.collect());
        }
        let name_of = |id: &cargo_metadata::PackageId| metadata[id].name.to_string();
        for node in metadata.resolve.iter().flat_map(|resolve| &resolve.nodes) {
            let with = node.deps.iter().filter(|dep| dep.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal));
            graph
                .built_with
                .entry(name_of(&node.id))
                .or_default()
                .extend(with.map(|dep| name_of(&dep.pkg)).filter(|dep| !IDLE.contains(&(name_of(&node.id).as_str(), dep.as_str()))));
        }
        graph
    }
}

/// Every breach in the graph.
pub(super) fn breaches(graph: &Graph) -> Vec<String> {
    let mut found = Vec::new();
    for (member, dependencies) in &graph.members {
        let Some(allowed) = row(ROOMS, member) else {
            found.push(format!("{member} is not on the plan: add it to ROOMS in xtask/src/tidy/graph.rs and to ARCHITECTURE.md"));
            continue;
        };
        for (dependency, in_tests) in dependencies {
            let in_tests = *in_tests;
            // A room may name itself, to switch on a feature of its own in its tests.
            let is_room = row(ROOMS, dependency).is_some() && dependency != member;
            let also = if in_tests { row(ROOMS_IN_TESTS, member).unwrap_or_default() } else { &[] };
            if is_room && !allowed.contains(&dependency.as_str()) && !also.contains(&dependency.as_str()) {
                found.push(format!("{member} may not know {dependency}: the direction of the rooms is in ARCHITECTURE.md"));
            }
            let Some(keepers) = row(KEEPERS, dependency) else { continue };
            let also = if in_tests { row(KEEPERS_IN_TESTS, dependency).unwrap_or_default() } else { &[] };
            let free = member == "messwerk-benches" || keepers.contains(&member.as_str()) || also.contains(&member.as_str());
            if !free {
                found.push(format!("{member} may not use {dependency}: only {} may", keepers.join(" and ")));
            }
        }
    }
    for (member, dependency, feature) in &graph.features {
        for (_, _, free) in
            FEATURES.iter().filter(|(room, of, free)| room == dependency && of == feature && !free.contains(&member.as_str()))
        {
            found.push(format!("{member} may not switch on {feature} of {dependency}: only {} may", free.join(" and ")));
        }
    }
    for name in ONE_VERSION {
        let versions = graph.versions.get(*name).cloned().unwrap_or_default();
        if versions.len() > 1 {
            let versions: Vec<_> = versions.into_iter().collect();
            found.push(format!("{name} is there in versions {}: pin the workspace to the one DataFusion uses", versions.join(" and ")));
        }
    }
    let (runtime, tool) = (graph.versions.get("wasm-bindgen"), graph.versions.get("wasm-bindgen-cli-support"));
    if runtime != tool {
        found.push("wasm-bindgen and wasm-bindgen-cli-support differ in version: they must be equal".to_owned());
    }
    for room in PURE {
        let reached = reach(graph, room);
        for heavy in NOT_PURE.iter().filter(|heavy| reached.contains(**heavy)) {
            found.push(format!("{room} is built with {heavy}: it runs in the browser, find a way without"));
        }
    }
    found
}

/// Everything a package is built with, itself aside.
fn reach(graph: &Graph, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(name) = open.pop() {
        for next in graph.built_with.get(&name).into_iter().flatten() {
            if reached.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    reached
}

fn row<'a>(table: &'a [(&str, &'a [&'a str])], key: &str) -> Option<&'a [&'a str]> {
    table.iter().find(|(name, _)| *name == key).map(|(_, values)| *values)
}
