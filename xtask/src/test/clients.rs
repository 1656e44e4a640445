//! The stages that need other people's programs: MQTT clients in C, Python and JavaScript, curl, and a browser.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::lanes::Job;
use crate::apt::{self, Need};
use crate::process;
use crate::workspace::Workspace;

/// What the scripts of `e2e/` call.
const CLIENTS: [Need; 7] = [
    Need { probe: "python3", package: "python3" },
    Need { probe: "mosquitto_pub", package: "mosquitto-clients" },
    Need { probe: "curl", package: "curl" },
    Need { probe: "jq", package: "jq" },
    Need { probe: "node", package: "nodejs" },
    Need { probe: "openssl", package: "openssl" },
    Need { probe: "certutil", package: "libnss3-tools" },
];

/// npm comes with some distributions of Node and is a package of its own in others.
const NPM: [Need; 1] = [Need { probe: "npm", package: "npm" }];

/// What the charts are looked at with.
const BROWSER: [Need; 2] = [Need { probe: "chromium", package: "chromium" }, Need { probe: "node", package: "nodejs" }];

/// The folder of the browser tests.
const BROWSER_TESTS: &str = "viz-wasm/tests/browser";

/// A suite of `e2e/` against the programs just built, with what it needs installed.
pub(super) fn suite(workspace: &Workspace, suite: &str) -> Result<Job> {
    let (hub, simulator) = programs(workspace)?;
    apt::ensure("the clients' test", &CLIENTS)?;
    let python = python(workspace, "e2e")?;
    npm_ci(&workspace.path("e2e"))?;
    if suite == "https" {
        // A browser says whether it trusts the hub.
        chromium(workspace)?;
    }
    let mut command = Command::new(python);
    command.arg("-u").arg(workspace.path("e2e/run.py")).arg(suite).arg("--hub").arg(hub).arg("--simulator").arg(simulator);
    command.current_dir(&workspace.root);
    Ok(Job { title: suite.to_owned(), command })
}

/// A program of the browser tests against the programs just built, with what it needs installed.
pub(super) fn browser(workspace: &Workspace, title: &str, script: &str) -> Result<Job> {
    let (hub, simulator) = programs(workspace)?;
    let folder = chromium(workspace)?;
    let mut command = Command::new("npm");
    command.args(["run", script, "--silent"]).current_dir(folder);
    command.env("MESSWERK_HUB", hub).env("MESSWERK_SIM", simulator);
    Ok(Job { title: title.to_owned(), command })
}

/// The analysis kernel, asked through the example of that name, beside the libraries that Python has for it.
pub(super) fn kernel(workspace: &Workspace) -> Result<Job> {
    let program = workspace.program("debug", "examples/kernel");
    if !program.exists() {
        bail!("{} is not built", program.display());
    }
    apt::ensure("the kernel's test", &CLIENTS[..1])?;
    let mut command = Command::new(python(workspace, "e2e/kernel")?);
    command.arg("-u").arg(workspace.path("e2e/kernel/run.py")).arg("--program").arg(program);
    command.current_dir(&workspace.root);
    Ok(Job { title: "kernel".to_owned(), command })
}

/// Hub and simulator, as the stage before built them.
fn programs(workspace: &Workspace) -> Result<(PathBuf, PathBuf)> {
    let [hub, simulator] = ["messwerk", "messwerk-sim"].map(|name| workspace.program("debug", name));
    for program in [&hub, &simulator] {
        if !program.exists() {
            bail!("{} is not built", program.display());
        }
    }
    Ok((hub, simulator))
}

/// The folder of the browser tests, with the browser and the Node packages they need installed.
pub(crate) fn chromium(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.path(BROWSER_TESTS);
    apt::ensure("the browser test", &BROWSER)?;
    npm_ci(&folder)?;
    Ok(folder)
}

/// A Python with what the `requirements.txt` of that folder asks for, in an environment of its own below the target folder.
pub(crate) fn python(workspace: &Workspace, of: &str) -> Result<PathBuf> {
    let list = workspace.path(of).join("requirements.txt");
    let wanted = fs::read_to_string(&list).with_context(|| format!("{} is not readable", list.display()))?;
    let folder = workspace.target.join(format!("{of}-python"));
    let python = folder.join("bin/python");
    let stamp = folder.join("requirements.txt");
    if python.exists() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    println!("   making a Python environment for {of}/");
    let made = process::output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    if made.is_err() {
        apt::ensure("a Python environment", &[Need { probe: "/usr/share/doc/python3-venv", package: "python3-venv" }])?;
        process::output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&list);
    process::run(&mut pip)?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

/// Installs exactly what a committed lock file names, unless that is what is there.
fn npm_ci(folder: &std::path::Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read_to_string(&lock).with_context(|| format!("{} is not readable", lock.display()))?;
    let stamp = folder.join("node_modules/.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    apt::ensure("the JavaScript clients", &NPM)?;
    process::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder))?;
    fs::write(stamp, wanted)?;
    Ok(())
}
