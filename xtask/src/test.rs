//! `cargo xtask test`: everything that must pass, stage by stage, summed in one last line.
//!
//! A failing stage does not stop the later ones: one run names everything that is wrong. Only what cannot run without an
//! earlier result (clients without a hub) is left out, and counted as failed.

mod clients;

pub(crate) use clients::{chromium, python};

use std::env;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::process;
use crate::stage::{Stage, human};
use crate::tally::Tally;
use crate::tidy;
use crate::wasm;
use crate::workspace::Workspace;

/// Options of `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Leave out what takes minutes: tests marked as slow, foreign clients, the crash test, the browser.
    #[arg(long)]
    fast: bool,
    /// Run only the stages whose heading contains this word.
    #[arg(long)]
    only: Option<String>,
}

/// xtask apart from everything else: cargo unites the features of what is built together, and with xtask's the hub's
/// dependencies would be compiled once for the tests and once more for `cargo xtask demo`.
const SELECTIONS: [&[&str]; 2] = [&["--workspace", "--exclude", "xtask"], &["--package", "xtask"]];

/// The course of one run.
struct Course<'a> {
    workspace: &'a Workspace,
    only: Option<&'a str>,
    total: Tally,
    troubles: Vec<String>,
}

/// Runs all stages and prints the sum; an error when anything failed, when nothing ran, and in CI when anything was skipped.
pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let since = Instant::now();
    let in_ci = env::var("CI").is_ok_and(|value| value == "true");
    let mut course = Course { workspace, only: args.only.as_deref(), total: Tally::default(), troubles: Vec::new() };
    course.stage("format", "", |w, tally| {
        *tally += Tally::one(process::run(process::cargo(&w.root).args(["fmt", "--all", "--check"])).is_ok());
        Ok(())
    });
    course.stage("house rules", "", |w, tally| {
        *tally += Tally::one(tidy::run(w).is_ok());
        Ok(())
    });
    course.stage("lints", "a fresh clone 6 to 10 minutes, then half a minute", |w, tally| {
        for selection in SELECTIONS {
            let mut clippy = process::cargo(&w.root);
            clippy.arg("clippy").args(selection).args(["--all-targets", "--", "-D", "warnings"]);
            *tally += Tally::one(process::run(&mut clippy).is_ok());
        }
        Ok(())
    });
    course.stage("tests", "a fresh clone 12 to 20 minutes, then a minute", |w, tally| cargo_tests(w, args.fast, tally));
    course.stage("charts", "", |w, tally| {
        wasm::run(w, &wasm::Args::default())?;
        *tally += Tally::one(true);
        *tally += Tally::one(wasm::lint(w)?);
        Ok(())
    });
    if !args.fast {
        course.stage("doctests", "half a minute", |w, tally| {
            runner(process::cargo(&w.root).args(["test", "--workspace", "--exclude", "xtask", "--doc"]), tally)
        });
        course.stage("programs", "", |w, tally| {
            *tally += Tally::one(
                process::run(process::cargo(&w.root).args(["build", "--package", "messwerk", "--package", "messwerk-simulator"])).is_ok(),
            );
            Ok(())
        });
        for (suite, expect) in [
            ("contract", "a minute"),
            ("clients", "a minute"),
            ("lessons", "a minute"),
            ("phyphox", "a minute"),
            ("https", "a minute"),
            ("crash", "2 minutes"),
        ] {
            course.stage(suite, expect, |w, tally| clients::suite(w, suite, tally));
        }
        for (title, script, expect) in [
            ("browser: charts", "test", "2 minutes"),
            ("browser: the phone", "phone", "2 minutes"),
            ("browser: every page", "pages", "3 minutes"),
            ("browser: a whole lesson", "classroom", "2 minutes"),
            ("browser: bad Wi-Fi", "badwifi", "2 minutes"),
        ] {
            course.stage(title, expect, |w, tally| clients::browser(w, script, tally));
        }
    }
    println!("\n== {} after {}", if course.troubles.is_empty() { "everything ran" } else { "troubles" }, human(since.elapsed()));
    for trouble in &course.troubles {
        println!("   {trouble}");
    }
    let total = course.total;
    if in_ci && total.skipped > 0 {
        println!("   in CI nothing may be skipped");
    }
    println!("\n{total}");
    if total.failed > 0 || total.passed == 0 || (in_ci && total.skipped > 0) {
        bail!("not everything passed");
    }
    Ok(())
}

impl Course<'_> {
    /// Runs one stage. An error counts as one failed check and the next stage runs all the same.
    fn stage(&mut self, title: &str, expect: &str, body: impl FnOnce(&Workspace, &mut Tally) -> Result<()>) {
        if self.only.is_some_and(|only| !title.contains(only)) {
            return;
        }
        let stage = Stage::begin(title, expect);
        let mut tally = Tally::default();
        if let Err(error) = body(self.workspace, &mut tally) {
            println!("   {error:#}");
            tally.failed += 1;
            self.troubles.push(format!("{title}: {error:#}"));
        } else if tally.failed > 0 {
            self.troubles.push(format!("{title}: {} failed", tally.failed));
        } else if tally == Tally::default() {
            tally.failed += 1;
            self.troubles.push(format!("{title}: ran nothing"));
        }
        if tally.skipped > 0 {
            self.troubles.push(format!("{title}: {} skipped", tally.skipped));
        }
        stage.end(&tally.to_string());
        self.total += tally;
    }
}

/// The Rust tests of all rooms, by nextest where it is installed. An error in one selection does not keep the other from running.
fn cargo_tests(workspace: &Workspace, fast: bool, tally: &mut Tally) -> Result<()> {
    let nextest = process::which("cargo-nextest").is_some();
    let mut trouble = Ok(());
    for selection in SELECTIONS {
        let mut command = process::cargo(&workspace.root);
        if nextest {
            command.args(["nextest", "run", "--no-fail-fast", "--color", "never"]).args(selection);
            if !fast {
                command.args(["--run-ignored", "all"]);
            }
        } else {
            command.args(["test", "--no-fail-fast", "--tests"]).args(selection);
            if !fast {
                command.args(["--", "--include-ignored"]);
            }
        }
        trouble = trouble.and(runner(&mut command, tally));
    }
    trouble
}

/// Runs a test runner and reads its summary; failing without naming a failed test counts as one.
pub(crate) fn runner(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let before = *tally;
    let succeeded = process::run_seen(command, |line| tally.read(line))?;
    if !succeeded && tally.failed == before.failed {
        bail!("`{}` failed without naming a test", process::shown(command));
    }
    Ok(())
}
