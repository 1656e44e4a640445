//! The house rules as a test: who may know whom, one Arrow, and what no file may contain.
//!
//! Runs as `cargo xtask tidy`, as a stage of `cargo xtask test` and as a unit test of this package, so that it holds
//! whichever way somebody tests.

mod files;
mod graph;
#[cfg(test)]
mod tests;

use anyhow::{Result, bail};
use cargo_metadata::MetadataCommand;

use crate::stage::Stage;
use crate::workspace::Workspace;

/// Prints every breach; an error when there is one.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let stage = Stage::begin("house rules", "");
    let breaches = breaches(workspace)?;
    for breach in &breaches {
        println!("   {breach}");
    }
    if !breaches.is_empty() {
        bail!("{} house rules broken", breaches.len());
    }
    stage.end("");
    Ok(())
}

/// Every breach as one sentence that names the fix.
pub(crate) fn breaches(workspace: &Workspace) -> Result<Vec<String>> {
    let metadata = MetadataCommand::new().current_dir(&workspace.root).exec()?;
    let mut breaches = graph::breaches(&graph::Graph::from(&metadata));
    breaches.extend(files::breaches(&files::Tree::read(workspace)?));
    Ok(breaches)
}
