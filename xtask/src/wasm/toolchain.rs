//! Two ways to a compiler that can target the browser.
//!
//! *rustup*: the running toolchain plus its prebuilt standard library for the target. *debian*: Debian's own rustc, which
//! is newer than the distribution because browsers need it, compiles the standard library from the packaged source. The
//! second needs no host but a Debian mirror.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::apt::{self, Need};
use crate::process;

/// What the browser runs.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// How long the prebuilt standard library (25 MB) may take before we take the other way. Where its host is blocked the
/// attempt fails at once, as we forbid retries.
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(90);

/// What Debian's way needs.
const DEBIAN: [Need; 4] = [
    Need { probe: "/usr/bin/rustc", package: "rustc-web" },
    Need { probe: "/usr/bin/cargo", package: "cargo-web" },
    Need { probe: "/usr/lib/rustlib/src/rust/library/Cargo.lock", package: "rust-web-src" },
    Need { probe: "/usr/bin/wasm-ld-19", package: "lld-19" },
];

/// Which way to go.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// The running rustup toolchain with its wasm32 target.
    Rustup,
    /// Debian's packaged compiler and standard library source.
    Debian,
}

/// A compiler that is known to be complete.
pub(super) struct Toolchain {
    /// For messages and for the name of its target folder.
    pub(super) name: &'static str,
    /// Extra arguments of `cargo build`.
    pub(super) arguments: Vec<&'static str>,
    cargo: PathBuf,
    settings: Vec<(&'static str, String)>,
    flags: Vec<String>,
}

impl Toolchain {
    /// Its cargo, deaf to everything the cargo that runs us has set for its own compiler.
    pub(super) fn cargo(&self, root: &Path) -> Command {
        let mut command = Command::new(&self.cargo);
        process::forget_cargo_run(&mut command);
        for key in ["RUSTC", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "RUSTDOC", "RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"] {
            command.env_remove(key);
        }
        // Panic messages carry source paths: name them as the same everywhere, which also keeps the module the same.
        let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
        let mut flags = vec![format!("--remap-path-prefix={}=.", root.display())];
        if let Some(home) = home {
            flags.push(format!("--remap-path-prefix={}=cargo", home.display()));
        }
        flags.extend(self.flags.iter().cloned());
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        command.envs(self.settings.iter().map(|(key, value)| (key, value)));
        command.current_dir(root).stdin(Stdio::null());
        command
    }
}

/// The wished way, or the first that works.
pub(super) fn find(wish: Option<Route>) -> Result<Toolchain> {
    match wish {
        Some(Route::Rustup) => rustup().context("the wasm32 target is not there and rustup cannot bring it"),
        Some(Route::Debian) => debian(),
        None => match rustup() {
            Some(toolchain) => Ok(toolchain),
            None => {
                println!("   rustup cannot bring the target {TARGET}: taking Debian's compiler");
                debian().context(format!(
                    "no compiler for the browser. Either let `rustup target add {TARGET}` reach its server, or on Debian run \
                     `apt-get install --no-install-recommends rustc-web rust-web-src cargo-web lld-19`. Until then the hub \
                     runs without charts and says so on its pages"
                ))
            }
        },
    }
}

/// The running toolchain when it has the target or can get it.
fn rustup() -> Option<Toolchain> {
    let cargo = PathBuf::from(env::var_os("CARGO")?);
    if !has_target(&cargo) {
        process::which("rustup")?;
        println!("   asking rustup for {TARGET}, at most {} s", DOWNLOAD_LIMIT.as_secs());
        let added =
            process::succeeds_within(Command::new("rustup").args(["target", "add", TARGET]).env("RUSTUP_MAX_RETRIES", "0"), DOWNLOAD_LIMIT);
        if !added || !has_target(&cargo) {
            return None;
        }
    }
    Some(Toolchain { name: "rustup", arguments: Vec::new(), cargo, settings: Vec::new(), flags: Vec::new() })
}

/// Whether the compiler beside this cargo has the target's standard library.
fn has_target(cargo: &Path) -> bool {
    let rustc = cargo.with_file_name("rustc");
    let Ok(folder) = process::output(Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET])) else { return false };
    fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-")))
}

/// Debian's compiler, installed when missing.
fn debian() -> Result<Toolchain> {
    apt::ensure("Debian's compiler for the browser", &DEBIAN)?;
    let version = process::output(Command::new("/usr/bin/rustc").arg("--version"))?;
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(std::iter::once(PathBuf::from("/usr/bin")).chain(env::split_paths(&path)))?;
    let Some(path) = path.to_str().map(str::to_owned) else { bail!("PATH is not UTF-8") };
    println!("   {version}, standard library compiled from source");
    Ok(Toolchain {
        name: "debian",
        // The option is unstable in every compiler; RUSTC_BOOTSTRAP admits it for this one build.
        arguments: vec!["-Zbuild-std=std,panic_abort"],
        cargo: PathBuf::from("/usr/bin/cargo"),
        settings: vec![
            ("PATH", path),
            ("RUSTC", "/usr/bin/rustc".to_owned()),
            ("RUSTC_BOOTSTRAP", "1".to_owned()),
            ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "/usr/bin/wasm-ld-19".to_owned()),
        ],
        flags: Vec::new(),
    })
}
