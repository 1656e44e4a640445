//! `cargo xtask wasm`: the browser charts, `viz-wasm` compiled to WebAssembly with its JavaScript half beside it.
//!
//! `wasm-bindgen` runs as a library of this very program, so its version is the one in the lock file and nobody installs
//! a second tool. The result is not committed; the hub says how to build it when it is missing.

mod toolchain;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use wasm_bindgen_cli_support::Bindgen;

use crate::process;
use crate::stage::Stage;
use crate::workspace::Workspace;
pub(crate) use toolchain::Route;

/// The package, and the stem of the two files the pages load.
const PACKAGE: &str = "messwerk-viz-wasm";
const STEM: &str = "messwerk_viz_wasm";
/// Where the pages look for them.
const FOLDER: &str = "viz-wasm/www/pkg";
/// What the module may weigh on the wire: a phone on a school's Wi-Fi loads it in a second.
const BUDGET_KB: f64 = 230.0;

/// Options of `cargo xtask wasm`.
#[derive(clap::Args, Clone, Copy, Default)]
pub(crate) struct Args {
    /// Which compiler to use; without it the first that works.
    #[arg(long, value_enum)]
    pub(crate) route: Option<Route>,
}

/// Builds what is out of date. On return both files are there and belong together.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let stage = Stage::begin("browser charts", "the first time 2 to 4 minutes, then a second");
    let toolchain = toolchain::find(args.route)?;
    let module = compile(workspace, &toolchain)?;
    let folder = workspace.path(FOLDER);
    let fresh = bind(&module, &folder)?;
    let size = gzip_kb(&fs::read(folder.join(format!("{STEM}_bg.wasm")))?)?;
    let glue = gzip_kb(&fs::read(folder.join(format!("{STEM}.js")))?)?;
    let verdict = if size > BUDGET_KB { ", OVER the budget" } else { "" };
    let state = if fresh { "built" } else { "up to date" };
    stage.end(&format!("{state} with {}, module {size:.1} kB gzip of {BUDGET_KB:.0}{verdict}, JavaScript {glue:.1} kB", toolchain.name));
    Ok(())
}

/// Compiles for size; returns the raw module. Each toolchain has a folder of its own, or they would undo each other's work.
fn compile(workspace: &Workspace, toolchain: &toolchain::Toolchain) -> Result<PathBuf> {
    let target = workspace.target.join(format!("wasm-{}", toolchain.name));
    let mut command = toolchain.cargo(&workspace.root);
    command.args(["build", "--package", PACKAGE, "--lib", "--release", "--target", toolchain::TARGET]);
    command.args(&toolchain.arguments);
    command.env("CARGO_TARGET_DIR", &target);
    // Size before speed: the charts draw a few thousand decimated points, but every phone loads the module over the
    // school's Wi-Fi. One unit and fat LTO let the linker drop what no chart uses.
    for (key, value) in
        [("OPT_LEVEL", "s"), ("LTO", "fat"), ("CODEGEN_UNITS", "1"), ("PANIC", "abort"), ("STRIP", "debuginfo"), ("DEBUG", "false")]
    {
        command.env(format!("CARGO_PROFILE_RELEASE_{key}"), value);
    }
    process::run(&mut command)?;
    Ok(target.join(toolchain::TARGET).join("release").join(format!("{STEM}.wasm")))
}

/// Writes the module and its JavaScript unless they already stem from exactly this input; says whether it did.
fn bind(module: &Path, folder: &Path) -> Result<bool> {
    let meta = fs::metadata(module).with_context(|| format!("cargo left no {}", module.display()))?;
    let modified = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let stamp = format!("{} {} {}\n", module.display(), meta.len(), modified.as_nanos());
    let stamp_file = folder.join(".stamp");
    let names = [format!("{STEM}.js"), format!("{STEM}_bg.wasm")];
    if names.iter().all(|name| folder.join(name).exists()) && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(false);
    }
    fs::create_dir_all(folder)?;
    fs::remove_file(&stamp_file).ok();
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).web(true)?.typescript(false).remove_name_section(true).remove_producers_section(true);
    bindgen.generate(folder).context("wasm-bindgen refuses the module: do the two wasm-bindgen versions in Cargo.toml differ?")?;
    fs::write(stamp_file, stamp)?;
    Ok(true)
}

/// Size after gzip at its best level, in 1000 bytes, as a web server sends it.
fn gzip_kb(bytes: &[u8]) -> Result<f64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as f64 / 1000.0)
}

/// Lints the code that only exists in the browser, which a native run never sees. Returns whether it is clean; where only
/// Debian's compiler can build for the browser there is no linter for it, and that counts as clean.
pub(crate) fn lint(workspace: &Workspace) -> Result<bool> {
    let toolchain = toolchain::find(None)?;
    if toolchain.name != "rustup" {
        println!("   Debian's compiler has no linter for the browser: the native lints must do");
        return Ok(true);
    }
    let mut command = toolchain.cargo(&workspace.root);
    command.args(["clippy", "--package", PACKAGE, "--lib", "--release", "--target", toolchain::TARGET, "--quiet", "--", "-D", "warnings"]);
    command.env("CARGO_TARGET_DIR", workspace.target.join(format!("wasm-{}", toolchain.name)));
    Ok(process::run(&mut command).is_ok())
}
