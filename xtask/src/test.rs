//! `cargo xtask test`: everything that must pass, stage by stage, summed in one last line.
//!
//! A failing stage does not stop the later ones: one run names everything that is wrong. Only what cannot run without an
//! earlier result (clients without a hub) is left out, and counted as failed.

mod clients;
mod lanes;

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

/// What runs beside others: the suites of `e2e/` and the scripts of the browser tests, long ones first.
const BESIDE: [(&str, Beside); 28] = [
    ("browser: the phone", Beside::Browser("phone")),
    ("browser: the console's pages", Beside::Browser("console-pages")),
    ("browser: charts", Beside::Browser("charts")),
    ("browser: accessibility", Beside::Browser("axe")),
    ("browser: hearing", Beside::Browser("hearing")),
    ("browser: bad Wi-Fi", Beside::Browser("badwifi")),
    ("browser: a whole lesson", Beside::Browser("classroom")),
    ("browser: the console", Beside::Browser("console")),
    ("browser: comparing", Beside::Browser("compare")),
    ("browser: releases", Beside::Browser("releases")),
    ("browser: stations", Beside::Browser("stations")),
    ("browser: open data", Beside::Browser("opendata")),
    ("browser: templates", Beside::Browser("editor")),
    ("browser: the sky", Beside::Browser("sky")),
    ("contract", Beside::Suite),
    ("clients", Beside::Suite),
    ("browser: figures", Beside::Browser("figures")),
    ("browser: plain figures", Beside::Browser("plain")),
    ("browser: reports", Beside::Browser("reports")),
    ("lessons", Beside::Suite),
    ("phyphox", Beside::Suite),
    ("https", Beside::Suite),
    ("exports", Beside::Suite),
    ("seeds", Beside::Suite),
    ("stations", Beside::Suite),
    ("feeds", Beside::Suite),
    ("sky", Beside::Suite),
    ("kernel", Beside::Kernel),
];

/// What kind of program it is.
#[derive(Clone, Copy)]
enum Beside {
    /// A suite of `e2e/` of that name.
    Suite,
    /// This script of the browser tests.
    Browser(&'static str),
    /// The analysis kernel beside other people's libraries.
    Kernel,
}

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
            for programs in [&["--bins"][..], &["--example", "kernel"]] {
                *tally += Tally::one(process::run(process::cargo(&w.root).arg("build").args(SELECTIONS[0]).args(programs)).is_ok());
            }
            Ok(())
        });
        // It counts what a hub that is killed at any moment has kept, fifty times over, and wants the machine for itself.
        course.stage("crash", "a minute", |w, tally| {
            let mut crash = clients::suite(w, "crash")?;
            runner(&mut crash.command, tally)
        });
        course.beside("clients and browsers, side by side", "8 minutes");
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
        let result = body(self.workspace, &mut tally);
        let tally = self.settle(title, tally, result);
        stage.end(&tally.to_string());
    }

    /// Runs the clients' suites and the browser's programs, as many at a time as the machine carries.
    fn beside(&mut self, title: &str, expect: &str) {
        let mut jobs = Vec::new();
        for (name, kind) in BESIDE {
            if self.only.is_some_and(|only| !name.contains(only)) {
                continue;
            }
            let job = match kind {
                Beside::Suite => clients::suite(self.workspace, name),
                Beside::Browser(script) => clients::browser(self.workspace, name, script),
                Beside::Kernel => clients::kernel(self.workspace),
            };
            match job {
                Ok(job) => jobs.push(job),
                Err(error) => drop(self.settle(name, Tally::default(), Err(error))),
            }
        }
        if jobs.is_empty() {
            return;
        }
        let stage = Stage::begin(title, expect);
        for outcome in lanes::run(jobs) {
            self.settle(&outcome.title, outcome.tally, outcome.result);
        }
        stage.end("");
    }

    /// Adds how a stage went to the sum. An error counts as one failed check, and so does a stage that ran nothing.
    fn settle(&mut self, title: &str, mut tally: Tally, result: Result<()>) -> Tally {
        if let Err(error) = result {
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
        self.total += tally;
        tally
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
            // Most tests wait; those that work must not miss their moment.
            command.arg("--test-threads").arg((process::side_by_side() + 1).to_string());
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

/// Runs a test runner, shows what it says and reads its summary.
fn runner(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let shown = process::shown(command);
    println!("   $ {shown}");
    judged(&shown, tally, |tally| {
        process::run_seen(command, |line| {
            println!("{line}");
            tally.read(line);
        })
    })
}

/// A runner's word against its summary: failing without naming a failed test is an error.
fn judged(shown: &str, tally: &mut Tally, run: impl FnOnce(&mut Tally) -> Result<bool>) -> Result<()> {
    let before = *tally;
    if !run(tally)? && tally.failed == before.failed {
        bail!("`{shown}` failed without naming a test");
    }
    Ok(())
}
