//! Rules over the files of the repository.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

/// Longer files are two files.
const MOST_LINES: usize = 600;

/// Folders of one machine and hosts that packages are fetched from: neither belongs into a repository that others clone.
/// Written in halves, or this file would be the first breach.
const FORBIDDEN: &[(&str, &str)] = &[
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/wo", "rk/"),
    ("/Us", "ers/"),
    ("index.crates", ".io"),
    ("static.crates", ".io"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("registry.npmjs", ".org"),
    ("deb.debian", ".org"),
    ("artifac", "tory"),
];

/// Files in the root of the repository that must be there.
const ROOT: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "DESIGN.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "deny.toml",
    "rustfmt.toml",
    "clippy.toml",
    ".config/nextest.toml",
    ".ci/run",
];

/// The text files of the repository by path; binary ones are left out.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) files: BTreeMap<String, String>,
    /// Every path, text or not.
    pub(super) paths: Vec<String>,
}

impl Tree {
    /// Everything git knows or would add.
    pub(super) fn read(workspace: &Workspace) -> Result<Self> {
        let mut git = Command::new("git");
        git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(&workspace.root);
        let mut tree = Self::default();
        for path in process::output(&mut git)?.split('\0').filter(|path| !path.is_empty()) {
            let Ok(bytes) = fs::read(workspace.path(path)) else { continue };
            tree.paths.push(path.to_owned());
            if let Ok(text) = String::from_utf8(bytes) {
                tree.files.insert(path.to_owned(), text);
            }
        }
        Ok(tree)
    }

    fn has(&self, path: &str) -> bool {
        self.paths.iter().any(|known| known == path)
    }
}

/// Every breach in the files.
pub(super) fn breaches(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in &tree.files {
        let lines = text.lines().count();
        if path.ends_with(".rs") && lines > MOST_LINES {
            found.push(format!("{path} has {lines} lines: split it below {MOST_LINES}"));
        }
        if path.ends_with("/mod.rs") {
            found.push(format!("{path}: name it after its folder, one level up"));
        }
        if path != "Cargo.lock" {
            forbidden(path, text, &mut found);
        }
        if path.ends_with("Cargo.toml") && text.contains("[package]") && !text.contains("[lints]\nworkspace = true") {
            found.push(format!("{path} lacks `[lints] workspace = true`"));
        }
        if path.ends_with(".md") {
            links(tree, path, text, &mut found);
        }
    }
    clippy(tree, &mut found);
    library(tree, &mut found);
    found.extend(ROOT.iter().filter(|path| !tree.has(path)).map(|path| format!("{path} is missing")));
    let reads_config = tree.files.iter().any(|(path, text)| path.starts_with("hub/src/") && text.contains("toml::from_str"));
    if reads_config && !tree.paths.iter().any(|path| path.ends_with("messwerk.toml")) {
        found.push("the hub reads a configuration file: put a tested example messwerk.toml beside it".to_owned());
    }
    found
}

fn forbidden(path: &str, text: &str, found: &mut Vec<String>) {
    for (number, line) in text.lines().enumerate() {
        for (head, tail) in FORBIDDEN {
            let word = format!("{head}{tail}");
            if line.contains(&word) {
                found.push(format!("{path}:{}: `{word}` is of one machine or one network: leave it out", number + 1));
            }
        }
    }
}

/// Clippy reads the nearest clippy.toml only, so a room's own must repeat the shared part.
fn clippy(tree: &Tree, found: &mut Vec<String>) {
    let root = tree.files.get("clippy.toml").map(String::as_str).unwrap_or_default();
    let own = tree.files.iter().filter(|(path, _)| path.ends_with("/clippy.toml"));
    for (path, text) in own {
        for line in root.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            if !text.lines().any(|own| own == line) {
                found.push(format!("{path} does not repeat `{line}` of the root's clippy.toml, which it replaces"));
            }
        }
    }
}

/// A template folder that the library does not compile in would be a lesson nobody can choose.
fn library(tree: &Tree, found: &mut Vec<String>) {
    let source: String = tree.files.iter().filter(|(path, _)| path.starts_with("lessons/src/")).map(|(_, text)| text.as_str()).collect();
    for path in &tree.paths {
        let Some(rest) = path.strip_prefix("lessons/library/") else { continue };
        let Some((name, _)) = rest.split_once('/') else { continue };
        let lesson = format!("lessons/library/{name}/lesson.toml");
        if !tree.has(&lesson) {
            found.push(format!("{path}: its folder has no lesson.toml"));
        } else if *path == lesson && !source.contains(&format!("library/{name}/lesson.toml")) && !source.contains(&format!("\"{name}\"")) {
            found.push(format!("{lesson} is not among the built-in templates of lessons/src/template.rs"));
        }
    }
}

/// A document without what it shows as code: an example's link leads nowhere.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            line.split('`').step_by(2).for_each(|part| prose.push_str(part));
            prose.push('\n');
        }
    }
    prose
}

/// Links between our own documents must lead somewhere.
fn links(tree: &Tree, path: &str, text: &str, found: &mut Vec<String>) {
    let folder = path.rsplit_once('/').map(|(folder, _)| folder);
    for link in prose(text).split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
        let target = link.split('#').next().unwrap_or_default().trim_end_matches('/');
        if target.is_empty() || target.contains("://") || target.starts_with("mailto:") || target.starts_with("../") {
            continue;
        }
        let full = folder.map_or_else(|| target.to_owned(), |folder| format!("{folder}/{target}"));
        let prefix = format!("{full}/");
        if !tree.paths.iter().any(|known| *known == full || known.starts_with(&prefix)) {
            found.push(format!("{path} links to {target}, which is not there"));
        }
    }
}
