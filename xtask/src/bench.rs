//! `cargo xtask bench`: builds for speed and runs the programs of `benches/`, which print and store the table.

use anyhow::Result;

use crate::process;
use crate::stage::Stage;
use crate::test::{chromium, python};
use crate::wasm;
use crate::workspace::Workspace;

/// Options of `cargo xtask bench`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only the measurements whose name contains this word; without it all, and `benches/README.md` is written.
    #[arg(long)]
    only: Option<String>,
    /// Print the table without writing `benches/README.md`.
    #[arg(long)]
    no_write: bool,
}

/// Builds and measures. Peers that are not installed are named in the table, never left out silently.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let stage = Stage::begin("build for speed", "a fresh clone 10 to 20 minutes");
    let packages = ["--package", "messwerk", "--package", "messwerk-simulator", "--package", "messwerk-benches"];
    process::run(process::cargo(&workspace.root).args(["build", "--release", "--bins"]).args(packages))?;
    stage.end("");
    wasm::run(workspace, &wasm::Args::default())?;
    let drawing = chromium(workspace)?;
    let stage = Stage::begin("measure", "10 minutes");
    // Three thousand logins are as many open files, and twice that in the hub; the shell may raise the limit, safe Rust not.
    let mut table = std::process::Command::new("sh");
    table.args(["-c", "ulimit -n \"$(ulimit -Hn)\"; exec \"$0\" \"$@\""]).arg(workspace.program("release", "bench-table"));
    table.current_dir(&workspace.root).arg("--programs").arg(workspace.target.join("release"));
    table.arg("--python").arg(python(workspace, "benches")?);
    table.arg("--charts").arg(drawing).arg("--module").arg(workspace.path("viz-wasm/www/pkg/messwerk_viz_wasm_bg.wasm"));
    if let Some(only) = &args.only {
        table.args(["--only", only]);
    }
    if !args.no_write && args.only.is_none() {
        table.arg("--write").arg(workspace.path("benches/README.md"));
    }
    process::run(&mut table)?;
    stage.end("");
    Ok(())
}
