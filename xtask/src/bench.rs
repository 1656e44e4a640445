use anyhow::Result;
use crate::workspace::Workspace;
#[derive(clap::Args)]
pub(crate) struct Args {}
pub(crate) fn run(_workspace: &Workspace, _args: &Args) -> Result<()> { Ok(()) }
