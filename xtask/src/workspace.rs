//! Where things lie: the repository and cargo's target folder.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;

use crate::process;

/// The repository this command was started for.
pub(crate) struct Workspace {
    /// The folder that holds the root `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, which also holds what we install for tests (a Python environment).
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks cargo. The repository is the one whose `cargo xtask` was typed, not the one this binary was compiled in.
    pub(crate) fn locate() -> Result<Self> {
        let own = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let metadata = MetadataCommand::new().current_dir(own).no_deps().exec().context("cargo metadata does not answer")?;
        let members = metadata.workspace_packages().iter().map(|package| package.name.to_string()).collect::<Vec<_>>();
        let workspace = Self { root: metadata.workspace_root.into(), target: metadata.target_directory.into() };
        workspace.adopt_target(&members)?;
        Ok(workspace)
    }

    /// Makes a target folder that another clone has filled this clone's own: the dependencies stay, our crates are compiled
    /// again. Cargo does not tell clones apart: it would take the other clone's artefacts for fresh whenever they are newer
    /// than our sources, and they carry paths of the other clone (pages read in debug builds, samples).
    fn adopt_target(&self, members: &[String]) -> Result<()> {
        let stamp = self.target.join("filled-from.txt");
        let root = self.root.to_string_lossy();
        if fs::read_to_string(&stamp).is_ok_and(|known| known == root) {
            return Ok(());
        }
        for (profile, folder) in [("dev", "debug"), ("release", "release")] {
            if self.target.join(folder).exists() {
                let mut clean = process::cargo(&self.root);
                clean.args(["clean", "--quiet", "--profile", profile]);
                // We run from there, and are fresh or would not have been started.
                clean.args(members.iter().filter(|name| *name != "xtask").flat_map(|name| ["--package", name]));
                process::run(&mut clean)?;
            }
        }
        fs::create_dir_all(&self.target)?;
        fs::write(&stamp, root.as_bytes()).with_context(|| format!("cannot write {}", stamp.display()))
    }

    /// A path inside the repository.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Where cargo puts a program of the given profile folder (`debug` or `release`).
    pub(crate) fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }
}
