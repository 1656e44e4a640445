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

/// The package, and what cargo calls its module.
const PACKAGE: &str = "messwerk-viz-wasm";
const MODULE: &str = "messwerk_viz_wasm.wasm";
/// The modules that pages load: the stem of their two files, the feature that puts them together, and for what our own code
/// is optimised. The live charts for phones and boards draw twenty times a second ("s"); the figures from data, for comparing
/// and discussing, draw when somebody asks ("z", which saves 10 % of the weight). In one they weighed 270 kB. The sky draws nothing: it
/// computes where a satellite is, once a second, with the code of the hub.
const MODULES: [(&str, &str, &str); 3] =
    [("messwerk_viz_wasm", "web-live", "s"), ("messwerk_viz_plain", "web-plain", "z"), ("messwerk_viz_sky", "web-sky", "s")];
/// Where the pages look for them.
const FOLDER: &str = "viz-wasm/www/pkg";
/// What a module may weigh on the wire: a phone on a school's Wi-Fi loads it in a second.
const BUDGET_KB: f64 = 200.0;

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
    let folder = workspace.path(FOLDER);
    let mut told = Vec::new();
    for (stem, feature, level) in MODULES {
        let module = compile(workspace, &toolchain, (feature, level))?;
        let fresh = bind(&module, &folder, stem)?;
        let size = gzip_kb(&fs::read(folder.join(format!("{stem}_bg.wasm")))?)?;
        let glue = gzip_kb(&fs::read(folder.join(format!("{stem}.js")))?)?;
        let verdict = if size > BUDGET_KB { ", OVER the budget" } else { "" };
        let state = if fresh { "built" } else { "up to date" };
        told.push(format!("{stem} {state}: {size:.1} kB gzip of {BUDGET_KB:.0}{verdict}, JavaScript {glue:.1} kB"));
    }
    stage.end(&format!("with {}; {}", toolchain.name, told.join("; ")));
    Ok(())
}

/// Compiles for size; returns the raw module. Each toolchain has a folder of its own, or they would undo each other's work.
fn compile(workspace: &Workspace, toolchain: &toolchain::Toolchain, (feature, level): (&str, &str)) -> Result<PathBuf> {
    let target = workspace.target.join(format!("wasm-{}", toolchain.name));
    let mut command = toolchain.cargo(&workspace.root);
    command.args(["build", "--package", PACKAGE, "--lib", "--release", "--target", toolchain::TARGET, "--features", feature]);
    command.arg("--config").arg(format!("profile.release.package.{PACKAGE}.opt-level={level:?}"));
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
    Ok(target.join(toolchain::TARGET).join("release").join(MODULE))
}

/// Writes the module and its JavaScript unless they already stem from exactly this input; says whether it did.
fn bind(module: &Path, folder: &Path, stem: &str) -> Result<bool> {
    let meta = fs::metadata(module).with_context(|| format!("cargo left no {}", module.display()))?;
    let modified = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let stamp = format!("{} {} {}\n", module.display(), meta.len(), modified.as_nanos());
    let stamp_file = folder.join(format!(".stamp-{stem}"));
    let names = [format!("{stem}.js"), format!("{stem}_bg.wasm")];
    if names.iter().all(|name| folder.join(name).exists()) && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(false);
    }
    fs::create_dir_all(folder)?;
    fs::remove_file(&stamp_file).ok();
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(stem).web(true)?.typescript(false).remove_name_section(true).remove_producers_section(true);
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
    command.args([
        "clippy",
        "--package",
        PACKAGE,
        "--lib",
        "--release",
        "--target",
        toolchain::TARGET,
        "--features",
        "web-live,web-plain,web-sky",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]);
    command.env("CARGO_TARGET_DIR", workspace.target.join(format!("wasm-{}", toolchain.name)));
    Ok(process::run(&mut command).is_ok())
}
